//! The ports of nodes as the canvas shows them.

use super::wires::carried;
use super::{Shapes, Source, Used};
use crate::editor::canvas::view::PortView;
use rushes_engine::ValueType;
use rushes_engine::describe::{Shape, ShapePort};
use rushes_engine::document::{NodeId, PortRef};
use rushes_engine::tool::DynTool;
use std::sync::Arc;

/// A port of an instance or a reroute.
pub(in crate::editor::app) fn shown_port(spec: &ShapePort, linked: bool) -> PortView {
    // What nobody named is written as the ports of tools are.
    let plain = spec.name.replace('_', " ");
    PortView {
        name: spec.name.clone(),
        label: if spec.label.eq_ignore_ascii_case(&plain) { plain } else { spec.label.clone() },
        ty: spec.value.unwrap_or(ValueType::Clip),
        any: spec.value.is_none(),
        linked,
        required: spec.required,
    }
}

pub(super) fn inputs(
    s: &Source<'_>,
    shapes: &Shapes,
    id: &NodeId,
    tool: Option<&Arc<dyn DynTool>>,
) -> Vec<PortView> {
    let mut wired: Vec<(Arc<str>, ValueType)> = s
        .graph
        .links_into(id)
        .map(|(to, link)| (Arc::clone(&to.port), carried(s, shapes, &link.from)))
        .collect();
    if let Some(shape) = shapes.get(id) {
        let mut all = Vec::new();
        for spec in &shape.inputs {
            let linked = wired.iter().any(|(name, _)| spec.answers_to(name));
            wired.retain(|(name, _)| !spec.answers_to(name));
            all.push(shown_port(spec, linked));
        }
        all.extend(wired.into_iter().map(|(name, ty)| port(name, ty, true, false)));
        return all;
    }
    let Some(tool) = tool else {
        return wired.into_iter().map(|(name, ty)| port(name, ty, true, false)).collect();
    };
    let mut all = Vec::new();
    for spec in &tool.spec().inputs {
        let mut mine: Vec<_> =
            wired.iter().filter(|(name, _)| spec.answers_to(name)).map(|(n, _)| Arc::clone(n)).collect();
        wired.retain(|(name, _)| !spec.answers_to(name));
        if !spec.variadic {
            all.push(port(spec.name.into(), spec.value, !mine.is_empty(), spec.required));
            continue;
        }
        let number = |name: &str| name.trim_start_matches(spec.name).parse::<u32>().unwrap_or(0);
        mine.sort_by_key(|name| number(name));
        let next = mine.last().map_or(0, |name| number(name)) + 1;
        let none = mine.is_empty();
        all.extend(mine.into_iter().map(|name| port(name, spec.value, true, spec.required)));
        all.push(port(format!("{}{next}", spec.name).into(), spec.value, false, spec.required && none));
    }
    // What is left ends on parameters, or on ports that this version of the tool does not have.
    all.extend(wired.into_iter().map(|(name, ty)| port(name, ty, true, false)));
    all
}

pub(super) fn outputs(
    s: &Source<'_>,
    id: &NodeId,
    tool: Option<&Arc<dyn DynTool>>,
    shape: Option<&Shape>,
    used: &Used<'_>,
) -> Vec<PortView> {
    let used = |name: &str| used.contains(&PortRef::new(id.clone(), name));
    if let Some(shape) = shape {
        return shape.outputs.iter().map(|spec| shown_port(spec, used(&spec.name))).collect();
    }
    match tool {
        Some(tool) => {
            let ports = tool.spec().outputs.iter();
            ports.map(|p| port(p.name.into(), p.value, used(p.name), false)).collect()
        }
        None => {
            let mut names: Vec<Arc<str>> = s
                .graph
                .links
                .iter()
                .filter(|(_, l)| &l.from.node == id)
                .map(|(_, l)| Arc::clone(&l.from.port))
                .collect();
            names.sort();
            names.dedup();
            names.into_iter().map(|n| port(n, ValueType::Clip, true, false)).collect()
        }
    }
}

fn port(name: Arc<str>, ty: ValueType, linked: bool, required: bool) -> PortView {
    let label = name.replace('_', " ");
    PortView { name, label, ty, any: false, linked, required }
}
