//! A text field that says what became of its text.

use super::paint::radius;
use crate::editor::theme::{Text, Theme};
use egui::{Align, Rect, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, WidgetType, vec2};

/// What became of a text.
pub enum Typed {
    /// Nothing.
    No,
    /// It is being typed.
    Going(String),
    /// It is left as another than it was, or given up and as it was.
    Done(String),
}

/// A text field in `field`, named `name`.
pub fn words(ui: &mut Ui, theme: &Theme, field: Rect, name: &str, value: &str, lines: bool) -> Typed {
    let c = theme.colors();
    let id = ui.id().with(("words", name));
    let draft = ui.data(|d| d.get_temp::<String>(id));
    let mut text = draft.clone().unwrap_or_else(|| value.to_owned());
    let shape = radius(theme.tokens.radius.field);
    ui.painter().rect(
        field,
        shape,
        *c.surface.field,
        Stroke::new(1.0, *c.stroke.outline),
        StrokeKind::Inside,
    );
    let edit = if lines { TextEdit::multiline(&mut text) } else { TextEdit::singleline(&mut text) };
    let edit = edit
        .id(id.with("edit"))
        .font(theme.font(Text::Body))
        .frame(egui::Frame::NONE)
        .margin(vec2(0.0, 1.0))
        .vertical_align(if lines { Align::Min } else { Align::Center })
        .min_size(vec2(0.0, field.height()))
        .desired_width(field.width() - 16.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(field));
    child.set_clip_rect(field.intersect(child.clip_rect()));
    let response = child.put(field.shrink2(vec2(8.0, 0.0)), edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, name);
        info.current_text_value = Some(text.clone());
        info
    });
    let first = id.with("first");
    if response.has_focus() {
        ui.painter().rect_stroke(field, shape, Stroke::new(1.0, *c.accent.fill), StrokeKind::Inside);
        ui.data_mut(|d| {
            if draft.is_none() {
                d.insert_temp(first, value.to_owned());
            }
            d.insert_temp(id, text.clone());
        });
        return Typed::Going(text);
    }
    if draft.is_none() {
        return Typed::No;
    }
    let before = ui.data_mut(|d| {
        d.remove::<String>(id);
        d.remove_temp::<String>(first)
    });
    let given_up = ui.input(|i| i.key_pressed(egui::Key::Escape));
    match before {
        Some(before) if given_up => Typed::Done(before),
        Some(before) if before == text => Typed::No,
        _ => Typed::Done(text),
    }
}
