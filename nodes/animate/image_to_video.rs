//! Brings a still to life as a shot. The engine “Camera move (offline)” moves a camera before the still, as the
//! motion prompt says: the first camera move that it names is made, with an easy start and end; “slow” and “fast” in
//! the same sentence count. What else the prompt asks for needs an engine that generates pictures, or a take made
//! elsewhere, which can be dropped on this node.
//!
//! The offline engine knows static, handheld, push in, pull out, pan, tilt, orbit and crane, pushes in slowly where no
//! move is named, and never shows what lies beside the still. With an end picture the shot dissolves into it. The
//! output has the resolution's long side and the still's own shape.
//!
//! The wires `style`, `character` and `guide1`, `guide2`… are for engines that generate pictures; the node says which of
//! them its engine cannot use.

use super::moves::{Move, Path, Said, read};
use super::pose::Pose;
use crate::docs::docs;
use crate::picture;
use crate::upscale::target::{Fit, Output, Scales, Target, long_side, target};
use crate::warp::{Beyond, Map, Sampling, warp};
use crate::work::{Work, light_of};
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Rate, Result, ValueType};
use rushes_gpu::{Expr, Light, ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static DISSOLVE: PointwiseShader =
    PointwiseShader::new("dissolve", include_str!("../../assets/shaders/animate/dissolve.wgsl"), 2, &[]);

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

    /// What the camera does, and whether the prompt named it.
    fn camera(&self, motion: Option<&str>) -> (Said, bool) {
        let named = motion.and_then(read);
        let said = match named {
            _ if self.camera_fixed => Said { camera: Move::Static, extent: 1.0 },
            Some(said) => said,
            None => Said { camera: Move::PushIn, extent: 0.6 },
        };
        (said, named.is_some())
    }

    /// How a picture of another size lies in the shot.
    fn placed(&self, clip: &ClipDesc, size: (u32, u32)) -> Result<Target> {
        target(clip, Output::Size, 1.0, (Some(size.0), Some(size.1)), Fit::Fill)
    }
}

/// The text on the motion port.
fn motion<'a>(cx: &FrameCx<'a>) -> Option<&'a str> {
    let input = cx.inputs.iter().find(|i| &*i.port == "motion")?;
    if let Desc::Text(text) = &input.desc { Some(text) } else { None }
}

/// From 0 to 1 over the second half, easily.
fn dissolve(progress: f64) -> f64 {
    let t = ((progress - 0.5) / 0.5).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// How far through the shot a frame is.
fn progress(frame: i64, frames: u64) -> f64 {
    if frames > 1 { frame as f64 / (frames - 1) as f64 } else { 0.0 }
}

/// `animate/image_to_video`.
pub struct ImageToVideo;

impl Tool for ImageToVideo {
    type Params = ImageToVideoParams;

    fn spec() -> Spec {
        Spec::new("animate/image_to_video", 1, "Image to video", docs!())
            .search(&["animate", "i2v", "seedance", "motion", "bring to life", "camera move"])
            .input(Port::of(ValueType::Clip))
            .input(Port::named("motion", ValueType::Text).optional())
            .input(Port::named("end", ValueType::Clip).optional())
            .input(Port::of(ValueType::Style).optional())
            .input(Port::of(ValueType::Character).optional())
            .input(Port::named("guide", ValueType::Clip).optional().variadic())
            .output(Port::of(ValueType::Clip))
            .reads_time()
    }

    fn describe(p: &ImageToVideoParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let still = cx.frames("clip")?;
        let (width, height) = long_side(still, p.resolution.long_side());
        let frames = p.frames();
        let (rate, audio) = (Some(p.fps), None);
        let clip = ClipDesc { width, height, rate, frames, audio, ..still.clone() };
        clip.check_size()?;
        let (said, named) = p.camera(cx.text("motion"));
        let mut word = format!("Camera move (offline): {}", said.camera.name());
        if p.camera_fixed {
            word.push_str(", as the camera is fixed");
        } else if !named {
            word.push_str(", slowly, as no move is named");
        }
        let mut described = Described::one(Desc::Clip(clip)).word(word);
        if still.frames > 1 {
            described = described.word("only the first frame of the clip is used");
        }
        if cx.maybe_frames("end").is_some() {
            described = described.word("the second half dissolves into the end picture");
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
        let out = cx.outputs.get(cx.output).and_then(Desc::frames);
        let need = |port: &str| {
            let placed = p.placed(cx.frames(port)?, out.map(|out| (out.width, out.height))?);
            Some(Need::new(port, 0).at_proxy(cx.finer(placed.map_or(1.0, |target| target.growth()))))
        };
        ["clip", "end"].into_iter().filter_map(need).collect()
    }

    fn identity(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Option<Need> {
        let (still, out) = (cx.frames("clip")?, cx.outputs.get(cx.output).and_then(Desc::frames)?);
        let same = (still.width, still.height) == (out.width, out.height);
        let fixed = p.camera(motion(cx)).0.camera == Move::Static && cx.frames("end").is_none();
        (same && fixed).then(|| Need::new("clip", 0))
    }

    fn idle(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Vec<&'static str> {
        if p.camera(motion(cx)).0.camera == Move::Static { vec!["seed"] } else { Vec::new() }
    }

    fn reads(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Reads {
        let still = p.camera(motion(cx)).0.camera == Move::Static && cx.frames("end").is_none();
        Reads { time: (!still).then_some(cx.frame), files: None }
    }

    fn code() -> Option<Key> {
        let shaders = [crate::warp::code(), rushes_gpu::mixing_hash(), DISSOLVE.hash()];
        let mut hasher = KeyHasher::new("image to video");
        shaders.into_iter().for_each(|key| {
            hasher.key(key);
        });
        Some(hasher.finish())
    }

    fn render(p: &ImageToVideoParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, p.seed)?;
        let out = cx.clip()?;
        let light = light_of(out.color.transfer);
        let still = cx.at.frames("clip").ok_or_else(|| Error::usage("input “clip” is not connected"))?;
        let progress = progress(cx.at.frame, out.frames);
        let pose = {
            let seconds = p.fps.seconds_of(cx.at.frame);
            let length = out.frames as f64 / p.fps.as_f64();
            let (said, _) = p.camera(motion(&cx.at));
            Path::new(said, p.seed, (out.width, out.height), length).pose(progress, seconds)
        };
        let shot = Shot { p, work: &work, out, light };
        let first = shot.seen(still, &picture::expr(cx, "clip")?, Scales::of(cx, "clip"), pose)?;
        let amount = dissolve(progress);
        let Some(end) = cx.at.frames("end").filter(|_| amount > 0.0) else {
            return picture::hand_on(work.made(&first)?);
        };
        let last = shot.seen(end, &picture::expr(cx, "end")?, Scales::of(cx, "end"), Pose::REST)?;
        let params = ParamValues::new().with("amount", amount as f32).with("linear", light == Light::Linear);
        picture::hand_on(work.made(&work.stage(&DISSOLVE, &params, vec![first, last])?)?)
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

/// What the pictures of one frame share.
struct Shot<'a> {
    p: &'a ImageToVideoParams,
    work: &'a Work<'a>,
    out: &'a ClipDesc,
    light: Light,
}

impl Shot<'_> {
    /// A picture as the camera sees it, at the size of the shot.
    fn seen(&self, clip: &ClipDesc, picture: &Expr, scales: Scales, pose: Pose) -> Result<Expr> {
        let target = self.p.placed(clip, (self.out.width, self.out.height))?;
        if pose.is_rest() {
            return self.work.resized(picture, &target.resize(scales, self.light));
        }
        let lens = pose.to_picture(f64::from(self.out.width), f64::from(self.out.height));
        let onto =
            Map::shift(target.x.origin, target.y.origin).after(Map::scale(target.x.step, target.y.step));
        let map = onto.after(lens).at_scales(scales.from, scales.to);
        let how = (Sampling::Lanczos, Beyond::Mirror);
        let size = self.out.size_at(scales.to);
        Ok(warp(self.work, picture, map, how, size, self.light)?.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_is_valid() {
        DISSOLVE.validate().unwrap();
    }

    #[test]
    fn a_shot_begins_with_its_first_picture_and_ends_with_its_last() {
        assert_eq!((progress(0, 36), progress(35, 36), progress(0, 1)), (0.0, 1.0, 0.0));
        assert_eq!((dissolve(0.5), dissolve(1.0)), (0.0, 1.0));
    }
}
