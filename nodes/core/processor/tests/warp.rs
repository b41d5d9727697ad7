//! Warps against the same by the kernel.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod passes;

use passes::{Passes, made, picture, pixels_apart as apart};
use proptest::prelude::*;
use rushes_gpu::{Beyond, Executor, Expr, Light, Pixels, Precision, Sampling, WARP_REACH, Warp, warp};
use rushes_processor::Processor;

fn samplings() -> impl Strategy<Value = Sampling> {
    prop_oneof![
        Just(Sampling::Nearest),
        Just(Sampling::Bilinear),
        Just(Sampling::Bicubic),
        Just(Sampling::Lanczos)
    ]
}

fn beyonds() -> impl Strategy<Value = Beyond> {
    prop_oneof![
        Just(Beyond::Transparent),
        Just(Beyond::Black),
        Just(Beyond::Clamp),
        Just(Beyond::Mirror),
        Just(Beyond::Wrap)
    ]
}

/// Turned, scaled, moved and tilted; some so far that a horizon is seen.
fn maps() -> impl Strategy<Value = [[f32; 3]; 3]> {
    let scale = prop_oneof![0.05_f32..3.0, -2.0_f32..-0.2, 3.0_f32..30.0];
    let turn = prop_oneof![Just(0.0_f32), -3.2_f32..3.2];
    let tilt = prop_oneof![Just(0.0_f32), -0.004_f32..0.004, -0.03_f32..0.03];
    (turn, [scale.clone(), scale], [-200.0_f32..300.0, -200.0_f32..300.0], [tilt.clone(), tilt]).prop_map(
        |(turn, [sx, sy], [x, y], [tx, ty])| {
            let (sin, cos) = turn.sin_cos();
            [[cos * sx, -sin * sy, x], [sin * sx, cos * sy, y], [tx, ty, 1.0]]
        },
    )
}

/// How far apart a pixel may be: single precision knows its place only so far, and where the filter is cut off, a place
/// between two pixels is either's. Nothing where the place is anywhere.
fn allowed(to: &Warp, x: u32, y: u32) -> Option<f64> {
    let [px, py] = [f64::from(x) + 0.5, f64::from(y) + 0.5];
    let terms = to.to_source.map(|row| [f64::from(row[0]) * px, f64::from(row[1]) * py, f64::from(row[2])]);
    let [h, v, ahead] = terms.map(|row| row.iter().sum::<f64>());
    let unsure = terms.map(|row| row.iter().map(|t| t.abs()).sum::<f64>() * 4.0 * f64::from(f32::EPSILON));
    let places = [h / ahead, v / ahead];
    let unsure = [0, 1].map(|i| (unsure[i] + places[i].abs() * unsure[2]) / ahead.abs());
    let moved = [0, 1].map(|i| {
        let by =
            |k: usize| (f64::from(to.to_source[i][k]) - places[i] * f64::from(to.to_source[2][k])) / ahead;
        by(0).hypot(by(1)).max(1.0)
    });
    let support = f64::from(to.sampling.support());
    let between = (0..2).any(|i| {
        let cut = support == 0.0 || moved[i] * support > f64::from(WARP_REACH) - 1.0;
        cut && (places[i] - places[i].round()).abs() < 2.0 * unsure[i] + 1e-6
    });
    let off = unsure[0].max(unsure[1]);
    (ahead.abs() > 1e-4 && off < 0.05 && !between).then_some(2e-5 + 4.0 * off)
}

/// A colour in the light in which it was mixed: the way back to encoded values stretches what is near black.
fn mixed([r, g, b, a]: &[f32; 4], light: Light) -> [f32; 4] {
    let back = |v: f32| if light == Light::Linear { v.abs().powf(2.4).copysign(v) } else { v };
    [back(*r), back(*g), back(*b), *a]
}

fn by(exec: &dyn Executor, pixels: &Pixels, to: &Warp) -> Pixels {
    made(exec, pixels, |exec, expr: &Expr| exec.warp(expr, to, Precision::Float, 0).unwrap().into())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn a_warp_is_what_the_kernel_makes(
        (width, height) in (1_u32..90, 1_u32..70),
        size in (1_u32..200, 1_u32..90),
        to_source in maps(),
        (sampling, beyond) in (samplings(), beyonds()),
        linear in any::<bool>(),
        (seed, opaque) in (any::<u32>(), any::<bool>()),
    ) {
        let light = if linear { Light::Linear } else { Light::Encoded };
        let to = Warp { to_source, sampling, beyond, size, light };
        let pixels = picture(width, height, seed, opaque);
        let theirs = by(&Passes(Processor::new()), &pixels, &to);
        for processor in Processor::of_each_kind() {
            let ours = by(&processor, &pixels, &to);
            for (i, (a, b)) in ours.rgba.iter().zip(&theirs.rgba).enumerate() {
                let (x, y) = (i as u32 % size.0, i as u32 / size.0);
                let Some(allowed) = allowed(&to, x, y) else { continue };
                let off = f64::from(apart(&mixed(a, light), &mixed(b, light)));
                prop_assert!(off < allowed, "{off} apart at {x}, {y}: {a:?} {b:?}, {allowed} allowed");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn moves_along_the_axes_are_the_same_as_sums(
        (width, height) in (1_u32..90, 1_u32..70),
        size in (1_u32..200, 1_u32..90),
        [sx, sy] in [0.05_f32..6.0, 0.05_f32..6.0],
        [x, y] in [-100.0_f32..100.0, -80.0_f32..80.0],
        (sampling, beyond) in (samplings(), beyonds()),
        (seed, opaque) in (any::<u32>(), any::<bool>()),
    ) {
        let to_source = [[sx, 0.0, x], [0.0, sy, y], [0.0, 0.0, 1.0]];
        let to = Warp { to_source, sampling, beyond, size, light: Light::Encoded };
        let pixels = picture(width, height, seed, opaque);
        let sums = |exec: &dyn Executor, expr: &Expr| warp(exec, expr, &to, Precision::Float, 0).unwrap().into();
        let (ours, theirs) =
            (made(&Processor::new(), &pixels, sums), by(&Passes(Processor::new()), &pixels, &to));
        for (i, (a, b)) in ours.rgba.iter().zip(&theirs.rgba).enumerate() {
            let (x, y) = (i as u32 % size.0, i as u32 / size.0);
            let Some(allowed) = allowed(&to, x, y) else { continue };
            let off = f64::from(apart(a, b));
            prop_assert!(off < allowed, "{off} apart at {x}, {y}: {a:?} {b:?}, {allowed} allowed");
        }
    }
}
