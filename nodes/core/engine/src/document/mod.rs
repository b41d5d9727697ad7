//! The document: the graph, its edits and their history, and its file.

mod graph;

pub use graph::{Graph, Group, Link, Node, NodeId, Note, PortRef};
