//! What is known of a graph without making pixels, found out on a thread of its own.
//!
//! The window hands over the newest version of the graph and the playhead; older ones that still wait are
//! dropped. Files are looked at and keys are reckoned here, so that the window never waits for either.

use rushes_engine::cache::MemoryCache;
use rushes_engine::describe::{DescribedGraph, Describer, Slot};
use rushes_engine::document::{Edit, Graph, NodeId};
use rushes_engine::evaluate::Evaluator;
use rushes_engine::files::GraphFiles;
use rushes_engine::plan::{Change, Planner, Request, why};
use rushes_engine::tool::{Class, Registry};
use rushes_engine::{ClipDesc, Desc, Error, Key, Result};
use rushes_nodes::Services;
use std::collections::HashMap;
use std::ops::Range;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

/// Frames of the viewed node that are looked up for the bar of the timeline, at most.
pub(super) const BAR_FRAMES: i64 = 4_000;
/// Pixels across that a thumbnail is made of, at least.
const THUMB_PIXELS: u32 = 352;

/// What the window wants to know about.
pub(super) struct Query {
    /// Names the answer.
    pub(super) number: u64,
    /// Grows when files turn out to be others than they seemed.
    pub(super) learned: u64,
    /// The graph.
    pub(super) graph: Arc<Graph>,
    /// Its files.
    pub(super) files: Arc<GraphFiles>,
    /// The node that is being worked on.
    pub(super) focus: Option<NodeId>,
    /// The playhead.
    pub(super) frame: i64,
    /// The viewed node and its scale.
    pub(super) viewed: Option<(NodeId, u32)>,
    /// The instance that the canvas shows the inside of.
    pub(super) inside: Option<NodeId>,
    /// Other nodes inside of instances that are asked about.
    pub(super) kept: Vec<NodeId>,
    /// The selected nodes, of which it is told why they are out of date.
    pub(super) chosen: Vec<NodeId>,
    /// A node and another take of it, to be compared with the graph as it is.
    pub(super) aside: Option<(NodeId, String)>,
}

/// How a node stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum State {
    /// Its frame at the playhead is there.
    Cached,
    /// It is made when somebody looks.
    Live,
    /// It works when described, and is done.
    Value,
    /// It runs when asked.
    Job,
    /// A job before it has not been run.
    Unrun,
    /// It is wrong, and how.
    Error(Error),
    /// Something before it is wrong.
    Waiting,
}

/// What is known of a node.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct NodeFacts {
    pub(super) state: State,
    /// What each output carries, in words.
    pub(super) outputs: Vec<String>,
    /// The frames of the first output that has any, with its place among the outputs.
    pub(super) clip: Option<(usize, ClipDesc)>,
    /// What its tool says about how inputs were fitted and what was guessed.
    pub(super) words: Vec<String>,
    /// The small picture that fits the playhead: its request and its key.
    pub(super) thumb: Option<(Request, Key)>,
    /// The pictures that a board or a set is drawn from, and what they are known by.
    pub(super) board: Option<(Vec<PathBuf>, Key)>,
    /// There is advice about it.
    pub(super) advice: bool,
    /// It is too slow to be made unasked, and is not there.
    pub(super) slow: bool,
    /// What running it costs, in US dollars, where it has a price.
    pub(super) price: Option<f64>,
    /// What changed since its last result; known of slow and of selected nodes.
    pub(super) changes: Vec<Change>,
}

/// What is known of a graph.
pub(super) struct Facts {
    /// The query that it answers.
    pub(super) number: u64,
    pub(super) described: Arc<DescribedGraph>,
    /// The same where it is the same as in the answer before, by which the window knows that nothing has changed.
    pub(super) nodes: HashMap<NodeId, Arc<NodeFacts>>,
    /// Stretches of frames of the viewed node that are there.
    pub(super) cached: Vec<Range<i64>>,
    /// The graph with another take of a node, where one is compared.
    pub(super) aside: Option<Aside>,
}

/// A graph in which a node plays another take.
#[derive(Clone)]
pub(super) struct Aside {
    /// The node and its take.
    pub(super) of: (NodeId, String),
    pub(super) described: Arc<DescribedGraph>,
}

/// Describes graphs in which a node plays another take, each once.
struct Variants {
    describer: Describer,
    last: Option<(Arc<DescribedGraph>, Aside)>,
}

impl Variants {
    /// The variant of a described graph that a query asks for.
    fn of(&mut self, described: &Arc<DescribedGraph>, query: &Query) -> Option<Aside> {
        let of = query.aside.clone()?;
        let known =
            self.last.as_ref().filter(|(graph, aside)| Arc::ptr_eq(graph, described) && aside.of == of);
        if let Some((_, aside)) = known {
            return Some(aside.clone());
        }
        let with = |graph: &Graph, edit: &dyn Fn(NodeId) -> Edit| graph.edit_of(&of.0, edit)?.apply(graph);
        // Nothing of the document is touched, so a lock is none here.
        let free = with(&query.graph, &|node| Edit::Lock { node, on: false });
        let graph = free.and_then(|g| with(&g, &|node| Edit::Take { node, take: of.1.clone() })).ok()?;
        let files = query.files.as_ref();
        let described_aside = self.describer.describe(&Arc::new(graph), files, query.focus.as_ref());
        let aside = Aside { of, described: described_aside };
        self.last = Some((Arc::clone(described), aside.clone()));
        Some(aside)
    }
}

/// What was told to others, who may not be the last to let go of it.
#[derive(Default)]
struct Given(Vec<Arc<DescribedGraph>>);

impl Given {
    /// Notes what is told now and lets go of what nobody else has any more.
    fn note<'a>(&mut self, told: impl Iterator<Item = &'a Arc<DescribedGraph>>) {
        self.0.retain(|graph| Arc::strong_count(graph) > 1);
        for graph in told {
            if !self.0.iter().any(|known| Arc::ptr_eq(known, graph)) {
                self.0.push(Arc::clone(graph));
            }
        }
    }
}

/// The thread that finds out.
pub(super) struct Finder {
    /// `None` only while it is being dropped.
    ask: Option<Sender<Query>>,
    thread: Option<JoinHandle<()>>,
}

impl Finder {
    /// Starts the thread; `tell` is called on it with every answer.
    pub(super) fn start(
        registry: Arc<Registry>,
        services: Arc<Services>,
        evaluator: Arc<Evaluator>,
        tell: impl Fn(Facts) + Send + 'static,
    ) -> Result<Self> {
        let (ask, asked) = channel::<Query>();
        let run = move || {
            let variants = Describer::new(Arc::clone(&registry), services.clone());
            let mut variants = Variants { describer: variants, last: None };
            let mut describer = Describer::new(registry, services);
            let mut last: Option<(Query, Arc<DescribedGraph>)> = None;
            let mut told = HashMap::new();
            // To let go of the description of a thousand nodes takes half a frame, which the window must not wait for.
            let mut given = Given::default();
            while let Some(query) = newest(&asked) {
                // Frames keyed by a guess at a file's content keep their place under its real key.
                if last.as_ref().is_some_and(|(old, _)| old.learned != query.learned) {
                    evaluator.rehome(&mut describer, query.files.as_ref());
                }
                // The same graph keeps its description, by which the window knows that nothing has changed.
                let known =
                    last.take().filter(|(old, _)| old.describes_as(&query)).map(|(_, described)| described);
                let described = known.unwrap_or_else(|| {
                    describer.describe(&query.graph, query.files.as_ref(), query.focus.as_ref())
                });
                let aside = variants.of(&described, &query);
                given.note(aside.iter().map(|aside| &aside.described).chain([&described]));
                let facts = find(&described, &evaluator, &query, &told);
                told.clone_from(&facts.nodes);
                tell(Facts { aside, ..facts });
                last = Some((query, described));
            }
        };
        let thread = std::thread::Builder::new().name("facts".into()).spawn(run);
        let thread = thread.map_err(|e| Error::system(format!("no thread could be started: {e}")))?;
        Ok(Self { ask: Some(ask), thread: Some(thread) })
    }

    /// Asks; an older question that still waits is dropped.
    pub(super) fn ask(&self, query: Query) {
        if self.ask.as_ref().is_none_or(|ask| ask.send(query).is_err()) {
            log::error!("the thread that describes graphs has died");
        }
    }
}

/// The thread ends with the window: left behind it would let go of the device while the process ends.
impl Drop for Finder {
    fn drop(&mut self) {
        self.ask = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that describes graphs had died");
        }
    }
}

fn newest(asked: &Receiver<Query>) -> Option<Query> {
    let first = asked.recv().ok()?;
    Some(asked.try_iter().last().unwrap_or(first))
}

impl Query {
    fn describes_as(&self, other: &Self) -> bool {
        let same_files = Arc::ptr_eq(&self.files, &other.files) && self.learned == other.learned;
        same_files && Arc::ptr_eq(&self.graph, &other.graph) && self.focus == other.focus
    }
}

fn find(
    described: &Arc<DescribedGraph>,
    evaluator: &Evaluator,
    query: &Query,
    told: &HashMap<NodeId, Arc<NodeFacts>>,
) -> Facts {
    let mut planners = HashMap::new();
    let mut nodes: HashMap<NodeId, NodeFacts> = HashMap::new();
    let inside = query.inside.iter().flat_map(|around| described.slots_inside(around));
    let kept = query.kept.iter().filter_map(|id| described.slot(id).ok());
    for slot in described.slots().chain(inside).chain(kept) {
        let facts = {
            let mut key = |request: &Request| {
                let planner =
                    planners.entry(request.proxy).or_insert_with(|| Planner::new(described, request.proxy));
                planner.key(request).ok()
            };
            node_facts(evaluator, slot, query, &mut key)
        };
        nodes.insert(slot.id.clone(), facts);
    }
    for (id, facts) in &mut nodes {
        let there = !matches!(facts.state, State::Live | State::Job | State::Unrun);
        let asked = facts.slow || query.chosen.contains(id);
        if let (false, true, Some((frame, proxy, then))) = (there, asked, evaluator.account.last(id)) {
            let planner = planners.entry(proxy).or_insert_with(|| Planner::new(described, proxy));
            let now = planner.explain(&Request::frame(id.clone(), frame).proxy(proxy));
            facts.changes = now.map(|now| why(&then, &now)).unwrap_or_default();
        }
    }
    let mut cached = Vec::new();
    if let Some((id, proxy)) = &query.viewed {
        let length = nodes
            .get(id)
            .and_then(|f| f.clip.as_ref())
            .map_or(1, |(_, c)| i64::try_from(c.frames).unwrap_or(i64::MAX));
        let planner = planners.entry(*proxy).or_insert_with(|| Planner::new(described, *proxy));
        let mut at = |frame| planner.key(&Request::frame(id.clone(), frame).proxy(*proxy)).ok();
        let has = |frame| at(frame).is_some_and(|key| evaluator.has(key));
        cached = stretches(0..length.min(BAR_FRAMES), has);
    }
    let same = |id: &NodeId, facts: &NodeFacts| told.get(id).filter(|old| ***old == *facts).cloned();
    let nodes = nodes.into_iter().map(|(id, facts)| {
        let facts = same(&id, &facts).unwrap_or_else(|| Arc::new(facts));
        (id, facts)
    });
    Facts {
        number: query.number,
        described: Arc::clone(described),
        nodes: nodes.collect(),
        cached,
        aside: None,
    }
}

fn node_facts(
    evaluator: &Evaluator,
    slot: &Slot,
    query: &Query,
    key: &mut dyn FnMut(&Request) -> Option<Key>,
) -> NodeFacts {
    let empty = |state| NodeFacts {
        state,
        outputs: Vec::new(),
        clip: None,
        words: Vec::new(),
        thumb: None,
        board: None,
        advice: !slot.state.advice.is_empty(),
        slow: false,
        price: None,
        changes: Vec::new(),
    };
    let outcome = match &slot.state.outcome {
        Ok(outcome) => outcome,
        Err(_) if slot.state.inherited => return empty(State::Waiting),
        Err(error) => return empty(State::Error(error.clone())),
    };
    let outputs = outcome.outputs.iter().map(ToString::to_string).collect();
    let clip = outcome.outputs.iter().enumerate().find_map(|(i, d)| d.frames().map(|c| (i, c.clone())));
    let board = outcome.outputs.first().and_then(board);
    let words = outcome.words.clone();
    let known = NodeFacts { outputs, clip: clip.clone(), words, board, ..empty(State::Value) };
    match (outcome.class, clip) {
        // What it will give is an expectation until it has run.
        (Class::Job, _) => {
            let outputs = known.outputs.iter().map(|words| format!("~ {words}")).collect();
            NodeFacts { state: State::Job, price: outcome.price_usd, outputs, ..known }
        }
        (Class::Value, _) | (_, None) => known,
        (class, Some((output, clip))) => {
            let last = i64::try_from(clip.frames).unwrap_or(i64::MAX).saturating_sub(1);
            let port = slot.state.output_names().get(output).map(|name| (*name).into());
            let at = Request { port, ..Request::frame(slot.id.clone(), query.frame.clamp(0, last.max(0))) };
            let proxy = query.viewed.as_ref().map_or(1, |(_, p)| *p);
            let mut keyed = |request: Request| key(&request).map(|k| (request, k));
            let small = keyed(at.clone().proxy(thumb_proxy(&clip)));
            if small.is_none() {
                return NodeFacts { state: State::Unrun, ..known };
            }
            let has =
                |picture: &Option<(Request, Key)>| picture.as_ref().is_some_and(|(_, k)| evaluator.has(*k));
            // What was looked at is there for a small picture too, whatever its scale.
            let large = Some(()).filter(|()| !has(&small)).and_then(|()| keyed(at.proxy(proxy)));
            let there = has(&small) || has(&large);
            let thumb = if has(&large) { large } else { small };
            let state = if there { State::Cached } else { State::Live };
            // What is slow is never made unasked; a small picture of it is shown only once it is there.
            let slow = class == Class::HeavyFrames && !there;
            NodeFacts { state, thumb: thumb.filter(|_| !slow), slow, ..known }
        }
    }
}

/// What a node's small picture is made from.
pub(super) enum Small {
    /// A frame of it.
    Frame(Request),
    /// Pictures that it names.
    Board(Vec<PathBuf>),
}

impl NodeFacts {
    /// Whether a node shows the same by both: which picture fits the playhead is told by the picture.
    pub(super) fn reads_like(&self, other: &Self) -> bool {
        self.state == other.state
            && self.outputs == other.outputs
            && self.clip == other.clip
            && self.words == other.words
            && self.changes == other.changes
            && (self.slow, self.advice, self.price) == (other.slow, other.advice, other.price)
    }

    /// What its small picture is known by.
    pub(super) fn small_key(&self) -> Option<Key> {
        self.thumb.as_ref().map(|(_, key)| *key).or_else(|| self.board.as_ref().map(|(_, key)| *key))
    }

    /// What its small picture would be made from.
    pub(super) fn small(&self) -> Option<Small> {
        let frame = self.thumb.as_ref().map(|(request, _)| Small::Frame(request.clone()));
        frame.or_else(|| self.board.as_ref().map(|(pictures, _)| Small::Board(pictures.clone())))
    }
}

/// The pictures that stand for what is no clip.
fn board(desc: &Desc) -> Option<(Vec<PathBuf>, Key)> {
    let pictures: Vec<PathBuf> = match desc {
        Desc::Style(style) => style.references.clone(),
        Desc::Character(character) => character.references.clone(),
        Desc::ImageSet(set) => set.images.iter().filter_map(|image| image.file.clone()).collect(),
        _ => Vec::new(),
    };
    let names: Vec<_> = pictures.iter().map(|p| p.to_string_lossy()).collect();
    (!pictures.is_empty()).then(|| (pictures.clone(), Key::of(names.join("\n").as_bytes())))
}

/// The scale at which a picture is made small: a power of two that leaves enough pixels.
pub(super) fn thumb_proxy(clip: &ClipDesc) -> u32 {
    let mut proxy = 1;
    while clip.width / (proxy * 2) >= THUMB_PIXELS && proxy < 64 {
        proxy *= 2;
    }
    proxy
}

fn stretches(frames: Range<i64>, mut has: impl FnMut(i64) -> bool) -> Vec<Range<i64>> {
    let mut all: Vec<Range<i64>> = Vec::new();
    for frame in frames.filter(|f| has(*f)) {
        match all.last_mut() {
            Some(last) if last.end == frame => last.end = frame + 1,
            _ => all.push(frame..frame + 1),
        }
    }
    all
}

/// Bytes in memory and the budget, read without waiting for long.
pub(super) fn memory_usage(evaluator: &Evaluator) -> (u64, u64) {
    let memory: std::sync::MutexGuard<'_, MemoryCache> = evaluator.memory();
    memory.usage()
}

/// A value behind a lock that a panicking thread cannot spoil.
pub(super) fn locked<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::Rate;

    #[test]
    fn cached_frames_are_told_in_stretches() {
        let there = [0, 1, 2, 5, 7, 8];
        assert_eq!(stretches(0..10, |f| there.contains(&f)), [0..3, 5..6, 7..9]);
    }

    #[test]
    fn thumbnails_are_made_small_but_not_too_small() {
        let proxy = |w| thumb_proxy(&ClipDesc::clip(w, w / 2, Rate::FILM, 1));
        assert_eq!((proxy(320), proxy(1920), proxy(3840), proxy(7680)), (1, 4, 8, 16));
    }
}
