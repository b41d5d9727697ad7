//! Parameters go to JSON and back, and so does a graph with the node in it.

use crate::seen::Seen;
use crate::setting::{self, Settings};
use crate::world::World;
use rushes_engine::document::json;
use rushes_engine::tool::DynTool;
use serde_json::{Map, Value};

pub fn check(world: &World, base: &Settings) -> Vec<String> {
    let tool = world.tool().as_ref();
    let mut wrong = Vec::new();
    let defaults: Map<String, Value> =
        tool.params().iter().map(|p| (p.name.clone(), p.default.clone())).collect();
    wrong.extend(typed(tool, &defaults));
    for setting in setting::all(tool) {
        for other in &setting.others {
            let settings = base.with(&setting, other, tool.params());
            if other.is_wire() || world.state(&settings).outcome().is_err() {
                continue;
            }
            let mut all = defaults.clone();
            all.extend(settings.params.clone());
            wrong.extend(typed(tool, &all));
            wrong.extend(written(world, &settings));
        }
    }
    wrong.extend(written(world, base));
    let told = Settings { params: defaults.into_iter().chain(base.params.clone()).collect(), ..base.clone() };
    let (silent, told) = (Seen::new(world, base), Seen::new(world, &told));
    if silent.said() != told.said() || silent.keys() != told.keys() {
        wrong.push("defaults that are written out say something else than defaults left out".to_owned());
    }
    wrong
}

/// JSON to the tool's own struct and back.
fn typed(tool: &dyn DynTool, values: &Map<String, Value>) -> Option<String> {
    let back = tool.parse(values.clone()).and_then(|typed| tool.values(&typed));
    match back {
        Ok(back) if same(&Value::Object(back.clone()), &Value::Object(values.clone())) => None,
        Ok(back) => Some(format!("{} comes back as {}", Value::Object(values.clone()), Value::Object(back))),
        Err(e) => Some(format!("{} is not understood: {e}", Value::Object(values.clone()))),
    }
}

/// A graph to its file and back.
fn written(world: &World, settings: &Settings) -> Option<String> {
    let (graph, _) = world.graph(settings, &world.layout());
    let text = json::write(&graph);
    let back = json::read(text.as_bytes()).map(|opened| json::write(&opened.graph));
    match back {
        Ok(again) if again == text => None,
        Ok(again) => {
            let other = text.lines().zip(again.lines()).find(|(a, b)| a != b);
            Some(format!("a graph with it is written otherwise the second time: {other:?}"))
        }
        Err(e) => Some(format!("a graph with it is not read: {e}")),
    }
}

/// Whether two values are the same, numbers by what they are and not by how they are written.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let known = |from: &Map<String, Value>, to: &Map<String, Value>| {
                from.iter().all(|(k, v)| same(v, to.get(k).unwrap_or(&Value::Null)))
            };
            known(a, b) && known(b, a)
        }
        (a, b) => a == b,
    }
}
