//! Numbers on wires: seeds that move on after a run, and parameters that take a number but no change over time.

use anyhow::Result;
use rushes_tests::{Drive, Home};
use serde_json::{Value, json};

#[test]
fn a_seed_moves_on_after_a_run_and_the_next_run_is_another() -> Result<()> {
    let home = Home::new()?;
    home.write("graph.json", "{ \"rushes\": 1 }")?;
    let graph = home.path("graph.json").to_string_lossy().into_owned();
    let mut drive = Drive::start(&home, &[&graph])?;
    drive.ask("add", json!({ "kind": "plan/seed", "node": "seed", "params": { "value": 7 } }))?;
    let noise = json!({ "pattern": "noise", "width": 64, "height": 36, "length": 1 });
    drive.ask("add", json!({ "kind": "generate/pattern", "node": "noise", "params": noise }))?;
    drive.connect("seed.number", "noise.seed")?;
    let out = home.path("noise.png").to_string_lossy().into_owned();
    let mut value_after = |rule: &str| -> Result<Value> {
        drive.ask("set", json!({ "node": "seed", "param": "after_run", "value": rule }))?;
        drive.ask("render", json!({ "node": "noise", "out": out }))?;
        let graph = drive.ask("graph", json!({}))?;
        let nodes = graph["nodes"].as_array().cloned().unwrap_or_default();
        let seed = nodes.into_iter().find(|n| n["id"] == "seed").unwrap_or_default();
        Ok(seed["params"]["value"].clone())
    };
    assert_eq!(value_after("fixed")?, json!(7));
    assert_eq!(value_after("increment")?, json!(8));
    let seven = std::fs::read(home.path("noise.png"))?;
    assert_eq!(value_after("increment")?, json!(9));
    assert_ne!(seven, std::fs::read(home.path("noise.png"))?, "the run after it rolled other dice");
    drive.ask("undo", json!({}))?;
    let graph = drive.ask("graph", json!({}))?;
    assert!(graph.to_string().contains("\"value\":8"), "a step of undo of its own: {graph}");
    Ok(())
}

#[test]
fn a_length_takes_a_number_that_does_not_change() -> Result<()> {
    let home = Home::new()?;
    let mut drive = Drive::start(&home, &[])?;
    drive.ask("add", json!({ "kind": "generate/pattern", "node": "bars" }))?;
    drive.ask("add", json!({ "kind": "time/hold", "node": "hold" }))?;
    drive.ask("add", json!({ "kind": "plan/number", "node": "n", "params": { "value": 17 } }))?;
    drive.connect("bars.clip", "hold.clip")?;
    drive.connect("n.number", "hold.length")?;
    assert_eq!(drive.ask("describe", json!({ "node": "hold" }))?["frames"], json!(17));
    let keys = json!({ "keys": [[0, 10, "linear"], [9, 20, "linear"]] });
    drive.ask("set", json!({ "node": "n", "param": "value", "value": keys }))?;
    let errors = drive.ask("describe", json!({ "node": "hold" }))?["errors"].clone();
    assert!(errors[0]["error"].to_string().contains("length cannot change over time"), "{errors}");
    assert!(!errors[0]["help"].to_string().is_empty());
    let refusal = drive.refuse("set", json!({ "node": "hold", "param": "length", "value": keys }))?;
    assert_eq!(refusal.code, "usage");
    Ok(())
}
