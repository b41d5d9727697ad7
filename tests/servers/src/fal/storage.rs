//! The storage: tokens, uploads, and the clips that were made.

use std::sync::Arc;

use http_body_util::BodyExt;
use http_body_util::channel::Channel;
use hyper::Response;
use hyper::body::Bytes;
use serde_json::{Value, json};

use super::jobs::Shared;
use super::{Kind, Seen};
use crate::serve::{Reply, json_reply, text};

/// What needs a key.
pub(crate) fn keyed(shared: &Shared, seen: &Seen) -> Reply {
    if seen.query != "storage_type=fal-cdn-v3" {
        return json_reply(422, &json!({ "detail": "unknown storage type" }));
    }
    if seen.kind == Kind::Token {
        return json_reply(
            200,
            &json!({ "token": "a.b.c", "token_type": "Bearer", "base_url": shared.url, "expires_at": "2100-01-01T00:00:00Z" }),
        );
    }
    let asked: Value = serde_json::from_slice(&seen.body).unwrap_or_default();
    let Some(file) = asked["file_name"].as_str().filter(|_| asked["content_type"].is_string()) else {
        return json_reply(
            422,
            &json!({ "detail": [{ "loc": ["body"], "msg": "Field required", "type": "missing" }] }),
        );
    };
    let mut memory = shared.memory();
    let name = format!("{}_{file}", memory.name());
    memory.promised.insert(name.clone());
    let host = memory.behaviour.upload_host.as_deref().unwrap_or(&shared.url);
    json_reply(
        200,
        &json!({
            "upload_url": format!("{host}/upload/{name}?signature=leave"),
            "file_url": format!("{}/files/in/{name}", shared.url),
        }),
    )
}

/// What is open, or carries its own leave. A key there is one leave too many.
pub(crate) fn open(shared: &Arc<Shared>, seen: &Seen) -> Reply {
    if seen.authorization.is_some() {
        return text(400, "Only one auth mechanism allowed");
    }
    if seen.kind == Kind::Clip {
        return clip(shared, seen);
    }
    let mut memory = shared.memory();
    let name = seen.path.trim_start_matches("/upload/").to_owned();
    if seen.query != "signature=leave" || !memory.promised.contains(&name) || seen.body.is_empty() {
        return text(403, "SignatureDoesNotMatch");
    }
    memory.uploaded.insert(name);
    text(200, "")
}

fn clip(shared: &Arc<Shared>, seen: &Seen) -> Reply {
    let behaviour = shared.memory().behaviour.clone();
    if behaviour.deleted {
        return text(404, "not found");
    }
    if behaviour.signed && seen.query != "signature=leave" {
        return text(403, "SignatureDoesNotMatch");
    }
    if let Some(to) = behaviour.redirect
        && let Ok(to) = to.parse()
    {
        let mut reply = text(302, "");
        reply.headers_mut().insert("location", to);
        return reply;
    }
    let (mut sender, body) = Channel::new(1);
    let length = behaviour.content_length.unwrap_or(shared.clip.len() as u64);
    let clip = shared.clone();
    tokio::spawn(async move {
        for part in clip.clip.chunks(clip.clip.len().div_ceil(8).max(1)) {
            if let Some(pause) = behaviour.slow_clip {
                tokio::time::sleep(pause).await;
            }
            if sender.send_data(Bytes::copy_from_slice(part)).await.is_err() {
                return;
            }
        }
    });
    let mut reply = Response::new(body.boxed_unsync());
    if !behaviour.chunked {
        reply.headers_mut().insert("content-length", length.into());
    }
    // Names lie; what a file is, its bytes tell.
    reply.headers_mut().insert("content-type", hyper::header::HeaderValue::from_static("text/plain"));
    reply
}
