//! One node of a described graph, or a conversion between two.

use super::{DescribedGraph, ParamSet};
use crate::document::{Node, NodeId};
use crate::lint::Advice;
use crate::tool::{Class, Conversion, DescribeCx, DynTool, FileEntry, Files, Host, Input, Registry};
use crate::{Desc, Error, ErrorKind, Rate, Result, ValueType};
use serde_json::{Map, Value};
use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

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
    wiring: Vec<(Arc<str>, u64, usize)>,
}

/// What is known of a node: shared between versions of the graph while nothing of it changes.
pub struct SlotState {
    pub(crate) stamp: u64,
    pub(crate) node: Arc<Node>,
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
    listed: Vec<(String, Vec<String>)>,
    /// The kinds of all nodes before it.
    pub(crate) lineage: Lineage,
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
    pub(crate) facts: Option<Arc<dyn Any + Send + Sync>>,
    pub(crate) params: ParamSet,
    /// The node's own parameters, where a take plays in its place.
    pub(crate) own: Option<ParamSet>,
    /// What its job costs in US dollars, where it has a price.
    pub price_usd: Option<f64>,
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

/// The wires into a node, followed to their descriptions.
pub(super) struct Wires {
    inputs: Vec<Input>,
    sources: Vec<Source>,
    wired_params: Vec<(usize, Desc)>,
    param_sources: Vec<usize>,
    wiring: Vec<(Arc<str>, u64, usize)>,
    failed: Option<(Error, bool)>,
    lineage: BTreeSet<&'static str>,
}

impl Wires {
    fn none() -> Self {
        Self {
            inputs: Vec::new(),
            sources: Vec::new(),
            wired_params: Vec::new(),
            param_sources: Vec::new(),
            wiring: Vec::new(),
            failed: None,
            lineage: BTreeSet::new(),
        }
    }

    /// Adds a slot, and all before it, to what lies before the node.
    fn descend(&mut self, described: &DescribedGraph, slot: usize) {
        if let Some(state) = described.slots.get(slot).map(|s| &s.state) {
            self.lineage.extend(state.lineage.iter());
            self.lineage.extend(state.tool.as_ref().map(|t| t.spec().kind));
        }
    }

    /// The single wire into a conversion.
    pub(super) fn conversion(described: &DescribedGraph, source: Source) -> Self {
        let mut wires = Self::none();
        if let Some((desc, stamp)) = source_desc(described, source) {
            let port: Arc<str> = desc.value_type().word().into();
            wires.wiring.push((port.clone(), stamp, source.output));
            wires.inputs.push(Input { port, desc });
            wires.sources.push(source);
            wires.descend(described, source.slot);
        }
        wires
    }
}

fn source_desc(described: &DescribedGraph, source: Source) -> Option<(Desc, u64)> {
    let state = &described.slots.get(source.slot)?.state;
    let desc = state.outcome.as_ref().ok()?.outputs.get(source.output)?;
    Some((desc.clone(), state.stamp))
}

impl Slot {
    pub(super) fn new(id: NodeId, state: Arc<SlotState>, wires: Wires, hidden: bool) -> Self {
        let Wires { sources, param_sources, wiring, .. } = wires;
        Self { id, state, sources, param_sources, hidden, wiring }
    }

    /// The slots that feed this one.
    pub(super) fn before(&self) -> impl Iterator<Item = usize> + '_ {
        self.sources.iter().map(|s| s.slot).chain(self.param_sources.iter().copied())
    }
}

/// The old state where nothing of it changed, or a new one.
pub(super) fn reuse_or(
    old: Option<&Slot>,
    node: Option<&Arc<Node>>,
    wires: &Wires,
    fresh: impl FnOnce() -> SlotState,
) -> Arc<SlotState> {
    let same = |old: &&Slot| {
        node.is_none_or(|node| Arc::ptr_eq(node, &old.state.node))
            && old.wiring == wires.wiring
            && wires.failed.is_none()
            && !old.state.inherited
    };
    old.filter(same).map_or_else(|| Arc::new(fresh()), |old| old.state.clone())
}

/// Makes the hidden slot of a conversion and says where it is.
type Convert<'a> = dyn FnMut(&mut DescribedGraph, &Conversion, Source, &Arc<str>) -> usize + 'a;

/// Follows the wires into `node`.
pub(super) fn gather(
    around: &Surroundings<'_>,
    described: &mut DescribedGraph,
    id: &NodeId,
    node: &Node,
    looped: bool,
    convert: &mut Convert<'_>,
) -> Wires {
    let mut wires = Wires::none();
    if looped {
        let error = Error::usage("the wires run in a circle").help("cut one of the wires of the circle");
        wires.failed = Some((error, false));
        return wires;
    }
    let Ok(tool) = around.registry.get(&node.kind) else { return wires };
    if node.mute {
        return wires;
    }
    let graph = described.graph.clone();
    let mut found = Vec::new();
    for (to, link) in graph.links_into(id) {
        if described.graph.nodes.get(&link.from.node).is_some_and(|n| n.mute) {
            continue;
        }
        if let Err((error, inherited)) =
            follow(around, described, tool, to.port.clone(), &link.from, convert, &mut found)
        {
            // An error of the node's own is the more useful one to show.
            if wires.failed.as_ref().is_none_or(|(_, old)| *old && !inherited) {
                wires.failed = Some((if inherited { error } else { error.at(&*to.port) }, inherited));
            }
        }
    }
    let place = |port: &str| {
        let spec = tool.spec();
        let at = spec.inputs.iter().position(|p| p.answers_to(port)).unwrap_or(usize::MAX);
        let number = port.trim_start_matches(|c: char| !c.is_ascii_digit()).parse::<u32>().unwrap_or(0);
        (at, number)
    };
    found.sort_by_key(|f: &Found| place(&f.port));
    for f in found {
        wires.wiring.push((f.port.clone(), f.stamp, f.source.output));
        wires.descend(described, f.source.slot);
        match f.param {
            Some(param) => {
                wires.wired_params.push((param, f.desc));
                wires.param_sources.push(f.source.slot);
            }
            None => {
                wires.inputs.push(Input { port: f.port, desc: f.desc });
                wires.sources.push(f.source);
            }
        }
    }
    wires
}

struct Found {
    port: Arc<str>,
    param: Option<usize>,
    desc: Desc,
    source: Source,
    stamp: u64,
}

/// Follows one wire; the flag of an error says that it is something before the node that is wrong.
fn follow(
    around: &Surroundings<'_>,
    described: &mut DescribedGraph,
    tool: &Arc<dyn DynTool>,
    port: Arc<str>,
    from: &crate::document::PortRef,
    convert: &mut Convert<'_>,
    found: &mut Vec<Found>,
) -> Result<(), (Error, bool)> {
    let own = |e: Error| (e, false);
    let Some(&slot) = described.index.get(&from.node) else {
        return Err(own(Error::usage(format!("the wire comes from “{}”, which is not there", from.node))
            .help("connect it again")));
    };
    let Some(state) = described.slots.get(slot).map(|s| s.state.clone()) else { return Ok(()) };
    let waiting = || match &state.outcome {
        Err(cause) => (cause.clone().at(&from.node), true),
        Ok(_) => (Error::usage(format!("{} outputs nothing there", from.node)), true),
    };
    let Some(source_tool) = &state.tool else { return Err(waiting()) };
    let Some((output, _)) = source_tool.spec().find_output(&from.port) else {
        let names: Vec<_> = source_tool.spec().outputs.iter().map(|p| p.name).collect();
        return Err(own(Error::usage(format!("{} has no output “{}”", from.node, from.port))
            .help(format!("it has {}", names.join(", ")))));
    };
    let Ok(outcome) = &state.outcome else { return Err(waiting()) };
    let Some(desc) = outcome.outputs.get(output).cloned() else { return Err(waiting()) };
    let source = Source { slot, output };
    let have = desc.value_type();
    if let Some(input) = tool.spec().find_input(&port) {
        if input.value == have {
            found.push(Found { port, param: None, desc, source, stamp: state.stamp });
            return Ok(());
        }
        let Some(conversion) = around.registry.conversion(have, input.value) else {
            return Err(own(refused(tool, &port, input.value, have)));
        };
        let at = convert(described, conversion, source, &port);
        let source = Source { slot: at, output: 0 };
        return match (source_desc(described, source), described.slots.get(at).map(|s| &s.state.outcome)) {
            (Some((desc, stamp)), _) => {
                found.push(Found { port, param: None, desc, source, stamp });
                Ok(())
            }
            (None, Some(Err(e))) => Err(own(e.clone())),
            (None, _) => Err(waiting()),
        };
    }
    let Some(param) = tool.params().iter().position(|p| *p.name == *port) else {
        let names: Vec<_> = tool.spec().inputs.iter().map(|p| p.name).collect();
        return Err(own(Error::usage(format!("{} has no input “{port}”", tool.spec().kind))
            .help(format!("it has {}", names.join(", ")))));
    };
    if !tool.params().get(param).is_some_and(|p| p.takes(have)) {
        return Err(own(refused(tool, &port, ValueType::Number, have)));
    }
    found.push(Found { port, param: Some(param), desc, source, stamp: state.stamp });
    Ok(())
}

fn refused(tool: &Arc<dyn DynTool>, port: &str, wants: ValueType, have: ValueType) -> Error {
    let fitting: Vec<_> = tool.spec().inputs.iter().filter(|p| p.value == have).map(|p| p.name).collect();
    Error::usage(format!("{port} takes a {wants}, this is a {have}")).help(match fitting.as_slice() {
        [] => format!("{} takes no {have}; put a tool between that makes a {wants}", tool.spec().label),
        ports => format!("a {have} fits {}", ports.join(", ")),
    })
}

impl SlotState {
    fn failed(
        node: &Arc<Node>,
        tool: Option<Arc<dyn DynTool>>,
        inputs: Vec<Input>,
        stamp: u64,
        error: Error,
        inherited: bool,
    ) -> Self {
        Self {
            stamp,
            node: node.clone(),
            tool,
            inputs,
            outcome: Err(error),
            inherited,
            advice: Vec::new(),
            found: Vec::new(),
            listed: Vec::new(),
            lineage: Arc::default(),
        }
    }

    /// Describes a node.
    pub(super) fn describe(around: &Surroundings<'_>, node: &Arc<Node>, wires: &Wires, stamp: u64) -> Self {
        let tool = match around.registry.get(&node.kind) {
            Ok(tool) => tool.clone(),
            Err(e) => return Self::failed(node, None, Vec::new(), stamp, e, false),
        };
        let inputs = wires.inputs.clone();
        if let Some((error, inherited)) = &wires.failed {
            return Self::failed(node, Some(tool), inputs, stamp, error.clone(), *inherited);
        }
        match describe(around, &tool, node, wires) {
            Ok((outcome, advice, looked)) => Self {
                stamp,
                node: node.clone(),
                tool: Some(tool),
                inputs,
                outcome: Ok(outcome),
                inherited: false,
                advice,
                found: looked.found,
                listed: looked.listed,
                lineage: Arc::new(wires.lineage.clone()),
            },
            Err((error, looked)) => Self {
                found: looked.found,
                listed: looked.listed,
                ..Self::failed(node, Some(tool), inputs, stamp, error, false)
            },
        }
    }

    /// Describes a conversion.
    pub(super) fn conversion(
        around: &Surroundings<'_>,
        tool: &Arc<dyn DynTool>,
        wires: &Wires,
        stamp: u64,
    ) -> Self {
        let node =
            Arc::new(Node { kind: tool.spec().kind.into(), version: tool.spec().version, ..Node::default() });
        match describe(around, tool, &node, wires) {
            Ok((outcome, advice, looked)) => Self {
                stamp,
                node,
                tool: Some(tool.clone()),
                inputs: wires.inputs.clone(),
                outcome: Ok(outcome),
                inherited: false,
                advice,
                found: looked.found,
                listed: looked.listed,
                lineage: Arc::new(wires.lineage.clone()),
            },
            Err((error, _)) => {
                Self::failed(&node, Some(tool.clone()), wires.inputs.clone(), stamp, error, false)
            }
        }
    }

    /// Whether a file that it named is another now, or may be there now.
    pub(super) fn files_changed(&self, files: &dyn Files) -> bool {
        self.outcome.as_ref().is_err_and(|e| e.kind() != ErrorKind::Usage)
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
            facts: None,
            params,
            own,
            price_usd: None,
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
    let outcome = Outcome {
        outputs: described.outputs,
        words: described.words,
        class,
        take: player.is_some(),
        facts: described.facts,
        params,
        own,
        price_usd: described.price_usd,
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
