//! Servers that behave as others' do, errors included, for tests without a network: real HTTP on this machine.
//!
//! This crate must not know the program.

pub mod comfy;
pub mod fal;
mod serve;
