//! What lies along time without keys: shots and sound.

use super::axis::Axis;
use super::view::{PieceView, SoundView, TimelineAction, TimelineView};
use crate::editor::panels::transport::TransportAction;
use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::paint::{faded, radius, text_in};
use egui::{Align, Color32, Rect, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// The shots as blocks; a click goes to the first frame of one.
pub(super) fn shots(
    ui: &Ui,
    theme: &Theme,
    track: Rect,
    axis: &Axis,
    view: &TimelineView,
    out: &mut Vec<TimelineAction>,
) {
    let c = theme.colors();
    let painter = ui.painter().with_clip_rect(track.intersect(ui.clip_rect()));
    for (index, shot) in view.shots.iter().enumerate() {
        let (from, to) = (axis.x(shot.frames.start as f64), axis.x(shot.frames.end as f64));
        let end = to.min(axis.x(view.end()).max(from + 2.0));
        let place = Rect::from_min_max(pos2(from, track.top() + 3.0), pos2(end - 1.0, track.bottom() - 2.0));
        if !place.intersects(track) {
            continue;
        }
        let response = ui.interact(place.intersect(track), ui.id().with(("shot", index)), Sense::click());
        response.widget_info(|| {
            let words = format!("Shot {} from {} to {}", shot.title, shot.frames.start, shot.frames.end - 1);
            WidgetInfo::labeled(WidgetType::Button, true, words)
        });
        let here = shot.frames.contains(&view.frame);
        let fill = if response.hovered() { *c.surface.hover } else { *c.surface.node_header };
        let line = Stroke::new(1.0, if here { *c.stroke.control } else { *c.stroke.outline });
        painter.rect(place, radius(theme.tokens.radius.thumb), fill, line, StrokeKind::Inside);
        let mut inner = place.intersect(track).shrink2(vec2(8.0, 0.0));
        if let Some((texture, aspect)) = shot.picture {
            let head = place.shrink(1.0);
            let size = vec2((head.height() * aspect).min(head.width() / 2.0), head.height());
            let picture = Rect::from_min_size(head.min, size);
            // A shot too short for the whole picture shows its left part.
            let share = size.x / (head.height() * aspect).max(1.0);
            let part = Rect::from_min_max(pos2(0.0, 0.0), pos2(share, 1.0));
            painter.image(texture, picture, part, Color32::WHITE);
            // The name stays in sight while any of its shot is.
            inner.min.x = inner.min.x.max(picture.right() + 6.0);
        }
        let ink = if here { *c.text.primary } else { *c.text.secondary };
        text_in(&painter, inner, Align::Min, &shot.title, theme.font(Text::Small), ink);
        if response.clicked() {
            out.push(TimelineAction::Transport(TransportAction::Seek(shot.frames.start)));
        }
    }
}

/// The sound as the range that it swings through at every point of the screen.
pub(super) fn sound(ui: &Ui, theme: &Theme, track: Rect, axis: &Axis, sound: &SoundView) {
    let c = theme.colors();
    let response = ui.interact(track, ui.id().with("sound lane"), Sense::hover());
    response
        .widget_info(|| WidgetInfo::labeled(WidgetType::Other, true, format!("Sound of {}", sound.label)));
    let painter = ui.painter().with_clip_rect(track.intersect(ui.clip_rect()));
    let (middle, half) = (track.center().y, track.height() / 2.0 - 3.0);
    let ink = faded(*c.wire.audio, 0.75);
    painter.hline(track.x_range(), middle, Stroke::new(1.0, faded(*c.wire.audio, 0.35)));
    for piece in &sound.pieces {
        let Some(peaks) = &piece.peaks else { continue };
        let from = axis.x(piece.at).max(track.left()).floor();
        let to = axis.x(piece.end).min(track.right());
        let mut x = from;
        while x < to {
            let (a, b) = (second(piece, axis.frame(x)), second(piece, axis.frame(x + 1.0)));
            if let Some([low, high]) = peaks.between(a, b) {
                let y = |level: f32| middle - level.clamp(-1.0, 1.0) * half;
                let column = Rect::from_min_max(pos2(x, y(high)), pos2(x + 1.0, y(low).max(y(high) + 1.0)));
                painter.rect_filled(column, 0, ink);
            }
            x += 1.0;
        }
    }
}

/// The second of the file that is heard at a frame.
fn second(piece: &PieceView, frame: f64) -> f64 {
    piece.start_s + (frame.clamp(piece.at, piece.end) - piece.at) * piece.frame_s
}
