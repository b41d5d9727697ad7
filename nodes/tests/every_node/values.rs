//! Other values for a parameter, by its kind; what it would not take is left out by trying.

use crate::sources::{ALPHA, STILLS};
use rushes_engine::tool::{ParamKind, ParamSpec};
use serde_json::{Value, json};

/// Words that texts of the trade may be: prompts, shapes, codes.
const TEXTS: &[&str] = &["dusk, soft light", "1:1", "4:3", "--sref 77 --raw", "Handheld camera", "#c03020"];
/// Files to read, and names of files to write.
const FILES: &[&str] = &[
    "asset:stills/person_1.jpg",
    "asset:clips/big_buck_bunny.mp4",
    "asset:luts/warm_print.cube",
    ALPHA,
    "out.mp4",
    "out.mov",
    "out_%04d.png",
];

/// Values that it may take and that are not its default, the likelier ones first. Curves are set one by one.
pub fn others(spec: &ParamSpec) -> Vec<Value> {
    let mut values: Vec<Value> = match &spec.kind {
        ParamKind::Number { integer } => numbers(spec).into_iter().map(|n| number(n, *integer)).collect(),
        ParamKind::Bool => vec![json!(true), json!(false)],
        ParamKind::Enum { choices } => choices.iter().map(|c| json!(c.word)).collect(),
        ParamKind::Text { .. } => TEXTS.iter().map(|t| json!(t)).collect(),
        ParamKind::Path { folder: true } => vec![json!(STILLS)],
        ParamKind::Path { folder: false } => FILES.iter().map(|f| json!(f)).collect(),
        ParamKind::Rate => ["12", "25", "30000/1001", "48", "24"].iter().map(|r| json!(r)).collect(),
        ParamKind::Vector { len, .. } => vectors(spec, *len),
        ParamKind::Curves { .. } => Vec::new(),
        ParamKind::Structured => structured(),
    };
    if let Some(list) =
        spec.default.as_array().filter(|l| !l.is_empty() && spec.kind == ParamKind::Structured)
    {
        values.push(list.iter().chain(list.last()).cloned().collect());
        values.push(list.iter().skip(1).cloned().collect());
    }
    if spec.optional {
        values.push(Value::Null);
    }
    let mut kept: Vec<Value> = Vec::new();
    for value in values {
        if value != spec.default && spec.check(&value).is_ok() && !kept.contains(&value) {
            kept.push(value);
        }
    }
    kept
}

/// Points of curves and lists of them, for members of tables.
pub fn tables() -> Vec<Value> {
    vec![
        json!([[0.0, 0.2], [1.0, 0.7]]),
        json!([[0.0, 30.0], [180.0, 60.0]]),
        json!([[0.0, 0.4], [180.0, 0.6]]),
        json!([0.5]),
        json!(0.5),
        json!("x"),
    ]
}

/// Numbers, texts, files, and lists of them.
fn structured() -> Vec<Value> {
    let (person, place) = ("asset:stills/person_1.jpg", "asset:stills/environment_1.jpg");
    vec![
        json!(1),
        json!([1]),
        json!([2, 1]),
        json!([person]),
        json!([place, person]),
        json!([{ "file": person }]),
        json!([{ "file": place }, { "file": person }]),
        json!([[0.0, 0.2], [1.0, 0.7]]),
        json!("x"),
    ]
}

/// Within the range that a person uses first, its ends, then what else is allowed.
fn numbers(spec: &ParamSpec) -> Vec<f64> {
    let [low, high] = spec.hard;
    let soft = spec.soft.or(low.zip(high).map(|(a, b)| [a, b]));
    let ends = soft.into_iter().flat_map(|[a, b]| [a + 0.4 * (b - a), b, a]);
    let default = spec.default.as_f64().unwrap_or(1.0);
    let near = [default + 1.0, default * 0.5, 1.0, 2.0, 3.0, 0.0, 64.0];
    ends.chain(near).chain(low).chain(high).collect()
}

fn number(n: f64, integer: bool) -> Value {
    if integer { json!(n.round() as i64) } else { json!(n) }
}

/// All numbers at once, then the first alone.
fn vectors(spec: &ParamSpec, len: usize) -> Vec<Value> {
    let default: Vec<f64> = spec.default.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
    let one = numbers(&ParamSpec { default: json!(default.first()), ..spec.clone() });
    let mut values = Vec::new();
    for n in one {
        values.push(json!(vec![n; len]));
        let mut first = default.clone();
        if let Some(v) = first.first_mut() {
            *v = n;
        }
        values.push(json!(first));
    }
    values
}
