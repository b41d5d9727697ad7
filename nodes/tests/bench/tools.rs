//! Tools that only tests have: pictures from numbers, words, and clips taken as something else.

use rushes_engine::tool::*;
use rushes_engine::*;
use rushes_gpu::{Expr, Light, Pixels, Precision, box_mean};
use rushes_nodes::Services;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct SourceParams {
    width: u32,
    height: u32,
    pixels: Vec<[f32; 4]>,
    length: u64,
    depth: u8,
}

impl Default for SourceParams {
    fn default() -> Self {
        Self { width: 1, height: 1, pixels: Vec::new(), length: 1, depth: 32 }
    }
}

/// A picture given as numbers; a clip of it where `length` is above 1.
pub struct Source;

impl Tool for Source {
    type Params = SourceParams;
    fn spec() -> Spec {
        Spec::new("test/source", 1, "Source", "Numbers.").output(Port::of(ValueType::Clip))
    }
    fn describe(p: &SourceParams, _: &DescribeCx<'_>) -> Result<Described> {
        let still = ClipDesc::still(p.width, p.height);
        let rate = (p.length > 1).then_some(Rate::FILM);
        let alpha = p.pixels.iter().any(|c| c[3] < 1.0);
        Ok(Described::one(Desc::Clip(ClipDesc { rate, frames: p.length, depth: p.depth, alpha, ..still })))
    }
    fn render(p: &SourceParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let services = cx.host.as_any().downcast_ref::<Services>().unwrap();
        let executor = services.executor()?.as_ref();
        let precision = Precision::for_bits(p.depth);
        let pixels = Pixels { width: p.width, height: p.height, rgba: p.pixels.clone() };
        let image = Expr::from(executor.image(&pixels, precision)?);
        Ok(Arc::new(box_mean(executor, &image, cx.at.proxy, Light::Linear, precision, 0)?))
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct WordsParams {
    text: String,
}

/// Text for a wire.
pub struct Words;

impl Tool for Words {
    type Params = WordsParams;
    fn spec() -> Spec {
        Spec::new("test/words", 1, "Words", "Words.").output(Port::of(ValueType::Text)).class(Class::Value)
    }
    fn describe(p: &WordsParams, _: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Text(p.text.as_str().into())))
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
pub struct Nothing {}

/// Frames of one type handed on as those of another, for ports that no tool feeds and for looking at what a wire does.
macro_rules! taken_as {
    ($tool:ident, $kind:literal, $from:ident, $to:ident) => {
        pub struct $tool;

        impl Tool for $tool {
            type Params = Nothing;
            fn spec() -> Spec {
                let (input, output) = (Port::of(ValueType::$from), Port::of(ValueType::$to));
                Spec::new($kind, 1, "Taken as", "Frames taken as something else.").input(input).output(output)
            }
            fn describe(_: &Nothing, cx: &DescribeCx<'_>) -> Result<Described> {
                Ok(Described::one(Desc::$to(cx.frames(ValueType::$from.word())?.clone())))
            }
            fn identity(_: &Nothing, cx: &FrameCx<'_>) -> Option<Need> {
                Some(Need::new(ValueType::$from.word(), cx.frame))
            }
        }
    };
}

taken_as!(Depth, "test/depth", Clip, Depth);
taken_as!(Flow, "test/flow", Clip, Flow);
taken_as!(Mask, "test/mask", Mask, Clip);
