//! A tool's `Params`, filled by name through reflection of its WGSL.

use naga::{ScalarKind, TypeInner, VectorSize};
use rushes_engine::{Error, KeyHasher, Result};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One value for a member of `Params`.
#[derive(Clone, Debug, PartialEq)]
pub enum ParamValue {
    /// For a member of type `f32`.
    F32(f32),
    /// For `i32`.
    I32(i32),
    /// For `u32`.
    U32(u32),
    /// For `u32`, as 0 or 1.
    Bool(bool),
    /// For `vec2f`.
    Vec2([f32; 2]),
    /// For `vec3f`.
    Vec3([f32; 3]),
    /// For `vec4f`.
    Vec4([f32; 4]),
    /// For `array<vec4f, N>` with exactly N elements.
    Array(Vec<[f32; 4]>),
}

macro_rules! from_value {
    ($($from:ty => $variant:ident),*) => {$(
        impl From<$from> for ParamValue {
            fn from(value: $from) -> Self {
                Self::$variant(value)
            }
        }
    )*};
}
from_value!(f32 => F32, i32 => I32, u32 => U32, bool => Bool, [f32; 2] => Vec2, [f32; 3] => Vec3, [f32; 4] => Vec4, Vec<[f32; 4]> => Array);

impl ParamValue {
    /// The WGSL type that it fills.
    fn wgsl(&self) -> String {
        match self {
            Self::F32(_) => "f32".into(),
            Self::I32(_) => "i32".into(),
            Self::U32(_) | Self::Bool(_) => "u32".into(),
            Self::Vec2(_) => "vec2f".into(),
            Self::Vec3(_) => "vec3f".into(),
            Self::Vec4(_) => "vec4f".into(),
            Self::Array(items) => format!("array<vec4f, {}>", items.len()),
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        let mut floats = |values: &[f32]| values.iter().for_each(|v| out.extend(v.to_ne_bytes()));
        match self {
            Self::F32(v) => floats(&[*v]),
            Self::Vec2(v) => floats(v),
            Self::Vec3(v) => floats(v),
            Self::Vec4(v) => floats(v),
            Self::Array(items) => items.iter().for_each(|v| floats(v)),
            Self::I32(v) => out.extend(v.to_ne_bytes()),
            Self::U32(v) => out.extend(v.to_ne_bytes()),
            Self::Bool(v) => out.extend(u32::from(*v).to_ne_bytes()),
        }
    }

    fn is_finite(&self) -> bool {
        match self {
            Self::F32(v) => v.is_finite(),
            Self::Vec2(v) => v.iter().all(|v| v.is_finite()),
            Self::Vec3(v) => v.iter().all(|v| v.is_finite()),
            Self::Vec4(v) => v.iter().all(|v| v.is_finite()),
            Self::Array(items) => items.iter().flatten().all(|v| v.is_finite()),
            Self::I32(_) | Self::U32(_) | Self::Bool(_) => true,
        }
    }
}

/// Values by the name of their member.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ParamValues(BTreeMap<Cow<'static, str>, ParamValue>);

impl ParamValues {
    /// No values.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more value; a name given twice keeps the later one.
    #[must_use]
    pub fn with(mut self, name: impl Into<Cow<'static, str>>, value: impl Into<ParamValue>) -> Self {
        self.set(name, value);
        self
    }

    /// Adds or replaces a value.
    pub fn set(&mut self, name: impl Into<Cow<'static, str>>, value: impl Into<ParamValue>) {
        self.0.insert(name.into(), value.into());
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&ParamValue> {
        self.0.get(name)
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(AsRef::as_ref)
    }

    /// Adds names and values to a frame key.
    pub fn hash_into(&self, hasher: &mut KeyHasher) {
        hasher.str("params").u64(self.0.len() as u64);
        let mut bytes = Vec::new();
        for (name, value) in &self.0 {
            bytes.clear();
            value.write(&mut bytes);
            hasher.str(name).str(&value.wgsl()).bytes(&bytes);
        }
    }
}

/// One member of a `Params` struct.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) wgsl: String,
    pub(crate) offset: usize,
}

/// How a `Params` struct lies in a uniform buffer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct ParamLayout {
    pub(crate) members: Vec<Member>,
    /// Bytes, 0 where the shader has no `Params`.
    pub(crate) size: usize,
}

impl ParamLayout {
    /// Reads the layout of the struct named `name` from a parsed module; empty where there is none.
    pub(crate) fn of(module: &naga::Module, name: &str) -> Result<Self> {
        let Some((_, ty)) = module.types.iter().find(|(_, ty)| ty.name.as_deref() == Some(name)) else {
            return Ok(Self::default());
        };
        let TypeInner::Struct { members, span } = &ty.inner else {
            return Err(Error::usage("`Params` is not a struct").help("declare `struct Params { … }`"));
        };
        let members = members
            .iter()
            .map(|member| {
                let name = member.name.clone().unwrap_or_default();
                let wgsl = wgsl_type(module, &module.types[member.ty].inner).ok_or_else(|| {
                    Error::usage(format!("member “{name}” of `Params` has a type that cannot be filled"))
                        .help("use f32, i32, u32, vec2f, vec3f, vec4f or array<vec4f, N>")
                })?;
                Ok(Member { name, wgsl, offset: member.offset as usize })
            })
            .collect::<Result<_>>()?;
        Ok(Self { members, size: *span as usize })
    }

    /// The bytes of the struct. A member without a value and a value without a member are errors.
    pub(crate) fn fill(&self, values: &ParamValues) -> Result<Vec<u8>> {
        let mut out = vec![0; self.size];
        let mut bytes = Vec::with_capacity(16);
        for member in &self.members {
            let value = values.get(&member.name).ok_or_else(|| {
                Error::usage(format!("the shader's parameter “{}” has no value", member.name))
                    .help("give the tool's `Params` exactly the members that the tool fills")
            })?;
            if value.wgsl() != member.wgsl {
                return Err(Error::usage(format!(
                    "the shader's parameter “{}” is {} and its value is {}",
                    member.name,
                    member.wgsl,
                    value.wgsl()
                ))
                .help("use the same type on both sides"));
            }
            if !value.is_finite() {
                return Err(Error::usage(format!("the parameter “{}” is not a finite number", member.name))
                    .help("set it to a number"));
            }
            bytes.clear();
            value.write(&mut bytes);
            if let Some(place) = out.get_mut(member.offset..member.offset + bytes.len()) {
                place.copy_from_slice(&bytes);
            }
        }
        match values.names().find(|name| self.members.iter().all(|m| m.name != *name)) {
            None => Ok(out),
            Some(name) => Err(Error::usage(format!("the shader has no parameter “{name}”"))
                .help("remove the value or add the member to `Params`")),
        }
    }

    /// Compares the member names with a list, for a tool's own test.
    pub(crate) fn check_names(&self, names: &[&str]) -> Result<()> {
        if let Some(m) = self.members.iter().find(|m| !names.contains(&m.name.as_str())) {
            return Err(Error::usage(format!("the shader's parameter “{}” has no source", m.name)));
        }
        match names.iter().find(|n| self.members.iter().all(|m| m.name != **n)) {
            None => Ok(()),
            Some(name) => Err(Error::usage(format!("the shader does not read “{name}”"))),
        }
    }
}

fn wgsl_type(module: &naga::Module, inner: &TypeInner) -> Option<String> {
    let four_bytes = |scalar: naga::Scalar| scalar.width == 4;
    Some(match inner {
        TypeInner::Scalar(s) if four_bytes(*s) => match s.kind {
            ScalarKind::Float => "f32".into(),
            ScalarKind::Sint => "i32".into(),
            ScalarKind::Uint => "u32".into(),
            _ => return None,
        },
        TypeInner::Vector { size, scalar } if four_bytes(*scalar) && scalar.kind == ScalarKind::Float => {
            match size {
                VectorSize::Bi => "vec2f".into(),
                VectorSize::Tri => "vec3f".into(),
                VectorSize::Quad => "vec4f".into(),
            }
        }
        TypeInner::Array { base, size: naga::ArraySize::Constant(n), .. }
            if wgsl_type(module, &module.types[*base].inner).as_deref() == Some("vec4f") =>
        {
            format!("array<vec4f, {n}>")
        }
        _ => return None,
    })
}
