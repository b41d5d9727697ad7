//! Nodes seen from afar, where their ports and parameters would be too small to read.

use super::frame::Frame;
use super::geometry::Parts;
use super::paint_node::{ground, picture, shown_part, tint};
use super::state;
use super::view::{NodeState, NodeView};
use crate::editor::theme::Text;
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::emath::GuiRounding as _;
use egui::epaint::Vertex;
use egui::layers::ShapeIdx;
use egui::{Align, Color32, CornerRadius, Mesh, Painter, Pos2, Rect, Shape, pos2, vec2};

/// A node drawn narrower than this has no room for a name.
const NAMED_FROM: f32 = 44.0;
/// What a name takes at the smallest size that people read.
pub(super) const BAND: f32 = 15.0;

/// Titles of nodes that are far away: never below the smallest size that people read.
pub(super) fn small_title(frame: &Frame<'_>) -> egui::FontId {
    let text = &frame.theme.tokens.text;
    frame.theme.font_at(Text::NodeTitle, frame.zoom().max(text.minimum / text.node_title.size))
}

/// Many nodes or wires that are seen from so far that their fine parts are left out: one mesh, made by hand.
pub(super) struct Far {
    /// Where it stands among what is painted.
    place: ShapeIdx,
    mesh: Mesh,
}

impl Far {
    /// Begins one that lies under what is painted from now on, with room for so much.
    pub(super) fn new(painter: &Painter, vertices: usize, triangles: usize) -> Self {
        let mut mesh = Mesh::default();
        mesh.reserve_vertices(vertices);
        mesh.reserve_triangles(triangles);
        Self { place: painter.add(Shape::Noop), mesh }
    }

    /// Paints it.
    pub(super) fn paint(self, painter: &Painter) {
        painter.set(self.place, self.mesh);
    }

    /// A line along points as a ribbon that fades out to both sides over a pixel, as a line with soft edges does.
    pub(super) fn line(&mut self, points: &[Pos2], width: f32, color: Color32, density: f32) {
        let pixel = 1.0 / density;
        let (outer, inner) = ((width + pixel) / 2.0, (width - pixel) / 2.0);
        let none = Color32::TRANSPARENT;
        // What is no wider than a pixel has no inside: its middle is as strong as it gets.
        if inner > 0.0 {
            self.ribbon(points, [(-outer, none), (-inner, color), (inner, color), (outer, none)]);
        } else {
            self.ribbon(points, [(-outer, none), (0.0, color), (outer, none)]);
        }
    }

    /// A ribbon along points: how far to the side its edges are, and their colours.
    fn ribbon<const EDGES: usize>(&mut self, points: &[Pos2], edges: [(f32, Color32); EDGES]) {
        let row = EDGES as u32;
        let mut before = points.first();
        for (at, point) in points.iter().enumerate() {
            let along = *points.get(at + 1).unwrap_or(point) - *before.unwrap_or(point);
            // Without the care for overflow that `length` takes.
            let side = along.rot90() / along.length_sq().sqrt().max(f32::MIN_POSITIVE);
            let first = self.mesh.vertices.len() as u32;
            // All of a row at once: a graph has some ten thousand of them.
            let corners = edges.map(|(far, color)| Vertex::untextured(*point + side * far, color));
            self.mesh.vertices.extend_from_slice(&corners);
            if at > 0 {
                let quads: [[u32; 6]; EDGES] = std::array::from_fn(|band| {
                    let a = first - row + band as u32;
                    [a, a + 1, a + row, a + 1, a + row, a + row + 1]
                });
                let bands = quads.get(..EDGES - 1).unwrap_or_default();
                self.mesh.indices.extend_from_slice(bands.as_flattened());
            }
            before = Some(point);
        }
    }

    fn rect(&mut self, rect: Rect, color: Color32) {
        self.mesh.add_colored_rect(rect, color);
    }

    /// A node that nobody points at.
    pub(super) fn node(
        &mut self,
        painter: &Painter,
        frame: &Frame<'_>,
        node: &NodeView,
        rect: Rect,
        selected: bool,
    ) {
        let c = frame.theme.colors();
        let rect = rect.round_to_pixels(painter.pixels_per_point());
        let wrong = matches!(node.state, NodeState::Error | NodeState::Missing);
        let (width, color) = match (selected, wrong) {
            (true, _) => (frame.theme.tokens.line.selection, *c.accent.fill),
            (false, true) => (1.0, *c.state.error),
            (false, false) => (1.0, *c.stroke.outline),
        };
        self.rect(rect.expand(width), color);
        self.rect(rect, *c.surface.node_header);
        inside(painter, frame, node, rect, Some(self));
    }
}

/// A node as a block: its name where there is room, its picture, and an edge in the colour of its state.
pub(super) fn block(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) {
    let c = frame.theme.colors();
    painter.rect_filled(rect, radius(2.0), *c.surface.node_header);
    inside(painter, frame, node, rect, None);
}

fn inside(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, far: Option<&mut Far>) {
    let c = frame.theme.colors();
    let named = rect.width() >= NAMED_FROM && rect.height() >= BAND;
    let (head, room) = rect.split_top_bottom_at_y(rect.top() + if named { BAND } else { 0.0 });
    if named {
        let off = matches!(node.state, NodeState::Bypassed | NodeState::Muted | NodeState::Missing);
        let ink = if off { *c.text.tertiary } else { *c.text.primary };
        let inner = head.shrink2(vec2(3.0, 0.0));
        text_in(painter, inner, Align::Min, &node.title, small_title(frame), ink);
    }
    let size = (room.width().min(room.height()) - 4.0).min(16.0);
    match &node.thumb {
        Some(thumb) => {
            let place = uncropped(room.shrink(1.0), thumb.aspect);
            match (thumb.texture, far.is_some()) {
                (Some(texture), true) => {
                    let mut mesh = Mesh::with_texture(texture);
                    mesh.add_rect_with_uv(place, shown_part(thumb, place), tint(frame, node));
                    painter.add(mesh);
                }
                _ => picture(painter, frame, node, thumb, place),
            }
        }
        None if size >= 8.0 => {
            icon(painter, frame.theme, room.center(), node.icon, size, *c.text.tertiary);
        }
        None => {}
    }
    let (_, color) = state::look(node.state, frame.theme);
    let quiet = matches!(node.state, NodeState::Cached | NodeState::Live);
    if !quiet {
        let edge =
            Rect::from_min_max(pos2(rect.left(), rect.bottom() - 3.0_f32.min(rect.height())), rect.max);
        match far {
            Some(far) => far.rect(edge, color),
            None => drop(painter.rect_filled(edge, 0, color)),
        }
    }
}

/// A node as its name and its picture.
pub(super) fn glance(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, parts: &Parts) {
    ground(painter, frame, node, rect, parts);
    let band = glance_header(painter, frame, node, rect);
    if !node.collapsed {
        let inset = frame.theme.tokens.size.node_inset * frame.zoom();
        let top = rect.top() + band + inset;
        let room = Rect::from_min_max(pos2(rect.left() + inset, top), rect.max - vec2(inset, inset));
        match &node.thumb {
            Some(thumb) => picture(painter, frame, node, thumb, uncropped(room, thumb.aspect)),
            None => {
                let color = *frame.theme.colors().text.tertiary;
                icon(painter, frame.theme, room.center(), node.icon, 24.0 * frame.zoom(), color);
            }
        }
    }
}

/// The header of a node that is looked at from afar: its state and its name, which takes what room there is. Gives
/// its height.
fn glance_header(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) -> f32 {
    let c = frame.theme.colors();
    let high = (frame.theme.tokens.size.node_header * frame.zoom()).max(BAND).min(rect.height());
    let head = rect.with_max_y(rect.top() + high);
    let r = radius(frame.theme.tokens.radius.node * frame.zoom());
    let corners = if node.collapsed { r } else { CornerRadius { sw: 0, se: 0, ..r } };
    painter.rect_filled(head, corners, *c.surface.node_header);
    let mut inner = head.shrink2(vec2(5.0, 0.0));
    let quiet = matches!(node.state, NodeState::Cached | NodeState::Live | NodeState::Bypassed);
    if !quiet {
        let (sign, color) = state::look(node.state, frame.theme);
        icon(painter, frame.theme, pos2(inner.right() - 5.0, head.center().y), sign, 11.0, color);
        inner = inner.with_max_x(inner.right() - 12.0);
    }
    let off = matches!(node.state, NodeState::Bypassed | NodeState::Muted | NodeState::Missing);
    let ink = if off { *c.text.secondary } else { *c.text.primary };
    text_in(painter, inner, Align::Min, &node.title, small_title(frame), ink);
    high
}

/// The largest rectangle of this shape at the top of `room`, so that pictures of a row of nodes stand in a row.
fn uncropped(room: Rect, aspect: f32) -> Rect {
    let high = (room.width() / aspect.max(0.1)).min(room.height());
    Rect::from_min_size(room.min, vec2(room.width(), high))
}
