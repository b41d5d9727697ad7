//! Sub-graphs and reroutes in the window: made, entered, changed inside, left, promoted, kept and used again.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;

use egui::{Key, Modifiers, PointerButton};
use egui_kittest::kittest::Queryable;
use open::{Open, open, small};
use rushes_engine::document::{Graph, NodeId};
use serde_json::{Value, json};

const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);

/// A ramp, brightened, blurred.
fn chain() -> Value {
    let mut graph = small();
    graph["nodes"][1]["params"] = json!({ "exposure": -1.0 });
    graph["nodes"][2]["at"] = json!([640, 0]);
    graph["links"].as_array_mut().unwrap().push(json!({ "from": "grade.clip", "to": "blur.clip" }));
    graph
}

fn graph(o: &Open) -> Graph {
    (**o.harness.state().session().document.graph()).clone()
}

fn id(name: &str) -> NodeId {
    name.parse().unwrap()
}

fn inner(o: &Open, graph: &str, node: &str) -> rushes_engine::document::Node {
    let all = self::graph(o);
    let definition = all.graphs.get(&id(graph)).unwrap();
    (**definition.nodes.get(&id(node)).unwrap()).clone()
}

fn select(o: &mut Open, node: &str) {
    o.harness.state_mut().select(node, 0);
    o.harness.run_steps(2);
}

fn command(o: &mut Open, name: &str) {
    assert!(o.harness.state_mut().command(name), "{name} can do nothing");
    o.settle();
}

/// The grade made a sub-graph, which is called `sub_graph` as is the node that stands for it.
fn packed() -> Open {
    let mut o = open(&chain());
    select(&mut o, "grade");
    command(&mut o, "graph.make_sub_graph");
    assert_eq!(o.wires(), ["sub_graph.clip > blur.clip", "bars.clip > sub_graph.clip"]);
    o
}

fn on_canvas(o: &Open, node: &str) -> bool {
    o.harness.query_by_label_contains(&format!("({node})")).is_some()
}

#[test]
fn a_selection_becomes_one_node_that_is_entered_changed_inside_and_left() {
    let mut o = open(&chain());
    select(&mut o, "blur");
    o.settle();
    let before = o.brightness();
    let plain = graph(&o);
    o.click("Grade (grade)");
    o.key(CTRL_SHIFT, Key::E);
    o.settle();
    assert!(on_canvas(&o, "sub_graph"));
    select(&mut o, "blur");
    o.settle();
    assert!((o.brightness() - before).abs() < 1.0, "packing changes no picture");
    select(&mut o, "sub_graph");
    command(&mut o, "graph.enter");
    assert!(on_canvas(&o, "grade") && !on_canvas(&o, "blur"));
    o.harness.get_by_label("Inside Sub graph");
    select(&mut o, "grade");
    o.settle();
    o.harness.get_by_label_contains("Picture of Grade");
    let dark = o.brightness();
    command(&mut o, "graph.bypass");
    assert!(inner(&o, "sub_graph", "grade").bypass);
    assert!(o.brightness() > dark + 5.0, "the picture inside is of what was changed inside");
    o.click("Go to Small");
    o.settle();
    assert!(on_canvas(&o, "blur") && !on_canvas(&o, "grade"));
    assert!(o.harness.query_by_label_contains("Inside ").is_none());
    command(&mut o, "edit.undo");
    command(&mut o, "edit.undo");
    assert!(graph(&o) == plain, "undo takes it all back");
}

#[test]
fn a_node_inside_is_found_and_shown_where_it_stands() {
    let mut o = packed();
    o.key(Modifiers::COMMAND, Key::F);
    o.harness.get_by_label("Find in the graph").type_text("finish/grade");
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(on_canvas(&o, "grade") && !on_canvas(&o, "blur"), "its level is shown");
    let chosen: Vec<String> = o.harness.state().selection().map(ToString::to_string).collect();
    assert_eq!(chosen, ["grade"]);
    o.key(Modifiers::COMMAND, Key::F);
    o.harness.get_by_label("Find in the graph").type_text("finish/blur");
    o.harness.run_steps(2);
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    assert!(on_canvas(&o, "blur") && !on_canvas(&o, "grade"), "and that around it again");
}

#[test]
fn an_undo_leaves_what_is_no_longer_there() {
    let mut o = packed();
    select(&mut o, "sub_graph");
    command(&mut o, "graph.enter");
    command(&mut o, "edit.undo");
    assert!(on_canvas(&o, "grade") && on_canvas(&o, "blur"), "the graph is shown again");
    assert!(o.harness.query_by_label_contains("Inside ").is_none());
}

#[test]
fn sub_graphs_are_entered_by_key_and_nest() {
    let mut o = packed();
    o.click("Sub graph (sub_graph)");
    command(&mut o, "graph.make_sub_graph");
    assert!(on_canvas(&o, "sub_graph_2"));
    o.click("Sub graph 2 (sub_graph_2)");
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    o.click("Sub graph (sub_graph)");
    o.key(Modifiers::NONE, Key::Enter);
    o.settle();
    o.harness.get_by_label("Go to Sub graph 2");
    assert!(on_canvas(&o, "grade"));
    select(&mut o, "grade");
    command(&mut o, "graph.mute");
    assert!(inner(&o, "sub_graph", "grade").mute, "the edit lands where it was made");
    o.key(Modifiers::ALT, Key::ArrowUp);
    o.settle();
    o.harness.get_by_label("Inside Sub graph 2");
    o.key(Modifiers::ALT, Key::ArrowUp);
    o.settle();
    assert!(on_canvas(&o, "blur"));
    select(&mut o, "sub_graph_2");
    command(&mut o, "graph.unpack");
    assert!(on_canvas(&o, "sub_graph") && !on_canvas(&o, "sub_graph_2"));
}

#[test]
fn a_promoted_parameter_is_turned_outside() {
    let mut o = packed();
    select(&mut o, "sub_graph");
    command(&mut o, "graph.enter");
    select(&mut o, "grade");
    o.settle();
    o.harness.get_by_label("Parameter Exposure").click_button(PointerButton::Secondary);
    o.harness.run_steps(2);
    o.click("Promote to the sub-graph");
    o.settle();
    o.harness.get_by_label("Parameter Exposure, promoted");
    command(&mut o, "graph.leave");
    select(&mut o, "sub_graph");
    o.settle();
    let dark = o.brightness();
    o.type_into("Exposure", "1");
    o.settle();
    assert_eq!(o.param("sub_graph", "exposure"), Some(json!(1)));
    assert_eq!(inner(&o, "sub_graph", "grade").params["exposure"], json!(-1), "inside it stays");
    assert!(o.brightness() > dark + 5.0);
    // Inside of this instance it is told that the value comes from outside.
    command(&mut o, "graph.enter");
    select(&mut o, "grade");
    o.settle();
    o.harness.get_by_label("Parameter Exposure, promoted").click_accesskit();
    o.settle();
    assert!(graph(&o).graphs[&id("sub_graph")].interface.params.is_empty(), "and taken back");
    assert_eq!(o.param("sub_graph", "exposure"), None, "with the value that was given to it");
}

#[test]
fn a_wire_to_the_edge_makes_a_port() {
    let mut o = packed();
    select(&mut o, "sub_graph");
    command(&mut o, "graph.enter");
    assert!(on_canvas(&o, "inputs:") && on_canvas(&o, "outputs:"));
    let from = o.harness.get_by_label("grade.clip output").rect().center();
    let to = o.harness.get_by_label("outputs:.new.port input").rect().center();
    o.drag(from, to);
    let outputs = || -> Vec<String> {
        graph(&o).graphs[&id("sub_graph")].interface.outputs.iter().map(|s| s.name.to_string()).collect()
    };
    assert_eq!(outputs(), ["clip", "clip_2"]);
    command(&mut o, "graph.leave");
    assert!(o.harness.query_by_label("sub_graph.clip_2 output").is_some(), "outside there is one more");
}

#[test]
fn a_sub_graph_is_named_kept_and_used_in_another_tab() {
    let mut o = packed();
    select(&mut o, "sub_graph");
    assert!(!o.harness.state_mut().command("graph.insert_sub_graph"), "nothing was kept yet");
    command(&mut o, "graph.rename_sub_graph");
    o.harness.get_by_label("Name").type_text("Night look");
    o.harness.run_steps(2);
    o.click("Rename");
    o.settle();
    o.harness.get_by_label("Night look (sub_graph)");
    command(&mut o, "graph.save_sub_graph");
    o.wait_for("Saved to the library as night_look");
    assert!(o.folder.path().join("home/graphs/night_look.json").exists());
    command(&mut o, "file.new");
    assert!(graph(&o).nodes.is_empty());
    command(&mut o, "graph.insert_sub_graph");
    o.click("Add Night look");
    o.settle();
    let there = graph(&o);
    assert_eq!(there.graphs.keys().map(ToString::to_string).collect::<Vec<_>>(), ["night_look"]);
    let node = there.nodes.values().next().unwrap();
    assert_eq!(&*node.kind, "graph/night_look");
    // Each tab remembers where it is.
    command(&mut o, "edit.select_all");
    command(&mut o, "graph.enter");
    o.harness.get_by_label("Inside Night look");
    command(&mut o, "file.previous_tab");
    assert!(o.harness.query_by_label_contains("Inside ").is_none());
    command(&mut o, "file.next_tab");
    o.harness.get_by_label("Inside Night look");
    let folder = o.close();
    let mut again = open::start(folder, None);
    again.click("New graph");
    again.settle();
    again.harness.run_steps(4);
    assert!(again.harness.state_mut().command("graph.insert_sub_graph"), "the next program finds it too");
}

#[test]
fn a_reroute_on_a_wire_changes_no_picture() {
    let mut o = open(&chain());
    select(&mut o, "blur");
    o.settle();
    let before = o.brightness();
    let from = o.harness.get_by_label("grade.clip output").rect().center();
    let to = o.harness.get_by_label("blur.clip input").rect().center();
    let middle = from + (to - from) * 0.5;
    // The clock of a test goes a quarter of a second a frame.
    o.harness.ctx.options_mut(|options| options.input_options.max_double_click_delay = 2.0);
    o.harness.hover_at(middle);
    o.harness.run_steps(2);
    for _ in 0..2 {
        for pressed in [true, false] {
            let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
            o.harness.event(egui::Event::PointerButton { pos: middle, button, pressed, modifiers });
        }
        o.harness.run_steps(1);
    }
    o.settle();
    assert_eq!(o.wires(), ["reroute.out > blur.clip", "bars.clip > grade.clip", "grade.clip > reroute.in"]);
    assert!((o.brightness() - before).abs() < 1.0);
    assert!(on_canvas(&o, "reroute"));
    command(&mut o, "edit.delete");
    assert_eq!(o.wires(), ["grade.clip > blur.clip", "bars.clip > grade.clip"], "deleted it leaves the wire");
}

#[test]
fn of_two_instances_the_one_that_was_entered_is_seen() {
    let mut o = packed();
    select(&mut o, "sub_graph");
    command(&mut o, "graph.enter");
    select(&mut o, "grade");
    o.settle();
    o.harness.get_by_label("Parameter Exposure").click_accesskit();
    o.settle();
    command(&mut o, "graph.leave");
    command(&mut o, "edit.duplicate");
    select(&mut o, "sub_graph_2");
    o.settle();
    o.type_into("Exposure", "1.5");
    o.settle();
    let mut seen = Vec::new();
    for instance in ["sub_graph", "sub_graph_2"] {
        select(&mut o, instance);
        command(&mut o, "graph.enter");
        select(&mut o, "grade");
        o.settle();
        seen.push(o.brightness());
        command(&mut o, "graph.leave");
    }
    assert!(seen[1] > seen[0] + 5.0, "{seen:?}");
    select(&mut o, "sub_graph_2");
    command(&mut o, "graph.own_sub_graph");
    let kinds: Vec<String> =
        graph(&o).nodes.values().map(|n| n.kind.to_string()).filter(|k| k.starts_with("graph/")).collect();
    assert_eq!(kinds, ["graph/sub_graph", "graph/sub_graph_2"]);
}
