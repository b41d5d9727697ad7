//! Enlarging: the resize against zimg, and what goes before and after it.

use crate::bench::{Bench, filtered, mapped, noise, picture, worst};
use rushes_gpu::Pixels;
use serde_json::json;

#[test]
fn lanczos_in_linear_light_is_zimgs() {
    let source = noise(40, 30, 0.2, 0.8);
    for (width, height) in [(80, 60), (90, 50), (25, 17)] {
        // Light is handed to zimg and its result encoded here: its own curves only come near the power of 2.4.
        let light = filtered(
            &[&mapped(&source, |v| v.powf(2.4))],
            &format!("zscale=w={width}:h={height}:filter=lanczos:param_a=3"),
            width,
            height,
        );
        let wanted = mapped(&light, |v| v.abs().powf(1.0 / 2.4).copysign(v));
        let params = json!({ "output": "size", "width": width, "height": height, "fit": "stretch" });
        for depth in [8, 32] {
            let got = Bench::tool_at(&source, depth, "upscale/video", params.clone()).out();
            // zimg mirrors the picture at its edges, where ours holds.
            let d = worst(&got, &wanted, 8);
            assert!(d < 1.0 / 1024.0, "{width}×{height} from {depth} bits: {d}");
        }
    }
}

#[test]
fn encoded_values_are_zimgs_too() {
    let source = noise(40, 30, 0.0, 1.0);
    let wanted = filtered(&[&source], "zscale=w=80:h=60:filter=lanczos:param_a=3", 80, 60);
    let params = json!({ "output": "factor", "factor": 2, "light": "encoded" });
    let bench = Bench::tool(&source, "upscale/video", params);
    let d = worst(&bench.out(), &wanted, 8);
    assert!(d < 1.0 / 1024.0, "{d}");
    assert!(bench.words("t").join("; ").contains("encoded values"));
}

#[test]
fn four_k_keeps_the_shape() {
    let clip = |w, h| {
        let source = picture(w, h, |_, _| [0.5, 0.5, 0.5, 1.0]);
        let clip = Bench::tool(&source, "upscale/video", json!({})).clip("t");
        (clip.width, clip.height)
    };
    assert_eq!(clip(32, 18), (3840, 2160));
    assert_eq!(clip(18, 32), (2160, 3840));
}

/// Flat grey with mild noise on the left, white on the right.
fn noisy_edge() -> Pixels {
    let grain = noise(48, 32, -0.03, 0.03);
    picture(48, 32, |x, y| {
        let base = if x < 24 { 0.3 } else { 0.9 };
        let n = grain.at(x, y).unwrap();
        [base + n[0], base + n[1], base + n[2], 1.0]
    })
}

/// Deviation of green in the columns `from..to`, away from the upper and lower edges.
fn deviation(p: &Pixels, from: u32, to: u32) -> f64 {
    let inside: Vec<f64> = (8..p.height - 8)
        .flat_map(|y| (from..to).map(move |x| (x, y)))
        .map(|(x, y)| f64::from(p.at(x, y).unwrap()[1]))
        .collect();
    let mean = inside.iter().sum::<f64>() / inside.len() as f64;
    (inside.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / inside.len() as f64).sqrt()
}

fn enlarged(source: &Pixels, name: &str, amount: f64) -> Pixels {
    let mut params = json!({ "output": "factor", "factor": 2 });
    params[name] = json!(amount);
    Bench::tool(source, "upscale/video", params).out()
}

#[test]
fn denoise_takes_noise_and_leaves_the_edge() {
    let source = noisy_edge();
    let (plain, clean) = (enlarged(&source, "denoise", 0.0), enlarged(&source, "denoise", 1.0));
    assert!(deviation(&clean, 8, 36) < 0.5 * deviation(&plain, 8, 36));
    let step = |p: &Pixels| p.at(50, 32).unwrap()[1] - p.at(45, 32).unwrap()[1];
    assert!(step(&clean) > 0.9 * step(&plain), "{} {}", step(&clean), step(&plain));
}

#[test]
fn denoise_is_the_bilateral_filter() {
    let source = noise(12, 10, 0.3, 0.6);
    let params = json!({ "output": "factor", "factor": 1, "denoise": 0.5 });
    let got = Bench::tool(&source, "upscale/video", params).out();
    let (reach, likeness) = (1.5_f64, 0.15_f64);
    for (x, y) in [(5_i32, 5_i32), (6, 4), (4, 6)] {
        let centre = source.at(x as u32, y as u32).unwrap();
        let (mut sum, mut total) = (0.0, 0.0);
        for v in -3..=3_i32 {
            for u in -3..=3_i32 {
                if u * u + v * v > 9 {
                    continue;
                }
                let c = source.at((x + u) as u32, (y + v) as u32).unwrap();
                let unlike: f64 = (0..3).map(|i| f64::from(c[i] - centre[i]).abs()).sum();
                let w = (-f64::from(u * u + v * v) / (2.0 * reach * reach)
                    - unlike * unlike / (2.0 * likeness * likeness))
                    .exp();
                sum += w * f64::from(c[0]);
                total += w;
            }
        }
        let d = (f64::from(got.at(x as u32, y as u32).unwrap()[0]) - sum / total).abs();
        assert!(d < 1.0 / 1024.0, "{x} {y}: {d}");
    }
}

#[test]
fn recovered_detail_strengthens_texture_and_leaves_the_edge() {
    let source = noisy_edge();
    let (plain, more) = (enlarged(&source, "recover_detail", 0.0), enlarged(&source, "recover_detail", 1.0));
    assert!(deviation(&more, 8, 36) > 1.3 * deviation(&plain, 8, 36));
    let step = |p: &Pixels| {
        let column = |x| (16..48).map(|y| f64::from(p.at(x, y).unwrap()[1])).sum::<f64>() / 32.0;
        column(53) - column(42)
    };
    assert!((step(&more) - step(&plain)).abs() < 0.03, "{} {}", step(&more), step(&plain));
}

#[test]
fn sharpening_steepens_and_dehalo_holds_the_rims_down() {
    let source = picture(32, 24, |x, _| if x < 16 { [0.3, 0.3, 0.3, 1.0] } else { [0.7, 0.7, 0.7, 1.0] });
    let row = |p: &Pixels| (0..64).map(|x| p.at(x, 24).unwrap()[1]).collect::<Vec<f32>>();
    let high = |r: &[f32]| r.iter().copied().fold(f32::MIN, f32::max);
    let low = |r: &[f32]| r.iter().copied().fold(f32::MAX, f32::min);
    let plain = row(&enlarged(&source, "sharpen", 0.0));
    let sharp = row(&enlarged(&source, "sharpen", 0.5));
    assert!(high(&plain) > 0.705 && high(&sharp) > high(&plain) + 0.02, "{} {}", high(&plain), high(&sharp));
    assert!(sharp[32] - sharp[31] > plain[32] - plain[31]);
    let params = json!({ "output": "factor", "factor": 2, "sharpen": 0.5, "dehalo": 1 });
    let held = row(&Bench::tool(&source, "upscale/video", params).out());
    assert!(high(&held) < 0.7001 && low(&held) > 0.2999, "{} {}", high(&held), low(&held));
    assert!(held[32] - held[31] > 0.8 * (plain[32] - plain[31]));
}

#[test]
fn advice_names_the_fix() {
    let source = picture(4, 4, |_, _| [0.5, 0.5, 0.5, 1.0]);
    let bench = Bench::tool(&source, "upscale/video", json!({ "recover_detail": 0.2 }));
    let advice = bench.advice("t");
    assert_eq!(advice.len(), 1);
    assert_eq!(
        (advice[0].rule, &advice[0].fix),
        ("recover_detail_zero", &vec![("recover_detail".into(), json!(0.0))])
    );
    assert!(Bench::tool(&source, "upscale/video", json!({})).advice("t").is_empty());
}

#[test]
fn a_proxy_of_what_was_enlarged_keeps_the_detail_of_its_source() {
    let noise = json!({ "pattern": "noise", "width": 40, "height": 30, "length": 1 });
    let four = json!({ "scale": 4 });
    let moved = json!({ "zoom": 1 });
    let bench = Bench::new(
        &[
            ("source", "generate/pattern", noise),
            ("large", "enhance/upscale_still", four),
            ("move", "animate/camera", moved),
            ("larger", "upscale/video", json!({ "output": "factor", "factor": 2 })),
        ],
        &["source.clip large.clip", "large.clip move.clip", "move.clip larger.clip"],
    );
    let source = bench.pixels("source", 0, 1);
    // At a quarter of four times the size every pixel is one of the source's.
    assert!(worst(&bench.pixels("large", 0, 4), &source, 0) < 1.0 / 1024.0);
    assert!(worst(&bench.pixels("larger", 0, 8), &source, 0) < 1.0 / 1024.0, "through other tools as well");
    let half = bench.pixels("large", 0, 2);
    assert_eq!((half.width, half.height), (80, 60));
    let twice = Bench::tool(&source, "enhance/upscale_still", json!({ "scale": 2 })).out();
    assert!(worst(&half, &twice, 0) < 1.0 / 1024.0);
}
