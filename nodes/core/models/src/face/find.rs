//! Finding faces.

use super::geometry::{Rect, rounded};
use super::tiles::Tiles;
use crate::Picture;
use crate::network::{Network, Signature};
use rushes_engine::{Cancel, Result};

/// The detector.
pub(super) const SIGNATURE: Signature = Signature {
    name: "finding faces",
    input: ("tiles", &[Some(1), Some(3), None, None]),
    output: ("scores", &[Some(1), Some(1), None, None]),
};

/// A side of the window in which a face is looked for.
const WINDOW: f64 = 80.0;
/// From one score to the next, and where the middle of the first one's window is: three convolutions by steps of two.
const STEP: f64 = 8.0;
const FIRST: f64 = 14.0;
/// The side below which the first three convolutions leave nothing.
const LEAST: usize = 29;
/// Of two faces that share more than this of what is around both, the surer one stays.
const SHARED: f64 = 0.338_276_135_110_995_5;

/// The faces and how sure each is, the surest first.
pub(super) fn find(detector: &Network, picture: &Picture, cancel: &Cancel) -> Result<Vec<(Rect, f32)>> {
    if picture.pixels().is_empty() {
        return Ok(Vec::new());
    }
    let mut tiles = Tiles::of(picture);
    if tiles.width < LEAST || tiles.height < LEAST {
        return Ok(Vec::new());
    }
    cancel.check()?;
    let (size, scores) =
        detector.run([1, 3, tiles.height, tiles.width], std::mem::take(&mut tiles.values))?;
    let columns = size.last().copied().unwrap_or(0).max(1);
    let mut found: Vec<(Rect, f32)> = Vec::new();
    for (at, score) in scores.into_iter().enumerate().filter(|(_, score)| *score > 0.0) {
        let middle = |n: usize| n as f64 * STEP + FIRST;
        found.extend(window(&tiles, middle(at % columns), middle(at / columns)).map(|rect| (rect, score)));
    }
    found.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    let mut kept: Vec<(Rect, f32)> = Vec::new();
    for (rect, score) in found {
        let share = |other: &Rect| rect.common(other).area() as f64 / rect.around(other).area().max(1) as f64;
        if kept.iter().all(|(other, _)| share(other) <= SHARED) {
            kept.push((rect, score));
        }
    }
    Ok(kept)
}

/// The window about a place of the canvas, in the picture.
fn window(tiles: &Tiles, x: f64, y: f64) -> Option<Rect> {
    let (times, tile) = tiles.nearest(x, y)?;
    let half = (WINDOW - 1.0) / 2.0;
    let back = |v: f64, origin: i64| {
        let larger = |v: f64, _| v * 1.2 + 0.3;
        rounded((0..times).fold(v - origin as f64, larger))
    };
    Some(Rect {
        left: back(x - half, tile.left),
        top: back(y - half, tile.top),
        right: back(x + half, tile.left),
        bottom: back(y + half, tile.top),
    })
}
