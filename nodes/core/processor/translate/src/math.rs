//! WGSL's own functions as calls of the lanes'.

use crate::expression::{Part, Values};
use crate::form::Kind;
use naga::{Expression, Handle, MathFunction as M};

/// Whether a part of the result depends on other parts of the operands.
pub(crate) fn mixes_parts(fun: M) -> bool {
    matches!(fun, M::Dot | M::Length | M::Distance | M::Normalize | M::Cross)
}

/// A function's value.
pub(crate) fn text(
    values: &Values<'_>,
    h: Handle<Expression>,
    fun: M,
    arg: Handle<Expression>,
    arg1: Option<Handle<Expression>>,
    arg2: Option<Handle<Expression>>,
) -> Result<String, String> {
    let kind = values.kind(arg)?;
    if mixes_parts(fun) {
        return mixed(values, h, fun, arg, arg1);
    }
    let method = match fun {
        M::Abs => "vabs",
        M::Min => "vmin",
        M::Max => "vmax",
        M::Clamp => "vclamp",
        M::Saturate => "vsaturate",
        M::Cos => "vcos",
        M::Sin => "vsin",
        M::Tan => "vtan",
        M::Atan2 => "vatan2",
        M::Radians => "vradians",
        M::Degrees => "vdegrees",
        M::Ceil => "vceil",
        M::Floor => "vfloor",
        M::Round => "vround",
        M::Fract => "vfract",
        M::Trunc => "vtrunc",
        M::Exp => "vexp",
        M::Exp2 => "vexp2",
        M::Log => "vlog",
        M::Log2 => "vlog2",
        M::Pow => "vpow",
        M::Sign => "vsign",
        M::Fma => "vfma",
        M::Mix => "vmix",
        M::Step => "vstep",
        M::SmoothStep => "vsmoothstep",
        M::Sqrt => "vsqrt",
        M::InverseSqrt => "vrsqrt",
        other => return Err(format!("{other:?} is not translated")),
    };
    let n = values.scope.width(h);
    let operands = [Some(arg), arg1, arg2]
        .into_iter()
        .flatten()
        .map(|o| values.split(o, n))
        .collect::<Result<Vec<_>, _>>()?;
    values.joined(h, |i| {
        let parts: Vec<&Part> = operands.iter().filter_map(|o| o.get(i)).collect();
        let varies = parts.iter().any(|p| p.1);
        let texts: Vec<String> = parts.iter().map(|p| kind.lifted(&p.0, p.1, varies)).collect();
        let (first, rest) = texts.split_first().ok_or("a function of nothing")?;
        Ok(format!("{first}.{method}({})", rest.join(", ")))
    })
}

/// Functions of vectors as a whole.
fn mixed(
    values: &Values<'_>,
    h: Handle<Expression>,
    fun: M,
    arg: Handle<Expression>,
    arg1: Option<Handle<Expression>>,
) -> Result<String, String> {
    if values.kind(arg)? != Kind::Float {
        return Err(format!("{fun:?} of integers is not translated"));
    }
    let n = values.scope.width(arg);
    let a = values.split(arg, n)?;
    let b = arg1.map(|b| values.split(b, n)).transpose()?;
    let varies = a.iter().chain(b.iter().flatten()).any(|p| p.1);
    let lift = |parts: &[Part]| -> Vec<String> {
        parts.iter().map(|p| Kind::Float.lifted(&p.0, p.1, varies)).collect()
    };
    let a = lift(&a);
    let b = b.map(|b| lift(&b));
    let both = || b.as_deref().ok_or("a function of two vectors was given one");
    Ok(match fun {
        M::Dot => dot(&a, both()?),
        M::Length => format!("{}.vsqrt()", dot(&a, &a)),
        M::Distance => {
            let off: Vec<String> = a.iter().zip(both()?).map(|(a, b)| format!("{a}.vsub({b})")).collect();
            format!("{}.vsqrt()", dot(&off, &off))
        }
        M::Normalize => {
            let scale = format!("{}.vrsqrt()", dot(&a, &a));
            values.joined(h, |i| Ok(format!("{}.vmul({scale})", a[i])))?
        }
        M::Cross => {
            let b = both()?;
            values.joined(h, |i| {
                let (j, k) = ((i + 1) % 3, (i + 2) % 3);
                Ok(format!("{}.vfms({}, {}.vmul({}))", a[j], b[k], a[k], b[j]))
            })?
        }
        other => return Err(format!("{other:?} is not translated")),
    })
}

fn dot(a: &[String], b: &[String]) -> String {
    let mut pairs = a.iter().zip(b);
    let first = pairs.next().map(|(a, b)| format!("{a}.vmul({b})")).unwrap_or_default();
    pairs.fold(first, |sum, (a, b)| format!("{a}.vfma({b}, {sum})"))
}
