//! Locks between programs: a file that one of them holds, let go by the system when it ends in whatever way.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use rushes_engine::Result;
use rushes_engine::files::io_error;

/// A lock that is held until it is dropped. Its file stays: removing it could part two that wait for it.
#[derive(Debug)]
pub(crate) struct Held {
    _file: File,
}

/// Takes the lock, or tells that another has it.
pub(crate) fn take(path: &Path) -> Result<Option<Held>> {
    let file = open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(Held { _file: file })),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(e)) => Err(io_error("lock the ledger", path, &e)),
    }
}

/// Takes the lock, waiting for it: for what is held for a moment only.
pub(super) fn wait(path: &Path) -> Result<Held> {
    let file = open(path)?;
    file.lock().map_err(|e| io_error("lock the ledger", path, &e))?;
    Ok(Held { _file: file })
}

fn open(path: &Path) -> Result<File> {
    let opened = OpenOptions::new().create(true).truncate(false).write(true).open(path);
    opened.map_err(|e| io_error("lock the ledger", path, &e))
}
