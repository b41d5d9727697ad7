//! Two pictures at once: A, which the keys 1 to 9 choose, and B beside, behind or taken from it.

use super::viewer::Shown;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{Align, Color32, CursorIcon, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};

/// How two pictures are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Mode {
    /// A alone.
    #[default]
    Off,
    /// A left of a line, B right of it.
    Wipe,
    /// A and B, each in its half.
    Side,
    /// How far A is from B.
    Difference,
}

impl Mode {
    /// All with their names, in the order of the menu.
    pub const ALL: [(&'static str, Self); 4] =
        [("Off", Self::Off), ("Wipe", Self::Wipe), ("Side", Self::Side), ("Difference", Self::Difference)];
}

/// One of the two pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Side {
    /// The one of the current key.
    #[default]
    A,
    /// The other.
    B,
}

/// B.
#[derive(Clone, Debug, PartialEq)]
pub struct OtherView {
    /// The viewer key that it is on; none where it is another take of a node before A.
    pub slot: Option<u8>,
    /// The title of its node, or of the take.
    pub title: String,
    /// The picture or the reason why there is none.
    pub shown: Shown,
}

/// How A and B are compared.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareView {
    /// How they are shown.
    pub mode: Mode,
    /// Where the line stands, as a share of the panel's width.
    pub wipe: f32,
    /// What a difference is multiplied by.
    pub gain: f32,
    /// B; `None` where there is nothing to compare with.
    pub other: Option<OtherView>,
    /// The nodes that B can be: their keys and titles.
    pub slots: Vec<(u8, String)>,
    /// The takes that B can play: their titles, and whether it does.
    pub takes: Vec<(String, bool)>,
    /// What A plays where B is another take of it, or empty.
    pub playing: String,
}

impl Default for CompareView {
    fn default() -> Self {
        Self {
            mode: Mode::Off,
            wipe: 0.5,
            gain: 4.0,
            other: None,
            slots: Vec::new(),
            takes: Vec::new(),
            playing: String::new(),
        }
    }
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CompareAction {
    /// Show both so; asked for again, A alone.
    Mode(Mode),
    /// Let B be the node on a viewer key.
    Other(u8),
    /// Let B play the take at this place in [`CompareView::takes`].
    Take(usize),
    /// Let A be B and B be A.
    Swap,
    /// Put the line at a share of the panel's width.
    Wipe(f32),
    /// Multiply differences by this.
    Gain(f32),
}

/// Gains of a difference.
pub const GAINS: (f32, f32) = (1.0, 64.0);

impl CompareView {
    /// The mode that is in force: without B there is only A.
    pub fn mode(&self) -> Mode {
        if self.other.is_some() { self.mode } else { Mode::Off }
    }

    fn line(&self, panel: Rect) -> f32 {
        (panel.left() + panel.width() * self.wipe).round()
    }

    /// The stages in which A and B are placed; the same one unless they stand side by side.
    pub fn stages(&self, panel: Rect) -> [Rect; 2] {
        match self.mode() {
            Mode::Side => self.panes(panel),
            _ => [panel, panel],
        }
    }

    /// What of the panel A and B may cover.
    pub fn panes(&self, panel: Rect) -> [Rect; 2] {
        match self.mode() {
            Mode::Off | Mode::Difference => [panel, Rect::NOTHING],
            Mode::Wipe => panel.split_left_right_at_x(self.line(panel)).into(),
            Mode::Side => {
                let (a, b) = panel.split_left_right_at_x(panel.center().x.round());
                [a.with_max_x(a.right() - 1.0), b.with_min_x(b.left() + 1.0)]
            }
        }
    }

    /// Which of the two is under a point, and its stage.
    pub fn under(&self, panel: Rect, x: f32) -> (Side, Rect) {
        let [a, b] = self.stages(panel);
        let [_, pane] = self.panes(panel);
        if pane.is_positive() && pane.x_range().contains(x) { (Side::B, b) } else { (Side::A, a) }
    }
}

/// The largest rectangle of the shape of `size` in the middle of `within`.
pub fn inside(within: Rect, size: [u32; 2]) -> Rect {
    let size = vec2(size[0].max(1) as f32, size[1].max(1) as f32);
    Rect::from_center_size(within.center(), size * (within.size() / size).min_elem())
}

/// Draws the letters and titles over the pictures and the line of a wipe, and takes its drags.
pub fn over(
    ui: &mut Ui,
    panel: Rect,
    theme: &Theme,
    title: &str,
    shown: &Shown,
    view: &CompareView,
) -> Option<CompareAction> {
    let other = view.other.as_ref().filter(|_| view.mode() != Mode::Off)?;
    let [a, b] = view.panes(panel);
    let words = |letter: &str, title: &str, shown: &Shown| format!("{letter} {title}{}", standing(shown));
    let title =
        if view.playing.is_empty() { title.to_owned() } else { format!("{title} · {}", view.playing) };
    let (first, second) = (words("A", &title, shown), words("B", &other.title, &other.shown));
    match view.mode() {
        Mode::Difference => {
            let gain = if view.gain == 1.0 { String::new() } else { format!(" × {}", view.gain) };
            caption(ui, theme, panel, Align::Min, &format!("|A − B|{gain}"));
            caption(ui, theme, panel, Align::Max, &format!("{first} − {second}"));
        }
        Mode::Side => {
            ui.painter().rect_filled(
                Rect::from_min_max(a.right_top(), b.left_bottom()),
                0,
                *theme.colors().stroke.divider,
            );
            caption(ui, theme, a, Align::Min, &first);
            caption(ui, theme, b, Align::Max, &second);
        }
        _ => {
            let (left, right) = panel.split_left_right_at_x(panel.center().x);
            caption(ui, theme, a.intersect(left), Align::Min, &first);
            caption(ui, theme, b.intersect(right), Align::Max, &second);
        }
    }
    if view.mode() == Mode::Wipe { wipe(ui, panel, theme, view) } else { None }
}

/// What is to be said of a picture that is not there as it should be.
fn standing(shown: &Shown) -> &'static str {
    match shown {
        Shown::Picture { late: false, .. } => "",
        Shown::Picture { late: true, .. } => " · late",
        Shown::Nothing => " · nothing",
        Shown::Making(_) => " · being made",
        Shown::NeedsRun(_) => " · needs a run",
        Shown::Failed { .. } | Shown::Stills(_) => " · no picture",
    }
}

/// Words on a picture, in the upper corner that `align` says.
pub(super) fn caption(ui: &Ui, theme: &Theme, within: Rect, align: Align, words: &str) {
    let (look, font) = (&theme.tokens.image_caption, theme.font(Text::Small));
    let room = within.shrink(8.0);
    if room.width() < 24.0 {
        return;
    }
    let galley =
        crate::editor::widgets::paint::line(ui.painter(), words, font, *look.text, room.width() - 12.0);
    let size = galley.size() + vec2(12.0, 2.0);
    let x = if align == Align::Max { room.right() - size.x } else { room.left() };
    let rect = Rect::from_min_size(pos2(x, room.top()), size);
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.thumb), *look.background);
    ui.painter().galley(rect.min + vec2(6.0, 1.0), galley, *look.text);
    let label = ui.interact(rect, ui.id().with(("caption", align == Align::Max)), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words));
}

fn wipe(ui: &mut Ui, panel: Rect, theme: &Theme, view: &CompareView) -> Option<CompareAction> {
    const HANDLE: f32 = 10.0;
    let x = view.line(panel);
    let ink: Color32 = *theme.tokens.image_caption.text;
    let handle = pos2(x, panel.top() + panel.height() * 0.78);
    let grip = Rect::from_x_y_ranges(x - 6.0..=x + 6.0, panel.y_range())
        .union(Rect::from_center_size(handle, Vec2::splat(theme.tokens.size.hit_min)));
    let response = ui.interact(grip, ui.id().with("wipe"), Sense::drag());
    response.widget_info(|| WidgetInfo::slider(true, f64::from(view.wipe), "Wipe between A and B"));
    let casing = theme.tokens.image_caption.background;
    ui.painter().vline(x, panel.y_range(), Stroke::new(3.0, *casing));
    ui.painter().vline(x, panel.y_range(), Stroke::new(1.0, ink));
    ui.painter().circle_filled(handle, HANDLE, *theme.tokens.image_caption.background);
    ui.painter().circle_stroke(handle, HANDLE, Stroke::new(theme.tokens.line.focus, ink));
    icon(ui.painter(), theme, handle, glyph::CODE_SIMPLE, theme.tokens.size.icon_tiny, ink);
    if response.hovered() || response.dragged() {
        ui.set_cursor_icon(CursorIcon::ResizeHorizontal);
    }
    let at = response.interact_pointer_pos().filter(|_| response.dragged())?;
    Some(CompareAction::Wipe(((at.x - panel.left()) / panel.width().max(1.0)).clamp(0.0, 1.0)))
}

/// The letter and the title of B in a header, from the left; gives where they end.
pub(super) fn name(ui: &Ui, theme: &Theme, room: Rect, view: &OtherView) -> f32 {
    let c = theme.colors();
    let lead = match view.slot {
        Some(slot) => {
            super::viewer_header::key_cap(ui, theme, room, slot);
            24.0
        }
        None => 4.0,
    };
    let words = room.with_min_x(room.left() + lead);
    text_in(ui.painter(), words, Align::Min, &view.title, theme.font(Text::NodeTitle), *c.text.primary)
        .right()
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Pos2;

    fn view(mode: Mode) -> CompareView {
        let other = OtherView { slot: Some(2), title: "Grade".into(), shown: Shown::Nothing };
        CompareView { mode, wipe: 0.25, other: Some(other), ..CompareView::default() }
    }

    #[test]
    fn panes_meet_at_the_line_and_halves_are_equal() {
        let panel = Rect::from_min_size(pos2(100.0, 50.0), vec2(640.0, 360.0));
        let [a, b] = view(Mode::Wipe).panes(panel);
        assert_eq!((a.right(), b.left()), (260.0, 260.0));
        assert_eq!(a.union(b), panel);
        let [a, b] = view(Mode::Side).stages(panel);
        assert_eq!(a.size(), b.size());
        assert_eq!(view(Mode::Side).under(panel, 700.0).0, Side::B);
        assert_eq!(view(Mode::Difference).under(panel, 700.0), (Side::A, panel));
        let alone = CompareView { other: None, ..view(Mode::Side) };
        assert_eq!(alone.panes(panel), [panel, Rect::NOTHING]);
    }

    #[test]
    fn another_shape_lies_whole_in_the_middle() {
        let within = Rect::from_min_size(Pos2::ZERO, vec2(160.0, 90.0));
        assert_eq!(inside(within, [3840, 2160]), within);
        let square = inside(within, [512, 512]);
        assert_eq!((square.size(), square.center()), (vec2(90.0, 90.0), within.center()));
    }
}
