//! How lanes come from samples in memory and go there, and from lane to lane.

use super::{F, I, LANES};
use core::arch::x86_64 as x86;

impl I {
    #[inline(always)]
    pub(crate) fn from_bytes(v: [u8; LANES]) -> Self {
        // SAFETY: sixteen bytes are read.
        Self(unsafe { x86::_mm512_cvtepu8_epi32(x86::_mm_loadu_si128(v.as_ptr().cast())) })
    }

    #[inline(always)]
    pub(crate) fn from_words(v: [u16; LANES]) -> Self {
        // SAFETY: sixteen words, 32 bytes, are read.
        Self(unsafe { x86::_mm512_cvtepu16_epi32(x86::_mm256_loadu_si256(v.as_ptr().cast())) })
    }

    /// As words, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn words(self) -> [u16; LANES] {
        let mut out = [0; LANES];
        // SAFETY: sixteen words, 32 bytes, are written where there is room for them.
        unsafe { x86::_mm256_storeu_si256(out.as_mut_ptr().cast(), x86::_mm512_cvtusepi32_epi16(self.0)) };
        out
    }

    /// As bytes, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; LANES] {
        let mut out = [0; LANES];
        // SAFETY: sixteen bytes are written where there is room for them.
        unsafe { x86::_mm_storeu_si128(out.as_mut_ptr().cast(), x86::_mm512_cvtusepi32_epi8(self.0)) };
        out
    }
}

/// The places of every second of 32 lanes, from `first` on.
const fn seconds(first: i32) -> [i32; LANES] {
    let mut at = [0; LANES];
    let mut i = 0;
    while i < LANES {
        at[i] = first + 2 * i as i32;
        i += 1;
    }
    at
}

/// The places of lanes and those behind them by turns, from `first` on.
const fn turns(first: i32) -> [i32; LANES] {
    let mut at = [0; LANES];
    let mut i = 0;
    while i < LANES {
        at[i] = first + (i / 2) as i32 + (i % 2) as i32 * LANES as i32;
        i += 1;
    }
    at
}

impl F {
    /// Writes past the caches, to where a cache line begins.
    #[inline(always)]
    pub(crate) fn put_past(self, out: &mut [f32; LANES]) {
        // SAFETY: sixteen floats are written where there is aligned room for them.
        unsafe { x86::_mm512_stream_ps(out.as_mut_ptr(), self.0) }
    }

    /// Writes half floats past the caches, to where half a cache line begins.
    #[inline(always)]
    pub(crate) fn put_half_past(self, out: &mut [u16; LANES]) {
        // SAFETY: sixteen halves, 32 bytes, are written where there is aligned room for them.
        unsafe {
            let halves = x86::_mm512_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT | super::QUIET }>(self.0);
            x86::_mm256_stream_si256(out.as_mut_ptr().cast(), halves);
        }
    }

    /// These and those behind them as half floats, past the caches to where a cache line begins.
    #[inline(always)]
    pub(crate) fn put_halves_past(self, behind: F, out: &mut [u16; 2 * LANES]) {
        // SAFETY: 32 halves, 64 bytes, are written where there is aligned room for them.
        unsafe {
            let first = x86::_mm512_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT | super::QUIET }>(self.0);
            let behind = x86::_mm512_cvtps_ph::<{ x86::_MM_FROUND_TO_NEAREST_INT | super::QUIET }>(behind.0);
            let line = x86::_mm512_inserti64x4::<1>(x86::_mm512_castsi256_si512(first), behind);
            x86::_mm512_stream_si512(out.as_mut_ptr().cast(), line);
        }
    }

    /// Entries of four channels each, as many as there are lanes for; 0 behind the last one.
    #[inline(always)]
    pub(crate) fn from_entries(entries: &[[f32; 4]]) -> Self {
        let floats = entries.as_flattened().as_ptr();
        // SAFETY: as many floats are read as there are and lanes hold.
        Self(unsafe {
            match entries.len() {
                0 => x86::_mm512_setzero_ps(),
                1 => x86::_mm512_zextps128_ps512(x86::_mm_loadu_ps(floats)),
                2 => x86::_mm512_zextps256_ps512(x86::_mm256_loadu_ps(floats)),
                3 => x86::_mm512_maskz_loadu_ps(0xfff, floats),
                _ => x86::_mm512_loadu_ps(floats),
            }
        })
    }

    /// Four lanes; what is in the others is not said.
    #[inline(always)]
    pub(crate) fn from_four(four: [f32; 4]) -> Self {
        // SAFETY: four floats are read.
        Self(unsafe { x86::_mm512_castps128_ps512(x86::_mm_loadu_ps(four.as_ptr())) })
    }

    /// The sum of all fours of lanes.
    #[inline(always)]
    pub(crate) fn sum_of_fours(self) -> [f32; 4] {
        let mut out = [0.0; 4];
        // SAFETY: as the lanes' module says; four floats are written where there is room for them.
        unsafe {
            let two = x86::_mm256_add_ps(
                x86::_mm512_castps512_ps256(self.0),
                x86::_mm512_extractf32x8_ps::<1>(self.0),
            );
            let one = x86::_mm_add_ps(x86::_mm256_castps256_ps128(two), x86::_mm256_extractf128_ps::<1>(two));
            x86::_mm_storeu_ps(out.as_mut_ptr(), one);
        }
        out
    }

    /// The lanes at some places of these lanes.
    #[inline(always)]
    pub(crate) fn permuted(self, at: I) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { x86::_mm512_permutexvar_ps(at.0, self.0) })
    }

    /// The lanes at some places of these and those behind them.
    #[inline(always)]
    pub(crate) fn permuted_of_both(self, behind: F, at: I) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { x86::_mm512_permutex2var_ps(self.0, at.0, behind.0) })
    }

    #[inline(always)]
    fn of_both(self, behind: F, at: [i32; LANES]) -> Self {
        self.permuted_of_both(behind, I::from_array(at))
    }

    /// Every second lane of these and those behind them, from the first on.
    #[inline(always)]
    pub(crate) fn evens(self, behind: F) -> Self {
        self.of_both(behind, const { seconds(0) })
    }

    /// Every second lane of these and those behind them, from the second on.
    #[inline(always)]
    pub(crate) fn odds(self, behind: F) -> Self {
        self.of_both(behind, const { seconds(1) })
    }

    /// These lanes and others by turns: the first half, then the second.
    #[inline(always)]
    pub(crate) fn zipped(self, o: F) -> (Self, Self) {
        (self.of_both(o, const { turns(0) }), self.of_both(o, const { turns(LANES as i32 / 2) }))
    }
}

/// Four rows to columns within each quarter of the registers.
#[inline(always)]
fn fours([a, b, c, d]: [x86::__m512; 4]) -> [x86::__m512; 4] {
    // SAFETY: as the lanes' module says.
    unsafe {
        let (low, high) = (x86::_mm512_unpacklo_ps(a, b), x86::_mm512_unpackhi_ps(a, b));
        let (low2, high2) = (x86::_mm512_unpacklo_ps(c, d), x86::_mm512_unpackhi_ps(c, d));
        [
            x86::_mm512_shuffle_ps::<0b01_00_01_00>(low, low2),
            x86::_mm512_shuffle_ps::<0b11_10_11_10>(low, low2),
            x86::_mm512_shuffle_ps::<0b01_00_01_00>(high, high2),
            x86::_mm512_shuffle_ps::<0b11_10_11_10>(high, high2),
        ]
    }
}

/// Sixteen entries of four channels each as channels.
#[inline(always)]
pub(crate) fn transposed(entries: [&[f32; 4]; LANES]) -> (F, F, F, F) {
    let [r, g, b, a] = fours([
        apart([entries[0], entries[4], entries[8], entries[12]]),
        apart([entries[1], entries[5], entries[9], entries[13]]),
        apart([entries[2], entries[6], entries[10], entries[14]]),
        apart([entries[3], entries[7], entries[11], entries[15]]),
    ]);
    (F(r), F(g), F(b), F(a))
}

/// An entry in each quarter of a register.
#[inline(always)]
fn apart([a, b, c, d]: [&[f32; 4]; 4]) -> x86::__m512 {
    // SAFETY: four floats are read of each entry.
    unsafe {
        let first = x86::_mm512_castps128_ps512(x86::_mm_loadu_ps(a.as_ptr()));
        let two = x86::_mm512_insertf32x4::<1>(first, x86::_mm_loadu_ps(b.as_ptr()));
        let three = x86::_mm512_insertf32x4::<2>(two, x86::_mm_loadu_ps(c.as_ptr()));
        x86::_mm512_insertf32x4::<3>(three, x86::_mm_loadu_ps(d.as_ptr()))
    }
}
