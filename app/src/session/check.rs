//! Refusing edits that can be known to be wrong before they are done.

use super::Session;
use rushes_engine::describe::{Shape, ShapePort};
use rushes_engine::document::{Edit, Graph, PortRef};
use rushes_engine::param::Param;
use rushes_engine::{Error, Result};

impl Session {
    /// An edit of a parameter that the tool does not have, or a plain value that it does not take, is refused.
    /// Nodes of unknown kinds are not judged.
    pub(super) fn check(&self, edit: &Edit) -> Result<()> {
        self.check_in(self.document.graph(), edit)
    }

    fn check_in(&self, graph: &Graph, edit: &Edit) -> Result<()> {
        match edit {
            Edit::Set { node, param, value } => {
                // A node that an earlier edit of the same step adds is judged when it is described.
                let Ok(shape) = Shape::of_node(graph, &self.registry, node) else { return Ok(()) };
                let Some(spec) = shape.find_param(param) else {
                    let names: Vec<_> = shape.params.iter().map(|s| s.name.as_str()).collect();
                    return Err(Error::usage(format!("{} has no parameter “{param}”", shape.kind))
                        .at(node)
                        .help(format!("it has {}", names.join(", "))));
                };
                let parsed = spec.read_param(value).map_err(|e| e.at(param).at(node))?;
                match parsed {
                    Param::Value(value) => spec.check(&value).map_err(|e| e.at(node)),
                    _ if spec.animated => Ok(()),
                    _ => Err(Error::usage(format!("{param} cannot change over time"))
                        .at(node)
                        .help("give it one value")),
                }
            }
            // What an earlier edit of the same step makes a sub-graph is judged by the document.
            Edit::Add { kind, .. } if kind.starts_with("graph/") => Ok(()),
            Edit::Add { kind, .. } => Shape::of_kind(graph, &self.registry, kind).map(|_| ()),
            Edit::Connect { from, to } => self.check_wire(graph, from, to),
            Edit::Inside { graph: name, edit } => match graph.enter(name.as_str()) {
                Ok(inner) => self.check_in(&inner, edit).map_err(|e| e.at(format!("sub-graph “{name}”"))),
                Err(_) => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// A wire between types that do not fit is refused with what would fit.
    fn check_wire(&self, graph: &Graph, from: &PortRef, to: &PortRef) -> Result<()> {
        // An end on a node that an earlier edit of the same step adds is judged by the document.
        let shape = |end: &PortRef| Shape::of_node(graph, &self.registry, &end.node);
        let (Ok(source), Ok(target)) = (shape(from), shape(to)) else { return Ok(()) };
        let named = |ports: &[ShapePort]| ports.iter().map(|p| &*p.name).collect::<Vec<_>>().join(", ");
        let Some((_, output)) = source.find_output(&from.port) else {
            return Err(Error::usage(format!("{} has no output “{}”", from.node, from.port))
                .help(format!("it has {}", named(&source.outputs))));
        };
        let port = &to.port;
        if let Some(input) = target.find_input(port) {
            // What has no type yet takes that of the wire.
            let (Some(have), Some(takes)) = (output.value, input.value) else { return Ok(()) };
            let rerouted = &*target.kind == rushes_engine::document::REROUTE;
            if rerouted || takes == have || self.registry.conversion(have, takes).is_some() {
                return Ok(());
            }
            return Err(Error::usage(format!("{port} takes a {takes}, this is a {have}")).at(&to.node).help(
                match target.inputs.iter().find(|p| p.value == Some(have)) {
                    Some(fitting) => format!("it fits {}", fitting.name),
                    None => format!("put a tool between that makes a {takes}"),
                },
            ));
        }
        match (target.find_param(port), output.value) {
            (Some(_), None) => Ok(()),
            (Some(spec), Some(have)) if spec.takes(have) => Ok(()),
            (Some(_), Some(have)) => Err(Error::usage(format!("{port} cannot be driven by a {have}"))
                .at(&to.node)
                .help("wire a number to a number or a colour")),
            (None, _) => Err(Error::usage(format!("{} has no input “{port}”", to.node))
                .help(format!("it has {}", named(&target.inputs)))),
        }
    }
}
