//! Brings a second picture to the size and the time of the first.

use crate::work::{Work, light_of};
use rushes_engine::tool::FrameCx;
use rushes_engine::{ClipDesc, Key, Result};
use rushes_gpu::{Edge, Expr, Resize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a picture of another size comes to the size of the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::enum_variant_names, reason = "the words are those of the graph's file")]
pub enum Fit {
    /// It covers the picture; what stands over is cut off evenly.
    #[default]
    Fill,
    /// It is seen whole; the rest stays transparent.
    Fit,
    /// It is stretched to the picture's own shape.
    Stretch,
}

/// A hash of what [`fitted`] works with, for frame keys.
pub(crate) fn code() -> Key {
    rushes_gpu::mixing_hash()
}

/// `picture`, described by `from`, at the size of `to`, for a tool that needs it once. Lanczos-3, in linear light where the
/// encoding is the display's.
pub(crate) fn fitted(
    work: &Work<'_>,
    picture: &Expr,
    from: &ClipDesc,
    to: &ClipDesc,
    proxy: u32,
    fit: Fit,
) -> Result<Expr> {
    if (from.width, from.height) == (to.width, to.height) {
        return Ok(picture.clone());
    }
    let proxy = proxy.max(1);
    let (width, height) = to.size_at(proxy);
    let own = [f64::from(from.width), f64::from(from.height)];
    let ratio = [f64::from(to.width) / own[0], f64::from(to.height) / own[1]];
    let scale = match fit {
        Fit::Fill => [ratio[0].max(ratio[1]); 2],
        Fit::Fit => [ratio[0].min(ratio[1]); 2],
        Fit::Stretch => ratio,
    };
    // The part of the source that our whole pixels cover; a proxy's last pixels may reach beyond the full picture.
    let shown = [f64::from(to.width) / scale[0], f64::from(to.height) / scale[1]];
    let corner = [0, 1].map(|i| (own[i] - shown[i]) / 2.0 / f64::from(proxy));
    let source = [corner[0], corner[1], f64::from(width) / scale[0], f64::from(height) / scale[1]];
    let edge = if fit == Fit::Fit { Edge::Transparent } else { Edge::Clamp };
    let light = light_of(from.color.transfer);
    work.resized_late(picture, &Resize { source: Some(source), light, edge, ..Resize::to(width, height) })
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
        words.push(format!(
            "{name} lasts {:.2} s and then {}",
            from.seconds(),
            if loops { "loops" } else { "ends" }
        ));
    }
    if from.color.primaries != to.color.primaries {
        words.push(format!("{name} is {} and is taken as {}", from.color, to.color));
    }
    words
}
