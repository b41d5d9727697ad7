//! The panels around the canvas. Each takes plain view data and gives back what a person asked for.

mod area;
mod bands;
pub mod browse;
pub mod compare;
pub mod crumbs;
pub mod display;
pub mod engines;
pub mod guides;
pub mod inspector;
pub mod layout;
pub mod library;
pub mod notice;
pub mod palette;
pub mod problems;
mod readout;
pub mod relink;
pub mod scopes;
pub mod settings;
pub mod sheet;
pub mod spend;
pub mod start;
pub mod status;
pub mod stills;
pub mod tabs;
pub mod take;
pub mod timeline;
pub mod toast;
pub mod top_bar;
pub mod transport;
pub mod viewer;
mod viewer_header;
mod viewer_menu;
pub mod zoom;

pub use area::area_of;
