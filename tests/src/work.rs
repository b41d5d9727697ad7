//! A session of work in the window, done by a random hand.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::program::Home;

/// What held the window's thread longest.
#[derive(Debug)]
pub struct Held {
    /// Milliseconds of processor time.
    pub processor_ms: f64,
    /// What the hand did then.
    pub act: String,
    /// Of how many nodes the graph was after it.
    pub nodes: u64,
}

/// Works for so many seconds; gives how many things were done, and of each part of a frame the longest that it held the
/// window's thread.
///
/// # Errors
/// If the program does not come to its end.
pub fn work(seconds: u32, seed: u32) -> Result<(u64, BTreeMap<String, Held>)> {
    let (seconds, seed) = (seconds.to_string(), seed.to_string());
    let said = Home::new()?.must(["bench", "session", "--seconds", &seconds, "--seed", &seed, "--json"])?;
    let said: Value = serde_json::from_str(said.trim()).context("no JSON")?;
    let held = said["held"].as_object().context("no parts")?;
    let longest = held.iter().map(|(part, held)| {
        let processor_ms = held["processor_ms"].as_f64()?;
        let (act, nodes) = (held["act"].as_str()?.to_owned(), held["nodes"].as_u64()?);
        Some((part.clone(), Held { processor_ms, act, nodes }))
    });
    let longest = longest.collect::<Option<_>>().context("a part says too little")?;
    Ok((said["acts"].as_u64().context("no acts")?, longest))
}
