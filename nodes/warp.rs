//! Pictures seen through a projective map: moves, turns, zooms and a camera before a plane.

use crate::work::Work;
use rushes_engine::Result;
use rushes_gpu::{Expr, Image, Light, Warp};

pub(crate) use rushes_gpu::{Beyond, Sampling, warp_hash as code};

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
    let to_source = to_input.0.map(|row| row.map(|v| v as f32));
    let to = Warp { to_source, sampling, beyond, size, light };
    rushes_gpu::warp(work.executor, picture, &to, work.precision, work.label)
}

#[cfg(test)]
mod tests {
    use super::*;

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
