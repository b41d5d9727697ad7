//! Keys that outlive the planner that found them: an edit changes none of what lies before it.

use crate::Key;
use rustc_hash::FxHashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys that are remembered, about 10 MB of them.
const MOST: usize = 100_000;

/// One output frame at one scale, of a node that is described as it is under this stamp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Named {
    pub(crate) stamp: u64,
    pub(crate) output: usize,
    pub(crate) frame: i64,
    pub(crate) proxy: u32,
}

/// The keys of one describer's graphs, by what stamps name.
#[derive(Default)]
pub(crate) struct KnownKeys(Mutex<FxHashMap<Named, Key>>);

impl KnownKeys {
    fn lock(&self) -> MutexGuard<'_, FxHashMap<Named, Key>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The key, where it was found before.
    pub(crate) fn get(&self, of: &Named) -> Option<Key> {
        self.lock().get(of).copied()
    }

    /// Remembers a key.
    pub(crate) fn put(&self, of: Named, key: Key) {
        let mut known = self.lock();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(of, key);
    }
}
