//! One of a few, side by side; a row with its label; a word that is dragged.

use super::button::focus_ring;
use super::paint::{radius, text_in};
use crate::editor::theme::{Text, Theme};
use egui::{
    Align, Color32, CursorIcon, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2,
    vec2,
};

/// A row of a popup: `label` at the left and the rest for `add`.
pub fn row<R>(ui: &mut Ui, theme: &Theme, label: &str, add: impl FnOnce(&mut Ui, Rect) -> R) -> R {
    let size = &theme.tokens.size;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size.row), Sense::hover());
    let c = theme.colors();
    let inner = rect.shrink2(vec2(8.0, (size.row - size.field) / 2.0));
    text_in(ui.painter(), inner, Align::Min, label, theme.font(Text::Small), *c.text.secondary);
    add(ui, inner.with_min_x(inner.left() + size.inspector_label))
}

/// One of `options`, all in view. Gives what was chosen; `label` says of what.
pub fn segments<T: Copy + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    rect: Rect,
    label: &str,
    options: &[(&str, T)],
    current: T,
) -> Option<T> {
    let options: Vec<_> = options.iter().map(|(text, value)| (*text, *value, None)).collect();
    marked(ui, theme, rect, label, &options, current)
}

/// The same, where options may wear a mark of a colour: there is something behind them.
pub fn marked<T: Copy + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    rect: Rect,
    label: &str,
    options: &[(&str, T, Option<Color32>)],
    current: T,
) -> Option<T> {
    const MARK: f32 = 2.0;
    let c = theme.colors();
    let font = theme.font(Text::Small);
    let width = |ui: &Ui, text: &str| {
        ui.painter().layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x
    };
    let wide: f32 = options.iter().map(|(text, ..)| width(ui, text)).sum();
    let pad = ((rect.width() - wide) / options.len().max(1) as f32).max(4.0);
    let shape = radius(theme.tokens.radius.field);
    ui.painter().rect_filled(rect, shape, *c.surface.field);
    let mut chosen = None;
    let mut x = rect.left();
    for (text, value, mark) in options {
        let end = x + width(ui, text) + pad;
        let place = Rect::from_min_max(pos2(x, rect.top()), pos2(end, rect.bottom()));
        let response = ui.interact(place, ui.id().with((label, *text)), Sense::click());
        let on = *value == current;
        response.widget_info(|| {
            WidgetInfo::selected(WidgetType::RadioButton, true, on, format!("{label}: {text}"))
        });
        if on || response.hovered() {
            let fill = if on { *c.surface.pressed } else { *c.surface.hover };
            ui.painter().rect_filled(place.shrink(1.0), shape, fill);
        }
        focus_ring(ui, theme, &response);
        let ink = if on { *c.text.primary } else { *c.text.secondary };
        let words = text_in(ui.painter(), place, Align::Center, text, font.clone(), ink);
        if let Some(color) = mark {
            ui.painter().circle_filled(pos2(words.right() + 5.0, place.center().y), MARK, *color);
        }
        if response.clicked() {
            chosen = Some(*value);
        }
        x = end;
    }
    let line = Stroke::new(1.0, *c.stroke.outline);
    ui.painter().rect_stroke(rect, shape, line, StrokeKind::Inside);
    chosen
}

/// Verbs beside each other. Gives the one that was clicked; `label` says of what.
pub fn buttons<T: Copy + PartialEq>(
    ui: &mut Ui,
    theme: &Theme,
    rect: Rect,
    label: &str,
    options: &[(&str, T)],
) -> Option<T> {
    let options: Vec<(&str, Option<T>)> = options.iter().map(|(text, value)| (*text, Some(*value))).collect();
    segments(ui, theme, rect, label, &options, None).flatten()
}

/// A line of a popup with a verb or a name; `on` marks the one in force. Gives whether it was clicked.
pub fn item(ui: &mut Ui, theme: &Theme, label: &str, on: bool) -> bool {
    let size = &theme.tokens.size;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size.row), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), on, label));
    let c = theme.colors();
    let fill = match (on, response.hovered()) {
        (true, _) => *c.surface.pressed,
        (false, true) => *c.surface.hover,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), fill);
    focus_ring(ui, theme, &response);
    let dim = if ui.is_enabled() { 1.0 } else { theme.tokens.opacity.disabled };
    let ink = c.text.primary.gamma_multiply(dim);
    text_in(ui.painter(), rect.shrink2(vec2(8.0, 0.0)), Align::Min, label, theme.font(Text::Small), ink);
    response.clicked()
}

/// A line of a popup that is on or off. Gives whether it was clicked.
pub fn toggle(ui: &mut Ui, theme: &Theme, label: &str, on: bool) -> bool {
    let size = &theme.tokens.size;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), size.row), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Checkbox, true, on, label));
    let c = theme.colors();
    if response.hovered() {
        ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), *c.surface.hover);
    }
    focus_ring(ui, theme, &response);
    let side = size.icon_small;
    let mark =
        Rect::from_center_size(pos2(rect.left() + 8.0 + side / 2.0, rect.center().y), vec2(side, side));
    let shape = radius(theme.tokens.radius.field);
    let (fill, line) =
        if on { (*c.accent.fill, *c.accent.fill) } else { (*c.surface.field, *c.stroke.control) };
    ui.painter().rect(mark, shape, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    if on {
        let tick = crate::editor::theme::icons::glyph::CHECK;
        super::paint::icon(ui.painter(), theme, mark.center(), tick, size.icon_tiny, *c.text.on_accent);
    }
    let words = rect.with_min_x(mark.right() + 8.0);
    text_in(ui.painter(), words, Align::Min, label, theme.font(Text::Small), *c.text.primary);
    response.clicked()
}

/// What was done to a [`word`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Dragged {
    /// Moved by so many points to the right.
    By(f32),
    /// Clicked.
    Clicked,
}

/// A word in a header, clicked or dragged sideways; `marked` where it says that something is not as usual.
pub fn word(
    ui: &mut Ui,
    theme: &Theme,
    text: &str,
    label: &str,
    marked: bool,
    drags: bool,
) -> (Response, Option<Dragged>) {
    let c = theme.colors();
    let ink = if marked { *c.accent.text } else { *c.text.secondary };
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme.font(Text::Small), ink);
    let sense = if drags { Sense::click_and_drag() } else { Sense::click() };
    let (rect, response) =
        ui.allocate_exact_size(vec2(galley.size().x + 12.0, theme.tokens.size.button), sense);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("{label}: {text}")));
    if response.hovered() || response.dragged() {
        ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), *c.surface.hover);
        if drags {
            ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
    }
    focus_ring(ui, theme, &response);
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, ink);
    let done = if response.clicked() {
        Some(Dragged::Clicked)
    } else {
        Some(response.drag_delta().x).filter(|by| response.dragged() && *by != 0.0).map(Dragged::By)
    };
    (response.on_hover_text(label), done)
}
