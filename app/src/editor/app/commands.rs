//! Commands by key, menu or palette, done where they belong.

use super::Editor;
use crate::editor::canvas::CanvasCommand;
use crate::editor::commands::{ALL, Command, Where};
use crate::editor::panels::top_bar::TopBarAction;
use egui::{Context, Popup};

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
            canvas: self.canvas.is_in_use() && !self.canvas.is_left(ctx),
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
        let document = &self.session.document;
        match command {
            Command::Window(TopBarAction::Undo) => document.undo_labels().next().is_some(),
            Command::Window(TopBarAction::Redo) => document.redo_labels().next().is_some(),
            Command::Window(TopBarAction::Run) => self.jobs.is_empty() && self.delivers(),
            Command::Window(TopBarAction::Stop) => !self.jobs.is_empty(),
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
}
