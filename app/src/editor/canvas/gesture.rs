//! What the hand is doing: moving nodes, drawing a wire, drawing a box.

use super::Canvas;
use super::action::{CanvasAction, Loose};
use super::connect::{self, Refusal};
use super::curve::Curve;
use super::frame::Frame;
use super::geometry;
use super::view::{CanvasView, Id, PortRef, Side};
use egui::{Pos2, Rect, Ui, Vec2};
use std::collections::{BTreeSet, HashSet};

/// The gesture under way. Places are in the graph.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) enum Gesture {
    /// None.
    #[default]
    Idle,
    /// A box from a corner, adding to what was selected before.
    Box { from: Pos2, before: BTreeSet<Id> },
    /// Nodes in hand, `grabbed` by a point; `by` is how far they are.
    Move { nodes: Vec<Id>, grabbed: Id, from: Pos2, by: Vec2 },
    /// A note in hand.
    Note { note: Id, from: Pos2, by: Vec2 },
    /// A wire in hand; `leaves` is the input that it was taken from.
    Wire { loose: Loose, leaves: Option<PortRef> },
}

/// Where a wire in hand would end.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Target {
    /// On nothing.
    Nothing,
    /// On a port that takes it.
    Port(PortRef),
    /// On something that does not.
    Refused(Refusal),
}

impl Canvas {
    /// The nodes in hand and how far they are from their places.
    pub(super) fn held(&self) -> (HashSet<Id>, Vec2) {
        match &self.gesture {
            Gesture::Move { nodes, by, .. } => (nodes.iter().cloned().collect(), *by),
            _ => (HashSet::new(), Vec2::ZERO),
        }
    }

    /// Follows the pointer with what is in hand.
    pub(super) fn follow(&mut self, view: &CanvasView, pointer: Pos2, step: f32) {
        match &mut self.gesture {
            Gesture::Move { grabbed, from, by, .. } => {
                if let Some(node) = view.node(grabbed) {
                    *by = geometry::snap(node.at + (pointer - *from), step) - node.at;
                }
            }
            Gesture::Note { note, from, by } => {
                if let Some(note) = view.notes.iter().find(|n| n.id == *note) {
                    *by = geometry::snap(note.rect.min + (pointer - *from), step) - note.rect.min;
                }
            }
            Gesture::Idle | Gesture::Box { .. } | Gesture::Wire { .. } => {}
        }
    }

    /// Starts moving what is selected, by `node`.
    pub(super) fn grab(&mut self, view: &CanvasView, node: &Id, from: Pos2, out: &mut Vec<CanvasAction>) {
        if !self.selection.contains(node) {
            self.select_only(Some(Id::clone(node)), out);
        }
        let free = |id: &&Id| view.node(id).is_some_and(|n| !n.pinned);
        let nodes: Vec<Id> = self.selection.iter().filter(free).cloned().collect();
        // A group is moved by its header whether or not its first node keeps its place.
        let held = if nodes.contains(node) { Some(node) } else { nodes.first() };
        let Some(node) = held else { return };
        let node = &Id::clone(node);
        self.gesture = Gesture::Move { nodes, grabbed: Id::clone(node), from, by: Vec2::ZERO };
    }

    /// Starts a wire at a port; at a wired input it takes the wire off.
    pub(super) fn pull(&mut self, view: &CanvasView, side: Side, end: PortRef) {
        let Some(port) = view.port(side, &end) else { return };
        let old = (side == Side::In).then(|| view.link_into(&end)).flatten();
        self.gesture = match old {
            Some(link) => {
                let loose = Loose { port: link.from.clone(), side: Side::Out, ty: link.ty, any: false };
                Gesture::Wire { loose, leaves: Some(end) }
            }
            None => {
                Gesture::Wire { loose: Loose { port: end, side, ty: port.ty, any: port.any }, leaves: None }
            }
        };
    }

    /// Where the wire in hand would end if it were dropped at `pointer` on the screen.
    pub(super) fn target(&self, frame: &Frame<'_>, pointer: Pos2) -> Target {
        let Gesture::Wire { loose, .. } = &self.gesture else { return Target::Nothing };
        let side = connect::opposite(loose.side);
        let reach = (frame.theme.tokens.wire_style.snap_radius * frame.zoom()).max(12.0);
        let near = nearest_port(frame, side, pointer, reach).filter(|end| end.node != loose.port.node);
        let found = |end: Result<PortRef, Refusal>| end.map_or_else(Target::Refused, Target::Port);
        if let Some(end) = near {
            return found(connect::check(frame, loose, &end).map(|_| end));
        }
        let under =
            frame.rects.iter().rposition(|r| r.contains(pointer)).and_then(|i| frame.view.nodes().get(i));
        match under {
            Some(node) if node.id != loose.port.node => found(connect::first_fit(frame, loose, node)),
            _ => Target::Nothing,
        }
    }

    /// The wire that a node in hand would be put into, with the ports to use.
    pub(super) fn insertion(&self, frame: &Frame<'_>, apart: bool) -> Option<(usize, Id, Id)> {
        let Gesture::Move { nodes, grabbed, by, .. } = &self.gesture else { return None };
        let wired = frame.view.links().iter().any(|l| &l.from.node == grabbed || &l.to.node == grabbed);
        if apart || wired || nodes.len() != 1 || *by == Vec2::ZERO {
            return None;
        }
        let index = frame.view.index_of(grabbed)?;
        let (node, rect) = (frame.view.nodes().get(index)?, frame.rects.get(index)?);
        // The header and ports catch a wire; a tall picture passing over one does not.
        let catch =
            Rect::from_min_size(rect.min, egui::vec2(rect.width(), rect.height().min(80.0 * frame.zoom())));
        frame.view.links().iter().enumerate().find_map(|(i, link)| {
            let curve = frame.curve(i)?;
            if !curve.crosses(catch.shrink(4.0)) {
                return None;
            }
            let to = frame.view.port(Side::In, &link.to)?;
            let from = frame.view.port(Side::Out, &link.from)?;
            let (input, output) = connect::insertion(frame.view, node, from, to)?;
            Some((i, input, output))
        })
    }

    /// Drops what is in hand.
    pub(super) fn drop_it(&mut self, ui: &Ui, frame: &Frame<'_>, pointer: Pos2, out: &mut Vec<CanvasAction>) {
        let target = self.target(frame, pointer);
        let insertion = self.insertion(frame, ui.input(|i| i.modifiers.alt));
        let in_graph = frame.camera.to_graph(frame.panel, pointer);
        match std::mem::take(&mut self.gesture) {
            Gesture::Idle => {}
            Gesture::Box { .. } => out.push(CanvasAction::Selected),
            Gesture::Move { by, .. } if by == Vec2::ZERO => {}
            Gesture::Move { nodes, by, grabbed, .. } => {
                let at = |id: &Id| frame.view.node(id).map(|n| n.at + by);
                let link = insertion.and_then(|(i, input, output)| {
                    Some((frame.view.links().get(i)?.to.clone(), input, output, at(&grabbed)?))
                });
                out.push(match link {
                    Some((link, input, output, at)) => {
                        CanvasAction::InsertOnWire { node: grabbed, input, output, link, at }
                    }
                    None => {
                        let moved = nodes.into_iter().filter_map(|id| at(&id).map(|p| (id, p)));
                        CanvasAction::Move(moved.collect())
                    }
                });
            }
            Gesture::Note { note, by, .. } => {
                if let Some(old) = frame.view.notes.iter().find(|n| n.id == note).filter(|_| by != Vec2::ZERO)
                {
                    out.push(CanvasAction::MoveNote { at: old.rect.min + by, note });
                }
            }
            Gesture::Wire { loose, leaves } => match target {
                Target::Port(end) => {
                    let (from, to) = connect::ordered(&loose, &end);
                    let stays = leaves.as_ref() == Some(&to);
                    if !stays {
                        out.push(CanvasAction::Connect { from, to, leaves });
                    }
                }
                Target::Refused(refusal) => out.push(CanvasAction::Refused(refusal.why)),
                Target::Nothing => match leaves {
                    Some(to) => out.push(CanvasAction::Disconnect(to)),
                    None => {
                        self.pending = Some((loose.clone(), in_graph));
                        out.push(CanvasAction::OpenSearch {
                            at: in_graph,
                            screen: pointer,
                            from: Some(loose),
                        });
                    }
                },
            },
        }
    }

    /// Selects what the box touches, on top of what was selected before.
    pub(super) fn sweep(&mut self, frame: &Frame<'_>, pointer: Pos2) {
        if let Gesture::Box { from, before } = &self.gesture {
            let area = Rect::from_two_pos(frame.camera.to_screen(frame.panel, *from), pointer);
            let inside = frame.view.nodes().iter().zip(&frame.rects).filter(|(_, r)| r.intersects(area));
            self.selection = before.iter().cloned().chain(inside.map(|(n, _)| Id::clone(&n.id))).collect();
        }
    }
}

fn nearest_port(frame: &Frame<'_>, side: Side, pointer: Pos2, reach: f32) -> Option<PortRef> {
    let mut best: Option<(f32, PortRef)> = None;
    for (index, node) in frame.view.nodes().iter().enumerate().filter(|(i, _)| frame.sees(*i)) {
        for (row, port) in node.ports(side).iter().enumerate() {
            let Some(at) = frame.port(index, side, row) else { continue };
            let distance = at.distance(pointer);
            if distance <= reach && best.as_ref().is_none_or(|(d, _)| distance < *d) {
                best = Some((distance, PortRef { node: Id::clone(&node.id), port: Id::clone(&port.name) }));
            }
        }
    }
    best.map(|(_, end)| end)
}

/// The curve of a wire in hand from its fixed end to `free` on the screen.
pub(super) fn loose_curve(frame: &Frame<'_>, loose: &Loose, free: Pos2) -> Option<Curve> {
    let index = frame.view.index_of(&loose.port.node)?;
    let (row, _) = frame.view.nodes().get(index)?.port(loose.side, &loose.port.port)?;
    let fixed = frame.port(index, loose.side, row)?;
    let (from, to) = if loose.side == Side::Out { (fixed, free) } else { (free, fixed) };
    Some(Curve::between(from, to, frame.zoom(), &frame.theme.tokens.wire_style))
}
