//! Which tools match what was typed, and in which order.

use super::Tool;
use crate::editor::canvas::view::{Conversions, Fit, Side};
use rushes_engine::ValueType;

/// The wire or selection that the new node should go to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Wanted {
    /// The side of the fixed end.
    pub side: Side,
    /// What it carries.
    pub ty: ValueType,
}

/// One tool that matches.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// Its place in the catalogue.
    pub tool: usize,
    /// How it fits what is wanted; `Exact` where nothing is.
    pub fit: Fit,
    /// Byte ranges of the label that matched.
    pub marks: Vec<std::ops::Range<usize>>,
    /// The search word that matched instead of the label, or empty.
    pub by: String,
    score: i32,
}

/// Tools that match `typed`, best first. With `only_fits`, tools that do not fit `wanted` are left out;
/// otherwise they stand after those that do.
pub fn rank(
    tools: &[Tool],
    typed: &str,
    wanted: Option<Wanted>,
    only_fits: bool,
    fits: &Conversions,
) -> Vec<Hit> {
    let typed = typed.trim().to_lowercase();
    let mut hits: Vec<Hit> = tools
        .iter()
        .enumerate()
        .filter_map(|(index, tool)| {
            let fit = wanted.map_or(Fit::Exact, |w| tool_fit(tool, w, fits));
            if only_fits && fit == Fit::No {
                return None;
            }
            let (score, marks, by) = matched(tool, &typed)?;
            Some(Hit { tool: index, fit, marks, by, score })
        })
        .collect();
    let name = |hit: &Hit| tools.get(hit.tool).map(|t| t.label.as_str()).unwrap_or_default();
    let class = |hit: &Hit| match hit.fit {
        Fit::Exact => 0,
        Fit::Converts(_) => 1,
        Fit::No => 2,
    };
    hits.sort_by(|a, b| class(a).cmp(&class(b)).then(b.score.cmp(&a.score)).then(name(a).cmp(name(b))));
    hits
}

fn tool_fit(tool: &Tool, wanted: Wanted, fits: &Conversions) -> Fit {
    let each = |ty: &ValueType| match wanted.side {
        Side::Out => fits.fit(wanted.ty, *ty),
        Side::In => fits.fit(*ty, wanted.ty),
    };
    let ports = if wanted.side == Side::Out { &tool.inputs } else { &tool.outputs };
    let all: Vec<Fit> = ports.iter().map(each).collect();
    let converts = all.iter().find(|f| matches!(f, Fit::Converts(_)));
    if all.contains(&Fit::Exact) { Fit::Exact } else { converts.copied().unwrap_or(Fit::No) }
}

type Match = (i32, Vec<std::ops::Range<usize>>, String);

fn matched(tool: &Tool, typed: &str) -> Option<Match> {
    if typed.is_empty() {
        return Some((0, Vec::new(), String::new()));
    }
    let by_label = fuzzy(&tool.label, typed).map(|(score, marks)| (score + 20, marks, String::new()));
    // Letters scattered over a kind match almost anything; a kind is typed as it is.
    let by_kind = tool.kind.contains(typed).then(|| (40, Vec::new(), String::new()));
    let words = tool.words.iter().filter_map(|w| Some((fuzzy(w, typed)?.0 + 10, Vec::new(), w.clone())));
    [by_label, by_kind].into_iter().flatten().chain(words).max_by_key(|(score, _, _)| *score)
}

/// A score and the matched ranges if every letter of `typed` is in `text` in order. Beginnings of words
/// and runs of letters count more; letters far apart do not match at all.
pub fn fuzzy(text: &str, typed: &str) -> Option<(i32, Vec<std::ops::Range<usize>>)> {
    let lower = text.to_lowercase();
    // Lower case of another length would point marks at the wrong letters.
    let same_length = lower.len() == text.len();
    if let Some(at) = lower.find(typed) {
        let word_start = at == 0 || !lower.as_bytes().get(at - 1).is_some_and(u8::is_ascii_alphanumeric);
        let whole = i32::from(lower.len() == typed.len());
        let score =
            100 + 40 * i32::from(word_start) + 20 * i32::from(at == 0) + 40 * whole - lower.len() as i32 / 4;
        let range = at..at + typed.len();
        return Some((score, if same_length { vec![range] } else { Vec::new() }));
    }
    let mut marks: Vec<std::ops::Range<usize>> = Vec::new();
    let mut letters = lower.char_indices();
    let mut score = 60;
    let mut last: Option<usize> = None;
    for wanted in typed.chars().filter(|c| !c.is_whitespace()) {
        let (at, c) = letters.by_ref().find(|(_, c)| *c == wanted)?;
        let gap = last.map_or(at, |l| at - l);
        if at > 0 && gap > 0 {
            let starts_word = !lower.as_bytes().get(at - 1).is_some_and(u8::is_ascii_alphanumeric);
            score -= if starts_word { 2 } else { 10 + gap as i32 };
        }
        last = Some(at + c.len_utf8());
        match marks.last_mut() {
            Some(run) if run.end == at => run.end = at + c.len_utf8(),
            _ => marks.push(at..at + c.len_utf8()),
        }
    }
    (score > 0).then_some((score, if same_length { marks } else { Vec::new() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tool(kind: &str, label: &str, words: &[&str], inputs: &[ValueType], outputs: &[ValueType]) -> Tool {
        Tool {
            kind: kind.into(),
            label: label.into(),
            about: String::new(),
            words: words.iter().map(|w| (*w).to_owned()).collect(),
            inputs: inputs.to_vec(),
            outputs: outputs.to_vec(),
        }
    }

    fn tools() -> Vec<Tool> {
        use ValueType::{Clip, ImageSet, Text};
        vec![
            tool("finish/blend", "Blend", &["grain overlay", "layer"], &[Clip, Clip], &[Clip]),
            tool("finish/grain", "Grain", &["film noise"], &[Clip], &[Clip]),
            tool("finish/grade", "Grade", &["colour", "cdl"], &[Clip], &[Clip]),
            tool("finish/grain_plate", "Grain plate", &[], &[], &[Clip]),
            tool("generate/pick", "Pick", &["choose"], &[ImageSet], &[Clip]),
            tool("plan/text", "Text", &["prompt"], &[], &[Text]),
        ]
    }

    fn labels(typed: &str, wanted: Option<Wanted>, only: bool) -> Vec<String> {
        let tools = tools();
        let fits = Conversions([(ValueType::ImageSet, ValueType::Clip, "first still")].into());
        rank(&tools, typed, wanted, only, &fits).into_iter().map(|h| tools[h.tool].label.clone()).collect()
    }

    #[test]
    fn names_come_before_search_words_and_beginnings_before_middles() {
        assert_eq!(labels("gra", None, false), ["Grade", "Grain", "Grain plate", "Blend"]);
        assert_eq!(labels("colour", None, false), ["Grade"]);
        assert_eq!(labels("grpl", None, false), ["Grain plate"]);
        assert!(labels("zzz", None, false).is_empty());
    }

    #[test]
    fn what_fits_the_wire_comes_first_and_the_rest_can_be_left_out() {
        let wire = Some(Wanted { side: Side::Out, ty: ValueType::ImageSet });
        assert_eq!(labels("", wire, true), ["Pick", "Blend", "Grade", "Grain"]);
        assert_eq!(labels("", wire, false).len(), 6);
        let into = Some(Wanted { side: Side::In, ty: ValueType::Text });
        assert_eq!(labels("", into, true), ["Text"]);
    }
}
