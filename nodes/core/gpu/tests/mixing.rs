//! Resize, box mean and blur against zimg and against their formulas.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{gpu, noise, worst};
use rushes_engine::Cancel;
use rushes_gpu::{
    Edge, Executor, Expr, Filter, Gpu, Light, Pixels, Precision, Resize, blur, box_mean, resize,
};
use std::io::Write as _;
use std::process::{Command, Stdio};

fn run(gpu: &Gpu, source: &Pixels, to: &Resize, precision: Precision) -> Pixels {
    let image = Expr::from(gpu.image(source, precision).unwrap());
    let out = resize(gpu, &image, to, precision, 0).unwrap();
    gpu.read(&gpu.materialise(&out, precision, 0).unwrap(), &Cancel::new()).unwrap()
}

/// FFmpeg's filters over raw planar floats, in the order G, B, R.
fn ffmpeg(source: &Pixels, filter: &str, width: u32, height: u32) -> Pixels {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-s"])
        .arg(format!("{}x{}", source.width, source.height))
        .args(["-i", "-", "-vf", filter, "-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut bytes = Vec::new();
    for c in [1, 2, 0] {
        source.rgba.iter().for_each(|p| bytes.extend(p[c].to_le_bytes()));
    }
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let out = child.wait_with_output().unwrap();
    let floats: Vec<f32> =
        out.stdout.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let n = (width * height) as usize;
    assert_eq!(floats.len(), 3 * n);
    let rgba = (0..n).map(|i| [floats[2 * n + i], floats[i], floats[n + i], 1.0]).collect();
    Pixels { width, height, rgba }
}

/// The picture without a rim of `rim` pixels: zimg mirrors at the edge where we hold.
fn inner(p: &Pixels, rim: u32) -> Pixels {
    let rgba = (rim..p.height - rim)
        .flat_map(|y| (rim..p.width - rim).map(move |x| (x, y)))
        .map(|(x, y)| p.at(x, y).unwrap())
        .collect();
    Pixels { width: p.width - 2 * rim, height: p.height - 2 * rim, rgba }
}

#[test]
fn resizes_agree_with_zimg_on_encoded_values() {
    let gpu = gpu();
    let source = noise(60, 44, 0.0, 1.0);
    for (filter, name) in [
        (Filter::Lanczos3, "lanczos:param_a=3"),
        (Filter::Mitchell, "bicubic:param_a=0.333333333:param_b=0.333333333"),
        (Filter::CatmullRom, "bicubic:param_a=0:param_b=0.5"),
        (Filter::Bilinear, "bilinear"),
    ] {
        for (width, height) in [(120, 88), (90, 61), (31, 23)] {
            let to = Resize { filter, light: Light::Encoded, ..Resize::to(width, height) };
            let wanted =
                ffmpeg(&source, &format!("zscale=w={width}:h={height}:filter={name}"), width, height);
            for (precision, tolerance) in [(Precision::Float, 2e-5), (Precision::Half, 1.0 / 1024.0)] {
                let got = run(&gpu, &source, &to, precision);
                let d = worst(&inner(&got, 8), &inner(&wanted, 8));
                assert!(d < tolerance, "{filter:?} {width}×{height} {precision:?}: {d}");
            }
        }
    }
}

#[test]
fn lanczos_in_linear_light_agrees_with_zimg() {
    let gpu = gpu();
    // zimg's own transfer curves are not the pure power 2.4: light is handed to it, and its result encoded here.
    let source = noise(60, 44, 0.2, 0.8);
    let power = |p: &Pixels, e: f32| {
        let rgba = p
            .rgba
            .iter()
            .map(|c| [c[0], c[1], c[2]].map(|v| v.abs().powf(e).copysign(v)))
            .map(|c| [c[0], c[1], c[2], 1.0])
            .collect();
        Pixels { width: p.width, height: p.height, rgba }
    };
    for (width, height) in [(120, 88), (37, 29)] {
        let light = ffmpeg(
            &power(&source, 2.4),
            &format!("zscale=w={width}:h={height}:filter=lanczos:param_a=3"),
            width,
            height,
        );
        let wanted = power(&light, 1.0 / 2.4);
        let to = Resize::to(width, height);
        for (precision, tolerance) in [(Precision::Float, 5e-5), (Precision::Half, 1.0 / 1024.0)] {
            let d = worst(&inner(&run(&gpu, &source, &to, precision), 8), &inner(&wanted, 8));
            assert!(d < tolerance, "{width}×{height} {precision:?}: {d}");
        }
    }
}

#[test]
fn parts_of_a_picture_land_where_they_belong() {
    let gpu = gpu();
    let source = noise(40, 30, 0.0, 1.0);
    // A crop by whole pixels moves pixels and changes none.
    let crop = Resize { source: Some([5.0, 7.0, 20.0, 10.0]), ..Resize::to(20, 10) };
    let got = run(&gpu, &source, &crop, Precision::Float);
    for (x, y) in [(0, 0), (19, 9), (3, 4)] {
        let (a, b) = (got.at(x, y).unwrap(), source.at(x + 5, y + 7).unwrap());
        assert!(a.iter().zip(b).all(|(a, b)| (a - b).abs() < 1e-5));
    }
    // A negative width mirrors; outside is the edge or nothing.
    let mirrored =
        Resize { source: Some([40.0, 0.0, -40.0, 30.0]), filter: Filter::Box, ..Resize::to(40, 30) };
    let got = run(&gpu, &source, &mirrored, Precision::Float);
    assert!((got.at(0, 3).unwrap()[1] - source.at(39, 3).unwrap()[1]).abs() < 1e-5);
    let beyond =
        Resize { source: Some([-10.0, 0.0, 20.0, 30.0]), edge: Edge::Transparent, ..Resize::to(20, 30) };
    let got = run(&gpu, &source, &beyond, Precision::Float);
    assert_eq!(got.at(2, 5).unwrap(), [0.0; 4]);
    assert!((got.at(15, 5).unwrap()[3] - 1.0).abs() < 1e-5);
    // An 8K-wide table goes into its second block.
    let wide = Resize { filter: Filter::Bilinear, light: Light::Encoded, ..Resize::to(5000, 1) };
    let ramp = Pixels {
        width: 50,
        height: 1,
        rgba: (0..50).map(|i| [i as f32 / 49.0; 4]).map(|c| [c[0], c[1], c[2], 1.0]).collect(),
    };
    let got = run(&gpu, &ramp, &wide, Precision::Float);
    for x in [100, 2500, 4095, 4096, 4800] {
        let wanted = (((x as f32 + 0.5) / 100.0 - 0.5) / 49.0).clamp(0.0, 1.0);
        assert!((got.at(x, 0).unwrap()[0] - wanted).abs() < 1e-5, "{x}");
    }
    // The identity hands the picture on unmade.
    let image = Expr::from(gpu.image(&source, Precision::Half).unwrap());
    let before = gpu.passes();
    resize(&gpu, &image, &Resize::to(40, 30), Precision::Half, 0).unwrap();
    assert_eq!(gpu.passes(), before);
}

#[test]
fn a_colour_does_not_bleed_out_of_what_is_transparent() {
    let gpu = gpu();
    let rgba = (0..64).map(|i| if i % 8 < 4 { [0.8, 0.2, 0.1, 1.0] } else { [0.0, 1.0, 0.0, 0.0] }).collect();
    let source = Pixels { width: 8, height: 8, rgba };
    let to = Resize { filter: Filter::Bilinear, ..Resize::to(16, 16) };
    let got = run(&gpu, &source, &to, Precision::Float);
    for c in &got.rgba {
        assert!(c[3] < 1e-3 || ((c[0] - 0.8).abs() < 1e-4 && (c[1] - 0.2).abs() < 1e-4), "{c:?}");
    }
}

#[test]
fn a_proxy_is_the_mean_of_its_blocks() {
    let gpu = gpu();
    let source = noise(23, 14, 0.0, 1.0);
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    for (light, e) in [(Light::Encoded, 1.0_f32), (Light::Linear, 2.4)] {
        let out = box_mean(&gpu, &image, 4, light, Precision::Float, 0).unwrap();
        assert_eq!(out.size(), (6, 4));
        let got = gpu.read(&gpu.materialise(&out, Precision::Float, 0).unwrap(), &Cancel::new()).unwrap();
        for y in 0..4 {
            for x in 0..6 {
                let cell: Vec<f32> = (4 * y..(4 * y + 4).min(14))
                    .flat_map(|v| (4 * x..(4 * x + 4).min(23)).map(move |u| (u, v)))
                    .map(|(u, v)| source.at(u, v).unwrap()[0].powf(e))
                    .collect();
                let mean = (cell.iter().sum::<f32>() / cell.len() as f32).powf(1.0 / e);
                assert!((got.at(x, y).unwrap()[0] - mean).abs() < 1e-5);
            }
        }
    }
}

#[test]
fn a_blur_is_the_gaussian() {
    let gpu = gpu();
    let source = noise(40, 32, 0.0, 1.0);
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    let sigma = 2.3_f64;
    let out = blur(&gpu, &image, sigma, Light::Linear, Precision::Float, 0).unwrap();
    let got = gpu.read(&gpu.materialise(&out, Precision::Float, 0).unwrap(), &Cancel::new()).unwrap();
    for (x, y) in [(0_i32, 0_i32), (20, 16), (39, 2), (7, 31)] {
        let (mut sum, mut total) = (0.0, 0.0);
        for v in -12..=12_i32 {
            for u in -12..=12_i32 {
                let w = (-f64::from(u * u + v * v) / (2.0 * sigma * sigma)).exp();
                let c = source.at((x + u).clamp(0, 39) as u32, (y + v).clamp(0, 31) as u32).unwrap();
                sum += w * f64::from(c[2]).powf(2.4);
                total += w;
            }
        }
        let wanted = (sum / total).powf(1.0 / 2.4);
        // The kernel is cut at four sigma, the sum here beyond five.
        assert!((f64::from(got.at(x as u32, y as u32).unwrap()[2]) - wanted).abs() < 1e-4);
    }
    for bad in [-1.0, f64::NAN, 1e9] {
        assert!(blur(&gpu, &image, bad, Light::Linear, Precision::Half, 0).is_err());
    }
}
