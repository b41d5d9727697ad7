//! Tools that look at neighbouring pixels, held against FFmpeg, formulas and known points.

#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod animate;
#[path = "../bench/mod.rs"]
mod bench;
mod enhance;
mod finish;
mod upscale;
