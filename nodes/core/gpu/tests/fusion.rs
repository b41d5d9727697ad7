//! Pointwise tools: fused as unfused, whatever they are called inside.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod common;

use common::{gpu, noise, worst};
use rushes_engine::Cancel;
use rushes_gpu::{
    EncodeFormat, Executor, Expr, Gpu, Light, ParamValues, Pixels, Place, PointwiseShader, Precision, Resize,
    Table, TableKind, resize, resized,
};

static GAIN: PointwiseShader = PointwiseShader::new(
    "gain",
    "const amount = 0.9; struct Params { gain: f32, shift: vec3f }\n\
     fn helper(v: vec3f) -> vec3f { return v * amount; }\n\
     fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f { let gain = helper(c.rgb) * p.gain + p.shift; return vec4f(gain, c.a); }",
    1,
    &[],
);
static CURVE: PointwiseShader = PointwiseShader::new(
    "curve",
    "const amount = 1u; struct Params { gain: f32 }\n\
     fn helper(v: f32) -> f32 { return table_1d(curve, v).r; }\n\
     fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f { return vec4f(helper(c.r), helper(c.g), helper(c.b), c.a) * p.gain; }",
    1,
    &[("curve", TableKind::Plane)],
);
static MIX: PointwiseShader = PointwiseShader::new(
    "mix",
    "fn tool(c: vec4f, c1: vec4f, at: Pixel) -> vec4f { return mix(c, c1, uniform3(at.pos, at.frame, at.seed).x); }",
    2,
    &[],
);
static CUBE: PointwiseShader = PointwiseShader::new(
    "cube",
    "fn tool(c: vec4f, at: Pixel) -> vec4f { return vec4f(table_3d(lut, c.rgb).rgb, c.a); }",
    1,
    &[("lut", TableKind::Cube)],
);

const SIZE: (u32, u32) = (61, 37);

fn place(frame: u32) -> Place {
    Place { frame, seed: 7, ..Place::of_size(SIZE.0, SIZE.1) }
}

fn read(gpu: &Gpu, expr: &Expr, precision: Precision) -> Pixels {
    let image = gpu.materialise(expr, precision, 0).unwrap();
    gpu.read(&image, &Cancel::new()).unwrap()
}

fn gain(input: Expr, amount: f32) -> Expr {
    let params = ParamValues::new().with("gain", amount).with("shift", [0.1, -0.05, 0.02_f32]);
    Expr::stage(&GAIN, &params, vec![], vec![input], place(0)).unwrap()
}

fn curve(input: Expr, power: f32) -> Expr {
    let entries = (0..33).map(|i| [(i as f32 / 32.0).powf(power); 4]).collect();
    let params = ParamValues::new().with("gain", 1.1_f32);
    Expr::stage(&CURVE, &params, vec![Table::curve(entries).unwrap()], vec![input], place(0)).unwrap()
}

fn mixed(a: Expr, b: Expr) -> Expr {
    Expr::stage(&MIX, &ParamValues::new(), vec![], vec![a, b], place(3)).unwrap()
}

/// The same tree with every stage made before the next one reads it.
fn unfused(gpu: &Gpu, expr: &Expr, precision: Precision) -> Expr {
    match expr {
        Expr::Stage(stage) => {
            let inputs: Vec<Expr> = stage.inputs().iter().map(|i| unfused(gpu, i, precision)).collect();
            Expr::Image(gpu.materialise(&stage.over(inputs), precision, 0).unwrap())
        }
        leaf => leaf.clone(),
    }
}

#[test]
fn fused_equals_unfused_in_one_pass() {
    let gpu = gpu();
    let source = noise(SIZE.0, SIZE.1, -0.2, 1.3);
    for precision in [Precision::Half, Precision::Float] {
        let image = Expr::from(gpu.image(&source, precision).unwrap());
        let shared = gain(image.clone(), 1.3);
        let tree = mixed(curve(shared.clone(), 0.8), curve(gain(mixed(shared, image), 0.7), 2.0));
        let before = gpu.passes();
        let fused = read(&gpu, &tree, precision);
        assert_eq!(gpu.passes() - before, 1);
        let apart = read(&gpu, &unfused(&gpu, &tree, precision), precision);
        assert!(gpu.passes() - before > 5);
        for (a, b) in fused.rgba.iter().flatten().zip(apart.rgba.iter().flatten()) {
            let step = if precision == Precision::Half {
                a.abs().max(2.0_f32.powi(-14)) / 1024.0
            } else {
                a.abs() * 1e-6 + 1e-7
            };
            assert!((a - b).abs() <= step, "{a} {b}");
        }
    }
}

#[test]
fn a_tool_computes_its_formula() {
    let gpu = gpu();
    let source = noise(SIZE.0, SIZE.1, 0.0, 1.0);
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    let out = read(&gpu, &gain(image.clone(), 1.5), Precision::Float);
    let wanted = source
        .rgba
        .iter()
        .map(|c| [c[0] * 1.35 + 0.1, c[1] * 1.35 - 0.05, c[2] * 1.35 + 0.02, c[3]])
        .collect();
    assert!(worst(&out, &Pixels { rgba: wanted, ..source.clone() }) < 1e-6);

    // Linear interpolation between 33 entries, written out.
    let out = read(&gpu, &curve(image, 2.0), Precision::Float);
    let entry = |i: f32| (i / 32.0) * (i / 32.0);
    let lerp = |v: f32| {
        let low = (v * 32.0).floor().min(31.0);
        1.1 * (entry(low) + (entry(low + 1.0) - entry(low)) * (v * 32.0 - low))
    };
    let wanted = source.rgba.iter().map(|c| [lerp(c[0]), lerp(c[1]), lerp(c[2]), 1.1]).collect();
    assert!(worst(&out, &Pixels { rgba: wanted, ..source }) < 2e-6);
}

#[test]
fn a_cube_is_read_by_tetrahedra() {
    let gpu = gpu();
    let source = noise(SIZE.0, SIZE.1, -0.1, 1.1);
    let mut state = 9_u32;
    let mut entries = Vec::new();
    for _ in 0..125 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        entries.push([
            (state >> 24) as f32 / 255.0,
            (state >> 16 & 255) as f32 / 255.0,
            (state >> 8 & 255) as f32 / 255.0,
            1.0,
        ]);
    }
    let table = Table::cube(5, entries.clone()).unwrap();
    let image = Expr::from(gpu.image(&source, Precision::Float).unwrap());
    let expr = Expr::stage(&CUBE, &ParamValues::new(), vec![table], vec![image], place(0)).unwrap();
    let out = read(&gpu, &expr, Precision::Float);
    // Sort the fractions and walk from the low corner to the high one, the largest first.
    let wanted = source
        .rgba
        .iter()
        .map(|c| {
            let at = [0, 1, 2].map(|i| c[i].clamp(0.0, 1.0) * 4.0);
            let low = at.map(|v| v.floor().min(3.0));
            let mut order: Vec<usize> = vec![0, 1, 2];
            order.sort_by(|a, b| (at[*b] - low[*b]).total_cmp(&(at[*a] - low[*a])));
            let mut corner = low.map(|v| v as usize);
            let entry = |k: [usize; 3]| entries[k[0] + 5 * (k[1] + 5 * k[2])];
            let mut out = entry(corner);
            for axis in order {
                let before = entry(corner);
                corner[axis] += 1;
                let after = entry(corner);
                for i in 0..3 {
                    out[i] += (after[i] - before[i]) * (at[axis] - low[axis]);
                }
            }
            [out[0], out[1], out[2], c[3]]
        })
        .collect();
    assert!(worst(&out, &Pixels { rgba: wanted, ..source }) < 1e-5);
}

#[test]
fn long_chains_and_wide_trees_are_cut_and_stay_the_same() {
    let gpu = gpu();
    let source = noise(SIZE.0, SIZE.1, 0.0, 1.0);
    let image = Expr::from(gpu.image(&source, Precision::Half).unwrap());
    let mut chain = image.clone();
    for i in 0..2000 {
        chain = gain(chain, if i % 2 == 0 { 1.2 } else { 0.95 });
    }
    assert_eq!(chain.depth(), 2000);
    let fused = read(&gpu, &chain, Precision::Half);
    assert_eq!(worst(&fused, &read(&gpu, &unfused(&gpu, &chain, Precision::Half), Precision::Half)), 0.0);
    // More leaves than one pass may bind.
    let mut wide = image;
    for i in 0..40 {
        let leaf = gpu.image(&noise(SIZE.0, SIZE.1, 0.0, i as f32 / 40.0), Precision::Half).unwrap();
        wide = mixed(wide, leaf.into());
    }
    let before = gpu.passes();
    let fused = read(&gpu, &wide, Precision::Half);
    assert!(gpu.passes() - before >= 2);
    assert_eq!(worst(&fused, &read(&gpu, &unfused(&gpu, &wide, Precision::Half), Precision::Half)), 0.0);
}

#[test]
fn parameters_are_held_by_name_and_type() {
    let gpu = gpu();
    let image = Expr::from(gpu.image(&noise(SIZE.0, SIZE.1, 0.0, 1.0), Precision::Half).unwrap());
    let good = ParamValues::new().with("gain", 1.0_f32).with("shift", [0.0_f32; 3]);
    let fails = |params: ParamValues, word: &str| {
        let e = Expr::stage(&GAIN, &params, vec![], vec![image.clone()], place(0)).unwrap_err();
        assert!(e.to_string().contains(word) && !e.help_text().is_empty(), "{e}");
    };
    fails(ParamValues::new().with("gain", 1.0_f32), "“shift” has no value");
    fails(good.clone().with("extra", 1.0_f32), "no parameter “extra”");
    fails(good.clone().with("gain", 1_i32), "is f32 and its value is i32");
    fails(good.clone().with("gain", f32::NAN), "not a finite");
    GAIN.check_params(&["gain", "shift"]).unwrap();
    assert!(GAIN.check_params(&["gain"]).is_err() && GAIN.check_params(&["gain", "shift", "x"]).is_err());

    let other = Place::of_size(8, 8);
    assert!(
        Expr::stage(&GAIN, &good, vec![], vec![image.clone()], other)
            .unwrap_err()
            .to_string()
            .contains("8×8")
    );
    assert!(Expr::stage(&GAIN, &good, vec![], vec![], place(0)).is_err());
    assert!(Expr::stage(&CUBE, &ParamValues::new(), vec![], vec![image], place(0)).is_err());
}

#[test]
fn a_hash_follows_the_source_and_the_helpers_it_calls() {
    let a =
        PointwiseShader::new("a", "fn tool(at: Pixel) -> vec4f { return vec4f(luma(vec3f(1.0))); }", 0, &[]);
    let b =
        PointwiseShader::new("b", "fn tool(at: Pixel) -> vec4f { return vec4f(luma(vec3f(1.0))); }", 0, &[]);
    let c =
        PointwiseShader::new("a", "fn tool(at: Pixel) -> vec4f { return vec4f(luma(vec3f(0.5))); }", 0, &[]);
    assert_eq!(a.hash(), b.hash(), "a name is for people");
    assert_ne!(a.hash(), c.hash());
}

#[test]
fn a_mix_is_made_before_the_tools_that_follow() {
    let gpu = gpu();
    let small: Expr = gpu.image(&noise(23, 19, 0.0, 1.0), Precision::Half).unwrap().into();
    let to = Resize { light: Light::Encoded, ..Resize::to(SIZE.0, SIZE.1) };
    let planes = |expr: &Expr| {
        let format = EncodeFormat::default();
        let made = gpu.to_planes(expr, &format, Precision::Half, 3, 0).unwrap().wait(&Cancel::new()).unwrap();
        (0..3).map(|plane| made.plane(plane).to_vec()).collect::<Vec<_>>()
    };
    let late = resized(&small, &to, Precision::Half).unwrap();
    let before = resize(&gpu, &small, &to, Precision::Half, 0).unwrap();
    // A mix of what has mixes, and one that two tools read.
    let again = |mixed: &Expr, make: &dyn Fn(&Expr) -> Expr| {
        let place = place(1);
        let inputs = vec![gain(mixed.clone(), 1.2), make(&gain(mixed.clone(), 0.8))];
        Expr::stage(&MIX, &ParamValues::new(), vec![], inputs, place).unwrap()
    };
    let zoom = Resize { source: Some([3.5, 2.25, 40.0, 20.0]), ..to };
    let late = again(&late, &|expr| resized(expr, &zoom, Precision::Half).unwrap());
    let before = again(&before, &|expr| resize(&gpu, expr, &zoom, Precision::Half, 0).unwrap());
    assert!(late.has_mixes() && !before.has_mixes());
    gpu.prepare(&late, Precision::Half).unwrap();
    assert_eq!(read(&gpu, &late, Precision::Half), read(&gpu, &before, Precision::Half));
    assert_eq!(planes(&late), planes(&before));
}
