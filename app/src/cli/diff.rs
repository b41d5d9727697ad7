//! `rushes diff`: what changed from one graph to another, in words, a change a line.

use super::{args::DiffArgs, say};
use rushes_engine::Result;
use rushes_engine::document::{Document, diff};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Compares two graphs.
pub(crate) fn run(args: &DiffArgs) -> Result<ExitCode> {
    let (before, after) = (Document::open(&args.before)?, Document::open(&args.after)?);
    let changes = diff(before.graph(), after.graph());
    if args.json {
        let told = changes.iter().map(|change| {
            let mut told = json!(change);
            told["words"] = json!(change.to_string());
            told
        });
        say(&serde_json::to_string_pretty(&told.collect::<Vec<Value>>()).unwrap_or_default())?;
        return Ok(ExitCode::SUCCESS);
    }
    if changes.is_empty() {
        say("no difference")?;
    }
    changes.iter().try_for_each(|change| say(&change.to_string()))?;
    Ok(ExitCode::SUCCESS)
}
