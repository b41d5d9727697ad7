//! Chroma between the samples of a decoder's planes: written once, compiled with each kind of lanes.

use super::decode_samples::{pairs, samples};
use super::lanes::{F, I, LANES};
use crate::cx::SPAN;
use crate::decode::{Between, PlaneReader};
use rushes_engine::Sample;

/// Chroma samples under a span, one on either side, and whole lanes of them: where there are as many as pixels, and
/// where there are half as many or fewer.
pub(super) const ALL: usize = SPAN + 16;
pub(super) const HALF: usize = SPAN / 2 + 16;

#[inline(always)]
fn mix(a: F, b: F, part: F) -> F {
    b.vsub(a).vfma(part, a)
}

/// Puts lanes into a line, where there is room for all.
#[inline(always)]
fn put(line: &mut [f32], at: usize, value: F) {
    if let Some(place) = line.get_mut(at..).and_then(<[f32]>::first_chunk_mut) {
        *place = value.to_array();
    }
}

/// Chroma under a span, mixed down the picture, and how it is mixed along the row.
pub(super) struct Under<const UNDER: usize> {
    pub(super) u: [f32; UNDER],
    pub(super) v: [f32; UNDER],
    /// log2 of the pixels a sample.
    sub: u32,
    /// Of the pixels of lanes: which of the samples is on their left, and how much of the next one is taken. These
    /// return from lanes to lanes.
    left: I,
    part: F,
}

/// Samples of chroma that are taken: between which rows, where they begin and how many there are, and how many places
/// lie before them.
struct Taken {
    down: Between,
    start: usize,
    count: usize,
    before: usize,
}

impl<const UNDER: usize> Under<UNDER> {
    #[inline(always)]
    pub(super) fn of(
        reader: &PlaneReader<'_>,
        sample: Sample,
        [x, y]: [usize; 2],
        len: usize,
        paired: bool,
    ) -> Self {
        let (step, origin) = (reader.floats[12], reader.floats[14]);
        let at = I::iota(x as i32).to_f().vmul(F::splat(step)).vadd(F::splat(origin));
        let whole = at.vfloor();
        let first = whole.to_i().to_array()[0];
        let left = whole.to_i().vsub(I::splat(first));
        let sub = u32::from(reader.sub_x);
        let mut out = Self { u: [0.0; UNDER], v: [0.0; UNDER], sub, left, part: at.vsub(whole) };

        let before = first.min(0).unsigned_abs() as usize;
        let start = first.max(0) as usize;
        let [last, _] = reader.last();
        // Some more than the pixels lie over: one on either side.
        let count = (last + 1).saturating_sub(start).min((len >> sub) + 2);
        let taken = Taken { down: reader.between(1, y), start, count, before };
        if paired {
            mixed_pairs(reader, sample, &taken, &mut out);
        } else {
            mixed(reader, sample, 1, &taken, &mut out.u);
            mixed(reader, sample, 2, &taken, &mut out.v);
        }
        // What lies beyond the ends of the row is as what lies there.
        for line in [&mut out.u, &mut out.v] {
            if before > 0 {
                line[0] = line[1];
            }
            if let Some([last, behind]) =
                line.get_mut((before + count).saturating_sub(1)..).and_then(<[f32]>::first_chunk_mut)
            {
                *behind = *last;
            }
        }
        out
    }

    /// A channel of the pixels from the `i`-th on.
    #[inline(always)]
    pub(super) fn at(&self, line: &[f32], i: usize) -> F {
        let there: Option<&[f32; LANES + 1]> = line.get(i >> self.sub..).and_then(<[f32]>::first_chunk);
        let Some(there) = there else { return F::splat(0.0) };
        let (left, right) = (there.first_chunk(), there.last_chunk());
        let left = F::from_array(left.copied().unwrap_or_default()).permuted(self.left);
        let right = F::from_array(right.copied().unwrap_or_default()).permuted(self.left);
        mix(left, right, self.part)
    }
}

/// Samples of a plane, mixed down the picture.
#[inline(always)]
fn mixed(reader: &PlaneReader<'_>, sample: Sample, plane: usize, taken: &Taken, line: &mut [f32]) {
    let down = &taken.down;
    let start = taken.start * sample.size();
    let [high, low] = [down.low, down.high].map(|y| reader.row(plane, y).get(start..).unwrap_or_default());
    let mut i = 0;
    while i < taken.count {
        let value = samples(sample, high, i);
        let below = samples(sample, low, i);
        put(line, taken.before + i, mix(value, below, F::splat(down.part)));
        i += LANES;
    }
}

/// The same of two channels whose samples lie in pairs.
#[inline(always)]
fn mixed_pairs<const UNDER: usize>(
    reader: &PlaneReader<'_>,
    sample: Sample,
    taken: &Taken,
    out: &mut Under<UNDER>,
) {
    let down = &taken.down;
    let start = 2 * taken.start * sample.size();
    let [high, low] = [down.low, down.high].map(|y| reader.row(1, y).get(start..).unwrap_or_default());
    let mut i = 0;
    while i < taken.count {
        let (u, v) = pairs(sample, high, i);
        let (u_below, v_below) = pairs(sample, low, i);
        put(&mut out.u, taken.before + i, mix(u, u_below, F::splat(down.part)));
        put(&mut out.v, taken.before + i, mix(v, v_below, F::splat(down.part)));
        i += LANES;
    }
}
