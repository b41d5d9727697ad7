//! RGB to an encoder's planes on the device, and back to main memory through a ring of buffers.

use crate::device::Gpu;
use crate::encode_form::{EncodeFormat, MAX_TAPS, Target, chroma_pass};
use crate::executor::{Label, Pending, PendingPlanes};
use crate::expr::Expr;
use crate::image::Precision;
use crate::pool::GpuTexture;
use crate::program::{self, Output};
use crate::readback::{self, Readback};
use crate::run::{Bound, Draw, Flat, size_args};
use crate::timing::Measure;
use crate::upload::plane_format;
use rushes_engine::{Cancel, KeyHasher, Layout, Planes, Result};
use std::sync::Arc;

/// Planes that the device is making.
struct PendingRead {
    readback: Readback,
    format: EncodeFormat,
    width: u32,
    height: u32,
    /// For each plane of the layout, which texture of the readback holds it.
    order: Vec<usize>,
}

impl Pending for PendingRead {
    fn wait(self: Box<Self>, cancel: &Cancel) -> Result<Planes> {
        let mut read = self.readback.wait(cancel)?;
        let store: Vec<Vec<u8>> =
            self.order.iter().map(|i| read.get_mut(*i).map(std::mem::take).unwrap_or_default()).collect();
        let info = self.format.info(self.width, self.height);
        let strides = (0..store.len()).map(|plane| info.row_bytes(plane)).collect();
        Ok(Planes { info, strides, store: Arc::new(store) })
    }
}

impl Gpu {
    pub(crate) fn encode(
        &self,
        expr: &Expr,
        format: &EncodeFormat,
        precision: Precision,
        frame: u32,
        label: Label,
    ) -> Result<PendingPlanes> {
        format.check()?;
        let (width, height) = expr.size();
        let expr = self.reduced(expr, precision, label)?;
        let mut flat = Flat { args: size_args(width, height), ..Flat::default() };
        self.flatten(&expr, &mut flat)?;
        let encode_args = format.args(frame);
        flat.args.extend(&encode_args);

        let form = format.form(precision);
        let targets: Vec<Arc<GpuTexture>> = form
            .outputs()
            .into_iter()
            .map(|target| self.texture(width, height, self.target_format(format, target)))
            .collect::<Result<_>>()?;
        let formats: Vec<_> = targets.iter().map(|t| t.texture.format()).collect();
        let output = Output::Encode(form);
        let key = KeyHasher::new("encode")
            .key(program::key(&flat.ops, output))
            .str(&format!("{formats:?}"))
            .finish();
        let main = self.compiled(key, &formats, || program::fused(&flat.ops, output))?;
        let chroma =
            if format.is_subsampled() { Some(self.chroma(format, &encode_args, &targets)?) } else { None };

        let measure = self.measure(label);
        let mut read: Vec<&GpuTexture> = Vec::new();
        let order = match &chroma {
            None => {
                read.extend(targets.iter().map(AsRef::as_ref));
                (0..targets.len()).collect()
            }
            Some(chroma) => {
                // Luma, then alpha where there is one, then chroma: put back into the layout's order.
                let full = targets.iter().enumerate().filter(|(i, _)| *i != 1);
                read.extend(full.map(|(_, t)| &**t));
                let first = read.len();
                read.extend(chroma.planes.iter().map(AsRef::as_ref));
                let mut order = vec![0];
                order.extend(first..read.len());
                order.extend(1..first);
                order
            }
        };
        let (slices, size) = readback::slices(&read);
        let buffer = self.readback_buffer(size)?;
        let commands = self.recorded(measure.as_ref(), |encoder| {
            let views: Vec<_> = targets.iter().map(|t| &t.view).collect();
            let draw = Draw { compiled: &main, args: &flat.args, textures: &flat.textures, targets: &views };
            self.draw(encoder, &draw, measure.as_ref().map(Measure::begin))?;
            if let Some(chroma) = &chroma {
                let views: Vec<_> = chroma.planes.iter().map(|t| &t.view).collect();
                let draw = Draw {
                    compiled: &chroma.compiled,
                    args: &chroma.args,
                    textures: &chroma.source,
                    targets: &views,
                };
                self.draw(encoder, &draw, measure.as_ref().map(Measure::again))?;
            }
            self.copy_out(encoder, &read, &slices, &buffer);
            Ok(())
        })?;
        self.submit(commands)?;
        if let Some(measure) = measure {
            self.submitted(measure);
        }
        let readback = self.begin_readback(buffer, slices)?;
        Ok(PendingPlanes::new(PendingRead { readback, format: *format, width, height, order }))
    }

    fn target_format(&self, format: &EncodeFormat, target: Target) -> wgpu::TextureFormat {
        match target {
            Target::Plane(channels) => plane_format(format.sample, channels),
            // Half floats hold 8-bit chroma to a sixteenth of a code.
            Target::Chroma if format.bits <= 8 => wgpu::TextureFormat::Rg16Float,
            Target::Chroma => wgpu::TextureFormat::Rg32Float,
        }
    }

    /// The pass that makes subsampled chroma.
    fn chroma(
        &self,
        format: &EncodeFormat,
        encode_args: &[u8],
        targets: &[Arc<GpuTexture>],
    ) -> Result<ChromaPass> {
        let full = targets.get(1).cloned().ok_or_else(crate::pool::foreign)?;
        let (width, height) = (full.texture.width(), full.texture.height());
        let interleaved = format.layout == Layout::SemiPlanar;
        let channels = if interleaved { 2 } else { 1 };
        let count = if interleaved { 1 } else { 2 };
        let (samples, rows) = format.layout.plane_size(1, width, height);
        let plane = plane_format(format.sample, channels);
        let planes: Vec<_> = (0..count)
            .map(|_| self.texture(samples / u32::from(channels), rows, plane))
            .collect::<Result<_>>()?;
        let key = KeyHasher::new("chroma").u64(u64::from(interleaved)).str(&format!("{plane:?}")).finish();
        let compiled =
            self.compiled(key, &vec![plane; count], || Ok(program::chroma(&chroma_pass(interleaved))))?;

        let (sub_x, sub_y) = crate::plane_form::subsampling(format.layout);
        let [(left, across), (top, down)] = format.chroma_taps();
        let mut args = size_args(samples / u32::from(channels), rows);
        args.extend(encode_args);
        args.extend(bytemuck::bytes_of(&[1_u32 << sub_x, 1 << sub_y, left as u32, top as u32]));
        args.extend(bytemuck::bytes_of(&[across.len() as u32, down.len() as u32, width - 1, height - 1]));
        for taps in [across, down] {
            let mut padded = [[0.0_f32; 4]; MAX_TAPS];
            padded.iter_mut().zip(taps).for_each(|(place, tap)| place[0] = tap);
            args.extend(bytemuck::bytes_of(&padded));
        }
        Ok(ChromaPass { compiled, args, source: vec![Bound::Own(full)], planes })
    }
}

struct ChromaPass {
    compiled: Arc<crate::pipeline::Compiled>,
    args: Vec<u8>,
    source: Vec<Bound>,
    planes: Vec<Arc<GpuTexture>>,
}
