//! The account of a run: what each node really did.

use crate::document::NodeId;
use crate::plan::Made;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What one node did since the account was last cleared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct NodeAccount {
    /// Frames whose kernel, decode or network really ran.
    pub evaluated: u64,
    /// Frames found in memory.
    pub memory_hits: u64,
    /// Frames found on disk.
    pub disk_hits: u64,
    /// Milliseconds on the device.
    pub gpu_ms: f64,
    /// Milliseconds of the thread that made its frames.
    pub cpu_ms: f64,
    /// Bytes of the last frame it made.
    pub bytes: u64,
}

/// Accounts of all nodes, with what decided each node's last result.
#[derive(Default)]
pub struct Account {
    inner: Mutex<Inner>,
}

/// What was booked for the nodes of a graph.
#[derive(Default)]
pub struct Booked {
    nodes: BTreeMap<NodeId, NodeAccount>,
    last: HashMap<NodeId, (i64, u32, Arc<Made>)>,
}

#[derive(Default)]
struct Inner {
    nodes: BTreeMap<NodeId, NodeAccount>,
    labels: HashMap<u64, NodeId>,
    last: HashMap<NodeId, (i64, u32, Arc<Made>)>,
}

impl Account {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Books to a node.
    pub fn book(&self, node: &NodeId, book: impl FnOnce(&mut NodeAccount)) {
        let mut inner = self.lock();
        match inner.nodes.get_mut(node) {
            Some(account) => book(account),
            None => book(inner.nodes.entry(node.clone()).or_default()),
        }
    }

    /// The label under which the device books time to a node.
    pub fn label(&self, node: &NodeId) -> u64 {
        let digest = blake3::hash(node.as_str().as_bytes());
        let mut bytes = [0; 8];
        bytes.copy_from_slice(&digest.as_bytes()[..8]);
        let label = u64::from_le_bytes(bytes);
        self.lock().labels.entry(label).or_insert_with(|| node.clone());
        label
    }

    /// Books device time by label.
    pub fn book_device(&self, timings: Vec<(u64, f64)>) {
        let mut inner = self.lock();
        for (label, ms) in timings {
            if let Some(node) = inner.labels.get(&label).cloned() {
                inner.nodes.entry(node).or_default().gpu_ms += ms;
            }
        }
    }

    /// Remembers what decided a node's newest result.
    pub fn remember(&self, node: &NodeId, frame: i64, proxy: u32, made: Arc<Made>) {
        self.lock().last.insert(node.clone(), (frame, proxy, made));
    }

    /// The frame, scale and causes of a node's newest result.
    pub fn last(&self, node: &NodeId) -> Option<(i64, u32, Arc<Made>)> {
        self.lock().last.get(node).cloned()
    }

    /// The account of a node.
    pub fn node(&self, id: &NodeId) -> Option<NodeAccount> {
        self.lock().nodes.get(id).copied()
    }

    /// All accounts.
    pub fn nodes(&self) -> BTreeMap<NodeId, NodeAccount> {
        self.lock().nodes.clone()
    }

    /// Clears everything, since another graph's nodes may go by the same names; gives what was there.
    pub fn take(&self) -> Booked {
        let mut inner = self.lock();
        Booked { nodes: std::mem::take(&mut inner.nodes), last: std::mem::take(&mut inner.last) }
    }

    /// Puts back what was taken, in place of what was booked since.
    pub fn put_back(&self, booked: Booked) {
        let mut inner = self.lock();
        (inner.nodes, inner.last) = (booked.nodes, booked.last);
    }

    /// Clears the figures; what decided the last results stays.
    pub fn reset(&self) {
        self.lock().nodes.clear();
    }
}
