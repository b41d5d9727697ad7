//! Graphs are written by a thread of their own: a disk may take its time, and edits go on meanwhile.

use super::{Editor, Message};
use rushes_engine::document::Saving;
use rushes_engine::{Error, Key, Result};
use std::collections::HashMap;
use std::path::PathBuf;

/// What is to be saved once what is being written is: the tab, and the file where it is another one.
pub(super) type Next = HashMap<u64, Option<PathBuf>>;

impl Editor {
    /// Writes the shown graph as it is now to its file or to another one.
    pub(super) fn begin_save(&mut self, to: Option<PathBuf>) -> Result<()> {
        if self.session.document.is_saving() {
            self.next_saves.insert(self.tabs.shown(), to);
            return Ok(());
        }
        let saving = self.session.document.begin_save(to.as_deref())?;
        let (tell, of_thread) = (self.tell.clone(), saving.clone());
        let write = move || {
            let written = of_thread.write();
            tell.say(Message::Written(Box::new(of_thread), written));
        };
        match std::thread::Builder::new().name("save".into()).spawn(write) {
            Ok(thread) => {
                self.leaving.push(thread);
                Ok(())
            }
            Err(e) => {
                let error = Error::system(format!("no thread could be started: {e}"));
                self.session.end_save(&saving, Err(error))
            }
        }
    }

    /// Takes what came of it.
    pub(super) fn written(&mut self, saving: &Saving, written: Result<Key>) {
        let other = self.session.document.path() != Some(saving.path());
        let done = self.session.end_save(saving, written);
        let next = self.next_saves.remove(&self.tabs.shown());
        self.changed();
        if !self.told(done) {
            return;
        }
        if other {
            self.memory.config.opened(saving.path());
        }
        self.last_done = "Saved".into();
        match next {
            Some(to) => {
                let begun = self.begin_save(to);
                self.told(begun);
            }
            None => self.close_if_asked(),
        }
    }
}
