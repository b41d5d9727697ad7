//! A list that is searched by typing: of commands, or of the graph's nodes.

use crate::editor::search::rank::fuzzy;
use crate::editor::search::{key_hint, line, marked};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::{
    Align, Area, Id, Key, Modifiers, Order, Rect, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui,
    WidgetInfo, WidgetType, pos2, vec2,
};

const WIDTH: f32 = 520.0;
const LIST_HEIGHT: f32 = 364.0;
const ROW: f32 = 28.0;

/// One line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// What it belongs to, at the right.
    pub aside: String,
    /// Its keys, or nothing.
    pub keys: String,
    /// Other words that find it.
    pub also: String,
    /// Whether it can be chosen now.
    pub enabled: bool,
}

/// What came of a frame of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is still open.
    Open,
    /// Closed with nothing chosen.
    Closed,
    /// This entry was chosen.
    Chosen(usize),
}

/// The open list.
#[derive(Debug)]
pub struct Palette {
    name: &'static str,
    hint: &'static str,
    entries: Vec<Entry>,
    typed: String,
    /// What matches, and what was typed for it; none where it was not looked for yet.
    hits: Option<(String, Vec<Hit>)>,
    chosen: usize,
    begun: bool,
}

impl Palette {
    /// A list of `entries` called `name` that asks for `hint`.
    pub fn new(name: &'static str, hint: &'static str, entries: Vec<Entry>) -> Self {
        Self { name, hint, entries, typed: String::new(), hits: None, chosen: 0, begun: false }
    }

    /// Puts other entries in the place of those that were there.
    pub fn offer(&mut self, entries: Vec<Entry>) {
        (self.entries, self.hits) = (entries, None);
    }

    /// Shows the list at the top of `bounds`.
    pub fn show(&mut self, ui: &mut Ui, theme: &Theme, bounds: Rect) -> Outcome {
        let known = self.hits.take().filter(|(typed, _)| *typed == self.typed);
        let (typed, hits) = known.unwrap_or_else(|| (self.typed.clone(), rank(&self.entries, &self.typed)));
        let outcome = self.show_hits(ui, theme, bounds, &hits);
        self.hits = Some((typed, hits));
        outcome
    }

    fn show_hits(&mut self, ui: &mut Ui, theme: &Theme, bounds: Rect, hits: &[Hit]) -> Outcome {
        self.chosen = self.chosen.min(hits.len().saturating_sub(1));
        let (up, down, enter, escape) = ui.input_mut(|i| {
            let mut key = |k| i.consume_key(Modifiers::NONE, k);
            (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Enter), key(Key::Escape))
        });
        if down && !hits.is_empty() {
            self.chosen = (self.chosen + 1) % hits.len();
        }
        if up && !hits.is_empty() {
            self.chosen = (self.chosen + hits.len() - 1) % hits.len();
        }
        let width = WIDTH.min(bounds.width() - 16.0);
        let place = pos2(bounds.center().x - width / 2.0, bounds.top() + 8.0);
        let area = Area::new(Id::new(self.name))
            .order(Order::Foreground)
            .fixed_pos(place)
            .show(ui.ctx(), |ui| self.popup(ui, theme, hits, width, up || down));
        let outside = ui.input(|i| i.pointer.any_pressed().then(|| i.pointer.interact_pos()).flatten());
        let left = self.begun && outside.is_some_and(|p| !area.response.rect.contains(p));
        self.begun = true;
        let chosen = if enter { hits.get(self.chosen).map(|h| h.entry) } else { area.inner };
        match chosen.filter(|i| self.entries.get(*i).is_some_and(|e| e.enabled)) {
            Some(index) => Outcome::Chosen(index),
            None if escape || left => Outcome::Closed,
            None => Outcome::Open,
        }
    }

    fn popup(&mut self, ui: &mut Ui, theme: &Theme, hits: &[Hit], width: f32, moved: bool) -> Option<usize> {
        let c = theme.colors();
        let frame = egui::Frame::new()
            .fill(*c.surface.popup)
            .stroke(Stroke::new(1.0, *c.stroke.outline_hover))
            .corner_radius(radius(theme.tokens.radius.popup))
            .shadow(ui.visuals().popup_shadow);
        let shown = frame.show(ui, |ui| {
            ui.set_width(width);
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            self.query(ui, theme);
            line(ui, *c.stroke.outline);
            let mut clicked = None;
            let area = ScrollArea::vertical().max_height(LIST_HEIGHT).auto_shrink([false, true]);
            area.show_rows(ui, ROW, hits.len().max(1), |ui, rows| {
                if hits.is_empty() {
                    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
                    let font = theme.font(Text::Body);
                    text_in(ui.painter(), rect, Align::Center, "Nothing matches", font, *c.text.secondary);
                }
                for index in rows {
                    let Some(hit) = hits.get(index) else { continue };
                    let Some(entry) = self.entries.get(hit.entry) else { continue };
                    if row(ui, theme, entry, hit, index == self.chosen) {
                        clicked = Some(hit.entry);
                    }
                }
                if moved {
                    let y = ui.min_rect().top() + self.chosen as f32 * ROW;
                    let at = Rect::from_min_size(pos2(ui.min_rect().left(), y), vec2(width, ROW));
                    ui.scroll_to_rect(at, None);
                }
            });
            line(ui, *c.stroke.outline);
            let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
            let mut x = rect.left() + 16.0;
            for (key, what) in [("Enter", "Choose"), ("↑ ↓", "Move"), ("Esc", "Close")] {
                x = key_hint(ui, theme, pos2(x, rect.center().y), key, what);
            }
            clicked
        });
        shown.inner
    }

    fn query(&mut self, ui: &mut Ui, theme: &Theme) {
        let c = theme.colors();
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        let lead = pos2(rect.left() + 20.0, rect.center().y);
        icon(ui.painter(), theme, lead, glyph::MAGNIFYING_GLASS, 16.0, *c.text.secondary);
        let field =
            Rect::from_min_max(pos2(rect.left() + 36.0, rect.top() + 9.0), rect.max - vec2(16.0, 8.0));
        let edit = TextEdit::singleline(&mut self.typed)
            .id(Id::new((self.name, "text")))
            .hint_text(self.hint)
            .frame(egui::Frame::NONE)
            .desired_width(field.width());
        let response = ui.put(field, edit);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, self.name));
        if response.changed() {
            self.chosen = 0;
        }
        if !response.has_focus() {
            response.request_focus();
        }
    }
}

#[derive(Debug)]
struct Hit {
    entry: usize,
    marks: Vec<std::ops::Range<usize>>,
    score: i32,
}

/// Entries that match, best first; those that cannot be chosen stand last.
fn rank(entries: &[Entry], typed: &str) -> Vec<Hit> {
    let typed = typed.trim().to_lowercase();
    let found = entries.iter().enumerate().filter_map(|(index, entry)| {
        if typed.is_empty() {
            return Some(Hit { entry: index, marks: Vec::new(), score: 0 });
        }
        let by_title = fuzzy(&entry.title, &typed).map(|(score, marks)| (score + 20, marks));
        let aside = [entry.also.as_str(), entry.aside.as_str()];
        let words = aside.into_iter().flat_map(str::split_whitespace);
        let by_words = words.filter_map(|w| w.to_lowercase().starts_with(&typed).then_some((60, Vec::new())));
        let (score, marks) = by_title.into_iter().chain(by_words).max_by_key(|(score, _)| *score)?;
        Some(Hit { entry: index, marks, score })
    });
    let mut hits: Vec<Hit> = found.collect();
    let enabled = |hit: &Hit| entries.get(hit.entry).is_some_and(|e| e.enabled);
    hits.sort_by(|a, b| enabled(b).cmp(&enabled(a)).then(b.score.cmp(&a.score)));
    hits
}

fn row(ui: &mut Ui, theme: &Theme, entry: &Entry, hit: &Hit, chosen: bool) -> bool {
    let c = theme.colors();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(WidgetType::SelectableLabel, entry.enabled, chosen, &entry.title)
    });
    let ground = rect.shrink2(vec2(4.0, 0.0));
    if chosen {
        ui.painter().rect_filled(ground, radius(4.0), *c.accent.soft);
    } else if response.hovered() && entry.enabled {
        ui.painter().rect_filled(ground, radius(4.0), *c.surface.hover);
    }
    let inner = rect.shrink2(vec2(16.0, 0.0));
    let keys = ui.painter().layout_no_wrap(entry.keys.clone(), theme.font(Text::Key), *c.text.secondary);
    let cap = Rect::from_min_size(
        pos2(inner.right() - keys.size().x - 8.0, inner.center().y - 8.0),
        vec2(keys.size().x + 8.0, 16.0),
    );
    let mut end = inner.right();
    if !entry.keys.is_empty() {
        let edge = Stroke::new(1.0, *c.stroke.outline_hover);
        let shape = radius(theme.tokens.radius.field);
        ui.painter().rect(cap, shape, *c.surface.field, edge, StrokeKind::Inside);
        ui.painter().galley(cap.center() - keys.size() / 2.0, keys, *c.text.secondary);
        end = cap.left() - 12.0;
    }
    let aside = inner.with_max_x(end);
    let place =
        text_in(ui.painter(), aside, Align::Max, &entry.aside, theme.font(Text::Small), *c.text.tertiary);
    let title = inner.with_max_x(place.left() - 12.0);
    if entry.enabled {
        let galley = ui.painter().layout_job(marked(theme, &entry.title, &hit.marks));
        let at = pos2(title.left(), title.center().y - galley.size().y / 2.0);
        ui.painter().with_clip_rect(title.intersect(ui.clip_rect())).galley(at, galley, *c.text.primary);
    } else {
        let ink = c.text.secondary.gamma_multiply(theme.tokens.opacity.disabled);
        text_in(ui.painter(), title, Align::Min, &entry.title, theme.font(Text::BodyStrong), ink);
    }
    response.clicked()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(title: &str, also: &str, enabled: bool) -> Entry {
        Entry { title: title.into(), aside: "Edit".into(), keys: String::new(), also: also.into(), enabled }
    }

    #[test]
    fn titles_come_before_other_words_and_what_cannot_be_done_last() {
        let all = [
            entry("Render", "run queue", true),
            entry("Redo", "", false),
            entry("Reset", "", true),
            entry("Mute", "render off", true),
        ];
        let found = |typed: &str| -> Vec<&str> {
            rank(&all, typed).iter().map(|h| all[h.entry].title.as_str()).collect()
        };
        assert_eq!(found("re"), ["Render", "Reset", "Mute", "Redo"]);
        assert_eq!(found("queue"), ["Render"]);
        assert_eq!(found(""), ["Render", "Reset", "Mute", "Redo"]);
        assert!(found("zzz").is_empty());
    }
}
