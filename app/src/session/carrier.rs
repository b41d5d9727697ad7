//! Gives the takes of nodes that got another name, graph or file to what they are called now, beside all other work: a
//! library is on a disk, and may be locked by whoever adds a large take to it.

use rushes_engine::library::Library;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Series of takes as they were called and as they are called now.
type Moves = Vec<(String, String)>;

/// Carries takes, in the order in which it is told to.
pub(super) struct Carrier {
    library: PathBuf,
    worker: Option<(Sender<Moves>, JoinHandle<()>)>,
    waiting: Waiting,
}

/// How many moves are still to be made.
#[derive(Clone, Default)]
pub struct Waiting(Arc<(Mutex<usize>, Condvar)>);

impl Waiting {
    fn change(&self, by: isize) {
        let mut count = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        *count = count.saturating_add_signed(by);
        self.0.1.notify_all();
    }

    /// Waits until all that was told so far is done. Not for the window's thread.
    pub fn settle(&self) {
        let mut count = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        while *count > 0 {
            count = self.0.1.wait(count).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Carrier {
    pub(super) fn new(library: PathBuf) -> Self {
        Self { library, worker: None, waiting: Waiting::default() }
    }

    /// For whoever lists takes.
    pub(super) fn waiting(&self) -> &Waiting {
        &self.waiting
    }

    /// Carries the takes of series to others.
    pub(super) fn carry(&mut self, mut moves: Moves) {
        moves.retain(|(from, to)| from != to);
        if moves.is_empty() {
            return;
        }
        self.waiting.change(1);
        if self.worker.is_none() {
            self.worker = self.start();
        }
        let left = match &self.worker {
            Some((sender, _)) => sender.send(moves).err().map(|unsent| unsent.0),
            None => Some(moves),
        };
        if let Some(moves) = left {
            carry(&self.library, &moves);
            self.waiting.change(-1);
        }
    }

    fn start(&self) -> Option<(Sender<Moves>, JoinHandle<()>)> {
        let (sender, orders): (_, Receiver<Moves>) = channel();
        let (library, waiting) = (self.library.clone(), self.waiting.clone());
        let work = move || {
            for moves in orders {
                carry(&library, &moves);
                waiting.change(-1);
            }
        };
        let thread = std::thread::Builder::new().name("carry takes".into()).spawn(work);
        thread.ok().map(|thread| (sender, thread))
    }
}

impl Drop for Carrier {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.worker.take() {
            drop(sender);
            if thread.join().is_err() {
                log::warn!("takes were not carried along");
            }
        }
    }
}

/// Nodes work without their former takes all the same, so a failure is only logged.
fn carry(library: &std::path::Path, moves: &[(String, String)]) {
    let each = |library: Library| moves.iter().try_for_each(|(from, to)| library.carry_series(from, to));
    if let Err(e) = Library::open(library).and_then(each) {
        log::warn!("takes were not carried along: {e}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::Cancel;
    use rushes_engine::library::{Facts, Intake, Links};

    #[test]
    fn takes_follow_a_node_from_name_to_name() {
        let folder = tempfile::tempdir().unwrap();
        let (file, home) = (folder.path().join("take.mov"), folder.path().join("library"));
        std::fs::write(&file, b"a take").unwrap();
        let library = Library::open(&home).unwrap();
        let links = Links { series: Some("g#0".into()), ..Links::default() };
        library.add(&[&file], Intake::Copy, Facts::default(), &links, &Cancel::new()).unwrap();
        let mut carrier = Carrier::new(home.clone());
        for i in 0..20 {
            carrier.carry(vec![(format!("g#{i}"), format!("g#{}", i + 1)), ("g#x".into(), "g#x".into())]);
        }
        carrier.waiting().settle();
        assert_eq!(library.series("g#20").len(), 1);
        carrier.carry(vec![("g#20".into(), "h#20".into())]);
        drop(carrier);
        assert_eq!(library.series("h#20").len(), 1, "what was told is done before it is dropped");
    }
}
