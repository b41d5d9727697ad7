//! A seed to wire into all the nodes that must roll the same dice.
//!
//! `after_run` says what becomes of it when a job that depends on it has run: it stays, counts up by one, or becomes
//! a number that looks random but follows from the last one, so that a row of runs can be repeated. The change is an
//! edit like any other and can be undone.

use crate::docs::docs;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, Port, Spec, Tool};
use rushes_engine::{Desc, Key, NumberDesc, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// What becomes of the seed after a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AfterRun {
    /// It stays.
    #[default]
    Fixed,
    /// It counts up by one.
    Increment,
    /// It becomes another one, decided by the last.
    Random,
}

/// Parameters of [`Seed`].
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SeedParams {
    /// The seed.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("soft" = [0, 1000], "fixed" = true))]
    value: u32,
    /// What becomes of it after a run.
    #[schemars(extend("fixed" = true))]
    after_run: AfterRun,
}

impl SeedParams {
    fn next(&self) -> u32 {
        match self.after_run {
            AfterRun::Fixed => self.value,
            AfterRun::Increment => self.value.wrapping_add(1),
            AfterRun::Random => {
                let [a, b, c, d, ..] = Key::of(&self.value.to_le_bytes()).bytes();
                u32::from_le_bytes([a, b, c, d])
            }
        }
    }
}

/// The tool.
pub struct Seed;

impl Tool for Seed {
    type Params = SeedParams;

    fn spec() -> Spec {
        Spec::new("plan/seed", 1, "Seed", docs!())
            .search(&["random", "dice", "variation"])
            .output(Port::of(ValueType::Number))
            .class(Class::Value)
    }

    fn describe(p: &SeedParams, _: &DescribeCx<'_>) -> Result<Described> {
        let described = Described::one(Desc::Number(NumberDesc::constant(f64::from(p.value))));
        Ok(match p.after_run {
            AfterRun::Fixed => described,
            _ => described.word(format!("after a run it becomes {}", p.next())),
        })
    }

    fn lint(p: &SeedParams, _: &DescribeCx<'_>) -> Vec<Advice> {
        if p.after_run == AfterRun::Fixed {
            return Vec::new();
        }
        vec![
            Advice::new(
                "seed_fixed",
                "the seed changes after every run",
                "a master should come out the same when it is made again",
            )
            .set("after_run", "fixed"),
        ]
    }

    fn after_run(p: &SeedParams) -> Vec<(&'static str, Value)> {
        if p.after_run == AfterRun::Fixed { Vec::new() } else { vec![("value", json!(p.next()))] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn seeds_stay_count_up_or_wander_without_coming_back_soon() {
        let seed = |value, after_run| SeedParams { value, after_run };
        assert!(Seed::after_run(&seed(5, AfterRun::Fixed)).is_empty());
        assert_eq!(Seed::after_run(&seed(5, AfterRun::Increment)), [("value", json!(6))]);
        assert_eq!(Seed::after_run(&seed(u32::MAX, AfterRun::Increment)), [("value", json!(0))]);
        let mut seen = BTreeSet::new();
        let mut value = 0;
        for _ in 0..1000 {
            value = seed(value, AfterRun::Random).next();
            assert!(seen.insert(value));
        }
        assert_eq!(seed(7, AfterRun::Random).next(), seed(7, AfterRun::Random).next());
    }
}
