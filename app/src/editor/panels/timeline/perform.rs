//! Commands, done to the chosen keys.

use super::ease::eased;
use super::keys::{Frames, inserted, pasted, removed, written};
use super::state::Timeline;
use super::view::{LaneId, LaneView, TimelineAction, TimelineCommand, TimelineView};
use crate::editor::panels::transport::TransportAction;
use egui::{Event, Ui, ViewportCommand};
use rushes_engine::param::{Curve, Keyframe};
use serde_json::{Value, json};

/// The member of a text on the clipboard that holds keys.
const MARK: &str = "rushes_keys";

impl Timeline {
    /// Does what was asked for since the last frame.
    pub(super) fn perform(&mut self, ui: &Ui, view: &TimelineView, out: &mut Vec<TimelineAction>) {
        for command in std::mem::take(&mut self.asked) {
            self.one(ui, view, command, out);
        }
        if self.in_use && !ui.ctx().text_edit_focused() {
            let text = ui.input(|i| {
                i.events.iter().find_map(|e| match e {
                    Event::Paste(text) => Some(text.clone()),
                    _ => None,
                })
            });
            if let Some(clip) = text.as_deref().and_then(read) {
                self.paste(view, &clip, out);
            }
        }
    }

    fn one(&mut self, ui: &Ui, view: &TimelineView, command: TimelineCommand, out: &mut Vec<TimelineAction>) {
        use TimelineCommand as C;
        match command {
            C::Copy => out.extend(self.copied(view).map(TimelineAction::Copy)),
            C::Cut => {
                out.extend(self.copied(view).map(TimelineAction::Copy));
                self.delete(view, "Cut keys", out);
            }
            C::Delete => self.delete(view, "Remove keys", out),
            C::Paste => {
                self.in_use = true;
                ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
            }
            C::SelectAll => {
                let every = |l: &LaneView| (l.id.clone(), l.curve.keys().iter().map(|k| k.frame).collect());
                self.chosen = view.lanes.iter().map(every).collect();
            }
            C::Shape(ease) => {
                let params = self.changed(view, |l, frames| eased(l.curve.keys(), frames, ease));
                step(params, "Shape keys", out);
            }
            C::Add => {
                let lanes: Vec<&LaneView> = view.lanes.iter().collect();
                self.add(&lanes, view.frame, out);
            }
            C::Next | C::Previous => {
                let all = view.lanes.iter().flat_map(|l| l.curve.keys()).map(|k| k.frame);
                let seen = all.filter(|f| (0..=view.last()).contains(f));
                let to = match command {
                    C::Next => seen.filter(|f| *f > view.frame).min(),
                    _ => seen.filter(|f| *f < view.frame).max(),
                };
                out.extend(to.map(|f| TimelineAction::Transport(TransportAction::Seek(f))));
            }
            C::Fit => self.fit(view),
            C::Curves => self.curves = !self.curves,
            C::Timecode => self.as_time = !self.as_time,
        }
    }

    /// Puts a key into lanes at a frame, with the values there.
    pub(super) fn add(&mut self, lanes: &[&LaneView], frame: i64, out: &mut Vec<TimelineAction>) {
        let new = lanes.iter().filter_map(|l| {
            let keys = inserted(&l.curve, frame, l.spec.as_ref())?;
            Some((l.id.clone(), written(keys, &l.now)))
        });
        let params: Vec<_> = new.collect();
        if let Some((lane, _)) = params.first() {
            self.active = Some(lane.clone());
            self.chosen = params.iter().map(|(id, _)| (id.clone(), [frame].into())).collect();
        }
        step(params, "Add a key", out);
    }

    fn delete(&mut self, view: &TimelineView, label: &'static str, out: &mut Vec<TimelineAction>) {
        let params = self.changed(view, |l, frames| removed(l.curve.keys(), frames));
        self.chosen.clear();
        step(params, label, out);
    }

    /// The chosen keys as text, counted from the first of them.
    fn copied(&self, view: &TimelineView) -> Option<String> {
        let first = self.chosen.values().filter_map(Frames::first).min()?;
        let lane = |l: &LaneView| {
            let frames = self.chosen.get(&l.id)?;
            let keys = l.curve.keys().iter().filter(|k| frames.contains(&k.frame));
            let keys = keys.map(|k| Keyframe { frame: k.frame - first, ..k.clone() }).collect();
            let curve = Curve::new(keys).ok()?;
            Some(json!({ "node": &*l.id.node, "param": &*l.id.param, "keys": curve.to_json() }))
        };
        let lanes: Vec<Value> = view.lanes.iter().filter_map(lane).collect();
        Some(json!({ MARK: lanes }).to_string())
    }

    /// Puts keys in at the playhead: into the lanes that they are from, else those of one lane into the lane in use.
    fn paste(&mut self, view: &TimelineView, clip: &[(LaneId, Curve)], out: &mut Vec<TimelineAction>) {
        let own = |id: &LaneId| view.lanes.iter().find(|l| l.id == *id);
        let used = self.active.as_ref().and_then(own).or(view.lanes.first());
        let same_name = |id: &LaneId| view.lanes.iter().find(|l| l.id.param == id.param);
        let place = |(id, curve): &(LaneId, Curve)| {
            let alone = used.filter(|_| clip.len() == 1);
            let lane = own(id).or_else(|| same_name(id)).or(alone)?;
            let keys = pasted(lane.curve.keys(), curve.keys(), view.frame);
            let chosen: Frames = curve.keys().iter().map(|k| k.frame + view.frame).collect();
            // Keys of another kind of value cannot stand among these.
            Curve::new(keys.clone()).ok()?;
            Some((lane, keys, chosen))
        };
        let placed: Vec<_> = clip.iter().filter_map(place).collect();
        if placed.is_empty() {
            return;
        }
        self.chosen = placed.iter().map(|(l, _, chosen)| (l.id.clone(), chosen.clone())).collect();
        let params = placed.into_iter().map(|(l, keys, _)| (l.id.clone(), written(keys, &l.now)));
        step(params.collect(), "Paste keys", out);
    }

    /// Shows the chosen keys, else everything.
    pub(super) fn fit(&mut self, view: &TimelineView) {
        let frames = self.chosen.values().flatten();
        match (frames.clone().min(), frames.max()) {
            (Some(first), Some(last)) => self.zoom.fit(view.end(), *first as f64, *last as f64),
            _ => self.zoom.all(),
        }
        self.values = None;
    }
}

fn step(params: Vec<(LaneId, Value)>, label: &'static str, out: &mut Vec<TimelineAction>) {
    if !params.is_empty() {
        out.extend([TimelineAction::Begin, TimelineAction::Set { params, label }, TimelineAction::End]);
    }
}

/// Keys from text, where it holds any.
fn read(text: &str) -> Option<Vec<(LaneId, Curve)>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let lane = |lane: &Value| {
        let word = |name: &str| lane.get(name)?.as_str().map(Into::into);
        let curve = Curve::from_json(lane.get("keys")?).ok()?;
        Some((LaneId { node: word("node")?, param: word("param")? }, curve))
    };
    Some(value.get(MARK)?.as_array()?.iter().filter_map(lane).collect())
}
