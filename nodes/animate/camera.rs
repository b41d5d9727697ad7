//! Moves a camera before a still or a clip: zoom, turns, moves and the shake of a hand, each of which can be
//! keyframed.
//!
//! The picture stands upright before the camera as a plane that just fills the frame at rest. Moves are in pixels of
//! the picture, turns in degrees; `fov` decides how far the camera stands from it and so how strong the perspective
//! of a turn or a move towards it is. Pixels are mixed by Lanczos in linear light. A camera at rest shows the picture
//! unchanged. The picture has no depth here: nothing moves before anything else.
//!
//! A number may also be pasted as Deforum's schedules are written, `0:(1.0), 60:(1.1)`. Here it says where the camera is
//! at a frame, in the units below; Deforum's own moves add up frame by frame.

use super::pose::{Pose, shake};
use crate::docs::docs;
use crate::picture;
use crate::warp::{Beyond, Sampling, warp};
use crate::work::{Work, light_of};
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Key, PayloadRef, Rate, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Camera`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CameraParams {
    /// Focal length: 2 shows half the width.
    #[schemars(range(min = 0.05, max = 50.0), extend("soft" = [0.5, 4.0], "unit" = "×"))]
    pub zoom: f64,
    /// Turn to the right.
    #[schemars(range(min = -85.0, max = 85.0), extend("soft" = [-30.0, 30.0], "unit" = "°"))]
    pub pan: f64,
    /// Turn upwards.
    #[schemars(range(min = -85.0, max = 85.0), extend("soft" = [-30.0, 30.0], "unit" = "°"))]
    pub tilt: f64,
    /// Turn about the line of sight, the camera clockwise.
    #[schemars(range(min = -3600.0, max = 3600.0), extend("soft" = [-45.0, 45.0], "unit" = "°"))]
    pub roll: f64,
    /// Move to the right, in pixels of the picture.
    #[schemars(range(min = -100000.0, max = 100000.0), extend("soft" = [-1000.0, 1000.0], "unit" = "px"))]
    pub x: f64,
    /// Move down, in pixels of the picture.
    #[schemars(range(min = -100000.0, max = 100000.0), extend("soft" = [-1000.0, 1000.0], "unit" = "px"))]
    pub y: f64,
    /// Move towards the picture, in its pixels. The camera stops short of it.
    #[schemars(range(min = -1000000.0, max = 100000.0), extend("soft" = [-1000.0, 1000.0], "unit" = "px"))]
    pub z: f64,
    /// Horizontal angle of view at zoom 1: a wide one stands near, and its perspective is strong.
    #[schemars(range(min = 5.0, max = 150.0), extend("soft" = [15.0, 100.0], "unit" = "°"))]
    pub fov: f64,
    /// How much a hand shakes the camera: 1 is a walk with a light camera.
    #[schemars(range(min = 0.0, max = 20.0), extend("soft" = [0.0, 2.0]))]
    pub handheld: f64,
    /// How fast it shakes: 2 is twice as fast.
    #[schemars(range(min = 0.01, max = 20.0), extend("soft" = [0.2, 4.0], "unit" = "×", "fixed" = true))]
    pub handheld_rate: f64,
    /// Which shake.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("fixed" = true))]
    pub seed: u32,
    /// What is seen beside the picture.
    #[schemars(extend("fixed" = true))]
    pub border: Beyond,
    /// How many frames the move lasts.
    #[schemars(range(min = 1, max = 1000000), extend("soft" = [12.0, 480.0], "unit" = "f", "fixed" = true))]
    pub length: u64,
    /// Frames a second.
    #[schemars(extend("fixed" = true))]
    pub fps: Rate,
}

impl Default for CameraParams {
    fn default() -> Self {
        let Pose { zoom, pan, tilt, roll, x, y, z, fov } = Pose::REST;
        Self {
            zoom,
            pan,
            tilt,
            roll,
            x,
            y,
            z,
            fov,
            handheld: 0.0,
            handheld_rate: 1.0,
            seed: 0,
            border: Beyond::Mirror,
            length: 72,
            fps: Rate::FILM,
        }
    }
}

impl CameraParams {
    /// Where the camera is at a frame of a picture of `width`.
    fn pose(&self, frame: i64, width: f64) -> Pose {
        let Self { zoom, pan, tilt, roll, x, y, z, fov, .. } = *self;
        let pose = Pose { zoom, pan, tilt, roll, x, y, z, fov };
        if self.handheld <= 0.0 {
            return pose;
        }
        let [dp, dt, dr, dx, dy] =
            shake(self.seed, self.fps.seconds_of(frame), self.handheld_rate).map(|v| v * self.handheld);
        Pose { pan: pan + dp, tilt: tilt + dt, roll: roll + dr, x: x + dx * width, y: y + dy * width, ..pose }
    }
}

/// `animate/camera`.
pub struct Camera;

impl Tool for Camera {
    type Params = CameraParams;

    fn spec() -> Spec {
        Spec::new("animate/camera", 1, "Camera", docs!())
            .search(&["move", "zoom", "pan", "tilt", "dolly", "ken burns", "handheld", "shake", "deforum"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .reads_time()
    }

    fn describe(p: &CameraParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        let moved = ClipDesc {
            rate: Some(p.fps),
            frames: p.length,
            alpha: clip.alpha || p.border == Beyond::Transparent,
            ..clip.clone()
        };
        let mut described = Described::one(Desc::Clip(moved));
        if let Some(rate) = clip.rate
            && clip.seconds() + 1e-6 < p.fps.seconds_of(i64::try_from(p.length).unwrap_or(i64::MAX))
        {
            described = described.word(format!("the last of {} frames at {rate} is held", clip.frames));
        }
        Ok(described)
    }

    fn identity(p: &CameraParams, cx: &FrameCx<'_>) -> Option<Need> {
        let rest = p.handheld <= 0.0 && p.pose(cx.frame, 1.0).is_rest();
        rest.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(p: &CameraParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        let mut idle = vec!["length"];
        if p.handheld <= 0.0 {
            idle.extend(["handheld_rate", "seed", "fps"]);
            if p.pan == 0.0 && p.tilt == 0.0 && p.z == 0.0 {
                idle.push("fov");
            }
        }
        idle
    }

    fn reads(p: &CameraParams, cx: &FrameCx<'_>) -> Reads {
        Reads { time: (p.handheld > 0.0).then_some(cx.frame), files: None }
    }

    fn code() -> Option<Key> {
        Some(crate::warp::code())
    }

    fn render(p: &CameraParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, p.seed)?;
        let clip = cx.clip()?;
        let (width, height) = (f64::from(clip.width), f64::from(clip.height));
        let map = p.pose(cx.at.frame, width).to_picture(width, height).at_scales(cx.at.proxy, cx.at.proxy);
        let how = (Sampling::Lanczos, p.border);
        let (size, light) = (clip.size_at(cx.at.proxy), light_of(clip.color.transfer));
        picture::hand_on(warp(&work, &picture::expr(cx, "clip")?, map, how, size, light)?)
    }
}
