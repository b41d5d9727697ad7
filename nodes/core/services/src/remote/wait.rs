//! One program at a time for one request.

use std::time::Duration;

use rushes_engine::{Cancel, Error, Key, Progress, Result};

use crate::Ledger;
use crate::ledger::Held;

/// The right to make what `content` names, and whether another had it first.
pub(super) fn alone(
    ledger: &Ledger,
    content: Key,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<(Held, bool)> {
    let mut waited = false;
    loop {
        cancel.check()?;
        if let Some(held) = ledger.lock(content)? {
            return Ok((held, waited));
        }
        if !waited {
            progress.report(0.0, "waiting for another program that makes the same");
        }
        waited = true;
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// The right to make what `content` names, if no other program is at work on it. Who only looks whether one is holds it
/// for a moment, so it is asked more than once.
pub(super) fn at_once(ledger: &Ledger, content: Key, row: &str) -> Result<Held> {
    for _ in 0..5 {
        if let Some(held) = ledger.lock(content)? {
            return Ok(held);
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Err(Error::usage(format!("a program is at work on the request {row}"))
        .help("wait for it, or stop it first"))
}
