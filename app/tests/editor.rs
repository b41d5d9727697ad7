//! The whole editor on small graphs: what is done in the window is done to the document and seen in the viewer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use opened::{open, small};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[test]
fn a_parameter_typed_in_the_inspector_is_set_and_seen_and_undone() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    let before = o.brightness();
    assert!(before > 20.0, "a ramp is not black: {before}");
    o.type_into("Exposure", "-2");
    o.settle();
    assert_eq!(o.param("grade", "exposure"), Some(json!(-2)));
    let dark = o.brightness();
    // Two stops of linear light are a quarter; through a display gamma of 2.4 that is 0.56 of the code.
    let expected = before * 0.25f64.powf(1.0 / 2.4);
    assert!((dark - expected).abs() < 0.08 * before, "{before} became {dark}, not {expected}");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.param("grade", "exposure"), None);
    assert!((o.brightness() - before).abs() < 0.5);
}

#[test]
fn a_node_is_added_by_search_after_the_selected_one_and_deleting_keeps_the_wire() {
    let mut o = open(&small());
    o.click("Grade (grade)");
    o.key(Modifiers::NONE, Key::Tab);
    o.harness.run_steps(2);
    o.harness.get_by_label("Search nodes").type_text("letterbox");
    o.harness.run_steps(2);
    o.key(Modifiers::SHIFT, Key::Enter);
    assert_eq!(o.wires(), ["bars.clip > grade.clip", "grade.clip > letterbox.clip"]);
    o.click("Grade (grade)");
    o.key(Modifiers::NONE, Key::Delete);
    assert!(!o.has("grade"));
    assert_eq!(o.wires(), ["bars.clip > letterbox.clip"]);
    o.key(Modifiers::COMMAND, Key::Z);
    o.key(Modifiers::COMMAND, Key::Z);
    assert!(o.has("grade") && !o.has("letterbox"));
    assert_eq!(o.wires(), ["bars.clip > grade.clip"]);
}

#[test]
fn keys_go_where_the_keyboard_is() {
    let mut o = open(&small());
    o.click("Grade (grade)");
    o.harness.get_by_label("How the picture is seen").focus();
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Delete);
    assert!(o.has("grade"), "the graph was pressed last, and the keyboard went on to the viewer");
    o.click("Grade (grade)");
    o.key(Modifiers::NONE, Key::Delete);
    assert!(!o.has("grade"));
}

#[test]
fn what_is_wrong_is_told_at_the_node_and_in_the_list() {
    let mut o = open(&small());
    o.harness.state_mut().select("blur", 0);
    o.settle();
    o.click("Problems 1");
    assert!(o.harness.query_by_label_contains("Problem in Blur").is_some());
}

#[test]
fn frames_are_stepped_and_the_arrow_keys_are_the_viewers() {
    let mut o = open(&small());
    o.click("Next frame");
    assert_eq!(o.harness.state().playhead(), 1);
    o.click("Last frame");
    assert_eq!(o.harness.state().playhead(), 23);
    o.key(Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(o.harness.state().playhead(), 22);
    o.click("First frame");
    assert_eq!(o.harness.state().playhead(), 0);
}

#[test]
fn a_key_at_the_playhead_makes_the_parameter_change_over_time() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o.click("Key for Exposure");
    o.harness.state_mut().select("grade", 12);
    o.settle();
    o.type_into("Exposure", "1");
    assert_eq!(o.param("grade", "exposure"), Some(json!({"keys": [[0, 0, "linear"], [12, 1, "linear"]]})));
}

#[test]
fn saving_writes_what_was_done_and_opening_again_can_undo_it() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o.type_into("Exposure", "-1");
    o.key(Modifiers::COMMAND, Key::S);
    o.settle();
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(&o.graph).unwrap()).unwrap();
    let grade = saved["nodes"].as_array().unwrap().iter().find(|n| n["id"] == "grade").unwrap();
    assert_eq!(grade["params"]["exposure"].as_f64(), Some(-1.0));
    assert!(o.harness.query_by_label("Undo").is_none(), "there is something to undo");
}

#[test]
fn a_slider_dragged_at_4k_shows_pictures_meanwhile_and_ends_on_its_last_value() {
    let graph = |exposure: Value| {
        let mut graph = small();
        graph["nodes"][0]["params"]["width"] = json!(3840);
        graph["nodes"][0]["params"]["height"] = json!(2160);
        graph["nodes"][1]["params"] = json!({ "exposure": exposure });
        graph
    };
    let mut o = open(&graph(json!(0.0)));
    o.harness.state_mut().select("grade", 0);
    o.settle();
    let from = o.harness.get_by_label("Exposure").rect().center();
    o.harness.hover_at(from);
    o.harness.run_steps(1);
    o.harness.drag_at(from);
    let mut seen = BTreeSet::new();
    for step in 1..=24 {
        o.harness.hover_at(from + egui::vec2(step as f32 * 2.0, 0.0));
        o.harness.run_steps(1);
        // A hand moves on whether or not the picture came.
        std::thread::sleep(std::time::Duration::from_millis(20));
        if step % 4 == 0 {
            seen.insert((o.brightness() * 100.0) as i64);
        }
    }
    o.harness.drop_at(from + egui::vec2(50.0, 0.0));
    o.settle();
    assert!(seen.len() > 2, "no pictures came while it was dragged: {seen:?}");
    let last = o.param("grade", "exposure").unwrap();
    assert!(last.as_f64().unwrap() > 0.1, "{last}");
    let got = o.brightness();
    assert_eq!(o.harness.state().session().document.undo_labels().count(), 1, "a drag is one step");
    let mut fresh = open(&graph(last));
    fresh.harness.state_mut().select("grade", 0);
    fresh.settle();
    assert!((got - fresh.brightness()).abs() < 0.01, "{got} is not what the last value makes");
}
