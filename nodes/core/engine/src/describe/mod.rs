//! Describing a graph: what every wire will carry, and what is wrong, before anything runs.
//!
//! A node's description is kept from one version of the graph to the next where neither it, its wires nor its files
//! changed, so that an edit costs what depends on it.

mod params;
mod slot;
mod wires;

pub use params::Resolved;
pub(crate) use params::{ParamSet, hash_params};
pub use slot::{Outcome, Slot, SlotState, Source};

use crate::document::{Edit, Graph, NodeId};
use crate::tool::{Files, Host, Registry};
use crate::{Error, Result};
use slot::Surroundings;
use std::collections::HashMap;
use std::sync::Arc;

/// A graph with the description of every node, in an order in which sources come first.
pub struct DescribedGraph {
    /// The graph that was described.
    pub graph: Arc<Graph>,
    pub(crate) slots: Vec<Slot>,
    pub(crate) index: HashMap<NodeId, usize>,
    hidden: HashMap<(NodeId, Arc<str>), usize>,
    /// How many wires leave each slot.
    pub(crate) fan_out: Vec<u32>,
    /// Whether a slot's keys hold a guess at what a file contains.
    guessed: Vec<bool>,
    /// The node that is being worked on: what goes into it is kept, not fused with it.
    pub focus: Option<NodeId>,
}

impl DescribedGraph {
    /// The slot of a node.
    pub fn slot(&self, id: &NodeId) -> Result<&Slot> {
        match self.index.get(id).and_then(|i| self.slots.get(*i)) {
            Some(slot) => Ok(slot),
            None => {
                Err(Error::usage(format!("there is no node “{id}”"))
                    .help("see the ids with the plan command"))
            }
        }
    }

    /// Every node, sources first.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| !slot.hidden)
    }

    /// Nodes that are wrong themselves, with what is wrong; not those that only wait for one that is.
    pub fn problems(&self) -> impl Iterator<Item = (&NodeId, &Error)> {
        self.slots()
            .filter(|s| !s.state.inherited)
            .filter_map(|s| s.state.outcome.as_ref().err().map(|e| (&s.id, e)))
    }

    /// What is to change once a job that depends on the nodes before `node` has run, or on any where `None`.
    pub fn after_run(&self, node: Option<&NodeId>) -> Vec<Edit> {
        let slots = match node {
            Some(node) => self.upstream(node),
            None => self.slots().collect(),
        };
        let edits = slots.into_iter().filter(|slot| !slot.state.node.mute).filter_map(|slot| {
            let outcome = slot.state.outcome.as_ref().ok()?;
            let params = outcome.params.at(0, outcome.rate(), outcome.frames()).ok()?;
            let sets = outcome.params.tool().after_run(&params.typed).into_iter();
            Some(sets.map(|(param, value)| Edit::Set {
                node: slot.id.clone(),
                param: param.to_owned(),
                value,
            }))
        });
        edits.flatten().collect()
    }

    /// Whether the keys of a slot hold a guess at what a file contains.
    pub(crate) fn is_guessed(&self, slot: usize) -> bool {
        self.guessed.get(slot).is_some_and(|guessed| *guessed)
    }

    /// Whether any node's keys hold a guess at what a file contains.
    pub fn has_guesses(&self) -> bool {
        self.guessed.contains(&true)
    }

    /// All nodes that `id` depends on, itself included, sources first.
    pub fn upstream(&self, id: &NodeId) -> Vec<&Slot> {
        let mut wanted = vec![false; self.slots.len()];
        let mut stack: Vec<usize> = self.index.get(id).copied().into_iter().collect();
        while let Some(at) = stack.pop() {
            if let (Some(false), Some(slot)) = (wanted.get(at), self.slots.get(at)) {
                wanted[at] = true;
                stack.extend(slot.before());
            }
        }
        self.slots
            .iter()
            .zip(wanted)
            .filter(|(slot, wanted)| *wanted && !slot.hidden)
            .map(|(slot, _)| slot)
            .collect()
    }
}

/// Describes one version of a graph after the other.
pub struct Describer {
    registry: Arc<Registry>,
    host: Arc<dyn Host>,
    stamp: u64,
    previous: Option<Arc<DescribedGraph>>,
}

impl Describer {
    /// A describer that has seen nothing yet.
    pub fn new(registry: Arc<Registry>, host: Arc<dyn Host>) -> Self {
        Self { registry, host, stamp: 0, previous: None }
    }

    /// Describes `graph`. Never fails: what is wrong stands at its node.
    pub fn describe(
        &mut self,
        graph: &Arc<Graph>,
        files: &dyn Files,
        focus: Option<&NodeId>,
    ) -> Arc<DescribedGraph> {
        let mut described = DescribedGraph {
            graph: graph.clone(),
            slots: Vec::with_capacity(graph.nodes.size()),
            index: HashMap::with_capacity(graph.nodes.size()),
            hidden: HashMap::new(),
            fan_out: Vec::new(),
            guessed: Vec::new(),
            focus: focus.cloned(),
        };
        let (order, looped) = sources_first(graph);
        for id in order {
            let looped = looped.contains_key(&id);
            self.add(&mut described, &id, files, looped);
        }
        described.fan_out = vec![0; described.slots.len()];
        for slot in &described.slots {
            for source in &slot.sources {
                if let Some(count) = described.fan_out.get_mut(source.slot) {
                    *count += 1;
                }
            }
        }
        for slot in &described.slots {
            let guessed = slot.state.found.iter().any(|(_, file)| file.provisional)
                || slot.before().any(|at| described.is_guessed(at));
            described.guessed.push(guessed);
        }
        let described = Arc::new(described);
        self.previous = Some(described.clone());
        described
    }

    fn add(&mut self, described: &mut DescribedGraph, id: &NodeId, files: &dyn Files, looped: bool) {
        let Some(node) = described.graph.nodes.get(id).cloned() else { return };
        let around = Surroundings { registry: &self.registry, host: self.host.as_ref(), files };
        let wires = wires::gather(
            &around,
            described,
            id,
            &node,
            looped,
            &mut |described, conversion, source, port| {
                let key = (id.clone(), port.clone());
                let wires = wires::Wires::conversion(described, source);
                let old = self.previous.as_ref().and_then(|p| p.slots.get(*p.hidden.get(&key)?));
                let state = slot::reuse_or(old, None, &wires, || {
                    self.stamp += 1;
                    SlotState::conversion(&around, &conversion.tool, &wires, self.stamp)
                });
                let at = described.slots.len();
                described.slots.push(Slot::new(id.clone(), state, wires, true));
                described.hidden.insert(key, at);
                at
            },
        );
        let old = self.previous.as_ref().and_then(|p| p.slots.get(*p.index.get(id)?));
        // A renamed node is the same node: its record is shared, its wires come from the same descriptions.
        let old = old.or_else(|| {
            let previous = self.previous.as_ref()?;
            let fresh = |s: &&Slot| !s.hidden && Arc::ptr_eq(&s.state.node, &node);
            if previous.index.len() == described.graph.nodes.size() {
                previous.slots.iter().find(fresh)
            } else {
                None
            }
        });
        let state =
            slot::reuse_or(old.filter(|o| !o.state.files_changed(files)), Some(&node), &wires, || {
                self.stamp += 1;
                SlotState::describe(&around, &node, &wires, self.stamp)
            });
        described.index.insert(id.clone(), described.slots.len());
        described.slots.push(Slot::new(id.clone(), state, wires, false));
    }
}

/// Node ids with sources first; nodes on a cycle or behind one come last and are named in the map.
fn sources_first(graph: &Graph) -> (Vec<NodeId>, HashMap<NodeId, ()>) {
    let ids: Vec<&NodeId> = graph.nodes.keys().collect();
    let number: HashMap<&NodeId, usize> = ids.iter().enumerate().map(|(i, id)| (*id, i)).collect();
    let mut waits = vec![0usize; ids.len()];
    let mut feeds: Vec<Vec<usize>> = vec![Vec::new(); ids.len()];
    for (to, link) in graph.links.iter() {
        if let (Some(&a), Some(&b)) = (number.get(&link.from.node), number.get(&to.node)) {
            feeds[a].push(b);
            waits[b] += 1;
        }
    }
    let mut order: Vec<usize> = (0..ids.len()).filter(|i| waits[*i] == 0).collect();
    let mut done = 0;
    while let Some(&at) = order.get(done) {
        done += 1;
        for &next in &feeds[at] {
            waits[next] -= 1;
            if waits[next] == 0 {
                order.push(next);
            }
        }
    }
    let looped: Vec<usize> = (0..ids.len()).filter(|i| waits[*i] > 0).collect();
    let names = looped.iter().map(|i| (ids[*i].clone(), ())).collect();
    (order.into_iter().chain(looped).map(|i| ids[i].clone()).collect(), names)
}
