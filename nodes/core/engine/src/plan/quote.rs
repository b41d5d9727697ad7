//! What a run would cost.

use crate::describe::{DescribedGraph, Slot};
use crate::document::NodeId;
use crate::tool::{Class, Errand};
use serde::Serialize;
use std::collections::BTreeSet;

/// A job that would run, with its price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Priced {
    /// The node; the instance where it is inside of one.
    pub node: NodeId,
    /// Its kind.
    pub kind: String,
    /// What it costs, in US dollars; 0 for work that is done here.
    pub usd: f64,
    /// Whose machine does the work, and what it is sent.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub errand: Option<Errand>,
}

/// The jobs that running `nodes`, or everything, would run: those that have no take yet, each once however many of the
/// nodes depend on it.
pub fn quote(graph: &DescribedGraph, nodes: Option<&[NodeId]>) -> Vec<Priced> {
    let mut seen = BTreeSet::new();
    let slots: Vec<&Slot> = match nodes {
        Some(nodes) => {
            let all = nodes.iter().flat_map(|node| graph.working_before(node));
            all.filter(|slot| seen.insert(slot.id.clone())).collect()
        }
        None => graph.working().collect(),
    };
    let jobs = slots.into_iter().filter_map(|slot| {
        let outcome = slot.state.outcome.as_ref().ok()?;
        let node = &slot.state.node;
        (outcome.class == Class::Job && !node.mute && !node.bypass).then(|| Priced {
            node: slot.id.outer(),
            kind: node.kind.to_string(),
            usd: outcome.price_usd.unwrap_or(0.0),
            errand: outcome.errand.clone(),
        })
    });
    jobs.collect()
}
