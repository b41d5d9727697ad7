//! A person's whole way, by what the window shows and says alone: from an empty window to a film.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;

use egui::{Key, Modifiers, PointerButton};
use egui_kittest::kittest::Queryable;
use open::{Open, asset, start};
use serde_json::json;
use std::path::Path;

/// Clicks a node where its title stands; its fields would take the click.
fn select(o: &mut Open, node: &str) {
    let title = o.harness.get_by_label(node).rect().center_top() + egui::vec2(0.0, 8.0);
    for pressed in [true, false] {
        o.harness.event(egui::Event::PointerMoved(title));
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        o.harness.event(egui::Event::PointerButton { pos: title, button, pressed, modifiers });
        o.harness.run_steps(1);
    }
    o.harness.run_steps(1);
}

fn press(o: &mut Open, key: Key) {
    o.key(Modifiers::NONE, key);
    o.settle();
}

#[test]
fn from_an_empty_window_to_a_film() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("home");
    std::fs::create_dir_all(&home).unwrap();
    std::fs::write(home.join("config.toml"), "own_dialogs = true\nproxy = 8\n").unwrap();
    let still = folder.path().join("her.jpg");
    std::fs::copy(asset("stills/coffee.jpg"), &still).unwrap();
    let mut o = start(folder, None);

    o.click("Template Realism");
    o.settle();
    let before = o.param("person_stills", "images").unwrap().as_array().unwrap().len();

    o.drop_on("Stills (person_stills)", &still);
    let images = o.param("person_stills", "images").unwrap();
    assert_eq!(images.as_array().unwrap().len(), before + 1);
    assert_eq!(images[before]["file"].as_str().map(Path::new), Some(still.as_path()));

    select(&mut o, "Shot: the astronaut (person)");
    o.harness.get_by_label("Action").scroll_to_me();
    o.harness.run_steps(3);
    o.click("Action");
    o.key(Modifiers::COMMAND, Key::A);
    o.harness.get_by_label("Action").type_text("she looks up at the tower");
    o.harness.run_steps(2);
    select(&mut o, "Stills (person_stills)");
    o.settle();
    assert_eq!(o.param("person", "action"), Some(json!("she looks up at the tower")));

    press(&mut o, Key::Num1);
    let last = format!("Still {0} of {0}:", before + 1);
    o.wait_for(&last);
    o.harness.get_by_label_contains(&last).click();
    o.harness.run_steps(2);
    o.settle();
    assert_eq!(o.param("person_pick", "choice"), Some(json!(before)));

    select(&mut o, "Sequence (cut)");
    press(&mut o, Key::Num2);
    select(&mut o, "Grain blend (bind)");
    press(&mut o, Key::Num1);
    o.click("Next frame");
    o.click("Next frame");
    o.settle();
    assert_eq!(o.harness.state().playhead(), 2);

    press(&mut o, Key::W);
    assert!(o.harness.query_by_label("A Grain blend").is_some(), "no wipe");
    assert!(o.harness.query_by_label("B Sequence").is_some(), "no wipe");
    let line = o.center("Wipe between A and B");
    o.drag(line, line - egui::vec2(60.0, 0.0));
    assert!((o.center("Wipe between A and B").x - line.x + 60.0).abs() < 2.0);
    press(&mut o, Key::W);

    // Near enough to take hold of a port.
    select(&mut o, "Grain blend (bind)");
    o.key(Modifiers::NONE, Key::Period);
    o.settle();
    let nothing =
        o.harness.get_by_label("Grain blend (bind)").rect().right_bottom() + egui::vec2(60.0, -60.0);
    let port = o.center("bind.clip output");
    o.drag(port, nothing);
    o.wait_for("Search nodes");
    o.harness.get_by_label("Search nodes").type_text("vignette");
    o.harness.run_steps(2);
    press(&mut o, Key::Enter);
    let film = "film";
    assert!(o.has(film) && o.wires().contains(&"bind.clip > film.clip".to_owned()), "{:?}", o.wires());
    let (out, into) = (o.center("film.clip output"), o.center("write.clip input"));
    o.drag(out, into);
    assert!(o.wires().contains(&"film.clip > write.clip".to_owned()), "{:?}", o.wires());
    select(&mut o, "Film (film)");
    o.settle();
    o.type_into("Vignette", "0.6");
    o.settle();
    assert_eq!(o.param(film, "vignette"), Some(json!(0.6)));

    for _ in 0..3 {
        o.key(Modifiers::COMMAND, Key::Z);
        o.settle();
    }
    assert!(!o.has(film) && o.wires().contains(&"bind.clip > write.clip".to_owned()));
    for _ in 0..3 {
        o.key(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
        o.settle();
    }
    assert_eq!(o.param(film, "vignette"), Some(json!(0.6)));

    // A short film of 1080 lines, so that the test ends today.
    select(&mut o, "Film (film)");
    o.key(Modifiers::NONE, Key::Home);
    for node in ["person_move", "place_move"] {
        select(&mut o, &format!("Image to video ({node})"));
        o.settle();
        o.type_into("Duration", "0.1");
        assert_eq!(o.param(node, "duration_s"), Some(json!(0.1)));
    }
    for node in ["person_4k", "place_4k"] {
        select(&mut o, &format!("Upscale video ({node})"));
        press(&mut o, Key::Delete);
    }
    assert!(o.wires().contains(&"person_move.clip > cut.clip1".to_owned()), "{:?}", o.wires());

    let path = o.folder.path().join("launch.json");
    o.key(Modifiers::COMMAND, Key::S);
    o.wait_for("Save graph");
    o.key(Modifiers::COMMAND, Key::A);
    o.harness.get_by_label("Name").type_text(path.with_extension("").to_str().unwrap());
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(path.is_file(), "it was not saved");
    let graph = o.harness.state().session().document.graph().clone();

    let folder = o.close();
    let mut o = start(folder, None);
    o.click("launch");
    o.settle();
    assert_eq!(*o.harness.state().session().document.graph(), graph, "what was closed is opened");
    assert!(o.harness.state().session().document.undo_labels().count() > 3, "with its history");

    o.key(Modifiers::COMMAND, Key::Enter);
    o.wait_for("Wrote");
    assert!(path.with_file_name("realism.mp4").is_file());
}
