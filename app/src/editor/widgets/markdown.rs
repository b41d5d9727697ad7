//! Words with marks, as notes are written: headings, strong and struck words, code, lists (CommonMark).

use crate::editor::theme::{Text, Theme};
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Stroke};
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// Lays words out in `width`, at the size of a zoom.
pub fn job(text: &str, theme: &Theme, zoom: f32, ink: Color32, width: f32) -> LayoutJob {
    let mut page =
        Page { job: LayoutJob::default(), theme, zoom, ink, marks: Marks::default(), lists: Vec::new() };
    page.job.wrap.max_width = width;
    for event in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH) {
        page.take(event);
    }
    page.job
}

/// What the words that follow are.
#[derive(Clone, Copy, Default)]
struct Marks {
    heading: Option<HeadingLevel>,
    strong: u32,
    struck: u32,
    emphasis: u32,
}

struct Page<'a> {
    job: LayoutJob,
    theme: &'a Theme,
    zoom: f32,
    ink: Color32,
    marks: Marks,
    /// The number of the next item of each list that is open; none of one without numbers.
    lists: Vec<Option<u64>>,
}

impl Page<'_> {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                self.part();
                self.marks.heading = Some(level);
            }
            Event::End(TagEnd::Heading(_)) => self.marks.heading = None,
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_)) if self.lists.is_empty() => self.part(),
            Event::Start(Tag::Strong) => self.marks.strong += 1,
            Event::End(TagEnd::Strong) => self.marks.strong = self.marks.strong.saturating_sub(1),
            Event::Start(Tag::Emphasis) => self.marks.emphasis += 1,
            Event::End(TagEnd::Emphasis) => self.marks.emphasis = self.marks.emphasis.saturating_sub(1),
            Event::Start(Tag::Strikethrough) => self.marks.struck += 1,
            Event::End(TagEnd::Strikethrough) => self.marks.struck = self.marks.struck.saturating_sub(1),
            Event::Start(Tag::List(first)) => {
                if self.lists.is_empty() {
                    self.part();
                }
                self.lists.push(first);
            }
            Event::End(TagEnd::List(_)) => drop(self.lists.pop()),
            Event::Start(Tag::Item) => self.item(),
            Event::Text(words) => self.write(&words, self.style()),
            Event::Code(words) => self.write(&words, Text::Mono),
            // Nothing of another language is run or hidden: it stands as it was written.
            Event::Html(words) | Event::InlineHtml(words) => self.write(&words, self.style()),
            Event::SoftBreak | Event::HardBreak => self.write("\n", self.style()),
            Event::Rule => {
                self.part();
                self.write("———", self.style());
            }
            _ => {}
        }
    }

    /// A blank line before the next part.
    fn part(&mut self) {
        if !self.job.text.is_empty() {
            self.write("\n\n", Text::Small);
        }
    }

    fn item(&mut self) {
        if !self.job.text.is_empty() && !self.job.text.ends_with('\n') {
            self.write("\n", self.style());
        }
        let depth = self.lists.len().saturating_sub(1);
        let sign = match self.lists.last_mut() {
            Some(Some(number)) => {
                *number += 1;
                format!("{}. ", *number - 1)
            }
            _ => "• ".to_owned(),
        };
        self.write(&format!("{}{sign}", "    ".repeat(depth)), Text::Body);
    }

    fn style(&self) -> Text {
        match (self.marks.heading, self.marks.strong) {
            (Some(HeadingLevel::H1), _) => Text::Title,
            (Some(HeadingLevel::H2), _) => Text::Sheet,
            (None, 0) => Text::Body,
            _ => Text::BodyStrong,
        }
    }

    fn write(&mut self, words: &str, style: Text) {
        let mut format = TextFormat::simple(self.theme.font_at(style, self.zoom), self.ink);
        // The font has no slanted letters; egui leans the upright ones.
        format.italics = self.marks.emphasis > 0;
        if self.marks.struck > 0 {
            format.strikethrough = Stroke::new(1.0, self.ink);
        }
        self.job.append(words, 0.0, format);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::theme::Mode;

    fn read(text: &str) -> LayoutJob {
        job(text, &Theme::load(Mode::Dark).unwrap(), 1.0, Color32::WHITE, 300.0)
    }

    #[test]
    fn marks_become_styles_and_are_not_shown() {
        let job = read("# Plan\n\nBind **all shots** with ~~film~~ `grain`.\n\n1. light\n2. dark\n   - deep");
        assert_eq!(job.text, "Plan\n\nBind all shots with film grain.\n\n1. light\n2. dark\n    • deep");
        let size = |words: &str| {
            let at = job.text.find(words).unwrap();
            let section = job.sections.iter().find(|s| s.byte_range.start.0 == at).unwrap();
            section.format.clone()
        };
        assert!(size("Plan").font_id.size > size("all shots").font_id.size);
        assert_ne!(size("all shots").font_id.family, size("Bind").font_id.family);
        assert_ne!(size("grain").font_id.family, size("Bind").font_id.family);
        assert!(size("film").strikethrough.width > 0.0);
    }

    #[test]
    fn what_is_no_mark_stays() {
        assert_eq!(read("2 * 3 < 7 <b>bold</b>").text, "2 * 3 < 7 <b>bold</b>");
        assert_eq!(read("").text, "");
        assert_eq!(read("one\ntwo").text, "one\ntwo");
    }
}
