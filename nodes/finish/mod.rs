//! What a shot is finished with.

mod advice;
pub mod blend;
pub mod blur;
pub mod crop;
mod fit;
pub mod grade;
pub mod grain;
pub mod grain_plate;
pub mod letterbox;
pub mod lut;
pub mod mode;
mod points;
mod cube;
mod stock;
#[cfg(test)]
mod testing;
pub mod transform;

use rushes_engine::tool::Registry;

/// Adds this family's tools.
pub(crate) fn register(registry: &mut Registry) {
    registry
        .add::<blend::Blend>()
        .add::<blur::Blur>()
        .add::<crop::Crop>()
        .add::<grade::Grade>()
        .add::<grain::Grain>()
        .add::<grain_plate::GrainPlate>()
        .add::<letterbox::Letterbox>()
        .add::<lut::Lut>()
        .add::<transform::Transform>();
}
