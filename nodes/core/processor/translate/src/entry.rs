//! The outermost function of a tool: it goes over a span of pixels, some at once.

use crate::analysis::Arg;
use crate::catalogue::Tool;
use crate::form::{Form, Kind, lifted, tuple};
use crate::module::Translator;
use naga::{TypeInner, VectorSize};
use std::fmt::Write as _;

/// The text of `<prefix>_run`.
pub(crate) fn function(
    t: &Translator<'_>,
    tool: &Tool,
    prefix: &str,
    attribute: &str,
) -> Result<String, String> {
    let handle = t.function("tool")?;
    let function = &t.module.functions[handle];
    let mut args = Vec::new();
    let mut texts = Vec::new();
    let mut params = String::from("()");
    let mut colours = 0;
    for argument in &function.arguments {
        let ty = &t.module.types[argument.ty];
        match (ty.name.as_deref(), &ty.inner) {
            (Some("Pixel"), _) => {
                let same = || Form::One(false);
                // A span lies in one row.
                let pos = Form::Many(vec![Form::One(true), same()]);
                let size = Form::Many(vec![same(), same()]);
                args.push(Arg::Value(Form::Many(vec![pos, size, same(), same(), same()])));
                texts.push("((U::iota(span.x.wrapping_add(i as u32)), span.y), (cx.width, cx.height), cx.frame, cx.seed, cx.scale)".to_owned());
            }
            (Some("Params"), inner) => {
                args.push(Arg::Value(Form::of(t.module, inner, false)));
                params = read(t, inner, 0)?;
                texts.push("params".to_owned());
            }
            (_, TypeInner::Vector { size: VectorSize::Quad, .. }) => {
                args.push(Arg::Value(Form::Many(vec![Form::One(true); 4])));
                texts.push(format!("colour(&input{colours}, i)"));
                colours += 1;
            }
            (_, other) => return Err(format!("`tool` takes an argument of {other:?}")),
        }
    }
    if tool.pictures.is_some() && colours > 0 {
        return Err("a tool that reads pictures takes no colours".to_owned());
    }
    let form = t.analysis(handle, &args)?.result.clone().ok_or("`tool` gives no colour")?;
    let name = t.translated(handle, &args, false)?;
    let colour =
        function.result.as_ref().map(|r| &t.module.types[r.ty].inner).ok_or("`tool` gives no colour")?;
    let all = Form::of(t.module, colour, true);
    let mut out = format!(
        "{attribute}\nfn {prefix}_run(cx: &Cx<'_>, span: Span, inputs: &[View<'_>], mut out: Out<'_>) {{\n\
         let params = {params};\n"
    );
    for colour in 0..colours {
        writeln!(out, "let input{colour} = inputs.get({colour}).copied().unwrap_or(NOTHING);").ok();
    }
    out.push_str("for n in 0..vectors(span.len) {\nlet i = n * LANES;\n");
    writeln!(out, "let c = {name}(cx, {});", texts.join(", ")).ok();
    writeln!(out, "put(&mut out, i, cx.half, {});\n}}\n}}", lifted(t.module, colour, "c", &form, &all)?).ok();
    Ok(out)
}

/// The text that reads a parameter, or all of them.
fn read(t: &Translator<'_>, inner: &TypeInner, offset: u32) -> Result<String, String> {
    let scalar = |kind: Kind, offset: u32| {
        Ok(format!(
            "cx.{}({offset})",
            if kind == Kind::Bool { return Err("a bool".to_owned()) } else { kind.single() }
        ))
    };
    match inner {
        TypeInner::Scalar(s) => scalar(Kind::of(*s)?, offset),
        TypeInner::Vector { size, scalar: s } => {
            let kind = Kind::of(*s)?;
            tuple((0..*size as u32).map(|i| scalar(kind, offset + 4 * i)))
        }
        TypeInner::Array { base, size: naga::ArraySize::Constant(n), stride } => {
            let base = &t.module.types[*base].inner;
            tuple((0..n.get()).map(|i| read(t, base, offset + i * stride)))
        }
        TypeInner::Struct { members, .. } => {
            tuple(members.iter().map(|m| read(t, &t.module.types[m.ty].inner, offset + m.offset)))
        }
        other => Err(format!("`Params` holds {other:?}")),
    }
}
