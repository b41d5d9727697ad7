//! Sub-graphs and reroutes: the same frames under the same keys as the nodes they stand for, counted over fake tools.

mod fake;

use fake::*;
use proptest::prelude::*;
use rushes_engine::Key;
use rushes_engine::describe::Shape;
use rushes_engine::document::{Document, Edit, Graph, NodeId, json as file};
use rushes_engine::plan::{Change, NodeState, Planner, Request, quote, report, why};
use serde_json::{Value, json};

fn edit(graph: &Graph, edit: &Value) -> Graph {
    let done = Edit::from_json(edit).and_then(|e| e.apply(graph));
    assert!(done.is_ok(), "{edit}: {done:?}");
    done.unwrap_or_default()
}

fn refused(graph: &Graph, edit: &Value) -> String {
    let done = Edit::from_json(edit).and_then(|e| e.apply(graph));
    assert!(done.is_err(), "{edit} is let through");
    done.err().map(|e| e.to_string()).unwrap_or_default()
}

fn wires(graph: &Graph) -> Vec<String> {
    graph.links.iter().map(|(to, link)| format!("{} -> {to}", link.from)).collect()
}

/// The chain with `grade`, `up` and `lut` as one sub-graph, whose `lut.amount` is promoted as `strength`.
fn packed() -> Graph {
    let graph = edit(
        &chain(),
        &json!({ "do": "pack", "nodes": ["grade", "up", "lut"], "name": "look", "node": "hero" }),
    );
    let ports = json!({ "do": "set_ports", "params": [{ "name": "strength", "for": ["lut.amount"] }] });
    edit(&graph, &json!({ "do": "inside", "graph": "look", "edit": ports }))
}

fn keys(bench: &mut Bench, graph: &Graph, node: &str) -> Vec<Key> {
    (0..6).map(|frame| bench.key(graph, node, frame)).collect()
}

fn problems(bench: &mut Bench, graph: &Graph) -> Vec<String> {
    bench.describe(graph).problems().map(|(id, e)| format!("{id}: {e}")).collect()
}

#[test]
fn a_reroute_is_as_if_it_were_not_there() {
    let mut bench = Bench::new();
    let straight = chain();
    bench.view(&straight, "blend", 0..6);
    let mut routed = straight.clone();
    for name in ["r1", "r2"] {
        routed = edit(&routed, &json!({ "do": "add", "kind": "route/reroute", "node": name }));
    }
    for (from, to) in [("up.clip", "r1.in"), ("r1.out", "r2.in"), ("r2.out", "lut.clip")] {
        routed = edit(&routed, &json!({ "do": "connect", "from": from, "to": to }));
    }
    assert_eq!(keys(&mut bench, &routed, "blend"), keys(&mut bench, &straight, "blend"));
    assert_eq!(bench.view(&routed, "blend", 0..6), []);
    assert_eq!(bench.view(&routed, "r2", 0..6), [], "a look at a reroute is a look at its source");
    // It carries any type, and converts as the wire would.
    for (from, to) in [("trim.clip", "r1.in"), ("r2.out", "blend.mask"), ("up.clip", "lut.clip")] {
        routed = edit(&routed, &json!({ "do": "connect", "from": from, "to": to }));
    }
    let direct = edit(&straight, &json!({ "do": "connect", "from": "trim.clip", "to": "blend.mask" }));
    assert_eq!(keys(&mut bench, &routed, "blend"), keys(&mut bench, &direct, "blend"));
    let number = edit(&routed, &json!({ "do": "add", "kind": "fake/number", "node": "n" }));
    let number = edit(&number, &json!({ "do": "connect", "from": "n.number", "to": "r1.in" }));
    assert!(problems(&mut bench, &number)[0].starts_with("blend: mask takes a mask, this is a number"));
    // Fused tools stay fused across it.
    let mut fresh = Bench::new();
    let inserted = edit(&chain(), &json!({ "do": "add", "kind": "route/reroute", "node": "r" }));
    let inserted = edit(&inserted, &json!({ "do": "connect", "from": "lut.clip", "to": "r.in" }));
    let inserted = edit(&inserted, &json!({ "do": "connect", "from": "r.out", "to": "grade2.clip" }));
    fresh.view(&inserted, "blend", 0..10);
    assert_eq!(fresh.host.passes.load(std::sync::atomic::Ordering::Relaxed), 20);
}

#[test]
fn an_open_muted_or_circling_reroute_is_told_as_the_wire_would_be() {
    let mut bench = Bench::new();
    let mut graph = edit(&chain(), &json!({ "do": "add", "kind": "route/reroute", "node": "r" }));
    graph = edit(&graph, &json!({ "do": "connect", "from": "r.out", "to": "lut.clip" }));
    let told = problems(&mut bench, &graph);
    assert!(told.iter().any(|e| e.starts_with("lut: input “clip” is not connected")), "{told:?}");
    graph = edit(&graph, &json!({ "do": "connect", "from": "up.clip", "to": "r.in" }));
    assert_eq!(problems(&mut bench, &graph), Vec::<String>::new());
    graph = edit(&graph, &json!({ "do": "mute", "node": "r", "on": true }));
    let told = problems(&mut bench, &graph);
    assert!(told.iter().any(|e| e.starts_with("lut: input “clip” is not connected")), "{told:?}");
    let mut circle = Graph::default();
    for name in ["a", "b"] {
        circle = edit(&circle, &json!({ "do": "add", "kind": "route/reroute", "node": name }));
    }
    circle = edit(&circle, &json!({ "do": "add", "kind": "fake/add", "node": "end" }));
    connect(&mut circle, "a.out", "b.in");
    connect(&mut circle, "b.out", "a.in");
    connect(&mut circle, "b.out", "end.clip");
    let told = problems(&mut bench, &circle);
    assert!(told.len() == 3 && told.iter().all(|e| e.contains("the wires run in a circle")), "{told:?}");
}

#[test]
fn packing_and_unpacking_keep_every_key_and_evaluate_nothing() {
    let mut bench = Bench::new();
    let plain = chain();
    bench.view(&plain, "blend", 0..6);
    let graph = packed();
    assert_eq!(
        wires(&graph),
        [
            "grade2.clip -> blend.bottom",
            "trim.clip -> blur.clip",
            "hero.clip -> grade2.clip",
            "blur.clip -> hero.clip",
            "read.clip -> trim.clip"
        ]
    );
    assert_eq!(keys(&mut bench, &graph, "blend"), keys(&mut bench, &plain, "blend"));
    assert_eq!(bench.view(&graph, "blend", 0..6), [], "packed");
    assert_eq!(keys(&mut bench, &graph, "hero"), keys(&mut bench, &plain, "lut"));
    let unpacked = edit(&graph, &json!({ "do": "unpack", "node": "hero" }));
    assert_eq!(wires(&unpacked), wires(&plain));
    assert_eq!(bench.view(&unpacked, "blend", 0..6), [], "unpacked");
    // Fusing is the same as well.
    let mut fresh = Bench::new();
    fresh.view(&graph, "blend", 0..10);
    assert_eq!(fresh.host.passes.load(std::sync::atomic::Ordering::Relaxed), 20);
}

#[test]
fn a_promoted_parameter_is_the_one_inside() {
    let mut bench = Bench::new();
    let graph = packed();
    let inside = |value: Value| set(&chain(), "lut", "amount", value);
    let given = |value: Value| set(&graph, "hero", "strength", value);
    for value in [json!(7), json!({ "keys": [[0, 1, "linear"], [5, 4, "hold"]] }), json!({ "expr": "t" })] {
        let (a, b) =
            (keys(&mut bench, &given(value.clone()), "blend"), keys(&mut bench, &inside(value), "blend"));
        assert_eq!(a, b);
    }
    let mut wired =
        edit(&graph, &json!({ "do": "add", "kind": "fake/number", "node": "n", "params": { "value": 7 } }));
    wired = edit(&wired, &json!({ "do": "connect", "from": "n.number", "to": "hero.strength" }));
    assert_eq!(keys(&mut bench, &wired, "blend"), keys(&mut bench, &inside(json!(7)), "blend"));
    let wrong = problems(&mut bench, &given(json!("x")));
    assert_eq!(wrong.len(), 1);
    assert!(wrong[0].starts_with("hero: ") && wrong[0].contains("inside lut"), "{wrong:?}");
    let unknown = problems(&mut bench, &set(&graph, "hero", "amount", json!(1)));
    assert!(unknown[0].starts_with("hero: graph/look has no parameter “amount”"), "{unknown:?}");
}

#[test]
fn an_edit_of_the_definition_changes_every_instance_and_costs_what_depends_on_it() {
    let mut bench = Bench::new();
    let mut graph = edit(&packed(), &json!({ "do": "add", "kind": "graph/look", "node": "second" }));
    graph = edit(&graph, &json!({ "do": "connect", "from": "hero.clip", "to": "second.clip" }));
    graph = set(&graph, "second", "strength", json!(5));
    bench.view(&graph, "second", 0..4);
    let before = bench.describe(&graph);
    let value = num(&bench.frame(&before, "second", 0).unwrap().payload);
    // Frame 2: blur 5; hero: +1, 2x+3, +2 = 17; second: 18, 39, +5.
    assert!((value - 44.0).abs() < 1e-9, "{value}");
    let set_up = json!({ "do": "set", "node": "up", "param": "amount", "value": 0 });
    let edited = edit(&graph, &json!({ "do": "inside", "graph": "look", "edit": set_up }));
    let counts = bench.view(&edited, "second", 0..4);
    assert_eq!(counts, self::counts(&[("hero", 8), ("second", 12)]), "what was before it is kept");
    let described = bench.describe(&edited);
    let value = num(&bench.frame(&described, "second", 0).unwrap().payload);
    assert!((value - 35.0).abs() < 1e-9, "{value}");
    assert_eq!(bench.view(&graph, "second", 0..4), [], "and an undo finds the old frames");
}

#[test]
fn accounts_plans_and_causes_are_told_at_the_instance() {
    let mut bench = Bench::new();
    let graph = packed();
    let counts = bench.view(&graph, "hero", 0..4);
    assert_eq!(counts, self::counts(&[("read", 4), ("blur", 4), ("hero", 12)]));
    let described = bench.describe(&graph);
    let shown: Vec<&str> = described.slots().map(|s| s.id.as_str()).collect();
    assert_eq!(shown, ["read", "trim", "blur", "hero", "grade2", "blend"]);
    let upstream: Vec<&str> = described.upstream(&id("grade2")).iter().map(|s| s.id.as_str()).collect();
    assert_eq!(upstream, ["read", "trim", "blur", "hero", "grade2"]);
    let plans = report(&described, Some(&id("hero")), Some(&(0..6)), 1, &|key| bench.evaluator.has(key));
    let hero = plans.iter().find(|p| p.node == "hero").unwrap();
    assert_eq!(
        (hero.kind.as_str(), hero.state, hero.cached, hero.to_do),
        ("graph/look", NodeState::WillRun, 4, 2)
    );
    let causes = |bench: &mut Bench, graph: &Graph| {
        let described = bench.describe(graph);
        let (frame, _, then) = bench.evaluator.account.last(&id("hero")).unwrap();
        why(&then, &Planner::new(&described, 1).explain(&Request::frame(id("hero"), frame)).unwrap())
    };
    assert_eq!(causes(&mut bench, &graph), []);
    assert_eq!(
        causes(&mut bench, &set(&graph, "hero", "strength", json!(9))),
        [Change::Param { param: "strength".into(), from: json!(2), to: json!(9) }]
    );
    let set_up = json!({ "do": "set", "node": "up", "param": "amount", "value": 4 });
    assert_eq!(
        causes(&mut bench, &edit(&graph, &json!({ "do": "inside", "graph": "look", "edit": set_up }))),
        [Change::Param { param: "up.amount".into(), from: json!(3), to: json!(4) }]
    );
    assert_eq!(
        causes(&mut bench, &set(&graph, "blur", "amount", json!(9))),
        [Change::Input { port: "clip".into(), node: "blur".into() }]
    );
}

#[test]
fn what_is_wrong_inside_is_told_at_the_instance_and_stops_nothing_else() {
    let mut bench = Bench::new();
    let set_up = json!({ "do": "set", "node": "up", "param": "amount", "value": "x" });
    let graph = edit(&packed(), &json!({ "do": "inside", "graph": "look", "edit": set_up }));
    let described = bench.describe(&graph);
    let told: Vec<String> = described.problems().map(|(id, e)| format!("{id}: {e}")).collect();
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("hero: ") && told[0].contains("inside up"), "{told:?}");
    let error = bench.frame(&described, "blend", 0).err().unwrap().to_string();
    assert!(error.contains("hero, inside up"), "{error}");
    let slot = described.slot(&id("hero")).unwrap();
    assert!(slot.state.outcome.is_err() && !slot.state.inherited);
    assert!(bench.frame(&described, "blur", 0).is_ok());
    assert!(bench.frame(&described, "hero", 0).is_err());
}

#[test]
fn an_instance_is_bypassed_and_muted_as_a_node_is() {
    let mut bench = Bench::new();
    let graph = packed();
    let bypassed = edit(&graph, &json!({ "do": "bypass", "node": "hero", "on": true }));
    assert_eq!(keys(&mut bench, &bypassed, "hero"), keys(&mut bench, &graph, "blur"));
    let mut plain = chain();
    for name in ["grade", "up", "lut"] {
        plain = edit(&plain, &json!({ "do": "bypass", "node": name, "on": true }));
    }
    assert_eq!(keys(&mut bench, &bypassed, "blend"), keys(&mut bench, &plain, "blend"));
    let muted = edit(&graph, &json!({ "do": "mute", "node": "hero", "on": true }));
    let told = problems(&mut bench, &muted);
    assert!(told.len() == 1 && told[0].starts_with("grade2: input “clip” is not connected"), "{told:?}");
    let described = bench.describe(&muted);
    assert!(bench.frame(&described, "hero", 0).is_err());
    let open = edit(&bypassed, &json!({ "do": "disconnect", "to": "hero.clip" }));
    let told = problems(&mut bench, &open);
    assert!(told[0].starts_with("hero: it is bypassed and has nothing to pass through"), "{told:?}");
}

#[test]
fn sub_graphs_nest_and_their_ports_are_typed_by_what_is_inside() {
    let mut bench = Bench::new();
    let plain = chain();
    let mut graph = edit(
        &packed(),
        &json!({ "do": "pack", "nodes": ["hero", "grade2"], "name": "outer", "node": "all" }),
    );
    assert_eq!(keys(&mut bench, &graph, "blend"), keys(&mut bench, &plain, "blend"));
    let ports = json!({ "do": "set_ports", "params": [{ "name": "punch", "label": "Punch it", "for": ["hero.strength"] }] });
    graph = edit(&graph, &json!({ "do": "inside", "graph": "outer", "edit": ports }));
    assert_eq!(
        keys(&mut bench, &set(&graph, "all", "punch", json!(8)), "blend"),
        keys(&mut bench, &set(&plain, "lut", "amount", json!(8)), "blend")
    );
    let shape = Shape::of_node(&graph, &registry(), &id("all")).unwrap();
    assert_eq!((shape.inputs.len(), shape.outputs.len(), shape.params.len()), (1, 1, 1));
    assert_eq!(shape.inputs[0].value, Some(rushes_engine::ValueType::Clip));
    assert_eq!(shape.outputs[0].value, Some(rushes_engine::ValueType::Clip));
    let punch = &shape.params[0];
    assert_eq!((punch.name.as_str(), punch.label.as_str(), &punch.default), ("punch", "Punch it", &json!(2)));
    assert_eq!((punch.hard, punch.animated), ([Some(-1e6), Some(1e6)], true));
    let inner = Shape::of_node(&graph.enter("outer").unwrap(), &registry(), &id("hero")).unwrap();
    assert_eq!(inner.params[0].name, "strength");
    // A look at what is inside an instance, for whoever has entered it.
    let lut = id("all").inside(&id("hero")).inside(&id("lut"));
    let described = bench.describe(&graph);
    let key = Planner::new(&described, 1).key(&Request::frame(lut.clone(), 3)).unwrap();
    assert_eq!(key, bench.key(&plain, "lut", 3));
    assert!(lut.as_str().parse::<NodeId>().is_err(), "no file can name it");
    // Unpacked level by level it is the chain again.
    graph = edit(&graph, &json!({ "do": "unpack", "node": "all" }));
    graph = edit(&graph, &json!({ "do": "unpack", "node": "hero" }));
    assert_eq!(wires(&graph), wires(&plain));
    assert!(graph.nodes == plain.nodes);
}

#[test]
fn a_wrong_definition_is_told() {
    let mut bench = Bench::new();
    let graph = packed();
    let wrong = |change: &dyn Fn(&str) -> String| {
        let text = change(&file::write(&graph));
        file::read(text.as_bytes()).map(|opened| opened.graph)
    };
    let gone = wrong(&|t| t.replace("graph/look", "graph/lost")).unwrap();
    let told = problems(&mut bench, &gone);
    assert!(told.len() == 1 && told[0].starts_with("hero: there is no sub-graph “lost”"), "{told:?}");
    let nowhere = wrong(&|t| t.replace("\"for\": \"lut.clip\"", "\"for\": \"nope.clip\"")).unwrap();
    let told = problems(&mut bench, &nowhere);
    assert!(told.iter().any(|e| e.starts_with("hero: ") && e.contains("nope.clip")), "{told:?}");
    let itself = wrong(&|t| t.replace("\"kind\": \"fake/blur\"", "\"kind\": \"graph/look\"")).unwrap_err();
    assert!(itself.what().contains("the sub-graph “look” contains itself: look -> look"), "{itself}");
    let port = edit(&graph, &json!({ "do": "connect", "from": "read.clip", "to": "hero.other" }));
    let told = problems(&mut bench, &port);
    assert!(told[0].starts_with("hero: graph/look has no input “other”"), "{told:?}");
    let port = edit(&graph, &json!({ "do": "connect", "from": "hero.other", "to": "blend.top" }));
    let told = problems(&mut bench, &port);
    assert!(told[0].starts_with("blend: hero has no output “other”"), "{told:?}");
    let bomb = (0..8).fold(packed(), |graph, i| {
        let mut next =
            edit(&graph, &json!({ "do": "pack", "nodes": ["hero"], "name": format!("b{i}"), "node": "x" }));
        next = edit(&next, &json!({ "do": "rename", "node": "x", "to": "hero" }));
        (0..6).fold(next, |g, _| {
            let add = json!({ "do": "duplicate", "node": "hero" });
            Edit::from_json(&json!({ "do": "inside", "graph": format!("b{i}"), "edit": add }))
                .unwrap()
                .apply(&g)
                .unwrap_or(g)
        })
    });
    assert!(bench.describe(&bomb).graph.nodes.size() < 10, "what unfolds to too much is refused on the way");
    assert!(
        refused(
            &bomb,
            &json!({ "do": "inside", "graph": "b0", "edit": { "do": "add", "kind": "graph/b7" } })
        )
        .contains("contains itself")
    );
}

#[test]
fn a_graph_without_sub_graphs_is_its_own_flat_form() {
    let mut bench = Bench::new();
    let described = bench.describe(&chain());
    let shown: Vec<&str> = described.slots().map(|s| s.id.as_str()).collect();
    assert_eq!(shown, ["read", "trim", "blur", "grade", "up", "lut", "grade2", "blend"]);
}

#[test]
fn a_job_inside_is_quoted_at_the_instance() {
    let mut bench = Bench::new();
    let film = graph(
        &[
            ("read", "source", json!({})),
            ("shoot", "shoot", json!({})),
            ("look", "add", json!({ "amount": 1 })),
        ],
        &["read.clip shoot.clip", "shoot.clip look.clip"],
    );
    let film = edit(&film, &json!({ "do": "pack", "nodes": ["shoot"], "name": "shot", "node": "hero" }));
    let described = bench.describe(&film);
    let steps = quote(&described, Some(&[id("look")]));
    assert_eq!(
        steps.iter().map(|s| (s.node.as_str(), s.kind.as_str(), s.usd)).collect::<Vec<_>>(),
        [("hero", "fake/shoot", 0.62)]
    );
    let error = bench.frame(&described, "look", 0).err().unwrap();
    assert!(error.to_string().contains("hero, inside shoot"), "{error}");
}

#[test]
fn undo_of_a_pack_evaluates_nothing() {
    let mut bench = Bench::new();
    let mut document = Document::of(chain());
    bench.view(document.graph(), "blend", 0..4);
    let pack = json!({ "do": "pack", "nodes": ["up", "lut"] });
    document.apply(vec![Edit::from_json(&pack).unwrap()], None, false).unwrap();
    assert!(document.graph().nodes.contains_key(&id("sub")));
    assert_eq!(bench.view(document.graph(), "blend", 0..4), []);
    assert_eq!(document.undo().as_deref(), Some("Make a sub-graph"));
    assert!(**document.graph() == chain());
    assert_eq!(bench.view(document.graph(), "blend", 0..4), []);
}

/// Puts a reroute into the wire at place `at` among all wires.
fn rerouted(graph: &Graph, at: usize) -> Graph {
    let wires: Vec<(String, String)> =
        graph.links.iter().map(|(to, link)| (link.from.to_string(), to.to_string())).collect();
    let (from, to) = &wires[at % wires.len()];
    let name = graph.fresh_id("dot");
    let mut graph = edit(graph, &json!({ "do": "add", "kind": "route/reroute", "node": name }));
    graph = edit(&graph, &json!({ "do": "connect", "from": from, "to": format!("{name}.in") }));
    edit(&graph, &json!({ "do": "connect", "from": format!("{name}.out"), "to": to }))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is packed, into whatever already packed, with reroutes on any wire: the same frames under the same keys,
    /// the same after a way through the file, the same by as many undos, and the very nodes and wires again unpacked.
    #[test]
    fn packing_rerouting_and_unpacking_never_change_a_key(
        steps in prop::collection::vec((any::<prop::sample::Index>(), 1..5_usize, any::<prop::sample::Index>()), 1..5),
        reroute in any::<bool>(),
    ) {
        let mut bench = Bench::new();
        let plain = chain();
        bench.view(&plain, "blend", 0..6);
        let wanted = keys(&mut bench, &plain, "blend");
        let mut document = Document::of(plain.clone());
        let mut done = 0;
        for (first, count, wire) in steps {
            // Neighbours in the order of evaluation, which is what people pack; some selections would close a circle.
            let order: Vec<String> =
                bench.describe(document.graph()).slots().map(|s| s.id.to_string()).filter(|id| id != "blend").collect();
            let first = first.index(order.len());
            let chosen: Vec<&String> = order.iter().skip(first).take(count).collect();
            let pack = Edit::from_json(&json!({ "do": "pack", "nodes": chosen })).unwrap();
            done += usize::from(document.apply(vec![pack], None, false).is_ok());
            if reroute && document.graph().links.size() > 0 {
                let routed = rerouted(document.graph(), wire.index(64));
                let replace = Edit::Replace { json: file::write(&routed).into() };
                document.apply(vec![replace], None, false).unwrap();
                done += 1;
            }
            prop_assert_eq!(&keys(&mut bench, document.graph(), "blend"), &wanted);
        }
        prop_assert!(done > 0, "nothing was packed");
        let text = file::write(document.graph());
        let again = file::read(text.as_bytes()).unwrap().graph;
        prop_assert!(again == **document.graph());
        prop_assert_eq!(file::write(&again), text);
        prop_assert_eq!(&keys(&mut bench, &again, "blend"), &wanted);
        let mut unpacked = again;
        while let Some(id) = unpacked.nodes.iter().find(|(_, n)| n.kind.starts_with("graph/")).map(|(id, _)| id.clone()) {
            unpacked = edit(&unpacked, &json!({ "do": "unpack", "node": id }));
        }
        prop_assert_eq!(&keys(&mut bench, &unpacked, "blend"), &wanted);
        prop_assert_eq!(bench.view(&unpacked, "blend", 0..6), vec![], "nothing is evaluated again");
        if !reroute {
            prop_assert!(unpacked.nodes == plain.nodes);
            prop_assert_eq!(wires(&unpacked), wires(&plain));
        }
        for _ in 0..done {
            prop_assert!(document.undo().is_some());
        }
        prop_assert!(**document.graph() == plain);
        prop_assert_eq!(bench.view(document.graph(), "blend", 0..6), vec![]);
    }
}

#[test]
fn what_is_not_known_of_a_sub_graph_is_kept() {
    let text = file::write(&packed())
        .replace("\"name\": \"strength\"", "\"name\": \"strength\", \"hint\": [1]")
        .replacen("\"look\": {", "\"look\": { \"revision\": 7,", 1);
    let opened = file::read(text.as_bytes()).unwrap().graph;
    let kept = file::write(&opened);
    assert!(kept.contains("\"revision\": 7") && kept.contains("\"hint\": [1]"), "{kept}");
    // Also where the list of ports is given anew.
    let ports =
        json!({ "do": "set_ports", "params": [{ "name": "strength", "label": "S", "for": ["lut.amount"] }] });
    let set = file::write(&edit(&opened, &json!({ "do": "inside", "graph": "look", "edit": ports })));
    assert!(set.contains("\"revision\": 7") && set.contains("\"hint\": [1]"), "{set}");
}

#[test]
fn a_port_that_is_removed_takes_its_wires_and_values_along() {
    let mut bench = Bench::new();
    let graph = set(&packed(), "hero", "strength", json!(9));
    let ports = |ports: Value| json!({ "do": "inside", "graph": "look", "edit": ports });
    let renamed = edit(
        &graph,
        &ports(json!({ "do": "set_ports", "params": [{ "name": "power", "for": ["lut.amount"] }] })),
    );
    assert_eq!(renamed.node(&id("hero")).unwrap().params["power"], json!(9));
    assert_eq!(keys(&mut bench, &renamed, "blend"), keys(&mut bench, &graph, "blend"));
    let bare = edit(&graph, &ports(json!({ "do": "set_ports", "inputs": [], "outputs": [], "params": [] })));
    assert!(bare.node(&id("hero")).unwrap().params.is_empty());
    assert!(wires(&bare).iter().all(|wire| !wire.contains("hero")), "{:?}", wires(&bare));
    let told = problems(&mut bench, &bare);
    assert!(told.iter().any(|e| e.starts_with("grade2: input “clip” is not connected")), "{told:?}");
    // The node that an output stands for is removed: the port stays and says that it stands for nothing.
    let gone = edit(&graph, &ports(json!({ "do": "remove", "node": "lut" })));
    let told = problems(&mut bench, &gone);
    assert!(
        told.iter().any(|e| e.contains("has no parameter “strength”") || e.contains("stands for nothing")),
        "{told:?}"
    );
}
