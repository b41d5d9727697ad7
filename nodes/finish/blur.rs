//! Softens the picture evenly, as a lens out of focus by a normal distribution. Light is mixed, not codes, so that
//! highlights spread as they do in a lens, and alpha is premultiplied, so that edges keep their colour.
//!
//! Beyond the edge of the picture its nearest pixel holds. A length of 0 leaves it as it is.

use crate::docs::docs;
use crate::picture;
use crate::work::{Work, light_of};
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Key, PayloadRef, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Blur`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BlurParams {
    /// Standard deviation of the blur in pixels of the full picture.
    #[schemars(range(min = 0.0, max = 500.0), extend("soft" = [0.0, 20.0], "unit" = "px"))]
    pub sigma: f64,
}

/// `finish/blur`.
pub struct Blur;

impl Tool for Blur {
    type Params = BlurParams;

    fn spec() -> Spec {
        Spec::new("finish/blur", 1, "Blur", docs!())
            .search(&["gaussian", "soften", "defocus", "smooth"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(_: &BlurParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(cx.frames("clip")?.clone())))
    }

    fn identity(p: &BlurParams, cx: &FrameCx<'_>) -> Option<Need> {
        (p.sigma <= 0.0).then(|| Need::new("clip", cx.timed("clip")))
    }

    fn code() -> Option<Key> {
        Some(rushes_gpu::mixing_hash())
    }

    fn render(p: &BlurParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, 0)?;
        let light = light_of(cx.clip()?.color.transfer);
        let blurred = work.blurred(&picture::expr(cx, "clip")?, p.sigma * work.scale(), light)?;
        picture::hand_on(work.made(&blurred)?)
    }
}
