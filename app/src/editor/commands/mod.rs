//! Everything that can be done by a key, a menu or the command palette: one table that all three are made from.

mod chord;
mod keymap;
mod table;
mod viewing;

pub use chord::Chord;
pub use keymap::{Clash, Keymap, Preset, Where};
pub use table::{ALL, Row};
pub use viewing::ViewerCommand;

use crate::editor::canvas::CanvasCommand;
use crate::editor::panels::timeline::TimelineCommand;
use crate::editor::panels::top_bar::TopBarAction;
use crate::editor::panels::transport::TransportCommand;

/// One thing that can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// To the whole window or the file.
    Window(TopBarAction),
    /// To the graph.
    Canvas(CanvasCommand),
    /// To the viewer and the scopes.
    Viewer(ViewerCommand),
    /// To the playhead.
    Transport(TransportCommand),
    /// To keys.
    Timeline(TimelineCommand),
    /// To the take that the selected node plays.
    Take(TakeCommand),
}

/// To the take that the selected node plays, or to which one it plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the labels of the table say it")]
pub enum TakeCommand {
    Rate(u8),
    Lock,
    Compare,
    Older,
    Newer,
    Live,
    Bring,
    Reveal,
}

/// Where a command is meant. Keys that are bound in several mean the first of these that is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The timeline was used last.
    Timeline,
    /// The graph was used last, and something in it is selected.
    Selection,
    /// The graph was used last.
    Canvas,
    /// Nothing is selected in the graph, or something else was used last.
    Elsewhere,
    /// Anywhere, but not while a person types.
    Window,
    /// Anywhere, also while a person types.
    Always,
}

/// What it belongs to, as the palette and the settings head it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Family {
    File,
    Edit,
    Graph,
    View,
    Viewer,
    Play,
    Keys,
    Takes,
}

impl Family {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Graph => "Graph",
            Self::View => "View",
            Self::Viewer => "Viewer",
            Self::Play => "Play",
            Self::Keys => "Keys",
            Self::Takes => "Takes",
        }
    }
}
