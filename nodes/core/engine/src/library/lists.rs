//! Lists of takes by a key: a small file each, one id a line, oldest first.

use super::checked;
use crate::files::write_atomic;
use crate::{Key, KeyHasher, Result};
use std::path::{Path, PathBuf};

/// What a list goes by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    Recipe,
    Content,
    Series,
}

impl List {
    pub(super) const ALL: [Self; 3] = [Self::Recipe, Self::Content, Self::Series];

    pub(super) fn folder(self, library: &Path) -> PathBuf {
        library.join(match self {
            Self::Recipe => ".recipes",
            Self::Content => ".contents",
            Self::Series => ".series",
        })
    }

    /// The ids under `key`. What is not an id is left out; no file is an empty list.
    pub(super) fn read(self, library: &Path, key: Key) -> Vec<String> {
        let text = std::fs::read_to_string(self.folder(library).join(key.to_string())).unwrap_or_default();
        text.lines().filter(|id| checked(id).is_ok()).map(str::to_owned).collect()
    }

    /// Adds an id under `key` unless it is there, and says whether it was not. The library is locked.
    pub(super) fn enter(self, library: &Path, key: Key, id: &str) -> Result<bool> {
        let mut ids = self.read(library, key);
        if ids.iter().any(|known| known == id) {
            return Ok(false);
        }
        ids.push(id.to_owned());
        let text = ids.join("\n") + "\n";
        write_atomic(&self.folder(library).join(key.to_string()), text.as_bytes())?;
        Ok(true)
    }
}

/// The key of the words for a series.
pub(super) fn series_key(series: &str) -> Key {
    KeyHasher::new("series").str(series).finish()
}
