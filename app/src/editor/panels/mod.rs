//! The panels around the canvas. Each takes plain view data and gives back what a person asked for.

pub mod inspector;
pub mod layout;
pub mod palette;
pub mod problems;
mod readout;
pub mod settings;
pub mod start;
pub mod status;
pub mod tabs;
pub mod timeline;
pub mod toast;
pub mod top_bar;
pub mod transport;
pub mod viewer;
