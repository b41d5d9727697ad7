//! Built-in kernels that mix pixels: resize, box mean and blur. They premultiply before and divide after.

use crate::executor::{Executor, Label};
use crate::expr::{Expr, Mixed};
use crate::filter::{Along, Edge, Filter, weights};
use crate::image::Precision;
use crate::separable::{Bell, Separable, Taps};
use rushes_engine::{Error, Result};
use std::sync::Arc;

/// In which light pixels are mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Light {
    /// Linear light, gamma 2.4.
    #[default]
    Linear,
    /// The encoded values.
    Encoded,
}

/// A resize.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resize {
    /// Pixels across of the result.
    pub width: u32,
    /// Pixels down of the result.
    pub height: u32,
    /// The part of the source that fills the result: left, top, width and height in source pixels, which may lie
    /// outside; negative sizes mirror. `None` is all of it.
    pub source: Option<[f64; 4]>,
    /// The filter.
    pub filter: Filter,
    /// The light.
    pub light: Light,
    /// What lies beyond the source.
    pub edge: Edge,
}

impl Resize {
    /// All of the source to a size, by Lanczos in linear light.
    pub fn to(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            source: None,
            filter: Filter::Lanczos3,
            light: Light::Linear,
            edge: Edge::Clamp,
        }
    }

    /// What is added up of a picture of `width` and `height`; nothing where it stays as it is.
    fn mix(&self, (width, height): (u32, u32)) -> Result<Option<Separable>> {
        let [x, y, w, h] = self.source.unwrap_or([0.0, 0.0, f64::from(width), f64::from(height)]);
        if self.width == 0 || self.height == 0 || self.width > 16_384 || self.height > 16_384 {
            return Err(Error::usage(format!("a picture of {}×{} cannot be made", self.width, self.height))
                .help("keep both sides between 1 and 16384"));
        }
        let along = |source, start, length, out| {
            let weights =
                weights(&Along { filter: self.filter, edge: self.edge, source, start, length, out })?;
            Ok((!weights.is_identity()).then_some(Taps::Each(weights)))
        };
        let (across, down) = (along(width, x, w, self.width)?, along(height, y, h, self.height)?);
        let moves = across.is_some() || down.is_some();
        Ok(moves.then_some(Separable { across, down, light: self.light }))
    }
}

/// Resizes a picture. The identity returns the picture itself, unmade where it is so.
///
/// # Errors
/// A size that is too large or 0, a source rectangle that is empty or far larger than the result; or the
/// executor failed.
pub fn resize(
    exec: &dyn Executor,
    expr: &Expr,
    to: &Resize,
    precision: Precision,
    label: Label,
) -> Result<Expr> {
    match to.mix(expr.size())? {
        Some(mix) => Ok(exec.separable(expr, &mix, precision, label)?.into()),
        None => Ok(expr.clone()),
    }
}

/// As [`resize`], not yet made: for a picture that is needed once. What it is made of is made with it, some of it more than
/// once where that is what costs least.
///
/// # Errors
/// A size that is too large or 0, a source rectangle that is empty or far larger than the result.
pub fn resized(expr: &Expr, to: &Resize, precision: Precision) -> Result<Expr> {
    match to.mix(expr.size())? {
        Some(mix) => Ok(Expr::Mixed(Arc::new(Mixed::new(expr.clone(), mix, precision)?))),
        None => Ok(expr.clone()),
    }
}

/// The mean of each block of `factor × factor` pixels, as proxies are made; sizes are rounded up and blocks cut by
/// the edge take the mean of what there is. Factor 1 returns the picture itself.
///
/// # Errors
/// A factor of 0 or above 64; or the executor failed.
pub fn box_mean(
    exec: &dyn Executor,
    expr: &Expr,
    factor: u32,
    light: Light,
    precision: Precision,
    label: Label,
) -> Result<Expr> {
    if !(1..=64).contains(&factor) {
        return Err(Error::usage(format!("a proxy of 1/{factor} cannot be made"))
            .help("use a factor between 1 and 64"));
    }
    if factor == 1 {
        return Ok(expr.clone());
    }
    let taps = Some(Taps::Blocks(factor));
    let mix = Separable { across: taps.clone(), down: taps, light };
    Ok(exec.separable(expr, &mix, precision, label)?.into())
}

/// The largest blur, in pixels of the picture at hand.
const MAX_SIGMA: f64 = 512.0;

/// A Gaussian blur of standard deviation `sigma` in pixels of the picture at hand, cut at four of them; beyond the
/// edge its nearest pixel holds. Sigma 0 returns the picture itself.
///
/// # Errors
/// A sigma below 0, above 512 or not finite; or the executor failed.
pub fn blur(
    exec: &dyn Executor,
    expr: &Expr,
    sigma: f64,
    light: Light,
    precision: Precision,
    label: Label,
) -> Result<Expr> {
    if !(0.0..=MAX_SIGMA).contains(&sigma) {
        return Err(Error::usage(format!("a blur of {sigma} pixels cannot be made"))
            .help(format!("use a sigma between 0 and {MAX_SIGMA}")));
    }
    let radius = (4.0 * sigma).ceil() as u32;
    let bell = |x: u32| (-0.5 * (f64::from(x) / sigma).powi(2)).exp();
    let sum: f64 = 1.0 + 2.0 * (1..=radius).map(bell).sum::<f64>();
    let centre = 1.0 / sum;
    if radius == 0 || centre as f32 == 1.0 {
        return Ok(expr.clone());
    }
    let sides = (1..=radius).map(|x| (bell(x) / sum) as f32).collect();
    let taps = Taps::Bell(Arc::new(Bell { centre: centre as f32, sides }));
    let mix = Separable { across: Some(taps.clone()), down: Some(taps), light };
    Ok(exec.separable(expr, &mix, precision, label)?.into())
}
