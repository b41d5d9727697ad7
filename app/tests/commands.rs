//! Commands by key and by palette, and what the graph offers beside nodes and wires.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use open::{Open, open, small};
use rushes::editor::commands::ALL;

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

fn choose(o: &mut Open, list: &str, typed: &str) {
    o.harness.get_by_label(list).type_text(typed);
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Enter);
}

fn graph(o: &Open) -> rushes_engine::document::Graph {
    (**o.harness.state().session().document.graph()).clone()
}

fn select(o: &mut Open, node: &str) {
    o.harness.state_mut().select(node, 0);
    o.harness.run_steps(2);
}

#[test]
fn every_command_is_in_the_palette_and_starts_from_it() {
    let mut o = open(&small());
    for row in ALL {
        o.key(CTRL_SHIFT, Key::P);
        o.harness.get_by_label("Commands").type_text(row.label);
        o.harness.run_steps(2);
        let found = o.harness.query_all_by_label(row.label).count();
        assert!(found > 0, "{} is not found by its own name", row.name);
        o.key(Modifiers::NONE, Key::Escape);
    }
    select(&mut o, "grade");
    o.key(CTRL_SHIFT, Key::P);
    choose(&mut o, "Commands", "bypass");
    assert!(graph(&o).nodes[&"grade".parse().unwrap()].bypass);
    assert!(o.harness.query_by_label("Commands").is_none(), "it closes");
}

#[test]
fn a_node_is_found_by_title_kind_or_value() {
    let mut o = open(&small());
    for (typed, node) in [("blur", "blur"), ("finish/gr", "grade"), ("ramp", "bars")] {
        o.key(Modifiers::COMMAND, Key::F);
        choose(&mut o, "Find in the graph", typed);
        let chosen: Vec<String> = o.harness.state().selection().map(ToString::to_string).collect();
        assert_eq!(chosen, [node], "{typed}");
    }
}

#[test]
fn a_group_folds_to_one_box_whose_wires_still_work() {
    let mut o = open(&small());
    select(&mut o, "bars");
    o.harness.state_mut().command("graph.group");
    o.harness.run_steps(2);
    o.harness.state_mut().command("graph.collapse_group");
    o.settle();
    assert!(o.harness.query_by_label("Group (group:group)").is_some(), "the box has the group's name");
    assert!(o.harness.query_by_label_contains("(bars)").is_none(), "the node is inside");
    assert!(o.harness.query_by_label("group:group.bars.clip output").is_some(), "the wire's end is a port");
    assert_eq!(o.wires(), ["bars.clip > grade.clip"]);
    o.harness.get_by_label("Group (group:group)").click();
    o.harness.run_steps(2);
    o.harness.state_mut().command("graph.push_down");
    o.harness.run_steps(2);
    assert_eq!(
        graph(&o).nodes[&"bars".parse().unwrap()].at,
        [0.0, 32.0],
        "moving the box moves what it holds"
    );
    o.harness.state_mut().command("graph.collapse");
    o.settle();
    assert!(o.harness.query_by_label_contains("(bars)").is_some());
}

#[test]
fn what_is_pinned_stays_and_colours_go_round() {
    let mut o = open(&small());
    select(&mut o, "bars");
    for name in ["graph.pin", "graph.nudge_left", "graph.color"] {
        assert!(o.harness.state_mut().command(name), "{name}");
        o.harness.run_steps(2);
    }
    let bars = graph(&o).nodes[&"bars".parse().unwrap()].clone();
    assert_eq!(bars.at, [0.0, 0.0]);
    assert!(!bars.color.is_empty());
    o.harness.state_mut().command("graph.pin");
    o.harness.run_steps(2);
    o.harness.state_mut().command("graph.nudge_left");
    o.harness.run_steps(2);
    assert_eq!(graph(&o).nodes[&"bars".parse().unwrap()].at, [-8.0, 0.0]);
    assert!(graph(&o).view.is_empty(), "nothing is left behind in the file");
}

fn command(o: &mut Open, name: &str) {
    o.harness.state_mut().command(name);
    o.harness.run_steps(2);
}

#[test]
fn nodes_line_up_and_stand_apart_evenly() {
    let mut o = open(&small());
    let at = |o: &Open, id: &str| graph(o).nodes[&id.parse().unwrap()].at;
    select(&mut o, "grade");
    command(&mut o, "graph.push_down");
    command(&mut o, "edit.select_all");
    command(&mut o, "graph.align_top");
    assert_eq!([at(&o, "bars")[1], at(&o, "grade")[1], at(&o, "blur")[1]], [0.0; 3]);
    select(&mut o, "grade");
    command(&mut o, "graph.push_left");
    command(&mut o, "edit.select_all");
    command(&mut o, "graph.distribute_across");
    assert_eq!([at(&o, "bars")[0], at(&o, "grade")[0], at(&o, "blur")[0]], [0.0, 260.0, 520.0]);
    // So they are shown, too.
    let seen = ["bars", "grade", "blur"].map(|id| o.harness.state().place_of(id).unwrap().min);
    let apart = 260.0 * o.harness.state().zoom();
    assert!(seen.windows(2).all(|two| (two[1] - two[0] - egui::vec2(apart, 0.0)).length() < 0.5), "{seen:?}");
}

#[test]
fn what_a_node_is_made_of_is_chosen_with_it_and_nothing_else() {
    let mut o = open(&small());
    let upstream = |o: &mut Open, node: &str| -> Vec<String> {
        select(o, node);
        command(o, "edit.select_upstream");
        o.harness.state().selection().map(ToString::to_string).collect()
    };
    assert_eq!(upstream(&mut o, "grade"), ["bars", "grade"]);
    assert_eq!(upstream(&mut o, "blur"), ["blur"]);
}

#[test]
fn deleting_with_wires_keeps_no_flow_and_pasting_with_inputs_wires_again() {
    let mut graph = small();
    graph["links"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({ "from": "grade.clip", "to": "blur.clip" }));
    let mut o = open(&graph);
    o.click("Grade (grade)");
    o.harness.state_mut().command("edit.copy");
    o.harness.step();
    let text = o.harness.output().platform_output.commands.iter().find_map(|c| match c {
        egui::OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    });
    o.harness.state_mut().command("edit.delete_wires");
    o.harness.run_steps(2);
    assert!(!o.has("grade") && o.wires().is_empty());
    o.key(Modifiers::COMMAND, Key::Z);
    let text = text.expect("the nodes went to the clipboard");
    o.harness.event_modifiers(egui::Event::Paste(text), Modifiers::COMMAND | Modifiers::SHIFT);
    o.harness.run_steps(2);
    assert_eq!(o.wires().iter().filter(|w| w.starts_with("bars.clip")).count(), 2);
}

#[test]
fn keys_are_changed_in_the_settings_and_remembered() {
    let mut o = open(&small());
    o.key(Modifiers::COMMAND, Key::Comma);
    o.click("Keys");
    o.click("Search keys");
    o.harness.get_by_label("Search keys").type_text("save");
    o.harness.run_steps(2);
    o.click("Keys of Save: Ctrl S");
    o.key(Modifiers::COMMAND, Key::O);
    o.harness.get_by_label_contains("Ctrl O is taken by “Open…”");
    o.click("Keys of Save: Ctrl S");
    o.key(Modifiers::COMMAND | Modifiers::ALT, Key::K);
    o.harness.get_by_label("Keys of Save: Ctrl Alt K");
    o.click("Done");
    assert!(o.harness.query_by_label("Search keys").is_none());
    select(&mut o, "grade");
    o.harness.state_mut().command("graph.bypass");
    o.harness.run_steps(2);
    o.key(Modifiers::COMMAND, Key::S);
    assert!(o.harness.state().session().document.is_dirty(), "the old keys do nothing");
    o.key(Modifiers::COMMAND | Modifiers::ALT, Key::K);
    o.settle();
    assert!(!o.harness.state().session().document.is_dirty());
    let folder = o.close();
    let text = std::fs::read_to_string(folder.path().join("home/config.toml")).unwrap();
    assert!(text.contains("\"file.save\" = [\"Ctrl Alt K\"]"), "{text}");
    let mut again = open::start(folder, None);
    assert!(again.harness.state_mut().command("edit.settings"));
    again.harness.run_steps(2);
    again.click("Keys");
    again.click("Search keys");
    again.harness.get_by_label("Search keys").type_text("save");
    again.harness.run_steps(2);
    again.harness.get_by_label("Keys of Save: Ctrl Alt K");
}
