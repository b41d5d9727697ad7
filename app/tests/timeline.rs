//! Keys, range and frames ahead, done in the timeline of the whole editor.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers, Pos2, Vec2, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable};
use opened::{Open, open, small};
use serde_json::{Value, json};

/// The small graph with keys on the grade's exposure, which is selected.
fn keyed(keys: &Value) -> Open {
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
    let mut o = keyed(&line());
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
    let mut o = keyed(&line());
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
    let mut o = keyed(&line());
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
    let mut o = keyed(&line());
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
    let mut o = keyed(&line());
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
    let mut o = keyed(&line());
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
    let mut o = keyed(&json!([[0, 0, "bezier", [0, 0, 4, 0]], [16, 1, "linear"]]));
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

/// A sound file of a tone: 16-bit, one channel.
fn tone(path: &std::path::Path, seconds: u32) {
    const RATE: u32 = 8_000;
    let count = RATE * seconds;
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + count * 2).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend([1_u16, 1].into_iter().flat_map(u16::to_le_bytes));
    wav.extend([RATE, RATE * 2].into_iter().flat_map(u32::to_le_bytes));
    wav.extend([2_u16, 16].into_iter().flat_map(u16::to_le_bytes));
    wav.extend(b"data");
    wav.extend((count * 2).to_le_bytes());
    let sample = |i: u32| ((f64::from(i) * 0.3).sin() * 12_000.0) as i16;
    wav.extend((0..count).flat_map(|i| sample(i).to_le_bytes()));
    std::fs::write(path, wav).unwrap();
}

/// Two shots in a sequence with a tone under them, as they are delivered.
fn cut() -> Open {
    let folder = tempfile::tempdir().unwrap();
    tone(&folder.path().join("voice.wav"), 2);
    let mut graph = small();
    let nodes = graph["nodes"].as_array_mut().unwrap();
    nodes[0]["title"] = json!("Wide");
    nodes[1]["title"] = json!("Close");
    nodes.extend([
        json!({ "id": "cut", "kind": "edit/sequence", "version": 1, "at": [520, 200],
                "params": { "dissolves": [4] } }),
        json!({ "id": "voice", "kind": "edit/read", "version": 1, "at": [0, 300],
                "params": { "path": "voice.wav" } }),
        json!({ "id": "out", "kind": "deliver/write", "version": 1, "at": [780, 200],
                "params": { "path": "out.mp4" } }),
    ]);
    let wires = [("bars.clip", "cut.clip1"), ("grade.clip", "cut.clip2"), ("cut.clip", "out.clip")];
    let links = graph["links"].as_array_mut().unwrap();
    links.extend(wires.map(|(from, to)| json!({ "from": from, "to": to })));
    links.push(json!({ "from": "voice.audio", "to": "out.audio" }));
    let path = folder.path().join("small.json");
    std::fs::write(&path, graph.to_string()).unwrap();
    let mut o = opened::start(folder, Some(path));
    o.harness.state_mut().select("out", 0);
    o.settle();
    o
}

/// Runs frames until `done`, which the playhead is given.
fn play_until(o: &mut Open, done: impl Fn(i64) -> bool) {
    let end = std::time::Instant::now() + std::time::Duration::from_secs(30);
    while !done(o.harness.state().playhead()) {
        assert!(std::time::Instant::now() < end, "the playhead stays at {}", o.harness.state().playhead());
        std::thread::sleep(std::time::Duration::from_millis(5));
        o.harness.step();
    }
}

#[test]
fn shots_lie_where_the_sequence_has_them_and_are_gone_to() {
    let mut o = cut();
    o.harness.get_by_label("Shot Wide from 0 to 23");
    o.click("Shot Close from 20 to 43");
    assert_eq!(o.harness.state().playhead(), 20);
}

#[test]
fn what_is_wired_beside_the_picture_is_drawn_and_plays_with_or_without_a_device() {
    let mut o = cut();
    o.harness.get_by_label("Sound of voice");
    o.wait_for("Mute sound");
    o.harness.state_mut().command("play.mute");
    o.wait_for("Sound on");
    o.harness.state_mut().command("play.toggle");
    play_until(&mut o, |frame| frame > 2);
    o.harness.state_mut().command("play.pause");
    o.settle();
    assert!(o.harness.state().playhead() > 2);
    // What has no sound has no lane of it.
    o.harness.state_mut().select("blur", 0);
    o.harness.state_mut().select("bars", 0);
    o.settle();
    assert!(o.harness.query_by_label("Sound of voice").is_none());
}

#[test]
fn once_play_stops_at_the_out_point() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 3);
    o.settle();
    o.harness.state_mut().command("play.set_out");
    o.harness.state_mut().command("play.first");
    o.harness.get_by_label("Plays again and again");
    o.harness.state_mut().command("play.loop");
    o.harness.run_steps(2);
    o.harness.get_by_label("Plays once");
    o.harness.state_mut().command("play.toggle");
    play_until(&mut o, |frame| frame == 3);
    // The last frame is shown for its whole time.
    while o.harness.query_by_label("Pause").is_some() {
        play_until(&mut o, |frame| frame == 3);
        o.harness.step();
    }
    o.settle();
    assert_eq!(o.harness.state().playhead(), 3);
    o.harness.state_mut().command("play.loop");
    o.harness.run_steps(2);
    o.harness.get_by_label("Plays to and fro");
}

#[test]
fn how_it_plays_is_remembered() {
    let mut o = cut();
    o.harness.set_size(vec2(1920.0, 1080.0));
    o.harness.run_steps(3);
    o.wait_for("Volume");
    let bar = o.harness.get_by_label("Volume").rect();
    let quarter = Pos2::new(bar.left() + bar.width() * 0.25, bar.center().y);
    o.harness.hover_at(quarter);
    o.harness.drag_at(quarter);
    o.harness.drop_at(quarter);
    o.harness.run_steps(2);
    o.harness.state_mut().command("play.mute");
    o.harness.state_mut().command("play.loop");
    o.wait_for("Sound on");
    o.wait_for("Plays once");
    let (graph, folder) = (o.graph.clone(), o.close());
    let mut o = opened::start(folder, Some(graph));
    o.harness.set_size(vec2(1920.0, 1080.0));
    o.harness.state_mut().select("out", 0);
    o.settle();
    o.wait_for("Sound on");
    o.wait_for("Plays once");
    let volume = o.harness.get_by_label("Volume").accesskit_node().numeric_value().unwrap();
    assert!((0.1..0.4).contains(&volume), "{volume}");
}

#[test]
fn the_wheel_looks_closer_where_the_pointer_is_and_the_button_shows_all_again() {
    let mut o = keyed(&line());
    let (before, kept) = (step(&o), place(&o, "Key of Exposure at 8"));
    let ruler = o.harness.get_by_label("Playhead").rect();
    let at = Pos2::new(kept.x, ruler.center().y);
    o.harness.hover_at(at);
    o.harness.run_steps(1);
    for _ in 0..4 {
        let wheel = egui::Event::MouseWheel {
            unit: egui::MouseWheelUnit::Point,
            delta: vec2(0.0, 60.0),
            phase: egui::TouchPhase::Move,
            modifiers: Modifiers::NONE,
        };
        o.harness.event(wheel);
        o.harness.run_steps(4);
    }
    o.harness.run_steps(20);
    let now = place(&o, "Key of Exposure at 8");
    assert!((now.x - kept.x).abs() < 1.0, "{now} was {kept}");
    assert!(o.harness.query_by_label("Key of Exposure at 0").is_none(), "the first key is out of sight");
    o.click("Show every frame");
    assert!((step(&o) - before).abs() < 0.01);
}

#[test]
fn escape_gives_back_what_is_dragged() {
    let mut o = keyed(&line());
    let (from, frame) = (place(&o, "Key of Exposure at 8"), step(&o));
    let press = |pressed, pos| egui::Event::PointerButton {
        pos,
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    let to = from + vec2(frame * 3.0, 0.0);
    o.harness.event(egui::Event::PointerMoved(from));
    o.harness.event(press(true, from));
    o.harness.run_steps(1);
    for i in 1..=3 {
        o.harness.event(egui::Event::PointerMoved(from + (to - from) * (i as f32 / 3.0)));
        o.harness.run_steps(1);
    }
    assert_eq!(keys(&o)[1][0], 11);
    o.key(Modifiers::NONE, Key::Escape);
    assert_eq!(keys(&o), line());
    o.harness.event(press(false, to));
    o.harness.run_steps(2);
    assert_eq!(keys(&o), line());
}

#[test]
fn each_tab_keeps_its_chosen_keys_and_what_it_was_making() {
    let mut o = keyed(&line());
    o.click("Choose the keys of Exposure");
    o.harness.state_mut().command("play.cache");
    o.key(Modifiers::COMMAND, Key::N);
    o.settle();
    assert!(!o.harness.state_mut().command("keys.delete"), "nothing is chosen in the other");
    assert!(o.harness.query_by_label("Stop caching").is_none());
    o.key(Modifiers::COMMAND, Key::Tab);
    o.settle();
    assert_eq!(o.harness.state().cached(), vec![0..24], "it went on");
    assert!(o.harness.state_mut().command("keys.delete"));
    o.harness.run_steps(2);
    assert_eq!(o.param("grade", "exposure"), Some(json!(0)));
}
