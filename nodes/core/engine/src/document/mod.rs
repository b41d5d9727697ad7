//! The document: the graph, its edits and their history, and its file.

mod apply;
mod diff;
mod edit;
mod graph;
mod history;
mod journal;
pub mod json;
mod order;
#[cfg(test)]
pub(crate) mod testing;

pub use diff::{Difference, diff};
pub use edit::{Edit, Join};
pub use graph::{Graph, Group, Link, Node, NodeId, Note, PortRef};
pub use history::{Document, Recovery};
pub use order::Order;
