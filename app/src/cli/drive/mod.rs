//! `rushes drive`: the document and the evaluator by JSON, an object a line.
//!
//! Requests are answered in the order they came. Only `cancel` acts at once: a thread of its own reads the input.

mod protocol;
mod verbs;

use super::args::DriveArgs;
use crate::session::{Budget, Options, Session};
use protocol::{Line, Out, Request, parse};
use rushes_engine::{Cancel, Error, Progress, Result};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::BufRead;
use std::process::ExitCode;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};

/// The longest line that is read, in bytes.
const LONGEST: usize = 64 << 20;

/// Flags of the requests that wait or run, by the text of their id.
type Flags = Arc<Mutex<HashMap<String, Cancel>>>;

/// Serves standard input until it ends.
pub(crate) fn run(args: &DriveArgs, stop: &Cancel) -> Result<ExitCode> {
    let budget = Budget { max_usd: args.max_cost, yes: args.yes };
    // Who asks for a description waits for all of it; nobody needs to be told.
    let learned = Some(Box::new(|| {}) as Box<dyn Fn() + Send + Sync>);
    let mut session = Session::new(Options { trust: args.trust, budget, learned, ..Options::default() })?;
    if let Some(graph) = &args.graph {
        session.open(graph)?;
    }
    let (sender, requests) = channel();
    let (out, flags) = (Out::default(), Flags::default());
    let (reader_out, reader_flags, stop) = (out.clone(), flags.clone(), stop.clone());
    let parent = stop.clone();
    let read = move || {
        let stdin = std::io::stdin().lock();
        read_lines(stdin, &sender, &reader_out, &reader_flags, &parent);
    };
    std::thread::Builder::new()
        .name("standard input".into())
        .spawn(read)
        .map_err(|e| Error::system(format!("no thread could be started: {e}")))?;
    for request in requests {
        let Request { id, verb, fields, cancel } = request;
        let progress = {
            let (out, id) = (out.clone(), id.clone());
            Progress::new(move |share, message| {
                out.say(&json!({ "id": id, "progress": share, "message": message }));
            })
        };
        let done = match cancel.is_cancelled() {
            true => Err(Error::cancelled()),
            false => verbs::act(&mut session, &verb, &fields, &cancel, &progress),
        };
        flags.lock().unwrap_or_else(PoisonError::into_inner).remove(&id.to_string());
        match done {
            Ok(result) => out.say(&json!({ "id": id, "ok": true, "result": result })),
            Err(error) => out.refuse(&id, &error),
        }
        if verb == "quit" {
            break;
        }
        if stop.is_cancelled() {
            return Err(Error::cancelled());
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads lines until the end of the input and hands on what they ask; what acts at once is done here.
fn read_lines(input: impl BufRead, sender: &Sender<Request>, out: &Out, flags: &Flags, stop: &Cancel) {
    let mut input = input;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        match std::io::Read::take(&mut input, LONGEST as u64).read_until(b'\n', &mut bytes) {
            Ok(0) => return,
            Ok(_) => {}
            Err(e) => {
                log::error!("standard input cannot be read: {e}");
                return;
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        if text.trim().is_empty() {
            continue;
        }
        match parse(&text) {
            Err((id, error)) => out.refuse(&id, &error),
            Ok(Line::Cancel { id, of }) => {
                let found =
                    flags.lock().unwrap_or_else(PoisonError::into_inner).get(&of.to_string()).cloned();
                if let Some(flag) = &found {
                    flag.cancel();
                }
                out.say(&json!({ "id": id, "ok": true, "result": { "cancelled": found.is_some() } }));
            }
            Ok(Line::Ask { id, verb, fields }) => {
                let cancel = stop.child();
                flags.lock().unwrap_or_else(PoisonError::into_inner).insert(id.to_string(), cancel.clone());
                if sender.send(Request { id, verb, fields, cancel }).is_err() {
                    return;
                }
            }
        }
    }
}

/// The value of a field, or null.
pub(crate) fn field<'a>(fields: &'a Value, name: &str) -> &'a Value {
    fields.get(name).unwrap_or(&Value::Null)
}
