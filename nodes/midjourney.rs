//! The line that a person pastes into Midjourney: words, then parameters as `--name value`.
//!
//! A prompt anywhere in Rushes may end in such parameters; whoever sends it takes out what it knows.

use rushes_engine::{CharacterDesc, StyleDesc};
use std::fmt;
use std::path::Path;

/// Pictures that one run makes.
pub(crate) const PICTURES_A_RUN: u32 = 4;

/// The order of the known parameters in a line; others stand before `no`.
const ORDER: &[&str] = &["ar", "r", "seed", "oref", "ow", "sref", "sw", "p"];
const LAST: &[&str] = &["no", "raw"];

/// Long names and their short ones.
const SHORT: &[(&str, &str)] = &[
    ("aspect", "ar"),
    ("repeat", "r"),
    ("profile", "p"),
    ("stylize", "s"),
    ("chaos", "c"),
    ("weird", "w"),
    ("quality", "q"),
    ("version", "v"),
];

/// A prompt, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Line {
    /// What is to be seen.
    pub(crate) words: String,
    params: Vec<(String, String)>,
}

impl Line {
    /// A prompt without parameters.
    pub(crate) fn of_words(words: String) -> Self {
        Self { words, params: Vec::new() }
    }

    /// Takes a prompt apart. Everything from the first `--name` on is parameters.
    pub(crate) fn parse(prompt: &str) -> Self {
        let mut line = Self::default();
        let mut words: Vec<&str> = Vec::new();
        let mut open: Option<(String, Vec<&str>)> = None;
        for token in prompt.split_whitespace() {
            let name = token.strip_prefix("--").filter(|n| n.starts_with(|c: char| c.is_ascii_alphabetic()));
            match (name, &mut open) {
                (Some(name), _) => {
                    line.close(open.take());
                    open = Some((short(name), Vec::new()));
                }
                (None, Some((_, values))) => values.push(token),
                (None, None) => words.push(token),
            }
        }
        line.close(open);
        line.words = words.join(" ");
        line
    }

    fn close(&mut self, param: Option<(String, Vec<&str>)>) {
        if let Some((name, values)) = param {
            self.add(&name, &values.join(" "));
        }
    }

    /// The value of a parameter; of a flag an empty text.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    /// Sets a parameter.
    pub(crate) fn set(&mut self, name: &str, value: impl fmt::Display) {
        self.params.retain(|(n, _)| n != name);
        self.params.push((short(name), value.to_string()));
    }

    /// Sets a parameter, or makes a list of `--no` and `--sref` longer.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        let between = match name {
            "no" => ", ",
            "sref" | "p" => " ",
            _ => return self.set(name, value),
        };
        match self.get(name).map(str::to_owned) {
            Some(old) if !old.is_empty() && !value.is_empty() => {
                self.set(name, format!("{old}{between}{value}"));
            }
            Some(old) if !old.is_empty() => self.set(name, old),
            _ => self.set(name, value),
        }
    }

    /// Takes over the parameters of another line.
    pub(crate) fn join(&mut self, other: &Self) {
        for (name, value) in &other.params {
            self.add(name, value);
        }
    }

    /// Adds a mood board: its codes, and its pictures as names in angle brackets.
    pub(crate) fn style(&mut self, style: &StyleDesc) {
        let codes = codes(&style.codes);
        self.join(&codes);
        for picture in &style.references {
            self.add("sref", &placeholder(picture));
        }
        if self.get("sref").is_some() && self.get("sw").is_none() {
            let weight = (style.weight * 100.0).round().clamp(0.0, 1000.0);
            if weight != 100.0 {
                self.set("sw", weight);
            }
        }
    }

    /// Adds an omni reference: its first picture, as Midjourney takes one, and its weight.
    pub(crate) fn character(&mut self, character: &CharacterDesc) {
        if let Some(picture) = character.references.first() {
            self.set("oref", placeholder(picture));
            self.set("ow", character.weight.round().clamp(1.0, 1000.0));
        }
    }

    /// What a person must do with the names in angle brackets, if there are any.
    pub(crate) fn hint(&self) -> Option<String> {
        let marked = |name: &&str| self.get(name).is_some_and(|v| v.contains('<'));
        let names: Vec<_> = ["oref", "sref"].into_iter().filter(marked).map(|n| format!("--{n}")).collect();
        (!names.is_empty()).then(|| {
            format!(
                "Midjourney takes pictures by web address: put theirs in place of the names in <> after {}, or drop \
                 the files on its prompt bar and leave these out",
                names.join(" and ")
            )
        })
    }
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |name: &str| ORDER.contains(&name) || LAST.contains(&name);
        let named = |names: &'static [&'static str]| names.iter().filter_map(|n| Some((*n, self.get(n)?)));
        let others = self.params.iter().filter(|(n, _)| !known(n)).map(|(n, v)| (n.as_str(), v.as_str()));
        let params = named(ORDER).chain(others).chain(named(LAST));
        let mut between = if self.words.is_empty() { "" } else { " " };
        f.write_str(&self.words)?;
        for (name, value) in params {
            write!(f, "{between}--{name}")?;
            if !value.is_empty() {
                write!(f, " {value}")?;
            }
            between = " ";
        }
        Ok(())
    }
}

/// A mood board's codes as parameters: `--sref …` and the like as they stand; of bare codes the profiles and mood
/// boards (a letter p or m, then letters or digits) go to `--p`, all else to `--sref`.
fn codes(text: &str) -> Line {
    let mut line = Line::parse(text);
    for code in std::mem::take(&mut line.words).split([' ', ',', ';']).filter(|c| !c.is_empty()) {
        let profile =
            code.starts_with(['p', 'm']) && code.len() > 4 && code.chars().any(|c| c.is_ascii_digit());
        line.add(if profile { "p" } else { "sref" }, code);
    }
    line
}

fn short(name: &str) -> String {
    let found = SHORT.iter().find(|(long, _)| *long == name);
    found.map_or(name, |(_, short)| short).to_owned()
}

fn placeholder(path: &Path) -> String {
    let name = path.file_name().map_or_else(|| path.to_string_lossy(), |n| n.to_string_lossy());
    format!("<{}>", name.replace(char::is_whitespace, "_"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_and_put_together_in_one_order() {
        let line =
            Line::parse("A wide shot  of dunes --raw --no people --aspect 16:9 --s 50 --no text, logo");
        assert_eq!(line.words, "A wide shot of dunes");
        assert_eq!(line.get("no"), Some("people, text, logo"));
        assert_eq!(line.to_string(), "A wide shot of dunes --ar 16:9 --s 50 --no people, text, logo --raw");
        assert_eq!(Line::parse(&line.to_string()).to_string(), line.to_string());
        assert_eq!(Line::parse("a -- b --5").to_string(), "a -- b --5", "dashes alone are words");
    }

    #[test]
    fn references_and_codes_take_their_places() {
        let mut line = Line::parse("Close-up of Ada --raw --no blur");
        line.set("ar", "2:3");
        line.set("r", 5);
        line.set("seed", 7);
        let style = StyleDesc {
            references: vec!["/a/board one.png".into()],
            weight: 0.8,
            codes: "3141592 pq7k2ab --s 80".into(),
        };
        line.style(&style);
        let face = vec!["/b/face.png".into(), "/b/coat.png".into()];
        line.character(&CharacterDesc { name: "Ada".into(), references: face, weight: 250.0 });
        assert_eq!(
            line.to_string(),
            "Close-up of Ada --ar 2:3 --r 5 --seed 7 --oref <face.png> --ow 250 --sref 3141592 <board_one.png> \
             --sw 80 --p pq7k2ab --s 80 --no blur --raw"
        );
        assert!(line.hint().unwrap().contains("--oref and --sref"));
        assert_eq!(Line::parse("x --sref 12").hint(), None);
    }
}
