//! What is evaluated after which edit, counted over fake tools.

mod fake;

use fake::*;
use rushes_engine::ErrorKind;
use rushes_engine::cache::{DiskCache, FrameBudget};
use rushes_engine::document::Graph;
use serde_json::json;
use std::sync::Arc;

#[test]
fn an_edit_evaluates_what_depends_on_it_and_undo_nothing() {
    let mut bench = Bench::new();
    let g = chain();
    let all = bench.view(&g, "blend", 0..24);
    let each = |names: &[&str]| counts(&names.iter().map(|n| (*n, 24)).collect::<Vec<_>>());
    assert_eq!(
        all,
        each(&["read", "blur", "grade", "up", "lut", "grade2", "blend"]),
        "a tool of time makes nothing"
    );
    assert_eq!(bench.view(&g, "blend", 0..24), [], "seen once, seen for ever");
    let edited = set(&g, "blend", "opacity", json!(0.6));
    assert_eq!(
        bench.view(&edited, "blend", 0..24),
        each(&["lut", "grade2", "blend"]),
        "the fused ones run as one pass"
    );
    assert_eq!(bench.view(&g, "blend", 0..24), [], "an undo finds the old frames");
}

#[test]
fn what_an_edit_does_not_reach_is_not_described_again() {
    let mut bench = Bench::new();
    let graph = chain();
    let before = bench.describe(&graph);
    let after = bench.describe(&set(&graph, "grade", "amount", json!(3.0)));
    for node in ["read", "trim", "blur", "grade", "up", "blend"] {
        let (old, new) = (before.slot(&id(node)).unwrap(), after.slot(&id(node)).unwrap());
        let shared = std::ptr::eq(old, new);
        assert_eq!(shared, ["read", "trim", "blur"].contains(&node), "{node}");
        let known = std::ptr::eq(&raw const **old.state, &raw const **new.state);
        assert_eq!(known, node != "grade", "{node} is told what it was told");
    }
}

#[test]
fn fused_tools_take_one_pass_a_frame() {
    let mut bench = Bench::new();
    bench.view(&chain(), "blend", 0..10);
    // One for `grade` before the computed `up`, one for `lut`, `grade2` and `blend` together.
    assert_eq!(bench.host.passes.load(std::sync::atomic::Ordering::Relaxed), 20);
}

/// What is made when `blend` is looked at while a parameter of a node takes one value after the other.
#[allow(clippy::unwrap_used, reason = "a test that fails may panic")]
fn made_while_worked_on(graph: &Graph, node: &str, param: &str) -> [Vec<String>; 2] {
    let mut bench = Bench::new();
    [0.1, 0.2].map(|value| {
        bench.evaluator.account.reset();
        let graph = std::sync::Arc::new(set(graph, node, param, json!(value)));
        let described = bench.describer.describe(&graph, &FakeFiles, Some(&id(node)));
        bench.frame(&described, "blend", 3).unwrap();
        let all = bench.evaluator.account.nodes().into_iter();
        all.filter(|(_, a)| a.evaluated > 0).map(|(n, _)| n.to_string()).collect()
    })
}

#[test]
fn the_node_being_worked_on_keeps_what_goes_into_it() {
    let [first, then] = made_while_worked_on(&chain(), "blend", "opacity");
    assert_eq!(first, ["blend", "blur", "grade", "grade2", "lut", "read", "up"]);
    assert_eq!(then, ["blend"]);
}

#[test]
fn the_node_being_worked_on_keeps_what_joins_it_further_on() {
    // A chain of its own that is blended in after the node.
    let mut g = chain();
    for (name, kind) in [("plate", "source"), ("tint", "add"), ("warm", "add")] {
        let kind = (*g.nodes.get(&id(if kind == "source" { "read" } else { "lut" })).unwrap()).clone();
        g.nodes.insert_mut(id(name), kind);
    }
    connect(&mut g, "plate.clip", "tint.clip");
    connect(&mut g, "tint.clip", "warm.clip");
    connect(&mut g, "warm.clip", "blend.top");
    let [first, then] = made_while_worked_on(&g, "grade2", "amount");
    assert_eq!(first.len(), 10);
    assert_eq!(then, ["blend", "grade2"], "neither what lies before it nor what joins it");
    // Nobody works on anything: the chain that joins takes no pass of its own.
    let mut bench = Bench::new();
    bench.view(&g, "blend", 0..1);
    assert_eq!(bench.host.passes.load(std::sync::atomic::Ordering::Relaxed), 2);
}

#[test]
fn names_places_and_branches_cost_nothing() {
    let mut bench = Bench::new();
    let g = chain();
    bench.view(&g, "blend", 0..24);
    let mut moved = g.clone();
    let mut node = (**g.nodes.get(&id("up")).unwrap()).clone();
    node.at = [400.0, 20.0];
    node.title = "Larger".into();
    moved.nodes.insert_mut(id("up"), std::sync::Arc::new(node));
    assert_eq!(bench.view(&moved, "blend", 0..24), []);
    // The same chain once more under other names.
    let mut twice = g.clone();
    for (name, node) in g.nodes.iter() {
        twice.nodes.insert_mut(id(&format!("{name}_b")), node.clone());
    }
    for (to, link) in g.links.iter() {
        connect(
            &mut twice,
            &format!("{}_b.{}", link.from.node, link.from.port),
            &format!("{}_b.{}", to.node, to.port),
        );
    }
    assert_eq!(bench.view(&twice, "blend_b", 0..24), []);
}

#[test]
fn a_keyed_value_counts_only_at_its_frames() {
    let mut bench = Bench::new();
    let keyed = |second: f64| {
        set(&chain(), "grade", "amount", json!({ "keys": [[0, 1, "hold"], [12, second, "hold"]] }))
    };
    bench.view(&keyed(2.0), "blend", 0..24);
    let names = ["grade", "up", "lut", "grade2", "blend"];
    let twelve = counts(&names.map(|n| (n, 12)));
    // `grade` is fused with nothing above it that could be spared: `blur` is computed and kept.
    assert_eq!(bench.view(&keyed(3.0), "blend", 0..24), twelve);
    assert_eq!(bench.view(&keyed(3.0), "blend", 0..12), []);
}

#[test]
fn a_parameter_that_cannot_matter_changes_no_key() {
    let mut bench = Bench::new();
    let g = chain();
    let key = bench.key(&g, "blend", 3);
    assert_eq!(bench.key(&set(&g, "lut", "unused", json!(9)), "blend", 3), key);
    assert_eq!(bench.key(&set(&g, "blend", "opacity", json!(0.5)), "blend", 3), key);
    assert_ne!(bench.key(&set(&g, "lut", "amount", json!(9)), "blend", 3), key);
}

#[test]
fn equal_content_has_equal_keys_whatever_the_path() {
    let mut bench = Bench::new();
    let g = chain();
    let key = bench.key(&g, "blend", 3);
    assert_eq!(bench.key(&set(&g, "read", "path", json!("elsewhere/1")), "blend", 3), key);
    assert_ne!(bench.key(&set(&g, "read", "path", json!("2")), "blend", 3), key);
}

#[test]
fn a_still_has_one_key_for_all_frames() {
    let mut bench = Bench::new();
    let g = graph(
        &[("still", "still", json!({})), ("add", "add", json!({ "amount": 1 }))],
        &["still.clip add.clip"],
    );
    assert_eq!(bench.key(&g, "add", 0), bench.key(&g, "add", 77));
    assert_eq!(bench.view(&g, "add", 0..5), counts(&[("still", 1), ("add", 1)]));
}

#[test]
fn what_passes_through_passes_its_key() {
    let mut bench = Bench::new();
    let g = chain();
    let zero = set(&g, "lut", "amount", json!(0));
    assert_eq!(bench.key(&zero, "lut", 3), bench.key(&zero, "up", 3));
    assert_eq!(bench.key(&g, "trim", 3), bench.key(&g, "read", 5));
    let mut bypassed = g.clone();
    let mut node = (**g.nodes.get(&id("lut")).unwrap()).clone();
    node.bypass = true;
    bypassed.nodes.insert_mut(id("lut"), std::sync::Arc::new(node));
    assert_eq!(bench.key(&bypassed, "lut", 3), bench.key(&g, "up", 3));
}

#[test]
fn one_error_leaves_the_other_branches() {
    let mut bench = Bench::new();
    let mut g = chain();
    g = set(&g, "lut", "amount", json!("x"));
    connect(&mut g, "up.clip", "other.clip");
    let node = rushes_engine::document::Node { kind: "fake/add".into(), version: 1, ..Default::default() };
    g.nodes.insert_mut(id("other"), std::sync::Arc::new(node));
    let described = bench.describe(&g);
    assert!(bench.frame(&described, "other", 0).is_ok());
    let error = bench.frame(&described, "blend", 0).map(|_| ()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Usage);
    let problems: Vec<_> = described.problems().map(|(id, _)| id.to_string()).collect();
    assert_eq!(problems, ["lut"], "those that only wait are no problems of their own");
}

#[test]
fn wrong_wires_unknown_kinds_and_circles_say_so() {
    let mut bench = Bench::new();
    let mut g = graph(
        &[("n", "number", json!({})), ("a", "add", json!({})), ("x", "nothing", json!({}))],
        &["n.number a.clip"],
    );
    connect(&mut g, "x.clip", "x2.clip");
    let described = bench.describe(&g);
    let errors: Vec<_> = described.problems().map(|(id, e)| format!("{id}: {e}")).collect();
    assert!(errors.iter().any(|e| e.starts_with("a: clip takes a clip, this is a number")), "{errors:?}");
    assert!(errors.iter().any(|e| e.starts_with("x: unknown node kind")), "{errors:?}");
    let circle =
        graph(&[("a", "add", json!({})), ("b", "add", json!({}))], &["a.clip b.clip", "b.clip a.clip"]);
    let described = bench.describe(&circle);
    assert_eq!(described.problems().count(), 2);
}

#[test]
fn a_wire_may_end_on_a_parameter_and_converts_for_free() {
    let mut bench = Bench::new();
    let mut g = chain();
    g.nodes.insert_mut(
        id("n"),
        std::sync::Arc::new(rushes_engine::document::Node {
            kind: "fake/number".into(),
            version: 1,
            params: [("value".to_owned(), json!(7))].into(),
            ..Default::default()
        }),
    );
    connect(&mut g, "n.number", "lut.amount");
    connect(&mut g, "trim.clip", "blend.mask");
    let described = bench.describe(&g);
    let value = num(&bench.frame(&described, "blend", 0).unwrap().payload);
    // Frame 2: 2*2+1 = 5, +1 = 6, 2*6+3 = 15, +7 (wired) = 22, +4 = 26, mask 2/10.
    assert!((value - 26.2).abs() < 1e-9, "{value}");
    assert_eq!(
        bench.key(&set(&chain(), "lut", "amount", json!(7)), "lut", 0),
        bench.key(&g, "lut", 0),
        "a wired value is a value"
    );
}

#[test]
fn why_names_the_parameter_or_the_input() {
    use rushes_engine::plan::{Change, why};
    let mut bench = Bench::new();
    let g = chain();
    bench.view(&g, "up", 0..1);
    bench.view(&g, "blend", 0..1);
    let edited = set(&g, "grade", "amount", json!(2));
    let described = bench.describe(&edited);
    let stale = |bench: &Bench, node: &str| {
        let (frame, proxy, then) = bench.evaluator.account.last(&id(node)).unwrap();
        let now = rushes_engine::plan::Planner::new(&described, proxy)
            .explain(&rushes_engine::plan::Request::frame(id(node), frame))
            .unwrap();
        why(&then, &now)
    };
    assert_eq!(stale(&bench, "up"), [Change::Input { port: "clip".into(), node: "grade".into() }]);
    let edited = set(&g, "blend", "opacity", json!(1));
    let described = bench.describe(&edited);
    let (frame, proxy, then) = bench.evaluator.account.last(&id("blend")).unwrap();
    let now = rushes_engine::plan::Planner::new(&described, proxy)
        .explain(&rushes_engine::plan::Request::frame(id("blend"), frame))
        .unwrap();
    assert_eq!(why(&then, &now), [Change::Param { param: "opacity".into(), from: json!(0.5), to: json!(1) }]);
}

#[test]
fn a_chain_of_ten_thousand_needs_no_deep_stack() {
    let mut bench = Bench::new();
    let mut nodes = vec![("n0".to_owned(), "source", json!({}))];
    let mut links = Vec::new();
    for i in 1..10_000 {
        nodes.push((format!("n{i}"), if i % 2 == 0 { "add" } else { "blur" }, json!({ "amount": 1 })));
        links.push(format!("n{}.clip n{i}.clip", i - 1));
    }
    let nodes: Vec<_> = nodes.iter().map(|(n, k, p)| (n.as_str(), *k, p.clone())).collect();
    let g = graph(&nodes, &links.iter().map(String::as_str).collect::<Vec<_>>());
    let described = bench.describe(&g);
    assert!(bench.frame(&described, "n9999", 0).is_ok());
}

#[test]
fn a_reader_keys_the_frames_of_its_file_not_its_own() {
    let mut bench = Bench::new();
    let g = graph(&[("read", "twice", json!({}))], &[]);
    assert_eq!(bench.view(&g, "read", 0..8), counts(&[("read", 4)]), "two frames show one of the file");
    let slow = set(&g, "read", "hold", json!(4));
    assert_eq!(
        bench.key(&slow, "read", 4),
        bench.key(&g, "read", 2),
        "the file's frame 1, however it is reached"
    );
    assert_ne!(bench.key(&slow, "read", 4), bench.key(&g, "read", 4));
    let spare = set(&g, "read", "spare", json!("3"));
    assert_eq!(
        bench.key(&spare, "read", 5),
        bench.key(&g, "read", 5),
        "a file that is not read does not count"
    );
    let other = set(&g, "read", "path", json!("3"));
    assert_ne!(bench.key(&other, "read", 5), bench.key(&g, "read", 5));
}

/// Files whose content is a guess until they are read.
struct Guessing(std::sync::atomic::AtomicBool);

impl rushes_engine::tool::Files for Guessing {
    fn find(&self, name: &str) -> rushes_engine::Result<rushes_engine::tool::FileEntry> {
        let provisional = !self.0.load(std::sync::atomic::Ordering::Relaxed);
        let entry = FakeFiles.find(name)?;
        let content = if provisional { rushes_engine::Key::of(b"a guess") } else { entry.content };
        Ok(rushes_engine::tool::FileEntry { content, provisional, ..entry })
    }
    fn list(&self, name: &str) -> rushes_engine::Result<Vec<String>> {
        FakeFiles.list(name)
    }
    fn output(&self, name: &str) -> rushes_engine::Result<std::path::PathBuf> {
        FakeFiles.output(name)
    }
}

#[test]
fn frames_made_while_a_file_was_being_read_are_not_made_again() {
    let mut bench = Bench::new();
    let files = Guessing(false.into());
    let first = std::sync::Arc::new(chain());
    let edited = std::sync::Arc::new(set(&chain(), "blend", "opacity", json!(0.6)));
    for g in [&first, &edited] {
        let described = bench.describer.describe(g, &files, None);
        (0..4).for_each(|f| drop(bench.frame(&described, "blend", f).unwrap()));
        assert!(described.has_guesses());
    }
    files.0.store(true, std::sync::atomic::Ordering::Relaxed);
    bench.evaluator.rehome(&mut bench.describer, &files);
    bench.evaluator.account.reset();
    for g in [&edited, &first] {
        let described = bench.describer.describe(g, &files, None);
        assert!(!described.has_guesses());
        for frame in 0..4 {
            bench.frame(&described, "blend", frame).unwrap();
        }
    }
    assert!(bench.evaluator.account.nodes().values().all(|a| a.evaluated == 0));
    let values = [&first, &edited].map(|g| {
        let described = bench.describer.describe(g, &files, None);
        num(&bench.frame(&described, "blend", 3).unwrap().payload)
    });
    let mut fresh = Bench::new();
    let right = [&first, &edited].map(|g| {
        let described = fresh.describer.describe(g, &files, None);
        num(&fresh.frame(&described, "blend", 3).unwrap().payload)
    });
    assert_eq!(values, right, "each edit keeps its own frames");
}

#[test]
fn a_schedule_is_keyframes_by_another_name() {
    let mut bench = Bench::new();
    let keyed = |value: serde_json::Value| set(&chain(), "grade", "amount", value);
    let schedule = keyed(json!("0:(1), 10:(2.5)"));
    let keys = keyed(json!({ "keys": [[0, 1, "linear"], [10, 2.5, "linear"]] }));
    for frame in [0, 3, 10, 20] {
        assert_eq!(bench.key(&schedule, "grade", frame), bench.key(&keys, "grade", frame));
    }
    assert_ne!(bench.key(&schedule, "grade", 3), bench.key(&schedule, "grade", 4));
}

#[test]
fn a_wrong_wire_leaves_nothing_behind_when_it_is_cut() {
    let mut bench = Bench::new();
    let right = chain();
    let key = bench.key(&right, "blend", 0);
    let mut wrong = right.clone();
    connect(&mut wrong, "up.clip", "blend.clip");
    assert!(bench.describe(&wrong).slot(&id("blend")).unwrap().state.outcome.is_err());
    assert_eq!(bench.key(&right, "blend", 0), key);
}

#[test]
fn memory_and_disk_share_one_budget() {
    let folder = tempfile::tempdir().unwrap();
    let budget = FrameBudget { all: 4000, memory: 2000 };
    let open = || Arc::new(DiskCache::open(folder.path(), budget.all).unwrap());
    let g = graph(
        &[("read", "source", json!({})), ("slow", "slow", json!({})), ("blur", "blur", json!({}))],
        &["read.clip slow.clip", "slow.clip blur.clip"],
    );
    let disk = open();
    let mut bench = Bench::keeping(budget, Some(disk.clone()));
    let (mut most_memory, mut most_disk) = (0, 0);
    for frame in 0..48 {
        bench.view(&g, "blur", frame..frame + 1);
        let (memory, disk) = (bench.evaluator.memory().usage().0, disk.usage().0);
        assert!(memory <= budget.memory && memory + disk <= budget.all, "{memory} and {disk} at {frame}");
        (most_memory, most_disk) = (most_memory.max(memory), most_disk.max(disk));
    }
    assert!(most_memory > 0 && most_disk > 0);
    // Another program finds what the disk kept, and only what is dear is there.
    let mut other = Bench::keeping(budget, Some(open()));
    assert_eq!(other.view(&g, "blur", 47..48), counts(&[("blur", 1)]));
}
