//! Frames of files as pictures: decoded, brought to the device, made small for a proxy.

use crate::picture;
use crate::services::Services;
use crate::work::light_of;
use rushes_engine::tool::RenderCx;
use rushes_engine::{ClipDesc, ColorTags, Key, Result};
use rushes_gpu::{Expr, Precision};
use rushes_media::{PROXY_SCALE, ProbeOptions};
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
        Some(color) if color != planes.info.color => {
            let mut retagged = (*planes).clone();
            retagged.info.color = color;
            picture::executor(cx)?.upload(&retagged)?
        }
        _ => picture::executor(cx)?.upload(&planes)?,
    };
    Ok(Expr::Planes(uploaded))
}

/// Stored frame `number` of a clip at the asked scale, by its proxy; `None` where there is none, or where the scale asks
/// for more than it holds.
pub(crate) fn by_proxy(
    cx: &RenderCx<'_>,
    path: &Path,
    options: &ProbeOptions,
    number: u64,
    color: ColorTags,
) -> Result<Option<Expr>> {
    if !cx.at.proxy.is_multiple_of(PROXY_SCALE) {
        return Ok(None);
    }
    let services = Services::behind(cx.host)?;
    let Some(proxy) = services.proxies().of(services, path, options) else { return Ok(None) };
    match decoded(cx, &proxy, options, number, Some(color)) {
        Ok(half) => scaled(cx, &half, cx.clip()?, cx.at.proxy / PROXY_SCALE).map(Some),
        Err(e) if e.is_cancelled() => Err(e),
        Err(e) => {
            log::warn!("the clip is read in place of its proxy: {e}");
            Ok(None)
        }
    }
}

/// A picture at the asked scale: as it is at full scale, else the mean of the pixels that each pixel stands for, in
/// linear light where the encoding is the display's.
pub(crate) fn at_scale(cx: &RenderCx<'_>, full: &Expr, desc: &ClipDesc) -> Result<Expr> {
    scaled(cx, full, desc, cx.at.proxy)
}

fn scaled(cx: &RenderCx<'_>, picture: &Expr, desc: &ClipDesc, factor: u32) -> Result<Expr> {
    let (light, precision) = (light_of(desc.color.transfer), Precision::for_bits(desc.depth));
    rushes_gpu::box_mean(picture::executor(cx)?, picture, factor, light, precision, cx.label)
}
