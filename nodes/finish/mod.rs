//! What a shot is finished with.

pub(crate) mod advice;
pub mod blend;
pub mod blur;
pub mod crop;
mod cube;
pub mod film;
mod fit;
pub mod grade;
pub mod grain;
pub mod grain_plate;
#[cfg(test)]
mod graphs;
pub mod letterbox;
pub mod lut;
pub mod match_style;
pub mod mode;
mod stock;
#[cfg(test)]
mod testing;
pub mod transform;
mod transport;

use rushes_engine::tool::Registry;

/// Adds this family's tools.
pub(crate) fn register(registry: &mut Registry) {
    registry
        .add::<blend::Blend>()
        .add::<blur::Blur>()
        .add::<crop::Crop>()
        .add::<film::Film>()
        .add::<grade::Grade>()
        .add::<grain::Grain>()
        .add::<grain_plate::GrainPlate>()
        .add::<letterbox::Letterbox>()
        .add::<lut::Lut>()
        .add::<match_style::Match>()
        .add::<transform::Transform>();
}
