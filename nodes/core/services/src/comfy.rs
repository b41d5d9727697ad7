//! A ComfyUI server that a person named: gives it files and has it run a graph in its API format.

use std::path::Path;
use std::time::Duration;

use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::multipart::{Form, Part};
use reqwest::{Method, Url};
use rushes_engine::{Cancel, Error, Result};
use serde_json::{Value, json};

use crate::Limits;
use crate::http::{Answer, Call, Wire, block_on, unless_stopped};

/// Between two questions whether it is made: what is measured is known as exactly as that.
const POLL: Duration = Duration::from_millis(20);
/// How long an answer may take; a graph is answered before it runs.
const ANSWER: Duration = Duration::from_secs(60);
/// How long a file may be on its way.
const UPLOAD: Duration = Duration::from_secs(3600);

/// A ComfyUI server. It may stand in a private network, for a person named it.
#[derive(Clone, Debug)]
pub struct Comfy {
    base: Url,
}

impl Comfy {
    /// The server at `address`: `HOST:PORT`, or with `http` or `https` and a path before its routes.
    ///
    /// # Errors
    ///
    /// Where that is no address.
    pub fn at(address: &str) -> Result<Self> {
        let full = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        let wrong = |why: String| {
            Error::usage(format!("that is no address of a ComfyUI server: {why}"))
                .at(address)
                .help("write it as HOST:PORT, such as 127.0.0.1:8188")
        };
        let mut base = Url::parse(&full).map_err(|e| wrong(e.to_string()))?;
        if !matches!(base.scheme(), "http" | "https") || base.host_str().is_none() {
            return Err(wrong("it is neither http nor https".to_owned()));
        }
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", base.path()));
        }
        base.set_query(None);
        Ok(Self { base })
    }

    /// Its version and what it works on.
    ///
    /// # Errors
    ///
    /// Where nothing answers there as ComfyUI does.
    pub fn about(&self, cancel: &Cancel) -> Result<String> {
        let stats = self.ask(cancel, "system_stats", None)?;
        let version = stats["system"]["comfyui_version"].as_str().ok_or_else(|| self.stranger())?;
        let device = stats["devices"][0]["name"].as_str().unwrap_or("an unknown device");
        Ok(format!("{version} on {device}"))
    }

    /// Puts a file among its inputs, under `name` where that is free. Says under which it lies there.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or the server takes none.
    pub fn give(&self, file: &Path, name: &str, cancel: &Cancel) -> Result<String> {
        let wire = self.wire();
        let url = self.url("upload/image")?;
        let answer = block_on(unless_stopped(cancel, async {
            let part = Part::file(file)
                .await
                .map_err(|e| Error::system(format!("the file cannot be read: {e}")).at(file.display()))?;
            // Whatever is given goes by the name of an image.
            let form = Form::new().text("type", "input").part("image", part.file_name(name.to_owned()));
            Ok(wire.upload(&url, form, UPLOAD).await?)
        }))?;
        let told = self.told(&answer)?;
        let name = told["name"].as_str().ok_or_else(|| self.stranger())?;
        let folder = told["subfolder"].as_str().unwrap_or_default();
        Ok(if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") })
    }

    /// Runs a graph to its end. Where `cancel` says so before, the server is told to stop too.
    ///
    /// # Errors
    ///
    /// Where the server refuses the graph or a node of it fails, in the server's words.
    pub fn run(&self, prompt: &Value, cancel: &Cancel) -> Result<()> {
        let taken = self.ask(cancel, "prompt", Some(&json!({ "prompt": prompt })))?;
        let id = taken["prompt_id"].as_str().ok_or_else(|| self.stranger())?.to_owned();
        let ended = self.ended(&id, cancel);
        if ended.as_ref().is_err_and(Error::is_cancelled) {
            self.stop(&id);
        }
        ended
    }

    /// Waits for the end of what it took as `id`.
    fn ended(&self, id: &str, cancel: &Cancel) -> Result<()> {
        let wire = self.wire();
        let call = self.call(&format!("history/{id}"), None)?;
        block_on(unless_stopped(cancel, async {
            loop {
                let told = self.told(&wire.once(&call).await?)?;
                let status = &told[id]["status"];
                match status["status_str"].as_str() {
                    Some("success") => return Ok(()),
                    Some(_) => return Err(failed(status)),
                    None => tokio::time::sleep(POLL).await,
                }
            }
        }))
    }

    /// Takes it out of the queue, or ends it where it runs. A server that does not hear it goes on working.
    fn stop(&self, id: &str) {
        let not_asked = Cancel::new();
        for (route, body) in [("queue", json!({ "delete": [id] })), ("interrupt", json!({ "prompt_id": id }))]
        {
            if let Err(error) = self.ask(&not_asked, route, Some(&body)) {
                log::warn!("the ComfyUI server was not stopped: {error}");
            }
        }
    }

    /// One question and its answer as JSON.
    fn ask(&self, cancel: &Cancel, route: &str, body: Option<&Value>) -> Result<Value> {
        let wire = self.wire();
        let call = self.call(route, body)?;
        let answer = block_on(unless_stopped(cancel, async { Ok(wire.once(&call).await?) }))?;
        self.told(&answer)
    }

    fn wire(&self) -> Wire {
        // A file that is long on its way has no answer meanwhile; each question has a limit of its own.
        Wire::new(Some(self.base.clone()), Limits { idle: UPLOAD, ..Limits::default() })
    }

    fn url(&self, route: &str) -> Result<Url> {
        self.base.join(route).map_err(|e| Error::system(format!("no address for {route}: {e}")))
    }

    fn call(&self, route: &str, body: Option<&Value>) -> Result<Call> {
        let mut headers = HeaderMap::new();
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        Ok(Call {
            method: if body.is_some() { Method::POST } else { Method::GET },
            url: self.url(route)?,
            headers,
            body: body.map(|body| body.to_string().into_bytes()).unwrap_or_default(),
            limit: ANSWER,
            fresh: false,
        })
    }

    /// What an answer says. Some routes answer with nothing.
    fn told(&self, answer: &Answer) -> Result<Value> {
        let told: Option<Value> = serde_json::from_slice(&answer.body).ok();
        if answer.status.is_success() {
            return if answer.body.is_empty() {
                Ok(Value::Null)
            } else {
                told.ok_or_else(|| self.stranger())
            };
        }
        let why = told.as_ref().and_then(refusal).unwrap_or_else(|| answer.status.to_string());
        Err(Error::system(format!("ComfyUI refused: {why}"))
            .at(self.base.authority())
            .help("see whether this version of it has the nodes that are asked for"))
    }

    fn stranger(&self) -> Error {
        Error::system("what answers there is no ComfyUI server")
            .at(self.base.authority())
            .help("name the address that ComfyUI says when it starts, such as 127.0.0.1:8188")
    }
}

/// Why a graph was not taken: of its first wrong node, else of the whole.
fn refusal(told: &Value) -> Option<String> {
    let nodes = told["node_errors"].as_object();
    let of_node = nodes.and_then(|nodes| nodes.values().next()).map(|node| {
        let error = &node["errors"][0];
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        format!("{}: {}, {}", word(&node["class_type"]), word(&error["message"]), word(&error["details"]))
    });
    of_node.or_else(|| Some(told["error"]["message"].as_str()?.to_owned()))
}

/// Why a run came to no good end.
fn failed(status: &Value) -> Error {
    let messages = status["messages"].as_array().map(Vec::as_slice).unwrap_or_default();
    let find = |name: &str| messages.iter().find(|message| message[0] == name).map(|message| &message[1]);
    if find("execution_interrupted").is_some() {
        return Error::system("ComfyUI was interrupted").help("somebody else stopped it; run it again");
    }
    let error = find("execution_error");
    let word =
        |name: &str| error.and_then(|error| error[name].as_str()).unwrap_or("unknown").trim().to_owned();
    Error::system(format!("ComfyUI failed: {}", word("exception_message")))
        .at(word("node_type"))
        .help("see what it says where it was started; a shorter clip needs less of its memory")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read() {
        for (given, base) in [
            ("127.0.0.1:8188", "http://127.0.0.1:8188/"),
            ("localhost:8188", "http://localhost:8188/"),
            ("[::1]:8188", "http://[::1]:8188/"),
            ("https://host/comfy?a=1", "https://host/comfy/"),
        ] {
            assert_eq!(Comfy::at(given).unwrap().base.as_str(), base);
        }
        for wrong in ["", "a b", "ftp://host", "http://", "host:port"] {
            assert!(Comfy::at(wrong).unwrap_err().help_text().contains("8188"), "{wrong}");
        }
    }
}
