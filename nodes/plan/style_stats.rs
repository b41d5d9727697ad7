//! What a mood board says about colour: palette, tones and the spread of colours, in Oklab.

use rushes_engine::{Payload, Tier};
use std::any::Any;
use std::collections::BTreeMap;

/// Colours of a palette.
const PALETTE: usize = 6;
/// Rounds of k-means; the assignment is usually steady long before.
const ROUNDS: usize = 32;
/// Cells per unit of Oklab in which pixels are gathered before they are clustered.
const CELLS: f32 = 64.0;

/// Colour statistics of pictures, in Oklab of display-referred pixels (light is the power 2.4 of the encoded value).
#[derive(Clone, Debug, PartialEq)]
pub struct StyleStats {
    /// The main colours by k-means, the most frequent first; at most six. Oklab.
    pub palette: Vec<[f32; 3]>,
    /// The share of the pixels that each palette colour stands for; together 1.
    pub weights: Vec<f32>,
    /// Oklab lightness at the quantiles (i + 0.5) / 64: the tone curve.
    pub luma_quantiles: [f32; 64],
    /// The mean colour. Oklab.
    pub mean: [f32; 3],
    /// The covariance of the colours. Oklab.
    pub covariance: [[f32; 3]; 3],
}

impl StyleStats {
    /// The statistics of encoded, display-referred RGB pixels. Without pixels: black.
    pub fn of_pixels(rgb_encoded: impl Iterator<Item = [f32; 3]>) -> Self {
        let labs: Vec<[f32; 3]> =
            rgb_encoded.filter(|p| p.iter().all(|v| v.is_finite())).map(oklab_from_encoded).collect();
        let labs = if labs.is_empty() { vec![[0.0; 3]] } else { labs };
        let (mean, covariance) = moments(&labs);
        let (palette, weights) = palette(&labs);
        let mut lightness: Vec<f32> = labs.iter().map(|lab| lab[0]).collect();
        lightness.sort_by(f32::total_cmp);
        let luma_quantiles = std::array::from_fn(|i| quantile(&lightness, (i as f32 + 0.5) / 64.0));
        Self { palette, weights, luma_quantiles, mean, covariance }
    }
}

impl Payload for StyleStats {
    fn bytes(&self) -> u64 {
        (size_of::<Self>() + self.palette.len() * 16) as u64
    }

    fn tier(&self) -> Tier {
        Tier::Memory
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Oklab (Ottosson 2020) of an encoded, display-referred pixel of BT.709 primaries.
pub fn oklab_from_encoded(rgb: [f32; 3]) -> [f32; 3] {
    let [r, g, b] = rgb.map(|v| v.signum() * v.abs().powf(2.4));
    let dot = |a: [f32; 3], v: [f32; 3]| a[0] * v[0] + a[1] * v[1] + a[2] * v[2];
    let lms = [
        dot([0.412_221_47, 0.536_332_54, 0.051_445_993], [r, g, b]).cbrt(),
        dot([0.211_903_5, 0.680_699_5, 0.107_396_96], [r, g, b]).cbrt(),
        dot([0.088_302_46, 0.281_718_84, 0.629_978_7], [r, g, b]).cbrt(),
    ];
    [
        dot([0.210_454_26, 0.793_617_8, -0.004_072_047], lms),
        dot([1.977_998_5, -2.428_592_2, 0.450_593_7], lms),
        dot([0.025_904_037, 0.782_771_77, -0.808_675_77], lms),
    ]
}

/// The value below which a share `q` of sorted values lies, between neighbours linearly.
fn quantile(sorted: &[f32], q: f32) -> f32 {
    let at = (q * sorted.len() as f32 - 0.5).clamp(0.0, (sorted.len() - 1) as f32);
    let low = at as usize;
    let value = |i: usize| sorted.get(i.min(sorted.len() - 1)).copied().unwrap_or(0.0);
    value(low) + (value(low + 1) - value(low)) * at.fract()
}

/// The mean and the covariance of colours, of which there is at least one.
pub(crate) fn moments(labs: &[[f32; 3]]) -> ([f32; 3], [[f32; 3]; 3]) {
    let n = labs.len() as f64;
    let mean: [f64; 3] = std::array::from_fn(|i| labs.iter().map(|l| f64::from(l[i])).sum::<f64>() / n);
    let spread = |i: usize, j: usize| {
        labs.iter().map(|l| (f64::from(l[i]) - mean[i]) * (f64::from(l[j]) - mean[j])).sum::<f64>() / n
    };
    let covariance = std::array::from_fn(|i| std::array::from_fn(|j| spread(i, j) as f32));
    (mean.map(|m| m as f32), covariance)
}

/// k-means over the pixels gathered in cells. The first centre is the fullest cell, each further one the cell that is
/// farthest from the centres so far, weighted by how full it is: no dice, so the same pixels give the same palette.
fn palette(labs: &[[f32; 3]]) -> (Vec<[f32; 3]>, Vec<f32>) {
    let mut cells: BTreeMap<[i32; 3], ([f64; 3], f64)> = BTreeMap::new();
    for lab in labs {
        let (sum, count) = cells.entry(lab.map(|v| (v * CELLS).floor() as i32)).or_default();
        sum.iter_mut().zip(lab).for_each(|(s, v)| *s += f64::from(*v));
        *count += 1.0;
    }
    let cells: Vec<([f64; 3], f64)> = cells.into_values().map(|(s, n)| (s.map(|v| v / n), n)).collect();
    let mut centres: Vec<[f64; 3]> = Vec::new();
    while centres.len() < PALETTE {
        let gain = |(at, n): &([f64; 3], f64)| n * nearest(&centres, *at).map_or(1.0, |(_, d)| d);
        let Some(best) = cells.iter().max_by(|a, b| gain(a).total_cmp(&gain(b))) else { break };
        if !centres.is_empty() && gain(best) <= 0.0 {
            break;
        }
        centres.push(best.0);
    }
    let mut shares = vec![0.0; centres.len()];
    for _ in 0..ROUNDS {
        let mut sums = vec![([0.0; 3], 0.0); centres.len()];
        for (at, n) in &cells {
            let Some((sum, count)) = nearest(&centres, *at).and_then(|(i, _)| sums.get_mut(i)) else {
                continue;
            };
            sum.iter_mut().zip(at).for_each(|(s, v): (&mut f64, &f64)| *s += v * n);
            *count += n;
        }
        let before = centres.clone();
        for ((centre, share), (sum, count)) in centres.iter_mut().zip(&mut shares).zip(sums) {
            *share = count;
            if count > 0.0 {
                *centre = sum.map(|s| s / count);
            }
        }
        if before == centres {
            break;
        }
    }
    let mut found: Vec<_> = centres.into_iter().zip(shares).filter(|(_, n)| *n > 0.0).collect();
    found.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total: f64 = found.iter().map(|(_, n)| n).sum();
    found.into_iter().map(|(at, n)| (at.map(|v| v as f32), (n / total) as f32)).unzip()
}

/// The centre nearest to `at`, and the square of the distance.
fn nearest(centres: &[[f64; 3]], at: [f64; 3]) -> Option<(usize, f64)> {
    let distance = |c: &[f64; 3]| c.iter().zip(at).map(|(a, b)| (a - b) * (a - b)).sum::<f64>();
    centres.iter().map(distance).enumerate().min_by(|a, b| a.1.total_cmp(&b.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Encoded RGB whose linear light is `linear`.
    fn encoded(linear: [f32; 3]) -> [f32; 3] {
        linear.map(|v| v.powf(1.0 / 2.4))
    }

    #[test]
    fn oklab_is_ottossons() {
        // Pairs of linear light and Oklab computed from the matrices of the publication in exact arithmetic.
        let near = |a: [f32; 3], b: [f32; 3]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 2e-5);
        assert!(near(oklab_from_encoded([1.0; 3]), [1.0, 0.0, 0.0]));
        assert!(near(oklab_from_encoded([1.0, 0.0, 0.0]), [0.627_955, 0.224_863, 0.125_846]));
        assert!(near(oklab_from_encoded([0.0, 0.0, 1.0]), [0.452_014, -0.032_457, -0.311_528]));
        let grey = oklab_from_encoded(encoded([0.125; 3]));
        assert!(near(grey, [0.5, 0.0, 0.0]), "{grey:?}");
    }

    #[test]
    fn a_picture_of_flat_colours_gives_these_colours_and_their_shares() {
        let colours = [[0.9, 0.2, 0.1], [0.1, 0.6, 0.2], [0.05, 0.05, 0.3]];
        let pixels = colours.iter().zip([500, 300, 200]).flat_map(|(c, n)| std::iter::repeat_n(*c, n));
        let stats = StyleStats::of_pixels(pixels.clone());
        assert_eq!(stats.palette.len(), 3);
        for ((found, weight), (colour, share)) in
            stats.palette.iter().zip(&stats.weights).zip(colours.iter().zip([0.5, 0.3, 0.2]))
        {
            let wanted = oklab_from_encoded(*colour);
            assert!(found.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-5), "{found:?} {wanted:?}");
            assert!((weight - share).abs() < 1e-6);
        }
        assert_eq!(stats, StyleStats::of_pixels(pixels), "no dice");
    }

    #[test]
    fn quantiles_and_moments_follow_their_definitions() {
        // Greys whose lightness is evenly spread: L is the cube root of the light of a grey.
        let n = 6400;
        let grey = |i: i32| encoded([((i as f32 + 0.5) / n as f32).powi(3); 3]);
        let stats = StyleStats::of_pixels((0..n).map(grey));
        for (i, l) in stats.luma_quantiles.iter().enumerate() {
            assert!((l - (i as f32 + 0.5) / 64.0).abs() < 1e-3, "{i} {l}");
        }
        assert!((stats.mean[0] - 0.5).abs() < 1e-3);
        assert!((stats.covariance[0][0] - 1.0 / 12.0).abs() < 1e-3, "variance of an even spread");
        assert!(stats.covariance[1][1].abs() < 1e-6);
        assert_eq!(StyleStats::of_pixels(std::iter::empty()).mean, [0.0; 3]);
    }
}
