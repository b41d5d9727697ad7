//! Groups that are drawn as one box: a node that stands for theirs, and what is done to it done to them.
//!
//! The box's ports are the ends inside of wires that cross its edge, each named `node.port`.

use super::edits;
use crate::editor::canvas::view::{Id, LinkView, NodeFace, NodeState, NodeView, PortRef, PortView, Side};
use crate::editor::canvas::{CanvasAction, Loose};
use crate::editor::theme::icons::glyph;
use egui::{Color32, Pos2, pos2};
use rushes_engine::document::{Graph, Group, NodeId};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const PREFIX: &str = "group:";

/// The group that a box stands for.
fn group_of<'a>(graph: &'a Graph, id: &str) -> Option<&'a Group> {
    let name = id.strip_prefix(PREFIX)?;
    graph.groups.iter().find(|g| g.id == name)
}

/// What stands on the canvas for a node: itself, or the box of the folded group that it is in.
pub(super) fn shown(graph: &Graph, node: &NodeId) -> Id {
    let folded = graph.groups.iter().find(|g| g.collapsed && g.nodes.contains(node));
    folded.map_or_else(|| node.as_str().into(), |g| format!("{PREFIX}{}", g.id).into())
}

/// The upper left corner of a group's nodes, where its box stands.
fn corner(graph: &Graph, group: &Group) -> Pos2 {
    let at = group.nodes.iter().filter_map(|id| graph.nodes.get(id)).map(|n| n.at);
    let least = at.reduce(|a, b| [a[0].min(b[0]), a[1].min(b[1])]).unwrap_or_default();
    pos2(least[0] as f32, least[1] as f32)
}

/// What a group comes to: of its nodes the one that stands furthest to the right.
fn result<'a>(graph: &Graph, group: &'a Group) -> Option<&'a NodeId> {
    let at = |id: &NodeId| graph.nodes.get(id).map_or(f64::NEG_INFINITY, |n| n.at[0]);
    group.nodes.iter().max_by(|a, b| at(a).total_cmp(&at(b)))
}

/// Puts a box in the place of the nodes of every group that is folded. `color` is that of a group.
pub(super) fn fold(
    graph: &Graph,
    nodes: Vec<Arc<NodeView>>,
    links: Vec<Arc<LinkView>>,
    width: f32,
    color: impl Fn(&Group) -> Color32,
) -> (Vec<Arc<NodeView>>, Vec<Arc<LinkView>>) {
    let folded: Vec<&Group> = graph.groups.iter().filter(|g| g.collapsed).collect();
    if folded.is_empty() {
        return (nodes, links);
    }
    let mut home: HashMap<Id, usize> = HashMap::new();
    for (index, group) in folded.iter().enumerate() {
        for id in &group.nodes {
            home.entry(id.as_str().into()).or_insert(index);
        }
    }
    let mut boxes: Vec<NodeView> = folded.iter().map(|g| boxed(graph, g, width, color(g))).collect();
    let results: Vec<Option<&NodeId>> = folded.iter().map(|g| result(graph, g)).collect();
    let mut kept = Vec::with_capacity(nodes.len());
    for node in nodes {
        let at = home.get(&node.id).copied();
        match at.and_then(|i| boxes.get_mut(i)) {
            Some(stand_in) => {
                let last = at.and_then(|i| *results.get(i)?).is_some_and(|id| id.as_str() == &*node.id);
                take_in(stand_in, &node, last);
            }
            None => kept.push(node),
        }
    }
    let mut shown = Vec::with_capacity(links.len());
    let mut seen: HashSet<(PortRef, Side)> = HashSet::new();
    for mut link in links {
        let (a, b) = (home.get(&link.from.node).copied(), home.get(&link.to.node).copied());
        if a.is_some() && a == b {
            continue;
        }
        if a.is_none() && b.is_none() {
            shown.push(link);
            continue;
        }
        let crossing = Arc::make_mut(&mut link);
        let ty = crossing.ty;
        for (end, side, at) in [(&mut crossing.from, Side::Out, a), (&mut crossing.to, Side::In, b)] {
            let Some(stand_in) = at.and_then(|i| boxes.get_mut(i)) else { continue };
            let port: Id = format!("{}.{}", end.node, end.port).into();
            let label = port.replace(['_', '.'], " ");
            *end = PortRef { node: Id::clone(&stand_in.id), port: Id::clone(&port) };
            if seen.insert((end.clone(), side)) {
                let port = PortView { name: port, label, ty, any: false, linked: true, required: false };
                match side {
                    Side::In => stand_in.inputs.push(port),
                    Side::Out => stand_in.outputs.push(port),
                }
            }
        }
        shown.push(link);
    }
    kept.extend(boxes.into_iter().map(Arc::new));
    (kept, shown)
}

fn boxed(graph: &Graph, group: &Group, width: f32, color: Color32) -> NodeView {
    let count = group.nodes.iter().filter(|id| graph.nodes.contains_key(id)).count();
    let face = NodeFace {
        width,
        state_words: if count == 1 { "1 node".into() } else { format!("{count} nodes") },
        color: Some(color),
        ..NodeFace::new(format!("{PREFIX}{}", group.id), group.title.clone(), glyph::STACK)
    };
    face.at(corner(graph, group))
}

/// How much a state asks for a person, for the box to show the worst of what it holds.
fn weight(state: NodeState) -> u8 {
    match state {
        NodeState::Error | NodeState::Missing => 5,
        NodeState::Running(_) => 4,
        NodeState::WillCost => 3,
        NodeState::Stale | NodeState::WillRun => 2,
        NodeState::Waiting => 1,
        _ => 0,
    }
}

fn take_in(stand_in: &mut NodeView, node: &NodeView, last: bool) {
    if weight(node.state) > weight(stand_in.state) {
        stand_in.state = node.state;
        stand_in.state_words = format!("{}: {}", node.title, node.state_words);
    }
    stand_in.advice |= node.advice;
    stand_in.viewer_slot = stand_in.viewer_slot.or(node.viewer_slot);
    if last {
        stand_in.thumb = node.thumb;
        stand_in.caption.clone_from(&node.caption);
    }
}

/// An action on boxes as one on their nodes.
pub(super) fn unfold(action: CanvasAction, graph: &Graph) -> CanvasAction {
    let all = |ids: Vec<Id>| -> Vec<Id> {
        let members = ids.into_iter().flat_map(|id| match group_of(graph, &id) {
            Some(group) => group.nodes.iter().map(|n| Id::from(n.as_str())).collect(),
            None => vec![id],
        });
        members.collect()
    };
    let end = |port: PortRef| match port.node.starts_with(PREFIX).then(|| port.port.split_once('.')) {
        Some(Some((node, inner))) => PortRef { node: node.into(), port: inner.into() },
        _ => port,
    };
    match action {
        CanvasAction::Move(moves) => {
            let pinned = edits::pinned(graph);
            let moved = moves.into_iter().flat_map(|(id, at)| match group_of(graph, &id) {
                Some(group) => {
                    let by = at - corner(graph, group);
                    let place = |n: &NodeId| {
                        let node = graph.nodes.get(n)?;
                        Some((Id::from(n.as_str()), pos2(node.at[0] as f32, node.at[1] as f32) + by))
                    };
                    group.nodes.iter().filter_map(place).collect()
                }
                None => vec![(id, at)],
            });
            CanvasAction::Move(moved.filter(|(id, _)| !pinned.contains(&**id)).collect())
        }
        CanvasAction::Open(id) if id.starts_with(PREFIX) => {
            CanvasAction::FoldGroup(id.trim_start_matches(PREFIX).into(), false)
        }
        CanvasAction::Collapse(ids) if ids.len() == 1 && ids.iter().all(|id| id.starts_with(PREFIX)) => {
            let name = ids.first().map(|id| id.trim_start_matches(PREFIX)).unwrap_or_default();
            CanvasAction::FoldGroup(name.into(), false)
        }
        CanvasAction::View { slot, node } => {
            let last = group_of(graph, &node).and_then(|g| result(graph, g)).map(|n| Id::from(n.as_str()));
            CanvasAction::View { slot, node: last.unwrap_or(node) }
        }
        CanvasAction::Connect { from, to, leaves } => {
            CanvasAction::Connect { from: end(from), to: end(to), leaves: leaves.map(end) }
        }
        CanvasAction::Disconnect(to) => CanvasAction::Disconnect(end(to)),
        CanvasAction::InsertOnWire { node, input, output, link, at } => {
            CanvasAction::InsertOnWire { node, input, output, link: end(link), at }
        }
        CanvasAction::OpenSearch { at, screen, from } => {
            let from = from.map(|l| Loose { port: end(l.port), ..l });
            CanvasAction::OpenSearch { at, screen, from }
        }
        CanvasAction::Delete(ids) => CanvasAction::Delete(all(ids)),
        CanvasAction::Extract(ids) => CanvasAction::Extract(all(ids)),
        CanvasAction::Duplicate(ids) => CanvasAction::Duplicate(all(ids)),
        CanvasAction::Copy(ids) => CanvasAction::Copy(all(ids)),
        CanvasAction::Cut(ids) => CanvasAction::Cut(all(ids)),
        CanvasAction::Bypass(ids) => CanvasAction::Bypass(all(ids)),
        CanvasAction::Mute(ids) => CanvasAction::Mute(all(ids)),
        CanvasAction::Collapse(ids) => CanvasAction::Collapse(all(ids)),
        CanvasAction::Group(ids) => CanvasAction::Group(all(ids)),
        CanvasAction::Pin(ids) => CanvasAction::Pin(all(ids)),
        CanvasAction::Recolor(ids) => CanvasAction::Recolor(all(ids)),
        other => other,
    }
}
