//! The same work by this program and by the `ffmpeg` program, one after the other, as whole processes.

use super::{median, write};
use crate::cli::say;
use rushes_engine::{Cancel, Error, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

struct Job {
    name: &'static str,
    /// The picture is brought to 4K first.
    large: bool,
    filter: &'static str,
}

const JOBS: [Job; 2] = [
    Job {
        name: "1080p, grain overlay",
        large: false,
        filter: "[0:v]format=gbrp[a];[1:v]format=gbrp[b];[a][b]blend=all_mode=overlay:all_opacity=0.3,format=yuv420p",
    },
    Job {
        name: "1080p to 4K by Lanczos, grain overlay",
        large: true,
        filter: "[0:v]scale=3840:2160:flags=lanczos,format=gbrp[a];[1:v]scale=3840:2160:flags=lanczos,format=gbrp[b];\
                 [a][b]blend=all_mode=overlay:all_opacity=0.3,format=yuv420p",
    },
];

/// Measures every job: `runs` of each side in turn over `frames` frames, and tells medians.
pub(super) fn run(folder: &Path, runs: u32, frames: u32, stop: &Cancel) -> Result<()> {
    let program =
        std::env::current_exe().map_err(|e| Error::system(format!("this program is not found: {e}")))?;
    let seconds = f64::from(frames) / 24.0;
    for (name, source) in [
        ("clip.mp4", format!("testsrc2=s=1920x1080:r=24:d={seconds}")),
        ("grain.mp4", format!("color=gray:s=1920x1080:r=24:d={seconds},noise=alls=20:allf=t")),
    ] {
        let mut make = Command::new("ffmpeg");
        make.current_dir(folder)
            .args(["-v", "error", "-y", "-f", "lavfi", "-i", &source, "-pix_fmt", "yuv420p", name]);
        run_once(&mut make)?;
    }
    for job in &JOBS {
        write(&folder.join("graph.json"), &graph(job.large).to_string())?;
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        for _ in 0..runs {
            stop.check()?;
            let mut render = Command::new(&program);
            render.current_dir(folder).args(["render", "graph.json", "-o", "ours.mp4", "--progress", "none"]);
            ours.push(run_once(render.args(["--stats", "stats.json"]))?);
            let mut ffmpeg = Command::new("ffmpeg");
            ffmpeg.current_dir(folder).args(["-v", "error", "-y", "-i", "clip.mp4", "-i", "grain.mp4"]);
            ffmpeg.args([
                "-filter_complex",
                job.filter,
                "-c:v",
                "libx264",
                "-preset",
                "veryfast",
                "-crf",
                "18",
            ]);
            theirs.push(run_once(ffmpeg.arg("theirs.mp4"))?);
        }
        let (ours, theirs) = (median(&ours), median(&theirs));
        let per = |seconds: f64| seconds * 1e3 / f64::from(frames);
        say(&format!("{}: {frames} frames, medians of {runs}", job.name))?;
        say(&format!("  rushes {:8.1} ms a frame", per(ours)))?;
        say(&format!("  ffmpeg {:8.1} ms a frame   ratio {:.2}", per(theirs), ours / theirs))?;
        stages(&folder.join("stats.json"))?;
    }
    Ok(())
}

/// The share of each stage in the last of our runs, device time where it is measured.
fn stages(path: &Path) -> Result<()> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::system(format!("no statistics: {e}")))?;
    let stats: Value =
        serde_json::from_str(&text).map_err(|e| Error::system(format!("no statistics: {e}")))?;
    let nodes = stats["nodes"].as_object().cloned().unwrap_or_default();
    let time =
        |node: &Value| node["gpu_ms"].as_f64().unwrap_or(0.0).max(node["cpu_ms"].as_f64().unwrap_or(0.0));
    let all: f64 = nodes.values().map(time).sum();
    for (name, node) in &nodes {
        let (gpu, cpu) = (node["gpu_ms"].as_f64().unwrap_or(0.0), node["cpu_ms"].as_f64().unwrap_or(0.0));
        let share = 100.0 * time(node) / all.max(1e-9);
        say(&format!("    {name:10} {share:5.1} %   device {gpu:9.1} ms, thread {cpu:9.1} ms"))?;
    }
    Ok(())
}

/// Runs a program to its end and tells how many seconds it took.
fn run_once(command: &mut Command) -> Result<f64> {
    let started = Instant::now();
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).status();
    let name = command.get_program().to_string_lossy().into_owned();
    match status {
        Ok(status) if status.success() => Ok(started.elapsed().as_secs_f64()),
        Ok(status) => Err(Error::system(format!("{name} ended with {status}")).help("see its words above")),
        Err(e) => Err(Error::system(format!("{name} could not be started: {e}")).help("install ffmpeg")),
    }
}

fn graph(large: bool) -> Value {
    let mut nodes = vec![
        json!({ "id": "clip", "kind": "edit/read", "version": 1, "params": { "path": "clip.mp4" } }),
        json!({ "id": "grain", "kind": "edit/read", "version": 1, "params": { "path": "grain.mp4" } }),
        json!({ "id": "blend", "kind": "finish/blend", "version": 1, "params": { "mode": "overlay", "opacity": 0.3 } }),
        json!({ "id": "write", "kind": "deliver/write", "version": 1, "params": { "preset": "h264", "encoder_preset": "veryfast" } }),
    ];
    let mut links = vec![json!({ "from": "blend.clip", "to": "write.clip" })];
    for (node, port) in [("clip", "bottom"), ("grain", "top")] {
        if large {
            let id = format!("{node}_4k");
            nodes.push(
                json!({ "id": id, "kind": "upscale/video", "version": 1, "params": { "light": "encoded" } }),
            );
            links.push(json!({ "from": format!("{node}.clip"), "to": format!("{id}.clip") }));
            links.push(json!({ "from": format!("{id}.clip"), "to": format!("blend.{port}") }));
        } else {
            links.push(json!({ "from": format!("{node}.clip"), "to": format!("blend.{port}") }));
        }
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}
