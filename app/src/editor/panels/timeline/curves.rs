//! Keys as curves over time, with values to scale.

use super::axis::{nice_ticks, tick_words};
use super::keys::{channel, channels};
use super::marks::MOST;
use super::scene::Scene;
use super::state::{Drag, Timeline};
use super::view::{LaneId, LaneView, TimelineAction, TimelineView};
use super::{Parts, lanes};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::paint::faded;
use egui::{Align2, Color32, Pos2, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

const ROW: f32 = 24.0;
/// Points between places where a curve is reckoned.
const GRAIN: f32 = 2.0;
/// Points that a mark of the value axis has for itself.
const TICK_SPACE: f32 = 28.0;
/// Room above the highest and below the lowest value.
const PAD: f32 = 14.0;

/// Values up the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ValueAxis {
    bottom: f32,
    height: f32,
    low: f64,
    high: f64,
}

impl ValueAxis {
    pub(super) fn y(&self, value: f64) -> f32 {
        self.bottom - ((value - self.low) / (self.high - self.low)).clamp(-1e4, 1e4) as f32 * self.height
    }

    pub(super) fn value(&self, y: f32) -> f64 {
        self.low + f64::from((self.bottom - y) / self.height) * (self.high - self.low)
    }

    /// How much of a value a point is.
    pub(super) fn per_point(&self) -> f64 {
        (self.high - self.low) / f64::from(self.height)
    }
}

impl Timeline {
    /// The lane in use: the one that was touched last, else the first with numbers.
    pub(super) fn lane_in_use<'a>(&self, view: &'a TimelineView) -> Option<&'a LaneView> {
        let own = self.active.as_ref().and_then(|id| view.lanes.iter().find(|l| l.id == *id));
        own.filter(|l| l.spec.is_some()).or_else(|| view.lanes.iter().find(|l| l.spec.is_some()))
    }

    /// Which values are seen: those that were chosen, else all of the lane in use and of lanes with chosen keys.
    pub(super) fn value_axis(&self, parts: &Parts, view: &TimelineView) -> ValueAxis {
        let room = parts.track.shrink2(vec2(0.0, PAD));
        let in_use = self.lane_in_use(view).map(|l| &l.id);
        let fitted = view.lanes.iter().filter(|l| in_use == Some(&l.id) || self.chosen.contains_key(&l.id));
        let [low, high] = self.values.unwrap_or_else(|| extent(fitted));
        ValueAxis { bottom: room.bottom(), height: room.height().max(1.0), low, high }
    }

    /// Looks closer in value, keeping `at` where it is.
    pub(super) fn scale_values(&mut self, parts: &Parts, view: &TimelineView, at: f64, factor: f64) {
        let axis = self.value_axis(parts, view);
        let new = [axis.low, axis.high].map(|v| at + (v - at) / factor.max(1e-3));
        let wide = new[1] - new[0];
        if wide.is_finite() && wide > 1e-9 && wide < 1e12 {
            self.values = Some(new);
        }
    }

    /// Moves what is seen up or down by points.
    pub(super) fn pan_values(&mut self, parts: &Parts, view: &TimelineView, points: f64) {
        let axis = self.value_axis(parts, view);
        self.values = Some([axis.low, axis.high].map(|v| v + points * axis.per_point()));
    }

    pub(super) fn show_curves(&mut self, ui: &mut Ui, scene: Scene<'_>, out: &mut Vec<TimelineAction>) {
        let Scene { theme, parts, view } = scene;
        let ui = &mut scene.room(ui, "curves");
        let Some(used) = self.lane_in_use(view).cloned() else {
            return scene.empty(ui, "No curves: set keys on a number in the inspector");
        };
        let ground = ui.interact(parts.track, ui.id().with("curves"), Sense::click_and_drag());
        ground.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Curves"));
        self.ground(ui, scene, (&used, &ground), out);
        self.value_names(ui, scene, &used);
        let axis = self.value_axis(parts, view);
        values(ui, theme, parts.track, &axis, used.spec.as_ref().is_some_and(|s| s.integer));
        let mut left = MOST;
        for lane in view.lanes.iter().filter(|l| l.spec.is_some() && l.id != used.id) {
            self.traces(ui, scene, &axis, (lane, false));
        }
        self.traces(ui, scene, &axis, (&used, true));
        let chosen: Vec<&LaneView> =
            view.lanes.iter().filter(|l| l.id != used.id && self.chosen.contains_key(&l.id)).collect();
        for lane in chosen.into_iter().chain([&used]) {
            self.handles(ui, scene, &axis, lane, out);
            let area = parts.track.expand(4.0);
            for key in lane.curve.keys().iter().filter(|k| parts.axis.sees(k.frame as f64)) {
                for n in 0..channels(&key.value) {
                    let Some(value) = channel(&key.value, n) else { continue };
                    let at = pos2(parts.axis.x(key.frame as f64), axis.y(value));
                    if area.contains(at) && left > 0 {
                        left -= 1;
                        self.key(ui, scene, (lane, key, n), at, out);
                    }
                }
            }
        }
        self.show_box(ui, theme, parts);
    }

    /// The names of the lanes; a click brings a lane to the front.
    fn value_names(&mut self, ui: &Ui, scene: Scene<'_>, used: &LaneView) {
        let Scene { theme, parts, view } = scene;
        let mut top = parts.names.top();
        for lane in view.lanes.iter().filter(|l| l.spec.is_some()) {
            let row = Rect::from_min_size(pos2(parts.names.left(), top), vec2(parts.names.width(), ROW));
            top += ROW;
            let on = lane.id == used.id;
            let response = ui.interact(row, ui.id().with(("curve", &lane.id)), Sense::click());
            response.widget_info(|| {
                let name = format!("Curve of {}", lane.label);
                WidgetInfo::selected(WidgetType::SelectableLabel, true, on, name)
            });
            let c = theme.colors();
            if on || response.hovered() {
                ui.painter().rect_filled(row, 0, if on { *c.surface.pressed } else { *c.surface.hover });
            }
            lanes::title(ui, theme, row, row, glyph::BEZIER_CURVE, &lane.label, &lane.value);
            if response.clicked() {
                self.active = Some(lane.id.clone());
                self.chosen.clear();
                self.values = None;
            }
        }
    }

    fn traces(&self, ui: &Ui, scene: Scene<'_>, axis: &ValueAxis, of: (&LaneView, bool)) {
        let Scene { theme, parts, .. } = scene;
        let (lane, front) = of;
        let track = parts.track;
        let painter = ui.painter().with_clip_rect(track.intersect(ui.clip_rect()));
        let count = lane.curve.keys().first().map_or(0, |k| channels(&k.value));
        let steps = (track.width() / GRAIN).ceil().max(1.0) as usize;
        for n in 0..count {
            let at = |x: f32| {
                let frame = parts.axis.frame(x);
                if count == 1 && n == 0 {
                    return lane.curve.number_at(frame);
                }
                channel(&lane.curve.at(frame), n)
            };
            let keys = lane.curve.keys().iter().map(|k| parts.axis.x(k.frame as f64));
            let keys = keys.filter(|x| track.x_range().contains(*x)).take(MOST);
            let grain = (0..=steps).map(|i| track.left() + track.width() * i as f32 / steps as f32);
            let mut xs: Vec<f32> = grain.chain(keys.flat_map(|x| [x - 0.01, x])).collect();
            xs.sort_by(f32::total_cmp);
            let line = xs.into_iter().filter_map(|x| Some(pos2(x, axis.y(at(x)?))));
            let ink = ink(theme, lane, n, front);
            painter.add(Shape::line(line.collect(), Stroke::new(if front { 2.0 } else { 1.0 }, ink)));
        }
    }

    /// Where every key of the lane in use lies.
    pub(super) fn places_on_curves(&self, parts: &Parts, view: &TimelineView) -> Vec<(LaneId, i64, Pos2)> {
        let Some(lane) = self.lane_in_use(view) else { return Vec::new() };
        let axis = self.value_axis(parts, view);
        let each = lane.curve.keys().iter().flat_map(|key| {
            (0..channels(&key.value)).filter_map(|n| {
                let at = pos2(parts.axis.x(key.frame as f64), axis.y(channel(&key.value, n)?));
                Some((lane.id.clone(), key.frame, at))
            })
        });
        each.collect()
    }

    /// From now on the values that are seen stay, so that a drag does not move the ground under it.
    pub(super) fn hold_values(&mut self, parts: &Parts, view: &TimelineView) {
        if self.curves
            && self.values.is_none()
            && matches!(self.drag, Some(Drag::Keys { .. } | Drag::Handle { .. }))
        {
            let axis = self.value_axis(parts, view);
            self.values = Some([axis.low, axis.high]);
        }
    }
}

/// The lowest and the highest that curves reach, never equal.
fn extent<'a>(lanes: impl Iterator<Item = &'a LaneView>) -> [f64; 2] {
    const BETWEEN: i64 = 8;
    let mut all = [f64::MAX, f64::MIN];
    for lane in lanes {
        let mut meet = |value: &serde_json::Value| {
            for v in (0..channels(value)).filter_map(|n| channel(value, n)) {
                all = [all[0].min(v), all[1].max(v)];
            }
        };
        for pair in lane.curve.keys().windows(2).take(MOST) {
            if let [a, b] = pair {
                // Handles may lead a curve beyond its keys.
                let step = (b.frame - a.frame) as f64 / BETWEEN as f64;
                (0..BETWEEN).for_each(|i| meet(&lane.curve.at(a.frame as f64 + step * i as f64)));
            }
        }
        lane.curve.keys().iter().for_each(|k| meet(&k.value));
    }
    let [low, high] = all;
    match high - low {
        wide if wide > 0.0 => all,
        0.0 => {
            let room = (low.abs() * 0.1).max(0.5);
            [low - room, high + room]
        }
        _ => [0.0, 1.0],
    }
}

/// The value axis: lines at round values, with the values.
fn values(ui: &Ui, theme: &Theme, track: Rect, axis: &ValueAxis, whole: bool) {
    let c = theme.colors();
    let painter = ui.painter().with_clip_rect(track.intersect(ui.clip_rect()));
    let most = (track.height() / TICK_SPACE).max(1.0) as usize;
    let (step, ticks) = nice_ticks(axis.value(track.bottom()), axis.value(track.top()), most, whole);
    for tick in ticks {
        let y = axis.y(tick);
        let line = if tick == 0.0 { *c.stroke.outline_hover } else { *c.stroke.outline };
        painter.hline(track.x_range(), y, Stroke::new(1.0, faded(line, 0.7)));
        let at = pos2(track.left() + 4.0, y - 1.0);
        let words = tick_words(tick, step);
        painter.text(at, Align2::LEFT_BOTTOM, words, theme.font(Text::Key), *c.text.secondary);
    }
}

/// Red, green and blue wear their colours, the rest the accent; what is behind is grey.
pub(super) fn ink(theme: &Theme, lane: &LaneView, channel: usize, front: bool) -> Color32 {
    let c = theme.colors();
    match channel {
        _ if !front => *c.stroke.control,
        0 if lane.color => *c.channel.red,
        1 if lane.color => *c.channel.green,
        2 if lane.color => *c.channel.blue,
        n if n > 0 && !lane.color => faded(*c.accent.text, 0.6),
        _ => *c.accent.text,
    }
}
