//! Keeps the frames from `start` up to, but not including, `end`.
//!
//! The first frame of the result is frame `start` of the clip. Without `end` it goes on to the clip's last frame; an
//! `end` behind the last frame is the last frame, and the node says so. A still has no time and passes as it is.
//!
//! The sound of the clip is cut at the same two moments.

use crate::docs::docs;
use crate::sound;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Spec, Tool};
use rushes_engine::{Desc, Error, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Trim`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TrimParams {
    /// The first frame to keep, counted from 0.
    #[schemars(range(min = 0), extend("soft" = [0, 240], "unit" = "frames", "fixed" = true))]
    start: i64,
    /// The frame to stop before; empty for the end of the clip.
    #[schemars(range(min = 1), extend("soft" = [1, 240], "unit" = "frames", "fixed" = true))]
    end: Option<i64>,
}

/// The tool.
pub struct Trim;

impl Tool for Trim {
    type Params = TrimParams;

    fn spec() -> Spec {
        Spec::new("time/trim", 1, "Trim", docs!())
            .search(&["cut", "in and out", "subclip", "range", "shorten", "handles"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(p: &TrimParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut desc = cx.frames("clip")?.clone();
        let Some(rate) = desc.rate else {
            return Ok(Described::one(Desc::Clip(desc)).word("a still has no time: it passes as it is"));
        };
        let there = i64::try_from(desc.frames).unwrap_or(i64::MAX);
        let end = p.end.unwrap_or(there).min(there);
        if p.start >= there {
            return Err(Error::usage(format!("the clip has {there} frames, none after {}", p.start))
                .at("start")
                .help(format!("start at frame {} or before", there - 1)));
        }
        if end <= p.start {
            return Err(Error::usage(format!("nothing is left from frame {} to frame {end}", p.start))
                .at("end")
                .help(format!("set end to {} or more", p.start + 1)));
        }
        desc.frames = (end - p.start).unsigned_abs();
        desc.audio =
            desc.audio.map(|a| sound::cut(&a, rate.seconds_of(p.start), rate.seconds_of(end - p.start)));
        let described = Described::one(Desc::Clip(desc));
        Ok(match p.end {
            Some(asked) if asked > there => described.word(format!("the clip ends at frame {there}")),
            _ => described,
        })
    }

    fn identity(p: &TrimParams, cx: &FrameCx<'_>) -> Option<Need> {
        Some(Need::new("clip", p.start.saturating_add(cx.frame)))
    }
}
