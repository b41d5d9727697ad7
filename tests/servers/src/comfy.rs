//! A server that behaves as ComfyUI's does: it takes files and graphs, works through one after the other, and keeps a
//! history of them.
//!
//! What a graph makes is not looked at; of nodes it knows the names and what they must be given.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http_body_util::BodyExt;
use hyper::Request;
use hyper::body::Incoming;
use serde_json::{Value, json};

use crate::serve::{Dropped, Port, Reply, Serving, json_reply, text};

/// The nodes that there are, each with what it must be given.
const NODES: [(&str, &[&str]); 7] = [
    ("LoadVideo", &["file"]),
    ("GetVideoComponents", &["video"]),
    ("ImageFromBatch", &["image", "batch_index", "length"]),
    ("ImageScale", &["image", "upscale_method", "width", "height", "crop"]),
    ("ImageBlend", &["image1", "image2", "blend_factor", "blend_mode"]),
    ("CreateVideo", &["images", "fps"]),
    ("SaveVideo", &["video", "filename_prefix", "format", "format.codec"]),
];

/// How it goes wrong.
#[derive(Clone, Debug, Default)]
pub struct Behaviour {
    /// How often it is asked for the end of a graph before it comes to it; `None` for never.
    pub asked: Option<u32>,
    /// What the node that fails says, with the name of its class.
    pub fails: Option<(String, String)>,
    /// A node that this version of it lacks.
    pub lacks: Option<String>,
}

#[derive(Default)]
struct Memory {
    behaviour: Behaviour,
    files: BTreeMap<String, usize>,
    /// The graphs that were taken, and how often each was asked for.
    taken: Vec<(Value, u32)>,
    stopped: Vec<Value>,
}

/// A server that runs until it is dropped.
pub struct Server {
    memory: Arc<Mutex<Memory>>,
    url: String,
    _serving: Serving,
}

fn lock(memory: &Mutex<Memory>) -> MutexGuard<'_, Memory> {
    memory.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Server {
    /// Starts at a free port.
    pub fn start(behaviour: Behaviour) -> io::Result<Self> {
        let port = Port::open(0)?;
        let url = port.url.clone();
        let memory = Arc::new(Mutex::new(Memory { behaviour, ..Memory::default() }));
        let ours = memory.clone();
        let serving = port.serve("comfy", move |request| answer(ours.clone(), request))?;
        Ok(Self { memory, url, _serving: serving })
    }

    /// Where it is: `127.0.0.1:PORT`.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// The graphs that it took.
    pub fn graphs(&self) -> Vec<Value> {
        lock(&self.memory).taken.iter().map(|(graph, _)| graph.clone()).collect()
    }

    /// The names of the files that it was given, with their bytes.
    pub fn files(&self) -> BTreeMap<String, usize> {
        lock(&self.memory).files.clone()
    }

    /// What it was told to stop.
    pub fn stopped(&self) -> Vec<Value> {
        lock(&self.memory).stopped.clone()
    }
}

async fn answer(memory: Arc<Mutex<Memory>>, request: Request<Incoming>) -> Result<Reply, Dropped> {
    let (head, body) = request.into_parts();
    let body = body.collect().await.map_err(|_| Dropped)?.to_bytes();
    let mut memory = lock(&memory);
    let json = || serde_json::from_slice(&body).unwrap_or(Value::Null);
    Ok(match (head.method.as_str(), head.uri.path()) {
        ("GET", "/system_stats") => json_reply(
            200,
            &json!({
                "system": { "os": "linux", "comfyui_version": "0.33.0", "ram_total": 1 },
                "devices": [{ "name": "cpu", "type": "cpu", "index": null, "vram_total": 1 }]
            }),
        ),
        ("POST", "/upload/image") => upload(&mut memory, &body),
        ("POST", "/prompt") => prompt(&mut memory, &json()),
        ("GET", path) if path.starts_with("/history/") => history(&mut memory, path),
        ("POST", "/interrupt") => {
            memory.stopped.push(json());
            text(200, "")
        }
        ("POST", "/queue") => text(200, ""),
        _ => text(404, "404: Not Found"),
    })
}

/// A file of any kind goes by the name of an image. One of the same name stays, and the new one is renamed.
fn upload(memory: &mut Memory, body: &[u8]) -> Reply {
    let form = String::from_utf8_lossy(body);
    let part =
        form.split("Content-Disposition: form-data; ").find(|part| part.starts_with("name=\"image\";"));
    let name = part.and_then(|part| part.split("filename=\"").nth(1)).and_then(|rest| rest.split('"').next());
    let Some(name) = name else { return text(400, "") };
    let mut free = name.to_owned();
    for i in 1.. {
        if !memory.files.contains_key(&free) {
            break;
        }
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        free = format!("{stem} ({i}).{ending}");
    }
    memory.files.insert(free.clone(), body.len());
    json_reply(200, &json!({ "name": free, "subfolder": "", "type": "input" }))
}

/// Takes a graph, or says of each wrong node what is wrong with it.
fn prompt(memory: &mut Memory, asked: &Value) -> Reply {
    let nodes = asked["prompt"].as_object().cloned().unwrap_or_default();
    let refused = |kind: &str, message: String, errors: Value| {
        let error = json!({ "type": kind, "message": message, "details": "", "extra_info": {} });
        json_reply(400, &json!({ "error": error, "node_errors": errors }))
    };
    if !nodes.values().any(|node| node["class_type"] == "SaveVideo") {
        return refused("prompt_no_outputs", "Prompt has no outputs".to_owned(), json!({}));
    }
    let mut errors = serde_json::Map::new();
    for (id, node) in &nodes {
        let class = node["class_type"].as_str().unwrap_or_default();
        let known =
            NODES.iter().find(|(name, _)| *name == class && memory.behaviour.lacks.as_deref() != Some(name));
        let Some((_, needs)) = known else {
            let message = format!("Node '{class}' not found. The custom node may not be installed.");
            return refused("missing_node_type", message, json!({}));
        };
        let missing = needs.iter().find(|name| node["inputs"][**name].is_null());
        let file = node["inputs"]["file"].as_str().filter(|file| !memory.files.contains_key(*file));
        let error = match (missing, file) {
            (Some(name), _) => ("required_input_missing", "Required input is missing", (*name).to_owned()),
            (None, Some(file)) => (
                "custom_validation_failed",
                "Custom validation failed for node",
                format!("file - Invalid video file: {file}"),
            ),
            (None, None) => continue,
        };
        let (kind, message, details) = error;
        let error = json!({ "type": kind, "message": message, "details": details, "extra_info": {} });
        errors.insert(id.clone(), json!({ "errors": [error], "dependent_outputs": [], "class_type": class }));
    }
    if !errors.is_empty() {
        let message = "Prompt outputs failed validation".to_owned();
        return refused("prompt_outputs_failed_validation", message, errors.into());
    }
    memory.taken.push((asked["prompt"].clone(), 0));
    let number = memory.taken.len();
    json_reply(200, &json!({ "prompt_id": format!("graph-{number}"), "number": number, "node_errors": {} }))
}

/// Of a graph that has come to its end; nothing of others.
fn history(memory: &mut Memory, path: &str) -> Reply {
    let Behaviour { asked, fails, .. } = memory.behaviour.clone();
    let id = path.trim_start_matches("/history/");
    let number = id.strip_prefix("graph-").and_then(|number| number.parse::<usize>().ok());
    let Some((_, count)) = number.and_then(|number| memory.taken.get_mut(number.checked_sub(1)?)) else {
        return json_reply(200, &json!({}));
    };
    *count += 1;
    if asked.is_none_or(|asked| *count <= asked) {
        return json_reply(200, &json!({}));
    }
    let begun = json!(["execution_start", { "prompt_id": id, "timestamp": 1 }]);
    let status = match fails {
        None => json!({
            "status_str": "success", "completed": true,
            "messages": [begun, ["execution_success", { "prompt_id": id, "timestamp": 2 }]]
        }),
        Some((class, words)) => {
            let error = json!({
                "prompt_id": id, "node_id": "blend", "node_type": class, "executed": [],
                "exception_message": words, "exception_type": "MemoryError", "traceback": []
            });
            json!({ "status_str": "error", "completed": false, "messages": [begun, ["execution_error", error]] })
        }
    };
    json_reply(200, &json!({ id: { "prompt": [], "outputs": {}, "meta": {}, "status": status } }))
}
