//! Parameters between the document and the inspector: specs, values at the playhead, keys.

use super::facts::{NodeFacts, State};
use super::mend::Way;
use super::{boundary, views};
use crate::editor::canvas::view::Id;
use crate::editor::panels::inspector::{Advice, Keyed, Kind, NodeParams, ParamView, Said};
use crate::editor::theme::{Theme, icons};
use crate::editor::widgets::field::NumberSpec;
use crate::editor::widgets::paint::capital;
use rushes_engine::ValueType;
use rushes_engine::describe::{Shape, SlotState};
use rushes_engine::document::{Graph, Node, NodeId, Socket, definition_name};
use rushes_engine::param::{Param, ParamTime};
use rushes_engine::tool::{Choice, FileValue, ParamKind, ParamSpec, Registry, Spec};
use serde_json::{Value, json};

/// What the document says about a parameter, read; its default where it says nothing or nothing readable.
pub(super) fn param(node: &Node, spec: &ParamSpec) -> Param {
    let written = node.params.get(&spec.name).unwrap_or(&spec.default);
    spec.read_param(written).unwrap_or_else(|_| Param::Value(spec.default.clone()))
}

/// A parameter's value at a frame.
pub(super) fn value_at(node: &Node, spec: &ParamSpec, frame: i64) -> Value {
    let time = ParamTime { frame, seconds: frame as f64 / 24.0, frames: 1 };
    param(node, spec).at(time).unwrap_or_else(|_| spec.default.clone())
}

/// A value for a row on a node, and where it stands in its soft range. Long texts and lists have no row.
pub(super) fn in_words(spec: &ParamSpec, value: &Value) -> Option<(String, Option<f32>)> {
    match &spec.kind {
        ParamKind::Number { .. } => {
            let number = number_spec(spec);
            let v = value.as_f64()?;
            Some((number.with_unit(v), Some(number.fraction(v) as f32)))
        }
        ParamKind::Enum { .. } => Some((sentence(value.as_str()?), None)),
        ParamKind::Bool => Some((views::plain(value), None)),
        ParamKind::Rate => Some((views::plain(value), None)),
        ParamKind::Path { .. } => {
            let path = value.as_str().filter(|p| !p.is_empty())?;
            Some((path.rsplit('/').next().unwrap_or(path).to_owned(), None))
        }
        ParamKind::Text { .. }
        | ParamKind::Vector { .. }
        | ParamKind::Curves { .. }
        | ParamKind::Structured => None,
    }
}

/// The ranges of a number field.
pub(super) fn number_spec(spec: &ParamSpec) -> NumberSpec {
    let hard = spec.hard[0].unwrap_or(f64::NEG_INFINITY)..=spec.hard[1].unwrap_or(f64::INFINITY);
    let default = spec.default.as_f64().unwrap_or(0.0);
    let guess = || {
        let span = if default == 0.0 { 1.0 } else { default.abs() * 2.0 };
        let low = spec.hard[0].filter(|l| *l > -1e6).unwrap_or(if default < 0.0 { -span } else { 0.0 });
        let high = spec.hard[1].filter(|h| *h - low <= 1e4).unwrap_or(low + span);
        [low, high]
    };
    let [low, high] = spec.soft.unwrap_or_else(guess);
    let integer = matches!(spec.kind, ParamKind::Number { integer: true });
    // Over several powers of ten a drag goes by ratio.
    let logarithmic = low > 0.0 && high / low >= 1000.0;
    NumberSpec { soft: low..=high, hard, integer, unit: spec.unit.clone(), logarithmic }
}

/// A word of an enum for a person: `4k` is written 4K, `prores_422_hq` ProRes 422 HQ.
fn sentence(word: &str) -> String {
    let part = |part: &str| match part {
        "4k" | "8k" | "hq" | "srgb" => part.to_uppercase(),
        "h264" => "H.264".into(),
        "h265" => "H.265".into(),
        "prores" => "ProRes".into(),
        other => other.to_owned(),
    };
    let spaced = word.split('_').map(part).collect::<Vec<_>>().join(" ");
    let mut chars = spaced.chars();
    chars.next().map(|c| c.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn kind(spec: &ParamSpec) -> Kind {
    match &spec.kind {
        ParamKind::Number { .. } => Kind::Number(number_spec(spec)),
        ParamKind::Bool => Kind::Switch,
        ParamKind::Enum { choices } => {
            Kind::Choice(choices.iter().map(|c| (c.word.clone(), called(c))).collect())
        }
        ParamKind::Text { lines } => Kind::Text { lines: *lines },
        ParamKind::Rate => Kind::Text { lines: false },
        ParamKind::Path { .. } => Kind::File,
        ParamKind::Vector { color: true, .. } => Kind::Color,
        ParamKind::Vector { len, .. } => {
            let names: Vec<String> = match len {
                3 => ["R", "G", "B"].map(str::to_owned).to_vec(),
                2 => ["X", "Y"].map(str::to_owned).to_vec(),
                n => (1..=*n).map(|i| i.to_string()).collect(),
            };
            Kind::Numbers(names, number_spec(spec))
        }
        ParamKind::Curves { curves } => {
            Kind::Curves { curves: curves.clone(), default: spec.default.clone() }
        }
        ParamKind::Structured => match spec.file("") {
            Some(FileValue::Listed(_)) => Kind::Files,
            _ => Kind::Json,
        },
    }
}

/// What a choice is called: as its help begins, up to a colon, where that is its word written well.
fn called(choice: &Choice) -> String {
    let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let lead = choice.help.split(": ").next().unwrap_or_default();
    let name = lead.split(" (").next().unwrap_or_default();
    if lead.len() < choice.help.len() && bare(name) == bare(&choice.word) {
        lead.to_owned()
    } else {
        sentence(&choice.word)
    }
}

fn keyed(param: &Param, spec: &ParamSpec, frame: i64) -> Keyed {
    match param {
        Param::Expr(_) => Keyed::Expression,
        Param::Keys(curve) if curve.keys().iter().any(|k| k.frame == frame) => Keyed::OnKey,
        Param::Keys(_) => Keyed::Between,
        Param::Value(_) if spec.animated => Keyed::Constant,
        Param::Value(_) => Keyed::Fixed,
    }
}

/// The verb of the button that runs a node, with its price where that is known; empty where there is nothing to run.
fn run_verb(
    node: &Node,
    spec: Option<&Spec>,
    state: Option<&SlotState>,
    facts: Option<&NodeFacts>,
) -> String {
    let runs = state.and_then(|state| state.outcome.as_ref().ok()).is_some_and(|outcome| outcome.runs);
    match (spec.is_some_and(|s| s.delivers), runs, facts.and_then(|f| f.price)) {
        (true, ..) => "Render".to_owned(),
        (false, false, _) => String::new(),
        (false, true, _) if !node.take.is_empty() => "Run again".to_owned(),
        (false, true, Some(usd)) => format!("Run · ${usd:.2}"),
        (false, true, None) => "Run".to_owned(),
    }
}

/// A node in the inspector; `described` is its last description with the node as the graph had it then.
pub(super) fn inspect(
    graph: &Graph,
    registry: &Registry,
    id: &NodeId,
    described: Option<(&SlotState, &Node)>,
    facts: Option<&NodeFacts>,
    frame: i64,
    theme: &Theme,
) -> Option<NodeParams> {
    let node = graph.nodes.get(id)?;
    let spec = registry.get(&node.kind).ok().map(|t| t.spec());
    let shape = Shape::of_node(graph, registry, id).ok();
    let ty = shape.as_ref().and_then(|s| s.outputs.first().or(s.inputs.first())?.value);
    let wrong = facts.and_then(|f| if let State::Error(e) = &f.state { Some(e) } else { None });
    let error = wrong.map(|e| (e.to_string(), e.help_text().to_owned())).unwrap_or_default();
    let mend = wrong.and_then(|e| Way::of(e, Some(node)));
    let advice = described.map(|(d, _)| d.advice.as_slice()).unwrap_or_default().iter().map(|a| Advice {
        rule: a.rule.to_owned(),
        text: format!("{} {}", ended(&a.what), capital(&ended(&a.why))),
        fix: fix_verb(&a.fix),
    });
    let given = |name: &str| {
        // What an instance around says of the parameter counts instead of what is said here. It is held against what
        // was said when it was described: an edit since then comes from nowhere else.
        let (described, then) = described.filter(|(d, _)| d.node.kind == node.kind)?;
        let evaluated = described.node.params.get(name)?;
        (Some(evaluated) != then.params.get(name)).then(|| "outside, where it is promoted".to_owned())
    };
    let params = shape.as_ref().map(|s| s.params.as_slice()).unwrap_or_default().iter().map(|spec| {
        let read = param(node, spec);
        let from =
            graph.links_into(id).find(|(to, _)| *to.port == *spec.name).map(|(_, l)| l.from.to_string());
        let from = from.or_else(|| given(&spec.name));
        ParamView {
            name: spec.name.as_str().into(),
            label: spec.label.clone(),
            help: spec.help.clone(),
            kind: kind(spec),
            value: value_at(node, spec, frame),
            changed: node.params.contains_key(&spec.name),
            keyed: keyed(&read, spec, frame),
            wired_from: from.unwrap_or_default(),
            error: String::new(),
            promoted: None,
        }
    });
    let writes = spec
        .is_some_and(|s| s.outputs.iter().any(|o| matches!(o.value, ValueType::Text | ValueType::ImageSet)));
    let words = facts.map(|f| f.words.as_slice()).unwrap_or_default();
    Some(NodeParams {
        id: Id::from(id.as_str()),
        title: views::title(graph, node, registry),
        kind: node.kind.to_string(),
        icon: icons::of_kind(&node.kind),
        tint: ty.map_or(*theme.colors().text.secondary, |ty| theme.wire_color(ty)),
        about: spec.map(|s| s.tooltip()).unwrap_or_default(),
        enters: definition_name(&node.kind).is_some_and(|name| graph.definition(name).is_ok()),
        said: words.iter().map(|line| Said::of(line, writes)).collect(),
        stale: String::new(),
        error,
        error_fix: mend.map(Way::words),
        advice: advice.collect(),
        params: params.collect(),
        takes: None,
        run: run_verb(node, spec, described.map(|(d, _)| d), facts),
    })
}

/// The node with which of its parameters the sub-graph around it shows as its own.
pub(super) fn promotable(mut node: NodeParams, graph: &Graph) -> NodeParams {
    let shown = |param: &ParamView| {
        let mut places = graph.interface.params.iter().flat_map(|s| &s.places);
        places.any(|p| p.node.as_str() == &*node.id && p.port == param.name)
    };
    let promoted: Vec<bool> = node.params.iter().map(shown).collect();
    node.params.iter_mut().zip(promoted).for_each(|(param, on)| param.promoted = Some(on));
    node
}

/// The ports of a sub-graph on one side, to be labelled.
pub(super) fn ports(graph: &Graph, id: &str, theme: &Theme) -> NodeParams {
    let param = |socket: &Socket| ParamView {
        name: socket.name.clone(),
        label: socket.name.replace('_', " "),
        help: "What a person reads beside the port; nothing for its name".to_owned(),
        kind: Kind::Text { lines: false },
        value: json!(socket.label),
        changed: false,
        keyed: Keyed::Fixed,
        wired_from: String::new(),
        error: String::new(),
        promoted: None,
    };
    NodeParams {
        id: id.into(),
        title: if id.starts_with("inputs") { "Inputs".to_owned() } else { "Outputs".to_owned() },
        kind: "labels of ports".to_owned(),
        icon: icons::of_kind("graph/"),
        tint: *theme.colors().text.secondary,
        about: String::new(),
        enters: false,
        said: Vec::new(),
        stale: String::new(),
        error: Default::default(),
        error_fix: None,
        advice: Vec::new(),
        params: boundary::ports_of(graph, id).iter().map(param).collect(),
        takes: None,
        run: String::new(),
    }
}

fn ended(sentence: &str) -> String {
    let sentence = sentence.trim();
    if sentence.is_empty() || sentence.ends_with(['.', '!', '?']) {
        sentence.to_owned()
    } else {
        format!("{sentence}.")
    }
}

/// The verb on the button of a fix.
pub(super) fn fix_verb(fix: &[(String, Value)]) -> String {
    match fix {
        [] => String::new(),
        [(_, value)] => format!("Set to {}", views::plain(value)),
        _ => "Do it".into(),
    }
}

/// What to write when a person gives a value at a frame: a key where there are keys, else the value.
pub(super) fn written(node: &Node, name: &str, frame: i64, value: Value) -> Value {
    let Some(keys) = node.params.get(name).and_then(|p| p.get("keys")).and_then(Value::as_array) else {
        return value;
    };
    let mut keys = keys.clone();
    let at = |key: &Value| key.get(0).and_then(Value::as_f64).unwrap_or(0.0);
    let place = keys.iter().position(|k| at(k) >= frame as f64).unwrap_or(keys.len());
    match keys.get_mut(place).filter(|k| at(k) == frame as f64).and_then(|k| k.get_mut(1)) {
        Some(old) => *old = value,
        None => keys.insert(place, json!([frame, value, interpolation(&value)])),
    }
    json!({ "keys": keys })
}

/// What to write when the diamond is pressed at a frame where the value is `value`.
pub(super) fn toggled(node: &Node, name: &str, frame: i64, value: Value) -> Value {
    let Some(keys) = node.params.get(name).and_then(|p| p.get("keys")).and_then(Value::as_array) else {
        let how = interpolation(&value);
        return json!({ "keys": [[frame, value, how]] });
    };
    let mut rest = keys.clone();
    rest.retain(|k| k.get(0).and_then(Value::as_f64) != Some(frame as f64));
    match rest.len() {
        n if n == keys.len() => written(node, name, frame, value),
        0 => value,
        _ => json!({ "keys": rest }),
    }
}

fn interpolation(value: &Value) -> &'static str {
    let numbers = value.is_number() || value.as_array().is_some_and(|a| a.iter().all(Value::is_number));
    if numbers { "linear" } else { "hold" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(opacity: Value) -> Node {
        Node { params: [("opacity".to_owned(), opacity)].into(), ..Node::default() }
    }

    #[test]
    fn a_value_given_on_a_keyed_parameter_becomes_a_key_at_the_playhead() {
        let keyed = node(json!({"keys": [[0, 0.0, "linear"], [12, 1.0, "linear"]]}));
        let new = written(&keyed, "opacity", 6, json!(0.3));
        assert_eq!(new, json!({"keys": [[0, 0.0, "linear"], [6, 0.3, "linear"], [12, 1.0, "linear"]]}));
        let changed = written(&keyed, "opacity", 12, json!(0.3));
        assert_eq!(changed, json!({"keys": [[0, 0.0, "linear"], [12, 0.3, "linear"]]}));
        assert_eq!(written(&node(json!(1)), "opacity", 6, json!(0.3)), json!(0.3));
    }

    #[test]
    fn the_diamond_adds_and_removes_a_key_and_the_last_one_leaves_its_value() {
        let one = toggled(&node(json!(1)), "opacity", 4, json!(1));
        assert_eq!(one, json!({"keys": [[4, 1, "linear"]]}));
        assert_eq!(toggled(&node(one), "opacity", 4, json!(1)), json!(1));
        assert_eq!(toggled(&node(json!("a")), "opacity", 0, json!("a")), json!({"keys": [[0, "a", "hold"]]}));
    }
}
