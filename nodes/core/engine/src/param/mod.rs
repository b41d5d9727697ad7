//! Parameters as a graph gives them.

use crate::Result;
use serde_json::Value;

/// A parameter: a plain value.
pub struct Param(Value);

/// The time at which a parameter is asked for.
#[derive(Clone, Copy, Debug)]
pub struct ParamTime {
    /// The frame of the node's own output.
    pub frame: i64,
    /// When it begins, in seconds.
    pub seconds: f64,
    /// How many frames there are.
    pub frames: u64,
}

impl Param {
    /// Reads what the graph gives.
    pub fn parse(value: &Value) -> Result<Self> {
        Ok(Self(value.clone()))
    }

    /// Its value at a time.
    pub fn at(&self, _time: ParamTime) -> Result<Value> {
        Ok(self.0.clone())
    }

    /// Whether it never changes.
    pub fn is_constant(&self) -> bool {
        true
    }
}
