//! What is written once over lanes: each kind has this module, with its own `lanes` beside it.

mod decode_chroma;
pub(super) mod decode_lanes;
mod decode_samples;
#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
mod elementary;
pub(super) mod encode_chroma;
pub(super) mod encode_lanes;
mod encode_samples;
#[cfg(test)]
mod lanes_tests;

#[cfg(test)]
use super::is_there;
use super::lanes;
pub(super) use elementary::Picked;
