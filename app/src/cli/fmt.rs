//! `rushes fmt`: the canonical form of a graph file.

use super::{args::FmtArgs, say};
use rushes_engine::document::{Document, json};
use rushes_engine::{Error, Result};
use std::process::ExitCode;

/// Brings files into their canonical form, or says which are not in it.
pub(crate) fn run(args: &FmtArgs) -> Result<ExitCode> {
    let mut differs = false;
    for path in &args.graphs {
        let mut document = Document::open(path)?;
        let before =
            std::fs::read(path).map_err(|e| Error::missing(format!("not read: {e}")).at(path.display()))?;
        if json::write(document.graph()).as_bytes() == before {
            continue;
        }
        differs = true;
        if args.check {
            say(&format!("{} is not in its canonical form", path.display()))?;
        } else {
            document.save()?;
            say(&format!("wrote {}", path.display()))?;
        }
    }
    Ok(ExitCode::from(if args.check && differs { 3 } else { 0 }))
}
