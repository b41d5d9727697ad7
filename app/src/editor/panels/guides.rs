//! Lines over the picture: safe areas, and the shapes in which it will be delivered.

use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::paint::text_in;
use egui::{Align, Painter, Rect, Shape, Stroke, StrokeKind, vec2};

/// A shape of delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the shapes")]
pub enum Aspect {
    Wide16x9,
    Tall9x16,
    Square,
    Portrait4x5,
    Scope239,
}

impl Aspect {
    /// All with their names, in the order of the menu.
    pub const ALL: [(&'static str, Self); 5] = [
        ("16:9", Self::Wide16x9),
        ("9:16", Self::Tall9x16),
        ("1:1", Self::Square),
        ("4:5", Self::Portrait4x5),
        ("2.39", Self::Scope239),
    ];

    /// Width over height.
    pub fn ratio(self) -> f32 {
        match self {
            Self::Wide16x9 => 16.0 / 9.0,
            Self::Tall9x16 => 9.0 / 16.0,
            Self::Square => 1.0,
            Self::Portrait4x5 => 4.0 / 5.0,
            Self::Scope239 => 2.39,
        }
    }

    fn word(self) -> &'static str {
        Self::ALL.iter().find(|(_, aspect)| *aspect == self).map_or("", |(word, _)| word)
    }
}

/// Which lines are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Guides {
    /// Where action is safe, and where titles are.
    pub safe: bool,
    /// The shape of delivery.
    pub aspect: Option<Aspect>,
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GuideAction {
    /// Safe areas on or off.
    Safe,
    /// A shape of delivery, or none.
    Aspect(Option<Aspect>),
}

impl Guides {
    /// Does what was asked.
    pub fn apply(&mut self, action: GuideAction) {
        match action {
            GuideAction::Safe => self.safe = !self.safe,
            GuideAction::Aspect(aspect) => self.aspect = aspect,
        }
    }

    /// What of a picture is delivered.
    pub fn delivered(&self, picture: Rect) -> Rect {
        let Some(ratio) = self.aspect.map(Aspect::ratio) else { return picture };
        let wide = vec2(picture.height() * ratio, picture.height());
        let size =
            if wide.x <= picture.width() { wide } else { vec2(picture.width(), picture.width() / ratio) };
        Rect::from_center_size(picture.center(), size)
    }
}

/// The share of each side that action may fill, and titles may fill (SMPTE ST 2046-1, and EBU R 95).
const ACTION: f32 = 0.93;
const TITLE: f32 = 0.90;
const DASH: f32 = 4.0;

/// Draws the lines over a picture that stands at `picture`.
pub(super) fn show(painter: &Painter, picture: Rect, theme: &Theme, guides: Guides) {
    let ink = theme.tokens.image_caption.text.gamma_multiply(0.75);
    let line = Stroke::new(theme.tokens.line.hair, ink);
    let inner = guides.delivered(picture);
    if guides.aspect.is_some() {
        let scrim = *theme.with_mode(crate::editor::theme::Mode::Dark).colors().surface.scrim;
        let (above, rest) = picture.split_top_bottom_at_y(inner.top());
        let (rest, below) = rest.split_top_bottom_at_y(inner.bottom());
        let (left, rest) = rest.split_left_right_at_x(inner.left());
        let (_, right) = rest.split_left_right_at_x(inner.right());
        for outside in [above, below, left, right] {
            painter.rect_filled(outside, 0, scrim);
        }
        painter.rect_stroke(inner, 0, line, StrokeKind::Middle);
    }
    if guides.safe {
        // White lines are seen on white by the dark ones beside them.
        let casing = Stroke::new(line.width, *theme.tokens.image_caption.background);
        let area = |share: f32| Rect::from_center_size(inner.center(), inner.size() * share);
        painter.rect_stroke(area(ACTION).expand(1.0), 0, casing, StrokeKind::Middle);
        painter.rect_stroke(area(ACTION), 0, line, StrokeKind::Middle);
        let t = area(TITLE);
        painter.rect_stroke(t.expand(1.0), 0, casing, StrokeKind::Middle);
        let corners = [t.left_top(), t.right_top(), t.right_bottom(), t.left_bottom(), t.left_top()];
        painter.extend(Shape::dashed_line(&corners, line, DASH, DASH));
    }
    if let Some(aspect) = guides.aspect {
        let word = inner.shrink(6.0);
        let word = word.with_min_y((word.bottom() - 16.0).max(word.top()));
        text_in(painter, word, Align::Max, aspect.word(), theme.font(Text::Key), ink);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Pos2;

    #[test]
    fn what_is_delivered_lies_whole_in_the_picture() {
        let picture = Rect::from_min_size(Pos2::ZERO, vec2(1920.0, 1080.0));
        let of = |aspect| Guides { aspect: Some(aspect), safe: false }.delivered(picture).size();
        assert_eq!(of(Aspect::Wide16x9), picture.size());
        assert_eq!(of(Aspect::Tall9x16), vec2(607.5, 1080.0));
        assert_eq!(of(Aspect::Square), vec2(1080.0, 1080.0));
        assert_eq!(of(Aspect::Portrait4x5), vec2(864.0, 1080.0));
        assert!((of(Aspect::Scope239).y - 1920.0 / 2.39).abs() < 0.01);
        assert_eq!(Guides::default().delivered(picture), picture);
    }
}
