//! The tool under question in graphs of its own: built from settings, described, planned and rendered.

use crate::bench;
use crate::setting::Settings;
use crate::sources::{self, Source};
use rushes_engine::cache::FrameBudget;
use rushes_engine::describe::{DescribedGraph, Describer, Outcome};
use rushes_engine::document::{Graph, Link, Node, NodeId, PortRef};
use rushes_engine::evaluate::{Evaluator, JobOrder, Wish};
use rushes_engine::files::{FileIndex, GraphFiles};
use rushes_engine::plan::{Planner, Request};
use rushes_engine::tool::{DynTool, JobResult, Lane, Port, Registry};
use rushes_engine::{Cancel, Desc, Error, Key, Progress, Result, ValueType};
use rushes_gpu::Pixels;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;

/// The longer side up to which pictures are looked at; larger ones are seen at a smaller scale.
const SIDE: u32 = 128;

/// Where a graph lives: a folder with what it may name.
pub struct World {
    kind: &'static str,
    registry: Arc<Registry>,
    index: Arc<FileIndex>,
    pub folder: TempDir,
}

/// How a graph is laid out beyond what decides its frames.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    pub prefix: &'a str,
    pub title: &'a str,
    pub at: [f64; 2],
    pub folder: &'a Path,
    /// What stands for `asset:` in names of files.
    pub assets: &'a str,
}

/// A described graph with the tool in it.
pub struct State {
    pub described: Arc<DescribedGraph>,
    pub id: NodeId,
    files: GraphFiles,
}

/// The node through which a mood board is looked at: what it hands on is no picture.
const VIEWER: &str = "viewer";

impl World {
    pub fn new(kind: &'static str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        sources::furnish(folder.path());
        Self { kind, registry: bench::registry(), index: Arc::new(FileIndex::open(None, || {})), folder }
    }

    pub fn tool(&self) -> &Arc<dyn DynTool> {
        self.registry.get(self.kind).unwrap()
    }

    /// The usual layout.
    pub fn layout(&self) -> Layout<'_> {
        let folder = self.folder.path();
        Layout { prefix: "n", title: "", at: [0.0, 0.0], folder, assets: "asset:" }
    }

    /// The graph of some settings.
    pub fn graph(&self, settings: &Settings, layout: &Layout<'_>) -> (Graph, NodeId) {
        let mut graph = Graph::default();
        let id: NodeId = format!("{}_tool", layout.prefix).parse().unwrap();
        let mut add = |id: &NodeId, kind: &str, params: Vec<(String, Value)>| {
            let version = self.registry.get(kind).unwrap().spec().version;
            let params = params.into_iter().map(|(name, value)| (name, renamed(value, layout.assets)));
            let (title, at) = (layout.title.to_owned(), layout.at);
            let params = params.collect();
            let node = Node { kind: kind.into(), version, title, at, params, ..Node::default() };
            graph.nodes.insert_mut(id.clone(), Arc::new(node));
        };
        add(&id, self.kind, settings.params.clone().into_iter().collect());
        let mut links = Vec::new();
        for (port, source) in &settings.wires {
            let Source { nodes, links: inner, from, .. } = source;
            let named = |end: &str| -> PortRef {
                let (node, port_of) = end.split_once('.').unwrap();
                format!("{}_{port}_{node}.{port_of}", layout.prefix).parse().unwrap()
            };
            for (name, kind, params) in nodes {
                let params = params.as_object().unwrap().clone().into_iter().collect();
                add(&format!("{}_{port}_{name}", layout.prefix).parse().unwrap(), kind, params);
            }
            links.extend(inner.iter().map(|(from, to)| (named(from), named(to))));
            links.push((named(from), PortRef::new(id.clone(), port.as_str())));
        }
        let styled = |port: &&Port| port.value == ValueType::Style;
        let outputs = &self.tool().spec().outputs;
        if let (Some(output), Some((kind, ports))) = (outputs.iter().find(styled), self.shows_style()) {
            let viewer: NodeId = VIEWER.parse().unwrap();
            add(&viewer, kind, Vec::new());
            for port in ports {
                let to = PortRef::new(viewer.clone(), port.name);
                if port.value == ValueType::Style {
                    links.push((PortRef::new(id.clone(), output.name), to));
                } else {
                    let Source { nodes, from, .. } = sources::of(port.value).swap_remove(0);
                    nodes.iter().for_each(|(name, kind, params)| {
                        add(
                            &name.parse().unwrap(),
                            kind,
                            params.as_object().unwrap().clone().into_iter().collect(),
                        );
                    });
                    links.push((from.parse().unwrap(), to));
                }
            }
        }
        for (from, to) in links {
            graph.links.insert_mut(to, Arc::new(Link { from, unknown: serde_json::Map::new() }));
        }
        (graph, id)
    }

    /// A tool that makes pictures of a mood board, with what must be wired into it.
    fn shows_style(&self) -> Option<(&'static str, Vec<Port>)> {
        self.registry.all().map(|tool| tool.spec()).find_map(|spec| {
            let ports: Vec<_> = spec.inputs.iter().filter(|p| p.required).cloned().collect();
            let shows = spec.outputs.iter().any(|p| p.value == ValueType::Clip);
            let takes = ports.iter().any(|p| p.value == ValueType::Style);
            (shows && takes).then_some((spec.kind, ports))
        })
    }

    /// The settings in the usual layout, described.
    pub fn state(&self, settings: &Settings) -> State {
        let (graph, id) = self.graph(settings, &self.layout());
        self.described(graph, id, self.folder.path())
    }

    pub fn described(&self, graph: Graph, id: NodeId, folder: &Path) -> State {
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("assets");
        let files = GraphFiles::new(self.index.clone(), folder, &assets, Path::new("."), true);
        let mut describer = Describer::new(self.registry.clone(), bench::host());
        let described = describer.describe(&Arc::new(graph), &files, None);
        State { described, id, files }
    }

    /// An evaluator that has seen nothing yet.
    pub fn evaluator(&self) -> Evaluator {
        Evaluator::new(bench::host(), FrameBudget::of_memory(1 << 28), None)
    }

    /// Some frames of an output, made from nothing.
    pub fn frames(&self, state: &State, output: usize, frames: &[i64]) -> Result<Vec<Option<Pixels>>> {
        let evaluator = self.evaluator();
        frames.iter().map(|f| self.look(&evaluator, state, &state.request(output, *f)?)).collect()
    }

    /// What one request shows, if it is a picture.
    pub fn look(&self, by: &Evaluator, state: &State, request: &Request) -> Result<Option<Pixels>> {
        let made = by.frame(&state.described, request, Wish::of(Lane::Viewer), &Cancel::new())?;
        bench::pixels_of(&made.payload)
    }

    /// Runs the tool's job into a folder of its own and hands back what lies there then.
    pub fn job(&self, settings: &Settings) -> Result<(JobResult, Vec<(PathBuf, Vec<u8>)>)> {
        let folder = tempfile::tempdir().unwrap();
        sources::furnish(folder.path());
        let before = listed(folder.path());
        let layout = Layout { folder: folder.path(), ..self.layout() };
        let (graph, id) = self.graph(settings, &layout);
        let json = rushes_engine::document::json::write(&graph);
        let state = self.described(graph, id, folder.path());
        let order = JobOrder {
            node: &state.id,
            frames: None,
            proxy: 1,
            out: None,
            graph_json: &json,
            files: &state.files,
            cancel: &Cancel::new(),
            progress: &Progress::silent(),
        };
        let mut result = self.evaluator().run(&state.described, &order)?;
        let files = listed(folder.path()).into_iter().filter(|(p, _)| before.iter().all(|(b, _)| b != p));
        result.files.iter_mut().for_each(|f| *f = f.file_name().unwrap_or_default().into());
        Ok((result, files.collect()))
    }
}

impl State {
    pub fn outcome(&self) -> Result<&Outcome, &Error> {
        self.described.slot(&self.id).unwrap().state.outcome.as_ref()
    }

    /// A frame of an output at a scale at which it is small.
    pub fn request(&self, output: usize, frame: i64) -> Result<Request> {
        let port = self.described.slot(&self.id)?.state.tool.as_ref();
        let port = port.and_then(|t| t.spec().outputs.get(output)).map(|p| p.name.into());
        let desc = self.outcome().map_err(Clone::clone)?.outputs.get(output);
        if let Some(Desc::Style(_)) = desc {
            return Ok(Request::frame(VIEWER.parse()?, frame));
        }
        let size = desc.and_then(Desc::frames).map_or(SIDE, |d| d.width.max(d.height));
        let proxy = size.div_ceil(SIDE).next_power_of_two();
        Ok(Request { node: self.id.clone(), port, frame, proxy, roi: None })
    }

    pub fn key(&self, output: usize, frame: i64) -> Result<Key> {
        let request = self.request(output, frame)?;
        Planner::new(&self.described, request.proxy).key(&request)
    }

    /// Whether the tool makes this frame itself, and does not pass on one that comes in.
    pub fn makes(&self, output: usize, frame: i64) -> Result<bool> {
        let request = self.request(output, frame)?;
        let made = Planner::new(&self.described, request.proxy).explain(&request)?;
        Ok(made.node == self.id || made.node.as_str() == VIEWER)
    }

    /// The outputs that can be looked at, with the frames to look at: the first, one in the middle, the last.
    pub fn looks(&self) -> Vec<(usize, Vec<i64>)> {
        let outputs = self.outcome().map(|o| o.outputs.as_slice()).unwrap_or(&[]);
        let count = |desc: &Desc| match desc {
            Desc::ImageSet(set) => set.images.len() as u64,
            Desc::Style(_) | Desc::Character(_) => 1,
            desc => desc.frames().map_or(0, |d| d.frames),
        };
        let looks = |(output, desc): (usize, &Desc)| {
            let last = i64::try_from(count(desc)).unwrap_or(i64::MAX) - 1;
            let mut frames = vec![0, (last + 1) / 2, last];
            frames.retain(|f| (0..=last).contains(f));
            frames.dedup();
            (output, frames)
        };
        outputs.iter().enumerate().map(looks).filter(|(_, frames)| !frames.is_empty()).collect()
    }
}

/// The files below a folder with their bytes, by name.
fn listed(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).unwrap().flatten() {
            match entry.path() {
                path if path.is_dir() => open.push(path),
                path => {
                    let bytes = std::fs::read(&path).unwrap();
                    found.push((path.strip_prefix(folder).unwrap().into(), bytes));
                }
            }
        }
    }
    found.sort();
    found
}

/// The value as an edit would set it, whole numbers without a fraction, with another beginning of the names of shipped
/// files.
fn renamed(value: Value, assets: &str) -> Value {
    match value {
        Value::Number(n) => match n.as_f64() {
            Some(whole) if n.is_f64() && whole.fract() == 0.0 => Value::from(whole as i64),
            _ => Value::Number(n),
        },
        Value::String(text) => match text.strip_prefix("asset:") {
            Some(rest) => Value::String(format!("{assets}{rest}")),
            None => Value::String(text),
        },
        Value::Array(items) => items.into_iter().map(|v| renamed(v, assets)).collect(),
        Value::Object(map) => map.into_iter().map(|(k, v)| (k, renamed(v, assets))).collect(),
        other => other,
    }
}
