//! The five points of a face, by a cascade of regression trees (Kazemi and Sullivan 2014).
//!
//! `points.bin` is little-endian: `cascades`, `trees`, `splits`, `pixels` and `points` as u32s; the first shape, x and y
//! of each point in turn as f32s, in a face that reaches from 0 to 1; then, a cascade,
//! * its pixels: the point of the shape that each hangs on as a u32, and how far it is from it as two f32s;
//! * its trees: for each split two pixels as u16s and the least difference of them as an f32, level by level;
//! * the leaves of all trees: for each what every number of the shape grows by, as f32s.

use super::geometry::{Point, Rect, Similarity, rounded};
use crate::Picture;
use rushes_engine::{Error, Result};

/// Points of a face.
const POINTS: usize = 5;
/// Numbers of its shape.
const SHAPE: usize = 2 * POINTS;

struct Pixel {
    point: usize,
    off: [f32; 2],
}

struct Split {
    first: usize,
    second: usize,
    above: f32,
}

struct Cascade {
    pixels: Vec<Pixel>,
    /// All trees' splits, a tree after the other.
    splits: Vec<Split>,
    leaves: Vec<[f32; SHAPE]>,
}

/// The trees.
pub(super) struct Forests {
    /// Splits of a tree; its leaves are one more.
    splits: usize,
    first: [f32; SHAPE],
    cascades: Vec<Cascade>,
}

/// What is left of the file.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (taken, rest) = self.0.split_first_chunk::<N>().ok_or_else(|| wrong("they are cut short"))?;
        self.0 = rest;
        Ok(*taken)
    }

    fn count(&mut self) -> Result<usize> {
        Ok(u32::from_le_bytes(self.take()?) as usize)
    }

    fn short(&mut self) -> Result<u16> {
        self.take().map(u16::from_le_bytes)
    }

    fn float(&mut self) -> Result<f32> {
        let value = f32::from_le_bytes(self.take()?);
        if value.is_finite() { Ok(value) } else { Err(wrong("they hold what is no number")) }
    }
}

fn wrong(what: &str) -> Error {
    Error::system(format!("the trees for the points of faces cannot be used: {what}"))
}

impl Forests {
    /// Reads them.
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let mut bytes = Bytes(bytes);
        let [cascades, trees, splits, pixels, points] =
            [bytes.count()?, bytes.count()?, bytes.count()?, bytes.count()?, bytes.count()?];
        if points != POINTS || !(splits + 1).is_power_of_two() || cascades.max(trees).max(pixels) > 1 << 16 {
            return Err(wrong("they are of another form"));
        }
        let mut first = [0.0; SHAPE];
        for value in &mut first {
            *value = bytes.float()?;
        }
        let mut read = Vec::new();
        for _ in 0..cascades {
            read.push(Cascade::read(&mut bytes, trees, splits, pixels)?);
        }
        if !bytes.0.is_empty() {
            return Err(wrong("something comes after them"));
        }
        Ok(Self { splits, first, cascades: read })
    }

    /// The points of the face at `rect`.
    pub(super) fn points(&self, picture: &Picture, rect: &Rect) -> [Point; POINTS] {
        let mut shape = self.first;
        for cascade in &self.cascades {
            let seen = cascade.seen(picture, rect, &self.first, &shape);
            let trees = cascade.splits.chunks_exact(self.splits.max(1));
            for (tree, leaves) in trees.zip(cascade.leaves.chunks_exact(self.splits + 1)) {
                for (value, more) in shape.iter_mut().zip(leaf(tree, leaves, &seen)) {
                    *value += more;
                }
            }
        }
        let (places, _) = shape.as_chunks::<2>();
        let mut points = [Point::default(); POINTS];
        for (point, place) in points.iter_mut().zip(places) {
            *point = in_picture(rect, *place);
        }
        points
    }
}

impl Cascade {
    fn read(bytes: &mut Bytes<'_>, trees: usize, splits: usize, pixels: usize) -> Result<Self> {
        let pixel = |bytes: &mut Bytes<'_>| {
            let point = bytes.count()?;
            let off = [bytes.float()?, bytes.float()?];
            if point < POINTS { Ok(Pixel { point, off }) } else { Err(wrong("a pixel hangs on no point")) }
        };
        let split = |bytes: &mut Bytes<'_>| {
            let (first, second) = (usize::from(bytes.short()?), usize::from(bytes.short()?));
            let above = bytes.float()?;
            let there = first.max(second) < pixels;
            if there { Ok(Split { first, second, above }) } else { Err(wrong("a split asks for no pixel")) }
        };
        let leaf = |bytes: &mut Bytes<'_>| {
            let mut leaf = [0.0; SHAPE];
            for value in &mut leaf {
                *value = bytes.float()?;
            }
            Ok(leaf)
        };
        Ok(Self {
            pixels: (0..pixels).map(|_| pixel(bytes)).collect::<Result<_>>()?,
            splits: (0..trees * splits).map(|_| split(bytes)).collect::<Result<_>>()?,
            leaves: (0..trees * (splits + 1)).map(|_| leaf(bytes)).collect::<Result<_>>()?,
        })
    }

    /// How bright the picture is at each of the pixels, as the shape lies now; black outside of it.
    fn seen(&self, picture: &Picture, rect: &Rect, first: &[f32], shape: &[f32]) -> Vec<f32> {
        let places = |shape: &[f32]| -> Vec<[f64; 2]> {
            let (places, _) = shape.as_chunks::<2>();
            places.iter().map(|place| place.map(f64::from)).collect()
        };
        let turn = Similarity::between(&places(first), &places(shape));
        let (real, imaginary) = (turn.real as f32, turn.imaginary as f32);
        let (points, _) = shape.as_chunks::<2>();
        let bright = |pixel: &Pixel| {
            let [x, y] = points.get(pixel.point).copied().unwrap_or_default();
            let [right, down] = pixel.off;
            let place = [x + (real * right - imaginary * down), y + (imaginary * right + real * down)];
            let at = in_picture(rect, place);
            let [r, g, b] = picture.at(at.x, at.y).unwrap_or_default().map(u16::from);
            f32::from((r + g + b) / 3)
        };
        self.pixels.iter().map(bright).collect()
    }
}

/// The leaf that a tree ends in.
fn leaf(tree: &[Split], leaves: &[[f32; SHAPE]], seen: &[f32]) -> [f32; SHAPE] {
    let mut at = 0;
    while let Some(split) = tree.get(at) {
        let value = |n: usize| seen.get(n).copied().unwrap_or(0.0);
        let above = value(split.first) - value(split.second) > split.above;
        at = 2 * at + if above { 1 } else { 2 };
    }
    leaves.get(at - tree.len()).copied().unwrap_or_default()
}

/// A place of a face that reaches from 0 to 1, in the picture.
fn in_picture(rect: &Rect, [x, y]: [f32; 2]) -> Point {
    let at =
        |start: i64, end: i64, share: f32| rounded(start as f64 + (end - start) as f64 * f64::from(share));
    Point { x: at(rect.left, rect.right, x), y: at(rect.top, rect.bottom, y) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_not_whole_is_refused_in_words() {
        let whole = super::super::POINTS;
        assert!(Forests::read(whole).is_ok());
        let said = |bytes: &[u8]| Forests::read(bytes).err().map(|e| e.to_string()).unwrap_or_default();
        assert!(said(&whole[..whole.len() - 1]).contains("cut short"));
        assert!(said(&[whole, &[0]].concat()).contains("comes after"));
        assert!(said(&[0xff; 64]).contains("another form"));
        assert!(said(b"").contains("cut short"));
    }
}
