//! Why a last result is out of date, in words.

use super::{params, views};
use rushes_engine::describe::Shape;
use rushes_engine::document::{Graph, NodeId};
use rushes_engine::plan::Change;
use rushes_engine::tool::Registry;
use serde_json::Value;

/// Causes that are told one by one; more are counted.
const TOLD: usize = 3;

/// All causes as one sentence, without its beginning: `exposure 0 → 1, then bottom changed (from Grade)`.
pub(super) fn words(graph: &Graph, registry: &Registry, id: &NodeId, changes: &[Change]) -> String {
    let told = changes.iter().take(TOLD).map(|c| cause(graph, registry, id, c));
    let mut words = told.collect::<Vec<_>>().join(", ");
    match changes.len().saturating_sub(TOLD) {
        0 => {}
        1 => words.push_str(" and one more change"),
        more => words.push_str(&format!(" and {more} more changes")),
    }
    words
}

/// One cause.
pub(super) fn cause(graph: &Graph, registry: &Registry, id: &NodeId, change: &Change) -> String {
    match change {
        Change::Param { param, from, to } => {
            let shape = Shape::of_node(graph, registry, id).ok();
            let spec = shape.as_ref().and_then(|shape| shape.find_param(param));
            let said = |value: &Value| {
                let known = spec.and_then(|s| params::in_words(s, value)).map(|(words, _)| words);
                short(&known.unwrap_or_else(|| views::plain(value)))
            };
            let label = spec.map_or_else(|| param.replace('_', " "), |s| s.label.to_lowercase());
            format!("{label} {} → {}", said(from), said(to))
        }
        Change::Input { port, node } => {
            let source = super::inside::evaluated(node).and_then(|id| graph.find(&id).ok().cloned());
            let title = source.map_or_else(|| node.clone(), |n| views::title(graph, &n, registry));
            format!("{} changed upstream, at {title}", port.replace('_', " "))
        }
        Change::Wire { port } => format!("{} is wired differently", port.replace('_', " ")),
        Change::File { file } => format!("{file} has other content"),
    }
}

/// A value that would take a line of its own is cut.
fn short(words: &str) -> String {
    const MOST: usize = 28;
    match words.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", words.get(..at).unwrap_or_default()),
        None => words.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::document::Node;
    use serde_json::json;
    use std::sync::Arc;

    #[test]
    fn causes_are_told_with_labels_and_titles() {
        let registry = rushes_nodes::registry();
        let mut graph = Graph::default();
        for (id, kind) in [("blend", "finish/blend"), ("base", "finish/grade")] {
            let node = Node { kind: kind.into(), ..Node::default() };
            graph.nodes.insert_mut(id.parse().unwrap(), Arc::new(node));
        }
        let id = "blend".parse().unwrap();
        let param = Change::Param { param: "opacity".into(), from: json!(0.3), to: json!(0.5) };
        assert_eq!(cause(&graph, &registry, &id, &param), "opacity 0.3 → 0.5");
        let input = Change::Input { port: "bottom".into(), node: "base".into() };
        assert_eq!(cause(&graph, &registry, &id, &input), "bottom changed upstream, at Grade");
        let wire = || Change::Wire { port: "mask".into() };
        let all = [param, input, wire(), wire(), wire()];
        let words = words(&graph, &registry, &id, &all);
        assert!(words.ends_with("mask is wired differently and 2 more changes"), "{words}");
    }
}
