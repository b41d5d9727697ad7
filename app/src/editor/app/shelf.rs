//! The takes of the selected node, as far as they are known.

use rushes_engine::document::NodeId;
use rushes_engine::library::{Remarks, Take};
use rushes_engine::plan::Change;
use std::path::PathBuf;

/// What the list of takes was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) node: NodeId,
    /// The graph's file, under which takes are kept.
    pub(super) path: Option<PathBuf>,
    /// Grows when a take may have been added.
    pub(super) added: u64,
    /// The take that it plays, or empty.
    pub(super) take: String,
    /// The revision of the graph, and where its description lies.
    pub(super) described: (u64, usize),
}

/// What is known of the takes of a node.
pub(super) struct Known {
    pub(super) takes: Vec<Take>,
    /// What changed since the chosen take was made; empty where only keyframes did.
    pub(super) stale: Option<Vec<Change>>,
}

/// The takes of the selected node, as far as they are known.
#[derive(Default)]
pub(super) struct Shelf {
    pub(super) asked: Option<Asked>,
    pub(super) known: Option<(Asked, Known)>,
    pub(super) added: u64,
    /// Files on their way into the library: to which node, and their names.
    pub(super) coming: Vec<(NodeId, PathBuf)>,
}

impl Shelf {
    /// There may be takes that are not listed yet.
    pub(super) fn look_again(&mut self) {
        self.added += 1;
    }

    /// Takes the list that was asked for; older ones come too late.
    pub(super) fn listed(&mut self, asked: Asked, known: Known) {
        if self.asked.as_ref() == Some(&asked) {
            self.known = Some((asked, known));
        }
    }

    /// The node whose takes are known.
    pub(super) fn node(&self) -> Option<&NodeId> {
        self.known.as_ref().map(|(asked, _)| &asked.node)
    }

    /// The takes of a node, oldest first, as far as they are known.
    pub(super) fn of(&self, node: &NodeId) -> &[Take] {
        let known = self.known.as_ref().filter(|(asked, _)| asked.node == *node);
        known.map(|(_, known)| known.takes.as_slice()).unwrap_or_default()
    }

    /// Grows when a take may have been added.
    pub(super) fn added(&self) -> u64 {
        self.added
    }

    pub(super) fn take(&self, id: &str) -> Option<&Take> {
        self.known.as_ref()?.1.takes.iter().find(|take| take.id == id)
    }

    pub(super) fn remark(&mut self, id: &str, remarks: &Remarks) {
        let takes = self.known.iter_mut().flat_map(|(_, known)| &mut known.takes);
        takes.filter(|take| take.id == id).for_each(|take| take.remarks.clone_from(remarks));
    }

    /// What changed since the take that a node plays was made; `None` where nothing did.
    pub(super) fn stale(&self, node: &NodeId) -> Option<&[Change]> {
        let (_, known) = self.known.as_ref().filter(|(asked, _)| asked.node == *node)?;
        known.stale.as_deref()
    }

    /// Whether nothing is on its way.
    pub(super) fn is_settled(&self) -> bool {
        self.coming.is_empty() && self.asked.as_ref() == self.known.as_ref().map(|(asked, _)| asked)
    }
}
