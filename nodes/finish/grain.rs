//! Lays film grain over a shot in one step: the plate and the blend together, the glue of a finished picture. Without a
//! plate of your own it makes the stock's grain at the size of the clip.
//!
//! How much grain a pixel takes follows its luma `l`: `shadows·(1 - l)² + mids·2l(1 - l) + highlights·l²`, which is 1
//! everywhere while all three are 1. `centre` moves a plate of your own so that its mean is middle grey: then overlay
//! leaves the brightness of the shot as it is. Made grain has that mean already.

use super::advice;
use super::fit::{self, Fit, fitted};
use super::grain_plate::sampling;
use super::mode::{Mode, Space, check_display, modes_wgsl};
use super::stock::{Field, Stock, grain_wgsl};
use crate::picture;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Cancel, Desc, Key, KeyHasher, PayloadRef, Result, ValueType};
use rushes_gpu::{Border, Expr, Kernel, ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! grain {
    ($samples:literal) => {
        PointwiseShader::new(
            "grain",
            concat!(
                modes_wgsl!(),
                grain_wgsl!($samples),
                include_str!("../../assets/shaders/finish/grain_weight.wgsl"),
                include_str!("../../assets/shaders/finish/grain.wgsl")
            ),
            1,
            &[],
        )
    };
}
static GRAINS: [PointwiseShader; 5] = [grain!("1"), grain!("2"), grain!("3"), grain!("4"), grain!("8")];
static GRAIN_OVER: PointwiseShader = PointwiseShader::new(
    "grain from a plate",
    concat!(
        modes_wgsl!(),
        include_str!("../../assets/shaders/finish/grain_weight.wgsl"),
        include_str!("../../assets/shaders/finish/grain_over.wgsl")
    ),
    2,
    &[],
);
/// The mean of each block of 16 × 16 pixels, with how many there were in alpha.
static BLOCK_MEAN: Kernel = Kernel::new(
    "block mean",
    include_str!("../../assets/shaders/finish/block_mean.wgsl"),
    1,
    &[],
    Border::Clamp,
);
const BLOCK: u32 = 16;

/// Parameters of [`Grain`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GrainParams {
    /// The film whose grain is made; without meaning where a plate is wired.
    pub stock: Stock,
    /// How much of the grain counts.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub opacity: f64,
    /// How the grain meets the picture.
    pub mode: Mode,
    /// Grain in the shadows.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 2.0]))]
    pub shadows: f64,
    /// Grain in the middle tones.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 2.0]))]
    pub mids: f64,
    /// Grain in the highlights.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 2.0]))]
    pub highlights: f64,
    /// A wired plate is moved so that the mean of each of its frames is middle grey.
    pub centre: bool,
    /// Which grain is made; without meaning where a plate is wired.
    #[schemars(range(min = 0, max = 4294967295_u32))]
    pub seed: u32,
}

impl Default for GrainParams {
    fn default() -> Self {
        Self {
            stock: Stock::D250,
            opacity: 0.3,
            mode: Mode::Overlay,
            shadows: 1.0,
            mids: 1.0,
            highlights: 1.0,
            centre: true,
            seed: 0,
        }
    }
}

/// `finish/grain`.
pub struct Grain;

impl Tool for Grain {
    type Params = GrainParams;

    fn spec() -> Spec {
        Spec::new("finish/grain", 1, "Grain", crate::docs::docs!())
            .search(&["film grain", "noise", "texture", "glue", "overlay", "35mm", "16mm"])
            .input(Port::of(ValueType::Clip))
            .input(Port::named("plate", ValueType::Clip).optional())
            .output(Port::of(ValueType::Clip))
            .pointwise()
            .reads_time()
    }

    fn describe(_: &GrainParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        check_display(clip, "clip", "grain")?;
        let mut described = Described::one(Desc::Clip(clip.clone()));
        if let Some(plate) = cx.maybe_frames("plate") {
            check_display(plate, "plate", "grain")?;
            described.words = fit::words("plate", plate, clip, Fit::Fill, true);
        }
        Ok(described)
    }

    fn needs(_: &GrainParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let mut needs = vec![Need::new("clip", cx.timed("clip"))];
        needs.extend(fit::frame_of(cx, "plate", true).map(|frame| Need::new("plate", frame)));
        needs
    }

    fn identity(p: &GrainParams, cx: &FrameCx<'_>) -> Option<Need> {
        let none = p.opacity == 0.0 || (p.shadows == 0.0 && p.mids == 0.0 && p.highlights == 0.0);
        none.then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(_: &GrainParams, cx: &FrameCx<'_>) -> Vec<&'static str> {
        if cx.frames("plate").is_some() { vec!["stock", "seed"] } else { vec!["centre"] }
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("grain");
        GRAINS.iter().for_each(|s| {
            hasher.key(s.hash());
        });
        hasher.key(GRAIN_OVER.hash()).key(BLOCK_MEAN.hash());
        Some(hasher.key(fit::code()).finish())
    }

    fn render(p: &GrainParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let clip = cx.clip()?;
        let (enter, leave) = Space::Display.codes(clip.color.transfer);
        let common = |values: ParamValues| {
            values
                .with("mode", p.mode.code())
                .with("opacity", p.opacity as f32)
                .with("shadows", p.shadows as f32)
                .with("mids", p.mids as f32)
                .with("highlights", p.highlights as f32)
                .with("enter", enter)
                .with("leave", leave)
        };
        let picture = picture::expr(cx, "clip")?;
        let Some(plate) = cx.payload("plate") else {
            let field = Field { stock: p.stock, size: 1.0, roughness: 0.5, color: 0.3, response: 0.0 };
            let values = common(field.values(clip.width, clip.height, cx.at.proxy));
            let [one, two, three, four, eight] = &GRAINS;
            let shader = [one, two, three, four].get(sampling(cx.at.proxy)).copied().unwrap_or(eight);
            return picture::stage(cx, shader, &values, Vec::new(), vec![picture], p.seed);
        };
        let work = Work::of(cx, p.seed)?;
        let mut plate = picture::as_expr(plate)?;
        let shift = if p.centre {
            let made = work.made(&plate)?;
            let mean = mean_of(&work, cx.cancel, &made)?;
            plate = Expr::Image(made);
            mean.map(|m| 0.5 - m)
        } else {
            [0.0; 3]
        };
        let from = cx.at.frames("plate").unwrap_or(clip);
        let plate = fitted(&work, &plate, from, clip, cx.at.proxy, Fit::Fill)?;
        let values = common(ParamValues::new()).with("proxy", cx.at.proxy.max(1)).with("shift", shift);
        picture::stage(cx, &GRAIN_OVER, &values, Vec::new(), vec![picture, plate], 0)
    }

    fn lint(p: &GrainParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let mut advice = advice::laid_on(p.mode, p.opacity);
        if advice::grained(cx) && cx.comes_after("finish/grain") {
            let why = "one grain binds the shots; two are seen as noise";
            advice.push(Advice::new("grain_twice", "the picture has grain already", why).set("opacity", 0.0));
        }
        advice
    }
}

/// The mean colour of a picture. Only a small picture of block means is read back.
fn mean_of(work: &Work<'_>, cancel: &Cancel, image: &rushes_gpu::Image) -> Result<[f32; 3]> {
    let size = (image.width().div_ceil(BLOCK), image.height().div_ceil(BLOCK));
    let precise = Work { precision: rushes_gpu::Precision::Float, ..*work };
    let blocks = precise.kernel(&BLOCK_MEAN, &[image], &ParamValues::new(), size)?;
    let pixels = work.executor.read(&blocks, cancel)?;
    let (mut sum, mut total) = ([0.0_f64; 3], 0.0);
    for pixel in &pixels.rgba {
        let count = f64::from(pixel[3]);
        sum.iter_mut().zip(pixel).for_each(|(s, v)| *s += f64::from(*v) * count);
        total += count;
    }
    let total = total.max(1.0);
    Ok([0, 1, 2].map(|i| (sum[i] / total) as f32))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, run};
    use super::*;
    use rushes_gpu::{Pixels, Place};

    const SIZE: u32 = 128;

    fn grained(luma: f32, set: impl Fn(&mut GrainParams)) -> Pixels {
        let mut p = GrainParams::default();
        set(&mut p);
        let field = Field { stock: p.stock, size: 1.0, roughness: 0.5, color: 0.3, response: 0.0 };
        let values = field
            .values(SIZE, SIZE, 1)
            .with("mode", p.mode.code())
            .with("opacity", p.opacity as f32)
            .with("shadows", p.shadows as f32)
            .with("mids", p.mids as f32)
            .with("highlights", p.highlights as f32)
            .with("enter", 0_u32)
            .with("leave", 0_u32);
        let flat = pixels(SIZE, SIZE, |_, _| [luma, luma, luma, 0.5]);
        let place = Place { seed: p.seed, ..Place::of_size(SIZE, SIZE) };
        run(&gpu(), &GRAINS[0], &values, Vec::new(), &[&flat], place)
    }

    fn spread(pixels: &Pixels) -> (f32, f32) {
        let n = pixels.rgba.len() as f32;
        let mean = pixels.rgba.iter().map(|p| p[1]).sum::<f32>() / n;
        (mean, (pixels.rgba.iter().map(|p| (p[1] - mean).powi(2)).sum::<f32>() / n).sqrt())
    }

    #[test]
    fn overlay_keeps_the_mean_and_spreads_as_its_formula_says() {
        for luma in [0.2, 0.4, 0.7_f32] {
            let (mean, deviation) = spread(&grained(luma, |_| ()));
            // Overlay: 2·b·s below the middle, 1 - 2(1 - b)(1 - s) above; so 2·min(b, 1 - b) times the plate's deviation.
            let want = 0.3 * 2.0 * luma.min(1.0 - luma) * Stock::D250.strength() as f32;
            assert!((mean - luma).abs() < 1e-4, "{luma}: {mean}");
            assert!((deviation / want - 1.0).abs() < 0.1, "{luma}: {deviation} {want}");
        }
    }

    #[test]
    fn tones_take_their_share_and_alpha_stays() {
        let at = |luma: f32, tones: [f64; 3]| {
            let out = grained(luma, |p| [p.shadows, p.mids, p.highlights] = tones);
            assert!(out.rgba.iter().all(|p| p[3] == 0.5));
            spread(&out).1
        };
        let even = at(0.25, [1.0; 3]);
        for (tones, share) in [([1.0, 0.0, 0.0], 0.5625), ([0.0, 1.0, 0.0], 0.375), ([0.0, 0.0, 1.0], 0.0625)]
        {
            assert!((at(0.25, tones) / even - share).abs() < 1e-3, "{tones:?}");
        }
    }

    #[test]
    fn a_plate_off_the_middle_is_moved_there() {
        let flat = pixels(40, 40, |x, _| [x as f32 / 39.0; 4].map(|v| v * 0.5 + 0.2));
        let gpu = gpu();
        let image = rushes_gpu::Executor::image(&gpu, &flat, rushes_gpu::Precision::Float).unwrap();
        let work = Work {
            executor: &gpu,
            precision: rushes_gpu::Precision::Half,
            label: 0,
            place: Place::of_size(40, 40),
        };
        let mean = mean_of(&work, &rushes_engine::Cancel::new(), &image).unwrap();
        assert!(mean.iter().all(|m| (m - 0.45).abs() < 1e-4), "{mean:?}");
    }

    #[test]
    fn the_shaders_are_valid() {
        GRAINS.iter().chain([&GRAIN_OVER]).for_each(|s| s.validate().unwrap());
        BLOCK_MEAN.validate().unwrap();
    }
}
