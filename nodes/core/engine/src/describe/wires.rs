//! The wires into a node, followed to what they carry.

use super::DescribedGraph;
use super::slot::{Source, Surroundings};
use crate::document::{Node, NodeId, Origin, PortRef};
use crate::tool::{Conversion, DynTool, Input};
use crate::{Desc, Error, Result, ValueType};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The wires into a node, followed to their descriptions.
pub(super) struct Wires {
    pub(super) inputs: Vec<Input>,
    pub(super) sources: Vec<Source>,
    pub(super) wired_params: Vec<(usize, Desc)>,
    pub(super) param_sources: Vec<usize>,
    pub(super) wiring: Vec<(Arc<str>, u64, usize)>,
    pub(super) failed: Option<(Error, bool)>,
    pub(super) lineage: BTreeSet<&'static str>,
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
    let graph = described.flat.graph.clone();
    let mut found = Vec::new();
    for (to, link) in graph.links_into(id) {
        if graph.nodes.get(&link.from.node).is_some_and(|n| n.mute) {
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
    from: &PortRef,
    convert: &mut Convert<'_>,
    found: &mut Vec<Found>,
) -> Result<(), (Error, bool)> {
    let own = |e: Error| (e, false);
    let (source, desc, stamp) = sent(described, from)?;
    let have = desc.value_type();
    if let Some(input) = tool.spec().find_input(&port) {
        if input.value == have {
            found.push(Found { port, param: None, desc, source, stamp });
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
            (None, _) => Err((Error::usage(format!("{} outputs nothing there", from.node)), true)),
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
    found.push(Found { port, param: Some(param), desc, source, stamp });
    Ok(())
}

/// What comes from the sending end of a wire; the flag of an error says that it is something before it that is wrong.
fn sent(described: &DescribedGraph, from: &PortRef) -> Result<(Source, Desc, u64), (Error, bool)> {
    let place = || from.node.place();
    let Some(&slot) = described.index.get(&from.node) else {
        return Err((not_there(described, from), false));
    };
    let nothing = || (Error::usage(format!("{} outputs nothing there", place())), true);
    let state = &described.slots.get(slot).ok_or_else(nothing)?.state;
    let waiting = || match &state.outcome {
        Err(cause) => (cause.clone().at(place()), true),
        Ok(_) => nothing(),
    };
    // What is of an unknown kind has outputs that nobody knows.
    if state.tool.is_none() && state.outcome.is_err() {
        return Err(waiting());
    }
    let Some(output) = state.find_output(&from.port) else {
        return Err((
            Error::usage(format!("{} has no output “{}”", place(), from.port))
                .help(format!("it has {}", state.output_names().join(", "))),
            false,
        ));
    };
    let outcome = state.outcome.as_ref().map_err(|_| waiting())?;
    let desc = outcome.outputs.get(output).cloned().ok_or_else(waiting)?;
    Ok((Source { slot, output }, desc, state.stamp))
}

/// Why there is nothing at the sending end of a wire.
fn not_there(described: &DescribedGraph, from: &PortRef) -> Error {
    let place = from.node.place();
    let Some(face) = described.flat.faces.iter().find(|face| face.id == from.node) else {
        return Error::usage(format!("the wire comes from “{place}”, which is not there"))
            .help("connect it again");
    };
    let names: Vec<&str> = face.outputs.iter().map(|(name, _)| &**name).collect();
    match face.outputs.iter().find(|(name, _)| *name == from.port) {
        Some((_, Origin::Circle)) => {
            Error::usage("the wires run in a circle").help("cut one of the wires of the circle")
        }
        Some(_) => Error::usage(format!("the output “{}” of {place} stands for nothing inside", from.port))
            .help("enter the sub-graph and say what it stands for"),
        None => Error::usage(format!("{place} has no output “{}”", from.port)).help(match names.as_slice() {
            [] => "it has none".to_owned(),
            names => format!("it has {}", names.join(", ")),
        }),
    }
}

/// The wires into an instance that stands as a node of its own, in the order of its inputs.
pub(super) fn standing(described: &DescribedGraph, id: &NodeId, looped: bool) -> Wires {
    let mut wires = Wires::none();
    if looped {
        let error = Error::usage("the wires run in a circle").help("cut one of the wires of the circle");
        wires.failed = Some((error, false));
        return wires;
    }
    let graph = &described.flat.graph;
    let order = |port: &str| {
        let definition = described.graph.definition_of(id);
        definition.and_then(|(_, d)| d.interface.inputs.iter().position(|s| *s.name == *port))
    };
    let mut found = Vec::new();
    for (to, link) in graph.links_into(id) {
        let muted = graph.nodes.get(&link.from.node).is_some_and(|n| n.mute);
        let Some(at) = order(&to.port).filter(|_| !muted) else { continue };
        match sent(described, &link.from) {
            Ok((source, desc, stamp)) => found.push((at, to.port.clone(), source, desc, stamp)),
            Err((error, inherited)) => wires.failed = Some((error, inherited)),
        }
    }
    found.sort_by_key(|(at, ..)| *at);
    for (_, port, source, desc, stamp) in found {
        wires.wiring.push((port.clone(), stamp, source.output));
        wires.descend(described, source.slot);
        wires.inputs.push(Input { port, desc });
        wires.sources.push(source);
    }
    wires
}

fn refused(tool: &Arc<dyn DynTool>, port: &str, wants: ValueType, have: ValueType) -> Error {
    let fitting: Vec<_> = tool.spec().inputs.iter().filter(|p| p.value == have).map(|p| p.name).collect();
    Error::usage(format!("{port} takes a {wants}, this is a {have}")).help(match fitting.as_slice() {
        [] => format!("{} takes no {have}; put a tool between that makes a {wants}", tool.spec().label),
        ports => format!("a {have} fits {}", ports.join(", ")),
    })
}
