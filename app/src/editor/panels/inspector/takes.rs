//! The takes of a node: what it makes itself, results that were kept, and a way to bring one.

use super::InspectorAction;
use crate::editor::canvas::view::Id;
use crate::editor::theme::{Text, Theme, fonts, icons::glyph};
use crate::editor::widgets::button::{button, focus_ring};
use crate::editor::widgets::paint::text_in;
use egui::{Align, Align2, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// A take.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeView {
    /// Its id in the library.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Engine, price and date.
    pub words: String,
    /// Whether the node plays it.
    pub chosen: bool,
}

/// The takes of a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TakesView {
    /// Oldest first.
    pub list: Vec<TakeView>,
    /// The node plays what it makes itself.
    pub live: bool,
    /// The node names a take that is not in the library.
    pub lost: bool,
    /// Files on their way, or empty.
    pub coming: String,
}

/// Shows them.
pub(super) fn show(ui: &mut Ui, theme: &Theme, node: &Id, view: &TakesView, out: &mut Vec<InspectorAction>) {
    let c = theme.colors();
    ui.add_space(8.0);
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::hover());
    ui.painter().hline(head.x_range(), head.top(), Stroke::new(1.0, *c.stroke.divider));
    let inner = head.shrink2(vec2(12.0, 0.0));
    let title =
        text_in(ui.painter(), inner, Align::Min, "Takes", theme.font(Text::BodyStrong), *c.text.primary);
    let count = inner.with_min_x(title.right() + 8.0);
    let kept = view.list.len();
    let words = if kept == 0 { "none kept".to_owned() } else { kept.to_string() };
    text_in(ui.painter(), count, Align::Min, &words, theme.font(Text::Small), *c.text.secondary);
    let mut choose = |ui: &mut Ui, title: &str, words: &str, on: bool, take: &str| {
        if row(ui, theme, title, words, on) && !on {
            out.push(InspectorAction::Take { node: Id::clone(node), take: take.to_owned() });
        }
    };
    choose(ui, "Live", "what the node makes itself", view.live, "");
    for take in &view.list {
        ui.push_id(&take.id, |ui| choose(ui, &take.title, &take.words, take.chosen, &take.id));
    }
    if view.lost {
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::hover());
        let text = "The chosen take is not in this library; choose another, or bring it";
        let inner = rect.shrink2(vec2(12.0, 0.0));
        text_in(ui.painter(), inner, Align::Min, text, theme.font(Text::Small), *c.state.error);
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        if button(ui, theme, Some(glyph::DOWNLOAD_SIMPLE), "Bring a take…", true).clicked() {
            out.push(InspectorAction::BringTake { node: Id::clone(node) });
        }
        let words = if view.coming.is_empty() {
            "or drop a clip on the node".to_owned()
        } else {
            format!("Bringing {}…", view.coming)
        };
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.button), Sense::hover());
        let inner = rect.shrink2(vec2(8.0, 0.0));
        text_in(ui.painter(), inner, Align::Min, &words, theme.font(Text::Small), *c.text.tertiary);
    });
}

fn row(ui: &mut Ui, theme: &Theme, title: &str, words: &str, on: bool) -> bool {
    let c = theme.colors();
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::RadioButton, true, on, format!("Take {title}")));
    if on {
        ui.painter().rect_filled(rect, 0, *c.accent.soft);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0, *c.surface.hover);
    }
    let (family, sign, ink) = match on {
        true => (fonts::ICONS_FILL, glyph::CHECK_CIRCLE, *c.accent.fill),
        false => (fonts::ICONS, glyph::CIRCLE, *c.text.secondary),
    };
    let at = pos2(rect.left() + 20.0, rect.center().y);
    ui.painter().text(
        at,
        Align2::CENTER_CENTER,
        sign,
        fonts::font(family, theme.tokens.size.icon_small),
        ink,
    );
    let inner = rect.with_min_x(rect.left() + 32.0).with_max_x(rect.right() - 12.0);
    let facts = inner.with_min_x(inner.left() + inner.width() * 0.4);
    let facts = text_in(ui.painter(), facts, Align::Max, words, theme.font(Text::Small), *c.text.secondary);
    let name = inner.with_max_x(facts.left() - 8.0);
    let style = if on { Text::BodyStrong } else { Text::Body };
    text_in(ui.painter(), name, Align::Min, title, theme.font(style), *c.text.primary);
    focus_ring(ui, theme, &response);
    response.clicked()
}
