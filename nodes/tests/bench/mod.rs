#![allow(
    dead_code,
    unused_imports,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "each test program takes what it needs"
)]
//! A graph under test: described, planned and rendered through the real registry, on a device without a GPU.
//!
//! The tests inside the crate and those beside it share this file, so it calls the crate by its name.

mod pictures;
pub mod tools;

pub use pictures::*;

use rushes_engine::cache::FrameBudget;
use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Graph, Link, Node, NodeId, PortRef};
use rushes_engine::evaluate::{Evaluator, Wish};
use rushes_engine::lint::Advice;
use rushes_engine::plan::{Planner, Request};
use rushes_engine::tool::{FileEntry, Files, Lane, Registry};
use rushes_engine::{Cancel, ClipDesc, Desc, Error, Key, PayloadRef, Result};
use rushes_gpu::{DeviceChoice, Expr, Pixels, Precision};
use rushes_nodes::Services;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// Files are those of the disk; a name that begins with a digit is a file with that name as its content.
pub struct DiskFiles;

impl Files for DiskFiles {
    fn find(&self, name: &str) -> Result<FileEntry> {
        let entry = |content| FileEntry { path: PathBuf::from(name), content, provisional: false };
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            return Ok(entry(Key::of(name.as_bytes())));
        }
        let bytes = std::fs::read(name).map_err(|_| Error::missing("the file is not there").at(name))?;
        Ok(entry(Key::of(&bytes)))
    }

    fn list(&self, name: &str) -> Result<Vec<String>> {
        let missing = |_| Error::missing("the folder is not there").at(name);
        let names = std::fs::read_dir(Path::new(name)).map_err(missing)?;
        let mut names: Vec<_> = names.flatten().map(|e| e.path().to_string_lossy().into_owned()).collect();
        names.sort();
        Ok(names)
    }

    fn output(&self, name: &str) -> Result<PathBuf> {
        Ok(PathBuf::from(name))
    }
}

/// A graph and its description.
#[derive(Clone)]
pub struct Bench {
    graph: Graph,
    pub described: Arc<DescribedGraph>,
}

/// What a test program may set before it begins.
pub static HOST: OnceLock<Arc<Services>> = OnceLock::new();

/// The software rasteriser, so that every machine tests the same device.
pub fn host() -> Arc<Services> {
    HOST.get_or_init(|| Arc::new(Services::new(DeviceChoice::Software))).clone()
}

/// All tools, and those of tests.
pub fn registry() -> Arc<Registry> {
    let mut registry = (*rushes_nodes::registry()).clone();
    registry.add::<tools::Source>().add::<tools::Words>();
    registry.add::<tools::Depth>().add::<tools::Flow>().add::<tools::Mask>();
    Arc::new(registry)
}

/// The pixels of a payload, if it is a picture.
pub fn pixels_of(payload: &PayloadRef) -> Result<Option<Pixels>> {
    let Some(expr) = payload.as_any().downcast_ref::<Expr>() else { return Ok(None) };
    let host = host();
    let executor = host.executor()?;
    let image = executor.materialise(expr, Precision::Float, 0)?;
    executor.read(&image, &Cancel::new()).map(Some)
}

fn id(name: &str) -> NodeId {
    name.parse().unwrap()
}

impl Bench {
    /// A graph from `(id, kind, params)` and `"a.clip b.clip"`, that is only described and planned.
    pub fn new(nodes: &[(&str, &str, Value)], links: &[&str]) -> Self {
        let mut graph = Graph::default();
        for (name, kind, params) in nodes {
            let params = params.as_object().cloned().unwrap_or_default().into_iter().collect();
            let node = Node { kind: (*kind).into(), version: 1, params, ..Node::default() };
            graph.nodes.insert_mut(id(name), Arc::new(node));
        }
        for link in links {
            let (from, to) = link.split_once(' ').unwrap();
            let from: PortRef = from.parse().unwrap();
            graph.links.insert_mut(to.parse().unwrap(), Arc::new(Link { from, unknown: Default::default() }));
        }
        Self::of(graph)
    }

    /// `source` through one tool called `t`.
    pub fn tool(source: &Pixels, kind: &str, params: Value) -> Self {
        Self::tool_at(source, 32, kind, params)
    }

    /// [`Bench::tool`] over a source of `depth` bits.
    pub fn tool_at(source: &Pixels, depth: u8, kind: &str, params: Value) -> Self {
        let mut given = given(source);
        given["depth"] = json!(depth);
        Self::new(&[("s", "test/source", given), ("t", kind, params)], &["s.clip t.clip"])
    }

    fn of(graph: Graph) -> Self {
        let mut describer = Describer::new(registry(), host());
        let described = describer.describe(&Arc::new(graph.clone()), &DiskFiles, None);
        Self { graph, described }
    }

    /// The same graph with another value of a parameter.
    pub fn set(&self, node: &str, param: &str, value: Value) -> Self {
        let mut graph = self.graph.clone();
        let mut n = (**graph.nodes.get(&id(node)).unwrap()).clone();
        n.params.insert(param.into(), value);
        graph.nodes.insert_mut(id(node), Arc::new(n));
        Self::of(graph)
    }

    pub fn error(&self, node: &str) -> Error {
        self.described.slot(&id(node)).unwrap().state.outcome.as_ref().err().cloned().unwrap()
    }

    pub fn desc(&self, node: &str, output: usize) -> Desc {
        let state = &self.described.slot(&id(node)).unwrap().state;
        state.outcome.as_ref().unwrap().outputs[output].clone()
    }

    pub fn clip(&self, node: &str) -> ClipDesc {
        self.desc(node, 0).frames().unwrap().clone()
    }

    pub fn text(&self, node: &str, output: usize) -> String {
        let Desc::Text(text) = self.desc(node, output) else { panic!("no text") };
        text.to_string()
    }

    pub fn words(&self, node: &str) -> Vec<String> {
        self.described.slot(&id(node)).unwrap().state.outcome.as_ref().unwrap().words.clone()
    }

    pub fn advice(&self, node: &str) -> Vec<Advice> {
        self.described.slot(&id(node)).unwrap().state.advice.clone()
    }

    /// What a frame of a node's first output is.
    pub fn payload(&self, node: &str, frame: i64, proxy: u32) -> PayloadRef {
        let request = Request { proxy, ..Request::frame(id(node), frame) };
        let evaluator = Evaluator::new(host(), FrameBudget::of_memory(1 << 28), None);
        let frame = evaluator.frame(&self.described, &request, Wish::of(Lane::Viewer), &Cancel::new());
        frame.unwrap().payload
    }

    /// The pixels of a frame.
    pub fn pixels(&self, node: &str, frame: i64, proxy: u32) -> Pixels {
        pixels_of(&self.payload(node, frame, proxy)).unwrap().unwrap()
    }

    /// The pixels of frame 0 of `t`.
    pub fn out(&self) -> Pixels {
        self.pixels("t", 0, 1)
    }

    pub fn key(&self, node: &str, frame: i64) -> Key {
        Planner::new(&self.described, 1).key(&Request::frame(id(node), frame)).unwrap()
    }
}
