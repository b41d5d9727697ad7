//! Frames of files as pictures: decoded, brought to the device, made small for a proxy.

use crate::picture;
use crate::services::Services;
use crate::work::light_of;
use rushes_engine::tool::RenderCx;
use rushes_engine::{ClipDesc, ColorTags, Key, Result};
use rushes_gpu::{Expr, Precision};
use rushes_media::ProbeOptions;
use std::path::Path;

/// What the code here adds to a key.
pub(crate) fn code() -> Key {
    rushes_gpu::mixing_hash()
}

/// Stored frame `number` of a file at full scale. `color` stands in for the file's own tags.
pub(crate) fn decoded(
    cx: &RenderCx<'_>,
    path: &Path,
    options: &ProbeOptions,
    number: u64,
    color: Option<ColorTags>,
) -> Result<Expr> {
    let media = Services::behind(cx.host)?.media();
    let planes = media.reader(path, options)?.frame_until(number, cx.cancel)?;
    let uploaded = match color {
        Some(color) if color != planes.color => {
            let mut retagged = (*planes).clone();
            retagged.color = color;
            picture::executor(cx)?.upload(&retagged)?
        }
        _ => picture::executor(cx)?.upload(&planes)?,
    };
    Ok(Expr::Planes(uploaded))
}

/// A picture at the asked scale: as it is at full scale, else the mean of the pixels that each pixel stands for, in
/// linear light where the encoding is the display's.
pub(crate) fn at_scale(cx: &RenderCx<'_>, full: &Expr, desc: &ClipDesc) -> Result<Expr> {
    let (light, precision) = (light_of(desc.color.transfer), Precision::for_bits(desc.depth));
    rushes_gpu::box_mean(picture::executor(cx)?, full, cx.at.proxy, light, precision, cx.label)
}
