//! Textures on their way back to main memory.

use crate::device::{Gpu, lock};
use crate::executor::Pixels;
use crate::image::{Image, Precision};
use crate::pool::GpuTexture;
use rushes_engine::{Cancel, Error, Result};
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// Readback buffers of one size that are kept for use again.
const MAX_KEPT: usize = 4;

const WAITING: u8 = 0;
const MAPPED: u8 = 1;
const FAILED: u8 = 2;

/// Where one texture lies in a readback buffer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slice {
    pub(crate) offset: u64,
    /// Bytes of a row as the device writes it, a multiple of 256.
    pub(crate) stride: u32,
    /// Bytes of a row that count.
    pub(crate) row: u32,
    pub(crate) rows: u32,
}

/// A buffer that the device is filling.
pub(crate) struct Readback {
    gpu: Gpu,
    buffer: Option<wgpu::Buffer>,
    state: Arc<AtomicU8>,
    slices: Vec<Slice>,
}

/// Where textures will lie in one buffer, and its size.
pub(crate) fn slices(textures: &[&GpuTexture]) -> (Vec<Slice>, u64) {
    let mut end = 0;
    let mut out = Vec::with_capacity(textures.len());
    for texture in textures {
        let texel = texture.texture.format().block_copy_size(None).unwrap_or(4);
        let row = texture.texture.width() * texel;
        let stride = row.next_multiple_of(wgpu::COPY_BYTES_PER_ROW_ALIGNMENT);
        let rows = texture.texture.height();
        out.push(Slice { offset: end, stride, row, rows });
        end += u64::from(stride) * u64::from(rows);
    }
    (out, end)
}

impl Gpu {
    /// A buffer to read back into, used again where one is free.
    pub(crate) fn readback_buffer(&self, size: u64) -> Result<wgpu::Buffer> {
        let max = self.0.report.max_buffer_bytes;
        if size > max {
            return Err(Error::system(format!("reading back {size} bytes is more than this device allows"))
                .help("work at a smaller proxy"));
        }
        if let Some(buffer) = lock(&self.0.buffers).get_mut(&size).and_then(Vec::pop) {
            return Ok(buffer);
        }
        self.guarded(|| {
            self.0.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size,
                usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
                mapped_at_creation: false,
            })
        })
    }

    /// Copies textures into a buffer at the end of a submission.
    pub(crate) fn copy_out(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        textures: &[&GpuTexture],
        slices: &[Slice],
        buffer: &wgpu::Buffer,
    ) {
        for (texture, slice) in textures.iter().zip(slices) {
            encoder.copy_texture_to_buffer(
                texture.texture.as_image_copy(),
                wgpu::TexelCopyBufferInfo {
                    buffer,
                    layout: wgpu::TexelCopyBufferLayout {
                        offset: slice.offset,
                        bytes_per_row: Some(slice.stride),
                        rows_per_image: Some(slice.rows),
                    },
                },
                texture.texture.size(),
            );
        }
    }

    /// Begins to wait for a buffer whose copies were submitted.
    pub(crate) fn begin_readback(&self, buffer: wgpu::Buffer, slices: Vec<Slice>) -> Result<Readback> {
        let state = Arc::new(AtomicU8::new(WAITING));
        let of_map = state.clone();
        self.guarded(|| {
            buffer.map_async(wgpu::MapMode::Read, .., move |result| {
                of_map.store(if result.is_ok() { MAPPED } else { FAILED }, Ordering::Release);
            });
        })?;
        Ok(Readback { gpu: self.clone(), buffer: Some(buffer), state, slices })
    }

    pub(crate) fn read_image(&self, image: &Image, cancel: &Cancel) -> Result<Pixels> {
        let texture = self.own(image.storage())?;
        let (slices, size) = slices(&[texture]);
        let buffer = self.readback_buffer(size)?;
        let commands = self.recorded(None, |encoder| {
            self.copy_out(encoder, &[texture], &slices, &buffer);
            Ok(())
        })?;
        self.submit(commands)?;
        let rows = self.begin_readback(buffer, slices)?.wait(cancel)?;
        let bytes = rows.into_iter().next().unwrap_or_default();
        let rgba = match image.precision() {
            Precision::Half => bytemuck::pod_collect_to_vec::<u8, [half::f16; 4]>(&bytes)
                .into_iter()
                .map(|p| p.map(half::f16::to_f32))
                .collect(),
            Precision::Float => bytemuck::pod_collect_to_vec(&bytes),
        };
        Ok(Pixels { width: image.width(), height: image.height(), rgba })
    }
}

impl Readback {
    /// Waits for the buffer and gives each texture's rows, without padding.
    pub(crate) fn wait(mut self, cancel: &Cancel) -> Result<Vec<Vec<u8>>> {
        while self.state.load(Ordering::Acquire) == WAITING {
            cancel.check()?;
            self.gpu.wait_a_little(&|| self.state.load(Ordering::Acquire) != WAITING)?;
        }
        self.gpu.alive()?;
        let broken = || Error::system("the graphics device did not give a picture back").help("try again");
        let buffer = self.buffer.take().ok_or_else(broken)?;
        if self.state.load(Ordering::Acquire) == FAILED {
            return Err(broken());
        }
        let mut out = Vec::with_capacity(self.slices.len());
        {
            let view = buffer.get_mapped_range(..).map_err(|_| broken())?;
            for slice in &self.slices {
                let mut plane = Vec::with_capacity(slice.row as usize * slice.rows as usize);
                for y in 0..slice.rows as usize {
                    let start = slice.offset as usize + y * slice.stride as usize;
                    let row = view.get(start..start + slice.row as usize).ok_or_else(broken)?;
                    plane.extend_from_slice(row);
                }
                out.push(plane);
            }
        }
        buffer.unmap();
        let mut kept = lock(&self.gpu.0.buffers);
        // One encoder runs at a time as a rule; other sizes are left over from the last one.
        kept.retain(|size, _| *size == buffer.size());
        let of_size = kept.entry(buffer.size()).or_default();
        if of_size.len() < MAX_KEPT {
            of_size.push(buffer);
        }
        Ok(out)
    }
}
