//! Puts bars above and below, or left and right, so that the picture shows another shape. The picture keeps its size and
//! stays where it is; the bars lie on whole pixels of the full picture.

use crate::picture;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static LETTERBOX: PointwiseShader =
    PointwiseShader::new("letterbox", include_str!("../../assets/shaders/finish/letterbox.wgsl"), 1, &[]);

/// Parameters of [`Letterbox`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LetterboxParams {
    /// The shape that stays to be seen, width to height: `2.39:1`, `16:9`, `1.85`.
    #[schemars(extend("fixed" = true))]
    pub aspect: String,
    /// Colour of the bars.
    #[schemars(inner(range(min = 0.0, max = 1.0)), extend("color" = true))]
    pub color: [f64; 3],
}

impl Default for LetterboxParams {
    fn default() -> Self {
        Self { aspect: "2.39:1".into(), color: [0.0; 3] }
    }
}

/// Width over height of `2.39:1`, `16:9` or `1.85`.
fn shape(aspect: &str) -> Result<f64> {
    let number = |s: &str| s.trim().parse::<f64>().ok().filter(|n| n.is_finite() && *n > 0.0);
    let (width, height) = aspect.split_once(':').unwrap_or((aspect, "1"));
    let ratio = number(width).zip(number(height)).map(|(w, h)| w / h);
    ratio.filter(|r| (0.01..=100.0).contains(r)).ok_or_else(|| {
        let shown: String = aspect.chars().take(40).collect();
        Error::usage(format!("“{shown}” is no shape of a picture"))
            .at("aspect")
            .help("write it as 2.39:1 or 16:9")
    })
}

/// What stays to be seen: left, top, right, bottom in pixels of the full picture.
fn inside(clip: &ClipDesc, shape: f64) -> [u32; 4] {
    let (w, h) = (f64::from(clip.width), f64::from(clip.height));
    let bar = |all: f64, seen: f64| ((all - seen) / 2.0).round().max(0.0) as u32;
    let (x, y) = if shape >= w / h { (0, bar(h, w / shape)) } else { (bar(w, h * shape), 0) };
    [x, y, clip.width - x, clip.height - y]
}

/// `finish/letterbox`.
pub struct Letterbox;

impl Tool for Letterbox {
    type Params = LetterboxParams;

    fn spec() -> Spec {
        Spec::new("finish/letterbox", 1, "Letterbox", crate::docs::docs!())
            .search(&["bars", "cinemascope", "pillarbox", "aspect", "widescreen", "2.39"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(p: &LetterboxParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        let [left, top, right, bottom] = inside(clip, shape(&p.aspect)?);
        let described = Described::one(Desc::Clip(clip.clone()));
        Ok(described.word(format!("{}×{} of the picture stays to be seen", right - left, bottom - top)))
    }

    fn identity(p: &LetterboxParams, cx: &FrameCx<'_>) -> Option<Need> {
        let clip = cx.frames("clip")?;
        let whole = inside(clip, shape(&p.aspect).ok()?) == [0, 0, clip.width, clip.height];
        whole.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn code() -> Option<Key> {
        Some(KeyHasher::new("letterbox").key(LETTERBOX.hash()).finish())
    }

    fn render(p: &LetterboxParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let clip = cx.clip()?;
        let values = ParamValues::new()
            .with("inside", inside(clip, shape(&p.aspect)?).map(|v| v as f32))
            .with("full", [clip.width as f32, clip.height as f32])
            .with("proxy", cx.at.proxy.max(1) as f32)
            .with("color", p.color.map(|v| v as f32));
        picture::stage(cx, &LETTERBOX, &values, Vec::new(), vec![picture::expr(cx, "clip")?], 0)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, run};
    use super::*;
    use rushes_gpu::Place;

    #[test]
    fn bars_lie_on_whole_pixels_and_a_proxy_shows_their_mean() {
        assert_eq!(inside(&ClipDesc::still(1920, 1080), 2.39), [0, 138, 1920, 942]);
        assert_eq!(inside(&ClipDesc::still(1920, 1080), 1.0), [420, 0, 1500, 1080]);
        assert_eq!(inside(&ClipDesc::still(1920, 1080), 16.0 / 9.0), [0, 0, 1920, 1080]);
        let white = pixels(4, 4, |_, _| [1.0; 4]);
        let values = |proxy: f32| {
            ParamValues::new()
                .with("inside", [0.0, 3.0, 8.0, 5.0_f32])
                .with("full", [8.0, 8.0_f32])
                .with("proxy", proxy)
                .with("color", [0.0, 0.5, 0.0_f32])
        };
        let out = run(&gpu(), &LETTERBOX, &values(2.0), Vec::new(), &[&white], Place::of_size(4, 4));
        let row = |y: u32| out.at(2, y).unwrap();
        assert_eq!(
            (row(0), row(1), row(2)),
            ([0.0, 0.5, 0.0, 1.0], [0.5, 0.75, 0.5, 1.0], [0.5, 0.75, 0.5, 1.0])
        );
    }

    #[test]
    fn a_shape_is_read_or_refused_in_words() {
        assert_eq!((shape("16:9").unwrap(), shape(" 1.85 ").unwrap()), (16.0 / 9.0, 1.85));
        for bad in ["", "wide", "1:0", "-2:1", "nan", "inf:1", "1:2:3"] {
            assert!(!shape(bad).unwrap_err().help_text().is_empty(), "{bad}");
        }
    }
}
