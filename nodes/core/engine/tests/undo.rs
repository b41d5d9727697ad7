//! Any edits followed by as many undos: the same document, the same keys, and nothing evaluated again.

mod fake;

use fake::*;
use proptest::prelude::*;
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::{Document, Edit};
use rushes_engine::plan::{Planner, Request};
use serde_json::{Value, json};

const NODES: [&str; 8] = ["read", "trim", "blur", "grade", "up", "lut", "grade2", "blend"];

fn edit() -> impl Strategy<Value = Value> {
    let node = || prop::sample::select(&NODES[..]);
    prop_oneof![
        (node(), -4i32..4)
            .prop_map(|(n, v)| json!({ "do": "set", "node": n, "param": "amount", "value": v })),
        (node(), any::<bool>()).prop_map(|(n, on)| json!({ "do": "bypass", "node": n, "on": on })),
        (node(), any::<bool>()).prop_map(|(n, on)| json!({ "do": "mute", "node": n, "on": on })),
        node().prop_map(|n| json!({ "do": "remove", "node": n })),
        node().prop_map(|n| json!({ "do": "duplicate", "node": n })),
        node().prop_map(|n| json!({ "do": "rename", "node": n, "to": format!("{n}_x") })),
        (node(), -50i32..50).prop_map(|(n, x)| json!({ "do": "move", "node": n, "at": [x, 0] })),
        (node(), node()).prop_map(
            |(a, b)| json!({ "do": "connect", "from": format!("{a}.clip"), "to": format!("{b}.clip") })
        ),
        node().prop_map(|n| json!({ "do": "disconnect", "to": format!("{n}.clip") })),
        prop::collection::vec(node(), 1..4).prop_map(|nodes| json!({ "do": "pack", "nodes": nodes })),
        instance().prop_map(|n| json!({ "do": "unpack", "node": n })),
        (instance(), any::<bool>()).prop_map(|(n, on)| json!({ "do": "bypass", "node": n, "on": on })),
        instance().prop_map(|n| json!({ "do": "add", "kind": "graph/sub", "node": n })),
        (instance(), node(), -4i32..4).prop_map(|(s, n, v)| inside(
            s,
            &json!({ "do": "set", "node": n, "param": "amount", "value": v })
        )),
        (instance(), node()).prop_map(|(s, n)| inside(s, &json!({ "do": "remove", "node": n }))),
        (instance(), node()).prop_map(|(s, n)| inside(
            s,
            &json!({ "do": "set_ports", "params": [{ "name": "amount", "for": [format!("{n}.amount")] }] })
        )),
        (instance(), -4i32..4)
            .prop_map(|(n, v)| json!({ "do": "set", "node": n, "param": "amount", "value": v })),
        instance().prop_map(|s| json!({ "do": "duplicate_graph", "graph": s, "nodes": [s] })),
        (instance(), instance()).prop_map(|(s, to)| json!({ "do": "rename_graph", "graph": s, "to": to })),
    ]
}

/// The names that sub-graphs get by themselves, and their instances.
fn instance() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&["sub", "sub_2"][..])
}

fn inside(graph: &str, edit: &Value) -> Value {
    json!({ "do": "inside", "graph": graph, "edit": edit })
}

/// What is known of every node: the keys of two frames at two scales, or why there are none, and what it outputs.
fn said(described: &DescribedGraph) -> Vec<String> {
    let mut planners = [1, 2].map(|proxy| Planner::new(described, proxy));
    let each = described.slots().map(|slot| {
        let keys: Vec<_> = [0, 2]
            .into_iter()
            .flat_map(|frame| planners.each_mut().map(|p| p.key(&Request::frame(slot.id.clone(), frame))))
            .collect();
        let outputs = slot.state.outcome.as_ref().map(|outcome| &outcome.outputs);
        format!("{}: {keys:?} {outputs:?} {:?}", slot.id, slot.state.advice)
    });
    each.collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn as_many_undos_give_the_same_keys_and_no_evaluation(edits in prop::collection::vec(edit(), 1..20)) {
        let mut bench = Bench::new();
        let start = chain();
        let mut document = Document::of(start.clone());
        bench.view(&start, "blend", 0..4);
        let keys: Vec<_> = (0..4).map(|f| bench.key(&start, "blend", f)).collect();
        let mut done = 0;
        for edit in edits {
            // An edit that does not fit the graph as it has become is refused and changes nothing.
            let before = document.revision();
            let applied = document.apply(vec![Edit::from_json(&edit).unwrap()], None, false);
            prop_assert!(applied.is_ok() || document.revision() == before);
            done += usize::from(document.revision() != before);
            // Whatever it has become, looking at it must not fail loudly.
            let described = bench.describe(document.graph());
            prop_assert_eq!(said(&described), said(&Bench::new().describe(document.graph())));
            if described.slot(&id("blend")).is_ok() {
                drop(bench.frame(&described, "blend", 1));
            }
        }
        for _ in 0..done {
            prop_assert!(document.undo().is_some());
        }
        prop_assert!(**document.graph() == start);
        prop_assert_eq!(bench.view(document.graph(), "blend", 0..4), vec![]);
        let again: Vec<_> = (0..4).map(|f| bench.key(document.graph(), "blend", f)).collect();
        prop_assert_eq!(again, keys);
    }
}
