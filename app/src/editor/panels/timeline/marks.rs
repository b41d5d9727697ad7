//! Keys on the screen: their marks, which can be clicked and dragged.

use super::scene::Scene;
use super::state::Timeline;
use super::view::{LaneView, TimelineAction};
use crate::editor::panels::transport::TransportAction;
use crate::editor::theme::Theme;
use egui::{
    CursorIcon, Painter, PointerButton, Pos2, Rect, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, WidgetType,
    pos2, vec2,
};
use rushes_engine::param::{Interpolation, Keyframe};

/// Keys nearer to each other than the pointer can tell are drawn and not offered; there may be very many.
pub(super) const MOST: usize = 400;
const SIZE: f32 = 5.0;
const HIT: f32 = 14.0;

impl Timeline {
    /// Draws a key and hears what is done to it.
    pub(super) fn key(
        &mut self,
        ui: &mut Ui,
        scene: Scene<'_>,
        of: (&LaneView, &Keyframe, usize),
        at: Pos2,
        out: &mut Vec<TimelineAction>,
    ) {
        let Scene { theme, view, .. } = scene;
        let (lane, key, channel) = of;
        let id = ui.id().with(("key", &lane.id, key.frame, channel));
        let place = Rect::from_center_size(at, Vec2::splat(HIT));
        let response = ui.interact(place, id, Sense::click_and_drag());
        let chosen = self.is_chosen(&lane.id, key.frame);
        response.widget_info(|| {
            let name = match channel {
                0 => format!("Key of {} at {}", lane.label, key.frame),
                n => format!("Key of {} {} at {}", lane.label, n + 1, key.frame),
            };
            WidgetInfo::selected(WidgetType::Button, true, chosen, name)
        });
        mark(ui.painter(), theme, at, key.interpolation, chosen, response.hovered());
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::Grab);
        }
        let held = ui.input(|i| i.modifiers);
        if response.drag_started_by(PointerButton::Primary) && self.drag.is_none() {
            let from = ui.input(|i| i.pointer.press_origin()).unwrap_or(at);
            self.grab(view, (&lane.id, key.frame), channel, from, held, out);
        }
        if response.double_clicked() {
            out.push(TimelineAction::Transport(TransportAction::Seek(key.frame.clamp(0, view.last()))));
        } else if response.clicked() {
            self.choose(&lane.id, key.frame, held);
        }
        if response.secondary_clicked() && !chosen {
            self.choose(&lane.id, key.frame, held);
        }
        self.key_menu(&response);
    }
}

/// The mark of a key: a square holds, a diamond goes straight, a disc goes along a curve.
fn mark(painter: &Painter, theme: &Theme, at: Pos2, how: Interpolation, chosen: bool, hovered: bool) {
    let c = theme.colors();
    let fill = if chosen { *c.accent.fill } else { *c.surface.panel };
    let ink = if chosen && hovered { *c.accent.hover } else { *c.accent.text };
    let line = Stroke::new(if hovered { 2.0 } else { 1.5 }, ink);
    match how {
        Interpolation::Hold => {
            let square = Rect::from_center_size(at, Vec2::splat(SIZE * 1.6));
            painter.rect(square, 0, fill, line, egui::StrokeKind::Middle);
        }
        Interpolation::Linear => {
            let corners = [vec2(0.0, -SIZE), vec2(SIZE, 0.0), vec2(0.0, SIZE), vec2(-SIZE, 0.0)];
            let points = corners.map(|v| at + v).to_vec();
            painter.add(Shape::convex_polygon(points, fill, line));
        }
        Interpolation::Bezier => {
            painter.circle(at, SIZE * 0.9, fill, line);
        }
    }
}

/// Stands for keys that are too near to each other to be told apart.
pub(super) fn tick(painter: &Painter, theme: &Theme, at: Pos2) {
    let line = Stroke::new(1.0, *theme.colors().accent.text);
    painter.line_segment([pos2(at.x, at.y - 3.0), pos2(at.x, at.y + 3.0)], line);
}
