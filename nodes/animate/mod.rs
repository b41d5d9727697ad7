//! From stills to shots.

pub mod camera;
mod camera_move;
pub mod image_to_video;
mod moves;
mod pose;

use rushes_engine::tool::Registry;

/// Adds this family's tools.
pub(crate) fn register(registry: &mut Registry) {
    registry.add::<camera::Camera>().add::<image_to_video::ImageToVideo>();
}
