//! Lays one picture over another in any of Photoshop's 27 modes. The top is fitted to the bottom's size, shown at the
//! bottom's time and looped.
//!
//! Modes that work channel by channel are clipped to 0..1 before the opacity counts, as Photoshop does; normal and
//! dissolve only mix and clip nothing. Both pictures are taken with their straight alpha and put together as W3C's
//! Compositing 1 says: `αo = αs + αb(1 - αs)` and
//! `co = (αb(1 - αs)·cb + αs((1 - αb)·cs + αb·B(cb, cs))) / αo`, where `αs` is the top's alpha times opacity times mask.
//! Dodge, burn and the modes made of them brighten and darken the bottom by the top, as in Photoshop and Premiere.
//!
//! The darker and lighter colour compare the sums of the channels; hue, saturation, color and luminosity use W3C's
//! luma 0.3 R + 0.59 G + 0.11 B. Dissolve chooses pixels of the full picture by chance, the same in every frame.

use super::advice;
use super::fit::{self, Fit, fitted};
use super::mode::{Mode, Space, check_display, modes_wgsl};
use crate::picture;
use crate::work::Work;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Key, KeyHasher, PayloadRef, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) static BLEND: PointwiseShader = PointwiseShader::new(
    "blend",
    concat!(
        modes_wgsl!(),
        include_str!("../../assets/shaders/finish/blend.wgsl"),
        include_str!("../../assets/shaders/finish/blend_plain.wgsl")
    ),
    2,
    &[],
);
pub(crate) static BLEND_MASKED: PointwiseShader = PointwiseShader::new(
    "masked blend",
    concat!(
        modes_wgsl!(),
        include_str!("../../assets/shaders/finish/blend.wgsl"),
        include_str!("../../assets/shaders/finish/blend_masked.wgsl")
    ),
    3,
    &[],
);

/// Parameters of [`Blend`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BlendParams {
    /// How the top meets the bottom.
    pub mode: Mode,
    /// How much of the result counts.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub opacity: f64,
    /// How a top of another size is fitted to the bottom.
    #[schemars(extend("fixed" = true))]
    pub fit: Fit,
    /// A top that is shorter starts again; else the bottom stays alone after its end.
    #[schemars(extend("fixed" = true))]
    pub loop_top: bool,
    /// In which numbers they are blended.
    pub space: Space,
}

impl Default for BlendParams {
    fn default() -> Self {
        Self { mode: Mode::Normal, opacity: 1.0, fit: Fit::Fill, loop_top: true, space: Space::Display }
    }
}

/// `finish/blend`.
pub struct Blend;

impl Tool for Blend {
    type Params = BlendParams;

    fn spec() -> Spec {
        Spec::new("finish/blend", 1, "Blend", crate::docs::docs!())
            .search(&[
                "overlay",
                "composite",
                "layer",
                "mix",
                "merge",
                "screen",
                "multiply",
                "opacity",
                "over",
            ])
            .input(Port::named("bottom", ValueType::Clip))
            .input(Port::named("top", ValueType::Clip))
            .input(Port::of(ValueType::Mask).optional())
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(p: &BlendParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let (bottom, top) = (cx.frames("bottom")?, cx.frames("top")?);
        if !p.mode.only_mixes() || bottom.color.transfer != top.color.transfer {
            check_display(bottom, "bottom", "blend")?;
            check_display(top, "top", "blend")?;
        }
        let mut described = Described::one(Desc::Clip(bottom.clone()));
        described.words = fit::words("top", top, bottom, p.fit, p.loop_top);
        if let Some(mask) = cx.maybe_frames("mask") {
            described.words.extend(fit::words("mask", mask, bottom, Fit::Stretch, false));
        }
        Ok(described)
    }

    fn needs(p: &BlendParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let mut needs = vec![Need::new("bottom", cx.timed("bottom"))];
        needs.extend(fit::frame_of(cx, "top", p.loop_top).map(|frame| Need::new("top", frame)));
        needs.extend(cx.frames("mask").map(|_| Need::new("mask", cx.timed("mask"))));
        needs
    }

    fn identity(p: &BlendParams, cx: &FrameCx<'_>) -> Option<Need> {
        let over = fit::frame_of(cx, "top", p.loop_top).is_none();
        (p.opacity == 0.0 || over).then(|| Need::new("bottom", cx.timed("bottom")))
    }

    fn idle(_: &BlendParams, cx: &FrameCx<'_>) -> Vec<&'static str> {
        let size = |port| cx.frames(port).map(|d| (d.width, d.height));
        let mut idle = vec!["loop_top"];
        if size("top") == size("bottom") {
            idle.push("fit");
        }
        idle
    }

    fn code() -> Option<Key> {
        let mut hasher = KeyHasher::new("blend");
        hasher.key(BLEND.hash()).key(BLEND_MASKED.hash());
        Some(hasher.key(fit::code()).finish())
    }

    fn render(p: &BlendParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let clip = cx.clip()?;
        let work = Work::of(cx, 0)?;
        let (enter, leave) = p.space.codes(clip.color.transfer);
        let params = ParamValues::new()
            .with("mode", p.mode.code())
            .with("opacity", p.opacity as f32)
            .with("enter", enter)
            .with("leave", leave)
            .with("proxy", cx.at.proxy.max(1));
        let fit = |port: &str, fit: Fit| {
            let picture = picture::expr(cx, port)?;
            let from = cx.at.frames(port).unwrap_or(clip);
            fitted(&work, &picture, from, clip, cx.at.proxy, fit)
        };
        let mut inputs = vec![picture::expr(cx, "bottom")?, fit("top", p.fit)?];
        if cx.payload("mask").is_some() {
            inputs.push(fit("mask", Fit::Stretch)?);
            return picture::stage(cx, &BLEND_MASKED, &params, Vec::new(), inputs, 0);
        }
        picture::stage(cx, &BLEND, &params, Vec::new(), inputs, 0)
    }

    fn lint(p: &BlendParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let lays_grain = cx.comes_after("finish/grain_plate")
            && !cx.comes_after("finish/grain")
            && !cx.comes_after("finish/blend");
        if lays_grain { advice::laid_on(p.mode, p.opacity) } else { Vec::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, run};
    use super::*;
    use crate::bench::filtered;
    use rushes_gpu::{Gpu, Pixels, Place};

    const N: u32 = 45;

    /// All pairs of values of bottom and top, each channel another pair, with black and white among them.
    fn pair() -> (Pixels, Pixels) {
        let v = |i: u32| i as f32 / (N - 1) as f32;
        let bottom = pixels(N, N, |x, y| [v(x), v((x + 2 * y) % N), v((3 * x + y) % N), 1.0]);
        let top = pixels(N, N, |x, y| [v(y), v((y + 5 * x) % N), v((2 * y + 7 * x) % N), 1.0]);
        (bottom, top)
    }

    fn values(mode: Mode, opacity: f32) -> ParamValues {
        let values = ParamValues::new().with("mode", mode.code()).with("opacity", opacity);
        values.with("enter", 0_u32).with("leave", 0_u32).with("proxy", 1_u32)
    }

    fn blended(gpu: &Gpu, mode: Mode, opacity: f32, bottom: &Pixels, top: &Pixels) -> Pixels {
        let place = Place::of_size(bottom.width, bottom.height);
        run(gpu, &BLEND, &values(mode, opacity), Vec::new(), &[bottom, top], place)
    }

    /// FFmpeg's name, and whether its first input is Photoshop's top. Its modes made of burn and dodge, and its linear
    /// light, take the second input for the base.
    const SHARED: &[(Mode, &str, bool)] = &[
        (Mode::Normal, "normal", true),
        (Mode::Darken, "darken", false),
        (Mode::Multiply, "multiply", false),
        (Mode::ColorBurn, "burn", true),
        (Mode::Lighten, "lighten", false),
        (Mode::Screen, "screen", false),
        (Mode::ColorDodge, "dodge", true),
        (Mode::LinearDodge, "addition", false),
        (Mode::Overlay, "overlay", false),
        (Mode::HardLight, "hardlight", false),
        (Mode::VividLight, "vividlight", true),
        (Mode::LinearLight, "linearlight", true),
        (Mode::PinLight, "pinlight", false),
        (Mode::HardMix, "hardmix", false),
        (Mode::Difference, "difference", false),
        (Mode::Exclusion, "exclusion", false),
        (Mode::Subtract, "subtract", false),
        (Mode::Divide, "divide", false),
    ];

    /// Where a mode jumps, so that a rounding decides: at a division by 0, and at hard mix's edge.
    fn jumps(mode: Mode, b: f32, s: f32) -> bool {
        const NEAR: f32 = 1e-5;
        match mode {
            Mode::ColorBurn => s < NEAR,
            Mode::ColorDodge => s > 1.0 - NEAR,
            Mode::VividLight => !(NEAR..=1.0 - NEAR).contains(&s),
            Mode::HardMix => (b + s - 1.0).abs() < NEAR,
            Mode::Divide => s < NEAR,
            _ => false,
        }
    }

    #[test]
    fn shared_modes_agree_with_ffmpeg() {
        let gpu = gpu();
        let (bottom, top) = pair();
        for (mode, name, top_first) in SHARED {
            let inputs = if *top_first { [&top, &bottom] } else { [&bottom, &top] };
            let theirs = filtered(&inputs, &format!("[0:v][1:v]blend=all_mode={name}"), N, N);
            for opacity in [1.0, 0.3_f32] {
                let ours = blended(&gpu, *mode, opacity, &bottom, &top);
                let mut held = 0;
                for (i, our) in ours.rgba.iter().enumerate() {
                    for (c, value) in our.iter().enumerate().take(3) {
                        let (b, s) = (bottom.rgba[i][c], top.rgba[i][c]);
                        if jumps(*mode, b, s) {
                            continue;
                        }
                        let want = b + (theirs.rgba[i][c].clamp(0.0, 1.0) - b) * opacity;
                        assert!(
                            (value - want).abs() <= 1.0 / 1024.0,
                            "{name} b={b} s={s}: {value} not {want}"
                        );
                        held += 1;
                    }
                }
                assert!(held > 5000, "{name} was held at {held} values only");
            }
        }
    }

    /// The formulas of W3C Compositing 1 and of Adobe's descriptions, in double precision.
    fn formula(mode: Mode, b: [f64; 3], s: [f64; 3]) -> [f64; 3] {
        let lum = |c: [f64; 3]| 0.3 * c[0] + 0.59 * c[1] + 0.11 * c[2];
        let low = |c: [f64; 3]| c[0].min(c[1]).min(c[2]);
        let high = |c: [f64; 3]| c[0].max(c[1]).max(c[2]);
        let clip = |c: [f64; 3]| {
            let (l, n, x) = (lum(c), low(c), high(c));
            let c = if n < 0.0 { c.map(|v| l + (v - l) * l / (l - n)) } else { c };
            if x > 1.0 { c.map(|v| l + (v - l) * (1.0 - l) / (x - l)) } else { c }
        };
        let set_lum = |c: [f64; 3], l: f64| {
            let d = l - lum(c);
            clip(c.map(|v| v + d))
        };
        let sat = |c: [f64; 3]| high(c) - low(c);
        let set_sat = |c: [f64; 3], s: f64| {
            let (n, x) = (low(c), high(c));
            if x > n { c.map(|v| (v - n) * s / (x - n)) } else { [0.0; 3] }
        };
        let sum = |c: [f64; 3]| c.iter().sum::<f64>();
        match mode {
            Mode::SoftLight => [0, 1, 2].map(|i| {
                let (b, s) = (b[i], s[i]);
                let d = if b <= 0.25 { ((16.0 * b - 12.0) * b + 4.0) * b } else { b.sqrt() };
                if s <= 0.5 { b - (1.0 - 2.0 * s) * b * (1.0 - b) } else { b + (2.0 * s - 1.0) * (d - b) }
            }),
            Mode::LinearBurn => [0, 1, 2].map(|i| (b[i] + s[i] - 1.0).max(0.0)),
            Mode::DarkerColor => {
                if sum(s) < sum(b) {
                    s
                } else {
                    b
                }
            }
            Mode::LighterColor => {
                if sum(s) > sum(b) {
                    s
                } else {
                    b
                }
            }
            Mode::Hue => set_lum(set_sat(s, sat(b)), lum(b)),
            Mode::Saturation => set_lum(set_sat(b, sat(s)), lum(b)),
            Mode::Color => set_lum(s, lum(b)),
            Mode::Luminosity => set_lum(b, lum(s)),
            _ => unreachable!("{mode:?} is held against FFmpeg"),
        }
    }

    #[test]
    fn other_modes_follow_their_published_formulas() {
        let gpu = gpu();
        let (bottom, top) = pair();
        let modes = [
            Mode::SoftLight,
            Mode::LinearBurn,
            Mode::DarkerColor,
            Mode::LighterColor,
            Mode::Hue,
            Mode::Saturation,
            Mode::Color,
            Mode::Luminosity,
        ];
        for mode in modes {
            let ours = blended(&gpu, mode, 1.0, &bottom, &top);
            for (i, our) in ours.rgba.iter().enumerate() {
                let of = |p: &Pixels| [0, 1, 2].map(|c| f64::from(p.rgba[i][c]));
                let (b, s) = (of(&bottom), of(&top));
                if (b.iter().sum::<f64>() - s.iter().sum::<f64>()).abs() < 1e-5 {
                    continue;
                }
                let want = formula(mode, b, s);
                assert!(
                    (0..3).all(|c| (f64::from(our[c]) - want[c]).abs() < 1.0 / 1024.0),
                    "{mode:?} {b:?} {s:?}: {our:?} {want:?}"
                );
            }
        }
    }

    #[test]
    fn alpha_is_put_together_as_source_over() {
        let gpu = gpu();
        let bottom = pixels(9, 9, |x, y| [0.8, 0.2, x as f32 / 8.0, y as f32 / 8.0]);
        let top = pixels(9, 9, |x, y| [0.3, y as f32 / 8.0, 0.6, x as f32 / 8.0]);
        let mask = pixels(9, 9, |x, y| [((x + y) % 3) as f32 / 2.0; 4]);
        let place = Place::of_size(9, 9);
        let out = run(
            &gpu,
            &BLEND_MASKED,
            &values(Mode::Multiply, 0.7),
            Vec::new(),
            &[&bottom, &top, &mask],
            place,
        );
        for (i, our) in out.rgba.iter().enumerate() {
            let (b, s) = (bottom.rgba[i], top.rgba[i]);
            let source = s[3] * 0.7 * mask.rgba[i][0];
            let alpha = source + b[3] * (1.0 - source);
            assert!((our[3] - alpha).abs() < 1e-5);
            for c in (0..3).filter(|_| alpha > 1e-3) {
                let mixed =
                    (1.0 - source) * b[3] * b[c] + source * ((1.0 - b[3]) * s[c] + b[3] * b[c] * s[c]);
                assert!((our[c] - mixed / alpha).abs() < 1e-4, "{b:?} {s:?} {our:?}");
            }
        }
    }

    #[test]
    fn dissolve_takes_whole_pixels_and_a_proxy_their_mean() {
        let gpu = gpu();
        let black = pixels(64, 64, |_, _| [0.0, 0.0, 0.0, 1.0]);
        let white = pixels(64, 64, |_, _| [1.0; 4]);
        let full = blended(&gpu, Mode::Dissolve, 0.3, &black, &white);
        assert!(full.rgba.iter().all(|p| p[0] == 0.0 || p[0] == 1.0));
        let share = full.rgba.iter().map(|p| p[0]).sum::<f32>() / 4096.0;
        // Three deviations of a binomial of 4096.
        assert!((share - 0.3).abs() < 0.022, "{share}");
        let small = |p: f32| pixels(32, 32, move |_, _| [p, p, p, 1.0]);
        let params = values(Mode::Dissolve, 0.3).with("proxy", 2_u32);
        let half =
            run(&gpu, &BLEND, &params, Vec::new(), &[&small(0.0), &small(1.0)], Place::of_size(32, 32));
        for y in 0..32 {
            for x in 0..32 {
                let at = |dx, dy| full.at(2 * x + dx, 2 * y + dy).unwrap()[0];
                let mean = (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4.0;
                assert!((half.at(x, y).unwrap()[0] - mean).abs() < 1e-6);
            }
        }
    }

    #[test]
    fn the_shaders_are_valid() {
        BLEND.validate().unwrap();
        BLEND_MASKED.validate().unwrap();
    }
}
