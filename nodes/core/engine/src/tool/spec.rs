//! What a tool says of itself once: its name, its ports and how it works.

use crate::ValueType;

/// How a tool's engine does its work; decides what a pull may start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Computed when described: text, numbers, references.
    Value,
    /// Evaluated frame by frame when somebody looks.
    Frames,
    /// [`Class::Frames`], but too slow for thumbnails and read-ahead, and worth keeping on disk.
    HeavyFrames,
    /// Runs only when asked: whole-clip networks, remote engines, writing files.
    Job,
}

/// One input or output.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Its name in links; for a variadic port the name before the number.
    pub name: &'static str,
    /// What it carries.
    pub value: ValueType,
    /// The node has nothing to do while this input is open.
    pub required: bool,
    /// `clip1`, `clip2`… as many as are wired.
    pub variadic: bool,
    /// The tool takes pictures that are not yet computed and makes them part of its own pass.
    pub lazy: bool,
}

impl Port {
    /// A required port named by its type's own word.
    pub fn of(value: ValueType) -> Self {
        Self::named(value.word(), value)
    }

    /// A required port with a name of its own.
    pub fn named(name: &'static str, value: ValueType) -> Self {
        Self { name, value, required: true, variadic: false, lazy: false }
    }

    /// The node works without it.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }

    /// It grows as it is wired; at least one where it is required.
    #[must_use]
    pub fn variadic(mut self) -> Self {
        self.variadic = true;
        self
    }

    /// It takes pictures that are not yet computed.
    #[must_use]
    pub fn lazy(mut self) -> Self {
        self.lazy = true;
        self
    }

    /// Whether `name` is this port, or one of its numbered ones.
    pub fn answers_to(&self, name: &str) -> bool {
        if !self.variadic {
            return self.name == name;
        }
        name.strip_prefix(self.name).is_some_and(|n| {
            !n.starts_with('0')
                && n.bytes().all(|b| b.is_ascii_digit())
                && n.parse::<u32>().is_ok_and(|n| n <= 1000)
        })
    }
}

/// When a tool answers with a picture that is not yet computed, so that its neighbours can join one pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unmade {
    /// Never: its pictures are made by themselves and kept.
    Never,
    /// Where each frame is asked for once, as in a render.
    Once,
    /// Always: it works point by point.
    Always,
}

/// What a tool says of itself.
#[derive(Clone, Debug)]
pub struct Spec {
    /// Its stable id, `family/name`.
    pub kind: &'static str,
    /// The version of its parameters.
    pub version: u32,
    /// What a person reads in its header.
    pub label: &'static str,
    /// Its user documentation; the first sentence is the tooltip.
    pub docs: String,
    /// Other words by which people search for it.
    pub search: &'static [&'static str],
    /// Inputs in their order on the node.
    pub inputs: Vec<Port>,
    /// Outputs in their order on the node.
    pub outputs: Vec<Port>,
    /// How its usual engine works.
    pub class: Class,
    /// The output depends on the frame number itself, not only on the frames that go in.
    pub reads_time: bool,
    /// When it answers with a picture that is not yet computed.
    pub unmade: Unmade,
    /// It writes the finished file of a graph.
    pub delivers: bool,
}

impl Spec {
    /// A tool that works frame by frame, without ports yet. `docs` is usually the head of its file.
    pub fn new(kind: &'static str, version: u32, label: &'static str, docs: impl Into<String>) -> Self {
        Self {
            kind,
            version,
            label,
            docs: docs.into(),
            search: &[],
            inputs: Vec::new(),
            outputs: Vec::new(),
            class: Class::Frames,
            reads_time: false,
            unmade: Unmade::Never,
            delivers: false,
        }
    }

    /// Adds search words.
    #[must_use]
    pub fn search(mut self, words: &'static [&'static str]) -> Self {
        self.search = words;
        self
    }

    /// Adds an input.
    #[must_use]
    pub fn input(mut self, port: Port) -> Self {
        self.inputs.push(port);
        self
    }

    /// Adds an output.
    #[must_use]
    pub fn output(mut self, port: Port) -> Self {
        self.outputs.push(port);
        self
    }

    /// Sets how it works.
    #[must_use]
    pub fn class(mut self, class: Class) -> Self {
        self.class = class;
        self
    }

    /// Says that the frame number itself counts.
    #[must_use]
    pub fn reads_time(mut self) -> Self {
        self.reads_time = true;
        self
    }

    /// Says that it works point by point and may be fused with its neighbours; all its inputs become lazy.
    #[must_use]
    pub fn pointwise(mut self) -> Self {
        self.unmade = Unmade::Always;
        for port in &mut self.inputs {
            port.lazy = true;
        }
        self
    }

    /// Says that it may hand on a picture that is made together with what follows it, where each is asked for once.
    #[must_use]
    pub fn late(mut self) -> Self {
        self.unmade = Unmade::Once;
        self
    }

    /// Says that it writes finished files.
    #[must_use]
    pub fn delivers(mut self) -> Self {
        self.delivers = true;
        self.class = Class::Job;
        self
    }

    /// The tool's family: the part of its kind before the stroke.
    pub fn family(&self) -> &'static str {
        self.kind.split('/').next().unwrap_or(self.kind)
    }

    /// The input that `name` means.
    pub fn find_input(&self, name: &str) -> Option<&Port> {
        self.inputs.iter().find(|p| p.answers_to(name))
    }

    /// The output called `name`, and its place.
    pub fn find_output(&self, name: &str) -> Option<(usize, &Port)> {
        self.outputs.iter().enumerate().find(|(_, p)| p.name == name)
    }

    /// The first sentence of the documentation.
    pub fn tooltip(&self) -> String {
        let text = self
            .docs
            .trim()
            .split("\n\n")
            .next()
            .unwrap_or("")
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        match text.find(". ") {
            Some(end) => text[..=end].to_owned(),
            None => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variadic_port_answers_to_its_numbers_only() {
        let port = Port::of(ValueType::Clip).variadic();
        assert!(port.answers_to("clip1") && port.answers_to("clip12"));
        assert!(!port.answers_to("clip") && !port.answers_to("clip0") && !port.answers_to("clip1a"));
        assert!(Port::of(ValueType::Clip).answers_to("clip"));
    }

    #[test]
    fn the_tooltip_is_the_first_sentence() {
        let spec = Spec::new("a/b", 1, "B", "Does a thing. And\nmore.\n\nLater.");
        assert_eq!(spec.tooltip(), "Does a thing.");
        assert_eq!(spec.family(), "a");
    }
}
