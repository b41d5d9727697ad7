//! A part of the picture that is measured by itself, drawn with Shift held down.

use crate::editor::theme::Theme;
use crate::editor::theme::icons::glyph;
use crate::editor::widgets::paint::{icon, radius};
use egui::{
    CursorIcon, PointerButton, Pos2, Rect, Response, Sense, Stroke, StrokeKind, Ui, WidgetInfo, WidgetType,
    vec2,
};

/// A part of a picture in pixels at full scale: left, top, right, bottom, the last two just outside.
pub type Area = [u32; 4];

/// What a drag began.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Drawing {
    from: Option<Pos2>,
}

impl Drawing {
    /// Takes a drag over a picture that stands at `place`. Gives the area drawn so far; `Some(None)` where a click with
    /// Shift means the whole frame.
    pub(super) fn drag(
        &mut self,
        ui: &Ui,
        response: &Response,
        place: Rect,
        size: [u32; 2],
    ) -> Option<Option<Area>> {
        let shift = ui.input(|i| i.modifiers.shift);
        if response.clicked() && shift {
            return Some(None);
        }
        if response.drag_started_by(PointerButton::Primary) && shift {
            self.from = ui.input(|i| i.pointer.press_origin());
        }
        let from = self.from?;
        ui.set_cursor_icon(CursorIcon::Crosshair);
        let to = response.interact_pointer_pos().unwrap_or(from);
        if response.drag_stopped() || !response.dragged() {
            self.from = None;
        }
        Some(area(place, size, Rect::from_two_pos(from, to)))
    }

    /// Whether an area is being drawn.
    pub(super) fn is_on(self) -> bool {
        self.from.is_some()
    }
}

/// The pixels of a picture at `place` that `drawn` touches.
fn area(place: Rect, size: [u32; 2], drawn: Rect) -> Option<Area> {
    let drawn = drawn.intersect(place);
    if !drawn.is_positive() {
        return None;
    }
    let min = (drawn.min - place.min) / place.size();
    let max = (drawn.max - place.min) / place.size();
    let pixel = |share: f32, of: u32| (share * of as f32) as u32;
    let (left, top) = (pixel(min.x, size[0]).min(size[0] - 1), pixel(min.y, size[1]).min(size[1] - 1));
    let end = |share: f32, of: u32, from: u32| ((share * of as f32).ceil() as u32).clamp(from + 1, of);
    Some([left, top, end(max.x, size[0], left), end(max.y, size[1], top)])
}

/// An area of a picture of `full` pixels as pixels of one that was made of `made` pixels; all of it where there is none.
pub fn area_of(area: Option<Area>, full: [u32; 2], made: [u32; 2]) -> Area {
    let Some([left, top, right, bottom]) = area else { return [0, 0, made[0], made[1]] };
    let scaled = |v: u32, axis: usize| {
        let (full, made) = (f64::from(full[axis].max(1)), f64::from(made[axis]));
        f64::from(v) * made / full
    };
    let low = |v, axis: usize| (scaled(v, axis) as u32).min(made[axis].saturating_sub(1));
    let (x, y) = (low(left, 0), low(top, 1));
    let high =
        |v, axis: usize, from: u32| (scaled(v, axis).ceil() as u32).clamp(from + 1, made[axis].max(from + 1));
    [x, y, high(right, 0, x), high(bottom, 1, y)]
}

/// Draws the area over a picture at `place`. True where it was given up.
pub(super) fn show(ui: &mut Ui, theme: &Theme, place: Rect, size: [u32; 2], area: Area) -> bool {
    let share = |v: u32, of: u32| v as f32 / of.max(1) as f32;
    let corner = |x, y| place.min + vec2(share(x, size[0]), share(y, size[1])) * place.size();
    let rect = Rect::from_min_max(corner(area[0], area[1]), corner(area[2], area[3]));
    let look = &theme.tokens.image_caption;
    ui.painter().rect_stroke(rect.expand(1.0), 0, Stroke::new(1.0, *look.background), StrokeKind::Outside);
    ui.painter().rect_stroke(rect, 0, Stroke::new(1.0, *look.text), StrokeKind::Outside);
    let side = theme.tokens.size.icon_small;
    let cross = Rect::from_min_size(rect.right_top() + vec2(-side, 0.0), vec2(side, side));
    let response = ui.interact(cross, ui.id().with("whole frame"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, "Measure the whole frame"));
    ui.painter().rect_filled(cross, radius(0.0), *look.background);
    icon(ui.painter(), theme, cross.center(), glyph::X, theme.tokens.size.icon_tiny, *look.text);
    response.on_hover_text("Measure the whole frame").clicked()
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn an_area_keeps_at_least_a_pixel_at_any_scale() {
        assert_eq!(area_of(None, [640, 360], [160, 90]), [0, 0, 160, 90]);
        assert_eq!(area_of(Some([20, 20, 40, 40]), [640, 360], [160, 90]), [5, 5, 10, 10]);
        assert_eq!(area_of(Some([639, 359, 640, 360]), [640, 360], [160, 90]), [159, 89, 160, 90]);
    }

    #[test]
    fn an_area_is_the_pixels_that_were_touched_and_stays_in_the_picture() {
        let place = Rect::from_min_size(pos2(10.0, 20.0), vec2(320.0, 180.0));
        let of = |a: Pos2, b: Pos2| area(place, [640, 360], Rect::from_two_pos(a, b));
        assert_eq!(of(pos2(20.0, 30.0), pos2(30.0, 40.0)), Some([20, 20, 40, 40]));
        assert_eq!(of(pos2(0.0, 0.0), pos2(999.0, 999.0)), Some([0, 0, 640, 360]));
        assert_eq!(of(pos2(0.0, 0.0), pos2(5.0, 5.0)), None, "beside the picture");
        assert_eq!(of(pos2(10.1, 20.1), pos2(10.2, 20.2)), Some([0, 0, 1, 1]));
    }
}
