//! One of the viewer's two pictures: what it asked for and what came.

use crate::editor::panels::compare::Side;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::NodeId;
use rushes_engine::plan::Request;
use rushes_engine::{Error, Result};
use rushes_gpu::Image;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A picture that waits longer for its successor is shown as an old one.
const LATE_AFTER: Duration = Duration::from_millis(400);

/// A frame for the viewer.
#[derive(Clone)]
pub(super) struct Want {
    pub(super) side: Side,
    pub(super) graph: Arc<DescribedGraph>,
    pub(super) request: Request,
    /// The playhead; the request is of the last frame where it is past that.
    pub(super) playhead: i64,
    /// Grows with every question: answers may come out of order.
    pub(super) number: u64,
}

impl Want {
    /// The stills of a set.
    pub(super) fn of_set(graph: Arc<DescribedGraph>, node: NodeId) -> Self {
        Self { side: Side::A, graph, request: Request::frame(node, 0), playhead: 0, number: 0 }
    }

    /// Whether it is of the same node of the same graph.
    pub(super) fn is_of_graph(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.graph, &other.graph) && self.request.node == other.request.node
    }
}

impl PartialEq for Want {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.graph, &other.graph) && self.request == other.request
    }
}

/// A picture in the viewer.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) want: Want,
    pub(super) image: Image,
    /// The picture's size at full scale.
    pub(super) size: [u32; 2],
}

impl Seen {
    /// Which of the viewer's questions it answers.
    pub(super) fn number(&self) -> u64 {
        self.want.number
    }
}

/// What was asked for and what came.
#[derive(Default)]
pub(super) struct Eye {
    pub(super) want: Option<Want>,
    pub(super) seen: Option<Seen>,
    pub(super) failed: Option<(Want, Error)>,
    since: Option<Instant>,
    asked: u64,
    answered: u64,
    pub(super) ahead: HashSet<i64>,
}

impl Eye {
    /// Whether what was asked for came, or failed.
    pub(super) fn is_settled(&self) -> bool {
        match &self.want {
            None => true,
            Some(want) => {
                self.seen.as_ref().is_some_and(|s| s.want == *want)
                    || self.failed.as_ref().is_some_and(|(w, _)| w == want)
            }
        }
    }

    /// Nothing is wanted any more.
    pub(super) fn close(&mut self) {
        self.want = None;
        self.since = None;
        self.ahead.clear();
    }

    /// Nothing is wanted or kept any more. Numbers go on, so that late answers are known as such.
    pub(super) fn forget(&mut self) {
        self.close();
        (self.seen, self.failed) = (None, None);
        self.answered = self.asked + 1;
    }

    /// Wants a frame; gives it with its number where it is not the one that is wanted already.
    pub(super) fn wish(&mut self, want: Want) -> Option<Want> {
        if self.want.as_ref() == Some(&want) {
            return None;
        }
        self.asked = self.asked.max(self.answered) + 1;
        let want = Want { number: self.asked, ..want };
        if !self.want.as_ref().is_some_and(|old| Arc::ptr_eq(&old.graph, &want.graph)) {
            self.ahead.clear();
        }
        self.want = Some(want.clone());
        self.since.get_or_insert_with(Instant::now);
        Some(want)
    }

    /// Whether an answer comes too late to be of use.
    pub(super) fn is_past(&self, want: &Want) -> bool {
        want.number < self.answered
    }

    /// Takes an answer.
    pub(super) fn came(&mut self, want: Want, result: Result<(Image, [u32; 2])>) {
        self.answered = want.number;
        match result {
            Ok((image, size)) => {
                self.failed = None;
                // A drag shows frames all the time, each a little old; that is not late.
                self.since = (self.want.as_ref() != Some(&want)).then(Instant::now);
                self.seen = Some(Seen { want, image, size });
            }
            Err(e) => self.failed = Some((want, e)),
        }
    }

    /// Why the frame that is wanted could not be made.
    pub(super) fn error(&self) -> Option<&Error> {
        self.failed.as_ref().filter(|(want, _)| self.want.as_ref() == Some(want)).map(|(_, error)| error)
    }

    /// Whether what is seen has been waiting for its successor for long.
    pub(super) fn is_late(&self) -> bool {
        let waits = self.since.is_some_and(|t| t.elapsed() > LATE_AFTER);
        waits && self.want.as_ref() != self.seen.as_ref().map(|s| &s.want)
    }
}
