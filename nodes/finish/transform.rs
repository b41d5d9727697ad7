//! Moves, turns and scales the picture within its frame. Light is mixed and alpha premultiplied; what the picture
//! leaves uncovered is transparent, so that it can be laid over another. Shrinking widens the filter, so that
//! nothing aliases.
//!
//! A point of the picture goes to `anchor + (x, y) + turn(scale × (point − anchor))`. With nothing moved, every
//! pixel is what it was.

use crate::docs::docs;
use crate::picture;
use crate::warp::{Beyond, Map, Sampling, warp};
use crate::work::{Work, light_of};
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Key, PayloadRef, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Transform`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TransformParams {
    /// How far to the right, in pixels of the full picture.
    #[schemars(range(min = -32768.0, max = 32768.0), extend("soft" = [-1920.0, 1920.0], "unit" = "px"))]
    pub x: f64,
    /// How far down, in pixels of the full picture.
    #[schemars(range(min = -32768.0, max = 32768.0), extend("soft" = [-1080.0, 1080.0], "unit" = "px"))]
    pub y: f64,
    /// Size: 2 is twice as large.
    #[schemars(range(min = 0.01, max = 100.0), extend("soft" = [0.1, 4.0], "unit" = "×"))]
    pub scale: f64,
    /// Turn, clockwise.
    #[schemars(range(min = -36000.0, max = 36000.0), extend("soft" = [-180.0, 180.0], "unit" = "°"))]
    pub rotate: f64,
    /// The point about which the picture turns and grows, as parts of its width and height.
    #[schemars(inner(range(min = -10.0, max = 10.0)), extend("soft" = [0.0, 1.0]))]
    pub anchor: [f64; 2],
    /// How pixels are mixed.
    pub filter: Sampling,
}

impl Default for TransformParams {
    fn default() -> Self {
        let (x, y, scale, rotate) = (0.0, 0.0, 1.0, 0.0);
        Self { x, y, scale, rotate, anchor: [0.5; 2], filter: Sampling::Lanczos }
    }
}

impl TransformParams {
    fn is_neutral(&self) -> bool {
        self.x == 0.0 && self.y == 0.0 && self.scale == 1.0 && self.rotate % 360.0 == 0.0
    }

    /// Where each output pixel of a full picture comes from.
    fn to_input(&self, width: f64, height: f64) -> Map {
        let (ax, ay) = (self.anchor[0] * width, self.anchor[1] * height);
        Map::shift(ax, ay)
            .after(Map::scale(1.0 / self.scale, 1.0 / self.scale))
            .after(Map::turn(-self.rotate))
            .after(Map::shift(-ax - self.x, -ay - self.y))
    }
}

/// `finish/transform`.
pub struct Transform;

impl Tool for Transform {
    type Params = TransformParams;

    fn spec() -> Spec {
        Spec::new("finish/transform", 1, "Transform", docs!())
            .search(&["move", "position", "rotate", "scale", "reframe", "picture in picture"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(_: &TransformParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut clip = cx.frames("clip")?.clone();
        clip.alpha = true;
        Ok(Described::one(Desc::Clip(clip)))
    }

    fn identity(p: &TransformParams, cx: &FrameCx<'_>) -> Option<Need> {
        p.is_neutral().then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(p: &TransformParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        if p.scale == 1.0 && p.rotate % 360.0 == 0.0 { vec!["anchor"] } else { Vec::new() }
    }

    fn code() -> Option<Key> {
        Some(crate::warp::code())
    }

    fn render(p: &TransformParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, 0)?;
        let clip = cx.clip()?;
        let map =
            p.to_input(f64::from(clip.width), f64::from(clip.height)).at_scales(cx.at.proxy, cx.at.proxy);
        let how = (p.filter, Beyond::Transparent);
        let light = light_of(clip.color.transfer);
        let size = clip.size_at(cx.at.proxy);
        picture::hand_on(warp(&work, &picture::expr(cx, "clip")?, map, how, size, light)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_go_where_the_documentation_says() {
        let p = TransformParams { x: 30.0, y: -10.0, scale: 2.0, rotate: 90.0, ..Default::default() };
        // The centre of 200×100 is the anchor; a point 10 right of it turns to 20 below it.
        let [x, y] = p.to_input(200.0, 100.0).apply([130.0, 60.0]).unwrap();
        assert!((x - 110.0).abs() < 1e-9 && (y - 50.0).abs() < 1e-9, "{x} {y}");
    }
}
