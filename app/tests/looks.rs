//! The window's main states as pictures. What changes from run to run, such as how long a node took, is covered.
//!
//! `UPDATE_SNAPSHOTS=1` draws them anew; each is then looked at before it is kept.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;

use egui::{Modifiers, Rect, vec2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable;
use open::{Open, open, start};
use serde_json::{Value, json};

/// Bars, graded over time, bound by grain.
fn film() -> Value {
    let node = |id: &str, kind: &str, at: [i32; 2], params: Value| json!({ "id": id, "kind": kind, "version": 1, "at": at, "params": params });
    json!({
        "rushes": 1, "title": "Launch",
        "nodes": [
            node("bars", "generate/pattern", [0, 0],
                json!({ "pattern": "ramp", "width": 640, "height": 360, "length": 48 })),
            node("grade", "finish/grade", [260, 0],
                json!({ "exposure": { "keys": [[0, -1.0, "linear"], [24, 0.5, "linear"], [47, 0.0, "linear"]] } })),
            node("plate", "finish/grain_plate", [260, 420], json!({ "width": 640, "height": 360 })),
            node("bind", "finish/blend", [540, 60], json!({ "mode": "overlay", "opacity": 0.3 })),
            node("film", "finish/film", [820, 60], json!({ "vignette": 0.4 }))
        ],
        "links": [
            { "from": "bars.clip", "to": "grade.clip" }, { "from": "grade.clip", "to": "bind.bottom" },
            { "from": "plate.clip", "to": "bind.top" }, { "from": "bind.clip", "to": "film.clip" }
        ],
        "groups": [{ "id": "finish", "title": "Finish", "color": "#5E738C", "nodes": ["bind", "film"] }],
        "notes": [{ "id": "why", "text": "**Grain** binds the shots.", "at": [0, 460], "size": [220, 80] }]
    })
}

/// Draws what is shown.
fn draw(o: &mut Open, name: &str, all: &mut SnapshotResults) {
    o.settle();
    // The pointer would light up what lies under it.
    o.harness.event(egui::Event::PointerGone);
    o.harness.run_steps(2);
    let screen = o.harness.ctx.content_rect();
    o.harness.mask(Rect::from_min_max(screen.left_bottom() - vec2(0.0, 28.0), screen.max));
    let zoom = o.harness.state().zoom();
    // How many frames are known to be ready by now.
    let timeline = o.harness.query_by_label("Timeline").map(|n| n.rect());
    if let Some(timeline) = timeline {
        let cached = egui::pos2(0.0, timeline.bottom());
        o.harness.mask(Rect::from_min_size(cached, vec2(128.0, 22.0)));
    }
    let graph = o.harness.state().session().document.graph().clone();
    for node in graph.nodes.keys().map(|id| id.as_str()) {
        if let Some(place) = o.harness.state().place_of(node) {
            // How long it took and what it holds.
            let high = 26.0 * zoom;
            let left = place.left() + place.width() * 0.4;
            let foot =
                Rect::from_min_max(egui::pos2(left, place.bottom() - high), place.max - vec2(2.0, 2.0));
            let graph = o.harness.get_all_by_label("Graph").map(|n| n.rect());
            let graph = graph.max_by(|a, b| a.area().total_cmp(&b.area())).unwrap();
            o.harness.mask(foot.intersect(graph));
        }
    }
    all.add(o.harness.try_snapshot(name));
}

fn with(o: &mut Open, command: &str) {
    assert!(o.harness.state_mut().command(command), "{command} can do nothing");
    o.settle();
}

#[test]
fn the_windows_main_states_look_as_they_did() {
    let mut all = SnapshotResults::new();
    let mut o = open(&film());
    o.harness.state_mut().select("bind", 12);
    draw(&mut o, "graph_dark", &mut all);
    with(&mut o, "view.theme");
    draw(&mut o, "graph_light", &mut all);
    with(&mut o, "view.theme");

    o.harness.state_mut().put_on_key(2, "bars");
    with(&mut o, "viewer.wipe");
    draw(&mut o, "wipe", &mut all);
    with(&mut o, "viewer.wipe");
    with(&mut o, "viewer.false_color");
    draw(&mut o, "false_colour", &mut all);
    with(&mut o, "viewer.false_color");

    o.harness.state_mut().select("grade", 12);
    with(&mut o, "keys.curves");
    draw(&mut o, "curves", &mut all);
    with(&mut o, "keys.curves");

    o.harness.set_size(vec2(2560.0, 1440.0));
    o.harness.run_steps(3);
    draw(&mut o, "large_dark", &mut all);
    with(&mut o, "view.theme");
    draw(&mut o, "large_light", &mut all);
    all.unwrap();
}

#[test]
fn what_is_wrong_and_what_is_advised_look_as_they_did() {
    let mut all = SnapshotResults::new();
    let mut graph = film();
    let reader = json!({ "id": "clip", "kind": "edit/read", "version": 1, "at": [0, -320], "params": { "path": "gone.mp4" } });
    graph["nodes"].as_array_mut().unwrap().push(reader);
    let mut o = open(&graph);
    o.harness.state_mut().select("clip", 0);
    draw(&mut o, "error", &mut all);
    // Film after the grain is advised against.
    o.harness.state_mut().select("film", 0);
    draw(&mut o, "advice", &mut all);
    o.click("Problems 2");
    draw(&mut o, "problems", &mut all);
    all.unwrap();
}

#[test]
fn sheets_and_first_screens_look_as_they_did() {
    let mut all = SnapshotResults::new();
    let mut o = start(tempfile::tempdir().unwrap(), None);
    while !o.harness.state().has_previews() {
        std::thread::sleep(std::time::Duration::from_millis(20));
        o.harness.run_steps(1);
    }
    draw(&mut o, "first", &mut all);
    o.click("Template Five stills, one pick");
    o.settle();
    o.harness.state_mut().select("stills", 0);
    draw(&mut o, "stills", &mut all);
    drop(o);
    let mut o = open(&json!({ "rushes": 1, "title": "Empty", "nodes": [] }));
    draw(&mut o, "empty", &mut all);
    with(&mut o, "graph.palette");
    draw(&mut o, "palette", &mut all);
    o.key(Modifiers::NONE, egui::Key::Escape);
    with(&mut o, "graph.add");
    draw(&mut o, "search", &mut all);
    o.key(Modifiers::NONE, egui::Key::Escape);
    with(&mut o, "edit.settings");
    o.click("Keys");
    draw(&mut o, "keys", &mut all);
    all.unwrap();
}
