//! A graph to its file, always the same text for the same graph: nodes by id, wires by where they end, each on lines
//! of its own, defaults left out, so that a diff shows what was changed and nothing else.

use super::{FILE_VERSION, face};
use crate::document::{Graph, Group, Link, Node, NodeId, Note, PortRef};
use crate::param::number;
use serde_json::{Map, Value};

/// A value longer than this is broken into lines.
const WIDTH: usize = 100;

/// The file of a graph.
pub fn write(graph: &Graph) -> String {
    let mut members = vec![format!("\"rushes\": {FILE_VERSION}")];
    members.extend(self::members(graph));
    format!("{{\n  {}\n}}\n", members.join(",\n  "))
}

/// The members of a graph, each on lines that are indented but for the first.
fn members(graph: &Graph) -> Vec<String> {
    let mut members = Vec::new();
    if !graph.title.is_empty() {
        members.push(format!("\"title\": {}", quoted(&graph.title)));
    }
    members.push(block("nodes", &graph.nodes.iter().map(|(id, n)| node(id, n)).collect::<Vec<_>>()));
    members.push(match graph.links.size() {
        1 => format!("\"links\": [ {} ]", graph.links.iter().map(|(to, l)| link(to, l)).collect::<String>()),
        _ => block("links", &graph.links.iter().map(|(to, l)| link(to, l)).collect::<Vec<_>>()),
    });
    let tail = [
        block("groups", &graph.groups.iter().map(group).collect::<Vec<_>>()),
        block("notes", &graph.notes.iter().map(note).collect::<Vec<_>>()),
        format!("\"view\": {}", pretty(&Value::Object(Map::clone(&graph.view)), 2)),
    ];
    let mut last_empty = false;
    for member in tail {
        let empty = member.ends_with(": []") || member.ends_with(": {}");
        match members.last_mut() {
            Some(line) if empty && last_empty => {
                line.push_str(", ");
                line.push_str(&member);
            }
            _ => members.push(member),
        }
        last_empty = empty;
    }
    for (name, sockets) in face::lists(&graph.interface) {
        members.push(block(name, &sockets));
    }
    if !graph.graphs.is_empty() {
        let graphs: Vec<String> = graph.graphs.iter().map(|(name, g)| definition(name, g)).collect();
        members.push(format!("\"graphs\": {{\n    {}\n  }}", graphs.join(",\n    ")));
    }
    for (name, value) in graph.unknown.iter() {
        members.push(format!("{}: {}", quoted(name), pretty(value, 2)));
    }
    members
}

/// A sub-graph under its name. Text in JSON holds no line break, so that every line can be indented as it is.
fn definition(name: &NodeId, graph: &Graph) -> String {
    let members = members(graph).join(",\n  ").replace('\n', "\n    ");
    format!("{}: {{\n      {members}\n    }}", quoted(name.as_str()))
}

fn block(name: &str, items: &[String]) -> String {
    if items.is_empty() {
        return format!("\"{name}\": []");
    }
    format!("\"{name}\": [\n    {}\n  ]", items.join(",\n    "))
}

fn node(id: &NodeId, node: &Node) -> String {
    let mut line = Line::new();
    line.text("id", id.as_str());
    line.text("kind", &node.kind);
    line.raw("version", &node.version.max(1).to_string());
    line.text_unless_empty("title", &node.title);
    line.pair("at", Some(node.at).filter(|at| *at != [0.0, 0.0]));
    line.pair("size", node.size);
    line.text_unless_empty("color", &node.color);
    line.flag("collapsed", node.collapsed);
    line.flag("bypass", node.bypass);
    line.flag("mute", node.mute);
    line.flag("locked", node.locked);
    line.text_unless_empty("take", &node.take);
    if !node.params.is_empty() {
        let params = node.params.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        line.below("params", &pretty(&Value::Object(params), 6));
    }
    line.unknown(&node.unknown)
}

fn link(to: &PortRef, link: &Link) -> String {
    let mut line = Line::new();
    line.text("from", &link.from.to_string());
    line.text("to", &to.to_string());
    line.unknown(&link.unknown)
}

fn group(group: &Group) -> String {
    let mut line = Line::new();
    line.text("id", &group.id);
    line.text_unless_empty("title", &group.title);
    line.text_unless_empty("color", &group.color);
    let nodes = group.nodes.iter().map(|id| Value::String(id.to_string())).collect();
    line.raw("nodes", &pretty(&Value::Array(nodes), 6));
    line.flag("collapsed", group.collapsed);
    line.unknown(&group.unknown)
}

fn note(note: &Note) -> String {
    let mut line = Line::new();
    line.text("id", &note.id);
    line.pair("at", Some(note.at));
    line.pair("size", Some(note.size));
    line.text("text", &note.text);
    line.unknown(&note.unknown)
}

/// An object on one line, member by member.
pub(super) struct Line(String);

impl Line {
    pub(super) fn new() -> Self {
        Self("{".to_owned())
    }

    pub(super) fn raw(&mut self, name: &str, json: &str) {
        let comma = if self.0.len() == 1 { " " } else { ", " };
        self.0.push_str(&format!("{comma}{}: {json}", quoted(name)));
    }

    /// A member on a line of its own, within a block.
    fn below(&mut self, name: &str, json: &str) {
        self.0.push_str(&format!(",\n      {}: {json}", quoted(name)));
    }

    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.raw(name, &quoted(text));
    }

    pub(super) fn text_unless_empty(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.text(name, text);
        }
    }

    fn flag(&mut self, name: &str, on: bool) {
        if on {
            self.raw(name, "true");
        }
    }

    fn pair(&mut self, name: &str, pair: Option<[f64; 2]>) {
        if let Some([a, b]) = pair {
            self.raw(name, &format!("[{}, {}]", number(a), number(b)));
        }
    }

    pub(super) fn unknown(mut self, unknown: &Map<String, Value>) -> String {
        for (name, value) in unknown {
            self.below(name, &pretty(value, 6));
        }
        self.0.push_str(" }");
        self.0
    }
}

pub(super) fn quoted(text: &str) -> String {
    Value::String(text.to_owned()).to_string()
}

/// A value on one line.
fn inline(value: &Value) -> String {
    let mut out = String::new();
    put_inline(&mut out, value);
    out
}

fn put_inline(out: &mut String, value: &Value) {
    let list = |out: &mut String, items: &[Value]| {
        for (i, item) in items.iter().enumerate() {
            out.push_str(if i == 0 { "" } else { ", " });
            put_inline(out, item);
        }
    };
    match value {
        Value::Array(items) => {
            out.push('[');
            list(out, items);
            out.push(']');
        }
        Value::Object(map) if map.is_empty() => out.push_str("{}"),
        Value::Object(map) => {
            for (i, (name, value)) in map.iter().enumerate() {
                out.push_str(if i == 0 { "{ " } else { ", " });
                out.push_str(&quoted(name));
                out.push_str(": ");
                put_inline(out, value);
            }
            out.push_str(" }");
        }
        _ => out.push_str(&value.to_string()),
    }
}

/// A value that starts on a line indented by `indent`: on one line if it is short, else one item a line.
fn pretty(value: &Value, indent: usize) -> String {
    let line = inline(value);
    if line.len() <= WIDTH {
        return line;
    }
    let inner = indent + 2;
    let (open, items, close) = match value {
        Value::Array(items) => ('[', items.iter().map(|v| pretty(v, inner)).collect::<Vec<_>>(), ']'),
        Value::Object(map) => {
            ('{', map.iter().map(|(k, v)| format!("{}: {}", quoted(k), pretty(v, inner))).collect(), '}')
        }
        _ => return line,
    };
    let gap = format!(",\n{:inner$}", "");
    format!("{open}\n{:inner$}{}\n{:indent$}{close}", "", items.join(&gap), "")
}
