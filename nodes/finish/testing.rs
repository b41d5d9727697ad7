//! What the tests of finishing tools share: a device, and what a shader makes on it.

use rushes_engine::Cancel;
use rushes_gpu::{
    DeviceChoice, Executor, Expr, Gpu, ParamValues, Pixels, Place, PointwiseShader, Precision, Table,
};

pub(crate) use crate::bench::picture as pixels;

/// The software rasteriser, so that every machine tests the same device.
pub(crate) fn gpu() -> Gpu {
    Gpu::open(DeviceChoice::Software).unwrap()
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
