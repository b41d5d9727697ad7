//! The tabs of the top bar: one a graph that is open.

use super::top_bar::{TabView, TopBarAction};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{focus_ring, icon_button};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{Align, Color32, Rect, Sense, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

/// The narrowest and the widest tab.
const WIDTH: (f32, f32) = (72.0, 220.0);
const CLOSE: f32 = 20.0;

/// Shows the tabs in `room`; where there is little, they grow narrow and the last may be cut.
pub fn show(ui: &mut Ui, room: Rect, theme: &Theme, tabs: &[TabView]) -> Option<TopBarAction> {
    if room.width() < WIDTH.0 {
        return None;
    }
    let c = theme.colors();
    let mut out = None;
    let mut ui = ui.new_child(UiBuilder::new().max_rect(room).id_salt("tabs"));
    ui.set_clip_rect(room.intersect(ui.clip_rect()));
    let share = ((room.width() - 32.0) / tabs.len().max(1) as f32).max(WIDTH.0);
    let mut x = room.left();
    for tab in tabs {
        let style = if tab.shown { Text::NodeTitle } else { Text::BodyStrong };
        let words = ui.painter().layout_no_wrap(tab.title.clone(), theme.font(style), Color32::WHITE);
        let width = (words.size().x + 24.0 + CLOSE + 12.0).clamp(WIDTH.0, WIDTH.1.min(share));
        let rect = Rect::from_min_size(pos2(x, room.top()), vec2(width, room.height()));
        let response = ui.interact(rect, ui.id().with(("tab", tab.id)), Sense::click());
        response.widget_info(|| {
            let name = format!("Tab {}{}", tab.title, if tab.unsaved { ", not saved" } else { "" });
            WidgetInfo::selected(WidgetType::SelectableLabel, true, tab.shown, name)
        });
        if tab.shown {
            ui.painter().rect_filled(rect, 0, *c.surface.panel_header);
            let line = rect.with_min_y(rect.bottom() - 2.0);
            ui.painter().rect_filled(line, 0, *c.accent.fill);
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0, *c.surface.hover);
        }
        focus_ring(&ui, theme, &response);
        let close = Rect::from_center_size(
            pos2(rect.right() - 8.0 - CLOSE / 2.0, rect.center().y),
            vec2(CLOSE, CLOSE),
        );
        let text =
            Rect::from_min_max(pos2(rect.left() + 12.0, rect.top()), pos2(close.left() - 4.0, rect.bottom()));
        let ink = if tab.shown { *c.text.primary } else { *c.text.secondary };
        text_in(ui.painter(), text, Align::Min, &tab.title, theme.font(style), ink);
        let closes = ui.interact(close, ui.id().with(("close", tab.id)), Sense::click());
        closes.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("Close {}", tab.title)));
        if closes.hovered() {
            ui.painter().rect_filled(close, radius(theme.tokens.radius.control), *c.surface.hover);
        }
        // The dot of a changed graph gives way to the cross under the pointer.
        if tab.unsaved && !closes.hovered() && !response.hovered() {
            ui.painter().circle_filled(close.center(), 3.0, *c.text.secondary);
        } else if tab.shown || response.hovered() || closes.hovered() {
            icon(ui.painter(), theme, close.center(), glyph::X, 12.0, *c.text.secondary);
        }
        if closes.clicked() || response.middle_clicked() {
            out = Some(TopBarAction::CloseTab(tab.id));
        } else if response.clicked() && !tab.shown {
            out = Some(TopBarAction::ShowTab(tab.id));
        }
        if !tab.title.is_empty() {
            response.on_hover_text(&tab.title);
        }
        x += width;
    }
    let plus = Rect::from_min_size(pos2(x + 4.0, room.center().y - 12.0), vec2(28.0, 24.0));
    let mut child = ui.new_child(UiBuilder::new().max_rect(plus));
    if icon_button(&mut child, theme, glyph::PLUS, "New tab", false).clicked() {
        out = Some(TopBarAction::New);
    }
    out
}
