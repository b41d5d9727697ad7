//! The small map at the bottom right: where things are, and where one looks.

use super::camera::Camera;
use super::frame::Frame;
use super::geometry;
use super::view::{Id, NodeState, bounds};
use crate::editor::widgets::paint::radius;
use egui::{Mesh, Rect, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, WidgetType, vec2};
use std::collections::BTreeSet;

const FROM_EDGE: f32 = 12.0;
const INSET: f32 = 6.0;

/// Draws the map. Pressing or dragging on it looks there.
pub(super) fn show(ui: &mut Ui, frame: &Frame<'_>, camera: &mut Camera, selection: &BTreeSet<Id>) {
    let theme = frame.theme;
    let c = theme.colors();
    let [w, h] = theme.tokens.size.minimap;
    let rect = Rect::from_min_size(frame.panel.max - vec2(w + FROM_EDGE, h + FROM_EDGE), vec2(w, h));
    let response = ui.interact(rect, ui.id().with("minimap"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, "Map of the graph"));
    let painter = ui.painter();
    let shape = radius(theme.tokens.radius.control);
    painter.rect(rect, shape, *c.surface.bar, Stroke::new(1.0, *c.stroke.outline_hover), StrokeKind::Inside);
    let nodes = || frame.view.nodes().iter().map(|n| geometry::rect(n, &theme.tokens));
    let seen = camera.seen(frame.panel);
    let world = bounds(nodes()).expand(24.0);
    let room = rect.shrink(INSET);
    let scale = (room.size() / world.size()).min_elem();
    let corner = room.center() - world.size() * scale / 2.0;
    let put = |r: Rect| {
        Rect::from_min_max(corner + (r.min - world.min) * scale, corner + (r.max - world.min) * scale)
    };
    let mut blocks = Mesh::default();
    for (node, at) in frame.view.nodes().iter().zip(nodes()) {
        let color = if selection.contains(&node.id) {
            *c.accent.fill
        } else if matches!(node.state, NodeState::Error | NodeState::Missing) {
            *c.state.error
        } else {
            *c.stroke.outline_hover
        };
        let place = put(at);
        blocks.add_colored_rect(Rect::from_min_size(place.min, place.size().max(Vec2::splat(1.5))), color);
    }
    painter.add(blocks);
    let window = put(seen).intersect(rect.shrink(1.0));
    if window.is_positive() {
        painter.rect_stroke(window, 2, Stroke::new(1.0, *c.text.secondary), StrokeKind::Inside);
    }
    if let Some(at) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked())
    {
        let center = world.min + (at - corner) / scale;
        camera.origin = center - frame.panel.size() / (2.0 * camera.zoom);
    }
}
