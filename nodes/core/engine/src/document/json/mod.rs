//! The file of a graph: JSON that reads well in a diff.

mod face;
mod parse;
mod part;
mod read;
mod write;

pub use part::{copy, export, read_part};
pub use read::{Opened, read};
pub use write::write;

pub(crate) use parse::canonical;
pub(crate) use read::check_kind;

/// The version of the file that this program writes, the `rushes` field.
pub const FILE_VERSION: u32 = 1;

/// The largest file of a graph, in bytes.
pub const MAX_BYTES: u64 = 64 << 20;

#[cfg(test)]
mod tests;
