//! Why a node must be made again: what changed since its last result.

use crate::Key;
use crate::document::NodeId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::fmt;

/// What decided a result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// The node that made it.
    pub node: NodeId,
    /// Its parameters then.
    pub params: Map<String, Value>,
    /// The keys that came in, by port, with the node they came from.
    pub inputs: Vec<(String, Key, NodeId)>,
    /// The content of its files.
    pub files: Vec<(String, Key)>,
}

/// One thing that is not as it was.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case", tag = "changed")]
pub enum Change {
    /// A parameter.
    Param {
        /// Its name.
        param: String,
        /// What it was.
        from: Value,
        /// What it is.
        to: Value,
    },
    /// What comes in on a port.
    Input {
        /// The port.
        port: String,
        /// The node it comes from.
        node: String,
    },
    /// The wire itself: there is one more, one less, or it comes from elsewhere.
    Wire {
        /// The port.
        port: String,
    },
    /// What a file contains.
    File {
        /// Its name in the graph.
        file: String,
    },
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Param { param, from, to } => write!(f, "{param} was {}, is {}", short(from), short(to)),
            Self::Input { port, node } => write!(f, "{node} gives {port} something else"),
            Self::Wire { port } => write!(f, "{port} is wired differently"),
            Self::File { file } => write!(f, "{file} holds something else"),
        }
    }
}

/// All that changed, in one line.
pub fn in_words(changes: &[Change]) -> String {
    match changes {
        // Recipes hold whole curves; what is told apart is their beginning.
        [] => "its keyframes changed".to_owned(),
        changes => changes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    }
}

/// A value in at most as many characters as a line can bear.
fn short(value: &Value) -> String {
    const LONGEST: usize = 40;
    let text = match value {
        Value::String(text) => format!("“{text}”"),
        other => other.to_string(),
    };
    if text.chars().count() <= LONGEST {
        return text;
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

/// What differs between the last result of a node and what it would make now.
pub fn why(then: &Made, now: &Made) -> Vec<Change> {
    let mut changes = Vec::new();
    for (name, to) in now.params.iter() {
        let from = then.params.get(name).unwrap_or(&Value::Null);
        if from != to {
            changes.push(Change::Param { param: name.clone(), from: from.clone(), to: to.clone() });
        }
    }
    for (port, key, node) in &now.inputs {
        match then.inputs.iter().find(|(p, ..)| p == port) {
            Some((_, old, source)) if old != key => changes.push(if source == node {
                Change::Input { port: port.clone(), node: node.to_string() }
            } else {
                Change::Wire { port: port.clone() }
            }),
            Some(_) => {}
            None => changes.push(Change::Wire { port: port.clone() }),
        }
    }
    for (port, ..) in then.inputs.iter().filter(|(p, ..)| !now.inputs.iter().any(|(q, ..)| p == q)) {
        changes.push(Change::Wire { port: port.clone() });
    }
    for (name, content) in &now.files {
        if then.files.iter().any(|(n, c)| n == name && c != content)
            || !then.files.iter().any(|(n, _)| n == name)
        {
            changes.push(Change::File { file: name.clone() });
        }
    }
    changes
}
