//! A graph with its past and future.

mod outside;
mod saving;

use super::journal::{Entry, Head, Journal, Recovered};
use super::{Edit, Graph, NodeId, json};
use crate::files::io_error;
use crate::{Error, Key, Result};
pub use saving::Saving;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A graph that is being edited: its versions, its file and its journal.
///
/// A version is never changed, so a worker keeps the one it began with. Undo and redo only choose another one.
pub struct Document {
    path: Option<PathBuf>,
    /// The hash of the file when it was last read or written.
    disk: Option<Key>,
    read_only: Option<String>,
    base: Arc<Graph>,
    steps: Vec<Step>,
    /// How many steps are done; those after it can be redone.
    done: usize,
    /// Whether an edit may still join the last step.
    open: bool,
    /// The version that the file holds, if it is one of the versions here.
    saved: Option<Arc<Graph>>,
    /// The version that is being written.
    saving: Option<Arc<Graph>>,
    revision: u64,
    edited: [Option<NodeId>; 2],
    /// The node whose parameters were set last, and how often in a row, the moves of a drag counted each.
    tuned: (Option<NodeId>, u32),
    journal: Option<Journal>,
    journal_problem: Option<Error>,
}

/// One step of undo.
struct Step {
    label: String,
    edits: Vec<Edit>,
    graph: Arc<Graph>,
    edited: Option<NodeId>,
}

/// What a journal gave when its document was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// There was none, or nothing in it.
    Nothing,
    /// The steps of last time can be undone and redone again.
    Restored {
        /// How many.
        steps: usize,
        /// Whether some of them had not been saved.
        unsaved: bool,
    },
    /// The file was changed by another program since; the file was taken, and the journal is kept where it says.
    ChangedElsewhere {
        /// The journal that no longer belongs to the file.
        kept: PathBuf,
    },
    /// Undo will not outlive this session, for the reason given: another program has the graph open, or the journal
    /// cannot be written.
    Without(Error),
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// An empty document without a file.
    pub fn new() -> Self {
        Self::of(Graph::default())
    }

    /// A document of `graph` without a file.
    pub fn of(graph: Graph) -> Self {
        let base = Arc::new(graph);
        Self {
            path: None,
            disk: None,
            read_only: None,
            saved: Some(Arc::clone(&base)),
            saving: None,
            base,
            steps: Vec::new(),
            done: 0,
            open: false,
            revision: 0,
            edited: [None, None],
            tuned: (None, 0),
            journal: None,
            journal_problem: None,
        }
    }

    /// Opens the graph at `path`, which runs nothing. Its steps are kept in memory only.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = read_bounded(path)?;
        let opened = json::read(&bytes).map_err(|e| e.at(path.display()))?;
        let mut document = Self::of(opened.graph);
        document.path = Some(path.to_path_buf());
        document.disk = Some(Key::of(&bytes));
        document.read_only = opened.newer.map(|version| {
            format!(
                "the graph was made by a newer Rushes (file version {version}); update Rushes to change it"
            )
        });
        Ok(document)
    }

    /// Opens the graph at `path` with its journal in the folder `journals`: the steps of last time come back, and those
    /// to come are kept there.
    pub fn open_journaled(path: &Path, journals: &Path) -> Result<(Self, Recovery)> {
        let mut document = Self::open(path)?;
        let recovery = match document.read_only {
            Some(_) => Recovery::Nothing,
            None => document.take_up(&Journal::path_in(journals, path)),
        };
        Ok((document, recovery))
    }

    /// Where [`Document::open_journaled`] keeps the journal of the graph at `graph` within the folder of journals.
    pub fn journal_of(journals: &Path, graph: &Path) -> PathBuf {
        Journal::path_in(journals, graph)
    }

    /// Opens a journal by itself: a document without a file that a crash left, or one that was changed elsewhere.
    pub fn recover(journal: &Path) -> Result<Self> {
        let Some((journal, recovered)) = Journal::open(journal)? else {
            return Err(Error::missing("there is no journal that can be read").at(journal.display()));
        };
        let mut document = Self::default();
        document.replay(recovered);
        document.disk = None;
        (document.saved, document.saving) = (None, None);
        document.journal = Some(journal);
        Ok(document)
    }

    /// Keeps the steps of a document in a journal at `path` from now on, in place of any that is there.
    pub fn keep_journal(&mut self, path: &Path) -> Result<()> {
        let (head, entries) = self.shortened(usize::MAX);
        self.journal = Some(Journal::create(path, &head, &entries, self.journal.as_ref())?);
        self.journal_problem = None;
        Ok(())
    }

    fn take_up(&mut self, path: &Path) -> Recovery {
        let found = match Journal::open(path) {
            Ok(found) => found,
            Err(e) => return Recovery::Without(e),
        };
        let mut recovery = Recovery::Nothing;
        if let Some((journal, recovered)) = found {
            let last = recovered.entries.iter().rev().find_map(|entry| match entry {
                Entry::Saved(hash) | Entry::Kept(hash) => Key::from_hex(hash),
                _ => None,
            });
            if last.or(recovered.hash) == self.disk {
                self.replay(recovered);
                // What was being written did not get so far.
                self.saving = None;
                self.journal = Some(journal);
                return match self.steps.len() {
                    0 => Recovery::Nothing,
                    steps => Recovery::Restored { steps, unsaved: self.is_dirty() },
                };
            }
            let mut other = Self::default();
            other.replay(recovered);
            // A crash came after the file had its name and before the journal said so.
            let written = other.saving.clone().unwrap_or_else(|| Arc::clone(other.graph()));
            if self.disk == Some(Key::of(json::write(&written).as_bytes())) {
                return self.adopt(other, written, journal);
            }
            drop(journal);
            if other.is_dirty() {
                match put_aside(path) {
                    Ok(kept) => recovery = Recovery::ChangedElsewhere { kept },
                    Err(e) => return Recovery::Without(e),
                }
            }
        }
        match self.keep_journal(path) {
            Ok(()) => recovery,
            Err(e) => Recovery::Without(e),
        }
    }

    /// Takes the steps of another document, of which the file holds the version `written`.
    fn adopt(&mut self, other: Self, written: Arc<Graph>, journal: Journal) -> Recovery {
        (self.base, self.steps, self.done) = (other.base, other.steps, other.done);
        self.journal = Some(journal);
        if let Some(hash) = self.disk {
            self.was_saved(written, hash);
        }
        Recovery::Restored { steps: self.steps.len(), unsaved: self.is_dirty() }
    }

    /// Goes through a journal again, up to the first line that does not fit.
    fn replay(&mut self, recovered: Recovered) {
        self.base = Arc::new(recovered.graph);
        self.saved = recovered.clean.then(|| Arc::clone(&self.base));
        for entry in recovered.entries {
            match entry {
                Entry::Step { edits, label, merge } => {
                    if self.step(edits, label, merge).is_err() {
                        break;
                    }
                }
                Entry::Kept(_) => self.saved = None,
                Entry::Undo => drop(self.go_back()),
                Entry::Redo => drop(self.go_forward()),
                Entry::Saving => {
                    self.saving = Some(Arc::clone(self.graph()));
                    self.open = false;
                }
                Entry::NotSaved => self.saving = None,
                Entry::Saved(_) => {
                    let written = self.saving.take();
                    self.saved = Some(written.unwrap_or_else(|| Arc::clone(self.graph())));
                    self.open = false;
                }
            }
        }
        self.open = false;
    }

    /// The graph as it is now.
    pub fn graph(&self) -> &Arc<Graph> {
        let last = self.done.checked_sub(1).and_then(|i| self.steps.get(i));
        last.map_or(&self.base, |step| &step.graph)
    }

    /// The file, once there is one.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// Why the document cannot be changed, if so.
    pub fn read_only(&self) -> Option<&str> {
        self.read_only.as_deref()
    }

    /// A number that grows with every change, undo and redo.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// True if the graph is not what its file holds.
    pub fn is_dirty(&self) -> bool {
        self.saved.as_ref().is_none_or(|saved| !Arc::ptr_eq(saved, self.graph()))
    }

    /// The node whose result was changed last, and whether the change before was of the same node.
    pub fn last_edited(&self) -> (Option<&NodeId>, bool) {
        let [last, before] = &self.edited;
        (last.as_ref(), last.is_some() && last == before)
    }

    /// The node that is being worked on: the one whose parameters were set twice or more in a row. A single change is
    /// no sign that the next one comes to the same node.
    pub fn focus(&self) -> Option<&NodeId> {
        self.tuned.0.as_ref().filter(|_| self.tuned.1 >= 2)
    }

    fn tune(&mut self, edits: &[Edit]) {
        let node = match edits {
            [Edit::Set { node, .. } | Edit::Reset { node, .. }] => Some(node),
            _ => None,
        };
        self.tuned = match node {
            Some(node) if self.tuned.0.as_ref() == Some(node) => (Some(node.clone()), self.tuned.1 + 1),
            node => (node.cloned(), 1),
        };
    }

    /// Why edits are not being journaled, if so.
    pub fn journal_problem(&self) -> Option<&Error> {
        self.journal_problem.as_ref()
    }

    /// The labels of what can be undone, the next one last.
    pub fn undo_labels(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.steps.iter().take(self.done).map(|step| step.label.as_str())
    }

    /// The labels of what can be redone, the next one first.
    pub fn redo_labels(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().skip(self.done).map(|step| step.label.as_str())
    }

    /// Applies edits as one step of undo, all or none.
    ///
    /// With `merge`, edits that overwrite just what those of the last step did join it, as while a drag lasts, until
    /// [`Document::close_step`], an undo, a redo or a save. Edits that change nothing make no step.
    pub fn apply(&mut self, edits: Vec<Edit>, label: Option<&str>, merge: bool) -> Result<()> {
        if let Some(why) = &self.read_only {
            return Err(Error::usage(why.clone()));
        }
        let label = label.map(str::to_owned).or_else(|| edits.first().map(Edit::label)).unwrap_or_default();
        let entry = Entry::Step { edits: edits.clone(), label: label.clone(), merge };
        if self.step(edits, label, merge)? {
            self.note(&entry);
        }
        Ok(())
    }

    fn step(&mut self, edits: Vec<Edit>, label: String, merge: bool) -> Result<bool> {
        let before = Arc::clone(self.graph());
        let mut graph = Graph::clone(&before);
        for edit in &edits {
            graph = edit.apply(&graph)?;
        }
        let targets = |edits: &[Edit]| edits.iter().map(Edit::target).collect::<Option<Vec<_>>>();
        let these = targets(&edits);
        if edits.is_empty() || (these.is_some() && is_same(&graph, &before)) {
            return Ok(false);
        }
        let made = || graph.nodes.keys().find(|id| !before.nodes.contains_key(*id)).cloned();
        let edited = edits.iter().rev().find_map(Edit::edited_node).cloned().or_else(made);
        let graph = Arc::new(graph);
        self.tune(&edits);
        let joins = merge && self.open && self.done == self.steps.len() && these.is_some();
        match self.steps.last_mut() {
            Some(last) if joins && targets(&last.edits) == these => {
                last.edits = edits;
                last.graph = graph;
            }
            _ => {
                self.steps.truncate(self.done);
                if edited.is_some() {
                    self.edited.swap(0, 1);
                    self.edited[0].clone_from(&edited);
                }
                self.steps.push(Step { label, edits, graph, edited });
                self.done += 1;
            }
        }
        self.open = true;
        self.revision += 1;
        Ok(true)
    }

    /// Ends a drag: no later edit joins the last step.
    pub fn close_step(&mut self) {
        self.open = false;
    }

    /// Takes the last step back and gives its label; nothing at the beginning.
    pub fn undo(&mut self) -> Option<String> {
        let label = self.go_back()?;
        self.note(&Entry::Undo);
        Some(label)
    }

    /// Does the step again that was taken back last and gives its label; nothing at the end.
    pub fn redo(&mut self) -> Option<String> {
        let label = self.go_forward()?;
        self.note(&Entry::Redo);
        Some(label)
    }

    fn go_back(&mut self) -> Option<String> {
        let step = self.steps.get(self.done.checked_sub(1)?)?;
        self.done -= 1;
        let (label, edited) = (step.label.clone(), step.edited.clone());
        self.moved(edited);
        Some(label)
    }

    fn go_forward(&mut self) -> Option<String> {
        let step = self.steps.get(self.done)?;
        self.done += 1;
        let (label, edited) = (step.label.clone(), step.edited.clone());
        self.moved(edited);
        Some(label)
    }

    fn moved(&mut self, edited: Option<NodeId>) {
        if edited.is_some() {
            self.edited.swap(0, 1);
            self.edited[0] = edited;
        }
        self.open = false;
        self.revision += 1;
    }

    /// Writes to the journal. A journal that fails stops nobody from working; it is said once and not tried again.
    fn note(&mut self, entry: &Entry) {
        let Some(journal) = &mut self.journal else { return };
        let mut done = journal.append(entry);
        if done.is_ok() && journal.is_long() {
            let (head, entries) = self.shortened(super::journal::MAX_BYTES as usize / 2);
            let new =
                self.journal.as_ref().map(|old| Journal::create(old.path(), &head, &entries, Some(old)));
            done = new.transpose().map(|new| self.journal = new);
        }
        if let Err(e) = done {
            log::warn!("{e}");
            self.journal = None;
            self.journal_problem = Some(e);
        }
    }

    /// A journal of the same history, of about `bytes` at most: one line a step, the oldest left out as need be.
    fn shortened(&self, bytes: usize) -> (Head, Vec<Entry>) {
        let size = |step: &Step| serde_json::to_string(&step.edits).map_or(0, |text| text.len());
        let (mut left, mut first) = (bytes, self.steps.len());
        while let Some(i) = first.checked_sub(1)
            && self.steps.len() - i <= super::journal::MAX_LINES / 2
        {
            let Some(rest) = self.steps.get(i).and_then(|step| left.checked_sub(size(step))) else { break };
            (left, first) = (rest, i);
        }
        // The present must be in it, even if all that can be redone has to go with it.
        let first = first.min(self.done);
        let base =
            first.checked_sub(1).and_then(|i| self.steps.get(i)).map_or(&self.base, |step| &step.graph);
        let is_saved =
            |graph: &Arc<Graph>| self.saved.as_ref().is_some_and(|saved| Arc::ptr_eq(saved, graph));
        let hash = self.disk.map(|key| key.to_string());
        let mut entries = Vec::new();
        for step in self.steps.iter().skip(first) {
            entries.push(Entry::Step { edits: step.edits.clone(), label: step.label.clone(), merge: false });
            if let (true, Some(hash)) = (is_saved(&step.graph), &hash) {
                entries.push(Entry::Saved(hash.clone()));
            }
            if self.saving.as_ref().is_some_and(|saving| Arc::ptr_eq(saving, &step.graph)) {
                entries.push(Entry::Saving);
            }
        }
        entries.extend((self.done..self.steps.len()).map(|_| Entry::Undo));
        let head = Head {
            journal: 1,
            path: self.path.as_ref().map(|p| p.to_string_lossy().into_owned()),
            hash,
            clean: is_saved(base),
            graph: serde_json::from_str(&json::write(base)).unwrap_or_default(),
        };
        (head, entries)
    }
}

/// Equality of a graph with what was made of it, where most nodes are the very same.
fn is_same(a: &Graph, b: &Graph) -> bool {
    let nodes = || a.nodes.values().zip(b.nodes.values());
    a.nodes.size() == b.nodes.size()
        && nodes().all(|(a, b)| Arc::ptr_eq(a, b) || a == b)
        && a.nodes.keys().eq(b.nodes.keys())
        && a.title == b.title
        && a.links == b.links
        && (&a.groups, &a.notes, &a.view, &a.unknown) == (&b.groups, &b.notes, &b.view, &b.unknown)
        && (&a.graphs, &a.interface) == (&b.graphs, &b.interface)
}

/// Gives a journal another name that nothing has, and tells it.
fn put_aside(path: &Path) -> Result<PathBuf> {
    let free = (1..10_000).map(|n| path.with_extension(format!("{n}.ndjson"))).find(|kept| !kept.exists());
    let kept = free.ok_or_else(|| Error::system("too many old journals are kept").at(path.display()))?;
    std::fs::rename(path, &kept).map_err(|e| io_error("put the old journal aside", path, &e))?;
    Ok(kept)
}

fn read_bounded(path: &Path) -> Result<Vec<u8>> {
    let file = std::fs::File::open(path).map_err(|e| match e.kind() {
        // A graph that is not there is a wrong command, not a lost medium.
        std::io::ErrorKind::NotFound => {
            Error::usage("there is no such graph").at(path.display()).help("check the path")
        }
        _ => io_error("open the graph", path, &e),
    })?;
    let mut bytes = Vec::new();
    let read = file.take(json::MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|e| io_error("read the graph", path, &e))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
