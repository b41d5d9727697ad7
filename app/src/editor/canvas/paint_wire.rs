//! Wires, the wire in hand, and what a wire carries in words.

use super::curve::Curve;
use super::frame::Frame;
use super::geometry::Detail;
use super::paint_far::Far;
use super::view::{LinkView, WireState};
use crate::editor::theme::Text;
use crate::editor::widgets::paint::radius;
use egui::{Align2, Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, pos2, vec2};
use rushes_engine::ValueType;

/// Draws a wire. `bold` is for hovered, selected and about to take a node.
pub(super) fn wire(
    painter: &Painter,
    frame: &Frame<'_>,
    link: &LinkView,
    curve: &Curve,
    bold: Option<Color32>,
    far: Option<&mut Far>,
) {
    let theme = frame.theme;
    let style = &theme.tokens.wire_style;
    let look = theme.wire_style(link.ty);
    let scale = frame.zoom().clamp(0.5, 2.0);
    let color = bold.unwrap_or_else(|| theme.wire_color(link.ty));
    let width = if bold.is_some() { style.selected_width.max(look.width) } else { look.width } * scale;
    let ground: Color32 = *theme.colors().surface.canvas;
    let plain = link.state == WireState::Ready && bold.is_none();
    if let Some(far) = far.filter(|_| plain) {
        let points = curve.few_points();
        let density = painter.pixels_per_point();
        let mut line = |width, color| far.line(&points, width, color, density);
        if frame.detail > Detail::Block {
            line(width + 2.0 * style.casing * scale, ground);
        }
        line(width, color);
        if let Some(inner) = look.inner.filter(|_| frame.detail > Detail::Block) {
            line(inner * scale, ground);
        }
        return;
    }
    if frame.detail > Detail::Block {
        painter.add(curve.shape(width + 2.0 * style.casing * scale, ground));
    }
    let dash = |pattern: [f32; 2]| {
        let line = Stroke::new(width, color);
        painter.extend(Shape::dashed_line(&curve.points(), line, pattern[0] * scale, pattern[1] * scale));
    };
    match link.state {
        WireState::Ready => {
            painter.add(curve.shape(width, color));
            if let Some(inner) = look.inner {
                painter.add(curve.shape(inner * scale, ground));
            }
        }
        WireState::Waits => dash(style.waits_dash),
        WireState::Broken => dash(style.broken_dash),
    }
    if !link.conversion.is_empty() && frame.detail == Detail::Full {
        pill(painter, frame, curve.at(0.5), &link.conversion);
    }
}

/// The wire in hand: in its own colour, or red dots with a cross where it is refused.
pub(super) fn loose(
    painter: &Painter,
    frame: &Frame<'_>,
    ty: ValueType,
    curve: &Curve,
    end: Pos2,
    refused: bool,
) {
    let theme = frame.theme;
    let style = &theme.tokens.wire_style;
    let scale = frame.zoom().clamp(0.5, 2.0);
    if refused {
        let red: Color32 = *theme.colors().state.error;
        let line = Stroke::new(style.selected_width * scale, red);
        painter.extend(Shape::dashed_line(&curve.points(), line, style.broken_dash[0], style.broken_dash[1]));
        let r = 5.0;
        painter.line_segment([end - vec2(r, r), end + vec2(r, r)], Stroke::new(2.0, red));
        painter.line_segment([end - vec2(r, -r), end + vec2(r, -r)], Stroke::new(2.0, red));
    } else {
        painter.add(curve.shape(style.selected_width * scale, theme.wire_color(ty)));
    }
}

fn pill(painter: &Painter, frame: &Frame<'_>, at: Pos2, text: &str) {
    let theme = frame.theme;
    let c = theme.colors();
    let ink: Color32 = *c.text.secondary;
    let galley = painter.layout_no_wrap(text.to_owned(), theme.font_at(Text::Small, frame.zoom()), ink);
    let rect = Rect::from_center_size(at, galley.size() + vec2(12.0, 2.0) * frame.zoom());
    painter.rect(
        rect,
        rect.height() / 2.0,
        *c.surface.popup,
        Stroke::new(1.0, *c.stroke.outline),
        StrokeKind::Outside,
    );
    painter.galley(rect.center() - galley.size() / 2.0, galley, ink);
}

/// What a wire carries, above it with a leader; it moves aside from nodes.
pub(super) fn description(painter: &Painter, frame: &Frame<'_>, curve: &Curve, text: &str) {
    if text.is_empty() {
        return;
    }
    let theme = frame.theme;
    let c = theme.colors();
    let ink: Color32 = *c.text.primary;
    let galley = painter.layout_no_wrap(text.to_owned(), theme.font(Text::Mono), ink);
    let size = galley.size() + vec2(16.0, 6.0);
    let foot = curve.at(0.5);
    let free = |rect: &Rect| {
        frame.panel.contains_rect(*rect)
            && !frame.rects.iter().enumerate().any(|(i, r)| frame.sees(i) && r.intersects(*rect))
    };
    let place = |dx: f32, dy: f32| Rect::from_center_size(foot + vec2(dx, dy), size);
    let tries = [
        (0.0, -44.0),
        (0.0, 44.0),
        (0.0, -72.0),
        (-120.0, -44.0),
        (120.0, -44.0),
        (0.0, 72.0),
        (0.0, -120.0),
    ];
    let rect = tries.iter().map(|(x, y)| place(*x, *y)).find(free).unwrap_or_else(|| place(0.0, -44.0));
    let touch = pos2(
        foot.x.clamp(rect.left(), rect.right()),
        if rect.center().y < foot.y { rect.bottom() } else { rect.top() },
    );
    painter.line_segment([foot, touch], Stroke::new(1.0, *c.text.secondary));
    painter.circle_filled(foot, 3.0, *c.text.primary);
    let shape = radius(theme.tokens.radius.field);
    painter.rect(
        rect,
        shape,
        *c.surface.popup,
        Stroke::new(1.0, *c.stroke.outline_hover),
        StrokeKind::Outside,
    );
    painter.text(rect.center(), Align2::CENTER_CENTER, text, theme.font(Text::Mono), ink);
}
