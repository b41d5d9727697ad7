//! Sub-graphs from elsewhere: what is here already is shared, what has the name of something else gets a fresh one.

use super::check_whole;
use crate::document::{Graph, Node, NodeId, definition_name, instance_kind};
use crate::{Error, Result};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// What the sub-graphs of another graph are called here.
pub(super) type Names = HashMap<NodeId, NodeId>;

/// Adds sub-graphs of another graph and tells what they are called here.
pub(super) fn adopt(graph: &mut Graph, from: &BTreeMap<NodeId, Arc<Graph>>) -> Names {
    let mut names = Names::new();
    // What is used goes before what uses it, so that names inside are final when contents are compared. As nothing
    // contains itself, each round settles something.
    let mut left: Vec<(&NodeId, &Arc<Graph>)> = from.iter().collect();
    while !left.is_empty() {
        let settled = |name: &NodeId| !from.contains_key(name) || names.contains_key(name);
        let (ready, later): (Vec<_>, Vec<_>) =
            left.iter().copied().partition(|(_, g)| g.uses().iter().all(settled));
        if ready.is_empty() {
            break;
        }
        for (name, definition) in ready {
            let own = add(graph, name, followed(definition, &names));
            names.insert(name.clone(), own);
        }
        left = later;
    }
    names
}

/// Adds the graph of a file as a sub-graph and gives the name that it has here.
pub(super) fn import(graph: &mut Graph, file: Graph, name: Option<&NodeId>) -> Result<NodeId> {
    check_whole(&file)?;
    if file.nodes.is_empty() {
        return Err(Error::usage("there is nothing in the graph to import").help("name the file of a graph"));
    }
    let names = adopt(graph, &file.graphs);
    let base = match name {
        Some(name) => name.clone(),
        None if file.title.is_empty() => super::fresh_id("sub", 2, |_| false).0,
        None => super::fresh_id(&file.title, 2, |_| false).0,
    };
    let own = Graph { graphs: Arc::default(), ..file };
    Ok(add(graph, &base, followed(&Arc::new(own), &names)))
}

/// Lets a node that is an instance be one of the same sub-graph under its name here.
pub(super) fn follow(node: &mut Node, names: &Names) {
    let name = definition_name(&node.kind).and_then(|name| name.parse::<NodeId>().ok());
    if let Some(new) = name.and_then(|name| names.get(&name)) {
        node.kind = instance_kind(new);
    }
}

/// The graph with its instances named as here; itself where that changes nothing.
pub(super) fn followed(graph: &Arc<Graph>, names: &Names) -> Arc<Graph> {
    let mut changed = Graph::clone(graph);
    for (id, node) in graph.nodes.iter() {
        let mut own = Node::clone(node);
        follow(&mut own, names);
        if own.kind != node.kind {
            changed.nodes.insert_mut(id.clone(), Arc::new(own));
        }
    }
    Arc::new(changed)
}

fn add(graph: &mut Graph, name: &NodeId, definition: Arc<Graph>) -> NodeId {
    let own = match graph.graphs.get(name) {
        Some(here) if *here == definition => return name.clone(),
        Some(_) => graph.fresh_graph_name(name.as_str()),
        None => name.clone(),
    };
    Arc::make_mut(&mut graph.graphs).insert(own.clone(), definition);
    own
}
