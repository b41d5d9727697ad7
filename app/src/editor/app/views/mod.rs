//! The document and what is known of it, as the canvas shows it.

mod node;
mod ports;
mod wires;

use super::facts::{Facts, NodeFacts};
use super::picture::Pictures;
use super::{boundary, edits, fold};
use crate::editor::canvas::CanvasView;
use crate::editor::canvas::view::{Conversions, GroupView, LinkView, NodeView, NoteView, PortRef, PortView};
use crate::editor::theme::{Mode, Theme};
use crate::editor::widgets::paint::capital;
use egui::{Color32, Rect, pos2, vec2};
use node::Basis;
pub(super) use ports::shown_port;
use rushes_engine::describe::Shape;
use rushes_engine::document::{self, Graph, Node, NodeId, REROUTE, definition_name, instance_kind};
use rushes_engine::evaluate::{Evaluator, NodeAccount};
use rushes_engine::tool::Registry;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

const PICTURE_ASPECT: f32 = 16.0 / 9.0;

/// What a view is made from.
pub(super) struct Source<'a> {
    /// The graph that is shown.
    pub(super) graph: &'a Graph,
    /// The instance that it is the inside of.
    pub(super) around: Option<&'a NodeId>,
    /// Its name, where it is a sub-graph.
    pub(super) definition: Option<&'a NodeId>,
    pub(super) registry: &'a Registry,
    pub(super) facts: Option<&'a Facts>,
    pub(super) evaluator: &'a Evaluator,
    pub(super) pictures: Option<&'a Pictures>,
    /// Small pictures that wait for something slow.
    pub(super) unmade: &'a HashMap<NodeId, rushes_engine::Key>,
    pub(super) theme: &'a Theme,
    pub(super) slots: &'a HashMap<u8, NodeId>,
    /// What may go into what.
    pub(super) conversions: &'a Conversions,
    /// How far each running job is, 0 to 1.
    pub(super) running: &'a HashMap<NodeId, f32>,
    pub(super) frame: i64,
}

/// The conversions of a registry.
pub(super) fn conversions(registry: &Registry) -> Conversions {
    Conversions(registry.conversions().iter().map(|c| (c.from, c.to, c.name)).collect())
}

impl Source<'_> {
    /// What a node is called while the graph is evaluated.
    fn own(&self, id: &NodeId) -> NodeId {
        self.around.map_or_else(|| id.clone(), |around| around.inside(id))
    }

    fn facts_of(&self, id: &NodeId) -> Option<&Arc<NodeFacts>> {
        self.facts.and_then(|f| f.nodes.get(&self.own(id)))
    }
}

/// What nodes show that no tool of the catalogue says: instances and reroutes.
type Shapes = HashMap<NodeId, Shape>;

fn shapes(s: &Source<'_>) -> Shapes {
    let stands = |node: &Node| &*node.kind == REROUTE || definition_name(&node.kind).is_some();
    let all = s.graph.nodes.iter().filter(|(_, node)| stands(node));
    all.filter_map(|(id, _)| Some((id.clone(), Shape::of_node(s.graph, s.registry, id).ok()?))).collect()
}

/// Outputs that a wire leaves.
type Used<'a> = HashSet<&'a document::PortRef>;

/// Nodes that are shown anew in one frame; others that can wait follow in the next.
const AT_ONCE: usize = 256;

/// What was shown last, from which all is taken over that has not changed: of a thousand nodes few do at a time.
#[derive(Default)]
pub(super) struct Kept {
    nodes: Vec<(NodeId, Basis, Arc<NodeView>)>,
    wires: Vec<wires::Kept>,
    /// Some nodes are still shown as they were.
    late: bool,
}

impl Kept {
    /// Whether some nodes are still shown as they were, and want another frame.
    pub(super) fn is_late(&self) -> bool {
        self.late
    }
}

/// The whole canvas, as it follows on what was shown `before`.
pub(super) fn canvas(s: &Source<'_>, kept: &mut Kept, before: &CanvasView) -> CanvasView {
    let shapes = shapes(s);
    let width = s.theme.tokens.size.node_width;
    let touched = wires::touched(s.graph, &mut kept.wires);
    let (mut nodes, changed) = nodes(s, &shapes, &touched, kept);
    let mut links = wires::links(s, &shapes, &changed, &mut kept.wires);
    let shape = s.definition.map(|name| Shape::of_kind(s.graph, s.registry, &instance_kind(name)));
    if let Some(Ok(shape)) = shape {
        let edge = boundary::links(s.graph, &shape, |from| wires::carried(s, &shapes, from));
        wire_to_edge(&mut nodes, &edge);
        links.extend(edge.into_iter().map(Arc::new));
        nodes.extend(boundary::boxes(s.graph, &shape, width).map(Arc::new));
    }
    let (nodes, links) = fold::fold(s.graph, nodes, links, width, |g| group_view(s, g).color);
    let mut view = before.followed_by(nodes, links);
    let open = s.graph.groups.iter().filter(|g| !g.collapsed);
    view.groups = open.map(|g| group_view(s, g)).collect();
    view.notes = s.graph.notes.iter().map(note_view).collect();
    view
}

/// What is looked up of every node, found once for all.
struct Lookup<'a> {
    inside: HashMap<NodeId, Spent>,
    slots: HashMap<&'a NodeId, u8>,
    pinned: BTreeSet<String>,
}

impl<'a> Lookup<'a> {
    fn of(s: &Source<'a>, shapes: &Shapes) -> Self {
        Self {
            inside: if shapes.is_empty() { HashMap::new() } else { spent_inside(s.evaluator) },
            slots: s.slots.iter().map(|(slot, id)| (id, *slot)).collect(),
            pinned: edits::pinned(s.graph),
        }
    }

    /// What a node is shown from, where it was shown from `last`.
    fn basis(&self, s: &Source<'_>, id: &NodeId, node: &Arc<Node>, last: Option<&Basis>) -> Basis {
        let own = s.own(id);
        let facts = s.facts.and_then(|f| f.nodes.get(&own));
        let thumb = facts.and_then(|f| f.thumb.as_ref());
        let moves = match last {
            Some(last) if node::sets_like(&last.node, node) => last.frame.is_some(),
            _ => node::moves(s, node),
        };
        Basis {
            texture: s.pictures.and_then(|p| p.thumb_of(own.as_str())),
            waits: thumb.is_some_and(|(_, key)| s.unmade.get(&own) == Some(key)),
            slot: self.slots.get(&own).copied(),
            spent: self.inside.get(&own).copied().or_else(|| Spent::of(s.evaluator.account.node(&own)?)),
            running: s.running.get(&own).copied(),
            pinned: !self.pinned.is_empty() && self.pinned.contains(id.as_str()),
            frame: moves.then_some(s.frame),
            node: Arc::clone(node),
            facts: facts.cloned(),
            own,
        }
    }
}

/// The nodes, and those of which something else is known than before. Those before and those now are in the order of
/// their ids, so that one walk compares them.
fn nodes(
    s: &Source<'_>,
    shapes: &Shapes,
    touched: &HashSet<NodeId>,
    kept: &mut Kept,
) -> (Vec<Arc<NodeView>>, HashSet<NodeId>) {
    let lookup = Lookup::of(s, shapes);
    let mut used = None;
    let mut changed = HashSet::new();
    let mut room = AT_ONCE;
    kept.late = false;
    let mut before = std::mem::take(&mut kept.nodes).into_iter().peekable();
    let kept_nodes = &mut kept.nodes;
    kept_nodes.reserve(s.graph.nodes.size());
    for (id, node) in s.graph.nodes.iter() {
        while let Some((gone, ..)) = before.next_if(|(old, ..)| old < id) {
            changed.insert(gone);
        }
        let old = before.next_if(|(old, ..)| old == id);
        let last = old.as_ref().map(|(_, of, _)| of);
        let basis = lookup.basis(s, id, node, last);
        let fixed = basis.is_whole() && !shapes.contains_key(id) && !touched.contains(id);
        let can_wait =
            last.is_some_and(|last| Arc::ptr_eq(&last.node, node) && last.texture == basis.texture);
        let view = match old {
            Some((_, of, view)) if fixed && of == basis => view,
            // Many nodes are moved at once, and all pictures of a large graph come again with its tab.
            Some((_, of, view)) if fixed && of.differs_little(&basis) => {
                Arc::new(node::followed_by(&view, &basis))
            }
            Some(old) if fixed && can_wait && room == 0 => {
                kept.late = true;
                kept_nodes.push(old);
                continue;
            }
            old => {
                room = room.saturating_sub(1);
                if old.is_none_or(|(_, of, _)| of.node.kind != node.kind || !of.knows_like(&basis)) {
                    changed.insert(id.clone());
                }
                let used = used.get_or_insert_with(|| s.graph.links.values().map(|l| &l.from).collect());
                Arc::new(node::node_view(s, shapes, id, &basis, used))
            }
        };
        kept_nodes.push((id.clone(), basis, view));
    }
    changed.extend(before.map(|(gone, ..)| gone));
    (kept_nodes.iter().map(|(_, _, view)| Arc::clone(view)).collect(), changed)
}

/// What a frame of a node took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Spent {
    ms: f64,
    /// What the last one holds; nothing of an instance, which holds what the node inside does that it comes to.
    bytes: u64,
}

impl Spent {
    fn of(account: NodeAccount) -> Option<Self> {
        let total = if account.gpu_ms > 0.0 { account.gpu_ms } else { account.cpu_ms };
        let frames = Some(account.evaluated).filter(|n| *n > 0)?;
        Some(Self { ms: total / frames as f64, bytes: account.bytes })
    }
}

/// What the nodes inside of each instance spent on a frame together.
fn spent_inside(evaluator: &Evaluator) -> HashMap<NodeId, Spent> {
    let mut all: HashMap<NodeId, Spent> = HashMap::new();
    for (id, account) in evaluator.account.nodes() {
        let Some(spent) = Spent::of(account) else { continue };
        let mut around = id.parent();
        while let Some((instance, _)) = around {
            around = instance.parent();
            all.entry(instance).or_default().ms += spent.ms;
        }
    }
    all
}

/// Shows the ports inside of a sub-graph as wired that its boxes are wired to.
fn wire_to_edge(nodes: &mut [Arc<NodeView>], edge: &[LinkView]) {
    let fed: HashSet<&PortRef> = edge.iter().map(|l| &l.to).collect();
    let sent: HashSet<&PortRef> = edge.iter().map(|l| &l.from).collect();
    for shared in nodes {
        let end = |port: &PortView| PortRef::new(shared.id.clone(), port.name.clone());
        let ends = |ports: &[PortView], of: &HashSet<&PortRef>| -> Vec<bool> {
            ports.iter().map(|port| of.contains(&end(port))).collect()
        };
        let (ins, outs) = (ends(&shared.inputs, &fed), ends(&shared.outputs, &sent));
        if ins.iter().chain(&outs).any(|wired| *wired) {
            let node = Arc::make_mut(shared);
            node.inputs.iter_mut().zip(ins).for_each(|(port, wired)| port.linked |= wired);
            node.outputs.iter_mut().zip(outs).for_each(|(port, wired)| port.linked |= wired);
        }
    }
}

fn group_view(s: &Source<'_>, g: &rushes_engine::document::Group) -> GroupView {
    let palette = &s.theme.tokens.group;
    let fallback = palette.last().map_or(Color32::GRAY, |c| **c);
    GroupView {
        id: g.id.as_str().into(),
        title: g.title.clone(),
        color: Color32::from_hex(&g.color).unwrap_or(fallback),
        nodes: g.nodes.iter().map(|n| n.as_str().into()).collect(),
    }
}

fn note_view(n: &rushes_engine::document::Note) -> NoteView {
    let (at, size) = (pos2(n.at[0] as f32, n.at[1] as f32), vec2(n.size[0] as f32, n.size[1] as f32));
    NoteView {
        id: n.id.as_str().into(),
        rect: Rect::from_min_size(at, size.max(vec2(64.0, 32.0))),
        text: n.text.clone(),
    }
}

/// A node's title: its own, or its tool's label, or its kind.
pub(super) fn title(graph: &Graph, node: &Node, registry: &Registry) -> String {
    if !node.title.is_empty() {
        return node.title.clone();
    }
    if &*node.kind == REROUTE {
        return "Reroute".to_owned();
    }
    if let Some(name) = definition_name(&node.kind) {
        let said = graph.definition(name).map(|g| g.title.to_string()).unwrap_or_default();
        return if said.is_empty() { capital(&name.replace('_', " ")) } else { said };
    }
    registry.get(&node.kind).map_or_else(|_| node.kind.to_string(), |t| t.spec().label.to_owned())
}

/// A value in JSON as a plain word, for places where there is room for one.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(s) => s.clone(),
        Value::Null => "auto".into(),
        Value::Bool(true) => "on".into(),
        Value::Bool(false) => "off".into(),
        other => other.to_string(),
    }
}

/// What a view was made from, to know when it is old.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stamp {
    pub(super) revision: u64,
    pub(super) changes: u64,
    pub(super) frame: i64,
    pub(super) mode: Mode,
}
