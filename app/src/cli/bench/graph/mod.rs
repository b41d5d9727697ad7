//! A chain of 500 nodes: opening, describing and planning it, planning it again after one edit, saving it. Then larger
//! graphs, to see how the time to plan again grows.

mod counts;

use super::{child, median, write};
use crate::cli::say;
use crate::session::{Options, Session};
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::plan::{Planner, Request};
use rushes_engine::{Cancel, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

const NODES: usize = 500;
/// Nodes of the chains that are planned again.
const CHAINS: [usize; 5] = [500, 1_000, 2_000, 5_000, 10_000];

/// Measures each step `runs` times and tells medians; or does once what is counted, with a chain of so many nodes.
pub(super) fn run(folder: &Path, runs: u32, counted: Option<u32>, stop: &Cancel) -> Result<()> {
    if let Some(count) = counted {
        return counts::work(folder, count as usize);
    }
    let path = folder.join("chain.json");
    write(&path, &chain(NODES).to_string())?;
    let last: NodeId = format!("n{}", NODES - 1).parse()?;
    let middle: NodeId = format!("n{}", NODES / 2).parse()?;
    let (mut load, mut plan, mut again, mut save) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut session = Session::new(Options::default())?;
    for round in 0..runs {
        stop.check()?;
        load.push(timed(|| session.open(&path))?);
        let request = Request::frame(last.clone(), 0);
        plan.push(timed(|| keyed(&mut session, &request))?);
        let value = json!(0.1 + f64::from(round) / 100.0);
        set(&mut session, &middle, "exposure", value)?;
        again.push(timed(|| keyed(&mut session, &request))?);
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
    say(&format!("one parameter changed in the middle, described and keyed again, medians of {runs}"))?;
    let graphs = CHAINS.map(|n| (format!("chain of {n}"), chain(n), (n / 2, "exposure")));
    let tree = ("tree of 499".to_owned(), tree(499), (250, "opacity"));
    for (name, graph, middle) in std::iter::once(tree).chain(graphs) {
        stop.check()?;
        write(&path, &graph.to_string())?;
        session.open(&path)?;
        let count = session.document.graph().nodes.size();
        let (ms, first) = again_after_edits(&mut session, middle, count - 1, runs)?;
        let each = ms * 1e3 / count as f64;
        say(&format!("  {name:26} {ms:8.2} ms {each:8.2} µs a node, {first:8.2} ms the first time"))?;
    }
    counts::tell(folder, stop)
}

/// The median time of describing and keying the last node again after an edit of another, and that of the first time.
fn again_after_edits(
    session: &mut Session,
    (edited, param): (usize, &str),
    last: usize,
    runs: u32,
) -> Result<(f64, f64)> {
    let request = Request::frame(format!("n{last}").parse()?, 0);
    let node: NodeId = format!("n{edited}").parse()?;
    let first = timed(|| keyed(session, &request))?;
    let mut all = Vec::new();
    for round in 0..runs {
        let value = json!(0.2 + f64::from(round) / 100.0);
        set(session, &node, param, value)?;
        all.push(timed(|| keyed(session, &request))?);
    }
    Ok((median(&all), first))
}

fn set(session: &mut Session, node: &NodeId, param: &str, value: Value) -> Result<()> {
    session.apply(vec![Edit::Set { node: node.clone(), param: param.to_owned(), value }], None, false)
}

/// Describes the graph as it is and keys what is asked for.
fn keyed(session: &mut Session, request: &Request) -> Result<()> {
    Planner::new(&session.described(), 1).key(request).map(|_| ())
}

fn timed(work: impl FnOnce() -> Result<()>) -> Result<f64> {
    let started = Instant::now();
    work()?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

fn chain(count: usize) -> Value {
    let mut nodes = vec![json!({ "id": "n0", "kind": "generate/pattern", "version": 1 })];
    let mut links = Vec::new();
    for i in 1..count {
        let (kind, params) = match i % 2 {
            0 => ("finish/grade", json!({ "exposure": 0.1 })),
            _ => ("finish/blur", json!({ "sigma": 1.0 })),
        };
        nodes.push(json!({ "id": format!("n{i}"), "kind": kind, "version": 1, "params": params }));
        links.push(json!({ "from": format!("n{}.clip", i - 1), "to": format!("n{i}.clip") }));
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}

/// Patterns that are blended two and two until one is left, the last node.
fn tree(count: usize) -> Value {
    let leaves = count.div_ceil(2);
    let mut nodes = Vec::new();
    let mut links = Vec::new();
    for i in 0..count {
        let kind = if i < leaves { "generate/pattern" } else { "finish/blend" };
        nodes.push(json!({ "id": format!("n{i}"), "kind": kind, "version": 1 }));
        if let Some(pair) = i.checked_sub(leaves) {
            for (at, port) in ["bottom", "top"].into_iter().enumerate() {
                links.push(
                    json!({ "from": format!("n{}.clip", 2 * pair + at), "to": format!("n{i}.{port}") }),
                );
            }
        }
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}
