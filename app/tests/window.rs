//! What the window does beside editing: fitting, measuring, takes, the first screen, what it remembers.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers, Pos2, Rect, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable};
use opened::{Open, asset, moving, open, small, start};
use rushes::editor::config::Config;
use rushes::editor::theme::Mode;
use serde_json::json;

const NODES: [&str; 3] = ["Pattern (bars)", "Grade (grade)", "Blur (blur)"];

fn rect(o: &Open, label: &str) -> Rect {
    o.harness.get_by_label(label).rect()
}

/// The canvas; its tab has the same name.
fn panel(o: &Open) -> Rect {
    let all = o.harness.get_all_by_label("Graph").map(|n| n.rect());
    all.max_by(|a, b| a.area().total_cmp(&b.area())).unwrap()
}

fn resize(o: &mut Open, width: f32, height: f32) {
    o.harness.set_size(vec2(width, height));
    o.harness.run_steps(3);
}

#[test]
fn a_graph_that_was_fitted_is_fitted_again_when_the_window_changes() {
    let mut o = open(&small());
    let before = rect(&o, NODES[0]).width();
    resize(&mut o, 1024.0, 600.0);
    let canvas = panel(&o);
    for node in NODES {
        assert!(canvas.contains_rect(rect(&o, node)), "{node} is not in view");
    }
    assert!(rect(&o, NODES[0]).width() < before, "nothing had to become smaller: the test shows nothing");
    resize(&mut o, 1280.0, 720.0);
    assert_eq!(rect(&o, NODES[0]).width(), before);
}

#[test]
fn of_many_nodes_all_show_in_the_end_what_is_known_of_them() {
    let names = || (0..600).map(|n| format!("n{n}"));
    let shot = |(n, id)| json!({ "id": id, "kind": "plan/shot", "version": 1, "at": [n % 30 * 240, n / 30 * 300], "params": { "action": "she looks up" } });
    let nodes: Vec<_> = names().enumerate().map(shot).collect();
    let o = open(&json!({ "rushes": 1, "nodes": nodes, "links": [] }));
    let height = |id: &str| o.harness.state().place_of(id).unwrap().height();
    let one = open(&json!({ "rushes": 1, "nodes": nodes.get(..1), "links": [] }));
    let known = one.harness.state().place_of("n0").unwrap().height() / one.harness.state().zoom();
    // What a shot says stands in its body, which it has not before it is described.
    assert!(known > 100.0, "{known}");
    for id in names() {
        let here = height(&id) / o.harness.state().zoom();
        assert!((here - known).abs() < 0.5, "{id} is {here} high, described {known}");
    }
}

#[test]
fn a_view_that_a_person_chose_keeps_its_middle_when_the_window_changes() {
    let mut o = open(&small());
    let middle = panel(&o).center();
    o.harness.hover_at(middle);
    let wheel = egui::Event::MouseWheel {
        unit: egui::MouseWheelUnit::Line,
        delta: vec2(0.0, 2.0),
        modifiers: Modifiers::NONE,
        phase: egui::TouchPhase::Move,
    };
    o.harness.event(wheel);
    o.harness.run_steps(3);
    let from_middle = |o: &Open| rect(o, NODES[1]).center() - panel(o).center();
    let (before, width) = (from_middle(&o), rect(&o, NODES[1]).width());
    resize(&mut o, 1600.0, 900.0);
    assert!((rect(&o, NODES[1]).width() - width).abs() < 0.01, "the zoom stays");
    let moved = from_middle(&o) - before;
    assert!(moved.length() < 1.0, "the middle moved by {moved:?}");
}

#[test]
fn the_readout_tells_the_pixel_under_the_pointer() {
    let mut o = open(&small());
    o.harness.state_mut().select("bars", 0);
    o.settle();
    // Whatever scale was chosen: the readout is of the full picture's pixels.
    while o.harness.query_by_label_contains("next: Full").is_none() {
        let proxy = o.harness.get_by_label_contains("Proxy; click for the next");
        proxy.click();
        o.harness.run_steps(2);
        o.settle();
    }
    let panel = rect(&o, "Picture of Pattern");
    let scale = (panel.size() / vec2(64.0, 36.0)).min_elem();
    let picture = Rect::from_center_size(panel.center(), vec2(64.0, 36.0) * scale);
    let pixel = |x: f32, y: f32| picture.min + vec2(x + 0.5, y + 0.5) * scale;
    o.harness.hover_at(pixel(21.0, 10.0));
    o.harness.run_steps(1);
    // The ramp is x over 63.
    o.wait_for("Pixel x 21 y 10: 0.333 0.333 0.333, 85 85 85");
    o.harness.hover_at(pixel(63.0, 35.0));
    o.harness.run_steps(1);
    o.wait_for("Pixel x 63 y 35: 1.000 1.000 1.000, 255 255 255");
    o.harness.hover_at(Pos2::new(4.0, 4.0));
    o.harness.run_steps(3);
    assert!(o.harness.query_by_label_contains("Pixel x").is_none(), "nothing is under the pointer");
}

fn chosen(o: &Open, take: &str) -> bool {
    let label = format!("Take {take}");
    let node = o.harness.get_by_label(&label);
    node.accesskit_node().toggled() == Some(egui::accesskit::Toggled::True)
}

#[test]
fn takes_dropped_on_a_node_are_listed_chosen_and_undone() {
    let mut o = open(&moving());
    o.drop_on("Image to video (move)", &asset("clips/big_buck_bunny.mp4"));
    let first = o.take();
    assert!(!first.is_empty(), "the clip is the take");
    o.drop_on("Image to video (move)", &asset("stills/cat.jpg"));
    let second = o.take();
    assert!(!second.is_empty() && second != first, "the picture is the take now");
    assert!(!o.has("read"), "nothing was added to the graph");

    o.click("Image to video (move)");
    o.settle();
    assert!(chosen(&o, "cat.jpg") && !chosen(&o, "big_buck_bunny.mp4") && !chosen(&o, "Live"));
    o.click("Take big_buck_bunny.mp4");
    o.settle();
    assert_eq!(o.take(), first);
    assert!(chosen(&o, "big_buck_bunny.mp4"));
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.take(), second);
    assert!(o.harness.query_by_label_contains("Stale").is_none());
    o.harness.get_by_label("Seed").scroll_to_me();
    o.harness.run_steps(3);
    o.type_into("Seed", "7");
    o.settle();
    o.wait_for("Stale: seed 0 → 7");
    o.harness.get_by_label("Take Live").scroll_to_me();
    o.harness.run_steps(3);
    o.click("Take Live");
    o.settle();
    assert!(o.take().is_empty() && chosen(&o, "Live"));
}

#[test]
fn a_file_dropped_on_the_ground_is_read() {
    let mut o = open(&moving());
    let at = panel(&o).left_bottom() + vec2(20.0, -20.0);
    o.harness.hover_at(at);
    o.harness.run_steps(1);
    o.drop_in(&asset("stills/cat.jpg"));
    assert!(o.has("read") && o.take().is_empty());
}

#[test]
fn what_a_slow_node_made_is_stale_after_an_edit_and_says_why() {
    let mut o = open(&json!({
        "rushes": 1, "title": "Slow",
        "nodes": [
            { "id": "still", "kind": "generate/pattern", "version": 1, "at": [0, 0],
              "params": { "width": 64, "height": 36, "length": 1 } },
            { "id": "skin", "kind": "enhance/skin_texture", "version": 1, "at": [260, 0] }
        ],
        "links": [ { "from": "still.clip", "to": "skin.clip" } ],
        "groups": [], "notes": [], "view": {}
    }));
    o.harness.state_mut().select("skin", 0);
    o.settle();
    // Looked at once, and away from: nothing makes it again unasked.
    o.harness.state_mut().select("still", 0);
    o.settle();
    o.click("Skin texture (skin)");
    o.settle();
    assert!(o.harness.query_by_label_contains("Stale").is_none());
    o.type_into("Strength", "0.2");
    o.settle();
    o.wait_for("Stale: strength 0.5 → 0.2");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(o.harness.query_by_label_contains("Stale").is_none(), "undone, the picture is still there");
}

#[test]
fn the_first_screen_opens_a_copy_of_a_graph_that_ships() {
    let mut o = start(tempfile::tempdir().unwrap(), None);
    o.click("Template Realism");
    o.settle();
    let document = &o.harness.state().session().document;
    assert!(document.graph().nodes.size() > 10 && document.path().is_none() && !document.is_dirty());
    assert!(o.harness.query_by_label("Template Realism").is_none(), "the screen is gone");
    assert!(panel(&o).is_positive());
}

#[test]
fn a_graph_without_a_file_is_found_again() {
    let mut o = start(tempfile::tempdir().unwrap(), None);
    o.click("New graph");
    o.settle();
    let at = panel(&o).center();
    o.harness.drag_at(at);
    o.harness.run_steps(1);
    o.harness.drop_at(at);
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Tab);
    o.harness.get_by_label("Search nodes").type_text("letterbox");
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Enter);
    assert!(o.has("letterbox"));
    let mut o = start(o.close(), None);
    o.click("Unsaved graph");
    o.settle();
    assert!(o.has("letterbox") && o.harness.state().session().document.is_dirty());
}

#[test]
fn theme_and_files_are_remembered_and_a_damaged_file_hurts_nobody() {
    let mut o = open(&small());
    let graph = o.graph.clone();
    o.click("Light theme");
    resize(&mut o, 1111.0, 666.0);
    let folder = o.close();
    let settings = folder.path().join("home/config.toml");
    let config = Config::load(&settings);
    assert_eq!(config.theme, Mode::Light);
    assert_eq!((config.window.width, config.window.height), (1111.0, 666.0));
    assert_eq!(config.recent, [graph]);

    let mut o = start(folder, None);
    assert!(o.harness.query_by_label("Dark theme").is_some(), "it starts light");
    o.click("small");
    o.settle();
    assert!(o.has("grade"), "the recent file opens");
    let folder = o.close();
    std::fs::write(&settings, b"theme = \xff [[[").unwrap();
    let o = start(folder, None);
    assert!(o.harness.query_by_label("Light theme").is_some(), "it starts as if nothing were known");
}
