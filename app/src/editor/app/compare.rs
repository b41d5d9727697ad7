//! A and B: which node B is, which frames belong together, and what is drawn of them.

use super::eye::Seen;
use super::paint::{Layer, Painted};
use super::{Editor, views};
use crate::editor::panels::compare::{CompareAction, CompareView, GAINS, Mode, OtherView, Side};
use crate::editor::panels::viewer::{Shown, ViewerView};
use egui::{Rect, Ui};
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::NodeId;
use rushes_engine::{Error, Result};
use std::sync::Arc;

/// What B is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Other {
    /// What is on a viewer key.
    Slot(u8),
    /// What the viewer shows, with another take of a node: its id in the library, or empty for what the node makes.
    Take(NodeId, String),
}

/// How A and B are compared.
#[derive(Clone, Debug)]
pub(super) struct Compare {
    mode: Mode,
    /// B; the next viewer key that has a node where this one has none.
    other: Other,
    /// What the take of B was called when it was chosen; its node may not be the selected one now.
    title: String,
    wipe: f32,
    gain: f32,
}

impl Default for Compare {
    fn default() -> Self {
        let CompareView { mode, wipe, gain, .. } = CompareView::default();
        Self { mode, other: Other::Slot(2), title: String::new(), wipe, gain }
    }
}

impl Editor {
    /// The viewer keys that B can be on, with the titles of their nodes.
    fn others(&self) -> Vec<(u8, String)> {
        let graph = self.session.document.graph();
        let mut all: Vec<_> = self.slots.iter().filter(|(slot, _)| **slot != self.slot).collect();
        all.sort();
        let title = |id| graph.find(id).ok().map(|node| views::title(graph, node, self.session.registry()));
        all.into_iter().filter_map(|(slot, id)| Some((*slot, title(id)?))).collect()
    }

    /// What B would be.
    fn any_other(&self) -> Option<Other> {
        if let Other::Take(node, _) = &self.compare.other
            && self.is_behind_viewed(node)
        {
            return Some(self.compare.other.clone());
        }
        let all = self.others();
        let chosen = all.iter().find(|(slot, _)| self.compare.other == Other::Slot(*slot));
        let slot = chosen.or(all.first()).map(|(slot, _)| Other::Slot(*slot));
        let take = || self.other_takes().into_iter().next();
        slot.or_else(|| take().map(|(node, take, _)| Other::Take(node, take)))
    }

    /// B, while it is seen.
    pub(super) fn other(&self) -> Option<Other> {
        self.any_other().filter(|_| self.compare.mode != Mode::Off)
    }

    /// The take that B plays in place of the node's own, while it is seen.
    pub(super) fn other_take(&self) -> Option<(NodeId, String)> {
        match self.other()? {
            Other::Take(node, take) => Some((node, take)),
            Other::Slot(_) => None,
        }
    }

    /// Whether what the viewer shows depends on a node.
    fn is_behind_viewed(&self, node: &NodeId) -> bool {
        let described = self.facts.as_ref().map(|f| &f.described);
        let viewed = self.viewed().zip(described);
        viewed
            .is_some_and(|(viewed, graph)| graph.working_before(&viewed).iter().any(|slot| slot.id == *node))
    }

    /// The graph that A or B is a picture of, once it is described.
    pub(super) fn graph_of(&self, side: Side) -> Option<&Arc<DescribedGraph>> {
        let facts = self.facts.as_ref()?;
        match self.other_take().filter(|_| side == Side::B) {
            None => Some(&facts.described),
            Some(of) => facts.aside.as_ref().filter(|aside| aside.of == of).map(|aside| &aside.described),
        }
    }

    /// The node that A or B is a picture of.
    pub(super) fn viewed_at(&self, side: Side) -> Option<NodeId> {
        match (side, self.other()) {
            (Side::A, _) | (Side::B, Some(Other::Take(..))) => self.viewed(),
            (Side::B, Some(Other::Slot(slot))) => self.viewed_on(slot),
            (Side::B, None) => None,
        }
    }

    /// The takes that B can play: of the selected node, where the viewer shows something of it.
    fn other_takes(&self) -> Vec<(NodeId, String, String)> {
        let Some(node) = self.shelf.node().filter(|node| self.is_behind_viewed(node)) else {
            return Vec::new();
        };
        let playing = self.session.document.graph().find(node).ok().map(|n| n.take.to_string());
        let all = self.takes_by_name(node).into_iter().filter(|(take, _)| Some(take) != playing.as_ref());
        all.map(|(take, title)| (node.clone(), take, title)).collect()
    }

    pub(super) fn compare_view(&self) -> CompareView {
        let Compare { mode, wipe, gain, .. } = self.compare;
        let slots = self.others();
        let others = self.other_takes();
        let other = self.any_other().map(|other| {
            let (slot, title) = match &other {
                Other::Slot(at) => (Some(*at), slots.iter().find(|(s, _)| s == at).map(|(_, t)| t.clone())),
                Other::Take(node, take) => {
                    let known = self.takes_by_name(node).into_iter().find(|(id, _)| id == take);
                    (None, Some(known.map_or_else(|| self.compare.title.clone(), |(_, title)| title)))
                }
            };
            let shown = match self.other() {
                Some(_) => self.shown(Side::B, self.viewed_at(Side::B)),
                None => Shown::Nothing,
            };
            OtherView { slot, title: title.unwrap_or_default(), shown }
        });
        let takes = others.into_iter().map(|(node, take, title)| (title, self.compares(&node, &take)));
        let playing = self.other_take().and_then(|(node, _)| {
            let take = self.session.document.graph().find(&node).ok()?.take.to_string();
            self.takes_by_name(&node).into_iter().find(|(id, _)| *id == take).map(|(_, title)| title)
        });
        let (takes, playing) = (takes.collect(), playing.unwrap_or_default());
        CompareView { mode, wipe, gain, other, slots, takes, playing }
    }

    /// Whether B is a take of a node.
    pub(super) fn compares(&self, node: &NodeId, take: &str) -> bool {
        matches!(self.other(), Some(Other::Take(of, id)) if of == *node && id == take)
    }

    /// Lets B be the viewed picture with another take of a node. Shows the node where the viewer shows nothing of it.
    pub(super) fn compare_take(&mut self, node: &NodeId, take: &str) {
        if self.compares(node, take) {
            return;
        }
        if !self.is_behind_viewed(node) {
            self.show_in(self.slot, node.clone());
        }
        let titles = self.takes_by_name(node).into_iter();
        let title = titles.into_iter().find(|(id, _)| id == take).map(|(_, title)| title);
        self.compare.title = title.unwrap_or_else(|| "another take".into());
        self.compare.other = Other::Take(node.clone(), take.to_owned());
        if self.compare.mode == Mode::Off {
            self.compare.mode = Mode::Wipe;
        }
        self.watch.eye_mut(Side::B).forget();
        self.watch.pair = None;
    }

    /// Shows A alone.
    pub(super) fn stop_comparing(&mut self) {
        self.compare.mode = Mode::Off;
    }

    /// Compares the chosen take of a node with the newest other one, or stops.
    pub(super) fn compare_takes(&mut self, node: &NodeId) -> Result<()> {
        if matches!(self.other(), Some(Other::Take(of, _)) if of == *node) {
            self.stop_comparing();
            return Ok(());
        }
        let chosen = self.session.document.graph().find(node)?.take.to_string();
        let mut others = self.takes_by_name(node).into_iter().filter(|(take, _)| *take != chosen);
        let (take, _) = others.next().ok_or_else(|| {
            Error::usage("there is no other take to compare with")
                .at(node.place())
                .help("bring a take, or run the node again")
        })?;
        self.compare_take(node, &take);
        Ok(())
    }

    /// Does what was asked of A and B.
    pub(super) fn on_compare(&mut self, action: CompareAction) {
        match action {
            CompareAction::Mode(mode) if mode == self.compare.mode => self.stop_comparing(),
            CompareAction::Mode(mode) => {
                // What it is compared with stays so, whatever is selected later.
                match self.any_other() {
                    Some(Other::Take(node, take)) => self.compare_take(&node, &take),
                    Some(other) => self.compare.other = other,
                    None => {}
                }
                self.compare.mode = mode;
            }
            CompareAction::Other(slot) => self.compare.other = Other::Slot(slot),
            CompareAction::Take(at) => {
                if let Some((node, take, _)) = self.other_takes().into_iter().nth(at) {
                    self.compare_take(&node, &take);
                }
            }
            CompareAction::Wipe(at) => self.compare.wipe = at.clamp(0.0, 1.0),
            CompareAction::Gain(gain) => self.compare.gain = gain.clamp(GAINS.0, GAINS.1),
            CompareAction::Swap => match self.any_other() {
                Some(Other::Slot(other)) => {
                    self.compare.other = Other::Slot(std::mem::replace(&mut self.slot, other));
                    self.changed();
                }
                Some(Other::Take(node, take)) => {
                    let done = self.swap_takes(&node, &take);
                    self.told(done);
                }
                None => {}
            },
        }
    }

    /// Lets a node play the take that B is, and B the one that it played.
    fn swap_takes(&mut self, node: &NodeId, take: &str) -> Result<()> {
        let before = self.session.document.graph().find(node)?.take.to_string();
        self.session.choose_take(node, take, "Choose a take")?;
        self.compare.other = Other::Take(node.clone(), before);
        Ok(())
    }

    /// Keeps the frames of A and B that were asked for at one moment of the playhead.
    pub(super) fn pair_up(&mut self) {
        let [a, b] = [Side::A, Side::B].map(|side| self.watch.eye(side).seen.as_ref());
        if let (Some(a), Some(b)) = (a, b)
            && a.want.playhead == b.want.playhead
        {
            self.watch.pair = Some([a.clone(), b.clone()]);
        }
    }

    /// The picture that is seen: while A and B play, the last two that belong together.
    pub(super) fn seen(&self, side: Side) -> Option<&Seen> {
        let last = self.watch.eye(side).seen.as_ref()?;
        if self.other().is_none() || self.playback.speed == 0.0 {
            return Some(last);
        }
        let pair = self.watch.pair.as_ref().map(|[a, b]| if side == Side::A { a } else { b });
        Some(pair.filter(|seen| seen.want.request.node == last.want.request.node).unwrap_or(last))
    }

    /// The frames of A and B that are seen, for those who watch the editor from outside, such as tests.
    pub fn frames_seen(&self) -> Option<[i64; 2]> {
        self.other()?;
        let frame = |side| Some(self.seen(side)?.want.request.frame);
        Some([frame(Side::A)?, frame(Side::B)?])
    }

    /// Draws what the viewer shows.
    pub(super) fn paint_viewer(&self, ui: &Ui, panel: Rect, view: &ViewerView) {
        let (Some(pictures), Some(size)) = (&self.pictures, view.size()) else { return };
        let [first, other] = self.viewer.places(panel, view);
        let density = ui.ctx().pixels_per_point();
        let [a, b] = view.compare.panes(panel);
        let [stage, _] = view.compare.stages(panel);
        let linear = self.viewer.zoom.is_smooth(stage, size, density);
        let late = |shown: &Shown| matches!(shown, Shown::Picture { late: true, .. });
        let layer = |side, rect, clip, late| {
            let image = self.seen(side)?.image.clone();
            Some(Layer { image, minus: None, rect, clip, linear, late })
        };
        let mut layers = Vec::new();
        layers.extend(first.and_then(|rect| layer(Side::A, rect, a, late(&view.shown))));
        if let (Some(rect), Some(other)) = (other, &view.compare.other) {
            let second = layer(Side::B, rect, b, late(&other.shown));
            match (view.compare.mode(), second, layers.first_mut()) {
                (Mode::Difference, Some(second), Some(layer)) => {
                    layer.late |= second.late;
                    layer.minus = Some((second.image, rect, view.compare.gain));
                }
                (_, second, _) => layers.extend(second),
            }
        }
        if layers.is_empty() {
            return;
        }
        let look = view.display.numbers(&self.theme.tokens).into();
        let painted = Painted { gpu: pictures.gpu().clone(), panel, layers, look };
        ui.painter().add(egui_wgpu::Callback::new_paint_callback(panel, painted));
    }
}
