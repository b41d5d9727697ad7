//! Everything that a person meets is explained.

use rushes_engine::tool::{DynTool, ParamKind, ParamSpec, Port};

pub fn check(tool: &dyn DynTool) -> Vec<String> {
    let spec = tool.spec();
    let mut wrong = Vec::new();
    if spec.docs.trim().is_empty() || !spec.tooltip().ends_with('.') {
        wrong.push("its documentation does not begin with a sentence".to_owned());
    }
    if spec.label.is_empty() || spec.search.is_empty() {
        wrong.push("it has no label, or no words to search for".to_owned());
    }
    wrong.extend(tool.params().iter().flat_map(param));
    wrong.extend(
        spec.inputs
            .iter()
            .filter(|p| !is_told(p, &spec.docs))
            .map(|p| format!("its documentation says nothing of the input {}", p.name)),
    );
    wrong
}

fn param(spec: &ParamSpec) -> Vec<String> {
    let mut wrong = Vec::new();
    let name = &spec.name;
    if !spec.help.ends_with('.') {
        wrong.push(format!("{name} has no help of whole sentences"));
    }
    let ranged = spec.soft.is_some() || spec.hard.iter().all(Option::is_some);
    match &spec.kind {
        ParamKind::Number { .. } | ParamKind::Vector { color: false, .. } if !ranged => {
            wrong.push(format!("{name} says nothing of its range"));
        }
        ParamKind::Enum { choices } => {
            let silent = choices.iter().filter(|c| !c.help.ends_with('.'));
            wrong.extend(silent.map(|c| format!("{name} does not say what {} is", c.word)));
        }
        _ => {}
    }
    wrong
}

/// A port named by its type says what it is; any other must be explained.
fn is_told(port: &Port, docs: &str) -> bool {
    let docs = docs.to_lowercase();
    let mut words = docs.split(|c: char| !c.is_alphabetic());
    port.name == port.value.word()
        || words.any(|w| w.trim_end_matches('s') == port.name.trim_end_matches('s'))
}
