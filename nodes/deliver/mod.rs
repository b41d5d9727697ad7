//! Tools that hand over finished files.

mod loudness;
mod pump;
mod sound;
mod write;

use rushes_engine::tool::Registry;

/// Adds the tools of this family.
pub(crate) fn register(registry: &mut Registry) {
    registry.add::<write::Write>();
}
