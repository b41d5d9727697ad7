//! How lanes come from samples in memory and go there, and from lane to lane.

use super::{F, I, LANES};
use core::arch::x86_64 as x86;

impl I {
    #[inline(always)]
    pub(crate) fn from_bytes(v: [u8; LANES]) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { x86::_mm256_cvtepu8_epi32(x86::_mm_cvtsi64_si128(i64::from_ne_bytes(v))) })
    }

    #[inline(always)]
    pub(crate) fn from_words(v: [u16; LANES]) -> Self {
        // SAFETY: eight words, 16 bytes, are read.
        Self(unsafe { x86::_mm256_cvtepu16_epi32(x86::_mm_loadu_si128(v.as_ptr().cast())) })
    }

    /// As words, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn words(self) -> [u16; LANES] {
        let mut out = [0; LANES];
        // SAFETY: eight words, 16 bytes, are written where there is room for them.
        unsafe { x86::_mm_storeu_si128(out.as_mut_ptr().cast(), self.packed()) };
        out
    }

    /// As bytes, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; LANES] {
        let words = self.packed();
        // SAFETY: as the lanes' module says.
        unsafe { x86::_mm_cvtsi128_si64(x86::_mm_packus_epi16(words, words)) }.to_ne_bytes()
    }

    /// Eight words.
    #[inline(always)]
    fn packed(self) -> x86::__m128i {
        // SAFETY: as the lanes' module says.
        unsafe {
            x86::_mm_packus_epi32(
                x86::_mm256_castsi256_si128(self.0),
                x86::_mm256_extracti128_si256::<1>(self.0),
            )
        }
    }
}

impl F {
    /// Writes past the caches, to where half a cache line begins.
    #[inline(always)]
    pub(crate) fn put_past(self, out: &mut [f32; LANES]) {
        // SAFETY: eight floats are written where there is aligned room for them.
        unsafe { x86::_mm256_stream_ps(out.as_mut_ptr(), self.0) }
    }

    /// Writes half floats past the caches, to where a quarter of a cache line begins.
    #[inline(always)]
    pub(crate) fn put_half_past(self, out: &mut [u16; LANES]) {
        // SAFETY: eight halves, 16 bytes, are written where there is aligned room for them.
        unsafe {
            let halves = x86::_mm256_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT }>(self.0);
            x86::_mm_stream_si128(out.as_mut_ptr().cast(), halves);
        }
    }

    /// These and those behind them as half floats, past the caches to where half a cache line begins.
    #[inline(always)]
    pub(crate) fn put_halves_past(self, behind: F, out: &mut [u16; 2 * LANES]) {
        let (places, _) = out.as_chunks_mut();
        for (value, place) in [self, behind].into_iter().zip(places) {
            value.put_half_past(place);
        }
    }

    /// The sum of all fours of lanes.
    #[inline(always)]
    pub(crate) fn sum_of_fours(self) -> [f32; 4] {
        let mut out = [0.0; 4];
        // SAFETY: as the lanes' module says; four floats are written where there is room for them.
        unsafe {
            let one =
                x86::_mm_add_ps(x86::_mm256_castps256_ps128(self.0), x86::_mm256_extractf128_ps::<1>(self.0));
            x86::_mm_storeu_ps(out.as_mut_ptr(), one);
        }
        out
    }

    /// The lanes at some places of these and those behind them.
    #[inline(always)]
    pub(crate) fn permuted_of_both(self, behind: F, at: I) -> Self {
        let (near, far) = (self.permuted(at), behind.permuted(at));
        // SAFETY: as the lanes' module says. Places behind have the bit of 8, which goes where the choice is made.
        Self(unsafe {
            let far_ones = x86::_mm256_castsi256_ps(x86::_mm256_slli_epi32::<28>(at.0));
            x86::_mm256_blendv_ps(near.0, far.0, far_ones)
        })
    }

    /// Entries of four channels each, as many as there are lanes for; 0 behind the last one.
    #[inline(always)]
    pub(crate) fn from_entries(entries: &[[f32; 4]]) -> Self {
        match entries {
            // SAFETY: eight floats lie there.
            [_, _, ..] => Self(unsafe { x86::_mm256_loadu_ps(entries.as_flattened().as_ptr()) }),
            // SAFETY: four floats lie there.
            [one] => Self(unsafe { x86::_mm256_zextps128_ps256(x86::_mm_loadu_ps(one.as_ptr())) }),
            [] => Self::splat(0.0),
        }
    }

    /// Four lanes; what is in the others is not said.
    #[inline(always)]
    pub(crate) fn from_four(four: [f32; 4]) -> Self {
        // SAFETY: four floats are read.
        Self(unsafe { x86::_mm256_castps128_ps256(x86::_mm_loadu_ps(four.as_ptr())) })
    }

    /// The lanes at some places of these lanes.
    #[inline(always)]
    pub(crate) fn permuted(self, at: I) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { x86::_mm256_permutevar8x32_ps(self.0, at.0) })
    }

    /// Every second lane of these and those behind them, from the first on.
    #[inline(always)]
    pub(crate) fn evens(self, behind: F) -> Self {
        // SAFETY: as the lanes' module says.
        unsafe { Self::halves_mended(x86::_mm256_shuffle_ps::<0b10_00_10_00>(self.0, behind.0)) }
    }

    /// Every second lane of these and those behind them, from the second on.
    #[inline(always)]
    pub(crate) fn odds(self, behind: F) -> Self {
        // SAFETY: as the lanes' module says.
        unsafe { Self::halves_mended(x86::_mm256_shuffle_ps::<0b11_01_11_01>(self.0, behind.0)) }
    }

    /// What a shuffle within halves of registers left in the order 0 2 1 3 of pairs.
    #[inline(always)]
    fn halves_mended(v: x86::__m256) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe {
            x86::_mm256_castpd_ps(x86::_mm256_permute4x64_pd::<0b11_01_10_00>(x86::_mm256_castps_pd(v)))
        })
    }

    /// These lanes and others by turns: the first half, then the second.
    #[inline(always)]
    pub(crate) fn zipped(self, o: F) -> (Self, Self) {
        // SAFETY: as the lanes' module says.
        unsafe {
            let (low, high) = (x86::_mm256_unpacklo_ps(self.0, o.0), x86::_mm256_unpackhi_ps(self.0, o.0));
            (
                Self(x86::_mm256_permute2f128_ps::<0x20>(low, high)),
                Self(x86::_mm256_permute2f128_ps::<0x31>(low, high)),
            )
        }
    }
}

/// Rows to columns.
#[inline(always)]
pub(crate) fn transpose(rows: [F; LANES]) -> [F; LANES] {
    let [a, b, c, d, e, f, g, h] = rows.map(|row| row.0);
    // SAFETY: as the module says.
    unsafe {
        // Pairs of rows, then fours, then the halves of eight.
        let (ab, ab2) = (x86::_mm256_unpacklo_ps(a, b), x86::_mm256_unpackhi_ps(a, b));
        let (cd, cd2) = (x86::_mm256_unpacklo_ps(c, d), x86::_mm256_unpackhi_ps(c, d));
        let (ef, ef2) = (x86::_mm256_unpacklo_ps(e, f), x86::_mm256_unpackhi_ps(e, f));
        let (gh, gh2) = (x86::_mm256_unpacklo_ps(g, h), x86::_mm256_unpackhi_ps(g, h));
        let fours = |low, high| {
            (
                x86::_mm256_shuffle_ps::<0b01_00_01_00>(low, high),
                x86::_mm256_shuffle_ps::<0b11_10_11_10>(low, high),
            )
        };
        let ((a0, a1), (a2, a3)) = (fours(ab, cd), fours(ab2, cd2));
        let ((e0, e1), (e2, e3)) = (fours(ef, gh), fours(ef2, gh2));
        let low = |a, e| F(x86::_mm256_permute2f128_ps::<0x20>(a, e));
        let high = |a, e| F(x86::_mm256_permute2f128_ps::<0x31>(a, e));
        [
            low(a0, e0),
            low(a1, e1),
            low(a2, e2),
            low(a3, e3),
            high(a0, e0),
            high(a1, e1),
            high(a2, e2),
            high(a3, e3),
        ]
    }
}
