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
pub mod camera;
pub mod connect;
mod curve;
mod frame;
mod geometry;
mod gesture;
mod keys;
mod mend;
mod minimap;
mod notes;
mod paint_far;
mod paint_ground;
mod paint_node;
mod paint_port;
mod paint_wire;
mod show;
pub mod state;
pub mod tidy;
pub mod view;

pub use action::{CanvasAction, Loose};
pub use camera::Camera;
pub use paint_port::sign as port_sign;
pub use view::CanvasView;

use crate::editor::theme::Theme;
use egui::{Context, Key, Modifiers, Pos2, Rect};
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
    search_asked: bool,
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
            search_asked: false,
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

    /// The topmost node under a point of the screen, by where the camera was at the last frame.
    pub fn node_at(&self, view: &CanvasView, theme: &Theme, at: Pos2) -> Option<Id> {
        let here = self.camera.to_graph(self.panel, at);
        let under = |n: &&view::NodeView| geometry::rect(n, &theme.tokens).contains(here);
        let node = view.nodes().iter().rev().find(under).filter(|_| self.panel.contains(at));
        node.map(|n| Id::clone(&n.id))
    }

    /// The middle of what is seen, in the graph.
    pub fn center(&self) -> Pos2 {
        if self.panel.is_positive() { self.camera.seen(self.panel).center() } else { Pos2::ZERO }
    }

    /// The search that a dropped wire opened is over; the wire goes away.
    pub fn close_search(&mut self) {
        self.pending = None;
    }

    /// Takes the Tab key for search before egui moves the focus with it. Call first in a frame.
    pub fn claim_keys(&mut self, ctx: &Context) {
        if ctx.input(|i| i.pointer.any_pressed())
            && let Some(at) = ctx.input(|i| i.pointer.interact_pos())
        {
            self.in_use = self.panel.contains(at);
        }
        if self.in_use && !ctx.text_edit_focused() && self.pending.is_none() {
            self.search_asked = ctx.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Tab));
            if self.search_asked {
                ctx.memory_mut(|m| m.move_focus(egui::FocusDirection::None));
            }
        }
    }

    fn select_only(&mut self, node: Option<Id>, out: &mut Vec<CanvasAction>) {
        self.select(node);
        out.push(CanvasAction::Selected);
    }
}
