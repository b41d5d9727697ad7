//! What a node shows of itself, whether it is a tool, an instance of a sub-graph or a reroute: one form of ports and
//! parameters for whoever draws it, wires it or checks an edit of it.

use crate::document::{Graph, NodeId, PortRef, REROUTE, REROUTE_IN, REROUTE_OUT, Socket, definition_name};
use crate::param::ParamTime;
use crate::tool::{ParamKind, ParamSpec, Port, Registry};
use crate::{Result, ValueType};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many nodes are followed to find the type of a port.
const MOST_STEPS: usize = 10_000;

/// A port of a [`Shape`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ShapePort {
    /// Its name in links; for a variadic port the name before the number.
    pub name: Arc<str>,
    /// What a person reads.
    pub label: String,
    /// What it carries; nothing while that is open, as of a reroute without wires.
    #[serde(rename = "type")]
    pub value: Option<ValueType>,
    /// The node has nothing to do while this input is open.
    pub required: bool,
    /// `clip1`, `clip2`… as many as are wired.
    pub variadic: bool,
}

/// The ports and parameters of a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Its kind.
    pub kind: Arc<str>,
    /// What a person reads in its header.
    pub label: String,
    /// Inputs in their order on the node.
    pub inputs: Vec<ShapePort>,
    /// Outputs in their order on the node.
    pub outputs: Vec<ShapePort>,
    /// Its parameters. The default of a promoted one is the value inside.
    pub params: Vec<ParamSpec>,
}

impl Shape {
    /// The shape of a kind of node in `graph`, whose sub-graphs count; see [`Graph::enter`] for one within a sub-graph.
    ///
    /// # Errors
    /// There is no such tool and no such sub-graph.
    pub fn of_kind(graph: &Graph, registry: &Registry, kind: &str) -> Result<Self> {
        if kind == REROUTE {
            return Ok(Self::reroute(None));
        }
        let Some(name) = definition_name(kind) else {
            let tool = registry.get(kind)?;
            let port = |p: &Port| ShapePort {
                name: p.name.into(),
                label: words(p.name),
                value: Some(p.value),
                required: p.required,
                variadic: p.variadic,
            };
            return Ok(Self {
                kind: kind.into(),
                label: tool.spec().label.to_owned(),
                inputs: tool.spec().inputs.iter().map(port).collect(),
                outputs: tool.spec().outputs.iter().map(port).collect(),
                params: tool.params().to_vec(),
            });
        };
        let definition = graph.definition(name)?;
        let within = Within { definitions: &graph.graphs, registry };
        let interface = &definition.interface;
        let label = |socket: &Socket| match socket.label.as_str() {
            "" => words(&socket.name),
            label => label.to_owned(),
        };
        let input = |socket: &Socket| {
            let found = socket.places.iter().find_map(|place| within.receiver(definition, place));
            ShapePort {
                name: Arc::clone(&socket.name),
                label: label(socket),
                value: found.as_ref().and_then(Receiver::value).or(socket.value),
                required: matches!(&found, Some(Receiver::Input(_, true))),
                variadic: false,
            }
        };
        let output = |socket: &Socket| ShapePort {
            name: Arc::clone(&socket.name),
            label: label(socket),
            value: within.output(definition, socket),
            required: true,
            variadic: false,
        };
        Ok(Self {
            kind: kind.into(),
            label: match &*definition.title {
                "" => words(name),
                title => title.to_owned(),
            },
            inputs: interface.inputs.iter().map(input).collect(),
            outputs: interface.outputs.iter().map(output).collect(),
            params: interface.params.iter().filter_map(|socket| within.param(definition, socket)).collect(),
        })
    }

    /// The shape of a node of `graph`, which may be inside of instances: a reroute has the type that is wired into it.
    ///
    /// # Errors
    /// There is no such node, tool or sub-graph.
    pub fn of_node(graph: &Graph, registry: &Registry, id: &NodeId) -> Result<Self> {
        if let Some((name, inner)) = graph.defined(id) {
            return Self::of_node(&graph.enter(name.as_str())?, registry, &inner);
        }
        let node = graph.node(id)?;
        if &*node.kind != REROUTE {
            return Self::of_kind(graph, registry, &node.kind).map_err(|e| e.at(id));
        }
        let within = Within { definitions: &graph.graphs, registry };
        let comes = within.sender(graph, &PortRef::new(id.clone(), REROUTE_OUT));
        let goes = || within.receiver(graph, &PortRef::new(id.clone(), REROUTE_IN))?.value();
        Ok(Self::reroute(comes.or_else(goes)))
    }

    fn reroute(value: Option<ValueType>) -> Self {
        let port = |name: &str| ShapePort {
            name: name.into(),
            label: words(name),
            value,
            required: false,
            variadic: false,
        };
        Self {
            kind: REROUTE.into(),
            label: "Reroute".to_owned(),
            inputs: vec![port(REROUTE_IN)],
            outputs: vec![port(REROUTE_OUT)],
            params: Vec::new(),
        }
    }

    /// The input that `name` means.
    pub fn find_input(&self, name: &str) -> Option<&ShapePort> {
        self.inputs.iter().find(|p| p.answers_to(name))
    }

    /// The output called `name`, and its place.
    pub fn find_output(&self, name: &str) -> Option<(usize, &ShapePort)> {
        self.outputs.iter().enumerate().find(|(_, p)| &*p.name == name)
    }

    /// The parameter called `name`.
    pub fn find_param(&self, name: &str) -> Option<&ParamSpec> {
        self.params.iter().find(|p| p.name == name)
    }
}

impl ShapePort {
    /// Whether `name` is this port, or one of its numbered ones.
    pub fn answers_to(&self, name: &str) -> bool {
        if !self.variadic {
            return *self.name == *name;
        }
        name.strip_prefix(&*self.name).is_some_and(|n| {
            !n.starts_with('0')
                && n.bytes().all(|b| b.is_ascii_digit())
                && n.parse::<u32>().is_ok_and(|n| n <= 1000)
        })
    }
}

/// The type of the outputs of a sub-graph, in their order.
pub(super) fn output_types(graph: &Graph, registry: &Registry, name: &str) -> Vec<Option<ValueType>> {
    let within = Within { definitions: &graph.graphs, registry };
    let Ok(definition) = graph.definition(name) else { return Vec::new() };
    definition.interface.outputs.iter().map(|socket| within.output(definition, socket)).collect()
}

/// What a wire may end on.
enum Receiver {
    /// An input, and whether it must be wired.
    Input(ValueType, bool),
    /// A parameter, with the value that the node inside has for it.
    Param(Box<ParamSpec>, Option<Value>),
}

impl Receiver {
    fn value(&self) -> Option<ValueType> {
        match self {
            Self::Input(value, _) => Some(*value),
            Self::Param(spec, _) => match spec.kind {
                ParamKind::Text { .. } => Some(ValueType::Text),
                _ => Some(ValueType::Number),
            },
        }
    }
}

struct Within<'a> {
    definitions: &'a BTreeMap<NodeId, Arc<Graph>>,
    registry: &'a Registry,
}

impl<'a> Within<'a> {
    fn definition(&self, kind: &str) -> Option<&'a Graph> {
        let name: NodeId = definition_name(kind)?.parse().ok()?;
        self.definitions.get(&name).map(|graph| &**graph)
    }

    /// What a wire that ends on `place` of `graph` reaches at last.
    fn receiver(&self, graph: &Graph, place: &PortRef) -> Option<Receiver> {
        let (mut graph, mut place) = (graph, place.clone());
        // The value of the outermost instance that has one is what counts inside.
        let mut given = None;
        for _ in 0..MOST_STEPS {
            let node = graph.nodes.get(&place.node)?;
            given = given.or_else(|| node.params.get(&*place.port).cloned());
            if let Some(definition) = self.definition(&node.kind) {
                place = definition.interface.receiver(&place.port)?.places.first()?.clone();
                graph = definition;
            } else if &*node.kind == REROUTE {
                let (to, _) = graph.links_from(&place.node).next()?;
                place = to.clone();
            } else {
                let tool = self.registry.get(&node.kind).ok()?;
                if let Some(port) = tool.spec().find_input(&place.port) {
                    return Some(Receiver::Input(port.value, port.required));
                }
                let spec = tool.params().iter().find(|s| *s.name == *place.port)?;
                return Some(Receiver::Param(Box::new(spec.clone()), given));
            }
        }
        None
    }

    /// The type of what `from` of `graph` carries.
    fn sender(&self, graph: &Graph, from: &PortRef) -> Option<ValueType> {
        let (mut graph, mut from) = (graph, from.clone());
        for _ in 0..MOST_STEPS {
            let node = graph.nodes.get(&from.node)?;
            if let Some(definition) = self.definition(&node.kind) {
                let socket = definition.interface.output(&from.port)?;
                let Some(place) = socket.places.first() else { return socket.value };
                from = place.clone();
                graph = definition;
            } else if &*node.kind == REROUTE {
                let wire = PortRef::new(from.node.clone(), REROUTE_IN);
                from = graph.links.get(&wire)?.from.clone();
            } else {
                let tool = self.registry.get(&node.kind).ok()?;
                return tool.spec().find_output(&from.port).map(|(_, port)| port.value);
            }
        }
        None
    }

    fn output(&self, definition: &Graph, socket: &Socket) -> Option<ValueType> {
        socket.places.first().and_then(|place| self.sender(definition, place)).or(socket.value)
    }

    /// A promoted parameter as an instance has it.
    fn param(&self, definition: &Graph, socket: &Socket) -> Option<ParamSpec> {
        let found = socket.places.iter().find_map(|place| self.receiver(definition, place))?;
        let Receiver::Param(mut spec, given) = found else { return None };
        spec.name = socket.name.to_string();
        if !socket.label.is_empty() {
            spec.label.clone_from(&socket.label);
        }
        // What moves over time has no one default; what it is at first stands for it.
        let first = ParamTime { frame: 0, seconds: 0.0, frames: 1 };
        if let Some(value) = given.and_then(|g| spec.read_param(&g).and_then(|p| p.at(first)).ok()) {
            spec.default = value;
        }
        Some(*spec)
    }
}

/// `base_clip` to `Base clip`.
fn words(name: &str) -> String {
    let mut words = name.replace('_', " ");
    if let Some(first) = words.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    words
}
