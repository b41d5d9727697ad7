//! What is told of a still before a person chooses: how sharp it is, how it is exposed, how far it is from the mood
//! board. All of it from a copy of at most 512 pixels, so that pictures of other sizes can be compared.

use crate::plan::style_distance::Spread;
use crate::plan::style_stats::oklab_from_encoded;
use crate::services::Services;
use crate::small::{Small, small};
use rushes_engine::{ImageDesc, Result, StyleDesc};
use rushes_media::ProbeOptions;
use std::path::Path;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

/// The longer side of what is looked at.
const SIDE: usize = 512;
/// Colours that are kept of a picture, evenly spread over it.
const COLOURS: usize = 1024;

/// The scores of one picture.
#[derive(Debug)]
pub(super) struct Scores {
    /// The variance of the Laplacian of luma from 0 to 255 (Pech-Pacheco and others 2000).
    sharpness: f64,
    /// The mean of luma, 0 to 1.
    luma: f64,
    /// The share of the pixels without detail: a channel at white, or all of them at black.
    clipped: f64,
    /// Some of its colours, in Oklab.
    labs: Vec<[f32; 3]>,
}

impl Scores {
    fn of(picture: &Small) -> Self {
        let pixels = picture.rgb.len().max(1) as f64;
        let luma: Vec<f64> = picture
            .rgb
            .iter()
            .map(|c| c.map(f64::from))
            .map(|[r, g, b]| 0.2126 * r + 0.7152 * g + 0.0722 * b)
            .collect();
        let at_white = |c: &[f32; 3]| c.iter().any(|v| *v >= 254.5 / 255.0);
        let at_black = |c: &[f32; 3]| c.iter().all(|v| *v <= 0.5 / 255.0);
        let clipped = picture.rgb.iter().filter(|c| at_white(c) || at_black(c)).count() as f64;
        let colour = |i: usize| picture.rgb.get(i * picture.rgb.len() / COLOURS).copied();
        Self {
            sharpness: sharpness(&luma, picture.width, picture.height),
            luma: luma.iter().sum::<f64>() / pixels,
            clipped: clipped / pixels,
            labs: (0..COLOURS).filter_map(colour).map(oklab_from_encoded).collect(),
        }
    }

    /// In a few words.
    pub(super) fn words(&self, board: Option<&Spread>) -> String {
        let mut words = format!(
            "sharpness {:.0} · mean luma {:.2} · clipped {:.1} %",
            self.sharpness,
            self.luma,
            100.0 * self.clipped
        );
        if let Some(board) = board {
            words += &format!(" · {:.3} from the mood board", Spread::of(&self.labs).distance(board));
        }
        words
    }
}

/// The variance of the Laplacian; the picture is mirrored about its outermost pixels.
fn sharpness(luma: &[f64], width: usize, height: usize) -> f64 {
    let inside = |at: i64, count: usize| {
        let last = (count.max(1) - 1).cast_signed() as i64;
        if at < 0 { (-at).min(last) } else { at.min(2 * last - at).max(0) }
    };
    let value = |x: i64, y: i64| {
        let at = inside(y, height) * width.cast_signed() as i64 + inside(x, width);
        usize::try_from(at).ok().and_then(|at| luma.get(at)).copied().unwrap_or(0.0)
    };
    let (mut sum, mut squares) = (0.0, 0.0);
    for y in 0..height.cast_signed() as i64 {
        for x in 0..width.cast_signed() as i64 {
            let around = value(x - 1, y) + value(x + 1, y) + value(x, y - 1) + value(x, y + 1);
            let bend = 255.0 * (around - 4.0 * value(x, y));
            sum += bend;
            squares += bend * bend;
        }
    }
    let n = (width * height).max(1) as f64;
    (squares / n - (sum / n) * (sum / n)).max(0.0)
}

/// What a file's content is known by: `content` where it is known, else the file's size and time.
pub(super) fn known_by(path: &Path, content: &str) -> String {
    let stamp = || {
        let data = path.metadata().ok()?;
        let time = data.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some(format!("{} {} {}", path.display(), data.len(), time.as_nanos()))
    };
    if content.is_empty() {
        stamp().unwrap_or_else(|| path.display().to_string())
    } else {
        content.to_owned()
    }
}

/// The scores of a file's first picture.
fn scores(services: &Services, path: &Path, content: &str) -> Result<Arc<Scores>> {
    services.remembered(&format!("scores {}", known_by(path, content)), || {
        let planes = services.media().reader(path, &ProbeOptions::default())?.frame(0)?;
        Ok(Scores::of(&small(&planes, SIDE)))
    })
}

/// The scores of a picture of a set, where it is a file.
pub(super) fn of_image(services: &Services, image: &ImageDesc) -> Option<Result<Arc<Scores>>> {
    image.file.as_deref().map(|file| scores(services, file, &image.hash))
}

/// The colours of a board: every picture of it counts the same. Nothing where it has none that can be read.
pub(super) fn of_board(services: &Services, style: &StyleDesc) -> Option<Spread> {
    let pictures = style.references.iter().filter_map(|path| scores(services, path, "").ok());
    let labs: Vec<[f32; 3]> = pictures.flat_map(|s| s.labs.clone()).collect();
    (!labs.is_empty()).then(|| Spread::of(&labs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, host, python};
    use serde_json::{Value, json};

    /// The scores by the formulas that others published, on the very pixels.
    const ORACLE: &str = "
import sys, json, cv2, numpy as np
from scipy.linalg import sqrtm
def load(n):
    w, h = (int(v) for v in sys.argv[n + 1].split('x'))
    rgb = np.fromfile(sys.argv[n], '<f4').reshape(h, w, 3)
    return rgb.astype(float)
def oklab(c):
    c = np.sign(c) * np.abs(c) ** 2.4
    lms = c @ np.array([[.4122214708, .5363325363, .0514459929], [.2119034982, .6806995451, .1073969566],
                        [.0883024619, .2817188376, .6299787005]]).T
    return np.cbrt(lms) @ np.array([[.2104542553, .7936177850, -.0040720468], [1.9779984951, -2.4285922050, .4505937099],
                                    [.0259040371, .7827717662, -.8086757660]]).T
def moments(rgb):
    flat = rgb.reshape(-1, 3)
    labs = oklab(flat[np.arange(1024) * len(flat) // 1024])
    return labs.mean(0), np.cov(labs.T, bias=True)
a, b = load(1), load(3)
luma = a @ [.2126, .7152, .0722]
clip = ((a.max(2) >= 254.5 / 255) | (a.max(2) <= .5 / 255)).mean()
(m, c), (n, d) = moments(a), moments(b)
apart = np.sqrt(((m - n) ** 2).sum() + np.trace(c + d - 2 * sqrtm(c @ d).real))
lap = cv2.Laplacian(luma * 255, cv2.CV_64F, ksize=1)
jpeg = cv2.imread(sys.argv[5])[:, :, ::-1] / 255
print(json.dumps([lap.var(), luma.mean(), clip, apart, float(np.abs(jpeg - a).mean())]))
";

    fn still(name: &str) -> String {
        format!("{}/../assets/stills/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    #[test]
    fn they_are_those_of_opencv_and_scipy() {
        let folder = tempfile::tempdir().unwrap();
        let look = |name: &str| {
            let media = host();
            let reader = media.media().reader(Path::new(&still(name)), &ProbeOptions::default()).unwrap();
            let picture = small(&reader.frame(0).unwrap(), SIDE);
            let raw: Vec<u8> = picture.rgb.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
            let path = folder.path().join(name);
            std::fs::write(&path, raw).unwrap();
            let size = format!("{}x{}", picture.width, picture.height);
            (Scores::of(&picture), path.to_string_lossy().into_owned(), size)
        };
        let (ours, raw, size) = look("person_1.jpg");
        let (other, other_raw, other_size) = look("environment_1.jpg");
        let told = python(ORACLE, &[&raw, &size, &other_raw, &other_size, &still("person_1.jpg")]);
        let [sharpness, luma, clipped, apart, off]: [f64; 5] = serde_json::from_slice(&told).unwrap();
        assert!((ours.sharpness / sharpness - 1.0).abs() < 1e-6, "{} {sharpness}", ours.sharpness);
        assert!((ours.luma - luma).abs() < 1e-6 && (ours.clipped - clipped).abs() < 1e-9);
        let distance = Spread::of(&ours.labs).distance(&Spread::of(&other.labs));
        assert!((distance - apart).abs() < 1e-4, "{distance} {apart}");
        // The small copy of a picture that is small already is the picture; decoders differ in how they spread chroma.
        assert!(off < 1.0 / 255.0, "{off}");
        assert!(Spread::of(&ours.labs).distance(&Spread::of(&ours.labs)) < 1e-6);
    }

    #[test]
    fn a_blurred_picture_is_less_sharp_and_a_light_one_lighter() {
        let noise = crate::bench::noise(64, 48, 0.2, 0.6);
        let of = |at: &dyn Fn(usize) -> [f32; 3]| {
            Scores::of(&Small { width: 64, height: 48, rgb: (0..64 * 48).map(at).collect() })
        };
        let pixel = |i: usize| [0, 1, 2].map(|c| noise.rgba[i.min(64 * 48 - 1)][c]);
        let sharp = of(&pixel);
        let soft = of(&|i| [0, 1, 2].map(|c| (0..4).map(|d| pixel(i + d)[c]).sum::<f32>() / 4.0));
        let light = of(&|i| pixel(i).map(|v| v + 0.45));
        assert!(soft.sharpness < 0.7 * sharp.sharpness && light.luma > sharp.luma + 0.4);
        assert!(light.clipped > 0.0 && sharp.clipped == 0.0);
    }

    #[test]
    fn every_picture_is_told_in_the_order_of_the_sheet() {
        let images: Vec<Value> =
            ["person_1.jpg", "environment_1.jpg"].iter().map(|n| json!({ "file": still(n) })).collect();
        let nodes = [
            ("words", "plan/text", json!({ "value": "x" })),
            ("board", "plan/mood_board", json!({ "images": [still("environment_1.jpg")] })),
            ("set", "generate/still", json!({ "images": images })),
            ("pick", "generate/pick", json!({ "order": [1] })),
        ];
        let links = ["words.text set.text", "set.images pick.images"];
        let alone = Bench::new(&nodes, &links).words("pick");
        assert!(alone[1].starts_with("0 · environment_1.jpg · sharpness "), "{alone:?}");
        assert!(alone[2].starts_with("1 · person_1.jpg · sharpness ") && !alone[2].contains("board"));
        let under = Bench::new(&nodes, &[&links[..], &["board.style set.style"]].concat()).words("pick");
        assert!(under[1].ends_with("· 0.000 from the mood board"), "{under:?}");
        assert!(under[2].ends_with("from the mood board") && !under[2].contains("0.000"));
    }
}
