//! The overlay of one picture on another, as `finish/blend` makes it.

use rushes_gpu::{Expr, ParamValues, Place, PointwiseShader};

static BLEND: PointwiseShader = PointwiseShader::new(
    "blend",
    concat!(
        include_str!("../../../../../assets/shaders/finish/modes.wgsl"),
        include_str!("../../../../../assets/shaders/finish/blend.wgsl"),
        include_str!("../../../../../assets/shaders/finish/blend_plain.wgsl")
    ),
    2,
    &[],
);

/// `b` over `a` by 30 %.
pub fn overlay(a: &Expr, b: &Expr) -> Expr {
    let params = ParamValues::new()
        .with("mode", 12_u32)
        .with("opacity", 0.3_f32)
        .with("enter", 0_u32)
        .with("leave", 0_u32)
        .with("proxy", 1_u32);
    let (width, height) = a.size();
    let inputs = vec![a.clone(), b.clone()];
    Expr::stage(&BLEND, &params, vec![], inputs, Place::of_size(width, height)).unwrap()
}
