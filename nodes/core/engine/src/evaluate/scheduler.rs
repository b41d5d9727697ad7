//! Lanes: who is served first when many ask for frames.
//!
//! Requests of the viewer and of a moving playhead coalesce: a newer one takes the place of the one that waits, while
//! one that runs always finishes, so that a drag shows motion. Read-ahead and thumbnails are dropped when the window
//! no longer wants their keys. One worker serves the viewer and the playhead alone.

use super::evaluator::{Evaluator, Frame, Wish};
use crate::describe::DescribedGraph;
use crate::plan::Request;
use crate::tool::Lane;
use crate::{Cancel, Error, Result};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

/// What is done with a frame on the worker that made it, and then tells of it.
type Reply = Box<dyn FnOnce(&Request, Result<Frame>) -> Told + Send>;
type Told = Box<dyn FnOnce() + Send>;

/// A request under way; dropping it changes nothing, cancelling it stops the work.
#[derive(Clone, Debug)]
pub struct Ticket(Cancel);

impl Ticket {
    /// Nobody waits for it any more.
    pub fn cancel(&self) {
        self.0.cancel();
    }
}

struct Waiting {
    graph: Arc<DescribedGraph>,
    request: Request,
    wish: Wish,
    channel: u64,
    cancel: Cancel,
    reply: Reply,
}

#[derive(Default)]
struct Queue {
    lanes: BTreeMap<Lane, VecDeque<Waiting>>,
    running: Vec<(Lane, Request, Cancel)>,
    closing: bool,
}

struct Shared {
    evaluator: Arc<Evaluator>,
    queue: Mutex<Queue>,
    bell: Condvar,
}

/// Worker threads over one evaluator.
pub struct Scheduler {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl Scheduler {
    /// Starts `workers` threads, at least two.
    pub fn new(evaluator: Arc<Evaluator>, workers: usize) -> Result<Self> {
        let shared = Arc::new(Shared { evaluator, queue: Mutex::default(), bell: Condvar::new() });
        let mut threads = Vec::new();
        for number in 0..workers.max(2) {
            let shared = shared.clone();
            let lowest = if number == 0 { Lane::Scrub } else { Lane::Background };
            let thread = std::thread::Builder::new()
                .name(format!("frames {number}"))
                .spawn(move || work(&shared, lowest));
            threads.push(thread.map_err(|e| Error::system(format!("no thread could be started: {e}")))?);
        }
        Ok(Self { shared, workers: threads })
    }

    /// The evaluator that makes the frames.
    pub fn evaluator(&self) -> &Arc<Evaluator> {
        &self.shared.evaluator
    }

    /// Asks for a frame; `reply` is called on a worker. In the viewer's and the playhead's lanes a request takes the
    /// place of the one that waits on the same `channel`, whose reply is told that it was cancelled.
    pub fn ask(
        &self,
        graph: &Arc<DescribedGraph>,
        request: Request,
        wish: Wish,
        channel: u64,
        reply: impl FnOnce(&Request, Result<Frame>) + Send + 'static,
    ) -> Ticket {
        let reply: Reply = Box::new(move |request, result| {
            let request = request.clone();
            Box::new(move || reply(&request, result))
        });
        self.ask_boxed(graph, request, wish, channel, reply)
    }

    /// As [`Self::ask`], with something to be done with the frame before `tell` is called: it counts as under way until
    /// then. Both happen on a worker.
    pub fn ask_and<T: Send + 'static>(
        &self,
        graph: &Arc<DescribedGraph>,
        request: Request,
        wish: Wish,
        channel: u64,
        finish: impl FnOnce(Frame) -> Result<T> + Send + 'static,
        tell: impl FnOnce(Result<T>) + Send + 'static,
    ) -> Ticket {
        let reply: Reply = Box::new(move |_, result| {
            let finished = result.and_then(finish);
            Box::new(move || tell(finished))
        });
        self.ask_boxed(graph, request, wish, channel, reply)
    }

    fn ask_boxed(
        &self,
        graph: &Arc<DescribedGraph>,
        request: Request,
        wish: Wish,
        channel: u64,
        reply: Reply,
    ) -> Ticket {
        let cancel = Cancel::new();
        let waiting = Waiting { graph: graph.clone(), request, wish, channel, cancel: cancel.clone(), reply };
        let replaced = {
            let mut queue = self.shared.lock();
            let lane = queue.lanes.entry(wish.lane).or_default();
            let old = match wish.lane {
                Lane::Viewer | Lane::Scrub => lane.iter().position(|w| w.channel == channel),
                _ => None,
            };
            let old = old.and_then(|at| lane.remove(at));
            lane.push_back(waiting);
            old
        };
        self.shared.bell.notify_all();
        if let Some(old) = replaced {
            (old.reply)(&old.request, Err(Error::cancelled()))();
        }
        Ticket(cancel)
    }

    /// Keeps of a lane only what is still wanted: the rest leaves the queue, or stops if it runs.
    pub fn retain(&self, lane: Lane, wanted: impl Fn(&Request) -> bool) {
        let dropped: VecDeque<Waiting> = {
            let mut queue = self.shared.lock();
            for (_, _, cancel) in queue.running.iter().filter(|(l, r, _)| *l == lane && !wanted(r)) {
                cancel.cancel();
            }
            let waiting = queue.lanes.entry(lane).or_default();
            let (keep, drop) = std::mem::take(waiting).into_iter().partition(|w| wanted(&w.request));
            *waiting = keep;
            drop
        };
        for waiting in dropped {
            (waiting.reply)(&waiting.request, Err(Error::cancelled()))();
        }
    }

    /// How many requests wait or run.
    pub fn pending(&self) -> usize {
        let queue = self.shared.lock();
        queue.running.len() + queue.lanes.values().map(VecDeque::len).sum::<usize>()
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Scheduler {
    fn drop(&mut self) {
        {
            let mut queue = self.shared.lock();
            queue.closing = true;
            queue.running.iter().for_each(|(_, _, cancel)| cancel.cancel());
            queue.lanes.clear();
        }
        self.shared.bell.notify_all();
        for worker in self.workers.drain(..) {
            if worker.join().is_err() {
                log::error!("a worker thread had died");
            }
        }
    }
}

fn work(shared: &Shared, lowest: Lane) {
    loop {
        let waiting = {
            let mut queue = shared.lock();
            loop {
                if queue.closing {
                    return;
                }
                if let Some(next) = next(&mut queue, lowest) {
                    queue.running.push((next.wish.lane, next.request.clone(), next.cancel.clone()));
                    break next;
                }
                queue = shared.bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
            }
        };
        let Waiting { graph, request, wish, cancel, reply, .. } = waiting;
        let result = shared.evaluator.frame(&graph, &request, wish, &cancel);
        let told = reply(&request, result);
        let mut queue = shared.lock();
        if let Some(at) = queue.running.iter().position(|(l, r, _)| *l == wish.lane && *r == request) {
            queue.running.swap_remove(at);
        }
        drop(queue);
        shared.bell.notify_all();
        told();
    }
}

fn next(queue: &mut Queue, lowest: Lane) -> Option<Waiting> {
    queue.lanes.iter_mut().filter(|(lane, _)| **lane <= lowest).find_map(|(_, waiting)| waiting.pop_front())
}
