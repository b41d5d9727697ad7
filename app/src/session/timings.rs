//! How long nodes of a kind took on this machine, kept between runs, for telling how long a plan is likely to take.

use crate::home::Home;
use rushes_engine::describe::{DescribedGraph, Slot};
use rushes_engine::document::NodeId;
use rushes_engine::evaluate::NodeAccount;
use rushes_engine::files::write_atomic;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Frames after which older ones count for little.
const MEMORY: f64 = 500.0;

/// Milliseconds a megapixel, by kind.
pub(super) struct Timings {
    path: PathBuf,
    kinds: BTreeMap<String, Timing>,
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
struct Timing {
    ms: f64,
    frames: f64,
}

/// The size of a node's first picture, in millions of pixels.
pub(super) fn megapixels(slot: &Slot) -> f64 {
    let clip = slot.state.outcome.as_ref().ok().and_then(|o| o.outputs.iter().find_map(|d| d.frames()));
    clip.map_or(0.0, |clip| f64::from(clip.width) * f64::from(clip.height) / 1e6)
}

impl Timings {
    /// What is known. A file that is not there or damaged knows nothing.
    pub(super) fn open(home: &Home) -> Self {
        let path = home.cache().join("timings.json");
        let text = std::fs::read(&path).unwrap_or_default();
        Self { path, kinds: serde_json::from_slice(&text).unwrap_or_default() }
    }

    /// How long a frame of so many megapixels is likely to take, in seconds.
    pub(super) fn seconds(&self, kind: &str, megapixels: f64) -> Option<f64> {
        let timing = self.kinds.get(kind)?;
        Some(timing.ms * megapixels / 1e3).filter(|s| s.is_finite() && *s >= 0.0)
    }

    /// Adds what the nodes of a run at 1/`proxy` of the size did between two accounts.
    pub(super) fn learn(
        &mut self,
        graph: &DescribedGraph,
        proxy: u32,
        before: &BTreeMap<NodeId, NodeAccount>,
        after: &BTreeMap<NodeId, NodeAccount>,
    ) {
        for (id, now) in after {
            let then = before.get(id).copied().unwrap_or_default();
            let frames = now.evaluated.saturating_sub(then.evaluated) as f64;
            let Ok(slot) = graph.slot(id) else { continue };
            // What a sub-graph takes says nothing of one of the same name elsewhere.
            if slot.state.tool.is_none() {
                continue;
            }
            let pixels = megapixels(slot) / f64::from(proxy.max(1)).powi(2) * frames;
            let spent = (now.gpu_ms - then.gpu_ms).max(now.cpu_ms - then.cpu_ms);
            if pixels <= 0.0 || !spent.is_finite() {
                continue;
            }
            let timing = self.kinds.entry(slot.state.kind().to_owned()).or_default();
            let weight = frames / (timing.frames + frames);
            timing.ms += (spent / pixels - timing.ms) * weight;
            timing.frames = (timing.frames + frames).min(MEMORY);
        }
    }

    /// Keeps it for the next run.
    pub(super) fn save(&self) {
        let text = serde_json::to_vec(&self.kinds).unwrap_or_default();
        if let Err(e) = write_atomic(&self.path, &text) {
            log::warn!("timings are not kept: {e}");
        }
    }
}
