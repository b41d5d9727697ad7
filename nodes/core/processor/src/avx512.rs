//! Lanes for processors with AVX-512: sixteen at once.

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
#[path = "lanes_avx512.rs"]
mod lanes;

#[cfg(test)]
#[path = "lanes_tests.rs"]
mod tests;

crate::reading::reading!(#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")]);
crate::mixing::mixing!(#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")]);
crate::warping::warping!(#[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")]);

#[allow(clippy::all, clippy::pedantic, unused, reason = "what the translator writes is not for reading")]
mod tools {
    use super::lanes::{F, I, LANES, M, U};
    use super::{colour, load, load_row, put, texels};
    use crate::cx::{Block, Cx, Span, Translated, texel};
    use crate::scalar::{BoolLines, FloatLines, FloatOps, IntLines, UintLines};

    include!(concat!(env!("OUT_DIR"), "/avx512.rs"));
}

pub(crate) use tools::TOOLS;

/// Whether this processor has them, and is not one of the first that had: these slow all cores down while they use them.
pub(crate) fn is_there() -> bool {
    crate::avx2::is_there()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi2")
}
