//! What most tools do with pictures: take them from a port, work on them, hand them on.

use crate::services::Services;
use rushes_engine::tool::RenderCx;
use rushes_engine::{Error, PayloadRef, Result, Siting};
use rushes_gpu::{EncodeFormat, Executor, Expr, ParamValues, Place, PointwiseShader, Precision, Table};
use std::sync::Arc;

/// What makes pixels here.
pub(crate) fn executor<'a>(cx: &RenderCx<'a>) -> Result<&'a dyn Executor> {
    Services::behind(cx.host)?.executor().map(AsRef::as_ref)
}

/// The picture on a required input, perhaps not yet computed.
pub(crate) fn expr(cx: &RenderCx<'_>, port: &str) -> Result<Expr> {
    as_expr(cx.required(port)?)
}

/// A payload as a picture.
pub(crate) fn as_expr(payload: &PayloadRef) -> Result<Expr> {
    let expr = payload.as_any().downcast_ref::<Expr>().cloned();
    expr.ok_or_else(|| Error::usage("this wire carries no picture"))
}

/// The planes that an encoder takes, as the graphics device is asked for them.
pub fn encode_format(wants: &rushes_media::EncodeFormat, dither: bool) -> EncodeFormat {
    EncodeFormat {
        layout: wants.layout,
        sample: wants.sample,
        bits: wants.bits,
        color: wants.color,
        siting: Siting::Left,
        dither,
    }
}

/// The precision that the output is worked at.
pub(crate) fn precision(cx: &RenderCx<'_>) -> Result<Precision> {
    Ok(Precision::for_bits(cx.clip()?.depth))
}

/// Where the output lies: its size at the asked scale, its frame, and a seed.
pub(crate) fn place(cx: &RenderCx<'_>, seed: u32) -> Result<Place> {
    let (width, height) = cx.clip()?.size_at(cx.at.proxy);
    let frame = u32::try_from(cx.at.frame).unwrap_or(0);
    Ok(Place { width, height, frame, seed, scale: 1.0 / cx.at.proxy as f32 })
}

/// Hands on a picture.
pub(crate) fn hand_on(expr: impl Into<Expr>) -> Result<PayloadRef> {
    Ok(Arc::new(expr.into()))
}

/// Hands on a pointwise tool over its inputs, not yet computed.
pub(crate) fn stage(
    cx: &RenderCx<'_>,
    shader: &'static PointwiseShader,
    params: &ParamValues,
    tables: Vec<Table>,
    inputs: Vec<Expr>,
    seed: u32,
) -> Result<PayloadRef> {
    hand_on(Expr::stage(shader, params, tables, inputs, place(cx, seed)?)?)
}
