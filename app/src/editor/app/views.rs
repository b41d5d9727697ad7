//! The document and what is known of it, as the canvas shows it.

use super::facts::{Facts, NodeFacts, State};
use super::mend::Way;
use super::picture::Pictures;
use super::{boundary, edits, fold, params, stale};
use crate::editor::canvas::CanvasView;
use crate::editor::canvas::view::{
    Conversions, GroupView, Id, LinkView, NodeState, NodeView, NoteView, ParamRow, PortRef, PortView, Thumb,
    WireState,
};
use crate::editor::theme::{Theme, icons};
use crate::editor::widgets::paint::capital;
use egui::{Color32, Rect, pos2, vec2};
use rushes_engine::describe::{Shape, ShapePort};
use rushes_engine::document::{Graph, Node, NodeId, REROUTE, definition_name, instance_kind};
use rushes_engine::evaluate::Evaluator;
use rushes_engine::tool::{DynTool, ParamSpec, Registry};
use rushes_engine::{Error, ErrorKind, ValueType};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

const ROWS_ON_NODE: usize = 3;
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

    fn facts_of(&self, id: &NodeId) -> Option<&NodeFacts> {
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

/// The whole canvas.
pub(super) fn canvas(s: &Source<'_>) -> CanvasView {
    let accounts = s.evaluator.account.nodes();
    let used: HashSet<&rushes_engine::document::PortRef> = s.graph.links.values().map(|l| &l.from).collect();
    let pinned = edits::pinned(s.graph);
    let shapes = shapes(s);
    let nodes = s.graph.nodes.iter().map(|(id, node)| {
        let ms = accounts.get(&s.own(id)).filter(|a| a.evaluated > 0).map(|a| {
            let total = if a.gpu_ms > 0.0 { a.gpu_ms } else { a.cpu_ms };
            total / a.evaluated as f64
        });
        NodeView { pinned: pinned.contains(id.as_str()), ..node_view(s, &shapes, id, node, ms, &used) }
    });
    let conversions = conversions(s.registry);
    let width = s.theme.tokens.size.node_width;
    let mut nodes: Vec<NodeView> = nodes.collect();
    let mut links = links(s, &shapes, &conversions);
    let shape = s.definition.map(|name| Shape::of_kind(s.graph, s.registry, &instance_kind(name)));
    if let Some(Ok(shape)) = shape {
        links.extend(boundary::links(s.graph, &shape, |from| carried(s, &shapes, from)));
        let fed: HashSet<&PortRef> = links.iter().map(|l| &l.to).collect();
        let sent: HashSet<&PortRef> = links.iter().map(|l| &l.from).collect();
        for node in &mut nodes {
            let end = |port: &PortView| PortRef::new(node.id.clone(), port.name.clone());
            node.inputs.iter_mut().for_each(|port| port.linked |= fed.contains(&end(port)));
            node.outputs.iter_mut().for_each(|port| port.linked |= sent.contains(&end(port)));
        }
        nodes.extend(boundary::boxes(s.graph, &shape, width));
    }
    let (nodes, links) = fold::fold(s.graph, nodes, links, width, |g| group_view(s, g).color);
    let mut view = CanvasView::new(nodes, links, conversions);
    let open = s.graph.groups.iter().filter(|g| !g.collapsed);
    view.groups = open.map(|g| group_view(s, g)).collect();
    view.notes = s.graph.notes.iter().map(note_view).collect();
    view
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

/// Outputs that a wire leaves.
type Used<'a> = HashSet<&'a rushes_engine::document::PortRef>;

fn node_view(
    s: &Source<'_>,
    shapes: &Shapes,
    id: &NodeId,
    node: &Node,
    ms: Option<f64>,
    used: &Used<'_>,
) -> NodeView {
    let tool = s.registry.get(&node.kind).ok();
    let shape = shapes.get(id);
    let own = s.own(id);
    let facts = s.facts_of(id);
    let (mut state, mut state_words, body) =
        standing(s, &own, node, tool.is_some() || shape.is_some(), facts);
    let clip = facts.and_then(|f| f.clip.as_ref()).map(|(_, c)| c);
    let texture = s.pictures.and_then(|p| p.thumb_of(own.as_str()));
    // A picture of old is no hole; neither is one that is on its way.
    let waits = facts.and_then(|f| f.thumb.as_ref()).is_some_and(|(_, key)| s.unmade.get(&own) == Some(key));
    let slow = texture.is_none() && (waits || facts.is_some_and(|f| f.slow || matches!(f.state, State::Job)));
    if waits && state == NodeState::Live {
        (state, state_words) = (NodeState::WillRun, "Made when viewed".into());
    }
    let shows = clip.is_some() || texture.is_some();
    let dot = &*node.kind == REROUTE;
    let aspect = clip.map_or(PICTURE_ASPECT, |c| c.width as f32 / c.height.max(1) as f32);
    let slot = s.slots.iter().filter(|(_, n)| **n == own).map(|(slot, _)| *slot).min();
    let wrong = facts.and_then(|f| if let State::Error(e) = &f.state { Some(e) } else { None });
    let mend = wrong.and_then(|e| Way::of(e, Some(node))).map(|way| way.words().1);
    let advice =
        s.facts.and_then(|f| f.described.slot(&own).ok()).is_some_and(|slot| !slot.state.advice.is_empty());
    NodeView {
        id: id.as_str().into(),
        title: title(s.graph, node, s.registry),
        icon: icons::of_kind(&node.kind),
        short: String::new(),
        at: pos2(node.at[0] as f32, node.at[1] as f32),
        width: node.size.map_or(s.theme.tokens.size.node_width, |size| size[0] as f32),
        inputs: inputs(s, shapes, id, tool),
        outputs: outputs(s, id, tool, shape, used),
        body: if body.is_empty() { spoken(tool, facts) } else { body },
        params: rows(tool.map_or(shape.map_or(&[][..], |s| &s.params), |t| t.params()), node, s.frame),
        thumb: (shows && !dot).then_some(Thumb { texture, aspect, slow }),
        caption: clip.map(|c| format!("{}×{}", c.width, c.height)).unwrap_or_default(),
        state,
        state_words,
        footer: ms.map(|ms| format!("{ms:.1} ms")).unwrap_or_default(),
        advice,
        collapsed: node.collapsed && !dot,
        dot,
        pinned: false,
        color: Color32::from_hex(&node.color).ok(),
        viewer_slot: slot,
        mend: mend.unwrap_or_default(),
    }
}

/// What a value node says in its body: the text that it gives.
fn spoken(tool: Option<&Arc<dyn DynTool>>, facts: Option<&NodeFacts>) -> String {
    let gives_text = tool.and_then(|t| t.spec().outputs.first()).is_some_and(|p| p.value == ValueType::Text);
    match facts {
        Some(f) if gives_text => f.words.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

fn standing(
    s: &Source<'_>,
    id: &NodeId,
    node: &Node,
    known: bool,
    facts: Option<&NodeFacts>,
) -> (NodeState, String, String) {
    let plain = |state, words: &str| (state, words.to_owned(), String::new());
    if !known {
        return (
            NodeState::Missing,
            "Unknown kind".into(),
            "Parameters and links are kept and written back".into(),
        );
    }
    if node.mute {
        return plain(NodeState::Muted, "Muted");
    }
    if let Some(done) = s.running.get(id) {
        return (NodeState::Running(*done), format!("Running {:.0} %", done * 100.0), String::new());
    }
    let Some(facts) = facts else {
        // Nothing inside is evaluated while the instance around is bypassed or muted.
        let asleep =
            |around: &NodeId| s.facts.is_some_and(|f| f.described.slots_inside(around).next().is_none());
        let words = if s.around.is_some_and(asleep) { "Not in use" } else { "Looking…" };
        return plain(NodeState::Waiting, words);
    };
    if let State::Error(error) = &facts.state {
        return (NodeState::Error, short(error), capital(&error.to_string()));
    }
    if node.bypass {
        return plain(NodeState::Bypassed, "Bypassed");
    }
    match facts.state {
        State::Cached => plain(NodeState::Cached, "Cached"),
        State::Value => plain(NodeState::Cached, "Ready"),
        State::Live | State::Job if !facts.changes.is_empty() && facts.slow => {
            let graph = s.facts.map_or(s.graph, |f| &f.described.graph);
            let cause = facts.changes.first().map(|c| stale::cause(graph, s.registry, id, c));
            (NodeState::Stale, format!("Stale · {}", cause.unwrap_or_default()), String::new())
        }
        State::Live if facts.slow => plain(NodeState::WillRun, "Made when viewed"),
        State::Live | State::Error(_) => plain(NodeState::Live, "Live"),
        State::Job => plain(NodeState::WillRun, "Runs when asked"),
        State::Waiting => plain(NodeState::Waiting, "Error upstream"),
    }
}

/// An error in two or three words for the footer; the body says it whole.
fn short(error: &Error) -> String {
    let words = match error.kind() {
        ErrorKind::Usage if error.what().contains("not connected") => "Input open",
        ErrorKind::Usage => "Setting wrong",
        ErrorKind::Missing => "File missing",
        ErrorKind::Media => "File unreadable",
        ErrorKind::Consent => "Needs consent",
        _ => "Failed",
    };
    words.to_owned()
}

fn rows(params: &[ParamSpec], node: &Node, frame: i64) -> Vec<ParamRow> {
    let shown = params.iter().filter_map(|spec| {
        let value = params::value_at(node, spec, frame);
        let (value, fraction) = params::in_words(spec, &value)?;
        Some(ParamRow { label: spec.label.clone(), value, fraction })
    });
    shown.take(ROWS_ON_NODE).collect()
}

/// A port of an instance or a reroute.
pub(super) fn shown_port(spec: &ShapePort, linked: bool) -> PortView {
    // What nobody named is written as the ports of tools are.
    let plain = spec.name.replace('_', " ");
    PortView {
        name: spec.name.clone(),
        label: if spec.label.eq_ignore_ascii_case(&plain) { plain } else { spec.label.clone() },
        ty: spec.value.unwrap_or(ValueType::Clip),
        any: spec.value.is_none(),
        linked,
        required: spec.required,
    }
}

fn inputs(s: &Source<'_>, shapes: &Shapes, id: &NodeId, tool: Option<&Arc<dyn DynTool>>) -> Vec<PortView> {
    let mut wired: Vec<(Arc<str>, ValueType)> = s
        .graph
        .links_into(id)
        .map(|(to, link)| (Arc::clone(&to.port), carried(s, shapes, &link.from)))
        .collect();
    if let Some(shape) = shapes.get(id) {
        let mut all = Vec::new();
        for spec in &shape.inputs {
            let linked = wired.iter().any(|(name, _)| spec.answers_to(name));
            wired.retain(|(name, _)| !spec.answers_to(name));
            all.push(shown_port(spec, linked));
        }
        all.extend(wired.into_iter().map(|(name, ty)| port(name, ty, true, false)));
        return all;
    }
    let Some(tool) = tool else {
        return wired.into_iter().map(|(name, ty)| port(name, ty, true, false)).collect();
    };
    let mut all = Vec::new();
    for spec in &tool.spec().inputs {
        let mut mine: Vec<_> =
            wired.iter().filter(|(name, _)| spec.answers_to(name)).map(|(n, _)| Arc::clone(n)).collect();
        wired.retain(|(name, _)| !spec.answers_to(name));
        if !spec.variadic {
            all.push(port(spec.name.into(), spec.value, !mine.is_empty(), spec.required));
            continue;
        }
        let number = |name: &str| name.trim_start_matches(spec.name).parse::<u32>().unwrap_or(0);
        mine.sort_by_key(|name| number(name));
        let next = mine.last().map_or(0, |name| number(name)) + 1;
        let none = mine.is_empty();
        all.extend(mine.into_iter().map(|name| port(name, spec.value, true, spec.required)));
        all.push(port(format!("{}{next}", spec.name).into(), spec.value, false, spec.required && none));
    }
    // What is left ends on parameters, or on ports that this version of the tool does not have.
    all.extend(wired.into_iter().map(|(name, ty)| port(name, ty, true, false)));
    all
}

fn outputs(
    s: &Source<'_>,
    id: &NodeId,
    tool: Option<&Arc<dyn DynTool>>,
    shape: Option<&Shape>,
    used: &Used<'_>,
) -> Vec<PortView> {
    let used = |name: &str| used.contains(&rushes_engine::document::PortRef::new(id.clone(), name));
    if let Some(shape) = shape {
        return shape.outputs.iter().map(|spec| shown_port(spec, used(&spec.name))).collect();
    }
    match tool {
        Some(tool) => {
            let ports = tool.spec().outputs.iter();
            ports.map(|p| port(p.name.into(), p.value, used(p.name), false)).collect()
        }
        None => {
            let mut names: Vec<Arc<str>> = s
                .graph
                .links
                .iter()
                .filter(|(_, l)| &l.from.node == id)
                .map(|(_, l)| Arc::clone(&l.from.port))
                .collect();
            names.sort();
            names.dedup();
            names.into_iter().map(|n| port(n, ValueType::Clip, true, false)).collect()
        }
    }
}

fn port(name: Arc<str>, ty: ValueType, linked: bool, required: bool) -> PortView {
    let label = name.replace('_', " ");
    PortView { name, label, ty, any: false, linked, required }
}

/// What an output carries, by its tool; clips where the tool is not known.
fn carried(s: &Source<'_>, shapes: &Shapes, from: &rushes_engine::document::PortRef) -> ValueType {
    if let Some(shape) = shapes.get(&from.node) {
        return shape.find_output(&from.port).and_then(|(_, p)| p.value).unwrap_or(ValueType::Clip);
    }
    let kind = s.graph.nodes.get(&from.node).map(|n| Arc::clone(&n.kind));
    let tool = kind.and_then(|k| s.registry.get(&k).ok());
    tool.and_then(|t| t.spec().find_output(&from.port).map(|(_, p)| p.value)).unwrap_or(ValueType::Clip)
}

fn links(s: &Source<'_>, shapes: &Shapes, conversions: &Conversions) -> Vec<LinkView> {
    let end = |p: &rushes_engine::document::PortRef| PortRef {
        node: Id::from(p.node.as_str()),
        port: Arc::clone(&p.port),
    };
    s.graph
        .links
        .iter()
        .map(|(to, link)| {
            let ty = carried(s, shapes, &link.from);
            let takes = match (shapes.get(&to.node), s.graph.nodes.get(&to.node)) {
                (Some(shape), _) => shape.find_input(&to.port).and_then(|p| p.value),
                (None, Some(node)) => {
                    let tool = s.registry.get(&node.kind).ok();
                    tool.and_then(|t| t.spec().find_input(&to.port).map(|p| p.value))
                }
                (None, None) => None,
            };
            let conversion = match takes.map(|t| conversions.fit(ty, t)) {
                Some(crate::editor::canvas::view::Fit::Converts(name)) => name.to_owned(),
                _ => String::new(),
            };
            let source = s.facts_of(&link.from.node);
            let state = match source.map(|f| &f.state) {
                Some(State::Error(_) | State::Waiting) => WireState::Broken,
                Some(State::Job) => WireState::Waits,
                _ => WireState::Ready,
            };
            let at = match (shapes.get(&link.from.node), s.graph.nodes.get(&link.from.node)) {
                (Some(shape), _) => shape.find_output(&link.from.port).map(|(at, _)| at),
                (None, Some(node)) => {
                    let tool = s.registry.get(&node.kind).ok();
                    tool.and_then(|t| t.spec().find_output(&link.from.port).map(|(at, _)| at))
                }
                (None, None) => None,
            };
            let description = source.zip(at).and_then(|(f, i)| f.outputs.get(i).cloned()).unwrap_or_default();
            LinkView { from: end(&link.from), to: end(to), ty, state, conversion, description }
        })
        .collect()
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
    pub(super) mode: crate::editor::theme::Mode,
}
