//! Pictures seen through a projective map.

use crate::executor::{Executor, KernelRun, Label};
use crate::expr::{Expr, Place};
use crate::filter::{Along, Edge, Filter, weights};
use crate::image::{Image, Precision};
use crate::mixing::Light;
use crate::params::ParamValues;
use crate::separable::{Separable, Taps, finish, mixing_hash, prepared};
use crate::shader::{Border, Kernel};
use rushes_engine::{Key, KeyHasher, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One pass whatever the map.
static WARP: Kernel = Kernel::new(
    "warp",
    include_str!("../../../../assets/shaders/core/warp.wgsl"),
    1,
    &[],
    Border::Transparent,
);

/// Pixels either way that are mixed at most, as `warp.wgsl` has it: a picture shrunk further aliases rather than
/// stalls.
pub const WARP_REACH: u32 = 48;

/// How pixels are mixed where the picture moves by parts of a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Sampling {
    /// The pixel that is nearest, unmixed: for pixel art and measurements.
    Nearest,
    /// Four pixels: soft, never rings.
    Bilinear,
    /// Sixteen pixels (Catmull-Rom): a little softer than Lanczos, rings less.
    Bicubic,
    /// Thirty-six pixels: keeps the most detail.
    #[default]
    Lanczos,
}

impl Sampling {
    /// How many pixels either way are mixed where the picture keeps its size.
    pub fn support(self) -> u32 {
        self as u32
    }

    /// What a pixel is mixed by, if it is mixed.
    pub fn filter(self) -> Option<Filter> {
        match self {
            Self::Nearest => None,
            Self::Bilinear => Some(Filter::Bilinear),
            Self::Bicubic => Some(Filter::CatmullRom),
            Self::Lanczos => Some(Filter::Lanczos3),
        }
    }
}

/// What is seen beside the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Beyond {
    /// Nothing: alpha 0.
    Transparent,
    /// Black.
    Black,
    /// The pixels of the edge, drawn out.
    Clamp,
    /// The picture, mirrored.
    #[default]
    Mirror,
    /// The picture, repeated.
    Wrap,
}

/// A picture of which every pixel shows what lies where a map sends it. It premultiplies before and divides after.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Warp {
    /// From pixels of the result to those of the source, `[x y 1]` as a column on its right, centres at halves. Nothing
    /// is seen where the third row gives no more than 0.
    pub to_source: [[f32; 3]; 3],
    /// How pixels are mixed. Where the picture shrinks, the filter is widened by as much.
    pub sampling: Sampling,
    /// What is seen beside the source.
    pub beyond: Beyond,
    /// Width and height of the result.
    pub size: (u32, u32),
    /// The light in which pixels are mixed.
    pub light: Light,
}

impl Warp {
    /// The same as sums along rows and columns, where the map only moves and scales.
    fn along_axes(&self, (width, height): (u32, u32)) -> Result<Option<Separable>> {
        let [[sx, turn_x, x], [turn_y, sy, y], [ahead_x, ahead_y, ahead]] =
            self.to_source.map(|r| r.map(f64::from));
        let turned = [turn_x, turn_y, ahead_x, ahead_y].iter().any(|v| *v != 0.0);
        let Some(filter) = self.sampling.filter() else { return Ok(None) };
        let edge = match self.beyond {
            Beyond::Transparent => Edge::Transparent,
            Beyond::Clamp => Edge::Clamp,
            Beyond::Mirror => Edge::Mirror,
            // Black is opaque, and what is repeated is made of both ends at once: sums of neighbours are neither.
            Beyond::Black | Beyond::Wrap => return Ok(None),
        };
        let scales = [sx / ahead, sy / ahead];
        let reach = f64::from(self.sampling.support() + 1);
        let near = |s: f64| s.abs() > 1e-3 && s.abs() * reach < f64::from(WARP_REACH);
        if turned || ahead <= 1e-6 || !scales.into_iter().all(near) {
            return Ok(None);
        }
        let along = |source: u32, start: f64, scale: f64, out: u32| {
            let length = scale * f64::from(out);
            // Further away it is mirrored more than once.
            let around = reach * scale.abs().max(1.0);
            let (low, high) = (start.min(start + length) - around, start.max(start + length) + around);
            let size = f64::from(source);
            if edge == Edge::Mirror && (low < -size || high > 2.0 * size) {
                return Ok(None);
            }
            weights(&Along { filter, edge, source, start, length, out })
                .map(|weights| Some(Taps::Each(weights)))
        };
        let across = along(width, x / ahead, scales[0], self.size.0)?;
        let down = along(height, y / ahead, scales[1], self.size.1)?;
        Ok((across.is_some() && down.is_some()).then_some(Separable { across, down, light: self.light }))
    }
}

/// The picture seen through the map.
///
/// # Errors
/// A size that is 0 or too large; or the executor failed.
pub fn warp(
    exec: &dyn Executor,
    expr: &Expr,
    to: &Warp,
    precision: Precision,
    label: Label,
) -> Result<Image> {
    match to.along_axes(expr.size())? {
        Some(mix) => exec.separable(expr, &mix, precision, label),
        None => exec.warp(expr, to, precision, label),
    }
}

/// Warps by a kernel. What is mixed is kept as floats: the way back to encoded
/// values stretches light near black.
pub(crate) fn by_kernel<E: Executor + ?Sized>(
    exec: &E,
    expr: &Expr,
    to: &Warp,
    precision: Precision,
    label: Label,
) -> Result<Image> {
    let ready = exec.materialise_as(&prepared(expr, to.light)?, precision, Precision::Float, label)?;
    let [map0, map1, map2] = to.to_source.map(|[a, b, c]| [a, b, c, 0.0]);
    let params = ParamValues::new()
        .with("map0", map0)
        .with("map1", map1)
        .with("map2", map2)
        .with("filter_kind", to.sampling.support())
        .with("border", to.beyond as u32)
        .with("finish", finish(to.light, true));
    let place = Place::of_size(to.size.0, to.size.1);
    let run = KernelRun { kernel: &WARP, inputs: &[&ready], params: &params, tables: &[], place, precision };
    exec.kernel(&run, label)
}

/// A hash of the shaders behind [`warp`], for the frame keys of tools that use it.
pub fn warp_hash() -> Key {
    KeyHasher::new("warp").key(WARP.hash()).key(mixing_hash()).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_is_valid() {
        WARP.validate().unwrap();
    }

    #[test]
    fn only_moves_along_the_axes_are_sums_along_them() {
        let size = (64, 48);
        let seen = |to_source, sampling, beyond| {
            let warp = Warp { to_source, sampling, beyond, size, light: Light::Linear };
            warp.along_axes(size).unwrap().is_some()
        };
        let zoomed = [[0.8, 0.0, 5.0], [0.0, 0.8, 4.0], [0.0, 0.0, 1.0]];
        assert!(seen(zoomed, Sampling::Lanczos, Beyond::Mirror));
        assert!(!seen(zoomed, Sampling::Nearest, Beyond::Mirror));
        assert!(
            !seen(zoomed, Sampling::Lanczos, Beyond::Wrap) && !seen(zoomed, Sampling::Lanczos, Beyond::Black)
        );
        let turned = [[0.8, 0.1, 5.0], [-0.1, 0.8, 4.0], [0.0, 0.0, 1.0]];
        assert!(!seen(turned, Sampling::Lanczos, Beyond::Mirror));
        let tilted = [[0.8, 0.0, 5.0], [0.0, 0.8, 4.0], [0.0, 1e-4, 1.0]];
        assert!(!seen(tilted, Sampling::Lanczos, Beyond::Mirror));
        let far = [[0.8, 0.0, 500.0], [0.0, 0.8, 4.0], [0.0, 0.0, 1.0]];
        assert!(!seen(far, Sampling::Lanczos, Beyond::Mirror) && seen(far, Sampling::Lanczos, Beyond::Clamp));
    }
}
