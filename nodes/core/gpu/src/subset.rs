//! The subset of WGSL that pointwise tools keep to, held on naga's own form.

use naga::{AddressSpace, Block, Expression, Function, Handle, LocalVariable, Module, Statement};
use rushes_engine::{Error, Result};

/// Refuses what would keep a function from running on other executors, or in step with its neighbours.
/// `tables` is the number of textures that the module may bind.
pub(crate) fn check(module: &Module, tables: usize) -> Result<()> {
    let mut textures = 0;
    for (_, global) in module.global_variables.iter() {
        match global.space {
            AddressSpace::Handle => textures += 1,
            AddressSpace::Uniform => {}
            _ => return Err(outside("a variable of module scope", "use constants and function variables")),
        }
    }
    if textures != tables {
        return Err(outside("a texture of its own", "name it as a table of the shader"));
    }
    if !module.overrides.is_empty() {
        return Err(outside("an `override`", "use a constant"));
    }
    module.functions.iter().try_for_each(|(_, function)| check_function(function))
}

fn outside(what: &str, help: &str) -> Error {
    Error::usage(format!("a pointwise tool may not use {what}")).help(help.to_owned())
}

fn check_function(function: &Function) -> Result<()> {
    for (_, expression) in function.expressions.iter() {
        match expression {
            Expression::Derivative { .. } => {
                return Err(outside("derivatives", "write a kernel that reads neighbours"));
            }
            Expression::ImageSample { .. } => {
                return Err(outside("texture sampling", "read tables by `table_1d` and `table_3d`"));
            }
            _ => {}
        }
    }
    check_block(function, &function.body)
}

fn check_block(function: &Function, block: &Block) -> Result<()> {
    for statement in block.iter() {
        match statement {
            Statement::Block(inner) => check_block(function, inner)?,
            Statement::If { accept, reject, .. } => {
                check_block(function, accept)?;
                check_block(function, reject)?;
            }
            Statement::Switch { cases, .. } => {
                for case in cases {
                    check_block(function, &case.body)?;
                }
            }
            Statement::Loop { body, continuing, break_if } => {
                if break_if.is_some() || !is_counted(function, body, continuing) {
                    return Err(outside(
                        "a loop whose number of turns is not constant",
                        "write `for (var i = 0; i < 8; i++)` with constant bounds and no `break`",
                    ));
                }
                check_block(function, body)?;
                check_block(function, continuing)?;
            }
            Statement::Kill => return Err(outside("`discard`", "return transparent black")),
            Statement::ControlBarrier(_) | Statement::MemoryBarrier(_) => {
                return Err(outside("barriers", "write a kernel"));
            }
            Statement::ImageStore { .. } | Statement::Atomic { .. } | Statement::ImageAtomic { .. } => {
                return Err(outside("storage", "return the pixel"));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a loop is `for (var i = a; i < b; i += c)` over constants, left nowhere else.
fn is_counted(function: &Function, body: &Block, continuing: &Block) -> bool {
    let mut exit = None;
    for statement in body.iter() {
        match statement {
            Statement::Emit(_) => {}
            Statement::If { condition, accept, reject } => {
                let only_break = |b: &Block| matches!(b.first(), Some(Statement::Break)) && b.len() == 1;
                if (only_break(accept) && reject.is_empty()) || (only_break(reject) && accept.is_empty()) {
                    exit = Some(*condition);
                }
                break;
            }
            _ => break,
        }
    }
    let Some(condition) = exit else { return false };
    let mut counters = Vec::new();
    if !constant_but_for(function, condition, &mut counters) {
        return false;
    }
    counters.dedup();
    let [counter] = counters.as_slice() else { return false };
    // Stores to the counter: constants before, one step in `continuing`, none in the body.
    let mut body_stores = Vec::new();
    stores(body, function, *counter, &mut body_stores);
    let mut steps = Vec::new();
    stores(continuing, function, *counter, &mut steps);
    let mut all = Vec::new();
    stores(&function.body, function, *counter, &mut all);
    let mut others = Vec::new();
    let constant_starts = all.iter().all(|value| {
        steps.contains(value) || {
            others.clear();
            constant_but_for(function, *value, &mut others) && others.is_empty()
        }
    });
    let constant_step = steps.len() == 1
        && steps.iter().all(|value| {
            others.clear();
            constant_but_for(function, *value, &mut others) && others.iter().all(|o| o == counter)
        });
    body_stores.is_empty() && constant_starts && constant_step && breaks(body) == 1
}

/// Whether an expression is made of constants and loads of local variables, which are added to `locals`.
fn constant_but_for(
    function: &Function,
    expression: Handle<Expression>,
    locals: &mut Vec<Handle<LocalVariable>>,
) -> bool {
    match &function.expressions[expression] {
        Expression::Literal(_) | Expression::Constant(_) | Expression::ZeroValue(_) => true,
        Expression::Load { pointer } => match function.expressions[*pointer] {
            Expression::LocalVariable(local) => {
                locals.push(local);
                true
            }
            _ => false,
        },
        Expression::Binary { left, right, .. } => {
            constant_but_for(function, *left, locals) && constant_but_for(function, *right, locals)
        }
        Expression::Unary { expr, .. } | Expression::As { expr, .. } => {
            constant_but_for(function, *expr, locals)
        }
        _ => false,
    }
}

/// The values stored to a local variable anywhere inside a block.
fn stores(
    block: &Block,
    function: &Function,
    local: Handle<LocalVariable>,
    out: &mut Vec<Handle<Expression>>,
) {
    for statement in block.iter() {
        match statement {
            Statement::Store { pointer, value } if matches!(function.expressions[*pointer], Expression::LocalVariable(l) if l == local) =>
            {
                out.push(*value);
            }
            Statement::Block(inner) => stores(inner, function, local, out),
            Statement::If { accept, reject, .. } => {
                stores(accept, function, local, out);
                stores(reject, function, local, out);
            }
            Statement::Switch { cases, .. } => {
                cases.iter().for_each(|c| stores(&c.body, function, local, out));
            }
            Statement::Loop { body, continuing, .. } => {
                stores(body, function, local, out);
                stores(continuing, function, local, out);
            }
            _ => {}
        }
    }
}

/// How often a loop's body leaves it, or the function.
fn breaks(block: &Block) -> usize {
    block
        .iter()
        .map(|statement| match statement {
            Statement::Break | Statement::Return { .. } => 1,
            Statement::Block(inner) => breaks(inner),
            Statement::If { accept, reject, .. } => breaks(accept) + breaks(reject),
            // A switch's own breaks leave the switch; an inner loop's leave that loop.
            _ => 0,
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use crate::PointwiseShader;

    fn check(body: &str) -> Result<(), String> {
        let source = format!("fn tool(c: vec4f, at: Pixel) -> vec4f {{ {body} }}");
        let shader = PointwiseShader::new("test", source.leak(), 1, &[]);
        shader.validate().map_err(|e| e.to_string())
    }

    #[test]
    fn constant_loops_pass_and_what_other_executors_cannot_do_does_not() {
        check("var s = c; for (var i = 0u; i < 4u; i++) { s += c; } return s;").unwrap();
        check("var s = c; for (var i = 3; i >= 0; i -= 1) { if s.x > 1.0 { continue; } s += c; } return s;")
            .unwrap();
        check("var s = c; for (var y = 0; y < 3; y++) { for (var x = 0; x < 3; x++) { s += c; } } return s;")
            .unwrap();
        for (bad, why) in [
            ("var s = c; for (var i = 0u; i < at.frame; i++) { s += c; } return s;", "loop"),
            (
                "var s = c; for (var i = 0u; i < 9u; i++) { if s.x > 1.0 { break; } s += c; } return s;",
                "loop",
            ),
            (
                "var s = c; for (var i = 0u; i < 9u; i++) { if s.x > 1.0 { i = 0u; } s += c; } return s;",
                "loop",
            ),
            ("var s = c; loop { if s.x > 1.0 { break; } s += c; } return s;", "loop"),
            ("return dpdx(c);", "derivatives"),
            ("if c.x > 1.0 { discard; } return c;", "discard"),
        ] {
            let error = check(bad).unwrap_err();
            assert!(error.contains(why), "{bad}: {error}");
        }
        let own = PointwiseShader::new(
            "own",
            "var<private> x: f32; fn tool(at: Pixel) -> vec4f { x += 1.0; return vec4f(x); }",
            0,
            &[],
        );
        assert!(own.validate().unwrap_err().to_string().contains("module scope"));
    }
}
