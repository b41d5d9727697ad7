//! What tools ask of whatever makes their pixels. Nothing here knows a device.

use crate::encode_form::EncodeFormat;
use crate::expr::{Expr, Place, check_tables};
use crate::image::{DevicePlanes, Image, Precision};
use crate::params::ParamValues;
use crate::separable::{Separable, in_passes};
use crate::shader::Kernel;
use crate::table::Table;
use crate::warp::{Warp, by_kernel};
use rushes_engine::{Cancel, Error, Planes, Result};
use std::collections::BTreeMap;

/// Whom work is done for; only the caller knows what it means.
pub type Label = u64;

/// Pixels in main memory: full-range RGB and straight alpha, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Pixels {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// `width × height` pixels.
    pub rgba: Vec<[f32; 4]>,
}

impl Pixels {
    /// The pixel at a position, where there is one.
    pub fn at(&self, x: u32, y: u32) -> Option<[f32; 4]> {
        if x >= self.width {
            return None;
        }
        self.rgba.get(y as usize * self.width as usize + x as usize).copied()
    }

    /// Refuses a number of pixels that is not the picture's.
    ///
    /// # Errors
    /// The two numbers.
    pub fn check(&self) -> Result<()> {
        let count = self.width as usize * self.height as usize;
        if self.rgba.len() == count {
            return Ok(());
        }
        Err(Error::usage(format!("a picture of {count} pixels was given {}", self.rgba.len())))
    }
}

/// Planes on their way from an executor.
pub struct PendingPlanes(Box<dyn Pending>);

/// An executor's side of [`PendingPlanes`].
pub trait Pending: Send {
    /// Waits for the planes; see [`PendingPlanes::wait`].
    ///
    /// # Errors
    /// Cancelled, or the executor failed.
    fn wait(self: Box<Self>, cancel: &Cancel) -> Result<Planes>;
}

impl PendingPlanes {
    /// Over an executor's own.
    pub fn new(pending: impl Pending + 'static) -> Self {
        Self(Box::new(pending))
    }

    /// Waits for the planes. Ask for the next frame before waiting for this one, and the executor never idles;
    /// each unwaited frame holds one readback buffer.
    ///
    /// # Errors
    /// Cancelled, or the executor failed.
    pub fn wait(self, cancel: &Cancel) -> Result<Planes> {
        self.0.wait(cancel)
    }
}

/// One run of a kernel.
#[derive(Clone, Copy, Debug)]
pub struct KernelRun<'a> {
    /// What to run.
    pub kernel: &'static Kernel,
    /// The pictures that it reads, of any size.
    pub inputs: &'a [&'a Image],
    /// A value for each member of its `Params`.
    pub params: &'a ParamValues,
    /// A table for each of its slots.
    pub tables: &'a [Table],
    /// Size of the result, frame, seed and scale.
    pub place: Place,
    /// How precisely the result is stored.
    pub precision: Precision,
}

impl KernelRun<'_> {
    /// Holds pictures and tables against what the kernel takes, and gives its parameters as they lie in a uniform
    /// buffer.
    ///
    /// # Errors
    /// A wrong number of pictures or tables, a table of another shape, a parameter without a value or a value without
    /// a parameter.
    pub fn checked_params(&self) -> Result<Vec<u8>> {
        let at = |e: Error| e.at(self.kernel.name());
        check_tables(self.kernel.body().tables, self.tables).map_err(at)?;
        if self.inputs.len() != self.kernel.inputs() {
            return Err(at(Error::usage(format!(
                "{} pictures were given, {} are taken",
                self.inputs.len(),
                self.kernel.inputs()
            ))));
        }
        self.kernel.parsed()?.params.fill(self.params).map_err(at)
    }
}

/// Makes pixels. All calls may come from any thread; none waits for the device but those that read back.
pub trait Executor: Send + Sync {
    /// Brings a decoder's planes to where the executor reads them. Their bytes are no longer needed afterwards.
    ///
    /// # Errors
    /// Planes that contradict themselves or are too large.
    fn upload(&self, planes: &Planes) -> Result<DevicePlanes>;

    /// Brings pixels to where the executor reads them.
    ///
    /// # Errors
    /// A wrong number of pixels, or too many.
    fn image(&self, pixels: &Pixels, precision: Precision) -> Result<Image>;

    /// Compiles what [`Executor::materialise`] would need, without running it. What is too large for one pass is
    /// compiled when it is made.
    ///
    /// # Errors
    /// A shader that does not compile.
    fn prepare(&self, expr: &Expr, precision: Precision) -> Result<()>;

    /// Makes a picture's pixels: all adjacent pointwise tools and the conversion from planes in one pass. Values
    /// between tools are rounded as `precision` would store them. A picture that is there already is returned.
    ///
    /// # Errors
    /// The executor failed, has no memory, or the picture is too large.
    fn materialise(&self, expr: &Expr, precision: Precision, label: Label) -> Result<Image> {
        self.materialise_as(expr, precision, precision, label)
    }

    /// As [`Executor::materialise`], with values between tools rounded as `between` and the result kept as `stored`:
    /// for kernels that need what they mix finer than working pictures are.
    ///
    /// # Errors
    /// As [`Executor::materialise`].
    fn materialise_as(
        &self,
        expr: &Expr,
        between: Precision,
        stored: Precision,
        label: Label,
    ) -> Result<Image>;

    /// Runs a kernel over pictures of any size and gives one of the size of `place`.
    ///
    /// # Errors
    /// Wrong inputs, parameters or tables; or as [`Executor::materialise`].
    fn kernel(&self, run: &KernelRun<'_>, label: Label) -> Result<Image>;

    /// Mixes pixels along both directions. Adjacent pointwise tools before it are made with it. An executor that has no
    /// better way runs a kernel for each direction.
    ///
    /// # Errors
    /// As [`Executor::materialise`].
    fn separable(&self, expr: &Expr, mix: &Separable, precision: Precision, label: Label) -> Result<Image> {
        in_passes(self, expr, mix, precision, label)
    }

    /// The picture seen through a map. Adjacent pointwise tools before it are made with it. An executor that has no better
    /// way runs a kernel.
    ///
    /// # Errors
    /// As [`Executor::materialise`].
    fn warp(&self, expr: &Expr, to: &Warp, precision: Precision, label: Label) -> Result<Image> {
        by_kernel(self, expr, to, precision, label)
    }

    /// Makes an encoder's planes: the tools and the conversion in one pass, subsampled chroma in a second one.
    /// Returns at once; `frame` moves the dither.
    ///
    /// # Errors
    /// A format that no encoder takes; or as [`Executor::materialise`].
    fn to_planes(
        &self,
        expr: &Expr,
        format: &EncodeFormat,
        precision: Precision,
        frame: u32,
        label: Label,
    ) -> Result<PendingPlanes>;

    /// Reads a picture back and waits for it.
    ///
    /// # Errors
    /// Cancelled, or the executor failed.
    fn read(&self, image: &Image, cancel: &Cancel) -> Result<Pixels>;

    /// Why no call can succeed any more, where the device was lost. What lay on it is gone; open another.
    fn lost(&self) -> Option<String>;

    /// Gives the device back, with all that lies on it. Every later call fails as after a loss.
    fn close(&self);

    /// Milliseconds of work by label since the last call, as far as measured.
    fn take_timings(&self) -> BTreeMap<Label, f64>;
}
