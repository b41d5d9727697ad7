//! Brings a second picture to the size and the time of the first.

use crate::resample::{Axis, Filter, separable};
use crate::work::{Mixing, Work};
use rushes_engine::tool::FrameCx;
use rushes_engine::{ClipDesc, Result};
use rushes_gpu::{Border, Expr, Kernel, ParamValues};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Lays a picture on a transparent one of another size.
pub(crate) static PLACE: Kernel = Kernel::new(
    "place",
    include_str!("../../assets/shaders/finish/place.wgsl"),
    1,
    &[],
    Border::Transparent,
);

/// How a picture of another size comes to the size of the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Fit {
    /// It covers the picture; what stands over is cut off evenly.
    #[default]
    Fill,
    /// It is seen whole; the rest stays transparent.
    Fit,
    /// It is stretched to the picture's own shape.
    Stretch,
}

/// `picture`, described by `from`, at the size of `to`. Lanczos-3, in linear light where the encoding is the display's.
pub(crate) fn fitted(work: &Work<'_>, picture: Expr, from: &ClipDesc, to: &ClipDesc, proxy: u32, fit: Fit) -> Result<Expr> {
    if (from.width, from.height) == (to.width, to.height) {
        return Ok(picture);
    }
    let proxy = proxy.max(1);
    let size = to.size_at(proxy);
    let own = [f64::from(from.width), f64::from(from.height)];
    let ratio = [f64::from(to.width) / own[0], f64::from(to.height) / own[1]];
    let scale = match fit {
        Fit::Fill => [ratio[0].max(ratio[1]); 2],
        Fit::Fit => [ratio[0].min(ratio[1]); 2],
        Fit::Stretch => ratio,
    };
    let mixing = Mixing::for_transfer(from.color.transfer);
    let light = work.mixable(picture, mixing)?;
    let whole = [f64::from(to.width), f64::from(to.height)];
    let axis = |i: usize, length: u32| {
        let shown = whole[i] / scale[i];
        Axis { length, step: 1.0 / scale[i], origin: (own[i] - shown) / 2.0 / f64::from(proxy) }
    };
    if fit != Fit::Fit {
        let (x, y) = (axis(0, size.0), axis(1, size.1));
        return Ok(separable(work, &light, x, y, Filter::Lanczos3, Some(mixing))?.into());
    }
    let inner = |i: usize, all: u32| ((own[i] * scale[i] / f64::from(proxy)).round() as u32).clamp(1, all);
    let (width, height) = (inner(0, size.0), inner(1, size.1));
    let across = |i: usize, length: u32| Axis { length, step: own[i] / f64::from(proxy) / f64::from(length), origin: 0.0 };
    let (x, y) = (across(0, width), across(1, height));
    let seen = separable(work, &light, x, y, Filter::Lanczos3, Some(mixing))?;
    let params = ParamValues::new().with("left", (size.0 - width) / 2).with("top", (size.1 - height) / 2);
    Ok(work.kernel(&PLACE, &[&seen], &params, &[], size)?.into())
}

/// The frame of input `port` at our time: from its start again where it loops; `None` after its end where not.
pub(crate) fn frame_of(cx: &FrameCx<'_>, port: &str, loops: bool) -> Option<i64> {
    let clip = cx.frames(port)?;
    let frame = cx.timed(port);
    if clip.is_still() {
        return Some(0);
    }
    let count = i64::try_from(clip.frames).unwrap_or(i64::MAX).max(1);
    match (frame < count, loops) {
        (true, _) => Some(frame),
        (false, true) => Some(frame.rem_euclid(count)),
        (false, false) => None,
    }
}

/// What a person should know of the fitting, if anything was to be fitted.
pub(crate) fn words(name: &str, from: &ClipDesc, to: &ClipDesc, fit: Fit, loops: bool) -> Vec<String> {
    let mut words = Vec::new();
    if (from.width, from.height) != (to.width, to.height) {
        let how = match fit {
            Fit::Fill => "fills",
            Fit::Fit => "is fitted into",
            Fit::Stretch => "is stretched to",
        };
        words.push(format!("{name} {}×{} {how} {}×{}", from.width, from.height, to.width, to.height));
    }
    if let (Some(theirs), Some(ours)) = (from.rate, to.rate)
        && theirs != ours
    {
        words.push(format!("{name} at {theirs} is shown at the nearest frame of {ours}"));
    }
    if !from.is_still() && from.seconds() + 1e-9 < to.seconds() {
        words.push(format!("{name} lasts {:.2} s and then {}", from.seconds(), if loops { "loops" } else { "ends" }));
    }
    if from.color.primaries != to.color.primaries {
        words.push(format!("{name} is {} and is taken as {}", from.color, to.color));
    }
    words
}
