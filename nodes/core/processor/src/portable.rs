//! Lanes for any processor: four at once, as arrays of which the compiler makes vectors where it can.

#[path = "decode_chroma.rs"]
mod decode_chroma;
#[path = "decode_lanes.rs"]
mod decode_lanes;
#[path = "decode_samples.rs"]
mod decode_samples;
#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
#[path = "elementary.rs"]
mod elementary;
#[path = "encode_chroma.rs"]
mod encode_chroma;
#[path = "encode_lanes.rs"]
mod encode_lanes;
#[path = "encode_samples.rs"]
mod encode_samples;
#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
#[path = "lanes_portable.rs"]
mod lanes;

#[cfg(test)]
#[path = "lanes_tests.rs"]
mod tests;

crate::reading::reading!();
crate::mixing::mixing!();
crate::warping::warping!();

#[allow(clippy::all, clippy::pedantic, unused, reason = "what the translator writes is not for reading")]
mod tools {
    use super::lanes::{F, I, LANES, M, U};
    use super::{colour, load, load_row, put, texels};
    use crate::cx::{Block, Cx, Span, Translated, texel};
    use crate::scalar::{BoolLines, FloatLines, FloatOps, IntLines, UintLines};

    include!(concat!(env!("OUT_DIR"), "/portable.rs"));
}

pub(crate) use tools::TOOLS;

/// Every processor has them.
#[cfg(test)]
fn is_there() -> bool {
    true
}
