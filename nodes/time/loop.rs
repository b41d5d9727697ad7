//! Plays the clip `times` times, one after the other.
//!
//! Its sound is repeated with it. A still has no time and passes as it is.

use crate::docs::docs;
use crate::sound;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Spec, Tool};
use rushes_engine::{Desc, Error, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Loop`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LoopParams {
    /// How often the clip is played.
    #[schemars(range(min = 1, max = 10_000), extend("soft" = [1, 10], "fixed" = true))]
    times: u32,
}

impl Default for LoopParams {
    fn default() -> Self {
        Self { times: 2 }
    }
}

/// The tool.
pub struct Loop;

impl Tool for Loop {
    type Params = LoopParams;

    fn spec() -> Spec {
        Spec::new("time/loop", 1, "Loop", docs!())
            .search(&["repeat", "cycle"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(p: &LoopParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut desc = cx.frames("clip")?.clone();
        let Some(rate) = desc.rate else {
            return Ok(Described::one(Desc::Clip(desc)).word("a still has no time: it passes as it is"));
        };
        let once = desc.frames;
        desc.frames =
            once.checked_mul(u64::from(p.times)).filter(|n| i64::try_from(*n).is_ok()).ok_or_else(|| {
                Error::usage("the loop has too many frames").at("times").help("play it less often")
            })?;
        desc.audio = desc.audio.map(|sound| {
            let span = rate.seconds_of(i64::try_from(once).unwrap_or(i64::MAX));
            let turns = (0..p.times).map(|turn| (span * f64::from(turn), span, Some(sound.clone())));
            sound::join(&turns.collect::<Vec<_>>())
        });
        Ok(Described::one(Desc::Clip(desc)))
    }

    fn identity(_: &LoopParams, cx: &FrameCx<'_>) -> Option<Need> {
        let once = cx.frames("clip").map_or(1, |d| d.frames.max(1));
        Some(Need::new("clip", cx.frame.rem_euclid(i64::try_from(once).unwrap_or(i64::MAX))))
    }
}
