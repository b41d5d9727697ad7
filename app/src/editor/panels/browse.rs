//! The sheet that asks for a file: a folder, what lies in it, and a name.

use super::sheet;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{button, focus_ring, icon_button, primary};
use crate::editor::widgets::field::select;
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Context, Frame, Id, Key, Layout, Rect, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui,
    UiBuilder, WidgetInfo, WidgetType, pos2, vec2,
};

/// Rows that are seen without scrolling.
const ROWS: f32 = 10.0;

/// Something in the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// It is a folder.
    pub folder: bool,
    /// It is meant.
    pub marked: bool,
}

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq)]
pub struct BrowseView {
    /// What is asked for.
    pub title: &'static str,
    /// The folder.
    pub folder: String,
    /// There is a folder above it.
    pub can_rise: bool,
    /// What lies in it, or why that is not known; `None` while it is being read.
    pub rows: Option<Result<Vec<Row>, String>>,
    /// What is done in the end.
    pub verb: &'static str,
    /// Something is meant.
    pub ready: bool,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BrowseAction {
    /// The folder above.
    Rise,
    /// A folder in it.
    Enter(String),
    /// A file in it.
    Mark(String),
    /// It is done.
    Confirm,
    /// Nothing is chosen.
    Close,
}

/// Shows the sheet; `typed` is the name in its field.
pub fn show(ctx: &Context, theme: &Theme, view: &BrowseView, typed: &mut String) -> Option<BrowseAction> {
    let mut from_list = None;
    let mut from_verbs = None;
    let content = |ui: &mut Ui| {
        from_list = place(ui, theme, view);
        ui.add_space(theme.tokens.space.s);
        from_list = listed(ui, theme, view).or(from_list.take());
        ui.add_space(theme.tokens.space.s);
        if name(ui, theme, typed) {
            from_list = Some(BrowseAction::Confirm);
        }
    };
    let verbs = |ui: &mut Ui| {
        if primary(ui, theme, None, view.verb, view.ready).clicked() {
            from_verbs = Some(BrowseAction::Confirm);
        }
        if button(ui, theme, None, "Cancel", true).clicked() {
            from_verbs = Some(BrowseAction::Close);
        }
    };
    let gone = sheet::show(ctx, theme, "browse", view.title, content, verbs);
    let asked = from_verbs.or(from_list).filter(|asked| view.ready || *asked != BrowseAction::Confirm);
    asked.or(gone.then_some(BrowseAction::Close))
}

fn place(ui: &mut Ui, theme: &Theme, view: &BrowseView) -> Option<BrowseAction> {
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.button), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("Folder {}", view.folder)));
    let up = Rect::from_min_size(rect.min, vec2(rect.height(), rect.height()));
    let layout = Layout::left_to_right(Align::Center);
    let mut child = ui.new_child(UiBuilder::new().max_rect(up).layout(layout));
    let rises =
        child.add_enabled_ui(view.can_rise, |ui| icon_button(ui, theme, glyph::ARROW_UP, "Up", false)).inner;
    let words = rect.with_min_x(up.right() + 8.0);
    // The end of a path says more than its beginning.
    let font = theme.font(Text::Small);
    let wide = ui.painter().layout_no_wrap(view.folder.clone(), font.clone(), *theme.colors().text.secondary);
    let align = if wide.size().x > words.width() { Align::Max } else { Align::Min };
    let clipped = ui.painter().with_clip_rect(words);
    match align {
        Align::Max => {
            clipped.galley(
                words.right_center() - vec2(wide.size().x, wide.size().y / 2.0),
                wide,
                *theme.colors().text.secondary,
            );
        }
        _ => drop(text_in(&clipped, words, align, &view.folder, font, *theme.colors().text.secondary)),
    }
    rises.clicked().then_some(BrowseAction::Rise)
}

fn listed(ui: &mut Ui, theme: &Theme, view: &BrowseView) -> Option<BrowseAction> {
    let c = theme.colors();
    let high = theme.tokens.size.row;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROWS * high + 8.0), Sense::hover());
    ui.painter().rect_filled(rect, radius(theme.tokens.radius.field), *c.surface.field);
    let inner = rect.shrink(4.0);
    let said = |words: &str| {
        text_in(ui.painter(), inner, Align::Center, words, theme.font(Text::Small), *c.text.secondary);
    };
    let rows = match &view.rows {
        None => return None,
        Some(Err(why)) => {
            said(why);
            return None;
        }
        Some(Ok(rows)) if rows.is_empty() => {
            said("Nothing of this kind is here");
            return None;
        }
        Some(Ok(rows)) => rows,
    };
    let mut out = None;
    let mut child = ui.new_child(UiBuilder::new().max_rect(inner).layout(Layout::top_down(Align::Min)));
    child.spacing_mut().item_spacing.y = 0.0;
    ScrollArea::vertical().auto_shrink(false).show_rows(&mut child, high, rows.len(), |ui, range| {
        for row in rows.get(range).unwrap_or_default() {
            let asked = one(ui, theme, row);
            out = asked.or(out.take());
        }
    });
    out
}

fn one(ui: &mut Ui, theme: &Theme, row: &Row) -> Option<BrowseAction> {
    let c = theme.colors();
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::click());
    response.widget_info(|| {
        let kind = if row.folder { "Folder" } else { "File" };
        WidgetInfo::selected(WidgetType::SelectableLabel, true, row.marked, format!("{kind} {}", row.name))
    });
    if row.marked {
        ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), *c.accent.soft);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius(theme.tokens.radius.control), *c.surface.hover);
    }
    focus_ring(ui, theme, &response);
    let (sign, ink) = match row.folder {
        true => (glyph::FOLDER_OPEN, *c.text.primary),
        false => (glyph::FILE, *c.text.secondary),
    };
    icon(ui.painter(), theme, pos2(rect.left() + 14.0, rect.center().y), sign, 16.0, ink);
    let words = rect.with_min_x(rect.left() + 32.0);
    text_in(ui.painter(), words, Align::Min, &row.name, theme.font(Text::Body), *c.text.primary);
    match (response.double_clicked(), response.clicked()) {
        (true, _) if !row.folder => Some(BrowseAction::Confirm),
        (_, true) if row.folder => Some(BrowseAction::Enter(row.name.clone())),
        (_, true) => Some(BrowseAction::Mark(row.name.clone())),
        _ => None,
    }
}

/// The field of the name; true when it is confirmed by Enter.
fn name(ui: &mut Ui, theme: &Theme, typed: &mut String) -> bool {
    let c = theme.colors();
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.button_large), Sense::hover());
    let shape = radius(theme.tokens.radius.field);
    ui.painter().rect_filled(rect, shape, *c.surface.field);
    let id = Id::new("browse name");
    let edit = TextEdit::singleline(typed)
        .id(id)
        .hint_text("Name, or a path")
        .font(theme.font(Text::Body))
        .vertical_align(Align::Center)
        .frame(Frame::NONE)
        .margin(vec2(0.0, 1.0));
    let response = ui.put(rect.shrink2(vec2(8.0, 0.0)), edit);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, "Name");
        info.current_text_value = Some(typed.clone());
        info
    });
    let line = if response.has_focus() { *c.accent.fill } else { *c.stroke.outline };
    ui.painter().rect_stroke(rect, shape, Stroke::new(1.0, line), StrokeKind::Inside);
    let begun = id.with("begun");
    let pass = ui.ctx().cumulative_pass_nr();
    if ui.data(|d| d.get_temp::<u64>(begun)).is_none_or(|last| last + 1 < pass) {
        response.request_focus();
        // What is typed takes the place of the name that is proposed, and leaves its ending.
        let stem = typed.rfind('.').map_or(typed.as_str(), |dot| typed.get(..dot).unwrap_or_default());
        select(ui, id, stem.chars().count());
    }
    ui.data_mut(|d| d.insert_temp(begun, pass));
    response.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter))
}
