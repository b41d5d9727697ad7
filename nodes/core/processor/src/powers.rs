//! Logarithms and powers of 2, of what every kind of lanes has.

use super::{F, I, U};

impl F {
    /// What would be subnormal is 0 or near it.
    #[inline(always)]
    pub(crate) fn vexp2(self) -> F {
        // At the lower end the sum of exponents is that of 0.
        let x = self.vclamp(F::splat(-127.0), F::splat(128.0));
        let whole = x.nearest();
        let part = x.vsub(whole.to_f()).small_exp2();
        part.as_i().vadd(whole.vshl(U::splat(23))).as_f()
    }

    /// The exponent, and the logarithm to base 2 of what is left. The polynomial has the least greatest error of its
    /// degree (Remez 1934), 2e-7 of the value; it needs no division.
    #[inline(always)]
    fn log_parts(self) -> (F, F) {
        let bits = self.as_i();
        let exponent = bits.vsub(I::splat(0x3f35_04f3)).vshr(U::splat(23));
        let m = bits.vsub(exponent.vshl(U::splat(23))).as_f();
        let z = m.vsub(F::splat(1.0));
        let series = z.poly([
            -1.458_111_7e-1,
            2.340_42e-1,
            -2.488_768_7e-1,
            2.870_987_4e-1,
            -3.602_396_5e-1,
            4.809_232_3e-1,
            -7.213_528e-1,
            1.442_694_9,
        ]);
        (exponent.to_f(), z.vmul(series))
    }

    /// The logarithm of what has none that is finite: of a negative value it is that of 0. Masks and no branch, so that
    /// powers of several channels are worked out side by side.
    #[inline(always)]
    fn odd_logs(self, log: F) -> F {
        let low = self.vle(F::splat(0.0)).pick(F::splat(f32::NEG_INFINITY), log);
        self.vlt(F::splat(f32::INFINITY)).pick(low, self)
    }

    #[inline(always)]
    pub(crate) fn vlog2(self) -> F {
        let (exponent, rest) = self.log_parts();
        self.odd_logs(exponent.vadd(rest))
    }
}
