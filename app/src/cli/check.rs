//! `rushes check`: what is wrong in graphs, and what would be better.

use super::{args::CheckArgs, say};
use crate::session::{Options, Session};
use rushes_engine::plan::in_words;
use rushes_engine::{Error, Result};
use serde_json::{Value, json};
use std::process::ExitCode;

/// Checks every graph; the worst decides the exit code.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode> {
    let mut worst = 0;
    let mut told = Vec::new();
    for path in &args.graphs {
        let mut session = Session::new(Options { trust: args.trust, ..Options::default() })?;
        let findings = match session.open(path) {
            Ok(()) => findings(&mut session),
            Err(e) => vec![problem("", &e)],
        };
        for finding in &findings {
            let text = |key: &str| finding[key].as_str().unwrap_or("").to_owned();
            let is_error = finding["level"] == "error";
            if is_error {
                worst = worst.max(finding["exit"].as_i64().unwrap_or(2) + 100);
            } else if args.strict {
                worst = worst.max(3);
            }
            if !args.json {
                let node = match text("node") {
                    node if node.is_empty() => String::new(),
                    node => format!("{node}: "),
                };
                say(&format!("{}: {}: {node}{}", path.display(), text("level"), text("what")))?;
                for more in ["help", "why"].map(text).iter().filter(|m| !m.is_empty()) {
                    say(&format!("    {more}"))?;
                }
            }
        }
        told.push(json!({ "graph": path.display().to_string(), "findings": findings }));
    }
    if args.json {
        say(&serde_json::to_string_pretty(&told).unwrap_or_default())?;
    }
    let code = if worst >= 100 { worst - 100 } else { worst };
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(2)))
}

/// Errors first, then advice, each as `level node what help…`.
pub(crate) fn findings(session: &mut Session) -> Vec<Value> {
    let described = session.described();
    let mut found: Vec<Value> = described.problems().map(|(id, e)| problem(id.as_str(), e)).collect();
    for slot in described.slots() {
        for advice in &slot.state.advice {
            found.push(json!({
                "level": "advice",
                "node": slot.id.to_string(),
                "rule": advice.rule,
                "what": advice.what,
                "why": advice.why,
                "fix": advice.fix,
            }));
        }
    }
    for slot in described.slots() {
        if let Ok(Some(changes)) = session.stale(&slot.id) {
            found.push(json!({
                "level": "advice",
                "node": slot.id.to_string(),
                "rule": "stale_take",
                "what": format!("Its take is stale: {}", in_words(&changes)),
                "why": "What the take was made from is no longer what is wired into the node.",
                "fix": {},
            }));
        }
    }
    found
}

fn problem(node: &str, error: &Error) -> Value {
    json!({
        "level": "error",
        "node": node,
        "what": error.to_string(),
        "help": error.help_text(),
        "code": error.kind().code(),
        "exit": error.kind().exit_code(),
    })
}
