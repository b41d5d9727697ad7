//! Mixes that are made tile by tile with the tools that follow them, against the same with each mix made by itself: to
//! the last bit.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

mod passes;

use passes::overlay::overlay;
use passes::picture;
use proptest::prelude::*;
use rushes_engine::{Cancel, ColorTags, Layout, Orientation, Planes, PlanesInfo, Sample, Siting};
use rushes_gpu::{Edge, EncodeFormat, Executor, Expr, Filter, Light, Precision, Resize, resize, resized};
use rushes_processor::Processor;
use std::sync::Arc;

/// 4:2:0 in 8 bits.
fn planes((width, height): (u32, u32), seed: u32) -> Planes {
    let layout = Layout::Yuv { sub_x: 1, sub_y: 1 };
    let sizes: Vec<(u32, u32)> = (0..3).map(|p| layout.plane_size(p, width, height)).collect();
    let byte = |i: u32| ((i ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8;
    Planes {
        info: PlanesInfo {
            width,
            height,
            layout,
            sample: Sample::U8,
            bits: 8,
            color: ColorTags::default(),
            siting: Siting::Left,
            orientation: Orientation::default(),
        },
        strides: sizes.iter().map(|size| size.0 as usize).collect(),
        store: Arc::new(
            sizes.iter().map(|(w, h)| (0..w * h).map(byte).collect::<Vec<_>>()).collect::<Vec<_>>(),
        ),
    }
}

/// A picture in memory, or planes.
fn source(exec: &Processor, size: (u32, u32), (seed, kind): (u32, u8), precision: Precision) -> Expr {
    if kind == 0 {
        return Expr::Planes(exec.upload(&planes(size, seed)).unwrap());
    }
    exec.image(&picture(size.0, size.1, seed, kind == 1), precision).unwrap().into()
}

fn precision() -> impl Strategy<Value = Precision> {
    prop_oneof![Just(Precision::Float), Just(Precision::Half)]
}

/// Sizes about those of tiles and bands.
fn size() -> impl Strategy<Value = (u32, u32)> {
    (prop_oneof![1_u32..40, 240_u32..300, 500_u32..540], prop_oneof![1_u32..20, 60_u32..70, 250_u32..300])
}

fn layout() -> impl Strategy<Value = Layout> {
    let subs = (0_u8..3, 0_u8..3);
    prop_oneof![
        Just(Layout::Rgba),
        Just(Layout::Yuv { sub_x: 1, sub_y: 1 }),
        subs.prop_map(|(sub_x, sub_y)| Layout::Yuva { sub_x, sub_y }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn what_is_mixed_late_is_what_is_mixed_before(
        sizes in prop::collection::vec((1_u32..90, 1_u32..90), 5),
        kinds in prop::collection::vec((any::<u32>(), 0_u8..3), 5),
        to in size(),
        count in 1_usize..6,
        part in prop::option::of((-0.2_f64..0.5, -0.2_f64..0.5, 0.2_f64..1.2, 0.2_f64..1.2)),
        filter in prop_oneof![Just(Filter::Lanczos3), Just(Filter::Bilinear), Just(Filter::Box)],
        (linear, clamp) in any::<(bool, bool)>(),
        (kept, between, stored) in (precision(), precision(), precision()),
        (layout, siting) in (layout(), prop_oneof![Just(Siting::Left), Just(Siting::Center), Just(Siting::TopLeft)]),
        turn in any::<u32>(),
    ) {
        let light = if linear { Light::Linear } else { Light::Encoded };
        let edge = if clamp { Edge::Clamp } else { Edge::Transparent };
        let resizes: Vec<Resize> = sizes.iter().map(|(w, h)| {
            let (w, h) = (f64::from(*w), f64::from(*h));
            let source = part.map(|p| [p.0 * w, p.1 * h, p.2 * w, p.3 * h]);
            Resize { width: to.0, height: to.1, source, filter, light, edge }
        }).collect();
        for exec in Processor::of_each_kind() {
            let sources: Vec<Expr> =
                sizes.iter().zip(&kinds).map(|(size, kind)| source(&exec, *size, *kind, kept)).collect();
            let before = |source: &Expr, to: &Resize| {
                let made = resize(&exec, source, to, kept, 0).unwrap();
                exec.materialise_as(&made, kept, kept, 0).unwrap().into()
            };
            let late = |source: &Expr, to: &Resize| resized(source, to, kept).unwrap();
            let all = |one: &dyn Fn(&Expr, &Resize) -> Expr| {
                let mut parts = sources.iter().zip(&resizes).take(count).map(|(source, to)| one(source, to));
                let first = parts.next().unwrap();
                let laid = parts.fold(first, |below, above| overlay(&below, &above));
                // A mix of what has mixes, half as wide.
                if turn.is_multiple_of(4) && to.0 > 1 {
                    let small = Resize { filter, light, edge, ..Resize::to(to.0.div_ceil(2), to.1) };
                    return one(&laid, &small);
                }
                laid
            };
            let (want, got) = (all(&before), all(&late));
            prop_assert!(got.has_mixes() || sizes.iter().take(count).any(|size| *size == to));
            let pixels = |expr: &Expr| {
                let image = exec.materialise_as(expr, between, stored, 0).unwrap();
                exec.read(&image, &Cancel::new()).unwrap()
            };
            let bits = |expr: &Expr| {
                pixels(expr).rgba.as_flattened().iter().map(|v| v.to_bits()).collect::<Vec<_>>()
            };
            prop_assert_eq!(bits(&got), bits(&want));
            let format = EncodeFormat {
                layout, sample: Sample::U8, bits: 8, color: ColorTags::default(), siting, dither: true,
            };
            let codes = |expr: &Expr| {
                let made = exec.to_planes(expr, &format, between, turn, 0).unwrap().wait(&Cancel::new()).unwrap();
                (0..layout.planes()).map(|plane| made.plane(plane).to_vec()).collect::<Vec<_>>()
            };
            prop_assert_eq!(codes(&got), codes(&want));
        }
    }
}
