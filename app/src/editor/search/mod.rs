//! Search to add: what was typed against names, kinds and search words, ranked by what fits.

pub mod rank;

use crate::editor::canvas::view::{Conversions, Fit, Side};
use crate::editor::canvas::{Loose, port_sign};
use crate::editor::theme::{Text, Theme, icons};
use crate::editor::widgets::paint::{icon, radius, text_in};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Align, Area, Color32, Id, Key, Modifiers, Order, Pos2, Rect, ScrollArea, Sense, Stroke, StrokeKind,
    TextEdit, Ui, WidgetInfo, WidgetType, pos2, vec2,
};
use rank::{Hit, Wanted, rank};
use rushes_engine::ValueType;

const LIST_HEIGHT: f32 = 312.0;

/// A tool of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct Tool {
    /// `finish/blend`.
    pub kind: String,
    /// Its name.
    pub label: String,
    /// One sentence.
    pub about: String,
    /// Other words people use for it.
    pub words: Vec<String>,
    /// The types of its inputs.
    pub inputs: Vec<ValueType>,
    /// The types of its outputs.
    pub outputs: Vec<ValueType>,
}

/// What came of a frame of the search.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It is still open.
    Open,
    /// Closed with nothing chosen.
    Closed,
    /// Add a node of this kind where the search was asked for; wire it to `from` if there is one.
    Add {
        /// `finish/blend`.
        kind: String,
        /// The node's place in the graph.
        at: Pos2,
        /// The wire that waits for it.
        from: Option<Loose>,
        /// Wire it after the selected node.
        after: bool,
    },
}

/// The open search.
#[derive(Debug)]
pub struct Search {
    typed: String,
    chosen: usize,
    at: Pos2,
    screen: Pos2,
    from: Option<Loose>,
    /// What the selection gives: ranks tools that take it first.
    prefers: Option<ValueType>,
    begun: bool,
}

impl Search {
    /// A search for a node to stand at `at` in the graph, shown at `screen`.
    pub fn new(at: Pos2, screen: Pos2, from: Option<Loose>, prefers: Option<ValueType>) -> Self {
        Self { typed: String::new(), chosen: 0, at, screen, from, prefers, begun: false }
    }

    /// Shows the popup inside `bounds`.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        bounds: Rect,
        tools: &[Tool],
        fits: &Conversions,
    ) -> Outcome {
        let wanted = match &self.from {
            Some(loose) => Some(Wanted { side: loose.side, ty: loose.ty }),
            None => self.prefers.map(|ty| Wanted { side: Side::Out, ty }),
        };
        let show_all = ui.input(|i| i.modifiers.alt);
        let hits = rank(tools, &self.typed, wanted, self.from.is_some() && !show_all, fits);
        self.chosen = self.chosen.min(hits.len().saturating_sub(1));
        let (up, down, enter, escape, after) = ui.input_mut(|i| {
            let after = i.consume_key(Modifiers::SHIFT, Key::Enter);
            let mut key = |k| i.consume_key(Modifiers::NONE, k);
            (key(Key::ArrowUp), key(Key::ArrowDown), key(Key::Enter), key(Key::Escape), after)
        });
        if down && !hits.is_empty() {
            self.chosen = (self.chosen + 1) % hits.len();
        }
        if up && !hits.is_empty() {
            self.chosen = (self.chosen + hits.len() - 1) % hits.len();
        }
        let mut outcome = if escape { Outcome::Closed } else { Outcome::Open };
        if enter || after {
            outcome = self.take(tools, hits.get(self.chosen), after).unwrap_or(Outcome::Open);
        }
        let width = theme.tokens.size.popup_search;
        let height = LIST_HEIGHT + 108.0;
        let place = pos2(
            self.screen.x.min(bounds.right() - width - 8.0).max(bounds.left() + 8.0),
            self.screen.y.min(bounds.bottom() - height - 8.0).max(bounds.top() + 8.0),
        );
        let area = Area::new(Id::new("search to add"))
            .order(Order::Foreground)
            .fixed_pos(place)
            .show(ui.ctx(), |ui| self.popup(ui, theme, tools, &hits, up || down));
        let outside = ui.input(|i| i.pointer.any_pressed().then(|| i.pointer.interact_pos()).flatten());
        if self.begun && outside.is_some_and(|p| !area.response.rect.contains(p)) {
            outcome = Outcome::Closed;
        }
        if let Some(index) = area.inner {
            let after = ui.input(|i| i.modifiers.shift);
            outcome = self.take(tools, hits.get(index), after).unwrap_or(outcome);
        }
        self.begun = true;
        outcome
    }

    fn take(&self, tools: &[Tool], hit: Option<&Hit>, after: bool) -> Option<Outcome> {
        let tool = tools.get(hit?.tool)?;
        let after = after && self.prefers.is_some() && self.from.is_none();
        Some(Outcome::Add { kind: tool.kind.clone(), at: self.at, from: self.from.clone(), after })
    }

    fn popup(
        &mut self,
        ui: &mut Ui,
        theme: &Theme,
        tools: &[Tool],
        hits: &[Hit],
        moved: bool,
    ) -> Option<usize> {
        let c = theme.colors();
        let width = theme.tokens.size.popup_search;
        let shadow = ui.visuals().popup_shadow;
        let frame = egui::Frame::new()
            .fill(*c.surface.popup)
            .stroke(Stroke::new(1.0, *c.stroke.outline_hover))
            .corner_radius(radius(theme.tokens.radius.popup))
            .shadow(shadow);
        frame
            .show(ui, |ui| {
                ui.set_width(width);
                ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
                self.query(ui, theme, hits.len(), tools.len());
                line(ui, *c.stroke.outline);
                let mut clicked = None;
                let area = ScrollArea::vertical().max_height(LIST_HEIGHT).auto_shrink([false, true]);
                area.show(ui, |ui| {
                    ui.add_space(4.0);
                    if hits.is_empty() {
                        let (rect, _) = ui.allocate_exact_size(vec2(width, 40.0), Sense::hover());
                        let font = theme.font(Text::Body);
                        let words = "Nothing matches. Hold Alt to search every node";
                        text_in(ui.painter(), rect, Align::Center, words, font, *c.text.secondary);
                    }
                    for (index, hit) in hits.iter().enumerate() {
                        let Some(tool) = tools.get(hit.tool) else { continue };
                        if row(ui, theme, tool, hit, index == self.chosen, moved) {
                            clicked = Some(index);
                        }
                    }
                    ui.add_space(4.0);
                });
                line(ui, *c.stroke.outline);
                self.foot(ui, theme, hits.get(self.chosen).and_then(|h| tools.get(h.tool)));
                clicked
            })
            .inner
    }

    fn query(&mut self, ui: &mut Ui, theme: &Theme, shown: usize, all: usize) {
        let c = theme.colors();
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 36.0), Sense::hover());
        let lead = pos2(rect.left() + 20.0, rect.center().y);
        let hint = match &self.from {
            Some(loose) => {
                port_sign(ui.painter(), theme, lead, loose.ty, 12.0);
                let name = loose.ty.to_string();
                let name = name.get(..1).map(str::to_uppercase).unwrap_or_default()
                    + name.get(1..).unwrap_or_default();
                if loose.side == Side::Out {
                    format!("{name} goes into…")
                } else {
                    format!("{name} comes from…")
                }
            }
            None => {
                icon(ui.painter(), theme, lead, icons::glyph::MAGNIFYING_GLASS, 16.0, *c.text.secondary);
                "Search nodes to add".to_owned()
            }
        };
        let count = rect.shrink2(vec2(16.0, 0.0));
        let words = format!("{shown} of {all}");
        text_in(ui.painter(), count, Align::Max, &words, theme.font(Text::Small), *c.text.tertiary);
        let field =
            Rect::from_min_max(pos2(rect.left() + 36.0, rect.top() + 9.0), rect.max - vec2(80.0, 8.0));
        let edit = TextEdit::singleline(&mut self.typed)
            .id(Id::new("search to add text"))
            .hint_text(hint)
            .frame(egui::Frame::NONE)
            .desired_width(field.width());
        let response = ui.put(field, edit);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, "Search nodes"));
        if response.changed() {
            self.chosen = 0;
        }
        if !response.has_focus() {
            response.request_focus();
        }
    }

    fn foot(&self, ui: &mut Ui, theme: &Theme, tool: Option<&Tool>) {
        let c = theme.colors();
        let width = ui.available_width();
        if let Some(tool) = tool.filter(|t| !t.about.is_empty()) {
            let (rect, _) = ui.allocate_exact_size(vec2(width, 40.0), Sense::hover());
            let words = crate::editor::widgets::paint::paragraph(
                ui.painter(),
                &tool.about,
                theme.font(Text::Small),
                *c.text.secondary,
                width - 32.0,
                2,
            );
            ui.painter().galley(
                pos2(rect.left() + 16.0, rect.center().y - words.size().y / 2.0),
                words,
                *c.text.secondary,
            );
            line(ui, *c.stroke.outline);
        }
        let (rect, _) = ui.allocate_exact_size(vec2(width, 28.0), Sense::hover());
        let mut x = rect.left() + 16.0;
        let all = [
            ("Enter", "Add"),
            ("Shift Enter", "Add and wire"),
            ("↑ ↓", "Choose"),
            ("Alt", "Show all"),
            ("Esc", "Close"),
        ];
        let counts = |key: &str| match key {
            "Alt" => self.from.is_some(),
            "Shift Enter" => self.from.is_none() && self.prefers.is_some(),
            _ => true,
        };
        for (key, what) in all.into_iter().filter(|(key, _)| counts(key)) {
            x = key_hint(ui, theme, pos2(x, rect.center().y), key, what);
        }
    }
}

fn row(ui: &mut Ui, theme: &Theme, tool: &Tool, hit: &Hit, chosen: bool, moved: bool) -> bool {
    let c = theme.colors();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), 28.0), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(WidgetType::SelectableLabel, true, chosen, format!("Add {}", tool.label))
    });
    let ground = rect.shrink2(vec2(4.0, 0.0));
    if chosen {
        ui.painter().rect_filled(ground, radius(4.0), *c.accent.soft);
        if moved {
            ui.scroll_to_rect(rect, None);
        }
    } else if response.hovered() {
        ui.painter().rect_filled(ground, radius(4.0), *c.surface.hover);
    }
    let tint =
        tool.outputs.first().or(tool.inputs.first()).map_or(*c.text.secondary, |ty| theme.wire_color(*ty));
    let faded = if hit.fit == Fit::No { 0.6 } else { 1.0 };
    let at = pos2(rect.left() + 20.0, rect.center().y);
    icon(ui.painter(), theme, at, icons::of_kind(&tool.kind), 16.0, tint.gamma_multiply(faded));
    let inner = rect.shrink2(vec2(16.0, 0.0)).with_min_x(rect.left() + 36.0);
    let galley = ui.painter().layout_job(marked(theme, &tool.label, &hit.marks));
    let label_at = pos2(inner.left(), inner.center().y - galley.size().y / 2.0);
    let after = label_at.x + galley.size().x + 12.0;
    ui.painter().galley(label_at, galley, *c.text.primary);
    let family = tool.kind.split('/').next().unwrap_or_default();
    let right = text_in(ui.painter(), inner, Align::Max, family, theme.font(Text::Small), *c.text.tertiary);
    let aside = match (hit.fit, hit.by.is_empty()) {
        (_, false) => format!("also “{}”", hit.by),
        (Fit::Converts(how), true) => how.to_owned(),
        _ => String::new(),
    };
    let middle = Rect::from_min_max(pos2(after, inner.top()), pos2(right.left() - 12.0, inner.bottom()));
    text_in(ui.painter(), middle, Align::Min, &aside, theme.font(Text::Small), *c.text.secondary);
    response.clicked()
}

pub(super) fn marked(theme: &Theme, label: &str, marks: &[std::ops::Range<usize>]) -> LayoutJob {
    let c = theme.colors();
    let format =
        |color: Color32, style| TextFormat { font_id: theme.font(style), color, ..TextFormat::default() };
    let mut job = LayoutJob::default();
    let mut at = 0;
    for mark in marks {
        if let (Some(before), Some(inside)) = (label.get(at..mark.start), label.get(mark.clone())) {
            job.append(before, 0.0, format(*c.text.primary, Text::BodyStrong));
            job.append(inside, 0.0, format(*c.accent.text, Text::NodeTitle));
            at = mark.end;
        }
    }
    job.append(label.get(at..).unwrap_or_default(), 0.0, format(*c.text.primary, Text::BodyStrong));
    job
}

pub(super) fn line(ui: &mut Ui, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 1.0), Sense::hover());
    ui.painter().rect_filled(rect, 0, color);
}

/// A key cap and what it does; returns where the next may begin.
pub fn key_hint(ui: &Ui, theme: &Theme, at: Pos2, key: &str, what: &str) -> f32 {
    let c = theme.colors();
    let cap = ui.painter().layout_no_wrap(key.to_owned(), theme.font(Text::Key), *c.text.secondary);
    let rect = Rect::from_min_size(pos2(at.x, at.y - 8.0), vec2(cap.size().x + 8.0, 16.0));
    let edge = Stroke::new(1.0, *c.stroke.outline_hover);
    ui.painter().rect(rect, radius(theme.tokens.radius.field), *c.surface.field, edge, StrokeKind::Inside);
    ui.painter().galley(rect.center() - cap.size() / 2.0, cap, *c.text.secondary);
    let words = ui.painter().layout_no_wrap(what.to_owned(), theme.font(Text::Small), *c.text.secondary);
    let place = pos2(rect.right() + 6.0, at.y - words.size().y / 2.0);
    let end = place.x + words.size().x + 14.0;
    ui.painter().galley(place, words, *c.text.secondary);
    end
}
