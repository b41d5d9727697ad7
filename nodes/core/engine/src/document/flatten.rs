//! A graph without sub-graphs and reroutes, which is what is evaluated: instances give way to their nodes inside,
//! under names that no file can hold, and wires run straight from what makes a value to what takes it.

use super::interface::{REROUTE, REROUTE_IN, definition_name};
use super::{Edit, Graph, Link, Node, NodeId, PortRef};
use crate::{Error, Result};
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A graph as it is evaluated, and what of the document no longer stands in it.
#[derive(Debug, Default)]
pub(crate) struct Flat {
    /// The nodes that work. A bypassed instance is one of them, as is one that cannot be unfolded.
    pub(crate) graph: Arc<Graph>,
    /// Instances and reroutes that gave way.
    pub(crate) faces: Vec<Face>,
    /// Why an instance could not be unfolded.
    pub(crate) faults: HashMap<NodeId, Error>,
}

impl Flat {
    /// Whether every node stands for itself.
    pub(crate) fn is_plain(&self) -> bool {
        self.faces.is_empty() && self.faults.is_empty()
    }
}

/// An instance or a reroute that gave way to what it stands for.
#[derive(Clone, Debug)]
pub(crate) struct Face {
    pub(crate) id: NodeId,
    pub(crate) node: Arc<Node>,
    /// Its outputs, with where their values really come from.
    pub(crate) outputs: Vec<(Arc<str>, Origin)>,
}

/// Where a value comes from, with nothing that only passes it on between.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// An output of a node that works.
    At(PortRef),
    /// No wire leads there.
    Open,
    /// The wires run in a circle of reroutes.
    Circle,
    /// There is no such output.
    Nowhere,
}

/// A node whose parameters an instance gives, as it was made last time: the node stays the very same while nothing
/// of it changes, by which its description is found again.
#[derive(Clone)]
struct Given {
    base: Arc<Node>,
    values: Vec<(Arc<str>, Value)>,
    made: Arc<Node>,
}

/// Flattens one version of a graph after the other.
#[derive(Default)]
pub(crate) struct Flattener {
    last: Option<(Arc<Graph>, Arc<Flat>)>,
    given: HashMap<NodeId, Given>,
}

impl Flattener {
    /// The flat form of `graph`: itself, shared, where it has neither instances nor reroutes.
    pub(crate) fn flatten(&mut self, graph: &Arc<Graph>) -> Arc<Flat> {
        if let Some((last, flat)) = &self.last
            && Arc::ptr_eq(last, graph)
        {
            return flat.clone();
        }
        let flat = Arc::new(if graph.nodes.values().any(|n| stands_for_others(&n.kind)) {
            let mut work = Work::new(graph, std::mem::take(&mut self.given));
            work.level(None, graph, &HashMap::new(), &mut Vec::new());
            let flat;
            (flat, self.given) = work.finish();
            flat
        } else {
            Flat { graph: graph.clone(), ..Flat::default() }
        });
        self.last = Some((graph.clone(), flat.clone()));
        flat
    }
}

fn stands_for_others(kind: &str) -> bool {
    kind == REROUTE || definition_name(kind).is_some()
}

/// What an instance gives to the parameters of the nodes inside, by node.
type Gifts = HashMap<NodeId, Vec<(Arc<str>, Value)>>;

struct Work<'a> {
    root: &'a Graph,
    flat: Graph,
    faces: Vec<Face>,
    /// The definitions behind the instances that gave way.
    unfolded: HashMap<NodeId, Arc<Graph>>,
    /// Instances and reroutes that are as if they were not there.
    muted: HashSet<NodeId>,
    reroutes: HashSet<NodeId>,
    faults: HashMap<NodeId, Error>,
    before: HashMap<NodeId, Given>,
    given: HashMap<NodeId, Given>,
}

impl<'a> Work<'a> {
    fn new(root: &'a Graph, before: HashMap<NodeId, Given>) -> Self {
        Self {
            root,
            flat: root.clone(),
            faces: Vec::new(),
            unfolded: HashMap::new(),
            muted: HashSet::new(),
            reroutes: HashSet::new(),
            faults: HashMap::new(),
            before,
            given: HashMap::new(),
        }
    }

    /// Takes what stands for others out of one level: the document, or the inside of the instance `around`. Recurses
    /// as deep as instances stand in each other, which is bounded.
    fn level(&mut self, around: Option<&NodeId>, graph: &Graph, gifts: &Gifts, way: &mut Vec<NodeId>) {
        let named = |id: &NodeId| around.map_or_else(|| id.clone(), |around| around.inside(id));
        let placed = |end: &PortRef| PortRef::new(named(&end.node), Arc::clone(&end.port));
        if around.is_some() {
            for (to, link) in graph.links.iter() {
                let to = placed(to);
                // What is wired to the instance goes before what is wired inside.
                if !self.flat.links.contains_key(&to) {
                    let link = Link { from: placed(&link.from), unknown: link.unknown.clone() };
                    self.flat.links.insert_mut(to, Arc::new(link));
                }
            }
        }
        for (id, node) in graph.nodes.iter() {
            let flat_id = named(id);
            let node = match gifts.get(id) {
                Some(values) => self.with_gifts(&flat_id, node, values),
                None => node.clone(),
            };
            if &*node.kind == REROUTE {
                self.flat.nodes.remove_mut(&flat_id);
                if node.mute {
                    self.muted.insert(flat_id.clone());
                }
                self.reroutes.insert(flat_id.clone());
                self.faces.push(Face { id: flat_id, node, outputs: Vec::new() });
            } else if definition_name(&node.kind).is_some() {
                self.instance(flat_id, node, way);
            } else if around.is_some() {
                self.flat.nodes.insert_mut(flat_id, node);
            }
        }
    }

    fn with_gifts(&mut self, id: &NodeId, base: &Arc<Node>, values: &[(Arc<str>, Value)]) -> Arc<Node> {
        let old = self.before.remove(id).filter(|g| Arc::ptr_eq(&g.base, base) && g.values == values);
        let given = old.unwrap_or_else(|| {
            let mut made = Node::clone(base);
            made.params.extend(values.iter().map(|(name, value)| (name.to_string(), value.clone())));
            Given { base: base.clone(), values: values.to_vec(), made: Arc::new(made) }
        });
        let made = given.made.clone();
        self.given.insert(id.clone(), given);
        made
    }

    fn instance(&mut self, id: NodeId, node: Arc<Node>, way: &mut Vec<NodeId>) {
        if node.mute {
            self.flat.nodes.remove_mut(&id);
            self.muted.insert(id.clone());
            self.faces.push(Face { id, node, outputs: Vec::new() });
            return;
        }
        match self.unfold(&id, &node, way) {
            Ok((definition, gifts)) if !node.bypass => {
                self.flat.nodes.remove_mut(&id);
                self.hand_in(&id, &definition);
                if let Some(name) = definition_name(&node.kind).and_then(|name| name.parse().ok()) {
                    way.push(name);
                    self.level(Some(&id), &definition, &gifts, way);
                    way.pop();
                }
                self.unfolded.insert(id.clone(), definition);
                self.faces.push(Face { id, node, outputs: Vec::new() });
            }
            // What passes through depends on types, which are not known here.
            Ok(_) => {
                self.flat.nodes.insert_mut(id, node);
            }
            Err(fault) => {
                self.faults.insert(id.clone(), fault);
                self.flat.nodes.insert_mut(id, node);
            }
        }
    }

    /// The definition behind an instance, and what the instance gives to parameters inside.
    fn unfold(&self, id: &NodeId, node: &Node, way: &[NodeId]) -> Result<(Arc<Graph>, Gifts)> {
        let name = definition_name(&node.kind).unwrap_or_default();
        let definition = self.root.definition(name)?;
        if way.iter().any(|n| n.as_str() == name) || way.len() >= Graph::MAX_DEPTH {
            return Err(Error::usage(format!("the sub-graph “{name}” stands inside itself, or too deep"))
                .help("use another one there"));
        }
        if self.flat.nodes.size().saturating_add(definition.nodes.size()) > Graph::MAX_NODES {
            return Err(Error::usage(format!("the graph unfolds to more than {} nodes", Graph::MAX_NODES))
                .help("use fewer instances"));
        }
        let names = |list: &[super::Socket]| {
            let names: Vec<&str> = list.iter().map(|s| &*s.name).collect();
            if names.is_empty() { "it has none".to_owned() } else { format!("it has {}", names.join(", ")) }
        };
        let mut gifts = Gifts::new();
        for (param, value) in &node.params {
            let Some(socket) = definition.interface.param(param) else {
                let param: String = param.chars().take(60).collect();
                return Err(Error::usage(format!("{} has no parameter “{param}”", node.kind))
                    .at(&param)
                    .help(names(&definition.interface.params)));
            };
            for place in &socket.places {
                gifts.entry(place.node.clone()).or_default().push((Arc::clone(&place.port), value.clone()));
            }
        }
        for (to, _) in self.flat.links_into(id) {
            if definition.interface.receiver(&to.port).is_none() {
                return Err(Error::usage(format!("{} has no input “{}”", node.kind, to.port))
                    .at(&*to.port)
                    .help(names(&definition.interface.inputs)));
            }
        }
        Ok((definition.clone(), gifts))
    }

    /// Brings the wires that end on an instance to the places inside that its ports stand for.
    fn hand_in(&mut self, id: &NodeId, definition: &Graph) {
        let wires: Vec<(PortRef, Arc<Link>)> =
            self.flat.links_into(id).map(|(to, link)| (to.clone(), link.clone())).collect();
        for (to, link) in wires {
            self.flat.links.remove_mut(&to);
            let socket = definition.interface.receiver(&to.port);
            for place in socket.into_iter().flat_map(|s| &s.places) {
                let inside = PortRef::new(id.inside(&place.node), Arc::clone(&place.port));
                self.flat.links.insert_mut(inside, link.clone());
            }
        }
    }

    fn finish(mut self) -> (Flat, HashMap<NodeId, Given>) {
        let mut known = HashMap::new();
        let mut faces = std::mem::take(&mut self.faces);
        for face in &mut faces {
            let mut end = |port: &Arc<str>| {
                let at = PortRef::new(face.id.clone(), Arc::clone(port));
                (Arc::clone(port), self.origin(&at, &mut known))
            };
            face.outputs = match self.unfolded.get(&face.id) {
                Some(definition) => definition.interface.outputs.iter().map(|s| end(&s.name)).collect(),
                None if self.reroutes.contains(&face.id) => vec![end(&super::REROUTE_OUT.into())],
                None => Vec::new(),
            };
        }
        let gone = |id: &NodeId| {
            self.reroutes.contains(id) || self.unfolded.contains_key(id) || self.muted.contains(id)
        };
        let led: Vec<(PortRef, Arc<Link>)> = self
            .flat
            .links
            .iter()
            .filter(|(to, link)| gone(&to.node) || gone(&link.from.node))
            .map(|(to, link)| (to.clone(), link.clone()))
            .collect();
        let mut flat = self.flat.clone();
        for (to, link) in led {
            match self.origin(&link.from, &mut known) {
                Origin::At(from) if !gone(&to.node) => {
                    flat.links.insert_mut(to, Arc::new(Link { from, unknown: link.unknown.clone() }));
                }
                // Left as it is, for the node at its end to say what is wrong with it.
                Origin::Nowhere | Origin::Circle if !gone(&to.node) => {}
                _ => drop(flat.links.remove_mut(&to)),
            }
        }
        (Flat { graph: Arc::new(flat), faces, faults: self.faults }, self.given)
    }

    /// Follows a wire back to what makes its value.
    fn origin(&self, from: &PortRef, known: &mut HashMap<PortRef, Origin>) -> Origin {
        let mut passed: Vec<PortRef> = Vec::new();
        let mut seen = HashSet::new();
        let mut at = from.clone();
        let origin = loop {
            if let Some(origin) = known.get(&at) {
                break origin.clone();
            }
            if self.muted.contains(&at.node) {
                break Origin::Open;
            }
            let next = if self.reroutes.contains(&at.node) {
                let wire = PortRef::new(at.node.clone(), REROUTE_IN);
                self.flat.links.get(&wire).map(|link| link.from.clone()).ok_or(Origin::Open)
            } else if let Some(definition) = self.unfolded.get(&at.node) {
                let place = definition.interface.output(&at.port).and_then(|s| s.places.first());
                place
                    .map(|p| PortRef::new(at.node.inside(&p.node), Arc::clone(&p.port)))
                    .ok_or(Origin::Nowhere)
            } else {
                break Origin::At(at);
            };
            if !seen.insert(at.clone()) {
                break Origin::Circle;
            }
            passed.push(at);
            match next {
                Ok(next) => at = next,
                Err(end) => break end,
            }
        };
        known.extend(passed.into_iter().map(|at| (at, origin.clone())));
        origin
    }
}

impl Graph {
    /// The sub-graph called `name`, or an error that names those that there are.
    pub fn definition(&self, name: &str) -> Result<&Arc<Graph>> {
        name.parse().ok().and_then(|name: NodeId| self.graphs.get(&name)).ok_or_else(|| {
            let shown: String = name.chars().take(60).collect();
            let names: Vec<&str> = self.graphs.keys().take(20).map(NodeId::as_str).collect();
            Error::usage(format!("there is no sub-graph “{shown}”")).help(match names.as_slice() {
                [] => "the graph has none; import it, or paste it from where it is".to_owned(),
                names => format!("the graph has {}", names.join(", ")),
            })
        })
    }

    /// The sub-graph `name` as a graph to look at or work on, with the sub-graphs of this one to use.
    pub fn enter(&self, name: &str) -> Result<Graph> {
        let definition = self.definition(name)?;
        Ok(Graph { graphs: self.graphs.clone(), ..Graph::clone(definition) })
    }

    /// The name and definition of the sub-graph that `id` is an instance of, which may itself be inside of instances.
    pub fn definition_of(&self, id: &NodeId) -> Option<(NodeId, &Arc<Graph>)> {
        let mut graph = self;
        let mut found = None;
        for step in id.as_str().split('/') {
            let node = graph.nodes.get(&step.parse().ok()?)?;
            let name: NodeId = definition_name(&node.kind)?.parse().ok()?;
            let definition = self.graphs.get(&name)?;
            graph = definition;
            found = Some((name, definition));
        }
        found
    }

    /// The sub-graph that a node inside of an instance is defined in, and its id there; nothing for a node of the
    /// document.
    pub fn defined(&self, id: &NodeId) -> Option<(NodeId, NodeId)> {
        let (parent, node) = id.parent()?;
        Some((self.definition_of(&parent)?.0, node))
    }

    /// The graph that the node `id` stands in: this one, or the definition around it.
    pub fn level_of(&self, id: &NodeId) -> Option<&Graph> {
        match id.parent() {
            Some((parent, _)) => self.definition_of(&parent).map(|(_, graph)| &**graph),
            None => Some(self),
        }
    }

    /// The node called `id`, which may be inside of instances.
    ///
    /// # Errors
    /// There is no such node.
    pub fn find(&self, id: &NodeId) -> Result<&Arc<Node>> {
        let Some((parent, node)) = id.parent() else { return self.node(id) };
        let gone = || {
            Error::usage(format!("there is no node “{}”", id.place()))
                .help("see what is inside of the sub-graph")
        };
        self.definition_of(&parent).and_then(|(_, inner)| inner.nodes.get(&node)).ok_or_else(gone)
    }

    /// The edit that `edit` makes for the node `id`, done where that node is defined.
    ///
    /// # Errors
    /// There is no such node.
    pub fn edit_of(&self, id: &NodeId, edit: impl FnOnce(NodeId) -> Edit) -> Result<Edit> {
        self.find(id)?;
        Ok(match self.defined(id) {
            Some((graph, node)) => Edit::Inside { graph, edit: Box::new(edit(node)) },
            None => edit(id.clone()),
        })
    }
}
