//! What is known of a media file.

use crate::timing::Timing;
use rushes_engine::{Cancel, ClipDesc, ColorTags, Error, Layout, Orientation, Rate, Result, Sample, Siting};
use std::path::PathBuf;

/// How a path is looked at.
#[derive(Clone, Debug)]
pub struct ProbeOptions {
    /// The rate of a numbered sequence or a folder of stills.
    pub sequence_rate: Rate,
    /// Stops a long look, as at a stream without time stamps that has to be decoded once.
    pub cancel: Cancel,
}

impl Default for ProbeOptions {
    fn default() -> Self {
        Self { sequence_rate: Rate::FILM, cancel: Cancel::new() }
    }
}

/// What a path holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MediaKind {
    /// A clip in one file.
    Video,
    /// One picture without time.
    Still,
    /// Numbered stills, or a folder of stills.
    Sequence,
    /// Sound without a picture.
    Audio,
}

/// A media file, sequence or folder.
#[derive(Clone, Debug)]
pub struct MediaInfo {
    /// The path as it was given.
    pub path: PathBuf,
    /// What it holds.
    pub kind: MediaKind,
    /// FFmpeg's name of the container, such as `mov,mp4,m4a,3gp,3g2,mj2` or `png_pipe`.
    pub format: String,
    /// Its picture; `None` for sound alone.
    pub picture: Option<PictureInfo>,
    /// Its first sound stream.
    pub audio: Option<AudioInfo>,
    /// Metadata of the container, then of the video stream, in the file's order.
    pub metadata: Vec<(String, String)>,
    /// The graph that made it, as JSON, where one is embedded.
    pub graph: Option<String>,
}

/// The picture of a media file.
#[derive(Clone, Debug)]
pub struct PictureInfo {
    /// FFmpeg's name of the codec.
    pub codec: String,
    /// FFmpeg's name of the pixel format.
    pub pixel_format: String,
    /// Stored width in pixels, before orientation.
    pub width: u32,
    /// Stored height in pixels, before orientation.
    pub height: u32,
    /// How to stand it upright.
    pub orientation: Orientation,
    /// Which channel lies where in the planes that a reader gives.
    pub layout: Layout,
    /// How their samples are stored.
    pub sample: Sample,
    /// Significant bits: 8 to 16, or 16 and 32 for floats.
    pub bits: u8,
    /// Whether there is an alpha channel.
    pub alpha: bool,
    /// What the numbers mean; `guessed` where the file says nothing.
    pub color: ColorTags,
    /// Where chroma lies.
    pub siting: Siting,
    /// Whether the stream says that its frames are two fields.
    pub interlaced: bool,
    /// Width of a pixel over its height, as a fraction.
    pub sample_aspect: (u32, u32),
    /// Exact number of stored frames, those missing at a truncated end included.
    pub frames: u64,
    /// Frames that the container lists and that are not in the file, at its end.
    pub missing: u64,
    /// When frames are shown.
    pub timing: Timing,
}

/// The sound of a media file.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioInfo {
    /// FFmpeg's name of the codec.
    pub codec: String,
    /// Samples a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// FFmpeg's name of the channel layout, such as `stereo` or `5.1`.
    pub layout: String,
    /// Samples a channel, counted over the packets, without encoder delay.
    pub samples: u64,
    /// How many seconds after the first picture the first sample is heard; 0 where there is no picture.
    pub offset_s: f64,
}

impl MediaInfo {
    /// The picture, or an error that says that there is none.
    pub fn picture(&self) -> Result<&PictureInfo> {
        self.picture.as_ref().ok_or_else(|| {
            Error::media("the file holds no picture")
                .at(self.path.display())
                .help("name a file with a video stream")
        })
    }

    /// The clip as it stands upright, one frame a stored frame. Alpha, size and colour are those of its frames.
    pub fn clip(&self) -> Result<ClipDesc> {
        let p = self.picture()?;
        let (width, height) = p.orientation.upright(p.width, p.height);
        let depth = match p.sample {
            Sample::F16 | Sample::F32 => 32,
            Sample::U8 | Sample::U16 => p.bits,
        };
        Ok(ClipDesc {
            width,
            height,
            rate: p.timing.rate(),
            frames: p.frames,
            color: p.color,
            depth,
            alpha: p.alpha,
            audio: None,
            style: None,
        })
    }
}
