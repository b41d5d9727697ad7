//! Instances and reroutes in a described graph: what they show is what stands behind them.

use super::shape::output_types;
use super::slot::{Known, Outcome, Slot, Source};
use super::wires::Wires;
use super::{DescribedGraph, ParamSet};
use crate::document::{Edit, Face, Graph, Interface, Node, NodeId, Origin, Socket, definition_name};
use crate::lint::Advice;
use crate::tool::{Class, DescribeCx, Described, DynTool, Registry, Spec, Tool};
use crate::{Desc, Error, Result};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// What acts for a node that does nothing itself.
pub(super) struct Through;

/// No parameters.
#[derive(Default, Serialize, Deserialize, JsonSchema)]
pub(super) struct Nothing {}

impl Tool for Through {
    type Params = Nothing;

    fn spec() -> Spec {
        Spec::new("graph/instance", 1, "Sub-graph", "Stands for other nodes.")
    }

    fn describe(_: &Nothing, _: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::default())
    }
}

/// An outcome that shows `outputs` and makes nothing.
fn shown(through: &Arc<dyn DynTool>, outputs: Vec<Desc>, class: Class) -> Result<Outcome> {
    Ok(Outcome {
        outputs,
        words: Vec::new(),
        class,
        take: false,
        runs: false,
        facts: None,
        params: ParamSet::new(through, &Map::new(), &[])?,
        own: None,
        price_usd: None,
        errand: None,
        awaited: Vec::new(),
        bypass: None,
    })
}

/// What an instance that stands as a node of its own is described against.
pub(super) struct Standing<'a> {
    pub(super) graph: &'a Graph,
    pub(super) registry: &'a Registry,
    pub(super) through: &'a Arc<dyn DynTool>,
}

impl Standing<'_> {
    /// Describes an instance that is bypassed, or that cannot be unfolded for the reason given.
    pub(super) fn describe(&self, node: &Arc<Node>, wires: &Wires, fault: Option<&Error>) -> Known {
        let name = definition_name(&node.kind).unwrap_or_default();
        let definition = self.graph.definition(name).ok();
        let outcome = match (fault, &wires.failed) {
            (Some(fault), _) => Err((fault.clone(), false)),
            (None, Some(failed)) => Err(failed.clone()),
            (None, None) => self.bypassed(name, wires).map_err(|e| (e, false)),
        };
        let (outcome, inherited) = match outcome {
            Ok(outcome) => (Ok(outcome), false),
            Err((error, inherited)) => (Err(error), inherited),
        };
        let names = definition.map(|d| d.interface.outputs.iter().map(|s| s.name.clone()).collect());
        Known {
            outcome,
            inherited,
            lineage: Arc::new(wires.lineage.clone()),
            ports: names.unwrap_or_default(),
            definitions: Some(self.graph.graphs.clone()),
            ..Known::bare(node, wires.inputs.clone())
        }
    }

    /// Each output passes the first input of the same type through.
    fn bypassed(&self, name: &str, wires: &Wires) -> Result<Outcome> {
        let types = output_types(self.graph, self.registry, name).into_iter();
        let first = |value| wires.inputs.iter().position(|i| Some(i.desc.value_type()) == value);
        let bypass: Vec<Option<usize>> = types.map(first).collect();
        let descs = bypass.iter().map(|i| i.and_then(|i| wires.inputs.get(i)).map(|i| i.desc.clone()));
        let Some(outputs) = descs.collect::<Option<Vec<_>>>() else {
            return Err(Error::usage("it is bypassed and has nothing to pass through")
                .help("wire an input of the same type as its output, or switch bypass off"));
        };
        Ok(Outcome { bypass: Some(bypass), ..shown(self.through, outputs, Class::Frames)? })
    }
}

/// Adds the slots of what gave way, and the order in which the document's own nodes are shown.
pub(super) fn add(described: &mut DescribedGraph, through: &Arc<dyn DynTool>) {
    if described.flat.faces.is_empty() {
        let works = |at: &usize| described.slots.get(*at).is_some_and(|slot| slot.works());
        described.shown = Arc::new((0..described.slots.len()).filter(works).collect());
        return;
    }
    let mut inside: HashMap<NodeId, Vec<usize>> = HashMap::new();
    for (at, slot) in described.slots.iter().enumerate().filter(|(_, slot)| slot.works()) {
        let mut id = slot.id.clone();
        while let Some((parent, _)) = id.parent() {
            inside.entry(parent.clone()).or_default().push(at);
            id = parent;
        }
    }
    // After all that it stands for, and before all that takes from it.
    let mut shown: Vec<(usize, usize)> = Vec::new();
    for (at, slot) in described.slots.iter().enumerate() {
        if slot.works() && !slot.id.is_inner() {
            shown.push((at, at));
        }
    }
    let flat = described.flat.clone();
    let mut problems = Vec::new();
    for face in &flat.faces {
        let inner = inside.get(&face.id).map(Vec::as_slice).unwrap_or_default();
        let ends: Vec<Option<Source>> = face.outputs.iter().map(|(_, end)| source(described, end)).collect();
        let state = state(described, through, face, &ends, inner);
        let at = described.slots.len();
        if !face.id.is_inner() {
            let last = inner.iter().copied().chain(ends.iter().flatten().map(|s| s.slot)).max();
            shown.push((last.unwrap_or(0), at));
            let within: Vec<Error> = inner.iter().filter_map(|at| wrong(described, &face.id, *at)).collect();
            // What is wrong with the node itself and not with anything inside.
            if let (Err(error), false, true) = (&state.outcome, state.inherited, within.is_empty()) {
                problems.push((face.id.clone(), error.clone()));
            }
            problems.extend(within.into_iter().map(|e| (face.id.clone(), e)));
        }
        Arc::make_mut(&mut described.index).insert(face.id.clone(), at);
        described.slots.push(Arc::new(Slot::face(face.id.clone(), state, ends)));
    }
    shown.sort_unstable();
    described.shown = Arc::new(shown.into_iter().map(|(_, at)| at).collect());
    described.inner_problems = problems;
}

fn source(described: &DescribedGraph, end: &Origin) -> Option<Source> {
    let Origin::At(from) = end else { return None };
    let slot = *described.index.get(&from.node)?;
    let output = described.slots.get(slot)?.state.find_output(&from.port)?;
    Some(Source { slot, output })
}

/// What is wrong with a node inside of `face`, if it is wrong itself.
fn wrong(described: &DescribedGraph, face: &NodeId, at: usize) -> Option<Error> {
    let slot = described.slots.get(at).filter(|slot| !slot.state.inherited)?;
    let error = slot.state.outcome.as_ref().err()?;
    Some(error.clone().at(format!("inside {}", within(face, &slot.id))))
}

/// The name of a node relative to the instance that it is inside of.
fn within<'a>(face: &NodeId, id: &'a NodeId) -> &'a str {
    id.as_str().get(face.as_str().len() + 1..).unwrap_or(id.as_str())
}

fn state(
    described: &DescribedGraph,
    through: &Arc<dyn DynTool>,
    face: &Face,
    ends: &[Option<Source>],
    inner: &[usize],
) -> Known {
    let slot_of = |source: &Source| described.slots.get(source.slot);
    let sent = |source: &Option<Source>| -> Option<Desc> {
        let source = source.as_ref()?;
        slot_of(source)?.state.outcome.as_ref().ok()?.outputs.get(source.output).cloned()
    };
    // A failing output hides none that comes before it.
    let outputs: Vec<Desc> = ends.iter().map_while(sent).collect();
    let first = ends.first().and_then(Option::as_ref).and_then(slot_of);
    let (outcome, inherited) = if outputs.is_empty() && !ends.is_empty() {
        let own = inner.iter().find_map(|at| wrong(described, &face.id, *at));
        match (own, first.map(|slot| (&slot.state.outcome, &slot.id))) {
            (Some(error), _) => (Err(error), false),
            (None, Some((Err(error), id))) => (Err(error.clone().at(id.place())), true),
            (None, _) => (Err(open(face)), false),
        }
    } else {
        let class = first.and_then(|slot| slot.state.outcome.as_ref().ok()).map_or(Class::Value, |o| o.class);
        (shown(through, outputs, class), false)
    };
    let advice = inner
        .iter()
        .filter_map(|at| described.slots.get(*at))
        .flat_map(|slot| slot.state.advice.iter().map(|advice| told(described, &face.id, &slot.id, advice)));
    Known {
        outcome,
        inherited,
        advice: advice.collect(),
        lineage: first.map(|slot| slot.state.lineage.clone()).unwrap_or_default(),
        ports: face.outputs.iter().map(|(name, _)| name.clone()).collect(),
        ..Known::bare(&face.node, Vec::new())
    }
}

/// Why the first output of what gave way shows nothing.
fn open(face: &Face) -> Error {
    match face.outputs.first() {
        Some((_, Origin::Circle)) => {
            Error::usage("the wires run in a circle").help("cut one of the wires of the circle")
        }
        Some((name, Origin::Nowhere)) => {
            Error::usage(format!("its output “{name}” stands for nothing inside"))
                .help("enter the sub-graph and say what it stands for")
        }
        Some((name, Origin::At(from))) => Error::usage(format!(
            "its output “{name}” stands for {}.{}, which is not there",
            from.node.place(),
            from.port
        ))
        .help("enter the sub-graph and say what it stands for"),
        Some((_, Origin::Open)) | None => crate::tool::open_input(crate::document::REROUTE_IN),
    }
}

/// Advice on a node inside, as it is told at the instance: what is promoted can be fixed there.
fn told(described: &DescribedGraph, face: &NodeId, id: &NodeId, advice: &Advice) -> Advice {
    let fix: Option<Vec<_>> = advice
        .fix
        .iter()
        .map(|(param, value)| Some((described.promoted(face, id, param)?, value.clone())))
        .collect();
    Advice {
        what: format!("Inside {}: {}", within(face, id), advice.what),
        fix: fix.unwrap_or_default(),
        ..advice.clone()
    }
}

impl DescribedGraph {
    /// The name that a parameter of a node inside of `face` has there, if it is promoted all the way.
    pub(crate) fn promoted(&self, face: &NodeId, id: &NodeId, param: &str) -> Option<String> {
        self.climb(face, id, param, |interface| &interface.params)
    }

    /// The name of the port of `face` that feeds port `port` of a node inside.
    pub(crate) fn fed_by(&self, face: &NodeId, id: &NodeId, port: &str) -> Option<String> {
        self.climb(face, id, port, |interface| &interface.inputs)
    }

    fn climb(
        &self,
        face: &NodeId,
        id: &NodeId,
        name: &str,
        list: impl Fn(&Interface) -> &Vec<Socket>,
    ) -> Option<String> {
        let (mut id, mut name) = (id.clone(), name.to_owned());
        while id != *face {
            let (parent, node) = id.parent()?;
            let (_, definition) = self.graph.definition_of(&parent)?;
            let stands = |s: &&Socket| s.places.iter().any(|p| p.node == node && *p.port == *name);
            name = list(&definition.interface).iter().find(stands)?.name.to_string();
            id = parent;
        }
        Some(name)
    }

    /// The edit that gives a parameter a value: at the outermost instance where it is promoted as far, else inside.
    pub(crate) fn edit_of(&self, id: &NodeId, param: &str, value: Value) -> Edit {
        let outer = id.outer();
        if let Some(param) = self.promoted(&outer, id, param) {
            return Edit::Set { node: outer, param, value };
        }
        let set = |node| Edit::Set { node, param: param.to_owned(), value };
        match self.graph.defined(id) {
            Some((graph, node)) => Edit::Inside { graph, edit: Box::new(set(node)) },
            None => set(id.clone()),
        }
    }

    /// The nodes that somebody works on who works on `id`: of an instance those whose parameters it has.
    pub(crate) fn worked_on(&self, id: &NodeId) -> Vec<NodeId> {
        let mut nodes = vec![id.clone()];
        let mut open = vec![id.clone()];
        while let Some(id) = open.pop() {
            let Some((_, definition)) = self.graph.definition_of(&id) else { continue };
            let places = definition.interface.params.iter().flat_map(|s| &s.places);
            let inner: Vec<NodeId> =
                places.map(|p| id.inside(&p.node)).filter(|n| !nodes.contains(n)).collect();
            nodes.extend(inner.iter().cloned());
            open.extend(inner);
        }
        nodes
    }
}
