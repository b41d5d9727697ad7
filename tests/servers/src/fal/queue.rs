//! The queue: taking requests, telling how far they are, giving what came of them, stopping them.

use serde_json::{Value, json};

use super::jobs::{Job, Shared};
use super::{Kind, Seen, check};
use crate::serve::{Dropped, Reply, json_reply, text};

/// The seed that is told where none was asked for.
const OWN_SEED: u64 = 1234;

pub(crate) fn queue(shared: &Shared, seen: &Seen) -> Result<Reply, Dropped> {
    match seen.kind {
        Kind::Create => create(shared, seen),
        Kind::Status | Kind::Result | Kind::Cancel => Ok(about(shared, seen)),
        _ => Ok(json_reply(404, &json!({ "detail": "Not found" }))),
    }
}

fn create(shared: &Shared, seen: &Seen) -> Result<Reply, Dropped> {
    let path = seen.path.trim_start_matches('/');
    let body: Value = match serde_json::from_slice(&seen.body) {
        Ok(body) if seen.content_type.as_deref() == Some("application/json") => body,
        _ => return Ok(json_reply(422, &json!({ "detail": "Invalid JSON" }))),
    };
    let mut memory = shared.memory();
    let uploaded = |url: &str| {
        let name = url.strip_prefix(shared.url.as_str()).and_then(|rest| rest.strip_prefix("/files/in/"));
        name.is_some_and(|name| memory.uploaded.contains(name))
    };
    match check::wrong(path, &body, &uploaded) {
        None => return Ok(json_reply(404, &json!({ "detail": format!("Application {path:?} not found") }))),
        Some(wrong) if !wrong.is_empty() => return Ok(json_reply(422, &json!({ "detail": wrong }))),
        Some(_) => {}
    }
    let app = path.split('/').take(2).collect::<Vec<_>>().join("/");
    let id = memory.name();
    memory.jobs.insert(id.clone(), Job { app: app.clone(), body, asked: 0, cancelled: false });
    let behaviour = &mut memory.behaviour;
    if std::mem::take(&mut behaviour.lose_answer) {
        return Err(Dropped);
    }
    if std::mem::take(&mut behaviour.garble_answer) {
        return Ok(text(200, "<html>taken, thank you</html>"));
    }
    let host = behaviour.foreign_host.as_deref().unwrap_or(&shared.url);
    let mut told = urls(host, &app, &id);
    told["status"] = json!("IN_QUEUE");
    told["queue_position"] = json!(behaviour.queue.saturating_sub(1));
    Ok(json_reply(200, &told))
}

fn urls(host: &str, app: &str, id: &str) -> Value {
    let url = format!("{host}/{app}/requests/{id}");
    json!({
        "request_id": id,
        "response_url": url,
        "status_url": format!("{url}/status"),
        "cancel_url": format!("{url}/cancel"),
    })
}

/// Everything under `owner/alias/requests/<id>`.
fn about(shared: &Shared, seen: &Seen) -> Reply {
    let missing = || json_reply(404, &json!({ "status": "NOT_FOUND", "detail": "Request not found" }));
    let mut memory = shared.memory();
    let memory = &mut *memory;
    let Some((app, rest)) = seen.path.trim_start_matches('/').split_once("/requests/") else {
        return missing();
    };
    let id = rest.split('/').next().unwrap_or_default();
    let behaviour = &memory.behaviour;
    let Some(job) = memory.jobs.get_mut(id).filter(|job| job.app == app && !behaviour.deleted) else {
        return missing();
    };
    let over = job.asked >= behaviour.queue.saturating_add(behaviour.working);
    match seen.kind {
        Kind::Status => {
            let mut told = urls(&shared.url, app, id);
            let asked = job.asked;
            job.asked += 1;
            if job.cancelled {
                told["status"] = json!("COMPLETED");
                told["error"] = json!("Request was cancelled");
                told["error_type"] = json!("client_cancelled");
            } else if asked < behaviour.queue {
                told["status"] = json!("IN_QUEUE");
                told["queue_position"] = json!(behaviour.queue - asked - 1);
            } else if asked < behaviour.queue.saturating_add(behaviour.working) {
                told["status"] = json!("IN_PROGRESS");
                told["logs"] = Value::Null;
            } else {
                told["status"] = json!("COMPLETED");
                told["logs"] = Value::Null;
                told["metrics"] = json!({ "inference_time": 41.5 });
                if let Some(words) = &behaviour.job_error {
                    told["error"] = json!(words);
                    told["error_type"] = json!("internal_error");
                }
            }
            json_reply(if over { 200 } else { 202 }, &told)
        }
        Kind::Cancel if job.cancelled || !(over || behaviour.unstoppable) => {
            job.cancelled = true;
            json_reply(202, &json!({ "status": "CANCELLATION_REQUESTED" }))
        }
        Kind::Cancel => json_reply(400, &json!({ "status": "ALREADY_COMPLETED" })),
        _ if job.asked <= behaviour.queue.saturating_add(behaviour.working) => {
            json_reply(400, &json!({ "detail": "Request is still in progress" }))
        }
        _ if behaviour.job_error.is_some() => json_reply(500, &json!({ "detail": behaviour.job_error })),
        _ => {
            let leave = if behaviour.signed { "?signature=leave" } else { "" };
            let video = json!({
                "url": format!("{}/files/out/{id}.exe{leave}", shared.url),
                "content_type": "video/mp4",
                "file_name": "../../output.exe",
                "file_size": shared.clip.len(),
            });
            let seed = job.body.get("seed").cloned().unwrap_or_else(|| json!(OWN_SEED));
            json_reply(200, &json!({ "video": video, "seed": seed }))
        }
    }
}
