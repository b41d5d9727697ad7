//! Half floats without branches and without asking what the processor has, so that the compiler makes vectors of them.

/// What exponents of floats have over those of half floats.
const BIAS: u32 = (127 - 15) << 23;

/// The nearest half float, the even one of two that are as near.
#[inline(always)]
pub(crate) fn to_half(v: f32) -> u16 {
    let bits = v.to_bits();
    let size = bits & 0x7fff_ffff;
    let usual = (size + 0x0fff + ((size >> 13) & 1)).wrapping_sub(BIAS) >> 13;
    // The last digit of numbers from a half to one is that of the tiniest half floats: the sum rounds to it.
    let tiny = (f32::from_bits(size) + 0.5).to_bits().wrapping_sub(0.5_f32.to_bits());
    let none = 0x7e00 | ((size >> 13) & 0x03ff);
    let beyond = if size as i32 > 0x7f80_0000 { none } else { 0x7c00 };
    let small = if (size as i32) < 0x3880_0000 { tiny } else { usual };
    let value = if size as i32 >= 0x4780_0000 { beyond } else { small };
    (value | ((bits >> 16) & 0x8000)) as u16
}

/// The float of a half float.
#[inline(always)]
pub(crate) fn from_half(half: u16) -> f32 {
    let size = u32::from(half) & 0x7fff;
    let usual = (size << 13) + BIAS;
    let tiny = (size as i32 as f32 * (1.0 / 16_777_216.0)).to_bits();
    let none = if size > 0x7c00 { 0x0040_0000 } else { 0 };
    let beyond = usual.wrapping_add(BIAS) | none;
    let small = if size < 0x0400 { tiny } else { usual };
    let value = if size >= 0x7c00 { beyond } else { small };
    f32::from_bits(value | ((u32::from(half) & 0x8000) << 16))
}

#[cfg(test)]
mod tests {
    use super::*;
    use half::f16;

    #[test]
    fn every_half_float_becomes_its_float_and_returns() {
        for bits in 0..=u16::MAX {
            let want = f16::from_bits(bits).to_f32();
            let got = from_half(bits);
            assert!(got.to_bits() == want.to_bits() || (got.is_nan() && want.is_nan()), "{bits:x}");
            assert!(to_half(got) == bits || got.is_nan(), "{bits:x}");
            assert_eq!(f16::from_bits(to_half(got)).is_nan(), want.is_nan(), "{bits:x}");
        }
    }

    #[test]
    fn floats_become_the_nearest_half_float() {
        // All exponents and signs, with digits about those that are ties.
        for head in 0..=u16::MAX {
            for tail in [0, 1, 0x0fff, 0x1000, 0x1001, 0x2fff, 0x3000, 0x3001, 0xefff, 0xf000, 0xffff] {
                let v = f32::from_bits((u32::from(head) << 16) | tail);
                let want = f16::from_f32(v);
                let got = f16::from_bits(to_half(v));
                assert!(got.to_bits() == want.to_bits() || (v.is_nan() && got.is_nan()), "{v}");
            }
        }
    }
}
