//! Files that a graph names: what they contain, where they lie, and whether it may touch them; and how a file is
//! written, whole or not at all.

mod atomic;
mod index;
mod policy;
mod search;

pub use atomic::{Temporary, io_error, write_atomic};
pub use index::FileIndex;
pub use policy::{Behind, GraphFiles, TAKES_BESIDE};
pub use search::{Found, Lost};
