//! Logarithms and powers of 2, with AVX-512's own ways to take a float apart and put it together.

use super::{F, I};
use core::arch::x86_64 as x86;
use core::f32::consts::LOG2_E;

/// What mantissas from 0.75 to 1.5 are multiplied with to come near 1, by their first four binary digits. Each is the one
/// of many near the middle's inverse of which the logarithm is all but a float (Gal 1985).
const NEAR_ONE: [f32; 16] = [
    1.0,
    0.914_181_05,
    0.864_696_2,
    0.820_828_7,
    0.780_451_54,
    0.744_180_26,
    0.710_859_7,
    0.680_757_8,
    1.306_103_2,
    1.254_971_9,
    1.208_190_2,
    1.162_966_4,
    1.123_263,
    1.084_334_3,
    1.049_149_4,
    1.0,
];

/// The logarithms to base 2 that this takes away; 1 more below 1, where the exponent is one less than the mantissa's.
const LOGS: [f32; 16] = [
    0.0,
    0.129_448_18,
    0.209_734_74,
    0.284_846_96,
    0.357_619_05,
    0.426_275_97,
    0.492_363_2,
    0.554_786_44,
    0.614_731_1,
    0.672_345,
    0.727_152_4,
    0.782_190_6,
    0.832_304_24,
    0.883_190_45,
    0.930_779_9,
    1.0,
];

impl F {
    #[inline(always)]
    pub(crate) fn vexp2(self) -> F {
        // SAFETY: as the lanes' module says.
        let part = F(unsafe { x86::_mm512_reduce_ps::<{ super::QUIET }>(self.0) });
        let whole = self.vsub(part);
        // SAFETY: as above.
        F(unsafe { x86::_mm512_scalef_ps(part.small_exp2().0, whole.0) })
    }

    /// Of a negative value it is that of 0. The polynomial has the least greatest error of its degree (Remez 1934), 1.2e-7
    /// of the value.
    #[inline(always)]
    pub(crate) fn vlog2(self) -> F {
        // No number stays none.
        let x = F::splat(0.0).vmax(self);
        // SAFETY: as the lanes' module says.
        let (exponent, m) = unsafe {
            let m = x86::_mm512_getmant_ps::<{ x86::_MM_MANT_NORM_P75_1P5 }, { x86::_MM_MANT_SIGN_SRC }>(x.0);
            (F(x86::_mm512_getexp_ps(x.0)), F(m))
        };
        // SAFETY: as above.
        let at = I(unsafe { x86::_mm512_srli_epi32::<19>(m.as_i().0) });
        // Of a place its last four digits count.
        let z = m.vfms(F::from_array(NEAR_ONE).permuted(at), F::splat(1.0));
        let whole = exponent.vadd(F::from_array(LOGS).permuted(at));
        let series = z.vfma(F::splat(-3.437_978e-1), F::splat(4.811_161_5e-1));
        let series = z.vfma(series, F::splat(-7.213_620_5e-1));
        let series = z.vfma(series, F::splat(LOG2_E));
        z.vfma(series, whole)
    }
}
