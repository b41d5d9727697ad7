//! How a value is held: each scalar of it once for all lanes, or once a lane.

use naga::{Module, ScalarKind, TypeInner};

/// A scalar's kind, by the name of its lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Float,
    Int,
    Uint,
    Bool,
}

impl Kind {
    pub(crate) fn of(scalar: naga::Scalar) -> Result<Self, String> {
        match (scalar.kind, scalar.width) {
            (ScalarKind::Float, 4) => Ok(Self::Float),
            (ScalarKind::Sint, 4) => Ok(Self::Int),
            (ScalarKind::Uint, 4) => Ok(Self::Uint),
            (ScalarKind::Bool, _) => Ok(Self::Bool),
            _ => Err(format!("scalars of {scalar:?} are not translated")),
        }
    }

    /// The type of one scalar a lane.
    pub(crate) fn lanes(self) -> &'static str {
        match self {
            Self::Float => "F",
            Self::Int => "I",
            Self::Uint => "U",
            Self::Bool => "M",
        }
    }

    /// The type of one scalar for all lanes.
    pub(crate) fn single(self) -> &'static str {
        match self {
            Self::Float => "f32",
            Self::Int => "i32",
            Self::Uint => "u32",
            Self::Bool => "bool",
        }
    }

    fn zero(self) -> &'static str {
        match self {
            Self::Float => "0.0f32",
            Self::Int => "0i32",
            Self::Uint => "0u32",
            Self::Bool => "false",
        }
    }

    /// A scalar's text, spread over the lanes where it must vary and does not.
    pub(crate) fn lifted(self, text: &str, varies: bool, to: bool) -> String {
        if to && !varies { format!("{}::splat({text})", self.lanes()) } else { text.to_owned() }
    }
}

/// Which scalars of a value vary from lane to lane. Vectors, arrays and structs have one form a part, so that a
/// position's row or a colour's constant alpha costs nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Form {
    One(bool),
    Many(Vec<Form>),
}

impl Form {
    /// The form of a type of which all or nothing varies.
    pub(crate) fn of(module: &Module, inner: &TypeInner, varies: bool) -> Self {
        match parts(module, inner) {
            None => Self::One(varies),
            Some(parts) => Self::Many(parts.iter().map(|p| Self::of(module, p, varies)).collect()),
        }
    }

    pub(crate) fn part(&self, i: usize) -> Self {
        match self {
            Self::One(varies) => Self::One(*varies),
            Self::Many(parts) => parts.get(i).cloned().unwrap_or(Self::One(true)),
        }
    }

    /// Whether any of it varies.
    pub(crate) fn varies(&self) -> bool {
        match self {
            Self::One(varies) => *varies,
            Self::Many(parts) => parts.iter().any(Self::varies),
        }
    }

    /// Lets vary what varies in `other` too.
    pub(crate) fn join(&mut self, other: &Self) {
        match (self, other) {
            (Self::One(a), Self::One(b)) => *a |= b,
            (Self::Many(a), Self::Many(b)) => a.iter_mut().zip(b).for_each(|(a, b)| a.join(b)),
            (Self::One(a), many) => *a |= many.varies(),
            (Self::Many(a), one) => a.iter_mut().for_each(|a| a.join(one)),
        }
    }

    /// The part that a path of indices leads to, to be changed.
    pub(crate) fn at_mut(&mut self, path: &[usize]) -> Option<&mut Self> {
        match (path.split_first(), self) {
            (None, form) => Some(form),
            (Some((first, rest)), Self::Many(parts)) => parts.get_mut(*first)?.at_mut(rest),
            _ => None,
        }
    }
}

/// The types of what a type is made of; `None` for scalars.
pub(crate) fn parts<'a>(module: &'a Module, inner: &'a TypeInner) -> Option<Vec<TypeInner>> {
    match inner {
        TypeInner::Vector { size, scalar } => Some(vec![TypeInner::Scalar(*scalar); *size as usize]),
        TypeInner::Array { base, size: naga::ArraySize::Constant(n), .. } => {
            Some(vec![module.types[*base].inner.clone(); n.get() as usize])
        }
        TypeInner::Struct { members, .. } => {
            Some(members.iter().map(|m| module.types[m.ty].inner.clone()).collect())
        }
        TypeInner::Pointer { base, .. } => parts(module, &module.types[*base].inner),
        TypeInner::ValuePointer { size: Some(size), scalar, .. } => {
            Some(vec![TypeInner::Scalar(*scalar); *size as usize])
        }
        _ => None,
    }
}

/// The scalar that a type is or consists of.
pub(crate) fn scalar(module: &Module, inner: &TypeInner) -> Result<Kind, String> {
    match inner {
        TypeInner::Scalar(s)
        | TypeInner::Vector { scalar: s, .. }
        | TypeInner::ValuePointer { scalar: s, .. } => Kind::of(*s),
        TypeInner::Pointer { base, .. } => scalar(module, &module.types[*base].inner),
        other => Err(format!("{other:?} is not a scalar or vector")),
    }
}

/// The Rust type of a value.
pub(crate) fn rust_type(module: &Module, inner: &TypeInner, form: &Form) -> Result<String, String> {
    match parts(module, inner) {
        None => {
            let kind = scalar(module, inner)?;
            Ok(if form.varies() { kind.lanes() } else { kind.single() }.to_owned())
        }
        Some(parts) => tuple(parts.iter().enumerate().map(|(i, p)| rust_type(module, p, &form.part(i)))),
    }
}

/// The zero value of a type.
pub(crate) fn zero(module: &Module, inner: &TypeInner, form: &Form) -> Result<String, String> {
    match parts(module, inner) {
        None => {
            let kind = scalar(module, inner)?;
            Ok(kind.lifted(kind.zero(), false, form.varies()))
        }
        Some(parts) => tuple(parts.iter().enumerate().map(|(i, p)| zero(module, p, &form.part(i)))),
    }
}

/// A value's text in another form, which varies wherever the own one does.
pub(crate) fn lifted(
    module: &Module,
    inner: &TypeInner,
    text: &str,
    from: &Form,
    to: &Form,
) -> Result<String, String> {
    if from == to {
        return Ok(text.to_owned());
    }
    match parts(module, inner) {
        None => Ok(scalar(module, inner)?.lifted(text, from.varies(), to.varies())),
        Some(parts) => tuple(
            parts
                .iter()
                .enumerate()
                .map(|(i, p)| lifted(module, p, &format!("{text}.{i}"), &from.part(i), &to.part(i))),
        ),
    }
}

/// Texts as a tuple.
pub(crate) fn tuple(parts: impl Iterator<Item = Result<String, String>>) -> Result<String, String> {
    let parts = parts.collect::<Result<Vec<_>, _>>()?;
    Ok(format!("({},)", parts.join(", ")))
}
