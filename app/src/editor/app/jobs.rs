//! Renders in the background: a snapshot of the document on a device of its own.

use crate::editor::panels::status::JobView;
use crate::home::Home;
use crate::session::{Options, RenderOrder, Rendered, Session};
use rushes_engine::document::{Document, Graph, NodeId};
use rushes_engine::{Cancel, Error, Progress, Result};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::facts::locked;

/// What to render.
pub(super) struct Order {
    /// Where data live, as for the window.
    pub(super) home: Home,
    /// The graph as it is now; later edits do not reach it.
    pub(super) graph: Arc<Graph>,
    /// The graph's file, to which its paths are relative.
    pub(super) path: Option<PathBuf>,
    /// Files outside the graph's folder that a person picked.
    pub(super) allowed: Vec<PathBuf>,
    /// The node; every deliver node where `None`.
    pub(super) node: Option<NodeId>,
    /// The file, where a person chose it.
    pub(super) out: Option<PathBuf>,
}

/// A render under way.
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) node: Option<NodeId>,
    title: String,
    started: Instant,
    cancel: Cancel,
    done: Arc<Mutex<(f32, String)>>,
}

impl Job {
    /// Starts it; `tell` is called on its thread when it ends, `wake` whenever there is something new to show.
    pub(super) fn start(
        id: u64,
        title: String,
        order: Order,
        wake: impl Fn() + Clone + Send + Sync + 'static,
        tell: impl FnOnce(Result<Rendered>) + Send + 'static,
    ) -> Result<Self> {
        let cancel = Cancel::new();
        let done = Arc::new(Mutex::new((0.0, String::new())));
        let node = order.node.clone();
        let (flag, shared) = (cancel.clone(), Arc::clone(&done));
        let run = move || {
            let progress = Progress::new(move |share, words| {
                *locked(&shared) = (share, words.to_owned());
                wake();
            });
            tell(render(order, &flag, &progress));
        };
        let thread = std::thread::Builder::new().name(format!("render {id}")).spawn(run);
        thread.map_err(|e| Error::system(format!("no thread could be started: {e}")))?;
        Ok(Self { id, node, title, started: Instant::now(), cancel, done })
    }

    /// Stops it.
    pub(super) fn cancel(&self) {
        self.cancel.cancel();
    }

    /// How far it is, 0 to 1.
    pub(super) fn share(&self) -> f32 {
        locked(&self.done).0
    }

    /// Its line in the queue.
    pub(super) fn view(&self) -> JobView {
        let (share, words) = locked(&self.done).clone();
        let spent = self.started.elapsed().as_secs_f32();
        let mut said = format!("{:.0} %", share * 100.0);
        if share > 0.02 && spent > 1.0 {
            let left = (spent / share * (1.0 - share)).round() as u64;
            said += &format!(" · {}:{:02} left", left / 60, left % 60);
        } else if !words.is_empty() {
            said += &format!(" · {words}");
        }
        JobView { id: self.id, title: self.title.clone(), done: Some(share), words: said }
    }
}

fn render(order: Order, cancel: &Cancel, progress: &Progress) -> Result<Rendered> {
    let mut session = Session::new(Options { home: Some(order.home), ..Options::default() })?;
    if let Some(path) = &order.path {
        session.open(path)?;
    }
    order.allowed.iter().for_each(|file| session.files().allow(file));
    session.document = Document::of((*order.graph).clone());
    session.describe_again();
    session.render(
        &RenderOrder { node: order.node, out: order.out, ..RenderOrder::default() },
        cancel,
        progress,
    )
}
