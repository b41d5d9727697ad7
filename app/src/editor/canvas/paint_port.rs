//! Ports: one shape a type.

use super::frame::Frame;
use super::view::PortView;
use crate::editor::theme::Theme;
use crate::editor::theme::tokens::PortShape;
use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// How a port stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Emphasis {
    /// As it is.
    None,
    /// It fits the wire in hand.
    Fits,
    /// It does not.
    Faded,
    /// The wire in hand has snapped to it.
    Snapped,
}

/// Draws a port.
pub(super) fn port(painter: &Painter, frame: &Frame<'_>, at: Pos2, port: &PortView, emphasis: Emphasis) {
    let theme = frame.theme;
    let fade = if emphasis == Emphasis::Faded { theme.tokens.wire_style.unfit_opacity } else { 1.0 };
    let ink = if port.any { *theme.colors().text.tertiary } else { theme.wire_color(port.ty) };
    let color = ink.gamma_multiply(fade);
    let edge = if port.required && !port.linked { *theme.colors().state.error } else { color };
    let mut size = theme.tokens.size.port * frame.zoom();
    if matches!(emphasis, Emphasis::Fits | Emphasis::Snapped) {
        size += 2.0 * frame.zoom();
    }
    if emphasis == Emphasis::Snapped {
        painter.circle_stroke(at, theme.tokens.wire_style.snap_ring * frame.zoom(), Stroke::new(2.0, color));
    }
    let fill = if port.linked { color } else { *theme.colors().surface.node };
    let line = Stroke::new(1.5 * frame.zoom().max(0.6), edge.gamma_multiply(fade));
    let sign = if port.any { PortShape::Disc } else { theme.wire_style(port.ty).port };
    shape(painter, sign, at, size, fill, line);
}

/// Draws a type's sign at a size, as in search and readouts.
pub fn sign(painter: &Painter, theme: &Theme, at: Pos2, ty: rushes_engine::ValueType, size: f32) {
    let color = theme.wire_color(ty);
    shape(painter, theme.wire_style(ty).port, at, size, color, Stroke::new(1.0, color));
}

fn shape(painter: &Painter, shape: PortShape, at: Pos2, size: f32, fill: Color32, line: Stroke) {
    // Shapes keep about the same area, so corners reach out further than the disc.
    let r = size * 0.5 - line.width * 0.5;
    let square = |half: Vec2| Rect::from_center_size(at, half * 2.0);
    let polygon = |points: Vec<Vec2>| {
        let points = points.into_iter().map(|p| at + p * r).collect();
        painter.add(Shape::convex_polygon(points, fill, line));
    };
    match shape {
        PortShape::Disc => {
            painter.circle(at, r, fill, line);
        }
        PortShape::HalfDisc => {
            painter.circle(at, r, Color32::TRANSPARENT, line);
            let half = (0..=12)
                .map(|i| Vec2::angled(-std::f32::consts::FRAC_PI_2 + std::f32::consts::PI * i as f32 / 12.0));
            painter.add(Shape::convex_polygon(half.map(|p| at + p * r).collect(), line.color, Stroke::NONE));
        }
        PortShape::RingDot => {
            painter.circle(at, r, Color32::TRANSPARENT, line);
            painter.circle_filled(at, r * 0.45, line.color);
        }
        PortShape::Square => {
            painter.rect(square(Vec2::splat(r * 0.9)), 1, fill, line, StrokeKind::Middle);
        }
        PortShape::TwoSquares => {
            let off = vec2(r * 0.3, -r * 0.3);
            let back = square(Vec2::splat(r * 0.7)).translate(off);
            painter.rect(back, 1, Color32::TRANSPARENT, line, StrokeKind::Middle);
            painter.rect(square(Vec2::splat(r * 0.7)).translate(-off), 1, fill, line, StrokeKind::Middle);
        }
        PortShape::Pill => {
            painter.rect(square(vec2(r * 1.1, r * 0.65)), r * 0.65, fill, line, StrokeKind::Middle);
        }
        PortShape::Diamond => {
            polygon(vec![vec2(0.0, -1.15), vec2(1.15, 0.0), vec2(0.0, 1.15), vec2(-1.15, 0.0)]);
        }
        PortShape::TriangleUp => polygon(vec![vec2(0.0, -1.1), vec2(1.1, 0.85), vec2(-1.1, 0.85)]),
        PortShape::TriangleRight => polygon(vec![vec2(-0.85, -1.1), vec2(1.1, 0.0), vec2(-0.85, 1.1)]),
        PortShape::Hexagon => {
            polygon((0..6).map(|i| Vec2::angled(std::f32::consts::TAU * i as f32 / 6.0) * 1.08).collect());
        }
    }
}

/// Where the label of a port stands: beside it, inside the node.
pub(super) fn label_rect(node: Rect, at: Pos2, zoom: f32, inputs: bool) -> Rect {
    let half = 9.0 * zoom;
    let (left, right) = if inputs {
        (node.left() + 10.0 * zoom, node.center().x + node.width() * 0.2)
    } else {
        (node.center().x - node.width() * 0.2, node.right() - 10.0 * zoom)
    };
    Rect::from_min_max(pos2(left, at.y - half), pos2(right, at.y + half))
}
