//! From a question to an answer.

use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use serde_json::json;

use super::jobs::Shared;
use super::{Kind, Seen, queue, storage};
use crate::serve::{Dropped, Reply, json_reply, text};

pub(crate) async fn answer(shared: Arc<Shared>, request: Request<Incoming>) -> Result<Reply, Dropped> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes().to_vec();
    let header = |name: &str| head.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
    let seen = Seen {
        kind: kind(head.method.as_str(), head.uri.path()),
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        authorization: header("authorization"),
        content_type: header("content-type"),
        body,
    };
    let delay = {
        let mut memory = shared.memory();
        memory.log.push(seen.clone());
        memory.behaviour.delays.get(&seen.kind).copied()
    };
    if let Some(delay) = delay {
        tokio::time::sleep(delay).await;
    }
    if let Some(reply) = failure(&shared, seen.kind) {
        return Ok(reply);
    }
    match seen.kind {
        Kind::Put | Kind::Clip => return Ok(storage::open(&shared, &seen)),
        _ => {}
    }
    if let Some(reply) = key(&shared, &seen) {
        return Ok(reply);
    }
    match seen.kind {
        Kind::Token | Kind::Initiate => Ok(storage::keyed(&shared, &seen)),
        _ => queue::queue(&shared, &seen),
    }
}

fn kind(method: &str, path: &str) -> Kind {
    match (method, path) {
        ("POST", "/storage/auth/token") => Kind::Token,
        ("POST", "/storage/upload/initiate") => Kind::Initiate,
        ("PUT", path) if path.starts_with("/upload/") => Kind::Put,
        ("GET", path) if path.starts_with("/files/") => Kind::Clip,
        ("GET", path) if path.contains("/requests/") && path.ends_with("/status") => Kind::Status,
        ("PUT", path) if path.contains("/requests/") && path.ends_with("/cancel") => Kind::Cancel,
        ("GET", path) if path.contains("/requests/") => Kind::Result,
        ("POST", _) => Kind::Create,
        _ => Kind::Other,
    }
}

/// The failure that is due for this kind.
fn failure(shared: &Shared, kind: Kind) -> Option<Reply> {
    let mut memory = shared.memory();
    let failure = memory.behaviour.failures.get_mut(&kind).filter(|failure| failure.times > 0)?;
    failure.times -= 1;
    let mut reply = text(failure.status, &failure.body);
    for (name, value) in &failure.headers {
        if let Ok(value) = value.parse() {
            reply.headers_mut().insert(*name, value);
        }
    }
    Some(reply)
}

/// Refuses a wrong key, as fal.ai does.
fn key(shared: &Shared, seen: &Seen) -> Option<Reply> {
    let memory = shared.memory();
    let given =
        seen.authorization.as_deref().and_then(|value| value.strip_prefix("Key ")).unwrap_or_default();
    let good = match &memory.behaviour.key {
        Some(key) => given == key,
        None => !given.is_empty(),
    };
    let words = match memory.behaviour.says_key {
        true => format!("No user found for Key {given}"),
        false => "No user found for Key ID and Secret".to_owned(),
    };
    (!good).then(|| json_reply(401, &json!({ "detail": words })))
}
