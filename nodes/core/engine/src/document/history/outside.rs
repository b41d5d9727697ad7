//! When another program writes the file of a document that is open.

use super::{Document, Entry};
use crate::document::{Edit, json};
use crate::{Error, Key, Result};
use serde_json::Value;
use std::sync::Arc;

impl Document {
    /// The hash of the file's content when it was last read or written here.
    pub fn disk(&self) -> Option<Key> {
        self.disk
    }

    /// Takes what the file holds now, as one step of undo.
    ///
    /// # Errors
    /// The bytes are no graph, or one of a newer program; nothing has changed then.
    pub fn reload(&mut self, bytes: &[u8]) -> Result<()> {
        let opened = json::read(bytes)?;
        if let Some(version) = opened.newer {
            return Err(Error::usage(format!("the file was written by a newer Rushes (version {version})"))
                .help("update Rushes to read it"));
        }
        let json = Value::String(json::write(&opened.graph));
        self.apply(vec![Edit::Replace { json }], Some("Reload"), false)?;
        let hash = Key::of(bytes);
        (self.disk, self.open) = (Some(hash), false);
        self.saved = Some(Arc::clone(self.graph()));
        self.note(&Entry::Saved(hash.to_string()));
        Ok(())
    }

    /// Keeps the graph as it is here though its file, which now has this hash, was changed: the next save overwrites it.
    pub fn keep_mine(&mut self, file: Key) {
        (self.disk, self.saved, self.open) = (Some(file), None, false);
        self.note(&Entry::Kept(file.to_string()));
    }
}
