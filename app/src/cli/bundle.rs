//! `rushes bundle`: a graph and all that it names, in one zip.

use super::{args::BundleArgs, say};
use crate::session::{Options, Session};
use rushes_engine::{Cancel, Result};
use std::process::ExitCode;

/// Packs a graph.
pub(crate) fn run(args: &BundleArgs, stop: &Cancel) -> Result<ExitCode> {
    let mut session = Session::new(Options { trust: args.trust, ..Options::default() })?;
    session.open(&args.graph)?;
    let bundled = session.bundle(&args.out, &stop.child())?;
    for word in &bundled.words {
        say(word)?;
    }
    let count = match bundled.files.len() {
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    say(&format!("wrote {} ({count}, {:.1} MB)", args.out.display(), bundled.bytes as f64 / 1e6))?;
    Ok(ExitCode::SUCCESS)
}
