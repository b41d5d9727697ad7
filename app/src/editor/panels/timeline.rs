//! The timeline: ruler, what is cached, the playhead, and keyframes of the selected node.

use super::transport::TransportAction;
use crate::editor::theme::{Text, Theme, fonts, icons::glyph};
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Align2, CursorIcon, Rect, Sense, Stroke, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2,
};
use std::ops::Range;

/// A parameter that changes over time.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    /// Its label.
    pub label: String,
    /// Its value at the playhead.
    pub value: String,
    /// Frames with keys.
    pub keys: Vec<f64>,
}

/// What the timeline shows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TimelineView {
    /// The playhead, from 0.
    pub frame: i64,
    /// How many frames there are.
    pub frames: i64,
    /// Stretches of frames of the viewed node that are ready.
    pub cached: Vec<Range<i64>>,
    /// Keyed parameters of the selected node.
    pub lanes: Vec<LaneView>,
    /// `240 frames · 10.0 s · 24 fps`.
    pub facts: String,
}

const RULER: f32 = 20.0;
const BAR: f32 = 4.0;
const LANE: f32 = 28.0;
const TICK_SPACE: f32 = 72.0;

/// Shows the timeline in `rect`.
pub fn show(ui: &mut Ui, rect: Rect, theme: &Theme, view: &TimelineView) -> Option<TransportAction> {
    let c = theme.colors();
    let (head, body) = header::split_header(ui, theme, rect);
    ui.painter().rect_filled(body, 0, *c.surface.panel);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("timeline"));
    let ui = &mut child;
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    header::tabs(ui, theme, head, &["Timeline"], 0);
    let facts = head.shrink2(vec2(12.0, 0.0));
    text_in(ui.painter(), facts, Align::Max, &view.facts, theme.font(Text::Small), *c.text.secondary);
    let (names, track) = body.split_left_right_at_x(body.left() + theme.tokens.size.timeline_label);
    ui.painter().rect_filled(names, 0, *c.surface.panel_header);
    let cached: i64 = view.cached.iter().map(|r| r.end - r.start).sum();
    let words = format!("Cached {cached} of {}", view.frames);
    let row = Rect::from_min_size(names.min, vec2(names.width(), RULER + BAR)).shrink2(vec2(8.0, 0.0));
    text_in(ui.painter(), row, Align::Min, &words, theme.font(Text::Small), *c.text.secondary);
    let track = track.shrink2(vec2(12.0, 0.0));
    let last = (view.frames - 1).max(1) as f32;
    let x_of = |frame: f32| track.left() + track.width() * (frame / last);
    ruler(ui, theme, track, view.frames, &x_of);
    let bar = Rect::from_min_size(pos2(track.left(), track.top() + RULER), vec2(track.width(), BAR));
    ui.painter().rect_filled(bar, 0, *c.surface.field);
    for part in &view.cached {
        let (from, to) = (x_of(part.start as f32), x_of((part.end.max(part.start + 1) - 1) as f32));
        let fill = Rect::from_min_max(pos2(from, bar.top()), pos2(to.max(from + 2.0), bar.bottom()));
        ui.painter().rect_filled(fill, 0, *c.state.cached);
    }
    for (i, lane) in view.lanes.iter().enumerate() {
        let top = bar.bottom() + i as f32 * LANE;
        let row = |r: Rect| Rect::from_min_size(pos2(r.left(), top), vec2(r.width(), LANE));
        lane_row(ui, theme, row(names), row(track), lane, &x_of);
    }
    let hit = Rect::from_min_max(track.min, pos2(track.right(), body.bottom()));
    let response = ui.interact(hit.expand2(vec2(8.0, 0.0)), ui.id().with("scrub"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Slider, true, "Playhead"));
    if response.hovered() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    playhead(ui, theme, body, x_of(view.frame as f32), view.frame);
    let at = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked())?;
    let frame = ((at.x - track.left()) / track.width() * last).round() as i64;
    let frame = frame.clamp(0, (view.frames - 1).max(0));
    (frame != view.frame).then_some(TransportAction::Seek(frame))
}

fn ruler(ui: &Ui, theme: &Theme, track: Rect, frames: i64, x_of: &impl Fn(f32) -> f32) {
    let c = theme.colors();
    let wanted = frames as f32 * TICK_SPACE / track.width().max(1.0);
    let steps = [1, 2, 4, 6, 12, 24, 48, 72, 96, 120, 240, 480, 960, 2400, 4800, 9600, 24_000];
    let step = steps.into_iter().find(|s| *s as f32 >= wanted).unwrap_or(100_000);
    let mut frame = 0;
    while frame < frames {
        let x = x_of(frame as f32);
        let tick = Stroke::new(1.0, *c.stroke.outline_hover);
        ui.painter().vline(x, track.top() + 8.0..=track.top() + RULER, tick);
        let at = pos2(x + 4.0, track.top() + 9.0);
        ui.painter().text(
            at,
            Align2::LEFT_CENTER,
            frame.to_string(),
            theme.font(Text::Key),
            *c.text.secondary,
        );
        frame += step;
    }
}

fn lane_row(ui: &Ui, theme: &Theme, name: Rect, track: Rect, lane: &LaneView, x_of: &impl Fn(f32) -> f32) {
    let c = theme.colors();
    let line = Stroke::new(1.0, *c.stroke.divider);
    ui.painter().hline(name.left()..=track.right() + 12.0, name.top(), line);
    icon(
        ui.painter(),
        theme,
        pos2(name.left() + 14.0, name.center().y),
        glyph::DIAMOND,
        12.0,
        *c.text.secondary,
    );
    let inner = Rect::from_min_max(name.min + vec2(26.0, 0.0), name.max - vec2(8.0, 0.0));
    let value =
        text_in(ui.painter(), inner, Align::Max, &lane.value, theme.font(Text::Small), *c.text.secondary);
    let label = inner.with_max_x(value.left() - 6.0);
    text_in(ui.painter(), label, Align::Min, &lane.label, theme.font(Text::Small), *c.text.primary);
    if let (Some(first), Some(last)) = (lane.keys.first(), lane.keys.last()) {
        let thin = Stroke::new(1.0, *c.accent.text);
        ui.painter().hline(x_of(*first as f32)..=x_of(*last as f32), track.center().y, thin);
    }
    for key in &lane.keys {
        let at = pos2(x_of(*key as f32), track.center().y);
        let font = fonts::font(fonts::ICONS_FILL, 12.0);
        ui.painter().text(at, Align2::CENTER_CENTER, glyph::DIAMOND, font, *c.accent.text);
    }
}

fn playhead(ui: &Ui, theme: &Theme, body: Rect, x: f32, frame: i64) {
    let c = theme.colors();
    ui.painter().vline(x, body.y_range(), Stroke::new(2.0, *c.accent.fill));
    let text = ui.painter().layout_no_wrap(frame.to_string(), theme.font(Text::Mono), *c.text.on_accent);
    let size = vec2((text.size().x + 12.0).max(28.0), 16.0);
    let flag = Rect::from_min_size(pos2(x - size.x / 2.0, body.top()), size);
    ui.painter().rect_filled(flag, radius(3.0), *c.accent.fill);
    ui.painter().galley(flag.center() - text.size() / 2.0, text, *c.text.on_accent);
}
