//! Whether the library is whole.

use super::{Library, Take, checked, intake};
use crate::files::io_error;
use crate::{Cancel, Key, Progress, Result};
use serde::Serialize;
use std::collections::BTreeSet;

/// What a check of the library found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Files whose content is what their name says.
    pub whole: usize,
    /// Files whose content is something else.
    pub damaged: Vec<String>,
    /// Files that a record names and that are not there.
    pub missing: Vec<String>,
    /// Files that no record names: a program ended while it took them in.
    pub orphans: Vec<String>,
    /// Records that cannot be read.
    pub unreadable: Vec<String>,
    /// Entries that were missing from lists and were put back.
    pub listed_again: usize,
}

impl Verified {
    /// True if nothing is lost.
    pub fn is_whole(&self) -> bool {
        self.damaged.is_empty() && self.missing.is_empty() && self.unreadable.is_empty()
    }
}

impl Library {
    /// Reads every file and record, and puts back what lists lack. Changes and removes no file and no record.
    pub fn verify(&self, cancel: &Cancel, progress: &Progress) -> Result<Verified> {
        let mut found = Verified::default();
        let mut named = BTreeSet::new();
        for id in self.ids()? {
            match self.get(&id) {
                Ok(take) => {
                    found.listed_again += self.list_again(&take)?;
                    named.extend(take.into_names());
                }
                Err(_) => found.unreadable.push(id),
            }
        }
        let folder = self.folder();
        let entries = std::fs::read_dir(folder).map_err(|e| io_error("read the library", folder, &e))?;
        let names: BTreeSet<String> = entries
            .flatten()
            .filter_map(|entry| entry.file_name().into_string().ok())
            .filter(|name| checked(name).is_ok())
            .collect();
        for (i, name) in names.iter().enumerate() {
            progress.report(i as f32 / names.len() as f32, name);
            let key = intake::key_of_file(&self.folder().join(name), cancel)?;
            if name.split('.').next().and_then(Key::from_hex) == Some(key) {
                found.whole += 1;
            } else {
                found.damaged.push(name.clone());
            }
            if !named.contains(name) {
                found.orphans.push(name.clone());
            }
        }
        found.missing = named.difference(&names).cloned().collect();
        Ok(found)
    }

    fn list_again(&self, take: &Take) -> Result<usize> {
        let _lock = self.lock()?;
        let mut again = 0;
        for (list, key) in take.listings() {
            again += usize::from(list.enter(self.folder(), key, &take.id)?);
        }
        Ok(again)
    }
}
