//! The text of shaders: its declarations, the helpers that all share, and what tells one tool's text from another's.
//!
//! What makes a shader run needs it twice: while Rushes is built, to translate the tools, and while it runs, to find
//! what was translated. This crate must not know a device, the graph, or anything but text.

mod identity;
pub mod lexer;
mod library;

pub use identity::{Identity, identity, is_count};
pub use library::{CORE_SHADERS, LIBRARY};
