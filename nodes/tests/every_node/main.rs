//! The same questions asked of every tool that there is: do its defaults work, are its keys honest, does it go to JSON
//! and back, is every parameter explained, and does every parameter do something.
//!
//! Nothing here knows a tool by name. What to wire follows from the types of the ports, what to try from the kinds of
//! the parameters, and where a parameter counts is found by search. Each tool is a test of its own.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

#[path = "../bench/mod.rs"]
mod bench;
mod documented;
mod effective;
mod harness;
mod honest;
mod round_trip;
mod search;
mod seen;
mod setting;
mod sources;
mod stable;
mod values;
mod works;
mod world;

use std::process::ExitCode;
use world::World;

fn main() -> ExitCode {
    let registry = rushes_nodes::registry();
    let trials = registry.all().map(|tool| tool.spec().kind).map(|kind| (kind, move || ask(kind)));
    harness::run(&trials.collect::<Vec<_>>())
}

/// All that is wrong with a tool.
fn ask(kind: &'static str) -> Vec<String> {
    let world = World::new(kind);
    let mut wrong = documented::check(world.tool().as_ref());
    let base = match works::base(&world) {
        Ok(base) => base,
        Err(error) => {
            wrong.push(error);
            return wrong;
        }
    };
    wrong.extend(stable::check(&world, &base));
    wrong.extend(round_trip::check(&world, &base));
    wrong.extend(honest::check(&world, &base));
    wrong.extend(effective::check(&world, &base));
    wrong
}
