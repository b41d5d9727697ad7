//! Statements as Rust: where lanes part ways, both ways are gone with a mask each.

use crate::analysis::{Analysis, Arg, Scope};
use crate::expression::Values;
use crate::form::{Form, lifted, rust_type, zero};
use crate::module::Translator;
use naga::{Block, Expression, Function, Handle, Statement, SwitchCase, SwitchValue};
use std::fmt::Write as _;

/// Expressions below which two ways are both gone rather than asked about.
const CHEAP: usize = 24;

/// A function as Rust text.
pub(crate) fn function(
    t: &Translator<'_>,
    handle: Handle<Function>,
    args: &[Arg],
    masked: bool,
    name: &str,
    attributes: &str,
) -> Result<String, String> {
    let analysis = t.analysis(handle, args)?;
    let function = &t.module.functions[handle];
    let mut signature = String::from("cx: &Cx<'_>");
    if masked {
        signature.push_str(", mask: M");
    }
    for (i, (argument, arg)) in function.arguments.iter().zip(args).enumerate() {
        if let Arg::Value(form) = arg {
            let ty = rust_type(t.module, &t.module.types[argument.ty].inner, form)?;
            write!(signature, ", a{i}: {ty}").ok();
        }
    }
    let mut e = Emitter {
        scope: Scope { t, function, handle: Some(handle), args, analysis: &analysis },
        analysis: &analysis,
        out: String::new(),
        names: 0,
        ahead: 0,
    };
    let result_type = match (&function.result, &analysis.result) {
        (Some(result), Some(form)) => {
            let inner = &t.module.types[result.ty].inner;
            if analysis.returns_early {
                writeln!(e.out, "let mut live = {};", if masked { "mask" } else { "M::splat(true)" }).ok();
                writeln!(e.out, "let mut ret = {};", zero(t.module, inner, form)?).ok();
            }
            rust_type(t.module, inner, form)?
        }
        _ => "()".to_owned(),
    };
    for (local, variable) in function.local_variables.iter() {
        let inner = &t.module.types[variable.ty].inner;
        let form = &analysis.locals[local.index()];
        let init = match variable.init {
            Some(init) => {
                let from = e.scope.form(init)?;
                lifted(t.module, inner, &e.values().constant(&function.expressions, init)?, &from, form)?
            }
            None => zero(t.module, inner, form)?,
        };
        let ty = rust_type(t.module, inner, form)?;
        writeln!(e.out, "let mut l{}: {ty} = {init};", local.index()).ok();
    }
    let active = match (analysis.returns_early, masked) {
        (true, _) => Some("live"),
        (false, true) => Some("mask"),
        (false, false) => None,
    };
    e.block(&function.body, active, &mut Vec::new(), &mut Vec::new())?;
    if analysis.returns_early {
        e.out.push_str("ret\n");
    } else if function.result.is_some() && !ends(&function.body) {
        let form = analysis.result.clone().unwrap_or(Form::One(false));
        let ty = function.result.as_ref().map(|r| &t.module.types[r.ty].inner).ok_or("no result")?;
        writeln!(e.out, "{}", zero(t.module, ty, &form)?).ok();
    }
    Ok(format!("{attributes}\nfn {name}({signature}) -> {result_type} {{\n{}}}\n", e.out))
}

/// Whether a block's last statement returns.
fn ends(block: &Block) -> bool {
    matches!(block.last(), Some(Statement::Return { .. }))
}

/// Where jumps lead.
enum Target {
    /// A loop or switch that all lanes leave together, by its label.
    Label { is_loop: bool, number: usize },
    /// A loop that lanes leave one by one: those still in it, and those in this turn of it.
    Lanes { number: usize },
    /// A switch whose cases are taken by some lanes each.
    Cases,
}

struct Emitter<'a> {
    scope: Scope<'a>,
    analysis: &'a Analysis,
    out: String,
    names: usize,
    /// How much work there is behind what is being written.
    ahead: usize,
}

impl<'a> Emitter<'a> {
    fn values(&self) -> Values<'a> {
        Values { scope: self.scope }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn fresh(&mut self) -> usize {
        self.names += 1;
        self.names
    }

    fn block(
        &mut self,
        block: &'a Block,
        active: Option<&str>,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target>,
    ) -> Result<(), String> {
        path.push(block);
        let mut open = 0;
        let behind = self.ahead;
        let statements: Vec<&Statement> = block.iter().collect();
        for (i, statement) in statements.iter().enumerate() {
            let rest = statements.get(i + 1..).unwrap_or_default();
            let left: usize = rest.iter().map(|s| weight(s)).sum();
            self.ahead = behind + left;
            let jumps = self.statement(statement, active, path, targets)?;
            if let (true, Some(active)) = (jumps, active) {
                let still = targets.iter().rev().find_map(|target| match target {
                    Target::Lanes { number } => Some(format!("im{number}")),
                    _ => None,
                });
                let still = still.unwrap_or_else(|| "live".to_owned());
                if still != active && (still != "live" || self.analysis.returns_early) {
                    writeln!(self.out, "{active} = {active}.vand({still});").ok();
                }
                if left > CHEAP {
                    writeln!(self.out, "if {active}.any() {{").ok();
                    open += 1;
                }
            }
        }
        (0..open).for_each(|_| self.out.push_str("}\n"));
        self.ahead = behind;
        path.pop();
        Ok(())
    }

    /// Writes a statement. Says whether some lanes may have left the block in it.
    fn statement(
        &mut self,
        statement: &'a Statement,
        active: Option<&str>,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target>,
    ) -> Result<bool, String> {
        match statement {
            Statement::Emit(range) => {
                for h in range.clone() {
                    if !matches!(
                        self.scope.inner(h),
                        naga::TypeInner::Pointer { .. } | naga::TypeInner::ValuePointer { .. }
                    ) {
                        let text = self.values().expression(h)?;
                        writeln!(self.out, "let e{} = {text};", h.index()).ok();
                    }
                }
                Ok(false)
            }
            Statement::Block(inner) => {
                self.block(inner, active, path, targets)?;
                Ok(self.leaves(inner, path))
            }
            Statement::If { condition, accept, reject } => {
                self.branch(*condition, accept, reject, active, path, targets)
            }
            Statement::Switch { selector, cases } => self.switch(*selector, cases, active, path, targets),
            Statement::Loop { body, continuing, break_if } => {
                self.turns(body, continuing, *break_if, active, path, targets)
            }
            Statement::Break => {
                let at = targets.len().checked_sub(1).ok_or("a `break` outside of a loop")?;
                self.leave(at, targets, active, false);
                Ok(false)
            }
            Statement::Continue => {
                let is_loop =
                    |t: &Target| matches!(t, Target::Label { is_loop: true, .. } | Target::Lanes { .. });
                let at = targets.iter().rposition(is_loop).ok_or("a `continue` outside of a loop")?;
                self.leave(at, targets, active, true);
                Ok(false)
            }
            Statement::Return { value } => {
                self.give_back(*value, active, path, targets)?;
                Ok(false)
            }
            Statement::Store { pointer, value } => {
                let (local, place) = self.scope.place(*pointer)?;
                let to = self.scope.form(*pointer)?;
                let from = self.scope.form(*value)?;
                let name = place.iter().fold(format!("l{}", local.index()), |n, i| format!("{n}.{i}"));
                let inner = self.scope.inner(*value);
                let text = lifted(self.scope.t.module, inner, &self.values().text(*value)?, &from, &to)?;
                match active {
                    Some(active) if self.analysis.is_partial(local, path) => {
                        let picked = self.values().picked(active, inner, &to, &text, &name)?;
                        writeln!(self.out, "{name} = {picked};").ok();
                    }
                    _ => {
                        writeln!(self.out, "{name} = {text};").ok();
                    }
                }
                Ok(false)
            }
            Statement::Call { function, arguments, result } => {
                let text = self.values().call(*function, arguments, active)?;
                match result {
                    Some(result) => writeln!(self.out, "let e{} = {text};", result.index()).ok(),
                    None => writeln!(self.out, "{text};").ok(),
                };
                Ok(false)
            }
            other => Err(format!("{other:?} is not translated")),
        }
    }

    /// Whether lanes may leave `block` for somewhere beyond its end while others go on.
    fn leaves(&self, block: &'a Block, path: &[&'a Block]) -> bool {
        let apart = path.iter().any(|b| self.analysis.diverges(b)) || self.analysis.returns_early;
        apart && jumps(block)
    }

    fn branch(
        &mut self,
        condition: Handle<Expression>,
        accept: &'a Block,
        reject: &'a Block,
        active: Option<&str>,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target>,
    ) -> Result<bool, String> {
        let text = self.values().text(condition)?;
        if !self.scope.form(condition)?.varies() {
            writeln!(self.out, "if {text} {{").ok();
            self.block(accept, active, path, targets)?;
            if !reject.is_empty() {
                self.line("} else {");
                self.block(reject, active, path, targets)?;
            }
            self.line("}");
            return Ok(self.leaves(accept, path) || self.leaves(reject, path));
        }
        for (side, block) in [(text.clone(), accept), (format!("{text}.vnot()"), reject)] {
            if block.is_empty() {
                continue;
            }
            let mask = format!("m{}", self.fresh());
            let value = active.map_or_else(|| side.clone(), |a| format!("{a}.vand({side})"));
            writeln!(self.out, "let mut {mask} = {value};").ok();
            let asks = jumps(block) && weight_of(block) > 4 || weight_of(block) > CHEAP;
            self.line(&if asks { format!("if {mask}.any() {{") } else { "{".to_owned() });
            self.block(block, Some(&mask), path, targets)?;
            self.line("}");
        }
        Ok(jumps(accept) || jumps(reject))
    }

    fn switch(
        &mut self,
        selector: Handle<Expression>,
        cases: &'a [SwitchCase],
        active: Option<&str>,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target>,
    ) -> Result<bool, String> {
        let text = self.values().text(selector)?;
        // Values that fall through to one body are one case.
        let mut grouped: Vec<(Vec<&SwitchValue>, &'a Block)> = Vec::new();
        let mut values = Vec::new();
        for case in cases {
            values.push(&case.value);
            if case.fall_through {
                if !case.body.is_empty() {
                    return Err("a case that falls through is not translated".to_owned());
                }
                continue;
            }
            grouped.push((std::mem::take(&mut values), &case.body));
        }
        let varies = self.scope.form(selector)?.varies();
        let is_default = |values: &[&SwitchValue]| values.iter().any(|v| matches!(v, SwitchValue::Default));
        let literal = |v: &SwitchValue| match v {
            SwitchValue::I32(i) => format!("{i}i32"),
            SwitchValue::U32(u) => format!("{u}u32"),
            SwitchValue::Default => "_".to_owned(),
        };
        if !varies {
            let apart = cases.iter().any(|c| self.analysis.diverges(&c.body));
            let number = self.fresh();
            targets.push(if apart { Target::Cases } else { Target::Label { is_loop: false, number } });
            writeln!(self.out, "'t{number}: {{ match {text} {{").ok();
            grouped.sort_by_key(|(values, _)| is_default(values));
            for (values, body) in &grouped {
                let patterns = if is_default(values) {
                    "_".to_owned()
                } else {
                    values.iter().map(|v| literal(v)).collect::<Vec<_>>().join(" | ")
                };
                writeln!(self.out, "{patterns} => {{").ok();
                if apart {
                    let inner = format!("m{}", self.fresh());
                    let whole = active.unwrap_or("M::splat(true)").to_owned();
                    writeln!(self.out, "let mut {inner} = {whole};").ok();
                    self.block(body, Some(&inner), path, targets)?;
                } else {
                    self.block(body, active, path, targets)?;
                }
                self.line("}");
            }
            self.line("} }");
        } else {
            targets.push(Target::Cases);
            let number = self.fresh();
            writeln!(self.out, "let mut rest{number} = {};", active.unwrap_or("M::splat(true)")).ok();
            grouped.sort_by_key(|(values, _)| is_default(values));
            for (values, body) in &grouped {
                let mask = format!("m{}", self.fresh());
                if is_default(values) {
                    writeln!(self.out, "let mut {mask} = rest{number};").ok();
                } else {
                    let kind = crate::form::scalar(self.scope.t.module, self.scope.inner(selector))?;
                    let equal: Vec<String> = values
                        .iter()
                        .map(|v| format!("{text}.veq({}::splat({}))", kind.lanes(), literal(v)))
                        .collect();
                    let any = equal
                        .iter()
                        .skip(1)
                        .fold(equal.first().cloned().unwrap_or_default(), |a, b| format!("{a}.vor({b})"));
                    writeln!(self.out, "let mut {mask} = rest{number}.vand({any});").ok();
                    writeln!(self.out, "rest{number} = rest{number}.vand({mask}.vnot());").ok();
                }
                let asks = weight_of(body) > CHEAP;
                self.line(&if asks { format!("if {mask}.any() {{") } else { "{".to_owned() });
                self.block(body, Some(&mask), path, targets)?;
                self.line("}");
            }
        }
        targets.pop();
        let apart = varies
            || self.analysis.returns_early
            || path.iter().any(|b| self.analysis.diverges(b))
            || cases.iter().any(|c| self.analysis.diverges(&c.body));
        Ok(apart && cases.iter().any(|c| jumps(&c.body)))
    }

    fn turns(
        &mut self,
        body: &'a Block,
        continuing: &'a Block,
        break_if: Option<Handle<Expression>>,
        active: Option<&str>,
        path: &mut Vec<&'a Block>,
        targets: &mut Vec<Target>,
    ) -> Result<bool, String> {
        let number = self.fresh();
        if !self.analysis.diverges(body) {
            targets.push(Target::Label { is_loop: true, number });
            writeln!(self.out, "'t{number}: loop {{").ok();
            let continues = continues(body);
            if continues {
                writeln!(self.out, "'c{number}: {{").ok();
            }
            self.block(body, active, path, targets)?;
            if continues {
                self.line("}");
            }
            self.block(continuing, active, path, targets)?;
            if let Some(condition) = break_if {
                let text = self.values().text(condition)?;
                writeln!(self.out, "if {text} {{ break 't{number}; }}").ok();
            }
            self.line("}");
            targets.pop();
            return Ok(false);
        }
        targets.push(Target::Lanes { number });
        writeln!(self.out, "let mut lm{number} = {};", active.unwrap_or("M::splat(true)")).ok();
        writeln!(self.out, "while lm{number}.any() {{\nlet mut im{number} = lm{number};").ok();
        self.block(body, Some(&format!("im{number}")), path, targets)?;
        let still = format!("lm{number}");
        self.block(continuing, Some(&still), path, targets)?;
        if let Some(condition) = break_if {
            let kind = self.scope.form(condition)?.varies();
            let text = crate::form::Kind::Bool.lifted(&self.values().text(condition)?, kind, true);
            writeln!(self.out, "{still} = {still}.vand({text}.vnot());").ok();
        }
        self.line("}");
        targets.pop();
        Ok(self.analysis.returns_early && returns(body))
    }

    /// A jump to the target at a place of the list.
    fn leave(&mut self, at: usize, targets: &[Target], active: Option<&str>, goes_on: bool) {
        let active = active.unwrap_or("M::splat(true)");
        match targets.get(at) {
            Some(Target::Label { number, .. }) => {
                writeln!(self.out, "break '{}{number};", if goes_on { "c" } else { "t" }).ok();
            }
            Some(Target::Lanes { number }) => {
                writeln!(self.out, "im{number} = im{number}.vand({active}.vnot());").ok();
                if !goes_on {
                    writeln!(self.out, "lm{number} = lm{number}.vand({active}.vnot());").ok();
                }
            }
            Some(Target::Cases) | None => {
                writeln!(self.out, "{active} = M::splat(false);").ok();
            }
        }
    }

    fn give_back(
        &mut self,
        value: Option<Handle<Expression>>,
        active: Option<&str>,
        path: &[&'a Block],
        targets: &[Target],
    ) -> Result<(), String> {
        let (Some(value), Some(to)) = (value, &self.analysis.result) else {
            return Err("a function without a result is not translated".to_owned());
        };
        let inner = self.scope.inner(value);
        let from = self.scope.form(value)?;
        let text = lifted(self.scope.t.module, inner, &self.values().text(value)?, &from, to)?;
        let apart = path.iter().any(|b| self.analysis.diverges(b));
        if !self.analysis.returns_early {
            writeln!(self.out, "return {text};").ok();
        } else if apart {
            let active = active.unwrap_or("live");
            if self.ahead > CHEAP {
                writeln!(self.out, "if {active}.all() {{ return {text}; }}").ok();
            }
            let picked = self.values().picked(active, inner, to, &text, "ret")?;
            writeln!(self.out, "ret = {picked};\nlive = live.vand({active}.vnot());").ok();
            for target in targets {
                if let Target::Lanes { number } = target {
                    for mask in ["lm", "im"] {
                        writeln!(self.out, "{mask}{number} = {mask}{number}.vand(live);").ok();
                    }
                }
            }
        } else {
            let picked = self.values().picked("live", inner, to, &text, "ret")?;
            writeln!(self.out, "return {picked};").ok();
        }
        Ok(())
    }
}

/// How much work a statement is, roughly.
fn weight(statement: &Statement) -> usize {
    match statement {
        Statement::Emit(range) => range.clone().count(),
        Statement::Block(inner) => weight_of(inner),
        Statement::If { accept, reject, .. } => 1 + weight_of(accept) + weight_of(reject),
        Statement::Switch { cases, .. } => cases.iter().map(|c| 1 + weight_of(&c.body)).sum(),
        Statement::Loop { body, continuing, .. } => 64 + weight_of(body) + weight_of(continuing),
        Statement::Call { .. } => 24,
        _ => 1,
    }
}

fn weight_of(block: &Block) -> usize {
    block.iter().map(weight).sum()
}

/// Whether a block holds a statement for which `wanted` is true.
fn any(block: &Block, wanted: &dyn Fn(&Statement) -> bool) -> bool {
    block.iter().any(|statement| {
        wanted(statement)
            || match statement {
                Statement::Block(inner) => any(inner, wanted),
                Statement::If { accept, reject, .. } => any(accept, wanted) || any(reject, wanted),
                Statement::Switch { cases, .. } => cases.iter().any(|c| any(&c.body, wanted)),
                Statement::Loop { body, continuing, .. } => any(body, wanted) || any(continuing, wanted),
                _ => false,
            }
    })
}

/// Whether a block jumps anywhere, be it only within itself.
fn jumps(block: &Block) -> bool {
    any(block, &|s| matches!(s, Statement::Break | Statement::Continue | Statement::Return { .. }))
}

fn returns(block: &Block) -> bool {
    any(block, &|s| matches!(s, Statement::Return { .. }))
}

fn continues(block: &Block) -> bool {
    any(block, &|s| matches!(s, Statement::Continue))
}
