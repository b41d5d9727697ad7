//! Cuts a rectangle out of the picture, pixel for pixel. Without a width or height it reaches to the right and
//! lower edge. A rectangle that does not lie within the picture is refused.

use crate::docs::docs;
use crate::picture;
use crate::work::{Work, light_of};
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Error, Key, KeyHasher, PayloadRef, Result, ValueType};
use rushes_gpu::{Border, Filter, Kernel, ParamValues, Resize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static CROP: Kernel =
    Kernel::new("crop", include_str!("../../assets/shaders/finish/crop.wgsl"), 1, &[], Border::Clamp);

/// Parameters of [`Crop`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CropParams {
    /// Pixels cut off at the left.
    #[schemars(range(min = 0, max = 16383), extend("fixed" = true, "soft" = [0.0, 1920.0], "unit" = "px"))]
    pub left: u32,
    /// Pixels cut off at the top.
    #[schemars(range(min = 0, max = 16383), extend("fixed" = true, "soft" = [0.0, 1080.0], "unit" = "px"))]
    pub top: u32,
    /// Width of what is kept; to the right edge where open.
    #[schemars(range(min = 1, max = 16384), extend("fixed" = true, "soft" = [1.0, 3840.0], "unit" = "px"))]
    pub width: Option<u32>,
    /// Height of what is kept; to the lower edge where open.
    #[schemars(range(min = 1, max = 16384), extend("fixed" = true, "soft" = [1.0, 2160.0], "unit" = "px"))]
    pub height: Option<u32>,
}

/// The kept part of one side, or why there is none.
fn kept(whole: u32, from: u32, asked: Option<u32>, names: [&str; 2]) -> Result<u32> {
    let room = whole.saturating_sub(from);
    let length = asked.unwrap_or(room);
    let wrong = |at: &str, help: String| {
        Err(Error::usage("the rectangle does not lie within the picture").at(at).help(help))
    };
    if room == 0 {
        return wrong(names[0], format!("give {} a number below {whole}", names[0]));
    }
    if length > room {
        return wrong(names[1], format!("give {} a number of {room} or less, or leave it open", names[1]));
    }
    Ok(length)
}

impl CropParams {
    fn applied(&self, clip: &ClipDesc) -> Result<ClipDesc> {
        let width = kept(clip.width, self.left, self.width, ["left", "width"])?;
        let height = kept(clip.height, self.top, self.height, ["top", "height"])?;
        Ok(ClipDesc { width, height, ..clip.clone() })
    }
}

/// `finish/crop`.
pub struct Crop;

impl Tool for Crop {
    type Params = CropParams;

    fn spec() -> Spec {
        Spec::new("finish/crop", 1, "Crop", docs!())
            .search(&["cut", "trim edges", "reframe", "pan and scan"])
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(p: &CropParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(p.applied(cx.frames("clip")?)?)))
    }

    fn identity(p: &CropParams, cx: &FrameCx<'_>) -> Option<Need> {
        let clip = cx.frames("clip")?;
        let kept = p.applied(clip).ok()?;
        let whole = (kept.width, kept.height) == (clip.width, clip.height);
        whole.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn code() -> Option<Key> {
        Some(KeyHasher::new("crop").key(CROP.hash()).key(rushes_gpu::mixing_hash()).finish())
    }

    fn render(p: &CropParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let work = Work::of(cx, 0)?;
        let clip = cx.clip()?;
        let picture = picture::expr(cx, "clip")?;
        let proxy = cx.at.proxy.max(1);
        let (width, height) = clip.size_at(proxy);
        if p.left.is_multiple_of(proxy) && p.top.is_multiple_of(proxy) {
            let params = ParamValues::new().with("left", p.left / proxy).with("top", p.top / proxy);
            let cut = work.kernel(&CROP, &[&work.made(&picture)?], &params, (width, height))?;
            return picture::hand_on(cut);
        }
        // The rectangle begins within a proxy pixel: each of ours covers parts of two each way.
        let from = |full: u32| f64::from(full) / f64::from(proxy);
        let to = Resize {
            source: Some([from(p.left), from(p.top), f64::from(width), f64::from(height)]),
            filter: Filter::Bilinear,
            light: light_of(clip.color.transfer),
            ..Resize::to(width, height)
        };
        picture::hand_on(work.made(&work.resized(&picture, &to)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shader_is_valid() {
        CROP.validate().unwrap();
    }

    #[test]
    fn a_rectangle_beside_the_picture_is_refused_in_words() {
        let clip = ClipDesc::still(100, 50);
        let crop = |left, width| CropParams { left, width, ..Default::default() }.applied(&clip);
        assert_eq!(crop(20, None).unwrap().width, 80);
        assert_eq!(crop(20, Some(80)).unwrap().width, 80);
        for bad in [crop(20, Some(81)), crop(100, None)] {
            assert!(bad.unwrap_err().help_text().contains("give"));
        }
    }
}
