//! Enlarges a still several times, before it is animated or printed.
//!
//! The Lanczos engine resizes by Lanczos-3, in linear light unless told otherwise, and works offline. It invents
//! nothing. Denoise is an edge-keeping (bilateral) filter on the source, sharpen an unsharp mask of luminance over one
//! source pixel; both do nothing at 0, which is where they belong on an environment: what they take away or add is
//! fixed into every frame that is animated from the still.
//!
//! `model` names the model that an engine of networks is to use; Lanczos has none.

use crate::docs::docs;
use crate::picture;
use crate::upscale::enlarge::{self, Light, Treatment, enlarge};
use crate::upscale::target::{Fit, Output, Scales, Target, target};
use crate::upscale::video::{Engine, after_grain};
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, PayloadRef, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The model that an engine of networks is to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Topaz Gigapixel Standard: photographs, true to what is there.
    #[default]
    Standard,
    /// Topaz Gigapixel High fidelity: good photographs with fine texture.
    HighFidelity,
    /// Topaz Gigapixel Low resolution: small and compressed pictures.
    LowResolution,
    /// Topaz Gigapixel CGI: drawings and computer-made pictures.
    Cgi,
}

impl Model {
    fn name(self) -> &'static str {
        match self {
            Self::Standard => "Standard",
            Self::HighFidelity => "High fidelity",
            Self::LowResolution => "Low resolution",
            Self::Cgi => "CGI",
        }
    }
}

/// Parameters of [`UpscaleStill`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct UpscaleStillParams {
    /// How many times as wide and as high.
    #[schemars(range(min = 1.0, max = 16.0), extend("soft" = [1.0, 8.0], "unit" = "×", "fixed" = true))]
    pub scale: f64,
    /// The model that an engine of networks uses; Lanczos has none.
    #[schemars(extend("fixed" = true))]
    pub model: Model,
    /// How much edges are steepened after.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub sharpen: f64,
    /// How much noise is taken away before.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub denoise: f64,
    /// In which numbers pixels are mixed.
    pub light: Light,
    /// Who enlarges.
    #[schemars(extend("fixed" = true))]
    pub engine: Engine,
}

impl Default for UpscaleStillParams {
    fn default() -> Self {
        let (sharpen, denoise) = (0.0, 0.0);
        let (model, light, engine) = (Model::Standard, Light::Linear, Engine::Lanczos);
        Self { scale: 4.0, model, sharpen, denoise, light, engine }
    }
}

impl UpscaleStillParams {
    fn target(&self, clip: &ClipDesc) -> Result<Target> {
        target(clip, Output::Factor, self.scale, (None, None), Fit::Whole)
    }
}

/// `enhance/upscale_still`.
pub struct UpscaleStill;

impl Tool for UpscaleStill {
    type Params = UpscaleStillParams;

    fn spec() -> Spec {
        Spec::new("enhance/upscale_still", 1, "Upscale still", docs!())
            .search(&["resize", "enlarge", "gigapixel", "topaz", "lanczos", "super resolution", "4x"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .class(Class::HeavyFrames)
    }

    fn describe(p: &UpscaleStillParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        let mut described = Described::one(Desc::Clip(p.target(clip)?.applied(clip)?))
            .word("enlarged by Lanczos-3, without a model");
        if p.model != Model::Standard {
            described = described.word(format!("{} counts for engines that have it", p.model.name()));
        }
        if let Some(word) = p.light.word(clip.color.transfer) {
            described = described.word(word);
        }
        Ok(described)
    }

    fn needs(p: &UpscaleStillParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let growth = cx.frames("clip").and_then(|clip| p.target(clip).ok()).map_or(1.0, |t| t.growth());
        vec![Need::new("clip", cx.timed("clip")).at_proxy(cx.finer(growth))]
    }

    fn identity(p: &UpscaleStillParams, cx: &FrameCx<'_>) -> Option<Need> {
        let clip = cx.frames("clip")?;
        let plain = p.denoise <= 0.0 && p.sharpen <= 0.0;
        let same = plain && p.target(clip).ok()?.is_same(clip);
        same.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(_: &UpscaleStillParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["model"]
    }

    fn code() -> Option<Key> {
        Some(enlarge::code())
    }

    fn render(p: &UpscaleStillParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, 0)?;
        let clip = cx.at.frames("clip").ok_or_else(|| Error::usage("input “clip” is not connected"))?;
        let treatment = Treatment {
            mixing: p.light.of(clip.color.transfer),
            denoise: p.denoise,
            recover_detail: 0.0,
            sharpen: p.sharpen,
            dehalo: 0.0,
        };
        let (target, source) = (p.target(clip)?, picture::expr(cx, "clip")?);
        picture::hand_on(enlarge(&work, source, &target, Scales::of(cx, "clip"), &treatment)?)
    }

    fn lint(p: &UpscaleStillParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let mut advice: Vec<Advice> = after_grain(cx).into_iter().collect();
        if p.sharpen > 0.0 || p.denoise > 0.0 {
            advice.push(
                Advice::new(
                    "still_upscale_neutral",
                    format!("sharpen is {} and denoise {}", p.sharpen, p.denoise),
                    "what they add or take away flickers once the still is animated; keep both at 0",
                )
                .set("sharpen", 0.0)
                .set("denoise", 0.0),
            );
        }
        if cx.comes_after("plan/omni_reference") && !cx.comes_after("enhance/skin_texture") {
            advice.push(crate::upscale::video::without_skin_texture());
        }
        advice
    }
}
