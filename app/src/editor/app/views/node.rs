//! A node as the canvas shows it: made anew only when something that it is made from has changed.

use super::ports::{inputs, outputs};
use super::{PICTURE_ASPECT, Shapes, Source, Spent, Used, title};
use crate::editor::app::facts::{NodeFacts, State};
use crate::editor::app::mend::Way;
use crate::editor::app::{params, stale};
use crate::editor::canvas::view::{NodeFace, NodeState, NodeView, ParamRow, Thumb};
use crate::editor::theme::icons;
use crate::editor::widgets::paint::capital;
use egui::{Color32, Pos2, TextureId, pos2};
use rushes_engine::document::{Node, NodeId, REROUTE};
use rushes_engine::param::Param;
use rushes_engine::tool::{DynTool, ParamSpec};
use rushes_engine::{Error, ErrorKind, ValueType};
use std::sync::Arc;

const ROWS_ON_NODE: usize = 3;

/// What a node is shown from, beside its wires.
#[derive(Clone)]
pub(super) struct Basis {
    /// What it is called while the graph is evaluated.
    pub(super) own: NodeId,
    pub(super) node: Arc<Node>,
    pub(super) facts: Option<Arc<NodeFacts>>,
    pub(super) texture: Option<TextureId>,
    /// Its picture waits for something slow.
    pub(super) waits: bool,
    pub(super) slot: Option<u8>,
    pub(super) spent: Option<Spent>,
    pub(super) running: Option<f32>,
    pub(super) pinned: bool,
    /// The playhead, where parameters move with it.
    pub(super) frame: Option<i64>,
}

impl PartialEq for Basis {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.node, &other.node) && self.texture == other.texture && self.says_like(other)
    }
}

impl Basis {
    /// Whether all is the same but where the node stands and its picture.
    pub(super) fn differs_little(&self, other: &Self) -> bool {
        same_but_place(&self.node, &other.node) && self.says_like(other)
    }

    fn says_like(&self, other: &Self) -> bool {
        self.knows_like(other)
            && self.own == other.own
            && self.spent == other.spent
            && (self.waits, self.slot, self.running, self.pinned, self.frame)
                == (other.waits, other.slot, other.running, other.pinned, other.frame)
    }

    /// Whether the same is known of the node, as far as it is shown.
    pub(super) fn knows_like(&self, other: &Self) -> bool {
        match (&self.facts, &other.facts) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b) || a.reads_like(b),
            (a, b) => a.is_none() && b.is_none(),
        }
    }

    /// Whether all is said by it: not of a node that is not described yet, nor of one that names others in its words.
    pub(super) fn is_whole(&self) -> bool {
        self.facts.as_ref().is_some_and(|f| f.changes.is_empty())
    }
}

fn same_but_place(a: &Node, b: &Node) -> bool {
    let Node {
        kind,
        version,
        title,
        at: _,
        size,
        color,
        collapsed,
        bypass,
        mute,
        locked,
        take,
        params,
        unknown,
    } = a;
    (kind, version, title, size, color, collapsed)
        == (&b.kind, &b.version, &b.title, &b.size, &b.color, &b.collapsed)
        && (bypass, mute, locked, take) == (&b.bypass, &b.mute, &b.locked, &b.take)
        && (params, unknown) == (&b.params, &b.unknown)
}

/// Where a node stands.
fn place(node: &Node) -> Pos2 {
    pos2(node.at[0] as f32, node.at[1] as f32)
}

fn thumb(basis: &Basis) -> Option<Thumb> {
    let facts = basis.facts.as_deref();
    let clip = facts.and_then(|f| f.clip.as_ref()).map(|(_, c)| c);
    let texture = basis.texture;
    // A picture of old is no hole; neither is one that is on its way.
    let undone = facts.is_some_and(|f| f.slow || matches!(f.state, State::Job));
    let slow = texture.is_none() && (basis.waits || undone);
    let shows = (clip.is_some() || texture.is_some()) && &*basis.node.kind != REROUTE;
    let aspect = clip.map_or(PICTURE_ASPECT, |c| c.width as f32 / c.height.max(1) as f32);
    shows.then_some(Thumb { texture, aspect, slow })
}

/// A node as it was shown before, where it stands now and with its picture of now.
pub(super) fn followed_by(before: &NodeView, basis: &Basis) -> NodeView {
    NodeView { at: place(&basis.node), thumb: thumb(basis), face: Arc::clone(&before.face) }
}

/// Whether two states of a node have the same parameters.
pub(super) fn sets_like(a: &Arc<Node>, b: &Arc<Node>) -> bool {
    Arc::ptr_eq(a, b) || (a.kind == b.kind && a.params == b.params)
}

/// Whether a node's parameters say something else at another frame.
pub(super) fn moves(s: &Source<'_>, node: &Node) -> bool {
    let Ok(tool) = s.registry.get(&node.kind) else { return false };
    let set = tool.params().iter().filter(|spec| node.params.contains_key(&spec.name));
    set.into_iter().any(|spec| !matches!(params::param(node, spec), Param::Value(_)))
}

/// A node, from its basis and its wires.
pub(super) fn node_view(
    s: &Source<'_>,
    shapes: &Shapes,
    id: &NodeId,
    basis: &Basis,
    used: &Used<'_>,
) -> NodeView {
    let node = &basis.node;
    let tool = s.registry.get(&node.kind).ok();
    let shape = shapes.get(id);
    let facts = basis.facts.as_deref();
    let known = tool.is_some() || shape.is_some();
    let (mut state, mut state_words, body) = standing(s, basis, known);
    let clip = facts.and_then(|f| f.clip.as_ref()).map(|(_, c)| c);
    if basis.waits && state == NodeState::Live {
        (state, state_words) = (NodeState::WillRun, "Made when viewed".into());
    }
    let dot = &*node.kind == REROUTE;
    let price = facts.and_then(|f| f.price).filter(|_| state == NodeState::WillCost);
    let price = price.map(|usd| format!("${usd:.2}"));
    let wrong = facts.and_then(|f| if let State::Error(e) = &f.state { Some(e) } else { None });
    let mend = wrong.and_then(|e| Way::of(e, Some(node))).map(|way| way.words().1);
    let face = NodeFace {
        width: node.size.map_or(s.theme.tokens.size.node_width, |size| size[0] as f32),
        inputs: inputs(s, shapes, id, tool),
        outputs: outputs(s, id, tool, shape, used),
        body: if body.is_empty() { spoken(tool, facts) } else { body },
        params: rows(tool.map_or(shape.map_or(&[][..], |s| &s.params), |t| t.params()), node, s.frame),
        caption: clip.map(|c| format!("{}×{}", c.width, c.height)).unwrap_or_default(),
        footer: price.or_else(|| basis.spent.map(|spent| cost(spent, state))).unwrap_or_default(),
        state,
        state_words,
        advice: facts.is_some_and(|f| f.advice),
        collapsed: node.collapsed && !dot,
        dot,
        pinned: basis.pinned,
        color: Color32::from_hex(&node.color).ok(),
        viewer_slot: basis.slot,
        mend: mend.unwrap_or_default(),
        ..NodeFace::new(id.as_str(), title(s.graph, node, s.registry), icons::of_kind(&node.kind))
    };
    NodeView { at: place(node), thumb: thumb(basis), face: Arc::new(face) }
}

/// What a frame took to make, and what it holds where it is kept.
fn cost(spent: Spent, state: NodeState) -> String {
    let (time, mb) = (format!("{:.1} ms", spent.ms), spent.bytes as f64 / 1e6);
    match state {
        NodeState::Cached if spent.bytes > 0 => format!("{time} · {mb:.*} MB", usize::from(mb < 10.0)),
        _ => time,
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

/// How it stands: the state, in words, and what is said in its body.
fn standing(s: &Source<'_>, basis: &Basis, known: bool) -> (NodeState, String, String) {
    let (id, node) = (&basis.own, &basis.node);
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
    if let Some(done) = basis.running {
        // What is done elsewhere does not tell how far it is.
        let words = if done > 0.0 { format!("Running {:.0} %", done * 100.0) } else { "Running".to_owned() };
        return (NodeState::Running(done), words, String::new());
    }
    let Some(facts) = &basis.facts else {
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
        State::Job if facts.price.is_some() => plain(NodeState::WillCost, "Runs when asked"),
        State::Job => plain(NodeState::WillRun, "Runs when asked"),
        State::Unrun => plain(NodeState::Waiting, "Needs a run upstream"),
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
