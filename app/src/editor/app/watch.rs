//! Asking for pictures: the viewer's frame, frames ahead of the playhead, small pictures on nodes.

use super::eye::{Eye, Seen, Want};
use super::facts::{Query, Small, State};
use super::screen::image_of;
use super::{Editor, Message};
use crate::editor::panels::compare::Side;
use crate::editor::panels::viewer::Shown;
use crate::editor::widgets::paint::capital;
use rushes_engine::describe::{DescribedGraph, Shape, ShapePort};
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::{Frame, Wish};
use rushes_engine::plan::Request;
use rushes_engine::tool::Lane;
use rushes_engine::{ClipDesc, ErrorKind, Rate, Result};
use rushes_gpu::Expr;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

/// Frames made ahead of the playhead while it plays.
const AHEAD: i64 = 6;
/// Pixels along the longer side that are enough to judge a picture by.
const ENOUGH: u32 = 480;
/// Pixels of the picture of a board, as wide to high as the place for it.
const BOARD: [usize; 2] = [352, 198];
/// Small pictures asked for at once.
const THUMBS_AT_ONCE: usize = 3;

/// What the finder was asked last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    revision: u64,
    frame: i64,
    viewed: Option<(NodeId, u32)>,
    inside: Option<NodeId>,
    chosen: Vec<NodeId>,
    aside: Option<(NodeId, String)>,
    learned: u64,
    /// Pictures made so far, told only once nothing is under way: each makes a state and the bar old.
    made: u64,
}

/// What the viewer asked for and what came.
#[derive(Default)]
pub(super) struct Watch {
    eyes: [Eye; 2],
    /// The last frames of A and B that belong together.
    pub(super) pair: Option<[Seen; 2]>,
    /// Grows with every picture that came.
    pub(super) made: u64,
    /// Grows when files turn out to be others than they seemed.
    pub(super) learned: u64,
}

impl Watch {
    /// Whether what was asked for came, or failed.
    pub(super) fn is_settled(&self) -> bool {
        self.eyes.iter().all(Eye::is_settled)
    }

    /// Nothing that was asked for is wanted any more, and nothing that came is shown.
    pub(super) fn forget(&mut self) {
        self.eyes.iter_mut().for_each(Eye::forget);
        self.pair = None;
    }

    /// One of the two pictures.
    pub(super) fn eye(&self, side: Side) -> &Eye {
        let [a, b] = &self.eyes;
        if side == Side::A { a } else { b }
    }

    pub(super) fn eye_mut(&mut self, side: Side) -> &mut Eye {
        let [a, b] = &mut self.eyes;
        if side == Side::A { a } else { b }
    }
}

/// The coarsest of 1, 2, 4… up to `coarsest` that leaves enough of a picture's longer side.
fn coarse(side: u32, coarsest: u32) -> u32 {
    let mut proxy = 1;
    while proxy * 2 <= coarsest && side / (proxy * 2) >= ENOUGH {
        proxy *= 2;
    }
    proxy
}

/// Where a picture of the viewer comes from.
struct Source {
    side: Side,
    graph: Arc<DescribedGraph>,
    node: NodeId,
    /// In frames.
    length: i64,
}

/// The frames that a node of a described graph gives.
fn clip_in<'a>(graph: &'a DescribedGraph, id: &NodeId) -> Option<&'a ClipDesc> {
    let outcome = graph.slot(id).ok()?.state.outcome.as_ref().ok()?;
    outcome.outputs.iter().find_map(|desc| desc.frames())
}

impl Editor {
    /// The node in the viewer: that of the key in use, or what feeds it where it gives no picture itself.
    pub(super) fn viewed(&self) -> Option<NodeId> {
        self.viewed_on(self.slot)
    }

    /// The node that a viewer key shows.
    pub(super) fn viewed_on(&self, slot: u8) -> Option<NodeId> {
        let id = self.slots.get(&slot).filter(|id| self.session.document.graph().find(id).is_ok())?;
        if self.clip_of(id).is_some() || self.stills_of(id).is_some() {
            return Some(id.clone());
        }
        let graph = self.session.document.graph();
        let shape = Shape::of_node(graph, self.session.registry(), id).ok()?;
        if shape.outputs.iter().any(|p| p.value == Some(rushes_engine::ValueType::Clip)) {
            return Some(id.clone());
        }
        // The node's own order: a file of sound has a picture too, and it is not the one that is meant.
        let feeds = self.feeds(id);
        let fed = |port: &ShapePort| {
            let of_port =
                |(to, from): &&(Arc<str>, NodeId)| port.answers_to(to) && self.clip_of(from).is_some();
            feeds.iter().find(of_port).map(|(_, from)| from.clone())
        };
        shape.inputs.iter().find_map(fed).or_else(|| Some(id.clone()))
    }

    /// The nodes that are wired into a node where it stands, each with the input that it is wired to.
    pub(super) fn feeds(&self, id: &NodeId) -> Vec<(Arc<str>, NodeId)> {
        let Some(level) = self.session.document.graph().level_of(id) else { return Vec::new() };
        let local = id.local();
        let links = level.links_into(&local);
        links.map(|(to, link)| (to.port.clone(), id.beside(&link.from.node))).collect()
    }

    /// The frames that a node gives.
    pub(super) fn clip_of(&self, id: &NodeId) -> Option<&ClipDesc> {
        self.facts.as_ref()?.nodes.get(id)?.clip.as_ref().map(|(_, c)| c)
    }

    /// Chooses the scale of the viewer where nobody has: a small picture is shown whole even where pictures are dear.
    fn choose_proxy(&mut self) {
        let clip = self.viewed().and_then(|id| self.clip_of(&id).map(|c| c.width.max(c.height)));
        if let (Some(coarsest), Some(side)) = (self.coarsest, clip) {
            self.proxy = coarse(side, coarsest);
        }
    }

    /// The rate and length of what is viewed, once they are known. A graph in which something is wrong for a moment
    /// has none, and the playhead stays where it is.
    pub(super) fn known_timing(&self) -> Option<(Rate, i64)> {
        let viewed = self.viewed()?;
        let clip = self.clip_of(&viewed)?;
        Some((clip.rate.unwrap_or(Rate::FILM), i64::try_from(clip.frames).unwrap_or(i64::MAX)))
    }

    /// The rate and length of what is viewed; a single frame while they are not known.
    pub(super) fn timing(&self) -> (Rate, i64) {
        self.known_timing().unwrap_or((Rate::FILM, 1))
    }

    /// Asks the finder where anything that it answers from has changed.
    pub(super) fn ask_for_facts(&mut self) {
        self.choose_proxy();
        let document = &self.session.document;
        let viewed = self.viewed().map(|id| (id, self.proxy));
        let learned = self.watch.learned;
        let at_rest = self.watch.is_settled() && self.scheduler.pending() == 0;
        let told = self.asked.as_ref().map_or(0, |a| a.made);
        let made = if at_rest { self.watch.made } else { told };
        let chosen = self.chosen_nodes().collect();
        let inside = self.inside.node().cloned();
        let (revision, frame) = (document.revision(), self.playback.frame);
        let aside = self.other_take();
        let question = Question { revision, frame, viewed, inside, chosen, aside, learned, made };
        // While it plays, the bar and the states may lag; the document may not.
        let moved_only =
            self.asked.as_ref().is_some_and(|a| Question { frame: question.frame, ..a.clone() } == question);
        if self.asked.as_ref() == Some(&question) || (moved_only && self.playback.speed != 0.0) {
            return;
        }
        self.queries += 1;
        self.finder.ask(Query {
            number: self.queries,
            learned,
            graph: Arc::clone(document.graph()),
            files: Arc::clone(self.session.files()),
            focus: self.inside.focus().or(document.focus()).cloned(),
            frame: question.frame,
            viewed: question.viewed.clone(),
            inside: question.inside.clone(),
            kept: self.slots.values().filter(|id| id.is_inner()).cloned().collect(),
            chosen: question.chosen.clone(),
            aside: question.aside.clone(),
        });
        self.asked = Some(question);
    }

    /// Asks for the viewer's frames where they are not the ones that were asked for, and for those ahead of them.
    pub(super) fn ask_for_pictures(&mut self) {
        if self.facts.is_none() {
            return;
        }
        if self.other().is_none() {
            self.watch.eye_mut(Side::B).forget();
            self.watch.pair = None;
        }
        let sources = [Side::A, Side::B].map(|side| self.source(side));
        for (side, source) in [Side::A, Side::B].into_iter().zip(&sources) {
            if source.is_none() {
                self.watch.eye_mut(side).close();
            }
        }
        let locked = self.in_step(&sources);
        let mut near = Vec::new();
        for source in sources.into_iter().flatten() {
            if !locked {
                self.ask_for_frame(&source);
            }
            let frames = self.ahead_of(source.length);
            near.push((source, frames));
        }
        self.scheduler.retain(Lane::Playback, |r| {
            near.iter().any(|(source, frames)| r.node == source.node && frames.contains(&r.frame))
        });
        for (source, frames) in near {
            self.ask_ahead(&source, &frames);
        }
    }

    /// Where a picture of the viewer comes from, once it is known.
    fn source(&self, side: Side) -> Option<Source> {
        let graph = self.graph_of(side)?;
        let node = self.viewed_at(side)?;
        let length = i64::try_from(clip_in(graph, &node)?.frames).unwrap_or(i64::MAX);
        Some(Source { side, graph: Arc::clone(graph), node, length })
    }

    /// Whether A and B play together and one of them is still on its way: the playhead is not asked for before both have
    /// come, so that what is shown together belongs together.
    fn in_step(&self, sources: &[Option<Source>; 2]) -> bool {
        let asked = |source: &Source| {
            let want = self.watch.eye(source.side).want.as_ref();
            want.is_some_and(|w| Arc::ptr_eq(&w.graph, &source.graph) && w.request.node == source.node)
        };
        let both = sources.iter().all(|source| source.as_ref().is_some_and(asked));
        both && self.playback.speed != 0.0 && !self.watch.is_settled()
    }

    fn ask_for_frame(&mut self, source: &Source) {
        let playhead = self.playback.frame;
        let frame = playhead.clamp(0, source.length - 1);
        let request = Request::frame(source.node.clone(), frame).proxy(self.proxy);
        let graph = Arc::clone(&source.graph);
        let want = Want { side: source.side, graph, request, playhead, number: 0 };
        let Some(want) = self.watch.eye_mut(source.side).wish(want) else { return };
        let (tell, screen) = (self.tell.clone(), self.screen.clone());
        let (request, channel) = (want.request.clone(), u64::from(source.side == Side::B));
        let finish = move |frame| screen.settled(frame);
        self.scheduler.ask_and(
            &source.graph,
            request,
            Wish::of(Lane::Viewer),
            channel,
            finish,
            move |made| {
                tell.say(Message::Viewer(want, made));
            },
        );
    }

    /// Frames that the playhead is about to come to.
    fn ahead_of(&self, length: i64) -> HashSet<i64> {
        let frames = self.playback.ahead(self.range(), AHEAD);
        frames.into_iter().map(|frame| frame.clamp(0, (length - 1).max(0))).collect()
    }

    fn ask_ahead(&mut self, source: &Source, frames: &HashSet<i64>) {
        let ahead = &mut self.watch.eye_mut(source.side).ahead;
        ahead.retain(|f| frames.contains(f));
        let new: Vec<i64> = frames.iter().copied().filter(|f| ahead.insert(*f)).collect();
        for frame in new {
            let tell = self.tell.clone();
            let request = Request::frame(source.node.clone(), frame).proxy(self.proxy);
            self.scheduler.ask(&source.graph, request, Wish::of(Lane::Playback), 0, move |_, _| {
                tell.say(Message::Ahead);
            });
        }
    }

    /// Asks for small pictures of nodes in view whose picture is not the one that they would make now.
    pub(super) fn ask_for_thumbs(&mut self) {
        let Some(facts) = &self.facts else { return };
        if self.playback.speed != 0.0 || self.canvas.is_interacting() || !self.watch.is_settled() {
            return;
        }
        let wanted: HashSet<_> = facts.nodes.values().filter_map(|f| f.small_key()).collect();
        self.thumbs_asked.retain(|key| wanted.contains(key));
        let graph = Arc::clone(&facts.described);
        let mut new = Vec::new();
        for (id, node) in &facts.nodes {
            let Some(key) = node.small_key() else { continue };
            let room = self.thumbs_asked.len() + new.len() < THUMBS_AT_ONCE;
            if room
                && self.thumbs.get(id) != Some(&key)
                && !self.thumbs_asked.contains(&key)
                && self.canvas_sees(id)
            {
                new.extend(node.small().map(|small| (id.clone(), small, key)));
            }
        }
        for (id, small, key) in new {
            self.thumbs_asked.insert(key);
            let (tell, screen) = (self.tell.clone(), self.screen.clone());
            match small {
                Small::Frame(request) => {
                    let wish = Wish::of(Lane::Thumbnail);
                    let finish = move |frame| screen.settled(frame);
                    self.scheduler.ask_and(&graph, request, wish, 0, finish, move |made| {
                        tell.say(Message::Thumb(id, key, made));
                    });
                }
                Small::Board(pictures) => {
                    let [width, height] = BOARD;
                    let draw = move || {
                        let sheet = rushes_nodes::contact_sheet(screen.services(), &pictures, width, height);
                        let sheet = sheet.and_then(|sheet| screen.drawable(sheet));
                        let frame = sheet.map(|image| Frame { key, payload: Arc::new(Expr::Image(image)) });
                        tell.say(Message::Thumb(id, key, frame));
                    };
                    match std::thread::Builder::new().name("board".into()).spawn(draw) {
                        Ok(thread) => self.leaving.push(thread),
                        Err(e) => log::warn!("no thread could be started: {e}"),
                    }
                }
            }
        }
        self.leaving.retain(|thread| !thread.is_finished());
    }

    fn canvas_sees(&self, id: &NodeId) -> bool {
        let here = self.inside.on_canvas(id);
        here.is_some_and(|id| self.canvas.sees(&self.view, id.as_str(), &self.theme))
    }

    /// Takes a frame that came for the viewer.
    pub(super) fn picture_came(&mut self, want: Want, result: Result<Frame>) {
        let side = want.side;
        if self.watch.eye(side).is_past(&want) {
            return;
        }
        match result {
            Ok(frame) => {
                let Some(image) = image_of(&frame.payload) else { return };
                let clip = clip_in(&want.graph, &want.request.node);
                let size = clip.map_or([image.width(), image.height()], |c| [c.width, c.height]);
                if side == Side::A {
                    self.playback.picture_shown(Instant::now());
                }
                self.watch.made += 1;
                // What is too slow to be made small unasked has a small picture once it was looked at.
                let own = side == Side::A || self.other_take().is_none();
                if self.playback.speed == 0.0
                    && own
                    && let Some(pictures) = &mut self.pictures
                    && let Err(e) = pictures.thumb(&want.request.node.as_str().into(), &image)
                {
                    log::warn!("no small picture: {e}");
                }
                self.watch.eye_mut(side).came(want, Ok((image, size)));
                self.pair_up();
                self.changed();
            }
            Err(e) if e.is_cancelled() => {}
            Err(e) => self.watch.eye_mut(side).came(want, Err(e)),
        }
    }

    /// Takes a small picture that came.
    pub(super) fn thumb_came(&mut self, id: &NodeId, key: rushes_engine::Key, result: Result<Frame>) {
        self.thumbs_asked.remove(&key);
        match result {
            Ok(frame) => {
                // Whatever comes of it, this key is not asked for again.
                self.thumbs.insert(id.clone(), key);
                let Some(image) = image_of(&frame.payload) else { return };
                let Some(pictures) = &mut self.pictures else { return };
                match pictures.thumb(&id.as_str().into(), &image) {
                    Ok(_) => {
                        self.watch.made += 1;
                        self.changed();
                    }
                    Err(e) => log::warn!("no small picture: {e}"),
                }
            }
            Err(e) if e.is_cancelled() => {}
            Err(e) => {
                // Not tried again until the key changes.
                log::debug!("no small picture of {id}: {e}");
                self.thumbs.insert(id.clone(), key);
                if e.kind() == ErrorKind::Consent {
                    self.unmade.insert(id.clone(), key);
                    self.changed();
                }
            }
        }
    }

    /// What is wrong before a node, told with the name of the node where it is wrong.
    fn upstream_error(&self, id: &NodeId) -> Shown {
        let graph = self.session.document.graph();
        let mut seen = HashSet::new();
        let feeds = |id: &NodeId| self.feeds(id).into_iter().map(|(_, from)| from).collect::<Vec<_>>();
        let mut next = feeds(id);
        let mut found = None;
        while let (None, Some(id)) = (&found, next.pop()) {
            let state = self.facts.as_ref().and_then(|f| f.nodes.get(&id)).map(|f| &f.state);
            if let (Some(State::Error(error)), Ok(node)) = (state, graph.find(&id)) {
                let title = super::views::title(graph, node, self.session.registry());
                let what = format!("{title}: {error}");
                found = Some(Shown::Failed { what, help: capital(error.help_text()) });
            }
            next.extend(feeds(&id).into_iter().filter(|id| seen.insert(id.clone())));
        }
        let unknown = || Shown::Failed {
            what: "Something before this node is wrong".into(),
            help: "See Problems for the node before it".into(),
        };
        found.unwrap_or_else(unknown)
    }

    /// What the viewer has to show of a node.
    pub(super) fn shown(&self, side: Side, id: Option<NodeId>) -> Shown {
        let Some(id) = id else { return Shown::Nothing };
        if side == Side::B && self.other_take().is_some() {
            return self.shown_aside(&id);
        }
        let facts = self.facts.as_ref().and_then(|f| f.nodes.get(&id));
        match facts.map(|f| &f.state) {
            None => return Shown::Making("Looking at the graph".into()),
            Some(State::Error(e)) => return failed(e),
            Some(State::Waiting) => {
                return self.upstream_error(&id);
            }
            Some(State::Job) if self.clip_of(&id).is_some() => {
                let price = facts.and_then(|f| f.price);
                let cost = price.map_or_else(String::new, |usd| format!("It costs about ${usd:.2}"));
                return Shown::NeedsRun(cost);
            }
            Some(_) if self.clip_of(&id).is_none() => {
                if let Some(set) = self.stills_of(&id) {
                    return Shown::Stills(self.stills_view(&id, set));
                }
                let help = "Select another node and press 1".into();
                return Shown::Failed { what: "This node gives no picture".into(), help };
            }
            Some(_) => {}
        }
        self.picture_of(side, &id)
    }

    /// What the viewer has to show of a node in the graph with another take.
    fn shown_aside(&self, id: &NodeId) -> Shown {
        let slot = self.graph_of(Side::B).and_then(|graph| graph.slot(id).ok());
        match slot.map(|slot| &slot.state) {
            None => Shown::Making("Looking at the take".into()),
            Some(state) => match &state.outcome {
                Ok(_) => self.picture_of(Side::B, id),
                Err(_) if state.inherited => self.upstream_error(id),
                Err(e) => failed(e),
            },
        }
    }

    fn picture_of(&self, side: Side, id: &NodeId) -> Shown {
        let eye = self.watch.eye(side);
        if let Some(error) = eye.error() {
            return failed(error);
        }
        match self.seen(side) {
            Some(seen) if seen.want.request.node == *id => {
                let late = eye.is_late() && self.playback.speed == 0.0;
                Shown::Picture { texture: None, size: seen.size, late }
            }
            _ => Shown::Making("The first frame takes longest".into()),
        }
    }
}

fn failed(e: &rushes_engine::Error) -> Shown {
    Shown::Failed { what: capital(&e.to_string()), help: capital(e.help_text()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_picture_is_not_made_smaller() {
        assert_eq!([512, 1280, 1920, 3840, 7680].map(|side| coarse(side, 4)), [1, 2, 4, 4, 4]);
        assert_eq!(coarse(3840, 1), 1);
    }
}
