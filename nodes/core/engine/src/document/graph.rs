//! The graph as a value: persistent, so that an edit makes a new one and everybody else keeps theirs.

use super::Interface;
use crate::{Error, Result};
use rpds::RedBlackTreeMapSync;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// The name of a node in its graph, or of a sub-graph: `[a-z][a-z0-9_]{0,39}`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NodeId(Arc<str>);

impl NodeId {
    /// The longest name.
    pub const MAX_LEN: usize = 40;

    /// What stands between the names of a node inside an instance; no name of a file has it.
    const INSIDE: char = '/';

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name by which the node `inner` of the sub-graph that this node is an instance of goes while the graph is
    /// evaluated, such as `hero/blur`. No text is read as such a name, so that no file can hold one.
    #[must_use]
    pub fn inside(&self, inner: &Self) -> Self {
        Self(format!("{self}{}{inner}", Self::INSIDE).into())
    }

    /// The node of the document: itself, or the outermost instance that it is inside of.
    #[must_use]
    pub fn outer(&self) -> Self {
        match self.0.split_once(Self::INSIDE) {
            Some((outer, _)) => Self(outer.into()),
            None => self.clone(),
        }
    }

    /// The instance that it is directly inside of, and its name there; nothing for a node of the document.
    pub fn parent(&self) -> Option<(Self, Self)> {
        self.0.rsplit_once(Self::INSIDE).map(|(parent, name)| (Self(parent.into()), Self(name.into())))
    }

    /// Its name where it is defined: its own, without the instances around it.
    #[must_use]
    pub fn local(&self) -> Self {
        self.parent().map_or_else(|| self.clone(), |(_, name)| name)
    }

    /// The name by which the node `other` goes that stands where this one stands.
    #[must_use]
    pub fn beside(&self, other: &Self) -> Self {
        self.parent().map_or_else(|| other.clone(), |(parent, _)| parent.inside(other))
    }

    /// Whether it is a node inside of an instance.
    pub fn is_inner(&self) -> bool {
        self.0.contains(Self::INSIDE)
    }

    /// Where it stands, for a person: `blur`, or `hero, inside blur`.
    pub fn place(&self) -> String {
        match self.0.split_once(Self::INSIDE) {
            Some((outer, inner)) => format!("{outer}, inside {inner}"),
            None => self.0.to_string(),
        }
    }
}

impl FromStr for NodeId {
    type Err = Error;

    fn from_str(s: &str) -> Result<Self> {
        let plain = s.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if plain && s.len() <= Self::MAX_LEN && s.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Ok(Self(s.into()));
        }
        Err(Error::usage(format!("“{}” is no node id", s.chars().take(60).collect::<String>()))
            .help("start with a lower-case letter and use at most 40 of a–z, 0–9 and _"))
    }
}

impl TryFrom<String> for NodeId {
    type Error = Error;

    fn try_from(s: String) -> Result<Self> {
        s.parse()
    }
}

impl From<NodeId> for String {
    fn from(value: NodeId) -> Self {
        value.to_string()
    }
}

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One end of a wire, `node.port`; for the receiving end the port may also be a parameter.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PortRef {
    /// The node.
    pub node: NodeId,
    /// Its port or parameter.
    pub port: Arc<str>,
}

impl PortRef {
    /// The end at `port` of `node`.
    pub fn new(node: NodeId, port: impl Into<Arc<str>>) -> Self {
        Self { node, port: port.into() }
    }
}

impl FromStr for PortRef {
    type Err = Error;

    fn from_str(s: &str) -> Result<Self> {
        let (node, port) = s.split_once('.').ok_or_else(|| {
            Error::usage(format!("“{}” is no end of a wire", s.chars().take(90).collect::<String>()))
                .help("write it as node.port, such as plate.clip")
        })?;
        let node = node.parse()?;
        if port.is_empty() || port.len() > 64 || port.contains('.') {
            return Err(Error::usage(format!("“{}” names no port", s.chars().take(90).collect::<String>()))
                .help("write it as node.port, such as plate.clip"));
        }
        Ok(Self::new(node, port))
    }
}

impl TryFrom<String> for PortRef {
    type Error = Error;

    fn try_from(s: String) -> Result<Self> {
        s.parse()
    }
}

impl From<PortRef> for String {
    fn from(value: PortRef) -> Self {
        value.to_string()
    }
}

impl fmt::Display for PortRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.node, self.port)
    }
}

impl fmt::Debug for PortRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// One node as the file has it. Parameters are raw JSON by name: a plain value, `{"keys": …}` or `{"expr": …}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Node {
    /// Which tool, such as `finish/blend`.
    pub kind: Arc<str>,
    /// The version of the tool that its parameters are written for.
    pub version: u32,
    /// A name for a person; empty for the tool's own label.
    pub title: String,
    /// Position on the canvas.
    pub at: [f64; 2],
    /// Size on the canvas, where a person changed it.
    pub size: Option<[f64; 2]>,
    /// A colour a person gave it; empty for none.
    pub color: String,
    /// Shown as its header only.
    pub collapsed: bool,
    /// Passes its first input of the same type through.
    pub bypass: bool,
    /// As if its wires were not there.
    pub mute: bool,
    /// Its take is not to be replaced.
    pub locked: bool,
    /// The library hash of the chosen take; empty for none.
    pub take: String,
    /// Parameters that differ from their default.
    pub params: BTreeMap<String, Value>,
    /// Fields that this program does not know, kept as they were.
    pub unknown: Map<String, Value>,
}

/// The sending end of a wire, and what else the file said about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Where the wire comes from.
    pub from: PortRef,
    /// Fields that this program does not know, kept as they were.
    pub unknown: Map<String, Value>,
}

/// A coloured frame around nodes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The name of the group among groups.
    pub id: String,
    /// A title for a person.
    pub title: String,
    /// Its colour; empty for none.
    pub color: String,
    /// The nodes it holds.
    pub nodes: Vec<NodeId>,
    /// Drawn as one box.
    pub collapsed: bool,
    /// Fields that this program does not know.
    pub unknown: Map<String, Value>,
}

/// A paper note on the canvas.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Note {
    /// The name of the note among notes.
    pub id: String,
    /// Position on the canvas.
    pub at: [f64; 2],
    /// Size on the canvas.
    pub size: [f64; 2],
    /// What it says.
    pub text: String,
    /// Fields that this program does not know.
    pub unknown: Map<String, Value>,
}

/// A whole graph. Cloning is a few pointers; nodes, groups and notes are shared between versions.
#[derive(Clone, Default, PartialEq)]
pub struct Graph {
    /// What it is called.
    pub title: Arc<str>,
    /// Its nodes by id.
    pub nodes: RedBlackTreeMapSync<NodeId, Arc<Node>>,
    /// Its wires by their receiving end: an input has one wire at most.
    pub links: RedBlackTreeMapSync<PortRef, Arc<Link>>,
    /// Groups in drawing order.
    pub groups: Arc<Vec<Group>>,
    /// Notes in drawing order.
    pub notes: Arc<Vec<Note>>,
    /// What the window wants to find again (form view, bookmarks); opaque here.
    pub view: Arc<Map<String, Value>>,
    /// The sub-graphs that nodes of kind `graph/<name>` are instances of, by name. They may use each other; one has
    /// none of its own.
    pub graphs: Arc<BTreeMap<NodeId, Arc<Graph>>>,
    /// What the graph shows of itself where it is a sub-graph or a file to be used as one.
    pub interface: Arc<Interface>,
    /// Fields that this program does not know, kept as they were.
    pub unknown: Arc<Map<String, Value>>,
}

impl Graph {
    /// The most nodes a file may have.
    pub const MAX_NODES: usize = 100_000;

    /// The node called `id`, or an error that says so.
    pub fn node(&self, id: &NodeId) -> Result<&Arc<Node>> {
        self.nodes.get(id).ok_or_else(|| {
            Error::usage(format!("there is no node “{id}”"))
                .help("see the ids with the graph or plan command")
        })
    }

    /// The wires that end on `id`, in the order of their ports.
    pub fn links_into<'a>(&'a self, id: &'a NodeId) -> impl Iterator<Item = (&'a PortRef, &'a Arc<Link>)> {
        let first = PortRef::new(id.clone(), "");
        self.links.range(first..).take_while(move |(to, _)| to.node == *id)
    }

    /// The wires that start from `id`.
    pub fn links_from<'a>(&'a self, id: &'a NodeId) -> impl Iterator<Item = (&'a PortRef, &'a Arc<Link>)> {
        self.links.iter().filter(move |(_, link)| link.from.node == *id)
    }
}

impl fmt::Debug for Graph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Graph({} nodes, {} links)", self.nodes.size(), self.links.size())
    }
}
