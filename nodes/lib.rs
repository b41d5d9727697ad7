//! The tools of Rushes, one file each, by family.
//!
//! A tool is where the engine, the graphics device and media meet. It must not know egui or the program:
//! what it offers, the window and the command line read from its spec and its parameter struct.

#[cfg(test)]
extern crate self as rushes_nodes;

mod animate;
mod aside;
#[cfg(test)]
#[path = "tests/bench/mod.rs"]
mod bench;
mod convert;
mod deliver;
mod docs;
mod edit;
mod enhance;
mod finish;
mod frames;
mod generate;
mod kept;
mod midjourney;
mod picture;
mod plan;
mod prompt;
mod proxies;
mod remote;
mod services;
mod sheet;
mod small;
mod sound;
mod time;
mod upscale;
mod warp;
mod work;

pub(crate) use docs::docs;
pub use edit::shot_frames;
pub use generate::picked_still;
pub use picture::encode_format;
pub use remote::Keep;
pub use services::Services;
pub use sheet::contact_sheet;

use rushes_engine::tool::Registry;
use std::sync::Arc;

/// All tools.
pub fn registry() -> Arc<Registry> {
    let mut registry = Registry::new();
    animate::register(&mut registry);
    convert::register(&mut registry);
    deliver::register(&mut registry);
    edit::register(&mut registry);
    enhance::register(&mut registry);
    finish::register(&mut registry);
    generate::register(&mut registry);
    plan::register(&mut registry);
    time::register(&mut registry);
    upscale::register(&mut registry);
    Arc::new(registry)
}
