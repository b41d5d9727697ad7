//! One of several, from a list that drops down.

use super::paint::radius;
use crate::editor::theme::Theme;
use egui::{ComboBox, Rect, Stroke, Ui, UiBuilder, WidgetInfo, WidgetType, vec2};

/// A field that shows the chosen one of `names` and lets another be chosen.
pub fn choice(
    ui: &mut Ui,
    theme: &Theme,
    field: Rect,
    label: &str,
    names: &[&str],
    now: usize,
) -> Option<usize> {
    let shown = names.get(now).copied().unwrap_or_default();
    choice_of(ui, theme, field, label, names, shown).filter(|i| *i != now)
}

/// As [`choice`], where what is `shown` need not be one of the names.
pub fn choice_of(
    ui: &mut Ui,
    theme: &Theme,
    field: Rect,
    label: &str,
    names: &[&str],
    shown: &str,
) -> Option<usize> {
    let c = theme.colors();
    let mut chosen = None;
    let mut child = ui.new_child(UiBuilder::new().max_rect(field));
    child.spacing_mut().interact_size.y = field.height();
    let w = &mut child.visuals_mut().widgets;
    for state in [&mut w.inactive, &mut w.hovered, &mut w.active, &mut w.open] {
        state.weak_bg_fill = *c.surface.field;
        state.bg_stroke = Stroke::new(1.0, *c.stroke.outline);
        state.corner_radius = radius(theme.tokens.radius.field);
    }
    w.hovered.bg_stroke.color = *c.stroke.outline_hover;
    child.spacing_mut().button_padding = vec2(8.0, 1.0);
    let combo =
        ComboBox::from_id_salt(("choice", label)).width(field.width()).selected_text(shown).height(320.0);
    let response = combo.show_ui(&mut child, |ui| {
        for (index, name) in names.iter().enumerate() {
            if ui.selectable_label(*name == shown, *name).clicked() {
                chosen = Some(index);
            }
        }
    });
    response.response.widget_info(|| {
        let mut info = WidgetInfo::labeled(WidgetType::ComboBox, true, label);
        info.current_text_value = Some(shown.to_owned());
        info
    });
    chosen
}
