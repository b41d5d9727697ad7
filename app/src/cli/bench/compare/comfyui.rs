//! The side of a ComfyUI server: it is given the clips and a graph of the nodes that ship with it.
//!
//! What is measured is how long a person waits for the file. What the server takes of processors and memory is its own
//! affair, for it may stand elsewhere. It was started before, where the others start with each run.

use super::clips::Clips;
use super::job::Job;
use crate::cli::bench::child::Cost;
use rushes_engine::{Cancel, Result};
use rushes_services::Comfy;
use serde_json::{Value, json};
use std::cell::Cell;
use std::path::Path;
use std::time::Instant;

/// The server, and how often it was asked.
pub(super) struct ComfyUi {
    server: Comfy,
    runs: Cell<u32>,
}

impl ComfyUi {
    pub(super) fn new(server: Comfy) -> Self {
        Self { server, runs: Cell::new(0) }
    }

    /// Makes a job.
    pub(super) fn run(&self, job: &Job, clips: &Clips, stop: &Cancel) -> Result<Cost> {
        // What it made of files of the same name it would not make again.
        self.runs.set(self.runs.get() + 1);
        let run = format!("rushes-{}-{}", std::process::id(), self.runs.get());
        let give = |name: &str, path: &Path| {
            let ending = path.extension().map(|ending| ending.to_string_lossy()).unwrap_or_default();
            self.server.give(path, &format!("{run}-{name}.{ending}"), stop)
        };
        let files = [give("clip", &clips.clip)?, give("grain", &clips.grain)?];
        let graph = graph(job, &files, clips, &run);
        let begun = Instant::now();
        self.server.run(&graph, stop)?;
        Ok(Cost { wall: begun.elapsed().as_secs_f64(), ..Cost::default() })
    }
}

/// A graph in the format of its API: a node a name, a link the name of a node and the number of its output.
fn graph(job: &Job, files: &[String; 2], clips: &Clips, name: &str) -> Value {
    let mut nodes = serde_json::Map::new();
    let mut node = |id: String, class: &str, inputs: Value| {
        nodes.insert(id.clone(), json!({ "class_type": class, "inputs": inputs }));
        id
    };
    let [bottom, top] = [("clip", &files[0]), ("grain", &files[1])].map(|(side, file)| {
        let clip = node(side.to_owned(), "LoadVideo", json!({ "file": file }));
        let all = node(format!("{side}_frames"), "GetVideoComponents", json!({ "video": [clip, 0] }));
        let all = if side == "grain" && clips.turns > 1 {
            let again = json!({ "image": [all, 0], "amount": clips.turns });
            node("grain_again".to_owned(), "RepeatImageBatch", again)
        } else {
            all
        };
        let cut = json!({ "image": [all, 0], "batch_index": 0, "length": clips.frames });
        let cut = node(format!("{side}_cut"), "ImageFromBatch", cut);
        let Some((width, height)) = job.to else { return cut };
        let to = json!({
            "image": [cut, 0], "upscale_method": "lanczos", "width": width, "height": height, "crop": "disabled"
        });
        node(format!("{side}_large"), "ImageScale", to)
    });
    let how =
        json!({ "image1": [bottom, 0], "image2": [top, 0], "blend_factor": 0.3, "blend_mode": "overlay" });
    let blend = node("blend".to_owned(), "ImageBlend", how);
    let film = json!({ "images": [blend, 0], "fps": ["clip_frames", 2] });
    let film = node("film".to_owned(), "CreateVideo", film);
    // Where the codec belongs to the format its name says so, and older servers want it alone.
    let write = json!({
        "video": [film, 0], "filename_prefix": name, "format": "auto", "codec": "auto", "format.codec": "auto"
    });
    node("write".to_owned(), "SaveVideo", write);
    Value::Object(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::X264;

    #[test]
    fn a_graph_has_what_its_job_names() {
        let files = ["a.mp4".to_owned(), "b.mp4".to_owned()];
        let of = |to, turns| {
            let (clip, grain, what) = ("c.mp4".into(), "g.mp4".into(), String::new());
            let clips = Clips { clip, grain, size: (64, 36), frames: 12, turns, what };
            graph(&Job { to, encoded: Some(X264::Veryfast) }, &files, &clips, "run")
        };
        let plain = of(None, 1);
        assert_eq!(plain["blend"]["inputs"]["image1"], json!(["clip_cut", 0]));
        assert_eq!(plain["grain_cut"]["inputs"]["length"], 12);
        assert_eq!(plain["grain_cut"]["inputs"]["image"], json!(["grain_frames", 0]));
        let large = of(Some((128, 72)), 3);
        assert_eq!(large["grain_again"]["inputs"]["amount"], 3);
        assert_eq!(large["clip_cut"]["inputs"]["image"], json!(["clip_frames", 0]));
        assert_eq!(large["blend"]["inputs"]["image2"], json!(["grain_large", 0]));
        assert_eq!(large["grain_large"]["inputs"]["width"], 128);
    }
}
