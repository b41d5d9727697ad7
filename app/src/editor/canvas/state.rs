//! The icon and colour of a node's state.

use super::view::NodeState;
use crate::editor::theme::{Theme, icons::glyph};
use egui::Color32;

/// Icon and colour. The word beside them is the view's own, since it says the cause.
pub fn look(state: NodeState, theme: &Theme) -> (&'static str, Color32) {
    let s = &theme.colors().state;
    match state {
        NodeState::Cached => (glyph::CHECK, *s.cached),
        NodeState::Live => (glyph::PLAY, *theme.colors().text.secondary),
        NodeState::Stale => (glyph::CIRCLE_DASHED, *s.stale),
        NodeState::WillRun => (glyph::PLAY, *s.waiting),
        NodeState::WillCost => (glyph::CURRENCY_DOLLAR, *s.will_cost),
        NodeState::Waiting => (glyph::CLOCK, *s.waiting),
        NodeState::Running(_) => (glyph::CIRCLE_NOTCH, *s.running),
        NodeState::Error => (glyph::WARNING_CIRCLE, *s.error),
        NodeState::Bypassed => (glyph::PROHIBIT, *s.bypassed),
        NodeState::Muted => (glyph::EYE_SLASH, *s.muted),
        NodeState::Missing => (glyph::QUESTION, *s.error),
    }
}
