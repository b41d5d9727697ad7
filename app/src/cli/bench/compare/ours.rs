//! Rushes' own side: a graph, and this program to make it.

use super::clips::Clips;
use super::job::Job;
use crate::cli::bench::{child, write};
use rushes_engine::Result;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is made of a job that is encoded.
pub(super) const MADE: &str = "ours.mp4";

/// This program as others would start it, with data of its own in `folder`.
pub(super) struct Ours<'a> {
    pub(super) folder: &'a Path,
    program: PathBuf,
}

impl<'a> Ours<'a> {
    pub(super) fn new(folder: &'a Path) -> Result<Self> {
        Ok(Self { folder, program: child::program()? })
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.current_dir(self.folder).env("RUSHES_HOME", self.folder.join("home"));
        command
    }

    /// What makes the pictures, in words.
    pub(super) fn device(&self) -> Result<String> {
        let told = child::told(self.command().args(["doctor", "--json"]))?;
        let told: Value = serde_json::from_str(&told).unwrap_or_default();
        let device = &told["device"];
        let word = |name: &str| device[name].as_str().unwrap_or_default().to_owned();
        Ok(format!(
            "{}, {} ({}, {})",
            env!("CARGO_PKG_VERSION"),
            word("name"),
            word("backend"),
            word("driver")
        ))
    }

    /// Makes a job; where it is encoded the account of the run goes to [`stats`].
    pub(super) fn job(&self, job: &Job, clips: &Clips) -> Result<Command> {
        self.made(job, clips, &graph(job, None))
    }

    /// Makes a job's frames as an encoder sees them, without a loss.
    pub(super) fn frames(&self, job: &Job, clips: &Clips) -> Result<Command> {
        self.made(job, clips, &graph(job, Some(0)))
    }

    fn made(&self, job: &Job, clips: &Clips, graph: &Value) -> Result<Command> {
        write(&self.folder.join("graph.json"), &graph.to_string())?;
        let mut command = self.command();
        if job.encoded.is_some() {
            command.args(["render", "graph.json", "-o", MADE, "--progress", "none"]);
            command.arg("--stats").arg(stats(job));
        } else {
            command.args(["bench", "frames", "graph.json", "--node", "blend"]);
        }
        let input = |node: &str, path: &Path| format!("{node}={}", path.display());
        command.args(["--input", &input("clip", &clips.clip), "--input", &input("grain", &clips.grain)]);
        command.args(["--frames", &format!("0..{}", clips.frames)]);
        Ok(command)
    }
}

/// The name of the account of a job's last run.
pub(super) fn stats(job: &Job) -> &'static str {
    if job.to.is_some() { "stats-large.json" } else { "stats.json" }
}

/// `quality` is the encoder's, its own where there is none.
fn graph(job: &Job, quality: Option<u32>) -> Value {
    let mut nodes = vec![
        json!({ "id": "clip", "kind": "edit/read", "version": 1, "params": { "path": "clip.mp4" } }),
        json!({ "id": "grain", "kind": "edit/read", "version": 1, "params": { "path": "grain.mp4" } }),
        json!({ "id": "blend", "kind": "finish/blend", "version": 1, "params": { "mode": "overlay", "opacity": 0.3 } }),
    ];
    let mut links = Vec::new();
    for (node, port) in [("clip", "bottom"), ("grain", "top")] {
        if let Some((width, height)) = job.to {
            let id = format!("{node}_large");
            let to = json!({ "output": "size", "width": width, "height": height, "fit": "stretch", "light": "encoded" });
            nodes.push(json!({ "id": id, "kind": "upscale/video", "version": 1, "params": to }));
            links.push(json!({ "from": format!("{node}.clip"), "to": format!("{id}.clip") }));
            links.push(json!({ "from": format!("{id}.clip"), "to": format!("blend.{port}") }));
        } else {
            links.push(json!({ "from": format!("{node}.clip"), "to": format!("blend.{port}") }));
        }
    }
    if let Some(preset) = job.encoded {
        let mut to = json!({ "preset": "h264", "encoder_preset": preset.name() });
        if let Some(quality) = quality {
            to["quality"] = quality.into();
        }
        nodes.push(json!({ "id": "write", "kind": "deliver/write", "version": 1, "params": to }));
        links.push(json!({ "from": "blend.clip", "to": "write.clip" }));
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::X264;

    #[test]
    fn a_graph_has_what_its_job_names() {
        let kinds = |job: Job| {
            let graph = graph(&job, None);
            let nodes = graph["nodes"].as_array().cloned().unwrap_or_default();
            nodes.iter().filter_map(|n| n["kind"].as_str().map(str::to_owned)).collect::<Vec<_>>()
        };
        let plain = kinds(Job { to: None, encoded: None });
        assert_eq!(plain, ["edit/read", "edit/read", "finish/blend"]);
        let large = kinds(Job { to: Some((3840, 2160)), encoded: Some(X264::Veryfast) });
        assert_eq!(large.iter().filter(|kind| *kind == "upscale/video").count(), 2);
        assert_eq!(large.last().map(String::as_str), Some("deliver/write"));
    }
}
