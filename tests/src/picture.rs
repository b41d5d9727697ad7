//! Pictures as numbers, and how two of them are compared.

use std::path::Path;

use anyhow::{Context, Result, bail};
use image::DynamicImage;

/// A picture of 1, 3 or 4 channels, samples interleaved, rows from the top, integer formats scaled to 0..1.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    width: usize,
    height: usize,
    channels: usize,
    samples: Vec<f32>,
}

impl Picture {
    /// A picture of samples.
    ///
    /// # Errors
    /// If there are not exactly `width * height * channels` of them, or none.
    pub fn new(width: usize, height: usize, channels: usize, samples: Vec<f32>) -> Result<Self> {
        if samples.is_empty() || samples.len() != width * height * channels {
            bail!("{} samples are no {width}x{height} picture of {channels} channels", samples.len());
        }
        Ok(Self { width, height, channels, samples })
    }

    /// Reads a PNG (8 or 16 bits, each code exact) or an EXR.
    ///
    /// # Errors
    /// If the file cannot be read or is no picture.
    pub fn open(path: &Path) -> Result<Self> {
        let image = image::open(path).with_context(|| path.display().to_string())?;
        let (width, height) = (usize::try_from(image.width())?, usize::try_from(image.height())?);
        let (channels, samples) = match image {
            DynamicImage::ImageLuma8(grey) => {
                (1, grey.into_raw().into_iter().map(|code| f32::from(code) / 255.0).collect())
            }
            DynamicImage::ImageLuma16(grey) => {
                (1, grey.into_raw().into_iter().map(|code| f32::from(code) / 65535.0).collect())
            }
            DynamicImage::ImageRgb8(_) | DynamicImage::ImageRgb16(_) | DynamicImage::ImageRgb32F(_) => {
                (3, image.into_rgb32f().into_raw())
            }
            _ => (4, image.into_rgba32f().into_raw()),
        };
        Self::new(width, height, channels, samples)
    }

    /// Width in pixels.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Height in pixels.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Samples a pixel.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// All samples, interleaved, rows from the top.
    pub fn samples(&self) -> &[f32] {
        &self.samples
    }

    /// A part of the picture.
    ///
    /// # Errors
    /// If it reaches over an edge, or is empty.
    pub fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Result<Self> {
        if left + width > self.width || top + height > self.height {
            bail!("{width}x{height} at {left}, {top} is not within {}x{}", self.width, self.height);
        }
        let rows = self.samples.chunks_exact(self.width * self.channels).skip(top).take(height);
        let samples = rows
            .flat_map(|row| row.iter().skip(left * self.channels).take(width * self.channels).copied())
            .collect();
        Self::new(width, height, self.channels, samples)
    }

    /// The mean of all samples.
    pub fn mean(&self) -> f64 {
        self.samples.iter().copied().map(f64::from).sum::<f64>() / count(&self.samples)
    }

    /// The standard deviation of all samples.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean();
        let squares: f64 = self.samples.iter().map(|&sample| (f64::from(sample) - mean).powi(2)).sum();
        (squares / count(&self.samples)).sqrt()
    }

    /// The largest difference of any sample.
    ///
    /// # Errors
    /// If the pictures differ in shape.
    pub fn max_difference(&self, other: &Self) -> Result<f64> {
        Ok(self.pairs(other)?.map(|(one, two)| (one - two).abs()).fold(0.0, f64::max))
    }

    /// The peak signal-to-noise ratio in decibels for a peak of 1; infinite for equal pictures.
    ///
    /// # Errors
    /// If the pictures differ in shape.
    pub fn psnr(&self, other: &Self) -> Result<f64> {
        let squares: f64 = self.pairs(other)?.map(|(one, two)| (one - two).powi(2)).sum();
        Ok(-10.0 * (squares / count(&self.samples)).log10())
    }

    /// Pearson's correlation of the samples, -1 to 1.
    ///
    /// # Errors
    /// If the pictures differ in shape, or one of them is flat.
    pub fn correlation(&self, other: &Self) -> Result<f64> {
        let (mean, other_mean) = (self.mean(), other.mean());
        let common: f64 = self.pairs(other)?.map(|(one, two)| (one - mean) * (two - other_mean)).sum();
        let scale = self.deviation() * other.deviation() * count(&self.samples);
        if scale == 0.0 {
            bail!("a flat picture correlates with nothing");
        }
        Ok(common / scale)
    }

    fn pairs<'a>(&'a self, other: &'a Self) -> Result<impl Iterator<Item = (f64, f64)> + 'a> {
        let shape = |picture: &Self| (picture.width, picture.height, picture.channels);
        if shape(self) != shape(other) {
            bail!("shapes differ: {:?} and {:?}", shape(self), shape(other));
        }
        Ok(self.samples.iter().zip(&other.samples).map(|(&one, &two)| (f64::from(one), f64::from(two))))
    }
}

/// How many there are, as a divisor; pictures are far smaller than where this loses exactness.
#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 samples")]
fn count(samples: &[f32]) -> f64 {
    samples.len() as f64
}
