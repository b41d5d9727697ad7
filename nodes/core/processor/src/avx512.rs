//! Lanes for processors with AVX-512: sixteen at once.

#[allow(dead_code, reason = "the words of WGSL, whether or not a tool of today uses each")]
#[path = "lanes_avx512.rs"]
mod lanes;
#[path = "shared.rs"]
mod shared;

crate::compiled::compiled!(
    "/avx512.rs",
    #[target_feature(enable = "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c")]
);

/// Whether this processor has them, and is not one of the first that had: these slow all cores down while they use them.
pub(crate) fn is_there() -> bool {
    crate::avx2::is_there()
        && is_x86_feature_detected!("avx512f")
        && is_x86_feature_detected!("avx512bw")
        && is_x86_feature_detected!("avx512dq")
        && is_x86_feature_detected!("avx512vl")
        && is_x86_feature_detected!("avx512vbmi2")
}
