//! Which adapter to use, and why.

use rushes_engine::{Error, Result};
use std::fmt;

/// What a person asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeviceChoice {
    /// The best there is: discrete, then integrated, then virtual, then a software rasteriser.
    #[default]
    Best,
    /// A real graphics device; an error where there is none.
    Gpu,
    /// The software rasteriser.
    Software,
    /// The processor, without a rasteriser in between. No adapter is of this kind.
    Processor,
}

/// Which device is in use, for `doctor` and for error reports.
#[derive(Clone, Debug, PartialEq)]
pub struct DeviceReport {
    /// The adapter's name.
    pub name: String,
    /// `Vulkan`, `Metal` or `Dx12`; `Processor` where no device is in between.
    pub backend: String,
    /// The driver's name and version.
    pub driver: String,
    /// Whether the processor does the drawing.
    pub software: bool,
    /// The largest side of a picture.
    pub max_side: u32,
    /// The largest buffer, in bytes.
    pub max_buffer_bytes: u64,
    /// How many textures one pass may read.
    pub max_textures: u32,
    /// Whether GPU time is measured.
    pub timestamps: bool,
    /// Why this one, in words.
    pub why: String,
}

impl fmt::Display for DeviceReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, {}): {}", self.name, self.backend, self.driver, self.why)
    }
}

fn rank(kind: wgpu::DeviceType) -> u8 {
    match kind {
        wgpu::DeviceType::DiscreteGpu => 0,
        wgpu::DeviceType::IntegratedGpu => 1,
        wgpu::DeviceType::VirtualGpu => 2,
        wgpu::DeviceType::Other => 3,
        wgpu::DeviceType::Cpu => 4,
    }
}

/// The word for a kind of adapter.
pub(crate) fn word(kind: wgpu::DeviceType) -> &'static str {
    match kind {
        wgpu::DeviceType::DiscreteGpu => "a discrete GPU",
        wgpu::DeviceType::IntegratedGpu => "an integrated GPU",
        wgpu::DeviceType::VirtualGpu => "a virtual GPU",
        wgpu::DeviceType::Other => "a GPU",
        wgpu::DeviceType::Cpu => "a software rasteriser",
    }
}

/// Positions of the kinds that satisfy `choice`, best first.
pub(crate) fn ranked(kinds: &[wgpu::DeviceType], choice: DeviceChoice) -> Result<Vec<usize>> {
    let software = |i: &usize| kinds.get(*i) == Some(&wgpu::DeviceType::Cpu);
    let mut order: Vec<usize> = (0..kinds.len()).collect();
    order.sort_by_key(|i| kinds.get(*i).map_or(u8::MAX, |k| rank(*k)));
    match choice {
        DeviceChoice::Best => {}
        DeviceChoice::Gpu => order.retain(|i| !software(i)),
        DeviceChoice::Software => order.retain(software),
        DeviceChoice::Processor => order.clear(),
    }
    if !order.is_empty() {
        return Ok(order);
    }
    let found = match kinds.len() {
        0 => "no graphics adapter was found",
        _ => "no graphics adapter of the kind asked for was found",
    };
    Err(Error::system(found).help(match choice {
        DeviceChoice::Gpu => "install the driver of the graphics card, or set RUSHES_DEVICE=processor",
        DeviceChoice::Processor => "ask for a graphics device where one is needed",
        DeviceChoice::Software => "install a software Vulkan driver (Debian, Ubuntu: mesa-vulkan-drivers)",
        DeviceChoice::Best => {
            "install a Vulkan driver; mesa-vulkan-drivers (Debian, Ubuntu) has one that needs no graphics card"
        }
    }))
}

/// The words for why an adapter was taken.
pub(crate) fn why(kind: wgpu::DeviceType, choice: DeviceChoice, others: usize) -> String {
    match choice {
        DeviceChoice::Software => "software was asked for".into(),
        DeviceChoice::Processor => "the processor was asked for".into(),
        DeviceChoice::Gpu => format!("{}, as asked for", word(kind)),
        DeviceChoice::Best if others == 0 => format!("{}, the only adapter", word(kind)),
        DeviceChoice::Best => format!("{}, the best of {} adapters", word(kind), others + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wgpu::DeviceType::{Cpu, DiscreteGpu, IntegratedGpu};

    #[test]
    fn a_gpu_that_was_asked_for_is_never_the_processor() {
        let kinds = [Cpu, IntegratedGpu, DiscreteGpu];
        assert_eq!(ranked(&kinds, DeviceChoice::Best).unwrap(), [2, 1, 0]);
        assert_eq!(ranked(&kinds, DeviceChoice::Gpu).unwrap(), [2, 1]);
        assert_eq!(ranked(&kinds, DeviceChoice::Software).unwrap(), [0]);
        assert!(ranked(&[Cpu], DeviceChoice::Gpu).unwrap_err().help_text().contains("processor"));
        assert!(ranked(&kinds, DeviceChoice::Processor).is_err());
        assert!(ranked(&[], DeviceChoice::Best).is_err());
    }
}
