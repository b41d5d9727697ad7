//! `rushes render`: evaluate and write.

use super::args::{ProgressKind, RenderArgs};
use super::progress::Shown;
use super::{say, stats};
use crate::session::{Budget, Options, RenderOrder, Session};
use rushes_engine::{Cancel, Error, Result};
use std::process::ExitCode;
use std::time::Instant;

/// Renders a graph.
pub(crate) fn run(args: &RenderArgs, stop: &Cancel) -> Result<ExitCode> {
    let budget = Budget { max_usd: args.max_cost, yes: args.yes };
    let mut session = Session::new(Options { trust: args.open.trust, budget, ..Options::default() })?;
    session.open_with(&args.graph, &args.open)?;
    let absolute = |path: &std::path::PathBuf| {
        std::path::absolute(path)
            .map_err(|e| Error::usage(format!("the path is no path: {e}")).at(path.display()))
    };
    let order = RenderOrder {
        node: args.node.as_deref().map(str::parse).transpose()?,
        out: args.out.as_ref().map(absolute).transpose()?,
        frames: args.frames.clone(),
        proxy: args.proxy,
    };
    session.reset_account();
    let started = Instant::now();
    let shown = Shown::new(args.progress);
    let rendered = session.render(&order, &stop.child(), &shown.progress)?;
    drop(shown);
    let wall = started.elapsed();
    if let Some(path) = &args.stats {
        stats::write(path, &stats::account(&session))?;
    }
    if args.progress != ProgressKind::None {
        for word in &rendered.words {
            say(word)?;
        }
        for file in &rendered.files {
            say(&format!("wrote {}", file.display()))?;
        }
        let seconds = wall.as_secs_f64().max(1e-6);
        let fps = rendered.frames as f64 / seconds;
        say(&format!(
            "{} frames in {seconds:.1} s, {fps:.1} a second, on {}",
            rendered.frames,
            session.device_name()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}
