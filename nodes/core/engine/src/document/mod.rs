//! The document: the graph, its edits and their history, and its file.

mod apply;
mod definitions;
mod diff;
mod edit;
mod flatten;
mod graph;
mod history;
mod interface;
mod journal;
pub mod json;
mod order;
#[cfg(test)]
pub(crate) mod testing;

pub use diff::{Difference, diff};
pub use edit::{Edit, Join};
pub(crate) use flatten::{Face, Flat, Flattener, Origin};
pub use graph::{Graph, Group, Link, Node, NodeId, Note, PortRef};
pub use history::{Document, Recovery, Saving};
pub use interface::{Interface, REROUTE, REROUTE_IN, REROUTE_OUT, Socket, definition_name, instance_kind};
pub use order::Order;
