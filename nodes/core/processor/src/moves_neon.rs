//! How lanes come from samples in memory and go there, and from lane to lane.

use super::{F, I, LANES};
use core::arch::aarch64 as arm;

impl I {
    #[inline(always)]
    pub(crate) fn from_bytes(v: [u8; LANES]) -> Self {
        // SAFETY: as the lanes' module says.
        let words = unsafe { arm::vmovl_u8(arm::vcreate_u8(u32::from_le_bytes(v).into())) };
        // SAFETY: as above.
        Self::widened(unsafe { arm::vget_low_u16(words) })
    }

    #[inline(always)]
    pub(crate) fn from_words(v: [u16; LANES]) -> Self {
        // SAFETY: four words are read.
        Self::widened(unsafe { arm::vld1_u16(v.as_ptr()) })
    }

    #[inline(always)]
    fn widened(words: arm::uint16x4_t) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { arm::vreinterpretq_s32_u32(arm::vmovl_u16(words)) })
    }

    /// As words, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn words(self) -> [u16; LANES] {
        let mut out = [0; LANES];
        // SAFETY: four words are written where there is room for them.
        unsafe { arm::vst1_u16(out.as_mut_ptr(), self.narrowed()) };
        out
    }

    /// As bytes, of lanes that lie in these.
    #[inline(always)]
    pub(crate) fn bytes(self) -> [u8; LANES] {
        let words = self.narrowed();
        // SAFETY: as the lanes' module says.
        let bytes = unsafe {
            let bytes = arm::vmovn_u16(arm::vcombine_u16(words, words));
            arm::vget_lane_u32::<0>(arm::vreinterpret_u32_u8(bytes))
        };
        bytes.to_le_bytes()
    }

    /// Four words.
    #[inline(always)]
    fn narrowed(self) -> arm::uint16x4_t {
        // SAFETY: as the lanes' module says.
        unsafe { arm::vmovn_u32(arm::vreinterpretq_u32_s32(self.0)) }
    }
}

/// Where the bytes of lanes lie in a table of bytes: four for each, one after the other.
#[inline(always)]
fn bytes_of(lanes: I) -> I {
    lanes.vmul(I::splat(0x0404_0404)).vadd(I::splat(0x0302_0100))
}

impl F {
    /// The lanes at some places of these and those behind them.
    #[inline(always)]
    pub(crate) fn permuted_of_both(self, behind: F, at: I) -> Self {
        let bytes = bytes_of(at);
        // SAFETY: as the lanes' module says.
        Self(unsafe {
            let table =
                arm::uint8x16x2_t(arm::vreinterpretq_u8_f32(self.0), arm::vreinterpretq_u8_f32(behind.0));
            arm::vreinterpretq_f32_u8(arm::vqtbl2q_u8(table, arm::vreinterpretq_u8_s32(bytes.0)))
        })
    }

    /// The lanes at some places of these lanes.
    #[inline(always)]
    pub(crate) fn permuted(self, at: I) -> Self {
        let bytes = bytes_of(at.vand(I::splat(LANES as i32 - 1)));
        // SAFETY: as the lanes' module says.
        Self(unsafe {
            let table = arm::vreinterpretq_u8_f32(self.0);
            arm::vreinterpretq_f32_u8(arm::vqtbl1q_u8(table, arm::vreinterpretq_u8_s32(bytes.0)))
        })
    }

    /// Every second lane of these and those behind them, from the first on.
    #[inline(always)]
    pub(crate) fn evens(self, behind: F) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { arm::vuzp1q_f32(self.0, behind.0) })
    }

    /// Every second lane of these and those behind them, from the second on.
    #[inline(always)]
    pub(crate) fn odds(self, behind: F) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { arm::vuzp2q_f32(self.0, behind.0) })
    }

    /// These lanes and others by turns: the first half, then the second.
    #[inline(always)]
    pub(crate) fn zipped(self, o: F) -> (Self, Self) {
        // SAFETY: as the lanes' module says.
        unsafe { (Self(arm::vzip1q_f32(self.0, o.0)), Self(arm::vzip2q_f32(self.0, o.0))) }
    }

    /// The first halves of these and other lanes.
    #[inline(always)]
    fn firsts(self, o: F) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { arm::vcombine_f32(arm::vget_low_f32(self.0), arm::vget_low_f32(o.0)) })
    }

    /// The second halves of these and other lanes.
    #[inline(always)]
    fn seconds(self, o: F) -> Self {
        // SAFETY: as the lanes' module says.
        Self(unsafe { arm::vcombine_f32(arm::vget_high_f32(self.0), arm::vget_high_f32(o.0)) })
    }
}

/// Rows to columns.
#[inline(always)]
pub(crate) fn transpose([a, b, c, d]: [F; LANES]) -> [F; LANES] {
    let ((ab, ab2), (cd, cd2)) = (a.zipped(b), c.zipped(d));
    [ab.firsts(cd), ab.seconds(cd), ab2.firsts(cd2), ab2.seconds(cd2)]
}

/// The sum of four entries, each with its weight.
#[inline(always)]
pub(crate) fn weighted(entries: [&[f32; 4]; 4], weights: [f32; 4]) -> [f32; 4] {
    let all = entries.into_iter().zip(weights);
    let entry = |entry: &[f32; 4]| F::from_array(*entry);
    all.fold(F::splat(0.0), |sum, (of, weight)| entry(of).vfma(F::splat(weight), sum)).to_array()
}
