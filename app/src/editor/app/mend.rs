//! What can be done about an error of a node, besides changing its parameters: find its file, or allow it.

use super::Editor;
use crate::session::named;
use rushes_engine::document::{Node, NodeId};
use rushes_engine::{Error, ErrorKind};
use std::path::Path;

/// A way to mend an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Its file may lie elsewhere now.
    Find,
    /// Its files lie outside the graph's folder, and a person may say that they are meant.
    Allow,
}

impl Way {
    /// The way to mend an error of a node, where there is one: not for a take that is gone, nor for what ships.
    pub(super) fn of(error: &Error, node: Option<&Node>) -> Option<Self> {
        let of_a_file = node.is_some_and(|node| node.take.is_empty()) && !error.place().contains("asset:");
        match error.kind() {
            ErrorKind::Missing if of_a_file => Some(Self::Find),
            ErrorKind::Consent if of_a_file => Some(Self::Allow),
            _ => None,
        }
    }

    /// What it is called among the fixes of advice, and the verb on its button.
    pub(super) fn words(self) -> (String, String) {
        let (rule, verb) = match self {
            Self::Find => ("find_files", "Find file…"),
            Self::Allow => ("allow_files", "Allow file"),
        };
        (rule.to_owned(), verb.to_owned())
    }

    /// The way that is called so.
    pub(super) fn called(rule: &str) -> Option<Self> {
        [Self::Find, Self::Allow].into_iter().find(|way| way.words().0 == rule)
    }
}

impl Editor {
    /// Mends what is wrong with a node, where there is a way.
    pub(super) fn mend(&mut self, node: &NodeId) {
        let facts = self.facts.as_ref().and_then(|f| f.described.slot(node).ok());
        let error = facts.and_then(|slot| slot.state.outcome.as_ref().err());
        let record = self.session.document.graph().find(node).ok();
        match error.and_then(|e| Way::of(e, record.map(AsRef::as_ref))) {
            Some(way) => self.mend_by(way, node),
            None => self.find_files(),
        }
    }

    /// Mends a node in a given way.
    pub(super) fn mend_by(&mut self, way: Way, node: &NodeId) {
        match way {
            Way::Find => self.find_files(),
            Way::Allow => self.allow_files_of(node),
        }
    }

    /// The person means the files that this node names, wherever they lie.
    fn allow_files_of(&mut self, node: &NodeId) {
        let mut places = Vec::new();
        let files = self.session.files();
        let graph = self.session.document.graph();
        let (level, own) =
            graph.defined(node).map_or((None, node.clone()), |(level, own)| (Some(level), own));
        // What an instance names lies inside.
        let inside = graph.closure(graph.definition_of(node).map(|(name, _)| name));
        named::renamed(graph, self.session.registry(), |spot, name| {
            let meant = (spot.graph == level.as_ref() && *spot.id == own)
                || spot.graph.is_some_and(|level| inside.contains(level));
            if meant && !name.is_empty() {
                let place = files.place(name);
                // Of a numbered sequence, and of a file to be written, the folder is what there is.
                let folder = spot.is_output() || name.contains('%');
                let meant = if folder { place.parent().map(Path::to_owned) } else { None };
                places.push(meant.unwrap_or(place));
            }
        });
        places.iter().for_each(|place| self.allow(place));
        self.watch.learned += 1;
    }
}
