//! The processor as it would mix by kernels alone, and pictures to mix.

#![allow(dead_code, reason = "no test needs all of it")]

pub mod overlay;

use rushes_engine::{Cancel, Planes, Result};
use rushes_gpu::{
    DevicePlanes, EncodeFormat, Executor, Expr, Image, KernelRun, Label, PendingPlanes, Pixels, Precision,
};
use rushes_processor::Processor;
use std::collections::BTreeMap;

/// The same processor, mixing by kernels.
pub struct Passes(pub Processor);

impl Executor for Passes {
    fn upload(&self, planes: &Planes) -> Result<DevicePlanes> {
        self.0.upload(planes)
    }
    fn image(&self, pixels: &Pixels, precision: Precision) -> Result<Image> {
        self.0.image(pixels, precision)
    }
    fn prepare(&self, expr: &Expr, precision: Precision) -> Result<()> {
        self.0.prepare(expr, precision)
    }
    fn materialise_as(
        &self,
        expr: &Expr,
        between: Precision,
        stored: Precision,
        label: Label,
    ) -> Result<Image> {
        self.0.materialise_as(expr, between, stored, label)
    }
    fn kernel(&self, run: &KernelRun<'_>, label: Label) -> Result<Image> {
        self.0.kernel(run, label)
    }
    fn to_planes(
        &self,
        expr: &Expr,
        format: &EncodeFormat,
        precision: Precision,
        frame: u32,
        label: Label,
    ) -> Result<PendingPlanes> {
        self.0.to_planes(expr, format, precision, frame, label)
    }
    fn read(&self, image: &Image, cancel: &Cancel) -> Result<Pixels> {
        self.0.read(image, cancel)
    }
    fn lost(&self) -> Option<String> {
        self.0.lost()
    }
    fn close(&self) {
        self.0.close();
    }
    fn take_timings(&self) -> BTreeMap<Label, f64> {
        self.0.take_timings()
    }
}

/// A picture of chance; opaque, or with some of it see-through.
pub fn picture(width: u32, height: u32, seed: u32, opaque: bool) -> Pixels {
    let value = |i: u32, shift: u32| {
        let hash = (i ^ seed).wrapping_mul(2_654_435_761).rotate_left(13).wrapping_mul(2_246_822_519);
        ((hash >> shift) & 255) as f32 / 255.0
    };
    let rgba = (0..width * height)
        .map(|i| {
            [value(i, 0), value(i, 8), value(i, 16), if opaque || i % 3 == 0 { 1.0 } else { value(i, 24) }]
        })
        .collect();
    Pixels { width, height, rgba }
}

/// The pixels of what `work` does with a picture.
pub fn made(exec: &dyn Executor, pixels: &Pixels, work: impl Fn(&dyn Executor, &Expr) -> Expr) -> Pixels {
    let expr: Expr = exec.image(pixels, Precision::Float).unwrap().into();
    let image = exec.materialise(&work(exec, &expr), Precision::Float, 0).unwrap();
    exec.read(&image, &Cancel::default()).unwrap()
}

/// The largest difference.
pub fn apart(a: &Pixels, b: &Pixels) -> f32 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    a.rgba.iter().zip(&b.rgba).map(|(a, b)| pixels_apart(a, b)).fold(0.0, f32::max)
}

/// The largest difference of two pixels. What is hardly seen counts as it is seen: its colours are the quotient of two
/// small sums.
pub fn pixels_apart(a: &[f32; 4], b: &[f32; 4]) -> f32 {
    let seen = |c: &[f32; 4]| [c[0] * c[3], c[1] * c[3], c[2] * c[3], c[3]];
    seen(a).into_iter().zip(seen(b)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}
