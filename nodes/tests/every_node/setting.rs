//! What can be set on a node: its parameters, members of those that are tables, and what is wired into its ports.

use crate::sources::{self, Source};
use crate::values;
use rushes_engine::tool::{DynTool, ParamKind, ParamSpec};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// A node as it is set: parameters that are not at their defaults, wires into its ports.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    pub params: BTreeMap<String, Value>,
    pub wires: BTreeMap<String, Source>,
}

/// One thing that can be set, with other things to set it to.
#[derive(Clone, Debug)]
pub struct Setting {
    pub name: String,
    pub others: Vec<Other>,
}

/// Something to set it to.
#[derive(Clone, Debug)]
pub enum Other {
    Param(Value),
    /// A member of a parameter that is a table.
    Member(String, Value),
    Wire(Option<Source>),
}

impl Other {
    pub fn is_wire(&self) -> bool {
        matches!(self, Self::Wire(_))
    }
}

impl fmt::Display for Other {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param(value) | Self::Member(_, value) => write!(f, "{value}"),
            Self::Wire(Some(source)) => f.write_str(source.name),
            Self::Wire(None) => f.write_str("nothing"),
        }
    }
}

impl Settings {
    /// The same with one thing set otherwise.
    pub fn with(&self, setting: &Setting, other: &Other, specs: &[ParamSpec]) -> Self {
        let mut settings = self.clone();
        match other {
            Other::Param(value) => {
                settings.params.insert(setting.name.clone(), value.clone());
            }
            Other::Member(member, value) => {
                let param = setting.name.split('.').next().unwrap_or(&setting.name);
                let default = specs.iter().find(|s| s.name == param).map(|s| s.default.clone());
                let table = settings.params.entry(param.to_owned()).or_insert(default.unwrap_or_default());
                table[member] = value.clone();
            }
            Other::Wire(Some(source)) => {
                settings.wires.insert(setting.name.clone(), source.clone());
            }
            Other::Wire(None) => {
                settings.wires.remove(&setting.name);
            }
        }
        settings
    }
}

/// All that can be set on a node of this tool.
pub fn all(tool: &dyn DynTool) -> Vec<Setting> {
    let mut all = Vec::new();
    for spec in tool.params() {
        match (&spec.kind, spec.default.as_object()) {
            (ParamKind::Structured | ParamKind::Curves { .. }, Some(members)) => {
                for member in members.keys() {
                    let others = values::tables().into_iter().map(|v| Other::Member(member.clone(), v));
                    all.push(Setting { name: format!("{}.{member}", spec.name), others: others.collect() });
                }
            }
            _ => {
                let others = values::others(spec).into_iter().map(Other::Param).collect();
                all.push(Setting { name: spec.name.clone(), others });
            }
        }
    }
    for port in &tool.spec().inputs {
        // Three wires of a port that grows: the second may be a neighbour, the third has two.
        let names = if port.variadic { 1..=3 } else { 0..=0 };
        for number in names {
            let name = if port.variadic { format!("{}{number}", port.name) } else { port.name.to_owned() };
            let mut others: Vec<Other> =
                sources::of(port.value).into_iter().map(|s| Other::Wire(Some(s))).collect();
            if !port.required || number > 1 {
                others.push(Other::Wire(None));
            }
            all.push(Setting { name, others });
        }
    }
    all
}
