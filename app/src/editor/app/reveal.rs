//! Showing files in the system's file manager, off the window's thread.

use super::posters::Of;
use super::{Editor, Message};
use crate::editor::reveal::reveal;
use rushes_engine::Error;

impl Editor {
    /// Shows the first of some files in its folder.
    pub(super) fn reveal(&mut self, of: Of) {
        let tell = self.tell.clone();
        let show = move || {
            let nothing = || Error::missing("there is no file to show").help("make it again");
            let file = of.files().and_then(|files| files.into_iter().next().ok_or_else(nothing));
            tell.say(Message::Revealed(file.and_then(|file| reveal(&file))));
        };
        if let Err(e) = std::thread::Builder::new().name("reveal".into()).spawn(show) {
            self.toasts.failed(&Error::system(format!("no thread could be started: {e}")));
        }
    }

    /// Shows what was rendered last in its folder.
    pub(super) fn reveal_rendered(&mut self) {
        match self.written.clone() {
            Some(file) => self.reveal(Of::Files(vec![file])),
            None => {
                self.toasts.failed(&Error::usage("nothing was rendered yet").help("render the graph first"));
            }
        }
    }
}
