//! What changed from one graph to another, one change at a time, in words and as data.

use super::{Graph, Node, NodeId};
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The longest value that is told whole in words.
const WIDEST: usize = 60;

/// One change.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Difference {
    /// A node is new.
    Added {
        /// The node.
        node: NodeId,
        /// Its kind.
        kind: String,
    },
    /// A node is gone.
    Removed {
        /// The node.
        node: NodeId,
        /// Its kind.
        kind: String,
    },
    /// A node has another id.
    Renamed {
        /// Its id before.
        from: NodeId,
        /// Its id after.
        to: NodeId,
    },
    /// A parameter has another value; nothing where it has its default.
    Param {
        /// The node, by its id after.
        node: NodeId,
        /// The parameter.
        param: String,
        /// The value before.
        from: Option<Value>,
        /// The value after.
        to: Option<Value>,
    },
    /// Something else of a node is another, such as `bypass`.
    Field {
        /// The node, by its id after.
        node: NodeId,
        /// What of it, as the file calls it.
        field: String,
        /// The value before.
        from: Value,
        /// The value after.
        to: Value,
    },
    /// An input takes from elsewhere; nothing where it is open.
    Wire {
        /// The input.
        to: String,
        /// Where its wire began before.
        from: Option<String>,
        /// Where it begins after.
        now: Option<String>,
    },
    /// A group, a note, a port, a sub-graph or a field of the graph is another; nothing where it is not there.
    Part {
        /// `group`, `note`, `view`, `graph`, `wire`, `sub-graph`, or `inputs`, `outputs` or `params` of a sub-graph.
        part: String,
        /// Which.
        name: String,
        /// The value before.
        from: Option<Value>,
        /// The value after.
        to: Option<Value>,
    },
    /// Something changed inside of a sub-graph.
    Inside {
        /// Its name.
        graph: NodeId,
        /// The change.
        inner: Box<Difference>,
    },
    /// Nodes stand elsewhere, or notes stand elsewhere or have another size.
    Moved {
        /// How many nodes.
        nodes: usize,
        /// How many notes.
        notes: usize,
    },
}

/// Every change from `before` to `after`: nodes, then their parameters, wires, and what lies around them.
pub fn diff(before: &Graph, after: &Graph) -> Vec<Difference> {
    let renamed = renames(before, after);
    let new: BTreeSet<&NodeId> = renamed.values().copied().collect();
    let now = |id: &NodeId| renamed.get(id).map_or_else(|| id.clone(), |to| (*to).clone());
    let mut all = Vec::new();
    for (id, node) in before.nodes.iter() {
        match renamed.get(id) {
            Some(to) => all.push(Difference::Renamed { from: id.clone(), to: (*to).clone() }),
            None if after.nodes.contains_key(id) => {}
            None => all.push(Difference::Removed { node: id.clone(), kind: node.kind.to_string() }),
        }
    }
    for (id, node) in after.nodes.iter() {
        if !before.nodes.contains_key(id) && !new.contains(id) {
            all.push(Difference::Added { node: id.clone(), kind: node.kind.to_string() });
        }
    }
    let place = |n: &super::Note| (n.id.clone(), (n.at, n.size));
    let places: BTreeMap<String, _> = before.notes.iter().map(place).collect();
    let notes = after.notes.iter().filter(|n| places.get(&n.id).is_some_and(|old| *old != (n.at, n.size)));
    let (mut moved, notes) = (0, notes.count());
    for (id, old) in before.nodes.iter() {
        let id = now(id);
        let Some(node) = after.nodes.get(&id) else { continue };
        moved += usize::from(old.at != node.at);
        compare(&id, old, node, &mut all);
    }
    wires(before, after, &now, &mut all);
    parts(before, after, &mut all);
    graphs(before, after, &mut all);
    if moved + notes > 0 {
        all.push(Difference::Moved { nodes: moved, notes });
    }
    all
}

/// Nodes that went under one id and came under another: those that are the same but for where they stand.
fn renames<'a>(before: &'a Graph, after: &'a Graph) -> BTreeMap<&'a NodeId, &'a NodeId> {
    let mut came: Vec<(&NodeId, &Node)> = after
        .nodes
        .iter()
        .filter(|(id, _)| !before.nodes.contains_key(*id))
        .map(|(id, n)| (id, &**n))
        .collect();
    let mut found = BTreeMap::new();
    let gone = || before.nodes.iter().filter(|(id, _)| !after.nodes.contains_key(*id));
    // The same place tells apart what is otherwise alike.
    for strict in [true, false] {
        for (id, node) in gone() {
            let same = |(_, other): &(&NodeId, &Node)| {
                let still = Node { at: node.at, ..Node::clone(other) };
                still == **node && (!strict || other.at == node.at)
            };
            if !found.contains_key(id)
                && let Some(at) = came.iter().position(same)
            {
                found.insert(id, came.remove(at).0);
            }
        }
    }
    found
}

fn compare(id: &NodeId, old: &Node, new: &Node, all: &mut Vec<Difference>) {
    let fields = |n: &Node| {
        [
            ("kind", json!(&*n.kind)),
            ("version", json!(n.version)),
            ("title", json!(n.title)),
            ("size", json!(n.size)),
            ("color", json!(n.color)),
            ("collapsed", json!(n.collapsed)),
            ("bypass", json!(n.bypass)),
            ("mute", json!(n.mute)),
            ("locked", json!(n.locked)),
            ("take", json!(n.take)),
        ]
    };
    let named =
        |field: &str, from, to| Difference::Field { node: id.clone(), field: field.to_owned(), from, to };
    for ((field, from), (_, to)) in fields(old).into_iter().zip(fields(new)) {
        if from != to {
            all.push(named(field, from, to));
        }
    }
    let names: BTreeSet<&String> = old.params.keys().chain(new.params.keys()).collect();
    for name in names {
        let (from, to) = (old.params.get(name).cloned(), new.params.get(name).cloned());
        if from != to {
            all.push(Difference::Param { node: id.clone(), param: name.clone(), from, to });
        }
    }
    each(&old.unknown, &new.unknown, |name, from, to| {
        let known = |v: Option<Value>| v.unwrap_or(Value::Null);
        all.push(named(name, known(from), known(to)));
    });
}

fn wires(before: &Graph, after: &Graph, now: &impl Fn(&NodeId) -> NodeId, all: &mut Vec<Difference>) {
    let end = |port: &super::PortRef| super::PortRef::new(now(&port.node), port.port.clone()).to_string();
    let old: BTreeMap<String, String> =
        before.links.iter().map(|(to, link)| (end(to), end(&link.from))).collect();
    let new: BTreeMap<String, String> =
        after.links.iter().map(|(to, link)| (to.to_string(), link.from.to_string())).collect();
    let ends: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for to in ends {
        let (from, now) = (old.get(to).cloned(), new.get(to).cloned());
        if from != now {
            all.push(Difference::Wire { to: to.clone(), from, now });
        }
    }
}

fn parts(before: &Graph, after: &Graph, all: &mut Vec<Difference>) {
    let mut part = |part: &str, old: &Map<String, Value>, new: &Map<String, Value>| {
        each(old, new, |name, from, to| {
            let (part, name) = (part.to_owned(), name.to_owned());
            all.push(Difference::Part { part, name, from, to });
        });
    };
    let title = |g: &Graph| Map::from_iter([("title".to_owned(), json!(&*g.title))]);
    let wires = |g: &Graph| -> Map<String, Value> {
        let said = g.links.iter().filter(|(_, link)| !link.unknown.is_empty());
        said.map(|(to, link)| (to.to_string(), json!(link.unknown))).collect()
    };
    part("graph", &title(before), &title(after));
    part("graph", &orders(before, after), &orders(after, before));
    part("wire", &wires(before), &wires(after));
    part("group", &groups(before), &groups(after));
    part("note", &notes(before), &notes(after));
    part("view", &before.view, &after.view);
    let (old, new) = (&before.interface, &after.interface);
    part("inputs", &sockets(&old.inputs), &sockets(&new.inputs));
    part("outputs", &sockets(&old.outputs), &sockets(&new.outputs));
    part("params", &sockets(&old.params), &sockets(&new.params));
    part("graph", &before.unknown, &after.unknown);
}

fn graphs(before: &Graph, after: &Graph, all: &mut Vec<Difference>) {
    let names: BTreeSet<&NodeId> = before.graphs.keys().chain(after.graphs.keys()).collect();
    for name in names {
        let told = |g: &Graph| json!({ "nodes": g.nodes.size() });
        let part =
            |from, to| Difference::Part { part: "sub-graph".to_owned(), name: name.to_string(), from, to };
        match (before.graphs.get(name), after.graphs.get(name)) {
            (Some(old), Some(new)) => {
                let inside = |inner| Difference::Inside { graph: name.clone(), inner: Box::new(inner) };
                all.extend(diff(old, new).into_iter().map(inside));
            }
            (old, new) => all.push(part(old.map(|g| told(g)), new.map(|g| told(g)))),
        }
    }
}

/// Ports and promoted parameters by their place in a list, since their order counts.
fn sockets(list: &[super::Socket]) -> Map<String, Value> {
    let told = |(at, s): (usize, &super::Socket)| {
        let mut told = json!({ "at": at, "label": s.label, "type": s.value, "for": s.places });
        with(&mut told, &s.unknown);
        (s.name.to_string(), told)
    };
    list.iter().enumerate().map(told).collect()
}

fn groups(graph: &Graph) -> Map<String, Value> {
    let told = |g: &super::Group| {
        let mut told =
            json!({ "title": g.title, "color": g.color, "nodes": g.nodes, "collapsed": g.collapsed });
        with(&mut told, &g.unknown);
        told
    };
    graph.groups.iter().map(|g| (g.id.clone(), told(g))).collect()
}

/// Notes without where they stand.
fn notes(graph: &Graph) -> Map<String, Value> {
    let told = |n: &super::Note| {
        let mut told = json!({ "text": n.text });
        with(&mut told, &n.unknown);
        told
    };
    graph.notes.iter().map(|n| (n.id.clone(), told(n))).collect()
}

fn with(told: &mut Value, unknown: &Map<String, Value>) {
    if let Value::Object(members) = told {
        members.extend(unknown.clone());
    }
}

/// What lies above what, of the groups and of the notes that another graph has too.
fn orders(graph: &Graph, other: &Graph) -> Map<String, Value> {
    let groups = graph.groups.iter().filter(|g| other.groups.iter().any(|o| o.id == g.id));
    let notes = graph.notes.iter().filter(|n| other.notes.iter().any(|o| o.id == n.id));
    let groups: Vec<&str> = groups.map(|g| g.id.as_str()).collect();
    let notes: Vec<&str> = notes.map(|n| n.id.as_str()).collect();
    Map::from_iter([("group order".to_owned(), json!(groups)), ("note order".to_owned(), json!(notes))])
}

/// Tells each member that is another.
fn each(
    old: &Map<String, Value>,
    new: &Map<String, Value>,
    mut tell: impl FnMut(&str, Option<Value>, Option<Value>),
) {
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    for name in names {
        let (from, to) = (old.get(name).cloned(), new.get(name).cloned());
        if from != to {
            tell(name, from, to);
        }
    }
}

fn word(value: &Value) -> String {
    let text = match value {
        Value::Bool(on) => if *on { "on" } else { "off" }.to_owned(),
        Value::Null => "none".to_owned(),
        Value::String(text) if text.is_empty() => "none".to_owned(),
        other => other.to_string(),
    };
    if text.chars().count() <= WIDEST {
        return text;
    }
    format!("{}…", text.chars().take(WIDEST - 1).collect::<String>())
}

impl fmt::Display for Difference {
    /// The change in words, always on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or = |value: &Option<Value>, none: &str| value.as_ref().map_or_else(|| none.to_owned(), word);
        match self {
            Self::Added { node, kind } => write!(f, "added {node} ({kind})"),
            Self::Removed { node, kind } => write!(f, "removed {node} ({kind})"),
            Self::Renamed { from, to } => write!(f, "renamed {from} to {to}"),
            Self::Param { node, param, from, to } => {
                write!(f, "{node}.{param}: {} -> {}", or(from, "default"), or(to, "default"))
            }
            Self::Field { node, field, from, to } => {
                write!(f, "{node} {field}: {} -> {}", word(from), word(to))
            }
            Self::Wire { to, from: None, now: Some(now) } => write!(f, "connected {now} to {to}"),
            Self::Wire { to, from: Some(from), now: None } => write!(f, "disconnected {from} from {to}"),
            Self::Wire { to, from, now } => {
                let end = |e: &Option<String>| e.clone().unwrap_or_default();
                write!(f, "{to} takes from {}, no longer from {}", end(now), end(from))
            }
            Self::Part { part, name, from: None, .. } => write!(f, "added {part} {name}"),
            Self::Part { part, name, to: None, .. } => write!(f, "removed {part} {name}"),
            Self::Part { part, name, from, to } => {
                write!(f, "{part} {name}: {} -> {}", or(from, "none"), or(to, "none"))
            }
            Self::Inside { graph, inner } => write!(f, "in {graph}: {inner}"),
            Self::Moved { nodes, notes } => {
                let some = |count: &usize, what: &str| match count {
                    0 => None,
                    1 => Some(format!("1 {what}")),
                    n => Some(format!("{n} {what}s")),
                };
                let words: Vec<String> = some(nodes, "node").into_iter().chain(some(notes, "note")).collect();
                write!(f, "moved {}", words.join(" and "))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Edit, json as file, testing};
    use super::*;
    use proptest::prelude::*;

    fn graph() -> Graph {
        let text = r#"{ "rushes": 1, "title": "A",
            "nodes": [
                { "id": "a", "kind": "k/one", "at": [0, 0], "params": { "x": 1 } },
                { "id": "b", "kind": "k/two", "at": [9, 0] }, { "id": "c", "kind": "k/two", "at": [9, 9] } ],
            "links": [ { "from": "a.clip", "to": "b.clip" } ],
            "notes": [ { "id": "n", "text": "hi" } ], "later": 1 }"#;
        file::read(text.as_bytes()).unwrap().graph
    }

    fn after(edits: &[Value]) -> Graph {
        edits.iter().fold(graph(), |g, e| Edit::from_json(e).unwrap().apply(&g).unwrap())
    }

    fn words(edits: &[Value]) -> Vec<String> {
        diff(&graph(), &after(edits)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_edit_is_told_in_one_line() {
        let cases: [(Value, &str); 14] = [
            (json!({ "do": "add", "kind": "k/new", "node": "d" }), "added d (k/new)"),
            (json!({ "do": "remove", "node": "c" }), "removed c (k/two)"),
            (json!({ "do": "set", "node": "a", "param": "x", "value": 2.5 }), "a.x: 1 -> 2.5"),
            (json!({ "do": "set", "node": "b", "param": "y", "value": "w" }), "b.y: default -> \"w\""),
            (json!({ "do": "reset", "node": "a", "param": "x" }), "a.x: 1 -> default"),
            (json!({ "do": "rename", "node": "a", "to": "z" }), "renamed a to z"),
            (json!({ "do": "bypass", "node": "a", "on": true }), "a bypass: off -> on"),
            (json!({ "do": "title", "node": "a", "title": "T" }), "a title: none -> \"T\""),
            (json!({ "do": "connect", "from": "a.clip", "to": "c.clip" }), "connected a.clip to c.clip"),
            (json!({ "do": "disconnect", "to": "b.clip" }), "disconnected a.clip from b.clip"),
            (
                json!({ "do": "connect", "from": "c.clip", "to": "b.clip" }),
                "b.clip takes from c.clip, no longer from a.clip",
            ),
            (json!({ "do": "remove_note", "note": "n" }), "removed note n"),
            (json!({ "do": "graph_title", "title": "B" }), "graph title: \"A\" -> \"B\""),
            (json!({ "do": "move", "node": "a", "at": [5, 5] }), "moved 1 node"),
        ];
        for (edit, told) in cases {
            assert_eq!(words(std::slice::from_ref(&edit)), [told], "{edit}");
        }
        assert_eq!(words(&[]), Vec::<String>::new());
    }

    #[test]
    fn a_renamed_node_keeps_its_wires_and_of_twins_the_one_in_its_place_is_meant() {
        let edits = [
            json!({ "do": "rename", "node": "b", "to": "y" }),
            json!({ "do": "rename", "node": "c", "to": "x" }),
        ];
        assert_eq!(words(&edits), ["renamed b to y", "renamed c to x"]);
    }

    proptest! {
        /// Nothing is told where nothing changed, and something wherever the file is another.
        #[test]
        fn something_is_told_exactly_where_the_file_is_another(before in testing::graph(), edits in testing::edits()) {
            let mut after = before.clone();
            for edit in &edits {
                after = edit.apply(&after).unwrap_or(after);
            }
            let told = diff(&before, &after);
            prop_assert_eq!(told.is_empty(), file::write(&before) == file::write(&after), "{:?}", told);
            prop_assert!(told.iter().all(|change| change.to_string().lines().count() == 1));
        }
    }
}
