//! Tools behind one object type, so that a graph can hold any of them.

use super::{
    Class, DescribeCx, Described, FrameCx, JobResult, Need, ParamSpec, Reads, RenderCx, RunCx, Spec, Tool,
};
use crate::lint::Advice;
use crate::{Error, Key, PayloadRef, Result};
use serde_json::{Map, Value};
use std::any::Any;
use std::marker::PhantomData;
use std::sync::Arc;

/// A tool's parameters as its own struct, seen from outside.
pub type Typed = Arc<dyn Any + Send + Sync>;

/// A [`Tool`] of any parameters.
pub trait DynTool: Send + Sync {
    /// What it says of itself.
    fn spec(&self) -> &Spec;
    /// Its parameters.
    fn params(&self) -> &[ParamSpec];
    /// What its code adds to the key.
    fn code(&self) -> Option<Key>;
    /// Resolved parameters as the tool's struct.
    fn parse(&self, values: Map<String, Value>) -> Result<Typed>;
    /// The tool's struct as a graph would hold it, all parameters written out.
    fn values(&self, params: &Typed) -> Result<Map<String, Value>>;
    /// See [`Tool::class`].
    fn class(&self, params: &Typed) -> Class;
    /// See [`Tool::describe`].
    fn describe(&self, params: &Typed, cx: &DescribeCx<'_>) -> Result<Described>;
    /// See [`Tool::needs`].
    fn needs(&self, params: &Typed, cx: &FrameCx<'_>) -> Vec<Need>;
    /// See [`Tool::identity`].
    fn identity(&self, params: &Typed, cx: &FrameCx<'_>) -> Option<Need>;
    /// See [`Tool::idle`].
    fn idle(&self, params: &Typed, cx: &FrameCx<'_>) -> Vec<&'static str>;
    /// See [`Tool::reads`].
    fn reads(&self, params: &Typed, cx: &FrameCx<'_>) -> Reads;
    /// See [`Tool::render`].
    fn render(&self, params: &Typed, cx: &RenderCx<'_>) -> Result<PayloadRef>;
    /// See [`Tool::run`].
    fn run(&self, params: &Typed, cx: &RunCx<'_>) -> Result<JobResult>;
    /// See [`Tool::lint`].
    fn lint(&self, params: &Typed, cx: &DescribeCx<'_>) -> Vec<Advice>;
    /// See [`Tool::after_run`].
    fn after_run(&self, params: &Typed) -> Vec<(&'static str, Value)>;
    /// See [`Tool::migrate`].
    fn migrate(&self, version: u32, params: Map<String, Value>) -> Result<Map<String, Value>>;
}

/// The one [`DynTool`] that there is: a tool with its spec and parameters read once.
pub(super) struct Erased<T: Tool> {
    spec: Spec,
    params: Vec<ParamSpec>,
    code: Option<Key>,
    tool: PhantomData<fn() -> T>,
}

impl<T: Tool> Erased<T> {
    pub(super) fn new() -> Self {
        Self { spec: T::spec(), params: ParamSpec::all::<T::Params>(), code: T::code(), tool: PhantomData }
    }

    fn typed<'a>(&self, params: &'a Typed) -> Result<&'a T::Params> {
        params
            .downcast_ref()
            .ok_or_else(|| Error::usage("these parameters are another tool's").at(self.spec.kind))
    }
}

/// A tool behind the one object type.
pub(crate) fn erased<T: Tool>() -> Arc<dyn DynTool> {
    Arc::new(Erased::<T>::new())
}

impl<T: Tool> DynTool for Erased<T> {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn params(&self) -> &[ParamSpec] {
        &self.params
    }

    fn code(&self) -> Option<Key> {
        self.code
    }

    fn parse(&self, values: Map<String, Value>) -> Result<Typed> {
        match serde_json::from_value::<T::Params>(Value::Object(values)) {
            Ok(params) => Ok(Arc::new(params)),
            Err(e) => Err(Error::usage(format!("the parameters are not right: {e}"))
                .help(format!("see `rushes nodes {}` for what they are", self.spec.kind))),
        }
    }

    fn values(&self, params: &Typed) -> Result<Map<String, Value>> {
        match serde_json::to_value(self.typed(params)?) {
            Ok(Value::Object(values)) => Ok(values),
            _ => Err(Error::usage("the parameters cannot be written").at(self.spec.kind)),
        }
    }

    fn class(&self, params: &Typed) -> Class {
        self.typed(params).map_or(self.spec.class, T::class)
    }

    fn describe(&self, params: &Typed, cx: &DescribeCx<'_>) -> Result<Described> {
        T::describe(self.typed(params)?, cx)
    }

    fn needs(&self, params: &Typed, cx: &FrameCx<'_>) -> Vec<Need> {
        self.typed(params).map(|p| T::needs(p, cx)).unwrap_or_default()
    }

    fn identity(&self, params: &Typed, cx: &FrameCx<'_>) -> Option<Need> {
        self.typed(params).ok().and_then(|p| T::identity(p, cx))
    }

    fn idle(&self, params: &Typed, cx: &FrameCx<'_>) -> Vec<&'static str> {
        self.typed(params).map(|p| T::idle(p, cx)).unwrap_or_default()
    }

    fn reads(&self, params: &Typed, cx: &FrameCx<'_>) -> Reads {
        self.typed(params).map(|p| T::reads(p, cx)).unwrap_or_default()
    }

    fn render(&self, params: &Typed, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        T::render(self.typed(params)?, cx)
    }

    fn run(&self, params: &Typed, cx: &RunCx<'_>) -> Result<JobResult> {
        T::run(self.typed(params)?, cx)
    }

    fn lint(&self, params: &Typed, cx: &DescribeCx<'_>) -> Vec<Advice> {
        self.typed(params).map(|p| T::lint(p, cx)).unwrap_or_default()
    }

    fn after_run(&self, params: &Typed) -> Vec<(&'static str, Value)> {
        self.typed(params).map(T::after_run).unwrap_or_default()
    }

    fn migrate(&self, version: u32, params: Map<String, Value>) -> Result<Map<String, Value>> {
        T::migrate(version, params)
    }
}
