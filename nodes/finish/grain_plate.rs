//! Film grain alone, as a clip around middle grey, to be laid over shots by overlay. No two frames are alike, the same
//! seed gives the same grain, and the mean of every frame is 0.5.
//!
//! Grain lies on the pixels of the full picture: a proxy shows the mean of what it covers. A grain is a quadratic
//! B-spline of the stock's diameter times `size`; `roughness` gives up to half of the power to detail without size.
//! Half of every frame, the upper or the lower one from a row that changes, carries the other half's negative, which is
//! what keeps the mean.

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
        Spec::new("finish/grain_plate", 1, "Grain plate", crate::docs::docs!())
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
        let field = Field {
            stock: p.stock,
            size: p.size,
            roughness: p.roughness,
            color: p.color,
            response: p.response,
        };
        let values = field.values(p.width, p.height, cx.at.proxy);
        let [one, two, three, four, eight] = &PLATES;
        let shader = [one, two, three, four].get(sampling(cx.at.proxy)).copied().unwrap_or(eight);
        picture::stage(cx, shader, &values, Vec::new(), Vec::new(), p.seed)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels};
    use super::*;
    use half::f16;
    use rushes_engine::Cancel;
    use rushes_gpu::{Executor, Expr, Gpu, Pixels, Place, Precision};
    use std::collections::HashSet;

    fn plate_at(gpu: &Gpu, p: &GrainPlateParams, frame: u32, proxy: u32, precision: Precision) -> Pixels {
        let field = Field {
            stock: p.stock,
            size: p.size,
            roughness: p.roughness,
            color: p.color,
            response: p.response,
        };
        let (width, height) = (p.width.div_ceil(proxy), p.height.div_ceil(proxy));
        let place = Place { width, height, frame, seed: p.seed, scale: 1.0 / proxy as f32 };
        let values = field.values(p.width, p.height, proxy);
        let shader = PLATES.get(sampling(proxy)).unwrap();
        let expr = Expr::stage(shader, &values, vec![], vec![], place).unwrap();
        gpu.read(&gpu.materialise(&expr, precision, 0).unwrap(), &Cancel::new()).unwrap()
    }

    fn small(width: u32, height: u32) -> GrainPlateParams {
        GrainPlateParams { width, height, ..GrainPlateParams::default() }
    }

    fn deviations(plate: &Pixels, channel: usize) -> Vec<f64> {
        plate.rgba.iter().map(|p| f64::from(p[channel]) - 0.5).collect()
    }

    fn correlation(a: &[f64], b: &[f64]) -> f64 {
        let sum = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
        sum(a, b) / (sum(a, a) * sum(b, b)).sqrt()
    }

    /// The autocorrelation at a whole lag to the right.
    fn lagged(plate: &Pixels, lag: u32) -> f64 {
        let d = deviations(plate, 1);
        let w = plate.width as usize;
        let pairs = d.chunks_exact(w).flat_map(|row| row.iter().zip(&row[lag as usize..]));
        let (a, b): (Vec<f64>, Vec<f64>) = pairs.map(|(a, b)| (*a, *b)).unzip();
        correlation(&a, &b)
    }

    #[test]
    fn the_mean_of_every_frame_is_one_half_in_working_precision() {
        let gpu = gpu();
        for (width, height) in [(64, 36), (97, 61), (320, 180)] {
            for stock in [Stock::D50, Stock::D250, Stock::Mm8] {
                for frame in 0..4 {
                    let p =
                        GrainPlateParams { stock, response: 0.25 * f64::from(frame), ..small(width, height) };
                    let plate = plate_at(&gpu, &p, frame, 1, Precision::Half);
                    for c in 0..3 {
                        let mean = 0.5 + deviations(&plate, c).iter().sum::<f64>() / plate.rgba.len() as f64;
                        assert_eq!(
                            f16::from_f64(mean),
                            f16::from_f32(0.5),
                            "{width}×{height} {stock:?}: {mean}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn no_frame_of_a_thousand_repeats_and_a_seed_is_kept() {
        let gpu = gpu();
        let p = small(32, 18);
        let bits = |plate: &Pixels| plate.rgba.iter().flatten().map(|v| v.to_bits()).collect::<Vec<_>>();
        let mut seen = HashSet::new();
        let mut before: Option<Vec<f64>> = None;
        let mut sum = 0.0;
        for frame in 0..1000 {
            let plate = plate_at(&gpu, &p, frame, 1, Precision::Half);
            assert!(seen.insert(bits(&plate)), "frame {frame} was there before");
            let now = deviations(&plate, 0);
            if let Some(before) = before.replace(now.clone()) {
                sum += correlation(&before, &now).abs();
            }
        }
        // Of 576 loosely dependent values: deviation about 0.06.
        assert!(sum / 999.0 < 0.1, "{}", sum / 999.0);
        let again = plate_at(&gpu, &p, 7, 1, Precision::Half);
        assert!(seen.contains(&bits(&again)), "the same seed and frame give the same grain");
        let other = plate_at(&gpu, &GrainPlateParams { seed: 1, ..p }, 7, 1, Precision::Half);
        assert!(!seen.contains(&bits(&other)));
    }

    /// The autocorrelation of independent values spread by quadratic B-splines of `size` pixels, scaled to one
    /// deviation at every pixel: from the definition, over every phase that pixels have.
    fn expected(size: u32, lag: u32) -> f64 {
        let spline = |d: f64| match d.abs() {
            d if d < 0.5 => 0.75 - d * d,
            d if d < 1.5 => 0.5 * (1.5 - d).powi(2),
            _ => 0.0,
        };
        let weights = |pixel: u32| {
            let u = (f64::from(pixel) + 0.5) / f64::from(size);
            let raw: Vec<f64> = (0..40).map(|node| spline(u - f64::from(node) + 10.0 - 0.5)).collect();
            let norm = raw.iter().map(|w| w * w).sum::<f64>().sqrt();
            raw.into_iter().map(|w| w / norm).collect::<Vec<_>>()
        };
        let product = |a: u32, b: u32| weights(a).iter().zip(weights(b)).map(|(a, b)| a * b).sum::<f64>();
        (0..size).map(|i| product(i, i + lag)).sum::<f64>() / f64::from(size)
    }

    #[test]
    fn the_spectrum_matches_the_size() {
        let gpu = gpu();
        for size in [2, 4, 8_u32] {
            let p = GrainPlateParams {
                size: f64::from(size) / Stock::D250.size(),
                roughness: 0.0,
                ..small(512, 256)
            };
            let plates: Vec<Pixels> = (0..4).map(|f| plate_at(&gpu, &p, f, 1, Precision::Float)).collect();
            for lag in [size / 2, size, 2 * size, 4 * size] {
                let got = plates.iter().map(|plate| lagged(plate, lag)).sum::<f64>() / 4.0;
                let want = expected(size, lag);
                assert!((got - want).abs() < 0.04, "size {size}, lag {lag}: {got}, not {want}");
            }
        }
    }

    #[test]
    fn strength_color_and_roughness_are_what_they_say() {
        let gpu = gpu();
        let deviation = |p: &GrainPlateParams| {
            let d = deviations(&plate_at(&gpu, p, 0, 1, Precision::Float), 1);
            (d.iter().map(|v| v * v).sum::<f64>() / d.len() as f64).sqrt()
        };
        for stock in [Stock::D50, Stock::T200, Stock::D250, Stock::T500, Stock::Mm16, Stock::Mm8] {
            for response in [0.0, 1.0] {
                let p = GrainPlateParams { stock, response, ..small(256, 144) };
                let got = deviation(&p);
                assert!((got / stock.strength() - 1.0).abs() < 0.06, "{stock:?} {response}: {got}");
            }
        }
        let channels = |color: f64| {
            let plate =
                plate_at(&gpu, &GrainPlateParams { color, ..small(256, 144) }, 0, 1, Precision::Float);
            correlation(&deviations(&plate, 0), &deviations(&plate, 2))
        };
        assert!(channels(0.0) > 0.9999 && channels(1.0).abs() < 0.05);
        assert!((0.5..0.95).contains(&channels(0.3)));
        let rough = |roughness: f64| {
            let p = GrainPlateParams { stock: Stock::Mm16, roughness, ..small(256, 144) };
            lagged(&plate_at(&gpu, &p, 0, 1, Precision::Float), 1)
        };
        assert!(rough(0.0) > rough(0.5) + 0.1 && rough(0.5) > rough(1.0) + 0.1);
    }

    #[test]
    fn a_proxy_is_the_box_mean_of_the_full_plate() {
        let gpu = gpu();
        let p = GrainPlateParams { color: 1.0, response: 0.5, ..small(90, 62) };
        let full = plate_at(&gpu, &p, 5, 1, Precision::Float);
        for proxy in [2, 3, 4, 8] {
            let plate = plate_at(&gpu, &p, 5, proxy, Precision::Float);
            let want = pixels(plate.width, plate.height, |x, y| {
                let mut sum = [0.0; 4];
                let mut count = 0.0;
                for at in
                    (0..proxy * proxy).filter_map(|i| full.at(x * proxy + i % proxy, y * proxy + i / proxy))
                {
                    sum.iter_mut().zip(at).for_each(|(s, v)| *s += v);
                    count += 1.0;
                }
                sum.map(|s| s / count)
            });
            let worst =
                plate.rgba.iter().flatten().zip(want.rgba.iter().flatten()).map(|(a, b)| (a - b).abs());
            assert!(worst.fold(0.0, f32::max) < 1e-5, "1/{proxy}");
        }
    }

    #[test]
    fn the_shaders_are_valid() {
        PLATES.iter().for_each(|s| s.validate().unwrap());
    }
}
