//! What is to be written, and what planes that takes.

use crate::audio::SoundForm;
use rushes_engine::{
    ClipDesc, ColorTags, Error, Layout, Matrix, Orientation, Planes, PlanesInfo, Primaries, Range, Rate,
    Result, Sample, Siting,
};
use std::path::{Path, PathBuf};

/// A codec with its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// H.264, 4:2:0, 8 bits.
    H264,
    /// H.265, 4:2:0, 8 bits.
    H265,
    /// H.265, 4:2:0, 10 bits.
    H265TenBit,
    /// Apple ProRes 422 Proxy, 10 bits.
    ProRes422Proxy,
    /// Apple ProRes 422 HQ, 10 bits.
    ProRes422Hq,
    /// Apple ProRes 4444, 10 bits a sample here, with alpha where asked for.
    ProRes4444,
    /// PNG stills of 8 bits.
    Png8,
    /// PNG stills of 16 bits.
    Png16,
    /// OpenEXR stills of half floats.
    ExrHalf,
    /// OpenEXR stills of floats.
    ExrFloat,
}

impl Preset {
    /// Whether it makes stills, one file a frame.
    pub fn is_still(self) -> bool {
        matches!(self, Self::Png8 | Self::Png16 | Self::ExrHalf | Self::ExrFloat)
    }

    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::H264 | Self::H265 | Self::H265TenBit => &["mp4", "m4v", "mov", "mkv"],
            Self::ProRes422Proxy | Self::ProRes422Hq | Self::ProRes4444 => &["mov"],
            Self::Png8 | Self::Png16 => &["png"],
            Self::ExrHalf | Self::ExrFloat => &["exr"],
        }
    }
}

/// The sound of a clip.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum AudioTrack {
    /// None.
    #[default]
    None,
    /// The first sound stream of this file, from its start to the end of the picture; copied where the container takes its
    /// codec, else encoded.
    File(PathBuf),
    /// What [`crate::Encoder::write_audio`] is given.
    Samples(SoundForm),
}

/// How to write a clip or stills.
#[derive(Clone, Debug)]
pub struct EncodeSettings {
    /// The codec.
    pub preset: Preset,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Frames a second; stills do without.
    pub rate: Option<Rate>,
    /// Whether alpha is kept, where the preset can.
    pub alpha: bool,
    /// What the numbers mean. Matrix and range are chosen to fit the preset.
    pub color: ColorTags,
    /// Constant rate factor for H.264 and H.265, 0 (best) to 51; `None` is 18.
    pub crf: Option<u8>,
    /// Bits a second for H.264 and H.265, in place of the constant rate factor.
    pub bit_rate: Option<u64>,
    /// x264's and x265's speed, `ultrafast` to `veryslow`.
    pub speed: String,
    /// The sound.
    pub audio: AudioTrack,
    /// The graph to embed, as JSON.
    pub graph: Option<String>,
    /// The number of the first still of a sequence.
    pub first_number: u64,
}

impl EncodeSettings {
    /// A preset at a size and rate, BT.709, without alpha, sound or graph.
    pub fn new(preset: Preset, width: u32, height: u32, rate: Option<Rate>) -> Self {
        Self {
            preset,
            width,
            height,
            rate,
            alpha: false,
            color: ColorTags::BT709,
            crf: None,
            bit_rate: None,
            speed: "medium".to_owned(),
            audio: AudioTrack::None,
            graph: None,
            first_number: 1,
        }
    }

    /// The planes it takes.
    pub fn format(&self) -> EncodeFormat {
        let yuv = |sub_x, sub_y| match self.alpha && self.preset == Preset::ProRes4444 {
            true => Layout::Yuva { sub_x, sub_y },
            false => Layout::Yuv { sub_x, sub_y },
        };
        let rgb = if self.alpha { Layout::Rgba } else { Layout::Rgb };
        let (layout, sample, bits) = match self.preset {
            Preset::H264 | Preset::H265 => (yuv(1, 1), Sample::U8, 8),
            Preset::H265TenBit => (yuv(1, 1), Sample::U16, 10),
            Preset::ProRes422Proxy | Preset::ProRes422Hq => (yuv(1, 0), Sample::U16, 10),
            Preset::ProRes4444 => (yuv(0, 0), Sample::U16, 10),
            Preset::Png8 => (rgb, Sample::U8, 8),
            Preset::Png16 => (rgb, Sample::U16, 16),
            Preset::ExrHalf => (rgb, Sample::F16, 16),
            Preset::ExrFloat => (rgb, Sample::F32, 32),
        };
        let mut color = ColorTags { guessed: false, ..self.color };
        if self.preset.is_still() {
            (color.matrix, color.range) = (Matrix::Rgb, Range::Full);
        } else {
            color.range = Range::Limited;
            if color.matrix == Matrix::Rgb {
                color.matrix = match color.primaries {
                    Primaries::Bt709 | Primaries::DisplayP3 => Matrix::Bt709,
                    Primaries::Bt601_625 | Primaries::Bt601_525 => Matrix::Bt601,
                    Primaries::Bt2020 => Matrix::Bt2020,
                };
            }
        }
        EncodeFormat { width: self.width, height: self.height, layout, sample, bits, color }
    }

    pub(crate) fn check(&self, path: &Path) -> Result<()> {
        let at = |e: Error| e.at(path.display());
        ClipDesc::still(self.width, self.height).check_size().map_err(at)?;
        let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
        let fitting = self.preset.endings();
        if !fitting.contains(&ending.as_str()) {
            return Err(at(Error::usage(format!("{:?} is not written into “.{ending}”", self.preset))
                .help(format!("end the name in .{}", fitting.join(" or .")))));
        }
        if self.preset.is_still() {
            return Ok(());
        }
        if self.rate.is_none() {
            return Err(at(Error::usage("a clip needs a rate").help("set fps, such as 24")));
        }
        let (Layout::Yuv { sub_x, sub_y } | Layout::Yuva { sub_x, sub_y }) = self.format().layout else {
            return Ok(());
        };
        if !self.width.is_multiple_of(1 << sub_x) || !self.height.is_multiple_of(1 << sub_y) {
            return Err(at(Error::usage(format!(
                "{}×{} is odd, which this codec cannot hold",
                self.width, self.height
            ))
            .help("crop or scale to an even width and height, or choose ProRes 4444 or PNG")));
        }
        if self.crf.is_some_and(|crf| crf > 51) {
            return Err(at(
                Error::usage("the quality (crf) is above 51").help("use 0 (best) to 51, usually 18")
            ));
        }
        const SPEEDS: &[&str] =
            &["ultrafast", "superfast", "veryfast", "faster", "fast", "medium", "slow", "slower", "veryslow"];
        if !SPEEDS.contains(&self.speed.as_str()) {
            return Err(at(Error::usage(format!("“{}” is not an encoder speed", self.speed))
                .help(format!("use one of {}", SPEEDS.join(", ")))));
        }
        Ok(())
    }

    pub(crate) fn muxer(&self, path: &Path) -> &'static std::ffi::CStr {
        match path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase().as_str() {
            "mov" => c"mov",
            "mkv" => c"matroska",
            _ => c"mp4",
        }
    }
}

/// The planes an encoder takes. Subsampled chroma lies [`rushes_engine::Siting::Left`]; alpha is straight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EncodeFormat {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Which channel lies where.
    pub layout: Layout,
    /// How one sample is stored.
    pub sample: Sample,
    /// Significant bits of an integer sample, 16 or 32 of a float.
    pub bits: u8,
    /// The matrix, range, primaries and transfer the numbers must have; they are written into the file.
    pub color: ColorTags,
}

impl EncodeFormat {
    /// What is known of a picture in it.
    pub fn info(&self) -> PlanesInfo {
        let Self { width, height, layout, sample, bits, color } = *self;
        let (siting, orientation) = (Siting::Left, Orientation::default());
        PlanesInfo { width, height, layout, sample, bits, color, siting, orientation }
    }

    /// Refuses planes of another form.
    pub(crate) fn check(&self, planes: &Planes) -> Result<()> {
        let PlanesInfo { width, height, layout, sample, bits, .. } = planes.info;
        if (width, height) != (self.width, self.height) {
            return Err(Error::usage(format!(
                "the frame is {width}×{height}, the output {}×{}",
                self.width, self.height
            ))
            .help("scale all frames to one size"));
        }
        if (layout, sample, bits) != (self.layout, self.sample, self.bits) {
            return Err(Error::usage(format!(
                "the encoder takes {:?} {:?} of {} bits, not {planes:?}",
                self.layout, self.sample, self.bits
            ))
            .help("convert the frame first"));
        }
        let whole = (0..self.layout.planes()).all(|plane| planes.whole_plane(plane).is_some());
        if whole { Ok(()) } else { Err(Error::usage("the frame's planes are shorter than its size")) }
    }
}
