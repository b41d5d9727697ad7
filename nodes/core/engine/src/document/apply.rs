//! How each edit makes a new graph of an old one.

use super::json::{canonical, check_kind, read_part};
use super::{Edit, Graph, Group, Link, Node, NodeId, Note, PortRef, definition_name, instance_kind};
use crate::param::Param;
use crate::{Error, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// How far a duplicate stands from its model, to the right and down.
const BESIDE: f64 = 32.0;
/// The longest text of a title, a note or a colour, in bytes.
const MAX_TEXT: usize = 1 << 20;

mod intake;
mod pack;
mod sub;
mod unpack;

pub(super) fn apply(edit: &Edit, graph: &Graph) -> Result<Graph> {
    let next = changed(edit, graph)?;
    // What neither touches a sub-graph nor brings a node cannot make one contain itself.
    let brings = next.nodes.size() > graph.nodes.size() || matches!(edit, Edit::Replace { .. });
    if brings || !Arc::ptr_eq(&next.graphs, &graph.graphs) {
        next.check_definitions()?;
    }
    Ok(next)
}

fn changed(edit: &Edit, graph: &Graph) -> Result<Graph> {
    let mut next = graph.clone();
    match edit {
        Edit::Add { kind, node, version, at, params } => {
            check_kind(kind)?;
            if let Some(name) = definition_name(kind) {
                graph.definition(name)?;
            }
            let id = match node {
                Some(id) => id.clone(),
                None => graph.fresh_id(kind),
            };
            let node = Node {
                kind: kind.as_str().into(),
                version: *version,
                at: place(*at)?,
                params: parameters(&id, params)?,
                ..Node::default()
            };
            insert(&mut next, id, node)?;
        }
        Edit::Remove { node, joins } => remove(&mut next, node, joins)?,
        Edit::Rename { node, to } => rename(&mut next, node, to)?,
        Edit::Move { node, at } => {
            let at = place(*at)?;
            change(&mut next, node, |n| n.at = at)?;
        }
        Edit::Duplicate { node, to, at } => {
            let id = to.clone().unwrap_or_else(|| graph.fresh_id(node.as_str()));
            let mut copy = Node::clone(graph.node(node)?);
            copy.at = place(at.unwrap_or([copy.at[0] + BESIDE, copy.at[1] + BESIDE]))?;
            insert(&mut next, id.clone(), copy)?;
            for (to, link) in graph.links_into(node) {
                next.links.insert_mut(PortRef::new(id.clone(), Arc::clone(&to.port)), Arc::clone(link));
            }
        }
        Edit::Set { node, param, value } => {
            let value = parameter(node, param, value)?;
            change(&mut next, node, |n| drop(n.params.insert(param.clone(), value)))?;
        }
        Edit::Reset { node, param } => change(&mut next, node, |n| drop(n.params.remove(param)))?,
        Edit::Migrate { node, version, params } => {
            let params = parameters(node, params)?;
            change(&mut next, node, |n| (n.version, n.params) = (*version, params))?;
        }
        Edit::Title { node, title } => {
            let title = text(title)?;
            change(&mut next, node, |n| n.title = title)?;
        }
        Edit::Size { node, size } => {
            let size = size.map(place).transpose()?;
            change(&mut next, node, |n| n.size = size)?;
        }
        Edit::Color { node, color } => {
            let color = text(color)?;
            change(&mut next, node, |n| n.color = color)?;
        }
        Edit::Collapse { node, on } => change(&mut next, node, |n| n.collapsed = *on)?,
        Edit::Bypass { node, on } => change(&mut next, node, |n| n.bypass = *on)?,
        Edit::Mute { node, on } => change(&mut next, node, |n| n.mute = *on)?,
        Edit::Lock { node, on } => change(&mut next, node, |n| n.locked = *on)?,
        Edit::Take { node, take } => {
            if graph.node(node)?.locked {
                return Err(Error::usage("the take is locked").at(node).help("unlock it first"));
            }
            let take = text(take)?;
            change(&mut next, node, |n| n.take = take)?;
        }
        Edit::Connect { from, to } => connect(&mut next, from, to)?,
        Edit::Disconnect { to } => {
            if !next.links.remove_mut(to) {
                return Err(Error::usage(format!("no wire ends on {to}")));
            }
        }
        Edit::GraphTitle { title } => next.title = text(title)?.into(),
        Edit::View { name, value } => {
            let view = Arc::make_mut(&mut next.view);
            match canonical(value)? {
                Value::Null => drop(view.shift_remove(name)),
                value => drop(view.insert(name.clone(), value)),
            }
        }
        Edit::Paste { json, at, inputs } => paste(&mut next, &part(json)?, *at, *inputs)?,
        Edit::Replace { json } => {
            next = part(json)?;
            check_whole(&next)?;
        }
        Edit::Inside { graph: name, edit } => next = sub::inside(&next, name, edit)?,
        Edit::Pack { nodes, name, node, outputs } => {
            next = pack::pack(graph, nodes, name.as_ref(), node.as_ref(), outputs)?;
        }
        Edit::Unpack { node } => next = unpack::unpack(graph, node)?,
        Edit::SetPorts { inputs, outputs, params } => {
            sub::set_ports(&mut next, [inputs, outputs, params].map(Option::as_deref))?;
        }
        Edit::RenameGraph { graph: name, to } => sub::rename(&mut next, name, to)?,
        Edit::RemoveGraph { graph: name } => sub::remove(&mut next, name)?,
        Edit::DuplicateGraph { graph: name, to, nodes } => {
            sub::duplicate(&mut next, name, to.as_ref(), nodes)?;
        }
        Edit::ImportGraph { json, name, node, at } => {
            let name = intake::import(&mut next, part(json)?, name.as_ref())?;
            if let Some(id) = node {
                let (kind, at) = (instance_kind(&name), place(*at)?);
                insert(&mut next, id.clone(), Node { kind, version: 1, at, ..Node::default() })?;
            }
        }
        Edit::AddGroup { group, title, color, nodes } => {
            let id = fresh_name(group.as_deref(), "group", graph.groups.iter().map(|g| g.id.as_str()))?;
            let nodes = members(graph, nodes)?;
            let group = Group { id, title: text(title)?, color: text(color)?, nodes, ..Group::default() };
            Arc::make_mut(&mut next.groups).push(group);
        }
        Edit::SetGroup { group, title, color, nodes, collapsed } => {
            let mut changed = named(&graph.groups, group, "group", |g| &g.id)?.1.clone();
            changed.title = title.as_deref().map(text).transpose()?.unwrap_or(changed.title);
            changed.color = color.as_deref().map(text).transpose()?.unwrap_or(changed.color);
            changed.nodes = nodes.as_deref().map(|n| members(graph, n)).transpose()?.unwrap_or(changed.nodes);
            changed.collapsed = collapsed.unwrap_or(changed.collapsed);
            put(&mut next.groups, named(&graph.groups, group, "group", |g| &g.id)?.0, Some(changed));
        }
        Edit::RemoveGroup { group } => {
            put(&mut next.groups, named(&graph.groups, group, "group", |g| &g.id)?.0, None);
        }
        Edit::AddNote { note, at, size, text: words } => {
            let id = fresh_name(note.as_deref(), "note", graph.notes.iter().map(|n| n.id.as_str()))?;
            let note =
                Note { id, at: place(*at)?, size: place(*size)?, text: text(words)?, ..Note::default() };
            Arc::make_mut(&mut next.notes).push(note);
        }
        Edit::SetNote { note, at, size, text: words } => {
            let (i, old) = named(&graph.notes, note, "note", |n| &n.id)?;
            let mut changed = old.clone();
            changed.at = at.map(place).transpose()?.unwrap_or(changed.at);
            changed.size = size.map(place).transpose()?.unwrap_or(changed.size);
            changed.text = words.as_deref().map(text).transpose()?.unwrap_or(changed.text);
            put(&mut next.notes, i, Some(changed));
        }
        Edit::RemoveNote { note } => {
            put(&mut next.notes, named(&graph.notes, note, "note", |n| &n.id)?.0, None);
        }
    }
    Ok(next)
}

fn place(at: [f64; 2]) -> Result<[f64; 2]> {
    if at.iter().any(|x| !x.is_finite()) {
        return Err(Error::usage("a place or size on the canvas is not finite"));
    }
    Ok(at.map(|x| x + 0.0))
}

fn text(text: &str) -> Result<String> {
    if text.len() > MAX_TEXT {
        return Err(Error::usage(format!("the text is longer than {MAX_TEXT} bytes")));
    }
    Ok(text.to_owned())
}

fn parameter(node: &NodeId, name: &str, value: &Value) -> Result<Value> {
    let checked = if name.is_empty() || name.len() > 64 || name.contains('.') {
        Err(Error::usage("this is no name of a parameter"))
    } else {
        canonical(value).and_then(|value| Param::parse(&value).map(|_| value))
    };
    checked.map_err(|e| e.at(format!("{node}.{}", name.chars().take(64).collect::<String>())))
}

fn parameters(node: &NodeId, params: &Map<String, Value>) -> Result<BTreeMap<String, Value>> {
    params.iter().map(|(name, value)| Ok((name.clone(), parameter(node, name, value)?))).collect()
}

fn insert(graph: &mut Graph, id: NodeId, node: Node) -> Result<()> {
    if graph.nodes.contains_key(&id) {
        return Err(
            Error::usage(format!("there is a node “{id}” already")).help("choose another id, or none")
        );
    }
    if graph.nodes.size() >= Graph::MAX_NODES {
        return Err(Error::usage(format!("a graph holds at most {} nodes", Graph::MAX_NODES)));
    }
    if node.version == 0 {
        return Err(Error::usage("versions of a node start at 1").at(id));
    }
    graph.nodes.insert_mut(id, Arc::new(node));
    Ok(())
}

fn change(graph: &mut Graph, id: &NodeId, change: impl FnOnce(&mut Node)) -> Result<()> {
    let mut node = Node::clone(graph.node(id)?);
    change(&mut node);
    graph.nodes.insert_mut(id.clone(), Arc::new(node));
    Ok(())
}

fn remove(graph: &mut Graph, id: &NodeId, joins: &[super::Join]) -> Result<()> {
    graph.node(id)?;
    let fed: Vec<PortRef> = graph.links_into(id).map(|(to, _)| to.clone()).collect();
    let mut reads: Vec<(PortRef, Arc<Link>)> =
        graph.links_from(id).map(|(to, link)| (to.clone(), Arc::clone(link))).collect();
    reads.retain(|(to, _)| to.node != *id);
    for (to, link) in reads {
        let join = joins.iter().find(|j| j.output == *link.from.port);
        let source = join.and_then(|j| graph.links.get(&PortRef::new(id.clone(), j.input.as_str())));
        match source.filter(|s| s.from.node != *id).map(|s| s.from.clone()) {
            Some(from) => {
                graph.links.insert_mut(to, Arc::new(Link { from, ..Link::clone(&link) }));
            }
            None => {
                graph.links.remove_mut(&to);
            }
        }
    }
    for to in fed {
        graph.links.remove_mut(&to);
    }
    graph.nodes.remove_mut(id);
    if graph.groups.iter().any(|g| g.nodes.contains(id)) {
        Arc::make_mut(&mut graph.groups).iter_mut().for_each(|g| g.nodes.retain(|n| n != id));
    }
    move_places(graph, id, None);
    Ok(())
}

fn rename(graph: &mut Graph, id: &NodeId, to: &NodeId) -> Result<()> {
    if id == to {
        return graph.node(id).map(drop);
    }
    let node = Node::clone(graph.node(id)?);
    insert(graph, to.clone(), node)?;
    graph.nodes.remove_mut(id);
    let new = |id_now: &NodeId| if id_now == id { to.clone() } else { id_now.clone() };
    let wires = graph.links.iter().filter(|(end, link)| end.node == *id || link.from.node == *id);
    let wires: Vec<(PortRef, Arc<Link>)> = wires.map(|(end, link)| (end.clone(), Arc::clone(link))).collect();
    for (end, _) in &wires {
        graph.links.remove_mut(end);
    }
    for (end, link) in wires {
        let from = PortRef::new(new(&link.from.node), Arc::clone(&link.from.port));
        let end = PortRef::new(new(&end.node), Arc::clone(&end.port));
        graph.links.insert_mut(end, Arc::new(Link { from, unknown: link.unknown.clone() }));
    }
    if graph.groups.iter().any(|g| g.nodes.contains(id)) {
        let members = Arc::make_mut(&mut graph.groups).iter_mut().flat_map(|g| g.nodes.iter_mut());
        members.filter(|n| *n == id).for_each(|n| *n = to.clone());
    }
    move_places(graph, id, Some(to));
    Ok(())
}

/// Lets what the graph shows of node `id` follow it to `to`, or go with it.
fn move_places(graph: &mut Graph, id: &NodeId, to: Option<&NodeId>) {
    if graph.interface.sockets().any(|s| s.places.iter().any(|p| p.node == *id)) {
        Arc::make_mut(&mut graph.interface).move_places(id, to);
    }
}

fn connect(graph: &mut Graph, from: &PortRef, to: &PortRef) -> Result<()> {
    graph.node(&from.node)?;
    graph.node(&to.node)?;
    if let Some(path) = graph.path(&to.node, &from.node) {
        let mut round: Vec<&str> = path.iter().map(NodeId::as_str).collect();
        round.push(to.node.as_str());
        if round.len() > 12 {
            round.splice(6..round.len() - 5, ["…"]);
        }
        return Err(Error::usage(format!("the wire would close a cycle: {}", round.join(" -> ")))
            .at(format!("{from} -> {to}"))
            .help("a node cannot take from what it feeds; take one of these wires away first"));
    }
    graph.links.insert_mut(to.clone(), Arc::new(Link { from: from.clone(), unknown: Map::new() }));
    Ok(())
}

fn part(json: &Value) -> Result<Graph> {
    match json {
        Value::String(text) => read_part(text),
        object => read_part(&object.to_string()),
    }
}

/// A part of a graph is one by itself only if all its wires begin in it.
fn check_whole(graph: &Graph) -> Result<()> {
    match graph.links.iter().find(|(_, l)| !graph.nodes.contains_key(&l.from.node)) {
        None => Ok(()),
        Some((to, link)) => {
            Err(Error::usage(format!("a wire begins at “{}”, which is no node of the graph", link.from.node))
                .at(to))
        }
    }
}

fn paste(graph: &mut Graph, part: &Graph, at: Option<[f64; 2]>, inputs: bool) -> Result<()> {
    let corner = part.nodes.values().map(|n| n.at).chain(part.notes.iter().map(|n| n.at));
    let corner = corner.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1])]).unwrap_or_default();
    let shift = match at {
        Some(at) => [at[0] - corner[0], at[1] - corner[1]],
        None => [0.0, 0.0],
    };
    let kinds = intake::adopt(graph, &part.graphs);
    let mut names: HashMap<&NodeId, NodeId> = HashMap::new();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for (id, node) in part.nodes.iter() {
        let taken = |id: &NodeId| graph.nodes.contains_key(id) || part.nodes.contains_key(id);
        let new = if graph.nodes.contains_key(id) {
            let first = numbers.entry(stem(id.as_str()).to_owned()).or_insert(2);
            let (new, number) = fresh_id(id.as_str(), *first, taken);
            *first = number + 1;
            new
        } else {
            id.clone()
        };
        let mut node = Node::clone(node);
        node.at = place([node.at[0] + shift[0], node.at[1] + shift[1]])?;
        intake::follow(&mut node, &kinds);
        insert(graph, new.clone(), node)?;
        names.insert(id, new);
    }
    for (to, link) in part.links.iter() {
        let Some(to_node) = names.get(&to.node) else { continue };
        let from_node = match names.get(&link.from.node) {
            Some(new) => new,
            None if inputs && graph.nodes.contains_key(&link.from.node) => &link.from.node,
            None => continue,
        };
        let from = PortRef::new(from_node.clone(), Arc::clone(&link.from.port));
        let to = PortRef::new(to_node.clone(), Arc::clone(&to.port));
        graph.links.insert_mut(to, Arc::new(Link { from, unknown: link.unknown.clone() }));
    }
    for group in part.groups.iter() {
        let id = fresh_name(None, &group.id, graph.groups.iter().map(|g| g.id.as_str()))?;
        let nodes = group.nodes.iter().filter_map(|n| names.get(n)).cloned().collect();
        Arc::make_mut(&mut graph.groups).push(Group { id, nodes, ..group.clone() });
    }
    for note in part.notes.iter() {
        let id = fresh_name(None, &note.id, graph.notes.iter().map(|n| n.id.as_str()))?;
        let at = place([note.at[0] + shift[0], note.at[1] + shift[1]])?;
        Arc::make_mut(&mut graph.notes).push(Note { id, at, ..note.clone() });
    }
    Ok(())
}

/// `name` without a number at its end.
fn stem(name: &str) -> &str {
    match name.rsplit_once('_') {
        Some((stem, digits)) if !stem.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) => stem,
        _ => name,
    }
}

/// A name made of `base` for which `taken` is false, with the number it ends in, from `first`.
pub(super) fn fresh_id(base: &str, first: u32, taken: impl Fn(&NodeId) -> bool) -> (NodeId, u32) {
    let fit = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' };
    let mut plain: String = base.chars().map(fit).take(NodeId::MAX_LEN - 8).collect();
    if !plain.starts_with(|c: char| c.is_ascii_lowercase()) {
        plain.insert(0, 'n');
    }
    // The alphabet and the length are right by now, so the first name is one.
    if let Some(id) = plain.parse().ok().filter(|id| !taken(id)) {
        return (id, first.saturating_sub(1));
    }
    let stem = stem(&plain);
    let mut number = first;
    loop {
        match format!("{stem}_{number}").parse() {
            Ok(id) if !taken(&id) => return (id, number),
            _ => number = number.wrapping_add(1),
        }
    }
}

/// The id a person gave a group or note, or `base`, or that with a number after it.
fn fresh_name<'a>(given: Option<&str>, base: &str, taken: impl Iterator<Item = &'a str>) -> Result<String> {
    let taken: std::collections::BTreeSet<&str> = taken.collect();
    if let Some(name) = given {
        if name.is_empty() || name.len() > 128 || taken.contains(name) {
            return Err(Error::usage(format!(
                "“{}” is taken or no id",
                name.chars().take(60).collect::<String>()
            )));
        }
        return Ok(name.to_owned());
    }
    if !taken.contains(base) {
        return Ok(base.to_owned());
    }
    let base: String = stem(base).chars().take(60).collect();
    let mut number = 2_u64;
    while taken.contains(format!("{base}_{number}").as_str()) {
        number += 1;
    }
    Ok(format!("{base}_{number}"))
}

fn members(graph: &Graph, nodes: &[NodeId]) -> Result<Vec<NodeId>> {
    nodes.iter().map(|id| graph.node(id).map(|_| id.clone())).collect()
}

fn named<'a, T>(list: &'a [T], id: &str, what: &str, name: impl Fn(&T) -> &String) -> Result<(usize, &'a T)> {
    let found = list.iter().enumerate().find(|(_, item)| name(item) == id);
    found.ok_or_else(|| {
        Error::usage(format!("there is no {what} “{}”", id.chars().take(60).collect::<String>()))
    })
}

/// Puts something in the place of item `i`, or takes it out.
fn put<T: Clone>(list: &mut Arc<Vec<T>>, i: usize, item: Option<T>) {
    drop(Arc::make_mut(list).splice(i..=i, item));
}

#[cfg(test)]
mod tests;
