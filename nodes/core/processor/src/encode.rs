//! Colours to an encoder's codes, by the numbers of `assets/shaders/core/encode.wgsl`.

use crate::shape::Shape;
use rushes_engine::Sample;
use rushes_gpu::{EncodeFormat, subsampling};

/// What a format's codes are made with.
pub(crate) struct Encoder {
    pub(crate) sample: Sample,
    pub(crate) shape: Shape,
    pub(crate) alpha: bool,
    /// A row a channel, then what those of alpha are made with, the highest code and whether to dither.
    pub(crate) rows: [[f32; 4]; 4],
    /// Chroma at full size is kept as half floats: these are fine enough for its codes.
    pub(crate) half: bool,
    /// Offset and weights of the values that make one chroma sample, across and down.
    pub(crate) taps: [(i32, Vec<f32>); 2],
    /// log2 of the chroma subsampling.
    pub(crate) sub: [u8; 2],
    frame: u32,
}

/// The rows that a span is written to, from its first pixel on.
#[derive(Default)]
pub(crate) struct SpanRows<'a> {
    /// Bytes of the planes of full size, in the order of the channels; the packed plane is the first.
    pub(crate) full: [&'a mut [u8]; 4],
    /// Chroma at full size about 0, where it is subsampled: whole lanes of it.
    pub(crate) chroma: [&'a mut [f32]; 2],
}

/// PCG of one word, as in `assets/shaders/core/hash.wgsl`.
fn pcg(v: u32) -> u32 {
    let state = v.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

impl Encoder {
    pub(crate) fn new(format: &EncodeFormat, frame: u32) -> Self {
        let mut rows = [[0.0_f32; 4]; 4];
        let args = format.args(frame);
        if let Some(floats) = args.get(..64) {
            bytemuck::cast_slice_mut(rows.as_flattened_mut()).copy_from_slice(floats);
        }
        Self {
            sample: format.sample,
            shape: Shape::of(format.layout),
            alpha: format.layout.has_alpha(),
            rows,
            half: format.bits <= 8,
            taps: format.chroma_taps(),
            sub: subsampling(format.layout).into(),
            frame,
        }
    }

    /// The highest code.
    pub(crate) fn high(&self) -> f32 {
        self.rows[3][1]
    }

    pub(crate) fn is_whole(&self) -> bool {
        matches!(self.sample, Sample::U8 | Sample::U16)
    }

    /// What the noise of a stream of values is made of beside the position; none where codes are rounded.
    pub(crate) fn key(&self, stream: u32) -> Option<u32> {
        let [.., [_, _, dither, _]] = self.rows;
        (dither > 0.5).then(|| pcg(self.frame ^ pcg(stream)))
    }
}
