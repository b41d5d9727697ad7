use super::*;
use crate::document::testing::graph;
use proptest::prelude::*;

const EXAMPLE: &str = r#"{
  "rushes": 1,
  "title": "Realism",
  "nodes": [
    { "id": "grain", "kind": "finish/blend", "version": 1, "at": [1240, 310],
      "params": { "mode": "overlay", "opacity": 0.3 } },
    { "id": "plate", "kind": "finish/grain_plate", "version": 1 }
  ],
  "links": [ { "from": "plate.clip", "to": "grain.top" } ],
  "groups": [], "notes": [], "view": {}
}
"#;

#[test]
fn a_file_in_canonical_form_stays_as_it_is() {
    let opened = read(EXAMPLE.as_bytes()).unwrap();
    assert_eq!(opened.newer, None);
    assert_eq!(write(&opened.graph), EXAMPLE);
}

#[test]
fn any_form_of_a_file_comes_out_canonical_with_what_is_unknown_kept() {
    let text = "\u{feff}{\"links\":[{\"to\":\"b.x\",\"from\":\"a.y\",\"tint\":7},{\"to\":\"b.a\",\"from\":\"a.y\"}],
        \"future\":{\"deep\":[1,{\"x\":null}]},\"rushes\":1,
        \"notes\":[{\"id\":\"n\",\"text\":\"two\\nlines\",\"at\":[1.50,-0.0],\"size\":[100.0,50]}],
        \"nodes\":[{\"kind\":\"x/unheard_of\",\"id\":\"b\",\"mute\":true,\"glow\":[1.0,2e0],
        \"params\":{\"z\":1e2,\"a\":{\"keys\":[[0,0.5,\"linear\"]]}}},{\"kind\":\"k\",\"id\":\"a\",\"mute\":false}]}";
    let wanted = r#"{
  "rushes": 1,
  "nodes": [
    { "id": "a", "kind": "k", "version": 1 },
    { "id": "b", "kind": "x/unheard_of", "version": 1, "mute": true,
      "params": { "a": { "keys": [[0, 0.5, "linear"]] }, "z": 100 },
      "glow": [1, 2] }
  ],
  "links": [
    { "from": "a.y", "to": "b.a" },
    { "from": "a.y", "to": "b.x",
      "tint": 7 }
  ],
  "groups": [],
  "notes": [
    { "id": "n", "at": [1.5, 0], "size": [100, 50], "text": "two\nlines" }
  ],
  "view": {},
  "future": { "deep": [1, { "x": null }] }
}
"#;
    let graph = read(text.as_bytes()).unwrap().graph;
    assert_eq!(write(&graph), wanted);
    assert_eq!(read(wanted.as_bytes()).unwrap().graph, graph);
}

#[test]
fn long_values_take_one_line_an_item() {
    let keys: Vec<String> = (0..12).map(|i| format!("[{i},{i},\"linear\"]")).collect();
    let text = format!(
        "{{\"rushes\":1,\"nodes\":[{{\"id\":\"a\",\"kind\":\"k\",\"params\":{{\"x\":{{\"keys\":[{}]}}}}}}]}}",
        keys.join(",")
    );
    let out = write(&read(text.as_bytes()).unwrap().graph);
    assert!(out.contains("\n            [3, 3, \"linear\"],\n"), "{out}");
    assert_eq!(write(&read(out.as_bytes()).unwrap().graph), out);
}

#[test]
fn a_newer_file_is_marked() {
    let opened = read(EXAMPLE.replace("\"rushes\": 1", "\"rushes\": 2").as_bytes()).unwrap();
    assert_eq!(opened.newer, Some(2));
    let error = read(br#"{"rushes": 3, "nodes": {"a": {}}}"#).unwrap_err();
    assert!(error.what().contains("newer Rushes"), "{error}");
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    let node = |rest: &str| format!("{{\"rushes\":1,\"nodes\":[{{\"id\":\"a\",\"kind\":\"k\"{rest}}}]}}");
    let with = |rest: &str| format!("{{\"rushes\":1,\"nodes\":[{{\"id\":\"a\",\"kind\":\"k\"}}],{rest}}}");
    for (text, what, place) in [
        (String::new(), "EOF", "line 1"),
        ("{\n\"rushes\": 1,\n oops}".to_owned(), "key must be", "line 3, column 2"),
        ("[]".to_owned(), "not a Rushes graph", ""),
        ("{}".to_owned(), "not a Rushes graph", ""),
        ("{\"rushes\":0}".to_owned(), "not a Rushes graph", ""),
        ("{\"rushes\":1,\"rushes\":1}".to_owned(), "stands twice", "line 1"),
        ("{\"rushes\":1} x".to_owned(), "trailing", "line 1"),
        ("{\"rushes\":1,\"nodes\":[{\"kind\":\"k\"}]}".to_owned(), "no node id", "nodes[0]"),
        ("{\"rushes\":1,\"nodes\":[{\"id\":\"A\",\"kind\":\"k\"}]}".to_owned(), "no node id", "nodes[0]"),
        ("{\"rushes\":1,\"nodes\":[{\"id\":\"a\"}]}".to_owned(), "no kind", "“a”"),
        (node("},{\"id\":\"a\",\"kind\":\"k\""), "two nodes “a”", "nodes[1]"),
        (node(",\"at\":[1]"), "“at” is not a pair", "node “a”"),
        (node(",\"version\":0"), "“version”", "node “a”"),
        (node(",\"mute\":1"), "“mute”", "node “a”"),
        (node(",\"params\":[]"), "“params”", "node “a”"),
        (node(",\"params\":{\"x\":NaN}"), "expected", "line 1"),
        (node(",\"params\":{\"x\":1e999}"), "out of range", "line 1"),
        (with("\"links\":[{\"from\":\"b.x\",\"to\":\"a.x\"}]"), "“b”, which is no node", "b.x -> a.x"),
        (with("\"links\":[{\"from\":\"a\",\"to\":\"a.x\"}]"), "no end of a wire", "links[0]"),
        (
            with("\"links\":[{\"from\":\"a.y\",\"to\":\"a.x\"},{\"from\":\"a.y\",\"to\":\"a.x\"}]"),
            "two wires end on a.x",
            "links[1]",
        ),
        (with("\"groups\":[{\"id\":\"g\",\"nodes\":[\"b\"]}]"), "“b”, which is no node", "groups[0]"),
        (with("\"notes\":[{\"id\":\"n\"},{\"id\":\"n\"}]"), "twice", "notes"),
        (with(&format!("\"x\":{}1{}", "[".repeat(70), "]".repeat(70))), "too deep", "line 1"),
        (with(&format!("\"x\":{}", "[".repeat(100_000))), "too deep", "line 1"),
        (with(&format!("\"x\":[{}1]", "1,".repeat(2_000_000))), "too many values", "line 1"),
    ] {
        let error = read(text.as_bytes()).unwrap_err();
        let shown = &text[..text.len().min(120)];
        assert!(error.what().contains(what), "{shown}: {error}");
        assert!(error.place().contains(place), "{shown}: {error}");
    }
    assert!(read(b"{\"rushes\":1,\"title\":\"\xff\"}").is_err());
}

#[test]
fn a_graph_is_found_in_a_message() {
    let message = format!("try this {{ok}}:\n```json\n{EXAMPLE}```\nand {{\"rushes\": 1}} is another");
    assert_eq!(read_part(&message).unwrap(), read(EXAMPLE.as_bytes()).unwrap().graph);
    assert_eq!(read_part("{\"nodes\":[{\"id\":\"a\",\"kind\":\"k\"}]}").unwrap().nodes.size(), 1);
    for text in ["", "no braces", "{}", "{\"nodes\":[]}", "{\"nodes\":[{\"id\":1}]}", &"{".repeat(100_000)] {
        assert!(read_part(text).is_err());
    }
}

#[test]
fn a_copy_holds_its_wires_and_whole_groups() {
    let graph = read(EXAMPLE.as_bytes()).unwrap().graph;
    let part = read_part(&copy(&graph, &["grain".parse().unwrap()]).unwrap()).unwrap();
    assert_eq!((part.nodes.size(), part.links.size()), (1, 1));
    assert!(copy(&graph, &["gone".parse().unwrap()]).is_err());
}

proptest! {
    #[test]
    fn reading_undoes_writing(graph in graph()) {
        let text = write(&graph);
        let opened = read(text.as_bytes()).unwrap();
        prop_assert!(opened.graph == graph, "{text}");
        prop_assert_eq!(write(&opened.graph), text.clone());
        let message = format!("see\n{text}\nthere");
        prop_assert!(read_part(&message).unwrap() == graph);
        // An independent reader agrees that it is JSON.
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }

    #[test]
    fn cut_or_changed_files_never_panic(graph in graph(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut bytes = write(&graph).into_bytes();
        let at = at.index(bytes.len());
        drop(read(&bytes[..at]));
        bytes[at] = byte;
        if let Ok(opened) = read(&bytes) {
            let text = write(&opened.graph);
            prop_assert_eq!(write(&read(text.as_bytes()).unwrap().graph), text);
        }
    }
}
