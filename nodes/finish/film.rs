//! What a lens, a camera and a strip of film do to a picture: vignette, halation, bloom, gate weave, distortion and
//! colour fringes. Each does nothing at 0.
//!
//! Order of work: distortion, fringes and weave move the picture in one pass (Catmull-Rom in linear light); bloom and
//! halation add light around what nears white; the vignette darkens the corners. Bloom spreads white light by 3 % of the
//! picture's height, halation red light by 0.6 %. At 1 the corners lose light as cos⁴ of 50°, the middle is magnified
//! by a third, fringes reach 0.6 % of the half diagonal, and the weave has a deviation of 0.25 % of the height.

use super::advice;
use crate::picture;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Key, KeyHasher, PayloadRef, Result, Transfer, ValueType};
use rushes_gpu::{Border, Expr, Kernel, Light, ParamValues, PointwiseShader, Resize};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static LENS: Kernel =
    Kernel::new("lens", include_str!("../../assets/shaders/finish/film_lens.wgsl"), 1, &[], Border::Mirror);
static HIGHLIGHTS: PointwiseShader = PointwiseShader::new(
    "highlights",
    include_str!("../../assets/shaders/finish/film_highlights.wgsl"),
    1,
    &[],
);
static GLOW: PointwiseShader =
    PointwiseShader::new("glow", include_str!("../../assets/shaders/finish/film_glow.wgsl"), 3, &[]);
static VIGNETTE: PointwiseShader =
    PointwiseShader::new("vignette", include_str!("../../assets/shaders/finish/film_vignette.wgsl"), 1, &[]);

/// How much of the middle a distortion of 1 takes away.
const BEND: f64 = 0.25;
/// Where red and blue lie at an aberration of 1, against green.
const FRINGE: f64 = 0.006;
/// Deviation of a weave of 1, against the height.
const WEAVE: f64 = 0.0025;
/// Spread of bloom and halation against the height.
const SPREADS: [f64; 2] = [0.03, 0.006];

/// Parameters of [`Film`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FilmParams {
    /// How much light the corners lose.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub vignette: f64,
    /// Red light around what is bright, as it is thrown back by the film's base.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 1.0]))]
    pub halation: f64,
    /// White light around what is bright, as it scatters in the lens.
    #[schemars(range(min = 0.0, max = 4.0), extend("soft" = [0.0, 1.0]))]
    pub bloom: f64,
    /// How far the strip wanders in the gate from frame to frame.
    #[schemars(range(min = 0.0, max = 8.0), extend("soft" = [0.0, 1.0]))]
    pub gate_weave: f64,
    /// Barrel above 0, pincushion below.
    #[schemars(range(min = -1.0, max = 1.0), extend("soft" = [-1.0, 1.0]))]
    pub distortion: f64,
    /// Colour fringes towards the edges.
    #[schemars(range(min = -8.0, max = 8.0), extend("soft" = [0.0, 1.0]))]
    pub aberration: f64,
    /// How it wanders: another seed, another way.
    #[schemars(range(min = 0, max = 4294967295_u32))]
    pub seed: u32,
}

impl FilmParams {
    fn is_neutral(&self) -> bool {
        [self.vignette, self.halation, self.bloom, self.gate_weave, self.distortion, self.aberration]
            == [0.0; 6]
    }

    /// By how many pixels of a picture `height` pixels high the strip lies off at `frame`: a slow way and a fast one.
    fn weave(&self, frame: i64, height: f64) -> [f64; 2] {
        [0, 1].map(|axis| {
            let step = |n: i64, kind: u8| normal(self.seed, n, axis * 2 + kind);
            let (slow, t) = (frame.div_euclid(6), frame.rem_euclid(6) as f64 / 6.0);
            let eased = t * t * (3.0 - 2.0 * t);
            let wander = step(slow, 0) * (1.0 - eased) + step(slow + 1, 0) * eased;
            self.gate_weave * WEAVE * height * (0.8 * wander + 0.6 * step(frame, 1))
        })
    }
}

/// A number of mean 0 and deviation 1, by an integer hash: twelve uniform ones added up.
fn normal(seed: u32, n: i64, kind: u8) -> f64 {
    let mut hasher = KeyHasher::new("weave");
    hasher.u64(u64::from(seed)).u64(n.cast_unsigned()).u64(u64::from(kind));
    let sum: f64 = hasher.finish().bytes().iter().take(12).map(|b| (f64::from(*b) + 0.5) / 256.0).sum();
    sum - 6.0
}

/// Moves the picture through the lens and the gate.
fn lens(work: &Work<'_>, picture: &Expr, p: &FilmParams, frame: i64, light: bool) -> Result<Expr> {
    let size = picture.size();
    let weave = p.weave(frame, f64::from(size.1)).map(|v| v as f32);
    let fringe = (p.aberration * FRINGE) as f32;
    let values = ParamValues::new()
        .with("distortion", (p.distortion * BEND) as f32)
        .with("spread", [-fringe, 0.0, fringe])
        .with("weave", weave)
        .with("light", light);
    Ok(work.kernel(&LENS, &[&work.made(picture)?], &values, size)?.into())
}

/// Adds the light that bright parts scatter.
fn glow(work: &Work<'_>, picture: &Expr, p: &FilmParams, light: bool) -> Result<Expr> {
    let picture = Expr::from(work.made(picture)?);
    let (width, height) = picture.size();
    let bright = work.stage(&HIGHLIGHTS, &ParamValues::new().with("light", light), vec![picture.clone()])?;
    let bright = Expr::from(work.made(&bright)?);
    let spread = |amount: f64, share: f64| -> Result<Expr> {
        if amount == 0.0 {
            return Ok(bright.clone());
        }
        let sigma = share * f64::from(height);
        // A wide blur is made on a smaller picture, where it is still a blur of some pixels.
        let factor = (sigma / 4.0).floor().max(1.0) as u32;
        let small = (width.div_ceil(factor), height.div_ceil(factor));
        let covered = [0.0, 0.0, f64::from(small.0 * factor), f64::from(small.1 * factor)];
        let down =
            work.resized(&bright, &Resize { source: Some(covered), ..Resize::to(small.0, small.1) })?;
        let soft = work.blurred(&down, sigma / f64::from(factor), Light::Linear)?;
        let back = [0.0, 0.0, f64::from(width) / f64::from(factor), f64::from(height) / f64::from(factor)];
        work.resized_late(&soft, &Resize { source: Some(back), ..Resize::to(width, height) })
    };
    let (wide, near) = (spread(p.bloom, SPREADS[0])?, spread(p.halation, SPREADS[1])?);
    let values = ParamValues::new()
        .with("bloom", p.bloom as f32)
        .with("halation", p.halation as f32)
        .with("light", light);
    work.stage(&GLOW, &values, vec![picture, wide, near])
}

fn vignette(work: &Work<'_>, picture: Expr, p: &FilmParams, light: bool) -> Result<Expr> {
    let values = ParamValues::new().with("vignette", p.vignette as f32).with("light", light);
    work.stage(&VIGNETTE, &values, vec![picture])
}

/// All that is asked for, in the order of work.
fn filmed(work: &Work<'_>, picture: Expr, p: &FilmParams, frame: i64, light: bool) -> Result<Expr> {
    let mut picture = picture;
    if p.distortion != 0.0 || p.aberration != 0.0 || p.gate_weave != 0.0 {
        picture = lens(work, &picture, p, frame, light)?;
    }
    if p.bloom != 0.0 || p.halation != 0.0 {
        picture = glow(work, &picture, p, light)?;
    }
    if p.vignette != 0.0 {
        picture = vignette(work, picture, p, light)?;
    }
    Ok(picture)
}

/// `finish/film`.
pub struct Film;

impl Tool for Film {
    type Params = FilmParams;

    fn spec() -> Spec {
        Spec::new("finish/film", 1, "Film", crate::docs::docs!())
            .search(&[
                "vignette",
                "halation",
                "bloom",
                "glow",
                "gate weave",
                "lens distortion",
                "chromatic aberration",
            ])
            .input(Port::of(ValueType::Clip).lazy())
            .output(Port::of(ValueType::Clip))
            .reads_time()
            .late()
    }

    fn describe(_: &FilmParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let clip = cx.frames("clip")?;
        let described = Described::one(Desc::Clip(clip.clone()));
        Ok(match clip.color.transfer {
            Transfer::Sdr | Transfer::Linear => described,
            _ => described.word("its light is reckoned as if it were a display picture"),
        })
    }

    fn identity(p: &FilmParams, cx: &FrameCx<'_>) -> Option<Need> {
        p.is_neutral().then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(p: &FilmParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        if p.gate_weave == 0.0 { vec!["seed"] } else { Vec::new() }
    }

    fn reads(p: &FilmParams, cx: &FrameCx<'_>) -> Reads {
        Reads { time: (p.gate_weave != 0.0).then_some(cx.frame), files: None }
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("film");
        hasher.key(LENS.hash()).key(HIGHLIGHTS.hash()).key(GLOW.hash()).key(VIGNETTE.hash());
        Some(hasher.key(rushes_gpu::mixing_hash()).finish())
    }

    fn render(p: &FilmParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let light = cx.clip()?.color.transfer == Transfer::Linear;
        let work = Work::of(cx, p.seed)?;
        picture::hand_on(filmed(&work, picture::expr(cx, "clip")?, p, cx.at.frame, light)?)
    }

    fn lint(_: &FilmParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        advice::before_grain(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, uploaded};
    use super::*;
    use rushes_engine::Cancel;
    use rushes_gpu::{Executor, Gpu, Pixels, Place, Precision};

    fn film(gpu: &Gpu, p: &FilmParams, frame: i64, picture: &Pixels) -> Pixels {
        let place = Place::of_size(picture.width, picture.height);
        let work = Work { executor: gpu, precision: Precision::Float, label: 0, place };
        let out = filmed(&work, uploaded(gpu, picture), p, frame, false).unwrap();
        gpu.read(&work.made(&out).unwrap(), &Cancel::new()).unwrap()
    }

    fn some() -> Pixels {
        pixels(60, 40, |x, y| [x as f32 / 59.0, y as f32 / 39.0, 0.3, 1.0])
    }

    #[test]
    fn zero_is_identity() {
        assert!(FilmParams { seed: 9, ..FilmParams::default() }.is_neutral());
        let gpu = gpu();
        let picture = some();
        assert_eq!(film(&gpu, &FilmParams::default(), 3, &picture), picture);
        // The kernels themselves, run at 0.
        let place = Place::of_size(60, 40);
        let work = Work { executor: &gpu, precision: Precision::Float, label: 0, place };
        let p = FilmParams::default();
        let moved = lens(&work, &uploaded(&gpu, &picture), &p, 3, false).unwrap();
        let glowing = glow(&work, &moved, &p, false).unwrap();
        let out = gpu
            .read(&work.made(&vignette(&work, glowing, &p, false).unwrap()).unwrap(), &Cancel::new())
            .unwrap();
        let worst = out.rgba.iter().flatten().zip(picture.rgba.iter().flatten()).map(|(a, b)| (a - b).abs());
        assert!(worst.fold(0.0, f32::max) < 1e-4);
    }

    #[test]
    fn the_vignette_is_cos_to_the_fourth() {
        let white = pixels(60, 40, |_, _| [1.0; 4]);
        let out = film(&gpu(), &FilmParams { vignette: 0.8, ..FilmParams::default() }, 0, &white);
        for (x, y) in [(30_u32, 20_u32), (0, 0), (59, 10)] {
            let off = [f64::from(x) + 0.5 - 30.0, f64::from(y) + 0.5 - 20.0];
            let tangent = 50.0_f64.to_radians().tan() * off[0].hypot(off[1]) / 30.0_f64.hypot(20.0);
            let light = 1.0 - 0.8 * (1.0 - tangent.atan().cos().powi(4));
            let got = f64::from(out.at(x, y).unwrap()[0]).powf(2.4);
            assert!((got - light).abs() < 2e-3, "{got} {light}");
        }
    }

    /// The middle of the light in a channel.
    fn centre(picture: &Pixels, channel: usize) -> [f64; 2] {
        let mut sum = [0.0; 3];
        for (i, p) in picture.rgba.iter().enumerate() {
            let light = f64::from(p[channel].max(0.0)).powf(2.4);
            let (x, y) = (i as u32 % picture.width, i as u32 / picture.width);
            sum[0] += light;
            sum[1] += light * (f64::from(x) + 0.5);
            sum[2] += light * (f64::from(y) + 0.5);
        }
        [sum[1] / sum[0], sum[2] / sum[0]]
    }

    fn dot(x: u32, y: u32) -> Pixels {
        pixels(160, 90, |px, py| {
            let r2 = (px as f32 - x as f32).powi(2) + (py as f32 - y as f32).powi(2);
            let v = (-r2 / 18.0).exp().powf(1.0 / 2.4);
            [v, v, v, 1.0]
        })
    }

    #[test]
    fn fringes_part_red_and_blue_and_distortion_moves_a_known_point() {
        let gpu = gpu();
        let picture = dot(130, 45);
        let out = film(&gpu, &FilmParams { aberration: 4.0, ..FilmParams::default() }, 0, &picture);
        let [red, green, blue] = [0, 1, 2].map(|c| centre(&out, c)[0]);
        let radius = 130.5 - 80.0;
        assert!((green - 130.5).abs() < 0.01);
        assert!(
            (red - green - radius * 0.024).abs() < 0.1 && (green - blue - radius * 0.024).abs() < 0.1,
            "{red} {green} {blue}"
        );
        // The dot appears where the formula leads to it.
        let out = film(&gpu, &FilmParams { distortion: 0.4, ..FilmParams::default() }, 0, &picture);
        let off = centre(&out, 1)[0] - 80.0;
        let r2 = (off / 80.0_f64.hypot(45.0)).powi(2);
        assert!((off * (1.0 + 0.1 * (r2 - 1.0)) - radius).abs() < 0.25, "{off}");
    }

    #[test]
    fn the_gate_moves_the_whole_picture_from_frame_to_frame() {
        let gpu = gpu();
        let picture = dot(80, 45);
        let p = FilmParams { gate_weave: 8.0, ..FilmParams::default() };
        for frame in [0, 1, 17] {
            let at = centre(&film(&gpu, &p, frame, &picture), 1);
            let want = p.weave(frame, 90.0);
            assert!(
                (at[0] - 80.5 - want[0]).abs() < 0.05 && (at[1] - 45.5 - want[1]).abs() < 0.05,
                "{at:?} {want:?}"
            );
        }
        let ways: Vec<f64> = (0..2000).map(|f| p.weave(f, 90.0)[0]).collect();
        let deviation = (ways.iter().map(|v| v * v).sum::<f64>() / 2000.0).sqrt();
        assert!((0.75..1.1).contains(&(deviation / (8.0 * WEAVE * 90.0))), "{deviation}");
        assert_ne!(p.weave(5, 90.0), FilmParams { seed: 1, ..p.clone() }.weave(5, 90.0));
    }

    #[test]
    fn halation_is_red_and_near_and_bloom_white_and_wide() {
        let gpu = gpu();
        let picture = pixels(320, 180, |x, y| {
            let lit = (156..164).contains(&x) && (86..94).contains(&y);
            if lit { [1.0; 4] } else { [0.0, 0.0, 0.0, 1.0] }
        });
        let red = film(&gpu, &FilmParams { halation: 1.0, ..FilmParams::default() }, 0, &picture);
        let near = red.at(165, 90).unwrap();
        assert!(near[0] > 0.1 && near[0] > 1.4 * near[1] && near[1] > near[2], "{near:?}");
        assert!(red.at(180, 90).unwrap()[0] < 0.02);
        let white = film(&gpu, &FilmParams { bloom: 1.0, ..FilmParams::default() }, 0, &picture);
        let far = white.at(166, 90).unwrap();
        assert!(far[0] > 0.1 && (far[0] - far[2]).abs() < 1e-3, "{far:?}");
        assert!(white.at(170, 90).unwrap()[0] > 0.05);
    }

    #[test]
    fn the_shaders_are_valid() {
        LENS.validate().unwrap();
        [&HIGHLIGHTS, &GLOW, &VIGNETTE].into_iter().for_each(|s| s.validate().unwrap());
    }
}
