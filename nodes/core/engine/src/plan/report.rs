//! What a render would do, node by node.

use super::{Planner, Request};
use crate::Key;
use crate::describe::{DescribedGraph, Slot};
use crate::document::{NodeId, REROUTE};
use crate::tool::Class;
use serde::Serialize;
use std::ops::Range;

/// How things stand with one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// All its frames are there.
    Cached,
    /// Some or all of its frames would be made.
    WillRun,
    /// It works when described, and is done.
    Value,
    /// It runs only when asked.
    Job,
    /// It passes its input through.
    Bypassed,
    /// It is as if it were not there.
    Muted,
    /// Something before it is wrong.
    Waiting,
    /// It is wrong.
    Error,
}

/// One node's line of a plan.
#[derive(Clone, Debug, Serialize)]
pub struct NodePlan {
    /// The node.
    pub node: String,
    /// Its kind.
    pub kind: String,
    /// How things stand.
    pub state: NodeState,
    /// Frames that are there.
    pub cached: u64,
    /// Frames that would be made.
    pub to_do: u64,
    /// What it outputs, or what is wrong.
    pub words: String,
}

/// Plans `node` and all before it, or the whole graph. Frames are those of each node's own first output that lie in
/// `frames`. `have` says whether the frame of a key is kept.
pub fn report(
    graph: &DescribedGraph,
    node: Option<&NodeId>,
    frames: Option<&Range<i64>>,
    proxy: u32,
    have: &dyn Fn(Key) -> bool,
) -> Vec<NodePlan> {
    let mut slots: Vec<&Slot> = match node {
        Some(id) => graph.upstream(id),
        None => graph.slots().collect(),
    };
    // A reroute is its source once more.
    slots.retain(|slot| &*slot.state.node.kind != REROUTE || Some(&slot.id) == node);
    let mut planner = Planner::new(graph, proxy);
    slots.into_iter().map(|slot| line(&mut planner, slot, frames, proxy, have)).collect()
}

fn line(
    planner: &mut Planner<'_>,
    slot: &Slot,
    frames: Option<&Range<i64>>,
    proxy: u32,
    have: &dyn Fn(Key) -> bool,
) -> NodePlan {
    let node = &slot.state.node;
    let mut plan = NodePlan {
        node: slot.id.to_string(),
        kind: node.kind.to_string(),
        state: NodeState::Value,
        cached: 0,
        to_do: 0,
        words: String::new(),
    };
    let outcome = match &slot.state.outcome {
        Ok(outcome) => outcome,
        Err(error) => {
            plan.state = if slot.state.inherited { NodeState::Waiting } else { NodeState::Error };
            plan.words = error.to_string();
            return plan;
        }
    };
    plan.words = outcome.outputs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" | ");
    if node.mute {
        plan.state = NodeState::Muted;
        return plan;
    }
    if outcome.class == Class::Job {
        plan.state = NodeState::Job;
        return plan;
    }
    let Some(clip) = outcome.outputs.first().and_then(|d| d.frames()) else { return plan };
    let length = i64::try_from(clip.frames).unwrap_or(i64::MAX);
    let wanted = frames.cloned().unwrap_or(0..length);
    for frame in wanted.start.max(0)..wanted.end.min(length) {
        let request = Request { node: slot.id.clone(), port: None, frame, proxy, roi: None };
        match planner.key(&request) {
            Ok(key) if have(key) => plan.cached += 1,
            Ok(_) => plan.to_do += 1,
            Err(error) => {
                plan.state = NodeState::Error;
                plan.words = error.to_string();
                return plan;
            }
        }
    }
    plan.state = match (node.bypass, plan.to_do) {
        (true, _) => NodeState::Bypassed,
        (false, 0) => NodeState::Cached,
        (false, _) => NodeState::WillRun,
    };
    plan
}
