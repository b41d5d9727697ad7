//! The tools of Rushes, one file each, by family.
//!
//! A tool is where the engine, the graphics device and media meet. It must not know egui or the program:
//! what it offers, the window and the command line read from its spec and its parameter struct.

mod docs;
mod finish;
mod kept;
mod picture;
mod plan {
    pub(crate) mod style_stats;
}
mod services;
mod sound;
mod time;
mod upscale;
mod warp;
mod work;

pub use services::Services;

use rushes_engine::tool::Registry;
use std::sync::Arc;

/// All tools.
pub fn registry() -> Arc<Registry> {
    let mut registry = Registry::new();
    finish::register(&mut registry);
    time::register(&mut registry);
    upscale::register(&mut registry);
    Arc::new(registry)
}
