//! Colours to an encoder's codes, by the numbers of `assets/shaders/core/encode.wgsl`.

use crate::cx::{Block, SPAN, Span};
use half::f16;
use rushes_engine::{Layout, Sample};
use rushes_gpu::EncodeFormat;

/// What a format's codes are made with.
pub(crate) struct Encoder {
    pub(crate) format: EncodeFormat,
    /// A row a channel, then those of alpha, the highest code and whether to dither.
    rows: [[f32; 4]; 4],
    frame: u32,
}

/// The rows of the planes that a span is written to, from its first pixel on.
pub(crate) struct PlaneRows<'a> {
    /// Planes of full size in the layout's order: bytes.
    pub(crate) full: Vec<&'a mut [u8]>,
    /// Chroma at full size about 0, where it is subsampled.
    pub(crate) chroma: Option<[&'a mut [f32]; 2]>,
}

/// PCG of one word, as in `assets/shaders/core/hash.wgsl`.
fn pcg(v: u32) -> u32 {
    let state = v.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

/// Three uniform floats of a pixel, of a hash of frame and seed.
#[inline(always)]
fn uniform3(x: u32, y: u32, key: u32) -> [f32; 3] {
    let [mut x, mut y, mut z] = [x, y, key].map(|v| v.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    x = x.wrapping_add(y.wrapping_mul(z));
    y = y.wrapping_add(z.wrapping_mul(x));
    z = z.wrapping_add(x.wrapping_mul(y));
    x ^= x >> 16;
    y ^= y >> 16;
    z ^= z >> 16;
    x = x.wrapping_add(y.wrapping_mul(z));
    y = y.wrapping_add(z.wrapping_mul(x));
    z = z.wrapping_add(x.wrapping_mul(y));
    [x, y, z].map(|v| (v >> 8) as i32 as f32 * (1.0 / 16_777_216.0))
}

impl Encoder {
    pub(crate) fn new(format: &EncodeFormat, frame: u32) -> Self {
        let mut rows = [[0.0_f32; 4]; 4];
        let args = format.args(frame);
        if let Some(floats) = args.get(..64) {
            bytemuck::cast_slice_mut(rows.as_flattened_mut()).copy_from_slice(floats);
        }
        Self { format: *format, rows, frame }
    }

    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.format.sample, Sample::U8 | Sample::U16)
    }

    /// What the noise of a stream of values is made of beside the position.
    fn key(&self, stream: u32) -> u32 {
        pcg(self.frame ^ pcg(stream))
    }

    /// Codes of values at places of a row.
    #[inline(always)]
    fn codes(&self, values: &mut [[f32; SPAN]; 3], span: Span, stream: u32) {
        let [.., [_, high, dither, _]] = self.rows;
        let key = self.key(stream);
        let [a, b, c] = values;
        for (x, ((a, b), c)) in (span.x..).zip(a.iter_mut().zip(b.iter_mut()).zip(c.iter_mut())) {
            let threshold = if dither > 0.5 { uniform3(x, span.y, key) } else { [0.5; 3] };
            *a = (*a + threshold[0]).floor().max(0.0).min(high);
            *b = (*b + threshold[1]).floor().max(0.0).min(high);
            *c = (*c + threshold[2]).floor().max(0.0).min(high);
        }
    }

    /// Writes codes to their plane; `each` samples lie together, of which one is written.
    #[inline(always)]
    fn put(&self, values: &[f32], each: usize, at: usize, out: &mut [u8]) {
        match self.format.sample {
            Sample::U8 => {
                out.iter_mut().skip(at).step_by(each).zip(values).for_each(|(o, v)| *o = *v as i32 as u8);
            }
            Sample::U16 => {
                let words = out.as_chunks_mut::<2>().0;
                let places = words.iter_mut().skip(at).step_by(each);
                places.zip(values).for_each(|(o, v)| *o = (*v as i32 as u16).to_ne_bytes());
            }
            Sample::F16 => {
                let words = out.as_chunks_mut::<2>().0;
                let places = words.iter_mut().skip(at).step_by(each);
                places.zip(values).for_each(|(o, v)| *o = f16::from_f32(*v).to_ne_bytes());
            }
            Sample::F32 => {
                let words = out.as_chunks_mut::<4>().0;
                let places = words.iter_mut().skip(at).step_by(each);
                places.zip(values).for_each(|(o, v)| *o = v.to_ne_bytes());
            }
        }
    }

    /// Writes a span to the planes of full size, and its chroma for [`Encoder::chroma`].
    #[inline(always)]
    pub(crate) fn write(&self, span: Span, block: &Block, out: &mut PlaneRows<'_>) {
        let [r, g, b, alpha] = &block.0;
        let mut values = [[0.0_f32; SPAN]; 3];
        for (channel, [x, y, z, w]) in values.iter_mut().zip(&self.rows) {
            for (((value, r), g), b) in channel.iter_mut().zip(r).zip(g).zip(b) {
                *value = x * r + y * g + z * b + w;
            }
        }
        if let Some([u, v]) = &mut out.chroma {
            let half = self.format.bits <= 8;
            for (i, place) in [u, v].into_iter().enumerate() {
                let middle = self.rows[i + 1][3];
                for (place, value) in place.iter_mut().zip(&values[i + 1]).take(span.len) {
                    let value = value - middle;
                    // As fine as where chroma is kept on the way there.
                    *place = if half { f16::from_f32(value).to_f32() } else { value };
                }
            }
        }
        let mut opacity = *alpha;
        if self.is_whole() {
            self.codes(&mut values, span, 0);
            let [.., [full, high, ..]] = self.rows;
            opacity.iter_mut().for_each(|a| *a = (*a * full + 0.5).floor().max(0.0).min(high));
        }
        let len = span.len;
        let packed = self.format.layout == Layout::PackedRgba;
        let [first, second, third] = &values;
        let lines: [&[f32; SPAN]; 4] = [first, second, third, &opacity];
        if packed {
            if let Some(plane) = out.full.first_mut() {
                for (i, line) in lines.iter().enumerate() {
                    self.put(line.get(..len).unwrap_or_default(), 4, i, plane);
                }
            }
            return;
        }
        // Where chroma has a pass of its own, alpha follows luma.
        let order: &[usize] = if out.chroma.is_some() { &[0, 3] } else { &[0, 1, 2, 3] };
        for (plane, line) in out.full.iter_mut().zip(order) {
            self.put(lines.get(*line).and_then(|l| l.get(..len)).unwrap_or_default(), 1, 0, plane);
        }
    }

    /// Writes chroma codes of a row from sums over chroma at full size.
    pub(crate) fn chroma(&self, span: Span, sums: &[[f32; SPAN]; 2], out: &mut [&mut [u8]]) {
        let mut values = [sums[0], sums[1], [0.0; SPAN]];
        for (channel, row) in values.iter_mut().zip(self.rows.iter().skip(1)) {
            channel.iter_mut().for_each(|v| *v += row[3]);
        }
        self.codes(&mut values, span, 1);
        let line = |i: usize| values[i].get(..span.len).unwrap_or_default();
        match out {
            [both] => {
                self.put(line(0), 2, 0, both);
                self.put(line(1), 2, 1, both);
            }
            [u, v] => {
                self.put(line(0), 1, 0, u);
                self.put(line(1), 1, 0, v);
            }
            _ => {}
        }
    }
}
