//! Lanes to samples as encoders take them: written once, compiled with each kind of lanes.

use super::lanes::{F, I, LANES, U};
use rushes_engine::Sample;

/// Stores bytes from a place on, as far as there is room.
#[inline(always)]
fn store<const N: usize>(out: &mut [u8], at: usize, bytes: [u8; N]) {
    match out.get_mut(at..).and_then(<[u8]>::first_chunk_mut) {
        Some(place) => *place = bytes,
        None => store_first(out, at, bytes),
    }
}

#[cold]
fn store_first<const N: usize>(out: &mut [u8], at: usize, bytes: [u8; N]) {
    out.iter_mut().skip(at).zip(bytes).for_each(|(o, b)| *o = b);
}

/// Integers in `N` bytes: one a lane or two.
#[inline(always)]
pub(super) fn whole_in<const N: usize>(v: I) -> [u8; N] {
    let bytes = if N == LANES {
        v.bytes().first_chunk().copied()
    } else {
        bytemuck::cast::<_, [u8; 2 * LANES]>(v.words()).first_chunk().copied()
    };
    bytes.unwrap_or([0; N])
}

/// A sample a lane, as integers are stored.
#[inline(always)]
pub(super) fn store_whole(sample: Sample, out: &mut [u8], i: usize, v: I) {
    if sample == Sample::U8 {
        store::<LANES>(out, i, whole_in(v));
    } else {
        store::<{ 2 * LANES }>(out, 2 * i, whole_in(v));
    }
}

/// A sample a lane, as floats are stored.
#[inline(always)]
pub(super) fn store_float(sample: Sample, out: &mut [u8], i: usize, v: F) {
    if sample == Sample::F16 {
        store::<{ 2 * LANES }>(out, 2 * i, bytemuck::cast(v.to_half()));
    } else {
        store::<{ 4 * LANES }>(out, 4 * i, bytemuck::cast(v.to_array()));
    }
}

/// Two samples of two bytes a lane, the first in the low half of the word.
#[inline(always)]
fn pairs(first: I, second: I) -> I {
    // The byte order of the machine decides which half comes first in memory.
    let (low, high) = if cfg!(target_endian = "little") { (first, second) } else { (second, first) };
    low.vor(high.vshl(U::splat(16)))
}

/// Two samples a lane that lie together.
#[inline(always)]
pub(super) fn store_pairs(sample: Sample, out: &mut [u8], i: usize, first: I, second: I) {
    if sample == Sample::U8 {
        let mut both = first.vor(second.vshl(U::splat(8))).words();
        // The lower byte is the first in memory.
        both.iter_mut().for_each(|word| *word = word.to_le());
        store::<{ 2 * LANES }>(out, 2 * i, bytemuck::cast(both));
    } else {
        store::<{ 4 * LANES }>(out, 4 * i, bytemuck::cast(pairs(first, second).to_array()));
    }
}

/// Four bytes a lane.
#[inline(always)]
pub(super) fn store_packed_bytes(out: &mut [u8], i: usize, [r, g, b, a]: [I; 4]) {
    let (rg, ba) = (r.vor(g.vshl(U::splat(8))), b.vor(a.vshl(U::splat(8))));
    let mut all = rg.vor(ba.vshl(U::splat(16))).to_array();
    // The lowest byte is the first in memory.
    all.iter_mut().for_each(|word| *word = word.to_le());
    store::<{ 4 * LANES }>(out, 4 * i, bytemuck::cast(all));
}

/// Words of two registers, one after the other.
#[inline(always)]
fn store_two(out: &mut [u8], at: usize, (low, high): (F, F)) {
    store::<{ 4 * LANES }>(out, at, bytemuck::cast(low.to_array()));
    store::<{ 4 * LANES }>(out, at + 4 * LANES, bytemuck::cast(high.to_array()));
}

/// Four samples of two bytes a lane.
#[inline(always)]
pub(super) fn store_packed_words(out: &mut [u8], i: usize, [r, g, b, a]: [I; 4]) {
    store_two(out, 8 * i, pairs(r, g).as_f().zipped(pairs(b, a).as_f()));
}

/// Four floats a lane.
#[inline(always)]
pub(super) fn store_packed_floats(out: &mut [u8], i: usize, [r, g, b, a]: [F; 4]) {
    let ((rb, rb_behind), (ga, ga_behind)) = (r.zipped(b), g.zipped(a));
    store_two(out, 16 * i, rb.zipped(ga));
    store_two(out, 16 * i + 8 * LANES, rb_behind.zipped(ga_behind));
}
