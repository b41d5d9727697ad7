//! The page of the settings for remote engines: keys, money, and what was ordered and has not come.

use super::settings::{line, says};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{button, icon_button, primary};
use crate::editor::widgets::field::{Change, NumberSpec, number};
use crate::editor::widgets::paint::{paragraph, text_in};
use egui::{Align, Layout, ScrollArea, Sense, TextEdit, Ui, UiBuilder, WidgetInfo, WidgetType, vec2};
use std::collections::HashMap;

const ROW: f32 = 28.0;
const FIELD: f32 = 120.0;

/// A provider's key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyView {
    /// Names the provider.
    pub provider: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// Where a person gets a key.
    pub page: &'static str,
    /// Where its key is kept: nothing where there is none, and no answer while that is being found out.
    pub kept: Option<Option<String>>,
    /// What came of the last thing that was done with it.
    pub said: String,
    /// Whether that is good.
    pub good: bool,
    /// Something is being done with it.
    pub busy: bool,
}

/// What was ordered and has not come.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderView {
    /// Names it.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Its price.
    pub price: String,
    /// It is not known whether the provider took it.
    pub unknown: bool,
    /// This program or another waits for it.
    pub busy: bool,
    /// What went wrong last.
    pub why: String,
}

/// What the page shows.
#[derive(Clone, Debug, PartialEq)]
pub struct EnginesView {
    /// A line for each provider.
    pub keys: Vec<KeyView>,
    /// US dollars that a run may cost unasked.
    pub unasked: f64,
    /// What was spent.
    pub spent: String,
    /// What was ordered, oldest first.
    pub orders: Vec<OrderView>,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum EnginesAction {
    /// Keep this key: in the system's store, or in a private file.
    Keep {
        /// The provider.
        provider: &'static str,
        /// The key.
        key: String,
        /// In a file.
        file: bool,
    },
    /// Ask the provider whether it knows the key.
    Check(&'static str),
    /// Remove the key.
    Remove(&'static str),
    /// What a run may cost unasked, in US dollars.
    Unasked(f64),
    /// Fetch what was ordered.
    Fetch(String),
    /// Let the same be ordered again.
    Forget(String),
}

/// Keys that are being typed, by provider.
#[derive(Default)]
pub struct Typed(HashMap<&'static str, String>);

/// Says how much is typed, never what.
impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Typed({})", self.0.len())
    }
}

/// Shows the page.
pub fn show(ui: &mut Ui, theme: &Theme, view: &EnginesView, typed: &mut Typed, out: &mut Vec<EnginesAction>) {
    ScrollArea::vertical().id_salt("engines").auto_shrink([false, false]).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        heading(ui, theme, "Provider keys");
        for key in &view.keys {
            ui.push_id(key.provider, |ui| key_rows(ui, theme, key, typed, out));
        }
        heading(ui, theme, "Money");
        line(ui, theme, "Run unasked up to", |ui, rect| {
            let spec = NumberSpec {
                soft: 0.0..=10.0,
                hard: 0.0..=1000.0,
                integer: false,
                unit: "USD".into(),
                logarithmic: false,
            };
            let place = rect.with_max_x(rect.left() + FIELD);
            if let Some(Change::Done(v) | Change::Dragging(v)) =
                number(ui, theme, place, "Run unasked up to", view.unasked, &spec)
            {
                out.push(EnginesAction::Unasked(v));
            }
        });
        says(
            ui,
            theme,
            "A run that costs more asks first, and shows what would be sent, where, and for how much",
        );
        line(ui, theme, "Spent", |ui, rect| {
            let c = theme.colors();
            let ink = *c.text.primary;
            text_in(ui.painter(), rect, Align::Min, &view.spent, theme.font(Text::Body), ink);
        });
        if !view.orders.is_empty() {
            heading(ui, theme, "Ordered");
            view.orders.iter().for_each(|order| ordered(ui, theme, order, out));
        }
    });
}

fn heading(ui: &mut Ui, theme: &Theme, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    let ink = *theme.colors().text.secondary;
    text_in(ui.painter(), rect, Align::Min, text, theme.font(Text::SmallStrong), ink);
}

fn key_rows(ui: &mut Ui, theme: &Theme, key: &KeyView, typed: &mut Typed, out: &mut Vec<EnginesAction>) {
    let c = theme.colors();
    let there = matches!(key.kept, Some(Some(_)));
    line(ui, theme, key.label, |ui, rect| {
        let words = match &key.kept {
            None => "Looking…".to_owned(),
            Some(None) => "No key".to_owned(),
            Some(Some(place)) => format!("A key {place}"),
        };
        let ink = if there { *c.text.primary } else { *c.text.secondary };
        let response = ui.interact(rect, ui.id().with("kept"), Sense::hover());
        response
            .widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("{}: {words}", key.label)));
        let layout = Layout::right_to_left(Align::Center);
        let mut right = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
        right.spacing_mut().item_spacing.x = 4.0;
        if there {
            right.add_enabled_ui(!key.busy, |ui| {
                if icon_button(ui, theme, glyph::TRASH, &format!("Remove the key of {}", key.label), false)
                    .clicked()
                {
                    out.push(EnginesAction::Remove(key.provider));
                }
                if button(ui, theme, None, "Check", !key.busy).clicked() {
                    out.push(EnginesAction::Check(key.provider));
                }
            });
        }
        let room = rect.with_max_x(right.min_rect().left() - 8.0);
        text_in(ui.painter(), room, Align::Min, &words, theme.font(Text::Body), ink);
    });
    let text = typed.0.entry(key.provider).or_default();
    line(ui, theme, "", |ui, rect| {
        let layout = Layout::right_to_left(Align::Center);
        let mut right = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
        let ready = !text.trim().is_empty() && !key.busy;
        let kept = button(&mut right, theme, None, "Keep", ready).clicked();
        let place = rect.with_max_x(right.min_rect().left() - 8.0);
        let edit = TextEdit::singleline(text)
            .password(true)
            .hint_text(if there { "Paste another key" } else { "Paste a key" })
            .vertical_align(Align::Center);
        let response = ui.put(place, edit);
        let entered = response.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        response
            .widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, format!("Key of {}", key.label)));
        if ready && (kept || entered) {
            out.push(EnginesAction::Keep {
                provider: key.provider,
                key: text.trim().to_owned(),
                file: false,
            });
        }
    });
    if key.said.is_empty() {
        says(
            ui,
            theme,
            &format!("From {}. It is kept in the system's key store, never in a graph", key.page),
        );
        return;
    }
    told(ui, theme, &key.said, key.good);
    // A system without a key store leaves a file, if the person wants it.
    if !key.good && !text.trim().is_empty() {
        line(ui, theme, "", |ui, rect| {
            let layout = Layout::left_to_right(Align::Center);
            let mut child = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout));
            if button(&mut child, theme, None, "Keep in a private file", !key.busy).clicked() {
                out.push(EnginesAction::Keep {
                    provider: key.provider,
                    key: text.trim().to_owned(),
                    file: true,
                });
            }
        });
    } else if key.good && there && !key.busy {
        text.clear();
    }
}

/// What came of something, on as many lines as it takes.
fn told(ui: &mut Ui, theme: &Theme, words: &str, good: bool) {
    let c = theme.colors();
    let ink = if good { *c.state.cached } else { *c.state.error };
    let indent = super::settings::VALUES;
    let width = ui.available_width() - indent;
    let galley = paragraph(ui.painter(), words, theme.font(Text::Small), ink, width, 5);
    ui.add_space(4.0);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), galley.size().y + 8.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, words));
    ui.painter().galley(rect.min + vec2(indent, 0.0), galley, ink);
}

fn ordered(ui: &mut Ui, theme: &Theme, order: &OrderView, out: &mut Vec<EnginesAction>) {
    let c = theme.colors();
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW + 16.0), Sense::hover());
    let words = match (order.unknown, order.busy, order.why.as_str()) {
        (true, _, _) => "It is not known whether it was taken".to_owned(),
        (false, true, _) => "On its way".to_owned(),
        (false, false, "") => "Waits to be fetched".to_owned(),
        (false, false, why) => why.to_owned(),
    };
    response.widget_info(|| {
        WidgetInfo::labeled(WidgetType::Label, true, format!("{} {}: {words}", order.title, order.price))
    });
    let layout = Layout::right_to_left(Align::Center);
    let mut right = ui.new_child(UiBuilder::new().max_rect(rect).layout(layout).id_salt(&order.id));
    if order.unknown && button(&mut right, theme, None, "Let it be ordered again", true).clicked() {
        out.push(EnginesAction::Forget(order.id.clone()));
    }
    if !order.unknown && !order.busy && primary(&mut right, theme, None, "Fetch", true).clicked() {
        out.push(EnginesAction::Fetch(order.id.clone()));
    }
    let room = rect.with_max_x(right.min_rect().left() - 8.0);
    let (upper, lower) = room.split_top_bottom_at_y(room.center().y);
    let title = format!("{} · {}", order.title, order.price);
    text_in(ui.painter(), upper, Align::Min, &title, theme.font(Text::Body), *c.text.primary);
    let ink = if order.unknown { *c.state.error } else { *c.text.secondary };
    text_in(ui.painter(), lower, Align::Min, &words, theme.font(Text::Small), ink);
}
