//! What the parts of the timeline are drawn from.

use super::Parts;
use super::view::TimelineView;
use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::paint::text_in;
use egui::{Align, Rect, Ui, UiBuilder};

/// How it looks, where things are and what there is.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) theme: &'a Theme,
    pub(super) parts: &'a Parts,
    pub(super) view: &'a TimelineView,
}

impl Scene<'_> {
    /// The room below the ruler: names on the left, lanes or curves on the right.
    pub(super) fn room(self, ui: &mut Ui, name: &str) -> Ui {
        let whole = Rect::from_min_max(self.parts.names.min, self.parts.track.max);
        let mut room = ui.new_child(UiBuilder::new().max_rect(whole).id_salt(name));
        room.set_clip_rect(whole.intersect(ui.clip_rect()));
        room
    }

    /// Says why there is nothing to see.
    pub(super) fn empty(self, ui: &Ui, words: &str) {
        let (font, ink) = (self.theme.font(Text::Small), *self.theme.colors().text.tertiary);
        text_in(ui.painter(), self.parts.track, Align::Center, words, font, ink);
    }
}
