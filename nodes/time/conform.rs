//! Brings the clip to another frame rate by repeating or leaving out whole frames.
//!
//! Frame N of the result begins at N / `fps` seconds. `nearest` shows the frame of the clip that begins nearest to
//! that moment, the earlier one where two are as near; `previous` the one on screen at that moment, as a player does.
//! Both keep the length in time, rounded up to a whole frame, and the sound. `reinterpret` keeps every frame and lets
//! each last 1 / `fps`: the clip gets faster or slower, and its sound, which would no longer fit, is left out.
//!
//! A still has no rate and passes as it is. For new frames between the old ones use `time/interpolate`.

use crate::docs::docs;
use crate::sound;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Spec, Tool};
use rushes_engine::{Desc, Rate, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Which frame of the clip is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The frame that begins nearest to the moment.
    #[default]
    Nearest,
    /// The frame that is on screen at the moment.
    Previous,
    /// Every frame once, at the new rate: the clip gets faster or slower.
    Reinterpret,
}

/// Parameters of [`Conform`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ConformParams {
    /// The new rate in frames a second, such as 24 or 24000/1001.
    #[schemars(extend("fixed" = true))]
    fps: Rate,
    /// Which frame of the clip is shown at each new frame.
    #[schemars(extend("fixed" = true))]
    method: Method,
}

impl Default for ConformParams {
    fn default() -> Self {
        Self { fps: Rate::FILM, method: Method::Nearest }
    }
}

/// The tool.
pub struct Conform;

impl Tool for Conform {
    type Params = ConformParams;

    fn spec() -> Spec {
        Spec::new("time/conform", 1, "Conform", docs!())
            .search(&["frame rate", "fps", "pulldown", "interpret footage", "retime", "convert"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(p: &ConformParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut desc = cx.frames("clip")?.clone();
        let Some(rate) = desc.rate else {
            return Ok(Described::one(Desc::Clip(desc)).word("a still has no rate: it passes as it is"));
        };
        desc.rate = Some(p.fps);
        if p.method == Method::Reinterpret {
            let silenced = rate != p.fps && desc.audio.take().is_some();
            let described = Described::one(Desc::Clip(desc));
            return Ok(if silenced {
                described.word("its sound is left out: it would no longer fit")
            } else {
                described
            });
        }
        desc.frames = rate.length_in(p.fps, desc.frames);
        desc.audio = desc
            .audio
            .map(|a| sound::cut(&a, 0.0, p.fps.seconds_of(i64::try_from(desc.frames).unwrap_or(i64::MAX))));
        Ok(Described::one(Desc::Clip(desc)))
    }

    fn identity(p: &ConformParams, cx: &FrameCx<'_>) -> Option<Need> {
        let rate = cx.frames("clip").and_then(|d| d.rate);
        let frame = match (rate, p.method) {
            (None, _) | (_, Method::Reinterpret) => cx.frame,
            (Some(rate), Method::Nearest) => p.fps.nearest_in(rate, cx.frame),
            (Some(rate), Method::Previous) => on_screen(p.fps, rate, cx.frame),
        };
        Some(Need::new("clip", frame))
    }
}

/// The frame of a clip at `theirs` that is on screen when frame `frame` at `ours` begins.
fn on_screen(ours: Rate, theirs: Rate, frame: i64) -> i64 {
    let ((num, den), (their_num, their_den)) = (ours.parts(), theirs.parts());
    let at = i128::from(frame) * i128::from(den) * i128::from(their_num);
    let step = i128::from(num) * i128::from(their_den);
    i64::try_from(at.div_euclid(step)).unwrap_or(i64::MAX)
}
