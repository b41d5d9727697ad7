//! Built-in kernels that mix pixels: resize, box mean and blur. They premultiply before and divide after.

use crate::executor::{Executor, KernelRun, Label};
use crate::expr::{Expr, Place};
use crate::filter::{Edge, Filter, Weights, weights};
use crate::image::{Image, Precision};
use crate::params::ParamValues;
use crate::shader::{Border, Kernel, PointwiseShader};
use crate::table::{Table, TableKind};
use rushes_engine::{Error, Key, KeyHasher, Result};

/// In which light pixels are mixed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Light {
    /// Linear light, gamma 2.4.
    #[default]
    Linear,
    /// The encoded values.
    Encoded,
}

/// A resize.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resize {
    /// Pixels across of the result.
    pub width: u32,
    /// Pixels down of the result.
    pub height: u32,
    /// The part of the source that fills the result: left, top, width and height in source pixels, which may lie
    /// outside; negative sizes mirror. `None` is all of it.
    pub source: Option<[f64; 4]>,
    /// The filter.
    pub filter: Filter,
    /// The light.
    pub light: Light,
    /// What lies beyond the source.
    pub edge: Edge,
}

impl Resize {
    /// All of the source to a size, by Lanczos in linear light.
    pub fn to(width: u32, height: u32) -> Self {
        Self {
            width,
            height,
            source: None,
            filter: Filter::Lanczos3,
            light: Light::Linear,
            edge: Edge::Clamp,
        }
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

/// Pixels ready for mixing; the pointwise tools before it go into the same pass. What is mixed is kept as floats:
/// after the mix, light near black is stretched by the way back to encoded values, and half floats would show.
fn prepared(
    exec: &dyn Executor,
    expr: &Expr,
    light: Light,
    precision: Precision,
    label: Label,
) -> Result<Image> {
    let (width, height) = expr.size();
    let params = ParamValues::new().with("linear", light == Light::Linear);
    let ready = Expr::stage(&PREPARE, &params, vec![], vec![expr.clone()], Place::of_size(width, height))?;
    exec.materialise_as(&ready, precision, Precision::Float, label)
}

/// The precision of a pass: floats until the last one.
fn stored(precision: Precision, last: bool) -> Precision {
    if last { precision } else { Precision::Float }
}

/// What a kernel's `finish` says after the last pass.
fn finish(light: Light, last: bool) -> u32 {
    match (last, light) {
        (false, _) => 0,
        (true, Light::Encoded) => 1,
        (true, Light::Linear) => 2,
    }
}

/// Resizes a picture. The identity returns the picture itself, unmade where it is so.
///
/// # Errors
/// A size that is too large or 0, a source rectangle that is empty or far larger than the result; or the
/// executor failed.
pub fn resize(
    exec: &dyn Executor,
    expr: &Expr,
    to: &Resize,
    precision: Precision,
    label: Label,
) -> Result<Expr> {
    let (width, height) = expr.size();
    let [x, y, w, h] = to.source.unwrap_or([0.0, 0.0, f64::from(width), f64::from(height)]);
    if to.width == 0 || to.height == 0 || to.width > 16_384 || to.height > 16_384 {
        return Err(Error::usage(format!("a picture of {}×{} cannot be made", to.width, to.height))
            .help("keep both sides between 1 and 16384"));
    }
    let across = weights(to.filter, to.edge, width, x, w, to.width)?;
    let down = weights(to.filter, to.edge, height, y, h, to.height)?;
    let mut passes: Vec<(Weights, bool)> = Vec::new();
    // The direction that leaves fewer pixels for the other goes first.
    let across_first = u64::from(to.width) * u64::from(height) <= u64::from(width) * u64::from(to.height);
    let both = if across_first { [(across, false), (down, true)] } else { [(down, true), (across, false)] };
    passes.extend(both.into_iter().filter(|(w, _)| !w.identity));
    if passes.is_empty() {
        return Ok(expr.clone());
    }
    let mut image = prepared(exec, expr, to.light, precision, label)?;
    let count = passes.len();
    for (i, (weights, down)) in passes.into_iter().enumerate() {
        let (table, block, taps) = weight_table(&weights)?;
        let last = i + 1 == count;
        let precision = stored(precision, last);
        let params = ParamValues::new()
            .with("block", block)
            .with("taps", taps)
            .with("down", down)
            .with("finish", finish(to.light, last));
        let place = if down {
            Place::of_size(image.width(), to.height)
        } else {
            Place::of_size(to.width, image.height())
        };
        let run = KernelRun {
            kernel: &RESAMPLE,
            inputs: &[&image],
            params: &params,
            tables: &[table],
            place,
            precision,
        };
        image = exec.kernel(&run, label)?;
    }
    Ok(image.into())
}

/// Pixels along a direction that share a block of columns in the weights' table.
const BLOCK_ROWS: usize = 4096;

/// The table of `resample.wgsl`, the columns of one block, and the most weights of a pixel.
fn weight_table(weights: &Weights) -> Result<(Table, u32, u32)> {
    let longest = weights.rows.iter().map(|(_, row)| row.len()).max().unwrap_or(1);
    let fours = longest.div_ceil(4);
    let block = fours + 1;
    let rows = weights.rows.len().min(BLOCK_ROWS);
    let width = block * weights.rows.len().div_ceil(BLOCK_ROWS);
    let mut entries = vec![[0.0; 4]; width * rows];
    for (i, (first, row)) in weights.rows.iter().enumerate() {
        let at = (i % BLOCK_ROWS) * width + (i / BLOCK_ROWS) * block;
        let Some(cells) = entries.get_mut(at..at + block) else { continue };
        for (cell, four) in cells.iter_mut().skip(1).zip(row.chunks(4)) {
            cell.iter_mut().zip(four).for_each(|(place, weight)| *place = *weight);
        }
        if let Some(head) = cells.first_mut() {
            *head = [*first as f32, 0.0, 0.0, 0.0];
        }
    }
    Ok((Table::plane(width as u32, rows as u32, entries)?, block as u32, longest as u32))
}

/// The mean of each block of `factor × factor` pixels, as proxies are made; sizes are rounded up and blocks cut by
/// the edge take the mean of what there is. Factor 1 returns the picture itself.
///
/// # Errors
/// A factor of 0 or above 64; or the executor failed.
pub fn box_mean(
    exec: &dyn Executor,
    expr: &Expr,
    factor: u32,
    light: Light,
    precision: Precision,
    label: Label,
) -> Result<Expr> {
    if !(1..=64).contains(&factor) {
        return Err(Error::usage(format!("a proxy of 1/{factor} cannot be made"))
            .help("use a factor between 1 and 64"));
    }
    if factor == 1 {
        return Ok(expr.clone());
    }
    let (width, height) = expr.size();
    let image = prepared(exec, expr, light, precision, label)?;
    let params = ParamValues::new().with("factor", factor).with("finish", finish(light, true));
    let place = Place::of_size(width.div_ceil(factor), height.div_ceil(factor));
    let run =
        KernelRun { kernel: &BOX_MEAN, inputs: &[&image], params: &params, tables: &[], place, precision };
    Ok(exec.kernel(&run, label)?.into())
}

/// The largest blur, in pixels of the picture at hand.
const MAX_SIGMA: f64 = 512.0;

/// A Gaussian blur of standard deviation `sigma` in pixels of the picture at hand, cut at four of them; beyond the
/// edge its nearest pixel holds. Sigma 0 returns the picture itself.
///
/// # Errors
/// A sigma below 0, above 512 or not finite; or the executor failed.
pub fn blur(
    exec: &dyn Executor,
    expr: &Expr,
    sigma: f64,
    light: Light,
    precision: Precision,
    label: Label,
) -> Result<Expr> {
    if !(0.0..=MAX_SIGMA).contains(&sigma) {
        return Err(Error::usage(format!("a blur of {sigma} pixels cannot be made"))
            .help(format!("use a sigma between 0 and {MAX_SIGMA}")));
    }
    let radius = (4.0 * sigma).ceil() as u32;
    let bell = |x: u32| (-0.5 * (f64::from(x) / sigma).powi(2)).exp();
    let sum: f64 = 1.0 + 2.0 * (1..=radius).map(bell).sum::<f64>();
    let centre = 1.0 / sum;
    if radius == 0 || centre as f32 == 1.0 {
        return Ok(expr.clone());
    }
    let taps: Vec<f32> = (1..=radius).map(|x| (bell(x) / sum) as f32).collect();
    let entries: Vec<[f32; 4]> = taps
        .chunks(4)
        .map(|four| {
            let mut entry = [0.0; 4];
            entry.iter_mut().zip(four).for_each(|(place, tap)| *place = *tap);
            entry
        })
        .collect();
    let fours = entries.len() as u32;
    let tables = [Table::curve(entries)?];
    let mut image = prepared(exec, expr, light, precision, label)?;
    let place = Place::of_size(image.width(), image.height());
    for down in [false, true] {
        let params = ParamValues::new()
            .with("centre", centre as f32)
            .with("fours", fours)
            .with("down", down)
            .with("finish", finish(light, down));
        let precision = stored(precision, down);
        let run = KernelRun {
            kernel: &GAUSSIAN,
            inputs: &[&image],
            params: &params,
            tables: &tables,
            place,
            precision,
        };
        image = exec.kernel(&run, label)?;
    }
    Ok(image.into())
}
