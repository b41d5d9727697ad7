//! The canvas without a pointer: what keys, menus and the palette ask of it.

use super::action::CanvasAction;
use super::command::{CanvasCommand, Way};
use super::frame::Frame;
use super::geometry;
use super::titles::Titling;
use super::view::{Id, bounds};
use super::{Canvas, arrange, paint_ground, tidy};
use egui::{Event, Pos2, Rect, Ui, ViewportCommand, vec2};
use std::collections::HashSet;

/// One step of zooming by key.
const ZOOM_STEP: f32 = 1.25;
/// How large a new note is.
const NOTE: [f32; 2] = [240.0, 120.0];

impl Canvas {
    /// Asks for something to be done at the next frame that shows the canvas.
    pub fn ask(&mut self, command: CanvasCommand) {
        self.asked.push(command);
    }

    /// Does what was asked for. `pointer` is where on the graph a new thing goes.
    pub(super) fn perform(&mut self, ui: &Ui, frame: &Frame<'_>, pointer: Pos2, out: &mut Vec<CanvasAction>) {
        for command in std::mem::take(&mut self.asked) {
            self.one(ui, frame, pointer, command, out);
        }
    }

    fn one(
        &mut self,
        ui: &Ui,
        frame: &Frame<'_>,
        pointer: Pos2,
        command: CanvasCommand,
        out: &mut Vec<CanvasAction>,
    ) {
        use CanvasCommand as C;
        let chosen: Vec<Id> = self.selection.iter().cloned().collect();
        let group = || frame.view.groups.iter().find(|g| g.nodes.iter().any(|n| self.selection.contains(n)));
        match command {
            C::Search => out.push(self.search_at(frame, pointer)),
            C::SelectAll => {
                self.select(frame.view.nodes().iter().map(|n| Id::clone(&n.id)));
                out.push(CanvasAction::Selected);
            }
            C::SelectNone => self.select_only(None, out),
            C::SelectUpstream => {
                let all: Vec<Id> = frame.view.upstream(&self.selection).into_iter().cloned().collect();
                self.select(all);
                out.push(CanvasAction::Selected);
            }
            C::Delete => self.delete(chosen, true, out),
            C::DeleteWires => self.delete(chosen, false, out),
            C::Paste | C::PasteWired => {
                self.paste_wired = command == C::PasteWired;
                ui.ctx().send_viewport_cmd(ViewportCommand::RequestPaste);
            }
            C::Note => out.push(CanvasAction::AddNote(Rect::from_min_size(pointer, NOTE.into()))),
            C::Ungroup => out.extend(group().map(|g| CanvasAction::Ungroup(Id::clone(&g.id)))),
            C::CollapseGroup => out.extend(group().map(|g| CanvasAction::FoldGroup(Id::clone(&g.id), true))),
            C::Rename => {
                let one = chosen.first().filter(|_| chosen.len() == 1).and_then(|id| frame.view.node(id));
                self.titling = match (one, group()) {
                    (Some(node), _) => Some(Titling::node(node)),
                    (None, Some(group)) => Some(Titling::group(group)),
                    (None, None) => None,
                };
            }
            C::FitAll => self.fit_all(frame),
            C::FitSelection => self.fit_selection(frame),
            C::ZoomIn => self.zoom_by(frame, ZOOM_STEP),
            C::ZoomOut => self.zoom_by(frame, 1.0 / ZOOM_STEP),
            C::ZoomFull => self.zoom_by(frame, 1.0 / frame.zoom()),
            C::Minimap => self.minimap = !self.minimap,
            C::DescribeWires => self.describe_all = !self.describe_all,
            C::Walk(way) => self.neighbour(frame, way, out),
            C::Leave => out.push(CanvasAction::Leave),
            C::Reroute => {
                let wire = self.wire.clone();
                let curve = wire.as_ref().and_then(|to| frame.view.links().iter().position(|l| l.to == *to));
                let middle = curve.and_then(|i| frame.curve(i)).map(|c| c.at(0.5));
                let at = middle.map_or(pointer, |at| frame.camera.to_graph(frame.panel, at));
                out.push(CanvasAction::Reroute { wire, at });
            }
            C::NameSubGraph => out.push(CanvasAction::NameSubGraph(one(chosen))),
            C::SaveSubGraph => out.push(CanvasAction::SaveSubGraph(one(chosen))),
            C::SearchSaved => {
                let screen = frame.camera.to_screen(frame.panel, pointer);
                out.push(CanvasAction::SearchSaved { at: pointer, screen });
            }
            _ if chosen.is_empty() => {}
            C::Pack => out.push(CanvasAction::Pack(chosen)),
            C::Unpack => out.extend(one(chosen).map(CanvasAction::Unpack)),
            C::Enter => out.extend(one(chosen).map(CanvasAction::Enter)),
            C::OwnSubGraph => out.extend(one(chosen).map(CanvasAction::OwnSubGraph)),
            C::Cut => out.push(CanvasAction::Cut(chosen)),
            C::Copy => out.push(CanvasAction::Copy(chosen)),
            C::Duplicate => out.push(CanvasAction::Duplicate(chosen)),
            C::Bypass => out.push(CanvasAction::Bypass(chosen)),
            C::Mute => out.push(CanvasAction::Mute(chosen)),
            C::Collapse => out.push(CanvasAction::Collapse(chosen)),
            C::Group => out.push(CanvasAction::Group(chosen)),
            C::Pin => out.push(CanvasAction::Pin(chosen)),
            C::Recolor => out.push(CanvasAction::Recolor(chosen)),
            C::Tidy => {
                let set: HashSet<Id> = chosen.into_iter().collect();
                out.push(CanvasAction::Move(tidy::tidy(frame.view, &set, &frame.theme.tokens)));
            }
            C::AlignLeft
            | C::AlignRight
            | C::AlignTop
            | C::AlignBottom
            | C::AlignColumn
            | C::AlignRow
            | C::SpreadAcross
            | C::SpreadDown => {
                let moved = arrange::arranged(frame.view, &self.selection, &frame.theme.tokens, command);
                out.extend((!moved.is_empty()).then_some(CanvasAction::Move(moved)));
            }
            C::Nudge(way, far) => {
                let steps = if far { 4.0 } else { 1.0 };
                let by = way.step() * steps * frame.theme.tokens.size.canvas_snap;
                let moved = chosen.iter().filter_map(|id| frame.view.node(id));
                out.push(CanvasAction::Move(moved.map(|n| (Id::clone(&n.id), n.at + by)).collect()));
            }
            C::View(slot) => {
                out.extend(chosen.into_iter().next().map(|node| CanvasAction::View { slot, node }));
            }
        }
    }

    /// Takes what the clipboard gives while the canvas owns the keys.
    pub(super) fn paste(&mut self, ui: &Ui, at: Pos2, out: &mut Vec<CanvasAction>) {
        if !self.in_use || self.wants_keys() || ui.ctx().text_edit_focused() {
            return;
        }
        let (text, shift) = ui.input(|i| {
            let text = i.events.iter().find_map(|e| match e {
                Event::Paste(text) => Some(text.clone()),
                _ => None,
            });
            (text, i.modifiers.shift)
        });
        if let Some(text) = text {
            let wired = std::mem::take(&mut self.paste_wired) || shift;
            out.push(CanvasAction::Paste { text, at, wired });
        }
    }

    fn zoom_by(&mut self, frame: &Frame<'_>, factor: f32) {
        self.camera.zoom_at(frame.panel, frame.panel.center(), factor, zoom_range(frame));
    }

    fn delete(&mut self, chosen: Vec<Id>, joined: bool, out: &mut Vec<CanvasAction>) {
        if let Some(to) = self.wire.take() {
            out.push(CanvasAction::Disconnect(to));
        } else if let Some(note) = self.note.take() {
            out.push(CanvasAction::DeleteNote(note));
        } else if !chosen.is_empty() {
            out.push(if joined { CanvasAction::Delete(chosen) } else { CanvasAction::Extract(chosen) });
        }
    }

    fn neighbour(&mut self, frame: &Frame<'_>, way: Way, out: &mut Vec<CanvasAction>) {
        let way = way.step();
        let Some(from) = self.selection.iter().next().and_then(|id| frame.view.node(id)) else { return };
        let here = geometry::rect(from, &frame.theme.tokens).center();
        let cost = |rect: Rect| {
            let d = rect.center() - here;
            let along = d.dot(way);
            // What lies mostly in that direction comes before what is merely near.
            (along > 1.0).then(|| along + 2.0 * (d - way * along).length())
        };
        let next = frame
            .view
            .nodes()
            .iter()
            .filter(|n| n.id != from.id)
            .filter_map(|n| Some((cost(geometry::rect(n, &frame.theme.tokens))?, n)))
            .min_by(|(a, _), (b, _)| a.total_cmp(b));
        if let Some((_, node)) = next {
            let at = geometry::rect(node, &frame.theme.tokens);
            self.select_only(Some(Id::clone(&node.id)), out);
            self.look_at(frame.panel, at);
        }
    }

    /// Pans just enough to show a rectangle of the graph.
    fn look_at(&mut self, panel: Rect, rect: Rect) {
        let seen = self.camera.seen(panel).shrink(16.0);
        let over = |lo: f32, hi: f32, a: f32, b: f32| if a < lo { a - lo } else { (b - hi).max(0.0) };
        self.camera.origin += vec2(
            over(seen.left(), seen.right(), rect.left(), rect.right()),
            over(seen.top(), seen.bottom(), rect.top(), rect.bottom()),
        );
    }

    pub(super) fn fit_all(&mut self, frame: &Frame<'_>) {
        self.camera.fit(frame.panel, whole(frame), zoom_range(frame));
        self.fitted = Some(self.camera);
    }

    /// Brings the selection into view at the next frame.
    pub fn show_selection(&mut self) {
        self.look_asked = true;
    }

    /// Pans just enough to show the selection.
    pub(super) fn look_at_selection(&mut self, frame: &Frame<'_>) {
        let chosen = frame.view.nodes().iter().filter(|n| self.selection.contains(&n.id));
        let mut chosen = chosen.map(|n| geometry::rect(n, &frame.theme.tokens)).peekable();
        if chosen.peek().is_some() {
            self.look_at(frame.panel, bounds(chosen));
        }
    }

    fn fit_selection(&mut self, frame: &Frame<'_>) {
        let chosen = frame.view.nodes().iter().filter(|n| self.selection.contains(&n.id));
        let mut chosen = chosen.map(|n| geometry::rect(n, &frame.theme.tokens)).peekable();
        if chosen.peek().is_none() {
            return self.fit_all(frame);
        }
        self.camera.fit(frame.panel, bounds(chosen), zoom_range(frame));
    }
}

/// The one that is chosen, if it is one.
fn one(chosen: Vec<Id>) -> Option<Id> {
    let mut chosen = chosen.into_iter();
    chosen.next().filter(|_| chosen.next().is_none())
}

/// Everything in the graph: nodes, notes and the frames around groups.
pub(super) fn whole(frame: &Frame<'_>) -> Rect {
    let nodes = frame.view.nodes().iter().map(|n| geometry::rect(n, &frame.theme.tokens));
    let notes = frame.view.notes.iter().map(|n| n.rect);
    let groups = frame.view.groups.iter().filter_map(|g| paint_ground::group_bounds(frame, g));
    bounds(nodes.chain(notes).chain(groups))
}

/// The zoom factors that the tokens allow.
pub(super) fn zoom_range(frame: &Frame<'_>) -> (f32, f32) {
    (frame.theme.tokens.zoom.min, frame.theme.tokens.zoom.max)
}
