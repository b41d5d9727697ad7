//! Colour tags: what the numbers of a picture mean.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Which red, green, blue and white the numbers stand for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Primaries {
    /// ITU-R BT.709, also sRGB's.
    #[default]
    Bt709,
    /// ITU-R BT.601, 625 lines.
    Bt601_625,
    /// ITU-R BT.601, 525 lines (SMPTE 170M).
    Bt601_525,
    /// ITU-R BT.2020.
    Bt2020,
    /// Display P3 (D65).
    DisplayP3,
}

/// How light becomes a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Transfer {
    /// Standard dynamic range, display referred: sRGB, BT.709 and BT.601 alike, shown at gamma 2.4.
    #[default]
    Sdr,
    /// Linear light.
    Linear,
    /// SMPTE ST 2084.
    Pq,
    /// ARIB STD-B67.
    Hlg,
    /// A camera's logarithmic encoding.
    Log,
}

/// How red, green and blue were mixed into luma and chroma.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matrix {
    /// Not mixed.
    #[default]
    Rgb,
    /// ITU-R BT.709.
    Bt709,
    /// ITU-R BT.601.
    Bt601,
    /// ITU-R BT.2020, non-constant luminance.
    Bt2020,
}

/// Where black and white lie among the codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Range {
    /// 0 to the highest code.
    #[default]
    Full,
    /// 16 to 235 (chroma 240) of 8 bits, and the same shifted for more bits.
    Limited,
}

/// Where a chroma sample of a subsampled picture lies among its luma samples.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Siting {
    /// On the left column, between two rows (MPEG-2, H.264).
    #[default]
    Left,
    /// Between columns and rows (MPEG-1, JPEG).
    Center,
    /// On the upper left sample (BT.2020).
    TopLeft,
}

/// The tags that travel beside every picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ColorTags {
    /// Primaries and white.
    pub primaries: Primaries,
    /// Transfer.
    pub transfer: Transfer,
    /// The matrix that a file used; working frames are always RGB.
    pub matrix: Matrix,
    /// The range that a file used; working frames are always full.
    pub range: Range,
    /// True where the file said nothing and the tags are the usual guess.
    pub guessed: bool,
}

impl ColorTags {
    /// BT.709 video: limited range, BT.709 throughout.
    pub const BT709: Self = Self {
        primaries: Primaries::Bt709,
        transfer: Transfer::Sdr,
        matrix: Matrix::Bt709,
        range: Range::Limited,
        guessed: false,
    };

    /// Full-range RGB for a display, as stills are.
    pub const SRGB: Self = Self {
        primaries: Primaries::Bt709,
        transfer: Transfer::Sdr,
        matrix: Matrix::Rgb,
        range: Range::Full,
        guessed: false,
    };
}

impl fmt::Display for ColorTags {
    /// The short word of the wire label: `709`, `601`, `2020 PQ`, `P3`; `709?` where it is a guess.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.primaries {
            Primaries::Bt709 => "709",
            Primaries::Bt601_625 | Primaries::Bt601_525 => "601",
            Primaries::Bt2020 => "2020",
            Primaries::DisplayP3 => "P3",
        })?;
        f.write_str(match self.transfer {
            Transfer::Sdr => "",
            Transfer::Linear => " linear",
            Transfer::Pq => " PQ",
            Transfer::Hlg => " HLG",
            Transfer::Log => " log",
        })?;
        f.write_str(if self.guessed { "?" } else { "" })
    }
}
