//! Decoded frames in one budget of bytes.

use crate::ff::Frame;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

/// Which frame: the file's number within its [`crate::Media`], and the frame's.
pub(crate) type FrameId = (u64, u64);

/// Frames of all files of one [`crate::Media`], least recently used out first.
pub(crate) struct FrameCache {
    budget: u64,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    frames: HashMap<FrameId, (Arc<Frame>, u64)>,
    by_age: BTreeMap<u64, FrameId>,
    bytes: u64,
    clock: u64,
}

impl FrameCache {
    pub(crate) fn new(budget: u64) -> Self {
        Self { budget, inner: Mutex::default() }
    }

    /// A frame, if it is there.
    pub(crate) fn get(&self, id: FrameId) -> Option<Arc<Frame>> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let now = inner.clock;
        let (frame, age) = inner.frames.get_mut(&id)?;
        let (frame, old) = (frame.clone(), std::mem::replace(age, now));
        inner.by_age.remove(&old);
        inner.by_age.insert(now, id);
        Some(frame)
    }

    /// Keeps a frame, and drops the oldest ones over the budget.
    pub(crate) fn put(&self, id: FrameId, frame: &Arc<Frame>) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.clock += 1;
        let now = inner.clock;
        if let Some((old, age)) = inner.frames.insert(id, (frame.clone(), now)) {
            inner.by_age.remove(&age);
            inner.bytes -= old.bytes();
        }
        inner.by_age.insert(now, id);
        inner.bytes += frame.bytes();
        while inner.bytes > self.budget {
            let Some((_, oldest)) = inner.by_age.pop_first() else { break };
            if let Some((frame, _)) = inner.frames.remove(&oldest) {
                inner.bytes -= frame.bytes();
            }
        }
    }

    /// Bytes held now.
    pub(crate) fn bytes(&self) -> u64 {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).bytes
    }

    /// Drops the frames of one file.
    pub(crate) fn forget(&self, file: u64) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let gone: Vec<FrameId> = inner.frames.keys().filter(|id| id.0 == file).copied().collect();
        for id in gone {
            if let Some((frame, age)) = inner.frames.remove(&id) {
                inner.bytes -= frame.bytes();
                inner.by_age.remove(&age);
            }
        }
    }
}
