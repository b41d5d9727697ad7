//! Draws working pictures straight from the evaluator's textures: no readback, no copy.
//!
//! The viewer paints in egui's own pass. Thumbnails are drawn once into small textures that egui samples.

use egui_wgpu::wgpu::util::DeviceExt as _;
use egui_wgpu::{CallbackResources, CallbackTrait, RenderState, ScreenDescriptor, wgpu};
use rushes_engine::evaluate::Frame;
use rushes_engine::{PayloadRef, Result};
use rushes_gpu::{Expr, Gpu, Image, Precision};
use rushes_nodes::Services;
use std::collections::HashMap;
use std::sync::Arc;

const THUMB_FORMAT: wgpu::TextureFormat = wgpu::TextureFormat::Rgba8Unorm;
/// Pixels across a thumbnail: a node's usual picture on a screen of twice the density.
const THUMB_WIDTH: u32 = 352;

/// The picture in an answer of the evaluator.
pub(super) fn image_of(payload: &PayloadRef) -> Option<Image> {
    match payload.as_any().downcast_ref::<Expr>()? {
        Expr::Image(image) => Some(image.clone()),
        _ => None,
    }
}

/// A frame whose pixels are there: a decoder's planes become a picture here, on the thread that made them.
pub(super) fn settled(services: &Services, frame: Frame) -> Result<Frame> {
    match frame.payload.as_any().downcast_ref::<Expr>() {
        Some(expr @ (Expr::Planes(_) | Expr::Stage(_))) => {
            let image = services.executor()?.materialise(expr, Precision::Half, 0)?;
            Ok(Frame { key: frame.key, payload: Arc::new(Expr::Image(image)) })
        }
        _ => Ok(frame),
    }
}

/// Pipelines for the window's target and for thumbnails.
struct Pipelines {
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
        let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
            label: Some("picture"),
            entries: &[
                entry(
                    0,
                    wgpu::BindingType::Texture {
                        sample_type: wgpu::TextureSampleType::Float { filterable: false },
                        view_dimension: wgpu::TextureViewDimension::D2,
                        multisampled: false,
                    },
                ),
                entry(
                    1,
                    wgpu::BindingType::Buffer {
                        ty: wgpu::BufferBindingType::Uniform,
                        has_dynamic_offset: false,
                        min_binding_size: None,
                    },
                ),
            ],
        });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some("picture"),
            bind_group_layouts: &[Some(&layout)],
            ..Default::default()
        });
        let pipeline = |format| {
            device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: Some("picture"),
                layout: Some(&pipeline_layout),
                vertex: wgpu::VertexState {
                    module: &shader,
                    entry_point: Some("corner"),
                    compilation_options: Default::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState {
                    topology: wgpu::PrimitiveTopology::TriangleStrip,
                    ..Default::default()
                },
                depth_stencil: None,
                multisample: Default::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &shader,
                    entry_point: Some("pixel"),
                    compilation_options: Default::default(),
                    targets: &[Some(wgpu::ColorTargetState {
                        format,
                        blend: Some(wgpu::BlendState::PREMULTIPLIED_ALPHA_BLENDING),
                        write_mask: wgpu::ColorWrites::ALL,
                    })],
                }),
                multiview_mask: None,
                cache: None,
            })
        };
        let (target, thumb) = (pipeline(target), pipeline(THUMB_FORMAT));
        Self { layout, target, thumb }
    }

    fn bind(&self, device: &wgpu::Device, view: &wgpu::TextureView, place: Place) -> wgpu::BindGroup {
        let bytes: Vec<u8> = place.0.iter().flat_map(|f| f.to_ne_bytes()).collect();
        let uniform = device.create_buffer_init(&wgpu::util::BufferInitDescriptor {
            label: Some("picture place"),
            contents: &bytes,
            usage: wgpu::BufferUsages::UNIFORM,
        });
        device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("picture"),
            layout: &self.layout,
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: wgpu::BindingResource::TextureView(view) },
                wgpu::BindGroupEntry { binding: 1, resource: uniform.as_entire_binding() },
            ],
        })
    }
}

/// `Place` of the shader: rectangle, smooth, checker, gain, footprint.
#[derive(Clone, Copy)]
struct Place([f32; 8]);

/// One picture in egui's pass.
pub(super) struct Painted {
    /// The device that made the picture.
    pub(super) gpu: Gpu,
    /// The picture; held until it is drawn.
    pub(super) image: Image,
    /// Where it stands, in points.
    pub(super) rect: egui::Rect,
    /// What it is clipped to, in points.
    pub(super) clip: egui::Rect,
    /// Sample smoothly.
    pub(super) linear: bool,
    /// It is not the frame that was asked for, only the last one.
    pub(super) late: bool,
}

struct Bound(wgpu::BindGroup);

impl CallbackTrait for Painted {
    fn prepare(
        &self,
        device: &wgpu::Device,
        _queue: &wgpu::Queue,
        screen: &ScreenDescriptor,
        _encoder: &mut wgpu::CommandEncoder,
        resources: &mut CallbackResources,
    ) -> Vec<wgpu::CommandBuffer> {
        let Some(pipelines) = resources.get::<Arc<Pipelines>>().cloned() else { return Vec::new() };
        let view = match self.gpu.view_of(&self.image) {
            Ok(view) => view,
            Err(e) => {
                log::error!("the picture cannot be shown: {e}");
                return Vec::new();
            }
        };
        // egui sets the viewport to the callback's rectangle, so places are relative to it.
        let (r, c) = (self.rect, self.clip);
        let x = |v: f32| (v - c.left()) / c.width().max(1.0) * 2.0 - 1.0;
        let y = |v: f32| 1.0 - (v - c.top()) / c.height().max(1.0) * 2.0;
        let footprint = self.image.width() as f32 / (r.width() * screen.pixels_per_point).max(1.0);
        let gain = if self.late { 0.9 } else { 1.0 };
        let flag = |on| f32::from(u8::from(on));
        let place = [
            x(r.left()),
            y(r.top()),
            x(r.right()),
            y(r.bottom()),
            flag(self.linear),
            1.0,
            gain,
            if self.linear { footprint } else { 1.0 },
        ];
        resources.insert(Bound(pipelines.bind(device, view, Place(place))));
        Vec::new()
    }

    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let (Some(pipelines), Some(bound)) = (resources.get::<Arc<Pipelines>>(), resources.get::<Bound>())
        {
            pass.set_pipeline(&pipelines.target);
            pass.set_bind_group(0, &bound.0, &[]);
            pass.draw(0..4, 0..1);
        }
    }
}

struct Thumb {
    id: egui::TextureId,
    aspect: f32,
    /// Kept because egui holds a view only.
    _texture: wgpu::Texture,
}

/// The window's side of pictures: pipelines and thumbnails.
pub(super) struct Pictures {
    state: RenderState,
    gpu: Gpu,
    pipelines: Arc<Pipelines>,
    thumbs: HashMap<Arc<str>, Thumb>,
}

impl Pictures {
    /// Pipelines for a window's device, which `gpu` shares.
    pub(super) fn new(state: &RenderState, gpu: Gpu) -> Self {
        let pipelines = Arc::new(Pipelines::new(&state.device, state.target_format));
        state.renderer.write().callback_resources.insert(Arc::clone(&pipelines));
        Self { state: state.clone(), gpu, pipelines, thumbs: HashMap::new() }
    }

    /// The device that pictures are made on.
    pub(super) fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// Draws a node's small picture and gives the texture that shows it.
    pub(super) fn thumb(&mut self, node: &Arc<str>, image: &Image) -> Result<egui::TextureId> {
        let view = self.gpu.view_of(image)?;
        let device = &self.state.device;
        let width = THUMB_WIDTH.min(image.width()).max(1);
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
        let footprint = image.width() as f32 / width as f32;
        let place = Place([-1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, footprint]);
        let bound = self.pipelines.bind(device, view, place);
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
        let id = match self.thumbs.get(node) {
            Some(old) => {
                renderer.update_egui_texture_from_wgpu_texture(device, &target, filter, old.id);
                old.id
            }
            None => renderer.register_native_texture(device, &target, filter),
        };
        self.thumbs
            .insert(Arc::clone(node), Thumb { id, aspect: width as f32 / height as f32, _texture: texture });
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
        let mut renderer = self.state.renderer.write();
        self.thumbs.retain(|node, thumb| {
            let stays = known(node);
            if !stays {
                renderer.free_texture(&thumb.id);
            }
            stays
        });
    }
}
