//! Advice: what would probably be better, why, and the edit that does it.

use serde::Serialize;
use serde_json::Value;

/// A piece of advice on one node.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advice {
    /// The name of the rule, by which its fix is asked for.
    pub rule: &'static str,
    /// What is not as it is usually done, in one sentence.
    pub what: String,
    /// Why that matters.
    pub why: String,
    /// Parameters to set for the fix; empty where a person must decide.
    pub fix: Vec<(String, Value)>,
}

impl Advice {
    /// Advice without a fix of its own.
    pub fn new(rule: &'static str, what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { rule, what: what.into(), why: why.into(), fix: Vec::new() }
    }

    /// Adds a parameter to set.
    #[must_use]
    pub fn set(mut self, param: &str, value: impl Into<Value>) -> Self {
        self.fix.push((param.to_owned(), value.into()));
        self
    }
}
