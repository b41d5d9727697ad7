//! Colours of spans of a decoder's planes: written once, compiled with each kind of lanes.

use super::decode_chroma::{ALL, HALF, Under};
use super::decode_samples::{packed, samples};
use super::lanes::{F, LANES};
use crate::cx::{Block, SPAN, Span};
use crate::decode::PlaneReader;
use crate::shape::Shape;
use rushes_engine::Sample;
use std::marker::PhantomData;

/// The codes that make the colours of some pixels.
type Codes = [F; 3];

/// Lanes of a line from a place on.
#[inline(always)]
fn lanes_at(line: &[f32; SPAN], at: usize) -> F {
    F::from_array(line.get(at..).and_then(<[f32]>::first_chunk).copied().unwrap_or_default())
}

/// What gives the codes of a span's pixels from the `i`-th on.
trait Source {
    fn codes(&self, i: usize) -> Codes;
    fn alpha(&self, i: usize) -> F;
}

/// How samples are stored, where the compiler is to know it.
trait Stored {
    const SAMPLE: Sample;
}

macro_rules! stored {
    ($($name:ident)*) => {$(
        struct $name;

        impl Stored for $name {
            const SAMPLE: Sample = Sample::$name;
        }
    )*};
}
stored!(U8 U16 F16 F32);

/// Rows of stored samples, from the first pixel of a span on.
struct Rows<'a, S> {
    planes: [&'a [u8]; 4],
    stored: PhantomData<S>,
}

impl<S: Stored> Rows<'_, S> {
    #[inline(always)]
    fn plane(&self, plane: usize, i: usize) -> F {
        samples(S::SAMPLE, self.planes[plane], i)
    }

    #[inline(always)]
    fn packed(&self, i: usize) -> [F; 4] {
        packed(S::SAMPLE, self.planes[0], i)
    }
}

struct Gray<'a, S>(Rows<'a, S>);
struct Full<'a, S>(Rows<'a, S>);
struct Packed<'a, S>(Rows<'a, S>);
struct Subsampled<'a, S, const UNDER: usize>(Rows<'a, S>, &'a Under<UNDER>);
struct Lines<'a>(&'a [[f32; SPAN]; 4]);

impl<S: Stored> Source for Gray<'_, S> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        [self.0.plane(0, i); 3]
    }

    #[inline(always)]
    fn alpha(&self, _: usize) -> F {
        F::splat(0.0)
    }
}

impl<S: Stored> Source for Full<'_, S> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        [self.0.plane(0, i), self.0.plane(1, i), self.0.plane(2, i)]
    }

    #[inline(always)]
    fn alpha(&self, i: usize) -> F {
        self.0.plane(3, i)
    }
}

impl<S: Stored> Source for Packed<'_, S> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        let [r, g, b, _] = self.0.packed(i);
        [r, g, b]
    }

    #[inline(always)]
    fn alpha(&self, i: usize) -> F {
        let [.., alpha] = self.0.packed(i);
        alpha
    }
}

impl<S: Stored, const UNDER: usize> Source for Subsampled<'_, S, UNDER> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        let Self(rows, under) = self;
        [rows.plane(0, i), under.at(&under.u, i), under.at(&under.v, i)]
    }

    #[inline(always)]
    fn alpha(&self, i: usize) -> F {
        self.0.plane(3, i)
    }
}

impl Source for Lines<'_> {
    #[inline(always)]
    fn codes(&self, i: usize) -> Codes {
        let [a, b, c, _] = self.0;
        [lanes_at(a, i), lanes_at(b, i), lanes_at(c, i)]
    }

    #[inline(always)]
    fn alpha(&self, i: usize) -> F {
        lanes_at(&self.0[3], i)
    }
}

/// Red, green or blue from codes.
#[inline(always)]
fn channel([x, y, z, w]: [f32; 4], [a, b, c]: Codes) -> F {
    F::splat(x).vfma(a, F::splat(y).vfma(b, F::splat(z).vfma(c, F::splat(w))))
}

#[inline(always)]
fn rounded(value: F, half: bool) -> [f32; LANES] {
    if half { value.half() } else { value }.to_array()
}

/// Colours from codes.
#[inline(always)]
fn coloured<const ROUNDS: bool>(reader: &PlaneReader<'_>, len: usize, source: &impl Source, out: &mut Block) {
    let ([red, green, blue, _, [unit, ..]], _) = reader.floats.as_chunks::<4>() else { return };
    let [r, g, b, a] = out.0.each_mut().map(|channel| channel.as_chunks_mut().0);
    let count = len.div_ceil(LANES);
    for (n, ((r, g), b)) in r.iter_mut().zip(g).zip(b).take(count).enumerate() {
        let codes = source.codes(n * LANES);
        *r = rounded(channel(*red, codes), ROUNDS);
        *g = rounded(channel(*green, codes), ROUNDS);
        *b = rounded(channel(*blue, codes), ROUNDS);
    }
    if reader.alpha {
        for (n, a) in a.iter_mut().take(count).enumerate() {
            *a = rounded(source.alpha(n * LANES).vmul(F::splat(*unit)), ROUNDS);
        }
    } else {
        a.fill([1.0; LANES]);
    }
}

/// The colours of a span.
#[inline(always)]
pub(crate) fn read(reader: &PlaneReader<'_>, span: Span, half: bool, out: &mut Block) {
    if half { read_as::<true>(reader, span, out) } else { read_as::<false>(reader, span, out) }
}

#[inline(always)]
fn read_as<const ROUNDS: bool>(reader: &PlaneReader<'_>, span: Span, out: &mut Block) {
    let Some(shape) = reader.shape else {
        let mut codes = [[0.0; SPAN]; 4];
        reader.one_by_one(span, &mut codes);
        return coloured::<ROUNDS>(reader, span.len, &Lines(&codes), out);
    };
    match reader.sample {
        Sample::U8 => stored::<U8, ROUNDS>(reader, shape, span, out),
        Sample::U16 => stored::<U16, ROUNDS>(reader, shape, span, out),
        Sample::F16 => stored::<F16, ROUNDS>(reader, shape, span, out),
        Sample::F32 => stored::<F32, ROUNDS>(reader, shape, span, out),
    }
}

#[inline(always)]
fn stored<S: Stored, const ROUNDS: bool>(
    reader: &PlaneReader<'_>,
    shape: Shape,
    span: Span,
    out: &mut Block,
) {
    let ([x, y], len) = (reader.stored(span.x, span.y), span.len);
    let together = if shape == Shape::Packed { 4 } else { 1 };
    let start = x * together * S::SAMPLE.size();
    let planes = [0, 1, 2, 3].map(|plane| reader.row(plane, y).get(start..).unwrap_or_default());
    let rows = Rows::<S> { planes, stored: PhantomData };
    match shape {
        Shape::Gray => coloured::<ROUNDS>(reader, len, &Gray(rows), out),
        Shape::Packed => coloured::<ROUNDS>(reader, len, &Packed(rows), out),
        Shape::Subsampled { paired } => {
            if reader.sub_x == 0 {
                let under = Under::<ALL>::of(reader, S::SAMPLE, [x, y], len, paired);
                coloured::<ROUNDS>(reader, len, &Subsampled(rows, &under), out);
            } else {
                let under = Under::<HALF>::of(reader, S::SAMPLE, [x, y], len, paired);
                coloured::<ROUNDS>(reader, len, &Subsampled(rows, &under), out);
            }
        }
        Shape::Full => coloured::<ROUNDS>(reader, len, &Full(rows), out),
    }
}
