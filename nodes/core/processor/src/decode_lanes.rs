//! Colours of spans of a decoder's planes: written once, compiled with each kind of lanes.

use super::decode_chroma::Under;
use super::decode_samples::{Codes, packed, samples};
use super::lanes::{F, LANES};
use crate::cx::{Block, SPAN, Span};
use crate::decode::{PlaneReader, Shape};

/// Lanes of a line from a place on.
#[inline(always)]
fn lanes_at(line: &[f32; SPAN], at: usize) -> F {
    F::from_array(line.get(at..).and_then(<[f32]>::first_chunk).copied().unwrap_or_default())
}

/// What gives the codes of a span's pixels from the `i`-th on.
trait Source {
    fn codes(&self, i: usize) -> Codes;
}

/// Rows of stored samples, from the first pixel of a span on.
struct Rows<'a> {
    reader: &'a PlaneReader<'a>,
    first: usize,
    planes: [&'a [u8]; 4],
}

impl Rows<'_> {
    #[inline(always)]
    fn plane(&self, plane: usize, i: usize) -> F {
        samples(self.reader.sample, self.planes[plane], self.first + i)
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
        packed(self.0.reader.sample, self.0.planes[0], self.0.first + i)
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

/// Red, green or blue from codes.
#[inline(always)]
fn channel([x, y, z, w]: [f32; 4], (a, b, c, _): Codes) -> F {
    let sum = F::splat(x).vmul(a).vadd(F::splat(y).vmul(b)).vadd(F::splat(z).vmul(c));
    sum.vadd(F::splat(w))
}

#[inline(always)]
fn rounded(value: F, half: bool) -> [f32; LANES] {
    if half { value.half() } else { value }.to_array()
}

/// Colours from codes.
#[inline(always)]
fn coloured(reader: &PlaneReader<'_>, len: usize, half: bool, source: &impl Source, out: &mut Block) {
    let floats = &reader.floats;
    let ([red, green, blue, ..], _) = floats.as_chunks::<4>() else { return };
    let unit = F::splat(floats[16]);
    let [r, g, b, a] = out.0.each_mut().map(|channel| channel.as_chunks_mut().0);
    let places = r.iter_mut().zip(g).zip(b).zip(a).take(len.div_ceil(LANES));
    for (n, (((r, g), b), a)) in places.enumerate() {
        let codes = source.codes(n * LANES);
        *r = rounded(channel(*red, codes), half);
        *g = rounded(channel(*green, codes), half);
        *b = rounded(channel(*blue, codes), half);
        let alpha = if reader.alpha { codes.3.vmul(unit) } else { F::splat(1.0) };
        *a = rounded(alpha, half);
    }
}

/// The colours of a span.
#[inline(always)]
pub(crate) fn read(reader: &PlaneReader<'_>, span: Span, half: bool, out: &mut Block) {
    if reader.shape == Shape::Odd {
        let mut codes = [[0.0; SPAN]; 4];
        reader.one_by_one(span, &mut codes);
        return coloured(reader, span.len, half, &Lines(&codes), out);
    }
    let [x, y] = reader.stored(span.x, span.y);
    let planes = [reader.row(0, y), reader.row(1, y), reader.row(2, y), reader.row(3, y)];
    let rows = Rows { reader, first: x, planes };
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
