//! A picture at all its scales on one canvas, so that a detector with a window of one size finds faces of any.
//!
//! Each scale is five sixths of the one before. They lie below each other as far as that is the shorter way, the
//! smaller ones in a second column upwards; between them is the mean of photographs, which a network sees as nothing.
//! The places are those that dlib gives them, and thereby also where the detector's steps of 8 pixels fall.

use crate::Picture;

/// Pixels between two scales.
const BETWEEN: i64 = 10;
/// Pixels around all of them.
const AROUND: i64 = 11;
/// The least height of a scale.
const LEAST: i64 = 5;

/// One scale on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tile {
    pub(super) left: i64,
    pub(super) top: i64,
    width: i64,
    height: i64,
}

impl Tile {
    /// How far a place is from it.
    fn distance(&self, x: f64, y: f64) -> f64 {
        let off =
            |v: f64, start: i64, length: i64| v - v.clamp(start as f64, (start + length.max(1) - 1) as f64);
        off(x, self.left, self.width).hypot(off(y, self.top, self.height))
    }

    fn meets(&self, other: &Self) -> bool {
        let apart = |a: i64, length: i64, b: i64, other: i64| a + length <= b || b + other <= a;
        !apart(self.left, self.width, other.left, other.width)
            && !apart(self.top, self.height, other.top, other.height)
    }
}

/// The canvas.
pub(super) struct Tiles {
    pub(super) width: usize,
    pub(super) height: usize,
    /// The scales, the largest first.
    tiles: Vec<Tile>,
    /// Red, then green, then blue, as networks see them.
    pub(super) values: Vec<f32>,
}

/// The size of the canvas and the scales on it. At least the first is there.
fn places(width: i64, height: i64) -> (i64, i64, Vec<Tile>) {
    let mut tiles = vec![Tile { left: AROUND, top: AROUND, width, height }];
    let (mut w, mut h) = (width * 5 / 6, height * 5 / 6);
    while w > 0 && h >= LEAST {
        tiles.push(Tile { left: AROUND, top: AROUND, width: w, height: h });
        (w, h) = (w * 5 / 6, h * 5 / 6);
    }
    let total = tiles.iter().map(|t| t.height + BETWEEN).sum::<i64>() - 2 * BETWEEN;
    // The first column ends where the next scale fits beside the last and more than half of the way is done.
    let (mut tall, mut before) = (0, 0);
    for tile in &tiles {
        if tile.width <= width - before - BETWEEN && (tall - height) * 2 >= total - height {
            break;
        }
        tall += tile.height + BETWEEN;
        before = tile.width;
    }
    tall -= BETWEEN;
    let mut at = AROUND;
    let mut placed: Vec<Tile> = Vec::with_capacity(tiles.len());
    let mut rest = tiles.into_iter().peekable();
    while let Some(tile) = rest.next_if(|_| at < tall + AROUND) {
        placed.push(Tile { top: at, ..tile });
        at += tile.height + BETWEEN;
    }
    at -= BETWEEN;
    for tile in rest {
        let tile = Tile { left: AROUND + width - tile.width, top: at - tile.height, ..tile };
        // What is left would lie on the picture itself: the window is larger than all of it.
        if placed.first().is_some_and(|first| first.meets(&tile)) {
            break;
        }
        placed.push(tile);
        at -= tile.height + BETWEEN;
    }
    (width + 2 * AROUND, tall + 2 * AROUND, placed)
}

/// A rectangle of a plane: where it starts, from one row to the next, across and down.
#[derive(Clone, Copy)]
struct Area {
    start: usize,
    stride: usize,
    width: usize,
    height: usize,
}

/// Makes `to` a smaller copy of `from`, by the straight line between pixels, corners on corners.
fn shrink(plane: &mut [f32], from: Area, to: Area) {
    let step = |from: usize, to: usize| (from.max(1) - 1) as f64 / (to.max(2) - 1) as f64;
    let (across, down) = (step(from.width, to.width), step(from.height, to.height));
    let span = |at: usize, step: f64, length: usize| {
        let place = at as f64 * step;
        let first = (place as usize).min(length.max(1) - 1);
        (first, (first + 1).min(length.max(1) - 1), (place - first as f64) as f32)
    };
    for y in 0..to.height {
        let (upper, lower, share) = span(y, down, from.height);
        for x in 0..to.width {
            let (left, right, part) = span(x, across, from.width);
            let value =
                |x: usize, y: usize| plane.get(from.start + y * from.stride + x).copied().unwrap_or(0.0);
            let row = |y: usize| (1.0 - part) * value(left, y) + part * value(right, y);
            let mixed = (1.0 - share) * row(upper) + share * row(lower);
            if let Some(pixel) = plane.get_mut(to.start + y * to.stride + x) {
                *pixel = mixed;
            }
        }
    }
}

impl Tiles {
    /// The canvas of a picture that has pixels.
    pub(super) fn of(picture: &Picture) -> Self {
        let side = |length: usize| i64::try_from(length).unwrap_or(0);
        let (width, height, tiles) = places(side(picture.width()), side(picture.height()));
        let (width, height) = (width.unsigned_abs() as usize, height.unsigned_abs() as usize);
        let mut values = vec![0.0; 3 * width * height];
        let areas: Vec<Area> = tiles.iter().map(|tile| tile.area(width)).collect();
        let planes = picture.planes();
        let pixels = (picture.width() * picture.height()).max(1);
        for (plane, source) in
            values.chunks_exact_mut((width * height).max(1)).zip(planes.chunks_exact(pixels))
        {
            if let Some(first) = areas.first() {
                for (y, row) in source.chunks_exact(picture.width().max(1)).enumerate() {
                    let start = first.start + y * first.stride;
                    if let Some(into) = plane.get_mut(start..start + row.len()) {
                        into.copy_from_slice(row);
                    }
                }
            }
            for (from, to) in areas.iter().zip(areas.iter().skip(1)) {
                shrink(plane, *from, *to);
            }
        }
        Self { width, height, tiles, values }
    }

    /// The scale that a place belongs to, and how many times it was made smaller.
    pub(super) fn nearest(&self, x: f64, y: f64) -> Option<(usize, &Tile)> {
        let distance = |tile: &Tile| tile.distance(x, y);
        self.tiles.iter().enumerate().min_by(|(_, a), (_, b)| distance(a).total_cmp(&distance(b)))
    }
}

impl Tile {
    fn area(&self, stride: usize) -> Area {
        let length = |v: i64| usize::try_from(v).unwrap_or(0);
        let start = length(self.top) * stride + length(self.left);
        Area { start, stride, width: length(self.width), height: length(self.height) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scales_never_meet_and_never_leave_the_canvas() {
        for (width, height) in [(512, 288), (300, 451), (640, 640), (1, 1), (1, 2048), (2048, 1), (37, 5)] {
            let (across, down, tiles) = places(width, height);
            assert!(!tiles.is_empty(), "{width}×{height}");
            for (at, tile) in tiles.iter().enumerate() {
                assert!(tile.left >= AROUND && tile.left + tile.width <= across - AROUND, "{width}×{height}");
                assert!(tile.top >= AROUND && tile.top + tile.height <= down - AROUND, "{width}×{height}");
                assert!(tiles.iter().take(at).all(|other| !other.meets(tile)), "{width}×{height}");
            }
        }
        let (_, _, tiles) = places(640, 360);
        assert!(tiles.len() > 15, "nearly all scales have a place: {}", tiles.len());
    }

    #[test]
    fn a_flat_picture_is_flat_at_every_scale() {
        let picture = Picture::new(60, 40, vec![[250, 117, 3]; 2400]).unwrap();
        let tiles = Tiles::of(&picture);
        let plane = &tiles.values[..tiles.width * tiles.height];
        let there: Vec<&f32> = plane.iter().filter(|v| **v != 0.0).collect();
        assert!(there.len() > 2400 && there.iter().all(|v| (**v - (250.0 - 122.782) / 256.0).abs() < 1e-6));
    }
}
