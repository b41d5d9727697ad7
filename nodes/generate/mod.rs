//! Tools that make pictures from words, or from nothing.

mod likeness;
mod pattern;
mod pick;
mod scores;
mod still;

pub use pick::picked_still;

use rushes_engine::tool::Registry;

pub(crate) fn register(registry: &mut Registry) {
    registry.add::<still::Still>().add::<pick::Pick>().add::<pattern::PatternTool>();
}
