//! Killing the program in the middle of an edit: what it said was done is done, whenever that was.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::drive::Drive;
use crate::program::Home;

/// Rounds that go on with one graph; then a new one is begun, so that histories stay short.
const ROUNDS_A_GRAPH: u64 = 10;
const GRAPH: &str = "graph.json";

/// A small generator of numbers; the same seed gives the same edits.
struct Dice(u64);

impl Dice {
    /// A number below `below`.
    fn roll(&mut self, below: u64) -> u64 {
        // Splitmix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % below.max(1)
    }
}

/// One thing to ask of the program. Some are refused, in which case both programs must refuse them.
fn request(dice: &mut Dice, drags: bool) -> (&'static str, Value) {
    let node = format!("n{}", dice.roll(6));
    let other = format!("n{}", dice.roll(6));
    let value = dice.roll(9);
    match dice.roll(12) {
        0 | 1 => ("add", json!({ "kind": "finish/blur", "node": node })),
        2 => ("remove", json!({ "node": node })),
        3 => ("move", json!({ "node": node, "at": [value, value] })),
        4 => ("connect", json!({ "from": format!("{node}.clip"), "to": format!("{other}.clip") })),
        5 => ("bypass", json!({ "node": node, "on": value > 4 })),
        6 => ("undo", json!({})),
        7 => ("redo", json!({})),
        8 => ("save", json!({})),
        9 => {
            let edits = [
                json!({ "do": "set", "node": node, "param": "sigma", "value": value }),
                json!({ "do": "graph_title", "title": format!("title {value}") }),
            ];
            ("edit", json!({ "edits": edits, "label": "Both" }))
        }
        _ => {
            let merge = drags && value > 3;
            ("set", json!({ "node": node, "param": "sigma", "value": value, "merge": merge }))
        }
    }
}

/// Everything that must outlive a crash: the graph, each step back with the graph that it leads to, each step forth.
#[derive(Debug, PartialEq)]
struct Memory {
    graph: Value,
    back: Vec<(Value, Value)>,
    forth: Vec<(Value, Value)>,
}

fn memory(drive: &mut Drive) -> Result<Memory> {
    let graph = drive.ask("graph", json!({}))?;
    let back = walk(drive, "undo", "redo")?;
    let forth = walk(drive, "redo", "undo")?;
    if drive.ask("graph", json!({}))? != graph {
        bail!("undo and redo did not lead back");
    }
    Ok(Memory { graph, back, forth })
}

/// Goes one way to its end and comes back.
fn walk(drive: &mut Drive, there: &str, home: &str) -> Result<Vec<(Value, Value)>> {
    let mut steps = Vec::new();
    loop {
        let label = drive.ask(there, json!({}))?["done"].clone();
        if label.is_null() {
            break;
        }
        steps.push((label, drive.ask("graph", json!({}))?));
    }
    for _ in &steps {
        drive.ask(home, json!({}))?;
    }
    Ok(steps)
}

fn open(home: &Home) -> Result<(Drive, Value)> {
    let mut drive = Drive::start(home, &[])?;
    let told = drive.ask("open", json!({ "graph": GRAPH, "journal": true }))?;
    Ok((drive, told))
}

fn on_disk(home: &Home) -> Result<Value> {
    let text = fs::read_to_string(home.path(GRAPH)).context("the graph is not there")?;
    serde_json::from_str(&text).context("the graph is not whole")
}

/// Edits a graph through `rushes drive`, kills it with SIGKILL at some point, opens the graph again, and so on, for so
/// many rounds. Beside it another one does the same edits and is not killed: what came back must be what that one has.
///
/// # Errors
/// With the round and its seed, when anything was lost.
pub fn survive_kills(rounds: u64, seed: u64) -> Result<()> {
    let mut round = 0;
    while round < rounds {
        let (home, calm) = (Home::new()?, Home::new()?);
        let empty = json!({ "rushes": 1, "nodes": [], "links": [] }).to_string();
        for home in [&home, &calm] {
            home.write(GRAPH, &empty)?;
        }
        let mut reference = Drive::start(&calm, &[GRAPH])?;
        for _ in 0..ROUNDS_A_GRAPH.min(rounds - round) {
            let mut dice = Dice(seed.wrapping_add(round));
            killed_once(&home, &calm, &mut reference, &mut dice)
                .with_context(|| format!("round {round} of seed {seed}"))?;
            round += 1;
        }
    }
    Ok(())
}

fn killed_once(home: &Home, calm: &Home, reference: &mut Drive, dice: &mut Dice) -> Result<()> {
    let (mut drive, _) = open(home)?;
    for _ in 0..dice.roll(8) {
        let (verb, fields) = request(dice, true);
        let (ours, theirs) = (drive.send(verb, fields.clone())?, reference.send(verb, fields)?);
        let (ours, theirs) = (drive.reply(ours)?.is_ok(), reference.reply(theirs)?.is_ok());
        if ours != theirs {
            bail!("{verb}: one did it and the other refused");
        }
    }
    // Asked for without waiting, so that the kill meets it at work.
    let mut waiting = Vec::new();
    for _ in 0..dice.roll(12) {
        let (verb, fields) = request(dice, false);
        waiting.push((drive.send(verb, fields.clone())?, verb, fields));
    }
    thread::sleep(Duration::from_micros(dice.roll(4_000)));
    let answered = drive.kill();
    let done = waiting.iter().take_while(|(id, ..)| answered.contains_key(id)).count();

    // Before it is opened again: the file is whole, whatever happened.
    let file = on_disk(home)?;
    let (mut drive, told) = open(home)?;
    let found = memory(&mut drive)?;
    let mut at = 0;
    // A save at work may have been done to the disk and not been acknowledged: the file tells which.
    while at < done || memory(reference)? != found || on_disk(calm)? != file {
        let Some((_, verb, fields)) = waiting.get(at) else {
            let acknowledged = format!("{done} of {} were acknowledged", waiting.len());
            let theirs = memory(reference)?;
            bail!("what came back is no state of it; {acknowledged}: {theirs:#?}\n{found:#?}\n{file:#}");
        };
        let id = reference.send(verb, fields.clone())?;
        drop(reference.reply(id)?);
        at += 1;
    }
    let differs = canonical(&file) != canonical(&found.graph);
    if differs && told["unsaved"] != json!(true) {
        bail!("changes that are not saved were taken for saved: {told}");
    }
    drive.quit().map(drop)
}

/// A graph without what an empty list or object would say.
fn canonical(graph: &Value) -> Value {
    let mut graph = graph.clone();
    if let Value::Object(fields) = &mut graph {
        fields.retain(|_, v| !matches!(v, Value::Array(a) if a.is_empty()) && *v != json!({}));
    }
    graph
}
