//! The viewer's header: which nodes are seen at the left, how they are seen at the right.

use super::compare::{self, CompareAction, Mode};
use super::display::{Channel, DisplayAction};
use super::viewer::{ViewerAction, ViewerView};
use super::viewer_menu as menu;
use super::zoom::{Zoom, ZoomAction};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::icon_button;
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{radius, text_in};
use crate::editor::widgets::segments::{Dragged, word};
use egui::{Align, Layout, Rect, Stroke, StrokeKind, Ui, UiBuilder, pos2, vec2};

/// A header narrower than this has the ways of seeing in its menu only.
const ROOMY: f32 = 560.0;
/// Points of a drag for a stop, and for twice or half the gamma.
const POINTS_A_STOP: f32 = 60.0;

/// Shows the header.
pub(super) fn show(
    ui: &mut Ui,
    head: Rect,
    panel: Rect,
    theme: &Theme,
    view: &ViewerView,
    zoom: &Zoom,
    out: &mut Vec<ViewerAction>,
) {
    ui.painter().rect_filled(head, 0, *theme.colors().surface.panel_header);
    let roomy = head.width() >= ROOMY;
    let mut end = head.right();
    header::right_side(ui, head, |ui| {
        ui.spacing_mut().item_spacing.x = 0.0;
        let (sign, label) = match view.full {
            true => (glyph::CORNERS_IN, "Leave full screen"),
            false => (glyph::CORNERS_OUT, "Full screen"),
        };
        if icon_button(ui, theme, sign, label, view.full).clicked() {
            out.push(ViewerAction::FullScreen(!view.full));
        }
        let button = icon_button(ui, theme, glyph::SLIDERS_HORIZONTAL, "How the picture is seen", false);
        out.extend(menu::seeing(&button, theme, view, zoom));
        if let Some(size) = view.size() {
            let [stage, _] = view.compare.stages(panel);
            let percent = zoom.scale(stage, size) * ui.ctx().pixels_per_point() * 100.0;
            let said = if zoom.scale.is_none() { "Fit".to_owned() } else { format!("{percent:.0} %") };
            if clicked(word(ui, theme, &said, "Zoom; click for 1:1, or to fit", false, false)) {
                let next = if zoom.scale.is_none() { ZoomAction::OneToOne } else { ZoomAction::Fit };
                out.push(ViewerAction::Zoom(next));
            }
        }
        let (name, next) = match view.proxy {
            0 | 1 => ("Full".to_owned(), 2),
            2 => ("Proxy 1/2".to_owned(), 4),
            n => (format!("Proxy 1/{n}"), 1),
        };
        if clicked(word(ui, theme, &name, "Scale that is made; click for the next", false, false)) {
            out.push(ViewerAction::Proxy(next));
        }
        if roomy {
            seen_as(ui, theme, view, out);
        }
        end = ui.min_rect().left();
    });
    names(ui, head.with_max_x(end - 8.0), theme, view, out);
}

fn clicked((_, done): (egui::Response, Option<Dragged>)) -> bool {
    done == Some(Dragged::Clicked)
}

/// Gamma, exposure and channel as words, from the right.
fn seen_as(ui: &mut Ui, theme: &Theme, view: &ViewerView, out: &mut Vec<ViewerAction>) {
    let d = &view.display;
    let mut ask = |action| out.push(ViewerAction::Display(action));
    let said = format!("γ {:.2}", d.gamma);
    match word(ui, theme, &said, "Gamma; drag, click for 1", d.gamma != 1.0, true).1 {
        Some(Dragged::By(points)) => ask(DisplayAction::Gamma(d.gamma * (points / POINTS_A_STOP).exp2())),
        Some(Dragged::Clicked) => ask(DisplayAction::Gamma(1.0)),
        None => {}
    }
    let said = d.exposure_words();
    match word(ui, theme, &said, "Exposure in stops; drag, click for 0", d.exposure != 0.0, true).1 {
        Some(Dragged::By(points)) => ask(DisplayAction::ExposureBy(points / POINTS_A_STOP)),
        Some(Dragged::Clicked) => ask(DisplayAction::Exposure(0.0)),
        None => {}
    }
    let marked = d.channel != Channel::Rgb;
    let (button, _) = word(ui, theme, d.channel.word(), "Channel", marked, false);
    if let Some(channel) = menu::channels(&button, theme, d.channel) {
        ask(DisplayAction::Channel(channel));
    }
}

/// The viewer key that a node is on, as a key cap at the left of `room`.
pub(super) fn key_cap(ui: &Ui, theme: &Theme, room: Rect, slot: u8) {
    let c = theme.colors();
    let cap = Rect::from_center_size(pos2(room.left() + 7.0, room.center().y), vec2(15.0, 16.0));
    let line = Stroke::new(1.0, *c.stroke.control);
    ui.painter().rect_stroke(cap, radius(theme.tokens.radius.field), line, StrokeKind::Inside);
    let font = theme.font(Text::Key);
    text_in(ui.painter(), cap, Align::Center, &slot.to_string(), font, *c.text.primary);
}

/// The key and title of A, the button that compares, and those of B.
fn names(ui: &mut Ui, room: Rect, theme: &Theme, view: &ViewerView, out: &mut Vec<ViewerAction>) {
    let c = theme.colors();
    let comparing = view.compare.mode() != Mode::Off;
    let mut x = room.left() + 12.0;
    if let Some(slot) = view.slot {
        key_cap(ui, theme, room.with_min_x(x), slot);
        x += 24.0;
    }
    let button = 28.0 + 24.0;
    let most = if comparing { x + (room.right() - x - button - 24.0) / 2.0 } else { room.right() - button };
    let place = Rect::from_min_max(pos2(x, room.top()), pos2(most.max(x), room.bottom()));
    let title = if view.title.is_empty() { "Viewer" } else { &view.title };
    let font = theme.font(Text::NodeTitle);
    let end = text_in(ui.painter(), place, Align::Min, title, font, *c.text.primary).right();
    if view.compare.other.is_none() {
        return;
    }
    let layout = Layout::left_to_right(Align::Center);
    let place = room.with_min_x(end + 4.0);
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt("A and B"));
    child.spacing_mut().item_spacing.x = 0.0;
    let label = if comparing { "Show A alone" } else { "Wipe between A and B" };
    if icon_button(&mut child, theme, glyph::SQUARE_SPLIT_HORIZONTAL, label, comparing).clicked() {
        let mode = if comparing { Mode::Off } else { Mode::Wipe };
        out.push(ViewerAction::Compare(CompareAction::Mode(mode)));
    }
    if let Some(other) = view.compare.other.as_ref().filter(|_| comparing) {
        let left = child.cursor().left() + 4.0;
        let words = Rect::from_min_max(pos2(left, room.top()), pos2(room.right() - 24.0, room.bottom()));
        let end = compare::name(&child, theme, words, other);
        child.add_space(end - left + 4.0);
    }
    let caret = icon_button(&mut child, theme, glyph::CARET_DOWN, "How A and B are compared", false);
    out.extend(menu::comparing(&caret, theme, &view.compare).map(ViewerAction::Compare));
}
