//! Planes to colours and back on both kinds of lanes against the formulas of the shaders, written out.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod reference;

use half::f16;
use proptest::prelude::*;
use reference::{Encoder, decoded, place, sample};
use rushes_engine::{
    Cancel, ColorTags, Layout, Matrix, Orientation, Planes, PlanesInfo, Primaries, Range, Sample, Siting,
    Transfer,
};
use rushes_gpu::{EncodeFormat, Executor, Expr, Pixels, Precision, subsampling};
use rushes_processor::Processor;
use std::sync::Arc;

/// Reproducible noise.
struct Noise(u64);

impl Noise {
    fn next(&mut self) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    /// From a bit below black to a bit beyond white.
    fn value(&mut self) -> f32 {
        (self.next() & 0xffff) as f32 / 50_000.0 - 0.15
    }
}

fn layout() -> impl Strategy<Value = Layout> {
    let subs = (0_u8..3, 0_u8..3);
    prop_oneof![
        Just(Layout::Gray),
        Just(Layout::Rgb),
        Just(Layout::Rgba),
        Just(Layout::PackedRgba),
        Just(Layout::SemiPlanar),
        Just(Layout::Yuv { sub_x: 1, sub_y: 1 }),
        subs.clone().prop_map(|(sub_x, sub_y)| Layout::Yuv { sub_x, sub_y }),
        subs.prop_map(|(sub_x, sub_y)| Layout::Yuva { sub_x, sub_y }),
    ]
}

fn stored() -> impl Strategy<Value = (Sample, u8)> {
    prop_oneof![
        Just((Sample::U8, 8)),
        (9_u8..=16).prop_map(|bits| (Sample::U16, bits)),
        Just((Sample::F16, 16)),
        Just((Sample::F32, 32)),
    ]
}

fn siting() -> impl Strategy<Value = Siting> {
    prop_oneof![Just(Siting::Left), Just(Siting::Center), Just(Siting::TopLeft)]
}

fn color() -> impl Strategy<Value = ColorTags> {
    let matrix = prop_oneof![Just(Matrix::Bt601), Just(Matrix::Bt709), Just(Matrix::Bt2020)];
    (matrix, prop_oneof![Just(Range::Limited), Just(Range::Full)]).prop_map(|(matrix, range)| ColorTags {
        primaries: Primaries::Bt709,
        transfer: Transfer::Sdr,
        matrix,
        range,
        guessed: false,
    })
}

/// Widths about those of lanes and spans, and heights about those of bands.
fn size() -> impl Strategy<Value = (u32, u32)> {
    let width = prop_oneof![1_u32..20, 120_u32..140, 1_u32..300];
    (width, prop_oneof![1_u32..8, 15_u32..20, 60_u32..70])
}

fn precision() -> impl Strategy<Value = Precision> {
    prop_oneof![Just(Precision::Float), Just(Precision::Half)]
}

fn planes(
    (width, height): (u32, u32),
    layout: Layout,
    (sample, bits): (Sample, u8),
    color: ColorTags,
    siting: Siting,
    orientation: Orientation,
    seed: u64,
) -> Planes {
    let mut noise = Noise(seed);
    let mut strides = Vec::new();
    let store: Vec<Vec<u8>> = (0..layout.planes())
        .map(|plane| {
            let (samples, rows) = layout.plane_size(plane, width, height);
            // A stride that is no multiple of anything, as decoders have them.
            let spare = 3 * sample.size();
            strides.push(samples as usize * sample.size() + spare);
            let mut bytes = Vec::new();
            for row in 0..rows {
                for _ in 0..samples {
                    match sample {
                        Sample::U8 => bytes.push(noise.next() as u8),
                        Sample::U16 => bytes.extend(((noise.next() % (1 << bits)) as u16).to_ne_bytes()),
                        Sample::F16 => bytes.extend(f16::from_f32(noise.value()).to_ne_bytes()),
                        Sample::F32 => bytes.extend(noise.value().to_ne_bytes()),
                    }
                }
                // The last row ends with its samples.
                if row + 1 < rows {
                    bytes.extend(std::iter::repeat_n(0xaa, spare));
                }
            }
            bytes
        })
        .collect();
    Planes {
        info: PlanesInfo { width, height, layout, sample, bits, color, siting, orientation },
        strides,
        store: Arc::new(store),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn planes_become_the_colours_of_the_formula(
        size in size(),
        layout in layout(),
        stored in stored(),
        color in color(),
        siting in siting(),
        (quarter_turns, mirrored) in prop_oneof![Just((0, false)), (0_u8..4, any::<bool>())],
        precision in precision(),
        seed in any::<u64>(),
    ) {
        let planes = planes(size, layout, stored, color, siting, Orientation { quarter_turns, mirrored }, seed);
        for processor in Processor::of_each_kind() {
            let read = Expr::Planes(processor.upload(&planes).unwrap());
            let picture = processor.materialise(&read, precision, 0).unwrap();
            let got = processor.read(&picture, &Cancel::new()).unwrap();
            for (i, got) in (0..).zip(&got.rgba) {
                let (x, y) = (i % picture.width(), i / picture.width());
                let want = decoded(&planes, x, y);
                for (got, want) in got.iter().zip(want) {
                    let step = match precision {
                        Precision::Half => 1.0 / 1024.0,
                        Precision::Float => 4e-6,
                    };
                    let most = step * want.abs().max(0.5);
                    prop_assert!((f64::from(*got) - want).abs() <= most, "({x}, {y}): {got} not {want}");
                }
            }
        }
    }

    #[test]
    fn codes_are_those_of_the_formula(
        (width, height) in size(),
        layout in layout(),
        (sample_kind, bits) in stored(),
        color in color(),
        siting in siting(),
        dither in any::<bool>(),
        precision in precision(),
        frame in any::<u32>(),
        seed in any::<u64>(),
    ) {
        let format = EncodeFormat { layout, sample: sample_kind, bits, color, siting, dither };
        prop_assume!(format.check().is_ok());
        let mut noise = Noise(seed);
        let rgba = (0..width * height).map(|_| std::array::from_fn(|_| noise.value())).collect();
        let pixels = Pixels { width, height, rgba };
        for processor in Processor::of_each_kind() {
            let picture = processor.image(&pixels, precision).unwrap();
            // As working pixels hold them.
            let pixels = processor.read(&picture, &Cancel::new()).unwrap();
            let codes = |expr: &Expr, frame| {
                processor.to_planes(expr, &format, precision, frame, 0).unwrap().wait(&Cancel::new()).unwrap()
            };
            // Planes are made in the place of others that were let go.
            let other = Pixels { width, height, rgba: vec![[0.7, 0.1, 0.4, 0.9]; (width * height) as usize] };
            drop(codes(&processor.image(&other, precision).unwrap().into(), !frame));
            let made = codes(&picture.into(), frame);
            let formula = Encoder::new(format, frame, &pixels);
            let (sub_x, sub_y) = subsampling(layout);
            for channel in (0..4).filter(|c| place(layout, *c).is_some()) {
                let (sub_x, sub_y) = if (1..3).contains(&channel) { (sub_x, sub_y) } else { (0, 0) };
                for y in 0..height.div_ceil(1 << sub_y) {
                    for x in 0..width.div_ceil(1 << sub_x) {
                        let got = sample(&made, channel, x, y);
                        prop_assert_eq!(got, Some(formula.sample(channel, x, y)), "{} ({}, {})", channel, x, y);
                    }
                }
            }
        }
    }
}
