//! The way from the graph to the sub-graph that the canvas shows, each part of it to be gone to.

use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::focus_ring;
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{Align, Color32, Rect, Sense, Stroke, Ui, WidgetInfo, WidgetType, pos2, vec2};

/// The widest part.
const WIDEST: f32 = 220.0;

/// How high the row is.
pub fn height(theme: &Theme) -> f32 {
    theme.tokens.size.panel_header
}

/// Shows the way in `row`, outermost first; gives the part that was pressed.
pub fn show(ui: &mut Ui, row: Rect, theme: &Theme, way: &[String]) -> Option<usize> {
    let c = theme.colors();
    ui.painter().rect_filled(row, 0, *c.surface.panel);
    ui.painter().hline(row.x_range(), row.bottom() - 0.5, Stroke::new(1.0, *c.stroke.divider));
    let mut chosen = None;
    let mut x = row.left() + 8.0;
    // Where the way is long its beginning is left out; the graph itself stays.
    let wide = |name: &String| {
        ui.painter()
            .layout_no_wrap(name.clone(), theme.font(Text::BodyStrong), Color32::WHITE)
            .size()
            .x
            .min(WIDEST)
            + 36.0
    };
    let widths: Vec<f32> = way.iter().map(wide).collect();
    let mut first = 1;
    let room = row.width() - 16.0 - widths.first().copied().unwrap_or(0.0);
    while first + 1 < way.len() && widths.iter().skip(first).sum::<f32>() > room {
        first += 1;
    }
    let shown = way.iter().enumerate().filter(|(at, _)| *at == 0 || *at >= first);
    for (at, name) in shown {
        let here = at + 1 == way.len();
        if at > 0 {
            icon(
                ui.painter(),
                theme,
                pos2(x + 8.0, row.center().y),
                glyph::CARET_RIGHT,
                12.0,
                *c.text.tertiary,
            );
            x += 16.0;
        }
        let width = widths.get(at).copied().unwrap_or(0.0) - 20.0;
        let rect = Rect::from_min_size(pos2(x, row.top() + 3.0), vec2(width, row.height() - 6.0));
        let response = ui.interact(rect, ui.id().with(("way", at)), Sense::click());
        response.widget_info(|| {
            let name = if here { format!("Inside {name}") } else { format!("Go to {name}") };
            WidgetInfo::selected(WidgetType::Link, !here, here, name)
        });
        if response.hovered() && !here {
            ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), *c.surface.hover);
        }
        focus_ring(ui, theme, &response);
        let ink = if here { *c.text.primary } else { *c.text.secondary };
        let style = if here { Text::NodeTitle } else { Text::BodyStrong };
        text_in(ui.painter(), rect.shrink2(vec2(6.0, 0.0)), Align::Center, name, theme.font(style), ink);
        if response.clicked() && !here {
            chosen = Some(at);
        }
        x = rect.right();
    }
    chosen
}
