//! Codes of rows of smaller chroma: written once, compiled with each kind of lanes.

use super::encode_lanes::{code, thresholds};
use super::encode_samples::{store_pairs, store_whole};
use super::lanes::{F, LANES};
use crate::chroma_rows::{ChromaRows, MARGIN};
use crate::encode::Encoder;
use crate::shape::Shape;

/// As much of a line of sums as the taps of lanes reach over.
const REACH: usize = 4 * LANES + MARGIN;

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
fn tapped<const SUB: u8, const TAPS: usize>(taps: &[f32; TAPS], line: &[f32], at: usize) -> F {
    let mut total = F::splat(0.0);
    if let Some(values) = line.get(at..).and_then(|l| l.first_chunk()) {
        for (tap, weight) in taps.iter().enumerate() {
            total = total.vadd(every::<SUB>(values, tap).vmul(F::splat(*weight)));
        }
    }
    total
}

/// Writes row `y` of chroma from the rows at full size under its taps, to two planes, or to the first one in pairs.
#[inline(always)]
pub(crate) fn chroma(encoder: &Encoder, y: u32, rows: &mut ChromaRows, out: [&mut [u8]; 2]) {
    summed_down(encoder, y, rows);
    let [(_, across), _] = &encoder.taps;
    // The taps of all sitings.
    match (encoder.sub[0], across.len()) {
        (0, 1) => summed_across::<0, 1>(encoder, y, rows, out),
        (1, 2) => summed_across::<1, 2>(encoder, y, rows, out),
        (1, 3) => summed_across::<1, 3>(encoder, y, rows, out),
        (2, 4) => summed_across::<2, 4>(encoder, y, rows, out),
        (2, 7) => summed_across::<2, 7>(encoder, y, rows, out),
        _ => {}
    }
}

/// Sums the rows under row `y` of chroma.
#[inline(always)]
fn summed_down(encoder: &Encoder, y: u32, rows: &mut ChromaRows) {
    let [_, (_, down)] = &encoder.taps;
    let starts = rows.under(y);
    for (line, sum) in rows.lines.iter().zip(&mut rows.sums) {
        let (sums, _) = sum.get_mut(MARGIN..).unwrap_or_default().as_chunks_mut();
        for (tap, (start, weight)) in starts.iter().zip(down).enumerate() {
            let (values, _) = line.get(*start..).unwrap_or_default().as_chunks();
            for (sum, value) in sums.iter_mut().zip(values).take(rows.width.div_ceil(LANES)) {
                let part = F::from_array(*value).vmul(F::splat(*weight));
                *sum = if tap == 0 { part } else { F::from_array(*sum).vadd(part) }.to_array();
            }
        }
    }
    rows.extend();
}

/// Makes codes of sums along their rows.
#[inline(always)]
fn summed_across<const SUB: u8, const TAPS: usize>(
    encoder: &Encoder,
    y: u32,
    rows: &ChromaRows,
    [first, second]: [&mut [u8]; 2],
) {
    let [(left, across), _] = &encoder.taps;
    let Some(taps) = across.first_chunk::<TAPS>() else { return };
    let key = encoder.key(1);
    let [_, [.., middle], [.., middle2], _] = encoder.rows;
    let (middle, middle2, high) = (F::splat(middle), F::splat(middle2), F::splat(encoder.high()));
    let paired = encoder.shape == Shape::Subsampled { paired: true };
    let [sum, sum2] = &rows.sums;
    let mut x = 0;
    while x < rows.width.div_ceil(1 << SUB) {
        let t = thresholds(key, x as u32, y);
        let start = (MARGIN + (x << SUB)).saturating_add_signed(*left as isize);
        let u = tapped::<SUB, TAPS>(taps, sum, start).vadd(middle);
        let v = tapped::<SUB, TAPS>(taps, sum2, start).vadd(middle2);
        let (u, v) = (code(u.vadd(t.0), high), code(v.vadd(t.1), high));
        if paired {
            store_pairs(encoder.sample, first, x, u, v);
        } else {
            store_whole(encoder.sample, first, x, u);
            store_whole(encoder.sample, second, x, v);
        }
        x += LANES;
    }
}
