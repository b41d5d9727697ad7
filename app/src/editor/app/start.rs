//! The first screen: graphs that ship, with pictures made from them as they are looked at, and files that were open.

use super::dialogs::Ask;
use super::picture::{image_of, settled};
use super::{Editor, Message, Tell, facts, takes};
use crate::editor::panels::start::{Card, Recent, StartAction, StartView};
use include_dir::{Dir, include_dir};
use rushes_engine::cache::FrameBudget;
use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Document, Graph, NodeId, json};
use rushes_engine::evaluate::{Evaluator, Wish};
use rushes_engine::files::GraphFiles;
use rushes_engine::plan::Request;
use rushes_engine::tool::{Lane, Registry};
use rushes_engine::{Cancel, Error, Result};
use rushes_gpu::Image;
use rushes_nodes::Services;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};

static GRAPHS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../graphs");
/// What most people come for stands first; the rest follows by title.
const FIRST: [&str; 8] =
    ["realism", "image_to_video", "stills", "skin_texture", "camera", "upscale_video", "grain", "sequence"];
/// Bytes that the pictures of the first screen may take while they are made.
const BUDGET: u64 = 256 << 20;
const UNSAVED: &str = "untitled-";

/// A graph that ships.
struct Template {
    name: &'static str,
    graph: Arc<Graph>,
}

/// What the first screen shows.
pub(super) struct Start {
    templates: Vec<Template>,
    recent: Vec<Recent>,
    /// Stops when the screen goes.
    previews: Previews,
}

/// The thread that makes the templates' pictures, on a cache of its own so that no node of the document is meant.
struct Previews {
    stop: Cancel,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Previews {
    fn drop(&mut self) {
        self.stop.cancel();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that makes small pictures had died");
        }
    }
}

/// What the thread of pictures works with.
struct Studio {
    registry: Arc<Registry>,
    services: Arc<Services>,
    files: Arc<GraphFiles>,
    tell: Tell,
}

impl Studio {
    fn work(&self, todo: Vec<(&'static str, Arc<Graph>)>, stop: &Cancel) {
        let host: Arc<Services> = Arc::clone(&self.services);
        let evaluator = Evaluator::new(host.clone(), FrameBudget::of_memory(BUDGET), None);
        let mut describer = Describer::new(Arc::clone(&self.registry), host);
        for (name, graph) in todo {
            if stop.is_cancelled() {
                return;
            }
            let described = describer.describe(&graph, self.files.as_ref(), None);
            match self.picture(&evaluator, &graph, &described, stop) {
                Ok(image) => self.tell.say(Message::Preview(name, image)),
                Err(e) => log::debug!("no small picture of {name}: {e}"),
            }
        }
    }

    fn picture(
        &self,
        evaluator: &Evaluator,
        graph: &Graph,
        described: &DescribedGraph,
        stop: &Cancel,
    ) -> Result<Image> {
        let nothing = || Error::usage("the graph shows nothing");
        let delivers = |id: &&NodeId| {
            let kind = graph.nodes.get(*id).map(|n| &n.kind);
            kind.and_then(|k| self.registry.get(k).ok()).is_some_and(|t| t.spec().delivers)
        };
        let end = graph.nodes.keys().find(delivers).ok_or_else(nothing)?;
        let sources = graph.links_into(end).map(|(_, link)| link.from.node.clone());
        let framed = |id: &NodeId| {
            let outcome = described.slot(id).ok()?.state.outcome.as_ref().ok()?;
            outcome.outputs.iter().find_map(|d| d.frames()).cloned()
        };
        let shown = sources.into_iter().find_map(|id| framed(&id).map(|clip| (id, clip)));
        let (node, clip) = shown.ok_or_else(nothing)?;
        // Before the middle, where cuts and dissolves often are.
        let early = i64::try_from(clip.frames * 2 / 5).unwrap_or(0);
        let request = Request::frame(node, early).proxy(facts::thumb_proxy(&clip));
        let frame = evaluator.frame(described, &request, Wish::of(Lane::Background), stop)?;
        image_of(&settled(&self.services, frame)?.payload).ok_or_else(nothing)
    }
}

fn templates() -> Vec<Template> {
    let read = |file: &'static include_dir::File<'static>| {
        let name = file.path().file_stem()?.to_str()?;
        match json::read(file.contents()) {
            Ok(opened) => Some(Template { name, graph: Arc::new(opened.graph) }),
            Err(e) => {
                log::error!("the graph {name} that ships cannot be read: {e}");
                None
            }
        }
    };
    let mut all: Vec<Template> = GRAPHS.files().filter_map(read).collect();
    let rank = |t: &Template| FIRST.iter().position(|n| *n == t.name).unwrap_or(FIRST.len());
    all.sort_by_cached_key(|t| (rank(t), t.graph.title.to_lowercase()));
    all
}

impl Editor {
    /// Shows the first screen.
    pub(super) fn show_start(&mut self) {
        let templates = templates();
        let made: HashSet<&str> = templates
            .iter()
            .map(|t| t.name)
            .filter(|name| self.pictures.as_ref().is_some_and(|p| p.thumb_of(&preview(name)).is_some()))
            .collect();
        let todo = templates.iter().filter(|t| !made.contains(t.name));
        let todo: Vec<_> = todo.map(|t| (t.name, Arc::clone(&t.graph))).collect();
        let studio = Studio {
            registry: Arc::clone(self.session.registry()),
            services: Arc::clone(self.session.services()),
            files: Arc::clone(self.session.files()),
            tell: self.tell.clone(),
        };
        let stop = Cancel::new();
        let of_thread = stop.clone();
        let thread = std::thread::Builder::new()
            .name("previews".into())
            .spawn(move || studio.work(todo, &of_thread))
            .map_err(|e| log::error!("no thread could be started: {e}"));
        let recent = self.recent();
        self.start = Some(Start { templates, recent, previews: Previews { stop, thread: thread.ok() } });
    }

    /// Whether the first screen, where it is shown, has all the pictures that it will have.
    pub fn has_previews(&self) -> bool {
        let thread = self.start.as_ref().and_then(|s| s.previews.thread.as_ref());
        thread.is_none_or(JoinHandle::is_finished)
    }

    /// Leaves the first screen. Its thread is let go of elsewhere, since it may be in the middle of a picture.
    pub(super) fn hide_start(&mut self) {
        let Some(start) = self.start.take() else { return };
        start.previews.stop.cancel();
        self.leaving.retain(|previews: &JoinHandle<()>| !previews.is_finished());
        if let Ok(thread) = std::thread::Builder::new().name("leave".into()).spawn(move || drop(start)) {
            self.leaving.push(thread);
        }
    }

    /// Takes a picture of a template.
    pub(super) fn preview_came(&mut self, name: &str, image: &Image) {
        if let Some(pictures) = &mut self.pictures
            && let Err(e) = pictures.thumb(&preview(name).into(), image)
        {
            log::warn!("no small picture: {e}");
        }
    }

    /// What the first screen shows, while it is shown.
    pub(super) fn start_view(&self) -> Option<StartView> {
        let start = self.start.as_ref()?;
        let cards = start.templates.iter().map(|t| Card {
            name: t.name,
            title: t.graph.title.to_string(),
            words: match t.graph.nodes.size() {
                1 => "1 node".into(),
                n => format!("{n} nodes"),
            },
            picture: self.pictures.as_ref().and_then(|p| p.shaped(&preview(t.name))),
        });
        let document = &self.session.document;
        let can_close = document.path().is_some() || document.graph().nodes.size() > 0;
        Some(StartView { cards: cards.collect(), recent: start.recent.clone(), can_close })
    }

    /// Does what the first screen asks for.
    pub(super) fn on_start(&mut self, action: StartAction) {
        let done = match action {
            StartAction::New => {
                self.new_graph();
                Ok(())
            }
            StartAction::Open => {
                self.ask_open();
                Ok(())
            }
            StartAction::Media => {
                self.ask(Ask::media());
                Ok(())
            }
            StartAction::Template(name) => self.open_template(name),
            StartAction::Recent(path) => {
                let opened = self.open_graph(&path);
                if opened.is_err() {
                    self.memory.config.recent.retain(|p| *p != path);
                    self.forget_recent(&path);
                }
                opened
            }
            StartAction::Recover(path) => self.recover(&path),
            StartAction::Close => {
                self.hide_start();
                Ok(())
            }
        };
        self.told(done);
    }

    /// Opens a copy of a graph that ships; saving it asks for a name.
    pub fn open_template(&mut self, name: &str) -> Result<()> {
        let all = templates();
        let template = all.iter().find(|t| t.name == name);
        let template = template.ok_or_else(|| Error::usage(format!("there is no template “{name}”")))?;
        self.make_room();
        self.session.clear();
        self.session.document = Document::of((*template.graph).clone());
        self.begin_anew();
        Ok(())
    }

    fn recover(&mut self, journal: &Path) -> Result<()> {
        let document = Document::recover(journal)?;
        self.make_room();
        self.session.clear();
        self.session.document = document;
        self.begin_anew();
        Ok(())
    }

    fn forget_recent(&mut self, path: &Path) {
        if let Some(start) = &mut self.start {
            start.recent.retain(|r| r.path != path);
        }
    }

    /// Files that were open, and graphs that never had one.
    fn recent(&self) -> Vec<Recent> {
        let mut all = self.unsaved();
        all.extend(self.memory.config.recent.iter().map(|path| {
            Recent {
                path: path.clone(),
                name: path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
                folder: path
                    .parent()
                    .and_then(Path::file_name)
                    .map(|n| n.to_string_lossy().into_owned())
                    .unwrap_or_default(),
                unsaved: false,
            }
        }));
        all
    }

    fn unsaved(&self) -> Vec<Recent> {
        let own = self.journal.as_deref();
        let entries = std::fs::read_dir(self.session.home().journal()).into_iter().flatten().flatten();
        let ours = |e: &std::fs::DirEntry| e.file_name().to_string_lossy().starts_with(UNSAVED);
        let mut all: Vec<(u64, PathBuf)> = entries
            .filter(|e| ours(e) && Some(e.path().as_path()) != own)
            .map(|e| {
                let at = e.metadata().and_then(|m| m.modified()).ok();
                let since = at.and_then(|t| t.duration_since(UNIX_EPOCH).ok());
                (since.map_or(0, |s| s.as_secs()), e.path())
            })
            .collect();
        all.sort_by(|a, b| b.cmp(a));
        let recent =
            |(at, path)| Recent { path, name: "Unsaved graph".into(), folder: takes::day(at), unsaved: true };
        all.into_iter().map(recent).collect()
    }

    /// A graph without a file has a journal from its first edit on, so that nothing is lost with the program.
    pub(super) fn keep_untitled(&mut self) {
        let document = &mut self.session.document;
        if document.path().is_some() {
            self.journal = None;
            return;
        }
        if self.journal.is_some() || document.undo_labels().next().is_none() {
            return;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_millis());
        let name = format!("{UNSAVED}{now}-{}.ndjson", std::process::id());
        let path = self.session.home().journal().join(name);
        // Tried once: a journal that cannot be kept is said, and stops nobody from working.
        self.journal = Some(path.clone());
        let kept = self.session.document.keep_journal(&path);
        self.told(kept);
    }
}

/// The name of a template's picture among those of nodes; no node can have it.
pub(super) fn preview(name: &str) -> String {
    format!("template:{name}")
}
