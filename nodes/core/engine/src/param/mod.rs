//! Parameters as the document holds them: a plain value, keyframes or an expression, resolved at a frame.

mod curve;
mod expr;
mod parse;
mod schedule;

pub use curve::{Curve, Interpolation, Keyframe};
pub use expr::Expr;

use crate::{Error, Result};
use serde_json::{Number, Value};

/// Where in its node's own output a parameter is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamTime {
    /// The frame, from 0.
    pub frame: i64,
    /// The time at which that frame begins, in seconds.
    pub seconds: f64,
    /// How many frames the output has.
    pub frames: u64,
}

/// A parameter of a node: how it is written, ready to be asked.
#[derive(Clone, Debug, PartialEq)]
pub enum Param {
    /// The same at every frame.
    Value(Value),
    /// `{"keys": …}`.
    Keys(Curve),
    /// `{"expr": …}`.
    Expr(Expr),
}

impl Param {
    /// Reads what a graph says about a parameter.
    ///
    /// An object whose only member is `keys` or `expr` is keyframes or an expression; all else is a plain value.
    /// Errors say which key, or where in the expression.
    pub fn parse(value: &Value) -> Result<Self> {
        let Value::Object(map) = value else { return Ok(Self::Value(value.clone())) };
        let mut members = map.iter();
        match (members.next(), members.next()) {
            (Some((name, keys)), None) if name == "keys" => Curve::from_json(keys).map(Self::Keys),
            (Some((name, text)), None) if name == "expr" => {
                match text {
                    Value::String(text) => Expr::parse(text).map(Self::Expr),
                    _ => Err(Error::usage("an expression is text")
                        .help("write it as {\"expr\": \"1 + 0.1*sin(t)\"}")),
                }
            }
            _ => Ok(Self::Value(value.clone())),
        }
    }

    /// Reads what a graph says about a parameter that is a number over time: also a schedule as Deforum writes it,
    /// `0:(1.0), 60:(1.1)`.
    pub fn parse_number(value: &Value) -> Result<Self> {
        match value {
            Value::String(text) if schedule::is_schedule(text) => schedule::parse(text).map(Self::Keys),
            _ => Self::parse(value),
        }
    }

    /// The form that [`Param::parse`] reads.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::Keys(curve) => serde_json::json!({ "keys": curve.to_json() }),
            Self::Expr(expr) => serde_json::json!({ "expr": expr.source() }),
        }
    }

    /// The value at `time`. Numbers in it are finite; a whole number has no fraction in its JSON form.
    pub fn at(&self, time: ParamTime) -> Result<Value> {
        match self {
            Self::Value(value) => Ok(value.clone()),
            Self::Keys(curve) => Ok(curve.at(time.frame as f64)),
            Self::Expr(expr) => expr.at(time).map(number),
        }
    }

    /// True if every frame has the same value.
    pub fn is_constant(&self) -> bool {
        match self {
            Self::Value(_) => true,
            Self::Keys(curve) => curve.is_constant(),
            Self::Expr(expr) => expr.is_constant(),
        }
    }
}

/// The canonical JSON form of a finite number: whole numbers up to 2^53 without a fraction, -0 as 0.
pub(crate) fn number(x: f64) -> Value {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if x.fract() == 0.0 && x.abs() < EXACT {
        return Value::Number(Number::from(x as i64));
    }
    Number::from_f64(x).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const START: ParamTime = ParamTime { frame: 0, seconds: 0.0, frames: 24 };

    #[test]
    fn what_is_neither_keys_nor_expression_is_a_value() {
        for value in [json!(1), json!("x"), json!(null), json!({"keys": [], "more": 1}), json!({"red": []})] {
            let param = Param::parse(&value).unwrap();
            assert_eq!(param, Param::Value(value.clone()));
            assert_eq!((param.at(START).unwrap(), param.is_constant()), (value, true));
        }
        assert!(Param::parse(&json!({"expr": 1})).is_err());
    }

    #[test]
    fn json_goes_round() {
        for value in [
            json!({"keys": [[0, 1, "hold"], [12, [0, 1], "hold"]]}),
            json!({"keys": [[0, 1, "linear"], [12, 0.5, "bezier", [-3, 0, 3, 0.25]]]}),
            json!({"expr": "1 + 0.1*sin(t)"}),
        ] {
            assert_eq!(Param::parse(&value).unwrap().to_json(), value);
        }
    }

    #[test]
    fn whole_numbers_are_written_whole() {
        assert_eq!(number(2.0).to_string(), "2");
        assert_eq!(number(-0.0).to_string(), "0");
        assert_eq!(number(0.1).to_string(), "0.1");
        assert_eq!(number(1e300).to_string(), "1e+300");
    }
}
