//! Nodes seen from afar, where their ports and parameters would be too small to read.

use super::frame::Frame;
use super::geometry::Parts;
use super::paint_node::{ground, picture};
use super::state;
use super::view::{NodeState, NodeView};
use crate::editor::theme::Text;
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{Align, CornerRadius, Painter, Rect, pos2, vec2};

/// A node drawn narrower than this has no room for a name.
const NAMED_FROM: f32 = 44.0;
/// What a name takes at the smallest size that people read.
pub(super) const BAND: f32 = 15.0;

/// Titles of nodes that are far away: never below the smallest size that people read.
pub(super) fn small_title(frame: &Frame<'_>) -> egui::FontId {
    let text = &frame.theme.tokens.text;
    frame.theme.font_at(Text::NodeTitle, frame.zoom().max(text.minimum / text.node_title.size))
}

/// A node as a block: its name where there is room, its picture, and an edge in the colour of its state.
pub(super) fn block(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) {
    let c = frame.theme.colors();
    painter.rect_filled(rect, radius(2.0), *c.surface.node_header);
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
        Some(thumb) => picture(painter, frame, node, thumb, uncropped(room.shrink(1.0), thumb.aspect)),
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
        painter.rect_filled(edge, 0, color);
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
