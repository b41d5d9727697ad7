//! Several pictures as one small one: a mood board on its node, the stills of a set.

use crate::Services;
use crate::small::{Small, small};
use rushes_engine::{Orientation, Result};
use rushes_gpu::{Image, Pixels, Precision};
use rushes_media::ProbeOptions;
use std::path::PathBuf;

/// The most pictures on a sheet.
const MOST: usize = 9;
/// Pixels between two pictures.
const GAP: usize = 2;
const CLEAR: [f32; 4] = [0.0; 4];

/// The first nine of `pictures` in rows and columns on a sheet of `width` by `height` pixels, each covering its place.
/// The place of one that cannot be read stays clear.
///
/// # Errors
/// There is no device, or it has no memory left.
pub fn contact_sheet(
    services: &Services,
    pictures: &[PathBuf],
    width: usize,
    height: usize,
) -> Result<Image> {
    let pictures = pictures.get(..MOST).unwrap_or(pictures);
    let columns = (1..=MOST).find(|n| n * n >= pictures.len()).unwrap_or(1);
    let rows = pictures.len().div_ceil(columns).max(1);
    let mut rgba = vec![CLEAR; width * height];
    for (number, path) in pictures.iter().enumerate() {
        let frame =
            services.media().reader(path, &ProbeOptions::default()).and_then(|reader| reader.frame(0));
        let planes = match frame {
            Ok(planes) => planes,
            Err(e) => {
                log::debug!("not on the sheet: {e}");
                continue;
            }
        };
        // Twice the size of its place, so that it stays crisp where it is cut.
        let picture = small(&planes, 2 * (width / columns).max(height / rows));
        let (left, right) = place(number % columns, columns, width);
        let (top, bottom) = place(number / columns, rows, height);
        let size = (right.saturating_sub(left), bottom.saturating_sub(top));
        for y in 0..size.1 {
            for x in 0..size.0 {
                if let Some(pixel) = rgba.get_mut((top + y) * width + left + x) {
                    *pixel = covered(&picture, planes.info.orientation, (x, y), size);
                }
            }
        }
    }
    let pixels = Pixels { width: side(width), height: side(height), rgba };
    services.executor()?.image(&pixels, Precision::Half)
}

fn side(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// From where to where the `number`th of `count` places lies along a side.
fn place(number: usize, count: usize, length: usize) -> (usize, usize) {
    let edge = |n: usize| n * (length + GAP) / count;
    (edge(number), edge(number + 1).saturating_sub(GAP).min(length))
}

/// The pixel of a picture that fills a place of `size`, its middle in the middle.
fn covered(picture: &Small, how: Orientation, (x, y): (usize, usize), size: (usize, usize)) -> [f32; 4] {
    let turned = how.quarter_turns % 2 == 1;
    let (w, h) = if turned { (picture.height, picture.width) } else { (picture.width, picture.height) };
    let scale = (w as f64 / size.0.max(1) as f64).min(h as f64 / size.1.max(1) as f64);
    let along = |at: usize, place: usize, length: usize| {
        let at = (at as f64 + 0.5 - place as f64 / 2.0) * scale + length as f64 / 2.0;
        (at.max(0.0) as usize).min(length.saturating_sub(1))
    };
    let (u, v) = (along(x, size.0, w), along(y, size.1, h));
    // Back from the upright picture to the stored one: the turn first, then the mirror.
    let (last_x, last_y) = (picture.width.saturating_sub(1), picture.height.saturating_sub(1));
    let (sx, sy) = match how.quarter_turns % 4 {
        0 => (u, v),
        1 => (v, last_y.saturating_sub(u)),
        2 => (last_x.saturating_sub(u), last_y.saturating_sub(v)),
        _ => (last_x.saturating_sub(v), u),
    };
    let sx = if how.mirrored { last_x.saturating_sub(sx) } else { sx };
    let [r, g, b] = picture.rgb.get(sy * picture.width + sx).copied().unwrap_or_default();
    [r, g, b, 1.0]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{host, png};
    use rushes_engine::Cancel;

    #[test]
    fn every_picture_has_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, color) in [("1.png", [255, 0, 0]), ("2.png", [0, 255, 0]), ("3.png", [0, 0, 255])] {
            png(&path(name).to_string_lossy(), 40, 20, color);
        }
        let all = ["1.png", "2.png", "nothing.png", "3.png"].map(path);
        let services = host();
        let sheet = contact_sheet(&services, &all, 64, 36).unwrap();
        let pixels = services.executor().unwrap().read(&sheet, &Cancel::new()).unwrap();
        let at = |x, y| pixels.at(x, y).unwrap();
        let near = |a: [f32; 4], b: [f32; 4]| a.iter().zip(b).all(|(a, b)| (a - b).abs() < 0.02);
        assert!(near(at(10, 5), [1.0, 0.0, 0.0, 1.0]) && near(at(50, 5), [0.0, 1.0, 0.0, 1.0]));
        assert!(
            near(at(10, 30), CLEAR) && near(at(50, 30), [0.0, 0.0, 1.0, 1.0]),
            "what is not there is clear"
        );
        assert!(near(at(31, 5), CLEAR), "between two is a gap");
        contact_sheet(&services, &[], 64, 36).unwrap();
    }

    #[test]
    fn a_turned_picture_stands_upright() {
        // Stored 2 × 1, black then white; a quarter turn clockwise brings its left to the top.
        let picture = Small { width: 2, height: 1, rgb: vec![[0.0; 3], [1.0; 3]] };
        let at = |quarter_turns, mirrored, x, y| {
            covered(&picture, Orientation { quarter_turns, mirrored }, (x, y), (1, 2))[0]
        };
        assert_eq!((at(1, false, 0, 0), at(1, false, 0, 1)), (0.0, 1.0));
        assert_eq!((at(3, false, 0, 0), at(3, false, 0, 1)), (1.0, 0.0));
        assert_eq!((at(1, true, 0, 0), at(1, true, 0, 1)), (1.0, 0.0));
    }
}
