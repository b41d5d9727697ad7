//! What lies under the nodes: the dot grid, groups and notes; and the box that selects.

use super::frame::Frame;
use super::geometry::Detail;
use super::paint_far::{BAND, small_title};
use super::view::{GroupView, bounds};
use crate::editor::widgets::markdown;
use crate::editor::widgets::paint::{radius, text_in};
use egui::{Align, Color32, Painter, Pos2, Rect, Stroke, StrokeKind, Vec2, pos2, vec2};

const DOTS_FROM_STEP: f32 = 10.0;
const GROUP_PAD: f32 = 16.0;

/// The canvas and its dots.
pub(super) fn grid(painter: &Painter, frame: &Frame<'_>) {
    let c = frame.theme.colors();
    painter.rect_filled(frame.panel, 0, *c.surface.canvas);
    let mut step = frame.theme.tokens.size.canvas_dot_step * frame.zoom();
    // Further out, every fourth dot is enough.
    while step < DOTS_FROM_STEP {
        step *= 4.0;
    }
    let first = |edge: f32, origin: f32| edge - (origin * frame.zoom()).rem_euclid(step);
    let size = Vec2::splat(if frame.zoom() > 1.5 { 2.0 } else { 1.0 });
    // One mesh: two thousand shapes would be feathered one by one, and a feathered dot all but vanishes.
    let mut dots = egui::Mesh::default();
    let mut y = first(frame.panel.top(), frame.camera.origin.y);
    while y < frame.panel.bottom() {
        let mut x = first(frame.panel.left(), frame.camera.origin.x);
        while x < frame.panel.right() {
            dots.add_colored_rect(
                Rect::from_min_size(pos2(x.round(), y.round()), size),
                *c.surface.canvas_dot,
            );
            x += step;
        }
        y += step;
    }
    painter.add(dots);
}

/// A group's rectangle on the screen: around its nodes, with its header above them.
pub(super) fn group_rect(frame: &Frame<'_>, group: &GroupView) -> Option<Rect> {
    let held: Vec<Rect> =
        group.nodes.iter().filter_map(|id| frame.rects.get(frame.view.index_of(id)?)).copied().collect();
    if held.is_empty() {
        return None;
    }
    let pad = GROUP_PAD * frame.zoom();
    let head = header_height(frame);
    let around = bounds(held.into_iter()).expand(pad);
    Some(Rect::from_min_max(around.min - vec2(0.0, head - pad * 0.5), around.max))
}

/// A group's rectangle in the graph.
pub(super) fn group_bounds(frame: &Frame<'_>, group: &GroupView) -> Option<Rect> {
    let rect = group_rect(frame, group)?;
    let to_graph = |at| frame.camera.to_graph(frame.panel, at);
    Some(Rect::from_min_max(to_graph(rect.min), to_graph(rect.max)))
}

/// A group's header on the screen.
pub(super) fn group_header(frame: &Frame<'_>, rect: Rect) -> Rect {
    Rect::from_min_size(rect.min, vec2(rect.width(), header_height(frame)))
}

/// High enough for its title, which is never too small to read.
fn header_height(frame: &Frame<'_>) -> f32 {
    (frame.theme.tokens.size.node_header * frame.zoom()).max(BAND)
}

/// Draws a group.
pub(super) fn group(painter: &Painter, frame: &Frame<'_>, group: &GroupView, rect: Rect, hovered: bool) {
    let theme = frame.theme;
    let c = theme.colors();
    let z = frame.zoom();
    let line = if hovered { *c.stroke.outline_hover } else { *c.stroke.outline };
    let shape = radius(theme.tokens.radius.group * z);
    painter.rect(rect, shape, *c.surface.group, Stroke::new(1.0, line), StrokeKind::Inside);
    let head = group_header(frame, rect);
    let square = Rect::from_center_size(
        pos2(head.left() + (14.0 * z).max(8.0), head.center().y),
        Vec2::splat((8.0 * z).max(5.0)),
    );
    painter.rect_filled(square, radius(1.0), group.color);
    let text =
        Rect::from_min_max(pos2(head.left() + (26.0 * z).max(15.0), head.top()), head.max - vec2(8.0, 0.0));
    text_in(painter, text, Align::Min, &group.title, small_title(frame), *c.text.secondary);
}

/// Draws a note's paper and words.
pub(super) fn note(painter: &Painter, frame: &Frame<'_>, rect: Rect, text: &str, selected: bool) {
    let theme = frame.theme;
    let paper = theme.note();
    painter.rect_filled(rect, radius(theme.tokens.radius.field), *paper.fill);
    if selected {
        let line = Stroke::new(theme.tokens.line.selection, *theme.colors().accent.fill);
        painter.rect_stroke(rect, radius(theme.tokens.radius.field), line, StrokeKind::Outside);
    }
    if frame.detail == Detail::Block {
        return;
    }
    let inner = rect.shrink(8.0 * frame.zoom());
    let job = markdown::job(text, theme, frame.zoom(), *paper.text, inner.width());
    let galley = painter.layout_job(job);
    painter.with_clip_rect(rect.intersect(painter.clip_rect())).galley(inner.min, galley, *paper.text);
}

/// Draws the box that selects.
pub(super) fn selection_box(painter: &Painter, frame: &Frame<'_>, from: Pos2, to: Pos2) {
    let accent: Color32 = *frame.theme.colors().accent.fill;
    let rect = Rect::from_two_pos(from, to);
    painter.rect(rect, 0, accent.gamma_multiply(0.1), Stroke::new(1.0, accent), StrokeKind::Inside);
}
