//! The key to false colour: which colour stands for which level.

use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::paint::{radius, text_in};
use egui::{Align, Rect, Sense, Ui, WidgetInfo, WidgetType, pos2, vec2};

const BAR: f32 = 220.0;
const HEIGHT: f32 = 32.0;

/// Shows the key at the foot of the panel.
pub(super) fn show(ui: &Ui, panel: Rect, theme: &Theme) {
    let look = &theme.tokens.image_caption;
    let size = vec2(BAR.min(panel.width() - 32.0) + 16.0, HEIGHT);
    if size.x < 120.0 {
        return;
    }
    let rect = Rect::from_min_size(pos2(panel.left() + 8.0, panel.bottom() - 8.0 - size.y), size);
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.thumb), *look.background);
    let bar = Rect::from_min_size(rect.min + vec2(8.0, 6.0), vec2(size.x - 16.0, 8.0));
    let x = |level: f32| bar.left() + bar.width() * level.clamp(0.0, 1.0);
    let mut from = 0.0;
    let mut words = Vec::new();
    for band in &theme.tokens.scope.false_color {
        let place = Rect::from_x_y_ranges(x(from)..=x(band.to), bar.y_range());
        let grey = egui::Color32::from_gray(((from + band.to) * 127.5) as u8);
        ui.painter().rect_filled(place, 0, band.color.map_or(grey, |c| *c));
        words.push(format!("{:.0}", band.to * 100.0));
        from = band.to;
    }
    for percent in [0, 20, 40, 60, 80, 100] {
        let at = x(percent as f32 / 100.0);
        let align = match percent {
            0 => Align::Min,
            100 => Align::Max,
            _ => Align::Center,
        };
        let half = if align == Align::Center { 14.0 } else { 0.0 };
        let (left, right) = match align {
            Align::Min => (at, at + 28.0),
            Align::Max => (at - 28.0, at),
            Align::Center => (at - half, at + half),
        };
        let room = Rect::from_min_max(pos2(left, bar.bottom()), pos2(right, rect.bottom() - 1.0));
        text_in(ui.painter(), room, align, &percent.to_string(), theme.font(Text::Key), *look.text);
    }
    let label = ui.interact(rect, ui.id().with("bands"), Sense::hover());
    let told = format!("False colour, levels in per cent: {}", words.join(", "));
    label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &told));
}
