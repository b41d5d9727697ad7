//! Chroma at full size of the few rows that one row of smaller chroma is made of: one thread's, so that it stays in
//! its caches.

use crate::encode::Encoder;
use std::array::from_fn;

/// Values before and behind a row of sums, so that the taps at its ends find some.
pub(crate) const MARGIN: usize = 8;
/// The most rows that one row of smaller chroma is made of.
const MOST: usize = 8;
/// Values to which rows are rounded up, and left behind sums: more than whole lanes reach over.
const LANES: usize = 32;

pub(crate) struct ChromaRows {
    pub(crate) width: usize,
    /// The rows of U and those of V, each written where one lay that is not needed any more.
    pub(crate) lines: [Vec<f32>; 2],
    /// A row of U and of V summed down the picture.
    pub(crate) sums: [Vec<f32>; 2],
    height: u32,
    stride: usize,
    kept: u32,
    /// The first row under row `y` is `(y << sub) + top`.
    top: i32,
    sub: u8,
}

impl ChromaRows {
    /// For a picture of `width` and `height`, so many rows of which are made before their chroma is.
    pub(crate) fn new(encoder: &Encoder, width: u32, height: u32, at_once: u32) -> Self {
        let ([_, (top, down)], [_, sub]) = (&encoder.taps, encoder.sub);
        let width = width as usize;
        let stride = width.next_multiple_of(LANES);
        let kept = (down.len().clamp(1, MOST) as u32).max(at_once);
        Self {
            width,
            lines: from_fn(|_| vec![0.0; stride * kept as usize]),
            sums: from_fn(|_| vec![0.0; MARGIN + stride + 4 * LANES]),
            height,
            stride,
            kept,
            top: *top,
            sub,
        }
    }

    fn start(&self, y: u32) -> usize {
        (y % self.kept) as usize * self.stride
    }

    /// The places of row `y` of the picture from `x` on, a line a channel.
    pub(crate) fn places(&mut self, x: u32, y: u32) -> [&mut [f32]; 2] {
        let start = self.start(y);
        let places = start + x as usize..start + self.stride;
        self.lines.each_mut().map(|line| line.get_mut(places.clone()).unwrap_or_default())
    }

    /// Where the rows under row `y` of smaller chroma begin. They must be among the latest ones.
    pub(crate) fn under(&self, y: u32) -> [usize; MOST] {
        let last = self.height.saturating_sub(1);
        from_fn(|i| self.start((y << self.sub).saturating_add_signed(self.top + i as i32).min(last)))
    }

    /// Repeats the first and the last sum beyond the ends of their row.
    pub(crate) fn extend(&mut self) {
        for sum in &mut self.sums {
            let end = MARGIN + self.width;
            let (first, last) = (sum.get(MARGIN).copied(), sum.get(end - 1).copied());
            if let Some(before) = sum.get_mut(..MARGIN) {
                before.fill(first.unwrap_or_default());
            }
            if let Some(behind) = sum.get_mut(end..end + MARGIN) {
                behind.fill(last.unwrap_or_default());
            }
        }
    }
}
