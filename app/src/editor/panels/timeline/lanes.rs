//! Lanes: the shots, keyed parameters and the sound, one under the other.

use super::Parts;
use super::keys::{channel, channels};
use super::marks::{MOST, tick};
use super::scene::Scene;
use super::state::{Drag, Timeline};
use super::strips;
use super::view::{LaneId, LaneView, TimelineAction, TimelineView};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Color32, PointerButton, Pos2, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType,
    pos2, vec2,
};
use rushes_engine::param::Curve;

const LANE: f32 = 28.0;
const SOUND: f32 = 36.0;
/// Room above and below the curve in its lane.
const PAD: f32 = 8.0;
/// The share of the room that a long label may take where a value stands beside it.
const MOST_OF_NAME: f32 = 0.65;
/// Points between places where a curve is reckoned.
const GRAIN: f32 = 3.0;

impl Timeline {
    /// The height of all lanes.
    pub(super) fn rows_height(&self, view: &TimelineView) -> f32 {
        let shots = if view.shots.is_empty() { 0.0 } else { LANE };
        let sound = if view.sound.is_some() { SOUND } else { 0.0 };
        shots + view.lanes.len() as f32 * LANE + sound
    }

    pub(super) fn show_lanes(&mut self, ui: &mut Ui, scene: Scene<'_>, out: &mut Vec<TimelineAction>) {
        let Scene { theme, parts, view } = scene;
        let height = self.rows_height(view);
        self.scroll = self.scroll.clamp(0.0, (height - parts.track.height()).max(0.0));
        let ui = &mut scene.room(ui, "lanes");
        if height == 0.0 {
            return scene.empty(ui, "No keyframes: press the diamond beside a parameter to set one");
        }
        let mut top = parts.track.top() - self.scroll;
        let mut row = |height: f32| {
            let y = top;
            top += height;
            let of = |r: Rect| Rect::from_min_max(pos2(r.left(), y), pos2(r.right(), y + height));
            (of(parts.names), of(parts.track))
        };
        if !view.shots.is_empty() {
            let (name, track) = row(LANE);
            let words = view.shots.len().to_string();
            title(ui, theme, name, track, glyph::FILM_STRIP, "Shots", &words);
            strips::shots(ui, theme, track, &parts.axis, view, out);
        }
        let mut left = MOST;
        for lane in &view.lanes {
            let (name, track) = row(LANE);
            let near = track.intersects(parts.track);
            if near {
                self.lane(ui, scene, (lane, name, track, &mut left), out);
            }
        }
        if let Some(sound) = &view.sound {
            let (name, track) = row(SOUND);
            title(ui, theme, name, track, glyph::WAVEFORM, &sound.label, &sound.words);
            strips::sound(ui, theme, track, &parts.axis, sound);
        }
        self.show_box(ui, theme, parts);
        self.show_scroll(ui, theme, parts, height);
    }

    /// How much of the lanes is seen, where it is not all of them.
    fn show_scroll(&self, ui: &Ui, theme: &Theme, parts: &Parts, height: f32) {
        let track = parts.track;
        if height <= track.height() {
            return;
        }
        let share = track.height() / height;
        let top = track.top() + self.scroll * share;
        let bar = Rect::from_min_size(pos2(track.right() - 5.0, top), vec2(3.0, track.height() * share));
        ui.painter().rect_filled(bar, radius(1.5), *theme.colors().stroke.control);
    }

    fn lane(
        &mut self,
        ui: &mut Ui,
        scene: Scene<'_>,
        of: (&LaneView, Rect, Rect, &mut usize),
        out: &mut Vec<TimelineAction>,
    ) {
        let Scene { theme, parts, .. } = scene;
        let (lane, name, track, left) = of;
        title(ui, theme, name, track, glyph::DIAMOND, &lane.label, &lane.value);
        let pressed = ui.interact(name, ui.id().with(("name", &lane.id)), Sense::click());
        pressed.widget_info(|| {
            WidgetInfo::labeled(WidgetType::Button, true, format!("Choose the keys of {}", lane.label))
        });
        if pressed.clicked() {
            self.active = Some(lane.id.clone());
            self.chosen = [(lane.id.clone(), lane.curve.keys().iter().map(|k| k.frame).collect())].into();
        }
        let ground = ui.interact(track, ui.id().with(("lane", &lane.id)), Sense::click_and_drag());
        ground
            .widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, format!("Lane of {}", lane.label)));
        self.ground(ui, scene, (lane, &ground), out);
        let heights = Heights::of(&lane.curve, track);
        let painter = ui.painter().with_clip_rect(track.intersect(ui.clip_rect()));
        let line = Stroke::new(1.5, *theme.colors().accent.text);
        painter.add(Shape::line(heights.line(&lane.curve, parts, track), line));
        let seen = lane.curve.keys().iter().filter(|k| parts.axis.sees(k.frame as f64));
        for key in seen {
            let at = pos2(parts.axis.x(key.frame as f64), heights.y(channel(&key.value, 0)));
            match left.checked_sub(1) {
                Some(rest) => {
                    *left = rest;
                    self.key(ui, scene, (lane, key, 0), at, out);
                }
                None => tick(&painter, theme, at),
            }
        }
    }

    /// Hears what is done on a lane where no key is: a box is drawn, a key is added, or nothing is chosen.
    pub(super) fn ground(
        &mut self,
        ui: &Ui,
        scene: Scene<'_>,
        of: (&LaneView, &Response),
        out: &mut Vec<TimelineAction>,
    ) {
        let (lane, ground) = of;
        let beside = ui.input(|i| i.modifiers.shift || i.modifiers.command);
        if ground.drag_started_by(PointerButton::Primary)
            && let Some(from) = ui.input(|i| i.pointer.press_origin())
        {
            let before = if beside { self.chosen.clone() } else { Default::default() };
            self.drag = Some(Drag::Box { from, before });
        }
        if ground.drag_started_by(PointerButton::Middle)
            && let Some(at) = ground.interact_pointer_pos()
        {
            self.drag = Some(Drag::Pan(at));
        }
        if ground.clicked() && !beside {
            self.chosen.clear();
        }
        if ground.double_clicked()
            && let Some(at) = ground.interact_pointer_pos()
        {
            self.add(&[lane], scene.parts.axis.frame(at.x).round().max(0.0) as i64, out);
        }
    }

    /// Draws the box that is being drawn.
    pub(super) fn show_box(&self, ui: &Ui, theme: &Theme, parts: &Parts) {
        let Some(Drag::Box { from, .. }) = &self.drag else { return };
        let Some(at) = ui.input(|i| i.pointer.latest_pos()) else { return };
        let c = theme.colors();
        let painter = ui.painter().with_clip_rect(parts.track.intersect(ui.clip_rect()));
        let line = Stroke::new(1.0, *c.accent.fill);
        let fill: Color32 = c.accent.fill.gamma_multiply(0.12);
        painter.rect(Rect::from_two_pos(*from, at), 0, fill, line, egui::StrokeKind::Inside);
    }

    /// Where every key lies.
    pub(super) fn places_in_lanes(&self, parts: &Parts, view: &TimelineView) -> Vec<(LaneId, i64, Pos2)> {
        let shots = if view.shots.is_empty() { 0.0 } else { LANE };
        let mut top = parts.track.top() - self.scroll + shots;
        let mut all = Vec::new();
        for lane in &view.lanes {
            let track = Rect::from_min_size(pos2(parts.track.left(), top), vec2(parts.track.width(), LANE));
            let heights = Heights::of(&lane.curve, track);
            all.extend(lane.curve.keys().iter().map(|key| {
                let at = pos2(parts.axis.x(key.frame as f64), heights.y(channel(&key.value, 0)));
                (lane.id.clone(), key.frame, at)
            }));
            top += LANE;
        }
        all
    }
}

/// How high values lie in a lane: from the lowest key to the highest.
struct Heights {
    low: f64,
    high: f64,
    track: Rect,
}

impl Heights {
    fn of(curve: &Curve, track: Rect) -> Self {
        let values = || curve.keys().iter().filter_map(|k| channel(&k.value, 0));
        let (low, high) = (values().fold(f64::MAX, f64::min), values().fold(f64::MIN, f64::max));
        Self { low, high, track: track.shrink2(vec2(0.0, PAD)) }
    }

    fn y(&self, value: Option<f64>) -> f32 {
        match value {
            Some(v) if self.high > self.low => {
                let share = ((v - self.low) / (self.high - self.low)).clamp(-0.4, 1.4) as f32;
                self.track.bottom() - share * self.track.height()
            }
            _ => self.track.center().y,
        }
    }

    /// The curve over the whole lane.
    fn line(&self, curve: &Curve, parts: &Parts, track: Rect) -> Vec<Pos2> {
        let numbers = curve.keys().first().is_some_and(|k| channels(&k.value) > 0);
        let (from, to) = (track.left(), track.right());
        if !numbers {
            let y = self.track.center().y;
            return vec![pos2(from, y), pos2(to, y)];
        }
        let steps = ((to - from) / GRAIN).ceil().max(1.0) as usize;
        let grain = |i: usize| from + (to - from) * i as f32 / steps as f32;
        let keys =
            curve.keys().iter().map(|k| parts.axis.x(k.frame as f64)).filter(|x| (from..=to).contains(x));
        // A key is met exactly, and where it is held the line goes up straight.
        let mut xs: Vec<f32> =
            (0..=steps).map(grain).chain(keys.take(MOST).flat_map(|x| [x - 0.01, x])).collect();
        xs.sort_by(f32::total_cmp);
        xs.into_iter().map(|x| pos2(x, self.y(curve.number_at(parts.axis.frame(x))))).collect()
    }
}

/// The name of a lane, its value, and the line above it.
pub(super) fn title(ui: &Ui, theme: &Theme, name: Rect, track: Rect, sign: &str, label: &str, words: &str) {
    let c = theme.colors();
    let line = Stroke::new(1.0, *c.stroke.divider);
    ui.painter().hline(name.left()..=track.right(), name.top(), line);
    let middle = pos2(name.left() + 14.0, name.center().y);
    icon(ui.painter(), theme, middle, sign, theme.tokens.size.icon_tiny, *c.text.secondary);
    let inner = Rect::from_min_max(name.min + vec2(26.0, 0.0), name.max - vec2(8.0, 0.0));
    let small = || theme.font(Text::Small);
    let most = if words.is_empty() { 1.0 } else { MOST_OF_NAME };
    let room = inner.with_max_x(inner.left() + inner.width() * most);
    let said = text_in(ui.painter(), room, Align::Min, label, small(), *c.text.primary);
    let rest = inner.with_min_x(said.right() + 6.0);
    text_in(ui.painter(), rest, Align::Max, words, small(), *c.text.secondary);
}
