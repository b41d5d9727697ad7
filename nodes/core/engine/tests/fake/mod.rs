//! Tools of plain numbers, to test the engine alone: a frame is a list of numbers that tell how it came about.
#![allow(dead_code, clippy::unwrap_used)]

use rushes_engine::cache::{DiskTier, FrameBudget};
use rushes_engine::describe::{DescribedGraph, Describer};
use rushes_engine::document::{Graph, Link, Node, NodeId, PortRef};
use rushes_engine::evaluate::{Evaluator, Frame, Wish};
use rushes_engine::plan::Request;
use rushes_engine::tool::*;
use rushes_engine::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::any::Any;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A frame: a number, computed or not yet.
pub struct Num {
    pub value: f64,
    pub lazy: bool,
}

impl Payload for Num {
    fn bytes(&self) -> u64 {
        1000
    }
    fn tier(&self) -> Tier {
        Tier::Memory
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub fn num(payload: &PayloadRef) -> f64 {
    payload.as_any().downcast_ref::<Num>().unwrap().value
}

fn made(value: f64, lazy: bool) -> Result<PayloadRef> {
    Ok(Arc::new(Num { value, lazy }))
}

/// A host that counts how many passes it ran.
#[derive(Default)]
pub struct FakeHost {
    pub passes: AtomicU64,
}

impl Host for FakeHost {
    fn settle(&self, payload: PayloadRef, _: &Desc, _: u64) -> Result<PayloadRef> {
        let n = payload.as_any().downcast_ref::<Num>().unwrap();
        if !n.lazy {
            return Ok(payload);
        }
        self.passes.fetch_add(1, Ordering::Relaxed);
        made(n.value, false)
    }
    fn to_disk(&self, payload: &dyn Payload) -> Option<Result<Vec<u8>>> {
        payload.as_any().downcast_ref::<Num>().map(|n| Ok(n.value.to_le_bytes().to_vec()))
    }
    fn read_disk(&self, bytes: &[u8]) -> Result<PayloadRef> {
        let bytes = bytes.try_into().map_err(|_| Error::system("short"))?;
        made(f64::from_le_bytes(bytes), false)
    }
    fn executor(&self) -> String {
        "fake".into()
    }
    fn take_timings(&self) -> Vec<(u64, f64)> {
        Vec::new()
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Files that are there when their name says a number: its content.
pub struct FakeFiles;

impl Files for FakeFiles {
    fn find(&self, name: &str) -> Result<FileEntry> {
        if let Some(take) = name.strip_prefix("take:") {
            let content = Key::of(take.as_bytes());
            return Ok(FileEntry { path: PathBuf::from(take), content, provisional: false });
        }
        match name.rsplit('/').next().and_then(|n| n.parse::<u64>().ok()) {
            Some(n) => Ok(FileEntry {
                path: PathBuf::from(name),
                content: Key::of(&n.to_le_bytes()),
                provisional: false,
            }),
            None => Err(Error::missing("the file is not there").at(name)),
        }
    }
    fn list(&self, _: &str) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
    fn output(&self, name: &str) -> Result<PathBuf> {
        Ok(PathBuf::from(name))
    }
}

macro_rules! params {
    ($name:ident { $($(#[$m:meta])* $field:ident: $t:ty = $d:expr),* $(,)? }) => {
        #[derive(Serialize, Deserialize, JsonSchema)]
        #[serde(default)]
        pub struct $name { $($(#[$m])* pub $field: $t),* }
        impl Default for $name { fn default() -> Self { Self { $($field: $d),* } } }
    };
}

fn clip(length: u64) -> Desc {
    Desc::Clip(ClipDesc::clip(64, 36, Rate::FILM, length))
}

fn input(cx: &RenderCx<'_>, port: &str) -> f64 {
    cx.payload(port).map_or(0.0, num)
}

params!(SourceParams {
    #[schemars(extend("path" = "file"))]
    path: String = "1".into(),
    length: u64 = 48
});

/// A reader: frame number plus a thousand times the file's length of name.
pub struct Source;
impl Tool for Source {
    type Params = SourceParams;
    fn spec() -> Spec {
        Spec::new("fake/source", 1, "Source", "Reads.").output(Port::of(ValueType::Clip)).reads_time()
    }
    fn describe(p: &SourceParams, cx: &DescribeCx<'_>) -> Result<Described> {
        cx.file(&p.path)?;
        Ok(Described::one(clip(p.length)))
    }
    fn render(_: &SourceParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made(cx.at.frame as f64, false)
    }
}

params!(StillParams { value: f64 = 5.0 });

/// One picture without time.
pub struct Still;
impl Tool for Still {
    type Params = StillParams;
    fn spec() -> Spec {
        Spec::new("fake/still", 1, "Still", "One picture.").output(Port::of(ValueType::Clip))
    }
    fn describe(_: &StillParams, _: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(ClipDesc::still(64, 36))))
    }
    fn render(p: &StillParams, _: &RenderCx<'_>) -> Result<PayloadRef> {
        made(p.value, false)
    }
}

params!(AddParams {
    #[schemars(range(min = -1e6, max = 1e6))]
    amount: f64 = 0.0,
    unused: f64 = 0.0
});

/// A pointwise tool: adds; zero passes through.
pub struct Add;
impl Tool for Add {
    type Params = AddParams;
    fn spec() -> Spec {
        Spec::new("fake/add", 1, "Add", "Adds.")
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }
    fn describe(_: &AddParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(cx.frames("clip")?.clone())))
    }
    fn identity(p: &AddParams, cx: &FrameCx<'_>) -> Option<Need> {
        (p.amount == 0.0).then(|| Need::new("clip", cx.frame))
    }
    fn idle(_: &AddParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["unused"]
    }
    fn render(p: &AddParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made(input(cx, "clip") + p.amount, true)
    }
}

params!(BlurParams { amount: f64 = 0.0 });

/// A neighbourhood tool: computes its input, then itself.
pub struct Blur;
impl Tool for Blur {
    type Params = BlurParams;
    fn spec() -> Spec {
        Spec::new("fake/blur", 1, "Blur", "Blurs.")
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }
    fn describe(_: &BlurParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(cx.frames("clip")?.clone())))
    }
    fn render(p: &BlurParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made(input(cx, "clip") * 2.0 + p.amount, false)
    }
}

/// A tool that calls itself expensive.
pub struct Slow;
impl Tool for Slow {
    type Params = BlurParams;
    fn spec() -> Spec {
        Spec::new("fake/slow", 1, "Slow", "Takes its time.")
            .class(Class::HeavyFrames)
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }
    fn describe(_: &BlurParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(cx.frames("clip")?.clone())))
    }
    fn render(p: &BlurParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made(input(cx, "clip") * 3.0 + p.amount, false)
    }
}

params!(MixParams { opacity: f64 = 1.0 });

/// A pointwise tool of two inputs.
pub struct Mix;
impl Tool for Mix {
    type Params = MixParams;
    fn spec() -> Spec {
        Spec::new("fake/mix", 1, "Mix", "Mixes.")
            .input(Port::named("bottom", ValueType::Clip))
            .input(Port::named("top", ValueType::Clip).optional())
            .input(Port::of(ValueType::Mask).optional())
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }
    fn describe(_: &MixParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Clip(cx.frames("bottom")?.clone())))
    }
    fn render(p: &MixParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made(input(cx, "bottom") + p.opacity * input(cx, "top") + input(cx, "mask"), true)
    }
}

params!(TrimParams { start: i64 = 0, end: Option<i64> = None });

/// A tool of time: passes frames under other numbers.
pub struct Trim;
impl Tool for Trim {
    type Params = TrimParams;
    fn spec() -> Spec {
        Spec::new("fake/trim", 1, "Trim", "Trims.")
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
    }
    fn describe(p: &TrimParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut d = cx.frames("clip")?.clone();
        d.frames = (p.end.unwrap_or(d.frames as i64) - p.start).max(1) as u64;
        Ok(Described::one(Desc::Clip(d)))
    }
    fn identity(p: &TrimParams, cx: &FrameCx<'_>) -> Option<Need> {
        Some(Need::new("clip", cx.frame + p.start))
    }
}

params!(TwiceParams {
    #[schemars(extend("path" = "file"))]
    path: String = "1".into(),
    #[schemars(extend("path" = "file"))]
    spare: String = "2".into(),
    #[schemars(range(min = 1))]
    hold: i64 = 2
});

/// A reader that shows every frame of its file `hold` times, and looks a second file up without reading it.
pub struct Twice;
impl Tool for Twice {
    type Params = TwiceParams;
    fn spec() -> Spec {
        Spec::new("fake/twice", 1, "Twice", "Reads slowly.").output(Port::of(ValueType::Clip))
    }
    fn describe(p: &TwiceParams, cx: &DescribeCx<'_>) -> Result<Described> {
        cx.file(&p.path)?;
        cx.file(&p.spare)?;
        Ok(Described::one(clip(48)).fact(p.hold))
    }
    fn idle(_: &TwiceParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["hold"]
    }
    fn reads(p: &TwiceParams, cx: &FrameCx<'_>) -> Reads {
        let hold = cx.fact::<i64>().copied().unwrap_or(1);
        Reads { time: Some(cx.frame / hold), files: Some(vec![p.path.clone()]) }
    }
    fn render(_: &TwiceParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made((cx.at.frame / cx.at.fact::<i64>().copied().unwrap_or(1)) as f64, false)
    }
}

params!(NumberParams { value: f64 = 1.0 });

/// A number for a wire.
pub struct Number;
impl Tool for Number {
    type Params = NumberParams;
    fn spec() -> Spec {
        Spec::new("fake/number", 1, "Number", "A number.")
            .output(Port::of(ValueType::Number))
            .class(Class::Value)
    }
    fn describe(p: &NumberParams, _: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Number(NumberDesc::constant(p.value))))
    }
}

/// The free conversion of a clip to a mask.
pub struct Luma;
impl Tool for Luma {
    type Params = NumberParams;
    fn spec() -> Spec {
        Spec::new("fake/luma", 1, "Luma", "Luma.")
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Mask))
            .pointwise()
    }
    fn describe(_: &NumberParams, cx: &DescribeCx<'_>) -> Result<Described> {
        Ok(Described::one(Desc::Mask(cx.frames("clip")?.clone())))
    }
    fn render(_: &NumberParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        made(input(cx, "clip") / 10.0, true)
    }
}

params!(ShootParams { text: String = "a shot".into(), price: f64 = 0.62, seed: u64 = 1 });

/// How often [`Shoot`] was paid for, by its text.
pub static PAID: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

/// A paid job: what it sends is its text and the pixels that come in.
pub struct Shoot;
impl Tool for Shoot {
    type Params = ShootParams;
    fn spec() -> Spec {
        Spec::new("fake/shoot", 1, "Shoot", "Shoots.")
            .input(Port::of(ValueType::Clip))
            .output(Port::of(ValueType::Clip))
            .class(Class::Job)
    }
    fn describe(p: &ShootParams, cx: &DescribeCx<'_>) -> Result<Described> {
        cx.frames("clip")?;
        Ok(Described::one(clip(48)).price(p.price))
    }
    fn run(p: &ShootParams, cx: &RunCx<'_>) -> Result<JobResult> {
        let pixels: Vec<f64> = (0..2).map(|f| cx.pull("clip", f).map(|p| num(&p))).collect::<Result<_>>()?;
        let request = format!("{} {} {pixels:?}", p.text, p.seed);
        let content = Key::of(request.as_bytes());
        if cx.is_known(content) {
            return Ok(JobResult::known(content));
        }
        PAID.lock().unwrap().push(p.text.clone());
        let path = cx.out.unwrap().join("7");
        std::fs::write(&path, &request).unwrap();
        let facts = library::Facts { engine: "fake".into(), seed: Some(p.seed), ..Default::default() };
        Ok(JobResult { files: vec![path], content: Some(content), facts, ..JobResult::default() })
    }
}

pub fn registry() -> Arc<Registry> {
    let mut r = Registry::new();
    r.add::<Source>().add::<Still>().add::<Add>().add::<Blur>().add::<Mix>().add::<Trim>().add::<Number>();
    r.add::<Twice>().add::<Slow>().add::<Shoot>().play_takes::<Source>();
    r.convert::<Luma>("luma");
    Arc::new(r)
}

pub fn id(s: &str) -> NodeId {
    s.parse().unwrap()
}

/// A graph from `("id kind", params)` and `"a.clip b.clip"`.
pub fn graph(nodes: &[(&str, &str, Value)], links: &[&str]) -> Graph {
    let mut g = Graph::default();
    for (name, kind, params) in nodes {
        let params = params.as_object().cloned().unwrap_or_default().into_iter().collect();
        let node = Node { kind: format!("fake/{kind}").into(), version: 1, params, ..Node::default() };
        g.nodes.insert_mut(id(name), Arc::new(node));
    }
    for link in links {
        let (from, to) = link.split_once(' ').unwrap();
        connect(&mut g, from, to);
    }
    g
}

pub fn connect(g: &mut Graph, from: &str, to: &str) {
    let from: PortRef = from.parse().unwrap();
    g.links.insert_mut(to.parse().unwrap(), Arc::new(Link { from, unknown: Default::default() }));
}

pub fn set(g: &Graph, node: &str, param: &str, value: Value) -> Graph {
    let mut g = g.clone();
    let mut n = (**g.nodes.get(&id(node)).unwrap()).clone();
    n.params.insert(param.into(), value);
    g.nodes.insert_mut(id(node), Arc::new(n));
    g
}

/// The chain in small: a reader, a tool of time, two computed tools and three fused ones behind a computed one.
pub fn chain() -> Graph {
    graph(
        &[
            ("read", "source", json!({})),
            ("trim", "trim", json!({ "start": 2 })),
            ("blur", "blur", json!({ "amount": 1 })),
            ("grade", "add", json!({ "amount": 1 })),
            ("up", "blur", json!({ "amount": 3 })),
            ("lut", "add", json!({ "amount": 2 })),
            ("grade2", "add", json!({ "amount": 4 })),
            ("blend", "mix", json!({ "opacity": 0.5 })),
        ],
        &[
            "read.clip trim.clip",
            "trim.clip blur.clip",
            "blur.clip grade.clip",
            "grade.clip up.clip",
            "up.clip lut.clip",
            "lut.clip grade2.clip",
            "grade2.clip blend.bottom",
        ],
    )
}

/// A describer and an evaluator over the fake tools.
pub struct Bench {
    pub describer: Describer,
    pub host: Arc<FakeHost>,
    pub evaluator: Arc<Evaluator>,
}

impl Bench {
    pub fn new() -> Self {
        Self::keeping(FrameBudget::of_memory(1 << 30), None)
    }

    pub fn keeping(budget: FrameBudget, disk: Option<Arc<dyn DiskTier>>) -> Self {
        let host = Arc::new(FakeHost::default());
        Self {
            describer: Describer::new(registry(), host.clone()),
            evaluator: Arc::new(Evaluator::new(host.clone(), budget, disk)),
            host,
        }
    }

    pub fn describe(&mut self, g: &Graph) -> Arc<DescribedGraph> {
        self.describer.describe(&Arc::new(g.clone()), &FakeFiles, None)
    }

    /// Looks at frames of a node and tells how many evaluations each node took.
    pub fn view(&mut self, g: &Graph, node: &str, frames: std::ops::Range<i64>) -> Vec<(String, u64)> {
        self.evaluator.account.reset();
        let described = self.describe(g);
        for frame in frames {
            self.frame(&described, node, frame).unwrap();
        }
        let nodes = self.evaluator.account.nodes();
        nodes.into_iter().map(|(id, a)| (id.to_string(), a.evaluated)).filter(|(_, n)| *n > 0).collect()
    }

    pub fn frame(&self, described: &DescribedGraph, node: &str, frame: i64) -> Result<Frame> {
        let wish = Wish::of(Lane::Viewer);
        self.evaluator.frame(described, &Request::frame(id(node), frame), wish, &Cancel::new())
    }

    pub fn key(&mut self, g: &Graph, node: &str, frame: i64) -> Key {
        let described = self.describe(g);
        rushes_engine::plan::Planner::new(&described, 1).key(&Request::frame(id(node), frame)).unwrap()
    }
}

pub fn counts(list: &[(&str, u64)]) -> Vec<(String, u64)> {
    let mut list: Vec<_> = list.iter().map(|(n, c)| (n.to_string(), *c)).collect();
    list.sort();
    list
}
