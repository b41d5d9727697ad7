//! What fills in frames behind steps back: one thread a file at most, and it gives way.

use rushes_engine::Cancel;
use std::ops::RangeInclusive;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The work that is under way, if any.
#[derive(Default)]
pub(crate) struct Behind(Mutex<Option<(RangeInclusive<u64>, Cancel)>>);

impl Behind {
    /// Takes the one place for such work, on these frames; `None` while it is taken.
    pub(crate) fn begin(&self, frames: RangeInclusive<u64>) -> Option<Cancel> {
        let mut under_way = self.lock();
        if under_way.is_some() {
            return None;
        }
        let cancel = Cancel::new();
        *under_way = Some((frames, cancel.clone()));
        Some(cancel)
    }

    /// Frees the place.
    pub(crate) fn end(&self) {
        *self.lock() = None;
    }

    /// Stops the work where somebody waits for a frame that is not part of it.
    pub(crate) fn give_way(&self, n: u64) {
        if let Some((frames, cancel)) = &*self.lock()
            && !frames.contains(&n)
        {
            cancel.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<(RangeInclusive<u64>, Cancel)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_gives_way_to_other_frames_only() {
        let behind = Behind::default();
        let cancel = behind.begin(10..=20).unwrap();
        assert!(behind.begin(30..=40).is_none());
        behind.give_way(10);
        assert!(!cancel.is_cancelled());
        behind.give_way(21);
        assert!(cancel.is_cancelled());
        behind.end();
        assert!(behind.begin(30..=40).is_some_and(|cancel| !cancel.is_cancelled()));
    }
}
