//! Where the parts of a node are, in graph units from its top left corner.

use super::view::{NodeState, NodeView, Side};
use crate::editor::theme::tokens::{Sizes, Tokens};
use egui::{Pos2, Rect, Vec2, pos2, vec2};

/// Rows that a body's words may take.
pub(super) const BODY_ROWS: usize = 4;
const TEXT_LINE: f32 = 14.5;
const ABOVE_PORTS: f32 = 2.0;
const THUMB_MAX: f32 = 150.0;
/// Width and height of a point on a wire.
pub(super) const DOT: (f32, f32) = (32.0, 24.0);

/// The parts of one node, top to bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Parts {
    pub(super) size: Vec2,
    pub(super) header: Rect,
    pub(super) thumb: Option<Rect>,
    pub(super) body: Option<Rect>,
    /// The first parameter's row.
    pub(super) params: Rect,
    pub(super) footer: Rect,
}

/// Lays a node out.
pub(super) fn parts(node: &NodeView, tokens: &Tokens) -> Parts {
    let s = &tokens.size;
    let width = node.width.clamp(s.node_width_min, s.node_width_max);
    let row = |y: f32, h: f32| Rect::from_min_size(pos2(0.0, y), vec2(width, h));
    if node.dot {
        let (size, none) = (vec2(DOT.0, DOT.1), row(0.0, 0.0));
        let header = Rect::from_min_size(Pos2::ZERO, size);
        return Parts { size, header, thumb: None, body: None, params: none, footer: none };
    }
    let header = row(0.0, s.node_header);
    if node.collapsed {
        return Parts {
            size: header.size(),
            header,
            thumb: None,
            body: None,
            params: row(0.0, 0.0),
            footer: header,
        };
    }
    let mut y = s.node_header + ABOVE_PORTS + port_rows(node) as f32 * s.node_port_row;
    let inset = s.node_inset;
    let thumb = node.thumb.map(|t| {
        let wide = width - 2.0 * inset;
        let high = (wide / t.aspect.clamp(0.5, 4.0)).min(THUMB_MAX);
        let rect = Rect::from_min_size(pos2(inset, y), vec2(wide, high));
        y += high + inset;
        rect
    });
    let body = (!node.body.is_empty()).then(|| {
        let high = body_rows(&node.body, width) as f32 * TEXT_LINE + 12.0;
        let rect = Rect::from_min_size(pos2(inset, y + 2.0), vec2(width - 2.0 * inset, high));
        y += high + 2.0 + inset;
        rect
    });
    let params = row(y, s.node_param_row);
    y += node.params.len() as f32 * s.node_param_row + if node.params.is_empty() { 0.0 } else { 2.0 };
    let footer = row(y, s.node_footer);
    Parts { size: vec2(width, y + s.node_footer), header, thumb, body, params, footer }
}

/// How many rows of ports a node shows. A bypassed node hides the labels but keeps its rows.
fn port_rows(node: &NodeView) -> usize {
    node.inputs.len().max(node.outputs.len())
}

/// Rows that words will take at 11 points, reckoned without a font so that sizes need none.
fn body_rows(text: &str, width: f32) -> usize {
    let per_row = ((width - 24.0) / 5.4).max(8.0) as usize;
    let rows: usize = text.lines().map(|l| l.chars().count().div_ceil(per_row).max(1)).sum();
    rows.clamp(1, BODY_ROWS)
}

/// The rectangle of a node in the graph.
pub(super) fn rect(node: &NodeView, tokens: &Tokens) -> Rect {
    Rect::from_min_size(node.at, parts(node, tokens).size)
}

/// The centre of a port in the graph: on the node's edge and on its row.
pub(super) fn port_at(node: &NodeView, side: Side, row: usize, sizes: &Sizes) -> Pos2 {
    let width = if node.dot { DOT.0 } else { node.width.clamp(sizes.node_width_min, sizes.node_width_max) };
    let x = match side {
        Side::In => 0.0,
        Side::Out => width,
    };
    let y = if node.dot {
        DOT.1 / 2.0
    } else if node.collapsed {
        sizes.node_header / 2.0
    } else {
        sizes.node_header + ABOVE_PORTS + (row as f32 + 0.5) * sizes.node_port_row
    };
    node.at + vec2(x, y)
}

/// How much of a node is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Detail {
    /// Picture and a state edge.
    Block,
    /// Header and picture.
    Glance,
    /// Everything.
    Full,
}

/// The level of detail at a zoom.
pub(super) fn detail(zoom: f32, tokens: &Tokens) -> Detail {
    if zoom < tokens.zoom.blocks_below {
        Detail::Block
    } else if zoom < tokens.zoom.hide_fields_below {
        Detail::Glance
    } else {
        Detail::Full
    }
}

/// `at` on the grid.
pub(super) fn snap(at: Pos2, step: f32) -> Pos2 {
    pos2((at.x / step).round() * step, (at.y / step).round() * step)
}

/// Whether wires pass straight through the node's body.
pub(super) fn passes_through(state: NodeState) -> bool {
    state == NodeState::Bypassed
}
