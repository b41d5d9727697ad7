//! The engine of `animate/image_to_video` that works with no account: a camera before the still.

use super::image_to_video::ImageToVideoParams;
use super::moves::{Move, Path, Said, read};
use super::pose::Pose;
use crate::picture;
use crate::upscale::target::{Fit, Output, Scales, Target, target};
use crate::warp::{Beyond, Map, Sampling, warp};
use crate::work::{Work, light_of};
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Reads, RenderCx};
use rushes_engine::{ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Result};
use rushes_gpu::{Expr, Light, ParamValues, PointwiseShader};

static DISSOLVE: PointwiseShader =
    PointwiseShader::new("dissolve", include_str!("../../assets/shaders/animate/dissolve.wgsl"), 2, &[]);

impl ImageToVideoParams {
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

pub(super) fn describe(p: &ImageToVideoParams, cx: &DescribeCx<'_>) -> Result<Described> {
    let still = cx.frames("clip")?;
    let clip = p.shot(still);
    clip.check_size()?;
    let (said, named) = p.camera(cx.text("motion"));
    let mut word = format!("Camera move (offline): {}", said.camera.name());
    if p.camera_fixed {
        word.push_str(", as the camera is fixed");
    } else if !named {
        word.push_str(", slowly, as no move is named");
    }
    let mut described = Described::one(Desc::Clip(clip)).word(word);
    if cx.maybe_frames("end").is_some() {
        described = described.word("the second half dissolves into the end picture");
    }
    Ok(described)
}

pub(super) fn needs(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Vec<Need> {
    let out = cx.outputs.get(cx.output).and_then(Desc::frames);
    let need = |port: &str| {
        let placed = p.placed(cx.frames(port)?, out.map(|out| (out.width, out.height))?);
        Some(Need::new(port, 0).at_proxy(cx.finer(placed.map_or(1.0, |target| target.growth()))))
    };
    ["clip", "end"].into_iter().filter_map(need).collect()
}

pub(super) fn identity(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Option<Need> {
    let (still, out) = (cx.frames("clip")?, cx.outputs.get(cx.output).and_then(Desc::frames)?);
    let same = (still.width, still.height) == (out.width, out.height);
    let fixed = p.camera(motion(cx)).0.camera == Move::Static && cx.frames("end").is_none();
    (same && fixed).then(|| Need::new("clip", 0))
}

pub(super) fn idle(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Vec<&'static str> {
    if p.camera(motion(cx)).0.camera == Move::Static { vec!["seed"] } else { Vec::new() }
}

pub(super) fn reads(p: &ImageToVideoParams, cx: &FrameCx<'_>) -> Reads {
    let still = p.camera(motion(cx)).0.camera == Move::Static && cx.frames("end").is_none();
    Reads { time: (!still).then_some(cx.frame), files: None }
}

pub(super) fn code() -> Key {
    let shaders = [crate::warp::code(), rushes_gpu::mixing_hash(), DISSOLVE.hash()];
    let mut hasher = KeyHasher::new("image to video");
    shaders.into_iter().for_each(|key| {
        hasher.key(key);
    });
    hasher.finish()
}

pub(super) fn render(p: &ImageToVideoParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
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
