//! The edge of a sub-graph as the canvas shows it inside: a box of its inputs on the left, one of its outputs on the
//! right, and what is done to their wires as edits of its ports.

use super::edits::{self, end, place};
use super::views::shown_port;
use crate::editor::canvas::CanvasAction;
use crate::editor::canvas::view::{
    Id, LinkView, NodeFace, NodeState, NodeView, PortRef as CanvasPort, PortView, WireState,
};
use crate::editor::theme::icons::glyph;
use egui::{Pos2, pos2};
use rushes_engine::describe::{Shape, ShapePort};
use rushes_engine::document::{Edit, Graph, Interface, NodeId, PortRef, Socket};
use rushes_engine::{Error, Result, ValueType};
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The ids of the two boxes; no node can have them.
const INPUTS: &str = "inputs:";
const OUTPUTS: &str = "outputs:";
/// The port that becomes a new one when it is wired. No port can be called so.
const NEW: &str = "new.port";
/// Members of a sub-graph's `view` that say where the boxes stand.
const PLACES: [&str; 2] = ["inputs_at", "outputs_at"];
/// Between a box and the nodes beside it.
const BESIDE: f64 = 96.0;

/// Whether an id of the canvas is one of the boxes.
pub(super) fn is_box(id: &str) -> bool {
    id == INPUTS || id == OUTPUTS
}

/// The boxes of a sub-graph that looks like `shape` from outside.
pub(super) fn boxes(graph: &Graph, shape: &Shape, width: f32) -> [NodeView; 2] {
    let [left, right] = places(graph, f64::from(width));
    let new = |label: &str| PortView {
        name: NEW.into(),
        label: label.to_owned(),
        ty: ValueType::Clip,
        any: true,
        linked: false,
        required: false,
    };
    let ports = |ports: &[ShapePort], label| {
        ports
            .iter()
            .map(|port| PortView { required: false, ..shown_port(port, true) })
            .chain([new(label)])
            .collect()
    };
    let inputs = NodeFace {
        outputs: ports(&shape.inputs, "new input"),
        width,
        state: NodeState::Live,
        ..NodeFace::new(INPUTS, "Inputs", glyph::SIGN_IN)
    };
    let outputs = NodeFace {
        inputs: ports(&shape.outputs, "new output"),
        width,
        state: NodeState::Live,
        ..NodeFace::new(OUTPUTS, "Outputs", glyph::SIGN_OUT)
    };
    [inputs.at(left), outputs.at(right)]
}

/// Where the boxes stand: where a person put them, else beside the nodes.
fn places(graph: &Graph, width: f64) -> [Pos2; 2] {
    let said = |name: &str| {
        let at = graph.view.get(name)?.as_array()?;
        Some(pos2(at.first()?.as_f64()? as f32, at.get(1)?.as_f64()? as f32))
    };
    let at = || graph.nodes.values().map(|node| node.at);
    let left = at().map(|at| at[0]).reduce(f64::min).unwrap_or(0.0);
    let right = at().map(|at| at[0]).reduce(f64::max).unwrap_or(0.0);
    let top = at().map(|at| at[1]).reduce(f64::min).unwrap_or(0.0);
    let beside = [left - width - BESIDE, right + width + BESIDE];
    let [x_in, x_out] = beside.map(|x| pos2(x as f32, top as f32));
    [said(PLACES[0]).unwrap_or(x_in), said(PLACES[1]).unwrap_or(x_out)]
}

/// The wires from and to the boxes.
pub(super) fn links(graph: &Graph, shape: &Shape, carried: impl Fn(&PortRef) -> ValueType) -> Vec<LinkView> {
    let link = |from: CanvasPort, to: CanvasPort, ty| LinkView {
        from,
        to,
        ty,
        state: WireState::Ready,
        conversion: String::new(),
        description: String::new(),
    };
    let inner = |place: &PortRef| CanvasPort::new(place.node.as_str(), place.port.clone());
    let mut all = Vec::new();
    for socket in &graph.interface.inputs {
        let ty = shape.find_input(&socket.name).and_then(|port| port.value).unwrap_or(ValueType::Clip);
        // What is wired inside as well takes from there only where nothing is wired outside; it is drawn once.
        let free = socket.places.iter().filter(|place| !graph.links.contains_key(place));
        all.extend(free.map(|to| link(CanvasPort::new(INPUTS, socket.name.clone()), inner(to), ty)));
    }
    for socket in &graph.interface.outputs {
        let from = socket.places.first().into_iter();
        all.extend(from.map(|p| link(inner(p), CanvasPort::new(OUTPUTS, socket.name.clone()), carried(p))));
    }
    all
}

/// Takes the boxes out of what is done to nodes that they are not.
pub(super) fn without(action: CanvasAction) -> CanvasAction {
    let rest = |ids: Vec<Id>| ids.into_iter().filter(|id| !is_box(id)).collect();
    match action {
        CanvasAction::Delete(ids) => CanvasAction::Delete(rest(ids)),
        CanvasAction::Extract(ids) => CanvasAction::Extract(rest(ids)),
        CanvasAction::Duplicate(ids) => CanvasAction::Duplicate(rest(ids)),
        CanvasAction::Copy(ids) => CanvasAction::Copy(rest(ids)),
        CanvasAction::Cut(ids) => CanvasAction::Cut(rest(ids)),
        CanvasAction::Bypass(ids) => CanvasAction::Bypass(rest(ids)),
        CanvasAction::Mute(ids) => CanvasAction::Mute(rest(ids)),
        CanvasAction::Collapse(ids) => CanvasAction::Collapse(rest(ids)),
        CanvasAction::Group(ids) => CanvasAction::Group(rest(ids)),
        CanvasAction::Pin(ids) => CanvasAction::Pin(rest(ids)),
        CanvasAction::Recolor(ids) => CanvasAction::Recolor(rest(ids)),
        CanvasAction::Pack(ids) => CanvasAction::Pack(rest(ids)),
        other => other,
    }
}

/// The edits of an action that touches the boxes or their wires, and the label of their step; `None` for others.
pub(super) fn of_action(action: &CanvasAction, graph: &Graph) -> Result<Option<(Vec<Edit>, String)>> {
    let mut ports = Ports::of(graph);
    match action {
        CanvasAction::Move(all) if all.iter().any(|(id, _)| is_box(id)) => {
            let moved = all.iter().map(|(id, at)| match is_box(id) {
                true => {
                    let name = if **id == *INPUTS { PLACES[0] } else { PLACES[1] };
                    let [x, y] = place(*at);
                    Ok(Edit::View { name: name.to_owned(), value: json!([x, y]) })
                }
                false => Ok(Edit::Move { node: edits::node(id)?, at: place(*at) }),
            });
            Ok(Some((moved.collect::<Result<_>>()?, "Move".to_owned())))
        }
        CanvasAction::Connect { from, to, leaves } => {
            let (inward, outward) = (*from.node == *INPUTS, *to.node == *OUTPUTS);
            if inward && outward {
                return Err(
                    Error::usage("an input cannot be an output as it is").help("put a reroute between")
                );
            }
            let left = leaves.as_ref().filter(|old| *old != to);
            let mut edits = Vec::new();
            if outward {
                ports.give(&to.port, end(from)?)?;
            } else {
                let inner = end(to)?;
                ports.strip(&inner);
                match inward {
                    true => {
                        ports.take(&from.port, inner.clone())?;
                        edits.extend(
                            graph.links.contains_key(&inner).then_some(Edit::Disconnect { to: inner }),
                        );
                    }
                    false => edits.push(Edit::Connect { from: end(from)?, to: inner }),
                }
            }
            // Last, so that a port whose only wire moves is still there to take it.
            if let Some(old) = left {
                edits.extend(ports.let_go(old, graph)?);
            }
            Ok(ports.changed(graph).map(|ports| {
                edits.push(ports);
                (edits, "Connect".to_owned())
            }))
        }
        CanvasAction::Disconnect(to) => {
            let edits = ports.let_go(to, graph)?;
            Ok(ports
                .changed(graph)
                .map(|ports| (edits.into_iter().chain([ports]).collect(), "Disconnect".to_owned())))
        }
        CanvasAction::InsertOnWire { node: id, input, output, link, at } => {
            let node = edits::node(id)?;
            let (into, out) =
                (PortRef::new(node.clone(), input.clone()), PortRef::new(node.clone(), output.clone()));
            let wires = insert(graph, link, into, out)?;
            Ok(wires.map(|wires| {
                let moved = Edit::Move { node, at: place(*at) };
                (std::iter::once(moved).chain(wires).collect(), "Insert".to_owned())
            }))
        }
        _ => Ok(None),
    }
}

/// The edits that lead the wire from or to a box that ends on `link` through a node; `None` where it is no such wire.
pub(super) fn insert(
    graph: &Graph,
    link: &CanvasPort,
    into: PortRef,
    out: PortRef,
) -> Result<Option<Vec<Edit>>> {
    let mut ports = Ports::of(graph);
    if *link.node == *OUTPUTS {
        let socket = ports.outputs.iter_mut().find(|s| s.name == link.port);
        let Some(first) = socket.and_then(|s| s.places.first_mut()) else { return Ok(None) };
        let from = std::mem::replace(first, out);
        let wire = Edit::Connect { from, to: into };
        return Ok(ports.changed(graph).map(|ports| vec![wire, ports]));
    }
    let to = end(link)?;
    if graph.links.contains_key(&to) {
        return Ok(None);
    }
    for socket in ports.inputs.iter_mut().chain(&mut ports.params) {
        socket.places.iter_mut().filter(|place| **place == to).for_each(|place| *place = into.clone());
    }
    Ok(ports.changed(graph).map(|ports| vec![ports, Edit::Connect { from: out, to }]))
}

/// The edit that lets a sub-graph show a parameter of a node inside as its own, or no longer.
pub(super) fn promote(graph: &Graph, node: &NodeId, param: &str, label: &str) -> Result<(Edit, String)> {
    let place = PortRef::new(node.clone(), param);
    let mut ports = Ports::of(graph);
    let shown = ports.params.iter().any(|s| s.places.contains(&place));
    if shown {
        ports.params.iter_mut().for_each(|s| s.places.retain(|p| *p != place));
        ports.params.retain(|s| !s.places.is_empty());
    } else {
        let name = ports.free(param);
        let label = if label.eq_ignore_ascii_case(&name.replace('_', " ")) { "" } else { label };
        ports.params.push(Socket { label: label.to_owned(), ..Socket::of(name, place) });
    }
    let none = || Error::usage(format!("nothing is known of {node}.{param}"));
    let edit = ports.changed(graph).ok_or_else(none)?;
    Ok((edit, if shown { "Take a parameter back" } else { "Promote a parameter" }.to_owned()))
}

/// The edit that labels a port, which is `inputs:` or `outputs:` and its name.
pub(super) fn label(graph: &Graph, which: &str, name: &str, value: &Value) -> Option<Edit> {
    let mut ports = Ports::of(graph);
    let list = if which == INPUTS { &mut ports.inputs } else { &mut ports.outputs };
    let socket = list.iter_mut().find(|s| *s.name == *name)?;
    value.as_str().unwrap_or_default().trim().clone_into(&mut socket.label);
    ports.changed(graph)
}

/// The ports of a box, for the inspector: names and labels.
pub(super) fn ports_of<'a>(graph: &'a Graph, id: &str) -> &'a [Socket] {
    if id == INPUTS { &graph.interface.inputs } else { &graph.interface.outputs }
}

/// The ports of a sub-graph as they are to be.
struct Ports {
    inputs: Vec<Socket>,
    outputs: Vec<Socket>,
    params: Vec<Socket>,
}

impl Ports {
    fn of(graph: &Graph) -> Self {
        let Interface { inputs, outputs, params } = Interface::clone(&graph.interface);
        Self { inputs, outputs, params }
    }

    /// The edit that makes them so, where they are others.
    fn changed(self, graph: &Graph) -> Option<Edit> {
        let old = &graph.interface;
        let (inputs, outputs, params) =
            (self.inputs != old.inputs, self.outputs != old.outputs, self.params != old.params);
        (inputs || outputs || params).then(|| Edit::SetPorts {
            inputs: inputs.then_some(self.inputs),
            outputs: outputs.then_some(self.outputs),
            params: params.then_some(self.params),
        })
    }

    fn free(&self, base: &str) -> String {
        let taken: BTreeSet<&str> = self.inputs.iter().chain(&self.params).map(|s| &*s.name).collect();
        free(base, &taken)
    }

    /// Nothing comes from a box to this place any more; an input that is left without any goes.
    fn strip(&mut self, place: &PortRef) {
        let had = |s: &Socket| s.places.contains(place);
        let gone = |s: &mut Socket| {
            let touched = had(s);
            s.places.retain(|p| p != place);
            touched && s.places.is_empty()
        };
        self.inputs.retain_mut(|s| !gone(s));
    }

    /// Lets an input lead to a place too.
    fn take(&mut self, name: &str, place: PortRef) -> Result<()> {
        if name == NEW {
            let name = self.free(&place.port);
            self.inputs.push(Socket::of(name, place));
            return Ok(());
        }
        let socket = self.inputs.iter_mut().find(|s| *s.name == *name);
        socket.ok_or_else(|| unknown(name))?.places.push(place);
        Ok(())
    }

    /// Lets an output come from a place.
    fn give(&mut self, name: &str, place: PortRef) -> Result<()> {
        if name == NEW {
            let taken: BTreeSet<&str> = self.outputs.iter().map(|s| &*s.name).collect();
            let name = free(&place.port, &taken);
            self.outputs.push(Socket::of(name, place));
            return Ok(());
        }
        let socket = self.outputs.iter_mut().find(|s| *s.name == *name);
        socket.ok_or_else(|| unknown(name))?.places = vec![place];
        Ok(())
    }

    /// Takes a wire off where it ends.
    fn let_go(&mut self, to: &CanvasPort, graph: &Graph) -> Result<Option<Edit>> {
        if *to.node == *OUTPUTS {
            self.outputs.retain(|s| s.name != to.port);
            return Ok(None);
        }
        let to = end(to)?;
        if graph.links.contains_key(&to) {
            return Ok(Some(Edit::Disconnect { to }));
        }
        self.strip(&to);
        Ok(None)
    }
}

fn unknown(name: &str) -> Error {
    Error::usage(format!("there is no port “{name}” any more")).help("look at the sub-graph again")
}

fn free(base: &str, taken: &BTreeSet<&str>) -> String {
    let mut name = base.to_owned();
    let mut number = 2;
    while taken.contains(name.as_str()) {
        name = format!("{base}_{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::document::json as file;

    fn level() -> Graph {
        let text = r#"{ "rushes": 1, "nodes": [ { "id": "a", "kind": "finish/blur" }, { "id": "b", "kind": "finish/grade" },
                { "id": "c", "kind": "finish/grade" } ],
            "links": [ { "from": "a.clip", "to": "b.clip" } ],
            "inputs": [ { "name": "clip", "for": "a.clip" } ], "outputs": [ { "name": "clip", "for": "b.clip" } ] }"#;
        file::read(text.as_bytes()).unwrap().graph
    }

    fn after(action: &CanvasAction) -> Graph {
        let graph = level();
        let (edits, _) = of_action(action, &graph).unwrap().unwrap();
        edits.iter().fold(graph, |g, edit| edit.apply(&g).unwrap())
    }

    fn shown(graph: &Graph) -> String {
        let list = |sockets: &[Socket]| {
            let one = |s: &Socket| format!("{}={:?}", s.name, s.places);
            sockets.iter().map(one).collect::<Vec<_>>().join(" ")
        };
        format!("{} | {}", list(&graph.interface.inputs), list(&graph.interface.outputs))
    }

    fn wire(from: (&str, &str), to: (&str, &str), leaves: Option<(&str, &str)>) -> CanvasAction {
        let end = |(node, port): (&str, &str)| CanvasPort::new(node, port);
        CanvasAction::Connect { from: end(from), to: end(to), leaves: leaves.map(end) }
    }

    #[test]
    fn a_wire_from_or_to_the_edge_makes_a_port_and_one_that_goes_takes_it_along() {
        let made = after(&wire((INPUTS, NEW), ("b", "mask"), None));
        assert_eq!(shown(&made), "clip=[a.clip] mask=[b.mask] | clip=[b.clip]");
        let made = after(&wire(("a", "clip"), (OUTPUTS, NEW), None));
        assert_eq!(shown(&made), "clip=[a.clip] | clip=[b.clip] clip_2=[a.clip]");
        let both = after(&wire((INPUTS, "clip"), ("b", "clip"), None));
        assert_eq!(shown(&both), "clip=[a.clip, b.clip] | clip=[b.clip]");
        assert!(both.links.is_empty(), "the wire that was there gives way");
        let moved = after(&wire((INPUTS, "clip"), ("b", "mask"), Some(("a", "clip"))));
        assert_eq!(shown(&moved), "clip=[b.mask] | clip=[b.clip]");
        let off = after(&CanvasAction::Disconnect(CanvasPort::new(OUTPUTS, "clip")));
        assert_eq!(shown(&off), "clip=[a.clip] | ");
        assert!(
            of_action(&CanvasAction::Disconnect(CanvasPort::new("b", "clip")), &level()).unwrap().is_none()
        );
        let through = wire((INPUTS, "clip"), (OUTPUTS, NEW), None);
        assert!(of_action(&through, &level()).unwrap_err().help_text().contains("reroute"));
    }

    #[test]
    fn a_node_put_into_a_wire_of_the_edge_stands_between() {
        let insert = |node: &str, port: &str| CanvasAction::InsertOnWire {
            node: "c".into(),
            input: "clip".into(),
            output: "clip".into(),
            link: CanvasPort::new(node, port),
            at: Pos2::ZERO,
        };
        let graph = after(&insert("a", "clip"));
        assert_eq!(shown(&graph), "clip=[c.clip] | clip=[b.clip]");
        assert_eq!(graph.links.get(&"a.clip".parse().unwrap()).unwrap().from.to_string(), "c.clip");
        let graph = after(&insert(OUTPUTS, "clip"));
        assert_eq!(shown(&graph), "clip=[a.clip] | clip=[c.clip]");
        assert_eq!(graph.links.get(&"c.clip".parse().unwrap()).unwrap().from.to_string(), "b.clip");
    }

    #[test]
    fn a_parameter_is_promoted_and_taken_back() {
        let id: NodeId = "a".parse().unwrap();
        let (edit, _) = promote(&level(), &id, "sigma", "Radius").unwrap();
        let graph = edit.apply(&level()).unwrap();
        assert_eq!(
            (&*graph.interface.params[0].name, &*graph.interface.params[0].label),
            ("sigma", "Radius")
        );
        let (edit, _) = promote(&graph, &id, "sigma", "Radius").unwrap();
        assert!(edit.apply(&graph).unwrap().interface.params.is_empty());
    }
}
