//! Keys, range and frames ahead, done in the timeline of the whole editor.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers, Pos2, Vec2, vec2};
use egui_kittest::kittest::Queryable;
use opened::{Open, open, small};
use serde_json::{Value, json};

/// The small graph with keys on the grade's exposure, which is selected.
fn keyed(keys: Value) -> Open {
    let mut graph = small();
    graph["nodes"][1]["params"] = json!({ "exposure": { "keys": keys } });
    let mut o = open(&graph);
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o
}

fn line() -> Value {
    json!([[0, 0, "linear"], [8, 1, "linear"], [16, -1, "linear"]])
}

fn keys(o: &Open) -> Value {
    o.param("grade", "exposure").unwrap()["keys"].clone()
}

fn place(o: &Open, label: &str) -> Pos2 {
    o.harness.get_by_label(label).rect().center()
}

/// Points from a frame to the next, told by two keys.
fn step(o: &Open) -> f32 {
    (place(o, "Key of Exposure at 8").x - place(o, "Key of Exposure at 0").x) / 8.0
}

fn drag(o: &mut Open, from: Pos2, by: Vec2, held: Modifiers) {
    let h = &mut o.harness;
    h.event(egui::Event::PointerMoved(from));
    h.run_steps(1);
    let press = |pos, pressed| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: held,
    };
    h.event_modifiers(press(from, true), held);
    h.run_steps(1);
    for i in 1..=5 {
        h.event_modifiers(egui::Event::PointerMoved(from + by * (i as f32 / 5.0)), held);
        h.run_steps(1);
    }
    h.event_modifiers(press(from + by, false), held);
    h.run_steps(2);
}

#[test]
fn a_dragged_key_moves_by_whole_frames_and_one_undo_gives_it_back() {
    let mut o = keyed(line());
    let (from, frame) = (place(&o, "Key of Exposure at 8"), step(&o));
    drag(&mut o, from, vec2(frame * 3.3, 0.0), Modifiers::NONE);
    assert_eq!(keys(&o), json!([[0, 0, "linear"], [11, 1, "linear"], [16, -1, "linear"]]));
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(keys(&o), line(), "the whole drag is one step");
    drag(&mut o, from, vec2(frame * 8.0, 0.0), Modifiers::NONE);
    assert_eq!(keys(&o), json!([[0, 0, "linear"], [16, 1, "linear"]]), "it takes the other's place");
    o.key(Modifiers::COMMAND, Key::Z);
    drag(&mut o, from, vec2(frame * 4.0, 0.0), Modifiers::ALT);
    assert_eq!(
        keys(&o),
        json!([[0, 0, "linear"], [8, 1, "linear"], [12, 1, "linear"], [16, -1, "linear"]]),
        "with Alt a copy"
    );
}

#[test]
fn keys_are_chosen_with_a_box_and_removed_and_the_last_leaves_its_value() {
    let mut o = keyed(line());
    let lane = o.harness.get_by_label("Lane of Exposure").rect();
    let from = Pos2::new(place(&o, "Key of Exposure at 8").x - 6.0, lane.top() + 1.0);
    let to = vec2(step(&o) * 8.0 + 14.0, lane.height() - 2.0);
    drag(&mut o, from, to, Modifiers::NONE);
    o.key(Modifiers::NONE, Key::Delete);
    assert_eq!(keys(&o), json!([[0, 0, "linear"]]));
    o.click("Choose the keys of Exposure");
    o.key(Modifiers::NONE, Key::Delete);
    assert_eq!(o.param("grade", "exposure"), Some(json!(0)));
    assert!(o.has("grade"), "the node itself stays");
}

#[test]
fn a_double_click_adds_a_key_with_the_value_there() {
    let mut o = keyed(line());
    let lane = o.harness.get_by_label("Lane of Exposure").rect();
    let at = Pos2::new(place(&o, "Key of Exposure at 0").x + step(&o) * 4.0, lane.bottom() - 2.0);
    o.harness.hover_at(at);
    o.harness.run_steps(1);
    // Within one frame: those of a test are too far apart for a double click.
    for pressed in [true, false, true, false] {
        let button = egui::PointerButton::Primary;
        let event = egui::Event::PointerButton { pos: at, button, pressed, modifiers: Modifiers::NONE };
        o.harness.input_mut().events.push(event);
    }
    o.harness.run_steps(2);
    let new = json!([[0, 0, "linear"], [4, 0.5, "linear"], [8, 1, "linear"], [16, -1, "linear"]]);
    assert_eq!(keys(&o), new);
}

#[test]
fn keys_are_copied_and_pasted_at_the_playhead() {
    let mut o = keyed(line());
    o.click("Key of Exposure at 8");
    o.harness.state_mut().command("keys.copy");
    o.harness.step();
    let text = o.harness.output().platform_output.commands.iter().find_map(|c| match c {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    o.harness.state_mut().command("play.last");
    o.harness.run_steps(2);
    o.harness.event(egui::Event::Paste(text.expect("keys went to the clipboard")));
    o.harness.run_steps(2);
    assert_eq!(keys(&o)[3], json!([23, 1, "linear"]));
}

#[test]
fn shapes_are_set_by_command_and_by_menu() {
    let mut o = keyed(line());
    o.click("Choose the keys of Exposure");
    assert!(o.harness.state_mut().command("keys.smooth"));
    o.harness.run_steps(2);
    let smooth = keys(&o);
    assert!(smooth.as_array().unwrap().iter().all(|k| k[2] == "bezier" && k[3].is_array()), "{smooth}");
    o.harness.get_by_label("Key of Exposure at 8").click_secondary();
    o.harness.run_steps(3);
    o.click("Hold");
    o.harness.run_steps(2);
    assert!(keys(&o).as_array().unwrap().iter().all(|k| k[2] == "hold"));
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(keys(&o), smooth);
}

#[test]
fn in_the_curves_keys_move_in_value_and_stay_in_the_hard_range() {
    let mut o = keyed(line());
    o.harness.state_mut().command("keys.curves");
    o.harness.run_steps(2);
    let from = place(&o, "Key of Exposure at 8");
    drag(&mut o, from, vec2(0.0, -20.0), Modifiers::NONE);
    let up = keys(&o)[1][1].as_f64().unwrap();
    assert!(up > 1.05 && keys(&o)[1][0] == 8, "{up}");
    o.key(Modifiers::COMMAND, Key::Z);
    let from = place(&o, "Key of Exposure at 8");
    drag(&mut o, from, vec2(0.0, -4000.0), Modifiers::NONE);
    assert_eq!(keys(&o)[1][1].as_f64(), Some(16.0), "sixteen stops are the most that a grade takes");
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(keys(&o), line());
}

#[test]
fn a_handle_is_dragged_and_shapes_the_curve() {
    let mut o = keyed(json!([[0, 0, "bezier", [0, 0, 4, 0]], [16, 1, "linear"]]));
    o.harness.state_mut().command("keys.curves");
    o.harness.run_steps(2);
    o.click("Key of Exposure at 0");
    let from = place(&o, "Handle out of Exposure at 0");
    let before = keys(&o)[0][3][2].as_f64().unwrap();
    drag(&mut o, from, vec2(40.0, 0.0), Modifiers::NONE);
    let handles = keys(&o)[0][3].clone();
    assert!(handles[2].as_f64().unwrap() > before + 0.5, "{handles}");
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(keys(&o)[0][3], json!([0, 0, 4, 0]));
}

#[test]
fn in_and_out_are_set_kept_and_undone_and_play_stays_between() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 6);
    o.settle();
    let view = |o: &Open| o.harness.state().session().document.graph().view.get("range").cloned();
    o.harness.state_mut().command("play.set_in");
    o.harness.state_mut().select("grade", 11);
    o.settle();
    o.harness.state_mut().command("play.set_out");
    o.settle();
    assert_eq!(view(&o), Some(json!([6, 11])));
    let out = place(&o, "Out point at 11");
    let wide = (out.x - place(&o, "In point at 6").x - 9.0) / 5.0;
    drag(&mut o, out, vec2(wide * 4.0, 0.0), Modifiers::NONE);
    assert_eq!(view(&o), Some(json!([6, 15])));
    o.key(Modifiers::COMMAND, Key::Z);
    assert_eq!(view(&o), Some(json!([6, 11])));
    o.harness.state_mut().command("play.go_in");
    o.harness.state_mut().command("play.toggle");
    for _ in 0..40 {
        o.harness.step();
        let at = o.harness.state().playhead();
        assert!((6..=11).contains(&at), "{at} is outside");
    }
    o.harness.state_mut().command("play.pause");
    o.settle();
    o.harness.state_mut().command("play.clear_range");
    assert_eq!(view(&o), None);
}

#[test]
fn the_range_is_made_ahead_and_shown_as_ready() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o.click("Cache from in to out");
    o.settle();
    let cached = o.harness.state().cached();
    assert_eq!(cached, vec![0..24], "every frame is ready");
    assert!(o.harness.query_by_label("Stop caching").is_none());
}
