//! Several graphs in one window.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;

use egui::{Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use open::{Open, open, small};

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

fn tabs(o: &Open) -> Vec<String> {
    let all = o.harness.query_all_by_label_contains("Tab ");
    all.filter_map(|n| n.accesskit_node().label()).filter(|l| l.starts_with("Tab ")).collect()
}

fn bypassed(o: &Open) -> bool {
    let graph = o.harness.state().session().document.graph();
    graph.nodes.get(&"grade".parse().unwrap()).is_some_and(|n| n.bypass)
}

#[test]
fn each_tab_keeps_its_graph_its_steps_and_its_playhead() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 7);
    o.harness.run_steps(2);
    o.harness.state_mut().command("graph.bypass");
    o.settle();
    assert_eq!(tabs(&o), ["Tab Small, not saved"]);
    o.key(Modifiers::COMMAND, Key::N);
    o.settle();
    assert_eq!(tabs(&o), ["Tab Small, not saved", "Tab Untitled"]);
    assert!(o.harness.state().session().document.graph().nodes.is_empty());
    assert!(!o.harness.state_mut().command("edit.undo"), "the steps of one are not those of another");
    o.key(Modifiers::COMMAND, Key::Tab);
    o.settle();
    assert!(bypassed(&o));
    assert_eq!(o.harness.state().playhead(), 7);
    let picture = o.harness.get_by_label_contains("Picture of Grade").rect();
    assert!(picture.is_positive(), "what was viewed is viewed again");
    o.key(Modifiers::COMMAND, Key::Z);
    assert!(!bypassed(&o));
}

#[test]
fn a_file_is_open_once() {
    let mut o = open(&small());
    let path = o.graph.clone();
    o.key(Modifiers::COMMAND, Key::N);
    o.harness.run_steps(2);
    o.harness.state_mut().open(&[path]);
    o.settle();
    assert_eq!(tabs(&o), ["Tab Small", "Tab Untitled"]);
    assert!(o.has("grade"), "its tab is shown instead");
    o.harness.state_mut().open(&[o.folder.path().join("there_is_none.json")]);
    o.settle();
    assert_eq!(tabs(&o), ["Tab Small", "Tab Untitled"], "what cannot be opened leaves no tab");
    assert!(o.has("grade"));
}

#[test]
fn closing_asks_about_changes_and_the_last_tab_leaves_the_first_screen() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.harness.run_steps(2);
    o.harness.state_mut().command("graph.bypass");
    o.harness.run_steps(2);
    o.key(Modifiers::COMMAND, Key::N);
    o.harness.run_steps(2);
    o.key(Modifiers::COMMAND, Key::W);
    assert_eq!(tabs(&o), ["Tab Small, not saved"], "an empty graph closes at once");
    o.key(Modifiers::COMMAND, Key::W);
    o.harness.get_by_label("Save Small before closing?");
    o.click("Cancel");
    assert!(o.has("grade"));
    o.key(Modifiers::COMMAND, Key::W);
    o.click("Save");
    o.settle();
    assert!(!o.has("grade"));
    let text = std::fs::read_to_string(&o.graph).unwrap();
    assert!(text.contains("\"bypass\": true"));
    assert!(o.harness.query_by_label_contains("Realism").is_some(), "the first screen is shown");
    assert!(!o.harness.state_mut().command("graph.find"));
    o.key(CTRL_SHIFT, Key::Tab);
}

#[test]
fn a_tab_that_is_shown_again_shows_its_pictures_at_once() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    let before = o.brightness();
    assert!(before > 20.0, "a ramp is not black: {before}");
    o.key(Modifiers::COMMAND, Key::N);
    o.settle();
    assert!(o.harness.state_mut().command("file.next_tab"));
    // The one frame in which it is drawn, before any thread could have answered.
    o.harness.run_steps(1);
    assert!(!o.harness.state().is_settled(), "it is found out anew");
    assert!((o.brightness() - before).abs() < 0.5);
    assert!(o.harness.state().has_thumbs());
    o.settle();
    assert!((o.brightness() - before).abs() < 0.5);
}
