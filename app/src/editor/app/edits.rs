//! What the canvas asks for, as edits of the document.

use crate::editor::canvas::CanvasAction;
use crate::editor::canvas::view::{Id, PortRef as CanvasPort};
use egui::Pos2;
use rushes_engine::describe::Shape;
use rushes_engine::document::{
    Edit, Graph, Join, NodeId, PortRef, REROUTE, REROUTE_IN, REROUTE_OUT, definition_name, json,
};
use rushes_engine::tool::Registry;
use rushes_engine::{Error, Result};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Copies stand this far from their originals.
const BESIDE: f64 = 32.0;

/// The edits of an action and the label of their step; `None` for actions that edit nothing.
pub(super) fn of_action(
    action: &CanvasAction,
    graph: &Graph,
    registry: &Registry,
    colors: &[String],
) -> Result<Option<(Vec<Edit>, String)>> {
    let step = |edits: Vec<Edit>, label: &str| Ok(Some((edits, label.to_owned())));
    match action {
        CanvasAction::Move(all) => {
            let moves = all.iter().map(|(id, at)| Ok(Edit::Move { node: node(id)?, at: place(*at) }));
            step(moves.collect::<Result<_>>()?, "Move")
        }
        CanvasAction::MoveNote { note, at } => {
            let edit = Edit::SetNote { note: note.to_string(), at: Some(place(*at)), size: None, text: None };
            step(vec![edit], "Move note")
        }
        CanvasAction::SetNote { note, text } => {
            let edit =
                Edit::SetNote { note: note.to_string(), at: None, size: None, text: Some(text.clone()) };
            step(vec![edit], "Write note")
        }
        CanvasAction::DeleteNote(note) => {
            step(vec![Edit::RemoveNote { note: note.to_string() }], "Remove note")
        }
        CanvasAction::Connect { from, to, leaves } => {
            let mut edits = Vec::new();
            if let Some(old) = leaves {
                edits.push(Edit::Disconnect { to: end(old)? });
            }
            edits.push(Edit::Connect { from: end(from)?, to: end(to)? });
            step(edits, "Connect")
        }
        CanvasAction::Disconnect(to) => step(vec![Edit::Disconnect { to: end(to)? }], "Disconnect"),
        CanvasAction::InsertOnWire { node: id, input, output, link, at } => {
            let (id, to) = (node(id)?, end(link)?);
            let Some(old) = graph.links.get(&to) else { return Ok(None) };
            let edits = vec![
                Edit::Move { node: id.clone(), at: place(*at) },
                Edit::Connect { from: old.from.clone(), to: PortRef::new(id.clone(), Id::clone(input)) },
                Edit::Connect { from: PortRef::new(id, Id::clone(output)), to },
            ];
            step(edits, "Insert")
        }
        CanvasAction::AddNote(rect) => {
            let size = [f64::from(rect.width()), f64::from(rect.height())];
            let edit = Edit::AddNote { note: None, at: place(rect.min), size, text: "Note".into() };
            step(vec![edit], "Add note")
        }
        CanvasAction::Extract(ids) => {
            let edits = nodes(ids)?.into_iter().map(|node| Edit::Remove { joins: Vec::new(), node });
            step(edits.collect(), "Remove")
        }
        CanvasAction::FoldGroup(group, on) => {
            let edit = set_group(group, None, None, Some(*on));
            step(vec![edit], if *on { "Collapse group" } else { "Expand group" })
        }
        CanvasAction::TitleGroup { group, title } => {
            step(vec![set_group(group, Some(title.clone()), None, None)], "Rename group")
        }
        CanvasAction::TitleNode { node: id, title } => {
            step(vec![Edit::Title { node: node(id)?, title: title.clone() }], "Rename")
        }
        CanvasAction::Pin(ids) => {
            let now = pinned(graph);
            let on = !ids.iter().all(|id| now.contains(&**id));
            let kept = now.iter().filter(|id| on || !ids.iter().any(|i| **i == ***id)).cloned();
            let mut all: Vec<String> =
                kept.chain(ids.iter().filter(|_| on).map(ToString::to_string)).collect();
            all.sort();
            all.dedup();
            let value = if all.is_empty() { Value::Null } else { Value::from(all) };
            step(vec![Edit::View { name: PINNED.into(), value }], if on { "Pin" } else { "Unpin" })
        }
        CanvasAction::Recolor(ids) => {
            let ids = nodes(ids)?;
            let whole = graph
                .groups
                .iter()
                .find(|g| g.nodes.len() == ids.len() && g.nodes.iter().all(|n| ids.contains(n)));
            if let Some(group) = whole {
                let color = next_color(colors, &group.color, false);
                return step(vec![set_group(&group.id, None, Some(color), None)], "Colour group");
            }
            let now =
                ids.first().and_then(|id| graph.nodes.get(id)).map(|n| n.color.clone()).unwrap_or_default();
            let color = next_color(colors, &now, true);
            let edits = ids.into_iter().map(|node| Edit::Color { node, color: color.clone() });
            step(edits.collect(), "Colour")
        }
        CanvasAction::Delete(ids) | CanvasAction::Cut(ids) => {
            let edits = ids.iter().map(|id| {
                let id = node(id)?;
                Ok(Edit::Remove { joins: joins(graph, registry, &id), node: id })
            });
            step(edits.collect::<Result<_>>()?, "Remove")
        }
        CanvasAction::Duplicate(ids) => {
            let ids = nodes(ids)?;
            let corner = ids.iter().filter_map(|id| graph.nodes.get(id)).map(|n| n.at);
            let corner = corner.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1])]).unwrap_or_default();
            let at = Some([corner[0] + BESIDE, corner[1] + BESIDE]);
            let json = Value::String(json::copy(graph, &ids)?);
            step(vec![Edit::Paste { json, at, inputs: true }], "Duplicate")
        }
        CanvasAction::Paste { text, at, wired } => {
            let json = Value::String(text.clone());
            let edit = Edit::Paste { json, at: Some(place(*at)), inputs: *wired };
            step(vec![edit], "Paste")
        }
        CanvasAction::Bypass(ids) => {
            let on = !ids.iter().all(|id| flag(graph, id, |n| n.bypass));
            let edits = nodes(ids)?.into_iter().map(|node| Edit::Bypass { node, on });
            step(edits.collect(), if on { "Bypass" } else { "Stop bypassing" })
        }
        CanvasAction::Mute(ids) => {
            let on = !ids.iter().all(|id| flag(graph, id, |n| n.mute));
            let edits = nodes(ids)?.into_iter().map(|node| Edit::Mute { node, on });
            step(edits.collect(), if on { "Mute" } else { "Unmute" })
        }
        CanvasAction::Collapse(ids) => {
            let on = !ids.iter().all(|id| flag(graph, id, |n| n.collapsed));
            let edits = nodes(ids)?.into_iter().map(|node| Edit::Collapse { node, on });
            step(edits.collect(), if on { "Collapse" } else { "Expand" })
        }
        CanvasAction::Group(ids) => {
            let color =
                colors.get(graph.groups.iter().count() % colors.len().max(1)).cloned().unwrap_or_default();
            let edit = Edit::AddGroup { group: None, title: "Group".into(), color, nodes: nodes(ids)? };
            step(vec![edit], "Group")
        }
        CanvasAction::Ungroup(group) => step(vec![Edit::RemoveGroup { group: group.to_string() }], "Ungroup"),
        CanvasAction::Pack(ids) => {
            let name = graph.fresh_graph_name("sub_graph");
            let edit = Edit::Pack {
                nodes: nodes(ids)?,
                name: Some(name),
                node: None,
                outputs: ends(graph, registry, ids)?,
            };
            step(vec![edit], "Make a sub-graph")
        }
        CanvasAction::Unpack(id) => step(vec![Edit::Unpack { node: node(id)? }], "Unpack"),
        CanvasAction::OwnSubGraph(id) => {
            let id = node(id)?;
            let name = definition_name(&graph.node(&id)?.kind).and_then(|name| name.parse().ok());
            let none = || Error::usage("it is no sub-graph").at(&id).help("select a sub-graph");
            let edit =
                Edit::DuplicateGraph { graph: name.ok_or_else(none)?, to: None, nodes: vec![id.clone()] };
            step(vec![edit], "Make the sub-graph its own")
        }
        CanvasAction::Reroute { wire, at } => step(reroute(graph, wire.as_ref(), *at)?.1, "Add a reroute"),
        CanvasAction::Enter(_)
        | CanvasAction::Leave
        | CanvasAction::NameSubGraph(_)
        | CanvasAction::SaveSubGraph(_)
        | CanvasAction::SearchSaved { .. }
        | CanvasAction::Selected
        | CanvasAction::OpenSearch { .. }
        | CanvasAction::Copy(_)
        | CanvasAction::View { .. }
        | CanvasAction::Open(_)
        | CanvasAction::Mend(_)
        | CanvasAction::Refused(_) => Ok(None),
    }
}

/// Outputs of nodes that nothing takes from, of the nodes that feed no other: what a sub-graph of them comes to.
fn ends(graph: &Graph, registry: &Registry, ids: &[Id]) -> Result<Vec<PortRef>> {
    let ids = nodes(ids)?;
    let mut all = Vec::new();
    for id in ids.iter().filter(|id| graph.links_from(id).next().is_none()) {
        let Ok(shape) = Shape::of_node(graph, registry, id) else { continue };
        all.extend(shape.outputs.iter().map(|port| PortRef::new(id.clone(), port.name.clone())));
    }
    Ok(all)
}

/// The member of a graph's `view` that names the nodes that keep their places.
const PINNED: &str = "pinned";

/// The nodes that keep their places.
pub(super) fn pinned(graph: &Graph) -> BTreeSet<String> {
    let list = graph.view.get(PINNED).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|v| Some(v.as_str()?.to_owned())).collect()
}

fn set_group(group: &str, title: Option<String>, color: Option<String>, collapsed: Option<bool>) -> Edit {
    Edit::SetGroup { group: group.to_owned(), title, color, nodes: None, collapsed }
}

/// The colour after `now`; after the last comes none where `none` is one, else the first.
fn next_color(colors: &[String], now: &str, none: bool) -> String {
    match colors.iter().position(|c| c == now) {
        Some(at) if at + 1 < colors.len() => colors.get(at + 1).cloned().unwrap_or_default(),
        Some(_) if none => String::new(),
        _ => colors.first().cloned().unwrap_or_default(),
    }
}

/// Puts a reroute at a place, into the wire that ends on `wire` where there is one.
pub(super) fn reroute(graph: &Graph, wire: Option<&CanvasPort>, at: Pos2) -> Result<(NodeId, Vec<Edit>)> {
    let id = fresh(graph, REROUTE)?;
    let middle = at - egui::vec2(16.0, 12.0);
    let add = Edit::Add {
        kind: REROUTE.to_owned(),
        node: Some(id.clone()),
        version: 1,
        at: place(middle),
        params: Map::new(),
    };
    let mut edits = vec![add];
    let (into, out) = (PortRef::new(id.clone(), REROUTE_IN), PortRef::new(id.clone(), REROUTE_OUT));
    if let Some(wire) = wire {
        if let Some(wires) = super::boundary::insert(graph, wire, into.clone(), out.clone())? {
            edits.extend(wires);
        } else {
            let to = end(wire)?;
            if let Some(link) = graph.links.get(&to) {
                edits.push(Edit::Connect { from: link.from.clone(), to: into });
                edits.push(Edit::Connect { from: out, to });
            }
        }
    }
    Ok((id, edits))
}

/// An id after the kind's last word that no node has.
pub(super) fn fresh(graph: &Graph, kind: &str) -> Result<NodeId> {
    let word: String = kind
        .rsplit('/')
        .next()
        .unwrap_or(kind)
        .chars()
        .filter(|c| c.is_ascii_lowercase() || *c == '_')
        .take(30)
        .collect();
    let word = if word.starts_with(|c: char| c.is_ascii_lowercase()) { word } else { "node".to_owned() };
    let names = std::iter::once(word.clone()).chain((2..10_000).map(|n| format!("{word}_{n}")));
    let free = names.filter_map(|n| n.parse::<NodeId>().ok()).find(|id| !graph.nodes.contains_key(id));
    free.ok_or_else(|| Error::usage("the graph has no room for another node of this kind"))
}

/// The ids of the canvas as the document's.
pub(super) fn nodes(ids: &[Id]) -> Result<Vec<NodeId>> {
    ids.iter().map(node).collect()
}

/// An id of the canvas as the document's.
pub(super) fn node(id: &Id) -> Result<NodeId> {
    id.parse()
}

/// An end of the canvas as the document's.
pub(super) fn end(port: &CanvasPort) -> Result<PortRef> {
    Ok(PortRef::new(node(&port.node)?, Id::clone(&port.port)))
}

pub(super) fn place(at: Pos2) -> [f64; 2] {
    [f64::from(at.x), f64::from(at.y)]
}

fn flag(graph: &Graph, id: &Id, of: impl Fn(&rushes_engine::document::Node) -> bool) -> bool {
    node(id).ok().and_then(|id| graph.nodes.get(&id).map(|n| of(n))).unwrap_or(false)
}

/// Which outputs of a node go on from what feeds an input of the same type, so that removing it keeps the flow.
fn joins(graph: &Graph, registry: &Registry, id: &NodeId) -> Vec<Join> {
    let Ok(shape) = Shape::of_node(graph, registry, id) else { return Vec::new() };
    let mut wired: Vec<_> = graph.links_into(id).map(|(to, _)| to.port.to_string()).collect();
    wired.sort();
    let outputs = shape
        .outputs
        .iter()
        .filter(|o| graph.links.iter().any(|(_, l)| &l.from.node == id && *l.from.port == *o.name));
    outputs
        .filter_map(|output| {
            let input =
                wired.iter().find(|name| shape.find_input(name).is_some_and(|p| p.value == output.value))?;
            Some(Join { output: output.name.to_string(), input: input.clone() })
        })
        .collect()
}
