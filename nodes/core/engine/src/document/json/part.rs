//! Parts of a graph as text: what *copy* puts on the clipboard, and what *paste* finds there or in a message.

use super::parse::parse_first;
use super::read::{Sources, from_map};
use super::{FILE_VERSION, MAX_BYTES, write};
use crate::document::{Graph, NodeId};
use crate::{Error, Result};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// How many beginnings of an object are tried in a text around a graph.
const MAX_TRIES: usize = 256;

/// The file of a part of `graph`: the nodes `ids` where they stand, the wires that end on them, and groups that hold no
/// other, with the sub-graphs they are instances of. Wires from nodes outside keep their source's name, for a paste that
/// wires to it again.
pub fn copy(graph: &Graph, ids: &[NodeId]) -> Result<String> {
    let mut part = Graph::default();
    let chosen: BTreeSet<&NodeId> = ids.iter().collect();
    for id in &chosen {
        part.nodes.insert_mut((*id).clone(), Arc::clone(graph.node(id)?));
        for (to, link) in graph.links_into(id) {
            part.links.insert_mut(to.clone(), Arc::clone(link));
        }
    }
    let whole =
        graph.groups.iter().filter(|g| !g.nodes.is_empty() && g.nodes.iter().all(|id| chosen.contains(id)));
    part.groups = Arc::new(whole.cloned().collect());
    part.graphs = Arc::new(used(graph, &part));
    Ok(write(&part))
}

/// The file of the sub-graph `name` by itself, with those that it uses: a graph to be opened, or imported elsewhere.
pub fn export(graph: &Graph, name: &NodeId) -> Result<String> {
    let mut own = Graph::clone(graph.definition(name.as_str())?);
    own.graphs = Arc::new(used(graph, &own));
    Ok(write(&own))
}

/// The sub-graphs of `graph` that `part` uses, near or far.
fn used(graph: &Graph, part: &Graph) -> BTreeMap<NodeId, Arc<Graph>> {
    let names = graph.closure(part.uses()).into_iter();
    names.filter_map(|name| graph.graphs.get(&name).map(|g| (name, Arc::clone(g)))).collect()
}

/// The part of a graph in `text`: the text itself, or the first graph within it, such as in a code fence of a message.
pub fn read_part(text: &str) -> Result<Graph> {
    let missing =
        || Error::usage("there is no graph in the text").help("copy nodes, or the whole JSON of a graph");
    if text.len() as u64 > MAX_BYTES {
        return Err(Error::usage(format!("the text is larger than {} MiB", MAX_BYTES >> 20)));
    }
    let mut from = 0;
    for _ in 0..MAX_TRIES {
        let Some(open) = text.get(from..).and_then(|rest| rest.find('{')) else { break };
        from += open;
        match text.get(from..).and_then(parse_first) {
            Some((Value::Object(mut map), len)) => {
                if is_part(&map) {
                    map.entry("rushes").or_insert_with(|| Value::from(FILE_VERSION));
                    return from_map(map, Sources::Anywhere).map(|opened| opened.graph);
                }
                from += len;
            }
            _ => from += 1,
        }
    }
    Err(missing())
}

/// True for a graph, or for nodes of one whose version somebody left out.
fn is_part(map: &serde_json::Map<String, Value>) -> bool {
    let node =
        |v: &Value| v.get("id").is_some_and(Value::is_string) && v.get("kind").is_some_and(Value::is_string);
    map.contains_key("rushes")
        || map.get("nodes").and_then(Value::as_array).is_some_and(|n| !n.is_empty() && n.iter().all(node))
}
