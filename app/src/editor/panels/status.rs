//! The strip at the bottom: what runs, and what was done last.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{Align, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// A job in the queue.
#[derive(Clone, Debug, PartialEq)]
pub struct JobView {
    /// Names it when it is cancelled.
    pub id: u64,
    /// `Write · launch_v07.mov`.
    pub title: String,
    /// Done so far, 0 to 1; `None` while it waits.
    pub done: Option<f32>,
    /// `42 % · 0:38 left`.
    pub words: String,
}

/// What the strip shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StatusView {
    /// Jobs that run or wait.
    pub jobs: Vec<JobView>,
    /// The last thing that was done.
    pub last: String,
    /// `Saved`, or what is not.
    pub saved: String,
    /// The device in words.
    pub device: String,
}

/// Shows the strip; gives the job to cancel.
pub fn show(ui: &Ui, rect: Rect, theme: &Theme, view: &StatusView) -> Option<u64> {
    let c = theme.colors();
    ui.painter().rect_filled(rect, 0, *c.surface.bar);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, *c.stroke.divider));
    let small = || theme.font(Text::Small);
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let saved = text_in(ui.painter(), inner, Align::Max, &view.saved, small(), *c.text.secondary);
    let device = inner.with_max_x(saved.left() - 16.0).with_min_x(inner.left() + inner.width() * 0.55);
    let device = text_in(ui.painter(), device, Align::Max, &view.device, small(), *c.text.tertiary);
    let y = rect.center().y;
    icon(ui.painter(), theme, pos2(inner.left() + 8.0, y), glyph::QUEUE, 16.0, *c.text.secondary);
    let mut x = inner.left() + 24.0;
    let mut put = |text: &str, style, color| {
        let room = Rect::from_min_max(pos2(x, rect.top()), pos2(device.left() - 16.0, rect.bottom()));
        x = text_in(ui.painter(), room, Align::Min, text, theme.font(style), color).right() + 8.0;
        x
    };
    put("Queue", Text::BodyStrong, *c.text.primary);
    let count = view.jobs.len().to_string();
    let mut end = put(if view.jobs.is_empty() { "empty" } else { &count }, Text::Small, *c.text.secondary);
    if view.jobs.is_empty() && !view.last.is_empty() {
        end += 8.0;
        icon(ui.painter(), theme, pos2(end + 7.0, y), glyph::CHECK, 14.0, *c.state.cached);
        let room =
            Rect::from_min_max(pos2(end + 20.0, rect.top()), pos2(device.left() - 16.0, rect.bottom()));
        text_in(ui.painter(), room, Align::Min, &view.last, small(), *c.text.secondary);
    }
    let mut cancel = None;
    for job in &view.jobs {
        let left = end + 16.0;
        if left + 200.0 > device.left() {
            break;
        }
        ui.painter().vline(end + 4.0, rect.shrink(7.0).y_range(), Stroke::new(1.0, *c.stroke.outline));
        let running = job.done.is_some();
        let (sign, color) =
            if running { (glyph::CIRCLE_NOTCH, *c.state.running) } else { (glyph::CLOCK, *c.state.waiting) };
        icon(ui.painter(), theme, pos2(left + 7.0, y), sign, 14.0, color);
        let room = |from: f32, width: f32| {
            Rect::from_min_max(
                pos2(from, rect.top()),
                pos2((from + width).min(device.left() - 16.0), rect.bottom()),
            )
        };
        let title =
            text_in(ui.painter(), room(left + 20.0, 260.0), Align::Min, &job.title, small(), *c.text.primary);
        end = title.right() + 10.0;
        if let Some(done) = job.done {
            let bar = Rect::from_min_size(pos2(end, y - 2.0), vec2(96.0, 4.0));
            ui.painter().rect_filled(bar, radius(2.0), *c.surface.field_fill);
            let fill = bar.with_max_x(bar.left() + bar.width() * done.clamp(0.0, 1.0));
            ui.painter().rect_filled(fill, radius(2.0), *c.state.running);
            end = bar.right() + 10.0;
        }
        end = text_in(ui.painter(), room(end, 220.0), Align::Min, &job.words, small(), *c.text.secondary)
            .right();
        let cross = Rect::from_center_size(pos2(end + 16.0, y), vec2(24.0, 24.0));
        let response = ui.interact(cross, ui.id().with(("cancel", job.id)), Sense::click());
        response
            .widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("Cancel {}", job.title)));
        let ink = if response.hovered() { *c.text.primary } else { *c.text.secondary };
        icon(ui.painter(), theme, cross.center(), glyph::X, 14.0, ink);
        if response.on_hover_text("Cancel").clicked() {
            cancel = Some(job.id);
        }
        end += 30.0;
    }
    cancel
}
