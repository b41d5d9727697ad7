//! Panel headers (tabs left, facts and icons right), inspector sections, tags and empty states.

use super::paint::{icon, paragraph, radius, text_in};
use crate::editor::theme::{Text, Theme, icons::glyph};
use egui::{Align, Color32, Rect, Response, Sense, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

/// Paints the ground of a panel header at the top of `rect` and returns the header and what is left.
pub fn split_header(ui: &Ui, theme: &Theme, rect: Rect) -> (Rect, Rect) {
    let height = theme.tokens.size.panel_header;
    let (head, rest) = rect.split_top_bottom_at_y(rect.top() + height);
    ui.painter().rect_filled(head, 0, *theme.colors().surface.panel_header);
    (head, rest)
}

/// Tabs from the left of a panel header. Returns the tab that was chosen, if any, and where they end.
pub fn tabs(ui: &mut Ui, theme: &Theme, header: Rect, names: &[&str], active: usize) -> (Option<usize>, f32) {
    let c = theme.colors();
    let mut chosen = None;
    let mut x = header.left() + 12.0;
    for (index, name) in names.iter().enumerate() {
        let on = index == active;
        let style = if on { Text::NodeTitle } else { Text::BodyStrong };
        let width =
            ui.painter().layout_no_wrap((*name).to_owned(), theme.font(style), Color32::WHITE).size().x;
        let rect = Rect::from_min_max(pos2(x, header.top()), pos2(x + width, header.bottom()));
        let response =
            ui.interact(rect.expand2(vec2(8.0, 0.0)), ui.id().with(("tab", *name)), Sense::click());
        response.widget_info(|| WidgetInfo::selected(WidgetType::SelectableLabel, true, on, *name));
        let ink = if on || response.hovered() { *c.text.primary } else { *c.text.secondary };
        text_in(ui.painter(), rect.expand(2.0), Align::Center, name, theme.font(style), ink);
        if on {
            let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 2.0), rect.max);
            ui.painter().rect_filled(line, 0, *c.accent.fill);
        }
        if response.clicked() {
            chosen = Some(index);
        }
        x += width + 20.0;
    }
    (chosen, x)
}

/// Lays out `add` from the right edge of a header.
pub fn right_side<R>(ui: &mut Ui, header: Rect, add: impl FnOnce(&mut Ui) -> R) -> R {
    let rect = header.shrink2(vec2(8.0, 0.0));
    let layout = egui::Layout::right_to_left(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt("right side"));
    add(&mut child)
}

/// A section header that opens and closes. Returns whether it is open.
pub fn section(ui: &mut Ui, theme: &Theme, name: &str) -> bool {
    let c = theme.colors();
    let id = ui.make_persistent_id(("section", name));
    let mut open = ui.data_mut(|d| *d.get_persisted_mut_or(id, true));
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.section_header), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::CollapsingHeader, true, open, name));
    if response.clicked() {
        open = !open;
        ui.data_mut(|d| d.insert_persisted(id, open));
    }
    ui.painter().hline(rect.x_range(), rect.top(), (1.0, *c.stroke.divider));
    let caret = if open { glyph::CARET_DOWN } else { glyph::CARET_RIGHT };
    icon(ui.painter(), theme, pos2(rect.left() + 14.0, rect.center().y), caret, 12.0, *c.text.secondary);
    let text = rect.with_min_x(rect.left() + 28.0);
    text_in(ui.painter(), text, Align::Min, name, theme.font(Text::NodeTitle), *c.text.primary);
    open
}

/// A small filled tag, such as a price.
pub fn tag(ui: &mut Ui, theme: &Theme, text: &str, ink: Color32, ground: Color32) -> Response {
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme.font(Text::SmallStrong), ink);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(12.0, 2.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, text));
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.field), ground);
    ui.painter().galley(rect.min + vec2(6.0, 1.0), galley, ink);
    response
}

/// What an empty panel says: what belongs here, and the one thing to do.
pub fn empty(ui: &mut Ui, theme: &Theme, rect: Rect, glyph: &str, title: &str, what_to_do: &str) {
    let c = theme.colors();
    let at = rect.center();
    icon(ui.painter(), theme, at - vec2(0.0, 30.0), glyph, 20.0, *c.text.tertiary);
    // Causes and ways out are sentences: they wrap, so that nothing of them is cut.
    let width = (rect.width() - 48.0).min(420.0);
    let mut bottom = at.y - 10.0;
    for (text, style, ink) in
        [(title, Text::NodeTitle, *c.text.primary), (what_to_do, Text::Small, *c.text.secondary)]
    {
        let words = paragraph(ui.painter(), text, theme.font(style), ink, width, 4);
        let mut y = bottom;
        for row in &words.rows {
            let line = Rect::from_min_size(pos2(rect.left(), y), vec2(rect.width(), row.height()));
            text_in(ui.painter(), line, Align::Center, row.text().trim(), theme.font(style), ink);
            y += row.height();
        }
        bottom = y + 4.0;
    }
    let place = Rect::from_min_max(pos2(at.x - width / 2.0, at.y - 10.0), pos2(at.x + width / 2.0, bottom));
    let response = ui.interact(place, ui.id().with(("empty", title)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{title}. {what_to_do}")));
}
