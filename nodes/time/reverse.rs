//! Plays the clip from its last frame to its first.
//!
//! Its sound is left out, and the node says so. A still passes as it is.

use crate::docs::docs;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Spec, Tool};
use rushes_engine::{Desc, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Reverse`]: none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReverseParams {}

/// The tool.
pub struct Reverse;

impl Tool for Reverse {
    type Params = ReverseParams;

    fn spec() -> Spec {
        Spec::new("time/reverse", 1, "Reverse", docs!())
            .search(&["backwards", "rewind"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(_: &ReverseParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut desc = cx.frames("clip")?.clone();
        let silenced = desc.audio.take().is_some();
        let described = Described::one(Desc::Clip(desc));
        Ok(if silenced {
            described.word("its sound is left out: it does not run backwards")
        } else {
            described
        })
    }

    fn identity(_: &ReverseParams, cx: &FrameCx<'_>) -> Option<Need> {
        let last = cx.frames("clip").map_or(0, |d| d.frames.saturating_sub(1));
        Some(Need::new("clip", i64::try_from(last).unwrap_or(i64::MAX).saturating_sub(cx.frame)))
    }
}
