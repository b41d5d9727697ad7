//! Draws bins in egui's own pass.

use super::shader;
use crate::editor::quad;
use egui_wgpu::{CallbackResources, CallbackTrait, wgpu};
use std::sync::Arc;

/// What is drawn of the bins; the numbers are the shader's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Luma by column.
    Waveform = 0,
    /// Red, green and blue by column, side by side.
    Parade = 1,
    /// Colour differences.
    Vectorscope = 2,
    /// How often each level occurs.
    Histogram = 3,
}

/// Pipeline and bindings; lies among egui's resources.
pub(crate) struct Drawer {
    pipeline: wgpu::RenderPipeline,
    bound: wgpu::BindGroup,
}

impl Drawer {
    pub(super) fn new(
        device: &wgpu::Device,
        target: wgpu::TextureFormat,
        numbers: &wgpu::Buffer,
        bins: &wgpu::Buffer,
    ) -> Self {
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some("scopes on the screen"),
            source: wgpu::ShaderSource::Wgsl(shader(include_str!("draw.wgsl")).into()),
        });
        let pipeline = quad::pipeline(device, "scopes on the screen", &module, None, target);
        let bound = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some("scopes on the screen"),
            layout: &pipeline.get_bind_group_layout(0),
            entries: &[
                wgpu::BindGroupEntry { binding: 0, resource: numbers.as_entire_binding() },
                wgpu::BindGroupEntry { binding: 1, resource: bins.as_entire_binding() },
            ],
        });
        Self { pipeline, bound }
    }

    /// Draws a scope that fills the viewport.
    pub(super) fn draw(&self, pass: &mut wgpu::RenderPass<'_>, scope: Scope) {
        let scope = scope as u32;
        pass.set_pipeline(&self.pipeline);
        pass.set_bind_group(0, &self.bound, &[]);
        pass.draw(0..4, scope..scope + 1);
    }
}

/// One scope in the rectangle of its callback.
pub(crate) struct Drawn(pub(crate) Scope);

impl CallbackTrait for Drawn {
    fn paint(
        &self,
        _info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        if let Some(drawer) = resources.get::<Arc<Drawer>>() {
            drawer.draw(pass, self.0);
        }
    }
}
