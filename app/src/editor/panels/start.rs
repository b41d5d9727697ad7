//! The first screen: begin, open, or start from a graph that works.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{focus_ring, icon_button};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Color32, Rect, Response, ScrollArea, Sense, Stroke, StrokeKind, TextureId, Ui, UiBuilder,
    WidgetInfo, WidgetType, pos2, vec2,
};
use std::path::PathBuf;

/// A graph that ships with the program.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    /// Names it.
    pub name: &'static str,
    /// Its title.
    pub title: String,
    /// How large it is.
    pub words: String,
    /// Its picture, with width over height, once it was made.
    pub picture: Option<(TextureId, f32)>,
}

/// A file that was open.
#[derive(Clone, Debug, PartialEq)]
pub struct Recent {
    /// Where it is.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// Its folder, in short.
    pub folder: String,
    /// It is the journal of a graph that was never saved.
    pub unsaved: bool,
}

/// What the screen shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StartView {
    /// The graphs that ship.
    pub cards: Vec<Card>,
    /// Files that were open, newest first.
    pub recent: Vec<Recent>,
    /// There is a graph behind it to go back to.
    pub can_close: bool,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum StartAction {
    New,
    Open,
    Media,
    Keys,
    Template(&'static str),
    Recent(PathBuf),
    Recover(PathBuf),
    Close,
}

const SIDE: f32 = 264.0;
/// Cards are this wide where there is room, and never narrower than the first.
const CARDS: (f32, f32) = (216.0, 340.0);
const COLUMNS: f32 = 6.0;
const GAP: f32 = 16.0;
const CAPTION: f32 = 48.0;

/// Shows it in `rect`.
pub fn show(ui: &mut Ui, rect: Rect, theme: &Theme, view: &StartView) -> Option<StartAction> {
    let c = theme.colors();
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("start"));
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    // What lies behind gets no clicks.
    let ground = ui.interact(rect, ui.id().with("ground"), Sense::click_and_drag());
    ground.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "First screen"));
    ui.painter().rect_filled(rect, 0, *c.surface.canvas);
    let (side, main) = rect.split_left_right_at_x(rect.left() + SIDE);
    ui.painter().rect_filled(side, 0, *c.surface.panel);
    ui.painter().vline(side.right(), side.y_range(), Stroke::new(1.0, *c.stroke.divider));
    let begun = begin(&mut ui, side, theme, view);
    begun.or(templates(&mut ui, main, theme, view))
}

fn begin(ui: &mut Ui, rect: Rect, theme: &Theme, view: &StartView) -> Option<StartAction> {
    let mut out = None;
    let inner = rect.shrink2(vec2(12.0, 20.0));
    let mut ui = ui.new_child(UiBuilder::new().max_rect(inner).id_salt("begin"));
    ui.spacing_mut().item_spacing = vec2(0.0, 4.0);
    heading(&mut ui, theme, "Begin");
    let rows = [
        (glyph::PLUS, "New graph", "Ctrl N", StartAction::New),
        (glyph::FOLDER_OPEN, "Open…", "Ctrl O", StartAction::Open),
        (glyph::IMAGES, "From pictures or clips…", "", StartAction::Media),
        (glyph::KEY, "Paste a provider key…", "", StartAction::Keys),
    ];
    for (sign, label, keys, action) in rows {
        if line(&mut ui, theme, sign, label, keys).clicked() {
            out = Some(action);
        }
    }
    if view.recent.is_empty() {
        return out;
    }
    ui.add_space(20.0);
    heading(&mut ui, theme, "Recent");
    ScrollArea::vertical().id_salt("recent").auto_shrink([false, false]).show(&mut ui, |ui| {
        for recent in &view.recent {
            let sign = if recent.unsaved { glyph::CLOCK_COUNTER_CLOCKWISE } else { glyph::GRAPH };
            let pressed = line(ui, theme, sign, &recent.name, &recent.folder);
            if pressed.on_hover_text(recent.path.display().to_string()).clicked() {
                let path = recent.path.clone();
                out =
                    Some(if recent.unsaved { StartAction::Recover(path) } else { StartAction::Recent(path) });
            }
        }
    });
    out
}

fn heading(ui: &mut Ui, theme: &Theme, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::hover());
    let inner = rect.shrink2(vec2(8.0, 0.0));
    text_in(
        ui.painter(),
        inner,
        Align::Min,
        text,
        theme.font(Text::SmallStrong),
        *theme.colors().text.tertiary,
    );
}

fn line(ui: &mut Ui, theme: &Theme, sign: &str, label: &str, right: &str) -> Response {
    let c = theme.colors();
    let size = vec2(ui.available_width(), theme.tokens.size.button_large);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, label));
    if response.hovered() {
        ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), *c.surface.hover);
    }
    focus_ring(ui, theme, &response);
    icon(ui.painter(), theme, pos2(rect.left() + 16.0, rect.center().y), sign, 16.0, *c.text.secondary);
    let inner = rect.with_min_x(rect.left() + 32.0).with_max_x(rect.right() - 8.0);
    let tail = inner.with_min_x(inner.left() + inner.width() * 0.5);
    let tail = text_in(ui.painter(), tail, Align::Max, right, theme.font(Text::Small), *c.text.tertiary);
    let tail = if right.is_empty() { inner.right() } else { tail.left() - 8.0 };
    text_in(ui.painter(), inner.with_max_x(tail), Align::Min, label, theme.font(Text::Body), *c.text.primary);
    response
}

fn templates(ui: &mut Ui, rect: Rect, theme: &Theme, view: &StartView) -> Option<StartAction> {
    let c = theme.colors();
    let mut out = None;
    let inner = rect.shrink2(vec2(24.0, 20.0));
    let (head, body) = inner.split_top_bottom_at_y(inner.top() + 48.0);
    let title = Rect::from_min_size(head.min, vec2(head.width() - 40.0, 20.0));
    let text = "Start from a graph that works";
    text_in(ui.painter(), title, Align::Min, text, theme.font(Text::Title), *c.text.primary);
    let words = format!("{} graphs, each runs on this machine with no account", view.cards.len());
    let under = title.translate(vec2(0.0, 20.0));
    text_in(ui.painter(), under, Align::Min, &words, theme.font(Text::Body), *c.text.secondary);
    if view.can_close {
        let place = Rect::from_min_size(pos2(head.right() - 28.0, head.top()), vec2(28.0, 24.0));
        let mut child = ui.new_child(UiBuilder::new().max_rect(place));
        if icon_button(&mut child, theme, glyph::X, "Back to the graph (Esc)", false).clicked() {
            out = Some(StartAction::Close);
        }
    }
    let (body, foot) = body.split_top_bottom_at_y(body.bottom() - 32.0);
    let drop = "Drop a graph, a picture or a clip anywhere";
    let foot = foot.with_min_y(foot.top() + 8.0);
    text_in(ui.painter(), foot, Align::Min, drop, theme.font(Text::Body), *c.text.tertiary);
    let wanted = (body.width() / COLUMNS).clamp(CARDS.0, CARDS.1);
    let columns = ((body.width() + GAP) / (wanted + GAP)).floor().max(1.0);
    // Room for the scroll bar beside the last column.
    let width = ((body.width() - 12.0 + GAP) / columns - GAP).floor();
    let high = (width * 9.0 / 16.0).round() + CAPTION;
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt("cards"));
    ScrollArea::vertical().id_salt("templates").auto_shrink([false, false]).show(&mut child, |ui| {
        let rows = view.cards.len().div_ceil(columns as usize);
        let whole = vec2(body.width() - 12.0, rows as f32 * (high + GAP) - GAP + 4.0);
        let (area, _) = ui.allocate_exact_size(whole, Sense::hover());
        for (index, card) in view.cards.iter().enumerate() {
            let (row, column) = ((index / columns as usize) as f32, (index % columns as usize) as f32);
            let at = area.min + vec2(column * (width + GAP), 2.0 + row * (high + GAP));
            let place = Rect::from_min_size(at, vec2(width, high));
            if template(ui, place, theme, card).clicked() {
                out = Some(StartAction::Template(card.name));
            }
        }
    });
    out
}

fn template(ui: &Ui, rect: Rect, theme: &Theme, card: &Card) -> Response {
    let c = theme.colors();
    let response = ui.interact(rect, ui.id().with(card.name), Sense::click());
    response
        .widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("Template {}", card.title)));
    let shape = radius(theme.tokens.radius.node);
    let fill = if response.hovered() { *c.surface.hover } else { *c.surface.node };
    let line = if response.hovered() { *c.stroke.outline_hover } else { *c.stroke.outline };
    ui.painter().rect_filled(rect, shape, fill);
    let (picture, words) = rect.split_top_bottom_at_y(rect.bottom() - CAPTION);
    let top = egui::CornerRadius { sw: 0, se: 0, ..shape };
    ui.painter().rect_filled(picture, top, *c.surface.viewer);
    match card.picture {
        Some((texture, aspect)) => {
            let room = picture.width() / picture.height().max(1.0);
            let (w, h) = if room > aspect { (1.0, aspect / room) } else { (room / aspect, 1.0) };
            let uv = Rect::from_center_size(pos2(0.5, 0.5), vec2(w, h));
            let drawn =
                egui::epaint::RectShape::filled(picture, top, Color32::WHITE).with_texture(texture, uv);
            ui.painter().add(drawn);
        }
        None => {
            let ink = *theme.tokens.theme.dark.stroke.control;
            icon(ui.painter(), theme, picture.center(), glyph::GRAPH, 24.0, ink);
        }
    }
    ui.painter().rect_stroke(rect, shape, Stroke::new(1.0, line), StrokeKind::Inside);
    focus_ring(ui, theme, &response);
    let inner = words.shrink2(vec2(10.0, 6.0));
    let (title, below) = inner.split_top_bottom_at_y(inner.center().y);
    text_in(ui.painter(), title, Align::Min, &card.title, theme.font(Text::NodeTitle), *c.text.primary);
    text_in(ui.painter(), below, Align::Min, &card.words, theme.font(Text::Small), *c.text.secondary);
    response
}
