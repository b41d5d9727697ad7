//! Files in the window: made ones that carry their graph, the graph's own when another program writes it, missing ones.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod opened;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use opened::{Open, open, small, start};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// A file that the small graph made.
fn made(o: &Open, name: &str) -> PathBuf {
    o.rendered("grade", Some(0..1), name)
}

fn lone(id: &str) -> Value {
    let node = json!({ "id": id, "kind": "generate/pattern", "version": 1,
        "params": { "width": 64, "height": 36, "length": 1 } });
    json!({ "rushes": 1, "title": "Lone", "nodes": [node], "links": [] })
}

#[test]
fn a_made_file_opens_its_graph_or_is_read_as_the_person_says() {
    let mut o = open(&lone("mine"));
    for name in ["made.png", "made.mp4"] {
        let file = made(&o, name);
        o.drop_in(&file);
        o.wait_for("carries the graph that made it");
        assert!(o.has("mine") && !o.has("grade") && !o.has("read"), "nothing is done unasked");
        o.click("Add as media");
        o.settle();
        assert!(o.has("mine") && o.has("read"), "{name}");
        o.key(Modifiers::COMMAND, Key::Z);
        o.settle();
        assert!(!o.has("read"));
    }
    let file = made(&o, "again.png");
    o.drop_in(&file);
    o.wait_for("carries the graph that made it");
    o.click("Open graph");
    o.settle();
    assert!(o.has("bars") && o.has("grade") && o.has("blur") && !o.has("mine"));
    let document = &o.harness.state().session().document;
    assert!(document.path().is_none(), "saving asks for a name");
    assert!(o.harness.query_by_label_contains("carries the graph").is_none());
}

#[test]
fn a_made_file_named_at_the_start_is_asked_about() {
    let o = open(&lone("mine"));
    let file = made(&o, "made.png");
    let mut o = start(o.close(), Some(file));
    o.wait_for("made.png carries the graph that made it");
    o.click("Open graph");
    o.settle();
    assert!(o.has("grade"));
}

#[test]
fn media_that_carry_no_graph_become_readers_as_ever() {
    let mut o = open(&lone("mine"));
    let clip = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/clips/big_buck_bunny.mp4");
    o.drop_in(&clip);
    assert!(o.has("read"));
    assert!(o.harness.query_by_label_contains("carries the graph").is_none());
}

#[test]
fn a_file_changed_outside_is_reloaded_as_one_step_or_overlooked() {
    let mut o = open(&lone("mine"));
    o.harness.state_mut().select("mine", 0);
    o.settle();
    o.type_into("Length", "7");
    o.settle();
    std::fs::write(&o.graph, lone("theirs").to_string()).unwrap();
    let notice = "was changed by another program";
    o.wait_for(notice);
    assert!(o.has("mine") && !o.has("theirs"), "nothing is done unasked");
    o.click("Reload");
    o.settle();
    assert!(o.has("theirs") && !o.has("mine") && !o.harness.state().session().document.is_dirty());
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert!(o.has("mine"));
    assert_eq!(o.param("mine", "length"), Some(json!(7)), "what was not saved is back");
    o.key(Modifiers::COMMAND, Key::S);
    o.settle();

    std::fs::write(&o.graph, lone("others").to_string()).unwrap();
    o.wait_for(notice);
    o.click("Keep mine");
    o.settle();
    assert!(o.has("mine") && o.harness.state().session().document.is_dirty());
    o.key(Modifiers::COMMAND, Key::S);
    o.settle();
    let saved = std::fs::read_to_string(&o.graph).unwrap();
    assert!(saved.contains("\"mine\"") && !saved.contains("others"), "{saved}");
    // One's own save is no news.
    std::thread::sleep(std::time::Duration::from_secs(3));
    o.harness.run_steps(3);
    assert!(o.harness.query_by_label_contains(notice).is_none());
}

#[cfg(unix)]
#[test]
fn two_windows_on_one_file_know_of_each_other() {
    let mut first = open(&lone("mine"));
    let (folder, graph) = (tempfile::tempdir().unwrap(), first.graph.clone());
    std::os::unix::fs::symlink(first.folder.path().join("home"), folder.path().join("home")).unwrap();
    let mut second = start(folder, Some(graph));
    assert!(second.has("mine"), "it opens all the same");
    second.wait_for("Another window or program has this graph open");
    second.harness.state_mut().select("mine", 0);
    second.settle();
    second.type_into("Length", "9");
    second.key(Modifiers::COMMAND, Key::S);
    first.wait_for("was changed by another program");
    // Saved without a look at it: refused, and nothing is lost.
    first.harness.state_mut().select("mine", 0);
    first.settle();
    first.type_into("Length", "5");
    first.key(Modifiers::COMMAND, Key::S);
    first.wait_for("The file was changed by another program since it was opened");
    assert!(std::fs::read_to_string(&first.graph).unwrap().contains("\"length\": 9"));
    first.click("Reload");
    first.settle();
    assert_eq!(first.param("mine", "length"), Some(json!(9)));
}

fn readers(files: &[&str]) -> Value {
    let node = |(at, file): (usize, &&str)| {
        json!({ "id": format!("r{at}"), "kind": "edit/read", "version": 1, "at": [0, 300 * at],
            "params": { "path": file } })
    };
    json!({ "rushes": 1, "title": "Readers", "links": [],
        "nodes": files.iter().enumerate().map(node).collect::<Vec<_>>() })
}

#[test]
fn missing_files_are_found_in_a_folder_and_taken_up_as_one_step() {
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/stills");
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(at("away/deep")).unwrap();
    for (name, to) in [("cat.jpg", "known.jpg"), ("coffee.jpg", "away/named.jpg")] {
        std::fs::copy(assets.join(name), at(to)).unwrap();
    }
    std::fs::write(at("small.json"), readers(&["known.jpg", "named.jpg", "gone.jpg"]).to_string()).unwrap();
    let mut o = start(folder, None);
    let at = |name: &str| o.folder.path().join(name);
    let (graph, known, moved) = (at("small.json"), at("known.jpg"), at("away/deep/other name.jpg"));
    let folder = o.close();
    // Read once, so that its content is remembered; then it moves and changes its name.
    o = start(folder, Some(graph.clone()));
    let folder = o.close();
    std::fs::rename(known, &moved).unwrap();
    let mut o = start(folder, Some(graph));
    o.click("Problems 3");
    o.harness.get_all_by_label("Find file…").next().unwrap().click();
    o.harness.run_steps(2);
    o.wait_for("Missing gone.jpg");
    let away = o.folder.path().join("away");
    o.harness.state_mut().search_folder(away.clone());
    o.wait_for("Missing gone.jpg: Not found there");
    o.wait_for("Missing known.jpg: Same content");
    o.wait_for("Missing named.jpg: Same name");
    assert_eq!(o.param("r0", "path"), Some(json!("known.jpg")), "nothing is done unasked");
    o.click("Use these 2");
    o.settle();
    assert_eq!(o.param("r0", "path"), Some(json!("away/deep/other name.jpg")));
    assert_eq!(o.param("r1", "path"), Some(json!("away/named.jpg")));
    assert_eq!(o.param("r2", "path"), Some(json!("gone.jpg")));
    let lost = o.harness.get_all_by_label_contains("the file is not there").count();
    assert_eq!(lost, 1, "two of three are mended");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.param("r0", "path"), Some(json!("known.jpg")), "one step for all");
    assert_eq!(o.param("r1", "path"), Some(json!("named.jpg")));
}

#[test]
fn an_error_on_the_node_or_in_the_inspector_leads_to_the_sheet_and_escape_closes_it() {
    let mut o = open(&readers(&["gone.mp4"]));
    o.click("Read (r0)");
    o.settle();
    o.click("Find file…");
    o.wait_for("Missing gone.mp4");
    o.key(Modifiers::NONE, Key::Escape);
    assert!(o.harness.query_by_label_contains("Missing gone.mp4").is_none());
    o.click("Find file… for Read (r0)");
    o.wait_for("Missing gone.mp4");
}

#[test]
fn a_file_outside_the_folder_is_read_once_the_person_allows_it() {
    let cat = Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets/stills/cat.jpg").canonicalize().unwrap();
    let mut o = open(&readers(&[&*cat.to_string_lossy(), "../nothing.mp4"]));
    o.click("Problems 2");
    let refused = |o: &Open| o.harness.query_all_by_label_contains("Problem in Read: this file lies").count();
    assert_eq!(refused(&o), 2);
    o.click("Allow file for Read (r0)");
    o.settle();
    assert_eq!(refused(&o), 1, "only that node's file is allowed");
    assert!(!o.harness.state().session().document.is_dirty(), "consent is no edit");
}

#[test]
fn a_lost_device_starts_the_program_again_with_all_that_was_open() {
    let mut o = open(&small());
    o.key(Modifiers::COMMAND, Key::N);
    o.settle();
    o.harness.state_mut().command("graph.note");
    o.settle();
    let told = Arc::new(Mutex::new(None));
    let tell = Arc::clone(&told);
    o.harness.state_mut().start_again_by(Box::new(move |files, reason| {
        *tell.lock().unwrap() = Some((files.to_vec(), reason.to_owned()));
        Ok(())
    }));
    o.harness.run_steps(2);
    assert!(told.lock().unwrap().is_none(), "the device is there");
    o.harness.state().lose_device();
    o.harness.run_steps(2);
    let (files, reason) = told.lock().unwrap().take().unwrap();
    assert!(!reason.is_empty());
    let [saved, unsaved] = files.as_slice() else { panic!("{files:?}") };
    assert_eq!(*saved, o.graph);
    let steps = std::fs::read_to_string(unsaved).unwrap();
    assert!(steps.contains("add_note"), "{steps}");
    let journal = unsaved.clone();
    let graph = o.graph.clone();
    let folder = o.close();
    let mut o = start(folder, None);
    o.harness.state_mut().open(&[graph, journal]);
    o.settle();
    assert_eq!(o.harness.state().session().document.graph().notes.len(), 1, "its steps are there");
    assert!(o.harness.query_by_label("Tab Small").is_some());
}
