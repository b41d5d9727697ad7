//! What a node says of itself, a paragraph a line; what is meant to be taken elsewhere has a button that copies it.

use super::InspectorAction;
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::icon_button;
use crate::editor::widgets::paint::{capital, paragraph, text_in};
use egui::{Align, Rect, Sense, Ui, UiBuilder, WidgetInfo, WidgetType, pos2, vec2};

/// The most rows of a paragraph.
const ROWS: usize = 8;
/// The longest label before a colon.
const LABEL: usize = 16;

/// One thing that a node says.
#[derive(Clone, Debug, PartialEq)]
pub struct Said {
    /// What it is, such as Motion, or empty.
    pub label: String,
    /// The words.
    pub text: String,
    /// It is meant to be copied.
    pub copies: bool,
}

impl Said {
    /// A line of a description. Of a tool that writes text, `Motion: slow push in` is text to be copied.
    pub fn of(line: &str, writes: bool) -> Self {
        match line.split_once(": ").filter(|(label, _)| writes && label.chars().count() <= LABEL) {
            Some((label, text)) => Self { label: capital(label), text: text.to_owned(), copies: true },
            None => Self { label: String::new(), text: capital(line), copies: false },
        }
    }
}

/// Shows them one under the other.
pub(super) fn show(ui: &mut Ui, theme: &Theme, all: &[Said], out: &mut Vec<InspectorAction>) {
    let c = theme.colors();
    for said in all {
        let room = if said.copies { 36.0 } else { 12.0 };
        let width = ui.available_width() - 12.0 - room;
        let words =
            paragraph(ui.painter(), &said.text, theme.font(Text::Body), *c.text.secondary, width, ROWS);
        let head = if said.label.is_empty() { 0.0 } else { 18.0 };
        let high = (words.size().y + head + 8.0).max(theme.tokens.size.row);
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), high), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &said.text));
        let left = rect.left() + 12.0;
        if head > 0.0 {
            let line = Rect::from_min_size(pos2(left, rect.top() + 3.0), vec2(width, head));
            text_in(ui.painter(), line, Align::Min, &said.label, theme.font(Text::Small), *c.text.tertiary);
        }
        let top = if head > 0.0 { rect.top() + 4.0 + head } else { rect.center().y - words.size().y / 2.0 };
        ui.painter().galley(pos2(left, top), words, *c.text.secondary);
        if said.copies {
            let place = Rect::from_min_size(pos2(rect.right() - 34.0, rect.top() + 4.0), vec2(28.0, 24.0));
            let mut child = ui.new_child(UiBuilder::new().max_rect(place).id_salt(&said.label));
            let label = format!("Copy {}", said.label.to_lowercase());
            if icon_button(&mut child, theme, glyph::COPY, &label, false).clicked() {
                out.push(InspectorAction::Copy { text: said.text.clone() });
            }
        }
    }
    if !all.is_empty() {
        ui.add_space(theme.tokens.space.s);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_tool_writes_is_copied() {
        let line = Said::of("Motion: slow push in: steady", true);
        assert_eq!(
            (line.label.as_str(), line.text.as_str(), line.copies),
            ("Motion", "slow push in: steady", true)
        );
        let read = Said::of("taken as 709: a guess", false);
        assert_eq!(
            (read.label.as_str(), read.text.as_str(), read.copies),
            ("", "Taken as 709: a guess", false)
        );
        assert!(!Said::of("the look is told by the mood board: that is enough", true).copies);
    }
}
