//! A frame as a picture file.

use super::Session;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::Frame;
use rushes_engine::{Cancel, ColorTags, Desc, Error, Result};
use rushes_gpu::{Expr, Precision};
use rushes_media::{EncodeSettings, Encoder, Preset};
use rushes_nodes::{Services, encode_format};
use std::path::Path;

/// A frame that is to be a picture file: PNG of 8 or 16 bits, or EXR. PNG of 8 bits is rounded, not dithered: it is the
/// viewer's picture.
#[derive(Clone, Copy)]
pub struct FrameFile<'a> {
    /// The node that gave it.
    pub node: &'a NodeId,
    /// The frame.
    pub frame: &'a Frame,
    /// The file; its ending says of which kind it is.
    pub out: &'a Path,
    /// Bits of a PNG.
    pub bits: u8,
}

impl Session {
    /// Width and height of a frame.
    pub fn frame_size(&self, frame: &Frame) -> Result<(u32, u32)> {
        expr(frame).map(Expr::size)
    }

    /// Writes a frame; gives its width and height. The file appears whole or not at all.
    pub fn write_frame(&mut self, file: FrameFile<'_>, cancel: &Cancel) -> Result<(u32, u32)> {
        let described = self.described();
        file.write(self.services(), &described, cancel)
    }
}

impl FrameFile<'_> {
    /// Does what [`Session::write_frame`] does, also where the session is not.
    pub(crate) fn write(
        self,
        services: &Services,
        described: &DescribedGraph,
        cancel: &Cancel,
    ) -> Result<(u32, u32)> {
        let Self { node, frame, out, bits } = self;
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
        let format = encode_format(&encoder.wants(), false);
        let executor = services.executor()?;
        let pending = executor.to_planes(&expr, &format, Precision::for_bits(depth), 0, 0)?;
        encoder.write(&pending.wait(cancel)?)?;
        encoder.finish()?;
        Ok((width, height))
    }
}

fn expr(frame: &Frame) -> Result<&Expr> {
    let expr = frame.payload.as_any().downcast_ref::<Expr>();
    expr.ok_or_else(|| {
        Error::usage("this output is no picture").help("look at a node that outputs a clip or stills")
    })
}
