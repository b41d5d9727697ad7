//! The files that a graph names: where in its parameters they stand.

use rushes_engine::describe::Shape;
use rushes_engine::document::{Edit, Graph, Node, NodeId, definition_name};
use rushes_engine::tool::{ParamKind, ParamSpec, Registry};
use serde_json::Value;
use std::sync::Arc;

/// Where a name stands.
pub(crate) struct Spot<'a> {
    /// The sub-graph, where it is in one.
    pub(crate) graph: Option<&'a NodeId>,
    /// The node's id there.
    pub(crate) id: &'a NodeId,
    /// The node.
    pub(crate) node: &'a Node,
    /// The parameter.
    pub(crate) param: &'a ParamSpec,
    /// The hash of the content that is meant, where the graph says it.
    pub(crate) hash: Option<String>,
    delivers: bool,
}

impl Spot<'_> {
    /// Whether the name is of a file to be written.
    pub(crate) fn is_output(&self) -> bool {
        self.delivers
    }

    /// Whether the name is of a folder.
    pub(crate) fn is_folder(&self) -> bool {
        self.param.kind == ParamKind::Path { folder: true }
    }

    /// The node for a person: `plate`, or `look: plate` in a sub-graph.
    pub(crate) fn place(&self) -> String {
        self.graph.map_or_else(|| self.id.to_string(), |graph| format!("{graph}: {}", self.id))
    }
}

/// Shows every name of a file to `change`, those in sub-graphs too, and gives the graph with the names that it left.
/// Nodes of unknown kinds name nothing that could be known.
pub(crate) fn renamed(
    graph: &Graph,
    registry: &Registry,
    mut change: impl FnMut(&Spot<'_>, &mut String),
) -> Graph {
    let mut out = level(graph, None, registry, &mut change);
    let mut graphs = (*graph.graphs).clone();
    for (name, definition) in &mut graphs {
        if let Ok(inner) = graph.enter(name.as_str()) {
            let inner = level(&inner, Some(name), registry, &mut change);
            *definition = Arc::new(Graph { graphs: Arc::default(), ..inner });
        }
    }
    if graphs != *graph.graphs {
        out.graphs = Arc::new(graphs);
    }
    out
}

fn level(
    graph: &Graph,
    name: Option<&NodeId>,
    registry: &Registry,
    change: &mut impl FnMut(&Spot<'_>, &mut String),
) -> Graph {
    let mut out = graph.clone();
    for (id, node) in graph.nodes.iter().filter(|(_, node)| !node.params.is_empty()) {
        let Ok(shape) = Shape::of_kind(graph, registry, &node.kind) else { continue };
        let mut changed = Node::clone(node);
        for param in shape.params.iter().filter(|s| s.keyless) {
            let Some(value) = changed.params.get_mut(&param.name) else { continue };
            let delivers = delivers(graph, registry, &node.kind, &param.name);
            let mut tell = |text: &mut String, hash: Option<String>| {
                change(&Spot { graph: name, id, node, param, hash, delivers }, text);
            };
            visit(value, &mut tell);
        }
        if changed != **node {
            out.nodes.insert_mut(id.clone(), Arc::new(changed));
        }
    }
    out
}

/// Whether a parameter belongs to a tool that delivers: of an instance the one inside that it stands for.
fn delivers(graph: &Graph, registry: &Registry, kind: &str, param: &str) -> bool {
    let (mut kind, mut param) = (kind.to_owned(), param.to_owned());
    // Instances stand in each other only so deep.
    for _ in 0..=Graph::MAX_DEPTH {
        let Some(definition) = definition_name(&kind).and_then(|name| graph.definition(name).ok()) else {
            break;
        };
        let place = definition.interface.param(&param).and_then(|s| s.places.first());
        let inner = place.and_then(|p| Some((definition.nodes.get(&p.node)?, p)));
        let Some((node, place)) = inner else { return false };
        (kind, param) = (node.kind.to_string(), place.port.to_string());
    }
    registry.get(&kind).is_ok_and(|tool| tool.spec().delivers)
}

/// The edits that bring the names of `new` into `old`, which are alike but for parameters.
pub(crate) fn edits(old: &Graph, new: &Graph) -> Vec<Edit> {
    let of = |old: &Graph, new: &Graph| -> Vec<Edit> {
        let each = new.nodes.iter().flat_map(|(id, node)| {
            let before = old.nodes.get(id);
            let other = move |(param, value): &(&String, &Value)| {
                before.and_then(|n| n.params.get(*param)) != Some(*value)
            };
            let set = move |(param, value): (&String, &Value)| Edit::Set {
                node: id.clone(),
                param: param.clone(),
                value: value.clone(),
            };
            node.params.iter().filter(other).map(set)
        });
        each.collect()
    };
    let mut all = of(old, new);
    for (name, graph) in new.graphs.iter() {
        let Some(before) = old.graphs.get(name) else { continue };
        let inside = |edit| Edit::Inside { graph: name.clone(), edit: Box::new(edit) };
        all.extend(of(before, graph).into_iter().map(inside));
    }
    all
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
            { "id": "e", "kind": "deliver/write", "params": { "path": "e.mp4" } },
            { "id": "f", "kind": "graph/sub", "params": { "out": "f.mp4" } } ],
            "graphs": { "sub": { "nodes": [
                { "id": "a", "kind": "edit/read", "params": { "path": "g.mp4" } },
                { "id": "b", "kind": "deliver/write" } ],
                "params": [ { "name": "out", "for": "b.path" } ] } } }"#;
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
            is("f.mp4", &(true, false, None)),
            is("g.mp4", &plain),
        ];
        seen.sort();
        expected.sort();
        assert_eq!(seen, expected);
        let text = json::write(&out);
        for name in [
            "\"_a.mp4\"",
            "\"_f.mp4\"",
            "\"_g.mp4\"",
            "\"_b2.png\"",
            "\"_c.png\"",
            "\"credit\": \"a.mp4\"",
            "\"path\": \"d.mp4\"",
        ] {
            assert!(text.contains(name), "{name} is not in {text}");
        }
        let brought = edits(&graph, &out).iter().try_fold(graph, |g, edit| edit.apply(&g)).unwrap();
        assert_eq!(json::write(&brought), text);
    }
}
