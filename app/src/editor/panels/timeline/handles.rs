//! Bezier handles of chosen keys.

use super::Parts;
use super::curves::{ValueAxis, ink};
use super::keys::{channel, channels, rounded, written};
use super::scene::Scene;
use super::state::{Drag, Timeline};
use super::view::{LaneView, TimelineAction, TimelineView};
use egui::{
    CursorIcon, Modifiers, PointerButton, Pos2, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2,
};
use rushes_engine::param::{Interpolation, Keyframe};

/// What the step of a handle that is drawn is called.
pub(super) const SHAPE: &str = "Shape the curve";
const HIT: f32 = 14.0;

/// A handle: from its key in frames and value, and whether it is only where one would be.
struct Handle {
    out: bool,
    dx: f64,
    dy: f64,
    wanting: bool,
}

/// The handles of a key that shape the curve.
fn handles_of(keys: &[Keyframe], index: usize) -> Vec<Handle> {
    let Some(key) = keys.get(index) else { return Vec::new() };
    let before = index.checked_sub(1).and_then(|i| keys.get(i));
    let after = keys.get(index + 1);
    let [in_dx, in_dy, out_dx, out_dy] = key.handles.unwrap_or_default();
    // Where none is drawn out yet, it is offered a third of the way to the next key.
    let offered = |other: &Keyframe| {
        let rise = channel(&other.value, 0).unwrap_or(0.0) - channel(&key.value, 0).unwrap_or(0.0);
        let rise = if channels(&key.value) == 1 { rise } else { 0.0 };
        ((other.frame - key.frame) as f64 / 3.0, rise / 3.0)
    };
    let handle = |out, dx: f64, dy: f64, other: &Keyframe| {
        let wanting = dx == 0.0 && dy == 0.0;
        let (dx, dy) = if wanting { offered(other) } else { (dx, dy) };
        Handle { out, dx, dy, wanting }
    };
    let way_in = before.filter(|b| b.interpolation == Interpolation::Bezier);
    let way_out = after.filter(|_| key.interpolation == Interpolation::Bezier);
    let way_in = way_in.map(|other| handle(false, in_dx, in_dy, other));
    way_in.into_iter().chain(way_out.map(|other| handle(true, out_dx, out_dy, other))).collect()
}

impl Timeline {
    /// Draws the handles of chosen keys and hears them being taken.
    pub(super) fn handles(
        &mut self,
        ui: &Ui,
        scene: Scene<'_>,
        axis: &ValueAxis,
        lane: &LaneView,
        out: &mut Vec<TimelineAction>,
    ) {
        let Scene { theme, parts, .. } = scene;
        let keys = lane.curve.keys();
        let painter = ui.painter().with_clip_rect(parts.track.intersect(ui.clip_rect()));
        let chosen: Vec<usize> = (0..keys.len())
            .filter(|i| keys.get(*i).is_some_and(|k| self.is_chosen(&lane.id, k.frame)))
            .collect();
        for index in chosen {
            let Some(key) = keys.get(index) else { continue };
            for handle in handles_of(keys, index) {
                // A list's handle moves every number alike; it is shown on the first.
                let Some(value) = channel(&key.value, 0) else { continue };
                let own = pos2(parts.axis.x(key.frame as f64), axis.y(value));
                let at = pos2(parts.axis.x(key.frame as f64 + handle.dx), axis.y(value + handle.dy));
                let color = ink(theme, lane, 0, true);
                let line = Stroke::new(1.0, color.gamma_multiply(if handle.wanting { 0.5 } else { 1.0 }));
                painter.line_segment([own, at], line);
                let id = ui.id().with(("handle", &lane.id, key.frame, handle.out));
                let response = ui.interact(Rect::from_center_size(at, Vec2::splat(HIT)), id, Sense::drag());
                response.widget_info(|| {
                    let way = if handle.out { "out of" } else { "into" };
                    let name = format!("Handle {way} {} at {}", lane.label, key.frame);
                    WidgetInfo::labeled(WidgetType::Slider, true, name)
                });
                let fill = if handle.wanting { *theme.colors().surface.panel } else { color };
                painter.circle(at, if response.hovered() { 4.5 } else { 3.5 }, fill, line);
                if response.hovered() {
                    ui.set_cursor_icon(CursorIcon::Grab);
                }
                if response.drag_started_by(PointerButton::Primary) && self.drag.is_none() {
                    let (frame, is_out) = (key.frame, handle.out);
                    self.drag = Some(Drag::Handle { lane: lane.clone(), frame, channel: 0, out: is_out });
                    out.push(TimelineAction::Begin);
                }
            }
        }
    }

    /// Puts the handle that is held where the pointer is. The other side turns with it, unless Alt is held.
    pub(super) fn drag_handle(
        &mut self,
        parts: &Parts,
        view: &TimelineView,
        at: Pos2,
        held: Modifiers,
        out: &mut Vec<TimelineAction>,
    ) {
        let axis = self.value_axis(parts, view);
        let Some(Drag::Handle { lane, frame, channel: n, out: is_out }) = &self.drag else { return };
        let mut keys = lane.curve.keys().to_vec();
        let Some(key) = keys.iter_mut().find(|k| k.frame == *frame) else { return };
        let Some(value) = channel(&key.value, *n) else { return };
        let dx = rounded(parts.axis.frame(at.x) - *frame as f64, 1.0 / f64::from(parts.axis.step()));
        let dy = rounded(axis.value(at.y) - value, axis.per_point());
        key.handles = Some(turned(key.handles.unwrap_or_default(), *is_out, [dx, dy], held.alt));
        let set = (lane.id.clone(), written(keys, &lane.now));
        out.push(TimelineAction::Set { params: vec![set], label: SHAPE });
    }
}

/// Handles with one of them at `to`; the other keeps its length in time and lies on the same line, unless `free`.
fn turned(handles: [f64; 4], out: bool, to: [f64; 2], free: bool) -> [f64; 4] {
    let [in_dx, in_dy, out_dx, out_dy] = handles;
    let dx = if out { to[0].max(0.0) } else { to[0].min(0.0) };
    let slope = if dx == 0.0 { 0.0 } else { to[1] / dx };
    let other = |dx: f64, dy: f64| if free || slope == 0.0 && to[1] != 0.0 { dy } else { dx * slope };
    if out { [in_dx, other(in_dx, in_dy), dx, to[1]] } else { [dx, to[1], out_dx, other(out_dx, out_dy)] }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_other_handle_stays_in_line_unless_it_is_let_free() {
        let start = [-4.0, 0.5, 8.0, 1.0];
        assert_eq!(turned(start, true, [4.0, 2.0], false), [-4.0, -2.0, 4.0, 2.0]);
        assert_eq!(turned(start, true, [4.0, 2.0], true), [-4.0, 0.5, 4.0, 2.0]);
        assert_eq!(turned(start, false, [-2.0, 1.0], false), [-2.0, 1.0, 8.0, -4.0]);
        assert_eq!(turned(start, true, [-3.0, 2.0], false), [-4.0, 0.5, 0.0, 2.0], "never back in time");
    }
}
