//! Vector registers as lanes.
//!
//! Every method here is inlined into functions that are compiled for AVX2, FMA and F16C, and these are called only where
//! the processor has them; that is why its instructions may be used.

use super::shared::Picked;
use core::arch::x86_64 as x86;

#[path = "entries_x86.rs"]
mod entries;
#[path = "moves_avx2.rs"]
mod moves;
#[path = "powers.rs"]
mod powers;
#[macro_use]
#[path = "registers.rs"]
mod registers;

pub(crate) use entries::weighted;
pub(crate) use moves::transpose;

/// How many pixels go at once.
pub(crate) const LANES: usize = 8;
/// Vector registers that the processor has.
pub(crate) const REGISTERS: usize = 16;
/// Whether [`F::permuted_of_both`] is as fast as [`F::permuted`].
pub(crate) const PICKS_FAR: bool = false;

/// A float a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct F(x86::__m256);
/// A signed integer a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct I(x86::__m256i);
/// An unsigned integer a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct U(x86::__m256i);
/// A truth a lane: all bits of it or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct M(x86::__m256);

each!(F {
    fn vadd(a, b: F) -> F = x86::_mm256_add_ps(a, b);
    fn vsub(a, b: F) -> F = x86::_mm256_sub_ps(a, b);
    fn vmul(a, b: F) -> F = x86::_mm256_mul_ps(a, b);
    fn vdiv(a, b: F) -> F = x86::_mm256_div_ps(a, b);
    fn vneg(a) -> F = x86::_mm256_xor_ps(a, x86::_mm256_set1_ps(-0.0));
    fn vabs(a) -> F = x86::_mm256_andnot_ps(x86::_mm256_set1_ps(-0.0), a);
    fn vmin(a, b: F) -> F = x86::_mm256_min_ps(a, b);
    fn vmax(a, b: F) -> F = x86::_mm256_max_ps(a, b);
    fn vfloor(a) -> F = x86::_mm256_floor_ps(a);
    fn vceil(a) -> F = x86::_mm256_ceil_ps(a);
    fn vround(a) -> F = x86::_mm256_round_ps::<{ x86::_MM_FROUND_TO_NEAREST_INT | x86::_MM_FROUND_NO_EXC }>(a);
    fn vtrunc(a) -> F = x86::_mm256_round_ps::<{ x86::_MM_FROUND_TO_ZERO | x86::_MM_FROUND_NO_EXC }>(a);
    fn vsqrt(a) -> F = x86::_mm256_sqrt_ps(a);
    fn nearest(a) -> I = x86::_mm256_cvtps_epi32(a);
    fn vfma(a, b: F, c: F) -> F = x86::_mm256_fmadd_ps(a, b, c);
    fn vfms(a, b: F, c: F) -> F = x86::_mm256_fmsub_ps(a, b, c);
    fn vfnma(a, b: F, c: F) -> F = x86::_mm256_fnmadd_ps(a, b, c);
    fn veq(a, b: F) -> M = x86::_mm256_cmp_ps::<{ x86::_CMP_EQ_OQ }>(a, b);
    fn vne(a, b: F) -> M = x86::_mm256_cmp_ps::<{ x86::_CMP_NEQ_UQ }>(a, b);
    fn vlt(a, b: F) -> M = x86::_mm256_cmp_ps::<{ x86::_CMP_LT_OQ }>(a, b);
    fn vle(a, b: F) -> M = x86::_mm256_cmp_ps::<{ x86::_CMP_LE_OQ }>(a, b);
    fn vgt(a, b: F) -> M = x86::_mm256_cmp_ps::<{ x86::_CMP_GT_OQ }>(a, b);
    fn vge(a, b: F) -> M = x86::_mm256_cmp_ps::<{ x86::_CMP_GE_OQ }>(a, b);
    fn as_i(a) -> I = x86::_mm256_castps_si256(a);
    fn as_u(a) -> U = x86::_mm256_castps_si256(a);
    // Towards zero, of what lies within integers.
    fn cut(a) -> I = x86::_mm256_cvttps_epi32(a);
    // Beyond the highest integer the instruction gives the lowest one, whose bits are turned.
    fn to_i(a) -> I = x86::_mm256_xor_si256(
        x86::_mm256_cvttps_epi32(a),
        x86::_mm256_castps_si256(x86::_mm256_cmp_ps::<{ x86::_CMP_GE_OQ }>(a, x86::_mm256_set1_ps(2_147_483_648.0))),
    );
    fn half(a) -> F = x86::_mm256_cvtph_ps(x86::_mm256_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT }>(a));
});

each!(I {
    fn vadd(a, b: I) -> I = x86::_mm256_add_epi32(a, b);
    fn vsub(a, b: I) -> I = x86::_mm256_sub_epi32(a, b);
    fn vmul(a, b: I) -> I = x86::_mm256_mullo_epi32(a, b);
    fn vabs(a) -> I = x86::_mm256_abs_epi32(a);
    fn vmin(a, b: I) -> I = x86::_mm256_min_epi32(a, b);
    fn vmax(a, b: I) -> I = x86::_mm256_max_epi32(a, b);
    fn vand(a, b: I) -> I = x86::_mm256_and_si256(a, b);
    fn vor(a, b: I) -> I = x86::_mm256_or_si256(a, b);
    fn vxor(a, b: I) -> I = x86::_mm256_xor_si256(a, b);
    fn vnot(a) -> I = x86::_mm256_xor_si256(a, x86::_mm256_set1_epi32(-1));
    fn vshl(a, b: U) -> I = x86::_mm256_sllv_epi32(a, x86::_mm256_and_si256(b, x86::_mm256_set1_epi32(31)));
    fn vshr(a, b: U) -> I = x86::_mm256_srav_epi32(a, x86::_mm256_and_si256(b, x86::_mm256_set1_epi32(31)));
    fn veq(a, b: I) -> M = x86::_mm256_castsi256_ps(x86::_mm256_cmpeq_epi32(a, b));
    fn vgt(a, b: I) -> M = x86::_mm256_castsi256_ps(x86::_mm256_cmpgt_epi32(a, b));
    fn vlt(a, b: I) -> M = x86::_mm256_castsi256_ps(x86::_mm256_cmpgt_epi32(b, a));
    fn to_f(a) -> F = x86::_mm256_cvtepi32_ps(a);
    fn as_f(a) -> F = x86::_mm256_castsi256_ps(a);
    fn as_u(a) -> U = a;
});

each!(U {
    fn vadd(a, b: U) -> U = x86::_mm256_add_epi32(a, b);
    fn vsub(a, b: U) -> U = x86::_mm256_sub_epi32(a, b);
    fn vmul(a, b: U) -> U = x86::_mm256_mullo_epi32(a, b);
    fn vmin(a, b: U) -> U = x86::_mm256_min_epu32(a, b);
    fn vmax(a, b: U) -> U = x86::_mm256_max_epu32(a, b);
    fn vand(a, b: U) -> U = x86::_mm256_and_si256(a, b);
    fn vor(a, b: U) -> U = x86::_mm256_or_si256(a, b);
    fn vxor(a, b: U) -> U = x86::_mm256_xor_si256(a, b);
    fn vnot(a) -> U = x86::_mm256_xor_si256(a, x86::_mm256_set1_epi32(-1));
    fn vshl(a, b: U) -> U = x86::_mm256_sllv_epi32(a, x86::_mm256_and_si256(b, x86::_mm256_set1_epi32(31)));
    fn vshr(a, b: U) -> U = x86::_mm256_srlv_epi32(a, x86::_mm256_and_si256(b, x86::_mm256_set1_epi32(31)));
    fn veq(a, b: U) -> M = x86::_mm256_castsi256_ps(x86::_mm256_cmpeq_epi32(a, b));
    fn vge(a, b: U) -> M = x86::_mm256_castsi256_ps(x86::_mm256_cmpeq_epi32(x86::_mm256_max_epu32(a, b), a));
    fn vle(a, b: U) -> M = x86::_mm256_castsi256_ps(x86::_mm256_cmpeq_epi32(x86::_mm256_min_epu32(a, b), a));
    // In halves, each exact; their sum rounds once.
    fn to_f(a) -> F = x86::_mm256_fmadd_ps(
        x86::_mm256_cvtepi32_ps(x86::_mm256_srli_epi32::<16>(a)),
        x86::_mm256_set1_ps(65_536.0),
        x86::_mm256_cvtepi32_ps(x86::_mm256_and_si256(a, x86::_mm256_set1_epi32(0xffff))),
    );
    fn as_f(a) -> F = x86::_mm256_castsi256_ps(a);
    fn as_i(a) -> I = a;
});

each!(M {
    fn vand(a, b: M) -> M = x86::_mm256_and_ps(a, b);
    fn vor(a, b: M) -> M = x86::_mm256_or_ps(a, b);
    fn vxor(a, b: M) -> M = x86::_mm256_xor_ps(a, b);
    fn vnot(a) -> M = x86::_mm256_xor_ps(a, x86::_mm256_castsi256_ps(x86::_mm256_set1_epi32(-1)));
});

impl I {
    #[inline(always)]
    pub(crate) fn vne(self, o: I) -> M {
        self.veq(o).vnot()
    }
    #[inline(always)]
    pub(crate) fn vle(self, o: I) -> M {
        self.vgt(o).vnot()
    }
    #[inline(always)]
    pub(crate) fn vge(self, o: I) -> M {
        self.vlt(o).vnot()
    }
}

impl U {
    #[inline(always)]
    pub(crate) fn vne(self, o: U) -> M {
        self.veq(o).vnot()
    }
    #[inline(always)]
    pub(crate) fn vlt(self, o: U) -> M {
        self.vge(o).vnot()
    }
    #[inline(always)]
    pub(crate) fn vgt(self, o: U) -> M {
        self.vle(o).vnot()
    }
}

impl F {
    #[inline(always)]
    pub(crate) fn splat(v: f32) -> Self {
        // SAFETY: as the module says.
        Self(unsafe { x86::_mm256_set1_ps(v) })
    }

    #[inline(always)]
    pub(crate) fn to_array(self) -> [f32; LANES] {
        let mut out = [0.0; LANES];
        // SAFETY: eight floats are written where there is room for them.
        unsafe { x86::_mm256_storeu_ps(out.as_mut_ptr(), self.0) };
        out
    }

    #[inline(always)]
    pub(crate) fn from_array(v: [f32; LANES]) -> Self {
        // SAFETY: eight floats are read.
        Self(unsafe { x86::_mm256_loadu_ps(v.as_ptr()) })
    }

    #[inline(always)]
    pub(crate) fn load_half(v: &[u16; LANES]) -> Self {
        // SAFETY: eight halves, 16 bytes, are read.
        Self(unsafe { x86::_mm256_cvtph_ps(x86::_mm_loadu_si128(v.as_ptr().cast())) })
    }

    #[inline(always)]
    pub(crate) fn to_half(self) -> [u16; LANES] {
        let mut out = [0; LANES];
        // SAFETY: eight halves, 16 bytes, are written where there is room for them.
        unsafe {
            let halves = x86::_mm256_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT }>(self.0);
            x86::_mm_storeu_si128(out.as_mut_ptr().cast(), halves);
        }
        out
    }

    /// To the integer below, 0 and the highest integer for what lies beyond.
    #[inline(always)]
    pub(crate) fn to_u(self) -> U {
        let turn = F::splat(2_147_483_648.0);
        let inside = self.vmax(F::splat(0.0));
        let high = inside.vge(turn);
        // SAFETY: as the module says.
        let low = unsafe { x86::_mm256_cvttps_epi32(high.pick(inside.vsub(turn), inside).0) };
        let value = U(low).vxor(high.pick(U::splat(1 << 31), U::splat(0)));
        inside.vge(F::splat(4_294_967_296.0)).pick(U::splat(u32::MAX), value)
    }
}

macro_rules! memory {
    ($lanes:ident of $ty:ty) => {
        impl $lanes {
            #[inline(always)]
            pub(crate) fn splat(v: $ty) -> Self {
                // SAFETY: as the module says.
                Self(unsafe { x86::_mm256_set1_epi32(v as i32) })
            }

            #[inline(always)]
            pub(crate) fn to_array(self) -> [$ty; LANES] {
                let mut out = [0; LANES];
                // SAFETY: 32 bytes are written where there is room for them.
                unsafe { x86::_mm256_storeu_si256(out.as_mut_ptr().cast(), self.0) };
                out
            }

            #[inline(always)]
            pub(crate) fn from_array(v: [$ty; LANES]) -> Self {
                // SAFETY: 32 bytes are read.
                Self(unsafe { x86::_mm256_loadu_si256(v.as_ptr().cast()) })
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
        Self(unsafe { x86::_mm256_blendv_ps(no.0, yes.0, mask.0) })
    }
}

impl Picked for M {
    #[inline(always)]
    fn picked(mask: M, yes: Self, no: Self) -> Self {
        M(F::picked(mask, F(yes.0), F(no.0)).0)
    }
}

impl M {
    #[inline(always)]
    pub(crate) fn splat(v: bool) -> Self {
        M(I::splat(if v { -1 } else { 0 }).as_f().0)
    }
    #[inline(always)]
    pub(crate) fn all(self) -> bool {
        // SAFETY: as the module says.
        (unsafe { x86::_mm256_movemask_ps(self.0) }) == 0xff
    }
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        // SAFETY: as the module says.
        (unsafe { x86::_mm256_movemask_ps(self.0) }) != 0
    }
}

/// Eight entries of four channels each as channels.
#[inline(always)]
pub(crate) fn transposed(entries: [&[f32; 4]; LANES]) -> (F, F, F, F) {
    // SAFETY: four floats are read of each entry.
    unsafe {
        let pair = |i: usize| {
            let low = x86::_mm256_castps128_ps256(x86::_mm_loadu_ps(entries[i].as_ptr()));
            x86::_mm256_insertf128_ps::<1>(low, x86::_mm_loadu_ps(entries[i + 4].as_ptr()))
        };
        let (a, b, c, d) = (pair(0), pair(1), pair(2), pair(3));
        let (low, high) = (x86::_mm256_unpacklo_ps(a, b), x86::_mm256_unpackhi_ps(a, b));
        let (low2, high2) = (x86::_mm256_unpacklo_ps(c, d), x86::_mm256_unpackhi_ps(c, d));
        (
            F(x86::_mm256_shuffle_ps::<0b01_00_01_00>(low, low2)),
            F(x86::_mm256_shuffle_ps::<0b11_10_11_10>(low, low2)),
            F(x86::_mm256_shuffle_ps::<0b01_00_01_00>(high, high2)),
            F(x86::_mm256_shuffle_ps::<0b11_10_11_10>(high, high2)),
        )
    }
}
