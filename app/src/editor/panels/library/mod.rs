//! The library: results of all graphs, media at hand, and graphs that ship. What is in it is dragged to the graph.

mod items;

use super::take::{Offers, Picture, TakeAction, TakeView};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{icon, radius, text_in};
use crate::editor::widgets::segments::segments;
use crate::editor::widgets::stars::{self, stars};
use egui::{
    Align, Key, Pos2, Rect, Sense, Stroke, StrokeKind, TextEdit, Ui, UiBuilder, WidgetInfo, WidgetType, pos2,
    vec2,
};

/// What is listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Section {
    /// Takes of all graphs.
    #[default]
    Results,
    /// Files that the graph names, and those used lately.
    Media,
    /// Graphs that ship.
    Templates,
}

impl Section {
    /// All with their names.
    pub const ALL: [(&'static str, Self); 3] =
        [("Results", Self::Results), ("Media", Self::Media), ("Templates", Self::Templates)];

    /// What one of it is called.
    fn one(self) -> &'static str {
        match self {
            Self::Results => "Result",
            Self::Media => "Media",
            Self::Templates => "Template",
        }
    }

    fn sign(self) -> &'static str {
        match self {
            Self::Results => glyph::FILM_STRIP,
            Self::Media => glyph::IMAGE,
            Self::Templates => glyph::GRAPH,
        }
    }
}

/// One line of it.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemView {
    /// Names it within its section.
    pub id: String,
    /// Its name.
    pub title: String,
    /// Where it comes from.
    pub words: String,
    /// Its picture, once there is one.
    pub picture: Option<Picture>,
    /// What it is where it is a result.
    pub take: Option<TakeView>,
}

/// What the panel shows.
pub struct LibraryView<'a> {
    /// What is listed.
    pub section: Section,
    /// The stars that a result has at least.
    pub least: u8,
    /// How many pass the filter.
    pub count: usize,
    /// How many there are.
    pub of: usize,
    /// They are still being read.
    pub reading: bool,
    /// What is wrong with them and what to do, or empty.
    pub wrong: (String, String),
    /// What can be done with a result.
    pub offers: Offers,
    /// Any of those that pass; only those in view are asked for.
    pub item: &'a dyn Fn(usize) -> Option<ItemView>,
}

/// What a person asked for. Items are named by their place among those that pass the filter.
#[derive(Clone, Debug, PartialEq)]
pub enum LibraryAction {
    /// List something else.
    Section(Section),
    /// List results of at least so many stars.
    Least(u8),
    /// Do with an item what is likely meant.
    Open(usize),
    /// Something of a result.
    OfTake(String, TakeAction),
    /// Show a file in its folder.
    Reveal(usize),
    /// Put the nodes of a template into the graph.
    Insert(usize),
    /// An item is held over a point of the screen.
    Held(usize, Pos2),
    /// It was let go there.
    Dropped(usize, Pos2),
}

/// What the panel remembers between frames.
#[derive(Clone, Debug, Default)]
pub struct LibraryPanel {
    /// What is typed into its field.
    pub typed: String,
    /// The field gets the focus in the next frame.
    pub typing: bool,
    chosen: Option<(Section, String)>,
    /// The item that gets the focus once it is in view.
    next: Option<usize>,
    /// How far the list is scrolled, in points.
    scrolled: f32,
    /// Rows in view.
    page: usize,
}

const HEAD: f32 = 32.0;

impl LibraryPanel {
    /// Shows it in `rect`.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        theme: &Theme,
        view: &LibraryView<'_>,
    ) -> Vec<LibraryAction> {
        let mut out = Vec::new();
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("library"));
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        let (head, rest) = rect.split_top_bottom_at_y(rect.top() + HEAD);
        let (filter, body) = rest.split_top_bottom_at_y(rest.top() + HEAD);
        sections(&mut ui, head, theme, view, &mut out);
        self.filter(&mut ui, filter, theme, view, &mut out);
        let line = Stroke::new(1.0, *theme.colors().stroke.divider);
        ui.painter().hline(rect.x_range(), body.top(), line);
        if view.count == 0 {
            let (title, way) = self.nothing(view);
            header::empty(&mut ui, theme, body, view.section.sign(), &title, &way);
        } else {
            self.items(&mut ui, body, theme, view, &mut out);
        }
        out
    }

    /// What is said where nothing is listed.
    fn nothing(&self, view: &LibraryView<'_>) -> (String, String) {
        let (title, way) = match view.section {
            _ if !view.wrong.0.is_empty() => (view.wrong.0.as_str(), view.wrong.1.as_str()),
            _ if view.reading => ("Reading the library…", ""),
            _ if view.of > 0 => ("Nothing matches", "Type less, or ask for fewer stars"),
            Section::Results => ("No results yet", "What jobs make and what you bring to them is kept here"),
            Section::Media => ("No media yet", "Drop pictures and clips on the graph"),
            Section::Templates => ("No templates", "Reinstall Rushes"),
        };
        (title.to_owned(), way.to_owned())
    }

    fn filter(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        theme: &Theme,
        view: &LibraryView<'_>,
        out: &mut Vec<LibraryAction>,
    ) {
        let c = theme.colors();
        let inner = rect.shrink2(vec2(12.0, 4.0));
        let results = view.section == Section::Results;
        let room = if results { stars::WIDTH + 12.0 } else { 0.0 };
        let field = inner.with_max_x(inner.right() - room);
        let shape = radius(theme.tokens.radius.field);
        let line = Stroke::new(1.0, *c.stroke.outline);
        ui.painter().rect(field, shape, *c.surface.field, line, StrokeKind::Inside);
        let sign = pos2(field.left() + 14.0, field.center().y);
        icon(ui.painter(), theme, sign, glyph::MAGNIFYING_GLASS, 14.0, *c.text.secondary);
        let edit = TextEdit::singleline(&mut self.typed)
            .font(theme.font(Text::Body))
            .frame(egui::Frame::NONE)
            .margin(vec2(0.0, 1.0))
            .vertical_align(Align::Center)
            .min_size(vec2(0.0, field.height()))
            .desired_width(field.width() - 36.0)
            .hint_text("Search");
        let response = ui.put(field.with_min_x(field.left() + 28.0).shrink2(vec2(4.0, 0.0)), edit);
        let label = format!("Search {}", view.section.one().to_lowercase());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(WidgetType::TextEdit, true, &label);
            info.current_text_value = Some(self.typed.clone());
            info
        });
        if std::mem::take(&mut self.typing) {
            response.request_focus();
        }
        if response.has_focus() {
            ui.painter().rect_stroke(field, shape, Stroke::new(1.0, *c.accent.fill), StrokeKind::Inside);
            // From the field straight into the list.
            if view.count > 0 && ui.input(|i| i.key_pressed(Key::ArrowDown)) {
                self.next = Some(0);
            }
        }
        if results {
            let place = inner.with_min_x(inner.right() - stars::WIDTH);
            out.extend(stars(ui, theme, place, "Stars at least", view.least).map(LibraryAction::Least));
        }
    }
}

/// What is listed, and how many of how many.
fn sections(ui: &mut Ui, rect: Rect, theme: &Theme, view: &LibraryView<'_>, out: &mut Vec<LibraryAction>) {
    let inner = rect.shrink2(vec2(12.0, 4.0)).with_max_y(rect.bottom());
    let words = match (view.section, view.count == view.of) {
        _ if view.reading && view.of == 0 => String::new(),
        (_, true) => view.of.to_string(),
        (_, false) => format!("{} of {}", view.count, view.of),
    };
    let ink = *theme.colors().text.secondary;
    let count = text_in(ui.painter(), inner, Align::Max, &words, theme.font(Text::Small), ink);
    let label = ui.interact(count, ui.id().with("count"), Sense::hover());
    label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{words} listed")));
    let most = inner.width().min(240.0).min(count.left() - 12.0 - inner.left());
    let place = Rect::from_min_size(inner.min, vec2(most, theme.tokens.size.button));
    let chosen = segments(ui, theme, place, "Library", &Section::ALL, view.section);
    out.extend(chosen.filter(|section| *section != view.section).map(LibraryAction::Section));
}
