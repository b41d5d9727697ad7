//! Vector registers as lanes.
//!
//! NEON is part of every processor of this architecture for which Rust compiles; that is why its instructions may be
//! used.

use super::shared::Picked;
use core::arch::aarch64 as arm;

#[path = "entries_four.rs"]
mod entries;
#[path = "moves_neon.rs"]
mod moves;
#[path = "past_plain.rs"]
mod past_plain;
#[path = "powers.rs"]
mod powers;
#[macro_use]
#[path = "registers.rs"]
mod registers;

pub(crate) use moves::{transpose, weighted};

/// How many pixels go at once.
pub(crate) const LANES: usize = 4;
/// Vector registers that the processor has.
pub(crate) const REGISTERS: usize = 32;
/// Whether [`F::permuted_of_both`] is as fast as [`F::permuted`].
pub(crate) const PICKS_FAR: bool = true;

/// A float a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct F(arm::float32x4_t);
/// A signed integer a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct I(arm::int32x4_t);
/// An unsigned integer a lane.
#[derive(Clone, Copy, Debug)]
pub(crate) struct U(arm::uint32x4_t);
/// A truth a lane: all bits of it or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct M(arm::uint32x4_t);

/// How far bits are moved to the left, from 0 to 31.
#[inline(always)]
fn far(by: arm::uint32x4_t) -> arm::int32x4_t {
    // SAFETY: as the module says.
    unsafe { arm::vreinterpretq_s32_u32(arm::vandq_u32(by, arm::vdupq_n_u32(31))) }
}

/// The same to the right, which is to the left by less than nothing.
#[inline(always)]
fn back(by: arm::uint32x4_t) -> arm::int32x4_t {
    // SAFETY: as the module says.
    unsafe { arm::vnegq_s32(far(by)) }
}

each!(F {
    fn vadd(a, b: F) -> F = arm::vaddq_f32(a, b);
    fn vsub(a, b: F) -> F = arm::vsubq_f32(a, b);
    fn vmul(a, b: F) -> F = arm::vmulq_f32(a, b);
    fn vdiv(a, b: F) -> F = arm::vdivq_f32(a, b);
    fn vneg(a) -> F = arm::vnegq_f32(a);
    fn vabs(a) -> F = arm::vabsq_f32(a);
    // The instructions for these two are of another mind about zeros and what is no number than the other lanes.
    fn vmin(a, b: F) -> F = arm::vbslq_f32(arm::vcltq_f32(a, b), a, b);
    fn vmax(a, b: F) -> F = arm::vbslq_f32(arm::vcgtq_f32(a, b), a, b);
    fn vfloor(a) -> F = arm::vrndmq_f32(a);
    fn vceil(a) -> F = arm::vrndpq_f32(a);
    fn vround(a) -> F = arm::vrndnq_f32(a);
    fn vtrunc(a) -> F = arm::vrndq_f32(a);
    fn vsqrt(a) -> F = arm::vsqrtq_f32(a);
    fn nearest(a) -> I = arm::vcvtnq_s32_f32(a);
    fn vfma(a, b: F, c: F) -> F = arm::vfmaq_f32(c, a, b);
    fn vfms(a, b: F, c: F) -> F = arm::vfmaq_f32(arm::vnegq_f32(c), a, b);
    fn vfnma(a, b: F, c: F) -> F = arm::vfmsq_f32(c, a, b);
    fn veq(a, b: F) -> M = arm::vceqq_f32(a, b);
    fn vne(a, b: F) -> M = arm::vmvnq_u32(arm::vceqq_f32(a, b));
    fn vlt(a, b: F) -> M = arm::vcltq_f32(a, b);
    fn vle(a, b: F) -> M = arm::vcleq_f32(a, b);
    fn vgt(a, b: F) -> M = arm::vcgtq_f32(a, b);
    fn vge(a, b: F) -> M = arm::vcgeq_f32(a, b);
    fn as_i(a) -> I = arm::vreinterpretq_s32_f32(a);
    fn as_u(a) -> U = arm::vreinterpretq_u32_f32(a);
    fn cut(a) -> I = arm::vcvtq_s32_f32(a);
    fn to_i(a) -> I = arm::vcvtq_s32_f32(a);
    fn to_u(a) -> U = arm::vcvtq_u32_f32(a);
    fn half(a) -> F = arm::vcvt_f32_f16(arm::vcvt_f16_f32(a));
});

each!(I {
    fn vadd(a, b: I) -> I = arm::vaddq_s32(a, b);
    fn vsub(a, b: I) -> I = arm::vsubq_s32(a, b);
    fn vmul(a, b: I) -> I = arm::vmulq_s32(a, b);
    fn vabs(a) -> I = arm::vabsq_s32(a);
    fn vmin(a, b: I) -> I = arm::vminq_s32(a, b);
    fn vmax(a, b: I) -> I = arm::vmaxq_s32(a, b);
    fn vand(a, b: I) -> I = arm::vandq_s32(a, b);
    fn vor(a, b: I) -> I = arm::vorrq_s32(a, b);
    fn vxor(a, b: I) -> I = arm::veorq_s32(a, b);
    fn vnot(a) -> I = arm::vmvnq_s32(a);
    fn vshl(a, b: U) -> I = arm::vshlq_s32(a, far(b));
    fn vshr(a, b: U) -> I = arm::vshlq_s32(a, back(b));
    fn veq(a, b: I) -> M = arm::vceqq_s32(a, b);
    fn vne(a, b: I) -> M = arm::vmvnq_u32(arm::vceqq_s32(a, b));
    fn vlt(a, b: I) -> M = arm::vcltq_s32(a, b);
    fn vle(a, b: I) -> M = arm::vcleq_s32(a, b);
    fn vgt(a, b: I) -> M = arm::vcgtq_s32(a, b);
    fn vge(a, b: I) -> M = arm::vcgeq_s32(a, b);
    fn to_f(a) -> F = arm::vcvtq_f32_s32(a);
    fn as_f(a) -> F = arm::vreinterpretq_f32_s32(a);
    fn as_u(a) -> U = arm::vreinterpretq_u32_s32(a);
});

each!(U {
    fn vadd(a, b: U) -> U = arm::vaddq_u32(a, b);
    fn vsub(a, b: U) -> U = arm::vsubq_u32(a, b);
    fn vmul(a, b: U) -> U = arm::vmulq_u32(a, b);
    fn vmin(a, b: U) -> U = arm::vminq_u32(a, b);
    fn vmax(a, b: U) -> U = arm::vmaxq_u32(a, b);
    fn vand(a, b: U) -> U = arm::vandq_u32(a, b);
    fn vor(a, b: U) -> U = arm::vorrq_u32(a, b);
    fn vxor(a, b: U) -> U = arm::veorq_u32(a, b);
    fn vnot(a) -> U = arm::vmvnq_u32(a);
    fn vshl(a, b: U) -> U = arm::vshlq_u32(a, far(b));
    fn vshr(a, b: U) -> U = arm::vshlq_u32(a, back(b));
    fn veq(a, b: U) -> M = arm::vceqq_u32(a, b);
    fn vne(a, b: U) -> M = arm::vmvnq_u32(arm::vceqq_u32(a, b));
    fn vlt(a, b: U) -> M = arm::vcltq_u32(a, b);
    fn vle(a, b: U) -> M = arm::vcleq_u32(a, b);
    fn vgt(a, b: U) -> M = arm::vcgtq_u32(a, b);
    fn vge(a, b: U) -> M = arm::vcgeq_u32(a, b);
    fn to_f(a) -> F = arm::vcvtq_f32_u32(a);
    fn as_f(a) -> F = arm::vreinterpretq_f32_u32(a);
    fn as_i(a) -> I = arm::vreinterpretq_s32_u32(a);
});

each!(M {
    fn vand(a, b: M) -> M = arm::vandq_u32(a, b);
    fn vor(a, b: M) -> M = arm::vorrq_u32(a, b);
    fn vxor(a, b: M) -> M = arm::veorq_u32(a, b);
    fn vnot(a) -> M = arm::vmvnq_u32(a);
});

macro_rules! memory {
    ($lanes:ident of $ty:ty: $splat:ident, $load:ident, $store:ident) => {
        impl $lanes {
            #[inline(always)]
            pub(crate) fn splat(v: $ty) -> Self {
                // SAFETY: as the module says.
                Self(unsafe { arm::$splat(v) })
            }

            #[inline(always)]
            pub(crate) fn to_array(self) -> [$ty; LANES] {
                let mut out = [<$ty>::default(); LANES];
                // SAFETY: four lanes are written where there is room for them.
                unsafe { arm::$store(out.as_mut_ptr(), self.0) };
                out
            }

            #[inline(always)]
            pub(crate) fn from_array(v: [$ty; LANES]) -> Self {
                // SAFETY: four lanes are read.
                Self(unsafe { arm::$load(v.as_ptr()) })
            }
        }
    };
}
memory!(F of f32: vdupq_n_f32, vld1q_f32, vst1q_f32);
memory!(I of i32: vdupq_n_s32, vld1q_s32, vst1q_s32);
memory!(U of u32: vdupq_n_u32, vld1q_u32, vst1q_u32);

impl F {
    #[inline(always)]
    pub(crate) fn load_half(v: &[u16; LANES]) -> Self {
        // SAFETY: four halves are read.
        Self(unsafe { arm::vcvt_f32_f16(arm::vreinterpret_f16_u16(arm::vld1_u16(v.as_ptr()))) })
    }

    #[inline(always)]
    pub(crate) fn to_half(self) -> [u16; LANES] {
        let mut out = [0; LANES];
        // SAFETY: four halves are written where there is room for them.
        unsafe { arm::vst1_u16(out.as_mut_ptr(), arm::vreinterpret_u16_f16(arm::vcvt_f16_f32(self.0))) };
        out
    }
}

impl Picked for F {
    #[inline(always)]
    fn picked(mask: M, yes: Self, no: Self) -> Self {
        // SAFETY: as the module says.
        Self(unsafe { arm::vbslq_f32(mask.0, yes.0, no.0) })
    }
}

impl Picked for M {
    #[inline(always)]
    fn picked(mask: M, yes: Self, no: Self) -> Self {
        // SAFETY: as the module says.
        Self(unsafe { arm::vbslq_u32(mask.0, yes.0, no.0) })
    }
}

impl M {
    #[inline(always)]
    pub(crate) fn splat(v: bool) -> Self {
        Self(U::splat(if v { u32::MAX } else { 0 }).0)
    }
    #[inline(always)]
    pub(crate) fn all(self) -> bool {
        // SAFETY: as the module says.
        (unsafe { arm::vminvq_u32(self.0) }) != 0
    }
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        // SAFETY: as the module says.
        (unsafe { arm::vmaxvq_u32(self.0) }) != 0
    }
}

/// Four entries of four channels each as channels.
#[inline(always)]
pub(crate) fn transposed(entries: [&[f32; 4]; LANES]) -> (F, F, F, F) {
    let [r, g, b, a] = transpose(entries.map(|entry| F::from_array(*entry)));
    (r, g, b, a)
}
