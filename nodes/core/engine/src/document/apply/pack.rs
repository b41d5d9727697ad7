//! Making a sub-graph of nodes.

use super::{fresh_name, insert, place};
use crate::document::{Graph, Group, Link, Node, NodeId, PortRef, Socket, instance_kind};
use crate::{Error, Result};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The name of a sub-graph that nobody named.
const BASE: &str = "sub";

pub(super) fn pack(
    graph: &Graph,
    nodes: &[NodeId],
    name: Option<&NodeId>,
    node: Option<&NodeId>,
    outputs: &[PortRef],
) -> Result<Graph> {
    let name = match name {
        Some(name) if graph.graphs.contains_key(name) => {
            return Err(
                Error::usage(format!("there is a sub-graph “{name}” already")).help("choose another name")
            );
        }
        Some(name) => name.clone(),
        None => graph.fresh_graph_name(BASE),
    };
    let mut packing = Packing::new(graph, nodes, &name, node)?;
    packing.wires();
    packing.shown();
    for output in outputs {
        if !packing.chosen.contains(&output.node) {
            return Err(Error::usage(format!("{output} is no output of the chosen nodes")));
        }
        packing.output(output);
    }
    packing.groups();
    packing.finish(name)
}

struct Packing<'a> {
    graph: &'a Graph,
    chosen: BTreeSet<&'a NodeId>,
    instance: NodeId,
    inner: Graph,
    outer: Graph,
    inputs: Vec<Socket>,
    outputs: Vec<Socket>,
    params: Vec<Socket>,
}

impl<'a> Packing<'a> {
    fn new(graph: &'a Graph, nodes: &'a [NodeId], name: &NodeId, node: Option<&NodeId>) -> Result<Self> {
        let chosen: BTreeSet<&NodeId> = nodes.iter().collect();
        let (mut inner, mut outer) = (Graph::default(), graph.clone());
        let mut corner: Option<[f64; 2]> = None;
        for id in &chosen {
            let node = graph.node(id)?;
            inner.nodes.insert_mut((*id).clone(), Arc::clone(node));
            outer.nodes.remove_mut(*id);
            corner = Some(corner.map_or(node.at, |c| [c[0].min(node.at[0]), c[1].min(node.at[1])]));
        }
        let Some(corner) = corner else {
            return Err(
                Error::usage("no nodes were chosen").help("name the nodes that are to be a sub-graph")
            );
        };
        let instance = node.cloned().unwrap_or_else(|| outer.fresh_id(name.as_str()));
        let node = Node { kind: instance_kind(name), version: 1, at: place(corner)?, ..Node::default() };
        insert(&mut outer, instance.clone(), node)?;
        let (inputs, outputs, params) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { graph, chosen, instance, inner, outer, inputs, outputs, params })
    }

    /// Wires within stay as they are; those that cross go through a port.
    fn wires(&mut self) {
        let mut sources: Vec<PortRef> = Vec::new();
        for (to, link) in self.graph.links.iter() {
            match (self.chosen.contains(&link.from.node), self.chosen.contains(&to.node)) {
                (false, false) => {}
                (true, true) => {
                    self.inner.links.insert_mut(to.clone(), Arc::clone(link));
                    self.outer.links.remove_mut(to);
                }
                (false, true) => {
                    self.outer.links.remove_mut(to);
                    match sources.iter().position(|from| *from == link.from) {
                        Some(at) => {
                            if let Some(socket) = self.inputs.get_mut(at) {
                                socket.places.push(to.clone());
                            }
                        }
                        None => {
                            sources.push(link.from.clone());
                            let port = self.input(vec![to.clone()]);
                            self.outer.links.insert_mut(port, Arc::clone(link));
                        }
                    }
                }
                (true, false) => {
                    let from = self.output(&link.from);
                    let link = Link { from, unknown: link.unknown.clone() };
                    self.outer.links.insert_mut(to.clone(), Arc::new(link));
                }
            }
        }
    }

    /// What the graph itself shows of the nodes, where it is a sub-graph, it shows through the new one.
    fn shown(&mut self) {
        let shown = self.graph.interface.clone();
        if !shown.sockets().any(|s| s.places.iter().any(|p| self.chosen.contains(&p.node))) {
            return;
        }
        let mut outer = (*shown).clone();
        let split = |socket: &mut Socket, chosen: &BTreeSet<&NodeId>| -> Vec<PortRef> {
            let (taken, kept) =
                std::mem::take(&mut socket.places).into_iter().partition(|p| chosen.contains(&p.node));
            socket.places = kept;
            taken
        };
        for socket in &mut outer.inputs {
            let taken = split(socket, &self.chosen);
            if !taken.is_empty() {
                socket.places.push(self.input(taken));
            }
        }
        for socket in &mut outer.params {
            let taken = split(socket, &self.chosen);
            if let Some(first) = taken.first() {
                let name = self.free_input(&first.port);
                self.params.push(Socket { places: taken.clone(), ..Socket::of(name.clone(), first.clone()) });
                socket.places.push(PortRef::new(self.instance.clone(), name));
            }
        }
        for socket in &mut outer.outputs {
            for place in split(socket, &self.chosen) {
                socket.places.push(self.output(&place));
            }
        }
        self.outer.interface = Arc::new(outer);
    }

    /// A new input for `places`, as an end outside.
    fn input(&mut self, places: Vec<PortRef>) -> PortRef {
        let name = self.free_input(places.first().map_or("in", |p| &p.port));
        let socket = Socket {
            name: name.clone(),
            label: String::new(),
            value: None,
            places,
            unknown: serde_json::Map::new(),
        };
        self.inputs.push(socket);
        PortRef::new(self.instance.clone(), name)
    }

    /// The output for `place`, as an end outside.
    fn output(&mut self, place: &PortRef) -> PortRef {
        let known = self.outputs.iter().find(|s| s.places.first() == Some(place)).map(|s| s.name.clone());
        let name = known.unwrap_or_else(|| {
            let name = free(&place.port, self.outputs.iter());
            self.outputs.push(Socket::of(name.clone(), place.clone()));
            name
        });
        PortRef::new(self.instance.clone(), name)
    }

    fn free_input(&self, base: &str) -> Arc<str> {
        free(base, self.inputs.iter().chain(&self.params))
    }

    /// A group of chosen nodes goes with them; in others the instance takes their place.
    fn groups(&mut self) {
        let (mut inside, mut outside) = (Vec::new(), Vec::new());
        for group in self.graph.groups.iter() {
            let chosen = |id: &NodeId| self.chosen.contains(id);
            if !group.nodes.is_empty() && group.nodes.iter().all(chosen) {
                inside.push(group.clone());
                continue;
            }
            let mut nodes: Vec<NodeId> = group.nodes.iter().filter(|id| !chosen(id)).cloned().collect();
            if nodes.len() < group.nodes.len() {
                nodes.push(self.instance.clone());
            }
            outside.push(Group { nodes, ..group.clone() });
        }
        self.inner.groups = Arc::new(inside);
        if *self.outer.groups != outside {
            self.outer.groups = Arc::new(outside);
        }
    }

    fn finish(mut self, name: NodeId) -> Result<Graph> {
        let (inputs, outputs, params) = (self.inputs, self.outputs, self.params);
        let interface = crate::document::Interface { inputs, outputs, params };
        interface.check()?;
        self.inner.interface = Arc::new(interface);
        if let Some(cycle) = self.outer.cycles().into_iter().find(|cycle| cycle.contains(&self.instance)) {
            let others: Vec<&str> =
                cycle.iter().filter(|id| **id != self.instance).map(NodeId::as_str).take(6).collect();
            return Err(Error::usage(format!(
                "what leaves the chosen nodes comes back to them through {}",
                others.join(", ")
            ))
            .help("choose the nodes between as well"));
        }
        Arc::make_mut(&mut self.outer.graphs).insert(name, Arc::new(self.inner));
        Ok(self.outer)
    }
}

fn free<'a>(base: &str, taken: impl Iterator<Item = &'a Socket>) -> Arc<str> {
    let taken: Vec<Arc<str>> = taken.map(|s| s.name.clone()).collect();
    let name = fresh_name(None, base, taken.iter().map(|name| &**name));
    name.unwrap_or_else(|_| base.to_owned()).into()
}
