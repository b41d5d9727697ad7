//! Buttons: primary (one in view), plain, and bare icons.

use super::paint::{icon, radius, text_in};
use crate::editor::theme::{Text, Theme};
use egui::{Align, Color32, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// A button with words. The verb is on the button.
pub fn button(ui: &mut Ui, theme: &Theme, glyph: Option<&str>, label: &str, enabled: bool) -> Response {
    words(ui, theme, glyph, label, Kind::Plain, enabled)
}

/// The one primary button in view.
pub fn primary(ui: &mut Ui, theme: &Theme, glyph: Option<&str>, label: &str, enabled: bool) -> Response {
    words(ui, theme, glyph, label, Kind::Primary, enabled)
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Plain,
    Primary,
}

fn words(
    ui: &mut Ui,
    theme: &Theme,
    glyph: Option<&str>,
    label: &str,
    kind: Kind,
    enabled: bool,
) -> Response {
    let c = theme.colors();
    let (height, style) = match kind {
        Kind::Plain => (theme.tokens.size.button, Text::BodyStrong),
        Kind::Primary => (theme.tokens.size.button_large, Text::NodeTitle),
    };
    let text = ui.painter().layout_no_wrap(label.to_owned(), theme.font(style), Color32::WHITE);
    let lead = if glyph.is_some() { 22.0 } else { 0.0 };
    let sense = if enabled { Sense::click() } else { Sense::hover() };
    let (rect, response) = ui.allocate_exact_size(vec2(text.size().x + lead + 24.0, height), sense);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, enabled, label));
    let (fill, line, ink) = match kind {
        Kind::Primary if response.hovered() => (*c.accent.hover, Color32::TRANSPARENT, *c.text.on_accent),
        Kind::Primary => (*c.accent.fill, Color32::TRANSPARENT, *c.text.on_accent),
        Kind::Plain if response.is_pointer_button_down_on() => {
            (*c.surface.pressed, *c.stroke.outline_hover, *c.text.primary)
        }
        Kind::Plain if response.hovered() && enabled => {
            (*c.surface.hover, *c.stroke.outline_hover, *c.text.primary)
        }
        Kind::Plain => (*c.surface.node_header, *c.stroke.outline, *c.text.primary),
    };
    let dim = if enabled { 1.0 } else { theme.tokens.opacity.disabled };
    let painter = ui.painter();
    let shape = radius(theme.tokens.radius.control);
    painter.rect(
        rect,
        shape,
        fill.gamma_multiply(dim),
        Stroke::new(1.0, line.gamma_multiply(dim)),
        StrokeKind::Inside,
    );
    focus_ring(ui, theme, &response);
    if let Some(glyph) = glyph {
        icon(
            ui.painter(),
            theme,
            pos2(rect.left() + 19.0, rect.center().y),
            glyph,
            16.0,
            ink.gamma_multiply(dim),
        );
    }
    let inner = rect.shrink2(vec2(12.0, 0.0)).with_min_x(rect.left() + 12.0 + lead);
    text_in(ui.painter(), inner, Align::Min, label, theme.font(style), ink.gamma_multiply(dim));
    response
}

/// A bare icon, `on` when what it stands for is in force. `label` is its name and its tooltip.
pub fn icon_button(ui: &mut Ui, theme: &Theme, glyph: &str, label: &str, on: bool) -> Response {
    let c = theme.colors();
    let (rect, response) = ui.allocate_exact_size(vec2(28.0, theme.tokens.size.button), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Button, ui.is_enabled(), on, label));
    let fill = if response.is_pointer_button_down_on() || on {
        *c.surface.pressed
    } else if response.hovered() {
        *c.surface.hover
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), fill);
    focus_ring(ui, theme, &response);
    let ink = if on || response.hovered() { *c.text.primary } else { *c.text.secondary };
    let ink = if ui.is_enabled() { ink } else { ink.gamma_multiply(theme.tokens.opacity.disabled) };
    icon(ui.painter(), theme, rect.center(), glyph, theme.tokens.size.icon, ink);
    response.on_hover_text(label)
}

/// The ring of keyboard focus, 2 points outside.
pub fn focus_ring(ui: &Ui, theme: &Theme, response: &Response) {
    if response.has_focus() {
        let line = Stroke::new(theme.tokens.line.focus, *theme.colors().accent.fill);
        ui.painter().rect_stroke(
            response.rect,
            radius(theme.tokens.radius.control),
            line,
            StrokeKind::Outside,
        );
    }
}
