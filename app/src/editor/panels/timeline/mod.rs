//! The timeline: ruler, what is cached, the playhead, shots, keys and sound; in a second tab the keys as curves.

mod axis;
mod curves;
mod ease;
mod handles;
mod keys;
mod lanes;
mod marks;
mod menu;
mod perform;
mod pointer;
mod ruler;
mod scene;
mod state;
mod strips;
mod view;

pub use ease::Ease;
pub use state::Timeline;
pub use view::{
    LaneId, LaneView, PieceView, ShotView, SoundView, TimelineAction, TimelineCommand, TimelineView,
};

use super::transport::TransportAction;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::icon_button;
use crate::editor::widgets::header;
use crate::editor::widgets::paint::text_in;
use axis::Axis;
use egui::{Align, Rect, Stroke, Ui, UiBuilder, pos2, vec2};
use scene::Scene;

const RULER: f32 = 20.0;
const BAR: f32 = 4.0;
/// Room beside the first and the last frame.
const MARGIN: f32 = 12.0;

/// Where things are.
pub(super) struct Parts {
    /// Beside the ruler.
    corner: Rect,
    ruler: Rect,
    bar: Rect,
    /// Names of lanes.
    names: Rect,
    /// Lanes or curves.
    track: Rect,
    axis: Axis,
}

impl Parts {
    fn of(body: Rect, label: f32, timeline: &Timeline, view: &TimelineView) -> Self {
        let (names, track) = body.split_left_right_at_x(body.left() + label);
        let (corner, names) = names.split_top_bottom_at_y(body.top() + RULER + BAR);
        let (ruler, rest) = track.split_top_bottom_at_y(body.top() + RULER);
        let (bar, track) = rest.split_top_bottom_at_y(body.top() + RULER + BAR);
        let axis = timeline.zoom.axis(track.left() + MARGIN, track.width() - 2.0 * MARGIN, view.end());
        Self { corner, ruler, bar, names, track, axis }
    }
}

impl Timeline {
    /// Shows it in `rect`.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        theme: &Theme,
        view: &TimelineView,
    ) -> Vec<TimelineAction> {
        let mut out = Vec::new();
        let c = theme.colors();
        self.claim_keys(ui, rect);
        self.keep(view);
        self.perform(ui, view, &mut out);
        let (head, body) = header::split_header(ui, theme, rect);
        ui.painter().rect_filled(body, 0, *c.surface.panel);
        let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("timeline"));
        let ui = &mut child;
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        self.header(ui, head, theme, view, &mut out);
        if view.playing {
            self.zoom.follow(view.end(), view.frame as f64);
        }
        let parts = Parts::of(body, theme.tokens.size.timeline_label, self, view);
        ui.painter().rect_filled(parts.corner.union(parts.names), 0, *c.surface.panel_header);
        self.wheel(ui, &parts, view);
        let scene = Scene { theme, parts: &parts, view };
        self.ruler(ui, scene, &mut out);
        if self.curves {
            self.show_curves(ui, scene, &mut out);
        } else {
            self.show_lanes(ui, scene, &mut out);
        }
        self.outside(ui, theme, &parts, view);
        self.playhead(ui, theme, &parts, view);
        self.hold_values(&parts, view);
        self.drag(ui, &parts, view, &mut out);
        ui.painter().vline(parts.names.right(), body.y_range(), Stroke::new(1.0, *c.stroke.divider));
        out
    }

    fn header(
        &mut self,
        ui: &mut Ui,
        head: Rect,
        theme: &Theme,
        view: &TimelineView,
        out: &mut Vec<TimelineAction>,
    ) {
        let c = theme.colors();
        let (chosen, end) = header::tabs(ui, theme, head, &["Timeline", "Curves"], usize::from(self.curves));
        if let Some(tab) = chosen {
            self.curves = tab == 1;
        }
        let mut left = head.right();
        header::right_side(ui, head, |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            let fit = icon_button(ui, theme, glyph::ARROWS_OUT_LINE_HORIZONTAL, "Show every frame", false);
            if fit.clicked() {
                self.zoom.all();
                self.values = None;
            }
            let time = icon_button(ui, theme, glyph::CLOCK, "Timecode on the ruler", self.as_time);
            if time.clicked() {
                self.as_time = !self.as_time;
            }
            left = time.rect.left();
            if view.frames > 1 {
                let words = if view.filling { "Stop caching" } else { "Cache from in to out" };
                let fill = icon_button(ui, theme, glyph::LIGHTNING, words, view.filling);
                if fill.clicked() {
                    out.push(TimelineAction::Transport(TransportAction::Cache));
                }
                left = fill.rect.left();
            }
        });
        let facts = Rect::from_min_max(pos2(end, head.top()), pos2(left - 8.0, head.bottom()));
        let small = theme.font(Text::Small);
        text_in(ui.painter(), facts, Align::Max, &view.facts(), small, *c.text.secondary);
    }

    /// Dims what is not played.
    fn outside(&self, ui: &Ui, theme: &Theme, parts: &Parts, view: &TimelineView) {
        let [first, last] = view.range;
        let whole = Rect::from_min_max(parts.ruler.min, parts.track.max);
        let shade = theme.colors().surface.scrim.gamma_multiply(0.6);
        let (from, to) = (parts.axis.x(first as f64), parts.axis.x(last as f64));
        let clip = ui.painter().with_clip_rect(whole.intersect(ui.clip_rect()));
        if first > 0 {
            clip.rect_filled(whole.with_max_x(from), 0, shade);
        }
        if last < view.last() {
            clip.rect_filled(whole.with_min_x(to), 0, shade);
        }
    }

    fn playhead(&self, ui: &Ui, theme: &Theme, parts: &Parts, view: &TimelineView) {
        use crate::editor::widgets::paint::radius;
        let c = theme.colors();
        let body = Rect::from_min_max(parts.ruler.min, parts.track.max);
        let x = parts.axis.x(view.frame as f64);
        if !parts.axis.sees(view.frame as f64) {
            return;
        }
        let painter = ui.painter().with_clip_rect(body.intersect(ui.clip_rect()));
        painter.vline(x, body.y_range(), Stroke::new(2.0, *c.accent.fill));
        let words = view.frame_words(view.frame, self.as_time);
        let text = painter.layout_no_wrap(words, theme.font(Text::Mono), *c.text.on_accent);
        let size = vec2((text.size().x + 12.0).max(28.0), 16.0);
        // The flag stays whole at both ends.
        let middle = x.clamp(body.left() + size.x / 2.0, (body.right() - size.x / 2.0).max(body.left()));
        let flag = Rect::from_min_size(pos2(middle - size.x / 2.0, body.top()), size);
        painter.rect_filled(flag, radius(3.0), *c.accent.fill);
        painter.galley(flag.center() - text.size() / 2.0, text, *c.text.on_accent);
    }
}
