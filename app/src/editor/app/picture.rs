//! Draws working pictures straight from the evaluator's textures: no readback, no copy.
//!
//! The viewer paints in egui's own pass, see [`super::paint`]. Thumbnails are drawn once into small textures that egui
//! samples.

use crate::editor::panels::display::Display;
use crate::editor::quad;
use crate::editor::theme::Tokens;
use egui::mutex::RwLock;
use egui_wgpu::wgpu::util::DeviceExt as _;
use egui_wgpu::{RenderState, Renderer, wgpu};
use rushes_engine::Result;
use rushes_gpu::{Gpu, Image};
use std::collections::HashMap;
use std::sync::Arc;

const THUMB_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// Pixels across a thumbnail: a node's usual picture on a screen of twice the density.
const THUMB_WIDTH: u32 = 352;

/// Pipelines for the window's target and for thumbnails.
pub(super) struct Pipelines {
    layout: wgpu::BindGroupLayout,
    target: wgpu::RenderPipeline,
    thumb: wgpu::RenderPipeline,
}

impl Pipelines {
    fn new(device: &wgpu::Device, target: wgpu::TextureFormat) -> Self {
        let shader = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("picture"),
            source: wgpu::ShaderSource::Wgsl(include_str!("picture.wgsl").into()),
        });
        let entry = |binding, ty| wgpu::BindGroupLayoutEntry {
            binding,
            visibility: wgpu::ShaderStages::VERTEX_FRAGMENT,
            ty,
            count: None,
        };
        let texture = wgpu::BindingType::Texture {
            sample_type: wgpu::TextureSampleType::Float { filterable: false },
            view_dimension: wgpu::TextureViewDimension::D2,
            multisampled: false,
        };
        let uniform = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: false,
            min_binding_size: None,
        };
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("picture"),
            entries: &[entry(0, texture), entry(1, texture), entry(2, uniform), entry(3, uniform)],
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("picture"),
            bind_group_layouts: &[Some(&layout)],
            ..Default::default()
        });
        let pipeline = |format| quad::pipeline(device, "picture", &shader, Some(&pipeline_layout), format);
        let (target, thumb) = (pipeline(target), pipeline(THUMB_FORMAT));
        Self { layout, target, thumb }
    }

    /// The pipeline of the window's target.
    pub(super) fn target(&self) -> &wgpu::RenderPipeline {
        &self.target
    }

    /// Binds two pictures, which may be one, with what is drawn of them and how it looks.
    pub(super) fn bind(
        &self,
        device: &wgpu::Device,
        pictures: [&wgpu::TextureView; 2],
        show: &Show,
        look: &[f32],
    ) -> wgpu::BindGroup {
        let uniform = |label, numbers: &mut dyn Iterator<Item = f32>| {
            let bytes: Vec<u8> = numbers.flat_map(f32::to_ne_bytes).collect();
            let usage = wgpu::BufferUsages::UNIFORM;
            let content = wgpu::util::BufferInitDescriptor { label: Some(label), contents: &bytes, usage };
            device.create_buffer_init(&content)
        };
        let show = uniform("picture place", &mut show.numbers());
        let look = uniform("picture look", &mut look.iter().copied());
        let [first, second] = pictures.map(wgpu::BindingResource::TextureView);
        let resources = [first, second, show.as_entire_binding(), look.as_entire_binding()];
        let entries: Vec<_> = (0..).zip(resources).map(entry).collect();
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("picture"),
            layout: &self.layout,
            entries: &entries,
        })
    }
}

fn entry((binding, resource): (u32, wgpu::BindingResource<'_>)) -> wgpu::BindGroupEntry<'_> {
    wgpu::BindGroupEntry { binding, resource }
}

/// `Show` of the shader.
pub(super) struct Show {
    /// Clip-space rectangle.
    pub(super) rect: [f32; 4],
    /// Where the second picture lies within the first one's 0 to 1.
    pub(super) other: [f32; 4],
    /// Pixels of the target that the picture covers.
    pub(super) pixels: [f32; 2],
    /// Sample smoothly.
    pub(super) smooth: bool,
    /// Brightness, 1 as it is.
    pub(super) dim: f32,
    /// Above 0 the difference of both pictures times this.
    pub(super) difference: f32,
}

impl Show {
    fn numbers(&self) -> impl Iterator<Item = f32> {
        let rest = [f32::from(u8::from(self.smooth)), self.dim, self.difference, 0.0, 0.0, 0.0];
        self.rect.into_iter().chain(self.other).chain(self.pixels).chain(rest)
    }
}

struct Thumb {
    id: egui::TextureId,
    aspect: f32,
    /// Kept because egui holds a view only.
    _texture: wgpu::Texture,
    renderer: Arc<RwLock<Renderer>>,
}

impl Drop for Thumb {
    fn drop(&mut self) {
        self.renderer.write().free_texture(&self.id);
    }
}

/// Small pictures that are put aside, by what they are of.
#[derive(Default)]
pub(super) struct Aside(HashMap<Arc<str>, Thumb>);

impl Aside {
    /// How many.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

/// The window's side of pictures: pipelines and thumbnails.
pub(super) struct Pictures {
    state: RenderState,
    gpu: Gpu,
    pipelines: Arc<Pipelines>,
    thumbs: HashMap<Arc<str>, Thumb>,
    /// The shader's `Look` of a picture as it is.
    plain: Arc<[f32]>,
}

impl Pictures {
    /// Pipelines for a window's device, which `gpu` shares.
    pub(super) fn new(state: &RenderState, gpu: Gpu, tokens: &Tokens) -> Self {
        let pipelines = Arc::new(Pipelines::new(&state.device, state.target_format));
        state.renderer.write().callback_resources.insert(Arc::clone(&pipelines));
        Self {
            state: state.clone(),
            gpu,
            pipelines,
            thumbs: HashMap::new(),
            plain: Display::default().numbers(tokens).into(),
        }
    }

    /// The device that pictures are made on.
    pub(super) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Draws a node's small picture and gives the texture that shows it.
    pub(super) fn thumb(&mut self, node: &Arc<str>, image: &Image) -> Result<egui::TextureId> {
        self.thumb_of_width(node, image, THUMB_WIDTH)
    }

    /// Draws a small picture of so many pixels across, where it has them.
    pub(super) fn thumb_of_width(
        &mut self,
        node: &Arc<str>,
        image: &Image,
        width: u32,
    ) -> Result<egui::TextureId> {
        let view = self.gpu.view_of(image)?;
        let device = &self.state.device;
        let width = width.min(image.width()).max(1);
        let height = (u64::from(width) * u64::from(image.height()) / u64::from(image.width().max(1)))
            .clamp(1, 704) as u32;
        let texture = device.create_texture(&wgpu::TextureDescriptor {
            label: Some("thumbnail"),
            size: wgpu::Extent3d { width, height, depth_or_array_layers: 1 },
            mip_level_count: 1,
            sample_count: 1,
            dimension: wgpu::TextureDimension::D2,
            format: THUMB_FORMAT,
            usage: wgpu::TextureUsages::TEXTURE_BINDING | wgpu::TextureUsages::RENDER_ATTACHMENT,
            view_formats: &[],
        });
        let target = texture.create_view(&wgpu::TextureViewDescriptor::default());
        let show = Show {
            rect: [-1.0, 1.0, 1.0, -1.0],
            other: [0.0, 0.0, 1.0, 1.0],
            pixels: [width as f32, height as f32],
            smooth: true,
            dim: 1.0,
            difference: 0.0,
        };
        let bound = self.pipelines.bind(device, [view, view], &show, &self.plain);
        let mut encoder =
            device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: Some("thumbnail") });
        {
            let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
                label: Some("thumbnail"),
                color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                    view: &target,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations {
                        load: wgpu::LoadOp::Clear(wgpu::Color::BLACK),
                        store: wgpu::StoreOp::Store,
                    },
                })],
                ..Default::default()
            });
            pass.set_pipeline(&self.pipelines.thumb);
            pass.set_bind_group(0, &bound, &[]);
            pass.draw(0..4, 0..1);
        }
        self.state.queue.submit([encoder.finish()]);
        let mut renderer = self.state.renderer.write();
        let filter = wgpu::FilterMode::Linear;
        let aspect = width as f32 / height as f32;
        if let Some(old) = self.thumbs.get_mut(node) {
            renderer.update_egui_texture_from_wgpu_texture(device, &target, filter, old.id);
            (old.aspect, old._texture) = (aspect, texture);
            return Ok(old.id);
        }
        let id = renderer.register_native_texture(device, &target, filter);
        drop(renderer);
        let renderer = Arc::clone(&self.state.renderer);
        self.thumbs.insert(Arc::clone(node), Thumb { id, aspect, _texture: texture, renderer });
        Ok(id)
    }

    /// The texture of a node's small picture, where there is one.
    pub(super) fn thumb_of(&self, node: &str) -> Option<egui::TextureId> {
        self.thumbs.get(node).map(|t| t.id)
    }

    /// The texture of a small picture with its width over height, where there is one.
    pub(super) fn shaped(&self, name: &str) -> Option<(egui::TextureId, f32)> {
        self.thumbs.get(name).map(|t| (t.id, t.aspect))
    }

    /// Forgets the pictures of nodes that are gone.
    pub(super) fn keep(&mut self, known: impl Fn(&str) -> bool) {
        self.thumbs.retain(|node, _| known(node));
    }

    /// Puts aside the pictures of nodes that are gone.
    pub(super) fn put_aside(&mut self, known: impl Fn(&str) -> bool) -> Aside {
        let (stay, go) = std::mem::take(&mut self.thumbs).into_iter().partition(|(node, _)| known(node));
        self.thumbs = stay;
        Aside(go)
    }

    /// Takes back what was put aside.
    pub(super) fn take_back(&mut self, aside: Aside) {
        self.thumbs.extend(aside.0);
    }
}
