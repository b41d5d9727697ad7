//! The program `rushes`: the window and the command line, both thin over one document and one evaluator.
//!
//! Work is done in the crates below it. It must not know wgpu beyond sharing the window's device, nor FFmpeg.

pub mod assets;
pub mod cli;
pub mod editor;
pub mod home;
pub mod interrupt;
pub mod logging;
mod proc;
pub mod session;
