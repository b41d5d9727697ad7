//! Wide vector registers as lanes, with registers of their own for truths.
//!
//! Every method here is inlined into functions that are compiled for AVX-512, and these are called only where the
//! processor has it; that is why its instructions may be used.

use super::shared::Picked;
use core::arch::x86_64 as x86;

#[path = "entries_x86.rs"]
mod entries;
#[path = "moves_avx512.rs"]
mod moves;
#[path = "powers_avx512.rs"]
mod powers;
#[macro_use]
#[path = "registers.rs"]
mod registers;

pub(crate) use entries::weighted;
pub(crate) use moves::transposed;

/// How many pixels go at once.
pub(crate) const LANES: usize = 16;
/// Vector registers that the processor has.
pub(crate) const REGISTERS: usize = 32;
/// Whether [`F::permuted_of_both`] is as fast as [`F::permuted`].
pub(crate) const PICKS_FAR: bool = true;

/// A float a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct F(x86::__m512);
/// A signed integer a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct I(x86::__m512i);
/// An unsigned integer a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct U(x86::__m512i);
/// A truth a lane: a bit of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct M(u16);

/// Rounding that tells nobody that it rounded.
const QUIET: i32 = x86::_MM_FROUND_NO_EXC;

each!(F {
    fn vadd(a, b: F) -> F = x86::_mm512_add_ps(a, b);
    fn vsub(a, b: F) -> F = x86::_mm512_sub_ps(a, b);
    fn vmul(a, b: F) -> F = x86::_mm512_mul_ps(a, b);
    fn vdiv(a, b: F) -> F = x86::_mm512_div_ps(a, b);
    fn vneg(a) -> F = x86::_mm512_xor_ps(a, x86::_mm512_set1_ps(-0.0));
    fn vabs(a) -> F = x86::_mm512_abs_ps(a);
    fn vmin(a, b: F) -> F = x86::_mm512_min_ps(a, b);
    fn vmax(a, b: F) -> F = x86::_mm512_max_ps(a, b);
    fn vfloor(a) -> F = x86::_mm512_roundscale_ps::<{ x86::_MM_FROUND_TO_NEG_INF | QUIET }>(a);
    fn vceil(a) -> F = x86::_mm512_roundscale_ps::<{ x86::_MM_FROUND_TO_POS_INF | QUIET }>(a);
    fn vround(a) -> F = x86::_mm512_roundscale_ps::<{ x86::_MM_FROUND_TO_NEAREST_INT | QUIET }>(a);
    fn vtrunc(a) -> F = x86::_mm512_roundscale_ps::<{ x86::_MM_FROUND_TO_ZERO | QUIET }>(a);
    fn vsqrt(a) -> F = x86::_mm512_sqrt_ps(a);
    fn nearest(a) -> I = x86::_mm512_cvtps_epi32(a);
    fn vfma(a, b: F, c: F) -> F = x86::_mm512_fmadd_ps(a, b, c);
    fn vfms(a, b: F, c: F) -> F = x86::_mm512_fmsub_ps(a, b, c);
    fn vfnma(a, b: F, c: F) -> F = x86::_mm512_fnmadd_ps(a, b, c);
    fn veq(a, b: F) -> M = x86::_mm512_cmp_ps_mask::<{ x86::_CMP_EQ_OQ }>(a, b);
    fn vne(a, b: F) -> M = x86::_mm512_cmp_ps_mask::<{ x86::_CMP_NEQ_UQ }>(a, b);
    fn vlt(a, b: F) -> M = x86::_mm512_cmp_ps_mask::<{ x86::_CMP_LT_OQ }>(a, b);
    fn vle(a, b: F) -> M = x86::_mm512_cmp_ps_mask::<{ x86::_CMP_LE_OQ }>(a, b);
    fn vgt(a, b: F) -> M = x86::_mm512_cmp_ps_mask::<{ x86::_CMP_GT_OQ }>(a, b);
    fn vge(a, b: F) -> M = x86::_mm512_cmp_ps_mask::<{ x86::_CMP_GE_OQ }>(a, b);
    fn as_i(a) -> I = x86::_mm512_castps_si512(a);
    fn as_u(a) -> U = x86::_mm512_castps_si512(a);
    // Towards zero, of what lies within integers.
    fn cut(a) -> I = x86::_mm512_cvttps_epi32(a);
    // Beyond the highest integer the instruction gives the lowest one.
    fn to_i(a) -> I = x86::_mm512_mask_set1_epi32(
        x86::_mm512_cvttps_epi32(a),
        x86::_mm512_cmp_ps_mask::<{ x86::_CMP_GE_OQ }>(a, x86::_mm512_set1_ps(2_147_483_648.0)),
        i32::MAX,
    );
    // To the integer below, 0 and the highest integer for what lies beyond.
    fn to_u(a) -> U = x86::_mm512_cvttps_epu32(x86::_mm512_max_ps(a, x86::_mm512_setzero_ps()));
    fn half(a) -> F = x86::_mm512_cvtph_ps(x86::_mm512_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT | QUIET }>(a));
});

each!(I {
    fn vadd(a, b: I) -> I = x86::_mm512_add_epi32(a, b);
    fn vsub(a, b: I) -> I = x86::_mm512_sub_epi32(a, b);
    fn vmul(a, b: I) -> I = x86::_mm512_mullo_epi32(a, b);
    fn vabs(a) -> I = x86::_mm512_abs_epi32(a);
    fn vmin(a, b: I) -> I = x86::_mm512_min_epi32(a, b);
    fn vmax(a, b: I) -> I = x86::_mm512_max_epi32(a, b);
    fn vand(a, b: I) -> I = x86::_mm512_and_si512(a, b);
    fn vor(a, b: I) -> I = x86::_mm512_or_si512(a, b);
    fn vxor(a, b: I) -> I = x86::_mm512_xor_si512(a, b);
    fn vnot(a) -> I = x86::_mm512_xor_si512(a, x86::_mm512_set1_epi32(-1));
    fn vshl(a, b: U) -> I = x86::_mm512_sllv_epi32(a, x86::_mm512_and_si512(b, x86::_mm512_set1_epi32(31)));
    fn vshr(a, b: U) -> I = x86::_mm512_srav_epi32(a, x86::_mm512_and_si512(b, x86::_mm512_set1_epi32(31)));
    fn veq(a, b: I) -> M = x86::_mm512_cmpeq_epi32_mask(a, b);
    fn vne(a, b: I) -> M = x86::_mm512_cmpneq_epi32_mask(a, b);
    fn vgt(a, b: I) -> M = x86::_mm512_cmpgt_epi32_mask(a, b);
    fn vge(a, b: I) -> M = x86::_mm512_cmpge_epi32_mask(a, b);
    fn vlt(a, b: I) -> M = x86::_mm512_cmplt_epi32_mask(a, b);
    fn vle(a, b: I) -> M = x86::_mm512_cmple_epi32_mask(a, b);
    fn to_f(a) -> F = x86::_mm512_cvtepi32_ps(a);
    fn as_f(a) -> F = x86::_mm512_castsi512_ps(a);
    fn as_u(a) -> U = a;
});

each!(U {
    fn vadd(a, b: U) -> U = x86::_mm512_add_epi32(a, b);
    fn vsub(a, b: U) -> U = x86::_mm512_sub_epi32(a, b);
    fn vmul(a, b: U) -> U = x86::_mm512_mullo_epi32(a, b);
    fn vmin(a, b: U) -> U = x86::_mm512_min_epu32(a, b);
    fn vmax(a, b: U) -> U = x86::_mm512_max_epu32(a, b);
    fn vand(a, b: U) -> U = x86::_mm512_and_si512(a, b);
    fn vor(a, b: U) -> U = x86::_mm512_or_si512(a, b);
    fn vxor(a, b: U) -> U = x86::_mm512_xor_si512(a, b);
    fn vnot(a) -> U = x86::_mm512_xor_si512(a, x86::_mm512_set1_epi32(-1));
    fn vshl(a, b: U) -> U = x86::_mm512_sllv_epi32(a, x86::_mm512_and_si512(b, x86::_mm512_set1_epi32(31)));
    fn vshr(a, b: U) -> U = x86::_mm512_srlv_epi32(a, x86::_mm512_and_si512(b, x86::_mm512_set1_epi32(31)));
    fn veq(a, b: U) -> M = x86::_mm512_cmpeq_epi32_mask(a, b);
    fn vne(a, b: U) -> M = x86::_mm512_cmpneq_epi32_mask(a, b);
    fn vgt(a, b: U) -> M = x86::_mm512_cmpgt_epu32_mask(a, b);
    fn vge(a, b: U) -> M = x86::_mm512_cmpge_epu32_mask(a, b);
    fn vlt(a, b: U) -> M = x86::_mm512_cmplt_epu32_mask(a, b);
    fn vle(a, b: U) -> M = x86::_mm512_cmple_epu32_mask(a, b);
    fn to_f(a) -> F = x86::_mm512_cvtepu32_ps(a);
    fn as_f(a) -> F = x86::_mm512_castsi512_ps(a);
    fn as_i(a) -> I = a;
});

each!(M {
    fn vand(a, b: M) -> M = a & b;
    fn vor(a, b: M) -> M = a | b;
    fn vxor(a, b: M) -> M = a ^ b;
    fn vnot(a) -> M = !a;
});

impl F {
    #[inline(always)]
    pub(crate) fn splat(v: f32) -> Self {
        // SAFETY: as the module says.
        Self(unsafe { x86::_mm512_set1_ps(v) })
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [f32; LANES] {
        let mut out = [0.0; LANES];
        // SAFETY: sixteen floats are written where there is room for them.
        unsafe { x86::_mm512_storeu_ps(out.as_mut_ptr(), self.0) };
        out
    }

    #[inline(always)]
    pub(crate) fn from_array(v: [f32; LANES]) -> Self {
        // SAFETY: sixteen floats are read.
        Self(unsafe { x86::_mm512_loadu_ps(v.as_ptr()) })
    }

    #[inline(always)]
    pub(crate) fn load_half(v: &[u16; LANES]) -> Self {
        // SAFETY: sixteen halves, 32 bytes, are read.
        Self(unsafe { x86::_mm512_cvtph_ps(x86::_mm256_loadu_si256(v.as_ptr().cast())) })
    }

    #[inline(always)]
    pub(crate) fn to_half(self) -> [u16; LANES] {
        let mut out = [0; LANES];
        // SAFETY: sixteen halves, 32 bytes, are written where there is room for them.
        unsafe {
            let halves = x86::_mm512_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT | QUIET }>(self.0);
            x86::_mm256_storeu_si256(out.as_mut_ptr().cast(), halves);
        }
        out
    }
}

macro_rules! memory {
    ($lanes:ident of $ty:ty) => {
        impl $lanes {
            #[inline(always)]
            pub(crate) fn splat(v: $ty) -> Self {
                // SAFETY: as the module says.
                Self(unsafe { x86::_mm512_set1_epi32(v as i32) })
            }

            #[inline(always)]
            pub(crate) fn to_array(self) -> [$ty; LANES] {
                let mut out = [0; LANES];
                // SAFETY: 64 bytes are written where there is room for them.
                unsafe { x86::_mm512_storeu_si512(out.as_mut_ptr().cast(), self.0) };
                out
            }

            #[inline(always)]
            pub(crate) fn from_array(v: [$ty; LANES]) -> Self {
                // SAFETY: 64 bytes are read.
                Self(unsafe { x86::_mm512_loadu_si512(v.as_ptr().cast()) })
            }
        }
    };
}
memory!(I of i32);
memory!(U of u32);

impl Picked for F {
    #[inline(always)]
    fn picked(mask: M, yes: Self, no: Self) -> Self {
        // SAFETY: as the module says.
        Self(unsafe { x86::_mm512_mask_blend_ps(mask.0, no.0, yes.0) })
    }
}

impl Picked for M {
    #[inline(always)]
    fn picked(mask: M, yes: Self, no: Self) -> Self {
        M((mask.0 & yes.0) | (!mask.0 & no.0))
    }
}

impl M {
    #[inline(always)]
    pub(crate) fn splat(v: bool) -> Self {
        M(if v { u16::MAX } else { 0 })
    }
    #[inline(always)]
    pub(crate) fn all(self) -> bool {
        self.0 == u16::MAX
    }
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.0 != 0
    }
}
