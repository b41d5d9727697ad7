//! Painting helpers: text cut with an ellipsis, icons, tags.

use crate::editor::theme::Theme;
use egui::text::{LayoutJob, TextFormat};
use egui::{Align, Align2, Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, pos2, vec2};
use std::sync::Arc;

/// One line of `text`, cut with … at `width`.
pub fn line(painter: &Painter, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    painter.layout_job(job(text, font, color, width, 1))
}

/// A paragraph of at most `rows` rows, cut with … at the end of the last.
pub fn paragraph(
    painter: &Painter,
    text: &str,
    font: FontId,
    color: Color32,
    width: f32,
    rows: usize,
) -> Arc<Galley> {
    painter.layout_job(job(text, font, color, width, rows))
}

fn job(text: &str, font: FontId, color: Color32, width: f32, rows: usize) -> LayoutJob {
    let format = TextFormat { font_id: font, color, valign: Align::Center, ..TextFormat::default() };
    let mut job = LayoutJob::single_section(text.to_owned(), format);
    job.wrap.max_width = width.max(0.0);
    job.wrap.max_rows = rows;
    job.wrap.break_anywhere = rows == 1;
    job
}

/// Draws a line inside `rect`, centred on its height and aligned by `align`; returns where the text went.
pub fn text_in(
    painter: &Painter,
    rect: Rect,
    align: Align,
    text: &str,
    font: FontId,
    color: Color32,
) -> Rect {
    if text.is_empty() || rect.width() <= 0.0 {
        return Rect::from_min_size(rect.min, vec2(0.0, 0.0));
    }
    let galley = line(painter, text, font, color, rect.width());
    let x = match align {
        Align::Min => rect.left(),
        Align::Center => rect.center().x - galley.size().x / 2.0,
        Align::Max => rect.right() - galley.size().x,
    };
    let at = pos2(x, rect.center().y - galley.size().y / 2.0);
    let place = Rect::from_min_size(at, galley.size());
    painter.galley(at, galley, color);
    place
}

/// Draws an icon centred on a point.
pub fn icon(painter: &Painter, theme: &Theme, at: Pos2, glyph: &str, size: f32, color: Color32) {
    painter.text(at, Align2::CENTER_CENTER, glyph, theme.icon(size), color);
}

/// `color` at `opacity`, 0 to 1.
pub fn faded(color: Color32, opacity: f32) -> Color32 {
    color.gamma_multiply(opacity)
}

/// A corner radius from a token.
pub fn radius(r: f32) -> CornerRadius {
    CornerRadius::same(r.round().clamp(0.0, 255.0) as u8)
}

/// With a capital at the beginning, as sentences have.
pub fn capital(text: &str) -> String {
    // The name of a kind or a file is written as it is.
    if text.split(' ').next().is_some_and(|word| word.contains(['/', '_', '.'])) {
        return text.to_owned();
    }
    let mut chars = text.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
