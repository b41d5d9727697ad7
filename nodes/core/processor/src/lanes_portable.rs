//! Arrays as lanes.

use super::shared::Picked;
use crate::halves::{from_half, to_half};
use std::array::from_fn;

#[path = "entries_four.rs"]
mod entries;
#[path = "moves_portable.rs"]
mod moves;
#[path = "past_plain.rs"]
mod past_plain;
#[path = "powers.rs"]
mod powers;

pub(crate) use moves::{transpose, weighted};

/// How many pixels go at once.
pub(crate) const LANES: usize = 4;
/// Vector registers that the processor has.
pub(crate) const REGISTERS: usize = 16;
/// Whether [`F::permuted_of_both`] is as fast as [`F::permuted`].
pub(crate) const PICKS_FAR: bool = false;

macro_rules! lanes {
    ($name:ident of $ty:ty, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, Debug)]
        pub(crate) struct $name([$ty; LANES]);

        impl $name {
            #[inline(always)]
            pub(crate) fn splat(v: $ty) -> Self {
                Self([v; LANES])
            }
            #[inline(always)]
            pub(crate) fn to_array(self) -> [$ty; LANES] {
                self.0
            }
            #[inline(always)]
            pub(crate) fn from_array(v: [$ty; LANES]) -> Self {
                Self(v)
            }
        }
    };
}
lanes!(F of f32, "A float a lane.");
lanes!(I of i32, "A signed integer a lane.");
lanes!(U of u32, "An unsigned integer a lane.");
lanes!(M of bool, "A truth a lane.");

macro_rules! each {
    ($lanes:ident { $(fn $name:ident($a:ident $(, $b:ident: $other:ident)*) -> $out:ident = $value:expr;)* }) => {
        impl $lanes {
            $(
                #[inline(always)]
                pub(crate) fn $name(self $(, $b: $other)*) -> $out {
                    $out(from_fn(|i| {
                        let $a = self.0[i];
                        $(let $b = $b.0[i];)*
                        $value
                    }))
                }
            )*
        }
    };
}

each!(F {
    fn vadd(a, b: F) -> F = a + b;
    fn vsub(a, b: F) -> F = a - b;
    fn vmul(a, b: F) -> F = a * b;
    fn vdiv(a, b: F) -> F = a / b;
    fn vneg(a) -> F = -a;
    fn vabs(a) -> F = a.abs();
    fn vmin(a, b: F) -> F = if a < b { a } else { b };
    fn vmax(a, b: F) -> F = if a > b { a } else { b };
    fn vfloor(a) -> F = a.floor();
    fn vceil(a) -> F = a.ceil();
    fn vround(a) -> F = a.round_ties_even();
    fn vtrunc(a) -> F = a.trunc();
    fn vsqrt(a) -> F = a.sqrt();
    fn nearest(a) -> I = a.round_ties_even() as i32;
    fn vfma(a, b: F, c: F) -> F = a * b + c;
    fn vfms(a, b: F, c: F) -> F = a * b - c;
    fn vfnma(a, b: F, c: F) -> F = c - a * b;
    fn veq(a, b: F) -> M = a == b;
    fn vne(a, b: F) -> M = a != b;
    fn vlt(a, b: F) -> M = a < b;
    fn vle(a, b: F) -> M = a <= b;
    fn vgt(a, b: F) -> M = a > b;
    fn vge(a, b: F) -> M = a >= b;
    fn cut(a) -> I = a as i32;
    fn to_i(a) -> I = a as i32;
    fn to_u(a) -> U = a as u32;
    fn as_i(a) -> I = a.to_bits() as i32;
    fn as_u(a) -> U = a.to_bits();
    fn half(a) -> F = from_half(to_half(a));
});

each!(I {
    fn vadd(a, b: I) -> I = a.wrapping_add(b);
    fn vsub(a, b: I) -> I = a.wrapping_sub(b);
    fn vmul(a, b: I) -> I = a.wrapping_mul(b);
    fn vdiv(a, b: I) -> I = if b == 0 { a } else { a.wrapping_div(b) };
    fn vrem(a, b: I) -> I = if b == 0 { 0 } else { a.wrapping_rem(b) };
    fn vabs(a) -> I = a.wrapping_abs();
    fn vmin(a, b: I) -> I = a.min(b);
    fn vmax(a, b: I) -> I = a.max(b);
    fn vand(a, b: I) -> I = a & b;
    fn vor(a, b: I) -> I = a | b;
    fn vxor(a, b: I) -> I = a ^ b;
    fn vnot(a) -> I = !a;
    fn vshl(a, b: U) -> I = a.wrapping_shl(b);
    fn vshr(a, b: U) -> I = a.wrapping_shr(b);
    fn veq(a, b: I) -> M = a == b;
    fn vne(a, b: I) -> M = a != b;
    fn vlt(a, b: I) -> M = a < b;
    fn vle(a, b: I) -> M = a <= b;
    fn vgt(a, b: I) -> M = a > b;
    fn vge(a, b: I) -> M = a >= b;
    fn to_f(a) -> F = a as f32;
    fn as_f(a) -> F = f32::from_bits(a as u32);
    fn as_u(a) -> U = a as u32;
});

each!(U {
    fn vadd(a, b: U) -> U = a.wrapping_add(b);
    fn vsub(a, b: U) -> U = a.wrapping_sub(b);
    fn vmul(a, b: U) -> U = a.wrapping_mul(b);
    fn vdiv(a, b: U) -> U = a.checked_div(b).unwrap_or(a);
    fn vrem(a, b: U) -> U = a.checked_rem(b).unwrap_or(0);
    fn vmin(a, b: U) -> U = a.min(b);
    fn vmax(a, b: U) -> U = a.max(b);
    fn vand(a, b: U) -> U = a & b;
    fn vor(a, b: U) -> U = a | b;
    fn vxor(a, b: U) -> U = a ^ b;
    fn vnot(a) -> U = !a;
    fn vshl(a, b: U) -> U = a.wrapping_shl(b);
    fn vshr(a, b: U) -> U = a.wrapping_shr(b);
    fn veq(a, b: U) -> M = a == b;
    fn vne(a, b: U) -> M = a != b;
    fn vlt(a, b: U) -> M = a < b;
    fn vle(a, b: U) -> M = a <= b;
    fn vgt(a, b: U) -> M = a > b;
    fn vge(a, b: U) -> M = a >= b;
    fn to_f(a) -> F = a as f32;
    fn as_f(a) -> F = f32::from_bits(a);
    fn as_i(a) -> I = a as i32;
});

each!(M {
    fn vand(a, b: M) -> M = a & b;
    fn vor(a, b: M) -> M = a | b;
    fn vxor(a, b: M) -> M = a ^ b;
    fn vnot(a) -> M = !a;
});

impl F {
    #[inline(always)]
    pub(crate) fn load_half(v: &[u16; LANES]) -> Self {
        Self(v.map(from_half))
    }

    #[inline(always)]
    pub(crate) fn to_half(self) -> [u16; LANES] {
        self.0.map(to_half)
    }
}

impl I {
    /// `first`, `first + 1`…
    #[inline(always)]
    pub(crate) fn iota(first: i32) -> Self {
        Self(from_fn(|i| first.wrapping_add(i as i32)))
    }
}

impl U {
    /// `first`, `first + 1`…
    #[inline(always)]
    pub(crate) fn iota(first: u32) -> Self {
        Self(from_fn(|i| first.wrapping_add(i as u32)))
    }
}

macro_rules! picked {
    ($($lanes:ident)*) => {$(
        impl Picked for $lanes {
            #[inline(always)]
            fn picked(mask: M, yes: Self, no: Self) -> Self {
                Self(from_fn(|i| if mask.0[i] { yes.0[i] } else { no.0[i] }))
            }
        }
    )*};
}
picked!(F I U M);

impl M {
    #[inline(always)]
    pub(crate) fn all(self) -> bool {
        self.0.iter().all(|m| *m)
    }
    #[inline(always)]
    pub(crate) fn any(self) -> bool {
        self.0.iter().any(|m| *m)
    }
}

/// Four entries of four channels each as channels.
#[inline(always)]
pub(crate) fn transposed(entries: [&[f32; 4]; LANES]) -> (F, F, F, F) {
    let channel = |c: usize| F(from_fn(|i| entries[i][c]));
    (channel(0), channel(1), channel(2), channel(3))
}
