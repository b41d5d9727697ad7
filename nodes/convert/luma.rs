//! A clip as a mask: its luma.
//!
//! 0.2126 R + 0.7152 G + 0.0722 B of the encoded values, times alpha.

use crate::docs::docs;
use crate::picture;
use rushes_engine::tool::{DescribeCx, Described, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Key, PayloadRef, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static SHADER: PointwiseShader =
    PointwiseShader::new("luma", include_str!("../../assets/shaders/convert/luma.wgsl"), 1, &[]);

/// Parameters of [`Luma`]: none.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LumaParams {}

/// The conversion.
pub struct Luma;

impl Tool for Luma {
    type Params = LumaParams;

    fn spec() -> Spec {
        Spec::new("convert/luma", 1, "Luma", docs!())
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Mask))
            .pointwise()
    }

    fn describe(_: &LumaParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.inputs.iter().find_map(|i| i.desc.frames()).cloned();
        let clip = clip.ok_or_else(|| rushes_engine::Error::usage("there is no clip"))?;
        Ok(Described::one(Desc::Mask(ClipDesc { alpha: false, audio: None, ..clip })))
    }

    fn code() -> Option<Key> {
        Some(SHADER.hash())
    }

    fn render(_: &LumaParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        picture::stage(cx, &SHADER, &ParamValues::new(), Vec::new(), vec![picture::expr(cx, "clip")?], 0)
    }
}
