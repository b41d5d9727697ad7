//! The offline enlarger that still and video upscaling share: Lanczos-3 with what may go before and after it.
//!
//! Order: denoise, recover detail, resize, sharpen, dehalo. Each does nothing at 0, and costs nothing then.

use super::target::{Scales, Target};
use crate::work::Work;
use rushes_engine::{Key, KeyHasher, Result, Transfer};
use rushes_gpu::{Border, Expr, Image, Kernel, Light as Mixing, ParamValues, PointwiseShader};
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
static DEHALO: Kernel =
    Kernel::new("dehalo", include_str!("../../assets/shaders/upscale/dehalo.wgsl"), 2, &[], Border::Mirror);

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

impl Light {
    /// What this means for a picture of `transfer`: linear light needs a display encoding.
    pub(crate) fn of(self, transfer: Transfer) -> Mixing {
        match self {
            Self::Linear => crate::work::light_of(transfer),
            Self::Encoded => Mixing::Encoded,
        }
    }

    /// What a person should know of it.
    pub(crate) fn word(self, transfer: Transfer) -> Option<&'static str> {
        match (self, transfer) {
            (Self::Linear, Transfer::Pq | Transfer::Hlg | Transfer::Log) => {
                Some("resized in its own encoding: linear light needs a display encoding")
            }
            (Self::Encoded, Transfer::Sdr) => Some("resized in encoded values, not in linear light"),
            _ => None,
        }
    }
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
const SHARPEN: f64 = 0.8;

/// A hash of all kernels, for frame keys.
pub(crate) fn code() -> Key {
    let mut hasher = KeyHasher::new("enlarge");
    hasher.key(rushes_gpu::mixing_hash()).key(BILATERAL.hash()).key(DEHALO.hash());
    hasher.key(DETAIL.hash()).key(UNSHARP.hash()).finish()
}

/// The picture at its target, treated; its last step is perhaps not yet computed.
pub(crate) fn enlarge(
    work: &Work<'_>,
    source: Expr,
    target: &Target,
    scales: Scales,
    t: &Treatment,
) -> Result<Expr> {
    let source = prepared(work, source, scales.from, t)?;
    let to = target.resize(scales, t.mixing);
    if t.sharpen <= 0.0 && t.dehalo <= 0.0 {
        return work.resized_late(&source, &to);
    }
    let source = work.made(&source)?;
    let mut picture = work.resized(&source.clone().into(), &to)?;
    if t.sharpen > 0.0 {
        // One source pixel, so that it steepens what the enlarging has softened.
        let sigma = work.scale() * target.growth().max(1.0);
        let blurred = work.blurred(&picture, sigma, t.mixing)?;
        let params = ParamValues::new()
            .with("amount", (SHARPEN * t.sharpen) as f32)
            .with("linear", t.mixing == Mixing::Linear);
        picture = work.stage(&UNSHARP, &params, vec![picture, blurred])?;
    }
    if t.dehalo <= 0.0 {
        return Ok(picture);
    }
    let ([step_x, step_y], [origin_x, origin_y]) = target.steps(scales);
    let params = ParamValues::new()
        .with("step", [step_x as f32, step_y as f32])
        .with("origin", [origin_x as f32, origin_y as f32])
        .with("amount", t.dehalo as f32);
    let picture = work.made(&picture)?;
    let size = (picture.width(), picture.height());
    work.kernel(&DEHALO, &[&picture, &source], &params, size).map(Expr::from)
}

/// Denoising and recovered detail, in the picture's own encoding, where noise looks alike in dark and bright.
fn prepared(work: &Work<'_>, source: Expr, proxy: u32, t: &Treatment) -> Result<Expr> {
    if t.denoise <= 0.0 && t.recover_detail <= 0.0 {
        return Ok(source);
    }
    let original = work.made(&source)?;
    let mut picture: Expr = original.clone().into();
    if t.denoise > 0.0 {
        picture = bilateral(work, &original, proxy, NOISE * t.denoise)?.into();
    }
    if t.recover_detail > 0.0 {
        let smooth = bilateral(work, &original, proxy, FINE)?;
        let params = ParamValues::new().with("amount", t.recover_detail as f32);
        picture = work.stage(&DETAIL, &params, vec![picture, original.into(), smooth.into()])?;
    }
    Ok(picture)
}

fn bilateral(work: &Work<'_>, image: &Image, proxy: u32, likeness: f64) -> Result<Image> {
    let reach = REACH / f64::from(proxy);
    let params = ParamValues::new()
        .with("reach", reach as f32)
        .with("likeness", likeness as f32)
        .with("radius", (2.0 * reach).ceil() as u32);
    work.kernel(&BILATERAL, &[image], &params, (image.width(), image.height()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shaders_are_valid() {
        [&BILATERAL, &DEHALO].iter().for_each(|kernel| kernel.validate().unwrap());
        [&DETAIL, &UNSHARP].iter().for_each(|shader| shader.validate().unwrap());
    }
}
