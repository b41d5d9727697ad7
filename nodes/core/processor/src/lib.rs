//! The tools' shaders on the processor: translated to lanes, fused in the first-level cache, over all cores.
//!
//! Tools are the same WGSL that the graphics device runs, translated while Rushes is built. A chain of tools goes over
//! a picture span by span: each span passes through all tools before the next one begins.
//! This crate must not know the graph, FFmpeg or egui.

#![allow(clippy::duplicate_mod, reason = "what all lanes share is compiled once with each kind of them")]

mod ahead;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod band;
mod chain;
mod channel;
mod chroma_rows;
mod compiled;
mod cx;
mod decode;
mod down;
mod encode;
mod executor;
mod found;
mod halves;
mod lane_kind;
mod mixing;
mod near;
#[cfg(target_arch = "aarch64")]
mod neon;
mod out_rows;
mod past;
mod phases;
mod planes_out;
mod portable;
mod reading;
mod rows;
mod scalar;
mod separable;
mod shape;
mod store;
mod tile;
mod view;
mod warp;
mod warping;
mod weighing;

pub use executor::Processor;
