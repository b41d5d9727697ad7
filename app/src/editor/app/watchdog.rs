//! How long each part of a frame holds the window's thread. It costs two readings of a clock each.

use super::Editor;
use cpu_time::ThreadTime;
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The longest calls of a part that are remembered.
const KEPT: usize = 8;

/// What one call of a part took.
#[derive(Clone, Copy, Debug)]
pub struct Call {
    /// When it began.
    pub begun: Instant,
    /// By the clock on the wall, other threads and the disk included.
    pub wall: Duration,
    /// By the clock of the thread.
    pub processor: Duration,
}

/// The longest calls of each part.
#[derive(Debug, Default)]
pub(super) struct Watchdog(BTreeMap<&'static str, Vec<Call>>);

impl Editor {
    /// Does a part of a frame and notes how long it took.
    pub(super) fn timed<R>(&mut self, name: &'static str, part: impl FnOnce(&mut Self) -> R) -> R {
        let (begun, processor) = (Instant::now(), ThreadTime::now());
        let out = part(self);
        let call = Call { begun, wall: begun.elapsed(), processor: processor.elapsed() };
        let calls = self.watchdog.0.entry(name).or_default();
        let at = calls.partition_point(|longer| longer.processor >= call.processor);
        if at < KEPT {
            calls.truncate(KEPT - 1);
            calls.insert(at, call);
        }
        out
    }

    /// The longest calls of each part of a frame since it was asked last, the longest first.
    pub fn held(&mut self) -> BTreeMap<&'static str, Vec<Call>> {
        std::mem::take(&mut self.watchdog.0)
    }
}
