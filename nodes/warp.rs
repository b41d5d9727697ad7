//! Pictures seen through a projective map: moves, turns, zooms and a camera before a plane.

use crate::work::{Work, finish_code};
use rushes_engine::{Key, KeyHasher, Result};
use rushes_gpu::{Border, Expr, Image, Kernel, Light, ParamValues};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kernel: one pass whatever the map.
static WARP: Kernel =
    Kernel::new("warp", include_str!("../assets/shaders/picture/warp.wgsl"), 1, &[], Border::Transparent);

/// How pixels are mixed where the picture moves by parts of a pixel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Sampling {
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

/// What is seen beside the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Beyond {
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

/// A projective map of the plane, `[x y 1]` as a column on its right, in pixels with centres at halves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Map(pub(crate) [[f64; 3]; 3]);

impl Map {
    /// By whole and partial pixels.
    pub(crate) fn shift(x: f64, y: f64) -> Self {
        Self([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
    }

    /// Larger or smaller about the origin.
    pub(crate) fn scale(x: f64, y: f64) -> Self {
        Self([[x, 0.0, 0.0], [0.0, y, 0.0], [0.0, 0.0, 1.0]])
    }

    /// Clockwise on a screen, whose y points down, in degrees about the origin.
    pub(crate) fn turn(degrees: f64) -> Self {
        let (sin, cos) = degrees.to_radians().sin_cos();
        Self([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
    }

    /// First `inner`, then this.
    pub(crate) fn after(self, inner: Self) -> Self {
        let (a, b) = (self.0, inner.0);
        let cell = |i: usize, j: usize| (0..3).map(|k| a[i][k] * b[k][j]).sum();
        Self([0, 1, 2].map(|i| [0, 1, 2].map(|j| cell(i, j))))
    }

    /// Where a point goes; `None` at or behind the horizon.
    pub(crate) fn apply(self, [x, y]: [f64; 2]) -> Option<[f64; 2]> {
        let [px, py, w] = self.0.map(|row| row[0] * x + row[1] * y + row[2]);
        (w > 0.0).then(|| [px / w, py / w])
    }

    /// The same map into a picture at 1/`from` of its size, of the pixels of one at 1/`to`.
    pub(crate) fn at_scales(self, from: u32, to: u32) -> Self {
        let (from, to) = (1.0 / f64::from(from.max(1)), f64::from(to.max(1)));
        Self::scale(from, from).after(self).after(Self::scale(to, to))
    }
}

/// The picture of which every pixel shows what lies where `to_input` sends it, mixed in `light`.
pub(crate) fn warp(
    work: &Work<'_>,
    picture: &Expr,
    to_input: Map,
    (sampling, beyond): (Sampling, Beyond),
    size: (u32, u32),
    light: Light,
) -> Result<Image> {
    let [map0, map1, map2] = to_input.0.map(|[a, b, c]| [a as f32, b as f32, c as f32, 0.0]);
    let params = ParamValues::new()
        .with("map0", map0)
        .with("map1", map1)
        .with("map2", map2)
        .with("filter_kind", sampling as u32)
        .with("border", beyond as u32)
        .with("finish", finish_code(light));
    work.kernel(&WARP, &[&work.mixable(picture, light)?], &params, size)
}

/// A hash of the shaders behind [`warp`], for frame keys.
pub(crate) fn code() -> Key {
    KeyHasher::new("warp").key(WARP.hash()).key(crate::work::code()).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_is_valid() {
        WARP.validate().unwrap();
    }

    #[test]
    fn maps_compose_from_the_right() {
        let map = Map::shift(10.0, 0.0).after(Map::turn(90.0)).after(Map::scale(2.0, 2.0));
        let [x, y] = map.apply([1.0, 0.0]).unwrap();
        assert!((x - 10.0).abs() < 1e-12 && (y - 2.0).abs() < 1e-12, "{x} {y}");
    }

    #[test]
    fn a_smaller_picture_moves_by_less() {
        let [x, y] = Map::shift(8.0, 4.0).at_scales(4, 4).apply([1.0, 1.0]).unwrap();
        assert_eq!([x, y], [3.0, 2.0]);
        let [x, y] = Map::shift(8.0, 4.0).at_scales(2, 4).apply([1.0, 1.0]).unwrap();
        assert_eq!([x, y], [6.0, 4.0], "twice as many of the input's");
    }
}
