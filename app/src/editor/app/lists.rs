//! The lists that are searched by typing: of commands, and of the nodes of the graph and of its sub-graphs.

use super::memo::Same;
use super::{Editor, views};
use crate::editor::canvas::CanvasCommand;
use crate::editor::commands::{ALL, Row};
use crate::editor::panels::palette::{Entry, Outcome, Palette};
use egui::{Rect, Ui};
use rushes_engine::document::{Graph, NodeId, definition_name};

/// Nodes that are listed, those of sub-graphs once for every place where they are used.
const MOST: usize = 20_000;

/// The list that is open over the window.
pub(super) enum Listed {
    /// Of commands, as they could be done at a revision and a count of changes.
    Commands(Palette, (u64, u64, usize)),
    /// Of nodes of a version of the graph.
    Nodes(Palette, Same<Graph>, Vec<NodeId>),
}

impl Editor {
    /// Opens the list of commands.
    pub(super) fn list_commands(&mut self) {
        self.search = None;
        let palette = Palette::new("Commands", "Type a command", self.commands());
        self.listed = Some(Listed::Commands(palette, self.standing()));
    }

    /// Opens the list of nodes.
    pub(super) fn list_nodes(&mut self) {
        self.search = None;
        let (ids, entries) = self.found();
        let palette = Palette::new("Find in the graph", "Type a name, a kind or a value", entries);
        let graph = Same(self.session.document.graph().clone());
        self.listed = Some(Listed::Nodes(palette, graph, ids));
    }

    /// Shows the list that is open.
    pub(super) fn lists(&mut self, ui: &mut Ui, bounds: Rect) {
        let theme = self.theme.clone();
        match self.listed.take() {
            None => {}
            Some(Listed::Commands(mut palette, mut of)) => {
                let now = self.standing();
                if now != of {
                    of = now;
                    palette.offer(self.commands());
                }
                match palette.show(ui, &theme, bounds) {
                    Outcome::Open => self.listed = Some(Listed::Commands(palette, of)),
                    Outcome::Closed => {}
                    Outcome::Chosen(index) => {
                        // What is done to the graph is done as if the graph had been used last.
                        self.canvas.own_keys();
                        ALL.get(index).into_iter().for_each(|row| self.run(row.command));
                    }
                }
            }
            Some(Listed::Nodes(mut palette, mut of, mut ids)) => {
                let now = Same(self.session.document.graph().clone());
                if now != of {
                    of = now;
                    let (found, entries) = self.found();
                    ids = found;
                    palette.offer(entries);
                }
                match palette.show(ui, &theme, bounds) {
                    Outcome::Open => self.listed = Some(Listed::Nodes(palette, of, ids)),
                    Outcome::Closed => {}
                    Outcome::Chosen(index) => {
                        self.canvas.own_keys();
                        if let Some(id) = ids.get(index) {
                            self.go_to(id);
                            self.canvas.ask(CanvasCommand::FitSelection);
                        }
                    }
                }
            }
        }
    }

    /// What decides which commands can be done.
    fn standing(&self) -> (u64, u64, usize) {
        (self.session.document.revision(), self.changes, self.jobs.len())
    }

    fn commands(&self) -> Vec<Entry> {
        ALL.iter().map(|row| self.entry(row)).collect()
    }

    fn entry(&self, row: &Row) -> Entry {
        Entry {
            title: row.label.to_owned(),
            aside: row.family.name().to_owned(),
            keys: self.keymap.words(row.command),
            also: row.also.to_owned(),
            enabled: self.can(row.command),
        }
    }

    /// Every node with the words that find it: its title, id, kind and the values that a person set. Those that the canvas
    /// shows come first, then those of the graph, then those of its sub-graphs.
    fn found(&self) -> (Vec<NodeId>, Vec<Entry>) {
        let whole = self.session.document.graph();
        let mut all = Vec::new();
        let here = self.inside.node();
        if let Some(around) = here {
            self.find_in(&self.level(), Some(around), &[], &mut all);
        }
        let mut levels = vec![(None::<NodeId>, Vec::new(), whole.clone())];
        while let Some((around, way, level)) = levels.pop() {
            if all.len() >= MOST {
                break;
            }
            if here.is_none() || around.as_ref() != here {
                self.find_in(&level, around.as_ref(), &way, &mut all);
            }
            for (id, node) in level.nodes.iter() {
                let definition = definition_name(&node.kind).and_then(|name| whole.definition(name).ok());
                if let Some(definition) = definition {
                    let own = around.as_ref().map_or_else(|| id.clone(), |around| around.inside(id));
                    let mut way = way.clone();
                    way.push(views::title(whole, node, self.session.registry()));
                    levels.push((Some(own), way, definition.clone()));
                }
            }
        }
        all.into_iter().unzip()
    }

    /// The nodes of one level; `way` is what the instances around are called.
    fn find_in(
        &self,
        level: &Graph,
        around: Option<&NodeId>,
        way: &[String],
        all: &mut Vec<(NodeId, Entry)>,
    ) {
        let whole = self.session.document.graph();
        for (id, node) in level.nodes.iter() {
            let values = node.params.values().map(views::plain);
            let also = std::iter::once(id.to_string()).chain(values).collect::<Vec<_>>().join(" ");
            let aside = match way {
                [] => node.kind.to_string(),
                way => format!("{} in {}", node.kind, way.join(" › ")),
            };
            let title = views::title(whole, node, self.session.registry());
            let entry = Entry { title, aside, keys: String::new(), also, enabled: true };
            all.push((around.map_or_else(|| id.clone(), |around| around.inside(id)), entry));
        }
    }
}
