//! Curves through points, drawn in the inspector of the whole editor.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers, PointerButton, Pos2, Rect, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable};
use opened::{Open, open, small};
use serde_json::{Value, json};

/// The small graph with its grade selected, and its curves in view.
fn graded(params: Value) -> Open {
    let mut graph = small();
    graph["nodes"][1]["params"] = params;
    let mut o = open(&graph);
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o.harness.get_by_label("Plot of Hue curves hue").scroll_to_me();
    o.harness.run_steps(3);
    o.harness.get_by_label("Plot of Curves all").scroll_to_me();
    o.harness.run_steps(3);
    o
}

fn rect(o: &Open, label: &str) -> Rect {
    o.harness.get_by_label(label).rect()
}

fn there(o: &Open, label: &str) -> bool {
    o.harness.query_by_label(label).is_some()
}

fn event(o: &mut Open, pos: Pos2, button: PointerButton, pressed: bool) {
    o.harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE });
}

fn click_at(o: &mut Open, at: Pos2) {
    o.harness.hover_at(at);
    o.harness.run_steps(1);
    event(o, at, PointerButton::Primary, true);
    event(o, at, PointerButton::Primary, false);
    o.harness.run_steps(3);
}

fn drag(o: &mut Open, from: Pos2, by: Vec2) {
    o.harness.hover_at(from);
    o.harness.run_steps(1);
    event(o, from, PointerButton::Primary, true);
    o.harness.run_steps(1);
    for i in 1..=8 {
        o.harness.hover_at(from + by * (i as f32 / 8.0));
        o.harness.run_steps(1);
    }
    event(o, from + by, PointerButton::Primary, false);
    o.harness.run_steps(3);
}

fn points(o: &Open, param: &str, curve: &str) -> Vec<[f64; 2]> {
    let value = o.param("grade", param).unwrap_or_default();
    serde_json::from_value(value.get(curve).cloned().unwrap_or(json!([]))).unwrap()
}

fn steps(o: &Open) -> usize {
    o.harness.state().session().document.undo_labels().count()
}

#[test]
fn a_point_is_added_dragged_and_undone_and_the_picture_follows() {
    let mut o = graded(json!({}));
    let before = o.brightness();
    let middle = rect(&o, "Plot of Curves all").center();
    click_at(&mut o, middle);
    let added = points(&o, "curves", "all");
    assert_eq!((added.len(), added[0], added[2]), (3, [0.0, 0.0], [1.0, 1.0]));
    assert!((added[1][0] - 0.5).abs() < 0.01 && (added[1][1] - added[1][0]).abs() < 0.002, "{added:?}");
    assert!(there(&o, "In of Curves all"), "what was added is chosen and told in numbers");
    let height = rect(&o, "Plot of Curves all").height();
    let from = rect(&o, "Point 2 of Curves all").center();
    drag(&mut o, from, vec2(0.0, -height / 4.0));
    o.settle();
    let up = points(&o, "curves", "all");
    assert!(up[1][1] > 0.7 && (up[1][0] - added[1][0]).abs() < 0.01, "{up:?}");
    assert!(o.brightness() > before + 4.0, "the picture is brighter");
    assert_eq!(steps(&o), 2, "a drag is one step");
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(points(&o, "curves", "all"), added);
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(o.param("grade", "curves"), None);
}

#[test]
fn a_point_stays_between_its_neighbours_and_one_drag_from_the_curve_adds_and_moves() {
    let mut o = graded(json!({}));
    let plot = rect(&o, "Plot of Curves all");
    drag(&mut o, plot.center(), vec2(plot.width() * 2.0, -plot.height() * 2.0));
    assert_eq!(points(&o, "curves", "all"), [[0.0, 0.0], [0.999, 1.0], [1.0, 1.0]]);
    assert_eq!(steps(&o), 1);
    click_at(&mut o, plot.left_top() + vec2(20.0, 20.0));
    assert_eq!(points(&o, "curves", "all").len(), 3, "a click beside the curve adds nothing");
    assert!(!there(&o, "In of Curves all"), "and chooses none");
}

#[test]
fn points_go_by_key_by_the_other_button_and_by_double_click() {
    let tone = json!([[0.0, 0.0], [0.2, 0.1], [0.5, 0.6], [0.7, 0.8], [1.0, 1.0]]);
    let mut o = graded(json!({ "curves": { "red": tone } }));
    o.click("Curves: Red");
    o.harness.run_steps(2);
    o.click("Point 2 of Curves red");
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::ArrowUp);
    assert_eq!(points(&o, "curves", "red")[1], [0.2, 0.11]);
    o.key(Modifiers::NONE, Key::Delete);
    assert_eq!(points(&o, "curves", "red").len(), 4);
    assert!(o.has("grade"), "the node itself stays");
    o.harness.get_by_label("Point 2 of Curves red").click_secondary();
    o.harness.run_steps(3);
    assert_eq!(points(&o, "curves", "red"), [[0.0, 0.0], [0.7, 0.8], [1.0, 1.0]]);
    let at = rect(&o, "Point 2 of Curves red").center();
    o.harness.hover_at(at);
    o.harness.run_steps(1);
    // Within one frame: those of a test are too far apart for a double click.
    for pressed in [true, false, true, false] {
        let button = PointerButton::Primary;
        let event = egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE };
        o.harness.input_mut().events.push(event);
    }
    o.harness.run_steps(3);
    assert_eq!(o.param("grade", "curves"), None, "a diagonal is the curve of the tool's own");
    let before = steps(&o);
    o.harness.get_by_label("Point 1 of Curves red").click_secondary();
    o.harness.run_steps(3);
    assert_eq!(steps(&o), before, "and its ends cannot be taken away");
}

#[test]
fn the_numbers_of_the_chosen_point_are_typed_and_one_curve_is_reset() {
    let rise = json!([[0.0, 0.0], [0.5, 0.6], [1.0, 1.0]]);
    let mut o = graded(json!({ "curves": { "red": rise, "blue": rise } }));
    o.click("Curves: Blue");
    o.harness.run_steps(2);
    o.click("Point 2 of Curves blue");
    o.harness.run_steps(2);
    o.type_into("Out of Curves blue", "0.25");
    o.type_into("In of Curves blue", "7");
    assert_eq!(points(&o, "curves", "blue")[1], [0.999, 0.25], "no point passes another");
    o.harness.get_by_label("Reset Curves blue").scroll_to_me();
    o.harness.run_steps(3);
    o.click("Reset Curves blue");
    o.harness.run_steps(2);
    assert_eq!((points(&o, "curves", "red").len(), points(&o, "curves", "blue").len()), (3, 0));
    assert!(there(&o, "Point 2 of Curves blue") && !there(&o, "Point 3 of Curves blue"));
}

#[test]
fn without_a_pointer_a_point_is_added_where_there_is_room() {
    let mut o = graded(json!({}));
    // The keys are those of the panel that was pressed last.
    o.click("Hue curves: Hue");
    o.harness.get_by_label("Plot of Hue curves hue").focus();
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Enter);
    assert_eq!(points(&o, "hue_curves", "hue"), [[120.0, 0.0], [180.0, 0.0], [240.0, 0.0]]);
    let point = o.harness.get_by_label("Point 2 of Hue curves hue");
    assert!(point.accesskit_node().is_focused(), "and goes on from there");
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::ArrowUp);
    assert!(points(&o, "hue_curves", "hue")[1][1] > 1.0);
}
#[test]
fn while_an_edit_is_on_its_way_the_curve_keeps_its_place_and_its_keys() {
    let rise = json!([[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]]);
    let mut o = graded(json!({ "curves": { "all": rise } }));
    o.click("Point 2 of Curves all");
    o.harness.run_steps(2);
    let place = rect(&o, "Plot of Curves all");
    for _ in 0..30 {
        o.harness.key_press_modifiers(Modifiers::NONE, Key::ArrowUp);
        o.harness.run_steps(1);
        assert_eq!(rect(&o, "Plot of Curves all"), place);
        assert!(o.harness.get_by_label("Point 2 of Curves all").accesskit_node().is_focused());
    }
    assert_eq!(points(&o, "curves", "all")[1], [0.5, 0.8]);
}
