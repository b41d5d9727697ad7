//! Scopes of the viewed frame: places and labels; the light in them is drawn from bins on the device.

use super::area::Area;
use crate::editor::theme::tokens::Scope as Look;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::header;
use crate::editor::widgets::paint::text_in;
use crate::editor::widgets::segments::word;
use egui::{
    Align, Align2, Color32, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, Vec2, WidgetInfo,
    WidgetType, pos2, vec2,
};

/// A scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Plot {
    Waveform,
    Parade,
    Vectorscope,
    Histogram,
}

/// Figures of the frame or of a part of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FiguresView {
    /// Mean of red, green and blue.
    pub mean: [f32; 3],
    /// Least of each.
    pub min: [f32; 3],
    /// Most of each.
    pub max: [f32; 3],
    /// The share of pixels that are black.
    pub black: f32,
    /// The share of pixels with a channel at white or above.
    pub white: f32,
}

/// What the panel shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ScopesView {
    /// There is a frame to measure; else why there is none.
    pub ready: Result<(), String>,
    /// The waveform of luma in the place of the parade.
    pub waveform: bool,
    /// The part that is measured; the whole frame where `None`.
    pub area: Option<Area>,
    /// The figures, once they came.
    pub figures: Option<FiguresView>,
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopesAction {
    /// The waveform in the place of the parade, or the other way round.
    Waveform,
    /// Measure the whole frame again.
    WholeFrame,
    /// The panel comes or goes.
    Show,
}

const CAPTION: f32 = 22.0;
const LINE: f32 = 17.0;
const GAP: f32 = 12.0;

/// Shows the panel in `body`. Gives where light is to be drawn, and what was asked for.
pub fn show(
    ui: &mut Ui,
    body: Rect,
    theme: &Theme,
    view: &ScopesView,
) -> (Vec<(Plot, Rect)>, Option<ScopesAction>) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(body).id_salt("scopes"));
    let ui = &mut child;
    ui.set_clip_rect(body.intersect(ui.clip_rect()));
    if let Err(why) = &view.ready {
        header::empty(ui, theme, body, glyph::CHART_BAR, "Nothing to measure", why);
        return (Vec::new(), None);
    }
    let mut asked = None;
    let [wave, vector, histogram, figures] = places(body);
    let plot = |place: Rect| place.with_min_y(place.top() + CAPTION);
    let first = if view.waveform { ("Waveform", Plot::Waveform) } else { ("Parade", Plot::Parade) };
    let mut head = ui.new_child(
        UiBuilder::new().max_rect(wave.with_max_y(wave.top() + CAPTION).translate(vec2(-6.0, 0.0))),
    );
    let other = if view.waveform { "Show the parade" } else { "Show the waveform of luma" };
    if word(&mut head, theme, first.0, other, false, false).0.clicked() {
        asked = Some(ScopesAction::Waveform);
    }
    caption(ui, theme, wave, "", "%");
    caption(ui, theme, vector, "Vectorscope", "Skin line 123°");
    caption(ui, theme, histogram, "Histogram", "RGB");
    let plots =
        [(first.1, plot(wave)), (Plot::Vectorscope, plot(vector)), (Plot::Histogram, plot(histogram))];
    for (which, rect) in plots {
        let response = ui.interact(rect, ui.id().with(format!("{which:?}")), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Image, true, format!("{which:?}")));
        graticule(&ui.painter().with_clip_rect(rect.expand(1.0)), theme, which, rect);
    }
    if lines(ui, theme, figures, view) {
        asked = Some(ScopesAction::WholeFrame);
    }
    (plots.to_vec(), asked)
}

/// Places of waveform, vectorscope, histogram and figures: below each other in a column, else two by two.
fn places(body: Rect) -> [Rect; 4] {
    let inner = body.shrink2(vec2(GAP, 6.0));
    let told = LINE * 5.0 + 6.0;
    if inner.width() < inner.height() {
        let room = inner.height() - told - 2.0 * 6.0;
        let square = (inner.width() + CAPTION).min(room * 0.46);
        let wave = (room - square) * 0.56;
        let (wave, rest) = inner.split_top_bottom_at_y(inner.top() + wave);
        let (vector, rest) =
            rest.with_min_y(rest.top() + 6.0).split_top_bottom_at_y(rest.top() + 6.0 + square);
        let (histogram, figures) =
            rest.with_min_y(rest.top() + 6.0).split_top_bottom_at_y(inner.bottom() - told);
        return [wave, vector, histogram, figures.with_min_y(figures.top() + 6.0)];
    }
    let (left, right) = inner.split_left_right_at_x(inner.center().x.round());
    let (left, right) =
        (left.with_max_x(left.right() - GAP / 2.0), right.with_min_x(right.left() + GAP / 2.0));
    let (wave, histogram) = left.split_top_bottom_at_y(left.center().y.round());
    let (vector, figures) =
        right.split_top_bottom_at_y((right.bottom() - told).max(right.center().y).round());
    [wave.with_max_y(wave.bottom() - 4.0), vector, histogram, figures.with_min_y(figures.top() + 6.0)]
}

fn caption(ui: &Ui, theme: &Theme, place: Rect, name: &str, note: &str) {
    let c = theme.colors();
    let line = place.with_max_y(place.top() + CAPTION);
    let font = theme.font(Text::Small);
    let end = text_in(ui.painter(), line, Align::Min, name, font.clone(), *c.text.secondary).right();
    text_in(ui.painter(), line.with_min_x(end + 8.0), Align::Max, note, font, *c.text.tertiary);
}

fn graticule(painter: &Painter, theme: &Theme, plot: Plot, rect: Rect) {
    let look = &theme.tokens.scope;
    painter.rect_filled(rect, 0, *look.background);
    let line = Stroke::new(theme.tokens.line.hair, *look.graticule);
    match plot {
        Plot::Waveform | Plot::Parade => {
            for quarter in 0..=4u8 {
                let y = level(rect, f32::from(quarter) / 4.0);
                painter.hline(rect.x_range(), y, line);
                if quarter % 2 == 0 {
                    let percent = u32::from(quarter) * 25;
                    let align = if quarter == 0 { Align2::LEFT_BOTTOM } else { Align2::LEFT_TOP };
                    let at = pos2(rect.left() + 3.0, y);
                    painter.text(at, align, percent.to_string(), theme.font(Text::Key), *look.label);
                }
            }
        }
        Plot::Histogram => {
            for quarter in 1..4u8 {
                painter.vline(rect.left() + rect.width() * f32::from(quarter) / 4.0, rect.y_range(), line);
            }
        }
        Plot::Vectorscope => vectorscope(painter, theme, rect, look, line),
    }
}

/// Where a level from 0 to 1 stands: whole pixels, the ends inside.
fn level(rect: Rect, share: f32) -> f32 {
    (rect.bottom() - 0.5 - (rect.height() - 1.0) * share).round().clamp(rect.top() + 0.5, rect.bottom() - 0.5)
}

/// The square in which colour differences from -0.5 to 0.5 lie.
pub fn square(rect: Rect) -> Rect {
    Rect::from_center_size(rect.center(), Vec2::splat(rect.size().min_elem()))
}

/// Colours of bars at 75 % and how they are called.
const BOXES: [(&str, [f32; 3]); 6] = [
    ("R", [0.75, 0.0, 0.0]),
    ("Mg", [0.75, 0.0, 0.75]),
    ("B", [0.0, 0.0, 0.75]),
    ("Cy", [0.0, 0.75, 0.75]),
    ("G", [0.0, 0.75, 0.0]),
    ("Yl", [0.75, 0.75, 0.0]),
];
/// Where skin of any shade lies, from the axis of blue: the I axis of NTSC.
const SKIN: f32 = 123.0;

/// BT.709's colour differences Cb and Cr of a colour.
fn differences(rgb: [f32; 3]) -> [f32; 2] {
    let [r, g, b] = rgb;
    let luma = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    [(b - luma) / 1.8556, (r - luma) / 1.5748]
}

fn vectorscope(painter: &Painter, theme: &Theme, rect: Rect, look: &Look, line: Stroke) {
    let square = square(rect);
    let (middle, radius) = (square.center(), square.width() / 2.0 - 1.0);
    painter.circle_stroke(middle, radius, line);
    painter.hline(square.x_range().shrink(1.0), middle.y, line);
    painter.vline(middle.x, square.y_range().shrink(1.0), line);
    let skin = SKIN.to_radians();
    let end = middle + vec2(skin.cos(), -skin.sin()) * radius;
    painter.line_segment([middle, end], Stroke::new(line.width, *look.skin_line));
    let at = |[cb, cr]: [f32; 2]| middle + vec2(cb, -cr) * square.width();
    for (name, rgb) in BOXES {
        let point: Pos2 = at(differences(rgb));
        let place = Rect::from_center_size(point, Vec2::splat(8.0));
        painter.rect_stroke(place, 0, Stroke::new(line.width, *look.label), StrokeKind::Middle);
        let ink: Color32 = *look.label;
        painter.text(point + vec2(8.0, 0.0), Align2::LEFT_CENTER, name, theme.font(Text::Key), ink);
    }
}

/// The figures. True where the whole frame was asked for.
fn lines(ui: &mut Ui, theme: &Theme, place: Rect, view: &ScopesView) -> bool {
    let c = theme.colors();
    let area = view.area.map(|[l, t, r, b]| format!("{}×{} at {l} {t}", r - l, b - t));
    let three = |v: [f32; 3]| v.map(|v| format!("{v:.3}")).join(" ");
    let percent = |share: f32| format!("{:.1} %", share * 100.0);
    let told = view.figures.map(|f| {
        let clipped = format!("{} high {} low", percent(f.white), percent(f.black));
        [three(f.mean), three(f.min), three(f.max), clipped]
    });
    let [mean, min, max, clipped] = told.unwrap_or_else(|| ["…"; 4].map(str::to_owned));
    let whole = area.clone().unwrap_or_else(|| "whole frame".to_owned());
    let all = [("Area", whole), ("Mean", mean), ("Min", min), ("Max", max), ("Clipped", clipped)];
    for (row, (name, value)) in (0u8..).zip(&all) {
        let top = place.top() + f32::from(row) * LINE;
        let line = Rect::from_min_max(pos2(place.left(), top), pos2(place.right(), top + LINE));
        let end = text_in(ui.painter(), line, Align::Min, name, theme.font(Text::Small), *c.text.secondary);
        let room = line.with_min_x(end.right() + 8.0);
        text_in(ui.painter(), room, Align::Max, value, theme.font(Text::Mono), *c.text.primary);
        let response = ui.interact(line, ui.id().with(name), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{name} {value}")));
    }
    if area.is_none() {
        return false;
    }
    let first = Rect::from_min_size(place.min, vec2(place.width(), LINE));
    let response = ui.interact(first, ui.id().with("whole"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, "Back to the whole frame"));
    response.on_hover_text("Back to the whole frame").clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stand_where_bars_of_75_per_cent_do() {
        // Cb and Cr of the bars of SMPTE RP 219 as FFmpeg's `smptehdbars` has them, in codes of 8 bits.
        let codes = [[109, 212], [193, 204], [212, 120], [147, 44], [63, 52], [44, 136]];
        for ((name, rgb), expected) in BOXES.into_iter().zip(codes) {
            let got = differences(rgb).map(|v| (128.0 + 224.0 * v).round() as i32);
            assert_eq!(got, expected, "{name}");
        }
    }

    #[test]
    fn scopes_lie_apart_in_a_column_and_in_a_tab() {
        for size in [vec2(232.0, 540.0), vec2(424.0, 290.0), vec2(424.0, 190.0)] {
            let body = Rect::from_min_size(Pos2::ZERO, size);
            let all = places(body);
            for (i, a) in all.iter().enumerate() {
                assert!(body.contains_rect(*a) && a.width() > 150.0 && a.height() > 60.0, "{size}: {a:?}");
                assert!(all.iter().skip(i + 1).all(|b| !a.shrink(0.1).intersects(b.shrink(0.1))));
            }
        }
    }
}
