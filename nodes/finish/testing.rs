//! What the tests of finishing tools share: a device, pictures, FFmpeg.

use rushes_engine::Cancel;
use rushes_gpu::{
    DeviceChoice, Executor, Expr, Gpu, ParamValues, Pixels, Place, PointwiseShader, Precision, Table,
};
use std::path::Path;
use std::process::Command;

/// The software rasteriser, so that every machine tests the same device.
pub(crate) fn gpu() -> Gpu {
    Gpu::open(DeviceChoice::Software).unwrap()
}

/// Float pixels of a formula over x and y.
pub(crate) fn pixels(width: u32, height: u32, at: impl Fn(u32, u32) -> [f32; 4]) -> Pixels {
    let rgba = (0..width * height).map(|i| at(i % width, i / width)).collect();
    Pixels { width, height, rgba }
}

/// A picture on the device, in floats.
pub(crate) fn uploaded(gpu: &Gpu, pixels: &Pixels) -> Expr {
    gpu.image(pixels, Precision::Float).unwrap().into()
}

/// What a shader makes of pictures, in floats.
pub(crate) fn run(
    gpu: &Gpu,
    shader: &'static PointwiseShader,
    params: &ParamValues,
    tables: Vec<Table>,
    inputs: &[&Pixels],
    place: Place,
) -> Pixels {
    let inputs = inputs.iter().map(|p| uploaded(gpu, p)).collect();
    let expr = Expr::stage(shader, params, tables, inputs, place).unwrap();
    let image = gpu.materialise(&expr, Precision::Float, 0).unwrap();
    gpu.read(&image, &Cancel::new()).unwrap()
}

/// The RGB of pixels as raw `gbrpf32le`.
pub(crate) fn gbrpf32(pixels: &Pixels) -> Vec<u8> {
    let plane = |c: usize| pixels.rgba.iter().flat_map(move |p| p[c].to_le_bytes());
    plane(1).chain(plane(2)).chain(plane(0)).collect()
}

/// FFmpeg's answer to raw `gbrpf32le` pictures of one size through `filter`.
pub(crate) fn ffmpeg(inputs: &[&Pixels], filter: &str) -> Pixels {
    let dir = tempfile::tempdir().unwrap();
    let size = format!("{}x{}", inputs[0].width, inputs[0].height);
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-v", "error", "-y"]);
    for (i, input) in inputs.iter().enumerate() {
        let path = dir.path().join(format!("{i}.raw"));
        std::fs::write(&path, gbrpf32(input)).unwrap();
        command.args(["-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-s", &size, "-i"]).arg(path);
    }
    let out = dir.path().join("out.raw");
    command.args(["-filter_complex", filter, "-f", "rawvideo", "-pix_fmt", "gbrpf32le"]).arg(&out);
    let told = command.output().unwrap();
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    read_gbrpf32(&out, inputs[0].width, inputs[0].height)
}

fn read_gbrpf32(path: &Path, width: u32, height: u32) -> Pixels {
    let bytes = std::fs::read(path).unwrap();
    let values: Vec<f32> = bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let n = (width * height) as usize;
    assert_eq!(values.len(), 3 * n);
    pixels(width, height, |x, y| {
        let i = (y * width + x) as usize;
        [values[2 * n + i], values[i], values[n + i], 1.0]
    })
}
