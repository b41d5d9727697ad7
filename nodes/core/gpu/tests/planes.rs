//! Planes to RGB and back against written-out formulas and against zimg, and the way back to main memory.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{gpu, noise, worst};
use rushes_engine::{
    Cancel, ColorTags, Layout, Matrix, Orientation, Planes, PlanesInfo, Primaries, Range, Sample, Siting,
    Transfer,
};
use rushes_gpu::{EncodeFormat, Executor, Expr, Gpu, Pixels, Precision};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::Arc;

const LAYOUT_420: Layout = Layout::Yuv { sub_x: 1, sub_y: 1 };
const LAYOUT_422: Layout = Layout::Yuv { sub_x: 1, sub_y: 0 };
const LAYOUT_444: Layout = Layout::Yuv { sub_x: 0, sub_y: 0 };

fn tags(matrix: Matrix, range: Range) -> ColorTags {
    ColorTags { primaries: Primaries::Bt709, transfer: Transfer::Sdr, matrix, range, guessed: false }
}

/// Planes of reproducible codes; luma and chroma stay inside the limited range.
fn coded(width: u32, height: u32, layout: Layout, bits: u8, color: ColorTags, siting: Siting) -> Planes {
    let sample = if bits > 8 { Sample::U16 } else { Sample::U8 };
    let unit = 1_u32 << (bits - 8);
    let mut state = 77_u32;
    let mut next = |low: u32, high: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        low * unit + (state >> 8) % ((high - low) * unit + 1)
    };
    let mut store = Vec::new();
    let mut strides = Vec::new();
    for plane in 0..layout.planes() {
        let (samples, rows) = layout.plane_size(plane, width, height);
        // A stride that is no multiple of anything, as decoders have them.
        let stride = samples as usize * sample.size() + if sample == Sample::U8 { 3 } else { 6 };
        let mut bytes = vec![0xAA; stride * rows as usize];
        for y in 0..rows as usize {
            for x in 0..samples as usize {
                let code = if plane == 3 { next(0, 255) } else { next(16, 235) };
                let at = y * stride + x * sample.size();
                if sample == Sample::U8 {
                    bytes[at] = code as u8;
                } else {
                    bytes[at..at + 2].copy_from_slice(&(code as u16).to_ne_bytes());
                }
            }
        }
        store.push(bytes);
        strides.push(stride);
    }
    Planes {
        info: PlanesInfo {
            width,
            height,
            layout,
            sample,
            bits,
            color,
            siting,
            orientation: Orientation::default(),
        },
        strides,
        store: Arc::new(store),
    }
}

/// The code of a sample.
fn code(p: &Planes, plane: usize, x: u32, y: u32) -> f64 {
    let row = p.row(plane, y);
    let at = x as usize * p.info.sample.size();
    match p.info.sample {
        Sample::U8 => f64::from(row[at]),
        Sample::U16 => f64::from(u16::from_ne_bytes([row[at], row[at + 1]])),
        Sample::F16 => f64::from(half::f16::from_ne_bytes([row[at], row[at + 1]]).to_f32()),
        Sample::F32 => f64::from(f32::from_ne_bytes(row[at..at + 4].try_into().unwrap())),
    }
}

/// RGB of one pixel by the texts of BT.601, BT.709 and BT.2020, chroma interpolated between its sites.
fn formula(p: &Planes, x: u32, y: u32) -> [f64; 4] {
    let (sub_x, sub_y) = match p.info.layout {
        Layout::Yuv { sub_x, sub_y } | Layout::Yuva { sub_x, sub_y } => (sub_x, sub_y),
        _ => (1, 1),
    };
    let site = |sub: u8, on_first: bool| if sub == 0 || on_first { 0.0 } else { 0.5 };
    let along = |v: u32, sub: u8, first: f64| (f64::from(v) - first) / f64::from(1 << sub);
    let cx = along(x, sub_x, site(sub_x, p.info.siting != Siting::Center));
    let cy = along(y, sub_y, site(sub_y, p.info.siting == Siting::TopLeft));
    let (cw, ch) = (p.info.width.div_ceil(1 << sub_x), p.info.height.div_ceil(1 << sub_y));
    let chroma = |which: u32| {
        let mut sum = 0.0;
        for (dx, wx) in [(0.0, 1.0 - (cx - cx.floor())), (1.0, cx - cx.floor())] {
            for (dy, wy) in [(0.0, 1.0 - (cy - cy.floor())), (1.0, cy - cy.floor())] {
                let u = (cx.floor() + dx).clamp(0.0, f64::from(cw - 1)) as u32;
                let v = (cy.floor() + dy).clamp(0.0, f64::from(ch - 1)) as u32;
                sum += wx
                    * wy
                    * if p.info.layout == Layout::SemiPlanar {
                        code(p, 1, 2 * u + which, v)
                    } else {
                        code(p, 1 + which as usize, u, v)
                    };
            }
        }
        sum
    };
    let max = f64::from((1_u32 << p.info.bits) - 1);
    let unit = f64::from(1_u32 << (p.info.bits - 8));
    let (luma, cb, cr) = match p.info.color.range {
        Range::Limited => {
            let c = |v: f64| (v - 128.0 * unit) / (224.0 * unit);
            ((code(p, 0, x, y) - 16.0 * unit) / (219.0 * unit), c(chroma(0)), c(chroma(1)))
        }
        Range::Full => {
            let c = |v: f64| (v - 128.0 * unit) / max;
            (code(p, 0, x, y) / max, c(chroma(0)), c(chroma(1)))
        }
    };
    let (kr, kb) = match p.info.color.matrix {
        Matrix::Bt601 => (0.299, 0.114),
        Matrix::Bt2020 => (0.2627, 0.0593),
        _ => (0.2126, 0.0722),
    };
    let r = luma + 2.0 * (1.0 - kr) * cr;
    let b = luma + 2.0 * (1.0 - kb) * cb;
    let a = if p.info.layout.has_alpha() { code(p, 3, x, y) / max } else { 1.0 };
    [r, (luma - kr * r - kb * b) / (1.0 - kr - kb), b, a]
}

fn rgb(gpu: &Gpu, planes: &Planes, precision: Precision) -> Pixels {
    let expr = Expr::Planes(gpu.upload(planes).unwrap());
    gpu.read(&gpu.materialise(&expr, precision, 0).unwrap(), &Cancel::new()).unwrap()
}

fn encode(gpu: &Gpu, expr: &Expr, format: &EncodeFormat, precision: Precision, frame: u32) -> Planes {
    gpu.to_planes(expr, format, precision, frame, 0).unwrap().wait(&Cancel::new()).unwrap()
}

fn format_of(p: &Planes) -> EncodeFormat {
    EncodeFormat {
        layout: p.info.layout,
        sample: p.info.sample,
        bits: p.info.bits,
        color: p.info.color,
        siting: p.info.siting,
        dither: false,
    }
}

#[test]
fn planes_become_rgb_by_the_formula_at_odd_sizes() {
    let gpu = gpu();
    let mut cases = Vec::new();
    for matrix in [Matrix::Bt601, Matrix::Bt709, Matrix::Bt2020] {
        for range in [Range::Limited, Range::Full] {
            cases.push((LAYOUT_420, 8, matrix, range, Siting::Left));
        }
    }
    for siting in [Siting::Left, Siting::Center, Siting::TopLeft] {
        cases.push((LAYOUT_420, 10, Matrix::Bt709, Range::Limited, siting));
        cases.push((LAYOUT_422, 8, Matrix::Bt601, Range::Limited, siting));
    }
    for bits in [8, 10, 12, 16] {
        cases.push((LAYOUT_444, bits, Matrix::Bt709, Range::Limited, Siting::Left));
        cases.push((Layout::SemiPlanar, bits, Matrix::Bt2020, Range::Full, Siting::TopLeft));
        cases.push((Layout::Yuva { sub_x: 1, sub_y: 1 }, bits, Matrix::Bt709, Range::Limited, Siting::Left));
    }
    for (layout, bits, matrix, range, siting) in cases {
        let planes = coded(35, 23, layout, bits, tags(matrix, range), siting);
        let wanted: Vec<[f64; 4]> =
            (0..23).flat_map(|y| (0..35).map(move |x| (x, y))).map(|(x, y)| formula(&planes, x, y)).collect();
        for (precision, tolerance) in [(Precision::Float, 1e-5), (Precision::Half, 1.0 / 1024.0)] {
            let got = rgb(&gpu, &planes, precision);
            for (a, b) in got.rgba.iter().zip(&wanted) {
                for c in 0..4 {
                    assert!(
                        (f64::from(a[c]) - b[c]).abs() < tolerance,
                        "{planes:?} {siting:?} {range:?} {a:?} {b:?}"
                    );
                }
            }
        }
    }
}

/// Raw bytes through FFmpeg's filters.
fn ffmpeg(input: &[u8], size: (u32, u32), from: &str, filter: &str, to: &str) -> Vec<u8> {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "rawvideo", "-pix_fmt", from, "-s", &format!("{}x{}", size.0, size.1)])
        .args(["-i", "-", "-vf", filter, "-f", "rawvideo", "-pix_fmt", to, "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap().stdout
}

fn packed(p: &Planes) -> Vec<u8> {
    (0..p.info.layout.planes())
        .flat_map(|plane| {
            let (_, rows) = p.info.plane_size(plane);
            (0..rows).flat_map(move |y| p.row(plane, y).to_vec())
        })
        .collect()
}

const ZIMG: [(Layout, u8, Matrix, Range, Siting, &str, &str); 6] = [
    (LAYOUT_420, 8, Matrix::Bt709, Range::Limited, Siting::Left, "yuv420p", "709:limited:left"),
    (
        LAYOUT_420,
        10,
        Matrix::Bt2020,
        Range::Limited,
        Siting::TopLeft,
        "yuv420p10le",
        "2020_ncl:limited:topleft",
    ),
    (LAYOUT_420, 8, Matrix::Bt601, Range::Full, Siting::Center, "yuv420p", "470bg:full:center"),
    (LAYOUT_422, 10, Matrix::Bt709, Range::Limited, Siting::Left, "yuv422p10le", "709:limited:left"),
    (LAYOUT_444, 12, Matrix::Bt709, Range::Limited, Siting::Left, "yuv444p12le", "709:limited:left"),
    (LAYOUT_444, 8, Matrix::Bt601, Range::Full, Siting::Left, "yuv444p", "170m:full:left"),
];

#[test]
fn planes_become_rgb_as_zimg_has_it() {
    let gpu = gpu();
    let size = (48, 32);
    for (layout, bits, matrix, range, siting, name, how) in ZIMG {
        let planes = coded(size.0, size.1, layout, bits, tags(matrix, range), siting);
        let [m, r, c] = how.split(':').collect::<Vec<_>>().try_into().unwrap();
        let filter = format!("zscale=min={m}:rin={r}:cin={c}:m=gbr:r=full:f=bilinear");
        let out = ffmpeg(&packed(&planes), size, name, &filter, "gbrpf32le");
        let floats: Vec<f32> =
            out.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
        let n = (size.0 * size.1) as usize;
        assert_eq!(floats.len(), 3 * n);
        let rgba = (0..n).map(|i| [floats[2 * n + i], floats[i], floats[n + i], 1.0]).collect();
        let wanted = Pixels { width: size.0, height: size.1, rgba };
        for precision in [Precision::Float, Precision::Half] {
            let d = worst(&rgb(&gpu, &planes, precision), &wanted);
            assert!(d < 1.0 / 1024.0, "{name} {how} {precision:?}: {d}");
        }
    }
}

#[test]
fn rgb_becomes_planes_as_zimg_has_it() {
    let gpu = gpu();
    let size = (48_u32, 32_u32);
    // Smooth enough that zimg's longer chroma filter and ours agree.
    let rgba = (0..size.0 * size.1)
        .map(|i| {
            let (x, y) = ((i % size.0) as f32 / 48.0, (i / size.0) as f32 / 32.0);
            [0.1 + 0.7 * x, 0.2 + 0.6 * y, 0.8 - 0.5 * x * y, 1.0]
        })
        .collect();
    let source = Pixels { width: size.0, height: size.1, rgba };
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    let mut bytes = Vec::new();
    for c in [1, 2, 0] {
        source.rgba.iter().for_each(|p| bytes.extend(p[c].to_le_bytes()));
    }
    for (layout, bits, matrix, range, siting, name, how) in ZIMG {
        let sample = if bits > 8 { Sample::U16 } else { Sample::U8 };
        let format = EncodeFormat { layout, sample, bits, color: tags(matrix, range), siting, dither: false };
        let got = encode(&gpu, &image, &format, Precision::Float, 0);
        let [m, r, c] = how.split(':').collect::<Vec<_>>().try_into().unwrap();
        let filter = format!("zscale=min=gbr:rin=full:m={m}:r={r}:c={c}:f=bilinear:d=none,format={name}");
        let out = ffmpeg(&bytes, size, "gbrpf32le", &filter, name);
        let wanted = Planes { store: Arc::new(split(&out, &got)), ..got.clone() };
        for plane in 0..3 {
            let (w, h) = layout.plane_size(plane, size.0, size.1);
            // zimg mirrors at the edge, which shows in the last chroma samples.
            let rim = u32::from(plane > 0 && layout != LAYOUT_444);
            for y in rim..h - rim {
                for x in rim..w - rim {
                    let d = (code(&got, plane, x, y) - code(&wanted, plane, x, y)).abs();
                    assert!(d <= 1.0, "{name} {how} plane {plane} at {x},{y}: {d}");
                }
            }
        }
    }
}

fn split(bytes: &[u8], like: &Planes) -> Vec<Vec<u8>> {
    let mut rest = bytes;
    (0..like.info.layout.planes())
        .map(|plane| {
            let (w, h) = like.info.plane_size(plane);
            let (own, more) = rest.split_at(w as usize * h as usize * like.info.sample.size());
            rest = more;
            own.to_vec()
        })
        .collect()
}

#[test]
fn codes_come_back_exactly_where_nothing_is_subsampled() {
    let gpu = gpu();
    for (layout, bits, precision) in [
        (LAYOUT_444, 8, Precision::Half),
        (LAYOUT_444, 12, Precision::Float),
        (Layout::Yuva { sub_x: 0, sub_y: 0 }, 8, Precision::Half),
        (Layout::Rgb, 8, Precision::Half),
        (Layout::Rgba, 16, Precision::Float),
        (Layout::PackedRgba, 8, Precision::Half),
        (Layout::PackedRgba, 16, Precision::Float),
        (Layout::Gray, 8, Precision::Half),
        (Layout::Gray, 10, Precision::Half),
    ] {
        let color = if layout.is_yuv() { ColorTags::BT709 } else { ColorTags::SRGB };
        let planes = coded(37, 19, layout, bits, color, Siting::Left);
        let expr = Expr::Planes(gpu.upload(&planes).unwrap());
        let back = encode(&gpu, &expr, &format_of(&planes), precision, 0);
        assert_eq!(packed(&planes), packed(&back), "{layout:?} {bits}");
        assert_eq!(
            (back.info.width, back.info.height, back.info.bits, back.info.color),
            (37, 19, bits, color)
        );
    }
}

#[test]
fn subsampled_chroma_is_the_weighted_mean_around_its_site() {
    let gpu = gpu();
    let source = noise(21, 13, 0.1, 0.9);
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    let full = EncodeFormat {
        layout: LAYOUT_444,
        sample: Sample::U16,
        bits: 16,
        color: ColorTags::BT709,
        siting: Siting::Left,
        dither: false,
    };
    let chroma = encode(&gpu, &image, &full, Precision::Float, 0);
    for (layout, siting, across, down) in [
        (LAYOUT_420, Siting::Left, [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]),
        (LAYOUT_420, Siting::Center, [0.0, 0.5, 0.5], [0.0, 0.5, 0.5]),
        (LAYOUT_420, Siting::TopLeft, [0.25, 0.5, 0.25], [0.25, 0.5, 0.25]),
        (LAYOUT_422, Siting::Left, [0.25, 0.5, 0.25], [0.0, 1.0, 0.0]),
        (Layout::SemiPlanar, Siting::Left, [0.25, 0.5, 0.25], [0.0, 0.5, 0.5]),
    ] {
        let format = EncodeFormat { layout, siting, bits: 10, ..full };
        let got = encode(&gpu, &image, &format, Precision::Float, 0);
        let (w, h) = (11, if layout == LAYOUT_422 { 13 } else { 7 });
        let (step_x, step_y) = (2, if layout == LAYOUT_422 { 1 } else { 2 });
        for (which, y, x) in (0..2).flat_map(|c| (0..h).flat_map(move |y| (0..w).map(move |x| (c, y, x)))) {
            let mut wanted = 0.0;
            for (dy, wy) in (-1..).zip(down) {
                for (dx, wx) in (-1..).zip(across) {
                    let u = (step_x * x + dx).clamp(0, 20) as u32;
                    let v = (step_y * y + dy).clamp(0, 12) as u32;
                    wanted += wx * wy * code(&chroma, 1 + which, u, v) / 64.0;
                }
            }
            let got = if layout == Layout::SemiPlanar {
                code(&got, 1, 2 * x as u32 + which as u32, y as u32)
            } else {
                code(&got, 1 + which, x as u32, y as u32)
            };
            assert!((got - wanted).abs() <= 0.52, "{layout:?} {siting:?} {which} {x},{y}: {got} {wanted}");
        }
    }
}

#[test]
fn floats_go_to_stills_unrounded() {
    let gpu = gpu();
    let source = noise(9, 5, -0.5, 3.0);
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    for (layout, sample) in
        [(Layout::Rgb, Sample::F32), (Layout::Rgba, Sample::F16), (Layout::PackedRgba, Sample::F32)]
    {
        let bits = if sample == Sample::F32 { 32 } else { 16 };
        let format =
            EncodeFormat { layout, sample, bits, color: ColorTags::SRGB, siting: Siting::Left, dither: true };
        let got = encode(&gpu, &image, &format, Precision::Float, 0);
        assert_eq!(worst(&rgb(&gpu, &got, Precision::Float), &source), 0.0, "{layout:?}");
    }
}

#[test]
fn dither_keeps_the_mean_and_whole_codes_and_moves() {
    let gpu = gpu();
    let (w, h) = (128_u32, 128_u32);
    let value = 100.3 / 255.0;
    let source =
        Pixels { width: w, height: h, rgba: vec![[value, 100.0 / 255.0, value, 1.0]; (w * h) as usize] };
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    let format = EncodeFormat {
        layout: Layout::Rgba,
        sample: Sample::U8,
        bits: 8,
        color: ColorTags::SRGB,
        siting: Siting::Left,
        dither: true,
    };
    let first = encode(&gpu, &image, &format, Precision::Float, 5);
    let mean = |p: &Planes, plane: usize| {
        p.plane(plane).iter().map(|b| f64::from(*b)).sum::<f64>() / f64::from(w * h)
    };
    // Four standard deviations of the mean of 16,384 draws of a fraction of 0.3.
    let bound = 4.0 * (0.3_f64 * 0.7).sqrt() / 128.0;
    for plane in [0, 2] {
        assert!((mean(&first, plane) - 100.3).abs() < bound, "{}", mean(&first, plane));
        assert!(first.plane(plane).iter().all(|b| *b == 100 || *b == 101));
    }
    // A code that the float only just misses may fall on its neighbour once in a million.
    assert!((mean(&first, 1) - 100.0).abs() < 1e-3);
    assert!(first.plane(3).iter().all(|b| *b == 255));
    assert_ne!(first.plane(0), first.plane(2), "the channels have noise of their own");
    let again = encode(&gpu, &image, &format, Precision::Float, 5);
    let next = encode(&gpu, &image, &format, Precision::Float, 6);
    assert_eq!(packed(&first), packed(&again));
    assert_ne!(packed(&first), packed(&next));
    // More than 10 bits are rounded.
    let fine = EncodeFormat { sample: Sample::U16, bits: 12, ..format };
    let got = encode(&gpu, &image, &fine, Precision::Float, 5);
    assert_eq!(code(&got, 0, 3, 3), (f64::from(value) * 4095.0).round());
}

#[test]
fn pictures_are_stood_upright() {
    let gpu = gpu();
    let planes = coded(7, 4, Layout::Rgb, 8, ColorTags::SRGB, Siting::Left);
    let flat = rgb(&gpu, &planes, Precision::Float);
    for quarter_turns in 0..4 {
        for mirrored in [false, true] {
            let turned = Planes {
                info: PlanesInfo { orientation: Orientation { quarter_turns, mirrored }, ..planes.info },
                ..planes.clone()
            };
            // Mirrored, then turned clockwise one quarter at a time.
            let mut wanted = flat.clone();
            if mirrored {
                wanted.rgba.chunks_mut(7).for_each(<[_]>::reverse);
            }
            for _ in 0..quarter_turns {
                let old = wanted.clone();
                let rgba = (0..old.width)
                    .flat_map(|y| (0..old.height).map(move |x| (x, y)))
                    .map(|(x, y)| old.at(y, old.height - 1 - x).unwrap())
                    .collect();
                wanted = Pixels { width: old.height, height: old.width, rgba };
            }
            assert_eq!(
                worst(&rgb(&gpu, &turned, Precision::Float), &wanted),
                0.0,
                "{quarter_turns} {mirrored}"
            );
        }
    }
}

#[test]
fn frames_in_flight_come_back_in_any_order_as_what_they_were() {
    let gpu = gpu();
    let format = EncodeFormat {
        layout: LAYOUT_420,
        sample: Sample::U8,
        bits: 8,
        color: ColorTags::BT709,
        siting: Siting::Left,
        dither: false,
    };
    let gray = |v: u32| Pixels {
        width: 33,
        height: 17,
        rgba: vec![[v as f32 / 20.0, v as f32 / 20.0, v as f32 / 20.0, 1.0]; 33 * 17],
    };
    let mut pending: Vec<_> = (0..20)
        .map(|v| {
            // The image is let go at once: its texture may be used again only after the device has read it.
            let image = Expr::from(gpu.image(&gray(v), Precision::Half).unwrap());
            (v, gpu.to_planes(&image, &format, Precision::Half, v, 0).unwrap())
        })
        .collect();
    pending.rotate_left(7);
    for (v, frame) in pending {
        let planes = frame.wait(&Cancel::new()).unwrap();
        let wanted = (16.0 + 219.0 * f64::from(v) / 20.0).round();
        assert!((code(&planes, 0, 32, 16) - wanted).abs() <= 1.0, "{v}");
        assert_eq!(code(&planes, 1, 5, 5), 128.0);
    }
    assert!(gpu.pool_stats().textures < 20, "{:?}", gpu.pool_stats());
    let image = Expr::from(gpu.image(&gray(3), Precision::Half).unwrap());
    let stopped = Cancel::new();
    stopped.cancel();
    let pending = gpu.to_planes(&image, &format, Precision::Half, 0, 0).unwrap();
    // Either it was there already, or the wait ends at once.
    match pending.wait(&stopped) {
        Ok(planes) => assert_eq!(planes.info.width, 33),
        Err(e) => assert!(e.is_cancelled()),
    }
}

#[test]
fn planes_that_contradict_themselves_are_refused() {
    let gpu = gpu();
    let good = coded(16, 16, LAYOUT_420, 8, ColorTags::BT709, Siting::Left);
    let short = Planes { store: Arc::new(vec![vec![0_u8; 10]; 3]), ..good.clone() };
    assert!(gpu.upload(&short).is_err());
    assert!(gpu.upload(&Planes { strides: vec![4; 3], ..good.clone() }).is_err());
    assert!(gpu.upload(&Planes { strides: vec![], ..good.clone() }).is_err());
    assert!(gpu.upload(&Planes { strides: vec![usize::MAX; 3], ..good.clone() }).is_err());
    assert!(
        gpu.upload(&Planes {
            info: PlanesInfo { layout: Layout::Yuv { sub_x: 40, sub_y: 1 }, ..good.info },
            ..good.clone()
        })
        .is_err()
    );
    assert!(gpu.upload(&Planes { info: PlanesInfo { width: 0, ..good.info }, ..good.clone() }).is_err());
    let expr = Expr::Planes(gpu.upload(&good).unwrap());
    for bad in [
        EncodeFormat { bits: 10, ..format_of(&good) },
        EncodeFormat { bits: 0, ..format_of(&good) },
        EncodeFormat { sample: Sample::F32, ..format_of(&good) },
        EncodeFormat { layout: Layout::Yuv { sub_x: 9, sub_y: 0 }, ..format_of(&good) },
    ] {
        assert!(gpu.to_planes(&expr, &bad, Precision::Half, 0, 0).is_err());
    }
}
