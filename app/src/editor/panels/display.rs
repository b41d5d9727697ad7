//! How the viewer shows a picture: which channel, how bright, and what is marked. The picture itself is not changed.

use crate::editor::theme::Tokens;
use serde::{Deserialize, Serialize};

/// Which part of the picture is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Channel {
    #[default]
    Rgb,
    Red,
    Green,
    Blue,
    Alpha,
    Luma,
}

impl Channel {
    /// All, in the order of the menu.
    pub const ALL: [Self; 6] = [Self::Rgb, Self::Red, Self::Green, Self::Blue, Self::Alpha, Self::Luma];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Rgb => "RGB",
            Self::Red => "Red",
            Self::Green => "Green",
            Self::Blue => "Blue",
            Self::Alpha => "Alpha",
            Self::Luma => "Luma",
        }
    }
}

/// What is seen where the picture is transparent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// Grey squares.
    #[default]
    Checker,
    /// Nothing.
    Black,
    /// The picture's own colour under a red film, as of a matte.
    Matte,
}

impl Ground {
    /// All, in the order of the menu.
    pub const ALL: [Self; 3] = [Self::Checker, Self::Black, Self::Matte];

    /// Its name.
    pub fn word(self) -> &'static str {
        match self {
            Self::Checker => "Checkerboard",
            Self::Black => "Black",
            Self::Matte => "Matte",
        }
    }
}

/// How a picture is shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Display {
    /// The channel.
    pub channel: Channel,
    /// Stops brighter or darker.
    pub exposure: f32,
    /// The exponent under 1 that codes are raised to; 1 leaves them.
    pub gamma: f32,
    /// Colours stand for the level of the signal.
    pub false_color: bool,
    /// Stripes mark what is above the threshold.
    pub zebra: bool,
    /// The signal, 0 to 1, from which there are stripes.
    pub zebra_from: f32,
    /// What is behind transparency.
    pub ground: Ground,
}

impl Default for Display {
    fn default() -> Self {
        Self {
            channel: Channel::Rgb,
            exposure: 0.0,
            gamma: 1.0,
            false_color: false,
            zebra: false,
            zebra_from: 0.95,
            ground: Ground::Checker,
        }
    }
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DisplayAction {
    /// See one channel; asked for again, all of them.
    Channel(Channel),
    /// Exposure in stops.
    Exposure(f32),
    /// Exposure by so many stops more.
    ExposureBy(f32),
    /// Gamma.
    Gamma(f32),
    /// False colour on or off.
    FalseColor,
    /// Stripes on or off.
    Zebra,
    /// The signal from which there are stripes.
    ZebraFrom(f32),
    /// What is behind transparency.
    Ground(Ground),
    /// The picture as it is.
    Reset,
}

/// Exposures that the viewer goes to, in stops either way.
pub const STOPS: f32 = 10.0;
/// Gammas that the viewer goes to.
pub const GAMMAS: (f32, f32) = (0.1, 5.0);
/// The exponent of the display that pictures are made for (ITU-R BT.1886).
const DISPLAY_GAMMA: f32 = 2.4;
/// Bands of false colour that the shader has room for.
pub const BANDS: usize = 12;

impl Display {
    /// Does what was asked.
    pub fn apply(&mut self, action: DisplayAction) {
        match action {
            DisplayAction::Channel(c) => self.channel = if self.channel == c { Channel::Rgb } else { c },
            DisplayAction::Exposure(stops) => self.exposure = stops.clamp(-STOPS, STOPS),
            DisplayAction::ExposureBy(stops) => {
                self.exposure = (self.exposure + stops).clamp(-STOPS, STOPS);
            }
            DisplayAction::Gamma(gamma) => self.gamma = gamma.clamp(GAMMAS.0, GAMMAS.1),
            DisplayAction::FalseColor => self.false_color = !self.false_color,
            DisplayAction::Zebra => self.zebra = !self.zebra,
            DisplayAction::ZebraFrom(from) => self.zebra_from = from.clamp(0.0, 1.0),
            DisplayAction::Ground(ground) => self.ground = ground,
            DisplayAction::Reset => {
                *self = Self { zebra_from: self.zebra_from, ground: self.ground, ..Self::default() }
            }
        }
    }

    /// Whether the picture is seen as it is.
    pub fn is_plain(&self) -> bool {
        let plain = Self::default();
        Self { zebra_from: plain.zebra_from, ground: plain.ground, ..*self } == plain
    }

    /// Exposure as the header says it: `f/+1.5`.
    pub fn exposure_words(&self) -> String {
        if self.exposure == 0.0 { "f/0.0".to_owned() } else { format!("f/{:+.1}", self.exposure) }
    }

    /// The numbers of the shader's `Look`, in its order.
    ///
    /// A stop is twice the light; codes stand for light to the power of the display, so that they grow by less.
    pub fn numbers(&self, tokens: &Tokens) -> [f32; 12 + 4 * BANDS] {
        let mut all = [0.0; 12 + 4 * BANDS];
        let gain = (self.exposure / DISPLAY_GAMMA).exp2();
        let zebra = if self.zebra { self.zebra_from } else { f32::MAX };
        let bands = if self.false_color { tokens.scope.false_color.as_slice() } else { &[] };
        let bands = bands.get(..bands.len().min(BANDS)).unwrap_or_default();
        let [r, g, b] = of_bytes(*tokens.scope.matte);
        let (channel, ground) = (self.channel as u8, self.ground as u8);
        let head =
            [gain, 1.0 / self.gamma, channel.into(), ground.into(), zebra, bands.len() as f32, 0.0, 0.0];
        let head = head.into_iter().chain([r, g, b, 0.0]);
        let tail = bands.iter().flat_map(|band| {
            // A band without a colour shows the signal as grey.
            let [r, g, b] = band.color.map_or([-1.0; 3], |c| of_bytes(*c));
            [r, g, b, band.to]
        });
        for (place, value) in all.iter_mut().zip(head.chain(tail)) {
            *place = value;
        }
        all
    }
}

fn of_bytes(color: egui::Color32) -> [f32; 3] {
    [color.r(), color.g(), color.b()].map(|v| f32::from(v) / 255.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_asked_for_twice_is_all_of_them_and_values_stay_in_range() {
        let mut d = Display::default();
        d.apply(DisplayAction::Channel(Channel::Blue));
        assert_eq!(d.channel, Channel::Blue);
        d.apply(DisplayAction::Channel(Channel::Blue));
        assert_eq!(d.channel, Channel::Rgb);
        d.apply(DisplayAction::ExposureBy(99.0));
        d.apply(DisplayAction::Gamma(0.0));
        assert_eq!((d.exposure, d.gamma), (STOPS, GAMMAS.0));
        assert_eq!(d.exposure_words(), "f/+10.0");
        d.apply(DisplayAction::Reset);
        assert!(d.is_plain() && d.exposure_words() == "f/0.0");
    }

    #[test]
    fn bands_of_false_colour_rise_to_the_top_and_fit_the_shader() {
        let bands = Tokens::load().unwrap().scope.false_color;
        assert!(bands.len() <= BANDS && bands.windows(2).all(|w| w[0].to < w[1].to));
        assert!(bands.last().unwrap().to >= 1.0);
    }
}
