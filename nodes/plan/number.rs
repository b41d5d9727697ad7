//! A number to wire into parameters, the same for all of them.
//!
//! With keyframes or an expression it changes over time: frame, time and length are those of the node that it drives.

use crate::docs::docs;
use rushes_engine::tool::{Class, DescribeCx, Described, Port, Spec, Tool};
use rushes_engine::{Desc, NumberDesc, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`Number`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NumberParams {
    /// The number.
    #[schemars(extend("soft" = [0.0, 1.0]))]
    value: f64,
}

/// The tool.
pub struct Number;

impl Tool for Number {
    type Params = NumberParams;

    fn spec() -> Spec {
        Spec::new("plan/number", 1, "Number", docs!())
            .search(&["value", "constant", "float", "expression", "animate", "slider"])
            .output(Port::of(ValueType::Number))
            .class(Class::Value)
    }

    fn describe(p: &NumberParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let number = cx.number("value").unwrap_or_else(|| NumberDesc::constant(p.value));
        Ok(Described::one(Desc::Number(number)))
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;
    use rushes_engine::Desc;
    use rushes_engine::param::ParamTime;
    use serde_json::json;

    fn at(bench: &Bench, frame: i64) -> f64 {
        let Desc::Number(number) = bench.desc("n", 0) else { panic!("no number") };
        number.at(ParamTime { frame, seconds: frame as f64 / 24.0, frames: 48 })
    }

    #[test]
    fn a_number_is_constant_keyed_or_computed() {
        let bench = Bench::new(&[("n", "plan/number", json!({"value": 2.5}))], &[]);
        assert_eq!((at(&bench, 0), at(&bench, 9)), (2.5, 2.5));
        let bench = bench.set("n", "value", json!({"keys": [[0, 1, "linear"], [10, 3, "linear"]]}));
        assert_eq!((at(&bench, 0), at(&bench, 5), at(&bench, 20)), (1.0, 2.0, 3.0));
        let bench = bench.set("n", "value", json!({"expr": "f + 24*t + n"}));
        assert_eq!(at(&bench, 6), 6.0 + 6.0 + 48.0);
    }

    #[test]
    fn a_wired_number_drives_a_parameter_at_its_own_frames() {
        let nodes = [
            ("n", "plan/number", json!({"value": {"keys": [[0, 1, "hold"], [10, 3, "hold"]]}})),
            ("m", "plan/number", json!({})),
        ];
        let bench = Bench::new(&nodes, &["n.number m.value"]);
        let Desc::Number(number) = bench.desc("m", 0) else { panic!("no number") };
        let time = |frame| ParamTime { frame, seconds: 0.0, frames: 1 };
        assert_eq!((number.at(time(9)), number.at(time(10))), (1.0, 3.0));
    }
}
