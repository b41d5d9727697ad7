//! Compiled programs, kept by what decides their text.

use crate::device::{Gpu, lock};
use crate::program::{Program, TextureKind};
use rushes_engine::{Key, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

/// Programs kept; beyond this all are forgotten, which costs compiling those in use again.
const MAX_PIPELINES: usize = 1024;

/// A program that the device can run.
pub(crate) struct Compiled {
    pub(crate) pipeline: wgpu::RenderPipeline,
    pub(crate) layout: wgpu::BindGroupLayout,
}

/// One program: compiled once, by whoever comes first, while others that need it wait.
type Slot = Arc<OnceLock<Result<Arc<Compiled>>>>;

#[derive(Default)]
pub(crate) struct Pipelines(Mutex<HashMap<Key, Slot>>);

impl Gpu {
    /// The compiled form of the program that `program` puts together, made at first use.
    pub(crate) fn compiled(
        &self,
        key: Key,
        targets: &[wgpu::TextureFormat],
        program: impl FnOnce() -> Result<Program>,
    ) -> Result<Arc<Compiled>> {
        let slot = {
            let mut slots = lock(&self.0.pipelines.0);
            if slots.len() >= MAX_PIPELINES && !slots.contains_key(&key) {
                slots.clear();
            }
            slots.entry(key).or_default().clone()
        };
        slot.get_or_init(|| self.compile(&program()?, targets).map(Arc::new)).clone()
    }

    fn compile(&self, program: &Program, targets: &[wgpu::TextureFormat]) -> Result<Compiled> {
        // wgpu would report a wrong shader as well, but not in a form for people.
        crate::program::parse(&program.wgsl, "a fused shader")?;
        let device = &self.0.device;
        self.guarded(|| {
            let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: None,
                source: wgpu::ShaderSource::Wgsl(program.wgsl.as_str().into()),
            });
            let uniform = wgpu::BindingType::Buffer {
                ty: wgpu::BufferBindingType::Uniform,
                has_dynamic_offset: false,
                min_binding_size: None,
            };
            let types =
                std::iter::once(uniform).chain(program.textures.iter().map(|kind| texture_type(*kind)));
            let entries: Vec<_> = (0..)
                .zip(types)
                .map(|(binding, ty)| wgpu::BindGroupLayoutEntry {
                    binding,
                    visibility: wgpu::ShaderStages::FRAGMENT,
                    ty,
                    count: None,
                })
                .collect();
            let layout = device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor {
                label: None,
                entries: &entries,
            });
            let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
                label: None,
                bind_group_layouts: &[Some(&layout)],
                immediate_size: 0,
            });
            let targets: Vec<_> = targets.iter().map(|format| Some((*format).into())).collect();
            let pipeline = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
                label: None,
                layout: Some(&pipeline_layout),
                vertex: wgpu::VertexState {
                    module: &module,
                    entry_point: Some("rushes_vertex"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    buffers: &[],
                },
                primitive: wgpu::PrimitiveState::default(),
                depth_stencil: None,
                multisample: wgpu::MultisampleState::default(),
                fragment: Some(wgpu::FragmentState {
                    module: &module,
                    entry_point: Some("rushes_fragment"),
                    compilation_options: wgpu::PipelineCompilationOptions::default(),
                    targets: &targets,
                }),
                multiview_mask: None,
                cache: None,
            });
            Compiled { pipeline, layout }
        })
    }
}

fn texture_type(kind: TextureKind) -> wgpu::BindingType {
    let (sample_type, view_dimension) = match kind {
        TextureKind::Float => {
            (wgpu::TextureSampleType::Float { filterable: false }, wgpu::TextureViewDimension::D2)
        }
        TextureKind::Uint => (wgpu::TextureSampleType::Uint, wgpu::TextureViewDimension::D2),
        TextureKind::Cube => {
            (wgpu::TextureSampleType::Float { filterable: false }, wgpu::TextureViewDimension::D3)
        }
    };
    wgpu::BindingType::Texture { sample_type, view_dimension, multisampled: false }
}
