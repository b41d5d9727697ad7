//! Lanes for processors with AVX2, FMA and F16C: eight at once.

#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
#[path = "lanes_avx2.rs"]
mod lanes;
#[path = "shared.rs"]
mod shared;

crate::compiled::compiled!("/avx2.rs", #[target_feature(enable = "avx2,fma,f16c")]);
crate::mixing::across!(#[target_feature(enable = "avx2,fma,f16c")]);

/// Whether this processor has them.
pub(crate) fn is_there() -> bool {
    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") && is_x86_feature_detected!("f16c")
}
