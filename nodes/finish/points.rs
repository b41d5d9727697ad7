//! Curves through points: monotone between them, so that a curve never overshoots what its points say.

use rushes_engine::{Error, Result};

/// The most points that a curve may have.
const MOST: usize = 64;

/// Points `[x, y]` of a curve.
pub(crate) type Points = [[f64; 2]];

/// Holds points against their form: finite, within `x`, each further right than the one before.
pub(crate) fn check(points: &Points, name: &str, x: [f64; 2], y: [f64; 2]) -> Result<()> {
    let wrong = |what: String, help: String| Err(Error::usage(what).at(name).help(help));
    if points.len() > MOST {
        return wrong(
            format!("a curve of {} points is too long", points.len()),
            format!("use at most {MOST} points"),
        );
    }
    let within = |v: f64, [low, high]: [f64; 2]| v >= low && v <= high;
    if let Some(p) = points.iter().find(|p| !within(p[0], x) || !within(p[1], y)) {
        return wrong(
            format!("the point {p:?} lies outside the curve"),
            format!("keep x from {} to {} and y from {} to {}", x[0], x[1], y[0], y[1]),
        );
    }
    let falls = points.windows(2).any(|w| matches!(w, [a, b] if b[0] <= a[0]));
    if falls {
        return wrong(
            "the points of a curve do not rise in x".into(),
            "give each point a larger x than the one before".into(),
        );
    }
    Ok(())
}

/// The monotone cubic through `points` (Fritsch and Carlson 1980, with the harmonic mean of Fritsch and Butland 1984 as
/// slope) at `x`; the end values hold. Without points: `x`.
pub(crate) fn at(points: &Points, x: f64) -> f64 {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return x };
    if x <= first[0] || points.len() == 1 {
        return first[1];
    }
    if x >= last[0] {
        return last[1];
    }
    let right = points.partition_point(|p| p[0] <= x).clamp(1, points.len() - 1);
    let point = |i: usize| points.get(i).copied().unwrap_or(*last);
    let secant = |i: usize| {
        let (a, b) = (point(i), point(i + 1));
        (b[1] - a[1]) / (b[0] - a[0])
    };
    let slope = |i: usize| {
        if i == 0 {
            return secant(0);
        }
        if i + 1 >= points.len() {
            return secant(points.len() - 2);
        }
        let (left, right) = (secant(i - 1), secant(i));
        if left * right <= 0.0 {
            return 0.0;
        }
        let (before, after) = (point(i)[0] - point(i - 1)[0], point(i + 1)[0] - point(i)[0]);
        let (w1, w2) = (2.0 * after + before, after + 2.0 * before);
        (w1 + w2) / (w1 / left + w2 / right)
    };
    let (a, b) = (point(right - 1), point(right));
    let width = b[0] - a[0];
    let t = (x - a[0]) / width;
    let (t2, t3) = (t * t, t * t * t);
    a[1] * (2.0 * t3 - 3.0 * t2 + 1.0)
        + slope(right - 1) * width * (t3 - 2.0 * t2 + t)
        + b[1] * (3.0 * t2 - 2.0 * t3)
        + slope(right) * width * (t3 - t2)
}

/// A curve around a circle of 360: the points go on before and behind. Without points: `neutral`.
pub(crate) fn around(points: &Points, x: f64, neutral: f64) -> f64 {
    if points.is_empty() {
        return neutral;
    }
    let turned = |by: f64| points.iter().map(move |p| [p[0] + by, p[1]]);
    let mut all: Vec<[f64; 2]> = turned(-360.0).chain(turned(0.0)).chain(turned(360.0)).collect();
    all.dedup_by(|b, a| b[0] <= a[0]);
    at(&all, x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_curve_goes_through_its_points_and_holds_its_ends() {
        let points = [[0.1, 0.0], [0.4, 0.2], [0.7, 0.9], [0.9, 1.0]];
        for p in points {
            assert!((at(&points, p[0]) - p[1]).abs() < 1e-12);
        }
        assert_eq!((at(&points, 0.0), at(&points, 1.0), at(&[], 0.3)), (0.0, 1.0, 0.3));
        assert!((at(&[[0.0, 0.0], [1.0, 1.0]], 0.37) - 0.37).abs() < 1e-12);
        assert_eq!(around(&[], 10.0, 1.0), 1.0);
        let circle = [[10.0, 1.0], [350.0, 3.0]];
        assert!((around(&circle, 0.0, 0.0) - 2.0).abs() < 1e-9, "half way across the seam");
    }

    proptest! {
        #[test]
        fn between_two_points_it_stays_between_them(ys in prop::collection::vec(0.0..1.0_f64, 2..8), x in 0.0..1.0_f64) {
            let n = ys.len();
            let points: Vec<[f64; 2]> =
                ys.iter().enumerate().map(|(i, y)| [i as f64 / (n - 1) as f64, *y]).collect();
            let right = points.partition_point(|p| p[0] <= x).clamp(1, n - 1);
            let (a, b) = (points[right - 1][1], points[right][1]);
            let y = at(&points, x);
            prop_assert!(y >= a.min(b) - 1e-9 && y <= a.max(b) + 1e-9);
        }
    }
}
