//! The parameters of one node in one graph: parsed once, resolved for any frame.

use crate::param::{Param, ParamTime};
use crate::tool::{DynTool, ParamSpec, Typed};
use crate::{Desc, Error, Key, KeyHasher, NumberDesc, Rate, Result};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How many frames' parameters are remembered for a node whose parameters move.
const REMEMBERED: usize = 256;

/// Parameters at one frame.
#[derive(Clone)]
pub struct Resolved {
    /// As the tool's struct.
    pub typed: Typed,
    /// By name, for keys and for telling what changed.
    pub values: Arc<Map<String, Value>>,
    digests: Arc<Mutex<Vec<Digest>>>,
}

/// What the parameters add to a key, without those that cannot matter.
struct Digest {
    idle: Vec<&'static str>,
    key: Key,
}

impl Resolved {
    fn new(typed: Typed, values: Map<String, Value>) -> Self {
        Self { typed, values: Arc::new(values), digests: Arc::default() }
    }

    /// The hash of those that can decide a frame. What is `idle` follows from them, so that one or two are all there are.
    pub(crate) fn digest(&self, specs: &[ParamSpec], idle: &[&'static str]) -> Key {
        let mut digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = digests.iter().find(|digest| digest.idle == idle) {
            return known.key;
        }
        let mut hasher = KeyHasher::new("parameters");
        for spec in specs.iter().filter(|s| !s.keyless && !idle.contains(&s.name.as_str())) {
            hasher.str(&spec.name).json(self.values.get(&spec.name).unwrap_or(&Value::Null));
        }
        let key = hasher.finish();
        digests.push(Digest { idle: idle.to_vec(), key });
        key
    }
}

enum Form {
    Default,
    Given(Arc<Param>),
    Wired(Desc),
}

/// A node's parameters.
pub(crate) struct ParamSet {
    tool: Arc<dyn DynTool>,
    forms: Vec<Form>,
    moving: bool,
    given: Map<String, Value>,
    memo: Mutex<BTreeMap<i64, Resolved>>,
}

impl ParamSet {
    /// Parses what the graph says and refuses names that the tool does not have.
    pub(crate) fn new(
        tool: &Arc<dyn DynTool>,
        given: &Map<String, Value>,
        wired: &[(usize, Desc)],
    ) -> Result<Self> {
        let specs = tool.params();
        if let Some(name) = given.keys().find(|name| !specs.iter().any(|s| s.name == **name)) {
            return Err(unknown_param(tool.as_ref(), name));
        }
        let mut forms = Vec::with_capacity(specs.len());
        for spec in specs {
            forms.push(match given.get(&spec.name) {
                None => Form::Default,
                Some(value) => Form::Given(Arc::new(parse(spec, value)?)),
            });
        }
        for (index, desc) in wired {
            if let (Some(spec), Desc::Number(NumberDesc { constant: None, .. })) = (specs.get(*index), desc)
                && !spec.animated
            {
                return Err(unmoving(spec).help("wire a number that does not change"));
            }
            if let Some(form) = forms.get_mut(*index) {
                *form = Form::Wired(desc.clone());
            }
        }
        let moving = forms.iter().any(|form| match form {
            Form::Default | Form::Wired(Desc::Text(_)) => false,
            Form::Given(param) => !param.is_constant(),
            Form::Wired(Desc::Number(number)) => number.constant.is_none(),
            Form::Wired(_) => true,
        });
        Ok(Self { tool: tool.clone(), forms, moving, given: given.clone(), memo: Mutex::default() })
    }

    /// The parameters at `frame` of the node's own output.
    pub(crate) fn at(&self, frame: i64, rate: Option<Rate>, frames: u64) -> Result<Resolved> {
        let frame = if self.moving { frame } else { 0 };
        let mut memo = self.memo.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = memo.get(&frame) {
            return Ok(known.clone());
        }
        let time = ParamTime { frame, seconds: rate.map_or(0.0, |r| r.seconds_of(frame)), frames };
        let resolved = self.resolve(time)?;
        if memo.len() >= REMEMBERED {
            memo.pop_first();
        }
        memo.insert(frame, resolved.clone());
        Ok(resolved)
    }

    /// The tool that they are for.
    pub(crate) fn tool(&self) -> &Arc<dyn DynTool> {
        &self.tool
    }

    /// The parameter called `name` as a number over the time of whoever asks.
    pub(crate) fn number(&self, name: &str) -> Option<NumberDesc> {
        let at = self.tool.params().iter().position(|s| s.name == name)?;
        match self.forms.get(at)? {
            Form::Default => self.tool.params().get(at)?.default.as_f64().map(NumberDesc::constant),
            Form::Wired(Desc::Number(number)) => Some(number.clone()),
            Form::Wired(_) => None,
            Form::Given(param) if param.is_constant() => {
                let time = ParamTime { frame: 0, seconds: 0.0, frames: 1 };
                param.at(time).ok()?.as_f64().map(NumberDesc::constant)
            }
            Form::Given(param) => {
                let param = param.clone();
                let value = move |time| param.at(time).ok().and_then(|v| v.as_f64()).unwrap_or(f64::NAN);
                Some(NumberDesc::varying(value))
            }
        }
    }

    /// Adds all that the parameters are over time: values, keyframes and expressions as the graph has them.
    pub(crate) fn hash_recipe(&self, hasher: &mut KeyHasher) {
        for (spec, form) in self.tool.params().iter().zip(&self.forms).filter(|(s, _)| !s.keyless) {
            hasher.str(&spec.name);
            match form {
                Form::Wired(Desc::Number(number)) => number.hash(hasher),
                Form::Wired(Desc::Text(text)) => {
                    hasher.str(text);
                }
                Form::Default | Form::Given(_) | Form::Wired(_) => {
                    hasher.json(self.given.get(&spec.name).unwrap_or(&spec.default));
                }
            }
        }
    }

    /// Forgets what was resolved before the node's length was known.
    pub(crate) fn forget(&self) {
        self.memo.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn resolve(&self, time: ParamTime) -> Result<Resolved> {
        let mut values = Map::new();
        for (spec, form) in self.tool.params().iter().zip(&self.forms) {
            let value = match form {
                Form::Default => spec.default.clone(),
                Form::Given(param) => {
                    let value = param.at(time).map_err(|e| e.at(&spec.name))?;
                    spec.check(&value)?;
                    value
                }
                Form::Wired(desc) => {
                    let value = wired_value(spec, desc, time)?;
                    spec.check(&value)?;
                    value
                }
            };
            values.insert(spec.name.clone(), whole(spec, value));
        }
        let typed = self.tool.parse(values.clone())?;
        Ok(Resolved::new(typed, values))
    }
}

/// Says that a tool has no such parameter.
pub(crate) fn unknown_param(tool: &dyn DynTool, name: &str) -> Error {
    let names: Vec<_> = tool.params().iter().map(|s| s.name.as_str()).collect();
    let name: String = name.chars().take(60).collect();
    Error::usage(format!("{} has no parameter “{name}”", tool.spec().kind)).help(match names.as_slice() {
        [] => "it has none".to_owned(),
        names => format!("it has {}", names.join(", ")),
    })
}

fn parse(spec: &ParamSpec, value: &Value) -> Result<Param> {
    let param = spec.read_param(value).map_err(|e| e.at(&spec.name))?;
    if !param.is_constant() && !spec.animated {
        return Err(unmoving(spec).help("give it one value"));
    }
    Ok(param)
}

fn unmoving(spec: &ParamSpec) -> Error {
    Error::usage(format!("{} cannot change over time", spec.name)).at(&spec.name)
}

fn wired_value(spec: &ParamSpec, desc: &Desc, time: ParamTime) -> Result<Value> {
    match desc {
        Desc::Number(number) => {
            let n = number.at(time);
            Ok(serde_json::Number::from_f64(n).map_or(Value::Null, Value::Number))
        }
        Desc::Text(text) => Ok(Value::String(text.to_string())),
        other => Err(Error::usage(format!("{} takes no {}", spec.name, other.value_type()))
            .at(&spec.name)
            .help("wire a number or a text")),
    }
}

/// Whole-number parameters reach serde as whole numbers, however they were computed.
fn whole(spec: &ParamSpec, value: Value) -> Value {
    use crate::tool::ParamKind;
    match (&spec.kind, value.as_f64()) {
        (ParamKind::Number { integer: true }, Some(n))
            if !value.is_u64() && !value.is_i64() && n.fract() == 0.0 =>
        {
            // Exact: beyond 2^53 a fraction of zero says nothing, but such floats are whole anyway.
            if n >= 0.0 { Value::from(n as u64) } else { Value::from(n as i64) }
        }
        _ => value,
    }
}
