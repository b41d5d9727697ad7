//! Wires as the canvas shows them.

use super::{Shapes, Source};
use crate::editor::app::facts::State;
use crate::editor::canvas::view::{Fit, Id, LinkView, PortRef, WireState};
use rushes_engine::ValueType;
use rushes_engine::describe::ShapePort;
use rushes_engine::document::{Graph, Link, NodeId, PortRef as End};
use std::collections::HashSet;
use std::sync::Arc;

/// A wire as it was shown last.
pub(super) struct Kept {
    to: End,
    link: Arc<Link>,
    view: Option<Arc<LinkView>>,
}

/// The nodes at the ends of wires that came, went or start elsewhere. Wires before and now are in the order of their
/// ends, so that one walk compares them.
pub(super) fn touched(graph: &Graph, kept: &mut Vec<Kept>) -> HashSet<NodeId> {
    let mut touched = HashSet::new();
    let mut touch = |to: &End, link: &Link| touched.extend([link.from.node.clone(), to.node.clone()]);
    let mut before = std::mem::take(kept).into_iter().peekable();
    kept.reserve(graph.links.size());
    for (to, link) in graph.links.iter() {
        while let Some(gone) = before.next_if(|old| old.to < *to) {
            touch(&gone.to, &gone.link);
        }
        match before.next_if(|old| old.to == *to) {
            Some(old) if Arc::ptr_eq(&old.link, link) => kept.push(old),
            old => {
                old.into_iter().for_each(|old| touch(&old.to, &old.link));
                touch(to, link);
                kept.push(Kept { to: to.clone(), link: Arc::clone(link), view: None });
            }
        }
    }
    before.for_each(|gone| touch(&gone.to, &gone.link));
    touched
}

/// The wires; those at nodes that have `changed` are made anew, as are those of instances and reroutes, whose ports may
/// change by themselves.
pub(super) fn links(
    s: &Source<'_>,
    shapes: &Shapes,
    changed: &HashSet<NodeId>,
    kept: &mut [Kept],
) -> Vec<Arc<LinkView>> {
    let old = |id: &NodeId| changed.contains(id) || shapes.contains_key(id);
    let all_hold = changed.is_empty() && shapes.is_empty();
    let one = |wire: &mut Kept| {
        let known =
            wire.view.take().filter(|_| all_hold || !(old(&wire.link.from.node) || old(&wire.to.node)));
        let view = known.unwrap_or_else(|| Arc::new(shown(s, shapes, &wire.to, &wire.link)));
        wire.view = Some(Arc::clone(&view));
        view
    };
    kept.iter_mut().map(one).collect()
}

fn shown(s: &Source<'_>, shapes: &Shapes, to: &End, link: &Link) -> LinkView {
    let tool = |id: &NodeId| s.registry.get(&s.graph.nodes.get(id)?.kind).ok();
    let ty = carried(s, shapes, &link.from);
    let takes = match shapes.get(&to.node) {
        Some(shape) => shape.find_input(&to.port).and_then(|p: &ShapePort| p.value),
        None => tool(&to.node).and_then(|t| t.spec().find_input(&to.port).map(|p| p.value)),
    };
    let conversion = match takes.map(|t| s.conversions.fit(ty, t)) {
        Some(Fit::Converts(name)) => name.to_owned(),
        _ => String::new(),
    };
    let source = s.facts_of(&link.from.node);
    let state = match source.map(|f| &f.state) {
        Some(State::Error(_) | State::Waiting) => WireState::Broken,
        Some(State::Job | State::Unrun) => WireState::Waits,
        _ => WireState::Ready,
    };
    let at = match shapes.get(&link.from.node) {
        Some(shape) => shape.find_output(&link.from.port).map(|(at, _)| at),
        None => tool(&link.from.node).and_then(|t| t.spec().find_output(&link.from.port).map(|(at, _)| at)),
    };
    let description = source.zip(at).and_then(|(f, i)| f.outputs.get(i).cloned()).unwrap_or_default();
    let end = |p: &End| PortRef { node: Id::from(p.node.as_str()), port: Arc::clone(&p.port) };
    LinkView { from: end(&link.from), to: end(to), ty, state, conversion, description }
}

/// What an output carries, by its tool; clips where the tool is not known.
pub(super) fn carried(s: &Source<'_>, shapes: &Shapes, from: &End) -> ValueType {
    if let Some(shape) = shapes.get(&from.node) {
        return shape.find_output(&from.port).and_then(|(_, p)| p.value).unwrap_or(ValueType::Clip);
    }
    let kind = s.graph.nodes.get(&from.node).map(|n| Arc::clone(&n.kind));
    let tool = kind.and_then(|k| s.registry.get(&k).ok());
    tool.and_then(|t| t.spec().find_output(&from.port).map(|(_, p)| p.value)).unwrap_or(ValueType::Clip)
}
