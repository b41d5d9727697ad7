//! A graph under test: described, planned and rendered through the real registry, on a device without a GPU.

use crate::Services;
use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Graph, Link, Node, NodeId, PortRef};
use rushes_engine::evaluate::{Evaluator, Wish};
use rushes_engine::lint::Advice;
use rushes_engine::plan::{Planner, Request};
use rushes_engine::tool::{FileEntry, Files, Host, Lane};
use rushes_engine::{Cancel, ClipDesc, Desc, Error, Key, PayloadRef, Result};
use rushes_gpu::{DeviceChoice, Expr, Pixels, Precision};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

/// Files are those of the disk; a name that begins with a digit is a file with that name as its content.
pub(crate) struct DiskFiles;

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
pub(crate) struct Bench {
    graph: Graph,
    host: Arc<dyn Host>,
    pub(crate) described: Arc<DescribedGraph>,
}

fn id(name: &str) -> NodeId {
    name.parse().unwrap()
}

impl Bench {
    /// A graph from `(id, kind, params)` and `"a.clip b.clip"`, that is only described and planned.
    pub(crate) fn new(nodes: &[(&str, &str, Value)], links: &[&str]) -> Self {
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
        Self::of(graph, Arc::new(Services::new(DeviceChoice::Software)))
    }

    fn of(graph: Graph, host: Arc<dyn Host>) -> Self {
        let mut describer = Describer::new(crate::registry(), host.clone());
        let described = describer.describe(&Arc::new(graph.clone()), &DiskFiles, None);
        Self { graph, host, described }
    }

    /// The same graph with another value of a parameter.
    pub(crate) fn set(&self, node: &str, param: &str, value: Value) -> Self {
        let mut graph = self.graph.clone();
        let mut n = (**graph.nodes.get(&id(node)).unwrap()).clone();
        n.params.insert(param.into(), value);
        graph.nodes.insert_mut(id(node), Arc::new(n));
        Self::of(graph, self.host.clone())
    }

    pub(crate) fn error(&self, node: &str) -> Error {
        self.described.slot(&id(node)).unwrap().state.outcome.as_ref().err().cloned().unwrap()
    }

    pub(crate) fn desc(&self, node: &str, output: usize) -> Desc {
        let state = &self.described.slot(&id(node)).unwrap().state;
        state.outcome.as_ref().unwrap().outputs[output].clone()
    }

    pub(crate) fn clip(&self, node: &str) -> ClipDesc {
        self.desc(node, 0).frames().unwrap().clone()
    }

    pub(crate) fn text(&self, node: &str, output: usize) -> String {
        let Desc::Text(text) = self.desc(node, output) else { panic!("no text") };
        text.to_string()
    }

    pub(crate) fn words(&self, node: &str) -> Vec<String> {
        self.described.slot(&id(node)).unwrap().state.outcome.as_ref().unwrap().words.clone()
    }

    pub(crate) fn advice(&self, node: &str) -> Vec<Advice> {
        self.described.slot(&id(node)).unwrap().state.advice.clone()
    }

    /// What a frame of a node's first output is.
    pub(crate) fn payload(&self, node: &str, frame: i64, proxy: u32) -> PayloadRef {
        let evaluator = Arc::new(Evaluator::new(self.host.clone(), 1 << 28, None));
        let request = Request { proxy, ..Request::frame(id(node), frame) };
        let frame = evaluator.frame(&self.described, &request, Wish::of(Lane::Viewer), &Cancel::new());
        frame.unwrap().payload
    }

    /// The pixels of a frame.
    pub(crate) fn pixels(&self, node: &str, frame: i64, proxy: u32) -> Pixels {
        let payload = self.payload(node, frame, proxy);
        let expr = payload.as_any().downcast_ref::<Expr>().unwrap();
        let executor = Services::behind(self.host.as_ref()).unwrap().executor().unwrap();
        let image = executor.materialise(expr, Precision::Float, 0).unwrap();
        executor.read(&image, &Cancel::new()).unwrap()
    }

    /// The pixels of a node's frame 0 behind a conversion, made an ordinary node.
    pub(crate) fn converted(&self, node: &str, kind: &'static str) -> Pixels {
        let mut registry = (*crate::registry()).clone();
        registry.add::<crate::convert::Luma>();
        let mut graph = self.graph.clone();
        graph.nodes.insert_mut(
            id("conversion"),
            Arc::new(Node { kind: kind.into(), version: 1, ..Node::default() }),
        );
        let from: PortRef = format!("{node}.clip").parse().unwrap();
        let link = Link { from, unknown: Default::default() };
        graph.links.insert_mut("conversion.clip".parse().unwrap(), Arc::new(link));
        let mut describer = Describer::new(Arc::new(registry), self.host.clone());
        let described = describer.describe(&Arc::new(graph.clone()), &DiskFiles, None);
        Self { graph, host: self.host.clone(), described }.pixels("conversion", 0, 1)
    }

    pub(crate) fn key(&self, node: &str, frame: i64) -> Key {
        Planner::new(&self.described, 1).key(&Request::frame(id(node), frame)).unwrap()
    }
}

/// Runs the `ffmpeg` program.
pub(crate) fn ffmpeg(arguments: &[&str]) -> Vec<u8> {
    let ran =
        Command::new("ffmpeg").args(["-v", "error", "-nostdin", "-y"]).args(arguments).output().unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    ran.stdout
}

/// Writes a PNG of one colour.
pub(crate) fn png(path: &str, width: u32, height: u32, [r, g, b]: [u8; 3]) {
    let colour = format!("color=0x{r:02x}{g:02x}{b:02x}:s={width}x{height},format=rgb24");
    ffmpeg(&["-f", "lavfi", "-i", &colour, "-frames:v", "1", path]);
}
