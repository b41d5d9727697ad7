//! A rating of none to five stars.

use super::button::focus_ring;
use crate::editor::theme::{Theme, fonts, icons::glyph};
use egui::{Align2, EventFilter, Key, Rect, Response, Sense, Ui, WidgetInfo, pos2, vec2};

/// The most stars.
pub const MOST: u8 = 5;
/// Points from one star to the next.
const STEP: f32 = 13.0;
const SIDE: f32 = 12.0;

/// How wide the stars are together, in points.
pub const WIDTH: f32 = STEP * MOST as f32;

/// Five stars from the left of `rect`, `rating` of them filled. Gives another rating: by a click, of the last star again
/// for none; with the focus by the arrow keys or a digit. `name` says of what.
pub fn stars(ui: &Ui, theme: &Theme, rect: Rect, name: &str, rating: u8) -> Option<u8> {
    let place = Rect::from_min_size(rect.min, vec2(WIDTH, rect.height()));
    let response = ui.interact(place, ui.id().with(("stars", name)), Sense::click());
    response.widget_info(|| WidgetInfo::slider(true, f64::from(rating), name));
    let pointed = response.hover_pos().map(|at| star_at(place, at.x));
    draw(ui, theme, place, pointed.unwrap_or(rating), pointed.is_some());
    focus_ring(ui, theme, &response);
    let clicked = response.clicked().then(|| response.interact_pointer_pos()).flatten();
    let chosen = clicked.map(|at| star_at(place, at.x)).map(|n| if n == rating { 0 } else { n });
    chosen.or_else(|| typed(ui, &response, rating)).filter(|n| *n != rating)
}

/// Which star is at `x`, from 1.
fn star_at(place: Rect, x: f32) -> u8 {
    let steps = ((x - place.left()) / STEP).floor() + 1.0;
    steps.clamp(1.0, f32::from(MOST)) as u8
}

fn typed(ui: &Ui, response: &Response, rating: u8) -> Option<u8> {
    const DIGITS: [Key; 6] = [Key::Num0, Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5];
    if !response.has_focus() {
        return None;
    }
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|m| m.set_focus_lock_filter(response.id, arrows));
    ui.input(|i| {
        let digit = (0..).zip(DIGITS).find(|(_, key)| i.key_pressed(*key)).map(|(n, _)| n);
        let more = i.key_pressed(Key::ArrowRight).then(|| (rating + 1).min(MOST));
        let fewer = i.key_pressed(Key::ArrowLeft).then(|| rating.saturating_sub(1));
        digit.or(more).or(fewer)
    })
}

fn draw(ui: &Ui, theme: &Theme, place: Rect, rating: u8, pointed: bool) {
    let c = theme.colors();
    for n in 1..=MOST {
        let on = n <= rating;
        let family = if on { fonts::ICONS_FILL } else { fonts::ICONS };
        let ink = match (on, pointed) {
            (true, _) => *c.text.primary,
            (false, true) => *c.text.secondary,
            (false, false) => *c.text.tertiary,
        };
        let at = pos2(place.left() + STEP * (f32::from(n) - 0.5), place.center().y);
        ui.painter().text(at, Align2::CENTER_CENTER, glyph::STAR, fonts::font(family, SIDE), ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Pos2;

    #[test]
    fn a_star_is_the_one_under_the_pointer_and_none_lies_beside() {
        let place = Rect::from_min_size(Pos2::ZERO, vec2(WIDTH, 16.0));
        assert_eq!([0.0, 12.9, 13.0, 40.0, 64.9].map(|x| star_at(place, x)), [1, 1, 2, 4, 5]);
        assert_eq!([-5.0, 200.0].map(|x| star_at(place, x)), [1, 5]);
    }
}
