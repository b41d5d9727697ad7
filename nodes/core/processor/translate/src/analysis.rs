//! What varies from lane to lane in a function: its values, its variables, and which of its blocks are entered by some
//! lanes only.

use crate::form::{Form, parts};
use crate::module::Translator;
use naga::{Block, Expression, Function, Handle, LocalVariable, Statement};
use std::collections::HashSet;
use std::ptr::from_ref;

/// What a function is called with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Arg {
    Value(Form),
    Table(usize),
}

/// The result for one function and one form of its arguments.
pub(crate) struct Analysis {
    /// By index of the expression.
    forms: Vec<Option<Form>>,
    pub(crate) locals: Vec<Form>,
    /// Blocks that some lanes enter and others do not.
    divergent: HashSet<*const Block>,
    /// For each variable how many blocks deep the innermost block lies that all its uses are in.
    homes: Vec<usize>,
    pub(crate) result: Option<Form>,
    /// Whether some lanes return before others.
    pub(crate) returns_early: bool,
}

impl Analysis {
    pub(crate) fn diverges(&self, block: &Block) -> bool {
        self.divergent.contains(&from_ref(block))
    }

    /// Whether a store at the end of `path` is for some of those lanes only that read the variable later.
    pub(crate) fn is_partial(&self, local: Handle<LocalVariable>, path: &[&Block]) -> bool {
        let home = self.homes.get(local.index()).copied().unwrap_or(0);
        path.iter().skip(home).any(|b| self.diverges(b))
    }
}

/// Where `break` and `continue` lead, while walking.
struct Target<'a> {
    is_loop: bool,
    /// How long the path is inside of it.
    depth: usize,
    blocks: Vec<&'a Block>,
}

/// The walk.
pub(crate) struct Walk<'a> {
    t: &'a Translator<'a>,
    function: &'a Function,
    handle: Option<Handle<Function>>,
    args: &'a [Arg],
    out: Analysis,
    changed: bool,
}

impl<'a> Walk<'a> {
    /// Analyses a function until nothing more turns out to vary.
    pub(crate) fn run(
        t: &'a Translator<'a>,
        handle: Handle<Function>,
        args: &'a [Arg],
    ) -> Result<Analysis, String> {
        let function = &t.module.functions[handle];
        let uniform = |ty| Form::of(t.module, &t.module.types[ty].inner, false);
        let out = Analysis {
            forms: vec![None; function.expressions.len()],
            locals: function.local_variables.iter().map(|(_, l)| uniform(l.ty)).collect(),
            divergent: HashSet::new(),
            homes: homes(function),
            result: function.result.as_ref().map(|r| uniform(r.ty)),
            returns_early: false,
        };
        let mut walk = Self { t, function, handle: Some(handle), args, out, changed: true };
        while walk.changed {
            walk.changed = false;
            walk.block(&function.body, &mut Vec::new(), &mut Vec::new())?;
        }
        Ok(walk.out)
    }

    fn mark(&mut self, block: &'a Block) {
        self.changed |= self.out.divergent.insert(from_ref(block));
    }

    fn block(
        &mut self,
        block: &'a Block,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target<'a>>,
    ) -> Result<(), String> {
        path.push(block);
        for statement in block.iter() {
            self.statement(statement, path, targets)?;
        }
        path.pop();
        Ok(())
    }

    fn statement(
        &mut self,
        statement: &'a Statement,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target<'a>>,
    ) -> Result<(), String> {
        match statement {
            Statement::Emit(range) => {
                for h in range.clone() {
                    let form = self.compute(h)?;
                    self.set(h, form);
                }
            }
            Statement::Block(inner) => self.block(inner, path, targets)?,
            Statement::If { condition, accept, reject } => {
                if self.form(*condition)?.varies() {
                    self.mark(accept);
                    self.mark(reject);
                }
                self.block(accept, path, targets)?;
                self.block(reject, path, targets)?;
            }
            Statement::Switch { selector, cases } => {
                let blocks: Vec<&Block> = cases.iter().map(|c| &c.body).collect();
                if self.form(*selector)?.varies() {
                    blocks.iter().for_each(|b| self.mark(b));
                }
                targets.push(Target { is_loop: false, depth: path.len() + 1, blocks });
                for case in cases {
                    self.block(&case.body, path, targets)?;
                }
                targets.pop();
            }
            Statement::Loop { body, continuing, break_if } => {
                let blocks = vec![body, continuing];
                targets.push(Target { is_loop: true, depth: path.len() + 1, blocks: blocks.clone() });
                self.block(body, path, targets)?;
                self.block(continuing, path, targets)?;
                targets.pop();
                if let Some(condition) = break_if
                    && self.form(*condition)?.varies()
                {
                    blocks.into_iter().for_each(|b| self.mark(b));
                }
            }
            Statement::Break => self.leave(path, targets.last()),
            Statement::Continue => self.leave(path, targets.iter().rev().find(|t| t.is_loop)),
            Statement::Return { value } => {
                for target in targets.iter() {
                    self.leave(path, Some(target));
                }
                let early = path.iter().any(|b| self.out.diverges(b));
                if let Some(value) = value {
                    let mut form = self.form(*value)?;
                    if early {
                        form.join(&Form::One(true));
                    }
                    let mut result = self.out.result.clone().unwrap_or_else(|| form.clone());
                    result.join(&form);
                    if early || self.out.returns_early {
                        result.join(&Form::One(true));
                    }
                    self.changed |= self.out.result.as_ref() != Some(&result);
                    self.out.result = Some(result);
                }
                self.changed |= early && !self.out.returns_early;
                self.out.returns_early |= early;
            }
            Statement::Store { pointer, value } => {
                let (local, place) = self.place(*pointer)?;
                let mut form = self.form(*value)?;
                if self.out.is_partial(local, path) {
                    form.join(&Form::One(true));
                }
                if let Some(part) = self.out.locals.get_mut(local.index()).and_then(|l| l.at_mut(&place)) {
                    let before = part.clone();
                    part.join(&form);
                    self.changed |= *part != before;
                }
            }
            Statement::Call { function, arguments, result } => {
                if let Some(result) = result {
                    let form = if self.t.picture_call(*function).is_some_and(|(reads, _)| reads) {
                        Form::Many(vec![Form::One(true); 4])
                    } else if self.t.picture_call(*function).is_some() {
                        Form::Many(vec![Form::One(false); 2])
                    } else {
                        let args = arguments.iter().map(|a| self.arg(*a)).collect::<Result<Vec<_>, _>>()?;
                        self.t.analysis(*function, &args)?.result.clone().unwrap_or(Form::One(false))
                    };
                    self.set(*result, form);
                }
            }
            other => return Err(format!("{other:?} is not translated")),
        }
        Ok(())
    }

    /// A jump out of `target`: where only some lanes take it, the rest of the target is for the others.
    fn leave(&mut self, path: &[&'a Block], target: Option<&Target<'a>>) {
        let Some(target) = target else { return };
        if path.iter().skip(target.depth).any(|b| self.out.diverges(b)) {
            target.blocks.iter().for_each(|b| self.mark(b));
        }
    }

    fn set(&mut self, h: Handle<Expression>, form: Form) {
        if let Some(slot) = self.out.forms.get_mut(h.index()) {
            self.changed |= slot.as_ref() != Some(&form);
            *slot = Some(form);
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope {
            t: self.t,
            function: self.function,
            handle: self.handle,
            args: self.args,
            analysis: &self.out,
        }
    }

    fn form(&self, h: Handle<Expression>) -> Result<Form, String> {
        self.scope().form(h)
    }

    fn compute(&self, h: Handle<Expression>) -> Result<Form, String> {
        self.scope().compute(h)
    }

    fn arg(&self, h: Handle<Expression>) -> Result<Arg, String> {
        self.scope().arg(h)
    }

    fn place(&self, h: Handle<Expression>) -> Result<(Handle<LocalVariable>, Vec<usize>), String> {
        self.scope().place(h)
    }
}

/// A function under an analysis, as far as that has come.
#[derive(Clone, Copy)]
pub(crate) struct Scope<'a> {
    pub(crate) t: &'a Translator<'a>,
    pub(crate) function: &'a Function,
    pub(crate) handle: Option<Handle<Function>>,
    pub(crate) args: &'a [Arg],
    pub(crate) analysis: &'a Analysis,
}

impl<'a> Scope<'a> {
    /// The type of an expression.
    pub(crate) fn inner(&self, h: Handle<Expression>) -> &'a naga::TypeInner {
        match self.handle {
            Some(function) => self.t.info[function][h].ty.inner_with(&self.t.module.types),
            None => &naga::TypeInner::Sampler { comparison: false },
        }
    }

    /// The form of an expression that was computed already, or needs no computing.
    pub(crate) fn form(&self, h: Handle<Expression>) -> Result<Form, String> {
        match self.analysis.forms.get(h.index()) {
            Some(Some(form)) => Ok(form.clone()),
            _ => self.compute(h),
        }
    }

    /// How many parts a value has; a scalar has one.
    pub(crate) fn width(&self, h: Handle<Expression>) -> usize {
        parts(self.t.module, self.inner(h)).map_or(1, |p| p.len())
    }

    /// How an expression is handed to a function.
    pub(crate) fn arg(&self, h: Handle<Expression>) -> Result<Arg, String> {
        match self.t.table_of(self.function, self.args, h) {
            Some(table) => Ok(Arg::Table(table)),
            None => Ok(Arg::Value(self.form(h)?)),
        }
    }

    /// The variable and the part of it that a pointer names.
    pub(crate) fn place(&self, h: Handle<Expression>) -> Result<(Handle<LocalVariable>, Vec<usize>), String> {
        match &self.function.expressions[h] {
            Expression::LocalVariable(local) => Ok((*local, Vec::new())),
            Expression::AccessIndex { base, index } => {
                let (local, mut path) = self.place(*base)?;
                path.push(*index as usize);
                Ok((local, path))
            }
            other => Err(format!("a variable is not written through {other:?}")),
        }
    }

    fn whole(&self, h: Handle<Expression>, varies: bool) -> Form {
        Form::of(self.t.module, self.inner(h), varies)
    }

    /// The form of parts that are each made of the same parts of all operands.
    fn zipped(&self, h: Handle<Expression>, operands: &[Handle<Expression>]) -> Result<Form, String> {
        let mut form = self.whole(h, false);
        for operand in operands {
            form.join(&self.form(*operand)?);
        }
        Ok(form)
    }

    fn any(&self, operands: &[Handle<Expression>]) -> Result<bool, String> {
        operands.iter().try_fold(false, |any, h| Ok(any | self.form(*h)?.varies()))
    }

    pub(crate) fn compute(&self, h: Handle<Expression>) -> Result<Form, String> {
        use Expression as E;
        Ok(match &self.function.expressions[h] {
            E::Literal(_) | E::Constant(_) | E::ZeroValue(_) | E::Override(_) | E::ImageQuery { .. } => {
                self.whole(h, false)
            }
            E::FunctionArgument(i) => match self.args.get(*i as usize) {
                Some(Arg::Value(form)) => form.clone(),
                _ => Form::One(false),
            },
            E::LocalVariable(local) => {
                self.analysis.locals.get(local.index()).cloned().unwrap_or(Form::One(true))
            }
            E::GlobalVariable(_) => Form::One(false),
            E::Compose { components, .. } => {
                let mut forms = Vec::new();
                let is_vector = matches!(self.inner(h), naga::TypeInner::Vector { .. });
                for component in components {
                    match self.form(*component)? {
                        Form::Many(parts) if is_vector => forms.extend(parts),
                        form => forms.push(form),
                    }
                }
                Form::Many(forms)
            }
            E::Access { base, index } => {
                let varies = self.form(*index)?.varies();
                let mut form = self.whole(h, varies);
                if let Form::Many(parts) = self.form(*base)? {
                    parts.iter().for_each(|p| form.join(p));
                }
                form
            }
            E::AccessIndex { base, index } => self.form(*base)?.part(*index as usize),
            E::Splat { value, .. } => self.whole(h, self.form(*value)?.varies()),
            E::Swizzle { size, vector, pattern } => {
                let form = self.form(*vector)?;
                Form::Many(pattern.iter().take(*size as usize).map(|c| form.part(*c as usize)).collect())
            }
            E::Load { pointer } => self.form(*pointer)?,
            E::ImageLoad { coordinate, .. } => self.whole(h, self.form(*coordinate)?.varies()),
            E::Unary { expr, .. } | E::As { expr, .. } => self.zipped(h, &[*expr])?,
            E::Binary { left, right, .. } => self.zipped(h, &[*left, *right])?,
            E::Select { condition, accept, reject } => self.zipped(h, &[*condition, *accept, *reject])?,
            E::Relational { argument, .. } => Form::One(self.form(*argument)?.varies()),
            E::Math { fun, arg, arg1, arg2, arg3 } => {
                let operands: Vec<_> = [Some(*arg), *arg1, *arg2, *arg3].into_iter().flatten().collect();
                if crate::math::mixes_parts(*fun) {
                    self.whole(h, self.any(&operands)?)
                } else {
                    self.zipped(h, &operands)?
                }
            }
            E::CallResult(_) => return Err("a call's result was used before the call".to_owned()),
            other => return Err(format!("{other:?} is not translated")),
        })
    }
}

/// For each variable the number of blocks around all of its uses.
fn homes(function: &Function) -> Vec<usize> {
    let mut common: Vec<Option<Vec<*const Block>>> = vec![None; function.local_variables.len()];
    let mut path = Vec::new();
    uses(function, &function.body, &mut path, &mut common);
    let depth = |path: Option<Vec<*const Block>>| path.map_or(1, |p| p.len());
    // What is set before the function's first statement may be carried from turn to turn of a loop that alone uses it.
    let carried = function.local_variables.iter().map(|(_, local)| local.init.is_some());
    common.into_iter().zip(carried).map(|(path, carried)| if carried { 1 } else { depth(path) }).collect()
}

fn uses(
    function: &Function,
    block: &Block,
    path: &mut Vec<*const Block>,
    common: &mut [Option<Vec<*const Block>>],
) {
    path.push(from_ref(block));
    let mut used = |h: Handle<Expression>, path: &[*const Block]| {
        let mut at = h;
        loop {
            match &function.expressions[at] {
                Expression::AccessIndex { base, .. } | Expression::Access { base, .. } => at = *base,
                Expression::Load { pointer } => at = *pointer,
                Expression::LocalVariable(local) => {
                    let Some(slot) = common.get_mut(local.index()) else { return };
                    let shared = match slot.take() {
                        None => path.to_vec(),
                        Some(before) => {
                            before.iter().zip(path).take_while(|(a, b)| a == b).map(|(a, _)| *a).collect()
                        }
                    };
                    *slot = Some(shared);
                    return;
                }
                _ => return,
            }
        }
    };
    for statement in block.iter() {
        match statement {
            Statement::Emit(range) => range.clone().for_each(|h| used(h, path)),
            Statement::Store { pointer, .. } => used(*pointer, path),
            _ => {}
        }
    }
    for statement in block.iter() {
        match statement {
            Statement::Block(inner) => uses(function, inner, path, common),
            Statement::If { accept, reject, .. } => {
                uses(function, accept, path, common);
                uses(function, reject, path, common);
            }
            Statement::Switch { cases, .. } => {
                cases.iter().for_each(|c| uses(function, &c.body, path, common));
            }
            Statement::Loop { body, continuing, .. } => {
                uses(function, body, path, common);
                uses(function, continuing, path, common);
            }
            _ => {}
        }
    }
    path.pop();
}
