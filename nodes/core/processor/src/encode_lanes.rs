//! Codes of spans of colours: written once, compiled with each kind of lanes.

use super::encode_samples::{
    store_float, store_packed_bytes, store_packed_floats, store_packed_words, store_whole, whole_in,
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

/// What is added to the values of pixels before they are cut to codes, lanes after lanes of a row.
pub(super) trait Thresholds {
    /// Those of the next pixels: of three values of each.
    fn next(&mut self) -> [F; 3];
}

/// Codes are rounded.
pub(super) struct Rounded;

impl Thresholds for Rounded {
    #[inline(always)]
    fn next(&mut self) -> [F; 3] {
        [F::splat(0.5); 3]
    }
}

/// Codes are dithered by three uniform floats of each pixel, as in `assets/shaders/core/hash.wgsl`.
pub(super) struct Noise {
    x: U,
    y: U,
    z: U,
}

/// What a word of the noise's seed is multiplied by before [`TERM`] is added.
const FACTOR: u32 = 1_664_525;
const TERM: u32 = 1_013_904_223;

impl Noise {
    /// From a pixel on.
    #[inline(always)]
    pub(super) fn new(key: u32, x: u32, y: u32) -> Self {
        let seeded = |v: u32| v.wrapping_mul(FACTOR).wrapping_add(TERM);
        let (y, z) = (seeded(y), seeded(key));
        let x = U::iota(x).vmul(U::splat(FACTOR)).vadd(U::splat(TERM.wrapping_add(y.wrapping_mul(z))));
        Self { x, y: U::splat(y), z: U::splat(z) }
    }
}

impl Thresholds for Noise {
    #[inline(always)]
    fn next(&mut self) -> [F; 3] {
        let Self { x, y, z } = *self;
        self.x = x.vadd(U::splat(FACTOR.wrapping_mul(LANES as u32)));
        let y = y.vadd(z.vmul(x));
        let z = z.vadd(x.vmul(y));
        let (x, y, z) = (folded(x), folded(y), folded(z));
        let x = x.vadd(y.vmul(z));
        let y = y.vadd(z.vmul(x));
        let z = z.vadd(x.vmul(y));
        [unit_float(x), unit_float(y), unit_float(z)]
    }
}

/// The integer below a value, from 0 to `high`.
#[inline(always)]
pub(super) fn code(value: F, high: F) -> I {
    value.vmax(F::splat(0.0)).vmin(high).cut()
}

/// A stored channel of some pixels before rounding.
#[inline(always)]
fn channel([x, y, z, w]: [f32; 4], [r, g, b]: [F; 3]) -> F {
    let sum = F::splat(x).vmul(r).vadd(F::splat(y).vmul(g)).vadd(F::splat(z).vmul(b));
    sum.vadd(F::splat(w))
}

/// The pixels of a span some at a time: the place of the first ones, their red, green and blue, and their alpha.
#[inline(always)]
fn pixels(block: &Block, len: usize) -> impl Iterator<Item = (usize, [&[f32; LANES]; 3], &[f32; LANES])> {
    let [r, g, b, a] = block.0.each_ref().map(|channel| channel.as_chunks().0);
    let all = r.iter().zip(g).zip(b).zip(a).take(len.div_ceil(LANES)).enumerate();
    all.map(|(n, (((r, g), b), a))| (n * LANES, [r, g, b], a))
}

#[inline(always)]
fn colour([r, g, b]: [&[f32; LANES]; 3]) -> [F; 3] {
    [F::from_array(*r), F::from_array(*g), F::from_array(*b)]
}

/// Writes a span to the planes of full size, and keeps its chroma at full size.
#[inline(always)]
pub(crate) fn span(encoder: &Encoder, span: Span, block: &Block, out: &mut SpanRows<'_>) {
    match encoder.key(0) {
        Some(key) => coded(encoder, Noise::new(key, span.x, span.y), block, span.len, out),
        None => coded(encoder, Rounded, block, span.len, out),
    }
}

#[inline(always)]
fn coded(encoder: &Encoder, add: impl Thresholds, block: &Block, len: usize, out: &mut SpanRows<'_>) {
    match encoder.shape {
        Shape::Gray => gray(encoder, add, block, len, out),
        Shape::Full => full(encoder, add, block, len, out),
        Shape::Subsampled { .. } => subsampled(encoder, add, block, len, out),
        Shape::Packed => return packed(encoder, add, block, len, out),
    }
    if encoder.alpha {
        alpha(encoder, block, len, out);
    }
}

#[inline(always)]
fn gray(encoder: &Encoder, mut add: impl Thresholds, block: &Block, len: usize, out: &mut SpanRows<'_>) {
    let (high, sample) = (F::splat(encoder.high()), encoder.sample);
    let [plane, ..] = &mut out.full;
    for (i, pixels, _) in pixels(block, len) {
        let value = channel(encoder.rows[0], colour(pixels));
        if encoder.is_whole() {
            let [t, ..] = add.next();
            store_whole(sample, plane, i, code(value.vadd(t), high));
        } else {
            store_float(sample, plane, i, value);
        }
    }
}

#[inline(always)]
fn subsampled(encoder: &Encoder, add: impl Thresholds, block: &Block, len: usize, out: &mut SpanRows<'_>) {
    match encoder.sample {
        Sample::U8 => subsampled_in::<LANES>(encoder, add, block, len, out),
        _ => subsampled_in::<{ 2 * LANES }>(encoder, add, block, len, out),
    }
}

/// Where the codes of lanes take `N` bytes.
#[inline(always)]
fn subsampled_in<const N: usize>(
    encoder: &Encoder,
    mut add: impl Thresholds,
    block: &Block,
    len: usize,
    out: &mut SpanRows<'_>,
) {
    let [plane, ..] = &mut out.full;
    let (places, rest) = plane.as_chunks_mut::<N>();
    let [u, v] = out.chroma.each_mut().map(|line| line.as_chunks_mut().0);
    let [r, g, b, _] = block.0.each_ref().map(|channel| channel.as_chunks().0);
    let count = len.div_ceil(LANES);
    // Nothing but slices: these are gone through without asking each of them whether there is more.
    let all = places.iter_mut().zip(r).zip(g).zip(b).zip(u.iter_mut()).zip(v.iter_mut());
    for (((((place, r), g), b), u), v) in all.take(count) {
        (*place, *u, *v) = luma_and_chroma(encoder, [r, g, b], &mut add);
    }
    // Those that have less room at the end of a row, and rows of which only chroma is wanted.
    let mut rest = rest.iter_mut();
    for i in places.len()..count {
        let (Some(r), Some(g), Some(b)) = (r.get(i), g.get(i), b.get(i)) else { return };
        let (Some(u), Some(v)) = (u.get_mut(i), v.get_mut(i)) else { return };
        let codes: [u8; N];
        (codes, *u, *v) = luma_and_chroma(encoder, [r, g, b], &mut add);
        rest.by_ref().zip(codes).for_each(|(place, code)| *place = code);
    }
}

/// Codes of the luma of some pixels, and their chroma about 0.
#[inline(always)]
fn luma_and_chroma<const N: usize>(
    encoder: &Encoder,
    rgb: [&[f32; LANES]; 3],
    add: &mut impl Thresholds,
) -> ([u8; N], [f32; LANES], [f32; LANES]) {
    let [first, second, third, _] = encoder.rows;
    let (rgb, [t, ..]) = (colour(rgb), add.next());
    let luma = code(channel(first, rgb).vadd(t), F::splat(encoder.high()));
    let blue = channel(second, rgb).vsub(F::splat(second[3]));
    let red = channel(third, rgb).vsub(F::splat(third[3]));
    // Samples of one byte have no finer codes.
    let is_half = N == LANES || encoder.half;
    let (blue, red) = if is_half { (blue.half(), red.half()) } else { (blue, red) };
    (whole_in(luma), blue.to_array(), red.to_array())
}

#[inline(always)]
fn full(encoder: &Encoder, mut add: impl Thresholds, block: &Block, len: usize, out: &mut SpanRows<'_>) {
    let (high, sample) = (F::splat(encoder.high()), encoder.sample);
    let [plane, plane2, plane3, _] = &mut out.full;
    let [first, second, third, _] = encoder.rows;
    for (i, pixels, _) in pixels(block, len) {
        let rgb = colour(pixels);
        let (a, b, c) = (channel(first, rgb), channel(second, rgb), channel(third, rgb));
        if encoder.is_whole() {
            let [t, t2, t3] = add.next();
            store_whole(sample, plane, i, code(a.vadd(t), high));
            store_whole(sample, plane2, i, code(b.vadd(t2), high));
            store_whole(sample, plane3, i, code(c.vadd(t3), high));
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
fn alpha(encoder: &Encoder, block: &Block, len: usize, out: &mut SpanRows<'_>) {
    let [.., plane] = &mut out.full;
    for (i, _, alpha) in pixels(block, len) {
        let alpha = F::from_array(*alpha);
        if encoder.is_whole() {
            store_whole(encoder.sample, plane, i, opacity(encoder, alpha));
        } else {
            store_float(encoder.sample, plane, i, alpha);
        }
    }
}

#[inline(always)]
fn packed(encoder: &Encoder, mut add: impl Thresholds, block: &Block, len: usize, out: &mut SpanRows<'_>) {
    let high = F::splat(encoder.high());
    let [plane, ..] = &mut out.full;
    let [first, second, third, _] = encoder.rows;
    for (i, pixels, alpha) in pixels(block, len) {
        let (rgb, alpha) = (colour(pixels), F::from_array(*alpha));
        let (a, b, c) = (channel(first, rgb), channel(second, rgb), channel(third, rgb));
        let [t, t2, t3] = add.next();
        let (r, g) = (code(a.vadd(t), high), code(b.vadd(t2), high));
        let codes = [r, g, code(c.vadd(t3), high), opacity(encoder, alpha)];
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
