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

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::document::json;

    #[test]
    fn names_stand_in_texts_in_lists_and_in_objects() {
        let text = r#"{ "rushes": 1, "nodes": [
            { "id": "a", "kind": "edit/read", "params": { "path": "a.mp4", "credit": "a.mp4" } },
            { "id": "b", "kind": "plan/mood_board", "params": { "images": ["b1.png", "b2.png"] } },
            { "id": "c", "kind": "generate/still", "params": { "folder": "new",
                "images": [ { "file": "c.png", "hash": "77", "seed": 3 } ] } },
            { "id": "d", "kind": "made/up", "params": { "path": "d.mp4" } },
            { "id": "e", "kind": "deliver/write", "params": { "path": "e.mp4" } } ] }"#;
        let graph = json::read(text.as_bytes()).unwrap().graph;
        let mut seen = Vec::new();
        let out = renamed(&graph, &rushes_nodes::registry(), |spot, name| {
            let kind = (spot.is_output(), spot.is_folder(), spot.hash.clone());
            seen.push((name.clone(), kind));
            name.insert(0, '_');
        });
        let plain = (false, false, None);
        let is = |name: &str, kind: &(bool, bool, Option<String>)| (name.to_owned(), kind.clone());
        let mut expected = vec![
            is("a.mp4", &plain),
            is("b1.png", &plain),
            is("b2.png", &plain),
            is("new", &(false, true, None)),
            is("c.png", &(false, false, Some("77".into()))),
            is("e.mp4", &(true, false, None)),
        ];
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected);
        let text = json::write(&out);
        for name in
            ["\"_a.mp4\"", "\"_b2.png\"", "\"_c.png\"", "\"credit\": \"a.mp4\"", "\"path\": \"d.mp4\""]
        {
            assert!(text.contains(name), "{name} is not in {text}");
        }
    }
}
