//! What a tool gives: one WGSL function, its parameters by name, and its tables.

use crate::params::ParamLayout;
use crate::program;
use crate::table::TableKind;
use rushes_engine::{Error, Key, KeyHasher, Result};
use rushes_shader::{LIBRARY, lexer};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A table that a shader reads: the name it has in the source, and its shape.
pub type TableSlot = (&'static str, TableKind);

/// A tool that makes each pixel from the pixels at the same place.
///
/// The source declares `fn tool(c: vec4f, c1: vec4f…, at: Pixel, p: Params) -> vec4f` with one colour an input,
/// and `struct Params { … }` of `f32`, `i32`, `u32`, `vec2f`, `vec3f`, `vec4f` and `array<vec4f, N>` members.
/// Without parameters both `Params` and `p` are left out. It may declare helper functions, structs and
/// constants of any name, call the helpers under `assets/shaders/core`, and hand its tables to `table_1d` and
/// `table_3d` by name. It keeps to the subset of [`PointwiseShader::validate`].
///
/// Meant to be a `static`: the source is parsed once, at first use.
#[derive(Debug)]
pub struct PointwiseShader {
    body: Body,
}

/// A tool that makes each pixel from any pixels of its inputs.
///
/// The source declares `fn tool(at: Pixel, p: Params) -> vec4f` and reads its inputs by `load0(pos: vec2i)`,
/// `load1(pos)`…; `size0()`, `size1()`… are their sizes. What lies beyond the edge is the kernel's [`Border`].
/// All else is as in [`PointwiseShader`], without its subset.
#[derive(Debug)]
pub struct Kernel {
    body: Body,
    pub(crate) border: Border,
}

/// What a kernel reads beyond the edges of its inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Border {
    /// The nearest pixel of the edge.
    #[default]
    Clamp,
    /// The picture reflected about the outer sides of its edge pixels.
    Mirror,
    /// The picture repeated.
    Wrap,
    /// Nothing: 0 in all four channels.
    Transparent,
    /// The kernel promises to use no value from outside; what it reads there is undefined. The fastest.
    Inside,
}

impl Border {
    pub(crate) fn function(self) -> Option<&'static str> {
        match self {
            Self::Clamp => Some("border_clamp"),
            Self::Mirror => Some("border_mirror"),
            Self::Wrap => Some("border_wrap"),
            Self::Transparent | Self::Inside => None,
        }
    }
}

/// What both kinds share.
#[derive(Debug)]
pub(crate) struct Body {
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    pub(crate) inputs: usize,
    pub(crate) tables: &'static [TableSlot],
    parsed: OnceLock<Result<Parsed>>,
    hash: OnceLock<Key>,
}

/// What is known of a source once it was read.
#[derive(Debug)]
pub(crate) struct Parsed {
    /// The names that it declares at module scope.
    pub(crate) names: Vec<String>,
    /// Every word in it.
    pub(crate) words: BTreeSet<String>,
    /// The members of its `Params`.
    pub(crate) params: ParamLayout,
}

impl Body {
    const fn new(
        name: &'static str,
        source: &'static str,
        inputs: usize,
        tables: &'static [TableSlot],
    ) -> Self {
        Self { name, source, inputs, tables, parsed: OnceLock::new(), hash: OnceLock::new() }
    }

    /// Names and words, by tokens alone.
    pub(crate) fn scan(&self) -> Result<Parsed> {
        let declarations = lexer::declarations(self.source);
        let names: Vec<String> =
            declarations.iter().map(|d| d.name.clone()).filter(|n| !n.is_empty()).collect();
        if !names.iter().any(|n| n == "tool") {
            return Err(Error::usage("the shader declares no function `tool`")
                .at(self.name)
                .help("declare `fn tool(…) -> vec4f`"));
        }
        let words = declarations.into_iter().flat_map(|d| d.words).collect();
        Ok(Parsed { names, words, params: ParamLayout::default() })
    }

    fn parsed(&self, module: impl FnOnce() -> Result<naga::Module>) -> Result<&Parsed> {
        self.parsed
            .get_or_init(|| {
                let params = ParamLayout::of(&module()?, "t0_Params").map_err(|e| e.at(self.name))?;
                Ok(Parsed { params, ..self.scan()? })
            })
            .as_ref()
            .map_err(Clone::clone)
    }

    /// A hash of the source, of the shared helpers that it reaches, and of how it is bound.
    fn hash(&self, kind: &str) -> Key {
        *self.hash.get_or_init(|| {
            let words = lexer::declarations(self.source).into_iter().flat_map(|d| d.words);
            let mut hasher = KeyHasher::new("shader");
            hasher.str(kind).str(self.source).str(&lexer::reached(&LIBRARY, words));
            hasher.u64(self.inputs as u64);
            for (name, kind) in self.tables {
                hasher.str(name).u64(*kind as u64);
            }
            hasher.finish()
        })
    }
}

impl PointwiseShader {
    /// A tool's function. `name` is for people; `inputs` counts its colours, 0 for a generator.
    pub const fn new(
        name: &'static str,
        source: &'static str,
        inputs: usize,
        tables: &'static [TableSlot],
    ) -> Self {
        Self { body: Body::new(name, source, inputs, tables) }
    }

    /// The name for people.
    pub fn name(&self) -> &'static str {
        self.body.name
    }

    /// How many colours it takes.
    pub fn inputs(&self) -> usize {
        self.body.inputs
    }

    /// The tables that it reads.
    pub fn tables(&self) -> &'static [TableSlot] {
        self.body.tables
    }

    /// Its source.
    pub fn source(&self) -> &'static str {
        self.body.source
    }

    /// A hash of its source and the shared helpers it calls, for frame keys.
    pub fn hash(&self) -> Key {
        self.body.hash("pointwise")
    }

    /// Holds the source against WGSL and the pointwise subset: loops of a constant number of turns; no
    /// derivatives, barriers, sampling, `discard` or variables of module scope. Needs no device.
    ///
    /// # Errors
    /// What is wrong, and in which line of the assembled module.
    pub fn validate(&self) -> Result<()> {
        let module = program::standalone(self)?;
        crate::subset::check(&module, self.body.tables.len()).map_err(|e| e.at(self.body.name))
    }

    /// Checks that `names` are exactly the members of `Params`, for a tool's own test.
    ///
    /// # Errors
    /// The first member without a name or name without a member, or what [`PointwiseShader::validate`] says.
    pub fn check_params(&self, names: &[&str]) -> Result<()> {
        self.parsed()?.params.check_names(names).map_err(|e| e.at(self.body.name))
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(crate) fn parsed(&self) -> Result<&Parsed> {
        self.body.parsed(|| program::standalone(self))
    }
}

impl Kernel {
    /// A neighbourhood kernel of `inputs` pictures.
    pub const fn new(
        name: &'static str,
        source: &'static str,
        inputs: usize,
        tables: &'static [TableSlot],
        border: Border,
    ) -> Self {
        Self { body: Body::new(name, source, inputs, tables), border }
    }

    /// The name for people.
    pub fn name(&self) -> &'static str {
        self.body.name
    }

    /// How many pictures it takes.
    pub fn inputs(&self) -> usize {
        self.body.inputs
    }

    /// Its source.
    pub fn source(&self) -> &'static str {
        self.body.source
    }

    /// The tables that it reads.
    pub fn tables(&self) -> &'static [TableSlot] {
        self.body.tables
    }

    /// What it reads beyond the edges of its inputs.
    pub fn border(&self) -> Border {
        self.border
    }

    /// A hash of its source, border and the shared helpers it calls, for frame keys.
    pub fn hash(&self) -> Key {
        self.body.hash(match self.border {
            Border::Clamp => "clamp",
            Border::Mirror => "mirror",
            Border::Wrap => "wrap",
            Border::Transparent => "transparent",
            Border::Inside => "inside",
        })
    }

    /// Holds the source against WGSL. Needs no device.
    ///
    /// # Errors
    /// What is wrong, and in which line of the assembled module.
    pub fn validate(&self) -> Result<()> {
        program::parse(&program::kernel(self)?.wgsl, self.body.name).map(|_| ())
    }

    /// Checks that `names` are exactly the members of `Params`, for a tool's own test.
    ///
    /// # Errors
    /// The first member without a name or name without a member, or what [`Kernel::validate`] says.
    pub fn check_params(&self, names: &[&str]) -> Result<()> {
        self.parsed()?.params.check_names(names).map_err(|e| e.at(self.body.name))
    }

    pub(crate) fn body(&self) -> &Body {
        &self.body
    }

    pub(crate) fn parsed(&self) -> Result<&Parsed> {
        self.body.parsed(|| program::parse(&program::kernel(self)?.wgsl, self.body.name))
    }
}
