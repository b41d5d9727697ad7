//! Files that a graph names: what they contain, where they lie, and whether it may touch them.

mod index;
mod policy;

pub use index::FileIndex;
pub use policy::GraphFiles;
