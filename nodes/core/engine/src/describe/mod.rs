//! Describing a graph: what every wire will carry, and what is wrong, before anything runs.
//!
//! A node's description is kept from one version of the graph to the next where neither it, its wires nor its files
//! changed, so that an edit costs what depends on it.

mod again;
mod faces;
mod params;
mod shape;
mod slot;
mod wires;

pub(crate) use params::ParamSet;
pub use params::Resolved;
pub use shape::{Shape, ShapePort};
pub use slot::{Known, Outcome, Slot, SlotState, Source};

use crate::document::{Edit, Flat, Flattener, Graph, Node, NodeId, definition_name};
use crate::plan::KnownKeys;
use crate::tool::{DynTool, Files, Host, Registry, erased};
use crate::{Error, Result};
use slot::Surroundings;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A graph with the description of every node, in an order in which sources come first.
pub struct DescribedGraph {
    /// The graph that was described.
    pub graph: Arc<Graph>,
    /// What of it is evaluated: without sub-graphs and reroutes.
    pub(crate) flat: Arc<Flat>,
    pub(crate) slots: Vec<Arc<Slot>>,
    pub(crate) index: Arc<HashMap<NodeId, usize>>,
    hidden: Arc<HashMap<(NodeId, Arc<str>), usize>>,
    /// How many wires leave each slot.
    pub(crate) fan_out: Arc<Vec<u32>>,
    /// Whether a slot's keys hold a guess at what a file contains.
    guessed: Vec<bool>,
    /// The nodes that are being worked on: what goes into them is kept, not fused with them.
    pub(crate) focus: Vec<NodeId>,
    /// Which slots are those or come after them, by slot.
    after_focus: Vec<bool>,
    /// Flags of what changes words once it is found out.
    awaited: Vec<Arc<AtomicBool>>,
    /// The slots of the document's own nodes, sources first.
    shown: Arc<Vec<usize>>,
    /// What is wrong with nodes inside of instances, told at the instance.
    inner_problems: Vec<(NodeId, Error)>,
    /// Each node stands for itself, and none is on a circle.
    plain: bool,
    /// Keys that were found for this or an earlier version.
    pub(crate) keys: Arc<KnownKeys>,
}

impl DescribedGraph {
    /// Whether something was found out since that changes what is told of a node.
    pub fn has_findings(&self) -> bool {
        self.awaited.iter().any(|found| found.load(Ordering::Acquire))
    }

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

    /// Every node of the document, sources first. An instance of a sub-graph is one node.
    pub fn slots(&self) -> impl Iterator<Item = &Slot> {
        self.shown.iter().filter_map(|at| self.slots.get(*at)).map(Arc::as_ref)
    }

    /// The nodes directly inside of the instance `id`, as they stand there. None where it is bypassed or muted.
    pub fn slots_inside(&self, id: &NodeId) -> impl Iterator<Item = &Slot> {
        let within = |slot: &&Slot| !slot.hidden && slot.id.parent().is_some_and(|(parent, _)| parent == *id);
        self.slots.iter().map(Arc::as_ref).filter(within)
    }

    /// Every node that works, sources first, those inside of instances among them.
    pub fn working(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().map(Arc::as_ref).filter(|slot| slot.works())
    }

    /// Nodes that are wrong themselves, with what is wrong; not those that only wait for one that is. What is wrong
    /// inside of an instance is told at the instance.
    pub fn problems(&self) -> impl Iterator<Item = (&NodeId, &Error)> {
        let own = self.slots().filter(|s| !s.state.inherited && s.face.is_none());
        let own = own.filter_map(|s| s.state.outcome.as_ref().err().map(|e| (&s.id, e)));
        own.chain(self.inner_problems.iter().map(|(id, e)| (id, e)))
    }

    /// What is to change once a job that depends on the nodes before `node` has run, or on any where `None`.
    pub fn after_run(&self, node: Option<&NodeId>) -> Vec<Edit> {
        let slots = match node {
            Some(node) => self.working_before(node),
            None => self.working().collect(),
        };
        let mut edits = Vec::new();
        for slot in slots.into_iter().filter(|slot| !slot.state.node.mute) {
            let Ok(outcome) = &slot.state.outcome else { continue };
            let Ok(params) = outcome.params.at(0, outcome.rate(), outcome.frames()) else { continue };
            for (param, value) in outcome.params.tool().after_run(&params.typed) {
                let edit = self.edit_of(&slot.id, param, value);
                // Two instances of one sub-graph share what is set inside it.
                if !edits.contains(&edit) {
                    edits.push(edit);
                }
            }
        }
        edits
    }

    /// Whether the keys of a slot hold a guess at what a file contains.
    pub(crate) fn is_guessed(&self, slot: usize) -> bool {
        self.guessed.get(slot).is_some_and(|guessed| *guessed)
    }

    /// Whether any node's keys hold a guess at what a file contains.
    pub fn has_guesses(&self) -> bool {
        self.guessed.contains(&true)
    }

    /// All nodes of the document that `id` depends on, itself included, sources first.
    pub fn upstream(&self, id: &NodeId) -> Vec<&Slot> {
        let before = self.before(id);
        let mut wanted: HashSet<NodeId> = HashSet::from([id.clone()]);
        wanted
            .extend(self.slots.iter().zip(&before).filter(|(_, before)| **before).map(|(s, _)| s.id.outer()));
        self.slots().filter(|slot| wanted.contains(&slot.id)).collect()
    }

    /// All nodes that work and that `id` depends on, itself included, sources first.
    pub fn working_before(&self, id: &NodeId) -> Vec<&Slot> {
        let before = self.before(id);
        self.slots
            .iter()
            .zip(before)
            .filter(|(slot, before)| *before && slot.works())
            .map(|(s, _)| s.as_ref())
            .collect()
    }

    /// For each slot whether `id` depends on it.
    fn before(&self, id: &NodeId) -> Vec<bool> {
        let mut wanted = vec![false; self.slots.len()];
        let mut stack: Vec<usize> = self.index.get(id).copied().into_iter().collect();
        while let Some(at) = stack.pop() {
            if let (Some(false), Some(slot)) = (wanted.get(at), self.slots.get(at)) {
                wanted[at] = true;
                stack.extend(slot.before());
                stack.extend(slot.face.iter().flatten().flatten().map(|source| source.slot));
            }
        }
        wanted
    }

    /// Counts the wires that leave each slot.
    fn count_wires(&mut self) {
        let mut fan_out = vec![0; self.slots.len()];
        for source in self.slots.iter().flat_map(|slot| &slot.sources) {
            if let Some(count) = fan_out.get_mut(source.slot) {
                *count += 1;
            }
        }
        self.fan_out = Arc::new(fan_out);
    }

    /// Whether a slot's node is being worked on, or comes after one that is.
    pub(crate) fn is_after_focus(&self, slot: usize) -> bool {
        self.after_focus.get(slot).copied().unwrap_or_default()
    }

    /// Whether a slot's node is being worked on.
    pub(crate) fn in_focus(&self, slot: &Slot) -> bool {
        self.focus.contains(&slot.id)
    }
}

/// Describes one version of a graph after the other.
pub struct Describer {
    registry: Arc<Registry>,
    host: Arc<dyn Host>,
    stamp: u64,
    previous: Option<Arc<DescribedGraph>>,
    flattener: Flattener,
    /// What acts for instances and reroutes, which do nothing themselves.
    through: Arc<dyn DynTool>,
    keys: Arc<KnownKeys>,
}

impl Describer {
    /// A describer that has seen nothing yet.
    pub fn new(registry: Arc<Registry>, host: Arc<dyn Host>) -> Self {
        Self {
            registry,
            host,
            stamp: 0,
            previous: None,
            flattener: Flattener::default(),
            through: erased::<faces::Through>(),
            keys: Arc::default(),
        }
    }

    /// Describes `graph`. Never fails: what is wrong stands at its node.
    pub fn describe(
        &mut self,
        graph: &Arc<Graph>,
        files: &dyn Files,
        focus: Option<&NodeId>,
    ) -> Arc<DescribedGraph> {
        let flat = self.flattener.flatten(graph);
        let mut described = match self.again(graph, &flat, files) {
            Some(described) => described,
            None => self.anew(graph, &flat, files),
        };
        described.focus = focus.map(|focus| described.worked_on(focus)).unwrap_or_default();
        for slot in &described.slots {
            let guessed = slot.state.found.iter().any(|(_, file)| file.provisional)
                || slot.before().any(|at| described.is_guessed(at));
            described.guessed.push(guessed);
            let after = described.in_focus(slot) || slot.before().any(|at| described.is_after_focus(at));
            described.after_focus.push(after);
            described.awaited.extend_from_slice(slot.state.awaited());
        }
        let described = Arc::new(described);
        self.previous = Some(described.clone());
        described
    }

    fn anew(&mut self, graph: &Arc<Graph>, flat: &Arc<Flat>, files: &dyn Files) -> DescribedGraph {
        let count = flat.graph.nodes.size() + flat.faces.len();
        let mut described = DescribedGraph {
            graph: graph.clone(),
            flat: flat.clone(),
            slots: Vec::with_capacity(count),
            index: Arc::new(HashMap::with_capacity(count)),
            hidden: Arc::default(),
            fan_out: Arc::default(),
            guessed: Vec::with_capacity(count),
            focus: Vec::new(),
            after_focus: Vec::with_capacity(count),
            awaited: Vec::new(),
            shown: Arc::default(),
            inner_problems: Vec::new(),
            plain: false,
            keys: Arc::clone(&self.keys),
        };
        let (order, looped) = sources_first(&flat.graph);
        described.plain = looped.is_empty()
            && flat.is_plain()
            && !flat.graph.nodes.values().any(|node| definition_name(&node.kind).is_some());
        for id in order {
            let looped = looped.contains_key(&id);
            self.add(&mut described, &id, files, looped);
        }
        faces::add(&mut described, &self.through);
        described.count_wires();
        described
    }

    fn add(&mut self, described: &mut DescribedGraph, id: &NodeId, files: &dyn Files, looped: bool) {
        let Some(node) = described.flat.graph.nodes.get(id).cloned() else { return };
        if definition_name(&node.kind).is_some() {
            return self.add_standing(described, id, &node, looped);
        }
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
                let old =
                    self.previous.as_ref().and_then(|p| p.slots.get(*p.hidden.get(&key)?)).map(Arc::as_ref);
                let state = slot::reuse_or(old, None, &wires, &mut self.stamp, || {
                    Known::conversion(&around, &conversion.tool, &wires)
                });
                let at = described.slots.len();
                described.slots.push(Arc::new(Slot::new(id.clone(), state, wires, true)));
                Arc::make_mut(&mut described.hidden).insert(key, at);
                at
            },
        );
        let old = self.previous.as_ref().and_then(|p| p.slots.get(*p.index.get(id)?));
        // A renamed node is the same node: its record is shared, its wires come from the same descriptions.
        let old = old.or_else(|| {
            let previous = self.previous.as_ref()?;
            let fresh = |s: &&Arc<Slot>| !s.hidden && Arc::ptr_eq(&s.state.node, &node);
            if previous.flat.graph.nodes.size() == described.flat.graph.nodes.size() {
                previous.slots.iter().find(fresh)
            } else {
                None
            }
        });
        let old = old.filter(|o| !o.state.is_outdated(files)).map(Arc::as_ref);
        let state = slot::reuse_or(old, Some(&node), &wires, &mut self.stamp, || {
            Known::describe(&around, &node, &wires)
        });
        Arc::make_mut(&mut described.index).insert(id.clone(), described.slots.len());
        described.slots.push(Arc::new(Slot::new(id.clone(), state, wires, false)));
    }

    /// Adds an instance that has not given way: it is bypassed, or it cannot be unfolded.
    fn add_standing(&mut self, described: &mut DescribedGraph, id: &NodeId, node: &Arc<Node>, looped: bool) {
        let wires = wires::standing(described, id, looped);
        let old = self.previous.as_ref().and_then(|p| p.slots.get(*p.index.get(id)?));
        let old = old.filter(|o| o.face.is_none() && o.state.is_of(&described.graph.graphs)).map(Arc::as_ref);
        let state = slot::reuse_or(old, Some(node), &wires, &mut self.stamp, || {
            let around =
                faces::Standing { graph: &described.graph, registry: &self.registry, through: &self.through };
            around.describe(node, &wires, described.flat.faults.get(id))
        });
        Arc::make_mut(&mut described.index).insert(id.clone(), described.slots.len());
        described.slots.push(Arc::new(Slot::new(id.clone(), state, wires, false)));
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
