//! The panels around the canvas. Each takes plain view data and gives back what a person asked for.

pub mod inspector;
pub mod layout;
pub mod notice;
pub mod problems;
mod readout;
pub mod relink;
mod sheet;
pub mod start;
pub mod status;
pub mod timeline;
pub mod toast;
pub mod top_bar;
pub mod transport;
pub mod viewer;
