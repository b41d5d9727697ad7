//! Chroma at full size of the few rows that one row of smaller chroma is made of, of the columns that are made at once:
//! one thread's, so that it stays in its caches.

use crate::encode::Encoder;
use std::array::from_fn;
use std::ops::Range;

/// Values before and behind those of a row, so that the taps at its ends find some.
pub(crate) const MARGIN: usize = 16;
/// The most rows that one row of smaller chroma is made of.
const MOST: usize = 8;
/// Values to which rows are rounded up, and left behind sums: more than whole lanes reach over.
const LANES: usize = 32;

pub(crate) struct ChromaRows {
    /// The columns that are made: the first ones, or those behind the last ones of the same rows.
    pub(crate) xs: Range<u32>,
    /// The rows of U and those of V, each written where one lay that is not needed any more. Before each are the last
    /// values of the columns before these.
    pub(crate) lines: [Vec<f32>; 2],
    /// The last values of the columns before these, of every row of U and of V that is made between columns.
    before: [Vec<[f32; MARGIN]>; 2],
    /// A row of U and of V summed down the picture, with what is before it.
    pub(crate) sums: [Vec<f32>; 2],
    height: u32,
    stride: usize,
    kept: u32,
    /// The first row under row `y` is `(y << sub) + top`.
    top: i32,
    sub: u8,
}

impl ChromaRows {
    /// For a picture of a height of which at most so many columns and rows are made between others.
    pub(crate) fn new(encoder: &Encoder, height: u32, (columns, rows): (u32, u32)) -> Self {
        let ([_, (top, down)], [_, sub]) = (&encoder.taps, encoder.sub);
        let stride = MARGIN + (columns as usize).next_multiple_of(LANES);
        let kept = down.len().clamp(1, MOST) as u32;
        Self {
            xs: 0..0,
            lines: from_fn(|_| vec![0.0; stride * kept as usize]),
            before: from_fn(|_| vec![[0.0; MARGIN]; rows.max(1) as usize]),
            sums: from_fn(|_| vec![0.0; stride + 4 * LANES]),
            height,
            stride,
            kept,
            top: *top,
            sub,
        }
    }

    /// Ends row `y`, all of whose columns are made: those before them are put before it, and its last ones kept for those
    /// behind them.
    pub(crate) fn end(&mut self, y: u32) {
        let (start, end) = (self.start(y), self.xs.len());
        for (line, before) in self.lines.iter_mut().zip(&mut self.before) {
            let at = y as usize % before.len().max(1);
            let row = line.get_mut(start..start + self.stride);
            let Some((row, before)) = row.zip(before.get_mut(at)) else { return };
            let Some(last) = row.get(end..).and_then(|l| l.first_chunk()).copied() else { return };
            if let Some(place) = row.first_chunk_mut() {
                *place = *before;
            }
            *before = last;
        }
    }

    /// Where row `y` begins, with what is before it.
    fn start(&self, y: u32) -> usize {
        (y % self.kept) as usize * self.stride
    }

    /// The places of row `y` of the picture from `x` on, a line a channel.
    pub(crate) fn places(&mut self, x: u32, y: u32) -> [&mut [f32]; 2] {
        let start = self.start(y);
        let before = MARGIN + x.saturating_sub(self.xs.start) as usize;
        self.lines
            .each_mut()
            .map(|line| line.get_mut(start + before..start + self.stride).unwrap_or_default())
    }

    /// Where the rows under row `y` of smaller chroma begin, with what is before them. They must be among the latest ones.
    pub(crate) fn under(&self, y: u32) -> [usize; MOST] {
        let last = self.height.saturating_sub(1);
        from_fn(|i| self.start((y << self.sub).saturating_add_signed(self.top + i as i32).min(last)))
    }

    /// Repeats the first and the last sum of a row beyond its ends.
    pub(crate) fn extend(&mut self) {
        let end = MARGIN + self.xs.len();
        for sum in &mut self.sums {
            let (first, last) = (sum.get(MARGIN).copied(), sum.get(end - 1).copied());
            if let Some(before) = sum.get_mut(..MARGIN).filter(|_| self.xs.start == 0) {
                before.fill(first.unwrap_or_default());
            }
            if let Some(behind) = sum.get_mut(end..end + MARGIN) {
                behind.fill(last.unwrap_or_default());
            }
        }
    }
}
