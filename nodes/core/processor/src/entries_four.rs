//! Entries of four channels in lanes that are as many.

use super::F;

impl F {
    /// Entries of four channels each, as many as there are lanes for; 0 behind the last one.
    #[inline(always)]
    pub(crate) fn from_entries(entries: &[[f32; 4]]) -> Self {
        Self::from_array(entries.first().copied().unwrap_or_default())
    }

    /// Four lanes; what is in the others is not said.
    #[inline(always)]
    pub(crate) fn from_four(four: [f32; 4]) -> Self {
        Self::from_array(four)
    }

    /// The sum of all fours of lanes.
    #[inline(always)]
    pub(crate) fn sum_of_fours(self) -> [f32; 4] {
        self.to_array()
    }
}
