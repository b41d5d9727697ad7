//! The list of what is wrong and what could be better.

use crate::editor::canvas::view::Id;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::button;
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{capital, icon, paragraph, text_in};
use egui::{Align, Rect, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

/// One problem or hint.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// The node it is about, where there is one.
    pub node: Option<Id>,
    /// The node's title, or what else it is about.
    pub place: String,
    /// What is wrong, or what would be better and why.
    pub what: String,
    /// What to do.
    pub help: String,
    /// Advice, not an error.
    pub advice: bool,
    /// The rule and the verb of its fix, where it has one.
    pub fix: Option<(String, String)>,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum ProblemAction {
    /// Show the node.
    Go(Id),
    /// Do what advice says.
    Fix {
        /// The node.
        node: Id,
        /// The rule.
        rule: String,
    },
}

/// Shows the list in `rect`; `checked` is how many nodes there are.
pub fn show(
    ui: &mut Ui,
    rect: Rect,
    theme: &Theme,
    problems: &[Problem],
    checked: usize,
) -> Option<ProblemAction> {
    let mut out = None;
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("problems"));
    ui.set_clip_rect(rect.intersect(ui.clip_rect()));
    if problems.is_empty() {
        let words = format!("{checked} nodes checked");
        header::empty(&mut ui, theme, rect, glyph::CHECK, "No problems", &words);
        return None;
    }
    ScrollArea::vertical().auto_shrink([false, false]).id_salt("problems scroll").show(&mut ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        for (index, problem) in problems.iter().enumerate() {
            out = out.take().or(ui.push_id(index, |ui| row(ui, theme, problem)).inner);
        }
    });
    out
}

fn row(ui: &mut Ui, theme: &Theme, problem: &Problem) -> Option<ProblemAction> {
    let c = theme.colors();
    let room = if problem.fix.is_some() { 120.0 } else { 16.0 };
    let width = ui.available_width() - 40.0 - room;
    let text = match problem.help.as_str() {
        "" => capital(&problem.what),
        help => format!("{}\n{}", capital(&problem.what), capital(help)),
    };
    let words = paragraph(ui.painter(), &text, theme.font(Text::Body), *c.text.secondary, width, 6);
    let high = words.size().y + 34.0;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), high), Sense::click());
    response.widget_info(|| {
        WidgetInfo::labeled(
            WidgetType::Button,
            true,
            format!("Problem in {}: {}", problem.place, problem.what),
        )
    });
    if response.hovered() {
        ui.painter().rect_filled(rect, 0, *c.surface.hover);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, *c.stroke.divider));
    let (sign, color) = match problem.advice {
        true => (glyph::LIGHTBULB, *c.state.advice),
        false => (glyph::WARNING_CIRCLE, *c.state.error),
    };
    icon(ui.painter(), theme, pos2(rect.left() + 20.0, rect.top() + 17.0), sign, 16.0, color);
    let head = Rect::from_min_size(rect.min + vec2(36.0, 8.0), vec2(width, 18.0));
    text_in(ui.painter(), head, Align::Min, &problem.place, theme.font(Text::NodeTitle), *c.text.primary);
    ui.painter().galley(head.min + vec2(0.0, 18.0), words, *c.text.secondary);
    if let (Some((rule, verb)), Some(node)) = (&problem.fix, &problem.node) {
        let place =
            Rect::from_min_max(pos2(rect.right() - room, rect.center().y - 12.0), rect.max - vec2(12.0, 0.0));
        let layout = egui::Layout::right_to_left(Align::Min);
        let mut child = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
        if button(&mut child, theme, None, verb, true).clicked() {
            return Some(ProblemAction::Fix { node: Id::clone(node), rule: rule.clone() });
        }
    }
    response.clicked().then(|| problem.node.clone().map(ProblemAction::Go)).flatten()
}
