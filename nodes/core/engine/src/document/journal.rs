//! The journal of a document: every edit on a line of its own as it happens, so that undo and redo outlive the program.
//!
//! The first line holds a graph and the hash of the file it belongs to; each further line is a step, an undo, a redo or a
//! save. Lines reach the system at once and the disk within a second. A torn or damaged line ends what is read.

use super::json;
use super::{Edit, Graph};
use crate::files::{Temporary, io_error};
use crate::{Error, Key, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::time::Duration;

/// A journal longer than this, in bytes, is made shorter: steps of a drag become one, then the oldest go.
pub(super) const MAX_BYTES: u64 = 32 << 20;
/// A journal that holds more lines than this is made shorter likewise.
pub(super) const MAX_LINES: usize = 50_000;

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    /// The version of the journal, 1.
    pub journal: u32,
    /// The graph's file, for a person.
    pub path: Option<String>,
    /// The hash of the file's content when it was last read or written.
    pub hash: Option<String>,
    /// Whether `graph` is what the file held.
    pub clean: bool,
    /// The graph before the first step.
    pub graph: Value,
}

/// Every further line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Entry {
    /// Edits that are one step of undo, or join the one before.
    Step {
        edits: Vec<Edit>,
        label: String,
        merge: bool,
    },
    Undo,
    Redo,
    /// The graph as it is now is being written.
    Saving,
    /// It could not be.
    NotSaved,
    /// The graph was written as it was when that was begun, else as it is now; its file then had this hash.
    Saved(String),
    /// Another program wrote the file, which then had this hash, and the graph was kept as it was here.
    Kept(String),
}

/// What a journal held.
pub(super) struct Recovered {
    pub hash: Option<Key>,
    pub clean: bool,
    pub graph: Graph,
    pub entries: Vec<Entry>,
}

/// An open journal. One program at a time holds it.
pub(super) struct Journal {
    path: PathBuf,
    file: Arc<File>,
    sync: SyncSender<()>,
    bytes: u64,
    lines: usize,
}

impl Journal {
    /// Where the journal of the graph at `graph` stands in `folder`: one place for one file, whatever it is called by.
    pub(super) fn path_in(folder: &Path, graph: &Path) -> PathBuf {
        let whole =
            graph.canonicalize().or_else(|_| std::path::absolute(graph)).unwrap_or_else(|_| graph.into());
        folder.join(format!("{}.ndjson", Key::of(whole.as_os_str().as_encoded_bytes())))
    }

    /// Opens what is at `path` and reads it; nothing if there is no journal that can be read.
    pub(super) fn open(path: &Path) -> Result<Option<(Self, Recovered)>> {
        let mut file = match OpenOptions::new().read(true).append(true).open(path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(e) => return Err(io_error("open the journal", path, &e)),
        };
        lock(&file, path)?;
        let Some((recovered, good, lines)) = read(&mut file, path)? else { return Ok(None) };
        // What is appended must not stick to a torn line.
        file.set_len(good).map_err(|e| io_error("repair the journal", path, &e))?;
        Ok(Some((Self::new(path, file, good, lines), recovered)))
    }

    /// Begins a journal at `path` with `head` and `entries`, in place of any that is there and that no other program, or
    /// only `own`, holds.
    pub(super) fn create(path: &Path, head: &Head, entries: &[Entry], own: Option<&Self>) -> Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .map_err(|e| io_error("make the folder of the journal", folder, &e))?;
        }
        let held = OpenOptions::new().read(true).append(true).open(path).ok();
        let held = held.filter(|_| own.is_none_or(|own| own.path != path));
        if let Some(held) = &held {
            lock(held, path)?;
        }
        let mut text = line(head)?;
        for entry in entries {
            text.push_str(&line(entry)?);
        }
        let mut temporary = Temporary::beside(path)?;
        if let Some(file) = temporary.file() {
            file.write_all(text.as_bytes()).map_err(|e| io_error("write the journal", path, &e))?;
        }
        let opened = OpenOptions::new().read(true).append(true).open(temporary.temporary_path());
        let opened = opened.map_err(|e| io_error("write the journal", path, &e))?;
        lock(&opened, path)?;
        temporary.keep()?;
        Ok(Self::new(path, opened, text.len() as u64, entries.len()))
    }

    fn new(path: &Path, file: File, bytes: u64, lines: usize) -> Self {
        let file = Arc::new(file);
        let (sync, asked) = sync_channel::<()>(1);
        let synced = Arc::downgrade(&file);
        let writer = std::thread::Builder::new().name("journal".into()).spawn(move || {
            while asked.recv().is_ok() {
                std::thread::sleep(Duration::from_millis(400));
                let Some(file) = synced.upgrade() else { return };
                if let Err(e) = file.sync_data() {
                    log::warn!("the journal could not be brought to the disk: {e}");
                }
            }
        });
        if let Err(e) = writer {
            log::warn!("the journal is not brought to the disk by itself: {e}");
        }
        Self { path: path.to_path_buf(), file, sync, bytes, lines }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Appends a line.
    pub(super) fn append(&mut self, entry: &Entry) -> Result<()> {
        let text = line(entry)?;
        let mut file = &*self.file;
        if let Err(e) = file.write_all(text.as_bytes()) {
            // Half a line must not swallow the next one.
            if let Err(e) = self.file.set_len(self.bytes) {
                log::warn!("the journal could not be cut to its last whole line: {e}");
            }
            return Err(io_error("write the journal", &self.path, &e));
        }
        self.bytes += text.len() as u64;
        self.lines += 1;
        match self.sync.try_send(()) {
            // A full channel means that a sync is asked for already; without its thread the system syncs when it likes.
            Ok(()) | Err(TrySendError::Full(()) | TrySendError::Disconnected(())) => Ok(()),
        }
    }

    /// True if the journal should be written anew, shorter.
    pub(super) fn is_long(&self) -> bool {
        self.bytes > MAX_BYTES || self.lines > MAX_LINES
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        // The thread that syncs may hold the file a moment longer; the lock must not wait for it.
        if let Err(e) = self.file.unlock() {
            log::debug!("the journal could not be unlocked: {e}");
        }
    }
}

fn line(item: &impl Serialize) -> Result<String> {
    let mut text = serde_json::to_string(item)
        .map_err(|e| Error::system(format!("the journal cannot hold an edit: {e}")))?;
    text.push('\n');
    Ok(text)
}

fn lock(file: &File, path: &Path) -> Result<()> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(Error::system("another window or program has this graph open")
            .at(path.display())
            .help("close it there; until then undo is not kept over a restart here")),
        // A file system without locks: nothing else can be done, and a journal without one is better than none.
        Err(TryLockError::Error(_)) => Ok(()),
    }
}

/// The journal in `file` as far as it is whole, with its length in bytes and its lines without the first.
fn read(file: &mut File, path: &Path) -> Result<Option<(Recovered, u64, usize)>> {
    let mut text = BufReader::new(Read::take(&mut *file, 4 * MAX_BYTES));
    let mut whole_line = || -> Result<Option<Vec<u8>>> {
        let mut line = Vec::new();
        text.read_until(b'\n', &mut line).map_err(|e| io_error("read the journal", path, &e))?;
        Ok(line.ends_with(b"\n").then_some(line))
    };
    let Some(first) = whole_line()? else { return Ok(None) };
    let Ok(head) = serde_json::from_slice::<Head>(&first) else { return Ok(None) };
    let Ok(opened) = json::read(head.graph.to_string().as_bytes()) else { return Ok(None) };
    if head.journal != 1 || opened.newer.is_some() {
        return Ok(None);
    }
    let mut entries = Vec::new();
    let mut good = first.len() as u64;
    while let Some(line) = whole_line()? {
        let Ok(entry) = serde_json::from_slice(&line) else { break };
        good += line.len() as u64;
        entries.push(entry);
    }
    let hash = head.hash.as_deref().and_then(Key::from_hex);
    let count = entries.len();
    Ok(Some((Recovered { hash, clean: head.clean, graph: opened.graph, entries }, good, count)))
}
