//! One node of a described graph, or a conversion between two.

use super::ParamSet;
use super::wires::Wires;
use crate::document::{Graph, Node, NodeId};
use crate::lint::Advice;
use crate::tool::{Class, DescribeCx, DynTool, Errand, FileEntry, Files, Host, Input, Registry};
use crate::{Desc, Error, ErrorKind, Rate, Result, ValueType};
use serde_json::{Map, Value};
use std::any::Any;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where an input comes from: an output of another slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    pub(crate) slot: usize,
    pub(crate) output: usize,
}

/// A node in its place in one described graph.
pub struct Slot {
    /// The node; for a conversion the node that it serves.
    pub id: NodeId,
    /// What is known of it.
    pub state: Arc<SlotState>,
    pub(crate) sources: Vec<Source>,
    pub(crate) param_sources: Vec<usize>,
    pub(crate) hidden: bool,
    /// Of an instance or a reroute that gave way: where the value of each output comes from.
    pub(crate) face: Option<Vec<Option<Source>>>,
    wiring: Vec<(Arc<str>, u64, usize)>,
    /// A wire into it was refused, or comes from something that is wrong: its state is no guide to another wiring.
    pub(super) ill_wired: bool,
}

/// What is known of a node: shared between versions of the graph while nothing of it, nor of what lies before it,
/// changes.
pub struct SlotState {
    /// No other state has it: what has the same stamp has the same frames.
    pub(crate) stamp: u64,
    known: Arc<Known>,
}

impl SlotState {
    /// Whether the same is known under both stamps.
    pub(super) fn is_known_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.known, &other.known)
    }
}

impl std::ops::Deref for SlotState {
    type Target = Known;

    fn deref(&self) -> &Known {
        &self.known
    }
}

/// What describing a node gave: shared while the node and what its wires carry stay the same, whatever changed before it.
pub struct Known {
    /// The node as it is evaluated: with what an instance around it gives to its parameters.
    pub node: Arc<Node>,
    /// Its tool, if this program has it.
    pub tool: Option<Arc<dyn DynTool>>,
    /// The wired inputs in the order of the ports.
    pub inputs: Vec<Input>,
    /// What it outputs, or what is wrong with it.
    pub outcome: Result<Outcome>,
    /// The error is not its own: something before it is wrong.
    pub inherited: bool,
    /// Advice on its use.
    pub advice: Vec<Advice>,
    pub(crate) found: Vec<(String, FileEntry)>,
    pub(super) listed: Vec<(String, Vec<String>)>,
    /// The kinds of all nodes before it.
    pub(crate) lineage: Lineage,
    /// The names of its outputs, where no tool says them.
    pub(super) ports: Vec<Arc<str>>,
    /// The sub-graphs that an instance was described by.
    pub(super) definitions: Option<Arc<BTreeMap<NodeId, Arc<Graph>>>>,
}

/// The kinds of nodes that lie before a node.
pub(crate) type Lineage = Arc<BTreeSet<&'static str>>;

/// A described node.
pub struct Outcome {
    /// One description an output port.
    pub outputs: Vec<Desc>,
    /// What a person should know.
    pub words: Vec<String>,
    /// How its engine works.
    pub class: Class,
    /// Plays the chosen take instead of its own tool.
    pub take: bool,
    /// Its own tool runs a job that makes a take, whether a take plays now or not.
    pub runs: bool,
    pub(crate) facts: Option<Arc<dyn Any + Send + Sync>>,
    pub(crate) params: ParamSet,
    /// The node's own parameters, where a take plays in its place.
    pub(crate) own: Option<ParamSet>,
    /// What its job costs in US dollars, where it has a price.
    pub price_usd: Option<f64>,
    /// What its job asks of somebody else's machine.
    pub errand: Option<Errand>,
    /// Flags of what changes its words once it is found out.
    pub(super) awaited: Vec<Arc<AtomicBool>>,
    /// Passes this input through, as it is bypassed.
    pub(crate) bypass: Option<Vec<Option<usize>>>,
}

impl Outcome {
    /// The rate that keyframes and expressions of this node count in.
    pub(crate) fn rate(&self) -> Option<Rate> {
        self.outputs.iter().find_map(|d| d.frames()).and_then(|d| d.rate)
    }

    /// The length that expressions of this node see.
    pub(crate) fn frames(&self) -> u64 {
        self.outputs.iter().find_map(|d| d.frames()).map_or(1, |d| d.frames)
    }
}

/// What a node is described against.
pub(super) struct Surroundings<'a> {
    pub(super) registry: &'a Registry,
    pub(super) host: &'a dyn Host,
    pub(super) files: &'a dyn Files,
}

impl Slot {
    pub(super) fn new(id: NodeId, state: Arc<SlotState>, wires: Wires, hidden: bool) -> Self {
        let Wires { sources, param_sources, wiring, failed, .. } = wires;
        Self { id, state, sources, param_sources, hidden, face: None, wiring, ill_wired: failed.is_some() }
    }

    /// The slot of an instance or a reroute that gave way.
    pub(super) fn face(id: NodeId, known: Known, ends: Vec<Option<Source>>) -> Self {
        Self {
            id,
            state: Arc::new(SlotState { stamp: 0, known: Arc::new(known) }),
            sources: Vec::new(),
            param_sources: Vec::new(),
            hidden: false,
            face: Some(ends),
            wiring: Vec::new(),
            ill_wired: false,
        }
    }

    /// The slot under another stamp, with the stamps of what lies before it exchanged.
    pub(super) fn stamped(&self, stamp: u64, exchanged: &[(u64, u64)]) -> Self {
        let now = |old: u64| exchanged.iter().find(|(was, _)| *was == old).map_or(old, |(_, is)| *is);
        Self {
            id: self.id.clone(),
            state: Arc::new(SlotState { stamp, known: Arc::clone(&self.state.known) }),
            sources: self.sources.clone(),
            param_sources: self.param_sources.clone(),
            hidden: self.hidden,
            face: None,
            wiring: self
                .wiring
                .iter()
                .map(|(port, old, output)| (port.clone(), now(*old), *output))
                .collect(),
            ill_wired: self.ill_wired,
        }
    }

    /// Whether it makes its values itself: it is no conversion, and nothing else stands in its place.
    pub(crate) fn works(&self) -> bool {
        !self.hidden && self.face.is_none()
    }

    /// Whether wires carry what they carried when the node was described, though what lies before them may have changed.
    fn is_told_the_same(&self, wires: &Wires) -> bool {
        let ends = self.wiring.iter().zip(&wires.wiring);
        self.wiring.len() == wires.wiring.len()
            && ends.into_iter().all(|((port, _, output), (now, _, from))| (port, output) == (now, from))
            // What drives a parameter is a part of what is known.
            && wires.wired_params.is_empty()
            && self.state.inputs == wires.inputs
            && *self.state.lineage == wires.lineage
    }

    /// The slots that feed this one.
    pub(super) fn before(&self) -> impl Iterator<Item = usize> + '_ {
        self.sources.iter().map(|s| s.slot).chain(self.param_sources.iter().copied())
    }
}

/// The old state where nothing of it changed; else what is known, old or new, under the next stamp.
pub(super) fn reuse_or(
    old: Option<&Slot>,
    node: Option<&Arc<Node>>,
    wires: &Wires,
    stamps: &mut u64,
    fresh: impl FnOnce() -> Known,
) -> Arc<SlotState> {
    let own = |old: &&Slot| {
        node.is_none_or(|node| Arc::ptr_eq(node, &old.state.node)) && wires.failed.is_none() && !old.ill_wired
    };
    let old = old.filter(own);
    if let Some(old) = old.filter(|old| old.wiring == wires.wiring) {
        return Arc::clone(&old.state);
    }
    *stamps += 1;
    let known = match old.filter(|old| old.is_told_the_same(wires)) {
        Some(old) => Arc::clone(&old.state.known),
        None => Arc::new(fresh()),
    };
    Arc::new(SlotState { stamp: *stamps, known })
}

impl Known {
    /// The node's kind.
    pub fn kind(&self) -> &str {
        &self.node.kind
    }

    /// The names of its outputs, in their order.
    pub fn output_names(&self) -> Vec<&str> {
        match &self.tool {
            Some(tool) => tool.spec().outputs.iter().map(|p| p.name).collect(),
            None => self.ports.iter().map(|p| &**p).collect(),
        }
    }

    /// The place of the output called `name`.
    pub fn find_output(&self, name: &str) -> Option<usize> {
        match &self.tool {
            Some(tool) => tool.spec().find_output(name).map(|(at, _)| at),
            None => self.ports.iter().position(|p| **p == *name),
        }
    }

    /// Flags of what changes its words once it is found out.
    pub(super) fn awaited(&self) -> &[Arc<AtomicBool>] {
        self.outcome.as_ref().map(|outcome| outcome.awaited.as_slice()).unwrap_or_default()
    }

    /// Whether more will be told of it once something is found out.
    pub fn is_waiting(&self) -> bool {
        !self.awaited().is_empty()
    }

    pub(super) fn is_of(&self, definitions: &Arc<BTreeMap<NodeId, Arc<Graph>>>) -> bool {
        self.definitions.as_ref().is_some_and(|own| Arc::ptr_eq(own, definitions))
    }

    pub(super) fn failed(
        node: &Arc<Node>,
        tool: Option<Arc<dyn DynTool>>,
        inputs: Vec<Input>,
        error: Error,
        inherited: bool,
    ) -> Self {
        Self { tool, outcome: Err(error), inherited, ..Self::bare(node, inputs) }
    }

    /// A node of which nothing is known.
    pub(super) fn bare(node: &Arc<Node>, inputs: Vec<Input>) -> Self {
        Self {
            node: node.clone(),
            tool: None,
            inputs,
            outcome: Err(Error::usage("it has not been described")),
            inherited: false,
            advice: Vec::new(),
            found: Vec::new(),
            listed: Vec::new(),
            lineage: Arc::default(),
            ports: Vec::new(),
            definitions: None,
        }
    }

    /// Describes a node.
    pub(super) fn describe(around: &Surroundings<'_>, node: &Arc<Node>, wires: &Wires) -> Self {
        let tool = match around.registry.get(&node.kind) {
            Ok(tool) => tool,
            Err(e) => return Self::failed(node, None, Vec::new(), e, false),
        };
        match &wires.failed {
            Some((error, inherited)) => {
                let inputs = wires.inputs.clone();
                Self::failed(node, Some(tool.clone()), inputs, error.clone(), *inherited)
            }
            None => Self::of_tool(around, tool, node, wires),
        }
    }

    /// Describes a conversion.
    pub(super) fn conversion(around: &Surroundings<'_>, tool: &Arc<dyn DynTool>, wires: &Wires) -> Self {
        let spec = tool.spec();
        let node = Node { kind: spec.kind.into(), version: spec.version, ..Node::default() };
        Self::of_tool(around, tool, &Arc::new(node), wires)
    }

    fn of_tool(around: &Surroundings<'_>, tool: &Arc<dyn DynTool>, node: &Arc<Node>, wires: &Wires) -> Self {
        let (tool_of, inputs) = (Some(tool.clone()), wires.inputs.clone());
        match describe(around, tool, node, wires) {
            Ok((outcome, advice, looked)) => Self {
                node: node.clone(),
                tool: tool_of,
                inputs,
                outcome: Ok(outcome),
                inherited: false,
                advice,
                found: looked.found,
                listed: looked.listed,
                lineage: Arc::new(wires.lineage.clone()),
                ports: Vec::new(),
                definitions: None,
            },
            Err((error, looked)) => Self {
                found: looked.found,
                listed: looked.listed,
                ..Self::failed(node, tool_of, inputs, error, false)
            },
        }
    }

    /// Whether a file that it named is another now, or may be there now, or what it waited for has been found out.
    pub(super) fn is_outdated(&self, files: &dyn Files) -> bool {
        self.awaited().iter().any(|found| found.load(Ordering::Acquire))
            || self.outcome.as_ref().is_err_and(|e| e.kind() != ErrorKind::Usage)
            || self.found.iter().any(|(name, entry)| files.find(name).as_ref() != Ok(entry))
            || self.listed.iter().any(|(folder, names)| files.list(folder).as_ref() != Ok(names))
    }
}

/// The files and folders that a tool looked up while it was described.
#[derive(Clone, Default)]
struct Looked {
    found: Vec<(String, FileEntry)>,
    listed: Vec<(String, Vec<String>)>,
}

type Failed = (Error, Looked);

fn describe(
    around: &Surroundings<'_>,
    tool: &Arc<dyn DynTool>,
    node: &Node,
    wires: &Wires,
) -> Result<(Outcome, Vec<Advice>, Looked), Failed> {
    let early = |e: Error| (e, Looked::default());
    let spec = tool.spec();
    let given = present_params(tool, node).map_err(early)?;
    let own = given.clone();
    let (player, given) = match (node.take.as_str(), around.registry.take_player()) {
        ("", _) | (_, None) => (None, given),
        (take, Some(player)) => {
            let mut params = Map::new();
            params.insert("path".into(), Value::String(format!("take:{take}")));
            (Some(player), params)
        }
    };
    let acting = player.unwrap_or(tool);
    let wired = if player.is_some() { &[] } else { wires.wired_params.as_slice() };
    let params = ParamSet::new(acting, &given, wired).map_err(early)?;
    // A take plays whatever the node's own parameters are.
    let own = player.and_then(|_| ParamSet::new(tool, &own, &wires.wired_params).ok());
    if let Some(bypass) = node.bypass.then(|| bypassed(tool, &wires.inputs)) {
        let outputs = bypass.iter().map(|i| i.and_then(|i| wires.inputs.get(i)).map(|i| i.desc.clone()));
        let Some(outputs) = outputs.collect::<Option<Vec<_>>>() else {
            return Err(early(
                Error::usage("it is bypassed and has nothing to pass through")
                    .help("wire an input of the same type as its output, or switch bypass off"),
            ));
        };
        let outcome = Outcome {
            outputs,
            words: Vec::new(),
            class: Class::Frames,
            take: false,
            runs: false,
            facts: None,
            params,
            own,
            price_usd: None,
            errand: None,
            awaited: Vec::new(),
            bypass: Some(bypass),
        };
        return Ok((outcome, Vec::new(), Looked::default()));
    }
    if player.is_none() {
        let wired = |p: &&crate::tool::Port| wires.inputs.iter().any(|i| p.answers_to(&i.port));
        if let Some(open) = spec.inputs.iter().filter(|p| p.required).find(|p| !wired(p)) {
            return Err(early(crate::tool::open_input(open.name)));
        }
    }
    let cx = DescribeCx {
        spec: acting.spec(),
        inputs: &wires.inputs,
        host: around.host,
        files: around.files,
        params: &params,
        found: RefCell::default(),
        listed: RefCell::default(),
        lineage: &wires.lineage,
    };
    let described = params.at(0, None, 0).and_then(|resolved| {
        let described = acting.describe(&resolved.typed, &cx)?;
        for desc in described.outputs.iter().filter_map(Desc::frames) {
            desc.check_size()?;
        }
        let class = if player.is_some() { Class::Frames } else { acting.class(&resolved.typed) };
        let advice = if player.is_some() { Vec::new() } else { acting.lint(&resolved.typed, &cx) };
        Ok((described, class, advice))
    });
    let looked = Looked { found: cx.found.into_inner(), listed: cx.listed.into_inner() };
    let (described, class, advice) = described.map_err(|e| (e, looked.clone()))?;
    params.forget();
    let own_class = match (player, &own) {
        (None, _) => Some(class),
        (Some(_), own) => {
            own.as_ref().and_then(|own| own.at(0, None, 0).ok()).map(|params| tool.class(&params.typed))
        }
    };
    let outcome = Outcome {
        outputs: described.outputs,
        words: described.words,
        class,
        take: player.is_some(),
        runs: own_class == Some(Class::Job) && !spec.delivers,
        facts: described.facts,
        params,
        own,
        price_usd: described.price_usd,
        errand: described.errand,
        awaited: described.awaited,
        bypass: None,
    };
    Ok((outcome, advice, looked))
}

/// The node's parameters in the form of the tool's present version.
fn present_params(tool: &Arc<dyn DynTool>, node: &Node) -> Result<Map<String, Value>> {
    let spec = tool.spec();
    let params: Map<String, Value> = node.params.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
    match node.version.cmp(&spec.version) {
        std::cmp::Ordering::Equal => Ok(params),
        std::cmp::Ordering::Less => tool.migrate(node.version, params),
        std::cmp::Ordering::Greater => Err(Error::usage(format!(
            "{} is of version {}, this program knows {}",
            spec.kind, node.version, spec.version
        ))
        .help("open the graph with a newer Rushes")),
    }
}

/// For each output the first input of the same type.
fn bypassed(tool: &Arc<dyn DynTool>, inputs: &[Input]) -> Vec<Option<usize>> {
    let first = |v: ValueType| inputs.iter().position(|i| i.desc.value_type() == v);
    tool.spec().outputs.iter().map(|o| first(o.value)).collect()
}
