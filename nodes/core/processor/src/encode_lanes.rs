//! Codes of spans of colours and of rows of chroma: written once, compiled with each kind of lanes.

use super::lanes::{F, I, LANES, U};
use crate::chroma_rows::{ChromaRows, MARGIN};
use crate::cx::{Block, Span};
use crate::encode::{Encoder, Shape, SpanRows};
use rushes_engine::Sample;

/// A word to a float of 24 bits, at least 0 and below 1.
#[inline(always)]
fn unit_float(v: U) -> F {
    v.vshr(U::splat(8)).as_i().to_f().vmul(F::splat(1.0 / 16_777_216.0))
}

#[inline(always)]
fn folded(v: U) -> U {
    v.vxor(v.vshr(U::splat(16)))
}

/// Three uniform floats of pixels of a row, as in `assets/shaders/core/hash.wgsl`.
#[inline(always)]
fn uniform3(x: U, y: u32, key: u32) -> (F, F, F) {
    let (factor, term) = (U::splat(1_664_525), U::splat(1_013_904_223));
    let (mut x, y, z) = (
        x.vmul(factor).vadd(term),
        U::splat(y).vmul(factor).vadd(term),
        U::splat(key).vmul(factor).vadd(term),
    );
    x = x.vadd(y.vmul(z));
    let mut y = y.vadd(z.vmul(x));
    let mut z = z.vadd(x.vmul(y));
    (x, y, z) = (folded(x), folded(y), folded(z));
    x = x.vadd(y.vmul(z));
    y = y.vadd(z.vmul(x));
    z = z.vadd(x.vmul(y));
    (unit_float(x), unit_float(y), unit_float(z))
}

/// What is added to the values of some pixels before they are cut to codes.
#[inline(always)]
fn thresholds(key: Option<u32>, x: u32, y: u32) -> (F, F, F) {
    match key {
        Some(key) => uniform3(U::iota(x), y, key),
        None => (F::splat(0.5), F::splat(0.5), F::splat(0.5)),
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

/// A stored channel of some pixels before rounding.
#[inline(always)]
fn channel([x, y, z, w]: [f32; 4], (r, g, b): (F, F, F)) -> F {
    let sum = F::splat(x).vmul(r).vadd(F::splat(y).vmul(g)).vadd(F::splat(z).vmul(b));
    sum.vadd(F::splat(w))
}

/// Writes a span to the planes of full size, and keeps its chroma for [`chroma`].
#[inline(always)]
pub(crate) fn span(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let key = encoder.key(0);
    let [first, second, third, [full, high, ..]] = encoder.rows;
    let (whole, sample) = (encoder.is_whole(), encoder.sample);
    let high = F::splat(high);
    let [r, g, b, alpha] = &block.0;
    let ([plane, plane2, plane3, plane4], [line, line2]) = (&mut out.full, &mut out.chroma);
    let mut i = 0;
    while i < span.len {
        let rgb = (lanes_at(r, i), lanes_at(g, i), lanes_at(b, i));
        let alpha = lanes_at(alpha, i);
        let (a, b, c) = (channel(first, rgb), channel(second, rgb), channel(third, rgb));
        let t = thresholds(key, span.x + i as u32, span.y);
        let opacity = code(alpha.vmul(F::splat(full)).vadd(F::splat(0.5)), high);
        match encoder.shape {
            Shape::Packed => {
                let codes = (code(a.vadd(t.0), high), code(b.vadd(t.1), high), code(c.vadd(t.2), high));
                let all = [codes.0, codes.1, codes.2, opacity];
                match sample {
                    Sample::U8 => store_packed_bytes(plane, i, all),
                    Sample::U16 => store_packed_words(plane, i, all),
                    Sample::F16 => {
                        let (a, b) = (I::from_words(a.to_half()), I::from_words(b.to_half()));
                        let (c, d) = (I::from_words(c.to_half()), I::from_words(alpha.to_half()));
                        store_packed_words(plane, i, [a, b, c, d]);
                    }
                    Sample::F32 => store_packed_floats(plane, i, [a, b, c, alpha]),
                }
            }
            Shape::Full if whole => {
                store_whole(sample, plane, i, code(a.vadd(t.0), high));
                store_whole(sample, plane2, i, code(b.vadd(t.1), high));
                store_whole(sample, plane3, i, code(c.vadd(t.2), high));
            }
            Shape::Full => {
                store_float(sample, plane, i, a);
                store_float(sample, plane2, i, b);
                store_float(sample, plane3, i, c);
            }
            Shape::Gray if whole => store_whole(sample, plane, i, code(a.vadd(t.0), high)),
            Shape::Gray => store_float(sample, plane, i, a),
            Shape::Subsampled { .. } => {
                store_whole(sample, plane, i, code(a.vadd(t.0), high));
                let (u, v) = (b.vsub(F::splat(second[3])), c.vsub(F::splat(third[3])));
                let (u, v) = if encoder.half { (u.half(), v.half()) } else { (u, v) };
                put(line, i, u);
                put(line2, i, v);
            }
        }
        if encoder.alpha && encoder.shape != Shape::Packed {
            if whole {
                store_whole(sample, plane4, i, opacity);
            } else {
                store_float(sample, plane4, i, alpha);
            }
        }
        i += LANES;
    }
}

/// Every `1 << sub`-th value of a line from a place on.
#[inline(always)]
fn every(sub: u8, line: &[f32], at: usize) -> F {
    let first = lanes_at(line, at);
    if sub == 0 {
        return first;
    }
    let evens = first.evens(lanes_at(line, at + LANES));
    if sub == 1 {
        return evens;
    }
    evens.evens(lanes_at(line, at + 2 * LANES).evens(lanes_at(line, at + 3 * LANES)))
}

/// Values of a line under taps, summed.
#[inline(always)]
fn tapped(taps: &[f32], sub: u8, line: &[f32], at: usize) -> F {
    let mut total = F::splat(0.0);
    for (tap, weight) in taps.iter().enumerate() {
        total = total.vadd(every(sub, line, at + tap).vmul(F::splat(*weight)));
    }
    total
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
    let [_, [.., middle], [.., middle2], [_, high, ..]] = encoder.rows;
    let high = F::splat(high);
    let paired = encoder.shape == Shape::Subsampled { paired: true };
    let ([first, second], [sum, sum2]) = (out, &rows.sums);
    let mut x = 0;
    while x < rows.width.div_ceil(1 << sub) {
        let t = thresholds(key, x as u32, y);
        let start = (MARGIN + (x << sub)).saturating_add_signed(*left as isize);
        let (u, v) = (tapped(across, sub, sum, start), tapped(across, sub, sum2, start));
        let u = code(u.vadd(F::splat(middle)).vadd(t.0), high);
        let v = code(v.vadd(F::splat(middle2)).vadd(t.1), high);
        if !paired {
            store_whole(encoder.sample, first, x, u);
            store_whole(encoder.sample, second, x, v);
        } else if encoder.sample == Sample::U8 {
            let mut both = u.vor(v.vshl(U::splat(8))).words();
            both.iter_mut().for_each(|word| *word = word.to_le());
            store::<{ 2 * LANES }>(first, 2 * x, bytemuck::cast(both));
        } else {
            store::<{ 4 * LANES }>(first, 4 * x, bytemuck::cast(pairs(u, v).to_array()));
        }
        x += LANES;
    }
}
