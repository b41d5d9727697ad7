//! `rushes nodes`: the catalogue, from the code.

use super::{args::NodesArgs, say};
use rushes_engine::Result;
use rushes_engine::describe::Shape;
use rushes_engine::document::{Graph, REROUTE, definition_name};
use rushes_engine::tool::{Class, DynTool, ParamKind, ParamSpec, PointCurve, Port, Registry};
use serde_json::{Value, json};
use std::process::ExitCode;
use std::sync::Arc;

/// Tells the catalogue, or one node of it.
pub(crate) fn run(args: &NodesArgs) -> Result<ExitCode> {
    let registry = rushes_nodes::registry();
    let chosen: Vec<&Arc<dyn DynTool>> = match &args.kind {
        Some(kind) => vec![registry.get(kind)?],
        None => registry.all().collect(),
    };
    if args.json {
        let nodes: Vec<Value> = chosen.iter().map(|tool| describe(tool.as_ref())).collect();
        let told = if args.kind.is_some() {
            nodes.into_iter().next().unwrap_or_default()
        } else {
            Value::Array(nodes)
        };
        say(&serde_json::to_string_pretty(&told).unwrap_or_default())?;
    } else if args.markdown || args.kind.is_some() {
        let pages: Vec<String> = chosen.iter().map(|tool| page(tool.as_ref())).collect();
        say(pages.join("\n").trim_end())?;
    } else {
        let width = chosen.iter().map(|t| t.spec().kind.len()).max().unwrap_or(0);
        for tool in chosen {
            say(&format!("{:width$}  {}", tool.spec().kind, tool.spec().tooltip()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// All nodes of the catalogue in JSON, as `drive` and other programs read it; of one kind also a sub-graph of `graph`.
pub(crate) fn catalogue(registry: &Registry, graph: &Graph, kind: Option<&str>) -> Result<Value> {
    match kind {
        Some(kind) if kind == REROUTE || definition_name(kind).is_some() => {
            let shape = Shape::of_kind(graph, registry, kind)?;
            Ok(json!({
                "kind": shape.kind,
                "version": 1,
                "label": shape.label,
                "inputs": shape.inputs,
                "outputs": shape.outputs,
                "params": shape.params,
            }))
        }
        Some(kind) => Ok(describe(registry.get(kind)?.as_ref())),
        None => Ok(Value::Array(registry.all().map(|tool| describe(tool.as_ref())).collect())),
    }
}

fn describe(tool: &dyn DynTool) -> Value {
    let spec = tool.spec();
    let class = match spec.class {
        Class::Value => "value",
        Class::Frames => "frames",
        Class::HeavyFrames => "heavy_frames",
        Class::Job => "job",
    };
    json!({
        "kind": spec.kind,
        "version": spec.version,
        "label": spec.label,
        "help": spec.docs,
        "search": spec.search,
        "class": class,
        "inputs": spec.inputs.iter().map(port).collect::<Vec<_>>(),
        "outputs": spec.outputs.iter().map(port).collect::<Vec<_>>(),
        "params": tool.params(),
    })
}

fn port(port: &Port) -> Value {
    json!({ "name": port.name, "type": port.value, "required": port.required, "variadic": port.variadic })
}

/// The reference page of one node.
fn page(tool: &dyn DynTool) -> String {
    let spec = tool.spec();
    let mut text = format!("## {} `{}`\n\n{}\n", spec.label, spec.kind, spec.docs.trim());
    let ports = |ports: &[Port]| {
        let one = |p: &Port| {
            let more = if p.variadic { "…" } else { "" };
            let open = if p.required { "" } else { "?" };
            format!("`{}{more}`: {}{open}", p.name, p.value)
        };
        if ports.is_empty() {
            "none".to_owned()
        } else {
            ports.iter().map(one).collect::<Vec<_>>().join(", ")
        }
    };
    text += &format!("\nIn: {}. Out: {}.\n", ports(&spec.inputs), ports(&spec.outputs));
    if !tool.params().is_empty() {
        text.push_str("\n| parameter | default | takes | what it does |\n|---|---|---|---|\n");
        for param in tool.params() {
            text +=
                &format!("| `{}` | `{}` | {} | {} |\n", param.name, param.default, takes(param), param.help);
        }
    }
    text
}

/// What a parameter takes, in words.
fn takes(param: &ParamSpec) -> String {
    let unit = if param.unit.is_empty() { String::new() } else { format!(" {}", param.unit) };
    match &param.kind {
        ParamKind::Number { integer } => {
            let word = if *integer { "whole number" } else { "number" };
            match param.hard {
                [Some(low), Some(high)] => format!("{word} {low}–{high}{unit}"),
                [Some(low), None] => format!("{word} from {low}{unit}"),
                [None, Some(high)] => format!("{word} to {high}{unit}"),
                [None, None] => format!("{word}{unit}"),
            }
        }
        ParamKind::Bool => "true or false".to_owned(),
        ParamKind::Enum { choices } => {
            choices.iter().map(|c| format!("`{}`", c.word)).collect::<Vec<_>>().join(" ")
        }
        ParamKind::Text { .. } => "text".to_owned(),
        ParamKind::Path { folder } => if *folder { "folder" } else { "file" }.to_owned(),
        ParamKind::Rate => "frame rate".to_owned(),
        ParamKind::Vector { len, color } => {
            if *color {
                format!("colour of {len}")
            } else {
                format!("{len} numbers{unit}")
            }
        }
        ParamKind::Curves { curves } => {
            let range = |[low, high]: [f64; 2]| format!("{low}–{high}");
            let of = |c: &PointCurve| format!("[{}, {}]", range(c.x), range(c.y));
            // Curves whose points are alike are told together.
            let alike = curves.chunk_by(|a, b| of(a) == of(b)).filter_map(|same| {
                let names: Vec<_> = same.iter().map(|c| format!("`{}`", c.name)).collect();
                Some(format!("{} {}", names.join(" "), of(same.first()?)))
            });
            format!("points of curves: {}", alike.collect::<Vec<_>>().join(", "))
        }
        ParamKind::Structured => "list".to_owned(),
    }
}
