//! Putting the nodes of its sub-graph in the place of an instance.

use super::{fresh_id, fresh_name, insert, place};
use crate::document::{Graph, Group, Interface, Link, Node, NodeId, Note, PortRef, Socket, definition_name};
use crate::{Error, Result};
use std::collections::HashMap;
use std::sync::Arc;

pub(super) fn unpack(graph: &Graph, id: &NodeId) -> Result<Graph> {
    let node = graph.node(id)?;
    let Some(name) = definition_name(&node.kind) else {
        return Err(Error::usage("it is no instance of a sub-graph")
            .at(id)
            .help("name a node of kind graph/…"));
    };
    let definition = graph.definition(name).map_err(|e| e.at(id))?;
    if node.bypass || node.mute {
        return Err(Error::usage("it is bypassed or muted").at(id).help("switch that off first"));
    }
    let mut next = graph.clone();
    next.nodes.remove_mut(id);
    let names = move_in(&mut next, definition, node)?;
    give(&mut next, definition, &names, node).map_err(|e| e.at(id))?;
    wires(&mut next, graph, id, definition, &names);
    shown(&mut next, id, definition, &names);
    groups(&mut next, id, definition, &names)?;
    Ok(next)
}

/// The ids that the nodes of a sub-graph get outside.
type Names = HashMap<NodeId, NodeId>;

fn outside(names: &Names, place: &PortRef) -> Option<PortRef> {
    Some(PortRef::new(names.get(&place.node)?.clone(), Arc::clone(&place.port)))
}

/// Adds the nodes, notes and inner wires where the instance was.
fn move_in(next: &mut Graph, definition: &Graph, instance: &Node) -> Result<Names> {
    let corner = definition.nodes.values().map(|n| n.at).reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1])]);
    let corner = corner.unwrap_or_default();
    let shift = [instance.at[0] - corner[0], instance.at[1] - corner[1]];
    let moved = |at: [f64; 2]| place([at[0] + shift[0], at[1] + shift[1]]);
    let mut names = Names::new();
    for (id, node) in definition.nodes.iter() {
        let taken = |id: &NodeId| next.nodes.contains_key(id) || definition.nodes.contains_key(id);
        let new = if next.nodes.contains_key(id) { fresh_id(id.as_str(), 2, taken).0 } else { id.clone() };
        let mut node = Node::clone(node);
        node.at = moved(node.at)?;
        insert(next, new.clone(), node)?;
        names.insert(id.clone(), new);
    }
    for (to, link) in definition.links.iter() {
        if let (Some(to), Some(from)) = (outside(&names, to), outside(&names, &link.from)) {
            next.links.insert_mut(to, Arc::new(Link { from, unknown: link.unknown.clone() }));
        }
    }
    for note in definition.notes.iter() {
        let id = fresh_name(None, &note.id, next.notes.iter().map(|n| n.id.as_str()))?;
        let note = Note { id, at: moved(note.at)?, ..note.clone() };
        Arc::make_mut(&mut next.notes).push(note);
    }
    Ok(names)
}

/// Gives the values of the instance to the parameters inside.
fn give(next: &mut Graph, definition: &Graph, names: &Names, instance: &Node) -> Result<()> {
    for (param, value) in &instance.params {
        let Some(socket) = definition.interface.param(param) else {
            let param: String = param.chars().take(60).collect();
            return Err(
                Error::usage(format!("{} has no parameter “{param}”", instance.kind)).help("reset it")
            );
        };
        for end in socket.places.iter().filter_map(|p| outside(names, p)) {
            super::change(next, &end.node, |n| drop(n.params.insert(end.port.to_string(), value.clone())))?;
        }
    }
    Ok(())
}

/// Wires that end on the instance go on to where its ports lead, those that begin there to where they come from.
fn wires(next: &mut Graph, graph: &Graph, id: &NodeId, definition: &Graph, names: &Names) {
    for (to, link) in graph.links_into(id) {
        next.links.remove_mut(to);
        let socket = definition.interface.receiver(&to.port);
        for end in socket.into_iter().flat_map(|s| &s.places).filter_map(|p| outside(names, p)) {
            next.links.insert_mut(end, Arc::clone(link));
        }
    }
    for (to, link) in graph.links_from(id) {
        let place = definition.interface.output(&link.from.port).and_then(|s| s.places.first());
        match place.and_then(|p| outside(names, p)) {
            Some(from) => {
                let link = Link { from, unknown: link.unknown.clone() };
                next.links.insert_mut(to.clone(), Arc::new(link));
            }
            None => drop(next.links.remove_mut(to)),
        }
    }
}

/// What the graph itself shows of the instance it shows of the nodes.
fn shown(next: &mut Graph, id: &NodeId, definition: &Graph, names: &Names) {
    if !next.interface.sockets().any(|s| s.places.iter().any(|p| p.node == *id)) {
        return;
    }
    let Interface { inputs, outputs, params } = Arc::make_mut(&mut next.interface);
    let replace = |socket: &mut Socket, inner: &dyn Fn(&str) -> Option<Socket>| {
        let old = std::mem::take(&mut socket.places);
        socket.places = old
            .into_iter()
            .flat_map(|place| match place.node == *id {
                false => vec![place],
                true => {
                    let inner = inner(&place.port);
                    inner.into_iter().flat_map(|s| s.places).filter_map(|p| outside(names, &p)).collect()
                }
            })
            .collect();
    };
    let receiver = |name: &str| definition.interface.receiver(name).cloned();
    inputs.iter_mut().chain(params).for_each(|socket| replace(socket, &receiver));
    outputs.iter_mut().for_each(|socket| replace(socket, &|name| definition.interface.output(name).cloned()));
}

fn groups(next: &mut Graph, id: &NodeId, definition: &Graph, names: &Names) -> Result<()> {
    if next.groups.iter().any(|g| g.nodes.contains(id)) {
        let all: Vec<NodeId> =
            definition.nodes.keys().filter_map(|inner| names.get(inner)).cloned().collect();
        for group in Arc::make_mut(&mut next.groups).iter_mut().filter(|g| g.nodes.contains(id)) {
            group.nodes.retain(|n| n != id);
            group.nodes.extend(all.iter().cloned());
        }
    }
    for group in definition.groups.iter() {
        let name = fresh_name(None, &group.id, next.groups.iter().map(|g| g.id.as_str()))?;
        let nodes = group.nodes.iter().filter_map(|n| names.get(n)).cloned().collect();
        Arc::make_mut(&mut next.groups).push(Group { id: name, nodes, ..group.clone() });
    }
    Ok(())
}
