//! The window.
//!
//! Panels take plain view data and give back actions; only `app` (the program) knows the document and the
//! evaluator. So every panel can be shown, and tested, with nothing behind it.

pub mod app;
pub mod canvas;
pub mod commands;
pub mod config;
pub(crate) mod heap;
pub mod panels;
pub mod peaks;
mod quad;
mod reveal;
mod scopes;
pub mod search;
pub mod sound;
pub mod theme;
pub mod widgets;
mod window;

pub use window::{graphics, open};
