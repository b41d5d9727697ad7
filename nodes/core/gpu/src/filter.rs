//! Resampling filters and their weights, computed in double precision.

use rushes_engine::{Error, Result};
use std::f64::consts::PI;
use std::sync::{Arc, Mutex, PoisonError};

/// How a pixel is made from its neighbours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Filter {
    /// The sinc windowed by its own first lobe of three times the width.
    #[default]
    Lanczos3,
    /// Cubic of Mitchell and Netravali, B = C = 1/3: soft, hardly any ringing.
    Mitchell,
    /// Cubic of Catmull and Rom, B = 0, C = 1/2: sharper.
    CatmullRom,
    /// Triangle.
    Bilinear,
    /// The nearest pixel; the mean of those covered where it makes smaller.
    Box,
}

impl Filter {
    /// Half its width at natural size, in pixels.
    pub fn support(self) -> f64 {
        match self {
            Self::Lanczos3 => 3.0,
            Self::Mitchell | Self::CatmullRom => 2.0,
            Self::Bilinear => 1.0,
            Self::Box => 0.5,
        }
    }

    /// Its value at a distance in pixels.
    pub fn at(self, x: f64) -> f64 {
        let a = x.abs();
        match self {
            Self::Lanczos3 if a < 3.0 => sinc(a) * sinc(a / 3.0),
            Self::Mitchell => cubic(a, 1.0 / 3.0, 1.0 / 3.0),
            Self::CatmullRom => cubic(a, 0.0, 0.5),
            Self::Bilinear => (1.0 - a).max(0.0),
            // Half open, so that a position between two pixels takes one of them.
            Self::Box if (-0.5..0.5).contains(&x) => 1.0,
            Self::Lanczos3 | Self::Box => 0.0,
        }
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 {
        1.0
    } else if x.fract() == 0.0 {
        // Exactly 0, which the sine of a rounded π is not.
        0.0
    } else {
        (PI * x).sin() / (PI * x)
    }
}

/// The cubics of Mitchell and Netravali (1988).
fn cubic(a: f64, b: f64, c: f64) -> f64 {
    if a < 1.0 {
        ((12.0 - 9.0 * b - 6.0 * c) * a.powi(3) + (-18.0 + 12.0 * b + 6.0 * c) * a.powi(2) + (6.0 - 2.0 * b))
            / 6.0
    } else if a < 2.0 {
        ((-b - 6.0 * c) * a.powi(3)
            + (6.0 * b + 30.0 * c) * a.powi(2)
            + (-12.0 * b - 48.0 * c) * a
            + (8.0 * b + 24.0 * c))
            / 6.0
    } else {
        0.0
    }
}

/// What is taken for pixels beyond the edge of a resized picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Edge {
    /// The nearest pixel of the edge.
    #[default]
    Clamp,
    /// Transparent black.
    Transparent,
    /// The picture, mirrored about the outer sides of its edge pixels.
    Mirror,
}

impl Edge {
    /// The pixel of `0..=last` that is seen at a place, if one is. Nothing is mirrored twice.
    fn seen(self, at: f64, last: f64) -> Option<f64> {
        match self {
            Self::Transparent => (0.0..=last).contains(&at).then_some(at),
            Self::Mirror if at < 0.0 => Some((-1.0 - at).min(last)),
            Self::Mirror if at > last => Some((2.0 * last + 1.0 - at).max(0.0)),
            Self::Clamp | Self::Mirror => Some(at.clamp(0.0, last)),
        }
    }
}

/// What each pixel of the result along one direction is the sum of.
#[derive(Debug, PartialEq)]
pub struct Weights {
    taps: usize,
    firsts: Vec<u32>,
    values: Vec<f32>,
    identity: bool,
    whole: bool,
}

impl Weights {
    /// Pixels of the result.
    pub fn len(&self) -> usize {
        self.firsts.len()
    }

    /// Whether the result has no pixel.
    pub fn is_empty(&self) -> bool {
        self.firsts.is_empty()
    }

    /// The weights of each pixel, as many as the pixel with the most needs.
    pub fn taps(&self) -> usize {
        self.taps
    }

    /// For a pixel of the result, the first source pixel and the weights from there on. All source pixels lie within
    /// the picture where that has as many as there are taps.
    pub fn row(&self, at: usize) -> (u32, &[f32]) {
        let values = self.values.get(at * self.taps..).and_then(|v| v.get(..self.taps));
        (self.firsts.get(at).copied().unwrap_or_default(), values.unwrap_or_default())
    }

    /// Whether every pixel is its source pixel unchanged.
    pub(crate) fn is_identity(&self) -> bool {
        self.identity
    }

    /// Whether every pixel's weights add up to 1, so that what is opaque stays so.
    pub fn is_whole(&self) -> bool {
        self.whole
    }

    /// Means of blocks of `factor` pixels; that which the edge cuts is the mean of what there is.
    pub fn blocks(source: u32, factor: u32) -> Self {
        let factor = factor.max(1);
        let row = |i: u32| {
            let first = i * factor;
            let count = factor.min(source - first);
            (first, vec![1.0 / count as f32; count as usize])
        };
        Self::of((0..source.div_ceil(factor)).map(row).collect(), source, factor == 1)
    }

    /// Those of a place between pixels, at their natural size, as if nothing lay beyond the first `source` of them. The
    /// first pixel's centre is at 0.
    ///
    /// # Errors
    /// The place is not finite.
    pub fn of_place(filter: Filter, source: u32, place: f64) -> Result<Self> {
        made(&Along { filter, edge: Edge::Transparent, source, start: place, length: 1.0, out: 1 })
    }

    /// Rows of unequal length side by side, each with as many weights as the longest.
    fn of(rows: Vec<(u32, Vec<f32>)>, source: u32, identity: bool) -> Self {
        let taps = rows.iter().map(|(_, row)| row.len()).max().unwrap_or(1);
        let mut made = Self {
            taps,
            firsts: Vec::with_capacity(rows.len()),
            values: vec![0.0; taps * rows.len()],
            identity,
            whole: rows.iter().all(|(_, row)| (row.iter().sum::<f32>() - 1.0).abs() < 1e-4),
        };
        for ((first, row), values) in rows.into_iter().zip(made.values.chunks_mut(taps)) {
            // What is filled up with nothing must not reach beyond the edge.
            let held = first.min(source.saturating_sub(taps as u32));
            made.firsts.push(held);
            let places = values.iter_mut().skip((first - held) as usize);
            places.zip(row).for_each(|(place, weight)| *place = weight);
        }
        made
    }
}

/// Taps of one pixel, so that a table stays small and a pass short.
const MAX_TAPS: f64 = 4096.0;

/// Along one direction: the filter, what lies beyond, the source pixels from a start with a length, and the pixels of
/// the result. Positions are in source pixels, edges at whole numbers; a negative length mirrors.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Along {
    pub(crate) filter: Filter,
    pub(crate) edge: Edge,
    pub(crate) source: u32,
    pub(crate) start: f64,
    pub(crate) length: f64,
    pub(crate) out: u32,
}

/// Weights that were asked for last: each frame of a clip asks for the same ones.
static KEPT: Mutex<Vec<(Along, Arc<Weights>)>> = Mutex::new(Vec::new());
const KEPT_COUNT: usize = 16;

/// The weights along one direction.
pub(crate) fn weights(along: &Along) -> Result<Arc<Weights>> {
    let kept = || KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, weights)) = kept().iter().find(|(of, _)| of == along) {
        return Ok(weights.clone());
    }
    let made = Arc::new(made(along)?);
    let mut kept = kept();
    if kept.len() == KEPT_COUNT {
        kept.remove(0);
    }
    kept.push((*along, made.clone()));
    Ok(made)
}

fn made(along: &Along) -> Result<Weights> {
    let Along { filter, edge, source, start, length, out } = *along;
    let step = length / f64::from(out.max(1));
    let width = step.abs().max(1.0);
    let reach = filter.support() * width;
    if !start.is_finite() || !length.is_finite() || length == 0.0 || 2.0 * reach > MAX_TAPS {
        return Err(Error::usage("the source of a resize is empty, not finite or too large")
            .help("resize by a factor between 1/600 and 600, in two steps if need be"));
    }
    let last = f64::from(source.max(1)) - 1.0;
    let mut identity = out == source;
    let mut rows = Vec::with_capacity(out as usize);
    for i in 0..out {
        let centre = start + (f64::from(i) + 0.5) * step - 0.5;
        let (low, high) = ((centre - reach).ceil(), (centre + reach).floor());
        // Pixels beyond the edge are folded onto those that are seen there, or left out.
        let taps = (0..=(high - low).max(-1.0) as i64).map(|i| low + i as f64);
        let seen = taps.clone().filter_map(|at| edge.seen(at, last));
        let (first, end) =
            seen.map(|at| (at, at)).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).unwrap_or_else(|| {
                let nearest = low.clamp(0.0, last);
                (nearest, nearest)
            });
        let mut sums = vec![0.0_f64; (end - first) as usize + 1];
        let mut total = 0.0;
        for at in taps {
            let weight = filter.at((at - centre) / width);
            total += weight;
            if let Some(sum) = edge.seen(at, last).and_then(|at| sums.get_mut((at - first) as usize)) {
                *sum += weight;
            }
        }
        // A filter of finite width always covers a pixel; the guard keeps a division by 0 out all the same.
        let scale = if total.abs() > 1e-9 { 1.0 / total } else { 0.0 };
        let mut row: Vec<f32> = sums.iter().map(|t| (t * scale) as f32).collect();
        let skipped = row.iter().take_while(|w| **w == 0.0).count().min(row.len() - 1);
        row.drain(..skipped);
        while row.len() > 1 && row.last() == Some(&0.0) {
            row.pop();
        }
        let first = first as u32 + skipped as u32;
        identity &= first == i && row == [1.0];
        rows.push((first, row));
    }
    Ok(Weights::of(rows, source, identity))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(
        filter: Filter,
        edge: Edge,
        source: u32,
        (start, length): (f64, f64),
        out: u32,
    ) -> Result<Arc<Weights>> {
        weights(&Along { filter, edge, source, start, length, out })
    }

    #[test]
    fn weights_sum_to_one_and_the_natural_size_is_the_identity() {
        for filter in [Filter::Lanczos3, Filter::CatmullRom, Filter::Bilinear, Filter::Box] {
            let same = asked(filter, Edge::Clamp, 50, (0.0, 50.0), 50).unwrap();
            assert!(same.is_identity() && same.is_whole(), "{filter:?}");
        }
        for filter in [Filter::Lanczos3, Filter::Mitchell, Filter::CatmullRom, Filter::Bilinear, Filter::Box]
        {
            for out in [7, 50, 133] {
                let weights = asked(filter, Edge::Clamp, 50, (3.3, 41.7), out).unwrap();
                assert!(weights.is_whole() && weights.len() == out as usize);
                for (first, row) in (0..weights.len()).map(|i| weights.row(i)) {
                    assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                    assert!(first as usize + row.len() <= 50, "{filter:?} reads beyond the edge");
                }
            }
        }
        assert!(asked(Filter::Box, Edge::Clamp, 50, (0.0, f64::NAN), 5).is_err());
        assert!(asked(Filter::Box, Edge::Clamp, 50, (0.0, 0.0), 5).is_err());
    }

    #[test]
    fn far_outside_is_the_edge_or_nothing() {
        let clamped = asked(Filter::Lanczos3, Edge::Clamp, 10, (100.0, 4.0), 4).unwrap();
        assert_eq!(clamped.taps(), 1);
        assert!((0..4).all(|i| clamped.row(i).0 == 9 && (clamped.row(i).1[0] - 1.0).abs() < 1e-6));
        let clear = asked(Filter::Lanczos3, Edge::Transparent, 10, (100.0, 4.0), 4).unwrap();
        assert!((0..4).all(|i| clear.row(i).1.iter().all(|w| *w == 0.0)) && !clear.is_whole());
    }

    #[test]
    fn beyond_the_edge_is_the_picture_mirrored() {
        // Linear interpolation of 0 1 2 3 4 5 6 7, mirrored: at -1.25 it lies a quarter from 0 to 1.
        let value = |start: f64| {
            let weights = asked(Filter::Bilinear, Edge::Mirror, 8, (start - 0.5, 1.0), 1).unwrap();
            let (first, row) = weights.row(0);
            row.iter().zip(first..).map(|(w, at)| w * at as f32).sum::<f32>()
        };
        for (at, mirrored) in [(-0.5, 0.0), (0.0, 0.0), (-1.25, 0.75), (3.5, 3.0), (8.0, 7.0), (8.75, 6.75)] {
            assert!((value(at) - mirrored).abs() < 1e-6, "{at}: {}", value(at));
        }
        for (start, length) in [(-3.0, 14.0), (-8.0, 24.0), (2.5, 4.0)] {
            assert!(asked(Filter::Lanczos3, Edge::Mirror, 8, (start, length), 20).unwrap().is_whole());
        }
    }

    #[test]
    fn what_was_asked_for_lately_is_kept() {
        let first = asked(Filter::Mitchell, Edge::Clamp, 77, (0.0, 77.0), 123).unwrap();
        let again = asked(Filter::Mitchell, Edge::Clamp, 77, (0.0, 77.0), 123).unwrap();
        assert!(Arc::ptr_eq(&first, &again));
        for out in 1..=KEPT_COUNT as u32 {
            asked(Filter::Mitchell, Edge::Clamp, 77, (0.0, 77.0), out).unwrap();
        }
        assert_eq!(*first, *asked(Filter::Mitchell, Edge::Clamp, 77, (0.0, 77.0), 123).unwrap());
        assert!(KEPT.lock().unwrap().len() <= KEPT_COUNT);
    }
}
