//! The offline enlarger that still and video upscaling share: Lanczos-3 with what may go before and after it.
//!
//! Order: denoise, recover detail, resize, sharpen, dehalo. Each does nothing at 0, and costs nothing then.

use crate::resample::{Axis, Filter, RESAMPLE, gaussian, separable};
use crate::work::{FROM_LINEAR, Mixing, TO_LINEAR, Work};
use rushes_engine::{Key, KeyHasher, Result};
use rushes_gpu::{Border, Expr, Image, Kernel, ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static BILATERAL: Kernel = Kernel::new(
    "bilateral",
    include_str!("../../assets/shaders/upscale/bilateral.wgsl"),
    1,
    &[],
    Border::Mirror,
);
static DETAIL: PointwiseShader =
    PointwiseShader::new("detail", include_str!("../../assets/shaders/upscale/detail.wgsl"), 3, &[]);
static UNSHARP: PointwiseShader =
    PointwiseShader::new("unsharp", include_str!("../../assets/shaders/upscale/unsharp.wgsl"), 2, &[]);
static DEHALO: Kernel = Kernel::new(
    "dehalo",
    concat!(
        include_str!("../../assets/shaders/picture/leave.wgsl"),
        include_str!("../../assets/shaders/upscale/dehalo.wgsl")
    ),
    2,
    &[],
    Border::Mirror,
);

/// In which numbers pixels are mixed while a picture is resized.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Light {
    /// Linear light: fine bright detail keeps its brightness.
    #[default]
    Linear,
    /// The picture's own encoding, as most programs resize: faster, and fine bright detail darkens.
    Encoded,
}

/// What happens to a picture on its way. Amounts are 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Treatment {
    /// In which numbers it is resized.
    pub(crate) mixing: Mixing,
    /// Noise taken away before.
    pub(crate) denoise: f64,
    /// Fine detail of the original added before.
    pub(crate) recover_detail: f64,
    /// Edges steepened after.
    pub(crate) sharpen: f64,
    /// Rims beside edges held down, last.
    pub(crate) dehalo: f64,
}

/// Spatial deviation of the bilateral filter, in source pixels.
const REACH: f64 = 1.5;
/// Deviation in summed channels: of the denoiser at full amount, and of what counts as fine detail.
const NOISE: f64 = 0.3;
const FINE: f64 = 0.2;
/// Gain of the unsharp mask at full amount.
const SHARPEN: f64 = 1.5;

/// A hash of all kernels, for frame keys.
pub(crate) fn code() -> Key {
    let mut hasher = KeyHasher::new("enlarge");
    hasher.key(RESAMPLE.hash()).key(BILATERAL.hash()).key(DEHALO.hash());
    for shader in [&DETAIL, &UNSHARP, &TO_LINEAR, &FROM_LINEAR] {
        hasher.key(shader.hash());
    }
    hasher.finish()
}

/// The picture on `x` and `y`, treated.
pub(crate) fn enlarge(work: &Work<'_>, source: Expr, x: Axis, y: Axis, t: &Treatment) -> Result<Expr> {
    let source = prepared(work, source, t)?;
    let mixable = work.mixable(source, t.mixing)?;
    if t.sharpen <= 0.0 && t.dehalo <= 0.0 {
        return Ok(separable(work, &mixable, x, y, Filter::Lanczos3, Some(t.mixing))?.into());
    }
    let mut picture = separable(work, &mixable, x, y, Filter::Lanczos3, None)?;
    if t.sharpen > 0.0 {
        // One source pixel, so that it steepens what the enlarging has softened.
        let sigma = f64::from(work.scale) / x.step.min(y.step).min(1.0);
        let blurred = gaussian(work, &picture, sigma, None)?;
        let params = ParamValues::new().with("amount", (SHARPEN * t.sharpen) as f32);
        let sharp = work.stage(&UNSHARP, &params, vec![picture.into(), blurred.into()])?;
        if t.dehalo <= 0.0 {
            return work.display_of(sharp, t.mixing);
        }
        picture = work.made(&sharp)?;
    }
    let params = ParamValues::new()
        .with("step", [x.step as f32, y.step as f32])
        .with("origin", [x.origin as f32, y.origin as f32])
        .with("amount", t.dehalo as f32)
        .with("leave", Mixing::code(Some(t.mixing)));
    let size = (picture.width(), picture.height());
    Ok(work.kernel(&DEHALO, &[&picture, &mixable], &params, &[], size)?.into())
}

/// Denoising and recovered detail, in the picture's own encoding, where noise looks alike in dark and bright.
fn prepared(work: &Work<'_>, source: Expr, t: &Treatment) -> Result<Expr> {
    if t.denoise <= 0.0 && t.recover_detail <= 0.0 {
        return Ok(source);
    }
    let original = work.made(&source)?;
    let mut picture: Expr = original.clone().into();
    if t.denoise > 0.0 {
        picture = bilateral(work, &original, NOISE * t.denoise)?.into();
    }
    if t.recover_detail > 0.0 {
        let smooth = bilateral(work, &original, FINE)?;
        let params = ParamValues::new().with("amount", t.recover_detail as f32);
        picture = work.stage(&DETAIL, &params, vec![picture, original.into(), smooth.into()])?;
    }
    Ok(picture)
}

fn bilateral(work: &Work<'_>, image: &Image, likeness: f64) -> Result<Image> {
    let reach = REACH * f64::from(work.scale);
    let params = ParamValues::new()
        .with("reach", reach as f32)
        .with("likeness", likeness as f32)
        .with("radius", (2.0 * reach).ceil() as u32);
    work.kernel(&BILATERAL, &[image], &params, &[], (image.width(), image.height()))
}
