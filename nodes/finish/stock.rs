//! Film stocks as grain: how large, how strong.

use rushes_gpu::ParamValues;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The grain's field for every way of sampling a proxy.
macro_rules! grain_wgsl {
    ($samples:literal) => {
        concat!(
            "const GRAIN_SAMPLES = ",
            $samples,
            "u;\n",
            include_str!("../../assets/shaders/finish/grain_field.wgsl")
        )
    };
}
pub(crate) use grain_wgsl;

/// A film stock: the size of its grain and its strength.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Stock {
    /// 35 mm, 50 daylight: the finest. 1.2 pixels, deviation 0.07.
    #[serde(rename = "35mm_50d")]
    D50,
    /// 35 mm, 200 tungsten. 1.5 pixels, deviation 0.09.
    #[serde(rename = "35mm_200t")]
    T200,
    /// 35 mm, 250 daylight. 1.7 pixels, deviation 0.1.
    #[default]
    #[serde(rename = "35mm_250d")]
    D250,
    /// 35 mm, 500 tungsten: coarse. 2.2 pixels, deviation 0.13.
    #[serde(rename = "35mm_500t")]
    T500,
    /// 16 mm. 3.2 pixels, deviation 0.15.
    #[serde(rename = "16mm")]
    Mm16,
    /// 8 mm: the coarsest. 5 pixels, deviation 0.17.
    #[serde(rename = "8mm")]
    Mm8,
}

impl Stock {
    /// Diameter of a grain in pixels of the full picture.
    pub(crate) fn size(self) -> f64 {
        match self {
            Self::D50 => 1.2,
            Self::T200 => 1.5,
            Self::D250 => 1.7,
            Self::T500 => 2.2,
            Self::Mm16 => 3.2,
            Self::Mm8 => 5.0,
        }
    }

    /// Deviation of the plate around 0.5, display referred.
    pub(crate) fn strength(self) -> f64 {
        match self {
            Self::D50 => 0.07,
            Self::T200 => 0.09,
            Self::D250 => 0.1,
            Self::T500 => 0.13,
            Self::Mm16 => 0.15,
            Self::Mm8 => 0.17,
        }
    }
}

/// What a grain field is made from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) stock: Stock,
    pub(crate) size: f64,
    pub(crate) roughness: f64,
    pub(crate) color: f64,
    pub(crate) response: f64,
}

impl Field {
    /// The shader's members for a full picture of `width` by `height` seen at `1/proxy`.
    pub(crate) fn values(&self, width: u32, height: u32, proxy: u32) -> ParamValues {
        ParamValues::new()
            .with("width", width)
            .with("height", height)
            .with("proxy", proxy.max(1))
            .with("cell", (self.stock.size() * self.size).max(0.25) as f32)
            .with("fine", (0.5 * self.roughness) as f32)
            .with("color", self.color as f32)
            .with("response", self.response as f32)
            .with("response_gain", kept_deviation(self.response) as f32)
            .with("strength", self.stock.strength() as f32)
    }
}

/// 1 over the deviation of `x / √(1 + k·x²)` for normal `x`, by Simpson's rule over ±8.
fn kept_deviation(k: f64) -> f64 {
    const STEPS: i32 = 512;
    let step = 16.0 / f64::from(STEPS);
    let power: f64 = (0..=STEPS)
        .map(|i| {
            let x = -8.0 + step * f64::from(i);
            let weight = if i == 0 || i == STEPS {
                1.0
            } else if i % 2 == 1 {
                4.0
            } else {
                2.0
            };
            weight * x * x / (1.0 + k * x * x) * (-0.5 * x * x).exp()
        })
        .sum::<f64>()
        * step
        / 3.0
        / (2.0 * std::f64::consts::PI).sqrt();
    1.0 / power.sqrt()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_response_keeps_the_deviation() {
        assert!((super::kept_deviation(0.0) - 1.0).abs() < 1e-9);
        // E[x²/(1+x²)] = 1 - √(πe/2)·erfc(1/√2) = 0.344320 (Abramowitz and Stegun 7.1).
        assert!((super::kept_deviation(1.0) - 1.0 / 0.344_320_f64.sqrt()).abs() < 1e-4);
    }
}
