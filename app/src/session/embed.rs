//! The graph as it rides inside what it makes: files named without folders.

use rushes_engine::document::{Graph, json};
use rushes_engine::tool::{ParamKind, Registry};
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;

/// The JSON of a graph to be embedded.
pub(super) fn text(graph: &Graph, registry: &Registry) -> String {
    let mut bare = graph.clone();
    for (id, node) in graph.nodes.iter() {
        let Ok(tool) = registry.get(&node.kind) else { continue };
        let mut changed = (**node).clone();
        for spec in tool.params().iter().filter(|s| s.keyless) {
            if let Some(value) = changed.params.get_mut(&spec.name) {
                match spec.kind {
                    ParamKind::Path { .. } => shorten(value),
                    _ => shorten_all(value),
                }
            }
        }
        bare.nodes.insert_mut(id.clone(), Arc::new(changed));
    }
    json::write(&bare)
}

fn shorten(value: &mut Value) {
    if let Value::String(name) = value
        && !name.starts_with("asset:")
        && let Some(file) = Path::new(name.as_str()).file_name()
    {
        *name = file.to_string_lossy().into_owned();
    }
}

fn shorten_all(value: &mut Value) {
    match value {
        Value::String(_) => shorten(value),
        Value::Array(items) => items.iter_mut().for_each(shorten_all),
        Value::Object(fields) => {
            for name in ["file", "path"] {
                fields.get_mut(name).into_iter().for_each(shorten);
            }
        }
        _ => {}
    }
}
