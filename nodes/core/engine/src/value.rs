//! Values on wires, and their descriptions: what a wire will carry, known before anything runs.

use crate::param::ParamTime;
use crate::{ColorTags, Error, KeyHasher, Rate, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

/// The type of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// Frames on demand; a still is a clip of one frame.
    Clip,
    /// Several stills.
    ImageSet,
    /// A clip of one channel: how much.
    Mask,
    /// A clip of one channel: how near.
    Depth,
    /// A clip of two channels: where each pixel goes.
    Flow,
    /// Samples on demand.
    Audio,
    /// Prompt or script.
    Text,
    /// A mood board.
    Style,
    /// An omni reference.
    Character,
    /// A number over time.
    Number,
    /// A finished file.
    File,
}

impl ValueType {
    /// The name of an unnamed port of this type, and the word for it in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Self::Clip => "clip",
            Self::ImageSet => "images",
            Self::Mask => "mask",
            Self::Depth => "depth",
            Self::Flow => "flow",
            Self::Audio => "audio",
            Self::Text => "text",
            Self::Style => "style",
            Self::Character => "character",
            Self::Number => "number",
            Self::File => "file",
        }
    }
}

impl fmt::Display for ValueType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ImageSet => "image set",
            other => other.word(),
        })
    }
}

/// What a clip, mask, depth or flow wire carries.
#[derive(Clone, Debug, PartialEq)]
pub struct ClipDesc {
    /// Pixels across at full scale.
    pub width: u32,
    /// Pixels down at full scale.
    pub height: u32,
    /// Frames a second; `None` for a still, which answers every frame number with frame 0.
    pub rate: Option<Rate>,
    /// How many frames; 1 for a still.
    pub frames: u64,
    /// What the numbers mean.
    pub color: ColorTags,
    /// Bits a channel at the source: 8, 10, 12, 16, or 32 for float.
    pub depth: u8,
    /// Whether there is an alpha channel.
    pub alpha: bool,
    /// The sound that goes with the frames; its time 0 is frame 0.
    pub audio: Option<Arc<AudioDesc>>,
    /// The mood board that the frames were made under, where one is known.
    pub style: Option<Arc<StyleDesc>>,
}

impl ClipDesc {
    /// The largest side a picture may have.
    pub const MAX_SIDE: u32 = 16_384;

    /// A clip of 8-bit BT.709-like display pixels without alpha.
    pub fn clip(width: u32, height: u32, rate: Rate, frames: u64) -> Self {
        Self {
            width,
            height,
            rate: Some(rate),
            frames,
            color: ColorTags::SRGB,
            depth: 8,
            alpha: false,
            audio: None,
            style: None,
        }
    }

    /// A still of 8-bit display pixels without alpha.
    pub fn still(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            rate: None,
            frames: 1,
            color: ColorTags::SRGB,
            depth: 8,
            alpha: false,
            audio: None,
            style: None,
        }
    }

    /// Whether it is one picture without time.
    pub fn is_still(&self) -> bool {
        self.rate.is_none()
    }

    /// The size of the picture at proxy scale `1/proxy`, rounded up so that every full pixel is covered.
    pub fn size_at(&self, proxy: u32) -> (u32, u32) {
        let proxy = proxy.max(1);
        (self.width.div_ceil(proxy), self.height.div_ceil(proxy))
    }

    /// How long it lasts; 0 for a still.
    pub fn seconds(&self) -> f64 {
        self.rate.map_or(0.0, |rate| rate.seconds_of(i64::try_from(self.frames).unwrap_or(i64::MAX)))
    }

    /// Refuses sizes that no device can hold, before anything is allocated.
    pub fn check_size(&self) -> Result<()> {
        let max = Self::MAX_SIDE;
        if self.width == 0 || self.height == 0 {
            return Err(Error::usage(format!("a picture of {}×{} has no pixels", self.width, self.height))
                .help("give it a width and a height of at least 1"));
        }
        if self.width > max || self.height > max {
            return Err(Error::usage(format!("a picture of {}×{} is too large", self.width, self.height))
                .help(format!("keep both sides at or below {max}")));
        }
        Ok(())
    }
}

impl fmt::Display for ClipDesc {
    /// The live description of the wire: `1920×1080 · 24 · 120f · 709 · 10-bit · alpha`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}×{}", self.width, self.height)?;
        match self.rate {
            Some(rate) => write!(f, " · {rate} · {}f", self.frames)?,
            None => f.write_str(" · still")?,
        }
        write!(f, " · {}", self.color)?;
        if self.depth != 8 {
            write!(f, " · {}-bit", self.depth)?;
        }
        if self.alpha {
            f.write_str(" · alpha")?;
        }
        if self.audio.is_some() { f.write_str(" · sound") } else { Ok(()) }
    }
}

/// What an audio wire carries.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioDesc {
    /// Samples a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
    /// Samples a channel.
    pub samples: u64,
    /// Where the sound comes from, in playing order; silence fills what no piece covers.
    pub pieces: Vec<AudioPiece>,
}

impl AudioDesc {
    /// How long it lasts.
    pub fn seconds(&self) -> f64 {
        self.samples as f64 / f64::from(self.sample_rate.max(1))
    }
}

/// A stretch of one file's sound placed on the wire's own time. Times are in seconds.
#[derive(Clone, Debug, PartialEq)]
pub struct AudioPiece {
    /// The file, resolved and allowed.
    pub path: PathBuf,
    /// Where in the file it begins.
    pub start_s: f64,
    /// How long it plays.
    pub length_s: f64,
    /// Where on the wire it begins.
    pub at_s: f64,
}

/// What a picture of an image set is and where it came from.
#[derive(Clone, Debug, PartialEq)]
pub struct ImageDesc {
    /// Size, colour and depth.
    pub still: ClipDesc,
    /// The content hash by which a pick names it, or empty.
    pub hash: String,
    /// The file that it is, resolved and allowed, where it is one.
    pub file: Option<PathBuf>,
    /// A name for a person.
    pub name: String,
    /// The seed it was made from, where known.
    pub seed: Option<u64>,
    /// The engine that made it, where known.
    pub engine: Option<String>,
    /// The prompt it was made from, where known.
    pub prompt: Option<String>,
    /// The character that it was made with, where one is known.
    pub character: Option<Arc<CharacterDesc>>,
}

/// What an image set wire carries. A request for frame N is a request for picture N.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ImageSetDesc {
    /// The pictures in order.
    pub images: Vec<ImageDesc>,
}

/// What a style wire carries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StyleDesc {
    /// The reference pictures, as paths that were resolved and allowed.
    pub references: Vec<PathBuf>,
    /// How strongly it counts.
    pub weight: f64,
    /// Codes in a provider's own language, such as Midjourney's `--sref`.
    pub codes: String,
}

impl StyleDesc {
    /// Whether two boards ask for the same look, however strongly.
    pub fn is_same_look(&self, other: &Self) -> bool {
        (&self.references, &self.codes) == (&other.references, &other.codes)
    }
}

/// What a character wire carries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CharacterDesc {
    /// What the character is called.
    pub name: String,
    /// Face and outfit pictures, as paths that were resolved and allowed.
    pub references: Vec<PathBuf>,
    /// How strongly it counts, 0 to 1000 as Midjourney's `--ow`.
    pub weight: f64,
}

/// A number over time, known without running anything.
#[derive(Clone)]
pub struct NumberDesc {
    at: Arc<dyn Fn(ParamTime) -> f64 + Send + Sync>,
    /// The one value, where it does not change.
    pub constant: Option<f64>,
}

/// Two that are sure to be the same at all times; others may be so too.
impl PartialEq for NumberDesc {
    fn eq(&self, other: &Self) -> bool {
        match (self.constant, other.constant) {
            (Some(a), Some(b)) => a.to_bits() == b.to_bits(),
            (None, None) => Arc::as_ptr(&self.at).cast::<()>() == Arc::as_ptr(&other.at).cast::<()>(),
            _ => false,
        }
    }
}

impl NumberDesc {
    /// A number that never changes.
    pub fn constant(value: f64) -> Self {
        Self { at: Arc::new(move |_| value), constant: Some(value) }
    }

    /// A number that depends on the frame, the time and the length of the node that it drives.
    pub fn varying(at: impl Fn(ParamTime) -> f64 + Send + Sync + 'static) -> Self {
        Self { at: Arc::new(at), constant: None }
    }

    /// Its value at a time of the node that it drives; not a number where that cannot be computed.
    pub fn at(&self, time: ParamTime) -> f64 {
        (self.at)(time)
    }

    /// Adds it to a recipe: its value, or what it is over the first frames of film.
    pub(crate) fn hash(&self, hasher: &mut KeyHasher) {
        const SAMPLED: i64 = 1000;
        match self.constant {
            Some(value) => {
                hasher.f64(value);
            }
            None => {
                for frame in 0..SAMPLED {
                    let seconds = Rate::FILM.seconds_of(frame);
                    hasher.f64(self.at(ParamTime { frame, seconds, frames: SAMPLED as u64 }));
                }
            }
        }
    }
}

impl fmt::Debug for NumberDesc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.constant {
            Some(value) => write!(f, "{value}"),
            None => write!(f, "varying from {}", self.at(ParamTime { frame: 0, seconds: 0.0, frames: 1 })),
        }
    }
}

/// The description of the value on a wire.
#[derive(Clone, Debug, PartialEq)]
pub enum Desc {
    /// Frames.
    Clip(ClipDesc),
    /// Several stills.
    ImageSet(ImageSetDesc),
    /// One channel: how much.
    Mask(ClipDesc),
    /// One channel: how near.
    Depth(ClipDesc),
    /// Two channels: where to.
    Flow(ClipDesc),
    /// Sound.
    Audio(AudioDesc),
    /// Words.
    Text(Arc<str>),
    /// A mood board.
    Style(StyleDesc),
    /// An omni reference.
    Character(CharacterDesc),
    /// A number over time.
    Number(NumberDesc),
    /// A file that a job writes, by the path it will have.
    File(PathBuf),
}

impl Desc {
    /// The type of the wire.
    pub fn value_type(&self) -> ValueType {
        match self {
            Self::Clip(_) => ValueType::Clip,
            Self::ImageSet(_) => ValueType::ImageSet,
            Self::Mask(_) => ValueType::Mask,
            Self::Depth(_) => ValueType::Depth,
            Self::Flow(_) => ValueType::Flow,
            Self::Audio(_) => ValueType::Audio,
            Self::Text(_) => ValueType::Text,
            Self::Style(_) => ValueType::Style,
            Self::Character(_) => ValueType::Character,
            Self::Number(_) => ValueType::Number,
            Self::File(_) => ValueType::File,
        }
    }

    /// The frames, whatever they mean: clip, mask, depth and flow.
    pub fn frames(&self) -> Option<&ClipDesc> {
        match self {
            Self::Clip(d) | Self::Mask(d) | Self::Depth(d) | Self::Flow(d) => Some(d),
            _ => None,
        }
    }
}

impl fmt::Display for Desc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clip(d) | Self::Mask(d) | Self::Depth(d) | Self::Flow(d) => d.fmt(f),
            Self::ImageSet(d) => f.write_str(&counted(d.images.len(), "still")),
            Self::Audio(d) => write!(f, "{} Hz · {} ch · {:.2} s", d.sample_rate, d.channels, d.seconds()),
            Self::Text(text) => f.write_str(&counted(text.split_whitespace().count(), "word")),
            Self::Style(d) => {
                write!(f, "{} · weight {}", counted(d.references.len(), "reference"), d.weight)
            }
            Self::Character(d) if d.name.is_empty() => f.write_str(&counted(d.references.len(), "reference")),
            Self::Character(d) => write!(f, "{} · {}", d.name, counted(d.references.len(), "reference")),
            Self::Number(d) => write!(f, "{d:?}"),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

/// So many of a thing, in words.
fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wire_says_what_it_carries() {
        let mut d = ClipDesc::clip(1920, 1080, Rate::FILM, 120);
        assert_eq!(d.to_string(), "1920×1080 · 24 · 120f · 709");
        d.depth = 10;
        d.alpha = true;
        assert_eq!(d.to_string(), "1920×1080 · 24 · 120f · 709 · 10-bit · alpha");
        assert_eq!(ClipDesc::still(64, 36).to_string(), "64×36 · still · 709");
        let face = CharacterDesc { name: "Eileen".into(), references: vec!["1.png".into()], weight: 100.0 };
        assert_eq!(Desc::Character(face).to_string(), "Eileen · 1 reference");
        assert_eq!(Desc::Text("two words".into()).to_string(), "2 words");
    }

    #[test]
    fn sizes_that_no_device_holds_are_refused() {
        assert!(ClipDesc::still(100_000, 100_000).check_size().is_err());
        assert!(ClipDesc::still(0, 5).check_size().is_err());
        assert!(ClipDesc::still(7680, 4320).check_size().is_ok());
    }
}
