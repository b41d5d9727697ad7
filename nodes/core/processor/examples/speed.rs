//! Milliseconds of some tools on a picture of 1920×1080 in memory; of those whose name has the argument in it.

#![allow(clippy::unwrap_used, reason = "an example stops where something is wrong")]

use cpu_time::ProcessTime;
use rushes_engine::{ColorTags, Layout, Sample, Siting};
use rushes_gpu::{
    Border, DeviceChoice, EncodeFormat, Executor, Expr, Filter, Gpu, Kernel, KernelRun, Light, ParamValues,
    Pixels, Place, PointwiseShader, Precision, Resize, Table, TableKind, blur, resize,
};
use rushes_processor::Processor;
use std::time::Instant;

static BLEND: PointwiseShader = PointwiseShader::new(
    "blend",
    concat!(
        include_str!("../../../../assets/shaders/finish/modes.wgsl"),
        include_str!("../../../../assets/shaders/finish/blend.wgsl"),
        include_str!("../../../../assets/shaders/finish/blend_plain.wgsl")
    ),
    2,
    &[],
);
static VIGNETTE: PointwiseShader = PointwiseShader::new(
    "vignette",
    include_str!("../../../../assets/shaders/finish/film_vignette.wgsl"),
    1,
    &[],
);
static GRADE: PointwiseShader = PointwiseShader::new(
    "grade",
    include_str!("../../../../assets/shaders/finish/grade.wgsl"),
    1,
    &[("curves", TableKind::Plane), ("hues", TableKind::Plane)],
);
static CROP: Kernel =
    Kernel::new("crop", include_str!("../../../../assets/shaders/finish/crop.wgsl"), 1, &[], Border::Clamp);
static LUT: PointwiseShader = PointwiseShader::new(
    "lut",
    include_str!("../../../../assets/shaders/finish/lut_cube.wgsl"),
    1,
    &[("lut", TableKind::Cube)],
);

fn time(name: &str, mut work: impl FnMut()) {
    if std::env::args().nth(1).is_some_and(|part| !name.contains(&part)) {
        return;
    }
    work();
    let mut all: Vec<(f64, f64)> = (0..15)
        .map(|_| {
            let (wall, cpu) = (Instant::now(), ProcessTime::now());
            work();
            (cpu.elapsed().as_secs_f64() * 1e3, wall.elapsed().as_secs_f64() * 1e3)
        })
        .collect();
    all.sort_by(|a, b| a.0.total_cmp(&b.0));
    let wall = all.iter().map(|a| a.1).fold(f64::INFINITY, f64::min);
    println!(
        "{name:44} {:7.2} ms of processors at best, {:7.2} median; {wall:7.2} ms wall at best",
        all[0].0, all[7].0
    );
}

/// Waits until a picture is made: a pixel of it is read.
fn done(p: &dyn Executor, made: Expr) {
    let Expr::Image(image) = made else { return };
    let params = ParamValues::new().with("left", 0_u32).with("top", 0_u32);
    let run = KernelRun {
        kernel: &CROP,
        inputs: &[&image],
        params: &params,
        tables: &[],
        place: Place::of_size(1, 1),
        precision: Precision::Half,
    };
    p.read(&p.kernel(&run, 0).unwrap(), &rushes_engine::Cancel::default()).unwrap();
}

fn main() {
    for processor in [Processor::new(), Processor::portable()] {
        println!("{}", processor.report("asked for"));
        all(&processor);
    }
    if let Ok(gpu) = Gpu::open(DeviceChoice::Software) {
        println!("{}", gpu.report());
        all(&gpu);
    }
}

fn all(p: &dyn Executor) {
    let (width, height) = (1920, 1080);
    let rgba = (0..width * height)
        .map(|i: u32| [0, 8, 16].map(|s| ((i.wrapping_mul(2_654_435_761) >> s) & 255) as f32 / 255.0))
        .map(|[r, g, b]| [r, g, b, 1.0])
        .collect();
    let pixels = Pixels { width, height, rgba };
    let place = Place::of_size(width, height);
    let blend = ParamValues::new()
        .with("mode", 12_u32)
        .with("opacity", 0.3_f32)
        .with("enter", 0_u32)
        .with("leave", 0_u32)
        .with("proxy", 1_u32);
    let grade = ParamValues::new()
        .with("gains", [1.1_f32, 1.0, 0.9])
        .with("lift", [0.02_f32, 0.0, 0.0])
        .with("power", [0.9_f32, 1.0, 1.1])
        .with("gain", [1.0_f32; 3])
        .with("offset", [0.0_f32; 3])
        .with("contrast", 1.1_f32)
        .with("pivot", 0.435_f32)
        .with("saturation", 1.1_f32)
        .with("curved", 0_u32)
        .with("hued", 0_u32)
        .with("light", 0_u32)
        .with("mood", [0.0_f32; 2]);
    let vignette = ParamValues::new().with("vignette", 0.5_f32).with("light", 0_u32);
    let one = || Table::curve(vec![[0.0; 4]; 2]).unwrap();
    let cube = Table::cube(
        33,
        (0..33 * 33 * 33)
            .map(|i| [(i % 33) as f32 / 32.0, ((i / 33) % 33) as f32 / 32.0, (i / 1089) as f32 / 32.0, 1.0])
            .collect(),
    )
    .unwrap();
    let lut =
        ParamValues::new().with("low", [0.0_f32; 3]).with("scale", [1.0_f32; 3]).with("strength", 1.0_f32);
    for precision in [Precision::Float, Precision::Half] {
        let make = |e: &Expr| done(p, p.materialise(e, precision, 0).unwrap().into());
        let a: Expr = p.image(&pixels, precision).unwrap().into();
        let b: Expr = p.image(&pixels, precision).unwrap().into();
        let over = Expr::stage(&BLEND, &blend, vec![], vec![a.clone(), b.clone()], place).unwrap();
        time(&format!("overlay 0.3, {precision:?}"), || make(&over));
        let graded = Expr::stage(&GRADE, &grade, vec![one(), one()], vec![a.clone()], place).unwrap();
        time(&format!("grade, {precision:?}"), || make(&graded));
        let over = Expr::stage(&BLEND, &blend, vec![], vec![graded, b], place).unwrap();
        let chain = Expr::stage(&VIGNETTE, &vignette, vec![], vec![over], place).unwrap();
        time(&format!("grade + overlay + vignette, {precision:?}"), || make(&chain));
        let looked = Expr::stage(&LUT, &lut, vec![cube.clone()], vec![a.clone()], place).unwrap();
        time(&format!("LUT 33, {precision:?}"), || make(&looked));
        time(&format!("blur 4 px, {precision:?}"), || {
            done(p, blur(p, &a, 4.0, Light::Linear, precision, 0).unwrap());
        });
        let to = Resize { filter: Filter::Lanczos3, ..Resize::to(3840, 2160) };
        for light in [Light::Linear, Light::Encoded] {
            let to = Resize { light, ..to };
            time(&format!("Lanczos to 4K, {light:?}, {precision:?}"), || {
                done(p, resize(p, &a, &to, precision, 0).unwrap());
            });
        }
        let format = EncodeFormat {
            layout: Layout::Yuv { sub_x: 1, sub_y: 1 },
            sample: Sample::U8,
            bits: 8,
            color: ColorTags::default(),
            siting: Siting::Left,
            dither: true,
        };
        let cancel = rushes_engine::Cancel::default();
        time(&format!("to yuv420p, {precision:?}"), || {
            drop(p.to_planes(&a, &format, precision, 0, 0).unwrap().wait(&cancel).unwrap());
        });
        let planes = p.to_planes(&a, &format, precision, 0, 0).unwrap().wait(&cancel).unwrap();
        let read: Expr = Expr::Planes(p.upload(&planes).unwrap());
        time(&format!("from yuv420p, {precision:?}"), || make(&read));
        let graded = Expr::stage(&GRADE, &grade, vec![one(), one()], vec![read], place).unwrap();
        let over = Expr::stage(&BLEND, &blend, vec![], vec![graded, a.clone()], place).unwrap();
        let chain = Expr::stage(&VIGNETTE, &vignette, vec![], vec![over], place).unwrap();
        time(&format!("yuv420p through three tools to yuv420p, {precision:?}"), || {
            drop(p.to_planes(&chain, &format, precision, 0, 0).unwrap().wait(&cancel).unwrap());
        });
    }
}
