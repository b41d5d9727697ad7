use crate::document::json::{copy, read, write};
use crate::document::testing::{edits, graph};
use crate::document::{Edit, Graph, NodeId};
use proptest::prelude::*;
use serde_json::{Value, json};

const CHAIN: &str = r#"{"rushes":1,
    "nodes":[{"id":"read","kind":"edit/read"},{"id":"blur","kind":"finish/blur","at":[10,20]},{"id":"write","kind":"deliver/write"}],
    "links":[{"from":"read.clip","to":"blur.clip"},{"from":"blur.clip","to":"write.clip"}],
    "groups":[{"id":"g","nodes":["blur","read"]}]}"#;

fn chain() -> Graph {
    read(CHAIN.as_bytes()).unwrap().graph
}

fn id(name: &str) -> NodeId {
    name.parse().unwrap()
}

fn apply(graph: &Graph, edit: &Value) -> crate::Result<Graph> {
    Edit::from_json(edit).and_then(|edit| edit.apply(graph))
}

fn wires(graph: &Graph) -> Vec<String> {
    graph.links.iter().map(|(to, link)| format!("{} -> {to}", link.from)).collect()
}

#[test]
fn a_node_is_added_under_a_fresh_id() {
    let mut graph = chain();
    for wanted in ["blur_2", "blur_3"] {
        graph =
            apply(&graph, &json!({"do": "add", "kind": "finish/blur", "params": {"sigma": 2.0}})).unwrap();
        assert_eq!(graph.node(&id(wanted)).unwrap().params["sigma"], json!(2));
    }
    assert_eq!(graph.fresh_id("blur_2"), id("blur_4"));
    assert_eq!(graph.fresh_id("Über Node"), id("n_ber_node"));
    assert_eq!(graph.fresh_id(""), id("n"));
    assert_eq!(graph.fresh_id(&"x".repeat(99)).as_str().len(), 32);
    assert!(apply(&graph, &json!({"do": "add", "kind": "finish/blur", "node": "blur"})).is_err());
}

#[test]
fn removing_a_node_keeps_the_wire_where_asked() {
    let plain = apply(&chain(), &json!({"do": "remove", "node": "blur"})).unwrap();
    assert_eq!(wires(&plain), Vec::<String>::new());
    assert_eq!(plain.groups[0].nodes, [id("read")]);
    let joins = json!([{"output": "clip", "input": "clip"}]);
    let joined = apply(&chain(), &json!({"do": "remove", "node": "blur", "joins": joins})).unwrap();
    assert_eq!(wires(&joined), ["read.clip -> write.clip"]);
    let unfed = apply(&chain(), &json!({"do": "remove", "node": "read", "joins": joins})).unwrap();
    assert_eq!(wires(&unfed), ["blur.clip -> write.clip"]);
}

#[test]
fn a_rename_takes_wires_and_groups_along() {
    let graph = apply(&chain(), &json!({"do": "rename", "node": "blur", "to": "soft"})).unwrap();
    assert_eq!(wires(&graph), ["read.clip -> soft.clip", "soft.clip -> write.clip"]);
    assert_eq!(graph.groups[0].nodes, [id("soft"), id("read")]);
    let back = apply(&graph, &json!({"do": "rename", "node": "soft", "to": "blur"})).unwrap();
    assert_eq!(write(&back), write(&chain()));
    assert!(apply(&graph, &json!({"do": "rename", "node": "soft", "to": "read"})).is_err());
}

#[test]
fn a_wire_that_closes_a_cycle_is_refused_by_name() {
    let error =
        apply(&chain(), &json!({"do": "connect", "from": "write.file", "to": "read.path"})).unwrap_err();
    assert!(error.what().ends_with("read -> blur -> write -> read"), "{error}");
    assert!(apply(&chain(), &json!({"do": "connect", "from": "blur.clip", "to": "blur.mask"})).is_err());
    let graph = apply(&chain(), &json!({"do": "connect", "from": "read.clip", "to": "write.clip"})).unwrap();
    assert_eq!(wires(&graph), ["read.clip -> blur.clip", "read.clip -> write.clip"]);
}

#[test]
fn a_duplicate_has_the_same_sources() {
    let graph = apply(&chain(), &json!({"do": "duplicate", "node": "blur"})).unwrap();
    assert_eq!(wires(&graph)[1], "read.clip -> blur_2.clip");
    assert_eq!(graph.node(&id("blur_2")).unwrap().at, [42.0, 52.0]);
}

#[test]
fn a_part_is_pasted_with_or_without_its_inputs() {
    let part = copy(&chain(), &[id("blur"), id("write")]).unwrap();
    let bare = apply(&chain(), &json!({"do": "paste", "json": part, "at": [100, 100]})).unwrap();
    assert_eq!(wires(&bare)[1..], ["blur.clip -> write.clip", "blur_2.clip -> write_2.clip"]);
    assert_eq!(bare.node(&id("write_2")).unwrap().at, [100.0, 100.0]);
    assert_eq!(bare.node(&id("blur_2")).unwrap().at, [110.0, 120.0]);
    let fed = apply(&chain(), &json!({"do": "paste", "json": part, "inputs": true})).unwrap();
    assert!(wires(&fed).contains(&"read.clip -> blur_2.clip".to_owned()));
    let group = copy(&chain(), &[id("blur"), id("read")]).unwrap();
    let graph = apply(&chain(), &json!({"do": "paste", "json": format!("look: ```{group}```")})).unwrap();
    assert_eq!(graph.groups[1].nodes, [id("blur_2"), id("read_2")]);
}

#[test]
fn a_locked_take_stays() {
    let graph = apply(&chain(), &json!({"do": "lock", "node": "blur", "on": true})).unwrap();
    assert!(apply(&graph, &json!({"do": "take", "node": "blur", "take": "00"})).is_err());
    let graph = apply(&graph, &json!({"do": "lock", "node": "blur", "on": false})).unwrap();
    let graph = apply(&graph, &json!({"do": "take", "node": "blur", "take": "00"})).unwrap();
    assert_eq!(graph.node(&id("blur")).unwrap().take, "00");
}

#[test]
fn groups_notes_and_view_are_edited() {
    let mut graph = chain();
    for edit in [
        json!({"do": "add_group", "title": "Second", "nodes": ["write"]}),
        json!({"do": "set_group", "group": "group", "color": "#ff0000", "collapsed": true}),
        json!({"do": "remove_group", "group": "g"}),
        json!({"do": "add_note", "at": [0, 0], "size": [10, 10], "text": "hello"}),
        json!({"do": "add_note", "at": [5, 0], "size": [10, 10], "text": "again"}),
        json!({"do": "set_note", "note": "note_2", "text": "changed"}),
        json!({"do": "remove_note", "note": "note"}),
        json!({"do": "view", "name": "form", "value": [1.0]}),
        json!({"do": "view", "name": "other", "value": 1}),
        json!({"do": "view", "name": "other", "value": null}),
        json!({"do": "graph_title", "title": "T"}),
    ] {
        graph = apply(&graph, &edit).unwrap();
    }
    let text = write(&graph);
    assert!(text.contains(r##"{ "id": "group", "title": "Second", "color": "#ff0000", "nodes": ["write"], "collapsed": true }"##), "{text}");
    assert!(
        text.contains(r#"{ "id": "note_2", "at": [5, 0], "size": [10, 10], "text": "changed" }"#),
        "{text}"
    );
    assert!(text.contains(r#""view": { "form": [1] }"#), "{text}");
    assert_eq!((graph.groups.len(), graph.notes.len()), (1, 1));
}

#[test]
fn wrong_edits_are_refused_in_words() {
    for (edit, word) in [
        (json!({"do": "fly"}), "fly"),
        (json!({"do": "mute", "node": "blur"}), "on"),
        (json!({"do": "mute", "node": "blur", "on": true, "off": 1}), "off"),
        (json!({"do": "mute", "node": "gone", "on": true}), "gone"),
        (json!({"do": "set", "node": "blur", "param": "sigma", "value": {"keys": []}}), "0 keys"),
        (json!({"do": "set", "node": "blur", "param": "sigma", "value": {"expr": "1+"}}), "blur.sigma"),
        (json!({"do": "set", "node": "blur", "param": "a.b", "value": 1}), "no name"),
        (json!({"do": "connect", "from": "gone.clip", "to": "blur.clip"}), "gone"),
        (json!({"do": "disconnect", "to": "read.path"}), "no wire"),
        (json!({"do": "paste", "json": "nothing"}), "no graph"),
        (json!({"do": "add", "kind": "two words"}), "no kind"),
        (json!({"do": "add", "kind": "k", "version": 0}), "start at 1"),
        (json!({"do": "add_group", "group": "g", "nodes": []}), "taken"),
        (json!({"do": "set_note", "note": "n"}), "no note"),
    ] {
        let error = apply(&chain(), &edit).unwrap_err().to_string();
        assert!(error.contains(word), "{edit}: {error}");
    }
    let nan = Edit::Move { node: id("blur"), at: [f64::NAN, 0.0] };
    assert!(nan.apply(&chain()).is_err());
}

proptest! {
    #[test]
    fn edits_keep_a_graph_whole_and_go_through_json(graph in graph(), edits in edits()) {
        let mut graph = graph;
        for edit in edits {
            let json = serde_json::to_value(&edit).unwrap();
            prop_assert_eq!(&Edit::from_json(&json).unwrap(), &edit);
            let before = write(&graph);
            let Ok(next) = edit.apply(&graph) else { continue };
            prop_assert_eq!(write(&graph), before);
            // Reading checks every link and group member, and gives the graph back.
            let text = write(&next);
            let again = read(text.as_bytes()).unwrap().graph;
            prop_assert!(again == next, "{edit:?}\n{text}");
            prop_assert!(next.cycles().is_empty());
            graph = next;
        }
    }
}
