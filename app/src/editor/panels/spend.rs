//! The sheet that asks before money is spent: what each step costs, who does it, and what they are sent.

use super::sheet;
use crate::editor::theme::{Text, Theme};
use crate::editor::widgets::button::{button, primary};
use crate::editor::widgets::paint::{paragraph, text_in};
use egui::{Align, Context, Rect, ScrollArea, Sense, Ui, WidgetInfo, WidgetType, vec2};

/// Points of steps that are seen without scrolling.
const ROOM: f32 = 320.0;
const LINE: f32 = 20.0;

/// A paid step.
#[derive(Clone, Debug, PartialEq)]
pub struct StepView {
    /// The node.
    pub title: String,
    /// Its price.
    pub price: String,
    /// The engine and whose machine it works on.
    pub engine: String,
    /// What they are sent.
    pub sends: Vec<String>,
}

/// What the sheet shows.
#[derive(Clone, Debug, PartialEq)]
pub struct SpendView {
    /// The steps.
    pub steps: Vec<StepView>,
    /// What they cost together.
    pub sum: String,
}

/// Shows the sheet; true for yes, false for no.
pub fn show(ctx: &Context, theme: &Theme, view: &SpendView) -> Option<bool> {
    let mut out = None;
    let title = format!("Run for {}?", view.sum);
    let content = |ui: &mut Ui| {
        ScrollArea::vertical().max_height(ROOM).show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            view.steps.iter().for_each(|step| one(ui, theme, step));
        });
        let c = theme.colors();
        let words =
            "Paid by you, with your key. What comes back is kept in the library and is never bought twice";
        ui.label(egui::RichText::new(words).font(theme.font(Text::Small)).color(*c.text.secondary));
    };
    let verbs = |ui: &mut Ui| {
        if primary(ui, theme, None, &format!("Run for {}", view.sum), true).clicked() {
            out = Some(true);
        }
        if button(ui, theme, None, "Cancel", true).clicked() {
            out = Some(false);
        }
    };
    let gone = sheet::show(ctx, theme, "spend", &title, content, verbs);
    out.or(gone.then_some(false))
}

fn one(ui: &mut Ui, theme: &Theme, step: &StepView) {
    let c = theme.colors();
    let (head, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE + 4.0), Sense::hover());
    let said = format!("{}, {}, {}: sends {}", step.title, step.engine, step.price, step.sends.join(", "));
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &said));
    let font = theme.font(Text::BodyStrong);
    let price = text_in(ui.painter(), head, Align::Max, &step.price, font.clone(), *c.state.will_cost);
    let left = head.with_max_x(price.left() - 12.0);
    let named = text_in(ui.painter(), left, Align::Min, &step.title, font, *c.text.primary);
    let rest = left.with_min_x(named.right() + 8.0);
    text_in(ui.painter(), rest, Align::Min, &step.engine, theme.font(Text::Body), *c.text.secondary);
    for thing in &step.sends {
        sent(ui, theme, thing);
    }
    ui.add_space(theme.tokens.space.m);
}

/// One thing that leaves this machine, whole however long it is.
fn sent(ui: &mut Ui, theme: &Theme, thing: &str) {
    let c = theme.colors();
    let width = ui.available_width() - 48.0;
    let words = paragraph(ui.painter(), thing, theme.font(Text::Body), *c.text.primary, width, 12);
    let high = words.size().y.max(LINE - 4.0) + 4.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), high), Sense::hover());
    let lead = Rect::from_min_size(rect.min, vec2(44.0, LINE - 4.0));
    text_in(ui.painter(), lead, Align::Min, "sends", theme.font(Text::Small), *c.text.tertiary);
    ui.painter().galley(rect.min + vec2(44.0, 0.0), words, *c.text.primary);
}
