//! What the pointer does: the wheel, and drags until they end.

use super::Parts;
use super::handles::SHAPE;
use super::keys::{rounded, written};
use super::state::{Chosen, Drag, Timeline};
use super::view::{TimelineAction, TimelineView};
use crate::editor::panels::transport::TransportAction;
use egui::{Key, Modifiers, PointerButton, Pos2, Rect, Ui};

/// Points of the wheel that double what is seen.
const DOUBLE: f32 = 240.0;

impl Timeline {
    /// Notes whether it was pressed last, and so owns the keys.
    pub(super) fn claim_keys(&mut self, ui: &Ui, rect: Rect) {
        if ui.input(|i| i.pointer.any_pressed())
            && let Some(at) = ui.input(|i| i.pointer.interact_pos())
        {
            self.in_use = rect.contains(at);
        }
    }

    /// The wheel: closer or farther in time; with Alt in value; sideways and with Shift along time.
    pub(super) fn wheel(&mut self, ui: &Ui, parts: &Parts, view: &TimelineView) {
        let area = Rect::from_min_max(parts.ruler.min, parts.track.max);
        let Some(at) = ui.input(|i| i.pointer.hover_pos()) else { return };
        let over_names = parts.names.contains(at);
        if !ui.rect_contains_pointer(area) && !over_names {
            return;
        }
        let (scroll, pinch, held) = ui.input(|i| (i.smooth_scroll_delta(), i.zoom_delta(), i.modifiers));
        let end = view.end();
        if scroll.x != 0.0 {
            self.zoom.pan(end, f64::from(-scroll.x / parts.axis.step()));
        }
        let overflows = !self.curves && self.rows_height(view) > parts.track.height();
        if !self.curves && (over_names || overflows && !parts.ruler.contains(at) && pinch == 1.0) {
            self.scroll -= scroll.y;
            return;
        }
        let factor = f64::from(pinch) * 2f64.powf(f64::from(scroll.y / DOUBLE));
        if factor == 1.0 {
            return;
        }
        if self.curves && (held.alt || over_names) {
            let at = self.value_axis(parts, view).value(at.y);
            self.scale_values(parts, view, at, factor);
        } else {
            self.zoom.scale(end, parts.axis.frame(at.x), factor);
        }
    }

    /// Goes on with what is held, and lets go when the button is up.
    pub(super) fn drag(
        &mut self,
        ui: &Ui,
        parts: &Parts,
        view: &TimelineView,
        out: &mut Vec<TimelineAction>,
    ) {
        if self.drag.is_none() {
            return;
        }
        let (at, held, modifiers) = ui.input(|i| {
            let middle = i.pointer.button_down(PointerButton::Middle);
            (i.pointer.latest_pos(), i.pointer.primary_down() || middle, i.modifiers)
        });
        let escaped = ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape));
        if escaped {
            self.put_back(out);
        }
        if let Some(at) = at.filter(|_| held && !escaped) {
            self.go_on(parts, view, at, modifiers, out);
        } else {
            self.release(out);
        }
    }

    /// Gives back what is held as it was when it was taken.
    fn put_back(&mut self, out: &mut Vec<TimelineAction>) {
        match &self.drag {
            Some(Drag::Keys { .. }) => self.shift(0, 0.0, out),
            Some(Drag::Handle { lane, .. }) => {
                let params = vec![(lane.id.clone(), written(lane.curve.keys().to_vec(), &lane.now))];
                out.push(TimelineAction::Set { params, label: SHAPE });
            }
            Some(Drag::Range { from, .. }) => {
                out.push(TimelineAction::Transport(TransportAction::Range(Some(*from))));
            }
            Some(Drag::Box { before, .. }) => self.chosen = before.clone(),
            Some(Drag::Pan(_)) | None => {}
        }
    }

    fn go_on(
        &mut self,
        parts: &Parts,
        view: &TimelineView,
        at: Pos2,
        modifiers: Modifiers,
        out: &mut Vec<TimelineAction>,
    ) {
        let frame = parts.axis.frame(at.x).round() as i64;
        match &mut self.drag {
            Some(Drag::Keys { from, .. }) => {
                let way = at - *from;
                let frames = f64::from(way.x / parts.axis.step()).round() as i64;
                let (mut frames, mut value) = (frames, 0.0);
                if self.curves {
                    let axis = self.value_axis(parts, view);
                    value = rounded(-f64::from(way.y) * axis.per_point(), axis.per_point());
                    // Shift keeps to the axis along which it was dragged farther.
                    if modifiers.shift {
                        if way.x.abs() > way.y.abs() { value = 0.0 } else { frames = 0 }
                    }
                }
                self.shift(frames, value, out);
            }
            Some(Drag::Handle { .. }) => self.drag_handle(parts, view, at, modifiers, out),
            Some(Drag::Box { from, before }) => {
                let area = Rect::from_two_pos(*from, at);
                let mut chosen: Chosen = before.clone();
                for (lane, frame, place) in self.places(parts, view) {
                    if area.contains(place) {
                        chosen.entry(lane).or_default().insert(frame);
                    }
                }
                self.chosen = chosen;
            }
            Some(Drag::Range { out: is_out, .. }) => {
                let [first, last] = view.range;
                let frame = frame.clamp(0, view.last());
                let range = if *is_out { [first, frame.max(first)] } else { [frame.min(last), last] };
                if range != view.range {
                    out.push(TimelineAction::Transport(TransportAction::Range(Some(range))));
                }
            }
            Some(Drag::Pan(last)) => {
                let way = at - *last;
                *last = at;
                self.zoom.pan(view.end(), -f64::from(way.x / parts.axis.step()));
                if self.curves {
                    self.pan_values(parts, view, f64::from(way.y));
                }
            }
            None => {}
        }
    }

    /// Where every key lies on the screen.
    fn places(&self, parts: &Parts, view: &TimelineView) -> Vec<(super::LaneId, i64, Pos2)> {
        if self.curves { self.places_on_curves(parts, view) } else { self.places_in_lanes(parts, view) }
    }
}
