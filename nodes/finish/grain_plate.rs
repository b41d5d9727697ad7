//! Film grain alone, as a clip around middle grey, to be laid over shots by overlay. No two frames are alike, the same
//! seed gives the same grain, and the mean of every frame is 0.5.
//!
//! Grain lies on the pixels of the full picture: a proxy shows the mean of what it covers. A grain is a quadratic
//! B-spline of the stock's diameter times `size`; `roughness` gives up to half of the power to detail without size.
//! Every pixel is met by another of the same frame that carries its negative, which is what keeps the mean.

use super::stock::{Field, Stock, grain_wgsl};
use crate::picture;
use rushes_engine::tool::{DescribeCx, Described, Port, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Key, KeyHasher, PayloadRef, Rate, Result, ValueType};
use rushes_gpu::PointwiseShader;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! plate {
    ($samples:literal) => {
        PointwiseShader::new(
            "grain plate",
            concat!(grain_wgsl!($samples), include_str!("../../assets/shaders/finish/grain_plate.wgsl")),
            0,
            &[],
        )
    };
}
static PLATES: [PointwiseShader; 5] = [plate!("1"), plate!("2"), plate!("3"), plate!("4"), plate!("8")];

/// The index of the shader that averages a pixel of `1/proxy`: all its points up to 4 and at 8, else 8 × 8 of them.
pub(crate) fn sampling(proxy: u32) -> usize {
    (proxy.max(1) as usize - 1).min(4)
}

/// Parameters of [`GrainPlate`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GrainPlateParams {
    /// The film whose grain it is.
    pub stock: Stock,
    /// Diameter of the grain, times the stock's own.
    #[schemars(range(min = 0.1, max = 32.0), extend("soft" = [0.5, 4.0], "unit" = "×"))]
    pub size: f64,
    /// How rough the grain is: 0 smooth spots, 1 half of its power in detail without size.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub roughness: f64,
    /// How much the three layers differ: 0 for grey grain, 1 for a grain of its own in each channel.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub color: f64,
    /// How the film's curve bends the grain by the plate's own luma: at 0 not at all; towards 1 faint grains are lifted
    /// and strong ones rolled off before they reach black or white, as by a film's toe and shoulder.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub response: f64,
    /// Which grain: another seed, another plate.
    #[schemars(range(min = 0, max = 4294967295_u32))]
    pub seed: u32,
    /// Width of the plate.
    #[schemars(range(min = 1, max = 16384), extend("fixed" = true, "soft" = [64.0, 7680.0], "unit" = "px"))]
    pub width: u32,
    /// Height of the plate.
    #[schemars(range(min = 1, max = 16384), extend("fixed" = true, "soft" = [64.0, 4320.0], "unit" = "px"))]
    pub height: u32,
    /// Frames a second.
    #[schemars(extend("fixed" = true))]
    pub fps: Rate,
    /// How many frames there are before it would loop.
    #[schemars(range(min = 1, max = 1000000), extend("fixed" = true, "soft" = [1.0, 2400.0], "unit" = "frames"))]
    pub length: u64,
}

impl Default for GrainPlateParams {
    fn default() -> Self {
        Self {
            stock: Stock::D250,
            size: 1.0,
            roughness: 0.5,
            color: 0.3,
            response: 0.0,
            seed: 0,
            width: 3840,
            height: 2160,
            fps: Rate::FILM,
            length: 1440,
        }
    }
}

/// `finish/grain_plate`.
pub struct GrainPlate;

impl Tool for GrainPlate {
    type Params = GrainPlateParams;

    fn spec() -> Spec {
        Spec::new("finish/grain_plate", 1, "Grain plate", crate::docs!())
            .search(&["film grain", "noise", "texture", "stock", "35mm", "16mm", "8mm", "overlay"])
            .output(Port::of(ValueType::Clip))
            .pointwise()
            .reads_time()
    }

    fn describe(p: &GrainPlateParams, _: &DescribeCx<'_>) -> Result<Described> {
        // Ten bits: the last depth that half floats hold, and finer than any grain.
        let clip = ClipDesc { depth: 10, ..ClipDesc::clip(p.width, p.height, p.fps, p.length) };
        clip.check_size()?;
        Ok(Described::one(Desc::Clip(clip)))
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("grain plate");
        PLATES.iter().for_each(|s| {
            hasher.key(s.hash());
        });
        Some(hasher.finish())
    }

    fn render(p: &GrainPlateParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let field =
            Field { stock: p.stock, size: p.size, roughness: p.roughness, color: p.color, response: p.response };
        let values = field.values(p.width, p.height, cx.at.proxy);
        let [one, two, three, four, eight] = &PLATES;
        let shader = [one, two, three, four].get(sampling(cx.at.proxy)).copied().unwrap_or(eight);
        picture::stage(cx, shader, &values, Vec::new(), Vec::new(), p.seed)
    }
}
