//! Brings a still to life as a shot. The engine “Camera move (offline)” moves a camera before the still, as the
//! motion prompt says: the first camera move that it names is made, with an easy start and end; “slow” and “fast” in
//! the same sentence count. What else the prompt asks for needs an engine that generates pictures, or a take made
//! elsewhere, which can be dropped on this node.
//!
//! The offline engine knows static, handheld, push in, pull out, pan, tilt, orbit and crane, pushes in slowly where no
//! move is named, and never shows what lies beside the still. With an end picture the shot dissolves into it. The
//! output has the resolution's long side and the still's own shape.
//!
//! The engines at fal.ai generate the shot from the still and the motion prompt. They run only when asked, with your own
//! key, and cost what the node says: the still, the end picture and the prompt are sent there. They choose rate and exact
//! size themselves; what came back is a take of the node and is never bought twice.
//!
//! The wires `style`, `character` and `guide1`, `guide2`… are for engines that take them; the node says which of
//! them its engine cannot use.

use super::camera_move;
use crate::docs::docs;
use crate::remote::{Ask, check_sendable};
use crate::upscale::target::long_side;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{
    Class, DescribeCx, Described, FrameCx, Input, JobResult, Need, Port, Reads, RenderCx, RunCx, Spec, Tool,
};
use rushes_engine::{ClipDesc, ColorTags, Desc, Error, Key, PayloadRef, Rate, Result, ValueType};
use rushes_services::{Endpoint, Given, endpoint};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The size of the shot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Resolution {
    /// A long side of 854.
    #[serde(rename = "480p")]
    P480,
    /// A long side of 1280.
    #[serde(rename = "720p")]
    P720,
    /// A long side of 1920: what engines make natively.
    #[default]
    #[serde(rename = "1080p")]
    P1080,
    /// A long side of 2560.
    #[serde(rename = "1440p")]
    P1440,
    /// A long side of 3840.
    #[serde(rename = "4k")]
    Uhd4,
}

impl Resolution {
    /// Its name in the graph's file and for engines.
    fn name(self) -> &'static str {
        match self {
            Self::P480 => "480p",
            Self::P720 => "720p",
            Self::P1080 => "1080p",
            Self::P1440 => "1440p",
            Self::Uhd4 => "4k",
        }
    }

    fn long_side(self) -> u32 {
        match self {
            Self::P480 => 854,
            Self::P720 => 1280,
            Self::P1080 => 1920,
            Self::P1440 => 2560,
            Self::Uhd4 => 3840,
        }
    }
}

/// Who animates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Camera move (offline): a camera before the still. Nothing in the picture moves by itself.
    #[default]
    CameraMove,
    /// Seedance 1 Pro (fal.ai): 2 to 12 seconds up to 1080p, without sound. Paid, with your key.
    #[serde(rename = "seedance_1_pro")]
    Seedance1Pro,
    /// Seedance 2 (fal.ai): 4 to 15 seconds up to 720p, with sound. Paid, with your key.
    #[serde(rename = "seedance_2")]
    Seedance2,
}

impl Engine {
    /// Where it works, if not here.
    fn endpoint(self) -> Option<Result<&'static Endpoint>> {
        match self {
            Self::CameraMove => None,
            Self::Seedance1Pro => Some(endpoint("seedance_1_pro")),
            Self::Seedance2 => Some(endpoint("seedance_2")),
        }
    }
}

/// Parameters of [`ImageToVideo`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ImageToVideoParams {
    /// The size of the shot, by its long side.
    #[schemars(extend("fixed" = true))]
    pub resolution: Resolution,
    /// How long the shot is.
    #[schemars(range(min = 0.04, max = 600.0), extend("soft" = [1.0, 12.0], "unit" = "s", "fixed" = true))]
    pub duration_s: f64,
    /// Frames a second.
    #[schemars(extend("fixed" = true))]
    pub fps: Rate,
    /// Which of many takes: here, where the camera drifts and how a hand shakes.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("fixed" = true))]
    pub seed: u32,
    /// The camera does not move, whatever the prompt says.
    #[schemars(extend("fixed" = true))]
    pub camera_fixed: bool,
    /// Who animates.
    #[schemars(extend("fixed" = true))]
    pub engine: Engine,
}

impl Default for ImageToVideoParams {
    fn default() -> Self {
        Self {
            resolution: Resolution::P1080,
            duration_s: 5.0,
            fps: Rate::FILM,
            seed: 0,
            camera_fixed: false,
            engine: Engine::CameraMove,
        }
    }
}

impl ImageToVideoParams {
    fn frames(&self) -> u64 {
        let frames = self.duration_s * self.fps.as_f64();
        (frames.round() as u64).max(1)
    }

    /// The shot that the offline engine makes of a still.
    pub(super) fn shot(&self, still: &ClipDesc) -> ClipDesc {
        let (width, height) = long_side(still, self.resolution.long_side());
        ClipDesc { width, height, rate: Some(self.fps), frames: self.frames(), audio: None, ..still.clone() }
    }

    /// What is asked of an engine elsewhere.
    fn ask(&self, endpoint: &'static Endpoint, still: &ClipDesc, inputs: &[Input]) -> Result<Ask> {
        let words = inputs.iter().find_map(|input| match &input.desc {
            Desc::Text(text) if &*input.port == "motion" => Some(text.trim()),
            _ => None,
        });
        let words = words.filter(|words| !words.is_empty()).ok_or_else(|| {
            Error::usage(format!("{} needs words for the motion", endpoint.label))
                .at("motion")
                .help("wire a text into motion, such as plan/shot or plan/text")
        })?;
        let all = [
            ("prompt", Given::Text(words.to_owned())),
            ("resolution", Given::Text(self.resolution.name().to_owned())),
            ("duration_s", Given::Number(self.duration_s)),
            ("camera_fixed", Given::Flag(self.camera_fixed)),
            ("seed", Given::Number(f64::from(self.seed))),
        ];
        let given = all.into_iter().filter(|(name, _)| endpoint.takes(name));
        let given: BTreeMap<String, Given> = given.map(|(name, value)| (name.to_owned(), value)).collect();
        let wired = |port: &&str| inputs.iter().any(|input| &*input.port == *port);
        let pictures =
            ["clip", "end"].into_iter().filter(|port| endpoint.takes(port)).filter(wired).collect();
        let size = endpoint.size(self.resolution.name(), f64::from(still.width) / f64::from(still.height));
        let ask = Ask { endpoint, given, pictures, usd: endpoint.price_usd(size, self.duration_s) };
        ask.check()?;
        Ok(ask)
    }

    /// What an engine elsewhere will probably make.
    fn expected(&self, endpoint: &Endpoint, still: &ClipDesc) -> ClipDesc {
        let aspect = f64::from(still.width) / f64::from(still.height);
        let (width, height) = endpoint.size(self.resolution.name(), aspect);
        let (num, den) = endpoint.rate();
        let rate = Rate::new(num, den).unwrap_or(Rate::FILM);
        let frames = ((self.duration_s * rate.as_f64()).round() as u64).max(1);
        ClipDesc {
            color: ColorTags::BT709,
            style: still.style.clone(),
            ..ClipDesc::clip(width, height, rate, frames)
        }
    }

    fn describe_elsewhere(&self, endpoint: &'static Endpoint, cx: &DescribeCx<'_>) -> Result<Described> {
        let still = cx.frames("clip")?;
        let clips = ["clip", "end"].map(|port| (port, cx.maybe_frames(port)));
        for (port, clip) in clips {
            clip.map_or(Ok(()), |clip| check_sendable(clip, port))?;
        }
        let ask = self.ask(endpoint, still, cx.inputs)?;
        let errand = ask.errand(|port| clips.into_iter().find(|(name, _)| *name == port)?.1);
        let out = self.expected(endpoint, still);
        let rate = out.rate.unwrap_or(Rate::FILM);
        let mut described = Described::one(Desc::Clip(out))
            .word(format!("{} at {}: about ${:.2} a run", errand.engine, errand.to, ask.usd))
            .price(ask.usd);
        if rate != self.fps {
            described = described.word(format!("it makes {rate} frames a second; time/conform gives others"));
        }
        for (name, on) in [("camera_fixed", self.camera_fixed), ("end", cx.maybe_frames("end").is_some())] {
            if on && !endpoint.takes(name) {
                described = described.word(format!("this engine does not know {name}"));
            }
        }
        Ok(described.errand(errand))
    }
}

/// `animate/image_to_video`.
pub struct ImageToVideo;

impl Tool for ImageToVideo {
    type Params = ImageToVideoParams;

    fn spec() -> Spec {
        Spec::new("animate/image_to_video", 1, "Image to video", docs!())
            .search(&["animate", "i2v", "seedance", "motion", "bring to life", "camera move", "fal"])
            .input(Port::of(ValueType::Clip))
            .input(Port::named("motion", ValueType::Text).optional())
            .input(Port::named("end", ValueType::Clip).optional())
            .input(Port::of(ValueType::Style).optional())
            .input(Port::of(ValueType::Character).optional())
            .input(Port::named("guide", ValueType::Clip).optional().variadic())
            .output(Port::of(ValueType::Clip))
            .reads_time()
    }

    fn class(p: &ImageToVideoParams) -> Class {
        if p.engine == Engine::CameraMove { Class::Frames } else { Class::Job }
    }

    fn describe(p: &ImageToVideoParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut described = match p.engine.endpoint() {
            None => camera_move::describe(p, cx)?,
            Some(endpoint) => p.describe_elsewhere(endpoint?, cx)?,
        };
        if cx.frames("clip")?.frames > 1 {
            described = described.word("only the first frame of the clip is used");
        }
        let unused: Vec<&str> = cx
            .inputs
            .iter()
            .map(|i| i.port.trim_end_matches(|c: char| c.is_ascii_digit()))
            .filter(|port| ["style", "character", "guide"].contains(port))
            .collect();
        if !unused.is_empty() {
            described = described.word(format!("this engine cannot use {}", unused.join(", ")));
        }
        Ok(described)
    }

    fn needs(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Vec<Need> {
        camera_move::needs(p, cx)
    }

    fn identity(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Option<Need> {
        camera_move::identity(p, cx)
    }

    fn idle(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Vec<&'static str> {
        camera_move::idle(p, cx)
    }

    fn reads(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Reads {
        camera_move::reads(p, cx)
    }

    fn code() -> Option<Key> {
        Some(camera_move::code())
    }

    fn render(p: &ImageToVideoParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        camera_move::render(p, cx)
    }

    fn run(p: &ImageToVideoParams, cx: &RunCx<'_>) -> Result<JobResult> {
        let Some(endpoint) = p.engine.endpoint() else {
            return Err(
                Error::usage("the offline engine has nothing to run").help("look at its frames instead")
            );
        };
        let still = cx.input("clip").and_then(Desc::frames);
        let still = still.ok_or_else(|| Error::usage("input “clip” is not connected"))?;
        p.ask(endpoint?, still, cx.inputs)?.run(cx)
    }

    fn lint(p: &ImageToVideoParams, _: &DescribeCx<'_>) -> Vec<Advice> {
        let mut advice = Vec::new();
        if p.resolution.long_side() > Resolution::P1080.long_side() {
            advice.push(
                Advice::new(
                    "animate_native",
                    "the shot is animated above 1080p",
                    "engines work at 1080p and stretch the rest; enlarge the finished shot instead",
                )
                .set("resolution", "1080p"),
            );
        }
        advice
    }
}
