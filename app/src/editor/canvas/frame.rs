//! One frame of the canvas: the view, the camera and where every node stands on the screen.

use super::camera::Camera;
use super::curve::Curve;
use super::geometry::{self, Detail};
use super::view::{CanvasView, NodeView, Side};
use crate::editor::theme::Theme;
use egui::{Pos2, Rect, Vec2};
use std::collections::HashSet;
use std::sync::Arc;

/// What every painter of the canvas needs.
pub(super) struct Frame<'a> {
    pub(super) theme: &'a Theme,
    pub(super) view: &'a CanvasView,
    pub(super) panel: Rect,
    pub(super) camera: Camera,
    pub(super) detail: Detail,
    /// Every node's rectangle on the screen, those in hand where the hand is.
    pub(super) rects: Vec<Rect>,
    /// Nodes on which the wire in hand would make a loop.
    pub(super) loops: HashSet<&'a Arc<str>>,
    /// How far each node is from its place; of none where none is in hand.
    offsets: Vec<Vec2>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(
        theme: &'a Theme,
        view: &'a CanvasView,
        panel: Rect,
        camera: Camera,
        held: (HashSet<Arc<str>>, Vec2),
    ) -> Self {
        let detail = geometry::detail(camera.zoom, &theme.tokens);
        let (held, by) = held;
        let offset = |node: &Arc<NodeView>| if held.contains(&node.id) { by } else { Vec2::ZERO };
        let offsets: Vec<Vec2> =
            if held.is_empty() { Vec::new() } else { view.nodes().iter().map(offset).collect() };
        let mut frame =
            Self { theme, view, panel, camera, detail, rects: Vec::new(), loops: HashSet::new(), offsets };
        let rect = |(index, node): (usize, &Arc<NodeView>)| {
            camera.rect_to_screen(panel, geometry::rect(node, &theme.tokens).translate(frame.offset(index)))
        };
        frame.rects = view.nodes().iter().enumerate().map(rect).collect();
        frame
    }

    /// Points on the screen for one unit of the graph.
    pub(super) fn zoom(&self) -> f32 {
        self.camera.zoom
    }

    fn offset(&self, node: usize) -> Vec2 {
        self.offsets.get(node).copied().unwrap_or_default()
    }

    /// Whether anything of a node can be seen, ports and outline included.
    pub(super) fn sees(&self, node: usize) -> bool {
        self.rects.get(node).is_some_and(|r| r.expand(16.0).intersects(self.panel))
    }

    /// A port's centre on the screen.
    pub(super) fn port(&self, node: usize, side: Side, row: usize) -> Option<Pos2> {
        let n = self.view.nodes().get(node)?;
        let at = geometry::port_at(n, side, row, &self.theme.tokens.size) + self.offset(node);
        Some(self.camera.to_screen(self.panel, at))
    }

    /// A wire's path on the screen.
    pub(super) fn curve(&self, link: usize) -> Option<Curve> {
        let ends = self.view.ends(link)?;
        let from = self.port(ends.from.0, Side::Out, ends.from.1)?;
        let to = self.port(ends.to.0, Side::In, ends.to.1)?;
        Some(Curve::between(from, to, self.zoom(), &self.theme.tokens.wire_style))
    }
}
