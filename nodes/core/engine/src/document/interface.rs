//! What a sub-graph shows of itself: chosen ports and promoted parameters, each standing for places inside it.

use super::{Graph, NodeId, PortRef};
use crate::{Error, Result, ValueType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The kind of a reroute: a node that passes one value of any type through.
pub const REROUTE: &str = "route/reroute";
/// The input of a reroute.
pub const REROUTE_IN: &str = "in";
/// The output of a reroute.
pub const REROUTE_OUT: &str = "out";

/// The kind of a node that stands for the sub-graph `name`.
pub fn instance_kind(name: &NodeId) -> Arc<str> {
    format!("graph/{name}").into()
}

/// The name of the sub-graph that a kind stands for, whether there is such a sub-graph or not.
pub fn definition_name(kind: &str) -> Option<&str> {
    kind.strip_prefix("graph/")
}

/// A port or a promoted parameter of a sub-graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Socket {
    /// Its name in links and among the parameters of an instance.
    pub name: Arc<str>,
    /// What a person reads; empty for the label of what it stands for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// What it carries, where what it stands for does not say so itself.
    #[serde(default, rename = "type", skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueType>,
    /// The ports or parameters inside that it stands for: of an output one at most, none where they were removed.
    #[serde(default, rename = "for", skip_serializing_if = "Vec::is_empty")]
    pub places: Vec<PortRef>,
    /// Fields that this program does not know, kept as they were.
    #[serde(skip)]
    pub unknown: Map<String, Value>,
}

impl Socket {
    /// A socket that stands for one place.
    pub fn of(name: impl Into<Arc<str>>, place: PortRef) -> Self {
        Self {
            name: name.into(),
            label: String::new(),
            value: None,
            places: vec![place],
            unknown: Map::new(),
        }
    }
}

/// The ports and promoted parameters of a sub-graph, each list in the order in which an instance shows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Interface {
    /// Where values come in.
    pub inputs: Vec<Socket>,
    /// Where values go out.
    pub outputs: Vec<Socket>,
    /// Parameters of nodes inside that an instance has as its own.
    pub params: Vec<Socket>,
}

impl Interface {
    /// The most sockets in one list.
    pub const MAX_SOCKETS: usize = 256;

    /// True where nothing is shown, as of a graph that is no sub-graph.
    pub fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.outputs.is_empty() && self.params.is_empty()
    }

    /// The input or promoted parameter called `name`: what a wire into an instance may end on.
    pub fn receiver(&self, name: &str) -> Option<&Socket> {
        self.inputs.iter().chain(&self.params).find(|s| &*s.name == name)
    }

    /// The output called `name`.
    pub fn output(&self, name: &str) -> Option<&Socket> {
        self.outputs.iter().find(|s| &*s.name == name)
    }

    /// The promoted parameter called `name`.
    pub fn param(&self, name: &str) -> Option<&Socket> {
        self.params.iter().find(|s| &*s.name == name)
    }

    /// Every socket.
    pub fn sockets(&self) -> impl Iterator<Item = &Socket> {
        self.inputs.iter().chain(&self.outputs).chain(&self.params)
    }

    /// Whether names are well formed and tell the sockets apart.
    pub fn check(&self) -> Result<()> {
        for (list, sockets) in
            [("inputs", &self.inputs), ("outputs", &self.outputs), ("params", &self.params)]
        {
            if sockets.len() > Self::MAX_SOCKETS {
                return Err(Error::usage(format!("there are more than {} {list}", Self::MAX_SOCKETS)));
            }
            let wrong = |s: &&Socket| s.name.is_empty() || s.name.len() > 64 || s.name.contains('.');
            if let Some(socket) = sockets.iter().find(wrong) {
                let shown: String = socket.name.chars().take(60).collect();
                return Err(Error::usage(format!("“{shown}” is no name of a port"))
                    .at(list)
                    .help("use 1 to 64 bytes without a dot"));
            }
            if let Some(socket) = sockets.iter().find(|s| s.places.len() > Self::MAX_SOCKETS) {
                return Err(Error::usage(format!("“{}” stands for too much", socket.name)).at(list));
            }
        }
        if let Some(socket) = self.outputs.iter().find(|s| s.places.len() > 1) {
            return Err(Error::usage(format!("the output “{}” stands for two places", socket.name))
                .at("outputs")
                .help("give each its own output"));
        }
        distinct("inputs and params", self.inputs.iter().chain(&self.params))?;
        distinct("outputs", self.outputs.iter())
    }

    /// Whether every place is on a node of `graph`.
    pub(super) fn check_places(&self, graph: &Graph) -> Result<()> {
        let places = self.sockets().flat_map(|s| s.places.iter().map(move |p| (s, p)));
        match places.into_iter().find(|(_, place)| !graph.nodes.contains_key(&place.node)) {
            None => Ok(()),
            Some((socket, place)) => Err(Error::usage(format!(
                "“{}” stands for {place}, but there is no node “{}” inside",
                socket.name, place.node
            ))
            .help("name a port or a parameter of a node of the sub-graph")),
        }
    }

    /// Gives the places on node `id` to `to`, or takes them away where `None`.
    pub(super) fn move_places(&mut self, id: &NodeId, to: Option<&NodeId>) {
        for socket in self.inputs.iter_mut().chain(&mut self.outputs).chain(&mut self.params) {
            match to {
                Some(to) => {
                    socket.places.iter_mut().filter(|p| p.node == *id).for_each(|p| p.node = to.clone());
                }
                None => socket.places.retain(|p| p.node != *id),
            }
        }
    }
}

fn distinct<'a>(list: &str, sockets: impl Iterator<Item = &'a Socket>) -> Result<()> {
    let mut seen = BTreeSet::new();
    for socket in sockets {
        if !seen.insert(&*socket.name) {
            return Err(Error::usage(format!("“{}” stands twice in {list}", socket.name))
                .at(list)
                .help("give each a name of its own"));
        }
    }
    Ok(())
}
