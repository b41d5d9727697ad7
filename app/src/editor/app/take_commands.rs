//! Commands to the take that the selected node plays.

use super::Editor;
use super::dialogs::Ask;
use crate::editor::commands::TakeCommand;
use crate::editor::panels::take::TakeAction;
use rushes_engine::Result;
use rushes_engine::document::NodeId;
use rushes_engine::library::{Remarks, Take};

impl Editor {
    /// The one selected node, where its takes are known, and the take that it plays.
    fn taking(&self) -> Option<(NodeId, String)> {
        let node = self.shelf.node()?;
        let take = self.session.document.graph().find(node).ok()?.take.to_string();
        Some((node.clone(), take))
    }

    /// The take beside the one that a node plays, or the newest where it plays none.
    fn beside(&self, node: &NodeId, playing: &str, newer: bool) -> Option<&Take> {
        let takes = self.shelf.of(node);
        match takes.iter().position(|take| take.id == playing) {
            Some(at) if newer => takes.get(at + 1),
            Some(at) => takes.get(at.checked_sub(1)?),
            None => takes.last().filter(|_| playing.is_empty() && !newer),
        }
    }

    /// Whether a command would do anything to the takes of the selected node.
    pub(super) fn can_take(&self, command: TakeCommand) -> bool {
        let Some((node, take)) = self.taking() else { return false };
        match command {
            TakeCommand::Bring => true,
            TakeCommand::Older => self.beside(&node, &take, false).is_some(),
            TakeCommand::Newer => self.beside(&node, &take, true).is_some(),
            TakeCommand::Compare => self.shelf.of(&node).iter().any(|other| other.id != take),
            TakeCommand::Lock | TakeCommand::Live => !take.is_empty(),
            TakeCommand::Rate(_) | TakeCommand::Reveal => self.shelf.take(&take).is_some(),
        }
    }

    /// Does a command to the takes of the selected node.
    pub(super) fn run_take(&mut self, command: TakeCommand) -> Result<()> {
        let Some((node, take)) = self.taking() else { return Ok(()) };
        match command {
            TakeCommand::Older | TakeCommand::Newer => {
                let to = self.beside(&node, &take, command == TakeCommand::Newer).map(|take| take.id.clone());
                to.map_or(Ok(()), |to| self.session.choose_take(&node, &to, "Choose a take"))
            }
            TakeCommand::Live => self.session.choose_take(&node, "", "Back to live"),
            TakeCommand::Compare => self.compare_takes(&node),
            TakeCommand::Lock => {
                let on = !self.session.document.graph().find(&node)?.locked;
                self.lock_take(&node, on)
            }
            TakeCommand::Bring => {
                self.ask(Ask::take(node));
                Ok(())
            }
            TakeCommand::Reveal => self.on_take(Some(&node), &take, TakeAction::Reveal),
            TakeCommand::Rate(rating) => {
                let remarks = Remarks { rating, ..self.shown_take(&take)?.remarks };
                self.on_take(Some(&node), &take, TakeAction::Remark(remarks))
            }
        }
    }
}
