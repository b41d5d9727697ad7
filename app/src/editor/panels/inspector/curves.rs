//! Curves of a parameter: a switch between them, the one that is seen, and the numbers of its chosen point.

use super::ParamView;
use super::fields::small_icon;
use super::plot::{self, Edit, Seen, State};
use super::points::{self, Point};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::field::{self, Change, NumberSpec};
use crate::editor::widgets::paint::text_in;
use crate::editor::widgets::segments::marked;
use egui::{Align, Color32, Rect, Ui, Vec2, pos2, vec2};
use rushes_engine::tool::PointCurve;
use serde_json::Value;

/// What is asked of the whole parameter.
pub(super) enum Asked {
    /// Another table; values of a drag merge.
    Set(Value, bool),
    /// What it is where the graph says nothing.
    Reset,
}

/// The tallest that a plot grows.
const TALLEST: f32 = 280.0;
/// How tall a plot around a circle is for its width, and at most.
const FLAT: f32 = 0.62;
const FLAT_TALLEST: f32 = 180.0;
const GAP: f32 = 4.0;
/// Room for what a number is called.
const WORD: f32 = 24.0;

/// How much taller than a line they are in a field of that width.
pub(super) fn height(theme: &Theme, curves: &[PointCurve], width: f32) -> f32 {
    plot_height(curves, width) + theme.tokens.size.row + 2.0 * GAP
}

fn plot_height(curves: &[PointCurve], width: f32) -> f32 {
    let around = curves.iter().any(|curve| curve.neutral.is_some());
    if around { (width * FLAT).min(FLAT_TALLEST).round() } else { width.min(TALLEST).round() }
}

/// Shows them in `field`, within a row of the inspector.
pub(super) fn show(
    ui: &mut Ui,
    theme: &Theme,
    row: Rect,
    field: Rect,
    param: &ParamView,
    (curves, default): (&[PointCurve], &Value),
) -> Option<Asked> {
    let id = ui.id().with(("curves", &param.name));
    let mut state = ui.data(|d| d.get_temp::<State>(id)).unwrap_or_default();
    let all: Vec<(Vec<Point>, Color32)> =
        curves.iter().map(|c| (points::read(c, &param.value), ink(theme, &c.name))).collect();
    let options: Vec<(&str, usize, Option<Color32>)> = curves
        .iter()
        .zip(&all)
        .enumerate()
        .map(|(i, (curve, (points, ink)))| (curve.label.as_str(), i, (!points.is_empty()).then_some(*ink)))
        .collect();
    let tabs = field.with_max_y(field.top() + theme.tokens.size.field);
    if let Some(other) = marked(ui, theme, tabs, &param.label, &options, state.curve) {
        state = State::of(other);
    }
    state.curve = state.curve.min(curves.len().saturating_sub(1));
    let (curve, (points, ink)) = curves.get(state.curve).zip(all.get(state.curve))?;
    let name = format!("{} {}", param.label, curve.label.to_lowercase());
    let top = tabs.bottom() + GAP;
    let frame =
        Rect::from_min_size(pos2(field.left(), top), vec2(field.width(), plot_height(curves, field.width())));
    let behind = curves.iter().zip(&all).filter(|(other, (points, _))| {
        other.name != curve.name && !points.is_empty() && (other.x, other.y) == (curve.x, curve.y)
    });
    let behind = behind.map(|(other, (points, ink))| (other, points.as_slice(), *ink)).collect();
    let seen = Seen { curve, name: &name, points, ink: *ink, behind };
    let plotted = plot::show(ui, theme, frame, &seen, &mut state);
    let line =
        Rect::from_min_size(pos2(row.left(), frame.bottom() + GAP), vec2(row.width(), theme.tokens.size.row));
    let typed = numbers(ui, theme, line, field, &seen, &mut state);
    ui.data_mut(|d| d.insert_temp(id, state));
    let Edit { points, dragging } = plotted.or(typed)?;
    let table = points::written(curves, &param.value, &curve.name, &points);
    let rests = !dragging && table == points::written(curves, default, "", &[]);
    Some(if rests { Asked::Reset } else { Asked::Set(table, dragging) })
}

/// The chosen point in numbers, and what takes it or the whole curve away.
fn numbers(
    ui: &mut Ui,
    theme: &Theme,
    line: Rect,
    field: Rect,
    seen: &Seen<'_>,
    state: &mut State,
) -> Option<Edit> {
    let (c, size) = (theme.colors(), &theme.tokens.size);
    let Seen { curve, name, points, .. } = seen;
    let shown = points::shown(curve, points);
    let chosen = state.chosen.and_then(|i| Some((i, *shown.get(i)?)));
    let inner = Rect::from_x_y_ranges(
        field.x_range(),
        line.center().y - size.field / 2.0..=line.center().y + size.field / 2.0,
    );
    let at = |dx: f32| Rect::from_center_size(pos2(line.right() - dx, line.center().y), Vec2::splat(20.0));
    let mut edit = None;
    if !points.is_empty() {
        let label = format!("Reset {name}");
        if small_icon(ui, theme, at(18.0), glyph::ARROW_COUNTER_CLOCKWISE, &label, *c.text.secondary) {
            state.chosen = None;
            edit = Some(Edit { points: Vec::new(), dragging: false });
        }
    }
    let Some((index, [x, y])) = chosen else {
        let words = if points.len() < PointCurve::MOST {
            "Click the curve to add a point"
        } else {
            "It has all the points it may have"
        };
        text_in(ui.painter(), inner, Align::Min, words, theme.font(Text::Small), *c.text.tertiary);
        return edit;
    };
    let label = Rect::from_x_y_ranges(line.left() + 12.0..=field.left() - GAP, inner.y_range());
    let words = format!("Point {} of {}", index + 1, shown.len());
    text_in(ui.painter(), label, Align::Min, &words, theme.font(Text::Small), *c.text.secondary);
    let around = curve.neutral.is_some();
    let spec = |soft: [f64; 2], hard: [f64; 2], unit: &str| NumberSpec {
        soft: soft[0]..=soft[1],
        hard: hard[0]..=hard[1],
        integer: false,
        unit: unit.to_owned(),
        logarithmic: false,
    };
    let across = spec(curve.x, points::room(curve, &shown, index), if around { "°" } else { "" });
    let up = spec(curve.soft, curve.y, &curve.unit);
    let half = (inner.width() - 2.0 * GAP) / 2.0;
    let called = if around { ["Hue", "By"] } else { ["In", "Out"] };
    for (i, (word, value, spec)) in [(called[0], x, across), (called[1], y, up)].into_iter().enumerate() {
        let left = inner.left() + i as f32 * (half + 2.0 * GAP);
        let part = Rect::from_x_y_ranges(left..=left + half, inner.y_range());
        let (word_place, place) = part.split_left_right_at_x(left + WORD);
        text_in(ui.painter(), word_place, Align::Min, word, theme.font(Text::Small), *c.text.secondary);
        let of_point = format!("{word} of {name}");
        let (v, dragging) = match field::number(ui, theme, place, &of_point, value, &spec) {
            Some(Change::Dragging(v)) => (v, true),
            Some(Change::Done(v)) => (v, false),
            None => continue,
        };
        let to = if i == 0 { [v, y] } else { [x, v] };
        edit = Some(Edit { points: points::moved(curve, &shown, index, to), dragging });
    }
    if !points.is_empty() {
        let label = format!("Remove point {} of {name}", index + 1);
        if small_icon(ui, theme, at(40.0), glyph::X, &label, *c.text.secondary) {
            state.chosen = None;
            edit = Some(Edit { points: points::removed(curve, points, index), dragging: false });
        }
    }
    edit
}

/// Red, green and blue wear their colours.
fn ink(theme: &Theme, name: &str) -> Color32 {
    let c = theme.colors();
    match name {
        "red" => *c.channel.red,
        "green" => *c.channel.green,
        "blue" => *c.channel.blue,
        _ => *c.text.primary,
    }
}
