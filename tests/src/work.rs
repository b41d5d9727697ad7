//! A session of work in the window, done by a random hand.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::program::Home;

/// Works for so many seconds; gives how many things were done, and of each part of a frame how many milliseconds of
/// processor time it held the window's thread at most.
///
/// # Errors
/// If the program does not come to its end.
pub fn work(seconds: u32, seed: u32) -> Result<(u64, BTreeMap<String, f64>)> {
    let (seconds, seed) = (seconds.to_string(), seed.to_string());
    let said = Home::new()?.must(["bench", "session", "--seconds", &seconds, "--seed", &seed, "--json"])?;
    let said: Value = serde_json::from_str(said.trim()).context("no JSON")?;
    let held = said["held"].as_object().context("no parts")?;
    let longest = held.iter().filter_map(|(part, h)| Some((part.clone(), h["processor_ms"].as_f64()?)));
    Ok((said["acts"].as_u64().context("no acts")?, longest.collect()))
}
