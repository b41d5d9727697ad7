//! Tools of planning: words, numbers and references.

pub(crate) mod mood_board;
mod number;
mod omni_reference;
mod seed;
pub(crate) mod shot;
pub(crate) mod style_distance;
pub(crate) mod style_stats;
mod text;

pub(crate) use shot::aspect;

use rushes_engine::tool::Registry;

pub(crate) fn register(registry: &mut Registry) {
    registry
        .add::<shot::Shot>()
        .add::<mood_board::MoodBoard>()
        .add::<omni_reference::OmniReference>()
        .add::<text::Text>()
        .add::<number::Number>()
        .add::<seed::Seed>();
}
