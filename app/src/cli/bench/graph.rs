//! A chain of 500 nodes: opening, describing and planning it, planning it again after one edit, saving it.

use super::{median, write};
use crate::cli::say;
use crate::session::{Options, Session};
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::plan::{Planner, Request};
use rushes_engine::{Cancel, Result};
use serde_json::json;
use std::path::Path;
use std::time::Instant;

const NODES: usize = 500;

/// Measures each step `runs` times and tells medians.
pub(super) fn run(folder: &Path, runs: u32, stop: &Cancel) -> Result<()> {
    let path = folder.join("chain.json");
    write(&path, &chain().to_string())?;
    let last: NodeId = format!("n{}", NODES - 1).parse()?;
    let middle: NodeId = format!("n{}", NODES / 2).parse()?;
    let (mut load, mut plan, mut again, mut save) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut session = Session::new(Options::default())?;
    for round in 0..runs {
        stop.check()?;
        load.push(timed(|| session.open(&path))?);
        let request = Request::frame(last.clone(), 0);
        plan.push(timed(|| Planner::new(&session.described(), 1).key(&request).map(|_| ()))?);
        let value = json!(0.1 + f64::from(round) / 100.0);
        session.apply(
            vec![Edit::Set { node: middle.clone(), param: "exposure".into(), value }],
            None,
            false,
        )?;
        again.push(timed(|| Planner::new(&session.described(), 1).key(&request).map(|_| ()))?);
        save.push(timed(|| session.document.save_as(&folder.join("saved.json")))?);
    }
    say(&format!("a chain of {NODES} nodes, medians of {runs}"))?;
    for (name, values) in [
        ("load", &load),
        ("describe and plan", &plan),
        ("plan again after one edit", &again),
        ("save", &save),
    ] {
        say(&format!("  {name:26} {:8.2} ms", median(values)))?;
    }
    Ok(())
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

fn chain() -> serde_json::Value {
    let mut nodes = vec![json!({ "id": "n0", "kind": "generate/pattern", "version": 1 })];
    let mut links = Vec::new();
    for i in 1..NODES {
        let (kind, params) = match i % 2 {
            0 => ("finish/grade", json!({ "exposure": 0.1 })),
            _ => ("finish/blur", json!({ "sigma": 1.0 })),
        };
        nodes.push(json!({ "id": format!("n{i}"), "kind": kind, "version": 1, "params": params }));
        links.push(json!({ "from": format!("n{}.clip", i - 1), "to": format!("n{i}.clip") }));
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}
