//! Writing where compilers have no word for the way past the caches: as ever.

use super::{F, LANES};

impl F {
    #[inline(always)]
    pub(crate) fn put_past(self, out: &mut [f32; LANES]) {
        *out = self.to_array();
    }

    #[inline(always)]
    pub(crate) fn put_half_past(self, out: &mut [u16; LANES]) {
        *out = self.to_half();
    }

    /// These and those behind them as half floats.
    #[inline(always)]
    pub(crate) fn put_halves_past(self, behind: F, out: &mut [u16; 2 * LANES]) {
        let (places, _) = out.as_chunks_mut();
        for (value, place) in [self, behind].into_iter().zip(places) {
            value.put_half_past(place);
        }
    }
}
