//! The free conversions between types: tools that a wire brings with it and that are in no menu.

mod luma;
mod words;

use rushes_engine::tool::Registry;

pub(crate) fn register(registry: &mut Registry) {
    registry.convert::<luma::Luma>("luma").convert::<words::Words>("text");
}
