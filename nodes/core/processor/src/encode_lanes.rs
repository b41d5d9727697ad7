//! Codes of spans of colours: written once, compiled with each kind of lanes.

use super::encode_samples::{
    store_float, store_packed_bytes, store_packed_floats, store_packed_words, store_whole,
};
use super::lanes::{F, I, LANES, U};
use crate::cx::{Block, Span};
use crate::encode::{Encoder, SpanRows};
use crate::shape::Shape;
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
pub(super) fn thresholds(key: Option<u32>, x: u32, y: u32) -> (F, F, F) {
    match key {
        Some(key) => uniform3(U::iota(x), y, key),
        None => (F::splat(0.5), F::splat(0.5), F::splat(0.5)),
    }
}

/// The integer below a value, from 0 to `high`.
#[inline(always)]
pub(super) fn code(value: F, high: F) -> I {
    value.vmax(F::splat(0.0)).vmin(high).to_i()
}

/// A stored channel of some pixels before rounding.
#[inline(always)]
fn channel([x, y, z, w]: [f32; 4], [r, g, b]: [F; 3]) -> F {
    let sum = F::splat(x).vmul(r).vadd(F::splat(y).vmul(g)).vadd(F::splat(z).vmul(b));
    sum.vadd(F::splat(w))
}

/// The pixels of a span some at a time: the place of the first ones, their red, green and blue, and their alpha.
#[inline(always)]
fn pixels(block: &Block, len: usize) -> impl Iterator<Item = (usize, [&[f32; LANES]; 4])> {
    let [r, g, b, a] = block.0.each_ref().map(|channel| channel.as_chunks().0);
    let all = r.iter().zip(g).zip(b).zip(a).take(len.div_ceil(LANES)).enumerate();
    all.map(|(n, (((r, g), b), a))| (n * LANES, [r, g, b, a]))
}

#[inline(always)]
fn colour([r, g, b, _]: [&[f32; LANES]; 4]) -> [F; 3] {
    [F::from_array(*r), F::from_array(*g), F::from_array(*b)]
}

/// Writes a span to the planes of full size, and keeps its chroma at full size.
#[inline(always)]
pub(crate) fn span(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    match encoder.shape {
        Shape::Gray => gray(encoder, span, block, out),
        Shape::Full => full(encoder, span, block, out),
        Shape::Subsampled { .. } => subsampled(encoder, span, block, out),
        Shape::Packed => return packed(encoder, span, block, out),
    }
    if encoder.alpha {
        alpha(encoder, span, block, out);
    }
}

#[inline(always)]
fn gray(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let (key, high, sample) = (encoder.key(0), F::splat(encoder.high()), encoder.sample);
    let [plane, ..] = &mut out.full;
    for (i, pixels) in pixels(block, span.len) {
        let value = channel(encoder.rows[0], colour(pixels));
        if encoder.is_whole() {
            let (t, ..) = thresholds(key, span.x + i as u32, span.y);
            store_whole(sample, plane, i, code(value.vadd(t), high));
        } else {
            store_float(sample, plane, i, value);
        }
    }
}

#[inline(always)]
fn subsampled(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let (key, high, sample) = (encoder.key(0), F::splat(encoder.high()), encoder.sample);
    let [plane, ..] = &mut out.full;
    let [first, second, third, _] = encoder.rows;
    let [u, v] = out.chroma.each_mut().map(|line| line.as_chunks_mut().0);
    for ((i, pixels), (u, v)) in pixels(block, span.len).zip(u.iter_mut().zip(v)) {
        let rgb = colour(pixels);
        let (t, ..) = thresholds(key, span.x + i as u32, span.y);
        store_whole(sample, plane, i, code(channel(first, rgb).vadd(t), high));
        let blue = channel(second, rgb).vsub(F::splat(second[3]));
        let red = channel(third, rgb).vsub(F::splat(third[3]));
        let (blue, red) = if encoder.half { (blue.half(), red.half()) } else { (blue, red) };
        (*u, *v) = (blue.to_array(), red.to_array());
    }
}

#[inline(always)]
fn full(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let (key, high, sample) = (encoder.key(0), F::splat(encoder.high()), encoder.sample);
    let [plane, plane2, plane3, _] = &mut out.full;
    let [first, second, third, _] = encoder.rows;
    for (i, pixels) in pixels(block, span.len) {
        let rgb = colour(pixels);
        let (a, b, c) = (channel(first, rgb), channel(second, rgb), channel(third, rgb));
        if encoder.is_whole() {
            let t = thresholds(key, span.x + i as u32, span.y);
            store_whole(sample, plane, i, code(a.vadd(t.0), high));
            store_whole(sample, plane2, i, code(b.vadd(t.1), high));
            store_whole(sample, plane3, i, code(c.vadd(t.2), high));
        } else {
            store_float(sample, plane, i, a);
            store_float(sample, plane2, i, b);
            store_float(sample, plane3, i, c);
        }
    }
}

/// The code of alpha: not dithered, so that opaque stays opaque.
#[inline(always)]
fn opacity(encoder: &Encoder, alpha: F) -> I {
    let [.., [full, high, ..]] = encoder.rows;
    code(alpha.vmul(F::splat(full)).vadd(F::splat(0.5)), F::splat(high))
}

#[inline(always)]
fn alpha(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let [.., plane] = &mut out.full;
    for (i, [.., alpha]) in pixels(block, span.len) {
        let alpha = F::from_array(*alpha);
        if encoder.is_whole() {
            store_whole(encoder.sample, plane, i, opacity(encoder, alpha));
        } else {
            store_float(encoder.sample, plane, i, alpha);
        }
    }
}

#[inline(always)]
fn packed(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    let (key, high) = (encoder.key(0), F::splat(encoder.high()));
    let [plane, ..] = &mut out.full;
    let [first, second, third, _] = encoder.rows;
    for (i, pixels) in pixels(block, span.len) {
        let (rgb, alpha) = (colour(pixels), F::from_array(*pixels[3]));
        let (a, b, c) = (channel(first, rgb), channel(second, rgb), channel(third, rgb));
        let t = thresholds(key, span.x + i as u32, span.y);
        let (r, g) = (code(a.vadd(t.0), high), code(b.vadd(t.1), high));
        let codes = [r, g, code(c.vadd(t.2), high), opacity(encoder, alpha)];
        match encoder.sample {
            Sample::U8 => store_packed_bytes(plane, i, codes),
            Sample::U16 => store_packed_words(plane, i, codes),
            Sample::F16 => {
                let (a, b) = (I::from_words(a.to_half()), I::from_words(b.to_half()));
                let (c, alpha) = (I::from_words(c.to_half()), I::from_words(alpha.to_half()));
                store_packed_words(plane, i, [a, b, c, alpha]);
            }
            Sample::F32 => store_packed_floats(plane, i, [a, b, c, alpha]),
        }
    }
}
