//! Files that were made by a graph and carry it: opened as graphs where the person says so. Whether a file carries one
//! is found out on a thread of its own, since that opens the file.

use super::{Editor, Message};
use rushes_engine::Result;
use rushes_engine::document::{Document, Graph, json};
use rushes_media::ProbeOptions;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The endings of files that can carry a graph.
pub(super) const CARRIERS: [&str; 5] = ["png", "mp4", "mov", "mkv", "webm"];

/// A file, and the graph that it carries.
pub(super) type Looked = (PathBuf, Option<Graph>);

/// Files that may carry graphs, on their way in.
#[derive(Default)]
pub(super) struct Made {
    /// How many looks are under way.
    looking: usize,
    /// Files whose graph waits for a word, the oldest first.
    pub(super) asking: Vec<(PathBuf, Graph)>,
}

impl Made {
    /// What was found is of no use any more.
    pub(super) fn let_go(&mut self) {
        self.looking = self.looking.saturating_sub(1);
    }

    /// Whether nothing is on its way.
    pub(super) fn is_settled(&self) -> bool {
        self.looking == 0
    }
}

impl Editor {
    /// Adds media; of those that carry a graph it is asked what they are meant as.
    pub(super) fn take_media(&mut self, files: &[PathBuf]) -> Result<()> {
        let (carriers, plain): (Vec<PathBuf>, Vec<PathBuf>) =
            files.iter().cloned().partition(|f| may_carry(f));
        if !plain.is_empty() {
            self.read_media(&plain)?;
        }
        if carriers.is_empty() {
            return Ok(());
        }
        let services = Arc::clone(self.session.services());
        let tell = self.tell.clone();
        let look = move || {
            let carried = |file: &PathBuf| {
                let info = services.media().probe(file, &ProbeOptions::default()).ok()?;
                let opened = json::read(info.graph.as_deref()?.as_bytes()).ok()?;
                opened.newer.is_none().then_some(opened.graph)
            };
            let looked = carriers.into_iter().map(|file| {
                let graph = carried(&file);
                (file, graph)
            });
            tell.say(Message::Looked(looked.collect()));
        };
        let thread = std::thread::Builder::new().name("made files".into()).spawn(look);
        thread.map_err(|e| rushes_engine::Error::system(format!("no thread could be started: {e}")))?;
        self.made.looking += 1;
        Ok(())
    }

    /// Takes what was found: media become readers, graphs wait for a word.
    pub(super) fn looked(&mut self, looked: Vec<Looked>) {
        self.made.let_go();
        let mut plain = Vec::new();
        for (file, graph) in looked {
            match graph {
                Some(graph) => self.made.asking.push((file, graph)),
                None => plain.push(file),
            }
        }
        if !plain.is_empty() {
            let read = self.read_media(&plain);
            self.told(read);
        }
    }

    /// Opens the graph of a made file in a tab, without a file of its own; what it names is looked for beside the made file.
    pub(super) fn open_carried(&mut self, file: &Path, graph: Graph) {
        self.make_room();
        self.session.adopt(Document::of(graph), file);
        self.begin_anew();
        self.toasts.done("Opened the graph that the file carries; save it to keep changes");
    }
}

fn may_carry(file: &Path) -> bool {
    file.extension().is_some_and(|e| CARRIERS.iter().any(|c| e.eq_ignore_ascii_case(c)))
}
