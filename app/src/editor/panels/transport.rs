//! The transport: step, play either way, loop, and where the playhead is.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::icon_button;
use crate::editor::widgets::field::{Change, NumberSpec, number};
use crate::editor::widgets::paint::text_in;
use egui::{Align, Rect, Sense, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};
use rushes_engine::Rate;

/// What the transport shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportView {
    /// The playhead, from 0.
    pub frame: i64,
    /// How many frames there are; 1 for a still.
    pub frames: i64,
    /// Frames a second.
    pub rate: Rate,
    /// How fast and which way it plays; 0 stands still.
    pub speed: f32,
    /// Whether it starts again at the end.
    pub looping: bool,
    /// Frames a second that are really shown, while it plays.
    pub shown_rate: Option<f32>,
}

/// What can be done to the playhead without a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum TransportCommand {
    Toggle,
    Pause,
    /// Backwards; again for faster.
    Back,
    /// Again for faster.
    Forward,
    /// By frames.
    Step(i32),
    First,
    Last,
    Loop,
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TransportAction {
    /// Go to a frame.
    Seek(i64),
    /// Play at a speed, backwards where it is negative; 0 stops.
    Play(f32),
    /// Start again at the end, or not.
    Loop(bool),
}

impl TransportView {
    fn clamp(&self, frame: i64) -> i64 {
        frame.clamp(0, (self.frames - 1).max(0))
    }

    fn toggle(&self) -> TransportAction {
        TransportAction::Play(if self.speed == 0.0 { 1.0 } else { 0.0 })
    }

    /// What a command comes to now.
    pub fn on(&self, command: TransportCommand) -> TransportAction {
        match command {
            TransportCommand::Toggle => self.toggle(),
            TransportCommand::Pause => TransportAction::Play(0.0),
            TransportCommand::Back => self.shuttle(-1.0),
            TransportCommand::Forward => self.shuttle(1.0),
            TransportCommand::Step(by) => TransportAction::Seek(self.clamp(self.frame + i64::from(by))),
            TransportCommand::First => TransportAction::Seek(0),
            TransportCommand::Last => TransportAction::Seek(self.clamp(i64::MAX)),
            TransportCommand::Loop => TransportAction::Loop(!self.looping),
        }
    }

    /// J K L: each press of J or L in the way it plays doubles the speed, up to eight times.
    fn shuttle(&self, way: f32) -> TransportAction {
        let same_way = self.speed * way > 0.0;
        TransportAction::Play(if same_way { (self.speed * 2.0).clamp(-8.0, 8.0) } else { way })
    }
}

/// Hours, minutes, seconds and frames, counted in whole frames as a non-drop timecode is.
pub fn timecode(frame: i64, rate: Rate) -> String {
    let base = (rate.as_f64().round() as i64).max(1);
    let (seconds, frames) = (frame.div_euclid(base), frame.rem_euclid(base));
    format!("{:02}:{:02}:{:02}:{frames:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

/// Shows the transport in `rect`.
pub fn show(ui: &mut Ui, rect: Rect, theme: &Theme, view: &TransportView) -> Option<TransportAction> {
    let c = theme.colors();
    let mut out = None;
    ui.painter().rect_filled(rect, 0, *c.surface.panel);
    let code = timecode(view.frame, view.rate);
    let left = rect.shrink2(vec2(12.0, 0.0));
    let place = text_in(ui.painter(), left, Align::Min, &code, theme.font(Text::Timecode), *c.text.primary);
    let label = ui.interact(place, ui.id().with("timecode"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("Timecode {code}")));
    let f =
        Rect::from_min_max(pos2(place.right() + 12.0, rect.top()), pos2(place.right() + 22.0, rect.bottom()));
    text_in(ui.painter(), f, Align::Min, "f", theme.font(Text::Mono), *c.text.secondary);
    let field =
        Rect::from_center_size(pos2(f.right() + 26.0, rect.center().y), vec2(52.0, theme.tokens.size.field));
    let last = (view.frames - 1).max(0) as f64;
    let spec = NumberSpec {
        soft: 0.0..=last,
        hard: 0.0..=last,
        integer: true,
        unit: String::new(),
        logarithmic: false,
    };
    if let Some(Change::Done(v) | Change::Dragging(v)) =
        number(ui, theme, field, "Frame", view.frame as f64, &spec)
    {
        out = Some(TransportAction::Seek(v as i64));
    }
    let middle = Rect::from_center_size(rect.center() + vec2(16.0, 0.0), vec2(6.0 * 32.0, rect.height()));
    // In a narrow column the field keeps its room and the buttons stand beside it.
    let buttons = middle.translate(vec2((field.right() + 12.0 - middle.left()).max(0.0), 0.0));
    let layout = egui::Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(buttons).layout(layout));
    let mut press = |glyph, label, on, action| {
        if icon_button(&mut child, theme, glyph, label, on).clicked() {
            out = Some(action);
        }
    };
    press(glyph::SKIP_BACK, "First frame", false, TransportAction::Seek(0));
    press(glyph::CARET_LEFT, "Previous frame", false, TransportAction::Seek(view.clamp(view.frame - 1)));
    let playing = view.speed != 0.0;
    let (sign, word) = if playing { (glyph::PAUSE, "Pause") } else { (glyph::PLAY, "Play") };
    press(sign, word, true, view.toggle());
    press(glyph::CARET_RIGHT, "Next frame", false, TransportAction::Seek(view.clamp(view.frame + 1)));
    press(glyph::SKIP_FORWARD, "Last frame", false, TransportAction::Seek(view.clamp(i64::MAX)));
    press(glyph::REPEAT, "Loop", view.looping, TransportAction::Loop(!view.looping));
    let words = match view.shown_rate {
        Some(shown) => format!("{shown:.1} of {} fps", view.rate),
        None => format!("{} fps", view.rate),
    };
    let right = Rect::from_min_max(pos2(buttons.right() + 8.0, rect.top()), rect.max - vec2(12.0, 0.0));
    text_in(ui.painter(), right, Align::Max, &words, theme.font(Text::Small), *c.text.secondary);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(speed: f32) -> TransportView {
        TransportView { frame: 96, frames: 240, rate: Rate::FILM, speed, looping: true, shown_rate: None }
    }

    #[test]
    fn a_timecode_counts_frames() {
        assert_eq!(timecode(96, Rate::FILM), "00:00:04:00");
        assert_eq!(timecode(24 * 3600 + 25, Rate::FILM), "01:00:01:01");
    }

    #[test]
    fn l_doubles_and_j_turns_round() {
        assert_eq!(view(0.0).shuttle(1.0), TransportAction::Play(1.0));
        assert_eq!(view(1.0).shuttle(1.0), TransportAction::Play(2.0));
        assert_eq!(view(8.0).shuttle(1.0), TransportAction::Play(8.0));
        assert_eq!(view(4.0).shuttle(-1.0), TransportAction::Play(-1.0));
    }
}
