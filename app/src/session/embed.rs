//! The graph as it rides inside what it makes: files named without folders.

use super::named;
use rushes_engine::document::{Graph, json};
use rushes_engine::tool::Registry;
use std::path::Path;

/// The JSON of a graph to be embedded.
pub(super) fn text(graph: &Graph, registry: &Registry) -> String {
    json::write(&named::renamed(graph, registry, |_, name| shorten(name)))
}

/// Takes the folders out of a name. What ships is named alike everywhere.
pub(super) fn shorten(name: &mut String) {
    if !name.starts_with("asset:")
        && let Some(file) = Path::new(name.as_str()).file_name()
    {
        *name = file.to_string_lossy().into_owned();
    }
}
