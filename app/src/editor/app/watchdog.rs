//! How long each part of a frame holds the window's thread. It costs two readings of a clock each.

use super::Editor;
use cpu_time::ThreadTime;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The longest that something took.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// By the clock on the wall, other threads and the disk included.
    pub wall: Duration,
    /// By the clock of the thread.
    pub processor: Duration,
}

/// The longest that each part took.
#[derive(Debug, Default)]
pub(super) struct Watchdog(BTreeMap<&'static str, Held>);

impl Editor {
    /// Does a part of a frame and notes how long it took.
    pub(super) fn timed<R>(&mut self, name: &'static str, part: impl FnOnce(&mut Self) -> R) -> R {
        let (wall, processor) = (Instant::now(), ThreadTime::now());
        let out = part(self);
        let held = Held { wall: wall.elapsed(), processor: processor.elapsed() };
        let longest = self.watchdog.0.entry(name).or_default();
        longest.wall = longest.wall.max(held.wall);
        longest.processor = longest.processor.max(held.processor);
        out
    }

    /// The longest that each part of a frame held the window's thread since it was asked last.
    pub fn held(&mut self) -> BTreeMap<&'static str, Held> {
        std::mem::take(&mut self.watchdog.0)
    }
}
