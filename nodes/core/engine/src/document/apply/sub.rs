//! Edits of sub-graphs: inside of one, of what it shows, and of its name.

use super::intake::{Names, follow, followed};
use crate::document::{Edit, Graph, Interface, Link, Node, NodeId, PortRef, Socket, instance_kind};
use crate::{Error, Result};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Does an edit inside of the sub-graph `name`. It is lent the sub-graphs of the whole to use, and what the edit makes
/// of those is taken back.
pub(super) fn inside(graph: &Graph, name: &NodeId, edit: &Edit) -> Result<Graph> {
    let place = |e: Error| e.at(format!("sub-graph “{name}”"));
    match edit {
        Edit::Inside { .. } => {
            return Err(place(Error::usage("sub-graphs stand side by side, not in each other"))
                .help("name the sub-graph itself, wherever its instances are"));
        }
        Edit::RenameGraph { .. } | Edit::RemoveGraph { .. } | Edit::Replace { .. } => {
            return Err(place(Error::usage("this is an edit of the whole graph"))
                .help("do it outside of the sub-graph"));
        }
        _ => {}
    }
    let lent = graph.enter(name.as_str())?;
    let changed = super::changed(edit, &lent).map_err(place)?;
    let mut graphs = changed.graphs.clone();
    let own = Graph { graphs: Arc::default(), ..changed };
    let interface = own.interface.clone();
    Arc::make_mut(&mut graphs).insert(name.clone(), Arc::new(own));
    let mut next = Graph { graphs, ..graph.clone() };
    if !Arc::ptr_eq(&interface, &lent.interface) {
        refit(&mut next, name, &lent.interface, &interface);
    }
    Ok(next)
}

/// Sets the lists that are given of what a graph shows: inputs, outputs and parameters.
pub(super) fn set_ports(graph: &mut Graph, lists: [Option<&[Socket]>; 3]) -> Result<()> {
    let [inputs, outputs, params] = lists;
    let old = &graph.interface;
    let list = |new: Option<&[Socket]>, old: &[Socket]| -> Vec<Socket> {
        let Some(new) = new else { return old.to_vec() };
        let kept = |s: &Socket| old.iter().find(|o| o.name == s.name).map(|o| o.unknown.clone());
        new.iter().map(|s| Socket { unknown: kept(s).unwrap_or_default(), ..s.clone() }).collect()
    };
    let next = Interface {
        inputs: list(inputs, &old.inputs),
        outputs: list(outputs, &old.outputs),
        params: list(params, &old.params),
    };
    next.check()?;
    let given = |list: Option<&[Socket]>| list.unwrap_or_default().to_vec();
    let given = Interface { inputs: given(inputs), outputs: given(outputs), params: given(params) };
    given.check_places(graph)?;
    graph.interface = Arc::new(next);
    Ok(())
}

/// What became of the names of one list: nothing where a name is gone.
type Renames = BTreeMap<Arc<str>, Option<Arc<str>>>;

/// The names that are no longer there. One whose places have another name now goes by that.
fn renames(old: &[Socket], new: &[Socket]) -> Renames {
    let gone = old.iter().filter(|o| !new.iter().any(|n| n.name == o.name));
    let fresh = |o: &Socket| {
        let same = |n: &&Socket| !n.places.is_empty() && n.places == o.places;
        new.iter().filter(|n| !old.iter().any(|o| o.name == n.name)).find(same).map(|n| n.name.clone())
    };
    gone.map(|o| (o.name.clone(), fresh(o))).collect()
}

/// Lets the instances of a sub-graph follow a change of its ports, wherever they are.
fn refit(graph: &mut Graph, name: &NodeId, old: &Interface, new: &Interface) {
    let mut receivers = renames(&old.inputs, &new.inputs);
    receivers.extend(renames(&old.params, &new.params));
    // A port may have become a parameter of the same name, or the other way round.
    receivers.retain(|name, to| to.is_some() || new.receiver(name).is_none());
    let senders = renames(&old.outputs, &new.outputs);
    if receivers.is_empty() && senders.is_empty() {
        return;
    }
    let kind = instance_kind(name);
    refit_in(graph, &kind, &receivers, &senders);
    if graph.graphs.values().any(|g| g.nodes.values().any(|n| n.kind == kind)) {
        for definition in Arc::make_mut(&mut graph.graphs).values_mut() {
            if definition.nodes.values().any(|n| n.kind == kind) {
                refit_in(Arc::make_mut(definition), &kind, &receivers, &senders);
            }
        }
    }
}

fn refit_in(graph: &mut Graph, kind: &Arc<str>, receivers: &Renames, senders: &Renames) {
    let is = |graph: &Graph, id: &NodeId| graph.nodes.get(id).is_some_and(|n| n.kind == *kind);
    let instances: Vec<(NodeId, Arc<Node>)> = graph
        .nodes
        .iter()
        .filter(|(_, n)| n.kind == *kind && n.params.keys().any(|p| receivers.contains_key(p.as_str())))
        .map(|(id, n)| (id.clone(), n.clone()))
        .collect();
    for (id, node) in instances {
        let mut node = Node::clone(&node);
        let params = std::mem::take(&mut node.params).into_iter();
        node.params = params
            .filter_map(|(param, value)| match receivers.get(param.as_str()) {
                None => Some((param, value)),
                Some(to) => to.as_ref().map(|to| (to.to_string(), value)),
            })
            .collect();
        graph.nodes.insert_mut(id, Arc::new(node));
    }
    let end = |graph: &Graph, at: &PortRef, names: &Renames| -> Option<Option<PortRef>> {
        let to = names.get(&at.port).filter(|_| is(graph, &at.node))?;
        Some(to.as_ref().map(|to| PortRef::new(at.node.clone(), to.clone())))
    };
    let touched: Vec<(PortRef, Arc<Link>)> = graph
        .links
        .iter()
        .filter(|(to, l)| end(graph, to, receivers).is_some() || end(graph, &l.from, senders).is_some())
        .map(|(to, l)| (to.clone(), l.clone()))
        .collect();
    for (to, _) in &touched {
        graph.links.remove_mut(to);
    }
    for (to, link) in touched {
        let new_to = end(graph, &to, receivers).unwrap_or(Some(to));
        let new_from = end(graph, &link.from, senders).unwrap_or_else(|| Some(link.from.clone()));
        if let (Some(to), Some(from)) = (new_to, new_from) {
            graph.links.insert_mut(to, Arc::new(Link { from, unknown: link.unknown.clone() }));
        }
    }
    let mut shown = Interface::clone(&graph.interface);
    for (socket, names) in shown
        .inputs
        .iter_mut()
        .chain(&mut shown.params)
        .map(|s| (s, receivers))
        .chain(shown.outputs.iter_mut().map(|s| (s, senders)))
    {
        let places = std::mem::take(&mut socket.places).into_iter();
        socket.places = places.filter_map(|p| end(graph, &p, names).unwrap_or(Some(p))).collect();
    }
    if shown != *graph.interface {
        graph.interface = Arc::new(shown);
    }
}

/// Gives a sub-graph another name, and its instances that kind.
pub(super) fn rename(graph: &mut Graph, name: &NodeId, to: &NodeId) -> Result<()> {
    let definition = graph.definition(name.as_str())?.clone();
    if name == to {
        return Ok(());
    }
    check_free(graph, to)?;
    let names = Names::from([(name.clone(), to.clone())]);
    let graphs = Arc::make_mut(&mut graph.graphs);
    graphs.remove(name);
    graphs.insert(to.clone(), definition);
    for other in graphs.values_mut().filter(|g| g.uses().contains(name)) {
        *other = followed(other, &names);
    }
    let instances: Vec<(NodeId, Arc<Node>)> =
        graph.nodes.iter().map(|(i, n)| (i.clone(), n.clone())).collect();
    let kind = instance_kind(name);
    for (id, node) in instances.into_iter().filter(|(_, n)| n.kind == kind) {
        let mut node = Node::clone(&node);
        follow(&mut node, &names);
        graph.nodes.insert_mut(id, Arc::new(node));
    }
    Ok(())
}

/// Removes a sub-graph that nothing is an instance of.
pub(super) fn remove(graph: &mut Graph, name: &NodeId) -> Result<()> {
    graph.definition(name.as_str())?;
    let kind = instance_kind(name);
    let within = graph.graphs.iter().find(|(_, g)| g.nodes.values().any(|n| n.kind == kind));
    let user = match graph.nodes.iter().find(|(_, n)| n.kind == kind) {
        Some((id, _)) => Some(format!("the node “{id}”")),
        None => within.map(|(name, _)| format!("a node of the sub-graph “{name}”")),
    };
    if let Some(user) = user {
        return Err(Error::usage(format!("{user} is an instance of “{name}”"))
            .help("remove or unpack its instances first"));
    }
    Arc::make_mut(&mut graph.graphs).remove(name);
    Ok(())
}

/// Adds a sub-graph like another, and lets `nodes` be its instances.
pub(super) fn duplicate(
    graph: &mut Graph,
    name: &NodeId,
    to: Option<&NodeId>,
    nodes: &[NodeId],
) -> Result<()> {
    let definition = graph.definition(name.as_str())?.clone();
    let to = match to {
        Some(to) => to.clone(),
        None => graph.fresh_graph_name(name.as_str()),
    };
    check_free(graph, &to)?;
    Arc::make_mut(&mut graph.graphs).insert(to.clone(), definition);
    let (old, new) = (instance_kind(name), instance_kind(&to));
    for id in nodes {
        if graph.node(id)?.kind != old {
            return Err(Error::usage(format!("it is no instance of “{name}”")).at(id));
        }
        super::change(graph, id, |n| n.kind = new.clone())?;
    }
    Ok(())
}

fn check_free(graph: &Graph, name: &NodeId) -> Result<()> {
    match graph.graphs.contains_key(name) {
        false => Ok(()),
        true => {
            Err(Error::usage(format!("there is a sub-graph “{name}” already")).help("choose another name"))
        }
    }
}
