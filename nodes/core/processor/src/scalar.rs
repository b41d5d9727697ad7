//! The lanes' methods for numbers that all lanes share.

#![allow(
    dead_code,
    clippy::wrong_self_convention,
    reason = "the words of WGSL, whether or not a tool of today uses each, named as those of the lanes"
)]

/// Methods of `f32`.
pub(crate) trait FloatOps: Sized + Copy {
    fn vsign(self) -> Self;
    fn vclamp(self, low: Self, high: Self) -> Self;
    fn vmix(self, other: Self, amount: Self) -> Self;
    fn vsmoothstep(self, high: Self, x: Self) -> Self;
    fn vstep(self, x: Self) -> Self;
    fn vfma(self, factor: Self, sum: Self) -> Self;
    fn vfms(self, factor: Self, less: Self) -> Self;
    fn vfnma(self, factor: Self, from: Self) -> Self;
    fn to_f(self) -> f32;
    fn to_i(self) -> i32;
    fn to_u(self) -> u32;
    fn as_f(self) -> f32;
    fn as_i(self) -> i32;
    fn as_u(self) -> u32;
}

/// One-line methods of a type, each an expression of its arguments.
macro_rules! methods {
    ($trait:ident for $ty:ty { $(fn $name:ident($self:ident $(, $arg:ident)*) -> $out:ty = $value:expr;)* }) => {
        /// One-line methods.
        pub(crate) trait $trait: Sized { $(fn $name($self $(, $arg: $ty)*) -> $out;)* }
        impl $trait for $ty { $(#[inline(always)] fn $name($self $(, $arg: $ty)*) -> $out { $value })* }
    };
}

methods!(FloatLines for f32 {
    fn vadd(self, o) -> f32 = self + o;
    fn vsub(self, o) -> f32 = self - o;
    fn vmul(self, o) -> f32 = self * o;
    fn vdiv(self, o) -> f32 = self / o;
    fn vrem(self, o) -> f32 = self % o;
    fn vneg(self) -> f32 = -self;
    fn vmin(self, o) -> f32 = self.min(o);
    fn vmax(self, o) -> f32 = self.max(o);
    fn vabs(self) -> f32 = self.abs();
    fn vfloor(self) -> f32 = self.floor();
    fn vceil(self) -> f32 = self.ceil();
    fn vround(self) -> f32 = self.round_ties_even();
    fn vtrunc(self) -> f32 = self.trunc();
    fn vfract(self) -> f32 = self - self.floor();
    fn vsaturate(self) -> f32 = self.clamp(0.0, 1.0);
    fn vsqrt(self) -> f32 = self.sqrt();
    fn vrsqrt(self) -> f32 = 1.0 / self.sqrt();
    fn vexp(self) -> f32 = self.exp();
    fn vexp2(self) -> f32 = self.exp2();
    fn vlog(self) -> f32 = self.ln();
    fn vlog2(self) -> f32 = self.log2();
    fn vpow(self, o) -> f32 = self.powf(o);
    fn vsin(self) -> f32 = self.sin();
    fn vcos(self) -> f32 = self.cos();
    fn vtan(self) -> f32 = self.tan();
    fn vatan2(self, o) -> f32 = self.atan2(o);
    fn vradians(self) -> f32 = self.to_radians();
    fn vdegrees(self) -> f32 = self.to_degrees();
    fn veq(self, o) -> bool = self == o;
    fn vne(self, o) -> bool = self != o;
    fn vlt(self, o) -> bool = self < o;
    fn vle(self, o) -> bool = self <= o;
    fn vgt(self, o) -> bool = self > o;
    fn vge(self, o) -> bool = self >= o;
});

impl FloatOps for f32 {
    #[inline(always)]
    fn vsign(self) -> Self {
        if self > 0.0 {
            1.0
        } else if self < 0.0 {
            -1.0
        } else {
            0.0
        }
    }
    #[inline(always)]
    fn vclamp(self, low: Self, high: Self) -> Self {
        self.max(low).min(high)
    }
    #[inline(always)]
    fn vmix(self, other: Self, amount: Self) -> Self {
        self * (1.0 - amount) + other * amount
    }
    #[inline(always)]
    fn vsmoothstep(self, high: Self, x: Self) -> Self {
        let t = ((x - self) / (high - self)).clamp(0.0, 1.0);
        t * t * (3.0 - 2.0 * t)
    }
    #[inline(always)]
    fn vstep(self, x: Self) -> Self {
        if x >= self { 1.0 } else { 0.0 }
    }
    #[inline(always)]
    fn vfma(self, factor: Self, sum: Self) -> Self {
        self * factor + sum
    }
    #[inline(always)]
    fn vfms(self, factor: Self, less: Self) -> Self {
        self * factor - less
    }
    #[inline(always)]
    fn vfnma(self, factor: Self, from: Self) -> Self {
        from - self * factor
    }
    #[inline(always)]
    fn to_f(self) -> f32 {
        self
    }
    #[inline(always)]
    fn to_i(self) -> i32 {
        self as i32
    }
    #[inline(always)]
    fn to_u(self) -> u32 {
        self as u32
    }
    #[inline(always)]
    fn as_f(self) -> f32 {
        self
    }
    #[inline(always)]
    fn as_i(self) -> i32 {
        self.to_bits() as i32
    }
    #[inline(always)]
    fn as_u(self) -> u32 {
        self.to_bits()
    }
}

methods!(IntLines for i32 {
    fn vadd(self, o) -> i32 = self.wrapping_add(o);
    fn vsub(self, o) -> i32 = self.wrapping_sub(o);
    fn vmul(self, o) -> i32 = self.wrapping_mul(o);
    fn vdiv(self, o) -> i32 = if o == 0 { self } else { self.wrapping_div(o) };
    fn vrem(self, o) -> i32 = if o == 0 { 0 } else { self.wrapping_rem(o) };
    fn vneg(self) -> i32 = self.wrapping_neg();
    fn vabs(self) -> i32 = self.wrapping_abs();
    fn vsign(self) -> i32 = self.signum();
    fn vmin(self, o) -> i32 = Ord::min(self, o);
    fn vmax(self, o) -> i32 = Ord::max(self, o);
    fn vclamp(self, low, high) -> i32 = Ord::min(Ord::max(self, low), high);
    fn vand(self, o) -> i32 = self & o;
    fn vor(self, o) -> i32 = self | o;
    fn vxor(self, o) -> i32 = self ^ o;
    fn vnot(self) -> i32 = !self;
    fn veq(self, o) -> bool = self == o;
    fn vne(self, o) -> bool = self != o;
    fn vlt(self, o) -> bool = self < o;
    fn vle(self, o) -> bool = self <= o;
    fn vgt(self, o) -> bool = self > o;
    fn vge(self, o) -> bool = self >= o;
    fn to_f(self) -> f32 = self as f32;
    fn to_i(self) -> i32 = self;
    fn to_u(self) -> u32 = self as u32;
    fn as_f(self) -> f32 = f32::from_bits(self as u32);
    fn as_i(self) -> i32 = self;
    fn as_u(self) -> u32 = self as u32;
});

methods!(UintLines for u32 {
    fn vadd(self, o) -> u32 = self.wrapping_add(o);
    fn vsub(self, o) -> u32 = self.wrapping_sub(o);
    fn vmul(self, o) -> u32 = self.wrapping_mul(o);
    fn vdiv(self, o) -> u32 = self.checked_div(o).unwrap_or(self);
    fn vrem(self, o) -> u32 = self.checked_rem(o).unwrap_or(0);
    fn vmin(self, o) -> u32 = Ord::min(self, o);
    fn vmax(self, o) -> u32 = Ord::max(self, o);
    fn vclamp(self, low, high) -> u32 = Ord::min(Ord::max(self, low), high);
    fn vand(self, o) -> u32 = self & o;
    fn vor(self, o) -> u32 = self | o;
    fn vxor(self, o) -> u32 = self ^ o;
    fn vnot(self) -> u32 = !self;
    fn vshl(self, o) -> u32 = self.wrapping_shl(o);
    fn vshr(self, o) -> u32 = self.wrapping_shr(o);
    fn veq(self, o) -> bool = self == o;
    fn vne(self, o) -> bool = self != o;
    fn vlt(self, o) -> bool = self < o;
    fn vle(self, o) -> bool = self <= o;
    fn vgt(self, o) -> bool = self > o;
    fn vge(self, o) -> bool = self >= o;
    fn to_f(self) -> f32 = self as f32;
    fn to_i(self) -> i32 = self as i32;
    fn to_u(self) -> u32 = self;
    fn as_f(self) -> f32 = f32::from_bits(self);
    fn as_i(self) -> i32 = self as i32;
    fn as_u(self) -> u32 = self;
});

methods!(BoolLines for bool {
    fn vand(self, o) -> bool = self & o;
    fn vor(self, o) -> bool = self | o;
    fn veq(self, o) -> bool = self == o;
    fn vne(self, o) -> bool = self != o;
    fn vnot(self) -> bool = !self;
    fn to_f(self) -> f32 = f32::from(u8::from(self));
    fn to_i(self) -> i32 = i32::from(self);
    fn to_u(self) -> u32 = u32::from(self);
});
