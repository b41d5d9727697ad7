//! Frames of files as pictures: decoded, brought to the device, made small for a proxy.

use crate::picture;
use crate::services::Services;
use rushes_engine::tool::RenderCx;
use rushes_engine::{ClipDesc, ColorTags, Key, Result};
use rushes_gpu::{Border, Expr, Kernel, KernelRun, ParamValues, Place, Precision};
use rushes_media::ProbeOptions;
use std::path::Path;

static SHRINK: Kernel =
    Kernel::new("shrink", include_str!("../assets/shaders/edit/shrink.wgsl"), 1, &[], Border::Clamp);

/// What the code here adds to a key.
pub(crate) fn code() -> Key {
    SHRINK.hash()
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

/// A picture at the asked scale: as it is at full scale, else the mean light of the pixels that each pixel stands for.
pub(crate) fn at_scale(cx: &RenderCx<'_>, full: Expr, desc: &ClipDesc) -> Result<Expr> {
    let proxy = cx.at.proxy;
    if proxy <= 1 {
        return Ok(full);
    }
    let precision = Precision::for_bits(desc.depth);
    let executor = picture::executor(cx)?;
    let image = executor.materialise(&full, precision, cx.label)?;
    let (width, height) = desc.size_at(proxy);
    let run = KernelRun {
        kernel: &SHRINK,
        inputs: &[&image],
        params: &ParamValues::new().with("proxy", proxy),
        tables: &[],
        place: Place { scale: 1.0 / proxy as f32, ..Place::of_size(width, height) },
        precision,
    };
    Ok(executor.kernel(&run, cx.label)?.into())
}
