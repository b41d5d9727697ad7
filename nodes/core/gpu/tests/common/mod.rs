#![allow(unreachable_pub, dead_code, clippy::unwrap_used, reason = "each test file takes what it needs")]
//! What the device tests share.

use rushes_gpu::{DeviceChoice, Gpu, Pixels};

/// The software rasteriser, so that every machine tests the same device.
pub fn gpu() -> Gpu {
    Gpu::open(DeviceChoice::Software).unwrap()
}

/// A picture of reproducible noise in `low..high`, opaque, of values that half floats hold exactly.
pub fn noise(width: u32, height: u32, low: f32, high: f32) -> Pixels {
    let mut state = 0x1234_5678_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        half::f16::from_f32(low + (high - low) * (state >> 8) as f32 / (1 << 24) as f32).to_f32()
    };
    let rgba = (0..width * height).map(|_| [next(), next(), next(), 1.0]).collect();
    Pixels { width, height, rgba }
}

/// The largest difference of any channel.
pub fn worst(a: &Pixels, b: &Pixels) -> f32 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    a.rgba
        .iter()
        .flatten()
        .zip(b.rgba.iter().flatten())
        .map(|(a, b)| if a.is_nan() || b.is_nan() { f32::INFINITY } else { (a - b).abs() })
        .fold(0.0, f32::max)
}
