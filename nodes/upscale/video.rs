//! Enlarges a clip to 4K or another size. “4K” is a long side of 3840, so portrait stays portrait.
//!
//! The Lanczos engine resizes each frame by Lanczos-3, in linear light unless told otherwise, and works offline.
//! It invents nothing. Denoise is an edge-keeping (bilateral) filter on the source; recover detail adds the source's
//! own finest detail, as far as it is weaker than an edge, once more; sharpen is an unsharp mask of luminance over
//! one source pixel; dehalo holds the result between the darkest and brightest source pixels around each place, so
//! that no rims appear beside edges. All four do nothing at 0.
//!
//! `model` names the model that an engine of networks is to use; Lanczos has none.

use super::enlarge::{self, Light, Treatment, enlarge};
use super::target::{Fit, Output, Scales, Target, target};
use crate::docs::docs;
use crate::picture;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, PayloadRef, Result, Transfer, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who enlarges.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Lanczos-3, here and at once.
    #[default]
    Lanczos,
}

/// The model that an engine of networks is to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// Topaz Proteus: all kinds of footage, with controls.
    #[default]
    Proteus,
    /// Topaz Iris: faces and heavily compressed footage.
    Iris,
    /// Topaz Nyx: noisy footage.
    Nyx,
    /// Topaz Artemis: noisy or compressed footage, without controls.
    Artemis,
    /// Topaz Gaia: high-quality and computer-made footage.
    Gaia,
    /// Topaz Rhea: fine detail at four times the size.
    Rhea,
}

impl Model {
    fn name(self) -> &'static str {
        match self {
            Self::Proteus => "Proteus",
            Self::Iris => "Iris",
            Self::Nyx => "Nyx",
            Self::Artemis => "Artemis",
            Self::Gaia => "Gaia",
            Self::Rhea => "Rhea",
        }
    }
}

/// Parameters of [`Video`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VideoParams {
    /// How large the result is.
    #[schemars(extend("fixed" = true))]
    pub output: Output,
    /// How many times the input's size, where the output is a factor.
    #[schemars(range(min = 0.01, max = 16.0), extend("soft" = [1.0, 4.0], "unit" = "×", "fixed" = true))]
    pub factor: f64,
    /// Width, where the output is a size; follows the height where open.
    #[schemars(range(min = 1, max = 16384), extend("soft" = [640.0, 7680.0], "unit" = "px", "fixed" = true))]
    pub width: Option<u32>,
    /// Height, where the output is a size; follows the width where open.
    #[schemars(range(min = 1, max = 16384), extend("soft" = [360.0, 4320.0], "unit" = "px", "fixed" = true))]
    pub height: Option<u32>,
    /// How a picture of another shape lies in the output.
    #[schemars(extend("fixed" = true))]
    pub fit: Fit,
    /// In which numbers pixels are mixed.
    pub light: Light,
    /// The model that an engine of networks uses; Lanczos has none.
    #[schemars(extend("fixed" = true))]
    pub model: Model,
    /// How much of the source's own finest detail is added once more. 0 keeps the picture as it was shot.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub recover_detail: f64,
    /// How much noise is taken away before.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub denoise: f64,
    /// How much edges are steepened after.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub sharpen: f64,
    /// How much of the rims beside edges is held down.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub dehalo: f64,
    /// Who enlarges.
    #[schemars(extend("fixed" = true))]
    pub engine: Engine,
}

impl Default for VideoParams {
    fn default() -> Self {
        Self {
            output: Output::Uhd4,
            factor: 2.0,
            width: None,
            height: None,
            fit: Fit::Whole,
            light: Light::Linear,
            model: Model::Proteus,
            recover_detail: 0.0,
            denoise: 0.0,
            sharpen: 0.0,
            dehalo: 0.0,
            engine: Engine::Lanczos,
        }
    }
}

impl VideoParams {
    fn target(&self, clip: &ClipDesc) -> Result<Target> {
        target(clip, self.output, self.factor, (self.width, self.height), self.fit)
    }

    fn treatment(&self, transfer: Transfer) -> Treatment {
        Treatment {
            mixing: self.light.of(transfer),
            denoise: self.denoise,
            recover_detail: self.recover_detail,
            sharpen: self.sharpen,
            dehalo: self.dehalo,
        }
    }
}

/// Advice against enlarging what already has its grain.
pub(crate) fn after_grain(cx: &DescribeCx<'_>) -> Option<Advice> {
    crate::finish::advice::grained(cx).then(|| {
        Advice::new(
            "no_upscale_after_grain",
            "this enlarges a picture that already has its grain",
            "enlarged grain is coarse and soft; grain belongs last, at the size of the master",
        )
    })
}

/// Advice where a person is enlarged who went through no skin texture.
pub(crate) fn without_skin_texture() -> Advice {
    Advice::new(
        "person_without_skin_texture",
        "a person is enlarged whose skin was given no texture",
        "smooth generated skin looks like wax at 4K; put a skin texture node on the still before",
    )
}

/// `upscale/video`.
pub struct Video;

impl Tool for Video {
    type Params = VideoParams;

    fn spec() -> Spec {
        Spec::new("upscale/video", 1, "Upscale video", docs!())
            .search(&[
                "resize",
                "scale",
                "enlarge",
                "4k",
                "8k",
                "lanczos",
                "topaz",
                "proteus",
                "super resolution",
            ])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .late()
    }

    fn describe(p: &VideoParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        let target = p.target(clip)?;
        let mut described = Described::one(Desc::Clip(target.applied(clip)?));
        described = described
            .word(format!("{}× by Lanczos-3, without a model", (target.growth() * 1e3).round() / 1e3));
        if p.model != Model::Proteus {
            described = described.word(format!("{} counts for engines that have it", p.model.name()));
        }
        if let Some(word) = p.light.word(clip.color.transfer) {
            described = described.word(word);
        }
        Ok(described)
    }

    fn needs(p: &VideoParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let growth = cx.frames("clip").and_then(|clip| p.target(clip).ok()).map_or(1.0, |t| t.growth());
        vec![Need::new("clip", cx.timed("clip")).at_proxy(cx.finer(growth))]
    }

    fn identity(p: &VideoParams, cx: &FrameCx<'_>) -> Option<Need> {
        let clip = cx.frames("clip")?;
        let plain = p.denoise <= 0.0 && p.recover_detail <= 0.0 && p.sharpen <= 0.0 && p.dehalo <= 0.0;
        let same = plain && p.target(clip).ok()?.is_same(clip);
        same.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(p: &VideoParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        let mut idle = vec!["model"];
        if p.output != Output::Factor {
            idle.push("factor");
        }
        if p.output != Output::Size {
            idle.extend(["width", "height"]);
        }
        if p.output == Output::Factor {
            idle.push("fit");
        }
        idle
    }

    fn code() -> Option<Key> {
        Some(enlarge::code())
    }

    fn render(p: &VideoParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, 0)?;
        let clip = cx.at.frames("clip").ok_or_else(|| Error::usage("input “clip” is not connected"))?;
        let (target, treatment) = (p.target(clip)?, p.treatment(clip.color.transfer));
        let source = picture::expr(cx, "clip")?;
        picture::hand_on(enlarge(&work, source, &target, Scales::of(cx, "clip"), &treatment)?)
    }

    fn lint(p: &VideoParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let mut advice: Vec<Advice> = after_grain(cx).into_iter().collect();
        if p.recover_detail > 0.0 {
            advice.push(
                Advice::new(
                    "recover_detail_zero",
                    format!("recover detail is {}", p.recover_detail),
                    "on generated video it brings back flicker and edges that the model invented",
                )
                .set("recover_detail", 0.0),
            );
        }
        if cx.comes_after("plan/omni_reference") && !cx.comes_after("enhance/skin_texture") {
            advice.push(without_skin_texture());
        }
        advice
    }
}
