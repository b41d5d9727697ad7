//! Codes of spans of colours and of rows of chroma: written once, compiled with each kind of lanes.

use super::lanes::{F, I, LANES, U};
use crate::chroma_rows::{ChromaRows, MARGIN};
use crate::cx::{Block, Span};
use crate::encode::{Encoder, Shape, SpanRows};
use rushes_engine::Sample;

/// Three uniform floats of pixels of a row, as in `assets/shaders/core/hash.wgsl`.
#[inline(always)]
fn uniform3(x: U, y: u32, key: u32) -> [F; 3] {
    let (factor, term) = (1_664_525, 1_013_904_223);
    let mut x = x.vmul(U::splat(factor)).vadd(U::splat(term));
    let [y, z] = [y, key].map(|v| U::splat(v.wrapping_mul(factor).wrapping_add(term)));
    x = x.vadd(y.vmul(z));
    let mut y = y.vadd(z.vmul(x));
    let mut z = z.vadd(x.vmul(y));
    let folded = |v: U| v.vxor(v.vshr(U::splat(16)));
    (x, y, z) = (folded(x), folded(y), folded(z));
    x = x.vadd(y.vmul(z));
    y = y.vadd(z.vmul(x));
    z = z.vadd(x.vmul(y));
    [x, y, z].map(|v| v.vshr(U::splat(8)).as_i().to_f().vmul(F::splat(1.0 / 16_777_216.0)))
}

/// What is added to the values of some pixels before they are cut to codes.
#[inline(always)]
fn thresholds(key: Option<u32>, x: u32, y: u32) -> [F; 3] {
    match key {
        Some(key) => uniform3(U::iota(x), y, key),
        None => [F::splat(0.5); 3],
    }
}

/// The integer below a value, from 0 to `high`.
#[inline(always)]
fn code(value: F, high: F) -> I {
    value.vmax(F::splat(0.0)).vmin(high).to_i()
}

/// Stores bytes from a place on, as far as there is room.
#[inline(always)]
fn store<const N: usize>(out: &mut [u8], at: usize, bytes: [u8; N]) {
    let out = out.get_mut(at..).unwrap_or_default();
    match out.first_chunk_mut() {
        Some(place) => *place = bytes,
        None => out.iter_mut().zip(bytes).for_each(|(o, b)| *o = b),
    }
}

/// A sample a lane, as integers are stored.
#[inline(always)]
fn store_whole(sample: Sample, out: &mut [u8], i: usize, v: I) {
    if sample == Sample::U8 {
        store(out, i, v.bytes());
    } else {
        store::<{ 2 * LANES }>(out, 2 * i, bytemuck::cast(v.words()));
    }
}

/// A sample a lane, as floats are stored.
#[inline(always)]
fn store_float(sample: Sample, out: &mut [u8], i: usize, v: F) {
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

/// Four bytes a lane.
#[inline(always)]
fn store_packed_bytes(out: &mut [u8], i: usize, [r, g, b, a]: [I; 4]) {
    let (rg, ba) = (r.vor(g.vshl(U::splat(8))), b.vor(a.vshl(U::splat(8))));
    let all = rg.vor(ba.vshl(U::splat(16))).to_array().map(i32::to_le_bytes);
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
fn store_packed_words(out: &mut [u8], i: usize, [r, g, b, a]: [I; 4]) {
    store_two(out, 8 * i, pairs(r, g).as_f().zipped(pairs(b, a).as_f()));
}

/// Four floats a lane.
#[inline(always)]
fn store_packed_floats(out: &mut [u8], i: usize, [r, g, b, a]: [F; 4]) {
    let ((rb, rb_behind), (ga, ga_behind)) = (r.zipped(b), g.zipped(a));
    store_two(out, 16 * i, rb.zipped(ga));
    store_two(out, 16 * i + 8 * LANES, rb_behind.zipped(ga_behind));
}

/// Lanes of a line from a place on.
#[inline(always)]
fn lanes_at(line: &[f32], at: usize) -> F {
    F::from_array(line.get(at..).and_then(|l| l.first_chunk()).copied().unwrap_or_default())
}

/// Puts lanes into a line, where there is room for all.
#[inline(always)]
fn put(line: &mut [f32], at: usize, value: F) {
    if let Some(place) = line.get_mut(at..).and_then(|l| l.first_chunk_mut()) {
        *place = value.to_array();
    }
}

/// Writes a span to the planes of full size, and keeps its chroma for [`chroma`].
#[inline(always)]
pub(crate) fn span(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let key = encoder.key(0);
    let [.., [full, high, ..]] = encoder.rows;
    let (whole, sample) = (encoder.is_whole(), encoder.sample);
    let mut i = 0;
    while i < span.len {
        let [r, g, b, alpha] = block.0.each_ref().map(|c| lanes_at(c, i));
        let channel = |at: usize| {
            let [x, y, z, w] = encoder.rows[at].map(F::splat);
            x.vmul(r).vadd(y.vmul(g)).vadd(z.vmul(b)).vadd(w)
        };
        let threshold = |at: usize| thresholds(key, span.x + i as u32, span.y)[at];
        let rounded = |at: usize| code(channel(at).vadd(threshold(at)), F::splat(high));
        let opacity = || code(alpha.vmul(F::splat(full)).vadd(F::splat(0.5)), F::splat(high));
        let count = match encoder.shape {
            Shape::Gray | Shape::Subsampled { .. } => 1,
            Shape::Full => 3,
            Shape::Packed => {
                let codes = || [rounded(0), rounded(1), rounded(2), opacity()];
                let floats = [channel(0), channel(1), channel(2), alpha];
                match sample {
                    Sample::U8 => store_packed_bytes(out.full[0], i, codes()),
                    Sample::U16 => store_packed_words(out.full[0], i, codes()),
                    Sample::F16 => {
                        store_packed_words(out.full[0], i, floats.map(|v| I::from_words(v.to_half())));
                    }
                    Sample::F32 => store_packed_floats(out.full[0], i, floats),
                }
                0
            }
        };
        for (at, plane) in out.full.iter_mut().enumerate().take(count) {
            if whole {
                store_whole(sample, plane, i, rounded(at));
            } else {
                store_float(sample, plane, i, channel(at));
            }
        }
        if let Shape::Subsampled { .. } = encoder.shape {
            for (at, line) in (1..).zip(&mut out.chroma) {
                let value = channel(at).vsub(F::splat(encoder.rows[at][3]));
                put(line, i, if encoder.half { value.half() } else { value });
            }
        }
        if encoder.alpha && encoder.shape != Shape::Packed {
            if whole {
                store_whole(sample, out.full[3], i, opacity());
            } else {
                store_float(sample, out.full[3], i, alpha);
            }
        }
        i += LANES;
    }
}

/// Every `1 << sub`-th value of a line from a place on.
#[inline(always)]
fn every(sub: u8, line: &[f32], at: usize) -> F {
    let lanes = |i: usize| lanes_at(line, at + i * LANES);
    match sub {
        0 => lanes(0),
        1 => lanes(0).evens(lanes(1)),
        _ => lanes(0).evens(lanes(1)).evens(lanes(2).evens(lanes(3))),
    }
}

/// Writes row `y` of chroma from the rows at full size under its taps, to two planes, or to the first one in pairs.
#[inline(always)]
pub(crate) fn chroma(encoder: &Encoder, y: u32, rows: &mut ChromaRows, out: [&mut [u8]; 2]) {
    let [(left, across), (_, down)] = &encoder.taps;
    let starts = rows.under(y);
    for (line, sum) in rows.lines.iter().zip(&mut rows.sums) {
        let mut i = 0;
        while i < rows.width {
            let mut total = F::splat(0.0);
            for (start, weight) in starts.iter().zip(down) {
                total = total.vadd(lanes_at(line, start + i).vmul(F::splat(*weight)));
            }
            put(sum, MARGIN + i, total);
            i += LANES;
        }
    }
    rows.extend();
    let key = encoder.key(1);
    let [sub, _] = encoder.sub;
    let high = F::splat(encoder.rows[3][1]);
    let Shape::Subsampled { paired } = encoder.shape else { return };
    let [first, second] = out;
    let mut x = 0;
    while x < rows.width.div_ceil(1 << sub) {
        let threshold = thresholds(key, x as u32, y);
        let [u, v] = [0, 1].map(|channel: usize| {
            let start = (MARGIN + (x << sub)).saturating_add_signed(*left as isize);
            let mut total = F::splat(0.0);
            for (tap, weight) in across.iter().enumerate() {
                total = total.vadd(every(sub, &rows.sums[channel], start + tap).vmul(F::splat(*weight)));
            }
            let middle = F::splat(encoder.rows[channel + 1][3]);
            code(total.vadd(middle).vadd(threshold[channel]), high)
        });
        match (paired, encoder.sample) {
            (false, sample) => {
                store_whole(sample, first, x, u);
                store_whole(sample, second, x, v);
            }
            (true, Sample::U8) => {
                let both = u.vor(v.vshl(U::splat(8))).words().map(u16::to_le_bytes);
                store::<{ 2 * LANES }>(first, 2 * x, bytemuck::cast(both));
            }
            (true, _) => store::<{ 4 * LANES }>(first, 4 * x, bytemuck::cast(pairs(u, v).to_array())),
        }
        x += LANES;
    }
}
