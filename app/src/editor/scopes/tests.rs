//! Bins and figures against a plain reckoning of the published formulas.

use super::super::{COLUMNS, HISTOGRAM, LEVELS, PEAK, Scope, VECTOR, WAVE};
use super::*;
use crate::editor::theme::Tokens;
use rushes_gpu::{DeviceChoice, Executor as _, Pixels, Precision};
use std::sync::mpsc::channel;

const WIDTH: u32 = 321;
const HEIGHT: u32 = 97;

/// A picture with every level, colours beyond black and white, transparency, and one pixel that is no number.
fn pixels() -> Vec<[f32; 4]> {
    let mut state = 7u32;
    let mut random = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 24) as f32
    };
    let mut all: Vec<[f32; 4]> = (0..WIDTH * HEIGHT)
        .map(|i| {
            let x = (i % WIDTH) as f32 / (WIDTH - 1) as f32;
            let alpha = if i % 11 == 0 { 0.5 } else { 1.0 };
            [x * 1.1 - 0.05, random(), random() * 0.25, alpha]
        })
        .collect();
    all[500] = [f32::NAN, 0.0, 0.0, 1.0];
    all
}

/// The number of the level of a value, as 8 bits round it.
fn level(v: f32) -> u32 {
    (v * 255.0 + 0.5).floor().clamp(0.0, 255.0) as u32
}

struct Measured {
    bins: Vec<u32>,
    figures: Figures,
}

fn read(gpu: &Gpu, buffer: &wgpu::Buffer) -> Vec<u32> {
    let size = buffer.size();
    let usage = wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ;
    let out = wgpu::BufferDescriptor { label: None, size, usage, mapped_at_creation: false };
    let out = gpu.device().create_buffer(&out);
    let mut encoder = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    encoder.copy_buffer_to_buffer(buffer, 0, &out, 0, size);
    gpu.queue().submit([encoder.finish()]);
    out.slice(..).map_async(wgpu::MapMode::Read, |_| {});
    gpu.device().poll(wgpu::PollType::wait_indefinitely()).unwrap();
    let bytes = out.slice(..).get_mapped_range().unwrap().to_vec();
    bytes.chunks_exact(4).map(|c| u32::from_le_bytes(c.try_into().unwrap())).collect()
}

fn measured(area: [u32; 4]) -> Measured {
    let gpu = Gpu::open(DeviceChoice::Software).unwrap();
    let look = Tokens::load().unwrap().scope;
    let (scopes, _) = Scopes::new(&gpu, wgpu::TextureFormat::Rgba8Unorm, &look).unwrap();
    let pixels = Pixels { width: WIDTH, height: HEIGHT, rgba: pixels() };
    let image = gpu.image(&pixels, Precision::Float).unwrap();
    let (tell, told) = channel();
    // Twice, since bins of the picture before must be gone.
    scopes.measure(&image, [0, 0, WIDTH, HEIGHT], |_| {}).unwrap();
    let measuring = scopes.measure(&image, area, move |came| tell.send(came).unwrap()).unwrap();
    gpu.device().poll(wgpu::PollType::wait_indefinitely()).unwrap();
    assert!(told.recv().unwrap());
    Measured { bins: read(&gpu, &scopes.bins), figures: measuring.figures().unwrap() }
}

/// The same by one loop.
fn reckoned(area: [u32; 4]) -> (Vec<u32>, Figures) {
    let mut bins = vec![0u32; BINS as usize];
    let (mut sum, mut min, mut max) = ([0.0f64; 3], [f32::MAX; 3], [f32::MIN; 3]);
    let (mut black, mut white, mut n) = (0.0f32, 0.0f32, 0.0f32);
    let all = pixels();
    for y in area[1]..area[3] {
        for x in area[0]..area[2] {
            let [r, g, b, a] = all[(y * WIDTH + x) as usize];
            if r.is_nan() {
                continue;
            }
            let rgb = [r * a, g * a, b * a];
            let luma = rgb[0] * 0.2126 + rgb[1] * 0.7152 + rgb[2] * 0.0722;
            let width = area[2] - area[0];
            let column = (x - area[0]) * COLUMNS.min(width) / width;
            for (c, v) in rgb.into_iter().enumerate() {
                bins[(HISTOGRAM + c as u32 * LEVELS + level(v)) as usize] += 1;
                sum[c] += f64::from(v);
                min[c] = min[c].min(v);
                max[c] = max[c].max(v);
            }
            for (c, v) in [luma, rgb[0], rgb[1], rgb[2]].into_iter().enumerate() {
                bins[(WAVE + (c as u32 * COLUMNS + column) * LEVELS + level(v)) as usize] += 1;
            }
            let (cb, cr) = ((rgb[2] - luma) / 1.8556, (rgb[0] - luma) / 1.5748);
            bins[(VECTOR + level(cr + 0.5) * LEVELS + level(cb + 0.5)) as usize] += 1;
            n += 1.0;
            black += f32::from(u8::from(rgb.iter().all(|v| *v <= 0.0)));
            white += f32::from(u8::from(rgb.iter().any(|v| *v >= 1.0)));
        }
    }
    let highest = (0..3).flat_map(|c| (1..LEVELS - 1).map(move |i| (HISTOGRAM + c * LEVELS + i) as usize));
    bins[PEAK as usize] = highest.map(|at| bins[at]).max().unwrap();
    let mean = sum.map(|v| (v / f64::from(n)) as f32);
    (bins, Figures { mean, min, max, black: black / n, white: white / n })
}

/// Counts that lie in another bin: values on the edge of two are rounded either way by the order of a sum.
fn astray(got: &[u32], expected: &[u32]) -> u32 {
    got.iter().zip(expected).map(|(g, e)| g.abs_diff(*e)).sum::<u32>() / 2
}

#[test]
fn bins_and_figures_are_those_of_a_plain_reckoning() {
    for area in [[0, 0, WIDTH, HEIGHT], [40, 11, 43, 90], [320, 96, 321, 97]] {
        let Measured { bins, figures } = measured(area);
        let (expected, told) = reckoned(area);
        let tables = [(HISTOGRAM, PEAK), (WAVE, VECTOR), (VECTOR, BINS)];
        let n = (area[2] - area[0]) * (area[3] - area[1]);
        for ((from, to), share) in tables.into_iter().zip([3, 4, 1]) {
            let range = from as usize..to as usize;
            let total: u32 = bins[range.clone()].iter().sum();
            assert_eq!(total, expected[range.clone()].iter().sum::<u32>(), "every pixel is counted once");
            let astray = astray(&bins[range.clone()], &expected[range]);
            assert!(astray * 1000 <= n * share, "{area:?}, table at {from}: {astray} of {n} pixels astray");
        }
        assert!(bins[PEAK as usize].abs_diff(expected[PEAK as usize]) <= 1);
        for c in 0..3 {
            assert!((figures.mean[c] - told.mean[c]).abs() < 1e-5, "{figures:?}, not {told:?}");
        }
        assert_eq!((figures.min, figures.max), (told.min, told.max));
        assert!((figures.black - told.black).abs() < 1e-6 && (figures.white - told.white).abs() < 1e-6);
    }
}

#[test]
fn an_area_without_pixels_has_no_figures() {
    assert_eq!(Figures::of(&[0.0; 24]), None);
}

#[test]
fn every_scope_lights_up_where_its_bins_are() {
    let gpu = Gpu::open(DeviceChoice::Software).unwrap();
    let look = Tokens::load().unwrap().scope;
    let (scopes, drawer) = Scopes::new(&gpu, wgpu::TextureFormat::Rgba8Unorm, &look).unwrap();
    assert_eq!(gpu.health().last_error, None);
    // One colour: a line in the waveform, a point in the vectorscope, a column for each channel.
    let rgba = vec![[0.8, 0.4, 0.2, 1.0]; 64 * 64];
    let image = gpu.image(&Pixels { width: 64, height: 64, rgba }, Precision::Float).unwrap();
    scopes.measure(&image, [0, 0, 64, 64], |_| {}).unwrap();
    let luma = 0.2126 * 0.8 + 0.7152 * 0.4 + 0.0722 * 0.2;
    let (cb, cr) = ((0.2 - luma) / 1.8556 + 0.5, (0.8 - luma) / 1.5748 + 0.5);
    let lit = |scope: Scope, x: f32, y: f32| {
        let shown = drawn(&gpu, &drawer, scope);
        let at = |x: f32, y: f32| {
            let (x, y) = ((x * 255.0).round() as usize, 255 - (y * 255.0).round() as usize);
            shown[(y * 256 + x) * 4..][..3].iter().map(|v| u32::from(*v)).sum::<u32>()
        };
        (at(x, y), at(x, y + 0.1))
    };
    for (scope, x, y) in [
        (Scope::Waveform, 0.3, luma),
        (Scope::Parade, 0.1, 0.8),
        (Scope::Parade, 0.5, 0.4),
        (Scope::Parade, 0.9, 0.2),
        (Scope::Vectorscope, cb, cr),
        (Scope::Histogram, 0.4, 0.5),
    ] {
        let (on, beside) = lit(scope, x, y);
        assert!(on > 90, "{scope:?} is dark at {x} {y}");
        assert!(beside == 0 || scope == Scope::Histogram, "{scope:?} is lit above {x} {y}");
    }
    assert_eq!(lit(Scope::Histogram, 0.6, 0.5).0, 0);
}

/// A scope as 256 × 256 pixels of 8 bits.
fn drawn(gpu: &Gpu, drawer: &Drawer, scope: Scope) -> Vec<u8> {
    let size = wgpu::Extent3d { width: 256, height: 256, depth_or_array_layers: 1 };
    let target = gpu.device().create_texture(&wgpu::TextureDescriptor {
        label: None,
        size,
        mip_level_count: 1,
        sample_count: 1,
        dimension: wgpu::TextureDimension::D2,
        format: wgpu::TextureFormat::Rgba8Unorm,
        usage: wgpu::TextureUsages::RENDER_ATTACHMENT | wgpu::TextureUsages::COPY_SRC,
        view_formats: &[],
    });
    let out = gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: None,
        size: 256 * 256 * 4,
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    {
        let view = target.create_view(&wgpu::TextureViewDescriptor::default());
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: &view,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        drawer.draw(&mut pass, scope);
    }
    let layout =
        wgpu::TexelCopyBufferLayout { offset: 0, bytes_per_row: Some(256 * 4), rows_per_image: None };
    let to = wgpu::TexelCopyBufferInfo { buffer: &out, layout };
    encoder.copy_texture_to_buffer(target.as_image_copy(), to, size);
    gpu.queue().submit([encoder.finish()]);
    out.slice(..).map_async(wgpu::MapMode::Read, |_| {});
    gpu.device().poll(wgpu::PollType::wait_indefinitely()).unwrap();
    assert_eq!(gpu.health().last_error, None);
    out.slice(..).get_mapped_range().unwrap().to_vec()
}
