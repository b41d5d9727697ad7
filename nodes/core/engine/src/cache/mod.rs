//! Where frames are kept: in memory within a byte budget, and on disk.

mod disk;
mod memory;

pub use disk::DiskCache;
pub use memory::MemoryCache;

use crate::Key;

/// Frames on disk, as bytes by key.
pub trait DiskTier: Send + Sync {
    /// The bytes of a key, if they are there and whole.
    fn get(&self, key: Key) -> Option<Vec<u8>>;

    /// Whether a key seems to be there.
    fn contains(&self, key: Key) -> bool;

    /// Keeps bytes that took `cost_ms` to make. Failing to keep them is no failure of the frame.
    fn put(&self, key: Key, bytes: &[u8], cost_ms: f64);
}
