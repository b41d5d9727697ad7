//! Lays one picture over another in any of Photoshop's 27 modes. The top is fitted to the bottom's size, shown at the
//! bottom's time and looped.
//!
//! Modes that work channel by channel are clipped to 0..1 before the opacity counts, as Photoshop does; normal and
//! dissolve only mix and clip nothing. Both pictures are taken with their straight alpha and put together as W3C's
//! Compositing 1 says: `αo = αs + αb(1 - αs)` and
//! `co = (αb(1 - αs)·cb + αs((1 - αb)·cs + αb·B(cb, cs))) / αo`, where `αs` is the top's alpha times opacity times mask.
//! Dodge, burn and the modes made of them brighten and darken the bottom by the top, as in Photoshop and Premiere.
//!
//! The darker and lighter colour compare the sums of the channels; hue, saturation, color and luminosity use W3C's
//! luma 0.3 R + 0.59 G + 0.11 B. Dissolve chooses pixels of the full picture by chance, the same in every frame.

use super::advice;
use super::fit::{self, Fit, fitted};
use super::mode::{Mode, Space, check_display, modes_wgsl};
use crate::picture;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Key, KeyHasher, PayloadRef, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) static BLEND: PointwiseShader = PointwiseShader::new(
    "blend",
    concat!(
        modes_wgsl!(),
        include_str!("../../assets/shaders/finish/blend.wgsl"),
        include_str!("../../assets/shaders/finish/blend_plain.wgsl")
    ),
    2,
    &[],
);
pub(crate) static BLEND_MASKED: PointwiseShader = PointwiseShader::new(
    "masked blend",
    concat!(
        modes_wgsl!(),
        include_str!("../../assets/shaders/finish/blend.wgsl"),
        include_str!("../../assets/shaders/finish/blend_masked.wgsl")
    ),
    3,
    &[],
);

/// Parameters of [`Blend`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BlendParams {
    /// How the top meets the bottom.
    pub mode: Mode,
    /// How much of the result counts.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub opacity: f64,
    /// How a top of another size is fitted to the bottom.
    #[schemars(extend("fixed" = true))]
    pub fit: Fit,
    /// A top that is shorter starts again; else the bottom stays alone after its end.
    #[schemars(extend("fixed" = true))]
    pub loop_top: bool,
    /// In which numbers they are blended.
    pub space: Space,
}

impl Default for BlendParams {
    fn default() -> Self {
        Self { mode: Mode::Normal, opacity: 1.0, fit: Fit::Fill, loop_top: true, space: Space::Display }
    }
}

/// `finish/blend`.
pub struct Blend;

impl Tool for Blend {
    type Params = BlendParams;

    fn spec() -> Spec {
        Spec::new("finish/blend", 1, "Blend", crate::docs!())
            .search(&["overlay", "composite", "layer", "mix", "merge", "screen", "multiply", "opacity", "over"])
            .input(Port::named("bottom", ValueType::Clip))
            .input(Port::named("top", ValueType::Clip))
            .input(Port::of(ValueType::Mask).optional())
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(p: &BlendParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let (bottom, top) = (cx.frames("bottom")?, cx.frames("top")?);
        if !p.mode.only_mixes() || bottom.color.transfer != top.color.transfer {
            check_display(bottom, "bottom", "blend")?;
            check_display(top, "top", "blend")?;
        }
        let mut described = Described::one(Desc::Clip(bottom.clone()));
        described.words = fit::words("top", top, bottom, p.fit, p.loop_top);
        if let Some(mask) = cx.maybe_frames("mask") {
            described.words.extend(fit::words("mask", mask, bottom, Fit::Stretch, false));
        }
        Ok(described)
    }

    fn needs(p: &BlendParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let mut needs = vec![Need::new("bottom", cx.timed("bottom"))];
        needs.extend(fit::frame_of(cx, "top", p.loop_top).map(|frame| Need::new("top", frame)));
        needs.extend(cx.frames("mask").map(|_| Need::new("mask", cx.timed("mask"))));
        needs
    }

    fn identity(p: &BlendParams, cx: &FrameCx<'_>) -> Option<Need> {
        let over = fit::frame_of(cx, "top", p.loop_top).is_none();
        (p.opacity == 0.0 || over).then(|| Need::new("bottom", cx.timed("bottom")))
    }

    fn idle(_: &BlendParams, cx: &FrameCx<'_>) -> Vec<&'static str> {
        let size = |port| cx.frames(port).map(|d| (d.width, d.height));
        let mut idle = vec!["loop_top"];
        if size("top") == size("bottom") {
            idle.push("fit");
        }
        idle
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("blend");
        hasher.key(BLEND.hash()).key(BLEND_MASKED.hash());
        Some(hasher.key(crate::resample::RESAMPLE.hash()).key(fit::PLACE.hash()).finish())
    }

    fn render(p: &BlendParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let clip = cx.clip()?;
        let work = Work::of(cx)?;
        let (enter, leave) = p.space.codes(clip.color.transfer);
        let params = ParamValues::new()
            .with("mode", p.mode.code())
            .with("opacity", p.opacity as f32)
            .with("enter", enter)
            .with("leave", leave)
            .with("proxy", cx.at.proxy.max(1));
        let fit = |port: &str, fit: Fit| {
            let picture = picture::expr(cx, port)?;
            let from = cx.at.frames(port).unwrap_or(clip);
            fitted(&work, picture, from, clip, cx.at.proxy, fit)
        };
        let mut inputs = vec![picture::expr(cx, "bottom")?, fit("top", p.fit)?];
        if cx.payload("mask").is_some() {
            inputs.push(fit("mask", Fit::Stretch)?);
            return picture::stage(cx, &BLEND_MASKED, &params, Vec::new(), inputs, 0);
        }
        picture::stage(cx, &BLEND, &params, Vec::new(), inputs, 0)
    }

    fn lint(p: &BlendParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let lays_grain = cx.comes_after("finish/grain_plate")
            && !cx.comes_after("finish/grain")
            && !cx.comes_after("finish/blend");
        if lays_grain { advice::laid_on(p.mode, p.opacity) } else { Vec::new() }
    }
}
