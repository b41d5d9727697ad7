//! Places, rectangles and the transforms between shapes.

/// A place in whole pixels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// From the left.
    pub x: i64,
    /// From the top.
    pub y: i64,
}

/// A rectangle of whole pixels; all four of its edges belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rect {
    /// Its first column.
    pub left: i64,
    /// Its first row.
    pub top: i64,
    /// Its last column.
    pub right: i64,
    /// Its last row.
    pub bottom: i64,
}

impl Rect {
    /// How many pixels it holds.
    pub fn area(&self) -> i64 {
        (self.right - self.left + 1).max(0) * (self.bottom - self.top + 1).max(0)
    }

    /// What both hold.
    #[must_use]
    pub fn common(&self, other: &Self) -> Self {
        Self {
            left: self.left.max(other.left),
            top: self.top.max(other.top),
            right: self.right.min(other.right),
            bottom: self.bottom.min(other.bottom),
        }
    }

    /// The least that holds both.
    #[must_use]
    pub fn around(&self, other: &Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }
}

/// A turn and a scale, as a complex number, and a shift.
#[derive(Clone, Copy, Debug)]
pub(super) struct Similarity {
    pub(super) real: f64,
    pub(super) imaginary: f64,
    shift: [f64; 2],
}

impl Similarity {
    /// The one that brings `from` nearest to `to`, by least squares (Umeyama 1991, in the plane and without mirroring).
    pub(super) fn between(from: &[[f64; 2]], to: &[[f64; 2]]) -> Self {
        let mean = |points: &[[f64; 2]]| {
            let count = points.len().max(1) as f64;
            [0, 1].map(|i| points.iter().filter_map(|p| p.get(i)).sum::<f64>() / count)
        };
        let ([ax, ay], [bx, by]) = (mean(from), mean(to));
        let (mut real, mut imaginary, mut spread) = (0.0, 0.0, 0.0);
        for ([x, y], [u, v]) in from.iter().zip(to) {
            let (x, y, u, v) = (x - ax, y - ay, u - bx, v - by);
            real += x * u + y * v;
            imaginary += x * v - y * u;
            spread += x * x + y * y;
        }
        if spread > 0.0 {
            (real, imaginary) = (real / spread, imaginary / spread);
        }
        let shift = [bx - (real * ax - imaginary * ay), by - (imaginary * ax + real * ay)];
        Self { real, imaginary, shift }
    }

    /// Where a place comes to lie.
    pub(super) fn apply(&self, [x, y]: [f64; 2]) -> [f64; 2] {
        let [right, down] = self.shift;
        [self.real * x - self.imaginary * y + right, self.imaginary * x + self.real * y + down]
    }
}

/// To the nearest whole number, halves upwards.
pub(super) fn rounded(value: f64) -> i64 {
    (value + 0.5).floor() as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_a_scale_and_a_shift_are_found_again() {
        let from = [[0.0, 0.0], [4.0, 0.0], [1.0, 3.0]];
        let turned = from.map(|[x, y]| [3.0 - 2.0 * y, 1.0 + 2.0 * x]);
        let found = Similarity::between(&from, &turned);
        assert!((found.real).abs() < 1e-12 && (found.imaginary - 2.0).abs() < 1e-12, "{found:?}");
        for (from, to) in from.iter().zip(&turned) {
            let [x, y] = found.apply(*from);
            assert!((x - to[0]).abs() < 1e-12 && (y - to[1]).abs() < 1e-12);
        }
        let one = Similarity::between(&[[1.0, 1.0]], &[[2.0, 5.0]]);
        assert!(one.apply([1.0, 1.0]).iter().all(|v| v.is_finite()));
    }

    #[test]
    fn rectangles_hold_their_edges() {
        let rect = |left, top, right, bottom| Rect { left, top, right, bottom };
        let (a, b) = (rect(0, 0, 9, 9), rect(5, 8, 14, 12));
        assert_eq!((a.area(), a.common(&b).area(), a.around(&b).area()), (100, 10, 195));
        assert_eq!(a.common(&rect(20, 20, 30, 30)).area(), 0);
    }
}
