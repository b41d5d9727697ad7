//! The transport: step, play either way, loop, and where the playhead is.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::icon_button;
use crate::editor::widgets::field::{Change, NumberSpec, number};
use crate::editor::widgets::paint::{radius, text_in};
use egui::{Align, Rect, Sense, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};
use rushes_engine::Rate;
use serde::{Deserialize, Serialize};

/// What the transport shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TransportView {
    /// The playhead, from 0.
    pub frame: i64,
    /// How many frames there are; 1 for a still.
    pub frames: i64,
    /// The first and the last frame that are played.
    pub range: [i64; 2],
    /// Frames a second.
    pub rate: Rate,
    /// How fast and which way it plays; 0 stands still.
    pub speed: f32,
    /// What it does at the end.
    pub mode: LoopMode,
    /// Frames a second that are really shown, while it plays.
    pub shown_rate: Option<f32>,
    /// How loud it is; nothing where there is nothing to hear.
    pub sound: Option<SoundLevel>,
}

/// How loud it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundLevel {
    /// 0 to 1.
    pub volume: f32,
    /// It is silent all the same.
    pub muted: bool,
}

/// What play does at the end of its range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopMode {
    /// It begins again.
    #[default]
    Loop,
    /// It stops.
    Once,
    /// It turns round.
    PingPong,
}

impl LoopMode {
    /// The next one.
    fn next(self) -> Self {
        match self {
            Self::Loop => Self::Once,
            Self::Once => Self::PingPong,
            Self::PingPong => Self::Loop,
        }
    }

    fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Loop => (glyph::REPEAT, "Plays again and again"),
            Self::Once => (glyph::ARROW_LINE_RIGHT, "Plays once"),
            Self::PingPong => (glyph::ARROWS_LEFT_RIGHT, "Plays to and fro"),
        }
    }
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
    /// The next way to go on at the end.
    Loop,
    /// The playhead is the first frame that is played.
    SetIn,
    /// The playhead is the last frame that is played.
    SetOut,
    /// All frames are played.
    ClearRange,
    GoIn,
    GoOut,
    /// Makes the frames from in to out, or stops.
    Cache,
    /// Sound on or off.
    Mute,
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TransportAction {
    /// Go to a frame.
    Seek(i64),
    /// Play at a speed, backwards where it is negative; 0 stops.
    Play(f32),
    /// What to do at the end.
    Loop(LoopMode),
    /// Play from a frame to a frame; all of them.
    Range(Option<[i64; 2]>),
    /// Make the frames from in to out, or stop.
    Cache,
    /// No sound, or sound again.
    Mute(bool),
    /// How loud, 0 to 1.
    Volume(f32),
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
            TransportCommand::Loop => TransportAction::Loop(self.mode.next()),
            TransportCommand::SetIn => {
                TransportAction::Range(Some([self.frame, self.range[1].max(self.frame)]))
            }
            TransportCommand::SetOut => {
                TransportAction::Range(Some([self.range[0].min(self.frame), self.frame]))
            }
            TransportCommand::ClearRange => TransportAction::Range(None),
            TransportCommand::GoIn => TransportAction::Seek(self.range[0]),
            TransportCommand::GoOut => TransportAction::Seek(self.range[1]),
            TransportCommand::Cache => TransportAction::Cache,
            TransportCommand::Mute => TransportAction::Mute(!self.sound.is_some_and(|s| s.muted)),
        }
    }

    /// Frames a second that it should show.
    fn wanted_rate(&self) -> f32 {
        self.rate.as_f64() as f32 * self.speed.abs().max(1.0)
    }

    /// Whether fewer pictures come than the clip has; one more or less in a second is chance.
    fn falls_short(&self) -> bool {
        self.shown_rate.is_some_and(|shown| shown < self.wanted_rate() - 1.5)
    }

    /// The rate in words, longest first: what the clip has, and what is reached where that is less.
    fn rate_words(&self) -> [String; 2] {
        let short = match self.shown_rate.filter(|_| self.falls_short()) {
            Some(shown) if self.speed.abs() > 1.0 => [
                format!("{shown:.1} of {:.0}", self.wanted_rate()),
                format!("{shown:.0}/{:.0}", self.wanted_rate()),
            ],
            Some(shown) => [
                format!("{shown:.1} of {}", rate_words(self.rate)),
                format!("{shown:.0}/{}", rate_words(self.rate)),
            ],
            None => [rate_words(self.rate), rate_words(self.rate)],
        };
        let [long, short] = short;
        [format!("{long} fps"), short]
    }

    /// J K L: each press of J or L in the way it plays doubles the speed, up to eight times.
    fn shuttle(&self, way: f32) -> TransportAction {
        let same_way = self.speed * way > 0.0;
        TransportAction::Play(if same_way { (self.speed * 2.0).clamp(-8.0, 8.0) } else { way })
    }
}

/// Frames a second as people say them: 24, 23.976, 29.97.
pub fn rate_words(rate: Rate) -> String {
    let words = format!("{:.3}", rate.as_f64());
    words.trim_end_matches('0').trim_end_matches('.').to_owned()
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
    let narrow = rect.width() < NARROW;
    let (edge, gap) = if narrow { (8.0, 4.0) } else { (12.0, 12.0) };
    let left = rect.shrink2(vec2(edge, 0.0));
    let place = text_in(ui.painter(), left, Align::Min, &code, theme.font(Text::Timecode), *c.text.primary);
    let label = ui.interact(place, ui.id().with("timecode"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("Timecode {code}")));
    let sign = if narrow { 0.0 } else { 10.0 };
    let f = Rect::from_x_y_ranges(place.right() + gap..=place.right() + gap + sign, rect.y_range());
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
    let buttons = middle.translate(vec2((field.right() + gap - middle.left()).max(0.0), 0.0));
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
    let (sign, word) = view.mode.words();
    press(sign, word, view.mode != LoopMode::Once, TransportAction::Loop(view.mode.next()));
    let right = Rect::from_min_max(pos2(buttons.right() + 4.0, rect.top()), rect.max - vec2(edge, 0.0));
    let ink = if view.falls_short() { *c.state.stale } else { *c.text.secondary };
    let beside = if view.sound.is_some() { BUTTON } else { 0.0 };
    let font = || theme.font(Text::Small);
    let width = |words: &String| ui.painter().layout_no_wrap(words.clone(), font(), ink).size().x;
    let words = view.rate_words();
    let fits = words.iter().find(|words| width(words) + beside <= right.width());
    let said =
        fits.or(words.last()).map(|words| text_in(ui.painter(), right, Align::Max, words, font(), ink));
    if let Some(level) = view.sound {
        let left = said.map_or(right.right(), |said| said.left());
        out = out.or(sound(ui, theme, right.with_max_x(left), level));
    }
    out
}

/// Width of a button.
const BUTTON: f32 = 28.0;
/// A column narrower than this has no room for words and gaps.
const NARROW: f32 = 480.0;

/// The mute button, and where there is room the volume.
fn sound(ui: &mut Ui, theme: &Theme, rect: Rect, level: SoundLevel) -> Option<TransportAction> {
    const SLIDER: f32 = 64.0;
    let c = theme.colors();
    let mut out = None;
    let wide = rect.width() >= SLIDER + BUTTON;
    let left = rect.right() - BUTTON - if wide { SLIDER } else { 0.0 };
    if rect.width() < BUTTON {
        return None;
    }
    let place = Rect::from_min_max(pos2(left, rect.top()), rect.max);
    let layout = egui::Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    let (sign, word) =
        if level.muted { (glyph::SPEAKER_SLASH, "Sound on") } else { (glyph::SPEAKER_HIGH, "Mute sound") };
    if icon_button(&mut child, theme, sign, word, false).clicked() {
        out = Some(TransportAction::Mute(!level.muted));
    }
    if !wide {
        return out;
    }
    let slider = Rect::from_min_max(pos2(left + BUTTON + 4.0, rect.top()), rect.max - vec2(8.0, 0.0));
    let response = ui.interact(slider, ui.id().with("volume"), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(true, f64::from(level.volume), "Volume"));
    let bar = Rect::from_center_size(slider.center(), vec2(slider.width() - 8.0, 4.0));
    let shape = radius(2.0);
    ui.painter().rect_filled(bar, shape, *c.surface.field_fill);
    let share = if level.muted { 0.0 } else { level.volume };
    let x = bar.left() + bar.width() * share;
    ui.painter().rect_filled(bar.with_max_x(x), shape, *c.stroke.control);
    let ink = if response.hovered() || response.dragged() { *c.text.primary } else { *c.text.secondary };
    ui.painter().circle_filled(pos2(x, bar.center().y), 4.0, ink);
    if let Some(at) = response.interact_pointer_pos().filter(|_| response.dragged() || response.clicked()) {
        out = Some(TransportAction::Volume(((at.x - bar.left()) / bar.width()).clamp(0.0, 1.0)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(speed: f32) -> TransportView {
        let mode = LoopMode::Loop;
        TransportView {
            frame: 96,
            frames: 240,
            range: [24, 99],
            rate: Rate::FILM,
            speed,
            mode,
            shown_rate: None,
            sound: None,
        }
    }

    #[test]
    fn a_timecode_counts_frames() {
        assert_eq!(timecode(96, Rate::FILM), "00:00:04:00");
        assert_eq!(timecode(24 * 3600 + 25, Rate::FILM), "01:00:01:01");
    }

    #[test]
    fn the_reached_rate_is_said_where_it_falls_short() {
        let says = |shown, speed| TransportView { shown_rate: shown, ..view(speed) }.rate_words();
        assert_eq!(says(None, 1.0), ["24 fps", "24"]);
        assert_eq!(says(Some(23.0), 1.0), ["24 fps", "24"]);
        assert_eq!(says(Some(9.34), 1.0), ["9.3 of 24 fps", "9/24"]);
        assert_eq!(says(Some(24.0), -4.0), ["24.0 of 96 fps", "24/96"]);
        let rate = Rate::new(24_000, 1001).unwrap();
        assert_eq!((rate_words(rate), rate_words(Rate::FILM)), ("23.976".into(), "24".into()));
    }

    #[test]
    fn in_and_out_push_each_other_and_are_gone_to() {
        let set = |frame, command| TransportView { frame, ..view(0.0) }.on(command);
        assert_eq!(set(96, TransportCommand::SetIn), TransportAction::Range(Some([96, 99])));
        assert_eq!(set(120, TransportCommand::SetIn), TransportAction::Range(Some([120, 120])));
        assert_eq!(set(10, TransportCommand::SetOut), TransportAction::Range(Some([10, 10])));
        assert_eq!(set(10, TransportCommand::GoOut), TransportAction::Seek(99));
        assert_eq!(LoopMode::Loop.next().next().next(), LoopMode::Loop);
    }

    #[test]
    fn l_doubles_and_j_turns_round() {
        assert_eq!(view(0.0).shuttle(1.0), TransportAction::Play(1.0));
        assert_eq!(view(1.0).shuttle(1.0), TransportAction::Play(2.0));
        assert_eq!(view(8.0).shuttle(1.0), TransportAction::Play(8.0));
        assert_eq!(view(4.0).shuttle(-1.0), TransportAction::Play(-1.0));
    }
}
