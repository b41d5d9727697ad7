//! Functions of lanes that are made of the lanes' own: written once, compiled with each kind of lanes.

use super::lanes::{F, I, M, U};
use core::f32::consts::{FRAC_PI_2, FRAC_PI_4, LN_2, LOG2_E, PI};

/// Lanes that a mask chooses between.
pub(crate) trait Picked: Copy {
    fn picked(mask: M, yes: Self, no: Self) -> Self;
}

impl F {
    #[inline(always)]
    pub(crate) fn vclamp(self, low: F, high: F) -> F {
        self.vmax(low).vmin(high)
    }

    #[inline(always)]
    pub(crate) fn vsaturate(self) -> F {
        self.vclamp(F::splat(0.0), F::splat(1.0))
    }

    #[inline(always)]
    pub(crate) fn vmix(self, other: F, amount: F) -> F {
        other.vfma(amount, self.vmul(F::splat(1.0).vsub(amount)))
    }

    /// `self` is the lower edge.
    #[inline(always)]
    pub(crate) fn vsmoothstep(self, high: F, x: F) -> F {
        let t = x.vsub(self).vdiv(high.vsub(self)).vsaturate();
        t.vmul(t).vmul(F::splat(-2.0).vfma(t, F::splat(3.0)))
    }

    /// `self` is the edge.
    #[inline(always)]
    pub(crate) fn vstep(self, x: F) -> F {
        x.vge(self).pick(F::splat(1.0), F::splat(0.0))
    }

    #[inline(always)]
    pub(crate) fn vfract(self) -> F {
        self.vsub(self.vfloor())
    }

    #[inline(always)]
    pub(crate) fn vrem(self, by: F) -> F {
        self.vdiv(by).vtrunc().vfnma(by, self)
    }

    #[inline(always)]
    pub(crate) fn vsign(self) -> F {
        let zero = F::splat(0.0);
        self.vgt(zero).pick(F::splat(1.0), self.vlt(zero).pick(F::splat(-1.0), zero))
    }

    #[inline(always)]
    pub(crate) fn vrsqrt(self) -> F {
        F::splat(1.0).vdiv(self.vsqrt())
    }

    #[inline(always)]
    pub(crate) fn vradians(self) -> F {
        self.vmul(F::splat(PI / 180.0))
    }

    #[inline(always)]
    pub(crate) fn vdegrees(self) -> F {
        self.vmul(F::splat(180.0 / PI))
    }

    #[inline(always)]
    pub(crate) fn to_f(self) -> F {
        self
    }

    /// A polynomial of up to eight factors, the highest power's first: by pairs, and pairs of these (Estrin 1960), for
    /// each sum that waits for the one before costs more time than the squares do.
    #[inline(always)]
    pub(crate) fn poly<const N: usize>(self, factors: [f32; N]) -> F {
        const { assert!(N >= 1 && N <= 8) };
        let factor = |power: usize| F::splat(factors[N - 1 - power]);
        let mut sums = [F::splat(0.0); 4];
        for (i, sum) in sums.iter_mut().enumerate().take(N.div_ceil(2)) {
            let odd = 2 * i + 1 < N;
            *sum = if odd { self.vfma(factor(2 * i + 1), factor(2 * i)) } else { factor(2 * i) };
        }
        let square = self.vmul(self);
        let low = if N > 2 { square.vfma(sums[1], sums[0]) } else { sums[0] };
        let high = if N > 6 { square.vfma(sums[3], sums[2]) } else { sums[2] };
        if N > 4 { square.vmul(square).vfma(high, low) } else { low }
    }

    /// `self · 2ⁿ`, in two steps, so that what is tiny or infinite comes out right.
    #[inline(always)]
    fn scaled(self, n: I) -> F {
        let half = n.vshr(U::splat(1));
        let power = |n: I| n.vadd(I::splat(127)).vshl(U::splat(23)).as_f();
        self.vmul(power(half)).vmul(power(n.vsub(half)))
    }

    /// e to a power of at most ln 2 / 2 either way: Taylor's series.
    #[inline(always)]
    fn small_exp(self) -> F {
        self.poly([1.0 / 5040.0, 1.0 / 720.0, 1.0 / 120.0, 1.0 / 24.0, 1.0 / 6.0, 0.5, 1.0, 1.0])
    }

    /// 2 to a power of at most a half either way. The polynomial has the least greatest error of its degree (Remez 1934),
    /// 1e-7 of the value.
    #[allow(clippy::approx_constant, reason = "its factor of x is near ln 2, and not that")]
    #[inline(always)]
    pub(crate) fn small_exp2(self) -> F {
        self.poly([1.326_472_6e-3, 9.671_512e-3, 5.550_733_6e-2, 2.402_224_2e-1, 6.931_47e-1, 1.0])
    }

    #[inline(always)]
    pub(crate) fn vexp(self) -> F {
        let x = self.vclamp(F::splat(-104.0), F::splat(89.0));
        let n = x.vmul(F::splat(LOG2_E)).nearest();
        let whole = n.to_f();
        // ln 2 in two parts, so that the rest keeps its digits (Cody and Waite 1980).
        let rest = whole.vfnma(F::splat(0.693_359_4), x);
        whole.vfnma(F::splat(-2.121_944_4e-4), rest).small_exp().scaled(n)
    }

    #[inline(always)]
    pub(crate) fn vlog(self) -> F {
        self.vlog2().vmul(F::splat(LN_2))
    }

    #[inline(always)]
    pub(crate) fn vpow(self, power: F) -> F {
        self.vlog2().vmul(power).vexp2()
    }

    /// Sine and cosine of what is left of an angle after whole quarter turns, and these.
    #[inline(always)]
    fn quarter_turned(self) -> (F, F, I) {
        let quarters = self.vmul(F::splat(2.0 / PI)).vround();
        let mut r = quarters.vfnma(F::splat(1.570_312_5), self);
        r = quarters.vfnma(F::splat(4.838_268e-4), r);
        let r2 = r.vmul(r);
        let sine = r2.poly([2.755_731_9e-6, -1.984_127e-4, 8.333_333e-3, -1.666_666_7e-1]);
        let cosine = r2.poly([2.480_158_7e-5, -1.388_888_9e-3, 4.166_666_8e-2, -0.5]);
        (r.vmul(r2).vfma(sine, r), r2.vfma(cosine, F::splat(1.0)), quarters.to_i())
    }

    #[inline(always)]
    fn turned(sine: F, cosine: F, quarters: I) -> F {
        let odd = quarters.vand(I::splat(1)).veq(I::splat(1));
        let value = odd.pick(cosine, sine);
        quarters.vand(I::splat(2)).veq(I::splat(2)).pick(value.vneg(), value)
    }

    #[inline(always)]
    pub(crate) fn vsin(self) -> F {
        let (sine, cosine, quarters) = self.quarter_turned();
        Self::turned(sine, cosine, quarters)
    }

    #[inline(always)]
    pub(crate) fn vcos(self) -> F {
        let (sine, cosine, quarters) = self.quarter_turned();
        Self::turned(sine, cosine, quarters.vadd(I::splat(1)))
    }

    #[inline(always)]
    pub(crate) fn vtan(self) -> F {
        self.vsin().vdiv(self.vcos())
    }

    /// The angle of the point (`x`, `self`). The polynomial is Cephes' (Moshier 1992).
    #[inline(always)]
    pub(crate) fn vatan2(self, x: F) -> F {
        let zero = F::splat(0.0);
        let (ay, ax) = (self.vabs(), x.vabs());
        let high = ax.vmax(ay);
        let t = high.veq(zero).pick(zero, ax.vmin(ay).vdiv(high));
        let far = t.vgt(F::splat(0.414_213_57));
        let one = F::splat(1.0);
        let r = far.pick(t.vsub(one).vdiv(t.vadd(one)), t);
        let r2 = r.vmul(r);
        let series = r2.poly([8.053_744_5e-2, -1.387_768_6e-1, 1.997_771e-1, -3.333_295e-1]);
        let mut angle = r.vmul(r2).vfma(series, r).vadd(far.pick(F::splat(FRAC_PI_4), zero));
        angle = ay.vgt(ax).pick(F::splat(FRAC_PI_2).vsub(angle), angle);
        angle = x.vlt(zero).pick(F::splat(PI).vsub(angle), angle);
        self.vlt(zero).pick(angle.vneg(), angle)
    }
}

impl I {
    #[inline(always)]
    pub(crate) fn vneg(self) -> I {
        I::splat(0).vsub(self)
    }

    #[inline(always)]
    pub(crate) fn vclamp(self, low: I, high: I) -> I {
        self.vmax(low).vmin(high)
    }

    #[inline(always)]
    pub(crate) fn to_i(self) -> I {
        self
    }

    #[inline(always)]
    pub(crate) fn to_u(self) -> U {
        self.as_u()
    }
}

impl U {
    #[inline(always)]
    pub(crate) fn vclamp(self, low: U, high: U) -> U {
        self.vmax(low).vmin(high)
    }

    #[inline(always)]
    pub(crate) fn to_i(self) -> I {
        self.as_i()
    }

    #[inline(always)]
    pub(crate) fn to_u(self) -> U {
        self
    }
}

impl M {
    /// `yes` where it is true, else `no`.
    #[inline(always)]
    pub(crate) fn pick<T: Picked>(self, yes: T, no: T) -> T {
        T::picked(self, yes, no)
    }

    #[inline(always)]
    pub(crate) fn to_f(self) -> F {
        self.pick(F::splat(1.0), F::splat(0.0))
    }

    #[inline(always)]
    pub(crate) fn to_u(self) -> U {
        self.pick(U::splat(1), U::splat(0))
    }

    #[inline(always)]
    pub(crate) fn to_i(self) -> I {
        self.pick(I::splat(1), I::splat(0))
    }
}
