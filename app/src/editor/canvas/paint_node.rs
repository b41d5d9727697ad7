//! Nodes, at three levels of detail.

use super::frame::Frame;
use super::geometry::{self, Detail, Parts};
use super::paint_far::{self, Far};
use super::paint_port::label_rect;
use super::state;
use super::view::{NodeState, NodeView, Side, Thumb};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::paint::{icon, paragraph, radius, text_in};
use egui::{Align, Color32, CornerRadius, Painter, Rect, Shadow, Stroke, StrokeKind, pos2, vec2};

/// How the pointer and the selection touch a node.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Touch {
    pub(super) hovered: bool,
    pub(super) selected: bool,
    pub(super) focused: bool,
}

/// Draws a node without its ports.
pub(super) fn node(painter: &Painter, frame: &Frame<'_>, index: usize, touch: Touch, far: Option<&mut Far>) {
    let (Some(node), Some(rect)) = (frame.view.nodes().get(index), frame.rects.get(index)) else { return };
    if node.dot {
        return dot(painter, frame, node, *rect, touch);
    }
    if let Some(far) = far.filter(|_| !touch.hovered && !touch.focused) {
        return far.node(painter, frame, node, *rect, touch.selected);
    }
    let parts = geometry::parts(node, &frame.theme.tokens);
    match frame.detail {
        Detail::Block => paint_far::block(painter, frame, node, *rect),
        Detail::Glance => paint_far::glance(painter, frame, node, *rect, &parts),
        Detail::Full => full(painter, frame, node, *rect, &parts),
    }
    outline(painter, frame, node, *rect, touch);
}

/// A point on a wire: the wire goes on through it.
fn dot(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, touch: Touch) {
    let theme = frame.theme;
    let c = theme.colors();
    let port = node.inputs.first().or(node.outputs.first());
    let color = match port {
        Some(port) if !port.any && node.state != NodeState::Muted => theme.wire_color(port.ty),
        _ => *c.text.tertiary,
    };
    let z = frame.zoom();
    let line = port.map_or(2.0, |p| theme.wire_style(p.ty).width) * z.clamp(0.5, 2.0);
    painter.hline(rect.x_range(), rect.center().y, Stroke::new(line, color));
    let r = theme.tokens.size.port * 0.75 * z;
    painter.circle_filled(rect.center(), r, color);
    let ring = if touch.selected {
        Some(Stroke::new(theme.tokens.line.selection, *c.accent.fill))
    } else if matches!(node.state, NodeState::Error | NodeState::Missing) {
        Some(Stroke::new(2.0, *c.state.error))
    } else if touch.hovered || touch.focused {
        Some(Stroke::new(1.5, *c.text.primary))
    } else {
        None
    };
    if let Some(ring) = ring {
        painter.circle_stroke(rect.center(), r + 3.0 * z.max(0.6), ring);
    }
    if let Some(slot) = node.viewer_slot.filter(|_| frame.detail == Detail::Full) {
        let at = rect.center_top() - vec2(0.0, 4.0 * z);
        let font = theme.font_at(Text::Small, z);
        painter.text(at, egui::Align2::CENTER_BOTTOM, slot.to_string(), font, *c.text.secondary);
    }
}

fn full(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, parts: &Parts) {
    let theme = frame.theme;
    let c = theme.colors();
    let shadow = &c.shadow.node;
    let shape = radius(theme.tokens.radius.node * frame.zoom());
    let cast = Shadow { offset: [0, shadow.y], blur: shadow.blur, spread: 0, color: *shadow.color };
    painter.add(cast.as_shape(rect, shape));
    ground(painter, frame, node, rect, parts);
    header(painter, frame, node, rect, node.collapsed);
    if node.collapsed {
        return;
    }
    port_labels(painter, frame, node, rect);
    let local = |part: Rect| place(frame, rect, part);
    if let (Some(part), Some(thumb)) = (parts.thumb, &node.thumb) {
        let at = local(part);
        picture(painter, frame, node, thumb, at);
        captions(painter, frame, node, at);
    }
    if let Some(part) = parts.body {
        body(painter, frame, node, local(part));
    }
    for (row, param) in node.params.iter().enumerate() {
        let dy = row as f32 * theme.tokens.size.node_param_row;
        param_row(painter, frame, local(parts.params.translate(vec2(0.0, dy))), param);
    }
    if !node.state_words.is_empty() {
        footer(painter, frame, node, local(parts.footer));
    }
}

fn place(frame: &Frame<'_>, node: Rect, part: Rect) -> Rect {
    let z = frame.zoom();
    Rect::from_min_max(node.min + part.min.to_vec2() * z, node.min + part.max.to_vec2() * z)
}

pub(super) fn ground(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, parts: &Parts) {
    let theme = frame.theme;
    let c = theme.colors();
    let r = theme.tokens.radius.node * frame.zoom();
    painter.rect_filled(rect, radius(r), *c.surface.node);
    let head = place(frame, rect, parts.header);
    let corners = match node.collapsed {
        true => radius(r),
        false => CornerRadius { sw: 0, se: 0, ..radius(r) },
    };
    painter.rect_filled(head, corners, *c.surface.node_header);
    if let Some(color) = node.color {
        let edge = head.with_max_x(head.left() + (4.0 * frame.zoom()).max(2.0));
        let corners = CornerRadius { ne: 0, se: 0, ..corners };
        painter.rect_filled(edge, corners, color);
    }
    if let NodeState::Running(done) = node.state {
        let bar = Rect::from_min_max(pos2(head.left(), head.bottom() - 2.0), head.max);
        painter.rect_filled(
            bar.with_max_x(bar.left() + bar.width() * done.clamp(0.0, 1.0)),
            0,
            *c.state.running,
        );
    }
}

fn header(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, with_state: bool) {
    let theme = frame.theme;
    let c = theme.colors();
    let z = frame.zoom();
    let head = Rect::from_min_size(rect.min, vec2(rect.width(), theme.tokens.size.node_header * z));
    let off = matches!(node.state, NodeState::Bypassed | NodeState::Muted | NodeState::Missing);
    let tint =
        node.outputs.first().or(node.inputs.first()).map_or(*c.text.secondary, |p| theme.wire_color(p.ty));
    let ink = if off { *c.text.tertiary } else { tint };
    icon(painter, theme, pos2(head.left() + 17.0 * z, head.center().y), node.icon, 16.0 * z, ink);
    let mut right = head.right() - 8.0 * z;
    let mut mark = |glyph: &str, color: Color32| {
        icon(painter, theme, pos2(right - 7.0 * z, head.center().y), glyph, 14.0 * z, color);
        right -= 18.0 * z;
    };
    if with_state && !matches!(node.state, NodeState::Live) {
        let (glyph, color) = state::look(node.state, theme);
        mark(glyph, color);
    }
    if node.pinned {
        mark(glyph::PUSH_PIN, *c.text.secondary);
    }
    if node.advice {
        mark(glyph::LIGHTBULB, *c.state.advice);
    }
    let inner = Rect::from_min_max(pos2(head.left() + 30.0 * z, head.top()), pos2(right, head.bottom()));
    let title = if off { *c.text.secondary } else { *c.text.primary };
    let written = text_in(painter, inner, Align::Min, &node.title, theme.font_at(Text::NodeTitle, z), title);
    let rest = inner.with_min_x(written.right() + 8.0 * z);
    text_in(painter, rest, Align::Max, &node.short, theme.font_at(Text::Small, z), *c.text.tertiary);
    if let Some(color) = node.color {
        let square = Rect::from_min_size(head.min + vec2(3.0, 9.0) * z, vec2(3.0, 10.0) * z);
        painter.rect_filled(square, radius(1.0), color);
    }
}

fn port_labels(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) {
    let theme = frame.theme;
    let font = theme.font_at(Text::Small, frame.zoom());
    let Some(index) = frame.view.index_of(&node.id) else { return };
    if geometry::passes_through(node.state) {
        let same = node
            .inputs
            .iter()
            .enumerate()
            .find_map(|(i, p)| node.outputs.iter().position(|o| o.ty == p.ty).map(|o| (i, o, p.ty)));
        if let Some((i, o, ty)) = same
            && let (Some(a), Some(b)) = (frame.port(index, Side::In, i), frame.port(index, Side::Out, o))
        {
            painter.line_segment([a, b], Stroke::new(2.0 * frame.zoom(), theme.wire_color(ty)));
        }
        return;
    }
    for side in [Side::In, Side::Out] {
        let inputs = side == Side::In;
        for (row, port) in node.ports(side).iter().enumerate() {
            let Some(at) = frame.port(index, side, row) else { continue };
            let align = if inputs { Align::Min } else { Align::Max };
            let place = label_rect(rect, at, frame.zoom(), inputs);
            text_in(painter, place, align, &port.label, font.clone(), *theme.colors().text.secondary);
        }
    }
}

pub(super) fn picture(painter: &Painter, frame: &Frame<'_>, node: &NodeView, thumb: &Thumb, rect: Rect) {
    let theme = frame.theme;
    let c = theme.colors();
    let shape = radius(theme.tokens.radius.thumb * frame.zoom());
    painter.rect_filled(rect, shape, *c.surface.viewer);
    let Some(texture) = thumb.texture else {
        no_picture(painter, frame, rect, thumb.slow);
        return;
    };
    let shown = egui::epaint::RectShape::filled(rect, shape, tint(frame, node));
    painter.add(shown.with_texture(texture, shown_part(thumb, rect)));
}

/// The part of a picture that fills a rectangle of another shape.
pub(super) fn shown_part(thumb: &Thumb, rect: Rect) -> Rect {
    let room = rect.width() / rect.height().max(1.0);
    let (w, h) = if room > thumb.aspect { (1.0, thumb.aspect / room) } else { (room / thumb.aspect, 1.0) };
    Rect::from_center_size(pos2(0.5, 0.5), vec2(w, h))
}

/// How strongly a node's picture is shown: less where it is not what the node would make now.
pub(super) fn tint(frame: &Frame<'_>, node: &NodeView) -> Color32 {
    let o = &frame.theme.tokens.opacity;
    let opacity = match node.state {
        NodeState::Stale => o.stale_picture,
        NodeState::WillRun
        | NodeState::Waiting
        | NodeState::WillCost
        | NodeState::Muted
        | NodeState::Bypassed => o.not_made_picture,
        _ => 1.0,
    };
    Color32::WHITE.gamma_multiply(opacity)
}

/// Says that there is no picture, in words where they have room. The ground of pictures is dark in both themes, so
/// the ink is the dark theme's.
fn no_picture(painter: &Painter, frame: &Frame<'_>, rect: Rect, slow: bool) {
    let theme = frame.theme;
    let c = &theme.tokens.theme.dark;
    let z = frame.zoom();
    let words = if slow { "Not made yet" } else { "" };
    let font = theme.font_at(Text::Small, z.max(theme.tokens.text.minimum / theme.tokens.text.small.size));
    let galley = painter.layout_no_wrap(words.to_owned(), font, *c.text.tertiary);
    let fits = slow && galley.size().x + 4.0 <= rect.width() && galley.size().y + 20.0 * z <= rect.height();
    let up = if fits { galley.size().y / 2.0 } else { 0.0 };
    let ink = if slow { *c.text.tertiary } else { *c.stroke.control };
    icon(painter, theme, rect.center() - vec2(0.0, up), glyph::IMAGE, (16.0 * z).max(9.0), ink);
    if fits {
        let at = rect.center() + vec2(-galley.size().x / 2.0, 8.0 * z - up + galley.size().y * 0.25);
        painter.galley(at, galley, *c.text.tertiary);
    }
}

fn captions(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) {
    if let Some(slot) = node.viewer_slot {
        caption(painter, frame.theme, frame.zoom(), rect, &slot.to_string(), true);
    }
    if !node.caption.is_empty() {
        caption(painter, frame.theme, frame.zoom(), rect, &node.caption, false);
    }
}

fn caption(painter: &Painter, theme: &Theme, z: f32, rect: Rect, text: &str, top: bool) {
    let c = &theme.tokens.image_caption;
    let galley = painter.layout_no_wrap(text.to_owned(), theme.font_at(Text::Small, z), *c.text);
    let size = galley.size() + vec2(8.0, 0.0) * z;
    let inset = 3.0 * z;
    let y = if top { rect.top() + inset } else { rect.bottom() - inset - size.y };
    let place = Rect::from_min_size(pos2(rect.left() + inset, y), size);
    if place.right() <= rect.right() {
        painter.rect_filled(place, radius(theme.tokens.radius.thumb * z), *c.background);
        painter.galley(place.min + vec2(4.0, 0.0) * z, galley, *c.text);
    }
}

fn body(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) {
    let theme = frame.theme;
    let c = theme.colors();
    let wrong = matches!(node.state, NodeState::Error | NodeState::Missing);
    let fill = if wrong { *c.state.error_soft } else { *c.surface.field };
    let line = if wrong { Color32::TRANSPARENT } else { *c.stroke.outline };
    let shape = radius(theme.tokens.radius.field * frame.zoom());
    painter.rect(rect, shape, fill, Stroke::new(1.0, line), StrokeKind::Inside);
    let inner = rect.shrink2(vec2(7.0, 5.0) * frame.zoom());
    let ink = if wrong { *c.text.primary } else { *c.text.secondary };
    let font = theme.font_at(Text::Small, frame.zoom());
    let galley = paragraph(painter, &node.body, font, ink, inner.width(), geometry::BODY_ROWS);
    painter.with_clip_rect(rect.intersect(painter.clip_rect())).galley(inner.min, galley, ink);
}

fn param_row(painter: &Painter, frame: &Frame<'_>, row: Rect, param: &super::view::ParamRow) {
    let theme = frame.theme;
    let c = theme.colors();
    let z = frame.zoom();
    let inset = theme.tokens.size.node_inset * z;
    let field = Rect::from_center_size(
        row.center(),
        vec2(row.width() - 2.0 * inset, theme.tokens.size.node_param_field * z),
    );
    let shape = radius(theme.tokens.radius.field * z);
    painter.rect(field, shape, *c.surface.field, Stroke::new(1.0, *c.stroke.outline), StrokeKind::Inside);
    if let Some(fraction) = param.fraction.filter(|f| *f > 0.0) {
        let bar = Rect::from_min_max(
            pos2(field.left() + 1.0, field.bottom() - 3.0 * z),
            field.max - vec2(1.0, 1.0),
        );
        let bar = bar.with_max_x(bar.left() + bar.width() * fraction.min(1.0));
        painter.rect_filled(bar, 0, *c.stroke.control);
    }
    let inner = field.shrink2(vec2(6.0 * z, 0.0));
    let font = theme.font_at(Text::Small, z);
    let label = inner.with_max_x(inner.left() + inner.width() * 0.6);
    let written = text_in(painter, label, Align::Min, &param.label, font.clone(), *c.text.secondary);
    text_in(
        painter,
        inner.with_min_x(written.right() + 8.0 * z),
        Align::Max,
        &param.value,
        font,
        *c.text.primary,
    );
}

fn footer(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect) {
    let theme = frame.theme;
    let c = theme.colors();
    let z = frame.zoom();
    let (glyph, color) = state::look(node.state, theme);
    icon(painter, theme, pos2(rect.left() + 15.0 * z, rect.center().y), glyph, 14.0 * z, color);
    let font = theme.font_at(Text::Small, z);
    let mut inner = Rect::from_min_max(rect.min + vec2(27.0 * z, 0.0), rect.max - vec2(8.0 * z, 0.0));
    if !node.footer.is_empty() {
        let price = node.state == NodeState::WillCost;
        let (ink, style) =
            if price { (*c.state.will_cost, Text::SmallStrong) } else { (*c.text.tertiary, Text::Small) };
        let galley = painter.layout_no_wrap(node.footer.clone(), theme.font_at(style, z), ink);
        let at = pos2(inner.right() - galley.size().x, inner.center().y - galley.size().y / 2.0);
        if price {
            let ground = Rect::from_min_size(at, galley.size())
                .expand2(vec2(5.0 * z, 0.0))
                .translate(vec2(-3.0 * z, 0.0));
            painter.rect_filled(ground, radius(theme.tokens.radius.field * z), *c.state.will_cost_soft);
            painter.galley(at - vec2(3.0 * z, 0.0), galley, ink);
        } else {
            painter.galley(at, galley, ink);
        }
        inner = inner.with_max_x(at.x - 8.0 * z);
    }
    let ink =
        if matches!(node.state, NodeState::Error | NodeState::Missing) { color } else { *c.text.secondary };
    text_in(painter, inner, Align::Min, &node.state_words, font, ink);
}

fn outline(painter: &Painter, frame: &Frame<'_>, node: &NodeView, rect: Rect, touch: Touch) {
    let theme = frame.theme;
    let c = theme.colors();
    let corner = if frame.detail == Detail::Block { 2.0 } else { theme.tokens.radius.node * frame.zoom() };
    let wrong = matches!(node.state, NodeState::Error | NodeState::Missing);
    let line = if touch.selected {
        Stroke::new(theme.tokens.line.selection, *c.accent.fill)
    } else if wrong {
        Stroke::new(1.0, *c.state.error)
    } else if touch.hovered {
        Stroke::new(1.0, *c.stroke.outline_hover)
    } else {
        Stroke::new(1.0, *c.stroke.outline)
    };
    painter.rect_stroke(rect, radius(corner), line, StrokeKind::Outside);
    if touch.focused {
        let ring = Stroke::new(theme.tokens.line.focus, *c.accent.fill);
        painter.rect_stroke(rect.expand(4.0), radius(corner + 4.0), ring, StrokeKind::Outside);
    }
}
