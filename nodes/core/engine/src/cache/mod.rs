//! Where frames are kept: in memory and on disk, within one budget in bytes.
//!
//! Memory has the first claim on it, up to a bound of its own, and the disk has what memory leaves. In both, what is
//! dropped first is what is cheapest to make again for its bytes.

mod disk;
mod memory;

pub use disk::DiskCache;
pub use memory::MemoryCache;

use crate::Key;

/// How many bytes of frames are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FrameBudget {
    /// In memory, on the device and on disk together.
    pub all: u64,
    /// Of these at most so many in memory and on the device.
    pub memory: u64,
}

impl FrameBudget {
    /// A budget for frames in memory alone.
    pub fn of_memory(bytes: u64) -> Self {
        Self { all: bytes, memory: bytes }
    }

    /// What is left for the disk while memory holds `used` bytes.
    pub fn left_for_disk(self, used: u64) -> u64 {
        self.all.saturating_sub(used)
    }
}

/// Frames on disk, as bytes by key.
pub trait DiskTier: Send + Sync {
    /// The bytes of a key, if they are there and whole.
    fn get(&self, key: Key) -> Option<Vec<u8>>;

    /// Whether a key seems to be there.
    fn contains(&self, key: Key) -> bool;

    /// Keeps bytes that took `cost_ms` to make. Failing to keep them is no failure of the frame.
    fn put(&self, key: Key, bytes: &[u8], cost_ms: f64);

    /// Bytes in use, as far as this program knows.
    fn used(&self) -> u64;

    /// Holds at most `budget` bytes from now on.
    fn fit(&self, budget: u64);
}
