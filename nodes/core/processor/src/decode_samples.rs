//! Samples as decoders store them, to lanes: written once, compiled with each kind of lanes.

use super::lanes::{F, I, LANES, U};
use rushes_engine::Sample;

/// What is made of bytes of a row from a place on; they are 0 where it ends. Most are read where they lie.
#[inline(always)]
fn of_bytes<const N: usize, T>(row: &[u8], at: usize, make: impl Fn(&[u8; N]) -> T) -> T {
    match row.get(at..).and_then(<[u8]>::first_chunk) {
        Some(bytes) => make(bytes),
        None => {
            let mut bytes = [0; N];
            last_bytes(row, at, &mut bytes);
            make(&bytes)
        }
    }
}

#[cold]
#[inline(never)]
fn last_bytes(row: &[u8], at: usize, bytes: &mut [u8]) {
    bytes.iter_mut().zip(row.iter().skip(at)).for_each(|(b, r)| *b = *r);
}

/// Words of two bytes from a place on.
#[inline(always)]
fn words(row: &[u8], at: usize) -> [u16; LANES] {
    of_bytes::<{ 2 * LANES }, _>(row, 2 * at, |bytes| bytemuck::cast(*bytes))
}

/// Words of four bytes from a place on.
#[inline(always)]
fn long_words(row: &[u8], at: usize) -> I {
    I::from_array(of_bytes::<{ 4 * LANES }, _>(row, 4 * at, |bytes| bytemuck::cast(*bytes)))
}

#[inline(always)]
fn of_codes(bytes: &[u8; LANES]) -> F {
    I::from_bytes(*bytes).to_f()
}

/// A sample a lane.
#[inline(always)]
pub(super) fn samples(sample: Sample, row: &[u8], at: usize) -> F {
    match sample {
        Sample::U8 => of_bytes(row, at, of_codes),
        Sample::U16 => I::from_words(words(row, at)).to_f(),
        Sample::F16 => F::load_half(&words(row, at)),
        Sample::F32 => long_words(row, at).as_f(),
    }
}

/// The two samples of two bytes in a word, the first in memory first.
#[inline(always)]
fn halves(v: I) -> (I, I) {
    let (low, high) = (v.vand(I::splat(0xffff)), v.as_u().vshr(U::splat(16)).as_i());
    if cfg!(target_endian = "little") { (low, high) } else { (high, low) }
}

/// Words of two bytes as what they stand for.
#[inline(always)]
fn meant(sample: Sample, words: I) -> F {
    if sample == Sample::F16 { F::load_half(&words.words()) } else { words.to_f() }
}

/// The byte of a word at a place in it, the first in memory the lowest.
#[inline(always)]
fn byte(word: I, shift: u32) -> F {
    word.as_u().vshr(U::splat(shift)).vand(U::splat(0xff)).as_i().to_f()
}

/// Two samples a lane that lie together.
#[inline(always)]
pub(super) fn pairs(sample: Sample, row: &[u8], at: usize) -> (F, F) {
    if sample == Sample::U8 {
        let mut both = words(row, at);
        both.iter_mut().for_each(|word| *word = u16::from_le(*word));
        let both = I::from_words(both);
        return (byte(both, 0), byte(both, 8));
    }
    let (u, v) = halves(long_words(row, at));
    (meant(sample, u), meant(sample, v))
}

/// Four samples a lane that lie together.
#[inline(always)]
pub(super) fn packed(sample: Sample, row: &[u8], at: usize) -> [F; 4] {
    match sample {
        Sample::U8 => {
            let mut all = long_words(row, at).to_array();
            all.iter_mut().for_each(|word| *word = i32::from_le(*word));
            let all = I::from_array(all);
            [byte(all, 0), byte(all, 8), byte(all, 16), byte(all, 24)]
        }
        Sample::U16 | Sample::F16 => {
            let (first, second) = (long_words(row, 2 * at).as_f(), long_words(row, 2 * at + LANES).as_f());
            let (r, g) = halves(first.evens(second).as_i());
            let (b, a) = halves(first.odds(second).as_i());
            [meant(sample, r), meant(sample, g), meant(sample, b), meant(sample, a)]
        }
        Sample::F32 => {
            let (a, b) = (long_words(row, 4 * at).as_f(), long_words(row, 4 * at + LANES).as_f());
            let at = at + LANES / 2;
            let (c, d) = (long_words(row, 4 * at).as_f(), long_words(row, 4 * at + LANES).as_f());
            let (rb, rb_behind) = (a.evens(b), c.evens(d));
            let (ga, ga_behind) = (a.odds(b), c.odds(d));
            [rb.evens(rb_behind), ga.evens(ga_behind), rb.odds(rb_behind), ga.odds(ga_behind)]
        }
    }
}
