//! The ledger: what was ordered for money, and how far it is. One file a row, on disk before a request leaves.

mod lock;
mod row;

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use rushes_engine::files::{io_error, write_atomic};
use rushes_engine::{Error, Key, Result};

pub(crate) use lock::Held;
pub use row::{RemoteIds, Row, State};

/// All rows, in one folder that many programs may share.
#[derive(Clone, Debug)]
pub struct Ledger {
    folder: PathBuf,
}

impl Ledger {
    pub(crate) fn at(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Every row, oldest first. A damaged one is skipped and logged.
    pub fn rows(&self) -> Result<Vec<Row>> {
        let entries = match self.folder.read_dir() {
            Ok(entries) => entries,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(io_error("read the ledger", &self.folder, &e)),
        };
        let mut rows = Vec::new();
        for entry in entries {
            let path = entry.map_err(|e| io_error("read the ledger", &self.folder, &e))?.path();
            let id = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            if path.extension().is_some_and(|ending| ending == "json") && is_id(id) {
                match read(&path, id) {
                    Ok(row) => rows.push(row),
                    Err(e) => log::warn!("a row of the ledger is skipped: {e}"),
                }
            }
        }
        rows.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(rows)
    }

    /// The rows about which something is still to be done, oldest first.
    pub fn open_rows(&self) -> Result<Vec<Row>> {
        let mut rows = self.rows()?;
        rows.retain(|row| row.state.is_open());
        Ok(rows)
    }

    /// The row of this name.
    pub fn get(&self, id: &str) -> Result<Row> {
        let path = self.path(id)?;
        if !path.exists() {
            return Err(Error::usage(format!("there is no request {id} in the ledger"))
                .help("`rushes jobs list` names them"));
        }
        read(&path, id)
    }

    /// Says that the result of a request is in the library.
    pub fn kept(&self, id: &str) -> Result<()> {
        self.change(id, |row| match row.state {
            State::Made | State::Kept => {
                row.state = State::Kept;
                Ok(())
            }
            _ => Err(Error::usage(format!("the request {id} is not made yet"))
                .help("fetch its result first: `rushes jobs resume`")),
        })?
    }

    /// Says that a request no longer counts, so that the same may be sent again. It may have been paid for.
    pub fn forget(&self, id: &str) -> Result<()> {
        if self.is_under_way(id) {
            return Err(Error::usage(format!("a program is at work on the request {id}"))
                .help("stop it first, or wait for it"));
        }
        self.change(id, |row| {
            if !row.state.is_open() {
                return Err(Error::usage(format!("the request {id} is over: there is nothing to forget")));
            }
            row.state = State::Forgotten;
            Ok(())
        })?
    }

    /// What was quoted, in sum, for requests since then that are paid for or may be.
    pub fn spent_usd(&self, since: u64) -> Result<f64> {
        let counts = |row: &&Row| row.made >= since && (row.state.is_open() || row.state == State::Kept);
        // A sum of nothing would be a negative zero.
        Ok(self.rows()?.iter().filter(counts).fold(0.0, |sum, row| sum + row.quoted_usd))
    }

    /// Whether a running program is at work on it.
    pub fn is_under_way(&self, id: &str) -> bool {
        let row = self.get(id).ok().filter(|row| row.state.is_open());
        let content = row.and_then(|row| Key::from_hex(&row.content));
        content.is_some_and(|content| matches!(self.lock(content), Ok(None)))
    }

    /// Takes the right to make what this key names, or tells that another has it.
    pub(crate) fn lock(&self, content: Key) -> Result<Option<Held>> {
        self.make_folder()?;
        lock::take(&self.folder.join(format!("{content}.lock")))
    }

    /// The open row that asks for the same, the newest if there are several.
    pub(crate) fn open_for(&self, content: Key) -> Result<Option<Row>> {
        let content = content.to_string();
        Ok(self.open_rows()?.into_iter().rev().find(|row| row.content == content))
    }

    /// Brings a new row to the disk.
    pub(crate) fn add(&self, row: &Row) -> Result<()> {
        self.make_folder()?;
        self.write(row)
    }

    /// Changes a row on disk, alone among all programs.
    pub(crate) fn change<T>(&self, id: &str, change: impl FnOnce(&mut Row) -> T) -> Result<T> {
        // What is not there is said to be so before anything is locked.
        self.get(id)?;
        let _held = lock::wait(&self.folder.join("rows.lock"))?;
        let mut row = self.get(id)?;
        let done = change(&mut row);
        self.write(&row)?;
        Ok(done)
    }

    fn write(&self, row: &Row) -> Result<()> {
        let mut bytes = serde_json::to_vec_pretty(row)
            .map_err(|e| Error::system(format!("a row of the ledger cannot be written: {e}")))?;
        bytes.push(b'\n');
        write_atomic(&self.path(&row.id)?, &bytes)
    }

    fn path(&self, id: &str) -> Result<PathBuf> {
        if is_id(id) {
            Ok(self.folder.join(format!("{id}.json")))
        } else {
            Err(Error::usage(format!("{id:?} is no name of a request")).help("`rushes jobs list` names them"))
        }
    }

    fn make_folder(&self) -> Result<()> {
        std::fs::create_dir_all(&self.folder).map_err(|e| io_error("make the ledger", &self.folder, &e))
    }
}

/// A name that no other row has, and that sorts by time.
pub(crate) fn new_id() -> String {
    let chance = RandomState::new().build_hasher().finish();
    format!("{:011x}-{:08x}", since_1970().as_millis(), chance as u32)
}

/// The time now, in seconds since 1970.
pub(crate) fn now() -> u64 {
    since_1970().as_secs()
}

fn since_1970() -> std::time::Duration {
    // A clock before 1970 is set wrong; rows then sort together at the front.
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}

/// Whether this can be the name of a row: it becomes a part of a path.
fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= 40 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

fn read(path: &Path, id: &str) -> Result<Row> {
    let bytes = std::fs::read(path).map_err(|e| io_error("read the ledger", path, &e))?;
    let row: Row = serde_json::from_slice(&bytes).map_err(|e| {
        Error::system(format!("the row cannot be read: {e}"))
            .at(path.display())
            .help("look at the provider's page for what was ordered, then remove the file")
    })?;
    if row.id == id {
        Ok(row)
    } else {
        Err(Error::system("the row has another name than its file").at(path.display()))
    }
}
