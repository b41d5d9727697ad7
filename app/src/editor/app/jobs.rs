//! What is done in the background: renders and runs of a snapshot of the document on a device of its own, and fetching what
//! was ordered elsewhere.

use crate::editor::panels::status::JobView;
use crate::home::Home;
use crate::session::{Budget, Options, RenderOrder, Rendered, Session};
use rushes_engine::document::{Document, Graph, NodeId};
use rushes_engine::library::Take;
use rushes_engine::plan::Priced;
use rushes_engine::{Cancel, Error, Progress, Result};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Instant;

use super::facts::locked;

/// What to render or run.
#[derive(Clone)]
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
    /// What the series of takes begin with; see [`Session::place`].
    pub(super) place: String,
    /// What paid steps may cost unasked.
    pub(super) budget: Budget,
}

/// How one ends well.
pub(super) enum Ended {
    /// It was rendered or run.
    Done(Rendered),
    /// A person is to be asked first: it would cost this.
    Asks(Vec<Priced>),
    /// What was ordered is in the library.
    Fetched(Box<Take>),
}

/// One under way.
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) node: Option<NodeId>,
    /// What was ordered; none where something is fetched.
    pub(super) order: Option<Order>,
    title: String,
    started: Instant,
    cancel: Cancel,
    done: Arc<Mutex<(f32, String)>>,
}

impl Job {
    /// Starts to render or run; see [`Job::begin`].
    pub(super) fn start(
        id: u64,
        title: String,
        order: Order,
        wake: impl Fn() + Clone + Send + Sync + 'static,
        tell: impl FnOnce(Result<Ended>) + Send + 'static,
    ) -> Result<Self> {
        let (node, kept) = (order.node.clone(), order.clone());
        let mut job =
            Self::begin(id, title, move |cancel, progress| render(order, cancel, progress), wake, tell)?;
        (job.node, job.order) = (node, Some(kept));
        Ok(job)
    }

    /// Starts `work` on a thread; `tell` is called there when it ends, `wake` whenever there is something new to show.
    pub(super) fn begin(
        id: u64,
        title: String,
        work: impl FnOnce(&Cancel, &Progress) -> Result<Ended> + Send + 'static,
        wake: impl Fn() + Clone + Send + Sync + 'static,
        tell: impl FnOnce(Result<Ended>) + Send + 'static,
    ) -> Result<Self> {
        let cancel = Cancel::new();
        let done = Arc::new(Mutex::new((0.0, String::new())));
        let (flag, shared) = (cancel.clone(), Arc::clone(&done));
        let run = move || {
            let progress = Progress::new(move |share, words| {
                *locked(&shared) = (share, words.to_owned());
                wake();
            });
            tell(work(&flag, &progress));
        };
        let thread = std::thread::Builder::new().name(format!("job {id}")).spawn(run);
        thread.map_err(|e| Error::system(format!("no thread could be started: {e}")))?;
        Ok(Self { id, node: None, order: None, title, started: Instant::now(), cancel, done })
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
        // What is done elsewhere tells in words how far it is.
        if share <= 0.0 && !words.is_empty() {
            let said = format!("{words} · {}:{:02}", spent as u64 / 60, spent as u64 % 60);
            return JobView { id: self.id, title: self.title.clone(), done: None, words: said };
        }
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

fn render(order: Order, cancel: &Cancel, progress: &Progress) -> Result<Ended> {
    let mut session = Session::new(Options { home: Some(order.home), ..Options::default() })?;
    if let Some(path) = &order.path {
        session.open(path)?;
    }
    order.allowed.iter().for_each(|file| session.files().allow(file));
    session.document = Document::of((*order.graph).clone());
    session.stand_in(order.place);
    session.set_budget(order.budget);
    session.describe_again();
    let wanted = RenderOrder { node: order.node, out: order.out, ..RenderOrder::default() };
    let steps = session.cost(&wanted)?;
    session.check_keys(&steps)?;
    if order.budget.allow(&steps).is_err() {
        return Ok(Ended::Asks(steps));
    }
    session.render(&wanted, cancel, progress).map(Ended::Done)
}
