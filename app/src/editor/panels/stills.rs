//! The stills of a set as a sheet; a click picks one.

use crate::editor::theme::{Mode, Text, Theme, icons::glyph};
use crate::editor::widgets::button::focus_ring;
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Color32, Pos2, Rect, Sense, Stroke, StrokeKind, TextureId, Ui, WidgetInfo, WidgetType, pos2, vec2,
};

/// One still.
#[derive(Clone, Debug, PartialEq)]
pub struct StillView {
    /// Its picture, once it came.
    pub texture: Option<TextureId>,
    /// Width over height.
    pub aspect: f32,
    /// Its name, seed and engine.
    pub words: String,
    /// Why there is no picture.
    pub wrong: Option<String>,
    /// It is the one that is taken.
    pub picked: bool,
}

/// A set.
#[derive(Clone, Debug, PartialEq)]
pub struct StillsView {
    /// The stills, in the order of the set.
    pub stills: Vec<StillView>,
    /// A node takes one of them.
    pub can_pick: bool,
}

const GAP: f32 = 4.0;
const CAPTION: f32 = 20.0;

/// Shows the sheet. Gives the place of the still that was clicked.
pub(super) fn show(ui: &mut Ui, panel: Rect, theme: &Theme, view: &StillsView) -> Option<usize> {
    let dark = theme.with_mode(Mode::Dark);
    if view.stills.is_empty() {
        let way = "Add pictures to the node, or let it make some";
        header::empty(ui, &dark, panel, glyph::IMAGES, "No stills yet", way);
        return None;
    }
    let shape = view.stills.iter().map(|s| s.aspect).fold(0.0, f32::max).max(0.1);
    let hint = if view.can_pick { 0.0 } else { CAPTION };
    let room = panel.shrink(GAP).with_max_y(panel.bottom() - GAP - hint);
    let (columns, cell) = grid(room.size(), view.stills.len(), shape);
    let rows = view.stills.len().div_ceil(columns);
    let used = vec2(columns as f32, rows as f32) * (cell + vec2(GAP, GAP)) - vec2(GAP, GAP);
    let start = room.center() - used / 2.0;
    let mut clicked = None;
    for (at, still) in view.stills.iter().enumerate() {
        let step = vec2((at % columns) as f32, (at / columns) as f32) * (cell + vec2(GAP, GAP));
        let place = Rect::from_min_size((start + step).round(), cell);
        let label = format!("Still {} of {}: {}", at + 1, view.stills.len(), still.words);
        let response = ui.interact(place, ui.id().with(("still", at)), Sense::click());
        response
            .widget_info(|| WidgetInfo::selected(WidgetType::Button, view.can_pick, still.picked, &label));
        card(ui, place, &dark, at, still, response.hovered());
        focus_ring(ui, theme, &response);
        if response.clicked() {
            clicked = Some(at);
        }
    }
    if !view.can_pick {
        let line = Rect::from_min_max(pos2(panel.left(), panel.bottom() - GAP - hint), panel.max);
        let words = "Connect a Pick node to choose one";
        text_in(
            ui.painter(),
            line,
            Align::Center,
            words,
            theme.font(Text::Small),
            *dark.colors().text.secondary,
        );
    }
    clicked
}

/// How many columns make stills of a shape as large as they can be, and the size of one with its caption.
fn grid(room: egui::Vec2, count: usize, shape: f32) -> (usize, egui::Vec2) {
    let cell = |columns: usize| {
        let rows = count.div_ceil(columns).max(1) as f32;
        let wide = (room.x - GAP * (columns as f32 - 1.0)) / columns as f32;
        let high = (room.y - GAP * (rows - 1.0)) / rows - CAPTION;
        let width = wide.min(high * shape).max(1.0);
        vec2(width, width / shape + CAPTION).floor()
    };
    let best = (1..=count.max(1)).map(|columns| (columns, cell(columns)));
    best.max_by(|(_, a), (_, b)| a.x.total_cmp(&b.x)).unwrap_or((1, room))
}

fn card(ui: &Ui, place: Rect, theme: &Theme, at: usize, still: &StillView, hovered: bool) {
    let c = theme.colors();
    let painter = ui.painter();
    let (picture, caption) = place.split_top_bottom_at_y(place.bottom() - CAPTION);
    painter.rect_filled(place, 0, *c.surface.panel_header);
    let size = vec2(picture.width(), picture.width() / still.aspect);
    let inner = size * (picture.size() / size).min_elem().min(1.0);
    let inner = Rect::from_center_size(picture.center(), inner);
    match (&still.texture, &still.wrong) {
        (Some(texture), _) => {
            let whole = Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0));
            painter.image(*texture, inner, whole, Color32::WHITE);
        }
        (None, Some(wrong)) => {
            let room = picture.shrink(8.0);
            text_in(painter, room, Align::Center, wrong, theme.font(Text::Small), *c.state.error);
        }
        (None, None) => icon(painter, theme, picture.center(), glyph::IMAGE, 16.0, *c.text.tertiary),
    }
    let line = caption.shrink2(vec2(6.0, 0.0));
    let mut words = line;
    if still.picked {
        let side = theme.tokens.size.icon_small;
        let mark = pos2(line.left() + side / 2.0, line.center().y);
        icon(painter, theme, mark, glyph::CHECK_CIRCLE, side, *c.accent.fill);
        words = words.with_min_x(line.left() + side + 4.0);
    }
    let said = if still.picked { "Picked".to_owned() } else { (at + 1).to_string() };
    let ink = if still.picked { *c.text.primary } else { *c.text.secondary };
    let end = text_in(painter, words, Align::Min, &said, theme.font(Text::Small), ink).right();
    let rest = line.with_min_x(end + 8.0);
    text_in(painter, rest, Align::Max, &still.words, theme.font(Text::Small), *c.text.secondary);
    let outline = match (still.picked, hovered) {
        (true, _) => Stroke::new(theme.tokens.line.selection, *c.accent.fill),
        (false, true) => Stroke::new(1.0, *c.stroke.outline_hover),
        (false, false) => return,
    };
    painter.rect_stroke(place, radius(theme.tokens.radius.thumb), outline, StrokeKind::Inside);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stills_are_as_large_as_the_room_allows() {
        for (count, columns) in [(1, 1), (2, 2), (5, 3), (9, 3), (12, 4)] {
            let room = vec2(640.0, 360.0);
            let (got, cell) = grid(room, count, 16.0 / 9.0);
            assert_eq!(got, columns, "{count}");
            let rows = count.div_ceil(got) as f32;
            let used = vec2(got as f32, rows) * (cell + vec2(GAP, GAP)) - vec2(GAP, GAP);
            assert!(used.x <= room.x && used.y <= room.y, "{count}: {used}");
        }
    }
}
