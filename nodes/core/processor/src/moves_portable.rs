//! How lanes come from samples in memory and go there, and from lane to lane.

use super::{F, I, LANES};
use std::array::from_fn;

impl I {
    #[inline(always)]
    pub(crate) fn from_bytes(v: [u8; LANES]) -> Self {
        Self(v.map(i32::from))
    }

    #[inline(always)]
    pub(crate) fn from_words(v: [u16; LANES]) -> Self {
        Self(v.map(i32::from))
    }

    /// As words, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn words(self) -> [u16; LANES] {
        self.0.map(|v| v as u16)
    }

    /// As bytes, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; LANES] {
        self.0.map(|v| v as u8)
    }
}

impl F {
    /// The lanes at some places of these and those behind them.
    #[inline(always)]
    pub(crate) fn permuted_of_both(self, behind: F, at: I) -> Self {
        let both = [self.0, behind.0];
        Self(at.0.map(|i| both.as_flattened()[i as usize % (2 * LANES)]))
    }

    /// The lanes at some places of these lanes.
    #[inline(always)]
    pub(crate) fn permuted(self, at: I) -> Self {
        Self(at.0.map(|i| self.0[i as usize % LANES]))
    }

    /// Every second lane of these and those behind them, from the first on.
    #[inline(always)]
    pub(crate) fn evens(self, behind: F) -> Self {
        let both = [self.0, behind.0];
        Self(from_fn(|i| both.as_flattened()[2 * i]))
    }

    /// Every second lane of these and those behind them, from the second on.
    #[inline(always)]
    pub(crate) fn odds(self, behind: F) -> Self {
        let both = [self.0, behind.0];
        Self(from_fn(|i| both.as_flattened()[2 * i + 1]))
    }

    /// These lanes and others by turns: the first half, then the second.
    #[inline(always)]
    pub(crate) fn zipped(self, o: F) -> (Self, Self) {
        let turn = |i: usize| if i.is_multiple_of(2) { self.0[i / 2] } else { o.0[i / 2] };
        (Self(from_fn(turn)), Self(from_fn(|i| turn(i + LANES))))
    }
}

/// Rows to columns.
#[inline(always)]
pub(crate) fn transpose(rows: [F; LANES]) -> [F; LANES] {
    from_fn(|i| F(from_fn(|j| rows[j].0[i])))
}

/// The sum of four entries, each with its weight.
#[inline(always)]
pub(crate) fn weighted(entries: [&[f32; 4]; 4], weights: [f32; 4]) -> [f32; 4] {
    let all = entries.into_iter().zip(weights);
    all.fold([0.0; 4], |sum, (entry, weight)| from_fn(|i| sum[i] + entry[i] * weight))
}
