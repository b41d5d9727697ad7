//! The window's own widgets, drawn from tokens.

pub mod button;
pub mod choice;
pub mod field;
pub mod header;
pub mod markdown;
pub mod paint;
pub mod segments;
pub mod stars;
pub mod words;
