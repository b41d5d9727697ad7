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
}
