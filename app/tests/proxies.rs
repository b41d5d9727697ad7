//! Proxies of clips in the window: off until a person wants them, told while they are made, given up when cancelled.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use opened::{Open, start};
use rushes::editor::config::Config;
use serde_json::json;
use std::path::PathBuf;
use std::process::Command;

/// The proxies that are there.
fn proxies(o: &Open) -> Vec<PathBuf> {
    let folder = o.folder.path().join("home/cache/proxies");
    let all = std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    all.filter(|path| path.extension().is_some_and(|e| e == "mov")).collect()
}

fn want(o: &mut Open) {
    o.command("edit.settings");
    o.click("Proxies of clips");
    o.click("Made in the background");
    o.click("Done");
}

#[test]
fn they_are_made_when_wanted_and_given_up_when_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    let source = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=960x540:r=24:d=8", "-pix_fmt", "yuv420p"];
    let coding = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "250"];
    let made = Command::new("ffmpeg").args(source).args(coding).arg(folder.path().join("clip.mp4")).status();
    assert!(made.unwrap().success());
    let graph = folder.path().join("graph.json");
    let read = json!({ "id": "read", "kind": "edit/read", "version": 1, "at": [0, 0], "params": { "path": "clip.mp4" } });
    std::fs::write(&graph, json!({ "rushes": 1, "title": "", "nodes": [read], "links": [] }).to_string())
        .unwrap();
    let mut o = start(folder, Some(graph));
    o.select("read");
    o.settle();
    assert!(proxies(&o).is_empty(), "nobody asked for one");

    want(&mut o);
    o.harness.state_mut().select("read", 7);
    o.wait_for("Cancel Proxy of a clip");
    o.click("Cancel Proxy of a clip");
    o.settle();
    assert!(!o.there("Cancel Proxy of a clip") && proxies(&o).is_empty());

    want(&mut o);
    o.harness.state_mut().select("read", 9);
    o.until("the proxy is there", |o| !proxies(o).is_empty() && !o.there("Cancel Proxy of a clip"));
    let folder = o.close();
    assert!(Config::load(&folder.path().join("home/config.toml")).make_proxies);
}
