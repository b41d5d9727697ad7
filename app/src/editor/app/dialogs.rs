//! File dialogs, each on a thread of its own so that the window goes on.

use super::save_frame::Save;
use rushes_engine::document::NodeId;
use std::path::PathBuf;

/// What a dialog was opened for, with what was chosen.
#[derive(Debug)]
pub(super) enum Chosen {
    /// A graph to open.
    Open(PathBuf),
    /// Where to save the graph.
    Save(PathBuf),
    /// A folder to search for missing files.
    Search(PathBuf),
    /// Pictures and clips to begin with.
    Media(Vec<PathBuf>),
    /// Where to save a frame.
    Frame(Save, PathBuf),
    /// Files for a parameter.
    Param {
        /// Of which node.
        node: NodeId,
        /// Which parameter.
        param: String,
        /// The files.
        files: Vec<PathBuf>,
        /// The parameter is a list.
        many: bool,
    },
    /// A clip to be a node's take.
    Take {
        /// Of which node.
        node: NodeId,
        /// The clip.
        file: PathBuf,
    },
}

const GRAPHS: (&str, &[&str]) = ("Rushes graph", &["json"]);
/// What is made by a graph carries it.
const OPENED: (&str, &[&str]) =
    ("Rushes graph, or what one made", &["json", "png", "mp4", "mov", "mkv", "webm"]);

/// Asks for a graph to open.
pub(super) fn open(tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog =
        rfd::AsyncFileDialog::new().set_title("Open graph").add_filter(OPENED.0, OPENED.1).pick_file();
    wait(async move { dialog.await.map(|f| Chosen::Open(f.path().to_owned())) }, tell);
}

/// Asks for a folder to search.
pub(super) fn folder(tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog = rfd::AsyncFileDialog::new().set_title("Search a folder").pick_folder();
    wait(async move { dialog.await.map(|f| Chosen::Search(f.path().to_owned())) }, tell);
}

/// Asks for pictures and clips.
pub(super) fn media(tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog = rfd::AsyncFileDialog::new().set_title("Pictures or clips").pick_files();
    let chosen = async move {
        let files = dialog.await?.iter().map(|f| f.path().to_owned()).collect();
        Some(Chosen::Media(files))
    };
    wait(chosen, tell);
}

/// Asks where to save.
pub(super) fn save(name: &str, tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog = rfd::AsyncFileDialog::new()
        .set_title("Save graph")
        .set_file_name(name)
        .add_filter(GRAPHS.0, GRAPHS.1);
    let dialog = dialog.save_file();
    wait(async move { dialog.await.map(|f| Chosen::Save(f.path().to_owned())) }, tell);
}

/// Asks where to save a frame.
pub(super) fn frame(name: &str, ending: &str, save: Save, tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog = rfd::AsyncFileDialog::new()
        .set_title("Save frame")
        .set_file_name(name)
        .add_filter(ending.to_uppercase(), &[ending]);
    let dialog = dialog.save_file();
    wait(async move { dialog.await.map(|f| Chosen::Frame(save, f.path().to_owned())) }, tell);
}

/// Asks for one file or several for a parameter.
pub(super) fn files(node: NodeId, param: String, many: bool, tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog = rfd::AsyncFileDialog::new().set_title(if many { "Add files" } else { "Choose a file" });
    if many {
        let dialog = dialog.pick_files();
        let chosen = async move {
            let files = dialog.await?.iter().map(|f| f.path().to_owned()).collect();
            Some(Chosen::Param { node, param, files, many })
        };
        wait(chosen, tell);
    } else {
        let dialog = dialog.pick_file();
        let chosen = async move {
            let files = vec![dialog.await?.path().to_owned()];
            Some(Chosen::Param { node, param, files, many })
        };
        wait(chosen, tell);
    }
}

/// Asks for a clip to be a node's take.
pub(super) fn take(node: NodeId, tell: impl FnOnce(Chosen) + Send + 'static) {
    let dialog = rfd::AsyncFileDialog::new().set_title("Bring a take").pick_file();
    wait(async move { dialog.await.map(|f| Chosen::Take { node, file: f.path().to_owned() }) }, tell);
}

fn wait(
    chosen: impl Future<Output = Option<Chosen>> + Send + 'static,
    tell: impl FnOnce(Chosen) + Send + 'static,
) {
    let run = move || {
        if let Some(chosen) = pollster::block_on(chosen) {
            tell(chosen);
        }
    };
    if let Err(e) = std::thread::Builder::new().name("dialog".into()).spawn(run) {
        log::error!("no dialog could be opened: {e}");
    }
}
