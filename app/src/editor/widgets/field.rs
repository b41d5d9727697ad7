//! The number field: the whole field drags, a click types, a thin fill shows the soft range.

use super::button::focus_ring;
use super::paint::{radius, text_in};
use crate::editor::theme::{Text, Theme};
use egui::{
    Align, Color32, CursorIcon, Id, Key, Rect, Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo,
    WidgetType, pos2, vec2,
};
use std::ops::RangeInclusive;

/// What a number field may hold.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberSpec {
    /// The range that the fill shows and that most work stays in.
    pub soft: RangeInclusive<f64>,
    /// The range that a value never leaves.
    pub hard: RangeInclusive<f64>,
    /// Whole numbers only.
    pub integer: bool,
    /// `%`, `px`, `s` or empty; `%` shows 0.3 as 30.
    pub unit: String,
    /// Drags by ratio instead of by difference.
    pub logarithmic: bool,
}

impl NumberSpec {
    /// The smallest step that a drag by one point makes.
    fn step(&self, value: f64) -> f64 {
        let span = self.soft.end() - self.soft.start();
        let span = if span.is_finite() && span > 0.0 { span } else { value.abs().max(1.0) };
        if self.logarithmic { value.abs().max(span / 1e4) / 100.0 } else { span / 200.0 }
    }

    /// `value` kept inside the hard range and whole where it must be; NaN becomes the lower bound.
    pub fn clamp(&self, value: f64) -> f64 {
        let value = if self.integer { value.round() } else { value };
        if value.is_nan() { *self.hard.start() } else { value.max(*self.hard.start()).min(*self.hard.end()) }
    }

    /// Where the value stands in the soft range, 0 to 1.
    pub fn fraction(&self, value: f64) -> f64 {
        let (lo, hi) = (*self.soft.start(), *self.soft.end());
        if self.logarithmic && lo > 0.0 {
            return ((value.max(lo) / lo).ln() / (hi / lo).ln()).clamp(0.0, 1.0);
        }
        if hi > lo { ((value - lo) / (hi - lo)).clamp(0.0, 1.0) } else { 0.0 }
    }

    /// The value in words without its unit: `30`, `0.35`, `1080`.
    pub fn words(&self, value: f64) -> String {
        let shown = if self.unit == "%" { value * 100.0 } else { value };
        if self.integer && self.unit != "%" {
            return format!("{shown:.0}");
        }
        let span = (self.soft.end() - self.soft.start()) * if self.unit == "%" { 100.0 } else { 1.0 };
        let digits = if span > 50.0 { 1 } else { 3 };
        let text = format!("{shown:.digits$}");
        let text = text.trim_end_matches('0').trim_end_matches('.');
        if text == "-0" || text.is_empty() { "0".to_owned() } else { text.to_owned() }
    }

    /// The value with its unit: `30 %`, `1.2 px`.
    pub fn with_unit(&self, value: f64) -> String {
        let words = self.words(value);
        if self.unit.is_empty() { words } else { format!("{words} {}", self.unit) }
    }

    /// Reads what a person typed; units are allowed, a comma counts as a point. `None` if it is no number.
    pub fn parse(&self, text: &str) -> Option<f64> {
        let text = text.trim().trim_end_matches(self.unit.as_str()).trim().replace(',', ".");
        let value: f64 = text.parse().ok().filter(|v: &f64| v.is_finite())?;
        Some(self.clamp(if self.unit == "%" { value / 100.0 } else { value }))
    }
}

/// What a field asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// The value while a drag lasts: merges with the one before.
    Dragging(f64),
    /// A finished value.
    Done(f64),
}

/// Shows the field in `rect`, and says so where there is no value. `label` is its name for assistive technology.
pub fn number(
    ui: &mut Ui,
    theme: &Theme,
    rect: Rect,
    label: &str,
    value: impl Into<Option<f64>>,
    spec: &NumberSpec,
) -> Option<Change> {
    let given: Option<f64> = value.into();
    let value = given.unwrap_or(*spec.soft.start());
    let id = ui.id().with(("number", label));
    if ui.data(|d| d.get_temp::<String>(id.with("text"))).is_some() {
        return typing(ui, theme, rect, id, label, spec);
    }
    let response = ui.interact(rect, id, Sense::click_and_drag());
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(WidgetType::DragValue, true, label);
        info.value = given;
        info
    });
    let words = given.map(|value| spec.words(value)).unwrap_or_default();
    if given.is_some() {
        paint(ui, theme, rect, response.hovered(), spec.fraction(value), &words, &spec.unit);
    } else {
        paint(ui, theme, rect, response.hovered(), 0.0, "", "");
        let (inner, ink) = (rect.shrink2(vec2(8.0, 0.0)), *theme.colors().text.tertiary);
        text_in(ui.painter(), inner, Align::Max, "Not set", theme.font(Text::Body), ink);
    }
    focus_ring(ui, theme, &response);
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let open = response.clicked() || (response.has_focus() && ui.input(|i| i.key_pressed(Key::Enter)));
    if open {
        ui.data_mut(|d| d.insert_temp(id.with("text"), words));
        ui.ctx().request_repaint();
        return None;
    }
    if response.dragged() || response.drag_stopped() {
        let raw_id = id.with("raw");
        let (fine, snap) = ui.input(|i| (i.modifiers.shift, i.modifiers.command));
        let mut raw = ui.data(|d| d.get_temp::<f64>(raw_id)).unwrap_or(value);
        raw += f64::from(response.drag_delta().x) * spec.step(raw) * if fine { 0.1 } else { 1.0 };
        raw = raw.max(*spec.hard.start()).min(*spec.hard.end());
        let tidy = if snap { snapped(raw, spec) } else { rounded(raw, spec) };
        let next = spec.clamp(tidy);
        if response.drag_stopped() {
            ui.data_mut(|d| d.remove::<f64>(raw_id));
            return Some(Change::Done(next));
        }
        ui.data_mut(|d| d.insert_temp(raw_id, raw));
        return (next != value).then_some(Change::Dragging(next));
    }
    if response.has_focus() {
        let steps =
            ui.input(|i| f64::from(i.key_pressed(Key::ArrowUp)) - f64::from(i.key_pressed(Key::ArrowDown)));
        if steps != 0.0 {
            let step = if spec.integer { 1.0 } else { spec.step(value) * 2.0 };
            return Some(Change::Done(spec.clamp(rounded(value + steps * step, spec))));
        }
    }
    None
}

fn rounded(value: f64, spec: &NumberSpec) -> f64 {
    let step = spec.step(value);
    if step.is_nan() || step <= 0.0 {
        return value;
    }
    let unit = 10f64.powf((step / 10.0).log10().floor()).max(1e-6);
    let tidy = (value / unit).round() * unit;
    // Dividing by a power of ten leaves digits that no one asked for.
    format!("{tidy:.6}").parse().unwrap_or(tidy)
}

fn snapped(value: f64, spec: &NumberSpec) -> f64 {
    let grid = (spec.step(value) * 10.0).max(1e-6);
    rounded((value / grid).round() * grid, spec)
}

fn typing(ui: &mut Ui, theme: &Theme, rect: Rect, id: Id, label: &str, spec: &NumberSpec) -> Option<Change> {
    let key = id.with("text");
    let mut text = ui.data(|d| d.get_temp::<String>(key)).unwrap_or_default();
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.field), *theme.colors().surface.field);
    let edit = TextEdit::singleline(&mut text)
        .id(id.with("edit"))
        .font(theme.font(Text::Body))
        .horizontal_align(Align::Max)
        .frame(egui::Frame::NONE)
        .margin(vec2(6.0, 1.0));
    let response = ui.put(rect, edit);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, label));
    let line = Stroke::new(1.0, *theme.colors().accent.fill);
    ui.painter().rect_stroke(rect, radius(theme.tokens.radius.field), line, StrokeKind::Inside);
    if !ui.data(|d| d.get_temp::<bool>(key.with("begun")).unwrap_or(false)) {
        response.request_focus();
        select(ui, response.id, text.chars().count());
        ui.data_mut(|d| d.insert_temp(key.with("begun"), true));
    } else if response.lost_focus() {
        ui.data_mut(|d| {
            d.remove::<String>(key);
            d.remove::<bool>(key.with("begun"));
        });
        if ui.input(|i| i.key_pressed(Key::Escape)) {
            return None;
        }
        return spec.parse(&text).map(Change::Done);
    }
    ui.data_mut(|d| d.insert_temp(key, text));
    None
}

/// Selects the first characters of a text that is being typed.
pub fn select(ui: &Ui, id: Id, chars: usize) {
    use egui::text::{CCursor, CCursorRange};
    if let Some(mut state) = TextEdit::load_state(ui.ctx(), id) {
        state.cursor.set_char_range(Some(CCursorRange::two(CCursor::new(0), CCursor::new(chars))));
        state.store(ui.ctx(), id);
    }
}

/// Paints the ground of a field, its fill and its value.
pub fn paint(ui: &Ui, theme: &Theme, rect: Rect, hovered: bool, fraction: f64, words: &str, unit: &str) {
    let c = theme.colors();
    let shape = radius(theme.tokens.radius.field);
    let line = if hovered { *c.stroke.outline_hover } else { *c.stroke.outline };
    ui.painter().rect(rect, shape, *c.surface.field, Stroke::new(1.0, line), StrokeKind::Inside);
    if fraction > 0.0 {
        let inner = rect.shrink(1.0);
        let fill = inner.with_max_x(inner.left() + inner.width() * fraction as f32);
        ui.painter().rect_filled(fill, shape, *c.surface.field_fill);
        let mark = Stroke::new(1.0, *c.stroke.control);
        ui.painter().vline(fill.right(), inner.y_range(), mark);
    }
    let mut inner = rect.shrink2(vec2(8.0, 0.0));
    if !unit.is_empty() {
        let place = text_in(ui.painter(), inner, Align::Max, unit, theme.font(Text::Body), *c.text.secondary);
        inner = Rect::from_min_max(inner.min, pos2(place.left() - 4.0, inner.max.y));
    }
    let ink: Color32 = *c.text.primary;
    text_in(ui.painter(), inner, Align::Max, words, theme.font(Text::Body), ink);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec(unit: &str) -> NumberSpec {
        NumberSpec { soft: 0.0..=1.0, hard: 0.0..=4.0, integer: false, unit: unit.into(), logarithmic: false }
    }

    #[test]
    fn a_percent_is_typed_and_shown_as_a_hundredth() {
        let s = spec("%");
        assert_eq!(s.with_unit(0.3), "30 %");
        assert_eq!(s.parse("45 %"), Some(0.45));
        assert_eq!(s.parse("12,5"), Some(0.125));
    }

    #[test]
    fn a_value_never_leaves_the_hard_range() {
        let s = spec("px");
        assert_eq!(s.parse("99"), Some(4.0));
        assert_eq!(s.parse("-1 px"), Some(0.0));
        assert_eq!(s.clamp(f64::NAN), 0.0);
        assert_eq!(s.parse("inf"), None);
        assert_eq!(s.fraction(3.0), 1.0, "past the soft range the fill stays full");
    }

    #[test]
    fn drags_land_on_round_values() {
        assert_eq!(rounded(0.300_000_04, &spec("")), 0.3);
        assert_eq!(spec("").words(0.35), "0.35");
        assert_eq!(spec("").words(0.0), "0");
    }
}
