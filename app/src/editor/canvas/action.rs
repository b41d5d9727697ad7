//! What the canvas asks for. It never changes a document itself.

use super::view::{Id, PortRef, Side};
use egui::{Pos2, Rect};
use rushes_engine::ValueType;

/// A wire that waits for its other end.
#[derive(Clone, Debug, PartialEq)]
pub struct Loose {
    /// The end that is fixed.
    pub port: PortRef,
    /// Which side the fixed end is on.
    pub side: Side,
    /// What the wire carries.
    pub ty: ValueType,
    /// It has no type yet, and goes anywhere.
    pub any: bool,
}

/// One thing a person asked for.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named for what they are")]
pub enum CanvasAction {
    /// The selection changed; ask the canvas for it.
    Selected,
    /// Nodes go to new places, as one step.
    Move(Vec<(Id, Pos2)>),
    /// A note goes to a new place.
    MoveNote { note: Id, at: Pos2 },
    /// A note says something else.
    SetNote { note: Id, text: String },
    /// A note goes away.
    DeleteNote(Id),
    /// A wire, replacing what was on `to`; `from_old` is an input that the same wire leaves.
    Connect { from: PortRef, to: PortRef, leaves: Option<PortRef> },
    /// The wire that ends on this input goes away.
    Disconnect(PortRef),
    /// A node is put into the wire that ends on `link`, by these ports; it moved to `at`.
    InsertOnWire { node: Id, input: Id, output: Id, link: PortRef, at: Pos2 },
    /// Search for a node to add at a place in the graph; `from` limits it to what fits.
    OpenSearch { at: Pos2, screen: Pos2, from: Option<Loose> },
    /// A new note.
    AddNote(Rect),
    /// Nodes go away; wires through them are kept where types allow.
    Delete(Vec<Id>),
    /// Nodes go away with their wires.
    Extract(Vec<Id>),
    /// Copies beside the originals.
    Duplicate(Vec<Id>),
    /// To the clipboard.
    Copy(Vec<Id>),
    /// To the clipboard, and away.
    Cut(Vec<Id>),
    /// From the clipboard, to a place in the graph; `wired` to what it was wired to.
    Paste { text: String, at: Pos2, wired: bool },
    /// Passes the first input of the same type through, or not.
    Bypass(Vec<Id>),
    /// As if its wires were not there, or not.
    Mute(Vec<Id>),
    /// A frame around these nodes.
    Group(Vec<Id>),
    /// A frame goes away, its nodes stay.
    Ungroup(Id),
    /// A frame is drawn as one box, or as a frame again.
    FoldGroup(Id, bool),
    /// A frame is called something else.
    TitleGroup { group: Id, title: String },
    /// Nodes keep their places, or can be moved again.
    Pin(Vec<Id>),
    /// The next colour: of the frame that is selected whole, else of the nodes.
    Recolor(Vec<Id>),
    /// A node is called something else; empty for its tool's name.
    TitleNode { node: Id, title: String },
    /// Shows only the header, or all.
    Collapse(Vec<Id>),
    /// Shows a node's output under a viewer key, 1 to 9.
    View { slot: u8, node: Id },
    /// A double click: the node's inspector, or its sub-graph.
    Open(Id),
    /// What is wrong with a node is to be mended.
    Mend(Id),
    /// One node that stands for these.
    Pack(Vec<Id>),
    /// The nodes that one stands for, in its place.
    Unpack(Id),
    /// Looks inside of a node that stands for others.
    Enter(Id),
    /// Looks at what is around.
    Leave,
    /// A point on the wire that ends on `wire`, or by itself.
    Reroute { wire: Option<PortRef>, at: Pos2 },
    /// The sub-graph of a node, or the one that is looked at, is called something else.
    NameSubGraph(Option<Id>),
    /// It is kept for other graphs.
    SaveSubGraph(Option<Id>),
    /// A node's sub-graph becomes one of its own, apart from other nodes that stand for it.
    OwnSubGraph(Id),
    /// Search what is kept for other graphs.
    SearchSaved { at: Pos2, screen: Pos2 },
    /// A wire was refused; a sentence for the person.
    Refused(String),
}
