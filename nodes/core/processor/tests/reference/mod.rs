//! What `assets/shaders/core/planes.wgsl`, `encode.wgsl` and `hash.wgsl` say of one pixel, in plain words.

use half::f16;
use rushes_engine::{Layout, Planes, Sample};
use rushes_gpu::{EncodeFormat, Pixels, plane_args, subsampling};

/// The order in which a layout's planes hold the channels: for each, its plane, and how many samples lie together and
/// which of them it is.
pub fn place(layout: Layout, channel: usize) -> Option<(usize, usize, usize)> {
    match (layout, channel) {
        (Layout::PackedRgba, _) => Some((0, 4, channel)),
        (Layout::SemiPlanar, 1 | 2) => Some((1, 2, channel - 1)),
        _ if channel == 0 => Some((0, 1, 0)),
        (Layout::Gray, _) => None,
        (_, 3) if !layout.has_alpha() => None,
        _ => Some((channel, 1, 0)),
    }
}

/// One sample of a channel.
pub fn sample(planes: &Planes, channel: usize, x: u32, y: u32) -> Option<f32> {
    let (plane, together, which) = place(planes.info.layout, channel)?;
    let row = planes.row(plane, y);
    let at = (x as usize * together + which) * planes.info.sample.size();
    Some(match planes.info.sample {
        Sample::U8 => row[at].into(),
        Sample::U16 => u16::from_ne_bytes([row[at], row[at + 1]]).into(),
        Sample::F16 => f16::from_ne_bytes([row[at], row[at + 1]]).to_f32(),
        Sample::F32 => f32::from_ne_bytes(row[at..at + 4].try_into().unwrap()),
    })
}

/// The colour of an upright pixel.
pub fn decoded(planes: &Planes, x: u32, y: u32) -> [f64; 4] {
    let args = plane_args(&planes.info);
    let whole: [i32; 8] = bytemuck::pod_read_unaligned(&args[..32]);
    let floats: [f32; 20] = bytemuck::pod_read_unaligned(&args[32..112]);
    let floats = floats.map(f64::from);
    let (x, y) = (x as i32, y as i32);
    let at = [whole[0] * x + whole[1] * y + whole[4], whole[2] * x + whole[3] * y + whole[5]];
    let subsampled = subsampling(planes.info.layout) != (0, 0);
    let code = |channel: usize| {
        let sample = |x: i32, y: i32| sample(planes, channel, x as u32, y as u32).map(f64::from);
        if !subsampled || channel == 0 || channel == 3 {
            return sample(at[0], at[1]);
        }
        let [across, down] = [0, 1].map(|axis: usize| {
            let place = f64::from(at[axis]) * floats[12 + axis] + floats[14 + axis];
            let inside = |v: f64| v.clamp(0.0, f64::from(whole[6 + axis])) as i32;
            (inside(place.floor()), inside(place.floor() + 1.0), place - place.floor())
        });
        let row = |y: i32| {
            let (left, right) = (sample(across.0, y)?, sample(across.1, y)?);
            Some(left + (right - left) * across.2)
        };
        let (top, bottom) = (row(down.0)?, row(down.1)?);
        Some(top + (bottom - top) * down.2)
    };
    let first = code(0).unwrap();
    let codes = [first, code(1).unwrap_or(first), code(2).unwrap_or(first)];
    let channel = |i: usize| (0..3).map(|c| floats[4 * i + c] * codes[c]).sum::<f64>() + floats[4 * i + 3];
    [channel(0), channel(1), channel(2), code(3).map_or(1.0, |a| a * floats[16])]
}

fn pcg(v: u32) -> u32 {
    let state = v.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

fn uniform3(x: u32, y: u32, frame: u32, seed: u32) -> [f32; 3] {
    let mut v = [x, y, pcg(frame ^ pcg(seed))];
    v = v.map(|v| v.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let turn = |v: &mut [u32; 3]| {
        v[0] = v[0].wrapping_add(v[1].wrapping_mul(v[2]));
        v[1] = v[1].wrapping_add(v[2].wrapping_mul(v[0]));
        v[2] = v[2].wrapping_add(v[0].wrapping_mul(v[1]));
    };
    turn(&mut v);
    v = v.map(|v| v ^ (v >> 16));
    turn(&mut v);
    v.map(|v| (v >> 8) as f32 * (1.0 / 16_777_216.0))
}

/// An encoder's numbers.
pub struct Encoder<'a> {
    format: EncodeFormat,
    frame: u32,
    rows: [[f32; 4]; 4],
    pixels: &'a Pixels,
}

impl<'a> Encoder<'a> {
    pub fn new(format: EncodeFormat, frame: u32, pixels: &'a Pixels) -> Self {
        let args = format.args(frame);
        Self { format, frame, rows: bytemuck::pod_read_unaligned(&args[..64]), pixels }
    }

    /// A channel before rounding.
    fn value(&self, channel: usize, x: u32, y: u32) -> f32 {
        let rgba = self.pixels.rgba[(y * self.pixels.width + x) as usize];
        let [a, b, c, w] = self.rows[channel];
        a * rgba[0] + b * rgba[1] + c * rgba[2] + w
    }

    /// Chroma from chroma about 0 at full size, which is kept as half floats on its way to codes of 8 bits.
    fn chroma(&self, channel: usize, x: u32, y: u32) -> f32 {
        let (sub_x, sub_y) = subsampling(self.format.layout);
        let [(left, across), (top, down)] = self.format.chroma_taps();
        let middle = self.rows[channel][3];
        let mut sum = 0.0;
        for (i, across) in (0..).zip(across) {
            let mut column = 0.0;
            for (j, down) in (0..).zip(&down) {
                let x = (((x << sub_x) as i32) + left + i).clamp(0, self.pixels.width as i32 - 1);
                let y = (((y << sub_y) as i32) + top + j).clamp(0, self.pixels.height as i32 - 1);
                let value = self.value(channel, x as u32, y as u32) - middle;
                column += if self.format.bits <= 8 { f16::from_f32(value).to_f32() } else { value } * down;
            }
            sum += column * across;
        }
        sum + middle
    }

    /// The stored sample of a channel.
    pub fn sample(&self, channel: usize, x: u32, y: u32) -> f32 {
        let [full, high, dither, _] = self.rows[3];
        let whole = matches!(self.format.sample, Sample::U8 | Sample::U16);
        let small = subsampling(self.format.layout) != (0, 0) && (1..3).contains(&channel);
        let code = |v: f32| v.floor().clamp(0.0, high);
        let stored = |v: f32| if self.format.sample == Sample::F16 { f16::from_f32(v).to_f32() } else { v };
        if channel == 3 {
            let alpha = self.pixels.rgba[(y * self.pixels.width + x) as usize][3];
            return if whole { code(alpha * full + 0.5) } else { stored(alpha) };
        }
        let value = if small { self.chroma(channel, x, y) } else { self.value(channel, x, y) };
        if !whole {
            return stored(value);
        }
        let noise = uniform3(x, y, self.frame, u32::from(small));
        let threshold = noise[if small { channel - 1 } else { channel }];
        code(value + if dither > 0.5 { threshold } else { 0.5 })
    }
}
