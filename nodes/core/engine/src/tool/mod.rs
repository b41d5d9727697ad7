//! What a tool is: one struct of parameters and a few functions over them.

mod context;
mod dynamic;
mod param_spec;
pub mod points;
mod registry;
mod schema;
mod spec;

pub(crate) use context::open_input;
pub use context::{DescribeCx, FileEntry, Files, FrameCx, Host, Input, JobResult, Lane, RenderCx, RunCx};
pub(crate) use dynamic::erased;
pub use dynamic::{DynTool, Typed};
pub use param_spec::{Choice, FileValue, ParamKind, ParamSpec};
pub use points::PointCurve;
pub use registry::{Conversion, Registry};
pub use schema::graph_schema;
pub use spec::{Class, Port, Spec, Unmade};

use crate::lint::Advice;
use crate::{Desc, Key, PayloadRef, Result};
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::any::Any;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Work that a job has done on somebody else's machine, told before anything leaves this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Errand {
    /// Whose machine, such as `fal.ai`.
    pub to: String,
    /// The engine there.
    pub engine: String,
    /// What is sent, each thing in a few words.
    pub sends: Vec<String>,
}

/// What a tool will put on its output wires.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// One description an output port, in the order of the spec.
    pub outputs: Vec<Desc>,
    /// What a person should know: how inputs were fitted, what was guessed.
    pub words: Vec<String>,
    /// What the tool found out and wants to see again when it is planned and rendered. Must follow from its
    /// parameters, its inputs' descriptions and the content of its files, as they are what keys are made of.
    pub facts: Option<Arc<dyn Any + Send + Sync>>,
    /// What running it costs in US dollars, where it has a price.
    pub price_usd: Option<f64>,
    /// What running it asks of somebody else's machine.
    pub errand: Option<Errand>,
    /// Flags of what is still being found out and changes nothing but the words. The node is described again once one of
    /// them is set.
    pub awaited: Vec<Arc<AtomicBool>>,
}

impl Described {
    /// A tool with one output.
    pub fn one(output: Desc) -> Self {
        Self { outputs: vec![output], ..Self::default() }
    }

    /// Adds something to know.
    #[must_use]
    pub fn word(mut self, word: impl Into<String>) -> Self {
        self.words.push(word.into());
        self
    }

    /// Says what running it costs.
    #[must_use]
    pub fn price(mut self, usd: f64) -> Self {
        self.price_usd = Some(usd);
        self
    }

    /// Says whose machine does the work and what it is sent.
    #[must_use]
    pub fn errand(mut self, errand: Errand) -> Self {
        self.errand = Some(errand);
        self
    }

    /// Keeps what was found out; see [`FrameCx::facts`].
    #[must_use]
    pub fn fact(mut self, fact: impl Any + Send + Sync) -> Self {
        self.facts = Some(Arc::new(fact));
        self
    }
}

/// What of its surroundings a frame depends on, beside parameters and inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// A number that decides it: its own frame, or the frame of a file that it shows.
    pub time: Option<i64>,
    /// The files that decide it, by their names in the graph; all that `describe` looked up where `None`.
    pub files: Option<Vec<String>>,
}

/// A frame that a tool asks of one of its inputs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Need {
    /// The input port.
    pub port: Arc<str>,
    /// The frame, in the input's own numbers. Clamped to what the input has; of a still always 0.
    pub frame: i64,
    /// The scale it is wanted at, where not that of the answer: one pixel stands for so many each way.
    pub proxy: Option<u32>,
}

impl Need {
    /// Frame `frame` of input `port`.
    pub fn new(port: &str, frame: i64) -> Self {
        Self { port: port.into(), frame, proxy: None }
    }

    /// The same at a scale of its own; see [`FrameCx::finer`].
    #[must_use]
    pub fn at_proxy(mut self, proxy: u32) -> Self {
        self.proxy = Some(proxy.max(1));
        self
    }
}

/// A tool. All functions are pure: what they say follows from their arguments alone.
pub trait Tool: Send + Sync + 'static {
    /// Its parameters: names, defaults, ranges and help.
    type Params: Serialize + DeserializeOwned + JsonSchema + Default + Send + Sync + 'static;

    /// What it says of itself.
    fn spec() -> Spec;

    /// What it will output, or which parameter is wrong and what to do. Sees parameters as they are at frame 0.
    fn describe(params: &Self::Params, cx: &DescribeCx<'_>) -> Result<Described>;

    /// How the chosen engine works; the spec's class unless the engine decides it.
    fn class(_params: &Self::Params) -> Class {
        Self::spec().class
    }

    /// The input frames that output `cx.frame` is made from: by default the first clip's same frame and of the
    /// others the one shown at the same time, held at their end.
    fn needs(_params: &Self::Params, cx: &FrameCx<'_>) -> Vec<Need> {
        cx.same_time()
    }

    /// The input frame that the output frame is, unchanged: such a frame costs nothing and shares its key.
    fn identity(_params: &Self::Params, _cx: &FrameCx<'_>) -> Option<Need> {
        None
    }

    /// Parameters that cannot matter as the others stand and so stay out of the key.
    fn idle(_params: &Self::Params, _cx: &FrameCx<'_>) -> Vec<&'static str> {
        Vec::new()
    }

    /// What else decides the frame: by default its number where the spec says so, and all files.
    fn reads(_params: &Self::Params, cx: &FrameCx<'_>) -> Reads {
        Reads { time: cx.spec.reads_time.then_some(cx.frame), files: None }
    }

    /// What the code itself adds to the key: the hash of its kernels.
    fn code() -> Option<Key> {
        None
    }

    /// Makes one frame of one output. Never called where `identity` answered.
    fn render(params: &Self::Params, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let _ = params;
        Err(crate::Error::usage(format!("{} has no frames to look at", cx.kind))
            .help("look at the node before it"))
    }

    /// Runs the job.
    fn run(params: &Self::Params, cx: &RunCx<'_>) -> Result<JobResult> {
        let _ = params;
        Err(crate::Error::usage(format!("{} has nothing to run", cx.kind)).help("look at its frames instead"))
    }

    /// Advice on how it is used.
    fn lint(_params: &Self::Params, _cx: &DescribeCx<'_>) -> Vec<Advice> {
        Vec::new()
    }

    /// Parameters to set, as an edit, once a job that depends on this node has run.
    fn after_run(_params: &Self::Params) -> Vec<(&'static str, Value)> {
        Vec::new()
    }

    /// Brings parameters written for `version` to the present one.
    fn migrate(_version: u32, params: Map<String, Value>) -> Result<Map<String, Value>> {
        Ok(params)
    }
}
