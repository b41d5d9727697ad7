//! A client of `rushes drive`: one JSON object a line, both ways.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Map, Value, json};

use crate::program::{Home, code};

/// Longer than any honest answer: a silent program is a failure, not a wait without end.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running `rushes drive`. It is killed when dropped without [`Drive::quit`].
pub struct Drive {
    child: Child,
    requests: Option<ChildStdin>,
    replies: Receiver<String>,
    stderr: Arc<Mutex<String>>,
    last: u64,
    early: BTreeMap<u64, Value>,
    progress: BTreeMap<u64, Vec<f64>>,
}

/// An error reply: who has to act, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// `usage`, `node`, `consent`, `missing` or `cancelled`.
    pub code: String,
    /// What is wrong, and where.
    pub error: String,
    /// What to do.
    pub help: String,
}

impl Drive {
    /// Starts `rushes drive` with more arguments (a graph, `--trust`, …).
    ///
    /// # Errors
    /// If the program cannot be started.
    pub fn start(home: &Home, arguments: &[&str]) -> Result<Self> {
        let mut command = home.command()?;
        command.arg("drive").args(arguments);
        Self::over(command)
    }

    /// Speaks with any program that knows the protocol.
    ///
    /// # Errors
    /// If it cannot be started.
    pub fn over(mut command: Command) -> Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("the program could not be started")?;
        let requests = child.stdin.take();
        let stdout = child.stdout.take().context("no stdout")?;
        let mut heard = child.stderr.take().context("no stderr")?;
        let (sender, replies) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(std::io::Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let stderr = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&stderr);
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = heard.read(&mut piece) {
                let text = String::from_utf8_lossy(piece.get(..length).unwrap_or_default());
                kept.lock().unwrap_or_else(PoisonError::into_inner).push_str(&text);
            }
        });
        let (early, progress) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { child, requests, replies, stderr, last: 0, early, progress })
    }

    /// Asks, and gives the `result` of a good reply.
    ///
    /// # Errors
    /// If the reply is an error, or none comes.
    pub fn ask(&mut self, verb: &str, fields: Value) -> Result<Value> {
        let id = self.send(verb, fields)?;
        self.reply(id)?.map_err(|refusal| anyhow!("{verb} was refused: {refusal:?}"))
    }

    /// Asks for what must be refused, and gives the refusal.
    ///
    /// # Errors
    /// If the reply is good, or none comes.
    pub fn refuse(&mut self, verb: &str, fields: Value) -> Result<Refusal> {
        let id = self.send(verb, fields)?;
        match self.reply(id)? {
            Ok(result) => bail!("{verb} was not refused: {result}"),
            Err(refusal) => Ok(refusal),
        }
    }

    /// Sends a request and gives its id, without waiting.
    ///
    /// # Errors
    /// If `fields` is no object, or the program is gone.
    pub fn send(&mut self, verb: &str, fields: Value) -> Result<u64> {
        let Value::Object(fields) = fields else { bail!("the fields of {verb} are no object: {fields}") };
        self.last += 1;
        let mut request = Map::new();
        request.insert("id".to_owned(), json!(self.last));
        request.insert("do".to_owned(), json!(verb));
        request.extend(fields);
        self.line(&Value::Object(request).to_string())?;
        Ok(self.last)
    }

    /// Sends a line as it is, JSON or not.
    ///
    /// # Errors
    /// If the program is gone.
    pub fn line(&mut self, line: &str) -> Result<()> {
        let requests = self.requests.as_mut().context("the program was told to quit")?;
        let sent = writeln!(requests, "{line}").and_then(|()| requests.flush());
        sent.with_context(|| format!("the program is gone: {}", self.stderr()))
    }

    /// Waits for the reply to a request, keeping replies to others and progress for later.
    ///
    /// # Errors
    /// If the program ends, falls silent, or says what is no reply.
    pub fn reply(&mut self, id: u64) -> Result<Result<Value, Refusal>> {
        let reply = loop {
            if let Some(reply) = self.early.remove(&id) {
                break reply;
            }
            let line = self.next_line()?;
            let of = line["id"].as_u64().with_context(|| format!("a reply to nothing: {line}"))?;
            if let Some(part) = line["progress"].as_f64() {
                self.progress.entry(of).or_default().push(part);
            } else {
                self.early.insert(of, line);
            }
        };
        match reply["ok"].as_bool() {
            Some(true) => Ok(Ok(reply["result"].clone())),
            Some(false) => Ok(Err(refusal(&reply))),
            None => bail!("a reply without ok: {reply}"),
        }
    }

    /// The next line the program says, whatever it is.
    ///
    /// # Errors
    /// If the program ends, falls silent, or says what is not JSON.
    pub fn next_line(&mut self) -> Result<Value> {
        let line = match self.replies.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => bail!("no reply came: {}", self.stderr()),
            Err(RecvTimeoutError::Disconnected) => bail!("the program ended: {}", self.stderr()),
        };
        serde_json::from_str(&line).with_context(|| format!("not JSON: {line}"))
    }

    /// The progress told so far for a request, in order, 0 to 1.
    pub fn progress(&self, id: u64) -> &[f64] {
        self.progress.get(&id).map_or(&[], Vec::as_slice)
    }

    /// All it said on stderr so far.
    pub fn stderr(&self) -> String {
        self.stderr.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Adds a node and gives its id.
    ///
    /// # Errors
    /// If it is refused.
    pub fn add(&mut self, kind: &str, params: impl Into<Value>) -> Result<String> {
        let result = self.ask("add", json!({ "kind": kind, "params": params.into() }))?;
        Ok(result["node"].as_str().with_context(|| format!("no node in {result}"))?.to_owned())
    }

    /// Sets a parameter.
    ///
    /// # Errors
    /// If it is refused.
    pub fn set(&mut self, node: &str, param: &str, value: impl Into<Value>) -> Result<()> {
        self.ask("set", json!({ "node": node, "param": param, "value": value.into() })).map(drop)
    }

    /// Draws a wire.
    ///
    /// # Errors
    /// If it is refused.
    pub fn connect(&mut self, from: &str, to: &str) -> Result<()> {
        self.ask("connect", json!({ "from": from, "to": to })).map(drop)
    }

    /// Evaluates one frame, writes it where `out` says, and gives its key.
    ///
    /// # Errors
    /// If it is refused.
    pub fn frame(&mut self, node: &str, frame: u64, out: Option<&Path>) -> Result<String> {
        let mut fields = json!({ "node": node, "frame": frame });
        if let Some(out) = out {
            fields["out"] = json!(out);
        }
        let result = self.ask("frame", fields)?;
        Ok(result["key"].as_str().with_context(|| format!("no key in {result}"))?.to_owned())
    }

    /// How many frames each node has really evaluated since the last `stats` with `reset`.
    ///
    /// # Errors
    /// If it is refused.
    pub fn evaluated(&mut self) -> Result<BTreeMap<String, u64>> {
        let stats = self.ask("stats", json!({}))?;
        let nodes = stats["nodes"].as_object().with_context(|| format!("no nodes in {stats}"))?;
        Ok(nodes.iter().map(|(id, node)| (id.clone(), node["evaluated"].as_u64().unwrap_or(0))).collect())
    }

    /// Ends the conversation and gives the exit code.
    ///
    /// # Errors
    /// If the program does not answer.
    pub fn quit(mut self) -> Result<i32> {
        self.ask("quit", json!({}))?;
        self.requests = None;
        Ok(code(self.child.wait()?))
    }

    /// Kills the program, as by SIGKILL, and gives all that it had answered by then, good or not.
    pub fn kill(mut self) -> BTreeMap<u64, Value> {
        // It may have died by itself; its answers then tell how far it came.
        drop(self.child.kill());
        drop(self.child.wait());
        let mut answered = std::mem::take(&mut self.early);
        while let Ok(line) = self.replies.recv_timeout(PATIENCE) {
            let line: Value = serde_json::from_str(&line).unwrap_or_default();
            if let (Some(id), true) = (line["id"].as_u64(), line["ok"].is_boolean()) {
                answered.insert(id, line);
            }
        }
        answered
    }

    /// Closes the program's stdin, which is as good as `quit`, and gives the exit code.
    ///
    /// # Errors
    /// If the end cannot be waited for.
    pub fn hang_up(mut self) -> Result<i32> {
        self.requests = None;
        Ok(code(self.child.wait()?))
    }
}

impl Drop for Drive {
    fn drop(&mut self) {
        // Nobody is left to hear that it had already ended.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn refusal(reply: &Value) -> Refusal {
    let word = |name: &str| reply[name].as_str().unwrap_or_default().to_owned();
    Refusal { code: word("code"), error: word("error"), help: word("help") }
}
