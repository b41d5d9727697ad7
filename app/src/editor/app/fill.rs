//! Frames from in to out made ahead of being looked at, so that they play at true rate.

use super::facts::BAR_FRAMES;
use super::{Editor, Message};
use crate::editor::panels::status::JobView;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::{Node, NodeId};
use rushes_engine::evaluate::{Ticket, Wish};
use rushes_engine::plan::Request;
use rushes_engine::tool::Lane;
use rushes_engine::{Error, Result};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;
use std::time::Instant;

/// Frames that are asked for at once: enough that no worker waits, few enough that a stop is heard soon.
const AT_ONCE: usize = 4;

/// Frames being made.
pub(super) struct Fill {
    id: u64,
    node: NodeId,
    title: String,
    proxy: u32,
    range: [i64; 2],
    graph: Arc<DescribedGraph>,
    /// Grows when the graph changes and all begins again; answers to older questions count for nothing.
    round: u64,
    next: i64,
    made: BTreeSet<i64>,
    flying: HashMap<i64, Ticket>,
    began: Instant,
    /// All were made; the first answer of the finder after this one tells how many stayed.
    asked: Option<u64>,
}

impl Fill {
    fn stop(&mut self) {
        self.flying.drain().for_each(|(_, ticket)| ticket.cancel());
    }

    fn share(&self) -> f32 {
        self.made.len() as f32 / self.count().max(1) as f32
    }

    fn count(&self) -> i64 {
        self.range[1] - self.range[0] + 1
    }

    fn view(&self) -> JobView {
        let (made, count) = (self.made.len(), self.count());
        let spent = self.began.elapsed().as_secs_f32();
        let mut words = format!("{made} of {count}");
        if made > 1 && spent > 1.0 {
            let left = (spent / self.share() * (1.0 - self.share())).round() as u64;
            words += &format!(" · {}:{:02} left", left / 60, left % 60);
        }
        JobView { id: self.id, title: format!("Cache · {}", self.title), done: Some(self.share()), words }
    }
}

impl Editor {
    /// Begins to make the frames from in to out, or stops.
    pub(super) fn fill_or_stop(&mut self) {
        if self.stop_fill(|_| true) {
            return;
        }
        let Some(node) = self.viewed().filter(|id| self.clip_of(id).is_some()) else { return };
        let Some(facts) = &self.facts else { return };
        let graph = Arc::clone(&facts.described);
        let document = self.session.document.graph();
        let title = |n: &Arc<Node>| super::views::title(document, n, self.session.registry());
        let title = document.find(&node).map(title).unwrap_or_default();
        self.jobs_so_far += 1;
        let range = self.range();
        self.fill = Some(Fill {
            id: self.jobs_so_far,
            node,
            title,
            proxy: self.proxy,
            range,
            graph,
            round: 0,
            next: range[0],
            made: BTreeSet::new(),
            flying: HashMap::new(),
            began: Instant::now(),
            asked: None,
        });
    }

    /// Stops making frames where that job is meant; true if it was.
    pub(super) fn stop_fill(&mut self, which: impl Fn(u64) -> bool) -> bool {
        let Some(mut fill) = self.fill.take_if(|fill| which(fill.id)) else { return false };
        fill.stop();
        self.watch.made += 1;
        true
    }

    /// Lets the job rest while its graph is not shown. It goes on once that is described again: what was made is found.
    pub(super) fn rest_fill(&mut self) {
        self.fill.iter_mut().for_each(Fill::stop);
    }

    /// The line in the queue.
    pub(super) fn fill_view(&self) -> Option<JobView> {
        self.fill.as_ref().map(Fill::view)
    }

    /// Asks for the next frames.
    pub(super) fn go_on_filling(&mut self) {
        let Some(node) = self.fill.as_ref().map(|fill| fill.node.clone()) else { return };
        let frames = self.clip_of(&node).map(|c| i64::try_from(c.frames).unwrap_or(i64::MAX));
        let range = frames.map(|frames| self.range_within(frames));
        let looked_at = self.viewed().as_ref() == Some(&node);
        let (Some(fill), Some(facts)) = (&mut self.fill, &self.facts) else { return };
        let Some(range) = range else {
            self.stop_fill(|_| true);
            return;
        };
        // What else is looked at meanwhile has a scale of its own.
        let proxy = if looked_at { self.proxy } else { fill.proxy };
        let same = Arc::ptr_eq(&fill.graph, &facts.described) && (fill.range, fill.proxy) == (range, proxy);
        if !same {
            fill.stop();
            fill.graph = Arc::clone(&facts.described);
            (fill.range, fill.proxy, fill.next) = (range, proxy, range[0]);
            fill.round += 1;
            fill.made.clear();
            (fill.began, fill.asked) = (Instant::now(), None);
        }
        if fill.asked.is_some_and(|asked| facts.number > asked) {
            let range = fill.range;
            let stayed = if looked_at { stayed(range, &facts.cached) } else { range[1] - range[0] + 1 };
            self.stop_fill(|_| true);
            self.say_filled(range, stayed);
            return;
        }
        while fill.flying.len() < AT_ONCE && fill.next <= fill.range[1] {
            let (frame, round, tell) = (fill.next, fill.round, self.tell.clone());
            let request = Request::frame(fill.node.clone(), frame).proxy(fill.proxy);
            let id = fill.id;
            let ticket =
                self.scheduler.ask(&fill.graph, request, Wish::of(Lane::Background), id, move |_, made| {
                    tell.say(Message::Filled { id, round, frame, made: made.map(drop) });
                });
            fill.flying.insert(frame, ticket);
            fill.next += 1;
        }
    }

    /// Takes a frame that was made ahead.
    pub(super) fn filled(&mut self, id: u64, round: u64, frame: i64, made: Result<()>) {
        let Some(fill) = self.fill.as_mut().filter(|f| (f.id, f.round) == (id, round)) else { return };
        fill.flying.remove(&frame);
        match made {
            Ok(()) => {
                fill.made.insert(frame);
            }
            Err(e) if e.is_cancelled() => return,
            Err(e) => {
                self.toasts.failed(&e);
                self.stop_fill(|_| true);
                return;
            }
        }
        if fill.made.len() as i64 == fill.count() {
            fill.asked = Some(self.queries);
            self.watch.made += 1;
        }
    }

    /// Says what came of it. Of a range that is longer than the cache the last frames stay.
    fn say_filled(&mut self, [first, last]: [i64; 2], stayed: i64) {
        let count = last - first + 1;
        self.last_done = match count {
            1 => format!("Cached frame {first}"),
            _ => format!("Cached {first}–{last} · {stayed} of {count} frames"),
        };
        if stayed < count {
            let error =
                Error::system(format!("the cache holds {stayed} of the {count} frames from in to out"));
            let help =
                "look at a smaller scale, bring in and out nearer, or give frames more memory in Settings";
            self.toasts.failed(&error.help(help));
        }
    }

    /// The frames that are ready: those known of, and those made since.
    pub(super) fn cached_bar(&self) -> Vec<Range<i64>> {
        let known = self.facts.as_ref().map(|f| f.cached.clone()).unwrap_or_default();
        let viewed = self.viewed();
        let fill = self.fill.as_ref().filter(|f| Some(&f.node) == viewed.as_ref());
        let made = fill.into_iter().flat_map(|f| f.made.iter().map(|f| *f..*f + 1));
        joined(known.into_iter().chain(made).collect())
    }
}

/// How many frames of a range are there. Those beyond what the finder looks at count as there.
fn stayed([first, last]: [i64; 2], cached: &[Range<i64>]) -> i64 {
    let looked = (last + 1).min(BAR_FRAMES).max(first);
    let part = |r: &Range<i64>| (r.end.min(looked) - r.start.max(first)).max(0);
    cached.iter().map(part).sum::<i64>() + (last + 1 - looked)
}

/// Stretches in order, those that touch as one.
fn joined(mut all: Vec<Range<i64>>) -> Vec<Range<i64>> {
    all.sort_by_key(|r| r.start);
    let mut joined: Vec<Range<i64>> = Vec::new();
    for part in all {
        match joined.last_mut() {
            Some(last) if part.start <= last.end => last.end = last.end.max(part.end),
            _ => joined.push(part),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_that_did_not_stay_are_not_counted() {
        assert_eq!(stayed([10, 19], &[0..12, 15..40]), 7);
        assert_eq!(stayed([10, 19], &[]), 0);
        let beyond = [BAR_FRAMES - 2, BAR_FRAMES + 2];
        assert_eq!(stayed(beyond, &[0..9, 9..BAR_FRAMES]), 5);
        assert_eq!(stayed([BAR_FRAMES + 5, BAR_FRAMES + 6], &[]), 2);
    }

    #[test]
    fn stretches_that_touch_are_one() {
        let parts = vec![8..9, 0..3, 2..4, 4..5, 6..7, 1..2];
        assert_eq!(joined(parts), [0..5, 6..7, 8..9]);
    }
}
