//! Draws the viewer's pictures in egui's own pass, straight from the evaluator's textures.

use super::picture::{Pipelines, Show};
use egui::Rect;
use egui_wgpu::{CallbackResources, CallbackTrait, ScreenDescriptor, wgpu};
use rushes_gpu::{Gpu, Image};
use std::sync::Arc;

/// How dark a picture is that is not the one asked for.
const LATE: f32 = 0.9;

/// One picture, or the difference of two.
pub(super) struct Layer {
    /// The picture; held until it is drawn.
    pub(super) image: Image,
    /// The picture that it is taken from, where it lies and how much the difference is multiplied.
    pub(super) minus: Option<(Image, Rect, f32)>,
    /// Where it stands, in points.
    pub(super) rect: Rect,
    /// What of the panel it may cover, in points.
    pub(super) clip: Rect,
    /// Sample smoothly.
    pub(super) linear: bool,
    /// It is not the frame that was asked for, only the last one.
    pub(super) late: bool,
}

/// All that the viewer draws.
pub(super) struct Painted {
    /// The device that made the pictures.
    pub(super) gpu: Gpu,
    /// The viewer's panel, in points.
    pub(super) panel: Rect,
    /// From the back to the front.
    pub(super) layers: Vec<Layer>,
    /// How they are seen: the shader's `Look`.
    pub(super) look: Arc<[f32]>,
}

/// What the pass needs of a layer: its bindings, and its clip in pixels from the panel's corner.
struct Bound(Vec<(wgpu::BindGroup, Rect)>);

impl Painted {
    fn show(&self, layer: &Layer, density: f32) -> Show {
        // egui sets the viewport to the callback's rectangle, so places are relative to it.
        let (r, p) = (layer.rect, self.panel);
        let x = |v: f32| (v - p.left()) / p.width().max(1.0) * 2.0 - 1.0;
        let y = |v: f32| 1.0 - (v - p.top()) / p.height().max(1.0) * 2.0;
        let (other, difference) = layer.minus.as_ref().map_or((r, 0.0), |(_, rect, gain)| (*rect, *gain));
        let inner = (other.min - r.min) / r.size();
        let share = other.size() / r.size();
        Show {
            rect: [x(r.left()), y(r.top()), x(r.right()), y(r.bottom())],
            other: [inner.x, inner.y, share.x, share.y],
            pixels: [r.width() * density, r.height() * density],
            smooth: layer.linear,
            dim: if layer.late { LATE } else { 1.0 },
            difference,
        }
    }

    fn bind(
        &self,
        device: &wgpu::Device,
        pipelines: &Pipelines,
        layer: &Layer,
        density: f32,
    ) -> Option<wgpu::BindGroup> {
        let view = |image| {
            let view = self.gpu.view_of(image);
            view.map_err(|e| log::error!("the picture cannot be shown: {e}")).ok()
        };
        let first = view(&layer.image)?;
        let second = match &layer.minus {
            Some((image, _, _)) => view(image)?,
            None => first,
        };
        Some(pipelines.bind(device, [first, second], &self.show(layer, density), &self.look))
    }
}

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
        let density = screen.pixels_per_point;
        let layers = self.layers.iter().filter_map(|layer| {
            let bound = self.bind(device, &pipelines, layer, density)?;
            let clip = layer.clip.intersect(self.panel).translate(-self.panel.min.to_vec2());
            Some((bound, clip * density))
        });
        resources.insert(Bound(layers.collect()));
        Vec::new()
    }

    fn paint(
        &self,
        info: egui::PaintCallbackInfo,
        pass: &mut wgpu::RenderPass<'static>,
        resources: &CallbackResources,
    ) {
        let (Some(pipelines), Some(bound)) = (resources.get::<Arc<Pipelines>>(), resources.get::<Bound>())
        else {
            return;
        };
        let panel = info.viewport_in_pixels();
        let most = info.clip_rect_in_pixels();
        pass.set_pipeline(pipelines.target());
        for (layer, clip) in &bound.0 {
            // Whole pixels, so that two pictures that meet at a line neither overlap nor leave a gap.
            let side = |v: f32, from: i32, low: i32, size: i32| {
                (v.round() as i32 + from).clamp(low, low + size).max(0) as u32
            };
            let x = |v| side(v, panel.left_px, most.left_px, most.width_px);
            let y = |v| side(v, panel.top_px, most.top_px, most.height_px);
            let (left, top, right, bottom) =
                (x(clip.left()), y(clip.top()), x(clip.right()), y(clip.bottom()));
            if right > left && bottom > top {
                pass.set_scissor_rect(left, top, right - left, bottom - top);
                pass.set_bind_group(0, layer, &[]);
                pass.draw(0..4, 0..1);
            }
        }
    }
}
