//! Expressions as Rust, part by part.

use crate::analysis::{Arg, Scope};
use crate::form::{Form, Kind, lifted, parts, scalar, tuple, zero};
use naga::{Arena, BinaryOperator, Expression, Function, Handle, Literal, TypeInner, UnaryOperator};

/// Writes a function's expressions.
#[derive(Clone, Copy)]
pub(crate) struct Values<'a> {
    pub(crate) scope: Scope<'a>,
}

/// A scalar's text, and whether it varies.
pub(crate) type Part = (String, bool);

impl Values<'_> {
    /// The text of an expression that was emitted already, or needs no emitting.
    pub(crate) fn text(&self, h: Handle<Expression>) -> Result<String, String> {
        use Expression as E;
        let function = self.scope.function;
        Ok(match &function.expressions[h] {
            E::Literal(literal) => literal_text(literal)?,
            E::Constant(constant) => {
                let init = self.scope.t.module.constants[*constant].init;
                self.constant(&self.scope.t.module.global_expressions, init)?
            }
            E::ZeroValue(ty) => {
                let inner = &self.scope.t.module.types[*ty].inner;
                zero(self.scope.t.module, inner, &Form::of(self.scope.t.module, inner, false))?
            }
            E::Override(name) => {
                let name = self.scope.t.module.overrides[*name].name.as_deref().unwrap_or_default();
                let at = self.scope.t.count(name).ok_or("an `override` is not translated")?;
                format!("cx.count({at})")
            }
            E::FunctionArgument(i) => format!("a{i}"),
            _ => format!("e{}", h.index()),
        })
    }

    /// The text of an expression of constants, which is emitted nowhere.
    pub(crate) fn constant(&self, of: &Arena<Expression>, h: Handle<Expression>) -> Result<String, String> {
        let module = self.scope.t.module;
        match &of[h] {
            Expression::Literal(literal) => literal_text(literal),
            Expression::Constant(constant) => {
                self.constant(&module.global_expressions, module.constants[*constant].init)
            }
            Expression::ZeroValue(ty) => {
                let inner = &module.types[*ty].inner;
                zero(module, inner, &Form::of(module, inner, false))
            }
            Expression::Compose { components, .. } => tuple(components.iter().map(|c| self.constant(of, *c))),
            Expression::Splat { size, value } => {
                let one = self.constant(of, *value)?;
                tuple((0..*size as usize).map(|_| Ok(one.clone())))
            }
            other => Err(format!("the constant {other:?} is not translated")),
        }
    }

    /// The scalars of a vector, or a scalar as often as it is asked for.
    pub(crate) fn split(&self, h: Handle<Expression>, count: usize) -> Result<Vec<Part>, String> {
        let (text, form) = (self.text(h)?, self.scope.form(h)?);
        Ok((0..count)
            .map(|i| match &form {
                Form::One(varies) => (text.clone(), *varies),
                Form::Many(parts) => (format!("{text}.{i}"), parts.get(i).is_some_and(Form::varies)),
            })
            .collect())
    }

    pub(crate) fn kind(&self, h: Handle<Expression>) -> Result<Kind, String> {
        scalar(self.scope.t.module, self.scope.inner(h))
    }

    /// Puts scalars together to the value of an expression.
    pub(crate) fn joined(
        &self,
        h: Handle<Expression>,
        part: impl Fn(usize) -> Result<String, String>,
    ) -> Result<String, String> {
        match parts(self.scope.t.module, self.scope.inner(h)) {
            None => part(0),
            Some(parts) => tuple((0..parts.len()).map(part)),
        }
    }

    /// The value of an expression.
    pub(crate) fn expression(&self, h: Handle<Expression>) -> Result<String, String> {
        use Expression as E;
        let n = self.scope.width(h);
        match &self.scope.function.expressions[h] {
            E::Compose { components, .. } => {
                let is_vector = matches!(self.scope.inner(h), TypeInner::Vector { .. });
                let mut texts = Vec::new();
                for component in components {
                    match (is_vector, parts(self.scope.t.module, self.scope.inner(*component))) {
                        (true, Some(p)) => {
                            texts.extend(self.split(*component, p.len())?.into_iter().map(|(text, _)| text));
                        }
                        _ => texts.push(self.text(*component)?),
                    }
                }
                tuple(texts.into_iter().map(Ok))
            }
            E::AccessIndex { base, index } => Ok(format!("{}.{index}", self.text(*base)?)),
            E::Access { base, index } => self.element(h, &self.text(*base)?, *base, *index),
            E::Splat { value, .. } => {
                let one = self.text(*value)?;
                tuple((0..n).map(|_| Ok(one.clone())))
            }
            E::Swizzle { size, vector, pattern } => {
                let text = self.text(*vector)?;
                tuple(pattern.iter().take(*size as usize).map(|c| Ok(format!("{text}.{}", *c as usize))))
            }
            E::Load { pointer } => self.loaded(h, *pointer),
            E::ImageLoad { image, coordinate, .. } => self.texel(*image, *coordinate),
            E::ImageQuery { image, query: naga::ImageQuery::Size { .. } } => {
                let table = self.table(*image)?;
                tuple((0..n).map(|i| Ok(format!("cx.table({table}).size()[{i}]"))))
            }
            E::Unary { op, expr } => {
                let parts = self.split(*expr, n)?;
                let method = match op {
                    UnaryOperator::Negate => "vneg",
                    UnaryOperator::LogicalNot | UnaryOperator::BitwiseNot => "vnot",
                };
                self.joined(h, |i| Ok(format!("{}.{method}()", parts[i].0)))
            }
            E::Binary { op, left, right } => self.binary(h, *op, *left, *right),
            E::Select { condition, accept, reject } => {
                let kind = self.kind(h)?;
                let (c, yes, no) =
                    (self.split(*condition, n)?, self.split(*accept, n)?, self.split(*reject, n)?);
                self.joined(h, |i| {
                    let varies = c[i].1 || yes[i].1 || no[i].1;
                    let (yes, no) =
                        (kind.lifted(&yes[i].0, yes[i].1, varies), kind.lifted(&no[i].0, no[i].1, varies));
                    Ok(if c[i].1 {
                        format!("{}.pick({yes}, {no})", c[i].0)
                    } else {
                        format!("(if {} {{ {yes} }} else {{ {no} }})", c[i].0)
                    })
                })
            }
            E::Relational { fun, argument } => {
                let method = match fun {
                    naga::RelationalFunction::All => "vand",
                    naga::RelationalFunction::Any => "vor",
                    other => return Err(format!("{other:?} is not translated")),
                };
                let parts = self.split(*argument, self.scope.width(*argument))?;
                let varies = parts.iter().any(|p| p.1);
                let lift = |p: &Part| Kind::Bool.lifted(&p.0, p.1, varies);
                let first = parts.first().map(lift).unwrap_or_default();
                Ok(parts.iter().skip(1).fold(first, |all, p| format!("{all}.{method}({})", lift(p))))
            }
            E::Math { fun, arg, arg1, arg2, .. } => crate::math::text(self, h, *fun, *arg, *arg1, *arg2),
            E::As { expr, kind, convert } => self.converted(h, *expr, *kind, convert.is_some()),
            other => Err(format!("{other:?} is not translated")),
        }
    }

    fn loaded(&self, h: Handle<Expression>, pointer: Handle<Expression>) -> Result<String, String> {
        if let Expression::Access { base, index } = &self.scope.function.expressions[pointer] {
            let name = self.variable(*base)?;
            return self.element(h, &name, *base, *index);
        }
        self.variable(pointer)
    }

    fn variable(&self, pointer: Handle<Expression>) -> Result<String, String> {
        let (local, place) = self.scope.place(pointer)?;
        Ok(place.iter().fold(format!("l{}", local.index()), |name, i| format!("{name}.{i}")))
    }

    /// The element of a value at a computed index.
    fn element(
        &self,
        h: Handle<Expression>,
        text: &str,
        base: Handle<Expression>,
        index: Handle<Expression>,
    ) -> Result<String, String> {
        let module = self.scope.t.module;
        let (inner, to) = (self.scope.inner(h), self.scope.form(h)?);
        let from = self.scope.form(base)?;
        let count = self.scope.width(base);
        let at = self.text(index)?;
        let element = |i: usize| lifted(module, inner, &format!("{text}.{i}"), &from.part(i), &to);
        let last = count.checked_sub(1).ok_or("an element of nothing")?;
        if self.scope.form(index)?.varies() {
            let kind = self.kind(index)?.lanes();
            let mut out = element(last)?;
            for i in (0..last).rev() {
                let is = format!("{at}.veq({kind}::splat({i}))");
                out = self.picked(&is, inner, &to, &element(i)?, &out)?;
            }
            return Ok(out);
        }
        let mut out = format!("(match {at} {{ ");
        for i in 0..last {
            out += &format!("{i} => {}, ", element(i)?);
        }
        Ok(format!("{out}_ => {} }})", element(last)?))
    }

    /// One of two values by a mask, part by part.
    pub(crate) fn picked(
        &self,
        mask: &str,
        inner: &TypeInner,
        form: &Form,
        yes: &str,
        no: &str,
    ) -> Result<String, String> {
        match parts(self.scope.t.module, inner) {
            // What does not vary is the same in every lane that counts.
            None if !form.varies() => Ok(yes.to_owned()),
            None => Ok(format!("{mask}.pick({yes}, {no})")),
            Some(parts) => {
                let each = parts.iter().enumerate().map(|(i, p)| {
                    self.picked(mask, p, &form.part(i), &format!("yes.{i}"), &format!("no.{i}"))
                });
                Ok(format!("{{ let (yes, no) = ({yes}, {no}); {} }}", tuple(each)?))
            }
        }
    }

    fn table(&self, image: Handle<Expression>) -> Result<usize, String> {
        self.scope
            .t
            .table_of(self.scope.function, self.scope.args, image)
            .ok_or_else(|| "a texture that is no table is not translated".to_owned())
    }

    fn texel(&self, image: Handle<Expression>, at: Handle<Expression>) -> Result<String, String> {
        let table = self.table(image)?;
        let mut at = self
            .split(at, self.scope.width(at))?
            .into_iter()
            .map(|(text, varies)| (format!("{text}.to_i()"), varies))
            .collect::<Vec<_>>();
        at.resize(3, ("0i32".to_owned(), false));
        let varies = at.iter().any(|p| p.1);
        let texts: Vec<String> = at.iter().map(|p| Kind::Int.lifted(&p.0, p.1, varies)).collect();
        let head = if varies { "texels(" } else { "texel(" };
        Ok(format!("{head}cx.table({table}), {})", texts.join(", ")))
    }

    fn binary(
        &self,
        h: Handle<Expression>,
        op: BinaryOperator,
        left: Handle<Expression>,
        right: Handle<Expression>,
    ) -> Result<String, String> {
        use BinaryOperator as B;
        let n = self.scope.width(h);
        let kind = self.kind(left)?;
        if let (B::Add | B::Subtract, Kind::Float) = (op, kind)
            && let Some(text) = self.contracted(h, op, left, right)?
        {
            return Ok(text);
        }
        let method = match op {
            B::Add => "vadd",
            B::Subtract => "vsub",
            B::Multiply => "vmul",
            B::Divide => "vdiv",
            B::Modulo => "vrem",
            B::Equal => "veq",
            B::NotEqual => "vne",
            B::Less => "vlt",
            B::LessEqual => "vle",
            B::Greater => "vgt",
            B::GreaterEqual => "vge",
            B::And | B::LogicalAnd => "vand",
            B::ExclusiveOr => "vxor",
            B::InclusiveOr | B::LogicalOr => "vor",
            B::ShiftLeft => "vshl",
            B::ShiftRight => "vshr",
        };
        let right_kind = self.kind(right)?;
        let (a, b) = (self.split(left, n)?, self.split(right, n)?);
        self.joined(h, |i| {
            let varies = a[i].1 || b[i].1;
            let (a, b) = (kind.lifted(&a[i].0, a[i].1, varies), right_kind.lifted(&b[i].0, b[i].1, varies));
            Ok(format!("{a}.{method}({b})"))
        })
    }

    /// A sum with a product as one operation, which rounds once.
    fn contracted(
        &self,
        h: Handle<Expression>,
        op: BinaryOperator,
        left: Handle<Expression>,
        right: Handle<Expression>,
    ) -> Result<Option<String>, String> {
        let product = |h: Handle<Expression>| match &self.scope.function.expressions[h] {
            Expression::Binary { op: BinaryOperator::Multiply, left, right } => Some((*left, *right)),
            _ => None,
        };
        let (method, (x, y), rest) = match (op, product(left), product(right)) {
            (BinaryOperator::Add, _, Some(factors)) => ("vfma", factors, left),
            (BinaryOperator::Add, Some(factors), _) => ("vfma", factors, right),
            (BinaryOperator::Subtract, _, Some(factors)) => ("vfnma", factors, left),
            (BinaryOperator::Subtract, Some(factors), _) => ("vfms", factors, right),
            _ => return Ok(None),
        };
        let n = self.scope.width(h);
        let (x, y, rest) = (self.split(x, n)?, self.split(y, n)?, self.split(rest, n)?);
        let text = self.joined(h, |i| {
            let varies = x[i].1 || y[i].1 || rest[i].1;
            let lift = |p: &Part| Kind::Float.lifted(&p.0, p.1, varies);
            Ok(format!("{}.{method}({}, {})", lift(&x[i]), lift(&y[i]), lift(&rest[i])))
        })?;
        Ok(Some(text))
    }

    fn converted(
        &self,
        h: Handle<Expression>,
        from: Handle<Expression>,
        to: naga::ScalarKind,
        converts: bool,
    ) -> Result<String, String> {
        let n = self.scope.width(h);
        let method = match (converts, to) {
            (true, naga::ScalarKind::Float) => "to_f",
            (true, naga::ScalarKind::Sint) => "to_i",
            (true, naga::ScalarKind::Uint) => "to_u",
            (true, naga::ScalarKind::Bool) => "to_b",
            (false, naga::ScalarKind::Float) => "as_f",
            (false, naga::ScalarKind::Sint) => "as_i",
            (false, naga::ScalarKind::Uint) => "as_u",
            (_, other) => return Err(format!("a conversion to {other:?} is not translated")),
        };
        let parts = self.split(from, n)?;
        self.joined(h, |i| Ok(format!("{}.{method}()", parts[i].0)))
    }

    /// A call of a function of the tool, or of the processor's own that reads a picture or a cube.
    pub(crate) fn call(
        &self,
        function: Handle<Function>,
        arguments: &[Handle<Expression>],
        active: Option<&str>,
    ) -> Result<String, String> {
        let t = self.scope.t;
        if let Some((reads, picture)) = t.picture_call(function) {
            let [at] = arguments else { return Ok(format!("cx.size_of({picture})")) };
            if !reads {
                return Err("the size of a picture takes no argument".to_owned());
            }
            let at = self.split(*at, 2)?;
            let [x, y] = at.as_slice() else { return Err("a position has two parts".to_owned()) };
            let across = Kind::Int.lifted(&x.0, x.1, true);
            return Ok(if y.1 {
                format!("load(cx.picture({picture}), {across}, {})", y.0)
            } else {
                format!("load_row(cx.picture({picture}), {across}, {})", y.0)
            });
        }
        let args = arguments.iter().map(|a| self.scope.arg(*a)).collect::<Result<Vec<_>, _>>()?;
        if let (true, [Arg::Table(table), Arg::Value(form)], [_, at]) =
            (t.is_cube_reader(function), args.as_slice(), arguments)
            && form.varies()
        {
            let parts = self.split(*at, 3)?;
            let lanes: Vec<String> = parts.iter().map(|p| Kind::Float.lifted(&p.0, p.1, true)).collect();
            return Ok(format!("cube(cx.table({table}), {})", lanes.join(", ")));
        }
        let mask = active.filter(|_| t.loops(function));
        let mut text = format!("{}(cx", t.translated(function, &args, mask.is_some())?);
        if let Some(mask) = mask {
            text += &format!(", {mask}");
        }
        for (h, arg) in arguments.iter().zip(&args) {
            if let Arg::Value(_) = arg {
                text += &format!(", {}", self.text(*h)?);
            }
        }
        Ok(text + ")")
    }
}

fn literal_text(literal: &Literal) -> Result<String, String> {
    Ok(match literal {
        Literal::F32(v) => format!("({v:?}f32)"),
        Literal::U32(v) => format!("{v}u32"),
        Literal::I32(v) => format!("({v}i32)"),
        Literal::Bool(v) => v.to_string(),
        other => return Err(format!("the literal {other:?} is not translated")),
    })
}
