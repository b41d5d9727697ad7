//! Better stills.

pub mod skin_texture;
pub mod upscale_still;

use rushes_engine::tool::Registry;

/// Adds this family's tools.
pub(crate) fn register(registry: &mut Registry) {
    registry.add::<skin_texture::SkinTexture>().add::<upscale_still::UpscaleStill>();
}
