//! The takes of a node as a shelf of pictures: what it makes itself, results that were kept, and a way to bring one.

use super::InspectorAction;
use crate::editor::canvas::view::Id;
use crate::editor::panels::take::{self, Offers, TakeAction, TakeView};
use crate::editor::theme::{Text, Theme, fonts, icons::glyph};
use crate::editor::widgets::button::{button, focus_ring, icon_button};
use crate::editor::widgets::paint::{paragraph, radius, text_in};
use crate::editor::widgets::segments::{Dragged, word};
use egui::{
    Align, Align2, Layout, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo, WidgetType,
    pos2, vec2,
};

/// The takes of a node.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TakesView {
    /// Newest first.
    pub list: Vec<TakeView>,
    /// What the node makes itself.
    pub live: LiveView,
    /// Nothing may take the place of what it plays.
    pub locked: bool,
    /// The node names a take that is not in the library.
    pub lost: bool,
    /// Files on their way, or empty.
    pub coming: String,
}

/// What a node makes itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LiveView {
    /// The node plays it.
    pub chosen: bool,
    /// The viewer compares with it.
    pub compared: bool,
}

/// Cards are at least this wide.
const CARD: f32 = 92.0;
const GAP: f32 = 8.0;
const LINE: f32 = 18.0;

/// Shows them.
pub(super) fn show(ui: &mut Ui, theme: &Theme, node: &Id, view: &TakesView, out: &mut Vec<InspectorAction>) {
    let c = theme.colors();
    ui.add_space(8.0);
    head(ui, theme, node, view, out);
    let live = TakeView {
        id: String::new(),
        title: "Live".into(),
        words: "what the node makes itself".into(),
        prompt: String::new(),
        remarks: Default::default(),
        picture: None,
        chosen: view.live.chosen,
        compared: view.live.compared,
    };
    let cards: Vec<&TakeView> = std::iter::once(&live).chain(&view.list).collect();
    let room = ui.available_width() - 24.0;
    let columns = ((room + GAP) / (CARD + GAP)).floor().max(1.0);
    let width = ((room + GAP) / columns - GAP).floor();
    let size = vec2(width, (width * 9.0 / 16.0).round() + 2.0 * LINE);
    for row in cards.chunks(columns as usize) {
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), size.y + GAP / 2.0), Sense::hover());
        for (at, card) in row.iter().enumerate() {
            let left = rect.left() + 12.0 + at as f32 * (width + GAP);
            let place = Rect::from_min_size(pos2(left, rect.top()), size);
            let asked = ui.push_id(&card.id, |ui| show_card(ui, theme, place, card, view.locked)).inner;
            out.extend(asked.map(|action| {
                let (node, take) = (Id::clone(node), card.id.clone());
                InspectorAction::OfTake { node, take, action }
            }));
        }
    }
    let playing = view.list.iter().find(|take| take.chosen);
    if let Some(take) = playing {
        let said = [&take.words, &take.remarks.notes];
        let said: Vec<&str> = said.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
        note(ui, theme, &said.join(" · "), *c.text.secondary);
    }
    if view.lost {
        let text = "The chosen take is not in this library; choose another, or bring it";
        note(ui, theme, text, *c.state.error);
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

fn head(ui: &mut Ui, theme: &Theme, node: &Id, view: &TakesView, out: &mut Vec<InspectorAction>) {
    let c = theme.colors();
    let (head, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::hover());
    ui.painter().hline(head.x_range(), head.top(), Stroke::new(1.0, *c.stroke.divider));
    let inner = head.shrink2(vec2(12.0, 0.0));
    let title =
        text_in(ui.painter(), inner, Align::Min, "Takes", theme.font(Text::BodyStrong), *c.text.primary);
    let count = inner.with_min_x(title.right() + 8.0);
    let words = if view.list.is_empty() { "none kept".to_owned() } else { view.list.len().to_string() };
    text_in(ui.painter(), count, Align::Min, &words, theme.font(Text::Small), *c.text.secondary);
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(head.shrink2(vec2(6.0, 0.0))).layout(layout));
    right.spacing_mut().item_spacing.x = 0.0;
    let others = view.list.iter().any(|take| !take.chosen);
    if others {
        let on = view.live.compared || view.list.iter().any(|take| take.compared);
        let label = "Takes in the viewer";
        if word(&mut right, theme, "Compare", label, on, false).1 == Some(Dragged::Clicked) {
            out.push(InspectorAction::CompareTakes { node: Id::clone(node) });
        }
    }
    if !view.live.chosen {
        let (sign, label) = match view.locked {
            true => (glyph::LOCK_SIMPLE, "Unlock the take"),
            false => (glyph::LOCK_SIMPLE_OPEN, "Lock the take, so that nothing takes its place"),
        };
        if icon_button(&mut right, theme, sign, label, view.locked).clicked() {
            out.push(InspectorAction::LockTake { node: Id::clone(node), on: !view.locked });
        }
    }
}

fn show_card(ui: &mut Ui, theme: &Theme, place: Rect, card: &TakeView, locked: bool) -> Option<TakeAction> {
    let c = theme.colors();
    let (picture, below) = place.split_top_bottom_at_y(place.bottom() - 2.0 * LINE);
    let press = place.with_max_y(below.top() + LINE);
    let response = ui.interact(press, ui.id().with("card"), Sense::click());
    let name = named(&card.title);
    response.widget_info(|| WidgetInfo::selected(WidgetType::RadioButton, true, card.chosen, &name));
    take::poster(ui, theme, picture, card.picture, take::sign(card));
    let shape = radius(theme.tokens.radius.thumb);
    if card.chosen {
        let line = Stroke::new(theme.tokens.line.selection, *c.accent.fill);
        ui.painter().rect_stroke(picture, shape, line, StrokeKind::Outside);
    } else if response.hovered() {
        let line = Stroke::new(1.0, *c.stroke.outline_hover);
        ui.painter().rect_stroke(picture, shape, line, StrokeKind::Outside);
    }
    focus_ring(ui, theme, &response);
    if card.chosen && locked {
        badge(ui, theme, picture.right_top() + vec2(-10.0, 10.0), glyph::LOCK_SIMPLE);
    }
    if card.compared {
        badge(ui, theme, picture.left_top() + vec2(10.0, 10.0), "B");
    }
    let (first, second) = below.split_top_bottom_at_y(below.top() + LINE);
    let ink = if card.chosen { *c.text.primary } else { *c.text.secondary };
    text_in(ui.painter(), first, Align::Min, &card.title, theme.font(Text::Small), ink);
    if card.chosen {
        in_use(ui, theme, picture);
    }
    let mut out = (response.clicked() && !card.chosen).then_some(TakeAction::Use);
    if card.id.is_empty() {
        return out;
    }
    out = take::rating(ui, theme, second, card).or(out);
    let dots = Rect::from_center_size(pos2(second.right() - 8.0, second.center().y), Vec2::splat(16.0));
    let dots = take::dots(ui, theme, dots, &format!("More of {}", card.title));
    let offers = Offers { use_in: None, compare: !card.chosen };
    out = take::menu(&dots, &response, theme, card, &offers).or(out);
    let said = [&card.title, &card.words, &card.prompt, &card.remarks.notes];
    let said: Vec<&str> = said.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    response.on_hover_text(said.join("\n"));
    out
}

/// Says on its picture that a take is the one that is played.
fn in_use(ui: &Ui, theme: &Theme, picture: Rect) {
    let look = &theme.tokens.image_caption;
    let words = ui.painter().layout_no_wrap("In use".to_owned(), theme.font(Text::Small), *look.text);
    let size = words.size() + vec2(8.0, 2.0);
    let corner = picture.left_bottom() + vec2(4.0, -4.0 - size.y);
    let place = Rect::from_min_size(corner, size);
    ui.painter().rect_filled(place, radius(theme.tokens.radius.thumb), *look.background);
    ui.painter().galley(place.min + vec2(4.0, 1.0), words, *look.text);
}

/// What a card is called: a take that is only numbered says so itself.
fn named(title: &str) -> String {
    if title.starts_with("Take ") { title.to_owned() } else { format!("Take {title}") }
}

fn badge(ui: &Ui, theme: &Theme, at: egui::Pos2, sign: &str) {
    let look = &theme.tokens.image_caption;
    let place = Rect::from_center_size(at, Vec2::splat(16.0));
    ui.painter().rect_filled(place, radius(theme.tokens.radius.thumb), *look.background);
    let font = if sign == "B" { theme.font(Text::Key) } else { fonts::font(fonts::ICONS, 12.0) };
    ui.painter().text(at, Align2::CENTER_CENTER, sign, font, *look.text);
}

/// A line or two under the shelf.
fn note(ui: &mut Ui, theme: &Theme, text: &str, ink: egui::Color32) {
    if text.is_empty() {
        return;
    }
    let width = ui.available_width() - 24.0;
    let words = paragraph(ui.painter(), text, theme.font(Text::Small), ink, width, 3);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), words.size().y + 6.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, text));
    ui.painter().galley(rect.min + vec2(12.0, 2.0), words, ink);
}
