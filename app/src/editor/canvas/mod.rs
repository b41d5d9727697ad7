//! The node canvas: pan, zoom, select, move, wire.
//!
//! It shows a [`CanvasView`] and gives back [`CanvasAction`]s; it knows no document.
//!
//! # Why a canvas of our own
//!
//! Measured against `egui_graph` 0.19.1, the best maintained crate, with the same 1,000 nodes (title, four port
//! labels, picture, two parameters, footer) and 999 wires, one core, no GPU, median of 20 frames:
//!
//! | | layout | tessellation | triangles |
//! |---|---|---|---|
//! | `egui_graph`, culled, 100 % | 3.3 ms | 2.1 ms | 67 thousand |
//! | `egui_graph`, everything in view | 29 ms | 24 ms | 511 thousand |
//! | own painter, 100 % | 0.1 ms | 0.2 ms | 12 thousand |
//! | own painter, 60 % | 0.2 ms | 0.3 ms | 21 thousand |
//! | own painter, everything in view | 0.4 ms | 1.8 ms | 92 thousand |
//!
//! `egui_graph` lays widgets out inside an `egui::Scene`, which scales a finished layer: text is magnified
//! instead of drawn for the zoom, and every widget is laid out at every zoom, so there are no levels of detail.
//! Ports in several shapes on a node's edge, wires with casings and dashes, and inserting on a wire would all
//! be ours to write on top of it. A thousand nodes at sixty frames a second decides it.

pub mod action;
mod arrange;
pub mod camera;
pub mod command;
pub mod connect;
mod curve;
mod frame;
mod geometry;
mod gesture;
mod mend;
mod minimap;
mod notes;
mod paint_far;
mod paint_ground;
mod paint_node;
mod paint_port;
mod paint_wire;
mod perform;
mod show;
pub mod state;
pub mod tidy;
mod titles;
pub mod view;

pub use action::{CanvasAction, Loose};
pub use camera::Camera;
pub use command::{CanvasCommand, Way};
pub use paint_port::sign as port_sign;
pub use view::CanvasView;

use crate::editor::theme::Theme;
use egui::{Context, Pos2, Rect};
use gesture::Gesture;
use std::collections::BTreeSet;
use view::{Id, PortRef};

/// What the canvas remembers between frames. None of it belongs to the document.
#[derive(Debug)]
pub struct Canvas {
    /// Where it looks.
    pub camera: Camera,
    /// Whether the small map is shown where the graph is larger than what is seen.
    pub minimap: bool,
    map_shown: bool,
    /// Whether every wire says what it carries, not only the one under the pointer.
    pub describe_all: bool,
    selection: BTreeSet<Id>,
    wire: Option<PortRef>,
    note: Option<Id>,
    editing: Option<(Id, String)>,
    gesture: Gesture,
    pending: Option<(Loose, Pos2)>,
    in_use: bool,
    asked: Vec<CanvasCommand>,
    /// The next paste from the clipboard is wired to what it was wired to.
    paste_wired: bool,
    /// The title that is being written.
    titling: Option<titles::Titling>,
    /// A wheel is being turned: what egui smooths of it must not pan as well.
    wheel_turns: bool,
    fit_asked: bool,
    /// Where it looked after it showed the whole graph; while it still looks there, nobody has chosen a view.
    fitted: Option<Camera>,
    look_asked: bool,
    panel: Rect,
}

impl Default for Canvas {
    fn default() -> Self {
        Self {
            camera: Camera::default(),
            minimap: true,
            map_shown: false,
            describe_all: false,
            selection: BTreeSet::new(),
            wire: None,
            note: None,
            editing: None,
            gesture: Gesture::Idle,
            pending: None,
            in_use: false,
            asked: Vec::new(),
            paste_wired: false,
            titling: None,
            wheel_turns: false,
            fit_asked: true,
            fitted: None,
            look_asked: false,
            panel: Rect::NOTHING,
        }
    }
}

impl Canvas {
    /// The selected nodes.
    pub fn selection(&self) -> &BTreeSet<Id> {
        &self.selection
    }

    /// Selects these nodes and nothing else.
    pub fn select(&mut self, nodes: impl IntoIterator<Item = Id>) {
        self.selection = nodes.into_iter().collect();
        self.wire = None;
        self.note = None;
    }

    /// Shows the whole graph at the next frame.
    pub fn fit(&mut self) {
        self.fit_asked = true;
    }

    /// Shows the whole graph again if nobody has panned or zoomed since it did; for when nodes turn out larger.
    pub fn fit_again(&mut self) {
        self.fit_asked |= self.fitted == Some(self.camera);
    }

    /// Whether the small map covers the bottom right.
    pub fn shows_map(&self) -> bool {
        self.map_shown
    }

    /// Whether a gesture is under way, so that costly work can wait.
    pub fn is_interacting(&self) -> bool {
        self.gesture != Gesture::Idle
    }

    /// Whether it was the last panel that was pressed, and so owns the keys.
    pub fn is_in_use(&self) -> bool {
        self.in_use
    }

    /// Whether a node can be seen, by where the camera was at the last frame.
    pub fn sees(&self, view: &CanvasView, id: &str, theme: &Theme) -> bool {
        let seen = self.camera.seen(self.panel);
        self.panel.is_positive()
            && view.node(id).is_some_and(|n| geometry::rect(n, &theme.tokens).intersects(seen))
    }

    /// Where a node stands on the screen, by where the camera was at the last frame.
    pub fn place_of(&self, view: &CanvasView, theme: &Theme, id: &str) -> Option<Rect> {
        let node = view.node(id)?;
        Some(self.camera.rect_to_screen(self.panel, geometry::rect(node, &theme.tokens)))
    }

    /// The topmost node under a point of the screen, by where the camera was at the last frame.
    pub fn node_at(&self, view: &CanvasView, theme: &Theme, at: Pos2) -> Option<Id> {
        let here = self.camera.to_graph(self.panel, at);
        let under = |n: &&std::sync::Arc<view::NodeView>| geometry::rect(n, &theme.tokens).contains(here);
        let node = view.nodes().iter().rev().find(under).filter(|_| self.panel.contains(at));
        node.map(|n| Id::clone(&n.id))
    }

    /// What a point of the screen is in the graph, by where the camera was at the last frame; none beside the canvas.
    pub fn graph_at(&self, at: Pos2) -> Option<Pos2> {
        self.panel.contains(at).then(|| self.camera.to_graph(self.panel, at))
    }

    /// The middle of what is seen, in the graph.
    pub fn center(&self) -> Pos2 {
        if self.panel.is_positive() { self.camera.seen(self.panel).center() } else { Pos2::ZERO }
    }

    /// The search that a dropped wire opened is over; the wire goes away.
    pub fn close_search(&mut self) {
        self.pending = None;
    }

    /// Notes which panel is pressed, and so owns the keys. Call first in a frame.
    pub fn claim_keys(&mut self, ctx: &Context) {
        if ctx.input(|i| i.pointer.any_pressed())
            && let Some(at) = ctx.input(|i| i.pointer.interact_pos())
        {
            self.in_use = self.panel.contains(at);
            // What the keys went to before has them no longer.
            if self.in_use && self.is_left(ctx) {
                ctx.memory_mut(|m| m.focused().into_iter().for_each(|id| m.surrender_focus(id)));
            }
        }
    }

    /// Whether the keys go to a widget that lies elsewhere.
    pub fn is_left(&self, ctx: &Context) -> bool {
        let focused = ctx.memory(|m| m.focused()).and_then(|id| ctx.read_response(id));
        focused.is_some_and(|widget| !self.panel.contains(widget.rect.center()))
    }

    /// Gives it the keys, as if it had been pressed.
    pub fn own_keys(&mut self) {
        self.in_use = true;
    }

    /// Whether plain keys are wanted by something that is open on it.
    pub fn wants_keys(&self) -> bool {
        self.gesture != Gesture::Idle
            || self.pending.is_some()
            || self.editing.is_some()
            || self.titling.is_some()
    }

    fn select_only(&mut self, node: Option<Id>, out: &mut Vec<CanvasAction>) {
        self.select(node);
        out.push(CanvasAction::Selected);
    }
}
