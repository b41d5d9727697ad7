//! Counts a picture into bins and reads its figures back.

use super::draw::Drawer;
use super::{BINS, shader};
use crate::editor::theme::tokens::Scope;
use egui_wgpu::wgpu;
use egui_wgpu::wgpu::util::DeviceExt as _;
use rushes_engine::Result;
use rushes_gpu::{Gpu, Image};

/// Groups of threads, each of which takes every so manieth row.
const GROUPS: u32 = 64;
/// Bytes of the sums of all groups: three vectors of four floats for each.
const PARTS: u64 = GROUPS as u64 * 3 * 16;

/// What is told of a picture or a part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Figures {
    /// The mean of red, green and blue.
    pub(crate) mean: [f32; 3],
    /// The least of each.
    pub(crate) min: [f32; 3],
    /// The most of each.
    pub(crate) max: [f32; 3],
    /// The share of pixels of which no channel is above black.
    pub(crate) black: f32,
    /// The share of pixels of which a channel is at white or above.
    pub(crate) white: f32,
}

impl Figures {
    /// Puts together what the groups of threads found; `None` where they found no pixel.
    fn of(parts: &[f32]) -> Option<Self> {
        let mut sum = [0.0f64; 3];
        let (mut min, mut max) = ([f32::MAX; 3], [f32::MIN; 3]);
        let (mut count, mut black, mut white) = (0.0f64, 0.0f64, 0.0f64);
        for part in parts.chunks_exact(12) {
            let [r, g, b, n, lr, lg, lb, low, hr, hg, hb, high] = *part else { continue };
            if n == 0.0 {
                continue;
            }
            for (total, v) in sum.iter_mut().zip([r, g, b]) {
                *total += f64::from(v);
            }
            for (least, v) in min.iter_mut().zip([lr, lg, lb]) {
                *least = least.min(v);
            }
            for (most, v) in max.iter_mut().zip([hr, hg, hb]) {
                *most = most.max(v);
            }
            count += f64::from(n);
            black += f64::from(low);
            white += f64::from(high);
        }
        let share = |of: f64| (of / count) as f32;
        (count > 0.0).then(|| Self {
            mean: sum.map(share),
            min,
            max,
            black: share(black),
            white: share(white),
        })
    }
}

/// Figures on their way.
pub(crate) struct Measuring(wgpu::Buffer);

impl Measuring {
    /// The figures, once the device says that they are there.
    pub(crate) fn figures(&self) -> Option<Figures> {
        let bytes = self.0.slice(..).get_mapped_range().ok()?.to_vec();
        self.0.unmap();
        let floats: Vec<f32> =
            bytes.as_chunks::<4>().0.iter().map(|four| f32::from_le_bytes(*four)).collect();
        Figures::of(&floats)
    }
}

/// Bins on the device, and what counts into them.
pub(crate) struct Scopes {
    gpu: Gpu,
    sort: wgpu::ComputePipeline,
    peak: wgpu::ComputePipeline,
    bins: wgpu::Buffer,
    parts: wgpu::Buffer,
    numbers: wgpu::Buffer,
    inks: Vec<f32>,
}

impl Scopes {
    /// Makes bins on a device, with what draws them onto `target`; `None` where it cannot count.
    pub(crate) fn new(gpu: &Gpu, target: wgpu::TextureFormat, look: &Scope) -> Option<(Self, Drawer)> {
        let device = gpu.device();
        let limits = device.limits();
        if limits.max_storage_buffers_per_shader_stage < 2
            || limits.max_compute_invocations_per_workgroup < 256
        {
            return None;
        }
        let buffer = |label, size, usage| {
            let mapped_at_creation = false;
            device.create_buffer(&wgpu::BufferDescriptor {
                label: Some(label),
                size,
                usage,
                mapped_at_creation,
            })
        };
        let storage =
            wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::COPY_SRC;
        let bins = buffer("scope bins", u64::from(BINS) * 4, storage);
        let parts = buffer("scope sums", PARTS, storage);
        let uniform = wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST;
        let numbers = buffer("scope numbers", 16 * 5, uniform);
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("scopes"),
            source: wgpu::ShaderSource::Wgsl(shader(include_str!("measure.wgsl")).into()),
        });
        let pipeline = |entry| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some("scopes"),
                layout: None,
                module: &module,
                entry_point: Some(entry),
                compilation_options: Default::default(),
                cache: None,
            })
        };
        let (sort, peak) = (pipeline("sort"), pipeline("peak"));
        let ink = |c: egui::Color32| [c.r(), c.g(), c.b(), 255].map(|v| f32::from(v) / 255.0);
        let inks = [look.trace, look.red, look.green, look.blue].into_iter().flat_map(|c| ink(*c)).collect();
        let drawer = Drawer::new(device, target, &numbers, &bins);
        Some((Self { gpu: gpu.clone(), sort, peak, bins, parts, numbers, inks }, drawer))
    }

    /// Counts the pixels of a picture that lie in `area`, which ends just outside. `told` is called once the figures
    /// are there, or cannot be; nothing waits.
    pub(crate) fn measure(
        &self,
        image: &Image,
        area: [u32; 4],
        told: impl FnOnce(bool) + Send + 'static,
    ) -> Result<Measuring> {
        let view = self.gpu.view_of(image)?;
        let device = self.gpu.device();
        let right = area[2].min(image.width());
        let bottom = area[3].min(image.height());
        let area = [area[0].min(right), area[1].min(bottom), right, bottom];
        let mut bytes: Vec<u8> = area.iter().flat_map(|v| v.to_ne_bytes()).collect();
        bytes.extend(self.inks.iter().flat_map(|v| v.to_ne_bytes()));
        // In the encoder rather than by the queue, so that it stands in line with what is drawn before.
        let staged = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("scope numbers"),
            contents: &bytes,
            usage: wgpu::BufferUsages::COPY_SRC,
        });
        let mut encoder =
            device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("scopes") });
        encoder.copy_buffer_to_buffer(&staged, 0, &self.numbers, 0, bytes.len() as u64);
        encoder.clear_buffer(&self.bins, 0, None);
        encoder.clear_buffer(&self.parts, 0, None);
        let bind = |pipeline: &wgpu::ComputePipeline, all: &[(u32, wgpu::BindingResource<'_>)]| {
            let entries: Vec<_> = all
                .iter()
                .map(|(binding, resource)| wgpu::BindGroupEntry {
                    binding: *binding,
                    resource: resource.clone(),
                })
                .collect();
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some("scopes"),
                layout: &pipeline.get_bind_group_layout(0),
                entries: &entries,
            })
        };
        let bins = (2, self.bins.as_entire_binding());
        let all = [
            (0, wgpu::BindingResource::TextureView(view)),
            (1, self.numbers.as_entire_binding()),
            bins.clone(),
            (3, self.parts.as_entire_binding()),
        ];
        let (sort, peak) = (bind(&self.sort, &all), bind(&self.peak, &[bins]));
        {
            let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
            pass.set_pipeline(&self.sort);
            pass.set_bind_group(0, &sort, &[]);
            pass.dispatch_workgroups((area[3] - area[1]).clamp(1, GROUPS), 1, 1);
            pass.set_pipeline(&self.peak);
            pass.set_bind_group(0, &peak, &[]);
            pass.dispatch_workgroups(1, 1, 1);
        }
        let read = device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("scope figures"),
            size: PARTS,
            usage: wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ,
            mapped_at_creation: false,
        });
        encoder.copy_buffer_to_buffer(&self.parts, 0, &read, 0, PARTS);
        self.gpu.queue().submit([encoder.finish()]);
        read.slice(..).map_async(wgpu::MapMode::Read, move |came| told(came.is_ok()));
        Ok(Measuring(read))
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
