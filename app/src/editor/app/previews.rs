//! Small pictures of the graphs that ship, made from them as they are looked at.

use super::screen::{Screen, image_of};
use super::start::Template;
use super::{Editor, Message, Tell, facts};
use rushes_engine::cache::FrameBudget;
use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Graph, NodeId};
use rushes_engine::evaluate::{Evaluator, Wish};
use rushes_engine::files::GraphFiles;
use rushes_engine::plan::Request;
use rushes_engine::tool::{Lane, Registry};
use rushes_engine::{Cancel, Error, Result};
use rushes_gpu::Image;
use rushes_nodes::Services;
use std::sync::Arc;
use std::thread::JoinHandle;

/// Bytes that the pictures may take while they are made.
const BUDGET: u64 = 256 << 20;
const PREFIX: &str = "template:";

/// The thread that makes the templates' pictures, on a cache of its own so that no node of the document is meant.
pub(super) struct Previews {
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
    screen: Screen,
    files: Arc<GraphFiles>,
    tell: Tell,
}

impl Studio {
    fn work(&self, todo: Vec<(&'static str, Arc<Graph>)>, stop: &Cancel) {
        let host: Arc<Services> = Arc::clone(self.screen.services());
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
        image_of(&self.screen.settled(frame)?.payload).ok_or_else(nothing)
    }
}

/// The name of a template's picture among those of nodes; no node can have it.
pub(super) fn preview(name: &str) -> String {
    format!("{PREFIX}{name}")
}

/// Whether a small picture is one of a template.
pub(super) fn is_preview(name: &str) -> bool {
    name.starts_with(PREFIX)
}

impl Editor {
    /// Begins to make the pictures of templates that are not there.
    pub(super) fn make_previews(&mut self, templates: &[Template]) {
        let made = |name: &str| self.pictures.as_ref().is_some_and(|p| p.thumb_of(&preview(name)).is_some());
        let todo = templates.iter().filter(|t| !made(t.name));
        let todo: Vec<_> = todo.map(|t| (t.name, Arc::clone(&t.graph))).collect();
        if todo.is_empty() {
            return;
        }
        let studio = Studio {
            registry: Arc::clone(self.session.registry()),
            screen: self.screen.clone(),
            files: Arc::clone(self.session.files()),
            tell: self.tell.clone(),
        };
        let stop = Cancel::new();
        let of_thread = stop.clone();
        let thread = std::thread::Builder::new()
            .name("previews".into())
            .spawn(move || studio.work(todo, &of_thread))
            .map_err(|e| log::error!("no thread could be started: {e}"));
        self.stop_previews();
        self.previews = Some(Previews { stop, thread: thread.ok() });
    }

    /// Whether no picture of a template is being made.
    pub fn has_previews(&self) -> bool {
        let thread = self.previews.as_ref().and_then(|previews| previews.thread.as_ref());
        thread.is_none_or(JoinHandle::is_finished)
    }

    /// Stops making them. The thread is let go of elsewhere, since it may be in the middle of a picture.
    pub(super) fn stop_previews(&mut self) {
        let Some(previews) = self.previews.take() else { return };
        previews.stop.cancel();
        self.leaving.retain(|thread: &JoinHandle<()>| !thread.is_finished());
        if let Ok(thread) = std::thread::Builder::new().name("leave".into()).spawn(move || drop(previews)) {
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
}
