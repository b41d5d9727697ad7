//! Blur, transform and crop.

use crate::bench::{Bench, given, mean_light, noise, picture, worst};
use rushes_gpu::{Pixels, box_mean};
use serde_json::json;

/// The direct sum over the plane, in linear light, the edge drawn out.
fn gaussian(source: &Pixels, sigma: f64) -> Pixels {
    let r = (6.0 * sigma).ceil() as i32;
    let (w, h) = (source.width as i32, source.height as i32);
    picture(source.width, source.height, |x, y| {
        let (mut sum, mut total) = ([0.0; 3], 0.0);
        for v in -r..=r {
            for u in -r..=r {
                let weight = (-f64::from(u * u + v * v) / (2.0 * sigma * sigma)).exp();
                let (sx, sy) = ((x as i32 + u).clamp(0, w - 1), (y as i32 + v).clamp(0, h - 1));
                let c = source.at(sx as u32, sy as u32).unwrap();
                (0..3).for_each(|i| sum[i] += weight * f64::from(c[i]).powf(2.4));
                total += weight;
            }
        }
        let [r, g, b] = sum.map(|s| (s / total).powf(1.0 / 2.4) as f32);
        [r, g, b, 1.0]
    })
}

#[test]
fn a_blur_is_the_normal_distribution_in_linear_light() {
    let source = noise(30, 24, 0.0, 1.0);
    for sigma in [0.7, 1.9] {
        let got = Bench::tool(&source, "finish/blur", json!({ "sigma": sigma })).out();
        let d = worst(&got, &gaussian(&source, sigma), 0);
        assert!(d < 1.0 / 1024.0, "sigma {sigma}: {d}");
    }
}

#[test]
fn a_blur_keeps_the_colour_of_what_is_half_transparent() {
    let source = picture(16, 16, |x, _| if x < 8 { [0.8, 0.2, 0.1, 1.0] } else { [0.0, 1.0, 0.0, 0.0] });
    let got = Bench::tool(&source, "finish/blur", json!({ "sigma": 2 })).out();
    let rim = got.at(8, 8).unwrap();
    assert!(rim[3] > 0.2 && rim[3] < 0.6, "{rim:?}");
    assert!((rim[0] - 0.8).abs() < 2e-3 && (rim[1] - 0.2).abs() < 2e-3, "{rim:?}");
}

#[test]
fn nothing_asked_is_the_input_itself() {
    let source = noise(8, 6, 0.0, 1.0);
    for (kind, params) in [
        ("finish/blur", json!({})),
        ("finish/transform", json!({ "rotate": 360, "filter": "nearest" })),
        ("finish/crop", json!({ "width": 8 })),
        ("upscale/video", json!({ "output": "factor", "factor": 1 })),
    ] {
        let bench = Bench::tool(&source, kind, params);
        assert_eq!(bench.key("t", 0), bench.key("s", 0), "{kind}");
        assert_eq!(bench.out(), source, "{kind}");
    }
}

#[test]
fn a_move_by_whole_pixels_moves_pixels_and_uncovers_nothing_else() {
    let source = noise(12, 10, 0.1, 0.9);
    for filter in ["nearest", "bilinear", "bicubic", "lanczos"] {
        let moved = Bench::tool(&source, "finish/transform", json!({ "x": 3, "y": -2, "filter": filter }));
        assert!(moved.clip("t").alpha);
        let got = moved.out();
        for (x, y) in [(3, 0), (11, 7), (7, 4)] {
            let (a, b) = (got.at(x, y).unwrap(), source.at(x - 3, y + 2).unwrap());
            assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5), "{filter} {x} {y}: {a:?} {b:?}");
        }
        assert_eq!(got.at(2, 4).unwrap()[3], 0.0, "{filter}");
        assert_eq!(got.at(5, 8).unwrap()[3], 0.0, "{filter}");
    }
}

#[test]
fn quarter_turns_and_doublings_send_points_where_they_belong() {
    let source = noise(9, 9, 0.1, 0.9);
    let got = Bench::tool(&source, "finish/transform", json!({ "rotate": 90 })).out();
    for (x, y) in [(0, 0), (8, 3), (2, 7)] {
        // Clockwise: the left column becomes the top row.
        let (a, b) = (got.at(8 - y, x).unwrap(), source.at(x, y).unwrap());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-4), "{a:?} {b:?}");
    }
    let doubled = json!({ "scale": 2, "anchor": [0, 0], "filter": "nearest" });
    let got = Bench::tool(&source, "finish/transform", doubled).out();
    for (x, y) in [(0, 0), (5, 8), (7, 2)] {
        let (a, b) = (got.at(x, y).unwrap(), source.at(x / 2, y / 2).unwrap());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5), "{a:?} {b:?}");
    }
}

#[test]
fn shrinking_keeps_the_light() {
    // One bright pixel in nine: aliasing would keep it or lose it.
    let source = picture(60, 60, |x, y| {
        let v = if x % 3 == 0 && y % 3 == 0 { 1.0 } else { 0.0 };
        [v, v, v, 1.0]
    });
    let got = Bench::tool(&source, "finish/transform", json!({ "scale": 0.2 })).out();
    let inner = picture(6, 6, |x, y| got.at(27 + x, 27 + y).unwrap());
    let light = mean_light(&inner);
    assert!((light - 1.0 / 9.0).abs() < 0.01, "{light}");
}

#[test]
fn a_crop_takes_the_pixels_themselves() {
    let source = noise(12, 10, 0.0, 1.0);
    let params = json!({ "left": 3, "top": 2, "width": 5, "height": 7 });
    let bench = Bench::tool_at(&source, 10, "finish/crop", params);
    let (got, whole) = (bench.out(), bench.pixels("s", 0, 1));
    assert_eq!(got, picture(5, 7, |x, y| whole.at(x + 3, y + 2).unwrap()));
    let beside = Bench::tool(&source, "finish/crop", json!({ "left": 3, "width": 10 }));
    assert!(beside.error("t").help_text().contains("9 or less"));
}

/// What a proxy of the full result would be.
pub fn shrunk(full: &Pixels, by: u32) -> Pixels {
    let gpu = rushes_gpu::Gpu::open(rushes_gpu::DeviceChoice::Software).unwrap();
    use rushes_gpu::{Executor as _, Expr, Light, Precision};
    let image = Expr::from(gpu.image(full, Precision::Float).unwrap());
    let mean = box_mean(&gpu, &image, by, Light::Linear, Precision::Float, 0).unwrap();
    let image = gpu.materialise(&mean, Precision::Float, 0).unwrap();
    gpu.read(&image, &rushes_engine::Cancel::new()).unwrap()
}

#[test]
fn a_proxy_looks_like_the_whole() {
    // A smooth picture, so that what a proxy cannot hold is not asked of it.
    let wave = |t: f32| 0.5 + 0.35 * t.sin();
    let source = picture(66, 50, |x, y| {
        [wave(x as f32 / 9.0), wave(y as f32 / 7.0), wave((x + y) as f32 / 11.0), 1.0]
    });
    for (kind, params) in [
        ("finish/blur", json!({ "sigma": 5 })),
        ("finish/crop", json!({ "left": 5, "top": 3, "width": 49, "height": 41 })),
        ("finish/transform", json!({ "x": 7, "y": -5, "scale": 2, "rotate": 20 })),
        ("upscale/video", json!({ "output": "factor", "factor": 1.5 })),
        ("upscale/video", json!({ "output": "size", "width": 80, "height": 80, "fit": "fill" })),
    ] {
        let bench =
            Bench::new(&[("s", "test/source", given(&source)), ("t", kind, params)], &["s.clip t.clip"]);
        let (full, proxy) = (bench.pixels("t", 0, 1), bench.pixels("t", 0, 2));
        let d = worst(&proxy, &shrunk(&full, 2), 3);
        assert!(d < 0.02, "{kind}: {d}");
    }
}
