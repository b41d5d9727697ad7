//! Gives skin that was made too smooth its pores and fine colour variation back.
//!
//! The built-in engine finds skin by its colour, from very light to very dark, or takes the mask that is wired. It
//! separates the picture into a low band and detail, leaves the low band as it is, and adds pores, fine relief,
//! flushes and freckles as band-limited texture that follows the shading: hollows are darker, slopes face the light,
//! and all of it fades with the light. Outside of skin no pixel changes.
//!
//! What has the colour of skin, such as light wood, is taken for it; wire a mask there. Put it on the still, before it
//! is animated: on moving pictures the texture stands still before the skin.

use crate::docs::docs;
use crate::finish::mode::display_help;
use crate::picture;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Result, Transfer, ValueType};
use rushes_gpu::{Border, Expr, Kernel, Light, ParamValues, PointwiseShader, Resize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static SKIN: PointwiseShader =
    PointwiseShader::new("skin", include_str!("../../assets/shaders/enhance/skin.wgsl"), 1, &[]);
static TEXTURE: Kernel = Kernel::new(
    "skin texture",
    include_str!("../../assets/shaders/enhance/skin_texture.wgsl"),
    4,
    &[],
    Border::Clamp,
);

/// Wavelength of pores at size 1, in parts of the shorter side: four pixels of 1080.
const PORE: f64 = 4.0 / 1080.0;

/// Who gives the texture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Engine {
    /// Frequency separation, here and at once.
    #[default]
    BuiltIn,
}

/// Parameters of [`SkinTexture`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SkinTextureParams {
    /// How deep pores and relief are.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 1.0]))]
    pub strength: f64,
    /// How large pores are: 1 is four pixels of a picture 1080 high, right for a face that fills half of it.
    #[schemars(range(min = 0.1, max = 10.0), extend("soft" = [0.5, 3.0], "unit" = "×"))]
    pub pore_size: f64,
    /// How strong freckles are.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 1.0]))]
    pub freckles: f64,
    /// How much colour varies: flushes and paler places.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 1.0]))]
    pub imperfections: f64,
    /// How much of the skin's own detail stays: 1 is all, 0 leaves only what is added.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub keep_detail: f64,
    /// Where pores and freckles lie.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("fixed" = true))]
    pub seed: u32,
    /// Who gives the texture.
    #[schemars(extend("fixed" = true))]
    pub engine: Engine,
}

impl Default for SkinTextureParams {
    fn default() -> Self {
        Self {
            strength: 0.5,
            pore_size: 1.0,
            freckles: 0.0,
            imperfections: 0.2,
            keep_detail: 1.0,
            seed: 0,
            engine: Engine::BuiltIn,
        }
    }
}

impl SkinTextureParams {
    fn is_neutral(&self) -> bool {
        self.strength <= 0.0 && self.freckles <= 0.0 && self.imperfections <= 0.0 && self.keep_detail >= 1.0
    }

    /// Wavelength of the pores in pixels of the full picture; pixels hold no finer ones than of three.
    fn wavelength(&self, clip: &ClipDesc) -> f64 {
        (self.pore_size * PORE * f64::from(clip.width.min(clip.height))).max(3.0)
    }
}

/// How much of a texture of `wavelength` the mean of `proxy` pixels each way still shows.
fn kept(wavelength: f64, proxy: u32) -> f64 {
    let pixels = f64::from(proxy.max(1));
    (-(std::f64::consts::PI / wavelength).powi(2) * (pixels * pixels - 1.0) / 6.0).exp()
}

/// `enhance/skin_texture`.
pub struct SkinTexture;

impl Tool for SkinTexture {
    type Params = SkinTextureParams;

    fn spec() -> Spec {
        Spec::new("enhance/skin_texture", 1, "Skin texture", docs!())
            .search(&["pores", "realistic skin", "freckles", "enhancor", "face", "plastic skin"])
            .input(Port::of(ValueType::Clip))
            .input(Port::of(ValueType::Mask).optional())
            .output(Port::of(ValueType::Clip))
            .class(Class::HeavyFrames)
    }

    fn describe(p: &SkinTextureParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        if clip.color.transfer != Transfer::Sdr {
            return Err(Error::usage("skin is found in display-referred pictures only")
                .at("clip")
                .help(display_help(clip)));
        }
        let found = if cx.maybe_frames("mask").is_some() { "the mask says" } else { "its colour is found" };
        Ok(Described::one(Desc::Clip(clip.clone()))
            .word(format!("pores of {:.1} px where {found}", p.wavelength(clip))))
    }

    fn identity(p: &SkinTextureParams, cx: &FrameCx<'_>) -> Option<Need> {
        p.is_neutral().then(|| Need::new("clip", cx.timed("clip")))
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("skin texture");
        Some(hasher.key(SKIN.hash()).key(TEXTURE.hash()).key(rushes_gpu::mixing_hash()).finish())
    }

    fn render(p: &SkinTextureParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, p.seed)?;
        let clip = cx.clip()?;
        let wavelength = p.wavelength(clip);
        let source = work.made(&picture::expr(cx, "clip")?)?;
        let size = (source.width(), source.height());
        let picture = Expr::from(source.clone());
        let low = work.made(&work.blurred(&picture, 1.2 * wavelength * work.scale(), Light::Linear)?)?;
        let masked = cx.payload("mask").is_some();
        let (skin, spread) = if masked {
            let to = Resize { light: Light::Encoded, ..Resize::to(size.0, size.1) };
            let mask = work.made(&work.resized(&picture::expr(cx, "mask")?, &to)?)?;
            (mask.clone(), mask)
        } else {
            let skin = work.made(&work.stage(&SKIN, &ParamValues::new(), vec![low.clone().into()])?)?;
            let wide = 4.0 * wavelength * work.scale();
            let spread = work.blurred(&skin.clone().into(), wide, Light::Encoded)?;
            (skin, work.made(&spread)?)
        };
        let params = ParamValues::new()
            .with("strength", p.strength as f32)
            .with("wavelength", wavelength as f32)
            .with("freckles", p.freckles as f32)
            .with("imperfections", p.imperfections as f32)
            .with("keep_detail", p.keep_detail as f32)
            .with("kept", kept(wavelength, cx.at.proxy) as f32)
            .with("masked", masked);
        picture::hand_on(work.kernel(&TEXTURE, &[&source, &low, &skin, &spread], &params, size)?)
    }

    fn lint(_: &SkinTextureParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let mut advice = Vec::new();
        if crate::finish::advice::grained(cx) {
            advice.push(Advice::new(
                "no_enhance_after_grain",
                "this works on a picture that already has its grain",
                "grain is taken for skin detail; it belongs last",
            ));
        }
        if cx.maybe_frames("clip").is_some_and(|clip| clip.frames > 1) {
            advice.push(Advice::new(
                "skin_on_the_still",
                "skin texture is laid on a moving picture",
                "the texture stands still while the skin moves under it; put it on the still before it is animated",
            ));
        }
        advice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shaders_are_valid() {
        SKIN.validate().unwrap();
        TEXTURE.validate().unwrap();
    }
}
