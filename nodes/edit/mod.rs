//! Tools of the cut: files in, shots in order.

mod coding;
mod fit;
mod read;
mod sequence;
#[cfg(test)]
mod tests;

pub(crate) use fit::with_primaries;
pub use sequence::shot_frames;

use rushes_engine::tool::Registry;

pub(crate) fn register(registry: &mut Registry) {
    registry.add::<read::Read>().add::<sequence::Sequence>();
    registry.play_takes::<read::Read>();
}
