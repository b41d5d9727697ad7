//! A decoded picture made small in main memory, for what is told of it before anything is rendered.

use rushes_engine::{Layout, Planes, Sample, Transfer};
use rushes_gpu::{code_range, luma_weights};

/// Encoded, display-referred pixels, upright or not.
pub(crate) struct Small {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) rgb: Vec<[f32; 3]>,
}

/// Where a channel lies: its plane, from one of its samples to the next, and the first.
fn place(layout: Layout, channel: usize) -> (usize, usize, usize) {
    match layout {
        Layout::Gray => (0, 1, 0),
        Layout::PackedRgba => (0, 4, channel),
        Layout::SemiPlanar if channel > 0 => (1, 2, channel - 1),
        _ => (channel, 1, 0),
    }
}

/// Sample `i` of a row.
fn code(row: &[u8], i: usize, sample: Sample) -> f64 {
    let two = || row.get(2 * i..2 * i + 2).and_then(|b| b.try_into().ok()).unwrap_or([0; 2]);
    match sample {
        Sample::U8 => row.get(i).copied().unwrap_or(0).into(),
        Sample::U16 => u16::from_ne_bytes(two()).into(),
        Sample::F16 => half::f16::from_ne_bytes(two()).to_f64(),
        Sample::F32 => {
            let four = row.get(4 * i..4 * i + 4).and_then(|b| b.try_into().ok()).unwrap_or([0; 4]);
            f32::from_ne_bytes(four).into()
        }
    }
}

/// A channel as the mean of the samples that each of `width` by `height` pixels stands for.
fn channel(planes: &Planes, number: usize, width: usize, height: usize) -> Vec<f64> {
    let (plane, step, first) = place(planes.info.layout, number);
    let (across, down) = planes.info.plane_size(plane);
    let (across, down) = (across as usize / step, down as usize);
    let span = |at: usize, count: usize, of: usize| {
        let start = at * of / count;
        start..((at + 1) * of / count).max(start + 1)
    };
    let mut out = Vec::with_capacity(width * height);
    for y in 0..height {
        let mut sums = vec![0.0; width];
        let rows = span(y, height, down);
        for row in rows.clone() {
            let row = planes.row(plane, u32::try_from(row).unwrap_or(u32::MAX));
            for (x, sum) in sums.iter_mut().enumerate() {
                let columns = span(x, width, across);
                let count = columns.len() as f64;
                *sum += columns.map(|i| code(row, i * step + first, planes.info.sample)).sum::<f64>() / count;
            }
        }
        out.extend(sums.iter().map(|sum| sum / rows.len() as f64));
    }
    out
}

/// The picture with a longer side of at most `side`.
pub(crate) fn small(planes: &Planes, side: usize) -> Small {
    let (w, h) = (planes.info.width as usize, planes.info.height as usize);
    let longer = w.max(h).max(1);
    let fitted = |length: usize| if longer > side { (length * side / longer).max(1) } else { length };
    let (width, height) = (fitted(w), fitted(h));
    let [main, chroma, _] = code_range(planes.info.sample, planes.info.bits, planes.info.color.range);
    let channels: Vec<Vec<f64>> = (0..3).map(|n| channel(planes, n, width, height)).collect();
    let (red, blue) = luma_weights(planes.info.color.matrix);
    let pixel = |i: usize| {
        let at = |n: usize, (scale, offset): (f64, f64)| {
            let code = channels.get(n).and_then(|c| c.get(i)).copied().unwrap_or(0.0);
            (code - offset) / scale
        };
        let rgb = match planes.info.layout {
            Layout::Gray => [at(0, main); 3],
            layout if layout.is_yuv() => {
                let (y, u, v) = (at(0, main), at(1, chroma), at(2, chroma));
                let (r, b) = (y + 2.0 * (1.0 - red) * v, y + 2.0 * (1.0 - blue) * u);
                [r, (y - red * r - blue * b) / (1.0 - red - blue), b]
            }
            _ => [0, 1, 2].map(|n| at(n, main)),
        };
        let linear = planes.info.color.transfer == Transfer::Linear;
        rgb.map(|v| if linear { v.signum() * v.abs().powf(1.0 / 2.4) } else { v } as f32)
    };
    Small { width, height, rgb: (0..width * height).map(pixel).collect() }
}
