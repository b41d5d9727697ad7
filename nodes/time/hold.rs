//! Shows one frame of the clip for `length` frames.
//!
//! A freeze frame, or a still given a length: a still has no rate of its own and is held at 24 frames a second
//! (`time/conform` behind it sets another). A held frame is silent.

use crate::docs::docs;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Spec, Tool};
use rushes_engine::{Desc, Error, Rate, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Hold`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HoldParams {
    /// The frame of the clip to show.
    #[schemars(range(min = 0), extend("soft" = [0, 240], "unit" = "frames", "fixed" = true))]
    frame: i64,
    /// For how many frames to show it.
    #[schemars(range(min = 1, max = 10_000_000), extend("soft" = [1, 240], "unit" = "frames", "fixed" = true))]
    length: u64,
}

impl Default for HoldParams {
    fn default() -> Self {
        Self { frame: 0, length: 48 }
    }
}

/// The tool.
pub struct Hold;

impl Tool for Hold {
    type Params = HoldParams;

    fn spec() -> Spec {
        Spec::new("time/hold", 1, "Hold", docs!())
            .search(&["freeze", "freeze frame", "still to clip", "extend", "duration"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(p: &HoldParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut desc = cx.frames("clip")?.clone();
        let still = desc.is_still();
        if !still && p.frame.unsigned_abs() >= desc.frames {
            return Err(Error::usage(format!(
                "the clip has {} frames, there is no frame {}",
                desc.frames, p.frame
            ))
            .at("frame")
            .help(format!("choose a frame up to {}", desc.frames.saturating_sub(1))));
        }
        let rate = *desc.rate.get_or_insert(Rate::FILM);
        desc.frames = p.length;
        let silenced = desc.audio.take().is_some();
        let mut described = Described::one(Desc::Clip(desc));
        if still {
            described = described.word(format!("a still has no rate: it is held at {rate} frames a second"));
        }
        if silenced {
            described = described.word("a held frame is silent");
        }
        Ok(described)
    }

    fn identity(p: &HoldParams, _: &FrameCx<'_>) -> Option<Need> {
        Some(Need::new("clip", p.frame))
    }
}
