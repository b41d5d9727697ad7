//! Writing a document to its file, at once or by another thread while it is edited further.

use super::{Document, Entry, Journal, read_bounded};
use crate::document::{Graph, json};
use crate::files::write_atomic;
use crate::{Error, Key, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A version of a document on its way to a file.
#[derive(Clone, Debug)]
pub struct Saving {
    graph: Arc<Graph>,
    path: PathBuf,
    /// What the file must still hold, where that matters.
    expects: Option<Option<Key>>,
}

impl Saving {
    /// Writes it, all or nothing; gives the hash of the file. It may take as long as the disk does.
    ///
    /// # Errors
    /// Another program changed the file, the graph could not be read again, or the disk refused. The old file stays.
    pub fn write(&self) -> Result<Key> {
        let path = &self.path;
        if let Some(known) = self.expects
            && path.exists()
            && Some(Key::of(&read_bounded(path)?)) != known
        {
            return Err(Error::usage("the file was changed by another program since it was opened")
                .at(path.display())
                .help("save as another file, or save as this one to overwrite it"));
        }
        let text = json::write(&self.graph);
        // What is saved can be opened again, or the old file stays.
        json::read(text.as_bytes()).map_err(|e| e.at("the graph to be saved"))?;
        write_atomic(path, text.as_bytes())?;
        Ok(Key::of(text.as_bytes()))
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Document {
    /// Writes the graph to its file, all or nothing. One that another program changed since is left alone.
    pub fn save(&mut self) -> Result<()> {
        let saving = self.begin_save(None)?;
        let written = saving.write();
        self.end_save(&saving, written)
    }

    /// Writes the graph to `path`, whatever is there, all or nothing; that is its file from now on.
    pub fn save_as(&mut self, path: &Path) -> Result<()> {
        let saving = self.begin_save(Some(path))?;
        let written = saving.write();
        self.end_save(&saving, written)
    }

    /// The graph as it is now, to be written to its file or to another one by whoever has the time; tell what came of it
    /// to [`Self::end_save`]. Edits may go on meanwhile.
    ///
    /// # Errors
    /// There is no file, the document cannot be changed, or it is being saved already.
    pub fn begin_save(&mut self, to: Option<&Path>) -> Result<Saving> {
        if let Some(why) = &self.read_only {
            return Err(Error::usage(why.clone()));
        }
        if self.saving.is_some() {
            return Err(Error::usage("the graph is being saved already").help("wait until it is"));
        }
        let no_file = || Error::usage("the graph has no file yet").help("name one to save it as");
        let path = to.or(self.path.as_deref()).ok_or_else(no_file)?.to_path_buf();
        let graph = Arc::clone(self.graph());
        self.saving = Some(Arc::clone(&graph));
        self.open = false;
        // Said first: should the program end between the file and the word that it was written, the hash tells.
        self.note(&Entry::Saving);
        Ok(Saving { graph, path, expects: to.is_none().then_some(self.disk) })
    }

    /// Whether it is being written.
    pub fn is_saving(&self) -> bool {
        self.saving.is_some()
    }

    /// Takes what came of writing it.
    ///
    /// # Errors
    /// Those of writing it.
    pub fn end_save(&mut self, saving: &Saving, written: Result<Key>) -> Result<()> {
        // A file may have been opened in the place of what was being written.
        if !self.saving.as_ref().is_some_and(|own| Arc::ptr_eq(own, &saving.graph)) {
            return Ok(());
        }
        let hash = match written {
            Ok(hash) => hash,
            Err(e) => {
                self.saving = None;
                self.note(&Entry::NotSaved);
                return Err(e);
            }
        };
        if self.path.as_deref() == Some(saving.path()) {
            self.was_saved(Arc::clone(&saving.graph), hash);
            return Ok(());
        }
        (self.disk, self.saved, self.saving) = (Some(hash), Some(Arc::clone(&saving.graph)), None);
        let untitled = self.path.replace(saving.path.clone()).is_none();
        let old = self.journal.as_ref().map(|j| j.path().to_path_buf());
        let folder = old.as_deref().and_then(Path::parent);
        let Some(new) = folder.map(|folder| Journal::path_in(folder, &saving.path)) else { return Ok(()) };
        match (self.keep_journal(&new), old) {
            // The steps of a graph that had no file live on in the new journal.
            (Ok(()), Some(old)) if untitled && old != new => drop(std::fs::remove_file(old)),
            (Ok(()), _) => {}
            (Err(e), _) => (self.journal, self.journal_problem) = (None, Some(e)),
        }
        Ok(())
    }

    /// Its own file holds a version now.
    pub(super) fn was_saved(&mut self, graph: Arc<Graph>, hash: Key) {
        (self.disk, self.saved, self.saving) = (Some(hash), Some(graph), None);
        self.note(&Entry::Saved(hash.to_string()));
    }
}
