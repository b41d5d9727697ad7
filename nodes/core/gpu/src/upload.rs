//! Pixels, planes and tables on their way to the device.

use crate::device::{Gpu, lock};
use crate::executor::Pixels;
use crate::image::{DevicePlanes, Image, Precision, Storage};
use crate::plane_form::{subsampling, whole_planes};
use crate::pool::{GpuTexture, foreign};
use crate::run::format_of;
use crate::table::{Table, TableKind};
use rushes_engine::{Error, Layout, Planes, Result, Sample, Tier};
use std::any::Any;
use std::sync::Arc;

/// Tables kept on the device.
const MAX_TABLES: usize = 64;

/// A decoder's planes as textures.
pub(crate) struct PlaneTextures(Vec<Arc<GpuTexture>>);

impl Storage for PlaneTextures {
    fn bytes(&self) -> u64 {
        self.0.iter().map(|t| t.bytes()).sum()
    }

    fn tier(&self) -> Tier {
        Tier::Device
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl PlaneTextures {
    pub(crate) fn of(planes: &DevicePlanes) -> Result<&Self> {
        planes.storage().as_any().downcast_ref().ok_or_else(foreign)
    }

    pub(crate) fn view(&self, gpu: &Gpu, plane: usize) -> Result<&wgpu::TextureView> {
        self.0.get(plane).filter(|t| gpu.owns(t)).map(|t| &t.view).ok_or_else(foreign)
    }
}

/// How many samples of plane `plane` lie together as one texel.
pub(crate) fn channels(layout: Layout, plane: usize) -> u8 {
    match layout {
        Layout::PackedRgba => 4,
        Layout::SemiPlanar if plane == 1 => 2,
        _ => 1,
    }
}

/// The texture format of so many samples a texel.
pub(crate) fn plane_format(sample: Sample, channels: u8) -> wgpu::TextureFormat {
    use wgpu::TextureFormat as F;
    match (sample, channels) {
        (Sample::U8, 4) => F::Rgba8Uint,
        (Sample::U8, 2) => F::Rg8Uint,
        (Sample::U8, _) => F::R8Uint,
        (Sample::U16, 4) => F::Rgba16Uint,
        (Sample::U16, 2) => F::Rg16Uint,
        (Sample::U16, _) => F::R16Uint,
        (Sample::F16, 4) => F::Rgba16Float,
        (Sample::F16, 2) => F::Rg16Float,
        (Sample::F16, _) => F::R16Float,
        (Sample::F32, 4) => F::Rgba32Float,
        (Sample::F32, 2) => F::Rg32Float,
        (Sample::F32, _) => F::R32Float,
    }
}

/// Appends the samples of two rows in turn.
fn interleave(first: &[u8], second: &[u8], sample: Sample, out: &mut Vec<u8>) {
    fn by<const N: usize>(first: &[u8], second: &[u8], out: &mut Vec<u8>) {
        let (first, second) = (first.as_chunks::<N>().0, second.as_chunks::<N>().0);
        out.extend(first.iter().zip(second).flat_map(|(a, b)| [*a, *b]).flatten());
    }
    match sample.size() {
        1 => by::<1>(first, second, out),
        2 => by::<2>(first, second, out),
        _ => by::<4>(first, second, out),
    }
}

impl Gpu {
    pub(crate) fn upload_planes(&self, planes: &Planes) -> Result<DevicePlanes> {
        let info = planes.info;
        self.check_size(info.width, info.height)?;
        let whole = whole_planes(planes)?;
        // Chroma that has to be interpolated is read as pairs.
        let pairs = subsampling(info.layout) != (0, 0) && info.layout != Layout::SemiPlanar;
        let mut textures = Vec::with_capacity(whole.len());
        for (plane, (bytes, stride)) in whole.iter().enumerate() {
            let (samples, height) = info.plane_size(plane);
            match (plane, whole.get(2)) {
                (1, Some((second, second_stride))) if pairs => {
                    let row = info.row_bytes(plane);
                    let rows = bytes.chunks(*stride).zip(second.chunks(*second_stride)).take(height as usize);
                    let mut both = Vec::with_capacity(2 * row * height as usize);
                    for (u, v) in rows {
                        if let (Some(u), Some(v)) = (u.get(..row), v.get(..row)) {
                            interleave(u, v, info.sample, &mut both);
                        }
                    }
                    let texture = self.texture(samples, height, plane_format(info.sample, 2))?;
                    self.write(&texture, &both, 2 * row, [samples, height, 1])?;
                    textures.push(texture);
                }
                (2, _) if pairs => {}
                _ => {
                    let channels = channels(info.layout, plane);
                    let width = samples / u32::from(channels);
                    let texture = self.texture(width, height, plane_format(info.sample, channels))?;
                    self.write(&texture, bytes, *stride, [width, height, 1])?;
                    textures.push(texture);
                }
            }
        }
        Ok(DevicePlanes::new(info, Arc::new(PlaneTextures(textures))))
    }

    pub(crate) fn upload_pixels(&self, pixels: &Pixels, precision: Precision) -> Result<Image> {
        pixels.check()?;
        let (width, height) = (pixels.width, pixels.height);
        let texture = self.texture(width, height, format_of(precision))?;
        match precision {
            Precision::Half => {
                let halves: Vec<[half::f16; 4]> =
                    pixels.rgba.iter().map(|p| p.map(half::f16::from_f32)).collect();
                self.write(&texture, bytemuck::cast_slice(&halves), width as usize * 8, [width, height, 1])?;
            }
            Precision::Float => {
                self.write(
                    &texture,
                    bytemuck::cast_slice(&pixels.rgba),
                    width as usize * 16,
                    [width, height, 1],
                )?;
            }
        }
        Ok(Image::new(width, height, precision, texture))
    }

    /// A table on the device; the last used ones stay there.
    pub(crate) fn table(&self, table: &Table) -> Result<Arc<GpuTexture>> {
        {
            let mut kept = lock(&self.0.tables);
            if let Some(at) = kept.iter().position(|(key, _)| *key == table.key())
                && let Some(entry) = kept.remove(at)
            {
                let texture = entry.1.clone();
                kept.push_back(entry);
                return Ok(texture);
            }
        }
        let [width, height, depth] = table.size();
        let dimension = match table.kind() {
            TableKind::Plane => wgpu::TextureDimension::D2,
            TableKind::Cube => wgpu::TextureDimension::D3,
        };
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: depth };
        let texture = self.new_texture(size, dimension, wgpu::TextureFormat::Rgba32Float)?;
        self.write(
            &texture,
            bytemuck::cast_slice(table.entries()),
            width as usize * 16,
            [width, height, depth],
        )?;
        let mut kept = lock(&self.0.tables);
        if kept.len() >= MAX_TABLES {
            kept.pop_front();
        }
        kept.push_back((table.key(), texture.clone()));
        Ok(texture)
    }

    fn write(&self, texture: &GpuTexture, bytes: &[u8], stride: usize, size: [u32; 3]) -> Result<()> {
        let [width, height, depth_or_array_layers] = size;
        let stride = u32::try_from(stride).map_err(|_| Error::media("a row of a picture is too long"))?;
        self.guarded(|| {
            self.0.queue.write_texture(
                texture.texture.as_image_copy(),
                bytes,
                wgpu::TexelCopyBufferLayout {
                    offset: 0,
                    bytes_per_row: Some(stride),
                    rows_per_image: Some(height),
                },
                wgpu::Extent3d { width, height, depth_or_array_layers },
            );
        })
    }
}
