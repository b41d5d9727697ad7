//! `rushes schema`: the JSON Schema of a graph file, from the code.

use super::say;
use rushes_engine::Result;
use std::process::ExitCode;

/// Tells the schema.
pub(crate) fn run() -> Result<ExitCode> {
    let schema = rushes_engine::tool::graph_schema(&rushes_nodes::registry());
    say(&serde_json::to_string_pretty(&schema).unwrap_or_default())?;
    Ok(ExitCode::SUCCESS)
}
