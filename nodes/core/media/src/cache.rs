//! Decoded frames in one budget of bytes.

use crate::ff::Frame;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Which frame: the file's number within its [`crate::Media`], and the frame's.
pub(crate) type FrameId = (u64, u64);

/// Frames of all files of one [`crate::Media`], least recently used out first.
///
/// Frames that somebody asked for and frames that a decoder only passed age apart: a way through a long group of
/// pictures must not push out what was looked at before.
pub(crate) struct FrameCache {
    budget: u64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    frames: HashMap<FrameId, Held>,
    asked: Ages,
    passed: Ages,
    clock: u64,
}

struct Held {
    frame: Arc<Frame>,
    age: u64,
    asked: bool,
}

/// Frames by age.
#[derive(Default)]
struct Ages {
    by_age: BTreeMap<u64, FrameId>,
    bytes: u64,
}

impl FrameCache {
    pub(crate) fn new(budget: u64) -> Self {
        Self { budget, inner: Mutex::default() }
    }

    /// A frame, if it is there; it counts as asked for from now on.
    pub(crate) fn get(&self, id: FrameId) -> Option<Arc<Frame>> {
        let mut inner = self.lock();
        let held = inner.take(id)?;
        let frame = held.frame.clone();
        inner.place(id, held.frame, true);
        Some(frame)
    }

    /// How many frames right before `n` of a file are there, `most` at most.
    pub(crate) fn held_before(&self, file: u64, n: u64, most: u64) -> u64 {
        let inner = self.lock();
        (1..=most.min(n)).take_while(|back| inner.frames.contains_key(&(file, n - back))).count() as u64
    }

    /// Keeps a frame, and drops the oldest ones over the budget.
    pub(crate) fn put(&self, id: FrameId, frame: &Arc<Frame>, asked: bool) {
        let mut inner = self.lock();
        let was_asked = inner.take(id).is_some_and(|held| held.asked);
        inner.place(id, frame.clone(), asked || was_asked);
        while inner.asked.bytes + inner.passed.bytes > self.budget {
            let passed = inner.passed.bytes > self.for_passed() || inner.asked.by_age.is_empty();
            let ages = if passed { &inner.passed } else { &inner.asked };
            let Some(oldest) = ages.by_age.values().next().copied() else { break };
            inner.take(oldest);
        }
    }

    /// Bytes of frames that were only passed and that are sure to stay.
    pub(crate) fn for_passed(&self) -> u64 {
        self.budget / 5 * 3
    }

    /// Bytes held now.
    pub(crate) fn bytes(&self) -> u64 {
        let inner = self.lock();
        inner.asked.bytes + inner.passed.bytes
    }

    /// Drops the frames of one file.
    pub(crate) fn forget(&self, file: u64) {
        let mut inner = self.lock();
        let gone: Vec<FrameId> = inner.frames.keys().filter(|id| id.0 == file).copied().collect();
        for id in gone {
            inner.take(id);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn ages(&mut self, asked: bool) -> &mut Ages {
        if asked { &mut self.asked } else { &mut self.passed }
    }

    fn take(&mut self, id: FrameId) -> Option<Held> {
        let held = self.frames.remove(&id)?;
        let ages = self.ages(held.asked);
        ages.by_age.remove(&held.age);
        ages.bytes -= held.frame.bytes();
        Some(held)
    }

    fn place(&mut self, id: FrameId, frame: Arc<Frame>, asked: bool) {
        self.clock += 1;
        let age = self.clock;
        let ages = self.ages(asked);
        ages.by_age.insert(age, id);
        ages.bytes += frame.bytes();
        self.frames.insert(id, Held { frame, age, asked });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_only_passed_does_not_push_out_what_was_asked_for() {
        let frame = Arc::new(Frame::video(64, 64, 0).unwrap());
        let cache = FrameCache::new(frame.bytes() * 10);
        (0..4).for_each(|n| cache.put((0, n), &frame, true));
        (100..200).for_each(|n| cache.put((0, n), &frame, false));
        assert!((0..4).all(|n| cache.get((0, n)).is_some()));
        assert_eq!((cache.held_before(0, 200, 50), cache.bytes()), (6, frame.bytes() * 10));
        (300..350).for_each(|n| cache.put((1, n), &frame, true));
        assert_eq!(cache.held_before(0, 200, 50), 6);
        cache.forget(1);
        assert_eq!(cache.bytes(), frame.bytes() * 6);
    }
}
