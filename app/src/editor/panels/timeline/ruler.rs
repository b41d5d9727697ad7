//! The ruler: frames or timecode, the played range with its ends, what is cached.

use super::RULER;
use super::axis::frame_step;
use super::scene::Scene;
use super::state::{Drag, Timeline};
use super::view::TimelineAction;
use crate::editor::panels::transport::TransportAction;
use crate::editor::theme::Text;
use crate::editor::widgets::paint::text_in;
use egui::{
    Align, Align2, CursorIcon, PointerButton, Rect, Sense, Shape, Stroke, Ui, WidgetInfo, WidgetType, pos2,
    vec2,
};

const TICK_SPACE: f32 = 72.0;
const TIME_SPACE: f32 = 96.0;
/// Points of the ends of the range.
const HANDLE: f32 = 9.0;

impl Timeline {
    pub(super) fn ruler(&mut self, ui: &mut Ui, scene: Scene<'_>, out: &mut Vec<TimelineAction>) {
        let Scene { theme, parts, view } = scene;
        let c = theme.colors();
        let cached: i64 = view.cached.iter().map(|r| r.end - r.start).sum();
        let words = format!("Cached {cached} of {}", view.frames);
        let row = parts.corner.shrink2(vec2(8.0, 0.0));
        text_in(ui.painter(), row, Align::Min, &words, theme.font(Text::Small), *c.text.secondary);
        let hit = parts.ruler.union(parts.bar);
        let response = ui.interact(hit, ui.id().with("scrub"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Slider, true, "Playhead"));
        if response.hovered() {
            ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
        }
        self.marks(ui, scene);
        bar(ui, scene);
        if view.frames > 1 {
            self.ends(ui, scene, out);
        }
        if response.drag_started_by(PointerButton::Middle)
            && let Some(at) = response.interact_pointer_pos()
        {
            self.drag = Some(Drag::Pan(at));
        }
        let held = response.dragged_by(PointerButton::Primary) || response.clicked();
        let Some(at) = response.interact_pointer_pos().filter(|_| held && self.drag.is_none()) else {
            return;
        };
        let frame = (parts.axis.frame(at.x).round() as i64).clamp(0, view.last());
        if frame != view.frame {
            out.push(TimelineAction::Transport(TransportAction::Seek(frame)));
        }
    }

    fn marks(&self, ui: &Ui, scene: Scene<'_>) {
        let Scene { theme, parts, view } = scene;
        let c = theme.colors();
        let (axis, ruler) = (&parts.axis, parts.ruler);
        let room = if self.as_time { TIME_SPACE } else { TICK_SPACE };
        let base = self.as_time.then(|| (view.rate.as_f64().round() as i64).max(1));
        let step = frame_step(f64::from(room / axis.step()), base);
        let painter = ui.painter().with_clip_rect(ruler.intersect(ui.clip_rect()));
        let mut frame = (axis.first / step as f64).floor() as i64 * step;
        while frame as f64 <= axis.first + axis.span {
            let x = axis.x(frame as f64);
            if frame >= 0 {
                let tick = Stroke::new(1.0, *c.stroke.outline_hover);
                painter.vline(x, ruler.top() + 8.0..=ruler.top() + RULER, tick);
                let words = view.frame_words(frame, self.as_time);
                let at = pos2(x + 4.0, ruler.top() + 9.0);
                painter.text(at, Align2::LEFT_CENTER, words, theme.font(Text::Key), *c.text.secondary);
            }
            frame += step;
        }
    }

    /// The in point and the out point, which can be dragged.
    fn ends(&mut self, ui: &Ui, scene: Scene<'_>, out: &mut Vec<TimelineAction>) {
        let Scene { theme, parts, view } = scene;
        let c = theme.colors();
        let y = parts.ruler.bottom();
        let line = Stroke::new(1.0, *c.text.secondary);
        let [from, to] = view.range.map(|f| parts.axis.x(f as f64));
        let painter = ui.painter().with_clip_rect(parts.ruler.intersect(ui.clip_rect()));
        painter.hline(from..=to, y - 1.0, line);
        for (x, is_out, name) in [(from, false, "In point"), (to, true, "Out point")] {
            let way = if is_out { 1.0 } else { -1.0 };
            let place = Rect::from_min_max(
                pos2(x.min(x + way * HANDLE), y - HANDLE),
                pos2(x.max(x + way * HANDLE), y),
            );
            let response = ui.interact(place, ui.id().with(name), Sense::click_and_drag());
            let frame = view.range[usize::from(is_out)];
            response
                .widget_info(|| WidgetInfo::labeled(WidgetType::Slider, true, format!("{name} at {frame}")));
            let lit =
                response.hovered() || matches!(self.drag, Some(Drag::Range { out, .. }) if out == is_out);
            let ink = if lit { *c.text.primary } else { *c.text.secondary };
            let points = vec![pos2(x, y - HANDLE), pos2(x, y), pos2(x + way * HANDLE, y)];
            painter.add(Shape::convex_polygon(points, ink, Stroke::NONE));
            if response.hovered() {
                ui.set_cursor_icon(CursorIcon::ResizeColumn);
            }
            if response.drag_started_by(PointerButton::Primary) {
                self.drag = Some(Drag::Range { out: is_out, from: view.range });
                out.push(TimelineAction::Begin);
            }
        }
    }
}

fn bar(ui: &Ui, scene: Scene<'_>) {
    let Scene { theme, parts, view } = scene;
    let c = theme.colors();
    let bar = parts.bar;
    let painter = ui.painter().with_clip_rect(bar.intersect(ui.clip_rect()));
    let (left, right) = (parts.axis.x(0.0), parts.axis.x(view.last() as f64));
    painter.rect_filled(bar.with_min_x(left).with_max_x(right.max(left + 2.0)), 0, *c.surface.field);
    for part in &view.cached {
        let last = part.end.max(part.start + 1) - 1;
        let (from, to) = (parts.axis.x(part.start as f64), parts.axis.x(last as f64));
        // A frame is as wide as its step, but the last one ends where the line does.
        let to = (to + parts.axis.step()).min(right).max(from + 2.0);
        painter.rect_filled(bar.with_min_x(from).with_max_x(to), 0, *c.state.cached);
    }
}
