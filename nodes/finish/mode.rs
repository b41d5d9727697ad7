//! The 27 blend modes of Photoshop and Premiere, in the order of their menus.

use rushes_engine::{ClipDesc, Error, Primaries, Result, Transfer};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The functions of every mode, for shaders that blend.
macro_rules! modes_wgsl {
    () => {
        include_str!("../../assets/shaders/finish/modes.wgsl")
    };
}
pub(crate) use modes_wgsl;

/// How the top picture meets the bottom one. `b` is the bottom, `s` the top, both from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// The top: `s`.
    #[default]
    Normal,
    /// The top in as many pixels, chosen by chance, as the opacity says.
    Dissolve,
    /// The darker value of each channel: `min(b, s)`.
    Darken,
    /// As two slides on one another: `b·s`.
    Multiply,
    /// Darkens the bottom with more contrast: `1 - (1 - b)/s`.
    ColorBurn,
    /// Darkens the bottom: `b + s - 1`.
    LinearBurn,
    /// The darker of the two colours, by the sum of their channels.
    DarkerColor,
    /// The lighter value of each channel: `max(b, s)`.
    Lighten,
    /// As two projectors on one screen: `1 - (1 - b)(1 - s)`.
    Screen,
    /// Lightens the bottom with more contrast: `b/(1 - s)`.
    ColorDodge,
    /// The sum, also known as add: `b + s`.
    LinearDodge,
    /// The lighter of the two colours, by the sum of their channels.
    LighterColor,
    /// Multiplies where the bottom is dark, screens where it is light; middle grey on top changes nothing.
    Overlay,
    /// A soft spotlight: darkens or lightens the bottom by W3C's formula.
    SoftLight,
    /// Overlay with the pictures exchanged.
    HardLight,
    /// Burns where the top is dark, dodges where it is light.
    VividLight,
    /// Linear burn and dodge in one: `b + 2s - 1`.
    LinearLight,
    /// Replaces what is lighter than a dark top, and darker than a light one.
    PinLight,
    /// Black or white in each channel: white where `b + s` reaches 1.
    HardMix,
    /// The distance: `|b - s|`.
    Difference,
    /// The distance with less contrast: `b + s - 2·b·s`.
    Exclusion,
    /// `b - s`.
    Subtract,
    /// `b/s`.
    Divide,
    /// The top's hue with the bottom's saturation and luma.
    Hue,
    /// The top's saturation with the bottom's hue and luma.
    Saturation,
    /// The top's hue and saturation with the bottom's luma.
    Color,
    /// The top's luma with the bottom's hue and saturation.
    Luminosity,
}

impl Mode {
    /// The number by which the shader knows it.
    pub(crate) fn code(self) -> u32 {
        self as u32
    }

    /// Whether it is a mixture only, which needs no black and white to be defined.
    pub(crate) fn only_mixes(self) -> bool {
        matches!(self, Self::Normal | Self::Dissolve)
    }
}

/// In which numbers pictures are blended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Space {
    /// Display values, as Photoshop, Premiere and FFmpeg do.
    #[default]
    Display,
    /// Linear light.
    Linear,
}

impl Space {
    /// What the shader does to values of `transfer` before and after.
    pub(crate) fn codes(self, transfer: Transfer) -> (u32, u32) {
        match (self, transfer) {
            (Self::Display, Transfer::Linear) => (2, 1),
            (Self::Linear, Transfer::Sdr) => (1, 2),
            _ => (0, 0),
        }
    }
}

/// The name of an encoding, for a person.
fn name(transfer: Transfer) -> &'static str {
    match transfer {
        Transfer::Sdr => "display",
        Transfer::Linear => "linear",
        Transfer::Pq => "PQ",
        Transfer::Hlg => "HLG",
        Transfer::Log => "log",
    }
}

/// How a clip in another encoding is brought to a display's.
pub(crate) fn display_help(clip: &ClipDesc) -> String {
    let color = match clip.color.primaries {
        Primaries::Bt709 => "bt709",
        Primaries::Bt601_525 => "bt601_ntsc",
        Primaries::Bt601_625 => "bt601_pal",
        Primaries::Bt2020 => "bt2020",
        Primaries::DisplayP3 => "display_p3",
    };
    format!(
        "set color to {color} in the edit/read that it comes from, and put finish/lut behind that with a LUT from {} \
         to a display encoding",
        name(clip.color.transfer)
    )
}

/// Refuses encodings in which 0 and 1 are not a display's black and white.
pub(crate) fn check_display(clip: &ClipDesc, port: &str, tool: &str) -> Result<()> {
    match clip.color.transfer {
        Transfer::Sdr | Transfer::Linear => Ok(()),
        transfer => Err(Error::usage(format!("{tool} does not work on {} pictures", name(transfer)))
            .at(port)
            .help(display_help(clip))),
    }
}
