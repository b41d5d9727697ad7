//! What flows along a wire when a frame is asked for, as far as the engine cares: a size in bytes and a tier.

use std::any::Any;
use std::sync::Arc;

/// Where the bytes of a payload lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Tier {
    /// On the graphics device.
    Device,
    /// In main memory.
    Memory,
}

/// A frame, a plane set, a table: whatever a tool hands to the next one. The engine never looks inside.
pub trait Payload: Any + Send + Sync {
    /// How many bytes it keeps alive.
    fn bytes(&self) -> u64;

    /// Where they lie.
    fn tier(&self) -> Tier;

    /// The payload as itself, for the tools that know it.
    fn as_any(&self) -> &dyn Any;
}

/// A shared payload.
pub type PayloadRef = Arc<dyn Payload>;
