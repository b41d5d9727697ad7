//! Colours of spans of a decoder's planes: written once, compiled with each kind of lanes.

use super::lanes::{F, I, LANES, U};
use crate::cx::{Block, SPAN, Span};
use crate::decode::{PlaneReader, Shape};
use rushes_engine::Sample;

/// Chroma samples under a span, one on either side, and whole lanes of them.
const UNDER: usize = SPAN + 16;

/// The first three codes of some pixels, and that of alpha.
type Codes = (F, F, F, F);

/// Bytes of a row from a place on; nothing where it ends.
#[inline(always)]
fn bytes<const N: usize>(row: &[u8], at: usize) -> [u8; N] {
    let rest = row.get(at..).unwrap_or_default();
    match rest.first_chunk() {
        Some(bytes) => *bytes,
        None => {
            let mut bytes = [0; N];
            bytes.iter_mut().zip(rest).for_each(|(b, r)| *b = *r);
            bytes
        }
    }
}

/// Words of two bytes from a place on.
#[inline(always)]
fn words(row: &[u8], at: usize) -> [u16; LANES] {
    bytemuck::cast(bytes::<{ 2 * LANES }>(row, 2 * at))
}

/// Words of four bytes from a place on.
#[inline(always)]
fn long_words(row: &[u8], at: usize) -> I {
    I::from_array(bytemuck::cast(bytes::<{ 4 * LANES }>(row, 4 * at)))
}

/// A sample a lane.
#[inline(always)]
fn samples(sample: Sample, row: &[u8], at: usize) -> F {
    match sample {
        Sample::U8 => I::from_bytes(bytes(row, at)).to_f(),
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
fn pairs(sample: Sample, row: &[u8], at: usize) -> (F, F) {
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
fn packed(sample: Sample, row: &[u8], at: usize) -> Codes {
    match sample {
        Sample::U8 => {
            let mut all = long_words(row, at).to_array();
            all.iter_mut().for_each(|word| *word = i32::from_le(*word));
            let all = I::from_array(all);
            (byte(all, 0), byte(all, 8), byte(all, 16), byte(all, 24))
        }
        Sample::U16 | Sample::F16 => {
            let (first, second) = (long_words(row, 2 * at).as_f(), long_words(row, 2 * at + LANES).as_f());
            let (r, g) = halves(first.evens(second).as_i());
            let (b, a) = halves(first.odds(second).as_i());
            (meant(sample, r), meant(sample, g), meant(sample, b), meant(sample, a))
        }
        Sample::F32 => {
            let (a, b) = (long_words(row, 4 * at).as_f(), long_words(row, 4 * at + LANES).as_f());
            let at = at + LANES / 2;
            let (c, d) = (long_words(row, 4 * at).as_f(), long_words(row, 4 * at + LANES).as_f());
            let (rb, rb_behind) = (a.evens(b), c.evens(d));
            let (ga, ga_behind) = (a.odds(b), c.odds(d));
            (rb.evens(rb_behind), ga.evens(ga_behind), rb.odds(rb_behind), ga.odds(ga_behind))
        }
    }
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

#[inline(always)]
fn mix(a: F, b: F, part: F) -> F {
    a.vadd(b.vsub(a).vmul(part))
}

/// Chroma under a span, mixed down the picture, and how it is mixed along the row.
struct Under {
    u: [f32; UNDER],
    v: [f32; UNDER],
    step: f32,
    /// Of the pixels of lanes: which of the samples is on their left, and how much of the next one is taken. These
    /// return from lanes to lanes.
    left: I,
    part: F,
}

impl Under {
    #[inline(always)]
    fn of(reader: &PlaneReader, [x, y]: [u32; 2], len: usize, paired: bool) -> Self {
        let [step, _, origin, _] = [12, 13, 14, 15].map(|i: usize| reader.floats[i]);
        let place = |x: u32| (x as f32 * step + origin).floor() as i32;
        let first = place(x);
        let count = (place(x + len as u32 - 1) - first).max(0) as usize + 2;
        let at = I::iota(x as i32).to_f().vmul(F::splat(step)).vadd(F::splat(origin));
        let whole = at.vfloor();
        let left = whole.to_i().vsub(I::splat(first));
        let mut out = Self { u: [0.0; UNDER], v: [0.0; UNDER], step, left, part: at.vsub(whole) };

        // What lies beyond the ends of the row is as what lies there.
        let before = first.min(0).unsigned_abs() as usize;
        let start = first.max(0) as usize;
        let [last, _] = reader.last();
        let there = (last + 1).saturating_sub(start).min(count.saturating_sub(before));
        let down = reader.between(1, y);
        let row = |plane: usize, y: usize| reader.planes.row(plane, y as u32);
        let sample = reader.planes.sample;
        let part = F::splat(down.part);
        if paired {
            let (high, low) = (row(1, down.low), row(1, down.high));
            let mut i = 0;
            while i < there {
                let (u, v) = pairs(sample, high, start + i);
                let (u_low, v_low) = pairs(sample, low, start + i);
                put(&mut out.u, before + i, mix(u, u_low, part));
                put(&mut out.v, before + i, mix(v, v_low, part));
                i += LANES;
            }
        } else {
            for (plane, line) in [(1, &mut out.u), (2, &mut out.v)] {
                let (high, low) = (row(plane, down.low), row(plane, down.high));
                let mut i = 0;
                while i < there {
                    let high = samples(sample, high, start + i);
                    // A sample with nothing between it and the next is taken as it is, whatever that is.
                    let value = if down.part == 0.0 {
                        high
                    } else {
                        mix(high, samples(sample, low, start + i), part)
                    };
                    put(line, before + i, value);
                    i += LANES;
                }
            }
        }
        for line in [&mut out.u, &mut out.v] {
            let (first, last) =
                (line.get(before).copied(), line.get((before + there).wrapping_sub(1)).copied());
            line.iter_mut().take(before).for_each(|v| *v = first.unwrap_or_default());
            line.iter_mut().take(count).skip(before + there).for_each(|v| *v = last.unwrap_or_default());
        }
        out
    }

    /// A channel of the pixels from the `i`-th on.
    #[inline(always)]
    fn at(&self, line: &[f32], i: usize) -> F {
        let start = (i as f32 * self.step) as usize;
        let left = lanes_at(line, start).permuted(self.left);
        let right = lanes_at(line, start + 1).permuted(self.left);
        mix(left, right, self.part)
    }
}

/// What gives the codes of a span's pixels from the `i`-th on.
trait Source {
    fn codes(&self, i: usize) -> Codes;
}

/// Rows of stored samples, from the first pixel of a span on.
struct Rows<'a> {
    reader: &'a PlaneReader,
    first: usize,
    planes: [&'a [u8]; 4],
}

impl Rows<'_> {
    #[inline(always)]
    fn plane(&self, plane: usize, i: usize) -> F {
        samples(self.reader.planes.sample, self.planes[plane], self.first + i)
    }

    /// The code of alpha.
    #[inline(always)]
    fn alpha(&self, i: usize) -> F {
        if self.reader.alpha { self.plane(3, i) } else { F::splat(0.0) }
    }
}

struct Gray<'a>(Rows<'a>);
struct Full<'a>(Rows<'a>);
struct Packed<'a>(Rows<'a>);
struct Subsampled<'a>(Rows<'a>, &'a Under);
struct Lines<'a>(&'a [[f32; SPAN]; 4]);

impl Source for Gray<'_> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        let luma = self.0.plane(0, i);
        (luma, luma, luma, luma)
    }
}

impl Source for Full<'_> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        (self.0.plane(0, i), self.0.plane(1, i), self.0.plane(2, i), self.0.alpha(i))
    }
}

impl Source for Packed<'_> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        packed(self.0.reader.planes.sample, self.0.planes[0], self.0.first + i)
    }
}

impl Source for Subsampled<'_> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        let Self(rows, under) = self;
        (rows.plane(0, i), under.at(&under.u, i), under.at(&under.v, i), rows.alpha(i))
    }
}

impl Source for Lines<'_> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        let [a, b, c, alpha] = self.0;
        (lanes_at(a, i), lanes_at(b, i), lanes_at(c, i), lanes_at(alpha, i))
    }
}

/// Colours from codes.
#[inline(always)]
fn coloured(reader: &PlaneReader, len: usize, half: bool, source: &impl Source, out: &mut Block) {
    let rows = reader.floats.as_chunks::<4>().0;
    let unit = F::splat(reader.floats[16]);
    let mut i = 0;
    while i < len {
        let (a, b, c, alpha) = source.codes(i);
        for (channel, [x, y, z, w]) in out.0.iter_mut().zip(rows).take(3) {
            let sum = F::splat(*x).vmul(a).vadd(F::splat(*y).vmul(b)).vadd(F::splat(*z).vmul(c));
            let value = sum.vadd(F::splat(*w));
            put(channel, i, if half { value.half() } else { value });
        }
        let alpha = if reader.alpha { alpha.vmul(unit) } else { F::splat(1.0) };
        put(&mut out.0[3], i, if half { alpha.half() } else { alpha });
        i += LANES;
    }
}

/// The colours of a span.
#[inline(always)]
pub(crate) fn read(reader: &PlaneReader, span: Span, half: bool, out: &mut Block) {
    if reader.shape == Shape::Odd {
        let mut codes = [[0.0; SPAN]; 4];
        reader.one_by_one(span, &mut codes);
        return coloured(reader, span.len, half, &Lines(&codes), out);
    }
    let [x, y] = reader.stored(span.x, span.y);
    let planes = [0, 1, 2, 3].map(|plane| reader.planes.row(plane, y));
    let rows = Rows { reader, first: x as usize, planes };
    match reader.shape {
        Shape::Gray => coloured(reader, span.len, half, &Gray(rows), out),
        Shape::Packed => coloured(reader, span.len, half, &Packed(rows), out),
        Shape::Subsampled { paired } => {
            let under = Under::of(reader, [x, y], span.len, paired);
            coloured(reader, span.len, half, &Subsampled(rows, &under), out);
        }
        Shape::Full | Shape::Odd => coloured(reader, span.len, half, &Full(rows), out),
    }
}
