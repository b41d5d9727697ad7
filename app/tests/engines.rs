//! Engines elsewhere in the window: a key is pasted, a run is asked for before it costs, and its take plays.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use opened::{Open, start};
use rushes_servers::fal::{Behaviour, Kind, Server};
use serde_json::json;
use std::path::Path;
use std::process::Command;

const KEY: &str = "an-id:a-secret";

/// A provider on this machine, which every program started from here takes for fal.ai.
fn provider(folder: &Path) -> Server {
    let clip = folder.join("made.mp4");
    let made = ["-v", "error", "-f", "lavfi", "-i", "testsrc2=s=864x480:r=24:d=2", "-pix_fmt", "yuv420p"];
    assert!(Command::new("ffmpeg").args(made).arg(&clip).status().unwrap().success());
    let server = Server::start(std::fs::read(&clip).unwrap());
    server.set(Behaviour { key: Some(KEY.to_owned()), ..Behaviour::default() });
    // SAFETY: the test has begun no other thread that reads the environment, and each test is a process of its own.
    unsafe {
        std::env::set_var("RUSHES_FAL_URL", server.url());
        std::env::set_var("RUSHES_KEY_STORE", "off");
        std::env::remove_var("FAL_KEY");
    }
    server
}

fn film(folder: &Path) -> std::path::PathBuf {
    let graph = json!({
        "rushes": 1, "title": "Film",
        "nodes": [
            { "id": "still", "kind": "generate/pattern", "version": 1, "at": [0, 0],
              "params": { "width": 640, "height": 360, "length": 1 } },
            { "id": "words", "kind": "plan/text", "version": 1, "at": [0, 200], "params": { "value": "rain falls" } },
            { "id": "shot", "kind": "animate/image_to_video", "version": 1, "at": [260, 0],
              "params": { "engine": "seedance_1_pro", "resolution": "480p", "duration_s": 2 } },
            { "id": "grade", "kind": "finish/grade", "version": 1, "at": [520, 0] }
        ],
        "links": [ { "from": "still.clip", "to": "shot.clip" }, { "from": "words.text", "to": "shot.motion" },
                   { "from": "shot.clip", "to": "grade.clip" } ]
    });
    let path = folder.join("film.json");
    std::fs::write(&path, graph.to_string()).unwrap();
    path
}

fn paste_key(o: &mut Open) {
    o.wait_for("fal.ai: No key");
    o.type_into("Key of fal.ai", KEY);
    o.wait_for("key store is turned off");
    o.click("Keep in a private file");
    o.wait_for("fal.ai knows it");
    o.wait_for("fal.ai: A key in a private file");
    o.click("Done");
    o.settle();
}

/// Asks for a run, and waits until the window asks back.
fn ask(o: &mut Open) {
    o.click("Run · $0.05");
    o.wait_for("Run for $0.05?");
    // A sheet that has just come is not yet where it will be.
    o.harness.run_steps(4);
}

#[test]
fn a_run_is_asked_for_before_it_costs_and_its_take_plays() {
    let folder = tempfile::tempdir().unwrap();
    let server = provider(folder.path());
    let graph = film(folder.path());
    let mut o = start(folder, Some(graph));
    o.select("shot");
    o.click("Run · $0.05");
    o.wait_for("no key for fal.ai");
    assert!(server.log().is_empty(), "nothing left this machine");
    o.command("edit.settings");
    o.click("Engines");
    o.harness.run_steps(2);
    paste_key(&mut o);

    ask(&mut o);
    assert!(
        o.there("sends the picture, 640×360, the words “rain falls”"),
        "it is said what leaves this machine"
    );
    o.click("Cancel");
    o.settle();
    assert_eq!(server.count(Kind::Put) + server.count(Kind::Create), 0);

    ask(&mut o);
    o.click("Run for $0.05");
    o.until("the take has come", |o| !o.node("shot").take.is_empty());
    o.settle();
    assert_eq!(server.count(Kind::Create), 1);
    o.wait_for("Run again");
    o.select("grade");
    assert!(o.brightness() > 20.0, "what follows shows it");

    // A step back leaves the take in the library, where the next run finds it.
    o.command("edit.undo");
    o.select("shot");
    o.click("Run · $0.05");
    o.until("the take has come again", |o| !o.node("shot").take.is_empty());
    assert_eq!(server.count(Kind::Create), 1, "it is not paid for twice");
}

#[test]
fn the_first_screen_takes_a_key_and_what_was_ordered_is_taken_up() {
    let folder = tempfile::tempdir().unwrap();
    let server = provider(folder.path());
    let mut o = start(folder, None);
    o.click("Paste a provider key…");
    paste_key(&mut o);
    let folder = o.close();

    // The window is closed while the provider works.
    let graph = film(folder.path());
    let behaviour = Behaviour { key: Some(KEY.to_owned()), working: u32::MAX, ..Behaviour::default() };
    server.set(behaviour.clone());
    let mut o = start(folder, Some(graph));
    o.select("shot");
    ask(&mut o);
    o.click("Run for $0.05");
    o.until("it is ordered", |_| server.count(Kind::Status) > 1);
    let first = o.close();
    server.set(Behaviour { working: 1, ..behaviour });
    // A home cannot be in use twice in one program: the thread that waits there still holds the order.
    let files = |folder: &Path| std::fs::read_dir(folder.join("home/library")).unwrap().count();
    let before = files(first.path());
    let mut o = start(first, None);
    o.until("it has come", |o| files(o.folder.path()) > before || o.there("is in the library"));
    assert_eq!(server.count(Kind::Create), 1);
}
