//! Small pictures through the real engine, on the software rasteriser.

use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Graph, Link, Node, NodeId, PortRef};
use rushes_engine::evaluate::{Evaluator, Wish};
use rushes_engine::lint::Advice;
use rushes_engine::plan::{Planner, Request};
use rushes_engine::tool::*;
use rushes_engine::*;
use rushes_gpu::{DeviceChoice, Expr, Light, Pixels, Precision, box_mean};
use rushes_nodes::Services;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, OnceLock};

/// No files at all.
struct NoFiles;

impl Files for NoFiles {
    fn find(&self, name: &str) -> Result<FileEntry> {
        Err(Error::missing("the file is not there").at(name))
    }
    fn list(&self, name: &str) -> Result<Vec<String>> {
        Err(Error::missing("the folder is not there").at(name))
    }
    fn output(&self, name: &str) -> Result<PathBuf> {
        Ok(PathBuf::from(name))
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct SourceParams {
    width: u32,
    height: u32,
    pixels: Vec<[f32; 4]>,
    length: u64,
    depth: u8,
}

impl Default for SourceParams {
    fn default() -> Self {
        Self { width: 1, height: 1, pixels: Vec::new(), length: 1, depth: 32 }
    }
}

/// A picture given as numbers; a clip of it where `length` is above 1.
struct Source;

impl Tool for Source {
    type Params = SourceParams;
    fn spec() -> Spec {
        Spec::new("test/source", 1, "Source", "Numbers.").output(Port::of(ValueType::Clip))
    }
    fn describe(p: &SourceParams, _: &DescribeCx<'_>) -> Result<Described> {
        let still = ClipDesc::still(p.width, p.height);
        let rate = (p.length > 1).then_some(Rate::FILM);
        let alpha = p.pixels.iter().any(|c| c[3] < 1.0);
        Ok(Described::one(Desc::Clip(ClipDesc { rate, frames: p.length, depth: p.depth, alpha, ..still })))
    }
    fn render(p: &SourceParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let services = cx.host.as_any().downcast_ref::<Services>().unwrap();
        let executor = services.executor()?.as_ref();
        let precision = Precision::for_bits(p.depth);
        let pixels = Pixels { width: p.width, height: p.height, rgba: p.pixels.clone() };
        let image = Expr::from(executor.image(&pixels, precision)?);
        Ok(Arc::new(box_mean(executor, &image, cx.at.proxy, Light::Linear, precision, 0)?))
    }
}

#[derive(Default, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
struct WordsParams {
    text: String,
}

/// Text for a wire.
struct Words;

impl Tool for Words {
    type Params = WordsParams;
    fn spec() -> Spec {
        Spec::new("test/words", 1, "Words", "Words.").output(Port::of(ValueType::Text)).class(Class::Value)
    }
    fn describe(p: &WordsParams, _: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Text(p.text.as_str().into())))
    }
}

fn host() -> Arc<Services> {
    static HOST: OnceLock<Arc<Services>> = OnceLock::new();
    HOST.get_or_init(|| Arc::new(Services::new(DeviceChoice::Software))).clone()
}

/// A graph of sources and tools, described.
pub struct Bench {
    evaluator: Evaluator,
    described: Arc<DescribedGraph>,
}

fn id(name: &str) -> NodeId {
    name.parse().unwrap()
}

impl Bench {
    /// A graph from `(id, kind, params)` and `"a.clip b.clip"`.
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
        let mut registry = (*rushes_nodes::registry()).clone();
        registry.add::<Source>().add::<Words>();
        let host: Arc<dyn Host> = host();
        let described =
            Describer::new(Arc::new(registry), host.clone()).describe(&Arc::new(graph), &NoFiles, None);
        Self { evaluator: Evaluator::new(host, 1 << 28, None), described }
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

    /// Frame `frame` of `node` at scale `1/proxy`.
    pub fn frame(&self, node: &str, frame: i64, proxy: u32) -> Pixels {
        let request = Request { proxy, ..Request::frame(id(node), frame) };
        let wish = Wish::of(Lane::Viewer);
        let got = self.evaluator.frame(&self.described, &request, wish, &Cancel::new()).unwrap();
        let Expr::Image(image) = got.payload.as_any().downcast_ref::<Expr>().unwrap() else {
            panic!("not computed")
        };
        host().executor().unwrap().read(image, &Cancel::new()).unwrap()
    }

    /// Frame 0 of `t`.
    pub fn out(&self) -> Pixels {
        self.frame("t", 0, 1)
    }

    pub fn key(&self, node: &str, frame: i64) -> Key {
        Planner::new(&self.described, 1).key(&Request::frame(id(node), frame)).unwrap()
    }

    pub fn clip(&self, node: &str) -> ClipDesc {
        let state = &self.described.slot(&id(node)).unwrap().state;
        state.outcome.as_ref().unwrap().outputs[0].frames().unwrap().clone()
    }

    pub fn words(&self, node: &str) -> String {
        self.described.slot(&id(node)).unwrap().state.outcome.as_ref().unwrap().words.join("; ")
    }

    pub fn error(&self, node: &str) -> Error {
        self.described.slot(&id(node)).unwrap().state.outcome.as_ref().err().cloned().unwrap()
    }

    pub fn advice(&self, node: &str) -> Vec<Advice> {
        self.described.slot(&id(node)).unwrap().state.advice.clone()
    }
}

/// A picture as parameters of `test/source`.
pub fn given(source: &Pixels) -> Value {
    json!({ "width": source.width, "height": source.height, "pixels": source.rgba })
}

/// A picture by a formula of its pixels' positions.
pub fn picture(width: u32, height: u32, at: impl Fn(u32, u32) -> [f32; 4]) -> Pixels {
    let rgba = (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| at(x, y)).collect();
    Pixels { width, height, rgba }
}

/// Reproducible opaque noise in `low..high`, of values that half floats hold exactly.
pub fn noise(width: u32, height: u32, low: f32, high: f32) -> Pixels {
    let mut state = 0x1234_5678_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let value = low + (high - low) * (state >> 8) as f32 / (1 << 24) as f32;
        (value * 1024.0).round() / 1024.0
    };
    let rgba = (0..width * height).map(|_| [next(), next(), next(), 1.0]).collect();
    Pixels { width, height, rgba }
}

/// The largest difference of any channel, `rim` pixels from the edges.
pub fn worst(a: &Pixels, b: &Pixels, rim: u32) -> f32 {
    assert_eq!((a.width, a.height), (b.width, b.height));
    let mut worst = 0.0_f32;
    for y in rim..a.height - rim {
        for x in rim..a.width - rim {
            for (p, q) in a.at(x, y).unwrap().into_iter().zip(b.at(x, y).unwrap()) {
                let d = (p - q).abs();
                worst = if d.is_nan() { f32::INFINITY } else { worst.max(d) };
            }
        }
    }
    worst
}

/// FFmpeg's filters over raw planar floats.
pub fn ffmpeg(source: &Pixels, filter: &str, width: u32, height: u32) -> Pixels {
    let mut child = Command::new("ffmpeg")
        .args(["-v", "error", "-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-s"])
        .arg(format!("{}x{}", source.width, source.height))
        .args(["-i", "-", "-vf", filter, "-f", "rawvideo", "-pix_fmt", "gbrpf32le", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut bytes = Vec::new();
    for c in [1, 2, 0] {
        source.rgba.iter().for_each(|p| bytes.extend(p[c].to_le_bytes()));
    }
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let out = child.wait_with_output().unwrap();
    let floats: Vec<f32> =
        out.stdout.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    let n = (width * height) as usize;
    assert_eq!(floats.len(), 3 * n);
    let rgba = (0..n).map(|i| [floats[2 * n + i], floats[i], floats[n + i], 1.0]).collect();
    Pixels { width, height, rgba }
}

/// The picture with `f` over its colours.
pub fn mapped(source: &Pixels, f: impl Fn(f32) -> f32) -> Pixels {
    let rgba = source.rgba.iter().map(|c| [f(c[0]), f(c[1]), f(c[2]), c[3]]).collect();
    Pixels { width: source.width, height: source.height, rgba }
}

/// The mean of all colours in linear light.
pub fn mean_light(p: &Pixels) -> f64 {
    let sum: f64 = p.rgba.iter().flat_map(|c| &c[..3]).map(|v| f64::from(v.max(0.0)).powf(2.4)).sum();
    sum / (3.0 * p.rgba.len() as f64)
}
