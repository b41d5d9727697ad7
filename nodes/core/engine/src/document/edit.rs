//! What can be done to a graph, as named data: the same in the window, in `drive`, in the journal and in tests.

use super::{Graph, NodeId, PortRef, Socket};
use crate::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One edit. As JSON it is an object whose `do` is the name of the edit in snake case, with the fields beside it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Edit {
    /// Adds a node.
    Add {
        /// Its kind, such as `finish/blend`.
        kind: String,
        /// Its id; a fresh one named after the kind if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// The version of the tool that `params` are written for.
        #[serde(default = "one")]
        version: u32,
        /// Where on the canvas.
        #[serde(default)]
        at: [f64; 2],
        /// Parameters that differ from their default.
        #[serde(default, skip_serializing_if = "Map::is_empty")]
        params: Map<String, Value>,
    },
    /// Removes a node and its wires.
    Remove {
        /// Which.
        node: NodeId,
        /// Outputs to wire to what feeds an input of the node, so that the flow is kept.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        joins: Vec<Join>,
    },
    /// Gives a node another id; wires and groups follow.
    Rename {
        /// Which.
        node: NodeId,
        /// Its new id.
        to: NodeId,
    },
    /// Moves a node on the canvas.
    Move {
        /// Which.
        node: NodeId,
        /// Where to.
        at: [f64; 2],
    },
    /// Adds a node like another, wired to the same sources.
    Duplicate {
        /// Which.
        node: NodeId,
        /// The id of the new one; a fresh one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<NodeId>,
        /// Where it goes; a little below and beside if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<[f64; 2]>,
    },
    /// Gives a parameter a value, keyframes or an expression.
    Set {
        /// Of which node.
        node: NodeId,
        /// Which parameter.
        param: String,
        /// A plain value, `{"keys": …}` or `{"expr": …}`.
        value: Value,
    },
    /// Gives a parameter its default again.
    Reset {
        /// Of which node.
        node: NodeId,
        /// Which parameter.
        param: String,
    },
    /// Says that the parameters are those of another version of the tool, after a migration.
    Migrate {
        /// Which node.
        node: NodeId,
        /// The version that `params` are written for.
        version: u32,
        /// All parameters that differ from their default.
        params: Map<String, Value>,
    },
    /// Titles a node; empty for the tool's own label.
    Title {
        /// Which.
        node: NodeId,
        /// The title.
        title: String,
    },
    /// Sizes a node on the canvas; nothing for the size it takes by itself.
    Size {
        /// Which.
        node: NodeId,
        /// Width and height.
        #[serde(default)]
        size: Option<[f64; 2]>,
    },
    /// Colours a node; empty for none.
    Color {
        /// Which.
        node: NodeId,
        /// The colour.
        color: String,
    },
    /// Shows a node as its header only, or whole.
    Collapse {
        /// Which.
        node: NodeId,
        /// On or off.
        on: bool,
    },
    /// Lets a node pass its first input of the same type through.
    Bypass {
        /// Which.
        node: NodeId,
        /// On or off.
        on: bool,
    },
    /// Treats a node as if its wires were not there.
    Mute {
        /// Which.
        node: NodeId,
        /// On or off.
        on: bool,
    },
    /// Keeps a node's take from being replaced.
    Lock {
        /// Which.
        node: NodeId,
        /// On or off.
        on: bool,
    },
    /// Chooses a take by its library hash; empty for none.
    Take {
        /// Of which node.
        node: NodeId,
        /// The hash.
        take: String,
    },
    /// Draws a wire; one that ends there already is replaced.
    Connect {
        /// The sending end.
        from: PortRef,
        /// The receiving end: an input or a parameter.
        to: PortRef,
    },
    /// Takes a wire away.
    Disconnect {
        /// Its receiving end.
        to: PortRef,
    },
    /// Adds a group.
    AddGroup {
        /// Its id; a fresh one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<String>,
        /// A title.
        #[serde(default)]
        title: String,
        /// A colour; empty for none.
        #[serde(default)]
        color: String,
        /// The nodes it holds.
        nodes: Vec<NodeId>,
    },
    /// Changes what is given of a group.
    SetGroup {
        /// Which.
        group: String,
        /// Its title.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<String>,
        /// Its colour.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        color: Option<String>,
        /// The nodes it holds.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        nodes: Option<Vec<NodeId>>,
        /// Drawn as one box.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        collapsed: Option<bool>,
    },
    /// Removes a group; its nodes stay.
    RemoveGroup {
        /// Which.
        group: String,
    },
    /// Adds a note.
    AddNote {
        /// Its id; a fresh one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<String>,
        /// Where on the canvas.
        at: [f64; 2],
        /// Its width and height.
        size: [f64; 2],
        /// What it says.
        text: String,
    },
    /// Changes what is given of a note.
    SetNote {
        /// Which.
        note: String,
        /// Where on the canvas.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<[f64; 2]>,
        /// Its width and height.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        size: Option<[f64; 2]>,
        /// What it says.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// Removes a note.
    RemoveNote {
        /// Which.
        note: String,
    },
    /// Titles the graph.
    GraphTitle {
        /// The title.
        title: String,
    },
    /// Sets one member of the graph's `view`; null removes it.
    View {
        /// The member.
        name: String,
        /// What it says.
        value: Value,
    },
    /// Adds the nodes, inner wires and groups of a part of a graph under fresh ids where theirs are taken.
    Paste {
        /// The part: a graph as an object, or text that holds one.
        json: Value,
        /// Where its upper left corner goes; where the part has it if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        at: Option<[f64; 2]>,
        /// Also wires it to the nodes it was wired to, where those are here.
        #[serde(default)]
        inputs: bool,
    },
    /// Puts another graph in the place of this one.
    Replace {
        /// The graph: an object, or text that holds one.
        json: Value,
    },
    /// Does an edit inside of a sub-graph, and so in all its instances.
    Inside {
        /// Its name.
        graph: NodeId,
        /// The edit.
        edit: Box<Edit>,
    },
    /// Makes a sub-graph of nodes and puts one instance of it in their place. It gets a port for each source that
    /// feeds them and for each output of theirs that is taken from.
    Pack {
        /// Which nodes.
        nodes: Vec<NodeId>,
        /// The name of the sub-graph; a fresh one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<NodeId>,
        /// The id of the instance; a fresh one named after the sub-graph if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// Outputs of the nodes that get a port although nothing takes from them.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        outputs: Vec<PortRef>,
    },
    /// Puts the nodes of its sub-graph in the place of an instance. The sub-graph stays.
    Unpack {
        /// The instance.
        node: NodeId,
    },
    /// Sets what is given of the ports and promoted parameters that the graph shows as a sub-graph. Wires and values
    /// of its instances follow a port that has another name for the same places, and go with one that is gone.
    SetPorts {
        /// Where values come in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        inputs: Option<Vec<Socket>>,
        /// Where values go out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outputs: Option<Vec<Socket>>,
        /// Parameters inside that an instance has as its own.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        params: Option<Vec<Socket>>,
    },
    /// Gives a sub-graph another name; its instances follow.
    RenameGraph {
        /// Which.
        graph: NodeId,
        /// Its new name.
        to: NodeId,
    },
    /// Removes a sub-graph that has no instance.
    RemoveGraph {
        /// Which.
        graph: NodeId,
    },
    /// Adds a sub-graph like another and lets some instances be of it, so that they can be changed by themselves.
    DuplicateGraph {
        /// Which.
        graph: NodeId,
        /// The name of the new one; a fresh one if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<NodeId>,
        /// The instances.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        nodes: Vec<NodeId>,
    },
    /// Adds the graph of a file as a sub-graph, with those that it uses. What is here already is not added again; what
    /// has the name of something else gets a fresh one.
    ImportGraph {
        /// The graph: an object, or text that holds one.
        json: Value,
        /// The name; one made of its title if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<NodeId>,
        /// The id of an instance that is added with it; none if left out.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<NodeId>,
        /// Where the instance stands.
        #[serde(default)]
        at: [f64; 2],
    },
}

fn one() -> u32 {
    1
}

/// An output of a node that is to go on from what feeds one of its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The output.
    pub output: String,
    /// The input of the same type.
    pub input: String,
}

impl Edit {
    /// Reads an edit from JSON.
    pub fn from_json(value: &Value) -> Result<Self> {
        Self::deserialize(value).map_err(|e| {
            Error::usage(format!("this is no edit: {e}")).help(
                "an edit is such as {\"do\":\"set\",\"node\":\"grain\",\"param\":\"opacity\",\"value\":0.4}",
            )
        })
    }

    /// What a person reads in the undo menu.
    pub fn label(&self) -> String {
        match self {
            Self::Add { kind, .. } => format!("Add {kind}"),
            Self::Remove { node, .. } => format!("Remove {node}"),
            Self::Rename { node, to } => format!("Rename {node} to {to}"),
            Self::Move { node, .. } => format!("Move {node}"),
            Self::Duplicate { node, .. } => format!("Duplicate {node}"),
            Self::Set { node, param, .. } => format!("Set {node}.{param}"),
            Self::Reset { node, param } => format!("Reset {node}.{param}"),
            Self::Migrate { node, .. } => format!("Migrate {node}"),
            Self::Title { node, .. } => format!("Title {node}"),
            Self::Size { node, .. } => format!("Resize {node}"),
            Self::Color { node, .. } => format!("Colour {node}"),
            Self::Collapse { node, on } => format!("{} {node}", if *on { "Collapse" } else { "Expand" }),
            Self::Bypass { node, on } => format!("{} {node}", if *on { "Bypass" } else { "Stop bypassing" }),
            Self::Mute { node, on } => format!("{} {node}", if *on { "Mute" } else { "Unmute" }),
            Self::Lock { node, on } => format!("{} {node}", if *on { "Lock" } else { "Unlock" }),
            Self::Take { node, .. } => format!("Choose a take of {node}"),
            Self::Connect { from, to } => format!("Connect {from} to {to}"),
            Self::Disconnect { to } => format!("Disconnect {to}"),
            Self::AddGroup { .. } => "Group".into(),
            Self::SetGroup { group, .. } => format!("Change group {group}"),
            Self::RemoveGroup { group } => format!("Ungroup {group}"),
            Self::AddNote { .. } => "Add note".into(),
            Self::SetNote { note, .. } => format!("Change note {note}"),
            Self::RemoveNote { note } => format!("Remove note {note}"),
            Self::GraphTitle { .. } => "Title the graph".into(),
            Self::View { name, .. } => format!("Change view {name}"),
            Self::Paste { .. } => "Paste".into(),
            Self::Replace { .. } => "Replace the graph".into(),
            Self::Inside { graph, edit } => format!("{} in {graph}", edit.label()),
            Self::Pack { .. } => "Make a sub-graph".into(),
            Self::Unpack { node } => format!("Unpack {node}"),
            Self::SetPorts { .. } => "Change ports".into(),
            Self::RenameGraph { graph, to } => format!("Rename sub-graph {graph} to {to}"),
            Self::RemoveGraph { graph } => format!("Remove sub-graph {graph}"),
            Self::DuplicateGraph { graph, .. } => format!("Duplicate sub-graph {graph}"),
            Self::ImportGraph { .. } => "Import a sub-graph".into(),
        }
    }

    /// What an edit overwrites whole: of two edits with one target the later decides alone, so they may be one step.
    pub fn target(&self) -> Option<String> {
        match self {
            Self::Set { node, param, .. } | Self::Reset { node, param } => {
                Some(format!("param {node}.{param}"))
            }
            Self::Move { node, .. } => Some(format!("at {node}")),
            Self::Title { node, .. } => Some(format!("title {node}")),
            Self::Size { node, .. } => Some(format!("size {node}")),
            Self::Color { node, .. } => Some(format!("color {node}")),
            Self::GraphTitle { .. } => Some("graph title".into()),
            Self::View { name, .. } => Some(format!("view {name}")),
            Self::SetNote { note, at, size, text } => {
                Some(format!("note {} {} {} {note}", at.is_some(), size.is_some(), text.is_some()))
            }
            Self::SetGroup { group, title, color, nodes, collapsed } => Some(format!(
                "group {} {} {} {} {group}",
                title.is_some(),
                color.is_some(),
                nodes.is_some(),
                collapsed.is_some()
            )),
            Self::Inside { graph, edit } => edit.target().map(|target| format!("in {graph} {target}")),
            _ => None,
        }
    }

    /// The node whose result the edit changes, where it is one that was there before.
    pub fn edited_node(&self) -> Option<&NodeId> {
        match self {
            Self::Set { node, .. }
            | Self::Reset { node, .. }
            | Self::Migrate { node, .. }
            | Self::Bypass { node, .. }
            | Self::Mute { node, .. }
            | Self::Take { node, .. } => Some(node),
            Self::Connect { to, .. } | Self::Disconnect { to } => Some(&to.node),
            _ => None,
        }
    }

    /// The graph after the edit. Nothing of the old one changes; on an error nothing happened.
    pub fn apply(&self, graph: &Graph) -> Result<Graph> {
        super::apply::apply(self, graph)
    }
}

impl Graph {
    /// An id that no node has: `base` made fit for an id, or with a number after it from 2. Of a kind, such as
    /// `finish/blend`, the last word counts.
    pub fn fresh_id(&self, base: &str) -> NodeId {
        let base = base.rsplit('/').next().unwrap_or(base);
        super::apply::fresh_id(base, 2, |id| self.nodes.contains_key(id)).0
    }
}
