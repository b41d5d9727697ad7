//! A JSON value to a graph. What this program does not know is kept; what it knows must be well formed.

use super::{FILE_VERSION, face, parse::parse};
use crate::document::{Graph, Group, Link, Node, NodeId, Note, PortRef};
use crate::{Error, Result};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A graph as it came from its file.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    /// The graph.
    pub graph: Graph,
    /// The version of the file where it is newer than this program; the graph must then not be saved over it.
    pub newer: Option<u32>,
}

/// Brings a file one version up, first from 1 to 2.
type Migration = fn(&mut Map<String, Value>) -> Result<()>;
const MIGRATIONS: [Migration; FILE_VERSION as usize - 1] = [];

/// How a wire may begin.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sources {
    /// At a node of this graph.
    Inside,
    /// Also at a node that is not here: a part of a graph remembers what it was wired to.
    Anywhere,
}

/// Reads the file of a graph.
///
/// Runs nothing and opens nothing that the graph names. A text that is no graph, a node without an id, an id twice, a
/// wire to nowhere are errors that say where; unknown kinds, fields and parameters are not.
pub fn read(bytes: &[u8]) -> Result<Opened> {
    match parse(bytes)? {
        Value::Object(map) => from_map(map, Sources::Inside),
        _ => Err(not_a_graph()),
    }
}

fn not_a_graph() -> Error {
    Error::usage("the file is JSON but not a Rushes graph").help("a graph begins with { \"rushes\": 1, … }")
}

pub(super) fn from_map(mut map: Map<String, Value>, sources: Sources) -> Result<Opened> {
    let version = map.get("rushes").and_then(Value::as_u64).filter(|v| *v > 0).ok_or_else(not_a_graph)?;
    let version = u32::try_from(version).unwrap_or(u32::MAX);
    for migrate in MIGRATIONS.iter().skip(version as usize - 1) {
        migrate(&mut map)?;
    }
    let newer = (version > FILE_VERSION).then_some(version);
    let graph = whole(map, sources).map_err(|e| match newer {
        Some(v) => {
            Error::usage(format!("the graph was made by a newer Rushes (file version {v}): {}", e.what()))
                .at(e.place())
                .help("update Rushes to open it")
        }
        None => e,
    })?;
    Ok(Opened { graph, newer })
}

/// A graph with its sub-graphs.
fn whole(map: Map<String, Value>, sources: Sources) -> Result<Graph> {
    let mut fields = Fields { map, place: String::new() };
    fields.map.shift_remove("rushes");
    let definitions = fields.object("graphs")?;
    if definitions.len() > Graph::MAX_GRAPHS {
        return Err(Error::usage(format!(
            "the graph has {} sub-graphs, more than {}",
            definitions.len(),
            Graph::MAX_GRAPHS
        )));
    }
    let mut graphs = BTreeMap::new();
    for (name, value) in definitions {
        let shown: String = name.chars().take(60).collect();
        let place = format!("sub-graph “{shown}”");
        let name: NodeId = name.parse().map_err(|_| {
            Error::usage(format!("“{shown}” is no name of a sub-graph"))
                .at("graphs")
                .help("start with a lower-case letter and use at most 40 of a–z, 0–9 and _")
        })?;
        let inner = Fields::new(value, String::new()).and_then(|fields| {
            if fields.map.contains_key("graphs") {
                return Err(Error::usage("a sub-graph holds sub-graphs of its own")
                    .help("put them beside it, under the “graphs” of the whole graph"));
            }
            graph(fields, Sources::Inside)
        });
        graphs.insert(name, Arc::new(inner.map_err(|e| e.at(place))?));
    }
    let graph = Graph { graphs: Arc::new(graphs), ..graph(fields, sources)? };
    graph.check_definitions()?;
    Ok(graph)
}

fn graph(mut fields: Fields, sources: Sources) -> Result<Graph> {
    let mut graph = Graph { title: fields.text("title")?.into(), ..Graph::default() };

    let nodes = fields.list("nodes")?;
    if nodes.len() > Graph::MAX_NODES {
        return Err(Error::usage(format!(
            "the graph has {} nodes, more than {}",
            nodes.len(),
            Graph::MAX_NODES
        )));
    }
    for (i, value) in nodes.into_iter().enumerate() {
        let (id, node) = node(Fields::new(value, format!("nodes[{i}]"))?)?;
        if graph.nodes.contains_key(&id) {
            return Err(Error::usage(format!("there are two nodes “{id}”"))
                .at(format!("nodes[{i}]"))
                .help("give one of them another id"));
        }
        graph.nodes.insert_mut(id, Arc::new(node));
    }

    for (i, value) in fields.list("links")?.into_iter().enumerate() {
        let mut fields = Fields::new(value, format!("links[{i}]"))?;
        let from = fields.port("from")?;
        let to = fields.port("to")?;
        let known = |id: &NodeId| graph.nodes.contains_key(id);
        let nowhere = match sources {
            Sources::Inside if !known(&from.node) => Some(&from.node),
            _ if !known(&to.node) => Some(&to.node),
            _ => None,
        };
        if let Some(id) = nowhere {
            return Err(Error::usage(format!("a wire ends at “{id}”, which is no node of the graph"))
                .at(format!("{from} -> {to}"))
                .help("add the node or take the wire out of the file"));
        }
        if graph.links.contains_key(&to) {
            return Err(Error::usage(format!("two wires end on {to}"))
                .at(fields.place)
                .help("an input takes one wire; take the other out of the file"));
        }
        graph.links.insert_mut(to, Arc::new(Link { from, unknown: fields.map }));
    }

    let groups = fields.list("groups")?.into_iter().enumerate();
    graph.groups = Arc::new(
        groups.map(|(i, v)| group(&graph, Fields::new(v, format!("groups[{i}]"))?)).collect::<Result<_>>()?,
    );
    distinct("groups", graph.groups.iter().map(|g| g.id.as_str()))?;
    let notes = fields.list("notes")?.into_iter().enumerate();
    graph.notes =
        Arc::new(notes.map(|(i, v)| note(Fields::new(v, format!("notes[{i}]"))?)).collect::<Result<_>>()?);
    distinct("notes", graph.notes.iter().map(|n| n.id.as_str()))?;
    graph.view = Arc::new(fields.object("view")?);
    graph.interface = Arc::new(face::read(&mut fields)?);
    graph.unknown = Arc::new(fields.map);
    Ok(graph)
}

fn node(mut fields: Fields) -> Result<(NodeId, Node)> {
    let id = fields.id("id")?;
    fields.place = format!("node “{id}”");
    let kind = fields.text("kind")?;
    check_kind(&kind).map_err(|e| e.at(&fields.place))?;
    let version = match fields.take("version") {
        None => 1,
        Some(v) => v
            .as_u64()
            .and_then(|v| u32::try_from(v).ok())
            .filter(|v| *v > 0)
            .ok_or_else(|| fields.wrong("version", "a whole number from 1"))?,
    };
    let node = Node {
        kind: kind.into(),
        version,
        title: fields.text("title")?,
        at: fields.pair("at")?.unwrap_or_default(),
        size: fields.pair("size")?,
        color: fields.text("color")?,
        collapsed: fields.flag("collapsed")?,
        bypass: fields.flag("bypass")?,
        mute: fields.flag("mute")?,
        locked: fields.flag("locked")?,
        take: fields.text("take")?,
        params: fields.object("params")?.into_iter().collect(),
        unknown: fields.map,
    };
    Ok((id, node))
}

/// A kind of node, known or not: some text without white space.
pub(crate) fn check_kind(kind: &str) -> Result<()> {
    if kind.is_empty() || kind.len() > 128 || kind.contains(|c: char| c.is_whitespace() || c.is_control()) {
        let shown: String = kind.chars().take(60).collect();
        return Err(
            Error::usage(format!("“{shown}” is no kind of node")).help("a kind is such as finish/blend")
        );
    }
    Ok(())
}

fn group(graph: &Graph, mut fields: Fields) -> Result<Group> {
    let group = Group {
        id: fields.name("id")?,
        title: fields.text("title")?,
        color: fields.text("color")?,
        nodes: fields
            .list("nodes")?
            .iter()
            .map(|v| v.as_str().unwrap_or_default().parse::<NodeId>())
            .collect::<Result<_>>()
            .map_err(|e| e.at(&fields.place))?,
        collapsed: fields.flag("collapsed")?,
        unknown: fields.map,
    };
    for id in &group.nodes {
        graph.node(id).map_err(|_| {
            Error::usage(format!("the group “{}” holds “{id}”, which is no node of the graph", group.id))
                .at(&fields.place)
        })?;
    }
    Ok(group)
}

fn note(mut fields: Fields) -> Result<Note> {
    Ok(Note {
        id: fields.name("id")?,
        at: fields.pair("at")?.unwrap_or_default(),
        size: fields.pair("size")?.unwrap_or_default(),
        text: fields.text("text")?,
        unknown: fields.map,
    })
}

fn distinct<'a>(list: &str, ids: impl Iterator<Item = &'a str>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for id in ids {
        if !seen.insert(id) {
            return Err(Error::usage(format!("“{id}” stands twice in {list}")).at(list));
        }
    }
    Ok(())
}

/// The members of an object, taken one by one; what is left is unknown.
pub(super) struct Fields {
    pub(super) map: Map<String, Value>,
    pub(super) place: String,
}

impl Fields {
    pub(super) fn new(value: Value, place: String) -> Result<Self> {
        match value {
            Value::Object(map) => Ok(Self { map, place }),
            _ => Err(Error::usage("an object must stand here").at(place)),
        }
    }

    pub(super) fn wrong(&self, name: &str, want: &str) -> Error {
        Error::usage(format!("“{name}” is not {want}")).at(&self.place)
    }

    /// Removes a member, keeping the order of the others.
    pub(super) fn take(&mut self, name: &str) -> Option<Value> {
        self.map.shift_remove(name)
    }

    pub(super) fn text(&mut self, name: &str) -> Result<String> {
        match self.take(name) {
            None => Ok(String::new()),
            Some(Value::String(s)) => Ok(s),
            Some(_) => Err(self.wrong(name, "text")),
        }
    }

    /// The id of a group or a note, which must be there.
    fn name(&mut self, name: &str) -> Result<String> {
        let text = self.text(name)?;
        if text.is_empty() || text.len() > 128 {
            return Err(self.wrong(name, "a text of 1 to 128 bytes"));
        }
        Ok(text)
    }

    fn id(&mut self, name: &str) -> Result<NodeId> {
        self.text(name)?.parse().map_err(|e: Error| e.at(&self.place))
    }

    fn port(&mut self, name: &str) -> Result<PortRef> {
        self.text(name)?.parse().map_err(|e: Error| e.at(&self.place))
    }

    fn flag(&mut self, name: &str) -> Result<bool> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(b)) => Ok(b),
            Some(_) => Err(self.wrong(name, "true or false")),
        }
    }

    fn pair(&mut self, name: &str) -> Result<Option<[f64; 2]>> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let two = match value.as_array().map(Vec::as_slice) {
            Some([a, b]) => a.as_f64().zip(b.as_f64()),
            _ => None,
        };
        two.map(|(a, b)| Some([a, b])).ok_or_else(|| self.wrong(name, "a pair of numbers"))
    }

    pub(super) fn list(&mut self, name: &str) -> Result<Vec<Value>> {
        match self.take(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(self.wrong(name, "a list")),
        }
    }

    fn object(&mut self, name: &str) -> Result<Map<String, Value>> {
        match self.take(name) {
            None => Ok(Map::new()),
            Some(Value::Object(map)) => Ok(map),
            Some(_) => Err(self.wrong(name, "an object")),
        }
    }
}
