//! `rushes plan`: what a render would do, node by node.

use super::{args::PlanArgs, say};
use crate::session::{Options, Planned, Session};
use rushes_engine::Result;
use rushes_engine::plan::{NodePlan, NodeState};
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
    let wide = |f: fn(&NodePlan) -> usize| lines.iter().map(|line| f(&line.plan)).max().unwrap_or(0);
    let (node, kind) = (wide(|l| l.node.len()), wide(|l| l.kind.len()));
    for Planned { plan: line, seconds, .. } in &lines {
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
        let time = seconds.map_or_else(String::new, told);
        say(&format!("{:node$}  {:kind$}  {state:>10}  {time:>8}  {}", line.node, line.kind, line.words))?;
    }
    let seconds: f64 = lines.iter().filter_map(|line| line.seconds).sum();
    let usd: f64 = lines.iter().map(|line| line.usd).sum();
    let unknown = lines.iter().any(|l| l.plan.state == NodeState::WillRun && l.seconds.is_none());
    match (seconds > 0.0, unknown) {
        (true, false) => say(&format!("about {} in all, ${usd:.2}", told(seconds)))?,
        (true, true) => say(&format!("about {} for what has run here before, ${usd:.2}", told(seconds)))?,
        (false, _) => say(&format!("${usd:.2}"))?,
    }
    Ok(ExitCode::SUCCESS)
}

/// A time as people say it.
fn told(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => format!("{:.0} ms", s * 1e3),
        s if s < 60.0 => format!("{s:.0} s"),
        s => format!("{:.0} min", s / 60.0),
    }
}
