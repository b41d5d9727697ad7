//! One curve as it runs, with its points as handles: a click on it adds one, a drag moves one, a double click, the
//! other button or Delete takes one away.

use super::points::{self, Plot, Point};
use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::button::focus_ring;
use crate::editor::widgets::paint::{faded, radius, text_in};
use egui::epaint::Vertex;
use egui::{
    Align, Color32, CursorIcon, EventFilter, Key, Mesh, Modifiers, PointerButton, Pos2, Rect, Response,
    Sense, Shape, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};
use rushes_engine::tool::PointCurve;

/// Room in the frame for points that lie on the edge.
const INSET: f32 = 8.0;
/// The strip of hues.
const STRIP: f32 = 6.0;
const HIT: f32 = 18.0;
/// How near to the curve the pointer takes hold of it.
const NEAR: f32 = 8.0;
/// What a point of the screen counts while Shift is held.
const FINE: f32 = 0.1;
/// Lines of the grid, in parts of the range.
const PARTS: u32 = 4;
/// Lines of the grid around a circle: red to yellow to green and so on.
const HUES: u32 = 6;

/// What is kept from frame to frame.
#[derive(Clone, Debug, Default)]
pub(super) struct State {
    /// Which curve is seen.
    pub(super) curve: usize,
    /// The point that is chosen.
    pub(super) chosen: Option<usize>,
    /// The point was added by the last click, so the second of a double click does not take it away.
    fresh: bool,
    /// The chosen point is to have the keys, as soon as it is there.
    keyed: bool,
    held: Option<Held>,
}

/// A point that is dragged.
#[derive(Clone, Debug)]
struct Held {
    /// The points as it was taken.
    points: Vec<Point>,
    index: usize,
    /// Where in the plot it would be with nothing in its way.
    at: Vec2,
    /// The values that are seen stay, so that the ground does not move under the pointer.
    y: [f64; 2],
}

/// The curve that is seen.
pub(super) struct Seen<'a> {
    pub(super) curve: &'a PointCurve,
    /// The parameter and the curve, for those who do not see it.
    pub(super) name: &'a str,
    /// As the graph has them.
    pub(super) points: &'a [Point],
    pub(super) ink: Color32,
    /// Others of its kind, shown behind it.
    pub(super) behind: Vec<(&'a PointCurve, &'a [Point], Color32)>,
}

/// Other points for the curve.
pub(super) struct Edit {
    pub(super) points: Vec<Point>,
    /// More will follow, and merge.
    pub(super) dragging: bool,
}

/// Shows a curve in `frame`.
pub(super) fn show(
    ui: &mut Ui,
    theme: &Theme,
    frame: Rect,
    seen: &Seen<'_>,
    state: &mut State,
) -> Option<Edit> {
    let curve = seen.curve;
    let around = curve.neutral.is_some();
    let mut area = frame.shrink(INSET);
    if around {
        area.max.y -= STRIP + 2.0;
    }
    let y = state.held.as_ref().map_or_else(|| points::seen(curve, seen.points), |held| held.y);
    let plot = Plot { area, x: curve.x, y };
    let ground = ui.interact(frame, ui.id().with(("plot", seen.name)), Sense::click_and_drag());
    ground.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, format!("Plot of {}", seen.name)));
    let line = plot.line(curve, seen.points);
    paint(ui, theme, frame, &plot, seen, line.clone());
    focus_ring(ui, theme, &ground);
    let mut edit = state.go_on(ui, &plot, seen);
    edit = state.on_ground(ui, theme, &ground, &plot, &line, seen).or(edit);
    for (index, point) in points::shown(curve, seen.points).into_iter().enumerate() {
        edit = state.on_point(ui, theme, &plot, seen, index, point).or(edit);
    }
    edit
}

impl State {
    /// Another curve is seen.
    pub(super) fn of(curve: usize) -> Self {
        Self { curve, ..Self::default() }
    }

    /// Goes on with the point that is held, and lets go when the button is up.
    fn go_on(&mut self, ui: &Ui, plot: &Plot, seen: &Seen<'_>) -> Option<Edit> {
        let held = self.held.as_mut()?;
        let (way, down, fine) =
            ui.input(|i| (i.pointer.delta(), i.pointer.primary_down(), i.modifiers.shift));
        let count = if fine { FINE } else { 1.0 };
        held.at += way * count;
        let to = plot.rounded(plot.value(plot.area.min + held.at), f64::from(count));
        let points = points::moved(seen.curve, &held.points, held.index, to);
        self.chosen = Some(held.index);
        ui.set_cursor_icon(CursorIcon::Grabbing);
        if !down {
            self.held = None;
            return Some(Edit { points, dragging: false });
        }
        (points != seen.points).then_some(Edit { points, dragging: true })
    }

    fn on_ground(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        ground: &Response,
        plot: &Plot,
        line: &[Pos2],
        seen: &Seen<'_>,
    ) -> Option<Edit> {
        let on_curve = |at: Pos2| points::nearest(line, at).filter(|(_, far)| *far <= NEAR).map(|(on, _)| on);
        let x = |at: Pos2| plot.rounded(plot.value(at), 1.0)[0];
        if let Some(on) = ground.hover_pos().and_then(on_curve).filter(|_| self.held.is_none()) {
            ui.set_cursor_icon(CursorIcon::Crosshair);
            ui.painter().circle(on, 3.5, *theme.colors().surface.field, Stroke::new(1.0, seen.ink));
        }
        if ground.drag_started_by(PointerButton::Primary) {
            let (from, now) = ui.input(|i| (i.pointer.press_origin(), i.pointer.interact_pos()));
            let from = from?;
            let (points, index) = points::added(seen.curve, seen.points, x(on_curve(from)?))?;
            self.take(plot, &points, index, now.unwrap_or(from) - from);
            return Some(Edit { points, dragging: true });
        }
        if !ground.clicked() {
            return None;
        }
        // By keyboard it is put where there is most room.
        let clicked = ground.interact_pointer_pos();
        let x = clicked.map_or_else(|| Some(points::free(seen.curve, seen.points)), |at| on_curve(at).map(x));
        let new = x.and_then(|x| points::added(seen.curve, seen.points, x));
        self.chosen = new.as_ref().map(|(_, index)| *index);
        (self.fresh, self.keyed) = (new.is_some(), new.is_some());
        new.map(|(points, _)| Edit { points, dragging: false })
    }

    fn on_point(
        &mut self,
        ui: &Ui,
        theme: &Theme,
        plot: &Plot,
        seen: &Seen<'_>,
        index: usize,
        point: Point,
    ) -> Option<Edit> {
        let at = plot.place(point);
        let id = ui.id().with(("point", seen.name, index));
        let response = ui.interact(Rect::from_center_size(at, Vec2::splat(HIT)), id, Sense::click_and_drag());
        let name = format!("Point {} of {}", index + 1, seen.name);
        response.widget_info(|| WidgetInfo::slider(true, point[1], &name));
        if response.is_pointer_button_down_on() || response.gained_focus() {
            self.chosen = Some(index);
        }
        let chosen = self.chosen == Some(index);
        if chosen && std::mem::take(&mut self.keyed) {
            response.request_focus();
        }
        handle(ui, theme, at, seen, point[0], chosen, &response);
        if response.hovered() && self.held.is_none() {
            ui.set_cursor_icon(CursorIcon::Grab);
        }
        let shown = points::shown(seen.curve, seen.points);
        if response.drag_started_by(PointerButton::Primary) && self.held.is_none() {
            let (from, now) = ui.input(|i| (i.pointer.press_origin(), i.pointer.interact_pos()));
            let way = now.zip(from).map_or(Vec2::ZERO, |(now, from)| now - from);
            self.take(plot, &shown, index, way);
        }
        let gone = response.secondary_clicked() || response.double_clicked() && !self.fresh;
        if response.clicked() {
            self.fresh = false;
            response.request_focus();
        }
        let step = response.has_focus().then(|| keys(ui, &response)).flatten();
        if gone || step == Some(Step::Remove) {
            self.chosen = None;
            // The ends of a diagonal are only shown.
            if seen.points.is_empty() {
                return None;
            }
            return Some(Edit { points: points::removed(seen.curve, seen.points, index), dragging: false });
        }
        let Some(Step::Up(steps)) = step else { return None };
        let [low, high] = seen.curve.soft;
        let to = [point[0], point[1] + steps * (high - low) / 100.0];
        let to = [to[0], plot.rounded(to, f64::from(FINE))[1]];
        Some(Edit { points: points::moved(seen.curve, &shown, index, to), dragging: false })
    }

    /// Takes hold of a point, which the pointer has led away by so much already.
    fn take(&mut self, plot: &Plot, points: &[Point], index: usize, way: Vec2) {
        let Some(point) = points.get(index) else { return };
        self.chosen = Some(index);
        (self.fresh, self.keyed) = (false, true);
        let at = plot.place(*point) - plot.area.min + way;
        self.held = Some(Held { points: points.to_vec(), index, at, y: plot.y });
    }
}

/// What keys ask of a point.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Up(f64),
    Remove,
}

fn keys(ui: &Ui, response: &Response) -> Option<Step> {
    let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, filter));
    ui.input_mut(|i| {
        let mut pressed = |held, key| i.consume_key(held, key);
        let mut steps = 0.0;
        for (held, count) in [(Modifiers::SHIFT, f64::from(FINE)), (Modifiers::NONE, 1.0)] {
            steps += if pressed(held, Key::ArrowUp) { count } else { 0.0 };
            steps -= if pressed(held, Key::ArrowDown) { count } else { 0.0 };
        }
        if pressed(Modifiers::NONE, Key::Delete) || pressed(Modifiers::NONE, Key::Backspace) {
            return Some(Step::Remove);
        }
        (steps != 0.0).then_some(Step::Up(steps))
    })
}

/// The ground, the grid, the line at rest, and the curve.
fn paint(ui: &Ui, theme: &Theme, frame: Rect, plot: &Plot, seen: &Seen<'_>, line: Vec<Pos2>) {
    let c = theme.colors();
    let shape = radius(theme.tokens.radius.field);
    let painter = ui.painter().with_clip_rect(frame.intersect(ui.clip_rect()));
    let edge = Stroke::new(1.0, *c.stroke.outline);
    painter.rect(frame, shape, *c.surface.field, edge, StrokeKind::Inside);
    let faint = Stroke::new(1.0, faded(*c.stroke.outline, 0.7));
    let area = plot.area;
    let columns = if seen.curve.neutral.is_some() { HUES } else { PARTS };
    for i in 0..=columns {
        let x = area.left() + area.width() * i as f32 / columns as f32;
        painter.vline(x.round() + 0.5, area.y_range(), faint);
    }
    for i in 0..=PARTS {
        let y = area.top() + area.height() * i as f32 / PARTS as f32;
        painter.hline(area.x_range(), y.round() + 0.5, faint);
    }
    let rest = seen.curve.x.map(|x| plot.place([x, seen.curve.at(&[], x)]));
    painter.line_segment(rest, Stroke::new(1.0, *c.stroke.outline_hover));
    for (other, points, ink) in &seen.behind {
        painter.add(Shape::line(plot.line(other, points), Stroke::new(1.0, faded(*ink, 0.5))));
    }
    if seen.curve.neutral.is_some() {
        let strip = Rect::from_min_size(area.left_bottom() + vec2(0.0, INSET), vec2(area.width(), STRIP));
        painter.add(hues(strip.translate(vec2(0.0, -1.0)), plot));
        let unit = &seen.curve.unit;
        for (y, at) in [(plot.y[1], area.top() + 8.0), (plot.y[0], area.bottom() - 8.0)] {
            let words = format!("{} {unit}", (y * 100.0).round() / 100.0);
            let place = Rect::from_center_size(pos2(area.center().x, at), vec2(area.width() - 8.0, 12.0));
            text_in(&painter, place, Align::Min, &words, theme.font(Text::Key), *c.text.tertiary);
        }
    }
    painter.add(Shape::line(line, Stroke::new(2.0, seen.ink)));
}

fn handle(ui: &Ui, theme: &Theme, at: Pos2, seen: &Seen<'_>, x: f64, chosen: bool, response: &Response) {
    let c = theme.colors();
    let fill = match seen.curve.neutral {
        Some(_) => hue(x),
        None if chosen => seen.ink,
        None => *c.surface.field,
    };
    let grown = if chosen || response.hovered() { 1.0 } else { 0.0 };
    ui.painter().circle(at, 4.0 + grown, fill, Stroke::new(1.5, seen.ink));
    if chosen {
        let line = Stroke::new(theme.tokens.line.selection, *c.accent.fill);
        ui.painter().circle_stroke(at, 7.5, line);
    }
}

/// A strip of the hues that lie above it.
fn hues(strip: Rect, plot: &Plot) -> Mesh {
    let mut mesh = Mesh::default();
    let columns = (strip.width() / 3.0).ceil().max(1.0) as u32;
    for i in 0..=columns {
        let x = strip.left() + strip.width() * i as f32 / columns as f32;
        let color = hue(plot.value(pos2(x, strip.top()))[0]);
        for y in [strip.top(), strip.bottom()] {
            mesh.vertices.push(Vertex { pos: pos2(x, y), uv: egui::epaint::WHITE_UV, color });
        }
        if let Some(first) = (2 * i).checked_sub(2) {
            mesh.add_triangle(first, first + 1, first + 2);
            mesh.add_triangle(first + 1, first + 2, first + 3);
        }
    }
    mesh
}

/// The colour of a hue in Oklab, at a lightness and chroma that every hue has. It is a value and no part of the look.
fn hue(degrees: f64) -> Color32 {
    const LIGHT: f64 = 0.74;
    const CHROMA: f64 = 0.12;
    let (b, a) = degrees.to_radians().sin_cos();
    let (a, b) = (CHROMA * a, CHROMA * b);
    let long = (LIGHT + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let middle = (LIGHT - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let short = (LIGHT - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let linear = [
        4.076_741_662_1 * long - 3.307_711_591_3 * middle + 0.230_969_929_2 * short,
        -1.268_438_004_6 * long + 2.609_757_401_1 * middle - 0.341_319_396_5 * short,
        -0.004_196_086_3 * long - 0.703_418_614_7 * middle + 1.707_614_701 * short,
    ];
    let [red, green, blue] = linear.map(|v| {
        let v = v.clamp(0.0, 1.0);
        let coded = if v <= 0.003_130_8 { 12.92 * v } else { 1.055 * v.powf(1.0 / 2.4) - 0.055 };
        (coded * 255.0).round() as u8
    });
    Color32::from_rgb(red, green, blue)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hues_are_those_that_the_tools_document() {
        let [red, yellow, green, cyan, blue, magenta] = [29.0, 110.0, 142.0, 195.0, 264.0, 328.0].map(hue);
        assert!(red.r() > red.g() && red.r() > red.b(), "{red:?}");
        assert!(yellow.b() < yellow.r().min(yellow.g()), "{yellow:?}");
        assert!(green.g() > green.r() && green.g() > green.b(), "{green:?}");
        assert!(cyan.r() < cyan.g().min(cyan.b()), "{cyan:?}");
        assert!(blue.b() > blue.r() && blue.b() > blue.g(), "{blue:?}");
        assert!(magenta.g() < magenta.r().min(magenta.b()), "{magenta:?}");
    }
}
