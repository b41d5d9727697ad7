//! What a shot is finished with.

pub mod blur;
pub mod crop;
pub mod transform;

use rushes_engine::tool::Registry;

/// Adds this family's tools.
pub(crate) fn register(registry: &mut Registry) {
    registry.add::<blur::Blur>().add::<crop::Crop>().add::<transform::Transform>();
}
