//! The tools of Rushes, one file each, by family.
//!
//! A tool is where the engine, the graphics device and media meet. It must not know egui or the program:
//! what it offers, the window and the command line read from its spec and its parameter struct.

mod deliver;
mod docs;
mod kept;
mod picture;
mod services;
mod sound;
mod time;

pub use services::Services;

use rushes_engine::tool::Registry;
use std::sync::Arc;

/// All tools.
pub fn registry() -> Arc<Registry> {
    let mut registry = Registry::new();
    deliver::register(&mut registry);
    time::register(&mut registry);
    Arc::new(registry)
}
