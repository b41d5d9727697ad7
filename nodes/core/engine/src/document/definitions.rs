//! The sub-graphs of a graph as a whole: which uses which, how deep and to how much they unfold.

use super::interface::definition_name;
use super::{Graph, NodeId};
use crate::{Error, Result};
use std::collections::{BTreeMap, BTreeSet};

/// What a sub-graph comes to, with all that it uses.
#[derive(Clone, Copy)]
struct Extent {
    nodes: usize,
    depth: usize,
}

impl Graph {
    /// The most sub-graphs that a file may define.
    pub const MAX_GRAPHS: usize = 1_000;
    /// How deep instances may stand in each other.
    pub const MAX_DEPTH: usize = 16;

    /// The sub-graphs that the nodes of this graph are instances of, each once; also those that are not defined.
    pub fn uses(&self) -> BTreeSet<NodeId> {
        let kinds: BTreeSet<&str> = self.nodes.values().map(|n| &*n.kind).collect();
        kinds.into_iter().filter_map(|k| definition_name(k)?.parse().ok()).collect()
    }

    /// `names` and every sub-graph that these use, near or far, as far as they are defined.
    pub fn closure(&self, names: impl IntoIterator<Item = NodeId>) -> BTreeSet<NodeId> {
        let mut seen = BTreeSet::new();
        let mut open: Vec<NodeId> = names.into_iter().collect();
        while let Some(name) = open.pop() {
            if let Some(graph) = self.graphs.get(&name)
                && seen.insert(name)
            {
                open.extend(graph.uses());
            }
        }
        seen
    }

    /// A name that no sub-graph has: `base` made fit for a name, or with a number after it from 2.
    pub fn fresh_graph_name(&self, base: &str) -> NodeId {
        super::apply::fresh_id(base, 2, |name| self.graphs.contains_key(name)).0
    }

    /// Refuses sub-graphs that contain themselves, that nest too deep, or that unfold to more than can be handled.
    pub(super) fn check_definitions(&self) -> Result<()> {
        if self.graphs.is_empty() {
            return Ok(());
        }
        if self.graphs.len() > Self::MAX_GRAPHS {
            return Err(Error::usage(format!(
                "the graph has {} sub-graphs, more than {}",
                self.graphs.len(),
                Self::MAX_GRAPHS
            )));
        }
        let stored: usize = self.graphs.values().map(|g| g.nodes.size()).sum();
        if stored.saturating_add(self.nodes.size()) > Self::MAX_NODES {
            return Err(too_large());
        }
        let mut extents = BTreeMap::new();
        for name in self.graphs.keys() {
            self.measure(name, &mut extents)?;
        }
        let whole = self.extent(self, &extents);
        if whole.nodes > Self::MAX_NODES {
            return Err(too_large());
        }
        if whole.depth > Self::MAX_DEPTH {
            return Err(too_deep());
        }
        Ok(())
    }

    /// Measures `root` and what it uses, what is used first. No recursion: a chain may be as long as a file allows.
    fn measure(&self, root: &NodeId, extents: &mut BTreeMap<NodeId, Extent>) -> Result<()> {
        let mut way: Vec<(NodeId, Vec<NodeId>)> = vec![(root.clone(), self.used_by(root))];
        while let Some((name, left)) = way.last_mut() {
            if let Some(next) = left.pop() {
                if extents.contains_key(&next) {
                    continue;
                }
                if let Some(from) = way.iter().position(|(name, _)| *name == next) {
                    let mut round: Vec<&str> = way.iter().skip(from).map(|(n, _)| n.as_str()).collect();
                    round.push(next.as_str());
                    return Err(Error::usage(format!(
                        "the sub-graph “{next}” contains itself: {}",
                        round.join(" -> ")
                    ))
                    .help("a sub-graph cannot stand inside itself; use another one there"));
                }
                let used = self.used_by(&next);
                way.push((next, used));
                continue;
            }
            let name = name.clone();
            way.pop();
            let extent = self.graphs.get(&name).map(|graph| self.extent(graph, extents));
            extents.insert(name, extent.unwrap_or(Extent { nodes: 1, depth: 0 }));
        }
        Ok(())
    }

    fn used_by(&self, name: &NodeId) -> Vec<NodeId> {
        self.graphs.get(name).map(|graph| graph.uses().into_iter().collect()).unwrap_or_default()
    }

    /// What `graph` comes to, where what it uses is measured.
    fn extent(&self, graph: &Graph, extents: &BTreeMap<NodeId, Extent>) -> Extent {
        let mut whole = Extent { nodes: graph.nodes.size(), depth: 0 };
        for node in graph.nodes.values() {
            let name = definition_name(&node.kind).and_then(|name| name.parse::<NodeId>().ok());
            if let Some(inner) = name.and_then(|name| extents.get(&name)) {
                whole.nodes = whole.nodes.saturating_add(inner.nodes);
                whole.depth = whole.depth.max(inner.depth + 1);
            }
        }
        whole
    }
}

fn too_large() -> Error {
    Error::usage(format!("the graph and its sub-graphs unfold to more than {} nodes", Graph::MAX_NODES))
        .help("use fewer instances")
}

fn too_deep() -> Error {
    Error::usage(format!("sub-graphs stand in each other more than {} deep", Graph::MAX_DEPTH))
        .help("unpack one of them")
}
