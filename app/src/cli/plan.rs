//! `rushes plan`: what a render would do, node by node.

use super::{args::PlanArgs, say};
use crate::session::{Options, Session};
use rushes_engine::Result;
use rushes_engine::plan::NodeState;
use std::process::ExitCode;

/// Tells the plan of a graph.
pub(crate) fn run(args: &PlanArgs) -> Result<ExitCode> {
    let mut session = Session::new(Options { trust: args.open.trust, ..Options::default() })?;
    session.open_with(&args.graph, &args.open)?;
    let lines = session.plan(None, None)?;
    if args.json {
        say(&serde_json::to_string_pretty(&lines).unwrap_or_default())?;
        return Ok(ExitCode::SUCCESS);
    }
    let wide = |f: fn(&rushes_engine::plan::NodePlan) -> usize| lines.iter().map(f).max().unwrap_or(0);
    let (node, kind) = (wide(|l| l.node.len()), wide(|l| l.kind.len()));
    for line in &lines {
        let state = match line.state {
            NodeState::Cached => "cached".to_owned(),
            NodeState::WillRun => format!("{} to do", line.to_do),
            NodeState::Value => "value".to_owned(),
            NodeState::Job => "job".to_owned(),
            NodeState::Bypassed => "bypassed".to_owned(),
            NodeState::Muted => "muted".to_owned(),
            NodeState::Waiting => "waiting".to_owned(),
            NodeState::Error => "error".to_owned(),
        };
        say(&format!("{:node$}  {:kind$}  {state:>10}  {}", line.node, line.kind, line.words))?;
    }
    Ok(ExitCode::SUCCESS)
}
