//! The picture that tools hand on: evaluated when somebody needs its pixels, and then in as few passes as can be.

use crate::image::{DevicePlanes, Image, Precision};
use crate::params::ParamValues;
use crate::separable::{Separable, prepared};
use crate::shader::PointwiseShader;
use crate::table::Table;
use rushes_engine::{Error, Payload, Result, Tier};
use std::any::Any;
use std::collections::HashMap;
use std::sync::Arc;

/// A picture, made or still to be made. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Expr {
    /// Pixels that are there.
    Image(Image),
    /// A decoder's planes, to be turned into RGB by their own tags, and stood upright.
    Planes(DevicePlanes),
    /// A pointwise tool over other pictures.
    Stage(Arc<Stage>),
    /// Pixels of another picture mixed along both directions.
    Mixed(Arc<Mixed>),
}

/// A mix that whoever needs its pixels makes, as [`Executor::separable`] does: tile by tile with the tools that follow,
/// where the executor can.
///
/// [`Executor::separable`]: crate::Executor::separable
#[derive(Debug)]
pub struct Mixed {
    source: Expr,
    prepared: Expr,
    mix: Separable,
    precision: Precision,
}

impl Mixed {
    /// A mix of `source`, rounded as working pixels of `precision` are.
    ///
    /// # Errors
    /// The source is nested too deep.
    pub fn new(source: Expr, mix: Separable, precision: Precision) -> Result<Self> {
        let prepared = prepared(&source, mix.light)?;
        Ok(Self { source, prepared, mix, precision })
    }

    /// What is mixed.
    pub fn source(&self) -> &Expr {
        &self.source
    }

    /// The same, premultiplied and in the light in which it is mixed.
    pub fn prepared(&self) -> &Expr {
        &self.prepared
    }

    /// How.
    pub fn mix(&self) -> &Separable {
        &self.mix
    }

    /// How precisely its pixels are kept.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// Width and height of the result.
    pub fn size(&self) -> (u32, u32) {
        self.mix.size(self.source.size())
    }
}

/// One pointwise tool applied to pictures of its own size.
#[derive(Debug)]
pub struct Stage {
    shader: &'static PointwiseShader,
    params: Vec<u8>,
    tables: Vec<Table>,
    inputs: Inputs,
    place: Place,
}

/// The pictures that a tool works on, and what is to be known of them without a visit of all that they are made of.
#[derive(Debug)]
struct Inputs {
    list: Vec<Expr>,
    depth: usize,
    mixes: bool,
}

impl From<Vec<Expr>> for Inputs {
    fn from(list: Vec<Expr>) -> Self {
        let depth = list.iter().map(Expr::depth).max().unwrap_or(0);
        Self { depth, mixes: list.iter().any(Expr::has_mixes), list }
    }
}

/// The deepest chain of tools; materialise before it is reached.
pub const MAX_DEPTH: usize = 2048;

/// Where and when a tool works: what its `Pixel` says beside the position.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// The frame's number.
    pub frame: u32,
    /// The tool's seed.
    pub seed: u32,
    /// Size of this picture over its full size: 1, or 1/2, 1/4… for a proxy. Lengths in pixels are multiplied by it.
    pub scale: f32,
}

impl Place {
    /// Frame 0, seed 0, full scale.
    pub fn of_size(width: u32, height: u32) -> Self {
        Self { width, height, frame: 0, seed: 0, scale: 1.0 }
    }

    /// The 16 bytes that go before the parameters.
    pub(crate) fn bytes(&self) -> [u8; 16] {
        bytemuck::cast([self.frame, self.seed, self.scale.to_bits(), 0])
    }
}

impl Stage {
    /// A tool over `inputs`, which all have the size of `place`.
    ///
    /// # Errors
    /// A wrong number of inputs or tables, an input or table of another size or shape, a parameter without a
    /// value or a value without a parameter, or a shader that is not WGSL.
    pub fn new(
        shader: &'static PointwiseShader,
        params: &ParamValues,
        tables: Vec<Table>,
        inputs: Vec<Expr>,
        place: Place,
    ) -> Result<Self> {
        let at = |e: Error| e.at(shader.name());
        check_tables(shader.tables(), &tables).map_err(at)?;
        if inputs.len() != shader.inputs() {
            return Err(at(Error::usage(format!(
                "{} pictures were given, {} are taken",
                inputs.len(),
                shader.inputs()
            ))));
        }
        if let Some(other) = inputs.iter().find(|i| i.size() != (place.width, place.height)) {
            let (w, h) = other.size();
            return Err(at(Error::usage(format!(
                "an input of {w}×{h} meets a picture of {}×{}",
                place.width, place.height
            ))
            .help("fit it to that size first")));
        }
        let inputs = Inputs::from(inputs);
        if inputs.depth >= MAX_DEPTH {
            return Err(at(Error::system(format!("more than {MAX_DEPTH} tools follow each other"))
                .help("put a viewed or cached node between them")));
        }
        let params = shader.parsed()?.params.fill(params).map_err(at)?;
        Ok(Self { shader, params, tables, inputs, place })
    }

    /// The same tool over inputs that were made in the meantime; they keep their number and sizes.
    #[must_use]
    pub fn over(&self, inputs: Vec<Expr>) -> Expr {
        let (params, tables) = (self.params.clone(), self.tables.clone());
        Expr::Stage(Arc::new(Self {
            shader: self.shader,
            params,
            tables,
            inputs: inputs.into(),
            place: self.place,
        }))
    }

    /// The tool.
    pub fn shader(&self) -> &'static PointwiseShader {
        self.shader
    }

    /// Its parameters, as they lie in a uniform buffer.
    pub fn params(&self) -> &[u8] {
        &self.params
    }

    /// Its tables, in the order of the shader's slots.
    pub fn tables(&self) -> &[Table] {
        &self.tables
    }

    /// The pictures it works on.
    pub fn inputs(&self) -> &[Expr] {
        &self.inputs.list
    }

    /// Where and when it works.
    pub fn place(&self) -> Place {
        self.place
    }
}

/// Holds tables against the slots of a shader.
pub(crate) fn check_tables(slots: &[crate::shader::TableSlot], tables: &[Table]) -> Result<()> {
    if tables.len() != slots.len() {
        return Err(Error::usage(format!("{} tables were given, {} are taken", tables.len(), slots.len())));
    }
    match slots.iter().zip(tables).find(|((_, kind), table)| table.kind() != *kind) {
        None => Ok(()),
        Some(((name, _), _)) => Err(Error::usage(format!("the table “{name}” has the wrong shape"))),
    }
}

impl Expr {
    /// A tool over this and other pictures; see [`Stage::new`].
    ///
    /// # Errors
    /// As [`Stage::new`].
    pub fn stage(
        shader: &'static PointwiseShader,
        params: &ParamValues,
        tables: Vec<Table>,
        inputs: Vec<Expr>,
        place: Place,
    ) -> Result<Self> {
        Ok(Self::Stage(Arc::new(Stage::new(shader, params, tables, inputs, place)?)))
    }

    /// Width and height in pixels, upright.
    pub fn size(&self) -> (u32, u32) {
        match self {
            Self::Image(image) => (image.width(), image.height()),
            Self::Planes(planes) => planes.size(),
            Self::Stage(stage) => (stage.place.width, stage.place.height),
            Self::Mixed(mixed) => mixed.size(),
        }
    }

    /// Equal for clones of one picture only.
    pub fn id(&self) -> *const () {
        match self {
            Self::Image(image) => image.id(),
            Self::Planes(planes) => planes.id(),
            Self::Stage(stage) => Arc::as_ptr(stage).cast(),
            Self::Mixed(mixed) => Arc::as_ptr(mixed).cast(),
        }
    }

    /// How many tools lie between this picture and its leaves, at the deepest.
    pub fn depth(&self) -> usize {
        match self {
            Self::Stage(stage) => 1 + stage.inputs.depth,
            Self::Mixed(mixed) => mixed.prepared.depth(),
            Self::Image(_) | Self::Planes(_) => 0,
        }
    }

    /// Whether it is a mix or made of some.
    pub fn has_mixes(&self) -> bool {
        match self {
            Self::Stage(stage) => stage.inputs.mixes,
            Self::Mixed(_) => true,
            Self::Image(_) | Self::Planes(_) => false,
        }
    }

    /// The same with something else in the place of each mix that it is made of; what a mix is made of itself is left to
    /// `other`.
    ///
    /// # Errors
    /// Those of `other`.
    pub fn with_mixes(&self, other: &mut dyn FnMut(&Arc<Mixed>) -> Result<Self>) -> Result<Self> {
        self.replaced(other, &mut HashMap::new())
    }

    fn replaced(
        &self,
        other: &mut dyn FnMut(&Arc<Mixed>) -> Result<Self>,
        done: &mut HashMap<*const (), Self>,
    ) -> Result<Self> {
        if !self.has_mixes() {
            return Ok(self.clone());
        }
        if let Some(ready) = done.get(&self.id()) {
            return Ok(ready.clone());
        }
        let made = match self {
            Self::Mixed(mixed) => other(mixed)?,
            Self::Stage(stage) => {
                stage.over(stage.inputs().iter().map(|i| i.replaced(other, done)).collect::<Result<_>>()?)
            }
            Self::Image(_) | Self::Planes(_) => self.clone(),
        };
        done.insert(self.id(), made.clone());
        Ok(made)
    }

    fn count_bytes(&self, seen: &mut Vec<*const ()>) -> u64 {
        let mut first = |p: *const ()| {
            let new = !seen.contains(&p);
            if new {
                seen.push(p);
            }
            new
        };
        match self {
            Self::Image(image) => {
                if first(image.id()) {
                    image.bytes()
                } else {
                    0
                }
            }
            Self::Planes(planes) => {
                if first(planes.id()) {
                    planes.bytes()
                } else {
                    0
                }
            }
            Self::Stage(stage) => {
                if !first(Arc::as_ptr(stage).cast()) {
                    return 0;
                }
                let own = (size_of::<Stage>() + stage.params.len()) as u64;
                let tables: u64 = stage.tables.iter().map(|t| 16 * t.entries().len() as u64).sum();
                own + tables + stage.inputs().iter().map(|i| i.count_bytes(seen)).sum::<u64>()
            }
            Self::Mixed(mixed) => {
                if first(Arc::as_ptr(mixed).cast()) {
                    size_of::<Mixed>() as u64 + mixed.source.count_bytes(seen)
                } else {
                    0
                }
            }
        }
    }
}

impl From<Image> for Expr {
    fn from(image: Image) -> Self {
        Self::Image(image)
    }
}

impl Payload for Expr {
    /// All that it keeps alive, each picture counted once.
    fn bytes(&self) -> u64 {
        self.count_bytes(&mut Vec::new())
    }

    fn tier(&self) -> Tier {
        Tier::Device
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
