//! What the server remembers.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;

use super::{Behaviour, Kind};

/// A question that was asked.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What was asked.
    pub kind: Kind,
    /// `GET`, `POST`, `PUT`.
    pub method: String,
    /// The path, without the query.
    pub path: String,
    /// The query, or nothing.
    pub query: String,
    /// The header of that name.
    pub authorization: Option<String>,
    /// The header of that name.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// A request that was taken.
pub(crate) struct Job {
    /// `owner/alias`, under which it is asked about.
    pub app: String,
    pub body: Value,
    /// How often its status was asked.
    pub asked: u32,
    pub cancelled: bool,
}

/// All of it.
#[derive(Default)]
pub(crate) struct Memory {
    pub behaviour: Behaviour,
    pub log: Vec<Seen>,
    pub jobs: BTreeMap<String, Job>,
    /// Names that were given out for uploads.
    pub promised: BTreeSet<String>,
    /// Names that were uploaded.
    pub uploaded: BTreeSet<String>,
    count: u64,
}

impl Memory {
    /// A name that was not given before.
    pub fn name(&mut self) -> String {
        self.count += 1;
        format!("{:08x}-0000-4000-8000-{:012x}", 0x5eed_u64, self.count)
    }
}

/// What all connections share.
pub(crate) struct Shared {
    pub clip: Vec<u8>,
    pub url: String,
    memory: Mutex<Memory>,
}

impl Shared {
    pub fn new(clip: Vec<u8>, url: String) -> Self {
        Self { clip, url, memory: Mutex::default() }
    }

    pub fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
