//! The wgpu executor: pictures flattened to programs, programs drawn.

use crate::device::Gpu;
use crate::encode_form::EncodeFormat;
use crate::executor::{Executor, KernelRun, Label, PendingPlanes, Pixels};
use crate::expr::Expr;
use crate::image::{DevicePlanes, Image, Precision};
use crate::pipeline::Compiled;
use crate::plane_form::{self, PlaneForm};
use crate::pool::GpuTexture;
use crate::program::{self, Op, Output};
use crate::timing::Measure;
use crate::upload::PlaneTextures;
use rushes_engine::{Cancel, Error, KeyHasher, Planes, Result};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

/// Operations in one program; longer chains are cut, which changes nothing but the number of passes.
const MAX_OPS: usize = 32;

pub(crate) fn format_of(precision: Precision) -> wgpu::TextureFormat {
    match precision {
        Precision::Half => wgpu::TextureFormat::Rgba16Float,
        Precision::Float => wgpu::TextureFormat::Rgba32Float,
    }
}

/// An expression as a list of operations, with what they bind.
#[derive(Default)]
pub(crate) struct Flat {
    pub(crate) ops: Vec<Op>,
    pub(crate) args: Vec<u8>,
    pub(crate) textures: Vec<Bound>,
    pub(crate) seen: HashMap<*const (), usize>,
}

/// A texture that a pass reads, kept alive until it is submitted.
pub(crate) enum Bound {
    Image(Image),
    Plane(DevicePlanes, usize),
    Own(Arc<GpuTexture>),
}

impl Bound {
    fn view(&self, gpu: &Gpu) -> Result<&wgpu::TextureView> {
        match self {
            Self::Image(image) => Ok(&gpu.own(image.storage())?.view),
            Self::Plane(planes, i) => PlaneTextures::of(planes)?.view(gpu, *i),
            Self::Own(texture) => Ok(&texture.view),
        }
    }
}

/// How many textures and operations an expression needs, shared parts counted once.
#[derive(Clone, Copy, Default)]
struct Cost {
    textures: usize,
    ops: usize,
}

fn cost(expr: &Expr, seen: &mut HashSet<*const ()>) -> Cost {
    if !seen.insert(expr.id()) {
        return Cost::default();
    }
    match expr {
        Expr::Image(_) | Expr::Mixed(_) => Cost { textures: 1, ops: 1 },
        Expr::Planes(planes) => Cost { textures: PlaneForm::of(planes.info()).textures(), ops: 1 },
        Expr::Stage(stage) => {
            stage.inputs().iter().fold(Cost { textures: stage.tables().len(), ops: 1 }, |sum, input| {
                let c = cost(input, seen);
                Cost { textures: sum.textures + c.textures, ops: sum.ops + c.ops }
            })
        }
    }
}

/// A pass to draw.
pub(crate) struct Draw<'a> {
    pub(crate) compiled: &'a Compiled,
    pub(crate) args: &'a [u8],
    pub(crate) textures: &'a [Bound],
    pub(crate) targets: &'a [&'a wgpu::TextureView],
}

impl Gpu {
    /// Turns an expression into operations.
    pub(crate) fn flatten(&self, expr: &Expr, flat: &mut Flat) -> Result<usize> {
        if let Some(at) = flat.seen.get(&expr.id()) {
            return Ok(*at);
        }
        let op = match expr {
            Expr::Image(image) => {
                flat.textures.push(Bound::Image(image.clone()));
                Op::Image
            }
            Expr::Planes(planes) => {
                let form = PlaneForm::of(planes.info());
                flat.textures.extend((0..form.textures()).map(|i| Bound::Plane(planes.clone(), i)));
                flat.args.extend(plane_form::args(planes.info()));
                Op::Planes(form)
            }
            Expr::Stage(stage) => {
                let inputs =
                    stage.inputs().iter().map(|i| self.flatten(i, flat)).collect::<Result<Vec<_>>>()?;
                for table in stage.tables() {
                    flat.textures.push(Bound::Own(self.table(table)?));
                }
                flat.args.extend(stage.place().bytes());
                flat.args.extend(stage.params());
                // Every struct of the uniform begins at a multiple of 16.
                flat.args.resize(flat.args.len().next_multiple_of(16), 0);
                Op::Stage { shader: stage.shader(), inputs }
            }
            Expr::Mixed(_) => return Err(Error::system("a mix was to be made in the pass that reads it")),
        };
        flat.ops.push(op);
        let at = flat.ops.len() - 1;
        flat.seen.insert(expr.id(), at);
        Ok(at)
    }

    /// The expression with as many of its parts made as it takes to draw the rest in one pass: all mixes among them.
    pub(crate) fn reduced(&self, expr: &Expr, precision: Precision, label: Label) -> Result<Expr> {
        let made = expr.with_mixes(&mut |mixed| {
            Ok(self.separable(mixed.source(), mixed.mix(), mixed.precision(), label)?.into())
        })?;
        self.reduce(&made, precision, label, &mut HashMap::new())
    }

    fn fits(&self, expr: &Expr) -> bool {
        let c = cost(expr, &mut HashSet::new());
        c.ops <= MAX_OPS && c.textures <= self.0.report.max_textures as usize
    }

    fn reduce(
        &self,
        expr: &Expr,
        precision: Precision,
        label: Label,
        done: &mut HashMap<*const (), Expr>,
    ) -> Result<Expr> {
        let Expr::Stage(stage) = expr else { return Ok(expr.clone()) };
        if self.fits(expr) {
            return Ok(expr.clone());
        }
        if let Some(ready) = done.get(&expr.id()) {
            return Ok(ready.clone());
        }
        let mut inputs = stage
            .inputs()
            .iter()
            .map(|i| self.reduce(i, precision, label, done))
            .collect::<Result<Vec<_>>>()?;
        let result = loop {
            let candidate = stage.over(inputs.clone());
            if self.fits(&candidate) {
                break candidate;
            }
            let heaviest = inputs
                .iter_mut()
                .filter(|i| !matches!(i, Expr::Image(_)))
                .max_by_key(|i| {
                    let c = cost(i, &mut HashSet::new());
                    c.textures + c.ops
                })
                .ok_or_else(|| {
                    Error::usage("the tool reads more pictures and tables than this device allows")
                        .at(stage.shader().name())
                        .help(format!("use at most {}", self.0.report.max_textures))
                })?;
            *heaviest = Expr::Image(self.draw_expr(heaviest, precision, precision, label)?);
        };
        done.insert(expr.id(), result.clone());
        Ok(result)
    }

    /// Draws an expression that fits one pass into a new image of precision `stored`.
    fn draw_expr(&self, expr: &Expr, between: Precision, stored: Precision, label: Label) -> Result<Image> {
        let (width, height) = expr.size();
        let target = self.texture(width, height, format_of(stored))?;
        let mut flat = Flat { args: size_args(width, height), ..Flat::default() };
        self.flatten(expr, &mut flat)?;
        let output = Output::Image(between, stored);
        let compiled = self.compiled(program::key(&flat.ops, output), &[format_of(stored)], || {
            program::fused(&flat.ops, output)
        })?;
        self.draw_one(
            &Draw {
                compiled: &compiled,
                args: &flat.args,
                textures: &flat.textures,
                targets: &[&target.view],
            },
            label,
        )?;
        Ok(Image::new(width, height, stored, target))
    }

    /// Draws one pass as a submission of its own.
    fn draw_one(&self, draw: &Draw<'_>, label: Label) -> Result<()> {
        let measure = self.measure(label);
        let commands = self.recorded(measure.as_ref(), |encoder| {
            self.draw(encoder, draw, measure.as_ref().map(Measure::begin))
        })?;
        self.submit(commands)?;
        if let Some(measure) = measure {
            self.submitted(measure);
        }
        Ok(())
    }

    /// Records a submission.
    pub(crate) fn recorded(
        &self,
        measure: Option<&Measure>,
        record: impl FnOnce(&mut wgpu::CommandEncoder) -> Result<()>,
    ) -> Result<wgpu::CommandBuffer> {
        self.guarded(|| {
            let mut encoder =
                self.0.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
            record(&mut encoder)?;
            if let Some(measure) = measure {
                self.resolve(&mut encoder, measure);
            }
            Ok(encoder.finish())
        })?
    }

    /// Records one pass.
    pub(crate) fn draw(
        &self,
        encoder: &mut wgpu::CommandEncoder,
        draw: &Draw<'_>,
        timestamps: Option<wgpu::RenderPassTimestampWrites<'_>>,
    ) -> Result<()> {
        let device = &self.0.device;
        let uniform = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            size: draw.args.len() as u64,
            usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.0.queue.write_buffer(&uniform, 0, draw.args);
        let views = draw.textures.iter().map(|t| t.view(self)).collect::<Result<Vec<_>>>()?;
        let resources = std::iter::once(uniform.as_entire_binding())
            .chain(views.into_iter().map(wgpu::BindingResource::TextureView));
        let entries: Vec<_> = (0..)
            .zip(resources)
            .map(|(binding, resource)| wgpu::BindGroupEntry { binding, resource })
            .collect();
        let group = device.create_bind_group(&wgpu::BindGroupDescriptor {
            label: None,
            layout: &draw.compiled.layout,
            entries: &entries,
        });
        // Every pixel is drawn. A software rasteriser would clear by writing the picture once more.
        let load = if self.0.report.software {
            wgpu::LoadOp::Load
        } else {
            wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT)
        };
        let attachments: Vec<_> = draw
            .targets
            .iter()
            .map(|view| {
                Some(wgpu::RenderPassColorAttachment {
                    view,
                    depth_slice: None,
                    resolve_target: None,
                    ops: wgpu::Operations { load, store: wgpu::StoreOp::Store },
                })
            })
            .collect();
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: None,
            color_attachments: &attachments,
            depth_stencil_attachment: None,
            timestamp_writes: timestamps,
            occlusion_query_set: None,
            multiview_mask: None,
        });
        pass.set_pipeline(&draw.compiled.pipeline);
        pass.set_bind_group(0, &group, &[]);
        pass.draw(0..3, 0..1);
        self.0.passes.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}

/// The head of every uniform.
pub(crate) fn size_args(width: u32, height: u32) -> Vec<u8> {
    bytemuck::bytes_of(&[width, height, 0, 0]).to_vec()
}

impl Executor for Gpu {
    fn upload(&self, planes: &Planes) -> Result<DevicePlanes> {
        self.upload_planes(planes)
    }

    fn image(&self, pixels: &Pixels, precision: Precision) -> Result<Image> {
        self.upload_pixels(pixels, precision)
    }

    fn prepare(&self, expr: &Expr, precision: Precision) -> Result<()> {
        if expr.has_mixes() || !self.fits(expr) {
            return Ok(());
        }
        let mut flat = Flat::default();
        self.flatten(expr, &mut flat)?;
        let output = Output::Image(precision, precision);
        self.compiled(program::key(&flat.ops, output), &[format_of(precision)], || {
            program::fused(&flat.ops, output)
        })
        .map(|_| ())
    }

    fn materialise_as(
        &self,
        expr: &Expr,
        between: Precision,
        stored: Precision,
        label: Label,
    ) -> Result<Image> {
        match expr {
            Expr::Image(image) if image.precision() == stored => Ok(image.clone()),
            _ => match self.reduced(expr, between, label)? {
                Expr::Image(image) if image.precision() == stored => Ok(image),
                ready => self.draw_expr(&ready, between, stored, label),
            },
        }
    }

    fn kernel(&self, run: &KernelRun<'_>, label: Label) -> Result<Image> {
        let kernel = run.kernel;
        let at = |e: Error| e.at(kernel.name());
        let params = run.checked_params()?;
        let place = run.place;
        let target = self.texture(place.width, place.height, format_of(run.precision)).map_err(at)?;
        let mut args = size_args(place.width, place.height);
        for input in run.inputs {
            args.extend(size_args(input.width(), input.height()));
        }
        args.extend(place.bytes());
        args.extend(params);
        args.resize(args.len().next_multiple_of(16), 0);
        let mut textures: Vec<_> = run.inputs.iter().map(|i| Bound::Image((*i).clone())).collect();
        for table in run.tables {
            textures.push(Bound::Own(self.table(table)?));
        }
        let key = KeyHasher::new("kernel").key(kernel.hash()).u64(run.precision as u64).finish();
        let compiled = self.compiled(key, &[format_of(run.precision)], || program::kernel(kernel))?;
        self.draw_one(
            &Draw { compiled: &compiled, args: &args, textures: &textures, targets: &[&target.view] },
            label,
        )
        .map_err(at)?;
        Ok(Image::new(place.width, place.height, run.precision, target))
    }

    fn to_planes(
        &self,
        expr: &Expr,
        format: &EncodeFormat,
        precision: Precision,
        frame: u32,
        label: Label,
    ) -> Result<PendingPlanes> {
        self.encode(expr, format, precision, frame, label)
    }

    fn read(&self, image: &Image, cancel: &Cancel) -> Result<Pixels> {
        self.read_image(image, cancel)
    }

    fn lost(&self) -> Option<String> {
        self.health().lost
    }

    fn close(&self) {
        self.device().destroy();
        self.mark_closed();
    }

    fn take_timings(&self) -> BTreeMap<Label, f64> {
        self.read_timings()
    }
}
