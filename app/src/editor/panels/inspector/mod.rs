//! The inspector: the selected node's parameters, made from their descriptions.

mod curves;
mod fields;
mod plot;
mod points;
mod said;
mod takes;

pub use said::Said;
pub use takes::{LiveView, TakesView};

use super::take::TakeAction;
use crate::editor::canvas::view::Id;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{button, icon_button};
use crate::editor::widgets::field::NumberSpec;
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{capital, icon, paragraph, radius, text_in};
use egui::{
    Align, Color32, Rect, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, WidgetType, pos2,
    vec2,
};
use rushes_engine::tool::PointCurve;
use serde_json::Value;

/// How a parameter is edited.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A number.
    Number(NumberSpec),
    /// On or off.
    Switch,
    /// One of these values, each with its label.
    Choice(Vec<(String, String)>),
    /// Words; several lines of them or one.
    Text {
        /// Whether line breaks are allowed.
        lines: bool,
    },
    /// Several numbers, each with its label.
    Numbers(Vec<String>, NumberSpec),
    /// Display-referred red, green, blue and perhaps alpha.
    Color,
    /// A path.
    File,
    /// Several paths.
    Files,
    /// Curves through points.
    Curves {
        /// Each of them.
        curves: Vec<PointCurve>,
        /// The value where the graph says nothing.
        default: Value,
    },
    /// Anything else, as JSON.
    Json,
}

/// Whether a parameter changes over time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keyed {
    /// It cannot.
    #[default]
    Fixed,
    /// It could.
    Constant,
    /// It does; there is no key at the playhead.
    Between,
    /// It does; there is a key at the playhead.
    OnKey,
    /// It is an expression.
    Expression,
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct ParamView {
    /// Its name in the document.
    pub name: Id,
    /// Its label.
    pub label: String,
    /// What it does.
    pub help: String,
    /// How it is edited.
    pub kind: Kind,
    /// Its value at the playhead.
    pub value: Value,
    /// Whether it differs from the default.
    pub changed: bool,
    /// Whether it changes over time.
    pub keyed: Keyed,
    /// The node that drives it by a wire, or empty.
    pub wired_from: String,
    /// What is wrong with it, or empty.
    pub error: String,
    /// Inside of a sub-graph, whether that shows it as its own.
    pub promoted: Option<bool>,
}

/// Advice about a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Advice {
    /// The rule, to name the fix.
    pub rule: String,
    /// What and why.
    pub text: String,
    /// The verb of the fix, or empty.
    pub fix: String,
}

/// A node in the inspector.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeParams {
    /// Its id in the document.
    pub id: Id,
    /// Its title.
    pub title: String,
    /// `finish/blend`.
    pub kind: String,
    /// Its icon.
    pub icon: &'static str,
    /// The icon's colour.
    pub tint: Color32,
    /// What its tool does, in a sentence.
    pub about: String,
    /// Whether it stands for others that can be looked at.
    pub enters: bool,
    /// What it says of itself.
    pub said: Vec<Said>,
    /// What changed since its last result, or empty.
    pub stale: String,
    /// What is wrong with it, or empty, and what to do.
    pub error: (String, String),
    /// The rule and the verb of what mends it, where something does.
    pub error_fix: Option<(String, String)>,
    /// Advice.
    pub advice: Vec<Advice>,
    /// Its parameters in the tool's order.
    pub params: Vec<ParamView>,
    /// Its takes, where it keeps any.
    pub takes: Option<TakesView>,
    /// Whether it is a job that can be run: its verb and price, or empty.
    pub run: String,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the fields are named for what they are")]
pub enum InspectorAction {
    /// A value at the playhead; `dragging` values merge into one step.
    Set { node: Id, param: Id, value: Value, dragging: bool },
    /// Back to the default.
    Reset { node: Id, param: Id },
    /// A key at the playhead, or none.
    ToggleKey { node: Id, param: Id },
    /// Choose a file, or several.
    Browse { node: Id, param: Id, many: bool },
    /// Let the sub-graph around show a parameter as its own, or no longer.
    Promote { node: Id, param: Id, label: String },
    /// Look inside.
    Enter { node: Id },
    /// Another title.
    Title { node: Id, title: String },
    /// Show it in the viewer.
    View { node: Id },
    /// Do what advice says.
    Fix { node: Id, rule: String },
    /// Put text on the clipboard.
    Copy { text: String },
    /// Run it.
    Run { node: Id },
    /// Something of a take; an empty one is what the node makes itself.
    OfTake { node: Id, take: String, action: TakeAction },
    /// Compare the take that it plays with another, or stop.
    CompareTakes { node: Id },
    /// Let nothing take the place of its take, or anything again.
    LockTake { node: Id, on: bool },
    /// Choose a file to be its take.
    BringTake { node: Id },
}

/// Shows the nodes' parameters in `rect`, or what to do when there are none.
pub fn show(
    ui: &mut Ui,
    rect: Rect,
    theme: &Theme,
    nodes: &[NodeParams],
    facts: &str,
) -> Vec<InspectorAction> {
    let mut out = Vec::new();
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("inspector"));
    let finish = |ui: &Ui, out: &mut Vec<_>| out.extend(fields::Unfinished::finish(ui));
    let ui = &mut ui;
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    if nodes.is_empty() {
        header::empty(ui, theme, rect, glyph::SLIDERS, "Nothing selected", facts);
        finish(ui, &mut out);
        return out;
    }
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("inspector scroll").show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for node in nodes {
            ui.push_id(&node.id, |ui| section(ui, theme, node, &mut out));
        }
        ui.add_space(theme.tokens.space.l);
    });
    finish(ui, &mut out);
    out
}

fn section(ui: &mut Ui, theme: &Theme, node: &NodeParams, out: &mut Vec<InspectorAction>) {
    if !head(ui, theme, node, out) {
        return;
    }
    // What it writes, with what is to be known of that, follows what it is written from.
    let written = node.said.iter().position(|said| said.copies).unwrap_or(node.said.len());
    let (of_itself, written) = node.said.split_at(written);
    said::show(ui, theme, of_itself, out);
    stale_line(ui, theme, &node.stale);
    if !node.error.0.is_empty() {
        let c = theme.colors();
        let text = match node.error.1.as_str() {
            "" => capital(&node.error.0),
            help => format!("{}. {}", capital(&node.error.0), capital(help)),
        };
        let colors = (*c.state.error, *c.state.error_soft);
        let (rule, verb) = node.error_fix.clone().unwrap_or_default();
        if boxed(ui, theme, glyph::WARNING_CIRCLE, &text, colors, &verb) {
            out.push(InspectorAction::Fix { node: Id::clone(&node.id), rule });
        }
    }
    for advice in &node.advice {
        let c = theme.colors();
        let colors = (*c.state.advice, *c.state.advice_soft);
        if boxed(ui, theme, glyph::LIGHTBULB, &advice.text, colors, &advice.fix) {
            out.push(InspectorAction::Fix { node: Id::clone(&node.id), rule: advice.rule.clone() });
        }
    }
    // What makes a take stands before what it is made with: it is what the node is there for.
    if node.takes.is_some() {
        run_button(ui, theme, node, out);
    }
    // A node that plays a take leaves its parameters be, so the take comes first.
    let takes_first = node.takes.as_ref().is_some_and(|view| !view.live.chosen);
    if let Some(view) = node.takes.as_ref().filter(|_| takes_first) {
        takes::show(ui, theme, &node.id, view, out);
        ui.add_space(8.0);
    }
    if node.enters {
        ui.horizontal(|ui| {
            ui.add_space(12.0);
            if button(ui, theme, Some(glyph::SIGN_IN), "Enter the sub-graph", true).clicked() {
                out.push(InspectorAction::Enter { node: Id::clone(&node.id) });
            }
        });
        ui.add_space(8.0);
    }
    for param in &node.params {
        fields::row(ui, theme, &node.id, param, out);
    }
    if node.params.is_empty() {
        let words =
            if node.enters { "None of its parameters is promoted" } else { "This node has no parameters" };
        line_of_text(ui, theme, words);
    }
    said::show(ui, theme, written, out);
    if let Some(view) = node.takes.as_ref().filter(|_| !takes_first) {
        takes::show(ui, theme, &node.id, view, out);
    }
    if node.takes.is_none() {
        run_button(ui, theme, node, out);
    }
    ui.add_space(8.0);
}

fn run_button(ui: &mut Ui, theme: &Theme, node: &NodeParams, out: &mut Vec<InspectorAction>) {
    if node.run.is_empty() {
        return;
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(12.0);
        if button(ui, theme, Some(glyph::PLAY), &node.run, true).clicked() {
            out.push(InspectorAction::Run { node: Id::clone(&node.id) });
        }
    });
    ui.add_space(4.0);
}

fn head(ui: &mut Ui, theme: &Theme, node: &NodeParams, out: &mut Vec<InspectorAction>) -> bool {
    let c = theme.colors();
    let id = ui.make_persistent_id("open");
    let mut open = ui.data_mut(|d| *d.get_persisted_mut_or(id, true));
    let (rect, _) =
        ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.section_header), Sense::hover());
    let buttons = Rect::from_min_max(pos2(rect.right() - 44.0, rect.top()), rect.max);
    let press = rect.with_max_x(buttons.left());
    let response = ui.interact(press, ui.id().with("head"), Sense::click());
    response.widget_info(|| WidgetInfo::selected(WidgetType::CollapsingHeader, true, open, &node.title));
    if response.clicked() {
        open = !open;
        ui.data_mut(|d| d.insert_persisted(id, open));
    }
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, *c.stroke.divider));
    let caret = if open { glyph::CARET_DOWN } else { glyph::CARET_RIGHT };
    icon(ui.painter(), theme, pos2(rect.left() + 16.0, rect.center().y), caret, 12.0, *c.text.secondary);
    icon(ui.painter(), theme, pos2(rect.left() + 38.0, rect.center().y), node.icon, 16.0, node.tint);
    let title = press.with_min_x(rect.left() + 54.0);
    let end =
        text_in(ui.painter(), title, Align::Min, &node.title, theme.font(Text::NodeTitle), *c.text.primary);
    let kind = title.with_min_x(end.right() + 10.0);
    text_in(ui.painter(), kind, Align::Min, &node.kind, theme.font(Text::Mono), *c.text.secondary);
    if !node.about.is_empty() {
        response.on_hover_text(&node.about);
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(buttons.shrink2(vec2(4.0, 4.0))));
    if icon_button(&mut child, theme, glyph::EYE, "Show in the viewer", false).clicked() {
        out.push(InspectorAction::View { node: Id::clone(&node.id) });
    }
    open
}

/// Says why the last result is out of date, on as many lines as it takes.
fn stale_line(ui: &mut Ui, theme: &Theme, causes: &str) {
    if causes.is_empty() {
        return;
    }
    let c = theme.colors();
    let text = format!("Stale: {causes}");
    let width = ui.available_width() - 44.0;
    let words = paragraph(ui.painter(), &text, theme.font(Text::Body), *c.text.secondary, width, 4);
    let high = (words.size().y + 8.0).max(theme.tokens.size.row);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), high), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &text));
    let middle = rect.top() + theme.tokens.size.row / 2.0;
    icon(ui.painter(), theme, pos2(rect.left() + 19.0, middle), glyph::CIRCLE_DASHED, 14.0, *c.state.stale);
    ui.painter().galley(rect.min + vec2(32.0, 4.0), words, *c.text.secondary);
}

fn line_of_text(ui: &mut Ui, theme: &Theme, text: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), theme.tokens.size.row), Sense::hover());
    let inner = rect.with_min_x(rect.left() + 12.0);
    text_in(ui.painter(), inner, Align::Min, text, theme.font(Text::Body), *theme.colors().text.tertiary);
}

/// A box of advice or error with one button; true when it is pressed.
fn boxed(
    ui: &mut Ui,
    theme: &Theme,
    sign: &str,
    text: &str,
    (ink, ground): (Color32, Color32),
    verb: &str,
) -> bool {
    let c = theme.colors();
    let room = if verb.is_empty() { 0.0 } else { 110.0 };
    let width = ui.available_width() - 24.0;
    let words =
        paragraph(ui.painter(), text, theme.font(Text::Body), *c.text.primary, width - 44.0 - room, 6);
    let high = (words.size().y + 16.0).max(36.0);
    let (outer, _) = ui.allocate_exact_size(vec2(ui.available_width(), high + 8.0), Sense::hover());
    let rect = Rect::from_center_size(outer.center(), vec2(width, high));
    let shape = radius(theme.tokens.radius.control);
    ui.painter().rect(rect, shape, ground, Stroke::new(1.0, ink.gamma_multiply(0.35)), StrokeKind::Inside);
    let edge = rect.with_max_x(rect.left() + 3.0);
    ui.painter().rect_filled(edge, 0, ink);
    icon(ui.painter(), theme, pos2(rect.left() + 20.0, rect.top() + 18.0), sign, 16.0, ink);
    let at = pos2(rect.left() + 36.0, rect.center().y - words.size().y / 2.0);
    ui.painter().galley(at, words, *c.text.primary);
    if verb.is_empty() {
        return false;
    }
    let place =
        Rect::from_min_max(pos2(rect.right() - room, rect.center().y - 12.0), rect.max - vec2(8.0, 0.0));
    let layout = egui::Layout::right_to_left(Align::Min);
    let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout).id_salt(text));
    button(&mut child, theme, None, verb, true).clicked()
}
