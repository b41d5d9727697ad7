//! Files that a person is asked for: by the system's dialog, on a thread of its own so that the window goes on, or by the
//! window's own sheet where the system has none.

use super::save_frame::Save;
use super::{Editor, Message};
use rushes_engine::document::NodeId;
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    /// What the dialog is headed.
    pub(super) title: &'static str,
    /// What is chosen in it.
    pub(super) kind: Kind,
    /// The files that are meant, in words, and their endings; any where there are none.
    pub(super) endings: (&'static str, &'static [&'static str]),
    /// What becomes of the answer.
    pub(super) purpose: Purpose,
}

/// What is chosen in a dialog.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    /// A file that is there.
    File,
    /// Files that are there.
    Files,
    /// A folder.
    Folder,
    /// A file to be written, with the name that is proposed.
    Save(String),
}

/// What the files are for.
#[derive(Clone, Debug)]
pub(super) enum Purpose {
    /// A graph to open.
    Open,
    /// Where to save the graph.
    Save,
    /// A folder to search for missing files.
    Search,
    /// Pictures and clips to begin with.
    Media,
    /// Where to save a frame.
    Frame(Save),
    /// Files for a parameter.
    Param {
        /// Of which node.
        node: NodeId,
        /// Which parameter.
        param: String,
        /// The parameter is a list.
        many: bool,
    },
    /// A clip to be a node's take.
    Take(NodeId),
}

/// Nobody reads and closes a dialog within this.
const NOBODY: Duration = Duration::from_millis(400);
const GRAPHS: (&str, &[&str]) = ("Rushes graph", &["json"]);
/// What is made by a graph carries it.
const OPENED: (&str, &[&str]) =
    ("Rushes graph, or what one made", &["json", "png", "mp4", "mov", "mkv", "webm"]);
const ANY: (&str, &[&str]) = ("Any file", &[]);

impl Ask {
    /// A graph to open.
    pub(super) fn open() -> Self {
        Self { title: "Open graph", kind: Kind::File, endings: OPENED, purpose: Purpose::Open }
    }

    /// A folder to search.
    pub(super) fn folder() -> Self {
        Self { title: "Search a folder", kind: Kind::Folder, endings: ANY, purpose: Purpose::Search }
    }

    /// Pictures and clips.
    pub(super) fn media() -> Self {
        Self { title: "Pictures or clips", kind: Kind::Files, endings: ANY, purpose: Purpose::Media }
    }

    /// Where to save the graph.
    pub(super) fn save(name: String) -> Self {
        Self { title: "Save graph", kind: Kind::Save(name), endings: GRAPHS, purpose: Purpose::Save }
    }

    /// Where to save a frame.
    pub(super) fn frame(name: String, exr: bool, save: Save) -> Self {
        let endings: (_, &[_]) = if exr { ("EXR", &["exr"]) } else { ("PNG", &["png"]) };
        Self { title: "Save frame", kind: Kind::Save(name), endings, purpose: Purpose::Frame(save) }
    }

    /// One file or several for a parameter.
    pub(super) fn files(node: NodeId, param: String, many: bool) -> Self {
        let (title, kind) = if many { ("Add files", Kind::Files) } else { ("Choose a file", Kind::File) };
        Self { title, kind, endings: ANY, purpose: Purpose::Param { node, param, many } }
    }

    /// A clip to be a node's take.
    pub(super) fn take(node: NodeId) -> Self {
        Self { title: "Bring a take", kind: Kind::File, endings: ANY, purpose: Purpose::Take(node) }
    }
}

impl Editor {
    /// Asks for files.
    pub(super) fn ask(&mut self, ask: Ask) {
        if self.memory.config.own_dialogs {
            return self.browse(ask);
        }
        let tell = self.tell.clone();
        let run = move || {
            let begun = Instant::now();
            match pollster::block_on(system(&ask)) {
                Some(paths) if !paths.is_empty() => tell.say(Message::Chosen(ask.purpose, paths)),
                // The toolkit tells a dialog that was cancelled and a system without dialogs by the same word.
                _ if begun.elapsed() < NOBODY => tell.say(Message::NoDialog(Box::new(ask))),
                _ => {}
            }
        };
        if let Err(e) = std::thread::Builder::new().name("dialog".into()).spawn(run) {
            log::error!("no dialog could be opened: {e}");
        }
    }
}

async fn system(ask: &Ask) -> Option<Vec<PathBuf>> {
    let mut dialog = rfd::AsyncFileDialog::new().set_title(ask.title);
    if !ask.endings.1.is_empty() {
        dialog = dialog.add_filter(ask.endings.0, ask.endings.1);
    }
    let one = |file: rfd::FileHandle| vec![file.path().to_owned()];
    match &ask.kind {
        Kind::File => dialog.pick_file().await.map(one),
        Kind::Folder => dialog.pick_folder().await.map(one),
        Kind::Save(name) => dialog.set_file_name(name).save_file().await.map(one),
        Kind::Files => {
            let files = dialog.pick_files().await?;
            Some(files.iter().map(|file| file.path().to_owned()).collect())
        }
    }
}
