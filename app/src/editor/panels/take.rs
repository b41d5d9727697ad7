//! One take, wherever it is shown: its picture, its stars, and what can be done with it.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::focus_ring;
use crate::editor::widgets::paint::{icon, paragraph, radius};
use crate::editor::widgets::segments::{item, row};
use crate::editor::widgets::stars::stars;
use crate::editor::widgets::words::{Typed, words};
use egui::{
    Color32, Popup, PopupCloseBehavior, Rect, Response, Sense, TextureId, Ui, WidgetInfo, WidgetType, pos2,
    vec2,
};
use rushes_engine::library::Remarks;

const WIDTH: f32 = 304.0;

/// A picture that covers its place: the texture, and its width over its height.
pub type Picture = (TextureId, f32);

/// A take.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeView {
    /// Its id in the library; empty for what the node makes itself.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Engine, model, price and date.
    pub words: String,
    /// The prompt that it was made from, or empty.
    pub prompt: String,
    /// What a person says about it.
    pub remarks: Remarks,
    /// Its picture, once there is one.
    pub picture: Option<Picture>,
    /// Whether the node plays it.
    pub chosen: bool,
    /// Whether it is what the viewer compares with.
    pub compared: bool,
}

/// What a person asked of a take.
#[derive(Clone, Debug, PartialEq)]
pub enum TakeAction {
    /// Let the node play it.
    Use,
    /// Compare the viewed picture with what it would be with this take, or stop.
    Compare,
    /// Say this about it.
    Remark(Remarks),
    /// Read it by a node of its own.
    Add,
    /// Put its prompt on the clipboard.
    CopyPrompt,
    /// Show its file in its folder.
    Reveal,
}

/// What its menu offers beside what any take can.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offers {
    /// The title of the node that could play it.
    pub use_in: Option<String>,
    /// Whether it can be compared in the viewer.
    pub compare: bool,
}

/// Its stars at `rect`. Gives what it is rated then.
pub fn rating(ui: &Ui, theme: &Theme, rect: Rect, take: &TakeView) -> Option<TakeAction> {
    let rated = stars(ui, theme, rect, &format!("Rating of {}", take.title), take.remarks.rating)?;
    Some(TakeAction::Remark(Remarks { rating: rated, ..take.remarks.clone() }))
}

/// The menu that `button` opens, and a press of the second button on `card`.
pub fn menu(
    button: &Response,
    card: &Response,
    theme: &Theme,
    take: &TakeView,
    offers: &Offers,
) -> Option<TakeAction> {
    let close = PopupCloseBehavior::CloseOnClickOutside;
    let add = |ui: &mut Ui| content(ui, theme, take, offers);
    let opened = Popup::menu(button).close_behavior(close).show(add);
    let opened = opened.or_else(|| Popup::context_menu(card).close_behavior(close).show(add));
    opened.and_then(|shown| shown.inner)
}

fn content(ui: &mut Ui, theme: &Theme, take: &TakeView, offers: &Offers) -> Option<TakeAction> {
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.set_width(WIDTH);
    let mut out = None;
    let mut remarks = take.remarks.clone();
    for (label, text) in [("Name", &mut remarks.name), ("Remark", &mut remarks.notes)] {
        let typed = row(ui, theme, label, |ui, rect| words(ui, theme, rect, label, text, false));
        if let Typed::Going(new) | Typed::Done(new) = typed
            && new != *text
        {
            *text = new;
            out = Some(());
        }
    }
    let mut out = out.map(|()| TakeAction::Remark(remarks));
    let rated = row(ui, theme, "Rating", |ui, rect| rating(ui, theme, rect, take));
    out = rated.or(out);
    ui.separator();
    let mut offer = |ui: &mut Ui, label: &str, action: TakeAction| {
        if item(ui, theme, label, false) {
            out = Some(action);
            ui.close();
        }
    };
    if let Some(node) = &offers.use_in {
        offer(ui, &format!("Use in {node}"), TakeAction::Use);
    }
    if offers.compare {
        let label = if take.compared { "Stop comparing" } else { "Compare in the viewer" };
        offer(ui, label, TakeAction::Compare);
    }
    offer(ui, "Add to the graph as media", TakeAction::Add);
    if !take.prompt.is_empty() {
        offer(ui, "Copy the prompt", TakeAction::CopyPrompt);
    }
    offer(ui, "Show in its folder", TakeAction::Reveal);
    let said = [take.words.as_str(), take.prompt.as_str()];
    for text in said.into_iter().filter(|text| !text.is_empty()) {
        let ink = *theme.colors().text.secondary;
        let words = paragraph(ui.painter(), text, theme.font(Text::Small), ink, WIDTH - 16.0, 6);
        let (rect, _) = ui.allocate_exact_size(vec2(WIDTH, words.size().y + 8.0), Sense::hover());
        ui.painter().galley(rect.min + vec2(8.0, 4.0), words, ink);
    }
    out
}

/// A picture that covers `place`, or the sign of one that is not there.
pub fn poster(ui: &Ui, theme: &Theme, place: Rect, picture: Option<Picture>, sign: &str) {
    let shape = radius(theme.tokens.radius.thumb);
    ui.painter().rect_filled(place, shape, *theme.colors().surface.viewer);
    let Some((texture, aspect)) = picture else {
        let ink = *theme.tokens.theme.dark.text.tertiary;
        icon(ui.painter(), theme, place.center(), sign, theme.tokens.size.icon, ink);
        return;
    };
    let room = place.width() / place.height().max(1.0);
    let (w, h) = if room > aspect { (1.0, aspect / room) } else { (room / aspect, 1.0) };
    let uv = Rect::from_center_size(pos2(0.5, 0.5), vec2(w, h));
    ui.painter().add(egui::epaint::RectShape::filled(place, shape, Color32::WHITE).with_texture(texture, uv));
}

/// The sign of a take that has no picture yet, and of what a node makes itself.
pub fn sign(take: &TakeView) -> &'static str {
    if take.id.is_empty() { glyph::LIGHTNING } else { glyph::FILM_STRIP }
}

/// Three dots that open a menu.
pub fn dots(ui: &Ui, theme: &Theme, place: Rect, label: &str) -> Response {
    let c = theme.colors();
    let response = ui.interact(place, ui.id().with("dots"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, label));
    let ink = if response.hovered() { *c.text.primary } else { *c.text.secondary };
    icon(ui.painter(), theme, place.center(), glyph::DOTS_THREE, theme.tokens.size.icon_small, ink);
    focus_ring(ui, theme, &response);
    response
}
