//! What a run would cost.

use crate::describe::DescribedGraph;
use crate::document::NodeId;
use crate::tool::Class;
use serde::Serialize;

/// A job that would run, with its price.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Priced {
    /// The node.
    pub node: NodeId,
    /// Its kind.
    pub kind: String,
    /// What it costs, in US dollars; 0 for work that is done here.
    pub usd: f64,
}

/// The jobs that running `node`, or everything, would run: those that have no take yet, sources first.
pub fn quote(graph: &DescribedGraph, node: Option<&NodeId>) -> Vec<Priced> {
    let slots = match node {
        Some(node) => graph.upstream(node),
        None => graph.slots().collect(),
    };
    let jobs = slots.into_iter().filter_map(|slot| {
        let outcome = slot.state.outcome.as_ref().ok()?;
        let node = &slot.state.node;
        (outcome.class == Class::Job && !node.mute && !node.bypass).then(|| Priced {
            node: slot.id.clone(),
            kind: node.kind.to_string(),
            usd: outcome.price_usd.unwrap_or(0.0),
        })
    });
    jobs.collect()
}
