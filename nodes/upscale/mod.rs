//! Larger clips.

pub(crate) mod enlarge;
pub(crate) mod target;
pub mod video;

use rushes_engine::tool::Registry;

/// Adds this family's tools.
pub(crate) fn register(registry: &mut Registry) {
    registry.add::<video::Video>();
}
