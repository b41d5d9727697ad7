//! Sub-graphs that a person keeps for other graphs: files in a folder of the home, read and written on threads.

use super::{Editor, Message, Tell};
use crate::editor::search::Tool;
use rushes_engine::describe::Shape;
use rushes_engine::document::{Edit, Graph, NodeId, REROUTE, instance_kind, json};
use rushes_engine::files::{Temporary, io_error};
use rushes_engine::tool::Registry;
use rushes_engine::{Error, Result, ValueType as V};
use serde_json::Value;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What the search calls the kind of one that was kept, before its name.
const KEPT: &str = "library/";
/// More files are not looked into.
const MOST: usize = 1_000;
/// A larger file is no sub-graph that a person kept.
const LARGEST: u64 = 16 << 20;

/// What a reroute carries.
const ANY: [V; 11] = [
    V::Clip,
    V::ImageSet,
    V::Mask,
    V::Depth,
    V::Flow,
    V::Audio,
    V::Text,
    V::Style,
    V::Character,
    V::Number,
    V::File,
];

/// A sub-graph that was kept.
#[derive(Clone, Debug)]
pub(super) struct Saved {
    tool: Tool,
    text: String,
}

/// Reads what was kept in `folder`. What is no graph is left out.
fn read(folder: &Path, registry: &Registry) -> Vec<Saved> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).into_iter().flatten().flatten().map(|e| e.path()).take(MOST).collect();
    files.retain(|file| file.extension().is_some_and(|e| e == "json"));
    files.sort();
    let one = |file: PathBuf| {
        let name = file.file_stem()?.to_string_lossy().into_owned();
        let small = file.metadata().is_ok_and(|meta| meta.len() <= LARGEST);
        let text = std::fs::read_to_string(&file).ok().filter(|_| small)?;
        match offered(&name, &text, registry) {
            Ok(tool) => Some(Saved { tool, text }),
            Err(e) => {
                log::warn!("{}", e.at(file.display()));
                None
            }
        }
    };
    files.into_iter().filter_map(one).collect()
}

fn offered(name: &str, text: &str, registry: &Registry) -> Result<Tool> {
    let node: NodeId = "node".parse()?;
    let import = Edit::ImportGraph {
        json: Value::String(text.to_owned()),
        name: None,
        node: Some(node.clone()),
        at: [0.0; 2],
    };
    let graph = import.apply(&Graph::default())?;
    let shape = Shape::of_node(&graph, registry, &node)?;
    Ok(tool_of(format!("{KEPT}{name}"), &shape, "A sub-graph from your library."))
}

fn tool_of(kind: String, shape: &Shape, about: &str) -> Tool {
    Tool {
        kind,
        label: shape.label.clone(),
        about: about.to_owned(),
        words: vec!["subgraph".to_owned(), "sub-graph".to_owned()],
        inputs: shape.inputs.iter().filter_map(|p| p.value).collect(),
        outputs: shape.outputs.iter().filter_map(|p| p.value).collect(),
    }
}

/// Writes a sub-graph to `folder` under a name that says the same or that nothing has, and gives the name.
fn write(folder: &Path, name: &str, text: &str) -> Result<String> {
    std::fs::create_dir_all(folder).map_err(|e| io_error("make the folder", folder, &e))?;
    for number in 1..=u32::try_from(MOST).unwrap_or(u32::MAX) {
        let name = if number == 1 { name.to_owned() } else { format!("{name}_{number}") };
        let path = folder.join(format!("{name}.json"));
        match std::fs::read(&path) {
            Ok(old) if old == text.as_bytes() => return Ok(name),
            Ok(_) => continue,
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(io_error("read the sub-graph", &path, &e));
            }
            Err(_) => {}
        }
        let mut temporary = Temporary::beside(&path)?;
        let file = temporary.file().ok_or_else(|| Error::system("the sub-graph has no file"))?;
        file.write_all(text.as_bytes()).map_err(|e| io_error("write the sub-graph", &path, &e))?;
        temporary.keep()?;
        return Ok(name);
    }
    Err(Error::usage(format!("there are too many sub-graphs called {name}"))
        .at(folder.display())
        .help("give it another name"))
}

/// Reads what was kept on a thread, and tells it.
pub(super) fn look(tell: &Tell, folder: PathBuf, registry: std::sync::Arc<Registry>) {
    let tell = tell.clone();
    let run = move || tell.say(Message::Kept(read(&folder, &registry)));
    if let Err(e) = std::thread::Builder::new().name("kept sub-graphs".into()).spawn(run) {
        log::warn!("no thread could be started: {e}");
    }
}

impl Editor {
    /// Keeps a sub-graph of the document for other graphs.
    pub(super) fn keep(&mut self, name: &NodeId) -> Result<()> {
        let graph = self.session.document.graph();
        let title = graph.definition(name.as_str())?.title.to_string();
        let file = if title.is_empty() { name.clone() } else { Graph::default().fresh_graph_name(&title) };
        let text = json::export(graph, name)?;
        let (folder, tell) = (self.session.home().graphs(), self.tell.clone());
        let registry = self.session.registry().clone();
        let run = move || {
            let written = write(&folder, file.as_str(), &text);
            tell.say(Message::WasKept(written));
            tell.say(Message::Kept(read(&folder, &registry)));
        };
        let thread = std::thread::Builder::new().name("keep a sub-graph".into()).spawn(run);
        thread.map(drop).map_err(|e| Error::system(format!("no thread could be started: {e}")))
    }

    /// Says that a sub-graph was kept, or why not.
    pub(super) fn was_kept(&mut self, written: Result<String>) {
        match written {
            Ok(name) => self.toasts.done(format!("Saved to the library as {name}")),
            Err(e) => self.toasts.failed(&e),
        }
    }

    /// What the search offers beside the tools of the catalogue: a reroute, the sub-graphs of this graph that may stand
    /// here, and those that were kept.
    pub(super) fn offers(&self) -> Vec<Tool> {
        let graph = self.session.document.graph();
        let here = self.shown_definition();
        let mut all = vec![Tool {
            kind: REROUTE.to_owned(),
            label: "Reroute".to_owned(),
            about: "A point on a wire. It passes on what comes in and costs nothing.".to_owned(),
            words: ["dot", "elbow", "wire", "route"].map(str::to_owned).to_vec(),
            inputs: ANY.to_vec(),
            outputs: ANY.to_vec(),
        }];
        // What holds the one that is looked at cannot stand in it.
        let fits = |name: &&NodeId| {
            here.as_ref().is_none_or(|here| !graph.closure([(*name).clone()]).contains(here))
        };
        all.extend(graph.graphs.keys().filter(fits).filter_map(|name| {
            let kind = instance_kind(name);
            let shape = Shape::of_kind(graph, self.session.registry(), &kind).ok()?;
            Some(tool_of(kind.to_string(), &shape, "A sub-graph of this graph."))
        }));
        all.extend(self.saved.iter().map(|saved| saved.tool.clone()));
        all
    }

    /// What was kept, as the search offers it.
    pub(super) fn kept(&self) -> Vec<Tool> {
        self.saved.iter().map(|saved| saved.tool.clone()).collect()
    }

    /// The edit that adds what the search calls `kind` as the node `id`.
    pub(super) fn adding(&self, kind: &str, id: NodeId, at: [f64; 2]) -> Result<Edit> {
        if kind.starts_with(KEPT) {
            let saved = self.saved.iter().find(|saved| saved.tool.kind == kind);
            let gone =
                || Error::missing("it is no longer in the library").at(kind).help("choose another one");
            let json = Value::String(saved.ok_or_else(gone)?.text.clone());
            return Ok(Edit::ImportGraph { json, name: None, node: Some(id), at });
        }
        let version = self.session.registry().get(kind).map_or(1, |tool| tool.spec().version);
        Ok(Edit::Add { kind: kind.to_owned(), node: Some(id), version, at, params: serde_json::Map::new() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_never_written_over_and_never_kept_twice() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |text: &str| write(folder.path(), "look", text).unwrap();
        assert_eq!((keep("a"), keep("b"), keep("a")), ("look".into(), "look_2".into(), "look".into()));
        assert_eq!(std::fs::read(folder.path().join("look.json")).unwrap(), b"a");
    }

    #[test]
    fn what_is_no_graph_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let inside = r#"{ "rushes": 1, "title": "Soft", "nodes": [ { "id": "a", "kind": "finish/blur" } ],
            "inputs": [ { "name": "clip", "for": "a.clip" } ], "outputs": [ { "name": "clip", "for": "a.clip" } ] }"#;
        for (name, text) in
            [("a.json", inside), ("b.json", "{"), ("c.json", "{ \"rushes\": 1 }"), ("d.txt", inside)]
        {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let all = read(folder.path(), &rushes_nodes::registry());
        let names: Vec<(&str, &str)> = all.iter().map(|s| (&*s.tool.kind, &*s.tool.label)).collect();
        assert_eq!(names, [("library/a", "Soft")]);
        assert_eq!(all[0].tool.inputs, [rushes_engine::ValueType::Clip]);
    }
}
