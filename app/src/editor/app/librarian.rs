//! What the window asks of the library, done in order on a thread of its own, since the library lies on a disk.

use super::{Message, Tell};
use rushes_engine::library::{Library, Remarks, Take};
use rushes_engine::{Error, Result};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

/// What is asked of it.
enum Errand {
    /// Every take.
    List(u64),
    /// Say this about a take.
    Remark(String, Remarks),
}

/// A take with the words by which it is found.
#[derive(Clone, Debug)]
pub(super) struct Listed {
    pub(super) take: Take,
    /// In small letters.
    pub(super) words: String,
}

/// The thread.
pub(super) struct Librarian {
    /// `None` only while it is being dropped.
    ask: Option<Sender<Errand>>,
    thread: Option<JoinHandle<()>>,
}

impl Librarian {
    /// Starts the thread on the library in `folder`.
    ///
    /// # Errors
    /// No thread could be started.
    pub(super) fn start(folder: PathBuf, tell: Tell) -> Result<Self> {
        let (ask, asked) = channel();
        let work = move || {
            while let Some(errands) = waiting(&asked) {
                for errand in errands {
                    tell.say(done(&folder, errand));
                }
            }
        };
        let thread = std::thread::Builder::new().name("library".into()).spawn(work);
        let thread = thread.map_err(|e| Error::system(format!("no thread could be started: {e}")))?;
        Ok(Self { ask: Some(ask), thread: Some(thread) })
    }

    /// Asks for every take; the answer bears the number.
    pub(super) fn list(&self, number: u64) {
        self.ask(Errand::List(number));
    }

    /// Keeps what a person says about a take.
    pub(super) fn remark(&self, id: &str, remarks: Remarks) {
        self.ask(Errand::Remark(id.to_owned(), remarks));
    }

    fn ask(&self, errand: Errand) {
        if self.ask.as_ref().is_none_or(|ask| ask.send(errand).is_err()) {
            log::error!("the thread of the library has died");
        }
    }
}

/// What was said last is kept before the program ends.
impl Drop for Librarian {
    fn drop(&mut self) {
        self.ask = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread of the library had died");
        }
    }
}

/// What waits, without what a later errand says again: a name is written once, not letter by letter.
fn waiting(asked: &Receiver<Errand>) -> Option<Vec<Errand>> {
    let mut all = vec![asked.recv().ok()?];
    all.extend(asked.try_iter());
    let mut kept: Vec<Errand> = Vec::new();
    for errand in all {
        kept.retain(|old| match (old, &errand) {
            (Errand::Remark(old, _), Errand::Remark(new, _)) => old != new,
            (Errand::List(_), Errand::List(_)) => false,
            _ => true,
        });
        kept.push(errand);
    }
    Some(kept)
}

fn done(folder: &std::path::Path, errand: Errand) -> Message {
    let library = Library::open(folder);
    match errand {
        Errand::List(number) => {
            let takes = library.and_then(|library| library.list());
            Message::Results(number, takes.map(|takes| takes.into_iter().rev().map(Listed::new).collect()))
        }
        Errand::Remark(id, remarks) => {
            Message::Remarked(library.and_then(|library| library.remark(&id, remarks)).map(|_| ()))
        }
    }
}

impl Listed {
    fn new(take: Take) -> Self {
        let facts = &take.facts;
        let origins = take.files.iter().map(|file| file.origin.as_str());
        let said = [&facts.kind, &facts.engine, &facts.model, &facts.prompt, &facts.date, &facts.licence];
        let remarks = [&take.remarks.name, &take.remarks.notes];
        let all = said.into_iter().chain(remarks).map(String::as_str).chain(origins);
        let words = all.collect::<Vec<_>>().join(" ").to_lowercase();
        Self { take, words }
    }

    /// Another remark on the same take.
    pub(super) fn remark(&mut self, remarks: Remarks) {
        self.take.remarks = remarks;
        *self = Self::new(self.take.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_again_is_written_once_and_in_order() {
        let (ask, asked) = channel();
        let remark = |name: &str| Remarks { name: name.into(), ..Remarks::default() };
        for (id, name) in [("a", "k"), ("b", "x"), ("a", "ki")] {
            ask.send(Errand::Remark(id.into(), remark(name))).unwrap();
        }
        ask.send(Errand::List(1)).unwrap();
        ask.send(Errand::List(2)).unwrap();
        let told: Vec<String> = waiting(&asked)
            .unwrap()
            .into_iter()
            .map(|errand| match errand {
                Errand::Remark(id, remarks) => format!("{id} {}", remarks.name),
                Errand::List(number) => number.to_string(),
            })
            .collect();
        assert_eq!(told, ["b x", "a ki", "2"]);
        drop(ask);
        assert!(waiting(&asked).is_none());
    }
}
