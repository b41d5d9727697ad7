//! Sound in playback: read on a thread of its own, handed to the device through a ring, and the clock of the playhead.

mod device;
mod feed;
mod output;
mod player;
mod ring;

pub use feed::Schedule;
pub use player::{Player, State};
