//! What one frame is made with: the executor, how precisely, for whom, and at which scale.

use crate::picture;
use rushes_engine::tool::RenderCx;
use rushes_engine::{Result, Transfer};
use rushes_gpu::{
    Executor, Expr, Image, Kernel, KernelRun, Label, ParamValues, Place, PointwiseShader, Precision, Table,
};

/// Premultiplied linear light of straight, encoded pixels.
pub(crate) static TO_LINEAR: PointwiseShader =
    PointwiseShader::new("to linear", include_str!("../assets/shaders/picture/to_linear.wgsl"), 1, &[]);
/// The way back from [`TO_LINEAR`].
pub(crate) static FROM_LINEAR: PointwiseShader =
    PointwiseShader::new("from linear", include_str!("../assets/shaders/picture/from_linear.wgsl"), 1, &[]);
/// Premultiplied pixels in the picture's own encoding.
pub(crate) static PREMULTIPLY: PointwiseShader =
    PointwiseShader::new("premultiply", include_str!("../assets/shaders/picture/premultiply.wgsl"), 1, &[]);
/// The way back from [`PREMULTIPLY`].
pub(crate) static DIVIDE: PointwiseShader =
    PointwiseShader::new("divide", include_str!("../assets/shaders/picture/divide.wgsl"), 1, &[]);

/// In which numbers pixels are mixed. Alpha is premultiplied in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mixing {
    /// Linear light: as lenses and eyes mix.
    Linear,
    /// The picture's own encoding: as most programs resize.
    Encoded,
}

impl Mixing {
    /// Linear light where the encoding is the display's; what is linear, PQ, HLG or log already is mixed as it is.
    pub(crate) fn for_transfer(transfer: Transfer) -> Self {
        if transfer == Transfer::Sdr { Self::Linear } else { Self::Encoded }
    }

    /// How a kernel is told to leave these numbers for straight, encoded ones; 0 where it is not to.
    pub(crate) fn code(leave: Option<Self>) -> u32 {
        match leave {
            None => 0,
            Some(Self::Linear) => 1,
            Some(Self::Encoded) => 2,
        }
    }

    fn inward(self) -> &'static PointwiseShader {
        match self {
            Self::Linear => &TO_LINEAR,
            Self::Encoded => &PREMULTIPLY,
        }
    }

    fn outward(self) -> &'static PointwiseShader {
        match self {
            Self::Linear => &FROM_LINEAR,
            Self::Encoded => &DIVIDE,
        }
    }
}

/// Makes pictures of one frame.
pub(crate) struct Work<'a> {
    /// What computes.
    pub(crate) executor: &'a dyn Executor,
    /// How precisely pictures between steps are kept.
    pub(crate) precision: Precision,
    /// Whose account the time goes to.
    pub(crate) label: Label,
    /// Size of the pictures over their full size: 1, 1/2, 1/4…
    pub(crate) scale: f32,
    /// The frame's number.
    pub(crate) frame: u32,
    /// The tool's seed.
    pub(crate) seed: u32,
}

impl<'a> Work<'a> {
    /// What the output frame of `cx` is made with.
    pub(crate) fn of(cx: &RenderCx<'a>) -> Result<Self> {
        let place = picture::place(cx, 0)?;
        Ok(Self {
            executor: picture::executor(cx)?,
            precision: picture::precision(cx)?,
            label: cx.label,
            scale: place.scale,
            frame: place.frame,
            seed: place.seed,
        })
    }

    fn place(&self, width: u32, height: u32) -> Place {
        Place { width, height, frame: self.frame, seed: self.seed, scale: self.scale }
    }

    /// The pixels of a picture.
    pub(crate) fn made(&self, picture: &Expr) -> Result<Image> {
        self.executor.materialise(picture, self.precision, self.label)
    }

    /// A picture of `width` by `height` by a kernel over others.
    pub(crate) fn kernel(
        &self,
        kernel: &'static Kernel,
        inputs: &[&Image],
        params: &ParamValues,
        tables: &[Table],
        (width, height): (u32, u32),
    ) -> Result<Image> {
        let (place, precision) = (self.place(width, height), self.precision);
        self.executor.kernel(&KernelRun { kernel, inputs, params, tables, place, precision }, self.label)
    }

    /// A pointwise tool over pictures of one size, not yet computed.
    pub(crate) fn stage(
        &self,
        shader: &'static PointwiseShader,
        params: &ParamValues,
        inputs: Vec<Expr>,
    ) -> Result<Expr> {
        let (width, height) = inputs.first().map_or((1, 1), Expr::size);
        Expr::stage(shader, params, Vec::new(), inputs, self.place(width, height))
    }

    /// The picture in the numbers in which it is mixed.
    pub(crate) fn mixable(&self, picture: Expr, mixing: Mixing) -> Result<Image> {
        self.made(&self.stage(mixing.inward(), &ParamValues::new(), vec![picture])?)
    }

    /// The way back from [`Work::mixable`], not yet computed.
    pub(crate) fn display_of(&self, picture: Expr, mixing: Mixing) -> Result<Expr> {
        self.stage(mixing.outward(), &ParamValues::new(), vec![picture])
    }
}
