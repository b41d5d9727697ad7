//! Refusing edits that can be known to be wrong before they are done.

use super::Session;
use rushes_engine::document::{Edit, PortRef};
use rushes_engine::param::Param;
use rushes_engine::tool::Port;
use rushes_engine::{Error, Result};

impl Session {
    /// An edit of a parameter that the tool does not have, or a plain value that it does not take, is refused.
    /// Nodes of unknown kinds are not judged.
    pub(super) fn check(&self, edit: &Edit) -> Result<()> {
        match edit {
            Edit::Set { node, param, value } => {
                // A node that an earlier edit of the same step adds is judged when it is described.
                let Ok(record) = self.document.graph().node(node).cloned() else { return Ok(()) };
                let Ok(tool) = self.registry.get(&record.kind) else { return Ok(()) };
                let Some(spec) = tool.params().iter().find(|s| s.name == *param) else {
                    let names: Vec<_> = tool.params().iter().map(|s| s.name.as_str()).collect();
                    return Err(Error::usage(format!("{} has no parameter “{param}”", record.kind))
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
            Edit::Add { kind, .. } => self.registry.get(kind).map(|_| ()),
            Edit::Connect { from, to } => self.check_wire(from, to),
            _ => Ok(()),
        }
    }

    /// A wire between types that do not fit is refused with what would fit.
    fn check_wire(&self, from: &PortRef, to: &PortRef) -> Result<()> {
        let graph = self.document.graph();
        // An end on a node that an earlier edit of the same step adds is judged by the document.
        let (Ok(source), Ok(target)) = (graph.node(&from.node), graph.node(&to.node)) else { return Ok(()) };
        let tools = (self.registry.get(&source.kind), self.registry.get(&target.kind));
        let (Ok(source), Ok(target)) = tools else { return Ok(()) };
        let named = |ports: &[Port]| ports.iter().map(|p| p.name).collect::<Vec<_>>().join(", ");
        let Some((_, output)) = source.spec().find_output(&from.port) else {
            return Err(Error::usage(format!("{} has no output “{}”", from.node, from.port))
                .help(format!("it has {}", named(&source.spec().outputs))));
        };
        let (have, port) = (output.value, &to.port);
        if let Some(input) = target.spec().find_input(port) {
            if input.value == have || self.registry.conversion(have, input.value).is_some() {
                return Ok(());
            }
            return Err(Error::usage(format!("{port} takes a {}, this is a {have}", input.value))
                .at(&to.node)
                .help(match target.spec().inputs.iter().find(|p| p.value == have) {
                    Some(fitting) => format!("it fits {}", fitting.name),
                    None => format!("put a tool between that makes a {}", input.value),
                }));
        }
        match target.params().iter().find(|p| p.name == **port) {
            Some(spec) if spec.takes(have) => Ok(()),
            Some(_) => Err(Error::usage(format!("{port} cannot be driven by a {have}"))
                .at(&to.node)
                .help("wire a number to a number or a colour")),
            None => Err(Error::usage(format!("{} has no input “{port}”", to.node))
                .help(format!("it has {}", named(&target.spec().inputs)))),
        }
    }
}
