//! All tools by their kind, and the free conversions between types.

use super::dynamic::Erased;
use super::{DynTool, Tool};
use crate::{Error, Result, ValueType};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Which tools there are. Made once at start and shared.
#[derive(Clone, Default)]
pub struct Registry {
    tools: BTreeMap<&'static str, Arc<dyn DynTool>>,
    conversions: Vec<Conversion>,
    takes: Option<Arc<dyn DynTool>>,
}

/// A free conversion: a hidden tool between an output and an input of another type.
#[derive(Clone)]
pub struct Conversion {
    /// The type of the output.
    pub from: ValueType,
    /// The type of the input.
    pub to: ValueType,
    /// The word on the wire.
    pub name: &'static str,
    pub(crate) tool: Arc<dyn DynTool>,
}

impl Registry {
    /// No tools.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a tool; a kind given twice keeps the last.
    pub fn add<T: Tool>(&mut self) -> &mut Self {
        let tool = Arc::new(Erased::<T>::new());
        self.tools.insert(tool.spec().kind, tool);
        self
    }

    /// Adds a conversion, made by a tool of one input and one output that stays out of the catalogue.
    pub fn convert<T: Tool>(&mut self, name: &'static str) -> &mut Self {
        let tool = Arc::new(Erased::<T>::new());
        if let ([input], [output]) = (tool.spec().inputs.as_slice(), tool.spec().outputs.as_slice()) {
            let (from, to) = (input.value, output.value);
            self.conversions.push(Conversion { from, to, name, tool });
        }
        self
    }

    /// Sets the tool that plays takes: parameter `path` names the file, its only output the clip.
    pub fn play_takes<T: Tool>(&mut self) -> &mut Self {
        self.takes = Some(Arc::new(Erased::<T>::new()));
        self
    }

    /// The tool of a kind, or an error that names what is near.
    pub fn get(&self, kind: &str) -> Result<&Arc<dyn DynTool>> {
        self.tools.get(kind).ok_or_else(|| {
            let near = self.tools.keys().find(|k| k.rsplit('/').next() == kind.rsplit('/').next());
            let help = match near {
                Some(near) => format!("did you mean {near}? The node is kept as it is"),
                None => {
                    "it needs a newer Rushes or comes from elsewhere; the node is kept as it is".to_owned()
                }
            };
            Error::usage(format!("unknown node kind “{}”", kind.chars().take(60).collect::<String>()))
                .help(help)
        })
    }

    /// Every tool, by kind.
    pub fn all(&self) -> impl Iterator<Item = &Arc<dyn DynTool>> {
        self.tools.values()
    }

    /// The conversion between two types, if there is one.
    pub fn conversion(&self, from: ValueType, to: ValueType) -> Option<&Conversion> {
        self.conversions.iter().find(|c| c.from == from && c.to == to)
    }

    /// All conversions.
    pub fn conversions(&self) -> &[Conversion] {
        &self.conversions
    }

    /// The tool that plays takes.
    pub fn take_player(&self) -> Option<&Arc<dyn DynTool>> {
        self.takes.as_ref()
    }
}
