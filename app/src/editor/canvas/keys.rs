//! The canvas by keyboard.

use super::action::CanvasAction;
use super::frame::Frame;
use super::geometry;
use super::view::{Id, bounds};
use super::{Canvas, paint_ground, tidy};
use egui::{Event, Key, Modifiers, Pos2, Rect, Ui, Vec2, vec2};
use std::collections::HashSet;

const SLOTS: [Key; 9] =
    [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6, Key::Num7, Key::Num8, Key::Num9];
const ARROWS: [(Key, Vec2); 4] = [
    (Key::ArrowLeft, vec2(-1.0, 0.0)),
    (Key::ArrowRight, vec2(1.0, 0.0)),
    (Key::ArrowUp, vec2(0.0, -1.0)),
    (Key::ArrowDown, vec2(0.0, 1.0)),
];

impl Canvas {
    /// Reads the keys that belong to the canvas while it is the panel in use.
    pub(super) fn keys(&mut self, ui: &Ui, frame: &Frame<'_>, pointer: Pos2, out: &mut Vec<CanvasAction>) {
        if !self.in_use || self.pending.is_some() || self.editing.is_some() || ui.ctx().text_edit_focused() {
            return;
        }
        let pressed = |modifiers, key| ui.input_mut(|i| i.consume_key(modifiers, key));
        let chosen: Vec<Id> = self.selection.iter().cloned().collect();
        if std::mem::take(&mut self.search_asked) {
            out.push(self.search_at(frame, pointer));
        }
        if pressed(Modifiers::COMMAND, Key::A) {
            self.selection = frame.view.nodes().iter().map(|n| Id::clone(&n.id)).collect();
            out.push(CanvasAction::Selected);
        }
        if pressed(Modifiers::NONE, Key::Escape) {
            self.select_only(None, out);
        }
        if pressed(Modifiers::NONE, Key::Delete) || pressed(Modifiers::NONE, Key::Backspace) {
            self.delete(chosen.clone(), out);
        }
        if pressed(Modifiers::NONE, Key::Home) {
            self.fit_all(frame);
        }
        if pressed(Modifiers::NONE, Key::F) || pressed(Modifiers::NONE, Key::Period) {
            self.fit_selection(frame);
        }
        if pressed(Modifiers::NONE, Key::L) {
            let set: HashSet<Id> = chosen.iter().cloned().collect();
            out.push(CanvasAction::Move(tidy::tidy(frame.view, &set, &frame.theme.tokens)));
        }
        if pressed(Modifiers::COMMAND | Modifiers::SHIFT, Key::G)
            && let Some(group) =
                frame.view.groups.iter().find(|g| g.nodes.iter().any(|n| self.selection.contains(n)))
        {
            out.push(CanvasAction::Ungroup(Id::clone(&group.id)));
        }
        self.walk(ui, frame, out);
        if chosen.is_empty() {
            self.paste(ui, pointer, out);
            return;
        }
        type Make = fn(Vec<Id>) -> CanvasAction;
        let table: [(Modifiers, Key, Make); 5] = [
            (Modifiers::COMMAND, Key::B, CanvasAction::Bypass),
            (Modifiers::COMMAND, Key::M, CanvasAction::Mute),
            (Modifiers::COMMAND, Key::G, CanvasAction::Group),
            (Modifiers::COMMAND, Key::D, CanvasAction::Duplicate),
            (Modifiers::ALT, Key::C, CanvasAction::Collapse),
        ];
        for (modifiers, key, make) in table {
            if pressed(modifiers, key) {
                out.push(make(chosen.clone()));
            }
        }
        for (slot, key) in (1..).zip(SLOTS) {
            if pressed(Modifiers::NONE, key)
                && let Some(node) = chosen.first()
            {
                out.push(CanvasAction::View { slot, node: Id::clone(node) });
            }
        }
        if ui.input(|i| i.events.contains(&Event::Copy)) {
            out.push(CanvasAction::Copy(chosen.clone()));
        }
        if ui.input(|i| i.events.contains(&Event::Cut)) {
            out.push(CanvasAction::Cut(chosen));
        }
        self.paste(ui, pointer, out);
    }

    fn paste(&self, ui: &Ui, at: Pos2, out: &mut Vec<CanvasAction>) {
        let text = ui.input(|i| {
            i.events.iter().find_map(|e| if let Event::Paste(text) = e { Some(text.clone()) } else { None })
        });
        if let Some(text) = text {
            out.push(CanvasAction::Paste { text, at });
        }
    }

    fn delete(&mut self, chosen: Vec<Id>, out: &mut Vec<CanvasAction>) {
        if let Some(to) = self.wire.take() {
            out.push(CanvasAction::Disconnect(to));
        } else if let Some(note) = self.note.take() {
            out.push(CanvasAction::DeleteNote(note));
        } else if !chosen.is_empty() {
            out.push(CanvasAction::Delete(chosen));
        }
    }

    /// Arrows go to the neighbour; with Ctrl they nudge by the grid, with Shift as well by four.
    fn walk(&mut self, ui: &Ui, frame: &Frame<'_>, out: &mut Vec<CanvasAction>) {
        for (key, way) in ARROWS {
            for (modifiers, steps) in
                [(Modifiers::COMMAND | Modifiers::SHIFT, 4.0), (Modifiers::COMMAND, 1.0)]
            {
                if ui.input_mut(|i| i.consume_key(modifiers, key)) {
                    let by = way * steps * frame.theme.tokens.size.canvas_snap;
                    let moved = self.selection.iter().filter_map(|id| frame.view.node(id));
                    let moved: Vec<_> = moved.map(|n| (Id::clone(&n.id), n.at + by)).collect();
                    if !moved.is_empty() {
                        out.push(CanvasAction::Move(moved));
                    }
                }
            }
            if !self.selection.is_empty() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, key)) {
                self.neighbour(frame, way, out);
            }
        }
    }

    fn neighbour(&mut self, frame: &Frame<'_>, way: Vec2, out: &mut Vec<CanvasAction>) {
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
