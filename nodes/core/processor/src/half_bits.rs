//! Half floats by whole numbers alone, without a branch, so that vectors of any kind do it.

/// A half float's value.
#[inline(always)]
pub(crate) fn widened(bits: u16) -> f32 {
    let sign = u32::from(bits & 0x8000) << 16;
    // The exponent is moved by a product, which also makes what is subnormal normal.
    let value = f32::from_bits(u32::from(bits & 0x7fff) << 13) * f32::from_bits((254 - 15) << 23);
    let beyond = if value >= 65_536.0 { 0xff << 23 } else { 0 };
    f32::from_bits(value.to_bits() | beyond | sign)
}

/// The nearest half float, the even one of two.
#[inline(always)]
pub(crate) fn narrowed(value: f32) -> u16 {
    let bits = value.to_bits();
    let sign = (bits >> 16) & 0x8000;
    let size = bits & 0x7fff_ffff;
    // From 65,520 on the nearest is infinite.
    let far = if size > 0x7f80_0000 { 0x7e00 } else { 0x7c00 };
    // Beside ½ the last digit of a float is that of the smallest half float.
    let small = (f32::from_bits(size) + 0.5).to_bits().wrapping_sub(0x3f00_0000);
    let odd = (size >> 13) & 1;
    let usual = size.wrapping_sub(112 << 23).wrapping_add(0xfff + odd) >> 13;
    let near = if size < 113 << 23 { small } else { usual };
    (sign | if size >= 0x477f_f000 { far } else { near }) as u16
}

#[cfg(test)]
mod tests {
    use super::*;
    use half::f16;

    #[test]
    fn every_half_float_is_widened_as_it_is() {
        for bits in 0..=u16::MAX {
            let (ours, exact) = (widened(bits), f16::from_bits(bits).to_f32());
            assert!(ours.to_bits() == exact.to_bits() || (ours.is_nan() && exact.is_nan()), "{bits:x}");
        }
    }

    #[test]
    fn floats_go_to_the_nearest_half_float() {
        let steps = (0..=u32::MAX).step_by(4_099);
        // Each half float, halfway to the next one, and a step to both sides.
        let edges = (0..0x7c00_u16).flat_map(|bits| {
            let (low, high) =
                (f16::from_bits(bits).to_f32(), f16::from_bits(bits + 1).to_f32().min(65_536.0));
            let middle = ((f64::from(low) + f64::from(high)) / 2.0) as f32;
            [low.to_bits(), middle.to_bits() - 1, middle.to_bits(), middle.to_bits() + 1]
        });
        for bits in steps.chain(edges.clone()).chain(edges.map(|bits| bits | 1 << 31)) {
            let value = f32::from_bits(bits);
            let (ours, exact) = (narrowed(value), f16::from_f32(value));
            assert!(
                ours == exact.to_bits() || (exact.is_nan() && f16::from_bits(ours).is_nan()),
                "{value:e}"
            );
        }
    }
}
