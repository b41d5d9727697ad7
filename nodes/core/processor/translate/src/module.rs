//! One tool's module: its functions, each translated once for every form of arguments that it is called with.

use crate::analysis::{Analysis, Arg, Walk};
use crate::catalogue::Tool;
use crate::emit;
use naga::valid::ModuleInfo;
use naga::{Expression, Function, Handle, Module, Statement};
use rushes_shader::{LIBRARY, lexer};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::rc::Rc;

/// What a function is translated for: its arguments, and whether only some lanes call it.
type Case = (usize, Vec<Arg>, bool);

/// A module under translation.
pub(crate) struct Translator<'a> {
    pub(crate) module: &'a Module,
    pub(crate) info: &'a ModuleInfo,
    tool: &'a Tool,
    /// Goes before the names of the functions, which share a namespace with other tools'.
    prefix: &'a str,
    /// What stands before each function.
    attribute: &'a str,
    analyses: RefCell<BTreeMap<(usize, Vec<Arg>), Rc<Analysis>>>,
    named: RefCell<BTreeMap<Case, String>>,
    text: RefCell<String>,
}

/// A tool's WGSL, with the helpers that it reaches.
pub(crate) fn wgsl(tool: &Tool) -> String {
    let mut out =
        String::from("struct Pixel { pos: vec2u, size: vec2u, frame: u32, seed: u32, scale: f32 }\n");
    for (binding, (name, cube)) in tool.tables.iter().enumerate() {
        let ty = if *cube { "texture_3d<f32>" } else { "texture_2d<f32>" };
        writeln!(out, "@group(0) @binding({binding}) var {name}: {ty};").ok();
    }
    for i in 0..tool.pictures.unwrap_or(0) {
        // Calls of these are translated to the processor's own; their bodies only make them valid.
        writeln!(out, "fn size{i}() -> vec2i {{ return vec2i(0); }}").ok();
        writeln!(out, "fn load{i}(pos: vec2i) -> vec4f {{ return vec4f(vec2f(pos), 0.0, 0.0); }}").ok();
    }
    for name in &tool.counts {
        writeln!(out, "override {name}: u32;").ok();
    }
    let own = lexer::declarations(&tool.source);
    let declared: BTreeSet<&str> = own.iter().map(|d| d.name.as_str()).collect();
    let library: Vec<_> = LIBRARY.iter().filter(|d| !declared.contains(d.name.as_str())).cloned().collect();
    let words = own.iter().flat_map(|d| d.words.iter().cloned());
    out.push_str(&lexer::reached(&library, words));
    out.push_str(&tool.source);
    out
}

impl<'a> Translator<'a> {
    pub(crate) fn new(
        module: &'a Module,
        info: &'a ModuleInfo,
        tool: &'a Tool,
        prefix: &'a str,
        attribute: &'a str,
    ) -> Self {
        Self {
            module,
            info,
            tool,
            prefix,
            attribute,
            analyses: RefCell::default(),
            named: RefCell::default(),
            text: RefCell::default(),
        }
    }

    /// The functions translated so far.
    pub(crate) fn into_text(self) -> String {
        self.text.into_inner()
    }

    /// The function of a name.
    pub(crate) fn function(&self, name: &str) -> Result<Handle<Function>, String> {
        let named = |f: &Function| f.name.as_deref() == Some(name);
        self.module
            .functions
            .iter()
            .find(|(_, f)| named(f))
            .map(|(h, _)| h)
            .ok_or_else(|| format!("there is no function `{name}`"))
    }

    /// What varies in a function called with `args`.
    pub(crate) fn analysis(&self, handle: Handle<Function>, args: &[Arg]) -> Result<Rc<Analysis>, String> {
        let case = (handle.index(), args.to_vec());
        if let Some(known) = self.analyses.borrow().get(&case) {
            return Ok(known.clone());
        }
        let analysis = Rc::new(Walk::run(self, handle, args)?);
        self.analyses.borrow_mut().insert(case, analysis.clone());
        Ok(analysis)
    }

    /// The Rust name of a function for a case, translating it where that was not done yet.
    pub(crate) fn translated(
        &self,
        handle: Handle<Function>,
        args: &[Arg],
        masked: bool,
    ) -> Result<String, String> {
        let case = (handle.index(), args.to_vec(), masked);
        if let Some(name) = self.named.borrow().get(&case) {
            return Ok(name.clone());
        }
        let own = self.module.functions[handle].name.clone().unwrap_or_default().to_lowercase();
        let name = format!("{}_{own}_{}", self.prefix, self.named.borrow().len());
        self.named.borrow_mut().insert(case, name.clone());
        // All of a pointwise tool is one loop; a kernel calls what it calls for each tap.
        let attributes = match self.tool.pictures {
            None => "#[inline(always)]".to_owned(),
            Some(_) => format!("{}\n#[inline]", self.attribute),
        };
        let text = emit::function(self, handle, args, masked, &name, &attributes)
            .map_err(|e| format!("`{own}`: {e}"))?;
        self.text.borrow_mut().push_str(&text);
        Ok(name)
    }

    /// Whether a call reads a picture or asks for its size, and which.
    pub(crate) fn picture_call(&self, handle: Handle<Function>) -> Option<(bool, usize)> {
        let name = self.module.functions[handle].name.as_deref()?;
        let pictures = self.tool.pictures?;
        let index = |head: &str| name.strip_prefix(head)?.parse::<usize>().ok().filter(|i| *i < pictures);
        index("load").map(|i| (true, i)).or_else(|| index("size").map(|i| (false, i)))
    }

    /// Whether a function is `table_3d` of `assets/shaders/core/table.wgsl`, of which the processor has its own.
    pub(crate) fn is_cube_reader(&self, handle: Handle<Function>) -> bool {
        self.module.functions[handle].name.as_deref() == Some("table_3d")
    }

    /// The table that an expression names.
    pub(crate) fn table_of(&self, function: &Function, args: &[Arg], h: Handle<Expression>) -> Option<usize> {
        match &function.expressions[h] {
            Expression::GlobalVariable(global) => {
                let name = self.module.global_variables[*global].name.as_deref()?;
                self.tool.tables.iter().position(|(table, _)| table == name)
            }
            Expression::FunctionArgument(i) => match args.get(*i as usize) {
                Some(Arg::Table(table)) => Some(*table),
                _ => None,
            },
            _ => None,
        }
    }

    /// The place of a count among the tool's.
    pub(crate) fn count(&self, name: &str) -> Option<usize> {
        self.tool.counts.iter().position(|n| n == name)
    }

    /// Whether a function or one that it calls has loops: only these must know which lanes count.
    pub(crate) fn loops(&self, handle: Handle<Function>) -> bool {
        fn any(t: &Translator<'_>, block: &naga::Block) -> bool {
            block.iter().any(|statement| match statement {
                Statement::Loop { .. } => true,
                Statement::Block(inner) => any(t, inner),
                Statement::If { accept, reject, .. } => any(t, accept) || any(t, reject),
                Statement::Switch { cases, .. } => cases.iter().any(|c| any(t, &c.body)),
                Statement::Call { function, .. } => t.loops(*function),
                _ => false,
            })
        }
        any(self, &self.module.functions[handle].body)
    }
}
