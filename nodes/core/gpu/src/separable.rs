//! Mixes of pixels along one direction after the other: what is added up, and how kernels do it.

use crate::executor::{Executor, KernelRun, Label};
use crate::expr::{Expr, Place};
use crate::filter::Weights;
use crate::image::{Image, Precision};
use crate::mixing::Light;
use crate::params::ParamValues;
use crate::shader::{Border, Kernel, PointwiseShader};
use crate::table::{Table, TableKind};
use rushes_engine::{Key, KeyHasher, Result};
use std::sync::Arc;

/// What is added up along one direction.
#[derive(Clone, Debug)]
pub enum Taps {
    /// For each pixel of the result what it is made of.
    Each(Arc<Weights>),
    /// For every pixel the same; the result is as long as the source.
    Bell(Arc<Bell>),
    /// The mean of so many pixels each; what the edge cuts is the mean of what there is.
    Blocks(u32),
}

/// A symmetric mean of neighbours; beyond the edge its nearest pixel holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Bell {
    /// The weight of the pixel itself.
    pub centre: f32,
    /// The weights of both pixels at distance 1, 2, 3….
    pub sides: Vec<f32>,
}

/// A mix of pixels along both directions. It premultiplies before and divides after.
#[derive(Clone, Debug)]
pub struct Separable {
    /// Along rows, where anything is to be done.
    pub across: Option<Taps>,
    /// Along columns, where anything is to be done.
    pub down: Option<Taps>,
    /// The light in which pixels are mixed.
    pub light: Light,
}

impl Taps {
    fn len(&self, source: u32) -> u32 {
        match self {
            Self::Each(weights) => weights.len() as u32,
            Self::Bell(_) => source,
            Self::Blocks(factor) => source.div_ceil((*factor).max(1)),
        }
    }
}

impl Separable {
    /// Width and height of what is made of a picture of `width` and `height`.
    pub fn size(&self, (width, height): (u32, u32)) -> (u32, u32) {
        let along = |taps: &Option<Taps>, source: u32| taps.as_ref().map_or(source, |t| t.len(source));
        (along(&self.across, width), along(&self.down, height))
    }
}

static PREPARE: PointwiseShader =
    PointwiseShader::new("prepare", include_str!("../../../../assets/shaders/core/prepare.wgsl"), 1, &[]);
static RESAMPLE: Kernel = Kernel::new(
    "resample",
    include_str!("../../../../assets/shaders/core/resample.wgsl"),
    1,
    &[("weights", TableKind::Plane)],
    Border::Inside,
);
static GAUSSIAN: Kernel = Kernel::new(
    "gaussian",
    include_str!("../../../../assets/shaders/core/gaussian.wgsl"),
    1,
    &[("weights", TableKind::Plane)],
    Border::Clamp,
);

static BOX_MEAN: Kernel = Kernel::new(
    "box mean",
    include_str!("../../../../assets/shaders/core/box_mean.wgsl"),
    1,
    &[],
    Border::Clamp,
);

/// A hash of the sources of the built-in kernels, for the frame keys of tools that use them.
pub fn mixing_hash() -> Key {
    KeyHasher::new("mixing")
        .key(PREPARE.hash())
        .key(RESAMPLE.hash())
        .key(GAUSSIAN.hash())
        .key(BOX_MEAN.hash())
        .finish()
}

/// Pixels ready for mixing: premultiplied, in the light in which they are mixed.
///
/// # Errors
/// The expression is nested too deep.
pub fn prepared(expr: &Expr, light: Light) -> Result<Expr> {
    let (width, height) = expr.size();
    let params = ParamValues::new().with("linear", light == Light::Linear);
    Expr::stage(&PREPARE, &params, vec![], vec![expr.clone()], Place::of_size(width, height))
}

/// What a kernel's `finish` says after the last pass.
pub(crate) fn finish(light: Light, last: bool) -> u32 {
    match (last, light) {
        (false, _) => 0,
        (true, Light::Encoded) => 1,
        (true, Light::Linear) => 2,
    }
}

/// Mixes by a kernel for each direction. What is mixed is kept as floats until
/// the last one: after the mix, light near black is stretched by the way back to encoded values, and half floats would
/// show.
pub(crate) fn in_passes<E: Executor + ?Sized>(
    exec: &E,
    expr: &Expr,
    mix: &Separable,
    precision: Precision,
    label: Label,
) -> Result<Image> {
    let (width, height) = expr.size();
    let (to_width, to_height) = mix.size((width, height));
    let mut image = exec.materialise_as(&prepared(expr, mix.light)?, precision, Precision::Float, label)?;
    if let (Some(Taps::Blocks(factor)), Some(Taps::Blocks(_))) = (&mix.across, &mix.down) {
        let params = ParamValues::new().with("factor", *factor).with("finish", finish(mix.light, true));
        let place = Place::of_size(to_width, to_height);
        let run = KernelRun {
            kernel: &BOX_MEAN,
            inputs: &[&image],
            params: &params,
            tables: &[],
            place,
            precision,
        };
        return exec.kernel(&run, label);
    }
    let across = mix.across.as_ref().map(|taps| (taps, false));
    let down = mix.down.as_ref().map(|taps| (taps, true));
    // The direction that leaves fewer pixels for the other goes first.
    let across_first = u64::from(to_width) * u64::from(height) <= u64::from(width) * u64::from(to_height);
    let passes = if across_first { [across, down] } else { [down, across] };
    let count = passes.iter().flatten().count();
    for (i, (taps, down)) in passes.into_iter().flatten().enumerate() {
        let last = i + 1 == count;
        let place = if down {
            Place::of_size(image.width(), taps.len(image.height()))
        } else {
            Place::of_size(taps.len(image.width()), image.height())
        };
        let params = ParamValues::new().with("down", down).with("finish", finish(mix.light, last));
        let (kernel, table, params) = match taps {
            Taps::Each(weights) => resampled(weights, params)?,
            Taps::Bell(bell) => {
                let entries = fours(&bell.sides);
                let fours = entries.len() as u32;
                (&GAUSSIAN, Table::curve(entries)?, params.with("centre", bell.centre).with("fours", fours))
            }
            Taps::Blocks(factor) => {
                let source = if down { image.height() } else { image.width() };
                resampled(&Weights::blocks(source, *factor), params)?
            }
        };
        let precision = if last { precision } else { Precision::Float };
        let run =
            KernelRun { kernel, inputs: &[&image], params: &params, tables: &[table], place, precision };
        image = exec.kernel(&run, label)?;
    }
    Ok(image)
}

/// A pass of sums that are each pixel's own.
fn resampled(weights: &Weights, params: ParamValues) -> Result<(&'static Kernel, Table, ParamValues)> {
    let (table, block) = weight_table(weights)?;
    Ok((&RESAMPLE, table, params.with("block", block).with("taps", weights.taps() as u32)))
}

/// Values in fours, the last ones filled up with nothing.
fn fours(values: &[f32]) -> Vec<[f32; 4]> {
    let four = |values: &[f32]| {
        let mut entry = [0.0; 4];
        entry.iter_mut().zip(values).for_each(|(place, value)| *place = *value);
        entry
    };
    values.chunks(4).map(four).collect()
}

/// Pixels along a direction that share a block of columns in the weights' table.
const BLOCK_ROWS: usize = 4096;

/// The table of `resample.wgsl`, and the columns of one block.
fn weight_table(weights: &Weights) -> Result<(Table, u32)> {
    let block = weights.taps().div_ceil(4) + 1;
    let rows = weights.len().min(BLOCK_ROWS);
    let width = block * weights.len().div_ceil(BLOCK_ROWS);
    let mut entries = vec![[0.0; 4]; width * rows];
    for i in 0..weights.len() {
        let (first, row) = weights.row(i);
        let at = (i % BLOCK_ROWS) * width + (i / BLOCK_ROWS) * block;
        let Some((head, cells)) = entries.get_mut(at..at + block).and_then(|cells| cells.split_first_mut())
        else {
            continue;
        };
        cells.iter_mut().zip(fours(row)).for_each(|(cell, four)| *cell = four);
        *head = [first as f32, 0.0, 0.0, 0.0];
    }
    Ok((Table::plane(width as u32, rows as u32, entries)?, block as u32))
}
