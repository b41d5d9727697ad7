//! Separable resampling: resizing and blurring by tables of weights computed in double precision.
//!
//! Positions and normalisation follow zimg: sample centres at half pixels, the filter widened where the picture
//! shrinks, weights summing to 1, and the picture mirrored at its edges.

use crate::work::{Mixing, Work};
use rushes_engine::{Error, Result};
use rushes_gpu::{Border, Image, Kernel, ParamValues, Table, TableKind};
use std::f64::consts::PI;

/// The kernel of one axis.
pub(crate) static RESAMPLE: Kernel = Kernel::new(
    "resample",
    concat!(
        include_str!("../assets/shaders/picture/leave.wgsl"),
        include_str!("../assets/shaders/picture/resample.wgsl")
    ),
    1,
    &[("weights", TableKind::Plane)],
    Border::Mirror,
);

/// How output positions along one axis lie on the input, in pixels of the pictures at hand.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    /// Output pixels.
    pub(crate) length: u32,
    /// Input pixels an output pixel.
    pub(crate) step: f64,
    /// Where the output begins on the input.
    pub(crate) origin: f64,
}

impl Axis {
    /// An axis left as it is.
    pub(crate) fn same(length: u32) -> Self {
        Self { length, step: 1.0, origin: 0.0 }
    }

    fn is_same(self, length: u32) -> bool {
        self == Self::same(length)
    }
}

/// The weight of a sample by its distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Filter {
    /// The sinc windowed by its own first three lobes.
    Lanczos3,
    /// A tent over two pixels: the mean of the covered parts where a box is shifted.
    Tent,
    /// A normal distribution of this deviation in output pixels, cut at four of them.
    Gaussian(f64),
}

impl Filter {
    fn support(self) -> f64 {
        match self {
            Self::Lanczos3 => 3.0,
            Self::Tent => 1.0,
            Self::Gaussian(sigma) => (4.0 * sigma).ceil() + 0.5,
        }
    }

    fn at(self, x: f64) -> f64 {
        let x = x.abs();
        match self {
            Self::Lanczos3 if x >= 3.0 => 0.0,
            Self::Lanczos3 => sinc(x) * sinc(x / 3.0),
            Self::Tent => (1.0 - x).max(0.0),
            Self::Gaussian(sigma) if x > self.support() || sigma <= 0.0 => f64::from(u8::from(x == 0.0)),
            Self::Gaussian(sigma) => (-0.5 * (x / sigma).powi(2)).exp(),
        }
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// First input position and normalised weights of each output position.
fn rows(axis: Axis, filter: Filter) -> Result<(Vec<(f64, Vec<f64>)>, bool)> {
    let widened = axis.step.max(1.0);
    let taps = (filter.support() * widened).ceil() * 2.0;
    if !(taps >= 1.0 && taps <= 16_384.0 && axis.origin.is_finite() && axis.step > 0.0) {
        return Err(Error::usage(format!("a filter of {taps} pixels is too wide"))
            .help("blur less, or shrink the picture in smaller steps"));
    }
    let shared = axis.step == 1.0;
    let count = if shared { 1 } else { axis.length };
    let rows = (0..count).map(|i| {
        let pos = (f64::from(i) + 0.5) * axis.step + axis.origin;
        let start = (pos - taps / 2.0 + 0.5).floor();
        let mut weights: Vec<f64> =
            (0..taps as u32).map(|j| filter.at((start + f64::from(j) + 0.5 - pos) / widened)).collect();
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
        (start, weights)
    });
    Ok((rows.collect(), shared))
}

/// The table of one axis as the kernel reads it, its entries a position, and whether positions share a row.
fn table(axis: Axis, filter: Filter) -> Result<(Table, u32, bool)> {
    const FOLD: usize = 8192;
    let (rows, shared) = rows(axis, filter)?;
    let taps = rows.first().map_or(0, |(_, w)| w.len());
    let groups = taps.div_ceil(4);
    let (height, folds) = (rows.len().min(FOLD), rows.len().div_ceil(FOLD));
    let width = (groups + 1) * folds;
    let mut entries = vec![[0.0_f32; 4]; width * height];
    for (i, (start, weights)) in rows.iter().enumerate() {
        let at = (i % FOLD) * width + (i / FOLD) * (groups + 1);
        let Some(cells) = entries.get_mut(at..=at + groups) else { continue };
        if let Some((first, rest)) = cells.split_first_mut() {
            first[0] = *start as f32;
            for (cell, four) in rest.iter_mut().zip(weights.chunks(4)) {
                cell.iter_mut().zip(four).for_each(|(to, from)| *to = *from as f32);
            }
        }
    }
    let size = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok((Table::plane(size(width), size(height), entries)?, size(groups), shared))
}

/// Resamples a premultiplied picture along both axes; the result is left premultiplied or as `leave` says.
pub(crate) fn separable(
    work: &Work<'_>,
    image: &Image,
    x: Axis,
    y: Axis,
    filter: Filter,
    leave: Option<Mixing>,
) -> Result<Image> {
    // The smaller picture between the passes is the cheaper one.
    let across_first = u64::from(x.length) * u64::from(image.height());
    let down_first = u64::from(y.length) * u64::from(image.width());
    let mut passes = [(x, false), (y, true)];
    if down_first < across_first {
        passes.reverse();
    }
    let blurs = matches!(filter, Filter::Gaussian(_));
    let mut steps: Vec<(Axis, bool)> = passes
        .into_iter()
        .filter(|(axis, vertical)| {
            blurs || !axis.is_same(if *vertical { image.height() } else { image.width() })
        })
        .collect();
    if steps.is_empty() && leave.is_some() {
        steps.push((x, false));
    }
    let mut picture = image.clone();
    let last = steps.len().saturating_sub(1);
    for (i, (axis, vertical)) in steps.into_iter().enumerate() {
        let leave = leave.filter(|_| i == last);
        picture = one(work, &picture, axis, filter, vertical, leave)?;
    }
    Ok(picture)
}

fn one(
    work: &Work<'_>,
    image: &Image,
    axis: Axis,
    filter: Filter,
    vertical: bool,
    leave: Option<Mixing>,
) -> Result<Image> {
    let other = if vertical { image.width() } else { image.height() };
    let (table, groups, shared) = table(axis, filter)?;
    let params = ParamValues::new()
        .with("vertical", vertical)
        .with("groups", groups)
        .with("shared_row", shared)
        .with("leave", Mixing::code(leave));
    let size = if vertical { (other, axis.length) } else { (axis.length, other) };
    work.kernel(&RESAMPLE, &[image], &params, &[table], size)
}

/// Blurs a premultiplied picture by a normal distribution of `sigma` of its own pixels.
pub(crate) fn gaussian(
    work: &Work<'_>,
    image: &Image,
    sigma: f64,
    leave: Option<Mixing>,
) -> Result<Image> {
    let (x, y) = (Axis::same(image.width()), Axis::same(image.height()));
    separable(work, image, x, y, Filter::Gaussian(sigma), leave)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_sum_to_one_and_sit_where_zimg_puts_them() {
        let axis = Axis { length: 8, step: 0.5, origin: 0.0 };
        let (rows, shared) = rows(axis, Filter::Lanczos3).unwrap();
        assert!(!shared);
        assert_eq!(rows.len(), 8);
        // Output pixel 0 lies at 0.25: six taps from -3 + 0.25 rounded, that is from -3.
        assert_eq!((rows[0].0, rows[0].1.len()), (-3.0, 6));
        for (_, weights) in &rows {
            assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        }
        // The two phases of doubling are each other's mirror image.
        let turned: Vec<f64> = rows[1].1.iter().rev().copied().collect();
        assert!(rows[0].1.iter().zip(&turned).all(|(a, b)| (a - b).abs() < 1e-12));
    }

    #[test]
    fn shrinking_widens_the_filter() {
        let (rows, _) = rows(Axis { length: 4, step: 4.0, origin: 0.0 }, Filter::Lanczos3).unwrap();
        assert_eq!(rows[0].1.len(), 24);
    }

    #[test]
    fn a_long_axis_is_folded_into_the_table() {
        let axis = Axis { length: 16_384, step: 0.5, origin: 0.0 };
        let (table, groups, shared) = table(axis, Filter::Lanczos3).unwrap();
        assert_eq!((table.size(), groups, shared), ([6, 8192, 1], 2, false));
        let (rows, _) = rows(axis, Filter::Lanczos3).unwrap();
        assert_eq!(f64::from(table.entries()[6 * 3 + 3][0]), rows[8192 + 3].0);
    }
}
