//! The library in the whole editor: results, media and templates listed, filtered and dragged to the graph.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;
#[path = "common/takes.rs"]
mod takes;

use egui::{Key, Modifiers, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use open::{Open, open, small};
use serde_json::{Value, json};
use std::path::Path;
use takes::{MOVE, facts, flat, kept, library, with_takes};

#[test]
fn results_are_found_by_words_and_stars() {
    let mut o = open(&small());
    kept(&o, 10, facts("seedance", "a tower at dusk"), 5);
    kept(&o, 20, facts("kling", "a tower at noon"), 2);
    kept(&o, 30, facts("seedance", "a cat"), 0);
    o.command("view.library");
    o.wait_for("Result a tower at dusk");
    assert!(o.there("3 listed") && o.there("Result a cat"));
    o.until("no pictures", |o| o.harness.state().has_posters());
    o.click("Search result");
    o.harness.get_by_label("Search result").type_text("SEEDANCE tower");
    o.harness.run_steps(2);
    assert!(o.there("1 of 3 listed") && o.there("Result a tower at dusk") && !o.there("Result a cat"));
    o.key(Modifiers::COMMAND, Key::A);
    o.key(Modifiers::NONE, Key::Backspace);
    let stars = o.harness.get_by_label("Stars at least").rect();
    let at = stars.left_center() + vec2(13.0 * 1.5, 0.0);
    o.harness.drag_at(at);
    o.harness.run_steps(1);
    o.harness.drop_at(at);
    o.harness.run_steps(2);
    assert!(o.there("2 of 3 listed") && !o.there("Result a cat"));
    o.harness.get_by_label("Stars at least").focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Num5);
    assert!(o.there("1 of 3 listed") && o.there("Result a tower at dusk"));
}

#[test]
fn thousands_of_results_are_listed_of_which_those_in_view_are_shown() {
    let mut o = open(&small());
    let library = library(&o);
    let records = o.folder.path().join("home/library/.records");
    kept(&o, 10, facts("seedance", "number 0"), 0);
    let one = library.list().unwrap().remove(0);
    for n in 1..3000_u32 {
        let mut take = one.clone();
        take.id = format!("{n:032x}.png");
        take.made = u64::from(n);
        take.facts.prompt = format!("number {n}");
        std::fs::write(records.join(format!("{}.json", take.id)), serde_json::to_vec(&take).unwrap())
            .unwrap();
    }
    o.command("view.library");
    o.wait_for("3000 listed");
    let shown = |o: &Open| o.harness.query_all_by_label_contains("Result number").count();
    assert!((2..40).contains(&shown(&o)), "{}", shown(&o));
    o.click("Search result");
    o.key(Modifiers::NONE, Key::ArrowDown);
    o.harness.run_steps(2);
    assert!(o.harness.get_by_label("Result number 0").is_focused(), "made just now, the newest");
    for _ in 0..20 {
        o.key(Modifiers::NONE, Key::ArrowDown);
        o.harness.run_steps(2);
    }
    assert!(o.harness.get_by_label("Result number 2980").is_focused(), "the list follows");
    let far = |o: &Open| o.harness.query_by_label("Result number 2980").is_none();
    o.key(Modifiers::NONE, Key::PageDown);
    o.key(Modifiers::NONE, Key::PageDown);
    o.harness.run_steps(2);
    assert!(far(&o));
    o.key(Modifiers::NONE, Key::PageUp);
    o.key(Modifiers::NONE, Key::PageUp);
    o.harness.run_steps(2);
    assert!(o.harness.get_by_label("Result number 2980").is_focused());
    assert!((2..40).contains(&shown(&o)), "{}", shown(&o));
}

#[test]
fn a_result_is_dragged_to_the_ground_or_onto_a_node() {
    let mut o = open(&with_takes());
    let id = kept(&o, 128, facts("seedance", "a tower"), 0);
    o.command("view.library");
    o.wait_for("Result a tower");
    let from = o.center("Result a tower");
    let ground = o.harness.get_by_label(MOVE).rect().center_bottom() + vec2(0.0, 60.0);
    o.drag(from, ground);
    assert_eq!(o.param("read", "path"), Some(json!(format!("take:{id}"))));
    assert_eq!(&*o.node("read").title, "a tower");
    assert!(o.take().is_empty());
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(!o.has("read"), "one step");

    let node = o.center(MOVE);
    o.harness.hover_at(from);
    o.harness.run_steps(1);
    o.harness.drag_at(from);
    o.harness.run_steps(1);
    for (to, said) in [
        (ground, "Drop to read it by a node of its own"),
        (node, "Drop to make it the take of Image to video"),
    ] {
        o.harness.hover_at(to);
        o.harness.run_steps(2);
        assert!(o.harness.query_by_label(said).is_some(), "{said}");
    }
    o.harness.drop_at(node);
    o.harness.run_steps(2);
    o.settle();
    assert!(!o.there("Drop to"));
    assert_eq!(o.take(), id, "it is the node's take");
    assert!(!o.has("read"));
    o.select("move");
    o.click("Inspector");
    o.settle();
    assert!(o.there("Take 1"), "and one of its takes");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(o.take().is_empty());

    o.click("Library");
    o.settle();
    let reader = o.center("Read (file)");
    o.drag(from, reader);
    assert_eq!(
        o.param("file", "path"),
        Some(json!(format!("take:{id}"))),
        "a node that reads takes its file"
    );
    let elsewhere = o.harness.get_by_label("Search result").rect().center();
    let nodes = o.harness.state().session().document.graph().nodes.size();
    o.drag(from, elsewhere);
    assert_eq!(
        o.harness.state().session().document.graph().nodes.size(),
        nodes,
        "beside the graph is nowhere"
    );
}

#[test]
fn the_menu_of_a_result_uses_it_adds_it_and_copies_its_prompt() {
    let mut o = open(&with_takes());
    let id = kept(&o, 128, facts("seedance", "a tower"), 0);
    o.harness.state_mut().select("move", 0);
    o.command("view.library");
    o.wait_for("More of a tower");
    o.click("More of a tower");
    o.harness.get_by_label("Copy the prompt").click();
    let copied = (0..3).any(|_| {
        o.harness.step();
        let commands = &o.harness.output().platform_output.commands;
        commands.iter().any(|c| matches!(c, egui::OutputCommand::CopyText(text) if text == "a tower"))
    });
    assert!(copied);
    o.click("More of a tower");
    o.click("Use in Image to video");
    o.settle();
    assert_eq!(o.take(), id);
    o.click("More of a tower");
    o.click("Add to the graph as media");
    o.settle();
    assert_eq!(o.param("read", "path"), Some(json!(format!("take:{id}"))));
}

#[test]
fn a_result_of_its_kind_is_used_by_the_selected_node_and_any_other_is_read() {
    let mut o = open(&with_takes());
    let id = kept(&o, 128, facts("seedance", "a tower"), 0);
    o.harness.state_mut().select("move", 0);
    o.command("view.library");
    o.wait_for("Result a tower");
    o.harness.get_by_label("Result a tower").focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert_eq!(o.take(), id);
    o.select("look");
    o.command("view.library");
    o.harness.get_by_label("Result a tower").focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(o.has("read"));
}

#[test]
fn media_at_hand_are_those_of_the_graph_and_those_used_lately() {
    let mut o = open(&with_takes());
    flat(o.folder.path(), "named.png", 90);
    let away = tempfile::tempdir().unwrap();
    let other = flat(away.path(), "other.png", 70);
    let ground = o.harness.get_by_label(MOVE).rect().center_bottom() + vec2(0.0, 60.0);
    o.harness.hover_at(ground);
    o.harness.run_steps(1);
    o.drop_in(&other);
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    o.command("view.library");
    o.click("Library: Media");
    o.settle();
    o.wait_for("Media named.png");
    o.until("no pictures", |o| o.harness.state().has_posters());
    let from = o.center("Media other.png");
    o.drag(from, ground);
    assert_eq!(
        o.param("read", "path").as_ref().and_then(Value::as_str).map(Path::new),
        Some(other.as_path())
    );
    let from = o.center("Media named.png");
    let node = o.center(MOVE);
    o.drag(from, node);
    o.until("it is no take", |o| !o.take().is_empty());
}

#[test]
fn a_template_is_dropped_as_nodes_or_opened() {
    let mut o = open(&small());
    o.command("view.library");
    o.click("Library: Templates");
    o.settle();
    o.click("Search template");
    o.harness.get_by_label("Search template").type_text("camera");
    o.harness.run_steps(2);
    let label = {
        let found = o.harness.get_all_by_label_contains("Template ").next().unwrap();
        found.accesskit_node().label().unwrap()
    };
    let from = o.center(&label);
    let ground = o.harness.get_by_label("Grade (grade)").rect().center_bottom() + vec2(0.0, 60.0);
    o.drag(from, ground);
    let nodes = o.harness.state().session().document.graph().nodes.size();
    assert!(nodes > 3 && o.has("grade"), "its nodes stand beside those of the graph");
    assert_eq!(o.harness.state().selection().count(), nodes - 3, "and are selected");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.harness.state().session().document.graph().nodes.size(), 3);
    o.harness.get_by_label(&label).focus();
    o.harness.run_steps(1);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(!o.has("grade") && !o.harness.state().session().document.graph().nodes.is_empty());
}
