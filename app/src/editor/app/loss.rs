//! A graphics device that is gone takes the window's own drawing with it: the program starts again with what was open.

use super::Editor;
use egui::ViewportCommand;
use rushes_engine::{Error, Result};
use std::path::PathBuf;

/// Starts the program again with files; told is why.
pub type Again = Box<dyn FnOnce(&[PathBuf], &str) -> Result<()> + Send>;

impl Editor {
    /// Lets the program start again by `again` when the device is lost. Without it the person is asked to do so.
    pub fn start_again_by(&mut self, again: Again) {
        self.again = Some(again);
    }

    /// Says that the program was started again, and why.
    pub fn started_again(&mut self, reason: &str) {
        let what = format!("The graphics device was lost: {reason}. Rushes started again with what was open");
        self.toasts.done(what);
    }

    /// Acts once when the device was lost. The steps are in journals already: each was written as it was done.
    pub(super) fn watch_device(&mut self) {
        let health = self.pictures.as_ref().map(|p| p.gpu().health()).unwrap_or_default();
        let Some(reason) = health.lost.filter(|_| !self.lost) else { return };
        self.lost = true;
        self.keep_untitled();
        let error = Error::system(format!("the graphics device was lost: {reason}")).help(
            "close Rushes and start it again; every step is in the journal and comes back with the graph",
        );
        match self.again.take().map(|again| again(&self.open_now(), &reason)) {
            Some(Ok(())) => {
                self.may_close = true;
                self.tell.ctx.send_viewport_cmd(ViewportCommand::Close);
            }
            Some(Err(e)) => self.toasts.failed(&e),
            None => self.toasts.failed(&error),
        }
    }
}
