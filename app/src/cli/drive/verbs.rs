//! What the verbs of `drive` do.

use super::field;
use crate::cli::{check, nodes, stats};
use crate::session::{FrameFile, RenderOrder, Session};
use rushes_engine::describe::Shape;
use rushes_engine::document::{Edit, NodeId, Recovery, json as graph_json};
use rushes_engine::library::Facts;
use rushes_engine::{Cancel, Desc, Error, Progress, Result};
use serde_json::{Value, json};
use std::ops::Range;
use std::path::PathBuf;

/// Does what a request asks and gives its result.
pub(super) fn act(
    session: &mut Session,
    verb: &str,
    fields: &Value,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Value> {
    let done = || Ok(json!({}));
    match verb {
        "open" if field(fields, "journal").as_bool() == Some(true) => {
            Ok(recovered(&session.open_journaled(&path(fields, "graph")?)?))
        }
        "open" => session.open(&path(fields, "graph")?).and_then(|()| done()),
        "new" => {
            session.clear();
            done()
        }
        "add" => add(session, fields),
        "duplicate" => duplicate(session, fields),
        "remove" | "rename" | "move" | "set" | "reset" | "bypass" | "mute" | "lock" | "connect"
        | "disconnect" => {
            let merge = field(fields, "merge").as_bool() == Some(true);
            session.apply(vec![edit(fields)?], None, merge)?;
            done()
        }
        "take" if fields.get("file").is_some() => bring(session, fields, cancel),
        "take" => {
            session.apply(vec![edit(fields)?], None, false)?;
            done()
        }
        "takes" => Ok(json!({ "takes": session.takes(&node(fields)?)? })),
        "quote" => {
            let steps = session.quote(optional_node(fields)?.as_ref())?;
            let usd = steps.iter().fold(0.0, |sum, step| sum + step.usd);
            Ok(json!({ "usd": usd, "steps": steps, "allowed": session.budget().allow(&steps).is_ok() }))
        }
        "jobs" => {
            let orders = session.orders()?.into_iter().map(
                |row| json!({ "id": row.id, "title": row.title, "usd": row.quoted_usd, "state": row.state }),
            );
            Ok(json!({ "jobs": session.jobs(), "orders": orders.collect::<Vec<_>>() }))
        }
        "undo" => Ok(json!({ "done": session.document.undo() })),
        "redo" => Ok(json!({ "done": session.document.redo() })),
        "edit" => edits(session, fields),
        "copy" => {
            let ids = list(fields, "nodes")?;
            Ok(json!({ "json": graph_json::copy(session.document.graph(), &ids)? }))
        }
        "paste" => paste(session, fields),
        "describe" => describe(session, &node(fields)?),
        "plan" => {
            let node = optional_node(fields)?;
            let plan = session.plan(node.as_ref(), frames(fields)?.as_ref())?;
            Ok(json!(plan))
        }
        "why" => {
            let node = node(fields)?;
            let stale = session.stale(&node)?;
            let changes = session.why(&node)?;
            Ok(json!({ "made": changes.is_some(), "changes": changes.unwrap_or_default(), "stale": stale }))
        }
        "frame" => frame(session, fields, cancel),
        "run" | "render" => render(session, verb, fields, cancel, progress),
        "graph" => serde_json::from_str(&graph_json::write(session.document.graph()))
            .map_err(|e| Error::usage(format!("the graph is no JSON: {e}"))),
        "nodes" => nodes::catalogue(
            session.registry(),
            session.document.graph(),
            fields.get("kind").and_then(Value::as_str),
        ),
        "lint_fix" => lint_fix(session, fields),
        "check" => Ok(json!({ "findings": check::findings(session) })),
        "stats" => {
            let told = stats::account(session);
            if field(fields, "reset").as_bool() == Some(true) {
                session.reset_account();
            }
            Ok(told)
        }
        "save" => {
            match fields.get("out") {
                Some(_) => session.save_as(&path(fields, "out")?)?,
                None => session.document.save()?,
            }
            done()
        }
        "quit" => done(),
        other => {
            Err(Error::usage(format!("there is no verb “{}”", other.chars().take(40).collect::<String>()))
                .help("see the README for the verbs of drive"))
        }
    }
}

/// What a journal gave.
fn recovered(recovery: &Recovery) -> Value {
    match recovery {
        Recovery::Nothing => json!({ "steps": 0, "unsaved": false }),
        Recovery::Restored { steps, unsaved } => json!({ "steps": steps, "unsaved": unsaved }),
        Recovery::ChangedElsewhere { kept } => json!({ "steps": 0, "unsaved": false, "kept": kept }),
        Recovery::Without(e) => json!({ "steps": 0, "unsaved": false, "without": e.to_string() }),
    }
}

/// The request as the document's own edit of the same name.
fn edit(fields: &Value) -> Result<Edit> {
    let mut object = fields.clone();
    if let Value::Object(object) = &mut object {
        object.retain(|name, _| name != "id" && name != "merge");
    }
    Edit::from_json(&object)
}

fn add(session: &mut Session, fields: &Value) -> Result<Value> {
    let kind = text(fields, "kind")?;
    // A kind that is not of the catalogue has one version.
    Shape::of_kind(session.document.graph(), session.registry(), &kind)?;
    let version = session.registry().get(&kind).map_or(1, |tool| tool.spec().version);
    let id = match optional_node(fields)? {
        Some(id) => id,
        None => session.document.graph().fresh_id(&kind),
    };
    let mut object = fields.clone();
    object["version"] = json!(version);
    object["node"] = json!(id.as_str());
    session.apply(vec![edit(&object)?], None, false)?;
    Ok(json!({ "node": id.as_str() }))
}

fn duplicate(session: &mut Session, fields: &Value) -> Result<Value> {
    let id = match field(fields, "to") {
        Value::Null => session.document.graph().fresh_id(node(fields)?.as_str()),
        _ => parsed(fields, "to")?,
    };
    let mut object = fields.clone();
    object["to"] = json!(id.as_str());
    session.apply(vec![edit(&object)?], None, false)?;
    Ok(json!({ "node": id.as_str() }))
}

fn edits(session: &mut Session, fields: &Value) -> Result<Value> {
    let list = field(fields, "edits").as_array().ok_or_else(|| missing("edits"))?;
    let list = list.iter().map(Edit::from_json).collect::<Result<Vec<_>>>()?;
    let label = fields.get("label").and_then(Value::as_str);
    session.apply(list, label, field(fields, "merge").as_bool() == Some(true))?;
    Ok(json!({}))
}

/// Adds a part of a graph and tells the ids that its nodes got.
fn paste(session: &mut Session, fields: &Value) -> Result<Value> {
    let before = session.document.graph().clone();
    session.apply(vec![edit(fields)?], None, false)?;
    let fresh = session.document.graph().nodes.keys().filter(|id| !before.nodes.contains_key(*id));
    Ok(json!({ "nodes": fresh.map(NodeId::as_str).collect::<Vec<_>>() }))
}

fn describe(session: &mut Session, node: &NodeId) -> Result<Value> {
    let mut described = session.described();
    if described.slot(node)?.state.is_waiting() {
        session.services().wait_for_findings();
        described = session.described();
    }
    let slot = described.slot(node)?;
    let outcome = match &slot.state.outcome {
        Ok(outcome) => outcome,
        Err(e) => {
            return Ok(
                json!({ "errors": [{ "error": e.to_string(), "help": e.help_text(), "code": e.kind().code() }] }),
            );
        }
    };
    let names = slot.state.output_names();
    let mut told = json!({ "errors": [], "words": outcome.words, "outputs": {} });
    for (at, desc) in outcome.outputs.iter().enumerate() {
        let name = names.get(at).copied().unwrap_or_default();
        told["outputs"][name] = output(desc);
    }
    // The first output that has frames is also told at the top, where most look for it.
    if let Some(clip) = outcome.outputs.iter().find(|d| d.frames().is_some()).map(output) {
        for name in ["size", "rate", "frames", "color", "depth", "alpha"] {
            told[name] = clip[name].clone();
        }
    }
    Ok(told)
}

fn output(desc: &Desc) -> Value {
    let mut told = json!({ "type": desc.value_type(), "words": desc.to_string() });
    if let Some(clip) = desc.frames() {
        told["size"] = json!([clip.width, clip.height]);
        told["rate"] = json!(clip.rate.map(rushes_engine::Rate::parts).map(|(n, d)| [n, d]));
        told["frames"] = json!(clip.frames);
        told["color"] = json!(clip.color);
        told["depth"] = json!(clip.depth);
        told["alpha"] = json!(clip.alpha);
    }
    if let Desc::Text(text) = desc {
        told["text"] = json!(&**text);
    }
    told
}

fn frame(session: &mut Session, fields: &Value, cancel: &Cancel) -> Result<Value> {
    let node = node(fields)?;
    let number = field(fields, "frame").as_i64().ok_or_else(|| missing("frame"))?;
    let proxy = whole(fields, "proxy", 1)?;
    let frame = session.frame(&node, number, proxy, cancel)?;
    let (width, height) = match field(fields, "out") {
        Value::Null => session.frame_size(&frame)?,
        _ => {
            let bits = u8::try_from(whole(fields, "bits", 8)?).unwrap_or(0);
            let out = path(fields, "out")?;
            session.write_frame(FrameFile { node: &node, frame: &frame, out: &out, bits }, cancel)?
        }
    };
    Ok(json!({ "width": width, "height": height, "key": frame.key.to_string() }))
}

fn render(
    session: &mut Session,
    verb: &str,
    fields: &Value,
    cancel: &Cancel,
    progress: &Progress,
) -> Result<Value> {
    let node = if verb == "run" { Some(node(fields)?) } else { optional_node(fields)? };
    let out = match field(fields, "out") {
        Value::Null => None,
        _ => Some(
            std::path::absolute(path(fields, "out")?)
                .map_err(|e| Error::usage(format!("the path is no path: {e}")))?,
        ),
    };
    let order = RenderOrder { node, out, frames: frames(fields)?, proxy: whole(fields, "proxy", 1)? };
    let before = session.document.graph().clone();
    let rendered = session.render(&order, cancel, progress)?;
    session.after_run(&rendered.after)?;
    session.play(&rendered.takes, &before)?;
    let takes: Vec<Value> = rendered
        .takes
        .iter()
        .map(|made| json!({ "node": made.node, "take": made.take.id, "ran": made.ran }))
        .collect();
    Ok(json!({
        "files": rendered.files, "frames": rendered.frames, "words": rendered.words, "takes": takes,
    }))
}

/// Brings a file that was made elsewhere; engine, prompt, seed and price may be told.
fn bring(session: &mut Session, fields: &Value, cancel: &Cancel) -> Result<Value> {
    let told = |name: &str| field(fields, name).as_str().unwrap_or("").to_owned();
    let facts = Facts {
        engine: told("engine"),
        model: told("model"),
        prompt: told("prompt"),
        licence: told("licence"),
        date: told("date"),
        seed: field(fields, "seed").as_u64(),
        price_usd: field(fields, "price").as_f64(),
        ..Facts::default()
    };
    let take = session.bring_take(&node(fields)?, &path(fields, "file")?, facts, cancel)?;
    Ok(json!({ "take": take.id }))
}

fn lint_fix(session: &mut Session, fields: &Value) -> Result<Value> {
    let (node, rule) = (node(fields)?, text(fields, "rule")?);
    let described = session.described();
    let advice = described.slot(&node)?.state.advice.iter().find(|a| a.rule == rule).cloned();
    let advice = advice.ok_or_else(|| {
        Error::usage(format!("{node} has no advice “{rule}”")).help("see check for the rules")
    })?;
    if advice.fix.is_empty() {
        return Err(Error::usage(format!("“{rule}” has no fix of its own")).help(advice.why));
    }
    let sets = advice.fix.into_iter().map(|(param, value)| Edit::Set { node: node.clone(), param, value });
    session.apply(sets.collect(), Some("Fix"), false)?;
    Ok(json!({}))
}

fn missing(name: &str) -> Error {
    Error::usage(format!("“{name}” is missing")).help("see the README for the fields of the verb")
}

fn text(fields: &Value, name: &str) -> Result<String> {
    field(fields, name).as_str().map(str::to_owned).ok_or_else(|| missing(name))
}

fn path(fields: &Value, name: &str) -> Result<PathBuf> {
    text(fields, name).map(PathBuf::from)
}

fn node(fields: &Value) -> Result<NodeId> {
    parsed(fields, "node")
}

fn optional_node(fields: &Value) -> Result<Option<NodeId>> {
    if field(fields, "node").is_null() { Ok(None) } else { node(fields).map(Some) }
}

fn parsed<T: std::str::FromStr<Err = Error>>(fields: &Value, name: &str) -> Result<T> {
    text(fields, name)?.parse()
}

fn list(fields: &Value, name: &str) -> Result<Vec<NodeId>> {
    let items = field(fields, name).as_array().ok_or_else(|| missing(name))?;
    items.iter().map(|i| i.as_str().ok_or_else(|| missing(name))?.parse()).collect()
}

fn whole(fields: &Value, name: &str, default: u32) -> Result<u32> {
    match field(fields, name) {
        Value::Null => Ok(default),
        value => {
            value.as_u64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0).ok_or_else(|| missing(name))
        }
    }
}

/// `[a, b]` or `"a..b"`, half open.
fn frames(fields: &Value) -> Result<Option<Range<i64>>> {
    let wrong = || Error::usage("“frames” is not understood").help("write [0, 24] or \"0..24\"");
    let (a, b) = match field(fields, "frames") {
        Value::Null => return Ok(None),
        Value::Array(pair) => (pair.first().and_then(Value::as_i64), pair.get(1).and_then(Value::as_i64)),
        Value::String(text) => match text.split_once("..") {
            Some((a, b)) => (a.trim().parse().ok(), b.trim().parse().ok()),
            None => (None, None),
        },
        _ => (None, None),
    };
    match (a, b) {
        (Some(a), Some(b)) if 0 <= a && a < b => Ok(Some(a..b)),
        _ => Err(wrong()),
    }
}
