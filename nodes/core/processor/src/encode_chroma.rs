//! Codes of rows of smaller chroma: written once, compiled with each kind of lanes.

use super::encode_lanes::{Noise, Rounded, Thresholds, code};
use super::encode_samples::{store_pairs, store_whole};
use super::lanes::{F, LANES};
use crate::chroma_rows::{ChromaRows, MARGIN};
use crate::encode::Encoder;
use crate::shape::Shape;

/// As much of a line of sums as the taps of lanes reach over.
const REACH: usize = 4 * LANES + MARGIN;

/// What the taps of lanes reach over from a place of a line on.
#[inline(always)]
fn reached(line: &[f32], from: usize) -> Option<&[f32; REACH]> {
    line.get(from..)?.first_chunk()
}

/// Lanes of some values from a place on.
#[inline(always)]
fn lanes_at(values: &[f32; REACH], at: usize) -> F {
    F::from_array(values.get(at..).and_then(|l| l.first_chunk()).copied().unwrap_or_default())
}

/// Every `1 << SUB`-th value from a place on.
#[inline(always)]
fn every<const SUB: u8>(values: &[f32; REACH], at: usize) -> F {
    let first = lanes_at(values, at);
    if SUB == 0 {
        return first;
    }
    let evens = first.evens(lanes_at(values, at + LANES));
    if SUB == 1 {
        return evens;
    }
    evens.evens(lanes_at(values, at + 2 * LANES).evens(lanes_at(values, at + 3 * LANES)))
}

/// Values of a line under taps, summed.
#[inline(always)]
fn tapped<const SUB: u8, const TAPS: usize>(taps: &[f32; TAPS], values: &[f32; REACH]) -> F {
    let mut total = F::splat(0.0);
    for (tap, weight) in taps.iter().enumerate() {
        total = total.vadd(every::<SUB>(values, tap).vmul(F::splat(*weight)));
    }
    total
}

/// Writes columns of row `y` of chroma from the rows at full size under its taps, to two planes, or to the first one in
/// pairs.
#[inline(always)]
pub(crate) fn chroma(encoder: &Encoder, y: u32, rows: &mut ChromaRows, out: [&mut [u8]; 2]) {
    summed_down(encoder, y, rows);
    match encoder.key(1) {
        Some(key) => coded(encoder, Noise::new(key, rows.xs.start >> encoder.sub[0], y), rows, out),
        None => coded(encoder, Rounded, rows, out),
    }
}

#[inline(always)]
fn coded(encoder: &Encoder, add: impl Thresholds, rows: &ChromaRows, out: [&mut [u8]; 2]) {
    let [(_, across), _] = &encoder.taps;
    // The taps of all sitings.
    match (encoder.sub[0], across.len()) {
        (0, 1) => summed_across::<0, 1>(encoder, add, rows, out),
        (1, 2) => summed_across::<1, 2>(encoder, add, rows, out),
        (1, 3) => summed_across::<1, 3>(encoder, add, rows, out),
        (2, 4) => summed_across::<2, 4>(encoder, add, rows, out),
        (2, 7) => summed_across::<2, 7>(encoder, add, rows, out),
        _ => {}
    }
}

/// Sums the rows under row `y` of chroma.
#[inline(always)]
fn summed_down(encoder: &Encoder, y: u32, rows: &mut ChromaRows) {
    let [_, (_, down)] = &encoder.taps;
    // The taps of all sitings.
    match down.as_slice() {
        [a] => summed(&[*a], y, rows),
        [a, b] => summed(&[*a, *b], y, rows),
        [a, b, c] => summed(&[*a, *b, *c], y, rows),
        [a, b, c, d] => summed(&[*a, *b, *c, *d], y, rows),
        [a, b, c, d, e, f, g] => summed(&[*a, *b, *c, *d, *e, *f, *g], y, rows),
        _ => {}
    }
    rows.extend();
}

#[inline(always)]
fn summed<const TAPS: usize>(weights: &[f32; TAPS], y: u32, rows: &mut ChromaRows) {
    let starts = rows.under(y);
    let count = (MARGIN + rows.xs.len()).div_ceil(LANES);
    for (line, sums) in rows.lines.iter().zip(&mut rows.sums) {
        let (sums, _) = sums.as_chunks_mut();
        let mut lines: [&[[f32; LANES]]; TAPS] = [&[]; TAPS];
        for (values, start) in lines.iter_mut().zip(starts) {
            *values = line.get(start..).unwrap_or_default().as_chunks().0.get(..count).unwrap_or_default();
        }
        for (i, sum) in sums.iter_mut().enumerate().take(count) {
            let mut total = F::splat(0.0);
            for (values, weight) in lines.iter().zip(weights) {
                let Some(value) = values.get(i) else { return };
                total = total.vadd(F::from_array(*value).vmul(F::splat(*weight)));
            }
            *sum = total.to_array();
        }
    }
}

/// Makes codes of sums along their rows.
#[inline(always)]
fn summed_across<const SUB: u8, const TAPS: usize>(
    encoder: &Encoder,
    mut add: impl Thresholds,
    rows: &ChromaRows,
    [first, second]: [&mut [u8]; 2],
) {
    let [(left, across), _] = &encoder.taps;
    let Some(taps) = across.first_chunk::<TAPS>() else { return };
    let [_, [.., middle], [.., middle2], _] = encoder.rows;
    let (middle, middle2, high) = (F::splat(middle), F::splat(middle2), F::splat(encoder.high()));
    let paired = encoder.shape == Shape::Subsampled { paired: true };
    let [sum, sum2] = &rows.sums;
    let mut x = 0;
    while x < rows.xs.len().div_ceil(1 << SUB) {
        let [t, t2, _] = add.next();
        let start = (MARGIN + (x << SUB)).saturating_add_signed(*left as isize);
        let (Some(u), Some(v)) = (reached(sum, start), reached(sum2, start)) else { return };
        let (u, v) = (tapped::<SUB, TAPS>(taps, u).vadd(middle), tapped::<SUB, TAPS>(taps, v).vadd(middle2));
        let (u, v) = (code(u.vadd(t), high), code(v.vadd(t2), high));
        if paired {
            store_pairs(encoder.sample, first, x, u, v);
        } else {
            store_whole(encoder.sample, first, x, u);
            store_whole(encoder.sample, second, x, v);
        }
        x += LANES;
    }
}
