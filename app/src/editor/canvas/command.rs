//! What can be done to the canvas without a pointer.

use egui::{Vec2, vec2};

/// A direction on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Way {
    Left,
    Right,
    Up,
    Down,
}

impl Way {
    /// One step that way.
    pub(super) fn step(self) -> Vec2 {
        match self {
            Self::Left => vec2(-1.0, 0.0),
            Self::Right => vec2(1.0, 0.0),
            Self::Up => vec2(0.0, -1.0),
            Self::Down => vec2(0.0, 1.0),
        }
    }
}

/// One thing that can be asked of the canvas; it is done at the next frame that shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum CanvasCommand {
    Search,
    SelectAll,
    SelectNone,
    /// All that the selection is made from.
    SelectUpstream,
    /// The selected wire, note or nodes; wires through nodes are kept.
    Delete,
    /// The selected nodes with all their wires.
    DeleteWires,
    Cut,
    Copy,
    /// What the clipboard holds.
    Paste,
    /// What the clipboard holds, wired to what it was wired to.
    PasteWired,
    Duplicate,
    Bypass,
    Mute,
    Collapse,
    Group,
    Ungroup,
    CollapseGroup,
    Note,
    Rename,
    Pin,
    /// The next colour for the selected nodes, or their group.
    Recolor,
    Tidy,
    AlignLeft,
    AlignRight,
    AlignTop,
    AlignBottom,
    AlignColumn,
    AlignRow,
    SpreadAcross,
    SpreadDown,
    /// By one step of the grid, or by four.
    Nudge(Way, bool),
    /// To the neighbour.
    Walk(Way),
    FitAll,
    FitSelection,
    ZoomIn,
    ZoomOut,
    ZoomFull,
    Minimap,
    /// One node that stands for the selected ones.
    Pack,
    /// The nodes that the selected one stands for.
    Unpack,
    /// Looks inside of the selected node.
    Enter,
    /// Looks at what is around.
    Leave,
    NameSubGraph,
    /// The selected node's sub-graph becomes one of its own.
    OwnSubGraph,
    /// Keeps the sub-graph for other graphs.
    SaveSubGraph,
    /// Adds one that was kept.
    SearchSaved,
    /// A point on the selected wire.
    Reroute,
    DescribeWires,
    /// Shows the selected node under a viewer key, 1 to 9.
    View(u8),
}
