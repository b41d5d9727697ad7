//! Pictures by formula, what they are held against, and FFmpeg's answers.

use rushes_gpu::Pixels;
use serde_json::{Value, json};
use std::process::Command;

/// A picture as parameters of `test/source`.
pub fn given(source: &Pixels) -> Value {
    json!({ "width": source.width, "height": source.height, "pixels": source.rgba })
}

/// A picture by a formula of its pixels' positions.
pub fn picture(width: u32, height: u32, at: impl Fn(u32, u32) -> [f32; 4]) -> Pixels {
    let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect();
    Pixels { width, height, rgba }
}

/// Reproducible opaque noise in `low..high`, of values that half floats hold exactly.
pub fn noise(width: u32, height: u32, low: f32, high: f32) -> Pixels {
    let mut state = 0x1234_5678_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let value = low + (high - low) * (state >> 8) as f32 / (1 << 24) as f32;
        (value * 1024.0).round() / 1024.0
    };
    let rgba = (0..width * height).map(|_| [next(), next(), next(), 1.0]).collect();
    Pixels { width, height, rgba }
}

/// The largest difference of any channel, `rim` pixels from the edges.
pub fn worst(a: &Pixels, b: &Pixels, rim: u32) -> f32 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let mut worst = 0.0_f32;
    for y in rim..a.height - rim {
        for x in rim..a.width - rim {
            for (p, q) in a.at(x, y).unwrap().into_iter().zip(b.at(x, y).unwrap()) {
                let d = (p - q).abs();
                worst = if d.is_nan() { f32::INFINITY } else { worst.max(d) };
            }
        }
    }
    worst
}

/// Runs the `ffmpeg` program.
pub fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let ran =
        Command::new("ffmpeg").args(["-v", "error", "-nostdin", "-y"]).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    ran.stdout
}

/// Writes a PNG of one colour.
pub fn png(path: &str, width: u32, height: u32, [r, g, b]: [u8; 3]) {
    let colour = format!("color=0x{r:02x}{g:02x}{b:02x}:s={width}x{height},format=rgb24");
    ffmpeg(&["-f", "lavfi", "-i", &colour, "-frames:v", "1", path]);
}

/// The colours of a picture as raw `gbrpf32le`.
pub fn gbrpf32(pixels: &Pixels) -> Vec<u8> {
    let plane = |c: usize| pixels.rgba.iter().flat_map(move |p| p[c].to_le_bytes());
    plane(1).chain(plane(2)).chain(plane(0)).collect()
}

/// FFmpeg's answer to raw float pictures through a filter, of `width` by `height`.
pub fn filtered(inputs: &[&Pixels], filter: &str, width: u32, height: u32) -> Pixels {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error"]);
    for (i, input) in inputs.iter().enumerate() {
        let path = folder.path().join(format!("{i}.raw"));
        std::fs::write(&path, gbrpf32(input)).unwrap();
        let size = format!("{}x{}", input.width, input.height);
        command.args(["-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-s", &size, "-i"]).arg(path);
    }
    command.args(["-filter_complex", filter, "-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-"]);
    let told = command.output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    let floats: Vec<f32> =
        told.stdout.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let n = (width * height) as usize;
    assert_eq!(floats.len(), 3 * n);
    let rgba = (0..n).map(|i| [floats[2 * n + i], floats[i], floats[n + i], 1.0]).collect();
    Pixels { width, height, rgba }
}

/// The picture with `f` over its colours.
pub fn mapped(source: &Pixels, f: impl Fn(f32) -> f32) -> Pixels {
    let rgba = source.rgba.iter().map(|c| [f(c[0]), f(c[1]), f(c[2]), c[3]]).collect();
    Pixels { width: source.width, height: source.height, rgba }
}

/// The mean of all colours in linear light.
pub fn mean_light(p: &Pixels) -> f64 {
    let sum: f64 = p.rgba.iter().flat_map(|c| &c[..3]).map(|v| f64::from(v.max(0.0)).powf(2.4)).sum();
    sum / (3.0 * p.rgba.len() as f64)
}

/// What a Python script prints, on the pinned oracles with `arguments` in `sys.argv[1:]`.
pub fn python(script: &str, arguments: &[&str]) -> Vec<u8> {
    let oracles = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/oracles/");
    let places = ["bin/python", "Scripts/python.exe"].map(|name| format!("{oracles}{name}"));
    let python = places.iter().find(|python| std::path::Path::new(python).is_file());
    let python = python.expect("the oracles are installed by `sh tests/setup.sh test`");
    let ran = Command::new(python).args(["-c", script]).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    ran.stdout
}
