//! Optimal transport between the colours of a clip and of a mood board, in Oklab.

use crate::plan::style_stats::StyleStats;

/// Entries of the map of lightness.
const ENTRIES: u16 = 256;
/// The steepest and flattest that the map of lightness may be, so that noise is not torn up and detail not lost.
const SLOPES: [f64; 2] = [0.3, 3.0];
/// Spread below which a colour axis counts as this wide: a grey clip has no spread to be stretched.
const LEAST: f64 = 0.008;
/// How far the spread of colour may be stretched along one axis.
const MOST_STRETCH: f64 = 3.0;

/// The map that takes one set of colours to another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Transport {
    /// New lightness for lightness 0 to 1 in equal steps.
    pub(crate) lightness: Vec<f32>,
    /// The mean of a and b before.
    pub(crate) from: [f32; 2],
    /// The mean of a and b after.
    pub(crate) onto: [f32; 2],
    /// The map between the spreads of a and b, row by row.
    pub(crate) spread: [f32; 4],
}

impl Transport {
    /// Lightness is carried by its quantiles, which is optimal for any distribution; a and b by the map that is optimal
    /// between normal distributions (Olkin and Pukelsheim 1982): `A^-½ (A^½ B A^½)^½ A^-½`.
    pub(crate) fn between(clip: &StyleStats, board: &StyleStats) -> Self {
        Self {
            lightness: lightness(&clip.luma_quantiles, &board.luma_quantiles),
            from: [clip.mean[1], clip.mean[2]],
            onto: [board.mean[1], board.mean[2]],
            spread: spread(chroma(clip), chroma(board)).flat(),
        }
    }
}

fn chroma(stats: &StyleStats) -> Symmetric {
    let c = &stats.covariance;
    Symmetric { xx: f64::from(c[1][1]), xy: f64::from(c[1][2]), yy: f64::from(c[2][2]) }
}

fn lightness(from: &[f32; 64], onto: &[f32; 64]) -> Vec<f32> {
    // Black stays black and white stays white; what lies between follows the quantiles.
    let mut points: Vec<[f64; 2]> = vec![[0.0, 0.0]];
    for (x, y) in from.iter().zip(onto) {
        let (x, y) = (f64::from(*x).clamp(0.0, 1.0), f64::from(*y).clamp(0.0, 1.0));
        match points.last_mut() {
            Some(last) if x - last[0] < 1e-4 => {
                last[1] = if last[0] == 0.0 { last[1] } else { (last[1] + y) / 2.0 }
            }
            _ => points.push([x, y]),
        }
    }
    if points.last().is_some_and(|p| p[0] < 1.0 - 1e-4) {
        points.push([1.0, 1.0]);
    }
    let at = |x: f64| {
        let right = points.partition_point(|p| p[0] <= x).clamp(1, points.len().max(2) - 1);
        match (points.get(right - 1), points.get(right)) {
            (Some(a), Some(b)) => a[1] + (b[1] - a[1]) * ((x - a[0]) / (b[0] - a[0])).clamp(0.0, 1.0),
            _ => x,
        }
    };
    // Slopes are held around the middle of the clip, where most of it lies.
    let step = 1.0 / f64::from(ENTRIES - 1);
    let raw: Vec<f64> = (0..ENTRIES).map(|i| at(f64::from(i) * step)).collect();
    let middle = (f64::from(from.get(32).copied().unwrap_or(0.5)).clamp(0.0, 1.0) / step).round() as usize;
    let mut held = raw.clone();
    let bound = |d: f64| d.clamp(SLOPES[0] * step, SLOPES[1] * step);
    for i in middle + 1..raw.len() {
        if let (Some(a), Some(b), Some(before)) = (raw.get(i - 1), raw.get(i), held.get(i - 1).copied())
            && let Some(slot) = held.get_mut(i)
        {
            // What was held back is caught up with as soon as the slope allows.
            *slot = before + bound((b - a) + (a - before));
        }
    }
    for i in (0..middle.min(raw.len() - 1)).rev() {
        if let (Some(a), Some(b), Some(after)) = (raw.get(i), raw.get(i + 1), held.get(i + 1).copied())
            && let Some(slot) = held.get_mut(i)
        {
            *slot = after - bound((b - a) + (after - b));
        }
    }
    held.into_iter().map(|v| v.clamp(0.0, 1.0) as f32).collect()
}

/// A symmetric 2 × 2 matrix.
#[derive(Clone, Copy, Debug)]
struct Symmetric {
    xx: f64,
    xy: f64,
    yy: f64,
}

impl Symmetric {
    fn flat(self) -> [f32; 4] {
        [self.xx, self.xy, self.xy, self.yy].map(|v| v as f32)
    }

    /// The same directions with other values along them.
    fn with_values(self, map: impl Fn(f64) -> f64) -> Self {
        let (mean, half) = ((self.xx + self.yy) / 2.0, (self.xx - self.yy) / 2.0);
        let radius = half.hypot(self.xy);
        let (high, low) = (map(mean + radius), map(mean - radius));
        let (cos, sin) = if radius > 0.0 { (half / radius, self.xy / radius) } else { (1.0, 0.0) };
        let (mean, radius) = ((high + low) / 2.0, (high - low) / 2.0);
        Self { xx: mean + radius * cos, xy: radius * sin, yy: mean - radius * cos }
    }

    /// `self · other · self`.
    fn around(self, other: Self) -> Self {
        let (a, b) = (self, other);
        let left = [
            [a.xx * b.xx + a.xy * b.xy, a.xx * b.xy + a.xy * b.yy],
            [a.xy * b.xx + a.yy * b.xy, a.xy * b.xy + a.yy * b.yy],
        ];
        Self {
            xx: left[0][0] * a.xx + left[0][1] * a.xy,
            xy: left[0][0] * a.xy + left[0][1] * a.yy,
            yy: left[1][0] * a.xy + left[1][1] * a.yy,
        }
    }
}

fn spread(from: Symmetric, onto: Symmetric) -> Symmetric {
    let wide = from.with_values(|v| v.max(LEAST * LEAST));
    let root = wide.with_values(f64::sqrt);
    let back = wide.with_values(|v| 1.0 / v.sqrt());
    let between = root.around(onto.with_values(|v| v.max(0.0))).with_values(|v| v.max(0.0).sqrt());
    back.around(between).with_values(|v| v.clamp(0.0, MOST_STRETCH))
}

/// How far the colours of a clip lie from a board's: the mean distance of their lightness quantiles and the optimal
/// transport distance of a and b as normal distributions, together.
#[cfg(test)]
pub(crate) fn distance(a: &StyleStats, b: &StyleStats) -> f64 {
    let light: f64 =
        a.luma_quantiles.iter().zip(&b.luma_quantiles).map(|(a, b)| f64::from(a - b).powi(2)).sum::<f64>()
            / 64.0;
    let mean: f64 = (1..3).map(|i| f64::from(a.mean[i] - b.mean[i]).powi(2)).sum();
    let (x, y) = (chroma(a), chroma(b));
    let root = x.with_values(|v| v.max(0.0).sqrt());
    let cross = root.around(y).with_values(|v| v.max(0.0).sqrt());
    (light + mean + x.xx + x.yy + y.xx + y.yy - 2.0 * (cross.xx + cross.yy)).max(0.0).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_carries_one_spread_onto_the_other() {
        let a = Symmetric { xx: 0.004, xy: 0.001, yy: 0.002 };
        let b = Symmetric { xx: 0.003, xy: -0.0015, yy: 0.005 };
        let carried = spread(a, b).around(a);
        for (got, want) in [(carried.xx, b.xx), (carried.xy, b.xy), (carried.yy, b.yy)] {
            assert!((got - want).abs() < 1e-9, "{got} {want}");
        }
        let same = spread(a, a);
        assert!((same.xx - 1.0).abs() < 1e-9 && same.xy.abs() < 1e-9 && (same.yy - 1.0).abs() < 1e-9);
        let grey = spread(Symmetric { xx: 0.0, xy: 0.0, yy: 0.0 }, b);
        assert!([grey.xx, grey.xy, grey.yy].iter().all(|v| v.is_finite() && v.abs() <= MOST_STRETCH));
    }

    #[test]
    fn lightness_rises_and_follows_the_quantiles() {
        let from: [f32; 64] = std::array::from_fn(|i| 0.2 + 0.5 * (i as f32 + 0.5) / 64.0);
        let onto: [f32; 64] = std::array::from_fn(|i| 0.35 + 0.4 * (i as f32 + 0.5) / 64.0);
        let map = lightness(&from, &onto);
        assert!(map.windows(2).all(|w| w[1] >= w[0]));
        for (x, y) in from.iter().zip(&onto) {
            let got = map[(x * 255.0).round() as usize];
            assert!((got - y).abs() < 0.01, "{x}: {got} {y}");
        }
        let flat = lightness(&[0.5; 64], &[0.5; 64]);
        assert!(flat.iter().enumerate().all(|(i, v)| (v - i as f32 / 255.0).abs() < 0.01));
    }
}
