//! Resampling filters and their weights, computed in double precision.

use rushes_engine::{Error, Result};
use std::f64::consts::PI;

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
}

/// For each pixel of the result along one direction: the first source pixel, and the weights from there.
pub(crate) struct Weights {
    pub(crate) rows: Vec<(u32, Vec<f32>)>,
    /// Whether every pixel is its source pixel unchanged.
    pub(crate) identity: bool,
}

/// Taps of one pixel, so that a table stays small and a pass short.
const MAX_TAPS: f64 = 4096.0;

/// The weights for `out` pixels over the source pixels from `start`, `length` long, of a row of `source`.
/// Positions are in source pixels, edges at whole numbers; a negative length mirrors.
pub(crate) fn weights(
    filter: Filter,
    edge: Edge,
    source: u32,
    start: f64,
    length: f64,
    out: u32,
) -> Result<Weights> {
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
        // Pixels beyond the edge are folded onto it, or left out.
        let first = low.clamp(0.0, last);
        let end = high.clamp(first, last);
        let mut taps = vec![0.0_f64; (end - first) as usize + 1];
        let mut total = 0.0;
        let mut at = low;
        while at <= high {
            let weight = filter.at((at - centre) / width);
            total += weight;
            let inside = (0.0..=last).contains(&at);
            if (inside || edge == Edge::Clamp)
                && let Some(tap) = taps.get_mut((at.clamp(first, end) - first) as usize)
            {
                *tap += weight;
            }
            at += 1.0;
        }
        // A filter of finite width always covers a pixel; the guard keeps a division by 0 out all the same.
        let scale = if total.abs() > 1e-9 { 1.0 / total } else { 0.0 };
        let mut row: Vec<f32> = taps.iter().map(|t| (t * scale) as f32).collect();
        let skipped = row.iter().take_while(|w| **w == 0.0).count().min(row.len() - 1);
        row.drain(..skipped);
        while row.len() > 1 && row.last() == Some(&0.0) {
            row.pop();
        }
        let first = first as u32 + skipped as u32;
        identity &= first == i && row == [1.0];
        rows.push((first, row));
    }
    Ok(Weights { rows, identity })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_and_the_natural_size_is_the_identity() {
        for filter in [Filter::Lanczos3, Filter::CatmullRom, Filter::Bilinear, Filter::Box] {
            assert!(weights(filter, Edge::Clamp, 50, 0.0, 50.0, 50).unwrap().identity, "{filter:?}");
        }
        for filter in [Filter::Lanczos3, Filter::Mitchell, Filter::CatmullRom, Filter::Bilinear, Filter::Box]
        {
            for out in [7, 50, 133] {
                for (_, row) in weights(filter, Edge::Clamp, 50, 3.3, 41.7, out).unwrap().rows {
                    assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-5);
                }
            }
        }
        assert!(weights(Filter::Box, Edge::Clamp, 50, 0.0, f64::NAN, 5).is_err());
        assert!(weights(Filter::Box, Edge::Clamp, 50, 0.0, 0.0, 5).is_err());
    }

    #[test]
    fn far_outside_is_the_edge_or_nothing() {
        let clamped = weights(Filter::Lanczos3, Edge::Clamp, 10, 100.0, 4.0, 4).unwrap();
        assert!(clamped.rows.iter().all(|(first, row)| *first == 9 && (row[0] - 1.0).abs() < 1e-6));
        let clear = weights(Filter::Lanczos3, Edge::Transparent, 10, 100.0, 4.0, 4).unwrap();
        assert!(clear.rows.iter().all(|(_, row)| row.iter().all(|w| *w == 0.0)));
    }
}
