//! The shots of what is viewed: those of the sequence that it comes from, as long as frames keep their places.

use super::memo::Same;
use super::{Editor, views};
use crate::editor::panels::timeline::ShotView;
use rushes_engine::describe::{DescribedGraph, Shape};
use rushes_engine::document::{Graph, Node, NodeId};
use serde_json::Value;
use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::Arc;

const SEQUENCE: &str = "edit/sequence";
const PLAN: &str = "plan/shot";
/// Nodes in a row that are looked at.
const FARTHEST: usize = 1_000;

/// What the shots follow from: the graph, what is known of it, and what is viewed.
pub(super) type Of = (Same<Graph>, Option<Same<DescribedGraph>>, Option<NodeId>);

/// A shot with the node that it comes from.
pub(super) struct Cut {
    title: String,
    frames: Range<i64>,
    from: Option<NodeId>,
}

impl Editor {
    /// The shots along the timeline.
    pub(super) fn shots(&self) -> Vec<ShotView> {
        let described = self.facts.as_ref().map(|f| Same(Arc::clone(&f.described)));
        let of = (Same(Arc::clone(self.session.document.graph())), described, self.viewed());
        let cuts = self.cuts.get(of, |_| self.cuts().unwrap_or_default().into());
        let shown = |cut: &Cut| {
            let picture = cut.from.as_ref().and_then(|from| self.pictures.as_ref()?.shaped(from.as_str()));
            ShotView { title: cut.title.clone(), frames: cut.frames.clone(), picture }
        };
        cuts.iter().map(shown).collect()
    }

    fn cuts(&self) -> Option<Vec<Cut>> {
        let id = self.sequence_before()?;
        let graph = self.session.document.graph();
        let slot = self.facts.as_ref()?.described.slot(&id).ok()?;
        let said = graph.find(&id).ok()?.params.get("dissolves").and_then(Value::as_array);
        let number = |v: &Value| v.as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
        let dissolves: Vec<u32> = said.into_iter().flatten().map(number).collect();
        let feeds = self.feeds(&id);
        let named = |(port, frames): (Arc<str>, _)| {
            let from = feeds.iter().find(|(to, _)| *to == port).map(|(_, from)| from.clone());
            let node = from.as_ref().and_then(|from| graph.find(&self.named_by(from)).ok());
            let title = |n: &Arc<Node>| views::title(graph, n, self.session.registry());
            Cut { title: node.map_or_else(|| port.to_string(), title), frames, from }
        };
        let placed = rushes_nodes::shot_frames(&slot.state.inputs, &dissolves);
        Some(placed.into_iter().map(named).collect())
    }

    /// The node that says what a shot is: the one it comes from, where a person has named that, else the nearest plan of
    /// a shot before it.
    fn named_by(&self, from: &NodeId) -> NodeId {
        let graph = self.session.document.graph();
        if graph.find(from).is_ok_and(|node| !node.title.is_empty()) {
            return from.clone();
        }
        let mut seen = HashSet::from([from.clone()]);
        let mut next = VecDeque::from([from.clone()]);
        while let Some(id) = next.pop_front().filter(|_| seen.len() < FARTHEST) {
            if graph.find(&id).is_ok_and(|node| &*node.kind == PLAN) {
                return id;
            }
            next.extend(
                self.feeds(&id).into_iter().map(|(_, before)| before).filter(|id| seen.insert(id.clone())),
            );
        }
        from.clone()
    }

    /// The nearest sequence upstream along main inputs. A node that changes length or rate moves frames, and the cuts
    /// would be shown where they are not.
    fn sequence_before(&self) -> Option<NodeId> {
        let mut id = self.viewed()?;
        let graph = self.session.document.graph();
        let form = |id: &NodeId| self.clip_of(id).map(|c| (c.frames, c.rate));
        let viewed = form(&id)?;
        for _ in 0..FARTHEST {
            let node = graph.find(&id).ok().filter(|_| form(&id) == Some(viewed))?;
            if &*node.kind == SEQUENCE {
                return Some(id);
            }
            let mut feeds = self.feeds(&id).into_iter();
            // What a tool looks like is known without looking into its parameters; there may be very many.
            id = match self.session.registry().get(&node.kind) {
                Ok(tool) => {
                    let main = tool.spec().inputs.first()?;
                    feeds.find(|(to, _)| main.answers_to(to))?.1
                }
                Err(_) => {
                    let shape = Shape::of_node(graph, self.session.registry(), &id).ok()?;
                    let main = shape.inputs.first()?;
                    feeds.find(|(to, _)| main.answers_to(to))?.1
                }
            };
        }
        None
    }
}
