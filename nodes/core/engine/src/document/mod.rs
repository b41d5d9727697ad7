//! The document: the graph, its edits and their history, and its file.

mod graph;
pub mod json;
#[cfg(test)]
pub(crate) mod testing;

pub use graph::{Graph, Group, Link, Node, NodeId, Note, PortRef};
