//! PNG and OpenEXR stills.

use super::plan::{EncodeFormat, EncodeSettings, Preset};
use super::temp::{Temp, io_error};
use super::video::{Codec, fill};
use crate::ff::{Frame, sys};
use crate::graph::KEY;
use crate::sequence::Pattern;
use rushes_engine::{Error, Planes, Result, Sample};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// One still or a numbered sequence on its way.
pub(crate) struct Stills {
    path: PathBuf,
    pattern: Option<Pattern>,
    preset: Preset,
    format: EncodeFormat,
    graph: Option<String>,
    next: u64,
    done: Vec<Temp>,
}

impl Stills {
    pub(crate) fn create(
        path: &Path,
        pattern: Option<Pattern>,
        settings: &EncodeSettings,
        format: EncodeFormat,
    ) -> Result<Self> {
        let stills = Self {
            path: path.to_owned(),
            pattern,
            preset: settings.preset,
            format,
            graph: settings.graph.clone(),
            next: settings.first_number,
            done: Vec::new(),
        };
        // Says at once whether the folder can be written to.
        let probe = Temp::beside(&stills.target())?;
        std::fs::File::create(&probe.path).map_err(|e| io_error("the output cannot be made", path, &e))?;
        Ok(stills)
    }

    fn target(&self) -> PathBuf {
        self.pattern.as_ref().map_or_else(|| self.path.clone(), |p| p.file(self.next))
    }

    pub(crate) fn write(&mut self, planes: &Planes) -> Result<()> {
        if self.pattern.is_none() && !self.done.is_empty() {
            return Err(Error::usage("several frames do not fit into one still")
                .at(self.path.display())
                .help("put %04d into the name for a numbered sequence, or render one frame"));
        }
        let temp = Temp::beside(&self.target())?;
        let file = std::fs::File::create(&temp.path)
            .map_err(|e| io_error("the output cannot be made", &self.path, &e))?;
        let mut file = BufWriter::new(file);
        match self.preset {
            Preset::ExrHalf | Preset::ExrFloat => {
                let bytes = self.exr(planes)?;
                file.write_all(&bytes).map_err(|e| io_error("writing failed", &self.path, &e))?;
            }
            _ => self.png(planes, &mut file)?,
        }
        file.flush().map_err(|e| io_error("writing failed", &self.path, &e))?;
        drop(file);
        self.done.push(temp);
        self.next += 1;
        Ok(())
    }

    pub(crate) fn finish(self) -> Result<Vec<PathBuf>> {
        self.done.into_iter().map(Temp::keep).collect()
    }

    fn png(&self, planes: &Planes, file: &mut impl Write) -> Result<()> {
        let failed = |e: png::EncodingError| match e {
            png::EncodingError::IoError(e) => io_error("writing failed", &self.path, &e),
            other => Error::media(format!("the PNG encoder failed: {other}")).at(self.path.display()),
        };
        let mut encoder = png::Encoder::new(file, self.format.width, self.format.height);
        let channels = self.format.layout.planes();
        encoder.set_color(if channels == 4 { png::ColorType::Rgba } else { png::ColorType::Rgb });
        let size = self.format.sample.size();
        encoder.set_depth(if size == 2 { png::BitDepth::Sixteen } else { png::BitDepth::Eight });
        if let Some(graph) = &self.graph {
            encoder.add_itxt_chunk(KEY.to_owned(), graph.clone()).map_err(failed)?;
        }
        let mut writer = encoder.write_header().map_err(failed)?;
        let mut stream = writer.stream_writer().map_err(failed)?;
        let pixel = channels * size;
        let mut line = vec![0; self.format.width as usize * pixel];
        for y in 0..self.format.height {
            for channel in 0..channels {
                let row = planes.row(channel, y);
                for (to, from) in line.chunks_exact_mut(pixel).zip(row.chunks_exact(size)) {
                    let to = to.get_mut(channel * size..(channel + 1) * size).unwrap_or(&mut []);
                    to.copy_from_slice(from);
                    // PNG's samples are big-endian.
                    if size == 2 && cfg!(target_endian = "little") {
                        to.reverse();
                    }
                }
            }
            stream.write_all(&line).map_err(|e| io_error("writing failed", &self.path, &e))?;
        }
        stream.finish().map_err(failed)?;
        writer.finish().map_err(failed)
    }

    fn exr(&self, planes: &Planes) -> Result<Vec<u8>> {
        let failed = |code: crate::ff::Code| code.error("the EXR encoder failed", &self.path);
        let format = if self.format.layout.has_alpha() {
            sys::AVPixelFormat::AV_PIX_FMT_GBRAPF32LE
        } else {
            sys::AVPixelFormat::AV_PIX_FMT_GBRPF32LE
        };
        let mut codec = Codec::open(c"exr", &self.path, |context, options| {
            (context.width, context.height) = (self.format.width as i32, self.format.height as i32);
            context.pix_fmt = format;
            context.time_base = sys::AVRational { num: 1, den: 24 };
            options.set("compression", "zip16");
            options.set("format", if self.preset == Preset::ExrHalf { "half" } else { "float" });
        })?;
        let mut frame = Frame::video(self.format.width, self.format.height, format as i32).map_err(failed)?;
        // FFmpeg's planes are G, B, R, A.
        for (ours, theirs) in [(0, 2), (1, 0), (2, 1), (3, 3)].into_iter().take(self.format.layout.planes()) {
            let widen = |from: &[u8], to: &mut [u8]| {
                for (from, to) in from.chunks_exact(2).zip(to.chunks_exact_mut(4)) {
                    let half = half::f16::from_ne_bytes([from[0], from[1]]);
                    to.copy_from_slice(&half.to_f32().to_ne_bytes());
                }
            };
            let copy = |from: &[u8], to: &mut [u8]| match self.format.sample {
                Sample::F16 => widen(from, to),
                _ => to.get_mut(..from.len()).unwrap_or(&mut []).copy_from_slice(from),
            };
            fill(&mut frame, theirs, self.format.height, self.format.width as usize * 4, |y, to| {
                copy(planes.row(ours, y), to);
            });
        }
        codec.send(Some(&frame)).map_err(failed)?;
        codec.send(None).map_err(failed)?;
        let mut bytes = Vec::new();
        while let Some(packet) = codec.receive().map_err(failed)? {
            bytes.extend_from_slice(packet.data());
        }
        if bytes.is_empty() {
            Err(Error::media("the EXR encoder gave nothing").at(self.path.display()))
        } else {
            Ok(bytes)
        }
    }
}
