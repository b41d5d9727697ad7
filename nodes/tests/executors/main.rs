//! Every tool gives on the processor what it gives on the graphics device, whatever is set on it.
//!
//! All passes of a tool are made on both, from the same pictures, and compared. Each tool is a test of its own; its
//! largest difference is told. `RUSHES_TEST_LANES` says with how many lanes, such as 4 or 8.

#![allow(dead_code, clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

#[path = "../bench/mod.rs"]
mod bench;
mod compared;
#[path = "../every_node/harness.rs"]
mod harness;
#[path = "../every_node/search.rs"]
mod search;
#[path = "../every_node/seen.rs"]
mod seen;
#[path = "../every_node/setting.rs"]
mod setting;
#[path = "../every_node/sources.rs"]
mod sources;
#[path = "../every_node/values.rs"]
mod values;
#[path = "../every_node/works.rs"]
mod works;
#[path = "../every_node/world.rs"]
mod world;

use compared::{Compared, Worst};
use rushes_gpu::{DeviceChoice, Gpu};
use rushes_nodes::Services;
use rushes_processor::Processor;
use seen::Seen;
use std::process::ExitCode;
use std::sync::Arc;
use world::World;

/// As much as two devices may differ.
const MOST: f64 = 1.0 / 255.0;

fn main() -> ExitCode {
    let gpu = Gpu::open(DeviceChoice::Software).unwrap();
    let report = gpu.report().clone();
    let worst = Worst::default();
    let lanes = std::env::var("RUSHES_TEST_LANES").ok().map(|count| count.parse().unwrap());
    let processor = lanes.map_or_else(Processor::new, |count| Processor::with_lanes(count).unwrap());
    let both = Compared { gpu, processor, worst: worst.clone() };
    bench::HOST.set(Arc::new(Services::on(Arc::new(both), report))).ok();
    let registry = rushes_nodes::registry();
    let trials = registry.all().map(|tool| tool.spec().kind).map(|kind| (kind, || ask(kind, &worst)));
    harness::run(&trials.collect::<Vec<_>>())
}

/// All in which the executors differ for a tool.
fn ask(kind: &'static str, worst: &Worst) -> Vec<String> {
    worst.lock().unwrap().clear();
    let world = World::new(kind);
    let base = match works::base(&world) {
        Ok(base) => base,
        Err(error) => return vec![error],
    };
    for setting in setting::all(world.tool().as_ref()) {
        for other in &setting.others {
            // What is wrongly set makes no pictures.
            Seen::new(&world, &base.with(&setting, other, world.tool().params())).works().ok();
        }
    }
    let worst = std::mem::take(&mut *worst.lock().unwrap());
    let most = worst.iter().max_by(|a, b| a.1.total_cmp(b.1));
    if let Some((what, off)) = most {
        println!("{kind}: at most {off:.6} apart, in {what}, over {} kinds of passes", worst.len());
    }
    worst.iter().filter(|(_, off)| **off > MOST).map(|(what, off)| format!("{what} is {off} apart")).collect()
}
