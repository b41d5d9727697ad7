//! Where the requests for a file's frames lead: on, back, or anywhere.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The last requests for one file, over all of its readers.
///
/// Several threads that run through a clip side by side ask for its frames a little out of order, so that no single
/// step counts but where they lead together.
#[derive(Default)]
pub(crate) struct Trail(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    last: Option<u64>,
    /// Frames on, or back where negative, over the last steps.
    lean: i64,
}

/// How far from the one before a request may lie and still be a step, in frames.
const STEP: u64 = 32;
/// What one step may add.
const MOST_OF_STEP: i64 = 4;
/// What all steps together may come to, so that a turn is seen soon.
const MOST: i64 = 8;
/// From here on the steps are a run.
const RUN: i64 = 4;

impl Trail {
    /// Remembers a request.
    pub(crate) fn note(&self, n: u64) {
        let mut inner = self.lock();
        let Some(last) = inner.last.replace(n) else { return };
        let size = i64::try_from(n.abs_diff(last)).unwrap_or(i64::MAX).min(MOST_OF_STEP);
        inner.lean = match n.abs_diff(last) {
            ..=STEP if n < last => (inner.lean - size).max(-MOST),
            ..=STEP => (inner.lean + size).min(MOST),
            _ => 0,
        };
    }

    /// Whether steps lead back.
    pub(crate) fn leads_back(&self) -> bool {
        self.lock().lean < 0
    }

    /// Whether the clip is being run through, as playback and export do.
    pub(crate) fn is_run(&self) -> bool {
        self.lock().lean >= RUN
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_told_from_jumps() {
        let trail = Trail::default();
        let after = |frames: &[u64]| {
            frames.iter().for_each(|n| trail.note(*n));
            (trail.leads_back(), trail.is_run())
        };
        assert_eq!(after(&[100]), (false, false));
        assert_eq!(after(&[99, 99]), (true, false));
        assert_eq!(after(&[10]), (false, false));
        assert_eq!(after(&[11, 12, 13]), (false, false));
        assert_eq!(after(&[14]), (false, true));
        assert_eq!(after(&[16, 15, 18, 17, 20, 19]), (false, true));
        assert_eq!(after(&[10]), (false, false));
        assert_eq!(after(&[5]), (true, false));
        assert_eq!(after(&[500]), (false, false));
    }
}
