//! Brings a second picture to the size and the time of the first.

use crate::work::{Work, centred};
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

/// `picture`, described by `from`, at the size of `to`, for a tool that needs it once.
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
    let ratio =
        [(to.width, from.width), (to.height, from.height)].map(|(to, from)| f64::from(to) / f64::from(from));
    let scale = match fit {
        Fit::Fill => [ratio[0].max(ratio[1]); 2],
        Fit::Fit => [ratio[0].min(ratio[1]); 2],
        Fit::Stretch => ratio,
    };
    let edge = if fit == Fit::Fit { Edge::Transparent } else { Edge::Clamp };
    work.resized_late(picture, &Resize { edge, ..centred(from, to, proxy, scale) })
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
