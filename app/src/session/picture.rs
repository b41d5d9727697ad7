//! A frame as a picture file.

use super::Session;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::Frame;
use rushes_engine::{Cancel, ColorTags, Desc, Error, Result, Siting};
use rushes_gpu::{EncodeFormat, Expr, Precision};
use rushes_media::{EncodeSettings, Encoder, Preset};
use rushes_nodes::Services;
use std::path::Path;

impl Session {
    /// Width and height of a frame.
    pub fn frame_size(&self, frame: &Frame) -> Result<(u32, u32)> {
        expr(frame).map(Expr::size)
    }

    /// Writes a frame as [`write_frame`] does.
    pub fn write_frame(
        &mut self,
        node: &NodeId,
        frame: &Frame,
        out: &Path,
        bits: u8,
        cancel: &Cancel,
    ) -> Result<(u32, u32)> {
        let described = self.described();
        write_frame(self.services(), &described, node, frame, out, bits, cancel)
    }
}

/// Writes a frame as PNG of 8 or 16 bits, or as EXR. PNG of 8 bits is rounded, not dithered: it is the viewer's
/// picture. The file appears whole or not at all.
pub(crate) fn write_frame(
    services: &Services,
    described: &DescribedGraph,
    node: &NodeId,
    frame: &Frame,
    out: &Path,
    bits: u8,
    cancel: &Cancel,
) -> Result<(u32, u32)> {
    let expr = expr(frame)?.clone();
    let ending = out.extension().map(|e| e.to_string_lossy().to_lowercase()).unwrap_or_default();
    let preset = match (ending.as_str(), bits) {
        ("png", 8) => Preset::Png8,
        ("png", 16) => Preset::Png16,
        ("exr", _) => Preset::ExrHalf,
        ("png", _) => {
            return Err(Error::usage(format!("a PNG of {bits} bits is not written")).help("use 8 or 16"));
        }
        _ => {
            return Err(Error::usage(format!("a picture is not written as “.{ending}”"))
                .at(out.display())
                .help("end the name with .png or .exr"));
        }
    };
    let outcome = described.slot(node)?.state.outcome.as_ref().map_err(Clone::clone)?;
    let desc = outcome.outputs.iter().find_map(Desc::frames);
    let depth = desc.map_or(8, |d| d.depth);
    let (width, height) = expr.size();
    let mut settings = EncodeSettings::new(preset, width, height, None);
    settings.alpha = desc.is_some_and(|d| d.alpha);
    settings.color = desc.map_or(ColorTags::SRGB, |d| d.color);
    let mut encoder = Encoder::create(out, &settings)?;
    let wants = encoder.wants();
    let format = EncodeFormat {
        layout: wants.layout,
        sample: wants.sample,
        bits: wants.bits,
        color: wants.color,
        siting: Siting::Center,
        dither: false,
    };
    let executor = services.executor()?;
    let pending = executor.to_planes(&expr, &format, Precision::for_bits(depth), 0, 0)?;
    encoder.write(&pending.wait(cancel)?)?;
    encoder.finish()?;
    Ok((width, height))
}

fn expr(frame: &Frame) -> Result<&Expr> {
    let expr = frame.payload.as_any().downcast_ref::<Expr>();
    expr.ok_or_else(|| {
        Error::usage("this output is no picture").help("look at a node that outputs a clip or stills")
    })
}
