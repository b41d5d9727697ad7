//! The bar under the picture: the pixel under the pointer, and what the picture is.

use super::viewer::PixelRead;
use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::paint::{radius, text_in};
use egui::{Align, Color32, Rect, Sense, Stroke, Ui, Vec2, WidgetInfo, WidgetType, pos2, vec2};

/// Shows the bar. Where there is no room for both, the description is cut to its first part, the size.
pub(super) fn show(ui: &Ui, rect: Rect, theme: &Theme, pixel: Option<PixelRead>, description: &str) {
    let c = theme.colors();
    ui.painter().rect_filled(rect, 0, *c.surface.panel_header);
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, *c.stroke.divider));
    let inner = rect.shrink2(vec2(12.0, 0.0));
    let end = pixel.map_or(inner.left(), |pixel| value(ui, inner, theme, pixel));
    let mono = theme.font(Text::Mono);
    let width =
        |text: &str| ui.painter().layout_no_wrap(text.to_owned(), mono.clone(), Color32::WHITE).size().x;
    let room = inner.with_min_x(end + 12.0);
    let short = description.split(" · ").next().unwrap_or_default();
    let told = [description, short].into_iter().find(|text| width(text) <= room.width());
    text_in(ui.painter(), room, Align::Max, told.unwrap_or_default(), mono.clone(), *c.text.secondary);
}

/// Place, channels as numbers and as bytes, from the left; gives where they end.
fn value(ui: &Ui, rect: Rect, theme: &Theme, pixel: PixelRead) -> f32 {
    let c = theme.colors();
    let [r, g, b, a] = pixel.rgba;
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0).round() as u8;
    let swatch = Rect::from_center_size(pos2(rect.left() + 6.0, rect.center().y), Vec2::splat(12.0));
    ui.painter().rect_filled(swatch, radius(2.0), Color32::from_rgb(byte(r), byte(g), byte(b)));
    let place = format!("x {} y {}", pixel.at[0], pixel.at[1]);
    let bytes = format!("{} {} {}", byte(r), byte(g), byte(b));
    let mut parts = vec![
        (place.clone(), *c.text.secondary, 12.0),
        (format!("{r:.3}"), *c.channel.red, 8.0),
        (format!("{g:.3}"), *c.channel.green, 8.0),
        (format!("{b:.3}"), *c.channel.blue, 12.0),
        (bytes.clone(), *c.text.secondary, 12.0),
    ];
    if a != 1.0 {
        parts.push((format!("a {a:.3}"), *c.text.secondary, 12.0));
    }
    let mut x = swatch.right() + 8.0;
    let mut end = x;
    for (text, ink, gap) in parts {
        end =
            text_in(ui.painter(), rect.with_min_x(x), Align::Min, &text, theme.font(Text::Mono), ink).right();
        x = end + gap;
    }
    let response = ui.interact(rect.with_max_x(end), ui.id().with("pixel"), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(WidgetType::Label, true, format!("Pixel {place}: {r:.3} {g:.3} {b:.3}, {bytes}"))
    });
    end
}
