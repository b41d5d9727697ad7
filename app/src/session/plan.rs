//! What a render would do, node by node: why, how long it is likely to take, and what it would cost.

use super::Session;
use super::timings::{Timings, megapixels};
use rushes_engine::Result;
use rushes_engine::document::NodeId;
use rushes_engine::plan::{NodePlan, NodeState, in_words, report};
use serde::Serialize;
use std::ops::Range;

/// One node's line of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct Planned {
    /// What there is and what is to be done.
    #[serde(flatten)]
    pub plan: NodePlan,
    /// Why it is to be done.
    pub why: String,
    /// How long that is likely to take, from what such nodes took here before; unknown where none has run.
    pub seconds: Option<f64>,
    /// What it costs, in US dollars.
    pub usd: f64,
}

impl Session {
    /// What a render would do, node by node.
    pub fn plan(&mut self, node: Option<&NodeId>, frames: Option<&Range<i64>>) -> Result<Vec<Planned>> {
        let described = self.described();
        if let Some(node) = node {
            described.slot(node)?;
        }
        let plans = report(&described, node, frames, 1, &|key| self.evaluator.has(key));
        let timings = Timings::open(&self.home);
        let prices = self.unpaid(&described, node.map(std::slice::from_ref), None)?;
        let planned = plans.into_iter().map(|plan| {
            let id: NodeId = plan.node.parse()?;
            let size = described.slot(&id).map_or(0.0, megapixels);
            let due = plan.state == NodeState::WillRun;
            let why = if due { self.why_due(&id)? } else { String::new() };
            let seconds = timings.seconds(&plan.kind, size).filter(|_| due).map(|s| s * plan.to_do as f64);
            // An instance of a sub-graph costs what the jobs inside cost.
            let usd = prices.iter().filter(|p| p.node == id).map(|p| p.usd).sum();
            Ok(Planned { plan, why, seconds, usd })
        });
        planned.collect()
    }

    fn why_due(&mut self, node: &NodeId) -> Result<String> {
        Ok(match self.why(node)? {
            None => "not made yet".to_owned(),
            Some(changes) if changes.is_empty() => "these frames are not made yet".to_owned(),
            Some(changes) => in_words(&changes),
        })
    }
}
