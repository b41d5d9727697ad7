//! The picture that a network looks at.

use rushes_engine::{Error, Result};

/// Display-referred red, green and blue of 8 bits, rows from the top.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    width: usize,
    height: usize,
    rgb: Vec<[u8; 3]>,
}

impl Picture {
    /// The longest side: what a network looks at is bounded by whoever asks.
    pub const MAX_SIDE: usize = 2048;

    /// A picture of the pixels `rgb`, row by row.
    ///
    /// # Errors
    /// Where they are not `width` times `height`, or a side is too long.
    pub fn new(width: usize, height: usize, rgb: Vec<[u8; 3]>) -> Result<Self> {
        if width.checked_mul(height) != Some(rgb.len()) {
            return Err(Error::usage(format!("{} pixels are not {width}×{height}", rgb.len())));
        }
        if width.max(height) > Self::MAX_SIDE {
            return Err(Error::usage(format!("{width}×{height} is too large to be looked at"))
                .help(format!("make it smaller first, to {} pixels a side at most", Self::MAX_SIDE)));
        }
        Ok(Self { width, height, rgb })
    }

    /// Pixels across.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> usize {
        self.height
    }

    /// All pixels, row by row.
    pub fn pixels(&self) -> &[[u8; 3]] {
        &self.rgb
    }

    /// The pixel at a place, where there is one.
    pub(crate) fn at(&self, x: i64, y: i64) -> Option<[u8; 3]> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        (x < self.width).then(|| self.rgb.get(y * self.width + x).copied()).flatten()
    }

    /// The part from `left` and `top` on; what lies outside of the picture is left out.
    pub(crate) fn part(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let rows = self.rgb.chunks_exact(self.width.max(1)).skip(top).take(height);
        let rows: Vec<&[[u8; 3]]> =
            rows.map(|row| row.get(left..(left + width).min(self.width)).unwrap_or(&[])).collect();
        let width = rows.first().map_or(0, |row| row.len());
        Self { width, height: if width == 0 { 0 } else { rows.len() }, rgb: rows.concat() }
    }

    /// Its channels one after another, as the networks here were trained to see them: less the mean of photographs, in
    /// parts of 256.
    pub(crate) fn planes(&self) -> Vec<f32> {
        const MEAN: [f32; 3] = [122.782, 117.001, 104.298];
        let plane = |(channel, mean): (usize, f32)| {
            self.rgb.iter().map(move |c| (f32::from(c.get(channel).copied().unwrap_or(0)) - mean) / 256.0)
        };
        MEAN.into_iter().enumerate().flat_map(plane).collect()
    }
}
