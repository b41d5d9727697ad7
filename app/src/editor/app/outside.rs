//! The graph's file, looked after while it is open: another program may write it. A thread of its own looks at its size
//! and time every few seconds, and reads it only when one of them has changed.

use super::{Editor, Message, Tell};
use rushes_engine::Key;
use rushes_engine::document::json;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, SystemTime};

/// How often the file is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// How long it must stay as it is to count as written.
const REST: Duration = Duration::from_millis(200);

/// What to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Target {
    path: Option<PathBuf>,
    /// The hash of the content that the window knows.
    known: Option<Key>,
    /// The window has the focus.
    awake: bool,
}

/// The file as another program left it.
pub(super) struct Change {
    path: PathBuf,
    hash: Key,
    bytes: Vec<u8>,
}

/// What looks after the file.
#[derive(Default)]
pub(super) struct Outside {
    target: Target,
    watcher: Option<Sender<Target>>,
    /// The changes that wait for a word, at most one for each file that is open.
    changes: Vec<Change>,
}

impl Outside {
    /// Whether a change of this file waits for a word.
    pub(super) fn is_changed(&self, path: Option<&Path>) -> bool {
        self.changes.iter().any(|change| Some(change.path.as_path()) == path)
    }
}

impl Editor {
    /// Tells the watcher what to look at now; the first time it is started.
    pub(super) fn look_outside(&mut self, ctx: &egui::Context) {
        let document = &self.session.document;
        let target = Target {
            path: document.path().map(Path::to_owned),
            known: document.disk(),
            awake: ctx.input(|i| i.focused),
        };
        if target == self.outside.target {
            return;
        }
        // A file that was closed, or saved since, has no change that waits.
        let mut changes = std::mem::take(&mut self.outside.changes);
        changes.retain(|change| self.is_other(change));
        self.outside.changes = changes;
        self.outside.target = target.clone();
        if self.outside.watcher.is_none() && target.path.is_some() {
            let (sender, targets) = channel();
            let tell = self.tell.clone();
            let run = move || watch(&targets, &tell);
            match std::thread::Builder::new().name("graph file".into()).spawn(run) {
                Ok(_) => self.outside.watcher = Some(sender),
                Err(e) => log::warn!("changes of the file will not be seen: {e}"),
            }
        }
        if let Some(watcher) = &self.outside.watcher
            && watcher.send(target).is_err()
        {
            log::error!("the thread that looks after the graph's file has died");
        }
    }

    /// Takes the news that the file was changed; one's own save may have been quicker.
    pub(super) fn changed_outside(&mut self, change: Change) {
        self.outside.changes.retain(|old| old.path != change.path);
        if self.is_other(&change) {
            self.outside.changes.push(change);
        }
    }

    /// Whether a file that is open holds something else than it was read or saved with.
    fn is_other(&self, change: &Change) -> bool {
        self.document_of(&change.path).is_some_and(|document| document.disk() != Some(change.hash))
    }

    /// Takes what the file holds now as one step, or keeps the graph as it is here.
    pub(super) fn settle_outside(&mut self, reload: bool) {
        let path = self.session.document.path();
        let at = self.outside.changes.iter().position(|change| Some(change.path.as_path()) == path);
        let Some(change) = at.map(|at| self.outside.changes.remove(at)) else { return };
        if !reload {
            self.session.document.keep_mine(change.hash);
            return;
        }
        let done = self.session.document.reload(&change.bytes);
        if self.told(done.map_err(|e| e.at(change.path.display()))) {
            self.toasts.done("Reloaded; undo brings your own back");
        }
        self.changed();
    }
}

/// Looks until the window is gone.
fn watch(targets: &Receiver<Target>, tell: &Tell) {
    let mut target = Target::default();
    // What was looked into last, and the hash that was found.
    let mut last: Option<(PathBuf, Stamp, Key)> = None;
    loop {
        match targets.recv_timeout(EVERY) {
            Ok(next) => target = targets.try_iter().last().unwrap_or(next),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        let Some(path) = target.path.as_ref().filter(|_| target.awake) else { continue };
        // A file that is gone comes back with the next save.
        let Some(stamp) = stamp(path) else { continue };
        if last.as_ref().is_some_and(|(old, known, _)| old == path && *known == stamp) {
            continue;
        }
        let Some((bytes, stamp)) = at_rest(path, stamp) else { continue };
        let hash = Key::of(&bytes);
        // What was told once is not told again, though the file be touched.
        let told = last.as_ref().is_some_and(|(old, _, key)| old == path && *key == hash);
        last = Some((path.clone(), stamp, hash));
        if !told && target.known != Some(hash) {
            tell.say(Message::Outside(Box::new(Change { path: path.clone(), hash, bytes })));
        }
    }
}

/// Size and time of a file.
type Stamp = (u64, Option<SystemTime>);

fn stamp(path: &Path) -> Option<Stamp> {
    path.metadata().ok().map(|about| (about.len(), about.modified().ok()))
}

/// The content of a file once nobody writes it any more, with its stamp: not every program writes all at once.
fn at_rest(path: &Path, mut before: Stamp) -> Option<(Vec<u8>, Stamp)> {
    loop {
        std::thread::sleep(REST);
        let bytes = read(path).ok()?;
        let after = stamp(path)?;
        if after == before {
            return Some((bytes, after));
        }
        before = after;
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(json::MAX_BYTES + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
