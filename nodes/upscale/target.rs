//! Which size a picture is to have, and how it lies in it.

use rushes_engine::tool::RenderCx;
use rushes_engine::{ClipDesc, Error, Result};
use rushes_gpu::{Light, Resize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A size by the name that people use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Output {
    /// A long side of 7680.
    #[serde(rename = "8k")]
    Uhd8,
    /// A long side of 3840.
    #[default]
    #[serde(rename = "4k")]
    Uhd4,
    /// A long side of 2560.
    #[serde(rename = "1440p")]
    Qhd,
    /// A long side of 1920.
    #[serde(rename = "1080p")]
    Hd,
    /// The input's size times `factor`.
    #[serde(rename = "factor")]
    Factor,
    /// `width` and `height`.
    #[serde(rename = "size")]
    Size,
}

/// How a picture of another shape lies in the size asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// All of it, at its own shape: a named size sets the long side, a size of numbers is not exceeded.
    #[default]
    #[serde(rename = "fit")]
    Whole,
    /// The size is filled, and what sticks out is cut off evenly.
    Fill,
    /// The size is filled, and the shape changes.
    Stretch,
}

/// How output positions along one side lie on the input, in pixels of full pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Axis {
    /// Output pixels.
    pub(crate) length: u32,
    /// Input pixels an output pixel.
    pub(crate) step: f64,
    /// Where the output begins on the input.
    pub(crate) origin: f64,
}

impl Axis {
    /// A side left as it is.
    fn same(length: u32) -> Self {
        Self { length, step: 1.0, origin: 0.0 }
    }
}

/// At which proxy scales an input and the output are: one pixel stands for so many each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Scales {
    /// The input's.
    pub(crate) from: u32,
    /// The output's.
    pub(crate) to: u32,
}

impl Scales {
    /// Those of what came on `port` and of what is to be made.
    pub(crate) fn of(cx: &RenderCx<'_>, port: &str) -> Self {
        Self { from: cx.proxy_of(port).max(1), to: cx.at.proxy.max(1) }
    }

    /// Input pixels to an output pixel, where the full pictures are of one size.
    fn ratio(self) -> f64 {
        f64::from(self.to) / f64::from(self.from)
    }
}

/// An output size, and how each of its axes lies on the input, in pixels of full pictures.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Target {
    /// Across.
    pub(crate) x: Axis,
    /// Down.
    pub(crate) y: Axis,
}

/// A side as an encoder with halved chroma takes it: the nearest even number.
fn even(side: f64) -> f64 {
    ((side / 2.0).round() * 2.0).max(2.0)
}

/// `width` by `height` with its long side at `long` and the other to shape, even.
pub(crate) fn long_side(clip: &ClipDesc, long: u32) -> (u32, u32) {
    let (w, h, long) = (f64::from(clip.width), f64::from(clip.height), f64::from(long));
    let scale = long / w.max(h).max(1.0);
    if clip.width >= clip.height {
        (long as u32, even(h * scale) as u32)
    } else {
        (even(w * scale) as u32, long as u32)
    }
}

impl Output {
    /// The named box, wide or tall as the picture is.
    fn named(self, clip: &ClipDesc) -> Option<(u32, u32)> {
        let (long, short) = match self {
            Self::Uhd8 => (7680, 4320),
            Self::Uhd4 => (3840, 2160),
            Self::Qhd => (2560, 1440),
            Self::Hd => (1920, 1080),
            Self::Factor | Self::Size => return None,
        };
        Some(if clip.width >= clip.height { (long, short) } else { (short, long) })
    }
}

/// What the parameters ask of a picture like `clip`.
pub(crate) fn target(
    clip: &ClipDesc,
    output: Output,
    factor: f64,
    asked: (Option<u32>, Option<u32>),
    fit: Fit,
) -> Result<Target> {
    let (w, h) = (f64::from(clip.width), f64::from(clip.height));
    let side = |v: f64| v.round().max(1.0);
    let (bw, bh) = match (output.named(clip), output) {
        (Some((bw, bh)), _) if fit != Fit::Whole => (f64::from(bw), f64::from(bh)),
        (Some((bw, bh)), _) => {
            let (width, height) = long_side(clip, bw.max(bh));
            (f64::from(width), f64::from(height))
        }
        (None, Output::Factor) => (side(w * factor), side(h * factor)),
        (None, _) => match (asked.0.map(f64::from), asked.1.map(f64::from)) {
            (Some(bw), Some(bh)) if fit == Fit::Whole => {
                let scale = (bw / w).min(bh / h);
                (side(w * scale), side(h * scale))
            }
            (Some(bw), Some(bh)) => (bw, bh),
            (Some(bw), None) => (bw, side(h * bw / w)),
            (None, Some(bh)) => (side(w * bh / h), bh),
            (None, None) => {
                return Err(Error::usage("the output is a size of numbers, and none is given")
                    .at("width")
                    .help("set width or height, or choose another output"));
            }
        },
    };
    let max = f64::from(ClipDesc::MAX_SIDE);
    if bw > max || bh > max {
        return Err(Error::usage(format!("a picture of {bw}×{bh} is too large"))
            .help(format!("keep both sides at or below {max}")));
    }
    let filled = (w / bw).min(h / bh);
    let axis = |whole: f64, side: f64| {
        let step = if fit == Fit::Fill { filled } else { whole / side };
        Axis { length: side as u32, step, origin: (whole - side * step) / 2.0 }
    };
    Ok(Target { x: axis(w, bw), y: axis(h, bh) })
}

impl Target {
    /// Whether a picture like `clip` has this size and place already.
    pub(crate) fn is_same(&self, clip: &ClipDesc) -> bool {
        self.x == Axis::same(clip.width) && self.y == Axis::same(clip.height)
    }

    /// The picture's description at this size.
    pub(crate) fn applied(&self, clip: &ClipDesc) -> Result<ClipDesc> {
        let clip = ClipDesc { width: self.x.length, height: self.y.length, ..clip.clone() };
        clip.check_size()?;
        Ok(clip)
    }

    /// The resize between pictures at such scales. Proxies are rounded up to whole pixels; what counts is where the full
    /// pictures lie.
    pub(crate) fn resize(&self, scales: Scales, light: Light) -> Resize {
        let (width, height) = (self.x.length.div_ceil(scales.to), self.y.length.div_ceil(scales.to));
        let ([step_x, step_y], [x, y]) = self.steps(scales);
        let source = [x, y, step_x * f64::from(width), step_y * f64::from(height)];
        Resize { source: Some(source), light, ..Resize::to(width, height) }
    }

    /// Input pixels an output pixel, and where the output begins on the input, across and down, at such scales.
    pub(crate) fn steps(&self, scales: Scales) -> ([f64; 2], [f64; 2]) {
        let (from, ratio) = (f64::from(scales.from), scales.ratio());
        ([self.x.step * ratio, self.y.step * ratio], [self.x.origin / from, self.y.origin / from])
    }

    /// How many output pixels a pixel becomes, along the side that grows most.
    pub(crate) fn growth(&self) -> f64 {
        1.0 / self.x.step.min(self.y.step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn size(w: u32, h: u32, output: Output, asked: (Option<u32>, Option<u32>), fit: Fit) -> (u32, u32) {
        let t = target(&ClipDesc::still(w, h), output, 2.0, asked, fit).unwrap();
        (t.x.length, t.y.length)
    }

    #[test]
    fn four_k_is_a_long_side_of_3840_and_portrait_stays_portrait() {
        let named = |w, h, fit| size(w, h, Output::Uhd4, (None, None), fit);
        assert_eq!(named(1920, 1080, Fit::Whole), (3840, 2160));
        assert_eq!(named(1080, 1920, Fit::Whole), (2160, 3840));
        assert_eq!(named(1440, 1080, Fit::Whole), (3840, 2880));
        assert_eq!(named(1440, 1080, Fit::Fill), (3840, 2160));
        assert_eq!(named(1080, 1440, Fit::Stretch), (2160, 3840));
        assert_eq!(named(2048, 858, Fit::Whole), (3840, 1608), "1608.75 to an even number");
        assert_eq!(size(1920, 1080, Output::Uhd8, (None, None), Fit::Whole), (7680, 4320));
    }

    #[test]
    fn sizes_of_numbers_and_factors() {
        let sized = |asked, fit| size(1920, 1080, Output::Size, asked, fit);
        assert_eq!(sized((Some(960), None), Fit::Whole), (960, 540));
        assert_eq!(sized((None, Some(540)), Fit::Whole), (960, 540));
        assert_eq!(sized((Some(1000), Some(1000)), Fit::Whole), (1000, 563));
        assert_eq!(sized((Some(1000), Some(1000)), Fit::Fill), (1000, 1000));
        assert_eq!(size(101, 33, Output::Factor, (None, None), Fit::Whole), (202, 66));
        let open = target(&ClipDesc::still(8, 8), Output::Size, 2.0, (None, None), Fit::Whole);
        assert!(open.unwrap_err().help_text().contains("width"));
        let huge = target(&ClipDesc::still(9000, 8), Output::Factor, 2.0, (None, None), Fit::Whole);
        assert!(huge.is_err());
    }

    #[test]
    fn filling_cuts_evenly() {
        let t = target(&ClipDesc::still(400, 100), Output::Size, 1.0, (Some(200), Some(100)), Fit::Fill);
        let t = t.unwrap();
        assert_eq!((t.x.step, t.x.origin), (1.0, 100.0));
        assert_eq!((t.y.step, t.y.origin), (1.0, 0.0));
        let quarter = t.resize(Scales { from: 4, to: 4 }, Light::Linear);
        assert_eq!((quarter.width, quarter.source), (50, Some([25.0, 0.0, 50.0, 25.0])));
        let finer = t.resize(Scales { from: 2, to: 4 }, Light::Linear);
        assert_eq!((finer.width, finer.source), (50, Some([50.0, 0.0, 100.0, 50.0])), "the same part of it");
    }
}
