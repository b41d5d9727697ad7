//! Sums along rows and columns against the same by the kernels' passes, and against plain sums in double precision.

#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

mod passes;

use passes::{Passes, apart, made, picture};
use proptest::prelude::*;
use rushes_gpu::{Edge, Executor, Expr, Filter, Light, Precision, Resize, blur, box_mean, resize};
use rushes_processor::Processor;

fn filters() -> impl Strategy<Value = Filter> {
    prop_oneof![
        Just(Filter::Lanczos3),
        Just(Filter::Mitchell),
        Just(Filter::CatmullRom),
        Just(Filter::Bilinear),
        Just(Filter::Box)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn a_resize_is_what_its_passes_make(
        (width, height) in (1_u32..90, 1_u32..70),
        (to_width, to_height) in (1_u32..400, 1_u32..300),
        part in (-0.4_f64..0.8, -0.4_f64..0.8, 0.1_f64..1.4, 0.1_f64..1.4),
        mirrored in any::<bool>(),
        whole in any::<bool>(),
        filter in filters(),
        clamp in any::<bool>(),
        linear in any::<bool>(),
        (seed, opaque) in (any::<u32>(), any::<bool>()),
    ) {
        let (w, h) = (f64::from(width), f64::from(height));
        let turn = if mirrored { -1.0 } else { 1.0 };
        let to = Resize {
            width: to_width,
            height: to_height,
            source: (!whole).then_some([part.0 * w, part.1 * h, turn * part.2 * w, part.3 * h]),
            filter,
            light: if linear { Light::Linear } else { Light::Encoded },
            edge: if clamp { Edge::Clamp } else { Edge::Transparent },
        };
        let pixels = picture(width, height, seed, opaque);
        let work = |exec: &dyn Executor, expr: &Expr| resize(exec, expr, &to, Precision::Float, 0).unwrap();
        let theirs = made(&Passes(Processor::new()), &pixels, work);
        for processor in Processor::of_each_kind() {
            let off = apart(&made(&processor, &pixels, work), &theirs);
            // Near black, linear light is stretched by the way back.
            prop_assert!(off < if linear { 2e-3 } else { 2e-5 }, "{off} apart");
        }
    }

    #[test]
    fn a_box_mean_is_what_its_kernel_makes(
        (width, height) in (1_u32..200, 1_u32..150),
        factor in 2_u32..20,
        linear in any::<bool>(),
        (seed, opaque) in (any::<u32>(), any::<bool>()),
    ) {
        let light = if linear { Light::Linear } else { Light::Encoded };
        let pixels = picture(width, height, seed, opaque);
        let work = |exec: &dyn Executor, expr: &Expr| {
            box_mean(exec, expr, factor, light, Precision::Float, 0).unwrap()
        };
        let theirs = made(&Passes(Processor::new()), &pixels, work);
        for processor in Processor::of_each_kind() {
            let off = apart(&made(&processor, &pixels, work), &theirs);
            prop_assert!(off < if linear { 2e-3 } else { 2e-5 }, "{off} apart");
        }
    }

    #[test]
    fn a_blur_is_what_its_passes_make(
        (width, height) in (1_u32..300, 1_u32..200),
        sigma in 0.2_f64..12.0,
        linear in any::<bool>(),
        (seed, opaque) in (any::<u32>(), any::<bool>()),
    ) {
        let light = if linear { Light::Linear } else { Light::Encoded };
        let pixels = picture(width, height, seed, opaque);
        let work = |exec: &dyn Executor, expr: &Expr| blur(exec, expr, sigma, light, Precision::Float, 0).unwrap();
        let theirs = made(&Passes(Processor::new()), &pixels, work);
        for processor in Processor::of_each_kind() {
            let off = apart(&made(&processor, &pixels, work), &theirs);
            prop_assert!(off < if linear { 2e-3 } else { 2e-5 }, "{off} apart");
        }
    }
}

#[test]
fn a_tile_that_begins_on_a_source_pixel_has_what_lies_before_it() {
    // Place 256, the first of the second tile, lies exactly on a source pixel, the next one between it and the last.
    for (source, to) in [(65, 351), (129, 387)] {
        let pixels = picture(source, source, 3, true);
        for filter in [Filter::Lanczos3, Filter::CatmullRom, Filter::Bilinear] {
            let to = Resize { filter, light: Light::Encoded, ..Resize::to(to, to) };
            let work =
                |exec: &dyn Executor, expr: &Expr| resize(exec, expr, &to, Precision::Float, 0).unwrap();
            let ours = made(&Processor::new(), &pixels, work);
            let off = apart(&ours, &made(&Passes(Processor::new()), &pixels, work));
            assert!(off < 2e-5, "{filter:?}: {off} apart");
        }
    }
}

#[test]
fn a_blur_is_the_plain_sum_of_its_neighbours() {
    let (width, height, sigma) = (37_i32, 29_i32, 2.5_f64);
    let pixels = picture(width as u32, height as u32, 7, true);
    let ours = made(&Processor::new(), &pixels, |exec, expr| {
        blur(exec, expr, sigma, Light::Encoded, Precision::Float, 0).unwrap()
    });
    let radius = (4.0 * sigma).ceil() as i32;
    let bell = |d: i32| (-0.5 * (f64::from(d) / sigma).powi(2)).exp();
    let all: f64 = (-radius..=radius).map(bell).sum();
    for (x, y) in [(0, 0), (36, 0), (18, 14), (3, 28), (36, 28)] {
        let mut sum = 0.0;
        for (dx, dy) in (-radius..=radius).flat_map(|dy| (-radius..=radius).map(move |dx| (dx, dy))) {
            let at = pixels.at((x + dx).clamp(0, width - 1) as u32, (y + dy).clamp(0, height - 1) as u32);
            sum += bell(dx) * bell(dy) * f64::from(at.unwrap()[1]) / (all * all);
        }
        let made = f64::from(ours.at(x as u32, y as u32).unwrap()[1]);
        assert!((made - sum).abs() < 1e-6, "{made} and {sum} at {x}, {y}");
    }
}
