//! The files that a graph names: where in its parameters they stand.

use rushes_engine::document::{Graph, Node, NodeId};
use rushes_engine::tool::{DynTool, ParamKind, ParamSpec, Registry};
use serde_json::Value;
use std::sync::Arc;

/// Where a name stands.
pub(crate) struct Spot<'a> {
    /// The node.
    pub(crate) node: &'a NodeId,
    /// Its tool.
    pub(crate) tool: &'a dyn DynTool,
    /// The parameter.
    pub(crate) param: &'a ParamSpec,
    /// The hash of the content that is meant, where the graph says it.
    pub(crate) hash: Option<String>,
}

impl Spot<'_> {
    /// Whether the name is of a file to be written.
    pub(crate) fn is_output(&self) -> bool {
        self.tool.spec().delivers
    }

    /// Whether the name is of a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.param.kind == ParamKind::Path { folder: true }
    }
}

/// Shows every name of a file to `change`, and gives the graph with the names that it left. Nodes of unknown kinds name
/// nothing that could be known.
pub(crate) fn renamed(
    graph: &Graph,
    registry: &Registry,
    mut change: impl FnMut(&Spot<'_>, &mut String),
) -> Graph {
    let mut out = graph.clone();
    for (id, node) in graph.nodes.iter() {
        let Ok(tool) = registry.get(&node.kind) else { continue };
        let mut changed = Node::clone(node);
        for param in tool.params().iter().filter(|s| s.keyless) {
            let Some(value) = changed.params.get_mut(&param.name) else { continue };
            let mut tell = |name: &mut String, hash: Option<String>| {
                change(&Spot { node: id, tool: tool.as_ref(), param, hash }, name);
            };
            visit(value, &mut tell);
        }
        if changed != **node {
            out.nodes.insert_mut(id.clone(), Arc::new(changed));
        }
    }
    out
}

/// A name, a list of names, or objects with a name as `file` or `path`.
fn visit(value: &mut Value, tell: &mut impl FnMut(&mut String, Option<String>)) {
    match value {
        Value::String(name) => tell(name, None),
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, tell)),
        Value::Object(fields) => {
            let hash = fields.get("hash").and_then(Value::as_str).map(str::to_owned);
            for field in ["file", "path"] {
                if let Some(Value::String(name)) = fields.get_mut(field) {
                    tell(name, hash.clone());
                }
            }
        }
        _ => {}
    }
}
