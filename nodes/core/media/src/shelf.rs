//! A folder of files that can be made again, within a budget of bytes.

use rushes_engine::{Error, Result};
use std::fs::{DirEntry, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// After dropping, this share of the budget is in use, so that dropping is rare.
const KEPT: f64 = 0.75;

/// The files of a folder, those used longest ago out first.
#[derive(Debug)]
pub(crate) struct Shelf {
    pub(crate) folder: PathBuf,
    pub(crate) budget: u64,
}

impl Shelf {
    /// Those in `folder`, of at most `budget` bytes.
    pub(crate) fn new(folder: &Path, budget: u64) -> Self {
        Self { folder: folder.to_owned(), budget }
    }

    /// Makes the folder, and room in it for `bytes` more by dropping what was used longest ago.
    pub(crate) fn make_room(&self, bytes: u64) -> Result<()> {
        let failed = |e: io::Error| Error::system(e.to_string()).at(self.folder.display());
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        self.drop_oldest(bytes).map_err(failed)
    }

    fn drop_oldest(&self, bytes: u64) -> io::Result<()> {
        let about = |entry: DirEntry| -> io::Result<Option<(SystemTime, u64, PathBuf)>> {
            match entry.metadata() {
                Ok(about) if about.is_file() => Ok(Some((about.modified()?, about.len(), entry.path()))),
                // Another program may have dropped it just now.
                _ => Ok(None),
            }
        };
        let mut all = Vec::new();
        for entry in self.folder.read_dir()? {
            all.extend(about(entry?)?);
        }
        let mut used: u64 = all.iter().map(|(_, len, _)| len).sum();
        if used + bytes <= self.budget {
            return Ok(());
        }
        all.sort();
        for (_, len, path) in all {
            if (used + bytes) as f64 <= self.budget as f64 * KEPT {
                break;
            }
            match std::fs::remove_file(&path) {
                Err(e) if e.kind() != ErrorKind::NotFound => return Err(e),
                _ => used -= len,
            }
        }
        Ok(())
    }

    /// Notes that a file is in use: its time is that of its last use.
    pub(crate) fn used(&self, path: &Path) {
        let noted = File::options().append(true).open(path).and_then(|f| f.set_modified(SystemTime::now()));
        if let Err(e) = noted {
            log::debug!("{}: {e}", path.display());
        }
    }

    /// Removes a file that is of no use.
    pub(crate) fn remove(&self, path: &Path) {
        if let Err(e) = std::fs::remove_file(path) {
            log::info!("{} could not be removed: {e}", path.display());
        }
    }
}
