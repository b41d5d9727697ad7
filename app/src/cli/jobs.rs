//! `rushes jobs`: what was ordered from remote engines.

use super::args::JobsKind;
use super::progress::Shown;
use super::{args::ProgressKind, say};
use crate::home::Home;
use crate::session::fetch;
use rushes_engine::{Cancel, Error, Result};
use rushes_services::{Remote, Row, State};
use serde_json::json;
use std::process::ExitCode;

/// How it stands with an order, in words.
pub(crate) fn standing(row: &Row) -> &'static str {
    match row.state {
        State::Sending => "outcome unknown",
        State::Sent => "under way",
        State::Made => "made, not fetched",
        State::Kept => "in the library",
        State::Failed => "failed",
        State::Cancelled => "cancelled",
        State::Forgotten => "forgotten",
    }
}

/// Lists orders, takes them up, cancels or forgets them.
pub(crate) fn run(kind: &JobsKind, stop: &Cancel) -> Result<ExitCode> {
    let home = Home::open()?;
    let remote = Remote::at(home.root());
    let ledger = remote.ledger();
    match kind {
        JobsKind::List { all, json } => {
            let rows = if *all { ledger.rows()? } else { ledger.open_rows()? };
            for row in rows {
                let line = if *json {
                    json!({
                        "id": row.id, "made": row.made, "title": row.title, "provider": row.provider,
                        "endpoint": row.endpoint, "usd": row.quoted_usd, "state": row.state, "error": row.error,
                    })
                    .to_string()
                } else {
                    let why = if row.error.is_empty() { String::new() } else { format!("  {}", row.error) };
                    format!("{}  {}  ${:.2}  {}{why}", row.id, row.title, row.quoted_usd, standing(&row))
                };
                say(&line)?;
            }
        }
        JobsKind::Resume { id } => {
            let rows = match id {
                Some(id) => vec![ledger.get(id)?],
                None => ledger.open_rows()?.into_iter().filter(|row| row.state != State::Sending).collect(),
            };
            let mut failed = None;
            for row in rows {
                let shown = Shown::new(ProgressKind::Auto);
                let fetched = fetch(&home, &remote, &row, &stop.child(), &shown.progress);
                drop(shown);
                match fetched {
                    Ok(take) => say(&format!("{} is take {}", row.title, take.id))?,
                    Err(e) if e.is_cancelled() => return Err(e),
                    // One that fails hinders no other.
                    Err(e) => failed = Some(failed.unwrap_or_else(|| e.at(&row.title))),
                }
            }
            failed.map_or(Ok(()), Err)?;
        }
        JobsKind::Cancel { id } => {
            remote.cancel(id)?;
            say(&format!("{id} is {}", standing(&ledger.get(id)?)))?;
        }
        JobsKind::Forget { id } => {
            let row = ledger.get(id)?;
            if row.state != State::Sending {
                return Err(Error::usage(format!("{id} is {}", standing(&row)))
                    .help("only an order of unknown outcome can be forgotten"));
            }
            ledger.forget(id)?;
            say(&format!("{id} is forgotten: the same may be ordered again"))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}
