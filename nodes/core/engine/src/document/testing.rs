//! Graphs for property tests.

use super::{
    Edit, Graph, Group, Interface, Join, Link, Node, NodeId, Note, PortRef, Socket, instance_kind, json,
};
use crate::param::number;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Any value as a file holds it.
pub(crate) fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (-1e6..1e6_f64).prop_map(number),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(number),
        "\\PC{0,12}|[\\x00-\\x1f\"\\\\]{0,4}".prop_map(Value::String),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            prop::collection::btree_map("[a-z]{1,8}", inner, 0..5)
                .prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

/// Members that no version of the program knows.
fn unknown() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map("x_[a-z]{1,4}", value(), 0..2).prop_map(|m| m.into_iter().collect())
}

fn place() -> impl Strategy<Value = [f64; 2]> {
    [-4000..4000_i32, -4000..4000_i32].prop_map(|p| p.map(|x| f64::from(x) / 2.0))
}

fn node() -> impl Strategy<Value = Node> {
    let flags = any::<[bool; 4]>();
    let params = prop::collection::btree_map("[a-z_]{1,8}", value(), 0..4);
    let texts = ("[a-z]{1,6}/[a-z_]{1,9}", "\\PC{0,9}", "(#[0-9a-f]{6})?", "([0-9a-f]{32})?");
    (texts, 1..9_u32, place(), prop::option::of(place()), flags, params, unknown()).prop_map(
        |(
            (kind, title, color, take),
            version,
            at,
            size,
            [collapsed, bypass, mute, locked],
            params,
            unknown,
        )| Node {
            kind: kind.into(),
            version,
            title,
            at,
            size,
            color,
            collapsed,
            bypass,
            mute,
            locked,
            take,
            params,
            unknown,
        },
    )
}

fn name(name: &str) -> NodeId {
    name.parse().unwrap()
}

/// Any graph without a cycle, with sub-graphs that use those before them, and with instances of them.
pub(crate) fn graph() -> impl Strategy<Value = Graph> {
    let definitions = prop::collection::vec((level(), interface()), 0..3);
    let instances = prop::collection::vec((0..3_usize, 0..4_usize, "[a-d]"), 0..4);
    (level(), definitions, instances).prop_map(|(mut root, levels, instances)| {
        let count = levels.len();
        let mut graphs = std::collections::BTreeMap::new();
        for (at, (mut inner, interface)) in levels.into_iter().enumerate() {
            // The first part of an instance says what it is of, the second where it stands: behind what it is of.
            for (of, _, id) in instances.iter().filter(|(of, on, _)| *of < at && *on == at) {
                put_instance(&mut inner, &format!("s{of}"), id);
            }
            inner.interface = Arc::new(interface);
            graphs.insert(name(&format!("s{at}")), Arc::new(inner));
        }
        root.graphs = Arc::new(graphs);
        for (of, _, id) in instances.iter().filter(|(of, on, _)| *of < count && *on == 3) {
            put_instance(&mut root, &format!("s{of}"), id);
        }
        root
    })
}

fn put_instance(graph: &mut Graph, of: &str, id: &str) {
    let node = Node { kind: instance_kind(&name(of)), version: 1, ..Node::default() };
    graph.nodes.insert_mut(name(id), Arc::new(node));
}

/// What a sub-graph shows, some of it of nodes that it has.
fn interface() -> impl Strategy<Value = Interface> {
    let socket = |places: std::ops::Range<usize>| {
        let place = ("[a-d]", "[a-c]").prop_map(|(n, p)| PortRef::new(name(&n), p));
        let value = prop::option::of(Just(crate::ValueType::Clip));
        (prop::collection::vec(place, places), "\\PC{0,5}", value, unknown())
    };
    let list = |names: &'static str, places: std::ops::Range<usize>| {
        prop::collection::btree_map(names, socket(places), 0..3).prop_map(|sockets| {
            let one = |(name, (places, label, value, unknown)): (String, (_, _, _, _))| Socket {
                name: name.into(),
                label,
                value,
                places,
                unknown,
            };
            sockets.into_iter().map(one).collect::<Vec<_>>()
        })
    };
    (list("[a-c]", 0..3), list("[a-c]", 0..2), list("[d-e]", 0..3))
        .prop_map(|(inputs, outputs, params)| Interface { inputs, outputs, params })
}

/// Any graph without a cycle and without sub-graphs.
fn level() -> impl Strategy<Value = Graph> {
    let wire =
        (any::<prop::sample::Index>(), any::<prop::sample::Index>(), "[a-z]{1,3}", "[a-z]{1,3}", unknown());
    let parts = (
        prop::collection::btree_map("[a-z][a-z0-9_]{0,6}", node(), 0..8),
        prop::collection::vec(wire, 0..10),
        prop::collection::btree_map(
            "[a-z]{1,4}",
            (prop::collection::vec(any::<prop::sample::Index>(), 0..4), unknown()),
            0..3,
        ),
        prop::collection::btree_map("[a-z]{1,4}", (place(), "\\PC{0,20}"), 0..3),
        ("\\PC{0,12}", unknown(), unknown()),
    );
    parts.prop_map(|(nodes, wires, groups, notes, (title, view, unknown))| {
        let ids: Vec<NodeId> = nodes.keys().map(|id| id.parse().unwrap()).collect();
        let mut graph = Graph {
            title: title.into(),
            view: Arc::new(view),
            unknown: Arc::new(unknown),
            nodes: ids.iter().cloned().zip(nodes.into_values().map(Arc::new)).collect(),
            ..Graph::default()
        };
        for (a, b, out, into, unknown) in wires.into_iter().filter(|_| ids.len() > 1) {
            let (a, b) = (a.index(ids.len()), b.index(ids.len()));
            if a != b {
                let from = PortRef::new(ids[a.min(b)].clone(), out);
                let to = PortRef::new(ids[a.max(b)].clone(), into);
                graph.links.insert_mut(to, Arc::new(Link { from, unknown }));
            }
        }
        let members = |picks: Vec<prop::sample::Index>| -> Vec<NodeId> {
            if ids.is_empty() {
                Vec::new()
            } else {
                picks.iter().map(|i| ids[i.index(ids.len())].clone()).collect()
            }
        };
        let groups = groups.into_iter().map(|(id, (picks, unknown))| Group {
            title: id.to_uppercase(),
            id,
            nodes: members(picks),
            unknown,
            ..Group::default()
        });
        graph.groups = Arc::new(groups.collect());
        let notes = notes.into_iter().map(|(id, (at, text))| Note {
            id,
            at,
            size: [200.0, 80.5],
            text,
            ..Note::default()
        });
        graph.notes = Arc::new(notes.collect());
        graph
    })
}

/// Edits, some of which fit a graph of [`graph`].
pub(crate) fn edits() -> impl Strategy<Value = Vec<Edit>> {
    let id = || "[a-d]".prop_map(|s| s.parse::<NodeId>().unwrap());
    let port = || ("[a-d]", "[a-c]").prop_map(|(n, p)| PortRef::new(n.parse().unwrap(), p));
    let param = || {
        prop_oneof![
            value(),
            Just(json!({"keys": [[0, 1, "linear"], [9, 2, "hold"]]})),
            Just(json!({"expr": "t"}))
        ]
    };
    let map = |v: std::collections::BTreeMap<String, Value>| v.into_iter().collect::<Map<_, _>>();
    let edit = prop_oneof![
        4 => ("[a-d]/[a-d]", prop::option::of(id()), place(), prop::collection::btree_map("[a-c]", param(), 0..2))
            .prop_map(move |(kind, node, at, params)| Edit::Add { kind, node, version: 1, at, params: map(params) }),
        2 => (id(), any::<bool>()).prop_map(|(node, join)| Edit::Remove {
            node,
            joins: join.then(|| Join { output: "a".into(), input: "b".into() }).into_iter().collect(),
        }),
        2 => (id(), id()).prop_map(|(node, to)| Edit::Rename { node, to }),
        2 => (id(), place()).prop_map(|(node, at)| Edit::Move { node, at }),
        2 => id().prop_map(|node| Edit::Duplicate { node, to: None, at: None }),
        4 => (id(), "[a-c]", param()).prop_map(|(node, param, value)| Edit::Set { node, param, value }),
        1 => (id(), "[a-c]").prop_map(|(node, param)| Edit::Reset { node, param }),
        1 => (id(), "\\PC{0,4}").prop_map(|(node, title)| Edit::Title { node, title }),
        1 => (id(), prop::option::of(place())).prop_map(|(node, size)| Edit::Size { node, size }),
        1 => (id(), any::<bool>()).prop_map(|(node, on)| Edit::Mute { node, on }),
        1 => (id(), any::<bool>()).prop_map(|(node, on)| Edit::Lock { node, on }),
        1 => (id(), "[0-9a-f]{4}").prop_map(|(node, take)| Edit::Take { node, take }),
        6 => (port(), port()).prop_map(|(from, to)| Edit::Connect { from, to }),
        1 => port().prop_map(|to| Edit::Disconnect { to }),
        1 => prop::collection::vec(id(), 0..3).prop_map(|nodes| Edit::AddGroup {
            group: None, title: String::new(), color: String::new(), nodes,
        }),
        1 => ("group|group_2", prop::option::of(prop::collection::vec(id(), 0..3))).prop_map(|(group, nodes)| Edit::SetGroup {
            group, title: Some("t".into()), color: None, nodes, collapsed: None,
        }),
        1 => "group|group_2".prop_map(|group| Edit::RemoveGroup { group }),
        1 => place().prop_map(|at| Edit::AddNote { note: None, at, size: [1.0, 2.0], text: "x".into() }),
        1 => "note|note_2".prop_map(|note| Edit::RemoveNote { note }),
        1 => ("[a-c]", value()).prop_map(|(name, value)| Edit::View { name, value }),
        1 => "\\PC{0,4}".prop_map(|title| Edit::GraphTitle { title }),
        1 => (graph(), prop::option::of(place()), any::<bool>())
            .prop_map(|(g, at, inputs)| Edit::Paste { json: json::write(&g).into(), at, inputs }),
        1 => graph().prop_map(|g| Edit::Replace { json: json::write(&g).into() }),
        2 => (prop::collection::vec(id(), 1..3), prop::option::of(prop::option::of(id())))
            .prop_map(|(nodes, given)| Edit::Pack { nodes, name: None, node: given.flatten(), outputs: Vec::new() }),
        2 => id().prop_map(|node| Edit::Unpack { node }),
        2 => interface().prop_map(|i| Edit::SetPorts {
            inputs: Some(plain(i.inputs)), outputs: None, params: Some(plain(i.params)),
        }),
        1 => interface().prop_map(|i| Edit::SetPorts { inputs: None, outputs: Some(plain(i.outputs)), params: None }),
        1 => (sub(), sub()).prop_map(|(graph, to)| Edit::RenameGraph { graph, to }),
        1 => sub().prop_map(|graph| Edit::RemoveGraph { graph }),
        1 => (sub(), prop::collection::vec(id(), 0..2))
            .prop_map(|(graph, nodes)| Edit::DuplicateGraph { graph, to: None, nodes }),
        1 => (graph(), prop::option::of(sub()))
            .prop_map(|(g, name)| Edit::ImportGraph { json: json::write(&g).into(), name, node: None, at: [0.0; 2] }),
        1 => (sub(), prop::option::of(id()))
            .prop_map(|(s, node)| Edit::Add { kind: instance_kind(&s).to_string(), node, version: 1, at: [0.0; 2], params: Map::new() }),
    ];
    // Every edit also inside of a sub-graph.
    let inside = (prop::option::weighted(0.3, sub()), edit).prop_map(|(sub, edit)| match sub {
        Some(graph) => Edit::Inside { graph, edit: Box::new(edit) },
        None => edit,
    });
    prop::collection::vec(inside, 0..12)
}

/// A name that a sub-graph may have.
fn sub() -> impl Strategy<Value = NodeId> {
    "s[0-2]|sub".prop_map(|s| name(&s))
}

/// Sockets as an edit gives them.
fn plain(sockets: Vec<Socket>) -> Vec<Socket> {
    sockets.into_iter().map(|s| Socket { unknown: Map::new(), ..s }).collect()
}
