//! Tools over pictures in memory, for measurements of several kinds.

#[path = "../../tests/passes/overlay.rs"]
mod overlay;

use overlay::overlay;
use rushes_engine::{Cancel, ColorTags, Layout, Matrix, Primaries, Range, Sample, Siting, Transfer};
use rushes_gpu::{
    Beyond, Edge, EncodeFormat, Executor, Expr, Filter, Light, ParamValues, Pixels, Place, PointwiseShader,
    Precision, Resize, Sampling, Table, TableKind, Warp, blur, resize, resized, warp,
};
use rushes_processor::Processor;
use std::hint::black_box;

static GRADE: PointwiseShader = PointwiseShader::new(
    "grade",
    include_str!("../../../../../assets/shaders/finish/grade.wgsl"),
    1,
    &[("curves", TableKind::Plane), ("hues", TableKind::Plane)],
);
static VIGNETTE: PointwiseShader = PointwiseShader::new(
    "vignette",
    include_str!("../../../../../assets/shaders/finish/film_vignette.wgsl"),
    1,
    &[],
);
static LUT: PointwiseShader = PointwiseShader::new(
    "lut",
    include_str!("../../../../../assets/shaders/finish/lut_cube.wgsl"),
    1,
    &[("lut", TableKind::Cube)],
);

/// What most encoders take.
const CODES: EncodeFormat = EncodeFormat {
    layout: Layout::Yuv { sub_x: 1, sub_y: 1 },
    sample: Sample::U8,
    bits: 8,
    color: ColorTags {
        primaries: Primaries::Bt709,
        transfer: Transfer::Sdr,
        matrix: Matrix::Bt709,
        range: Range::Limited,
        guessed: false,
    },
    siting: Siting::Left,
    dither: true,
};

/// A picture of slopes and noise, opaque.
fn pixels((width, height): (u32, u32), seed: u32) -> Pixels {
    let value = |x: u32, y: u32, channel: u32| {
        let hash = (x ^ (y << 12) ^ (channel << 24) ^ seed).wrapping_mul(2_654_435_761).rotate_left(13);
        let slope = (x * (channel + 1) + y * 2) % 1500;
        slope as f32 / 1600.0 + (hash.wrapping_mul(2_246_822_519) >> 24) as f32 / 4096.0
    };
    let rgba = (0..width * height).map(|i| (i % width, i / width));
    let rgba = rgba.map(|(x, y)| [value(x, y, 0), value(x, y, 1), value(x, y, 2), 1.0]).collect();
    Pixels { width, height, rgba }
}

fn stage(shader: &'static PointwiseShader, params: &ParamValues, tables: Vec<Table>, of: &[&Expr]) -> Expr {
    let (width, height) = of[0].size();
    let inputs = of.iter().map(|e| (*e).clone()).collect();
    Expr::stage(shader, params, tables, inputs, Place::of_size(width, height)).unwrap()
}

fn grade(a: &Expr) -> Expr {
    let params = ParamValues::new()
        .with("slope", [1.23_f32; 3])
        .with("lift", [0.02_f32, 0.0, 0.0])
        .with("power", [0.91_f32, 1.0, 1.11])
        .with("gain", [1.0_f32; 3])
        .with("offset", [0.0_f32; 3])
        .with("saturation", 1.0_f32)
        .with("curved", false)
        .with("hued", false)
        .with("light", false)
        .with("mood", [0.0_f32; 2]);
    let nothing = || Table::curve(vec![[0.0; 4]; 2]).unwrap();
    stage(&GRADE, &params, vec![nothing(), nothing()], &[a])
}

fn vignette(a: &Expr) -> Expr {
    let params = ParamValues::new().with("vignette", 0.5_f32).with("light", 0_u32);
    stage(&VIGNETTE, &params, vec![], &[a])
}

fn lut(a: &Expr) -> Expr {
    let at = |i: u32| (i as f32 / 32.0).powf(0.9);
    let entries = (0..33 * 33 * 33).map(|i| [at(i % 33), at(i / 33 % 33), at(i / 1089), 1.0]).collect();
    let params =
        ParamValues::new().with("low", [0.0_f32; 3]).with("scale", [1.0_f32; 3]).with("strength", 1.0_f32);
    stage(&LUT, &params, vec![Table::cube(33, entries).unwrap()], &[a])
}

/// What is measured: each by its name.
pub(crate) const TOOLS: [&str; 14] = [
    "overlay",
    "grade",
    "vignette",
    "grade, overlay, vignette",
    "lut",
    "lanczos, encoded",
    "lanczos, linear",
    "blur, 4 px",
    "blur, 4 px, linear",
    "turned 5°, encoded",
    "turned 5°, linear",
    "tilted, linear",
    "to 4:2:0",
    "enlarged to 4:2:0",
];

/// The tools over two pictures that are there already.
pub(crate) struct Work {
    exec: Processor,
    precision: Precision,
    size: (u32, u32),
    a: Expr,
    b: Expr,
    lut: Expr,
}

impl Work {
    pub(crate) fn new(size: (u32, u32), precision: Precision) -> Self {
        let exec = Processor::new();
        let image = |seed: u32| -> Expr { exec.image(&pixels(size, seed), precision).unwrap().into() };
        let (a, b) = (image(1), image(2));
        let lut = lut(&a);
        Self { exec, precision, size, a, b, lut }
    }

    /// Makes one of [`TOOLS`], and says how many pixels it has.
    pub(crate) fn make(&self, tool: &str) -> u32 {
        let Self { exec, precision, size, a, b, .. } = self;
        let larger = |light| Resize {
            width: 2 * size.0,
            height: 2 * size.1,
            source: None,
            filter: Filter::Lanczos3,
            light,
            edge: Edge::Clamp,
        };
        let enlarged = |light| resize(exec, a, &larger(light), *precision, 0).unwrap();
        let blurred = |light| blur(exec, a, 4.0, light, *precision, 0).unwrap();
        let warped = |turned: f32, tilted, light| {
            let (sin, cos) = turned.to_radians().sin_cos();
            let to = Warp {
                size: *size,
                to_source: [[cos, -sin, 0.0], [sin, cos, 0.0], [tilted, 0.0, 1.0]],
                sampling: Sampling::Lanczos,
                beyond: Beyond::Clamp,
                light,
            };
            warp(exec, a, &to, *precision, 0).unwrap().into()
        };
        let coded = |expr: &Expr| {
            let planes = exec.to_planes(expr, &CODES, *precision, 0, 0).unwrap();
            let info = black_box(planes.wait(&Cancel::new()).unwrap()).info;
            info.width * info.height
        };
        let expr = match tool {
            "to 4:2:0" => return coded(a),
            "enlarged to 4:2:0" => return coded(&resized(a, &larger(Light::Encoded), *precision).unwrap()),
            "overlay" => overlay(a, b),
            "grade" => grade(a),
            "vignette" => vignette(a),
            "grade, overlay, vignette" => vignette(&overlay(&grade(a), b)),
            "lut" => self.lut.clone(),
            "lanczos, encoded" => enlarged(Light::Encoded),
            "lanczos, linear" => enlarged(Light::Linear),
            "blur, 4 px" => blurred(Light::Encoded),
            "blur, 4 px, linear" => blurred(Light::Linear),
            "turned 5°, encoded" => warped(5.0, 0.0, Light::Encoded),
            "turned 5°, linear" => warped(5.0, 0.0, Light::Linear),
            "tilted, linear" => warped(2.0, 5e-5, Light::Linear),
            other => panic!("no tool {other}"),
        };
        let image = black_box(exec.materialise(&expr, *precision, 0).unwrap());
        image.width() * image.height()
    }
}
