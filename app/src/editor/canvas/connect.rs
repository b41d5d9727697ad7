//! Which wires may be drawn: types, conversions, loops, and a refusal in words.

use super::action::Loose;
use super::frame::Frame;
use super::view::{CanvasView, Fit, Id, NodeView, PortRef, PortView, Side};
use rushes_engine::ValueType;
use std::collections::HashSet;

/// Why a wire may not be, and what would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// "Motion takes text, this is a clip".
    pub why: String,
    /// "Clip fits clip and end on this node", or empty.
    pub instead: String,
}

/// The other end of a loose wire, as output and input.
pub fn ordered(loose: &Loose, other: &PortRef) -> (PortRef, PortRef) {
    match loose.side {
        Side::Out => (loose.port.clone(), other.clone()),
        Side::In => (other.clone(), loose.port.clone()),
    }
}

/// The nodes on which `loose` would make a loop.
pub(super) fn loops<'a>(view: &'a CanvasView, loose: &Loose) -> HashSet<&'a Id> {
    view.reached(view.node(&loose.port.node).map(|node| &node.id), opposite(loose.side))
}

/// Whether `loose`, the wire in hand, may end on `other`.
pub(super) fn check(frame: &Frame<'_>, loose: &Loose, other: &PortRef) -> Result<Fit, Refusal> {
    let view = frame.view;
    let side = opposite(loose.side);
    let refuse = |why: String, instead: String| Err(Refusal { why, instead });
    let Some(node) = view.node(&other.node) else {
        return refuse("That node is gone".into(), String::new());
    };
    let Some((_, port)) = node.port(side, &other.port) else {
        return refuse("That port is gone".into(), String::new());
    };
    if frame.loops.contains(&other.node) {
        return Err(a_loop());
    }
    match fit(view, loose, port) {
        Fit::No => {
            let (takes, is) = (with_article(port.ty), with_article(loose.ty));
            let why = match side {
                Side::In => format!("{} takes {takes}, this is {is}", capital(&port.label)),
                Side::Out => format!("{} gives {takes}, this port takes {is}", capital(&port.label)),
            };
            refuse(why, instead(view, loose, node, side))
        }
        fit => Ok(fit),
    }
}

fn a_loop() -> Refusal {
    Refusal {
        why: "A wire here would make a loop".into(),
        instead: "A node cannot wait for its own result".into(),
    }
}

/// The first port of `node` that the wire in hand fits, exact before converted, open before linked.
pub(super) fn first_fit(frame: &Frame<'_>, loose: &Loose, node: &NodeView) -> Result<PortRef, Refusal> {
    if frame.loops.contains(&node.id) {
        return Err(a_loop());
    }
    let side = opposite(loose.side);
    let first = node
        .ports(side)
        .iter()
        .filter_map(|port| {
            let end = PortRef { node: Id::clone(&node.id), port: Id::clone(&port.name) };
            let fit = check(frame, loose, &end).ok()?;
            Some(((fit != Fit::Exact, port.linked && side == Side::In), end))
        })
        .min_by_key(|(rank, _)| *rank);
    first.map(|(_, end)| end).ok_or_else(|| Refusal {
        why: format!("Nothing on {} fits this {}", node.title, loose.ty),
        instead: "Drop it on the canvas to find a node that does".into(),
    })
}

/// The input and output by which a node can be put into the wire between two ports.
pub fn insertion(view: &CanvasView, node: &NodeView, from: &PortView, to: &PortView) -> Option<(Id, Id)> {
    let rank = |fit| match fit {
        Fit::Exact => Some(0),
        Fit::Converts(_) => Some(1),
        Fit::No => None,
    };
    let input = node
        .inputs
        .iter()
        .filter_map(|p| Some((rank(between(view, from, p))?, p)))
        .min_by_key(|(r, _)| *r)?;
    let output =
        node.outputs.iter().filter_map(|p| Some((rank(between(view, p, to))?, p))).min_by_key(|(r, _)| *r)?;
    Some((Id::clone(&input.1.name), Id::clone(&output.1.name)))
}

/// The side a loose wire looks for.
pub fn opposite(side: Side) -> Side {
    match side {
        Side::In => Side::Out,
        Side::Out => Side::In,
    }
}

/// Whether a loose wire may end on a port, by their types.
pub fn fit(view: &CanvasView, loose: &Loose, port: &PortView) -> Fit {
    match loose.side {
        _ if loose.any || port.any => Fit::Exact,
        Side::Out => view.fits.fit(loose.ty, port.ty),
        Side::In => view.fits.fit(port.ty, loose.ty),
    }
}

fn between(view: &CanvasView, from: &PortView, to: &PortView) -> Fit {
    if from.any || to.any { Fit::Exact } else { view.fits.fit(from.ty, to.ty) }
}

fn instead(view: &CanvasView, loose: &Loose, node: &NodeView, side: Side) -> String {
    let names: Vec<&str> = node
        .ports(side)
        .iter()
        .filter(|p| fit(view, loose, p) != Fit::No)
        .map(|p| p.label.as_str())
        .collect();
    match names.as_slice() {
        [] => format!("Nothing on this node fits {}", with_article(loose.ty)),
        [one] => format!("{} fits {one} on this node", capital(&loose.ty.to_string())),
        [all @ .., last] => {
            format!("{} fits {} and {last} on this node", capital(&loose.ty.to_string()), all.join(", "))
        }
    }
}

fn with_article(ty: ValueType) -> String {
    match ty {
        ValueType::Text | ValueType::Flow | ValueType::Audio | ValueType::Depth => ty.to_string(),
        ValueType::ImageSet => "an image set".into(),
        _ => format!("a {ty}"),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
