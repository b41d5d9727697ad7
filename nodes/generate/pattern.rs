//! Test pictures, exact to formula.
//!
//! * `bars`: the high-definition colour bars of SMPTE RP 219 with its options 75 % white and black; the patch below
//!   black is below 0 and reaches the file where the file has room for it.
//! * `ramp`: black at the left edge's pixel, white at the right edge's, evenly between.
//! * `zone_plate`: 0.5 + 0.5 cos(pi r² / M), r the distance from the middle, M the longer side, both in pixels: at
//!   the edge of the longer side a wave is two pixels long.
//! * `checker`: squares, 16 along the longer side, the first one white.
//! * `noise`: every channel of every pixel of every frame an independent number from 0 to 1, by an integer hash of
//!   seed, frame and position.
//! * `counter`: the number of the frame in six digits, and a bar that fills as the clip plays.
//!
//! At a proxy scale, noise and zone plate show the mean of the pixels that each pixel stands for.

use crate::docs::docs;
use crate::picture;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Key, PayloadRef, Rate, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static SHADER: PointwiseShader = PointwiseShader::new(
    "pattern",
    include_str!("../../assets/shaders/generate/pattern.wgsl"),
    0,
    &[],
);

/// Which test picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Colour bars of SMPTE RP 219.
    #[default]
    Bars,
    /// From black at the left to white at the right.
    Ramp,
    /// Rings that get finer towards the edges.
    ZonePlate,
    /// Black and white squares.
    Checker,
    /// A new random picture in every frame.
    Noise,
    /// The number of the frame.
    Counter,
}

/// Parameters of [`PatternTool`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PatternParams {
    /// Which test picture.
    #[schemars(extend("fixed" = true))]
    pattern: Pattern,
    /// Pixels across.
    #[schemars(range(min = 1, max = 16384), extend("soft" = [16, 3840], "unit" = "px", "fixed" = true))]
    width: u32,
    /// Pixels down.
    #[schemars(range(min = 1, max = 16384), extend("soft" = [16, 2160], "unit" = "px", "fixed" = true))]
    height: u32,
    /// Frames a second.
    #[schemars(extend("fixed" = true))]
    fps: Rate,
    /// How many frames.
    #[schemars(range(min = 1, max = 10_000_000), extend("soft" = [1, 240], "unit" = "frames", "fixed" = true))]
    length: u32,
    /// Which noise.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("soft" = [0, 1000], "fixed" = true))]
    seed: u32,
}

impl Default for PatternParams {
    fn default() -> Self {
        Self { pattern: Pattern::Bars, width: 1920, height: 1080, fps: Rate::FILM, length: 48, seed: 0 }
    }
}

/// The tool.
pub struct PatternTool;

impl Tool for PatternTool {
    type Params = PatternParams;

    fn spec() -> Spec {
        Spec::new("generate/pattern", 1, "Pattern", docs!())
            .search(&["test", "colour bars", "color bars", "smpte", "gradient", "checkerboard", "random", "leader"])
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(p: &PatternParams, _: &DescribeCx<'_>) -> Result<Described> {
        let desc = ClipDesc::clip(p.width, p.height, p.fps, u64::from(p.length));
        Ok(Described::one(Desc::Clip(desc)))
    }

    fn idle(p: &PatternParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        let mut idle = vec!["fps"];
        if p.pattern != Pattern::Noise {
            idle.push("seed");
        }
        if p.pattern != Pattern::Counter {
            idle.push("length");
        }
        idle
    }

    fn reads(p: &PatternParams, cx: &FrameCx<'_>) -> Reads {
        let moves = matches!(p.pattern, Pattern::Noise | Pattern::Counter);
        Reads { time: moves.then_some(cx.frame), files: None }
    }

    fn code() -> Option<Key> {
        Some(SHADER.hash())
    }

    fn render(p: &PatternParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let number = match p.pattern {
            Pattern::Bars => 0_u32,
            Pattern::Ramp => 1,
            Pattern::ZonePlate => 2,
            Pattern::Checker => 3,
            Pattern::Noise => 4,
            Pattern::Counter => 5,
        };
        let params = ParamValues::new()
            .with("pattern", number)
            .with("width", p.width)
            .with("height", p.height)
            .with("proxy", cx.at.proxy)
            .with("square", square(p.width, p.height))
            .with("length", p.length);
        picture::stage(cx, &SHADER, &params, Vec::new(), Vec::new(), p.seed)
    }
}

/// Side of a square of the checker, in pixels: 16 along the longer side.
fn square(width: u32, height: u32) -> u32 {
    (width.max(height) / 16).max(1)
}
