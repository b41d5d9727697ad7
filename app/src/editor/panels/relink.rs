//! The sheet that finds missing files again.

use super::sheet;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{button, primary};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{Align, Context, Rect, ScrollArea, Sense, Ui, WidgetInfo, WidgetType, pos2, vec2};

const ROW: f32 = 40.0;
/// Rows that are seen without scrolling.
const ROWS: f32 = 7.0;

/// A missing file.
#[derive(Clone, Debug, PartialEq)]
pub struct LostRow {
    /// The node that names it.
    pub node: String,
    /// Its name.
    pub name: String,
    /// Where it was found and how sure that is, or why it was not.
    pub words: String,
    /// Whether it was found.
    pub found: bool,
}

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq)]
pub struct RelinkView {
    /// The files; `None` while they are being listed.
    pub rows: Option<Vec<LostRow>>,
    /// While a search goes on: how far it is and what it looks at.
    pub searching: Option<(f32, String)>,
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RelinkAction {
    /// Name a folder and search it.
    Choose,
    /// Stop the search.
    Stop,
    /// Use what was found.
    Use,
    /// Close the sheet.
    Close,
}

/// Shows the sheet.
pub fn show(ctx: &Context, theme: &Theme, view: &RelinkView) -> Option<RelinkAction> {
    let mut out = None;
    let found = view.rows.iter().flatten().filter(|row| row.found).count();
    let some = view.rows.as_ref().is_some_and(|rows| !rows.is_empty());
    let content = |ui: &mut Ui| match &view.rows {
        None => line(ui, theme, "Looking…"),
        Some(rows) if rows.is_empty() => line(ui, theme, "No file is missing"),
        Some(rows) => {
            line(ui, theme, "Files are known again by what they contain, else by name and size");
            let high = rows.len() as f32 * ROW;
            ScrollArea::vertical().max_height(high.min(ROWS * ROW)).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                rows.iter().for_each(|row| lost(ui, theme, row));
            });
            if let Some((share, words)) = &view.searching {
                progress(ui, theme, *share, words);
            }
        }
    };
    let verbs = |ui: &mut Ui| {
        let searching = view.searching.is_some();
        let label = match found {
            1 => "Use this".to_owned(),
            n => format!("Use these {n}"),
        };
        if found > 0 && !searching && primary(ui, theme, None, &label, true).clicked() {
            out = Some(RelinkAction::Use);
        }
        if searching {
            if button(ui, theme, None, "Stop", true).clicked() {
                out = Some(RelinkAction::Stop);
            }
        } else if some {
            let search = "Search a folder…";
            let pressed = match found {
                0 => primary(ui, theme, None, search, true),
                _ => button(ui, theme, None, search, true),
            };
            if pressed.clicked() {
                out = Some(RelinkAction::Choose);
            }
        }
        if button(ui, theme, None, "Close", true).clicked() {
            out = Some(RelinkAction::Close);
        }
    };
    let gone = sheet::show(ctx, theme, "relink", "Find missing files", content, verbs);
    out.or(gone.then_some(RelinkAction::Close))
}

fn line(ui: &mut Ui, theme: &Theme, words: &str) {
    let c = theme.colors();
    ui.label(egui::RichText::new(words).font(theme.font(Text::Body)).color(*c.text.secondary));
    ui.add_space(theme.tokens.space.s);
}

fn lost(ui: &mut Ui, theme: &Theme, row: &LostRow) {
    let c = theme.colors();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(WidgetType::Label, true, format!("Missing {}: {}", row.name, row.words))
    });
    let (sign, color) = match row.found {
        true => (glyph::CHECK, *c.state.cached),
        false => (glyph::WARNING_CIRCLE, *c.state.error),
    };
    icon(ui.painter(), theme, pos2(rect.left() + 9.0, rect.center().y), sign, 16.0, color);
    let left = rect.left() + 28.0;
    let upper = Rect::from_min_max(pos2(left, rect.top() + 2.0), pos2(rect.right() - 140.0, rect.center().y));
    let right =
        Rect::from_min_max(pos2(rect.right() - 132.0, upper.top()), pos2(rect.right(), upper.bottom()));
    let lower = Rect::from_min_max(pos2(left, rect.center().y), pos2(rect.right(), rect.bottom() - 4.0));
    text_in(ui.painter(), upper, Align::Min, &row.name, theme.font(Text::Body), *c.text.primary);
    text_in(ui.painter(), right, Align::Max, &row.node, theme.font(Text::Small), *c.text.tertiary);
    text_in(ui.painter(), lower, Align::Min, &row.words, theme.font(Text::Small), *c.text.secondary);
}

fn progress(ui: &mut Ui, theme: &Theme, share: f32, words: &str) {
    let c = theme.colors();
    ui.add_space(theme.tokens.space.s);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 24.0), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(WidgetType::ProgressIndicator, true, format!("Searching: {words}"))
    });
    let bar = Rect::from_min_size(rect.min, vec2(rect.width(), 3.0));
    ui.painter().rect_filled(bar, radius(1.5), *c.surface.field);
    let done = bar.with_max_x(bar.left() + bar.width() * share.clamp(0.02, 1.0));
    ui.painter().rect_filled(done, radius(1.5), *c.state.running);
    let below = rect.with_min_y(bar.bottom() + 2.0);
    text_in(ui.painter(), below, Align::Min, words, theme.font(Text::Small), *c.text.secondary);
}
