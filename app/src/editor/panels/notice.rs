//! Notices at the top of the canvas: something happened that waits for a word from the person.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{button, primary};
use crate::editor::widgets::paint::{icon, paragraph, radius};
use egui::{Align, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

/// One notice.
#[derive(Clone, Debug, PartialEq)]
pub struct NoticeView {
    /// What happened.
    pub what: String,
    /// What it means, or empty.
    pub help: String,
    /// What can be done about it, the likeliest first.
    pub verbs: Vec<&'static str>,
}

/// Shows them inside `panel`, one under the other; gives the notice and the verb that were chosen.
pub fn show(ui: &mut Ui, panel: Rect, theme: &Theme, notices: &[NoticeView]) -> Option<(usize, usize)> {
    let c = theme.colors();
    let mut top = panel.top() + 12.0;
    let mut chosen = None;
    for (index, notice) in notices.iter().enumerate() {
        let width = theme.tokens.size.popup_sheet.min(panel.width() - 24.0);
        let text = match notice.help.as_str() {
            "" => notice.what.clone(),
            help => format!("{}\n{help}", notice.what),
        };
        let words = paragraph(ui.painter(), &text, theme.font(Text::Body), *c.text.primary, width - 56.0, 6);
        let verbs = theme.tokens.size.button_large;
        let high = words.size().y + verbs + 34.0;
        let rect = Rect::from_min_size(pos2(panel.center().x - width / 2.0, top), vec2(width, high));
        top += high + 8.0;
        // What lies below is not meant while the pointer is here.
        let response = ui.interact(rect, ui.id().with(("notice", index)), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &notice.what));
        let shape = radius(theme.tokens.radius.popup);
        let line = Stroke::new(1.0, *c.stroke.outline_hover);
        ui.painter().add(ui.visuals().popup_shadow.as_shape(rect, shape));
        ui.painter().rect(rect, shape, *c.surface.popup, line, StrokeKind::Inside);
        let sign = pos2(rect.left() + 22.0, rect.top() + 20.0);
        icon(ui.painter(), theme, sign, glyph::FILE, 16.0, *c.accent.text);
        ui.painter().galley(rect.min + vec2(40.0, 11.0), words, *c.text.primary);
        let row = Rect::from_min_max(
            pos2(rect.left() + 12.0, rect.bottom() - verbs - 12.0),
            rect.max - vec2(12.0, 12.0),
        );
        let layout = egui::Layout::right_to_left(Align::Center);
        let mut child = ui.new_child(UiBuilder::new().max_rect(row).layout(layout).id_salt(("verbs", index)));
        child.spacing_mut().item_spacing.x = 8.0;
        for (verb, label) in notice.verbs.iter().enumerate() {
            // One primary button in view.
            let pressed = match index + verb {
                0 => primary(&mut child, theme, None, label, true),
                _ => button(&mut child, theme, None, label, true),
            };
            if pressed.clicked() {
                chosen = Some((index, verb));
            }
        }
    }
    chosen
}
