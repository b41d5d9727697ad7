//! The pixel under the pointer, read back from the working picture. The window asks, goes on, and is told.

use super::{Editor, Message, Tell};
use crate::editor::panels::compare::Side;
use crate::editor::panels::viewer::PixelRead;
use egui_wgpu::wgpu;
use rushes_gpu::{Gpu, Image, Precision};
use std::time::Duration;

/// How soon the device is asked again whether a pixel has come.
const LOOK_AGAIN: Duration = Duration::from_millis(8);

/// Which pixel of which frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// Of which picture.
    side: Side,
    /// The question to which the frame came as an answer.
    frame: u64,
    /// Its place at full scale.
    at: [u32; 2],
}

/// A pixel on its way.
struct Reading {
    spot: Spot,
    buffer: wgpu::Buffer,
    precision: Precision,
    /// Held so that its texture is not used again before it was copied.
    _image: Image,
}

/// What is read, and what was.
#[derive(Default)]
pub(super) struct Probe {
    reading: Option<Reading>,
    known: Option<(Spot, [f32; 4])>,
}

impl Probe {
    /// The pixel read last.
    pub(super) fn pixel(&self) -> Option<PixelRead> {
        self.known.map(|(spot, rgba)| PixelRead { at: spot.at, rgba })
    }

    /// Takes the pixel that was read; `came` is whether the device gave it.
    pub(super) fn came(&mut self, spot: Spot, came: bool) {
        let Some(reading) = self.reading.take_if(|r| r.spot == spot) else { return };
        if came {
            self.known = reading.channels().map(|rgba| (spot, rgba));
        }
    }
}

impl Reading {
    fn channels(&self) -> Option<[f32; 4]> {
        let bytes = self.buffer.slice(..).get_mapped_range().ok()?.to_vec();
        self.buffer.unmap();
        let mut rgba = [0.0; 4];
        match self.precision {
            Precision::Half => {
                for (channel, two) in rgba.iter_mut().zip(bytes.chunks_exact(2)) {
                    *channel = half_to_float(u16::from_le_bytes(two.try_into().ok()?));
                }
            }
            Precision::Float => {
                for (channel, four) in rgba.iter_mut().zip(bytes.chunks_exact(4)) {
                    *channel = f32::from_le_bytes(four.try_into().ok()?);
                }
            }
        }
        Some(rgba)
    }
}

/// A half float as a float.
fn half_to_float(bits: u16) -> f32 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f32::from(bits & 0x3ff));
    let size = match exponent {
        0 => fraction * 2f32.powi(-24),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        e => (1.0 + fraction / 1024.0) * 2f32.powi(e - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

impl Editor {
    /// Reads the pixel under the pointer, or forgets the last one where there is none.
    pub(super) fn probe(&mut self, at: Option<(Side, [u32; 2])>) {
        let seen = at.and_then(|(side, at)| Some((side, at, self.seen(side)?)));
        let (Some((side, at, seen)), Some(pictures)) = (seen, &self.pictures) else {
            self.probe.known = None;
            return;
        };
        let spot = Spot { side, frame: seen.number(), at };
        if self.probe.known.is_some_and(|(known, _)| known == spot) {
            return;
        }
        let gpu = pictures.gpu();
        if self.probe.reading.is_none() {
            let scaled =
                |at: u32, full: u32, of: u32| (u64::from(at) * u64::from(of) / u64::from(full.max(1))) as u32;
            let texel = [
                scaled(at[0], seen.size[0], seen.image.width()).min(seen.image.width().saturating_sub(1)),
                scaled(at[1], seen.size[1], seen.image.height()).min(seen.image.height().saturating_sub(1)),
            ];
            self.probe.reading = read(gpu, &seen.image, texel, spot, &self.tell);
        }
        // The device tells of finished work only to those who look.
        if let Err(e) = gpu.device().poll(wgpu::PollType::Poll) {
            log::debug!("the device was not polled: {e}");
        }
        self.tell.ctx.request_repaint_after(LOOK_AGAIN);
    }
}

fn read(gpu: &Gpu, image: &Image, texel: [u32; 2], spot: Spot, tell: &Tell) -> Option<Reading> {
    let texture = gpu.view_of(image).ok()?.texture();
    let size = image.precision().bytes_per_pixel();
    let buffer = gpu.device().create_buffer(&wgpu::BufferDescriptor {
        label: Some("pixel under the pointer"),
        size,
        usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
        mapped_at_creation: false,
    });
    let mut encoder = gpu.device().create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
    encoder.copy_texture_to_buffer(
        wgpu::TexelCopyTextureInfo {
            texture,
            mip_level: 0,
            origin: wgpu::Origin3d { x: texel[0], y: texel[1], z: 0 },
            aspect: wgpu::TextureAspect::All,
        },
        wgpu::TexelCopyBufferInfo { buffer: &buffer, layout: wgpu::TexelCopyBufferLayout::default() },
        wgpu::Extent3d { width: 1, height: 1, depth_or_array_layers: 1 },
    );
    gpu.queue().submit([encoder.finish()]);
    let tell = tell.clone();
    buffer.slice(..).map_async(wgpu::MapMode::Read, move |came| tell.say(Message::Pixel(spot, came.is_ok())));
    Some(Reading { spot, buffer, precision: image.precision(), _image: image.clone() })
}

#[cfg(test)]
mod tests {
    use super::half_to_float;

    #[test]
    fn half_floats_are_read_as_written() {
        let cases = [(0x0000, 0.0), (0x3800, 0.5), (0x3c00, 1.0), (0xc000, -2.0), (0x0001, 5.960_464_5e-8)];
        for (bits, value) in cases {
            assert_eq!(half_to_float(bits), value, "{bits:#x}");
        }
        assert!(half_to_float(0x7e00).is_nan() && half_to_float(0x7c00).is_infinite());
    }
}
