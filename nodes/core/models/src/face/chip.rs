//! A face cut out of its picture, upright and of one size.

use super::geometry::{Point, Rect, Similarity, rounded};
use crate::Picture;
use rushes_engine::Result;

/// A side of what is cut out.
pub(super) const SIDE: usize = 150;
/// What is left around the face, in parts of it.
const MARGIN: f64 = 0.25;
/// Where the five points are in a face that reaches from 0 to 1: dlib's mean of many.
const MEAN: [[f64; 2]; 5] = [
    [0.8595674595992, 0.2134981538014],
    [0.6460604764104, 0.2289674387677],
    [0.1205750620789, 0.2137274526848],
    [0.3340850613712, 0.2290642403242],
    [0.4901123135679, 0.6277975316475],
];

/// A rectangle that is turned, in a picture: its corners before, and the angle.
#[derive(Clone, Copy)]
struct Turned {
    start: [f64; 2],
    end: [f64; 2],
    angle: f64,
}

impl Turned {
    /// Where the face is that has these points.
    fn of(points: &[Point; 5]) -> Self {
        let side = SIDE as f64;
        let mean = MEAN.map(|point| point.map(|v| side * (MARGIN + v) / (2.0 * MARGIN + 1.0)));
        let points = points.map(|p| [p.x as f64, p.y as f64]);
        let found = Similarity::between(&mean, &points);
        let middle = found.apply([side / 2.0; 2]);
        let half = (side * found.real.hypot(found.imaginary) - 1.0) / 2.0;
        let angle = found.imaginary.atan2(found.real);
        Self { start: middle.map(|v| v - half), end: middle.map(|v| v + half), angle }
    }

    fn area(&self) -> f64 {
        let [across, down] = [0, 1].map(|i| match (self.start.get(i), self.end.get(i)) {
            (Some(start), Some(end)) => (end - start + 1.0).max(0.0),
            _ => 0.0,
        });
        across * down
    }

    /// The same in the picture that [`halved`] makes.
    fn halved(&self) -> Self {
        let half = |[x, y]: [f64; 2]| [x / 2.0 - 1.25, y / 2.0 - 0.75];
        Self { start: half(self.start), end: half(self.end), ..*self }
    }

    fn moved(&self, [x, y]: [f64; 2]) -> Self {
        let by = |[a, b]: [f64; 2]| [a + x, b + y];
        Self { start: by(self.start), end: by(self.end), ..*self }
    }

    /// A corner, as the rectangle is turned: the left or right one, upper or lower.
    fn corner(&self, right: bool, lower: bool) -> [f64; 2] {
        let ([left, top], [end, bottom]) = (self.start, self.end);
        let (x, y) = ((left + end) / 2.0, (top + bottom) / 2.0);
        let off = (if right { end - x } else { left - x }, if lower { bottom - y } else { top - y });
        let (sin, cos) = self.angle.sin_cos();
        [x + cos * off.0 - sin * off.1, y + sin * off.0 + cos * off.1]
    }
}

/// The face with these points.
pub(super) fn cut(picture: &Picture, points: &[Point; 5]) -> Result<Picture> {
    let pixels = (SIDE * SIDE) as f64;
    let mut place = Turned::of(points);
    // Between the straight lines of pixels far apart a face would be lost: the picture is halved before, until what is
    // cut out has no more than twice the pixels either way.
    let (mut reach, mut smaller) = (2.0, place.halved());
    let mut times = 0;
    while smaller.area() > pixels {
        smaller = smaller.halved();
        times += 1;
        reach = reach * 2.0 + 2.0;
    }
    let part = around(&place, reach).common(&Rect {
        left: 0,
        top: 0,
        right: picture.width() as i64 - 1,
        bottom: picture.height() as i64 - 1,
    });
    let length = |first: i64, last: i64| usize::try_from(last - first + 1).unwrap_or(0);
    let [left, top] = [part.left, part.top].map(|v| usize::try_from(v).unwrap_or(0));
    let (across, down) = (length(part.left, part.right), length(part.top, part.bottom));
    let mut source = picture.part(left, top, across, down);
    place = place.moved([-(part.left as f64), -(part.top as f64)]);
    for _ in 0..times {
        source = halved(&source)?;
        place = place.halved();
    }
    let last = (SIDE - 1) as f64;
    let [corner, right, below] =
        [(false, false), (true, false), (false, true)].map(|(r, l)| place.corner(r, l));
    let at = |x: usize, y: usize| {
        let (x, y) = (x as f64 / last, y as f64 / last);
        let along = |i: usize| {
            let of = |corner: &[f64; 2]| corner.get(i).copied().unwrap_or(0.0);
            of(&corner) + x * (of(&right) - of(&corner)) + y * (of(&below) - of(&corner))
        };
        between(&source, along(0), along(1))
    };
    let rgb = (0..SIDE * SIDE).map(|i| at(i % SIDE, i / SIDE)).collect();
    Picture::new(SIDE, SIDE, rgb)
}

/// The rectangle that holds all corners, and `reach` more on each side.
fn around(place: &Turned, reach: f64) -> Rect {
    let corners =
        [(false, false), (true, false), (false, true), (true, true)].map(|(r, l)| place.corner(r, l));
    let [left, top] = corners.into_iter().fold([f64::MAX; 2], |[a, b], [x, y]| [a.min(x), b.min(y)]);
    let [right, bottom] = corners.into_iter().fold([f64::MIN; 2], |[a, b], [x, y]| [a.max(x), b.max(y)]);
    Rect {
        left: rounded(left - reach),
        top: rounded(top - reach),
        right: rounded(right + reach),
        bottom: rounded(bottom + reach),
    }
}

/// The picture of half the size, through the five binomial weights; its outermost pixels are lost.
fn halved(picture: &Picture) -> Result<Picture> {
    if picture.width() <= 8 || picture.height() <= 8 {
        return Picture::new(0, 0, Vec::new());
    }
    let (width, height) = ((picture.width() - 3) / 2, (picture.height() - 3) / 2);
    let mixed = |x: usize, y: usize| {
        let mut sums = [0_u32; 3];
        for (dy, down) in (0..).zip([1, 4, 6, 4, 1]) {
            for (dx, across) in (0..).zip([1, 4, 6, 4, 1]) {
                let pixel = picture.at((2 * x) as i64 + dx, (2 * y) as i64 + dy).unwrap_or_default();
                for (sum, value) in sums.iter_mut().zip(pixel) {
                    *sum += across * down * u32::from(value);
                }
            }
        }
        sums.map(|sum| u8::try_from(sum / 256).unwrap_or(u8::MAX))
    };
    Picture::new(width, height, (0..width * height).map(|i| mixed(i % width, i / width)).collect())
}

/// The picture between its pixels, by straight lines; black where not all four are there.
fn between(picture: &Picture, x: f64, y: f64) -> [u8; 3] {
    let (left, top) = (x.floor(), y.floor());
    let (part, share) = (x - left, y - top);
    let pixel = |dx: i64, dy: i64| picture.at(left as i64 + dx, top as i64 + dy);
    let (Some(a), Some(b), Some(c), Some(d)) = (pixel(0, 0), pixel(1, 0), pixel(0, 1), pixel(1, 1)) else {
        return [0; 3];
    };
    let mut mixed = [0; 3];
    for ((((value, a), b), c), d) in mixed.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        let row = |left: u8, right: u8| (1.0 - part) * f64::from(left) + part * f64::from(right);
        *value = ((1.0 - share) * row(a, b) + share * row(c, d)) as u8;
    }
    mixed
}
