//! Test pictures, exact to formula.
//!
//! * `bars`: the high-definition colour bars of SMPTE RP 219 with its options 75 % white and black; the patch below
//!   black is below 0 and reaches the file where the file has room for it.
//! * `ramp`: black at the left edge's pixel, white at the right edge's, evenly between.
//! * `zone_plate`: 0.5 + 0.5 cos(pi r² / M), r the distance from the middle, M the longer side, both in pixels: at
//!   the edge of the longer side a wave is two pixels long.
//! * `checker`: squares, 16 along the longer side, the first one white.
//! * `noise`: every channel of every pixel of every frame an independent number from 0 to 1, by an integer hash of
//!   seed, frame and position.
//! * `counter`: the number of the frame in six digits, and a bar that fills as the clip plays.
//!
//! At a proxy scale, noise and zone plate show the mean of the pixels that each pixel stands for.

use crate::docs::docs;
use crate::picture;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{ClipDesc, Desc, Key, PayloadRef, Rate, Result, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

static SHADER: PointwiseShader =
    PointwiseShader::new("pattern", include_str!("../../assets/shaders/generate/pattern.wgsl"), 0, &[]);

/// Which test picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    /// Colour bars of SMPTE RP 219.
    #[default]
    Bars,
    /// From black at the left to white at the right.
    Ramp,
    /// Rings that get finer towards the edges.
    ZonePlate,
    /// Black and white squares.
    Checker,
    /// A new random picture in every frame.
    Noise,
    /// The number of the frame.
    Counter,
}

/// Parameters of [`PatternTool`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PatternParams {
    /// Which test picture.
    #[schemars(extend("fixed" = true))]
    pattern: Pattern,
    /// Pixels across.
    #[schemars(range(min = 1, max = 16384), extend("soft" = [16, 3840], "unit" = "px", "fixed" = true))]
    width: u32,
    /// Pixels down.
    #[schemars(range(min = 1, max = 16384), extend("soft" = [16, 2160], "unit" = "px", "fixed" = true))]
    height: u32,
    /// Frames a second.
    #[schemars(extend("fixed" = true))]
    fps: Rate,
    /// How many frames.
    #[schemars(range(min = 1, max = 10_000_000), extend("soft" = [1, 240], "unit" = "frames", "fixed" = true))]
    length: u32,
    /// Which noise.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("soft" = [0, 1000], "fixed" = true))]
    seed: u32,
}

impl Default for PatternParams {
    fn default() -> Self {
        Self { pattern: Pattern::Bars, width: 1920, height: 1080, fps: Rate::FILM, length: 48, seed: 0 }
    }
}

/// The tool.
pub struct PatternTool;

impl Tool for PatternTool {
    type Params = PatternParams;

    fn spec() -> Spec {
        Spec::new("generate/pattern", 1, "Pattern", docs!())
            .search(&[
                "test",
                "colour bars",
                "color bars",
                "smpte",
                "gradient",
                "checkerboard",
                "random",
                "leader",
            ])
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(p: &PatternParams, _: &DescribeCx<'_>) -> Result<Described> {
        let desc = ClipDesc::clip(p.width, p.height, p.fps, u64::from(p.length));
        Ok(Described::one(Desc::Clip(desc)))
    }

    fn idle(p: &PatternParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        let mut idle = vec!["fps"];
        if p.pattern != Pattern::Noise {
            idle.push("seed");
        }
        if p.pattern != Pattern::Counter {
            idle.push("length");
        }
        idle
    }

    fn reads(p: &PatternParams, cx: &FrameCx<'_>) -> Reads {
        let moves = matches!(p.pattern, Pattern::Noise | Pattern::Counter);
        Reads { time: moves.then_some(cx.frame), files: None }
    }

    fn code() -> Option<Key> {
        Some(SHADER.hash())
    }

    fn render(p: &PatternParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let number = match p.pattern {
            Pattern::Bars => 0_u32,
            Pattern::Ramp => 1,
            Pattern::ZonePlate => 2,
            Pattern::Checker => 3,
            Pattern::Noise => 4,
            Pattern::Counter => 5,
        };
        let params = ParamValues::new()
            .with("pattern", number)
            .with("width", p.width)
            .with("height", p.height)
            .with("proxy", cx.at.proxy)
            .with("square", square(p.width, p.height))
            .with("length", p.length);
        picture::stage(cx, &SHADER, &params, Vec::new(), Vec::new(), p.seed)
    }
}

/// Side of a square of the checker, in pixels: 16 along the longer side.
fn square(width: u32, height: u32) -> u32 {
    (width.max(height) / 16).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, ffmpeg};
    use serde_json::json;

    /// Half a step of a half float at 1.
    const STEP: f32 = 1.0 / 2048.0;

    fn bench(pattern: &str, width: u32, height: u32) -> Bench {
        let params = json!({"pattern": pattern, "width": width, "height": height, "length": 24, "seed": 3});
        Bench::new(&[("p", "generate/pattern", params)], &[])
    }

    fn close(a: [f32; 4], b: [f64; 3]) -> bool {
        a.iter().zip(b).all(|(a, b)| (f64::from(*a) - b).abs() <= f64::from(STEP)) && a[3] == 1.0
    }

    #[test]
    fn shader_and_tool_agree_on_parameters() {
        SHADER.check_params(&["pattern", "width", "height", "proxy", "square", "length"]).unwrap();
        SHADER.validate().unwrap();
    }

    #[test]
    fn ramp_zone_plate_and_checker_are_their_formulas() {
        let (w, h) = (96_u32, 54_u32);
        let ramp = bench("ramp", w, h).pixels("p", 0, 1);
        let zone = bench("zone_plate", w, h).pixels("p", 0, 1);
        let checker = bench("checker", w, h).pixels("p", 0, 1);
        for y in 0..h {
            for x in 0..w {
                let v = f64::from(x) / f64::from(w - 1);
                assert!(close(ramp.at(x, y).unwrap(), [v; 3]), "ramp {x} {y}");
                let d = |x: u32, w: u32| f64::from(x) + 0.5 - f64::from(w) / 2.0;
                let r2 = d(x, w).powi(2) + d(y, h).powi(2);
                let v = 0.5 + 0.5 * (std::f64::consts::PI * r2 / f64::from(w)).cos();
                assert!(close(zone.at(x, y).unwrap(), [v; 3]), "zone {x} {y} {v}");
                let v = f64::from(1 - (x / 6 + y / 6) % 2);
                assert!(close(checker.at(x, y).unwrap(), [v; 3]), "checker {x} {y}");
            }
        }
    }

    /// The hash of the shaders, as its authors publish it (Jarzynski and Olano 2020).
    fn uniform3(x: u32, y: u32, frame: u32, seed: u32) -> [f64; 3] {
        let pcg = |v: u32| {
            let s = v.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
            let w = ((s >> ((s >> 28) + 4)) ^ s).wrapping_mul(277_803_737);
            (w >> 22) ^ w
        };
        let mut v =
            [x, y, pcg(frame ^ pcg(seed))].map(|s| s.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
        for round in 0..2 {
            v[0] = v[0].wrapping_add(v[1].wrapping_mul(v[2]));
            v[1] = v[1].wrapping_add(v[2].wrapping_mul(v[0]));
            v[2] = v[2].wrapping_add(v[0].wrapping_mul(v[1]));
            if round == 0 {
                v = v.map(|s| s ^ (s >> 16));
            }
        }
        v.map(|s| f64::from(s >> 8) / f64::from(1 << 24))
    }

    #[test]
    fn noise_is_the_hash_and_a_proxy_shows_its_mean() {
        let bench = bench("noise", 20, 14);
        let full = bench.pixels("p", 5, 1);
        for y in 0..14 {
            for x in 0..20 {
                assert!(close(full.at(x, y).unwrap(), uniform3(x, y, 5, 3)), "{x} {y}");
            }
        }
        let proxy = bench.pixels("p", 5, 4);
        assert_eq!((proxy.width, proxy.height), (5, 4));
        for y in 0..4 {
            for x in 0..5 {
                let inside = (0..4).flat_map(|j| (0..4).map(move |i| (4 * x + i, 4 * y + j)));
                let inside: Vec<_> = inside.filter(|(x, y)| *x < 20 && *y < 14).collect();
                let mean = |c: usize| {
                    inside.iter().map(|(x, y)| uniform3(*x, *y, 5, 3)[c]).sum::<f64>() / inside.len() as f64
                };
                assert!(close(proxy.at(x, y).unwrap(), [mean(0), mean(1), mean(2)]), "{x} {y}");
            }
        }
        assert_ne!(bench.key("p", 5), bench.key("p", 6));
        assert_ne!(bench.key("p", 5), bench.set("p", "seed", json!(4)).key("p", 5));
    }

    #[test]
    fn a_proxy_of_the_zone_plate_is_the_mean_of_its_pixels() {
        let bench = bench("zone_plate", 64, 40);
        let (full, proxy) = (bench.pixels("p", 0, 1), bench.pixels("p", 0, 4));
        for y in 0..10 {
            for x in 0..16 {
                let inside = (0..4).flat_map(|j| (0..4).map(move |i| (4 * x + i, 4 * y + j)));
                let mean = inside.map(|(x, y)| full.at(x, y).unwrap()[0]).sum::<f32>() / 16.0;
                assert!((proxy.at(x, y).unwrap()[0] - mean).abs() < 2.0 * STEP, "{x} {y}");
            }
        }
    }

    #[test]
    fn bars_are_those_of_ffmpeg_where_both_draw_the_same() {
        let (w, h) = (224_u32, 120_u32);
        let ours = bench("bars", w, h).pixels("p", 0, 1);
        let theirs = ffmpeg(&[
            "-f",
            "lavfi",
            "-i",
            "smptehdbars=s=224x120,format=yuv444p",
            "-frames:v",
            "1",
            "-f",
            "rawvideo",
            "-",
        ]);
        let plane = (w * h) as usize;
        let at = |x: u32, y: u32| -> [f64; 3] {
            let i = (y * w + x) as usize;
            let [y, u, v] = [theirs[i], theirs[plane + i], theirs[2 * plane + i]].map(f64::from);
            let (y, u, v) = ((y - 16.0) / 219.0, (u - 128.0) / 224.0, (v - 128.0) / 224.0);
            [y + 1.5748 * v, y - 0.187_324 * u - 0.468_124 * v, y + 1.8556 * u]
        };
        let centre = |i: f64| 28.0 + (i + 0.5) * 24.0;
        let mut places: Vec<(f64, f64)> = (0..7).map(|i| (centre(f64::from(i)), 35.0)).collect();
        // Sides, cyan, blue, yellow, red, dark grey, blacks, white, and the three patches about black.
        places.extend([
            (14.0, 35.0),
            (210.0, 35.0),
            (14.0, 75.0),
            (210.0, 75.0),
            (14.0, 85.0),
            (210.0, 85.0),
        ]);
        places.extend([(14.0, 105.0), (210.0, 105.0), (centre(0.2), 105.0), (centre(2.0), 105.0)]);
        let pluge = |third: f64| centre(3.5 + 5.0 / 6.0 - 0.5 + third / 3.0 + 1.0 / 6.0);
        places.extend([(pluge(0.0), 105.0), (pluge(2.0), 105.0), (pluge(4.0), 105.0), (centre(6.2), 105.0)]);
        for (x, y) in places {
            let (x, y) = (x as u32, y as u32);
            let (ours, theirs) = (ours.at(x, y).unwrap(), at(x, y));
            let near = ours.iter().zip(theirs).all(|(a, b)| (f64::from(*a) - b).abs() < 2.0 / 255.0);
            assert!(near, "{x} {y}: {ours:?} {theirs:?}");
        }
    }

    #[test]
    fn the_counter_can_be_read() {
        let bench = bench("counter", 140, 100);
        for frame in [0, 7, 23] {
            let picture = bench.pixels("p", frame, 1);
            // Boxes of 20 by 40 pixels from (10, 25); a segment is lit where its middle is white.
            let lit = |x: f32, y: f32| picture.at(x as u32, y as u32).unwrap()[0] > 0.9;
            let mut read = String::new();
            for place in 0..6 {
                let (x, y) = (10.0 + 20.0 * place as f32, 25.0);
                let spots =
                    [(0.5, 0.2), (0.75, 0.5), (0.75, 1.5), (0.5, 1.8), (0.25, 1.5), (0.25, 0.5), (0.5, 1.0)];
                let shape: String = spots
                    .iter()
                    .map(|(u, v)| if lit(x + 20.0 * u, y + 20.0 * v) { '1' } else { '0' })
                    .collect();
                read.push(match shape.as_str() {
                    "1111110" => '0',
                    "0110000" => '1',
                    "1101101" => '2',
                    "1111001" => '3',
                    "1110000" => '7',
                    other => panic!("{other}"),
                });
            }
            assert_eq!(read, format!("{frame:06}"));
            let full = (0..140).filter(|x| lit(*x as f32, 95.0)).count();
            assert_eq!(full, (140 * (frame as usize + 1)).div_ceil(24), "the bar of frame {frame}");
        }
    }

    #[test]
    fn what_cannot_matter_changes_no_key() {
        let bars = bench("bars", 32, 32);
        let key = bars.key("p", 0);
        assert_eq!(bars.key("p", 9), key);
        for (param, value) in [("seed", json!(8)), ("length", json!(5)), ("fps", json!("25"))] {
            assert_eq!(bars.set("p", param, value).key("p", 0), key, "{param}");
        }
        assert_ne!(bars.set("p", "width", json!(33)).key("p", 0), key);
    }
}
