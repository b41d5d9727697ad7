//! The table of commands, one family a file.

mod edit;
mod file;
mod graph;
mod keys;
mod play;
mod takes;
mod view;
mod viewer;

use super::{Command, Family, Scope};

/// A command, how it is called and what starts it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is done.
    pub command: Command,
    /// Its name in settings: `file.save`.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// What it belongs to.
    pub family: Family,
    /// Where it is meant.
    pub scope: Scope,
    /// Its keys.
    pub keys: &'static [&'static str],
    /// Its keys in Nuke, where they are others.
    pub nuke: Option<&'static [&'static str]>,
    /// Other words people use for it.
    pub also: &'static str,
}

const fn row(
    command: Command,
    name: &'static str,
    label: &'static str,
    family: Family,
    scope: Scope,
    keys: &'static [&'static str],
) -> Row {
    Row { command, name, label, family, scope, keys, nuke: None, also: "" }
}

impl Row {
    const fn nuke(self, keys: &'static [&'static str]) -> Self {
        Self { nuke: Some(keys), ..self }
    }

    const fn also(self, words: &'static str) -> Self {
        Self { also: words, ..self }
    }
}

const ALWAYS: Scope = Scope::Always;
const WINDOW: Scope = Scope::Window;
const CANVAS: Scope = Scope::Canvas;
const SELECTION: Scope = Scope::Selection;
const ELSEWHERE: Scope = Scope::Elsewhere;
const TIMELINE: Scope = Scope::Timeline;

/// The parts of the table, in the order in which settings show them.
const PARTS: [&[Row]; 9] = [
    file::ROWS,
    edit::ROWS,
    file::NAMED,
    graph::ROWS,
    view::ROWS,
    viewer::ROWS,
    play::ROWS,
    keys::ROWS,
    takes::ROWS,
];

const COUNT: usize = {
    let (mut count, mut part) = (0, 0);
    while part < PARTS.len() {
        count += PARTS[part].len();
        part += 1;
    }
    count
};

/// Every command, in the order in which settings show them.
pub const ALL: &[Row] = &joined();

// A loop by hand, since an iterator cannot run while the program is compiled.
const fn joined() -> [Row; COUNT] {
    let mut all = [PARTS[0][0]; COUNT];
    let (mut at, mut part) = (0, 0);
    while part < PARTS.len() {
        let mut row = 0;
        while row < PARTS[part].len() {
            all[at] = PARTS[part][row];
            (at, row) = (at + 1, row + 1);
        }
        part += 1;
    }
    all
}
