//! A and B: which node B is, which frames belong together, and what is drawn of them.

use super::eye::Seen;
use super::paint::{Layer, Painted};
use super::{Editor, views};
use crate::editor::panels::compare::{CompareAction, CompareView, GAINS, Mode, OtherView, Side};
use crate::editor::panels::viewer::{Shown, ViewerView};
use egui::{Rect, Ui};

/// How A and B are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Compare {
    mode: Mode,
    /// The viewer key that B is on; the next one that has a node where this one has none.
    slot: u8,
    wipe: f32,
    gain: f32,
}

impl Default for Compare {
    fn default() -> Self {
        let CompareView { mode, wipe, gain, .. } = CompareView::default();
        Self { mode, slot: 2, wipe, gain }
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

    /// The viewer key that B would be on.
    fn other_slot(&self) -> Option<u8> {
        let all = self.others();
        let chosen = all.iter().find(|(slot, _)| *slot == self.compare.slot);
        chosen.or(all.first()).map(|(slot, _)| *slot)
    }

    /// The viewer key that B is on, while B is seen.
    pub(super) fn other(&self) -> Option<u8> {
        self.other_slot().filter(|_| self.compare.mode != Mode::Off)
    }

    pub(super) fn compare_view(&self) -> CompareView {
        let Compare { mode, wipe, gain, .. } = self.compare;
        let slots = self.others();
        let slot = self.other_slot();
        let other = slots.iter().find(|(s, _)| Some(*s) == slot).map(|(slot, title)| OtherView {
            slot: *slot,
            title: title.clone(),
            shown: match self.other() {
                Some(slot) => self.shown(Side::B, self.viewed_on(slot)),
                None => Shown::Nothing,
            },
        });
        CompareView { mode, wipe, gain, other, slots }
    }

    /// Does what was asked of A and B.
    pub(super) fn on_compare(&mut self, action: CompareAction) {
        match action {
            CompareAction::Mode(mode) if mode == self.compare.mode => self.compare.mode = Mode::Off,
            CompareAction::Mode(mode) => self.compare.mode = mode,
            CompareAction::Other(slot) => self.compare.slot = slot,
            CompareAction::Wipe(at) => self.compare.wipe = at.clamp(0.0, 1.0),
            CompareAction::Gain(gain) => self.compare.gain = gain.clamp(GAINS.0, GAINS.1),
            CompareAction::Swap => {
                if let Some(other) = self.other_slot() {
                    self.compare.slot = std::mem::replace(&mut self.slot, other);
                    self.changed();
                }
            }
        }
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
        let (Some(pictures), [Some(first), other]) = (&self.pictures, self.viewer.places(panel, view)) else {
            return;
        };
        let density = ui.ctx().pixels_per_point();
        let [a, b] = view.compare.panes(panel);
        let [stage, _] = view.compare.stages(panel);
        let Shown::Picture { size, .. } = view.shown else { return };
        let linear = self.viewer.zoom.is_smooth(stage, size, density);
        let late = |shown: &Shown| matches!(shown, Shown::Picture { late: true, .. });
        let layer = |side, rect, clip, late| {
            let image = self.seen(side)?.image.clone();
            Some(Layer { image, minus: None, rect, clip, linear, late })
        };
        let mut layers = Vec::new();
        layers.extend(layer(Side::A, first, a, late(&view.shown)));
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
        let look = view.display.numbers(&self.theme.tokens).into();
        let painted = Painted { gpu: pictures.gpu().clone(), panel, layers, look };
        ui.painter().add(egui_wgpu::Callback::new_paint_callback(panel, painted));
    }
}
