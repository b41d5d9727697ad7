//! Commands by key, menu or palette, done where they belong.

use super::Editor;
use crate::editor::canvas::CanvasCommand;
use crate::editor::canvas::view::Id;
use crate::editor::commands::{ALL, Command, Row, Where};
use crate::editor::panels::palette::{Entry, Outcome, Palette};
use crate::editor::panels::top_bar::TopBarAction;
use egui::{Context, Popup, Rect, Ui};

/// The list that is open over the window.
pub(super) enum Listed {
    /// Of commands.
    Commands(Palette),
    /// Of nodes.
    Nodes(Palette),
}

impl Editor {
    /// Does what the keys of this frame ask for.
    pub(super) fn keys(&mut self, ctx: &Context) {
        // Nothing is done behind a sheet that waits for an answer.
        let sheet = self.settings.is_some()
            || self.relink.is_some()
            || self.browse.is_some()
            || self.naming.is_some();
        if self.tabs.asks() || sheet {
            return;
        }
        let text = ctx.text_edit_focused();
        let open = self.search.is_some()
            || self.listed.is_some()
            || self.start.is_some()
            || self.canvas.wants_keys()
            || Popup::is_any_open(ctx);
        let at = Where {
            canvas: self.canvas.is_in_use(),
            selected: !self.canvas.selection().is_empty(),
            timeline: self.timeline.is_in_use(),
            typing: text || open,
            focused: ctx.memory(|m| m.focused()).is_some(),
        };
        for command in self.keymap.take(ctx, at) {
            if self.can(command) {
                self.run(command);
            }
        }
    }

    /// Does the command of that name, such as `graph.find`; false where there is none or it can do nothing now.
    pub fn command(&mut self, name: &str) -> bool {
        let row = ALL.iter().find(|row| row.name == name);
        let can = row.is_some_and(|row| self.can(row.command));
        row.filter(|_| can).into_iter().for_each(|row| self.run(row.command));
        can
    }

    /// Does a command.
    pub(super) fn run(&mut self, command: Command) {
        match command {
            Command::Window(action) => self.on_top_bar(action),
            Command::Canvas(command) => self.canvas.ask(command),
            Command::Viewer(command) => self.on_viewer(command.action(self.seeing.full)),
            Command::Transport(command) => {
                let action = self.transport_view().on(command);
                // Each is a step of its own, while those of a drag are one.
                self.session.document.close_step();
                self.on_transport(action);
            }
            Command::Timeline(command) => self.timeline.ask(command),
            Command::Take(command) => {
                let done = self.run_take(command);
                self.told(done);
            }
        }
    }

    /// Whether a command would do anything now.
    pub(super) fn can(&self, command: Command) -> bool {
        let bar = self.top_bar();
        match command {
            Command::Window(TopBarAction::Undo) => !bar.undo.is_empty(),
            Command::Window(TopBarAction::Redo) => !bar.redo.is_empty(),
            Command::Window(TopBarAction::Run) => bar.can_run && !bar.running,
            Command::Window(TopBarAction::Stop) => bar.running,
            Command::Window(TopBarAction::Find) => !self.view.nodes().is_empty(),
            Command::Viewer(_) => self.start.is_none(),
            Command::Window(TopBarAction::RevealRendered) => self.written.is_some(),
            Command::Window(_) | Command::Transport(_) => true,
            Command::Take(command) => self.start.is_none() && self.can_take(command),
            Command::Timeline(command) => self.timeline.can(command),
            Command::Canvas(CanvasCommand::Delete) => self.start.is_none(),
            Command::Canvas(CanvasCommand::Leave) => self.start.is_none() && self.inside.node().is_some(),
            Command::Canvas(CanvasCommand::Enter | CanvasCommand::Unpack | CanvasCommand::OwnSubGraph) => {
                let graph = self.session.document.graph();
                let mut chosen = self.chosen_nodes();
                let one = chosen.next().filter(|_| chosen.next().is_none());
                self.start.is_none() && one.is_some_and(|id| graph.definition_of(&id).is_some())
            }
            Command::Canvas(CanvasCommand::NameSubGraph | CanvasCommand::SaveSubGraph) => {
                let mut chosen = self.canvas.selection().iter();
                let one = chosen.next().filter(|_| chosen.next().is_none());
                self.start.is_none() && self.meant(one).is_ok()
            }
            Command::Canvas(CanvasCommand::SearchSaved) => self.start.is_none() && !self.saved.is_empty(),
            Command::Canvas(_) => {
                let row = ALL.iter().find(|row| row.command == command);
                let needs = row.is_some_and(|row| row.scope == crate::editor::commands::Scope::Selection);
                self.start.is_none() && (!needs || !self.canvas.selection().is_empty())
            }
        }
    }

    /// Opens the list of commands.
    pub(super) fn list_commands(&mut self) {
        self.search = None;
        self.listed = Some(Listed::Commands(Palette::new("Commands", "Type a command")));
    }

    /// Opens the list of nodes.
    pub(super) fn list_nodes(&mut self) {
        self.search = None;
        self.listed =
            Some(Listed::Nodes(Palette::new("Find in the graph", "Type a name, a kind or a value")));
    }

    /// Shows the list that is open.
    pub(super) fn lists(&mut self, ui: &mut Ui, bounds: Rect) {
        let theme = self.theme.clone();
        match self.listed.take() {
            None => {}
            Some(Listed::Commands(mut palette)) => {
                let entries: Vec<Entry> = ALL.iter().map(|row| self.entry(row)).collect();
                match palette.show(ui, &theme, bounds, &entries) {
                    Outcome::Open => self.listed = Some(Listed::Commands(palette)),
                    Outcome::Closed => {}
                    Outcome::Chosen(index) => {
                        // What is done to the graph is done as if the graph had been used last.
                        self.canvas.own_keys();
                        ALL.get(index).into_iter().for_each(|row| self.run(row.command));
                    }
                }
            }
            Some(Listed::Nodes(mut palette)) => {
                let (ids, entries) = self.found();
                match palette.show(ui, &theme, bounds, &entries) {
                    Outcome::Open => self.listed = Some(Listed::Nodes(palette)),
                    Outcome::Closed => {}
                    Outcome::Chosen(index) => {
                        self.canvas.own_keys();
                        self.canvas.select(ids.into_iter().nth(index));
                        self.canvas.ask(CanvasCommand::FitSelection);
                    }
                }
            }
        }
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

    /// Every node with the words that find it: its title, id, kind and the values that a person set.
    fn found(&self) -> (Vec<Id>, Vec<Entry>) {
        let graph = self.level();
        let each = self.view.nodes().iter().map(|node| {
            let record = node.id.parse().ok().and_then(|id| graph.nodes.get(&id));
            let kind = record.map(|n| n.kind.to_string()).unwrap_or_default();
            let values = record.into_iter().flat_map(|n| n.params.values()).map(super::views::plain);
            let also = std::iter::once(node.id.to_string()).chain(values).collect::<Vec<_>>().join(" ");
            let entry =
                Entry { title: node.title.clone(), aside: kind, keys: String::new(), also, enabled: true };
            (Id::clone(&node.id), entry)
        });
        each.unzip()
    }
}
