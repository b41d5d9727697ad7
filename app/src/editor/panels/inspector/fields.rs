//! One row of the inspector: label, field, keyframe diamond, reset.

use super::curves::{self, Asked};
use super::{InspectorAction, Keyed, Kind, ParamView};
use crate::editor::canvas::view::Id;
use crate::editor::theme::{Text, Theme, fonts, icons::glyph};
use crate::editor::widgets::button::button;
use crate::editor::widgets::choice::choice_of;
use crate::editor::widgets::field::{self, Change, NumberSpec};
use crate::editor::widgets::paint::{icon, radius, text_in};
use crate::editor::widgets::words::{Typed, words};
use egui::{
    Align, Color32, FontId, Rect, Response, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
    WidgetType, pos2, vec2,
};
use serde_json::{Value, json};

const RIGHT_ICONS: f32 = 48.0;
const LINES_OF_TEXT: f32 = 4.0;
const LINE: f32 = 16.0;

/// Shows a parameter.
pub(super) fn row(ui: &mut Ui, theme: &Theme, node: &Id, param: &ParamView, out: &mut Vec<InspectorAction>) {
    let c = theme.colors();
    let size = &theme.tokens.size;
    let extra = match &param.kind {
        Kind::Text { lines: true } => (LINES_OF_TEXT - 1.0) * LINE + 6.0,
        Kind::Files => list(&param.value).len() as f32 * size.row,
        Kind::Curves { curves, .. } if param.wired_from.is_empty() => {
            let beside = 12.0 + size.inspector_label + 4.0 + RIGHT_ICONS + 8.0;
            curves::height(theme, curves, ui.available_width() - beside)
        }
        _ => 0.0,
    };
    let wrong = if param.error.is_empty() { 0.0 } else { LINE + 2.0 };
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), size.row + extra + wrong), Sense::hover());
    let line = Rect::from_min_size(rect.min, vec2(rect.width(), size.row));
    let label = Rect::from_min_max(
        line.min + vec2(12.0, 0.0),
        pos2(line.left() + 12.0 + size.inspector_label, line.bottom()),
    );
    let (style, ink) =
        if param.changed { (Text::BodyStrong, *c.text.primary) } else { (Text::Body, *c.text.secondary) };
    text_in(ui.painter(), label, Align::Min, &param.label, theme.font(style), ink);
    let sense = if param.promoted.is_some() { Sense::click() } else { Sense::hover() };
    let hover = ui.interact(label, ui.id().with(("label", &param.name)), sense);
    if let Some(promoted) = param.promoted {
        promotes(&hover, node, param, promoted, out);
    }
    if !param.help.is_empty() {
        hover.on_hover_text(&param.help);
    }
    let field = Rect::from_min_max(
        pos2(label.right() + 4.0, line.center().y - size.field / 2.0),
        pos2(line.right() - RIGHT_ICONS - 8.0, line.center().y + size.field / 2.0 + extra),
    );
    if !param.wired_from.is_empty() {
        wired(ui, theme, field, &param.wired_from);
    } else if let Kind::Curves { curves, default } = &param.kind {
        let (node, name) = (Id::clone(node), Id::clone(&param.name));
        out.extend(curves::show(ui, theme, rect, field, param, (curves, default)).map(|asked| match asked {
            Asked::Set(value, dragging) => InspectorAction::Set { node, param: name, value, dragging },
            Asked::Reset => InspectorAction::Reset { node, param: name },
        }));
    } else {
        edit(ui, theme, field, node, param, out);
    }
    marks(ui, theme, line, node, param, out);
    if !param.error.is_empty() {
        ui.painter().rect_stroke(field, radius(3.0), Stroke::new(1.0, *c.state.error), StrokeKind::Inside);
        let under = Rect::from_min_max(pos2(field.left(), rect.bottom() - wrong), rect.max - vec2(8.0, 0.0));
        text_in(ui.painter(), under, Align::Min, &param.error, theme.font(Text::Small), *c.state.error);
    }
}

/// The menu by which a parameter is shown outside of the sub-graph, or no longer.
fn promotes(label: &Response, node: &Id, param: &ParamView, on: bool, out: &mut Vec<InspectorAction>) {
    let name = if on { format!("{}, promoted", param.label) } else { param.label.clone() };
    label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("Parameter {name}")));
    // Without a pointer there is no menu: the key does what it offers.
    let mut chosen = label.clicked() && !label.clicked_by(egui::PointerButton::Primary);
    label.context_menu(|ui| {
        let verb = if on { "Take back from the sub-graph" } else { "Promote to the sub-graph" };
        if ui.button(verb).clicked() {
            chosen = true;
            ui.close();
        }
    });
    if chosen {
        let (node, name) = (Id::clone(node), Id::clone(&param.name));
        out.push(InspectorAction::Promote { node, param: name, label: param.label.clone() });
    }
}

fn edit(
    ui: &mut Ui,
    theme: &Theme,
    field: Rect,
    node: &Id,
    param: &ParamView,
    out: &mut Vec<InspectorAction>,
) {
    let name = param.label.as_str();
    let mut set = |value: Value, dragging: bool| {
        out.push(InspectorAction::Set {
            node: Id::clone(node),
            param: Id::clone(&param.name),
            value,
            dragging,
        });
    };
    match &param.kind {
        Kind::Number(spec) => match field::number(ui, theme, field, name, param.value.as_f64(), spec) {
            Some(Change::Dragging(v)) => set(number_value(v, spec), true),
            Some(Change::Done(v)) => set(number_value(v, spec), false),
            None => {}
        },
        Kind::Numbers(labels, spec) => {
            if let Some((value, dragging)) = numbers(ui, theme, field, name, labels, spec, &param.value) {
                set(value, dragging);
            }
        }
        Kind::Switch => {
            if let Some(on) = switch(ui, theme, field, name, param.value.as_bool().unwrap_or(false)) {
                set(json!(on), false);
            }
        }
        Kind::Choice(choices) => {
            if let Some(value) =
                choice(ui, theme, field, name, choices, param.value.as_str().unwrap_or_default())
            {
                set(json!(value), false);
            }
        }
        Kind::Text { lines } => {
            // What is typed is in the document at once: the field may be gone before it is left.
            let now = param.value.as_str().unwrap_or_default();
            match words(ui, theme, field, name, now, *lines) {
                Typed::Going(text) if text != now => set(json!(text), true),
                Typed::Done(text) => set(json!(text), false),
                Typed::Going(_) | Typed::No => {}
            }
        }
        Kind::Color => {
            if let Some(value) = color(ui, field, name, &param.value) {
                set(value, true);
            }
        }
        Kind::Json => {
            let text = param.value.to_string();
            let typed = words(ui, theme, field, name, &text, false);
            if let Some(new) = Unfinished::after(ui, node, param, typed, &text)
                && let Ok(value) = serde_json::from_str(&new)
            {
                set(value, false);
            }
        }
        Kind::File => {
            let (path, browse) = field.split_left_right_at_x(field.right() - 28.0);
            let now = param.value.as_str().unwrap_or_default();
            let typed = words(ui, theme, path, name, now, false);
            if let Some(text) = Unfinished::after(ui, node, param, typed, now) {
                set(json!(text), false);
            }
            if folder(ui, theme, browse, name) {
                out.push(InspectorAction::Browse {
                    node: Id::clone(node),
                    param: Id::clone(&param.name),
                    many: false,
                });
            }
        }
        Kind::Files => files(ui, theme, field, node, param, out),
        // They are shown with the whole row.
        Kind::Curves { .. } => {}
    }
}

fn number_value(v: f64, spec: &NumberSpec) -> Value {
    if spec.integer { json!(v as i64) } else { json!(v) }
}

fn numbers(
    ui: &mut Ui,
    theme: &Theme,
    field: Rect,
    name: &str,
    labels: &[String],
    spec: &NumberSpec,
    value: &Value,
) -> Option<(Value, bool)> {
    let mut all: Vec<f64> = list(value).iter().filter_map(Value::as_f64).collect();
    all.resize(labels.len(), 0.0);
    let gap = 4.0;
    let width = (field.width() - gap * (labels.len() as f32 - 1.0)) / labels.len().max(1) as f32;
    let mut change = None;
    for (i, (label, value)) in labels.iter().zip(&mut all).enumerate() {
        let x = field.left() + i as f32 * (width + gap);
        let rect = Rect::from_min_size(pos2(x, field.top()), vec2(width, field.height()));
        match field::number(ui, theme, rect, &format!("{name} {label}"), *value, spec) {
            Some(Change::Dragging(v)) => change = Some((i, v, true)),
            Some(Change::Done(v)) => change = Some((i, v, false)),
            None => {}
        }
    }
    let (i, v, dragging) = change?;
    *all.get_mut(i)? = v;
    Some((json!(all), dragging))
}

fn switch(ui: &mut Ui, theme: &Theme, field: Rect, name: &str, on: bool) -> Option<bool> {
    let c = theme.colors();
    let rect = Rect::from_min_size(pos2(field.left(), field.center().y - 8.0), Vec2::splat(16.0));
    let response = ui.interact(rect.expand(4.0), ui.id().with(("switch", name)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::Checkbox, true, on, name));
    let fill = if on { *c.accent.fill } else { *c.surface.field };
    let line = if on { Color32::TRANSPARENT } else { *c.stroke.control };
    ui.painter().rect(rect, radius(3.0), fill, Stroke::new(1.0, line), StrokeKind::Inside);
    if on {
        icon(ui.painter(), theme, rect.center(), glyph::CHECK, 12.0, *c.text.on_accent);
    }
    crate::editor::widgets::button::focus_ring(ui, theme, &response);
    response.clicked().then_some(!on)
}

fn choice(
    ui: &mut Ui,
    theme: &Theme,
    field: Rect,
    name: &str,
    choices: &[(String, String)],
    value: &str,
) -> Option<String> {
    let shown = choices.iter().find(|(v, _)| v == value).map_or(value, |(_, l)| l);
    let names: Vec<&str> = choices.iter().map(|(_, label)| label.as_str()).collect();
    let chosen = choice_of(ui, theme, field, name, &names, shown).and_then(|i| choices.get(i));
    chosen.map(|(v, _)| v.clone()).filter(|v| v != value)
}

/// A path or a list that is being typed. Half of one means nothing, so it is set once it is left, or when its field is
/// no longer there.
#[derive(Clone)]
pub(super) struct Unfinished {
    node: Id,
    param: Id,
    json: bool,
    text: String,
    pass: u64,
}

impl Unfinished {
    const NAME: &str = "unfinished words";

    /// Keeps what is being typed, where it is another text than `now`; gives it once it is left.
    fn after(ui: &Ui, node: &Id, param: &ParamView, typed: Typed, now: &str) -> Option<String> {
        match typed {
            Typed::No => None,
            Typed::Going(text) if text != now => {
                let json = param.kind == Kind::Json;
                let pass = ui.ctx().cumulative_pass_nr();
                let (node, param) = (Id::clone(node), Id::clone(&param.name));
                let kept = Self { node, param, json, text, pass };
                ui.data_mut(|d| d.insert_temp(egui::Id::new(Self::NAME), kept));
                None
            }
            Typed::Going(_) => {
                Self::drop(ui);
                None
            }
            Typed::Done(text) => {
                Self::drop(ui);
                (text != now).then_some(text)
            }
        }
    }

    fn drop(ui: &Ui) {
        ui.data_mut(|d| d.remove::<Self>(egui::Id::new(Self::NAME)));
    }

    /// Sets what was typed into a field that is gone.
    pub(super) fn finish(ui: &Ui) -> Option<InspectorAction> {
        let left = ui.data(|d| d.get_temp::<Self>(egui::Id::new(Self::NAME)))?;
        if left.pass == ui.ctx().cumulative_pass_nr() {
            return None;
        }
        Self::drop(ui);
        let value = if left.json { serde_json::from_str(&left.text).ok()? } else { json!(left.text) };
        Some(InspectorAction::Set { node: left.node, param: left.param, value, dragging: false })
    }
}

fn color(ui: &mut Ui, field: Rect, name: &str, value: &Value) -> Option<Value> {
    let all: Vec<f32> = list(value).iter().filter_map(|v| v.as_f64().map(|v| v as f32)).collect();
    let at = |i: usize, or: f32| all.get(i).copied().unwrap_or(or);
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    let mut color = Color32::from_rgb(byte(at(0, 0.0)), byte(at(1, 0.0)), byte(at(2, 0.0)));
    let mut child = ui.new_child(UiBuilder::new().max_rect(field));
    child.spacing_mut().interact_size = field.size();
    let options = egui::color_picker::Alpha::Opaque;
    let response = egui::color_picker::color_edit_button_srgba(&mut child, &mut color, options);
    response.widget_info(|| WidgetInfo::labeled(WidgetType::ColorButton, true, name));
    if !response.changed() {
        return None;
    }
    let mut new: Vec<f64> = [color.r(), color.g(), color.b()].iter().map(|v| f64::from(*v) / 255.0).collect();
    new.extend(all.get(3).map(|a| f64::from(*a)));
    Some(json!(new))
}

fn files(
    ui: &mut Ui,
    theme: &Theme,
    field: Rect,
    node: &Id,
    param: &ParamView,
    out: &mut Vec<InspectorAction>,
) {
    let c = theme.colors();
    let row = theme.tokens.size.row;
    let all = list(&param.value);
    for (i, file) in all.iter().enumerate() {
        let rect = Rect::from_min_size(field.min + vec2(0.0, i as f32 * row), vec2(field.width(), row));
        let path = file.as_str().or_else(|| file.get("file").and_then(Value::as_str)).unwrap_or_default();
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let text = rect.with_max_x(rect.right() - 24.0);
        text_in(ui.painter(), text, Align::Min, name, theme.font(Text::Body), *c.text.primary);
        let cross = Rect::from_center_size(pos2(rect.right() - 12.0, rect.center().y), Vec2::splat(20.0));
        if small_icon(ui, theme, cross, glyph::X, &format!("Remove {name}"), *c.text.secondary) {
            let mut rest = all.clone();
            rest.remove(i);
            let (node, name) = (Id::clone(node), Id::clone(&param.name));
            out.push(InspectorAction::Set { node, param: name, value: Value::Array(rest), dragging: false });
        }
    }
    let top = field.top() + all.len() as f32 * row - 2.0;
    let place = Rect::from_min_size(pos2(field.left(), top), vec2(field.width(), row));
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(("files", &param.name)));
    if button(&mut child, theme, Some(glyph::PLUS), "Add files…", true).clicked() {
        out.push(InspectorAction::Browse {
            node: Id::clone(node),
            param: Id::clone(&param.name),
            many: true,
        });
    }
}

fn folder(ui: &mut Ui, theme: &Theme, rect: Rect, name: &str) -> bool {
    small_icon(ui, theme, rect, glyph::FOLDER_OPEN, &format!("Choose {name}"), *theme.colors().text.secondary)
}

fn wired(ui: &Ui, theme: &Theme, field: Rect, from: &str) {
    let c = theme.colors();
    let line = Stroke::new(1.0, *c.stroke.outline);
    ui.painter().rect(
        field,
        radius(theme.tokens.radius.field),
        *c.surface.panel_header,
        line,
        StrokeKind::Inside,
    );
    icon(
        ui.painter(),
        theme,
        pos2(field.left() + 14.0, field.center().y),
        glyph::FLOW_ARROW,
        14.0,
        *c.text.secondary,
    );
    let text = field.with_min_x(field.left() + 28.0);
    text_in(
        ui.painter(),
        text,
        Align::Min,
        &format!("from {from}"),
        theme.font(Text::Body),
        *c.text.secondary,
    );
}

fn marks(
    ui: &mut Ui,
    theme: &Theme,
    line: Rect,
    node: &Id,
    param: &ParamView,
    out: &mut Vec<InspectorAction>,
) {
    let c = theme.colors();
    let at = |dx: f32| Rect::from_center_size(pos2(line.right() - dx, line.center().y), Vec2::splat(20.0));
    let (node, name) = (Id::clone(node), Id::clone(&param.name));
    if param.promoted == Some(true) {
        let at = pos2(line.left() + 6.0, line.center().y);
        icon(ui.painter(), theme, at, glyph::ARROW_SQUARE_OUT, 10.0, *c.accent.text);
    }
    if param.keyed == Keyed::Expression {
        icon(ui.painter(), theme, at(40.0).center(), glyph::FUNCTION, 14.0, *c.accent.text);
    } else if param.keyed != Keyed::Fixed && param.wired_from.is_empty() {
        let rect = at(40.0);
        let response = ui.interact(rect, ui.id().with(("key", &param.name)), Sense::click());
        let on = param.keyed == Keyed::OnKey;
        response.widget_info(|| {
            WidgetInfo::selected(WidgetType::Button, true, on, format!("Key for {}", param.label))
        });
        let filled = matches!(param.keyed, Keyed::OnKey | Keyed::Between);
        let color = match param.keyed {
            Keyed::OnKey => *c.accent.fill,
            _ if response.hovered() || filled => *c.text.primary,
            _ => *c.text.secondary,
        };
        let family = if filled { fonts::ICONS_FILL } else { fonts::ICONS };
        let font: FontId = fonts::font(family, 14.0);
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, glyph::DIAMOND, font, color);
        if response.on_hover_text("Key at the playhead").clicked() {
            out.push(InspectorAction::ToggleKey { node: Id::clone(&node), param: Id::clone(&name) });
        }
    }
    if param.changed {
        let label = format!("Reset {}", param.label);
        if small_icon(ui, theme, at(18.0), glyph::ARROW_COUNTER_CLOCKWISE, &label, *c.text.secondary) {
            out.push(InspectorAction::Reset { node, param: name });
        }
    }
}

/// An icon that is pressed, beside a field.
pub(super) fn small_icon(
    ui: &Ui,
    theme: &Theme,
    rect: Rect,
    sign: &str,
    label: &str,
    color: Color32,
) -> bool {
    let response = ui.interact(rect, ui.id().with(("small", label)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, label));
    let color = if response.hovered() { *theme.colors().text.primary } else { color };
    icon(ui.painter(), theme, rect.center(), sign, 14.0, color);
    response.on_hover_text(label).clicked()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
