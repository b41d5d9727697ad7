//! What the timeline remembers between frames: what is chosen, what is dragged and what is seen.

use super::axis::Zoom;
use super::keys::{Frames, Shift, moved, written};
use super::view::{LaneId, LaneView, TimelineAction, TimelineCommand, TimelineView};
use egui::{Modifiers, Pos2};
use rushes_engine::param::Keyframe;
use std::collections::BTreeMap;

/// Keys that are chosen, by lane.
pub(super) type Chosen = BTreeMap<LaneId, Frames>;

/// The timeline. Holds what the graph does not: zoom, selection, the drag under way.
#[derive(Debug, Default)]
pub struct Timeline {
    pub(super) curves: bool,
    pub(super) as_time: bool,
    pub(super) zoom: Zoom,
    pub(super) values: Option<[f64; 2]>,
    pub(super) scroll: f32,
    pub(super) active: Option<LaneId>,
    pub(super) chosen: Chosen,
    pub(super) drag: Option<Drag>,
    pub(super) in_use: bool,
    pub(super) asked: Vec<TimelineCommand>,
}

/// What the pointer holds.
#[derive(Debug)]
pub(super) enum Drag {
    /// Chosen keys.
    Keys {
        from: Pos2,
        /// The keys as they were, with those that move.
        origin: Vec<(LaneView, Frames)>,
        copy: bool,
        channel: usize,
        /// The last shift, so that nothing is done twice.
        done: Shift,
    },
    /// A handle of a key: of the way out, or of the way in.
    Handle { lane: LaneView, frame: i64, channel: usize, out: bool },
    /// A box around keys, and what was chosen before it.
    Box { from: Pos2, before: Chosen },
    /// The in point, or the out point.
    Range {
        out: bool,
        /// Both as they were.
        from: [i64; 2],
    },
    /// What is seen, with the pointer's last place.
    Pan(Pos2),
}

impl Timeline {
    /// Whether it was the last panel that was pressed, and so owns the keys.
    pub fn is_in_use(&self) -> bool {
        self.in_use
    }

    /// Does a command at the next frame.
    pub fn ask(&mut self, command: TimelineCommand) {
        self.asked.push(command);
    }

    /// Whether a command would do anything.
    pub fn can(&self, command: TimelineCommand) -> bool {
        use TimelineCommand as C;
        match command {
            C::Delete | C::Cut | C::Copy | C::Shape(_) => !self.chosen.is_empty(),
            _ => true,
        }
    }

    /// Forgets what belonged to another graph.
    pub fn forget(&mut self) {
        *self = Self { curves: self.curves, as_time: self.as_time, ..Self::default() };
    }

    /// Lets go of what is held, and of the keys: something else is shown.
    pub fn let_go(&mut self) {
        (self.drag, self.in_use) = (None, false);
        self.asked.clear();
    }

    /// Forgets keys that are there no more.
    pub(super) fn keep(&mut self, view: &TimelineView) {
        if matches!(self.drag, Some(Drag::Keys { .. })) {
            return;
        }
        self.chosen.retain(|id, frames| {
            let lane = view.lanes.iter().find(|l| l.id == *id);
            let keys = lane.map(|l| l.curve.keys()).unwrap_or_default();
            frames.retain(|f| keys.binary_search_by_key(f, |k| k.frame).is_ok());
            !frames.is_empty()
        });
    }

    pub(super) fn is_chosen(&self, lane: &LaneId, frame: i64) -> bool {
        self.chosen.get(lane).is_some_and(|frames| frames.contains(&frame))
    }

    /// Chooses a key by a click: with Shift or Ctrl beside others.
    pub(super) fn choose(&mut self, lane: &LaneId, frame: i64, held: Modifiers) {
        self.active = Some(lane.clone());
        if !(held.shift || held.command) {
            self.chosen.clear();
        }
        let frames = self.chosen.entry(lane.clone()).or_default();
        if !frames.insert(frame) && held.command {
            frames.remove(&frame);
            self.chosen.retain(|_, frames| !frames.is_empty());
        }
    }

    /// Takes hold of the chosen keys, of which one is under the pointer.
    pub(super) fn grab(
        &mut self,
        view: &TimelineView,
        key: (&LaneId, i64),
        channel: usize,
        from: Pos2,
        held: Modifiers,
        out: &mut Vec<TimelineAction>,
    ) {
        if !self.is_chosen(key.0, key.1) {
            self.choose(key.0, key.1, Modifiers { command: false, ..held });
        }
        let lanes = view.lanes.iter().filter_map(|l| Some((l.clone(), self.chosen.get(&l.id)?.clone())));
        let copy = held.alt || held.command;
        self.drag = Some(Drag::Keys { from, origin: lanes.collect(), copy, channel, done: Shift::default() });
        out.push(TimelineAction::Begin);
    }

    /// Moves what is held by so much of time and value.
    pub(super) fn shift(&mut self, frames: i64, value: f64, out: &mut Vec<TimelineAction>) {
        let Some(Drag::Keys { origin, copy, channel, done, .. }) = &mut self.drag else { return };
        // Nothing goes before the first frame, unless it was there.
        let first = origin.iter().filter_map(|(_, frames)| frames.first()).min().copied().unwrap_or(0);
        let frames = frames.max(-first.max(0));
        let shift = Shift { frames, value, channel: *channel, copy: *copy };
        if shift == (Shift { copy: *copy, channel: *channel, ..*done }) {
            return;
        }
        *done = shift;
        let set = |(lane, chosen): &(LaneView, Frames)| {
            // Values move in the lanes that hold numbers; a copy that lies on its original is none.
            let shift = Shift { copy: shift.copy && frames != 0, ..shift };
            let keys = moved(lane.curve.keys(), chosen, shift, lane.spec.as_ref());
            (lane.id.clone(), written(keys, &lane.now))
        };
        let params = origin.iter().map(set).collect();
        let label = if *copy { "Copy keys" } else { "Move keys" };
        self.chosen = origin
            .iter()
            .map(|(lane, chosen)| (lane.id.clone(), chosen.iter().map(|f| f + frames).collect()))
            .collect();
        out.push(TimelineAction::Set { params, label });
    }

    /// Lets go.
    pub(super) fn release(&mut self, out: &mut Vec<TimelineAction>) {
        if let Some(Drag::Keys { .. } | Drag::Handle { .. } | Drag::Range { .. }) = self.drag.take() {
            out.push(TimelineAction::End);
        }
    }

    /// What every lane with chosen keys is to hold, by `change`.
    pub(super) fn changed(
        &self,
        view: &TimelineView,
        change: impl Fn(&LaneView, &Frames) -> Vec<Keyframe>,
    ) -> Vec<(LaneId, serde_json::Value)> {
        let chosen = view.lanes.iter().filter_map(|l| Some((l, self.chosen.get(&l.id)?)));
        chosen.map(|(l, frames)| (l.id.clone(), written(change(l, frames), &l.now))).collect()
    }
}
