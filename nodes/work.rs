//! What one frame is made with, for tools that take several passes: the executor, how precisely, for whom, and at
//! which scale.

use crate::picture;
use rushes_engine::tool::RenderCx;
use rushes_engine::{ClipDesc, Result, Transfer};
use rushes_gpu::{
    Executor, Expr, Image, Kernel, KernelRun, Label, Light, ParamValues, Place, PointwiseShader, Precision,
    Resize,
};

/// Linear light where the encoding is the display's; what is linear, PQ, HLG or log already is mixed as it is.
pub(crate) fn light_of(transfer: Transfer) -> Light {
    if transfer == Transfer::Sdr { Light::Linear } else { Light::Encoded }
}

/// Brings the middle of a picture of `from`, enlarged by `scale`, to the middle of one of `to`, both at a proxy: Lanczos-3,
/// in linear light where the encoding is the display's.
pub(crate) fn centred(from: &ClipDesc, to: &ClipDesc, proxy: u32, scale: [f64; 2]) -> Resize {
    let proxy = proxy.max(1);
    let (width, height) = to.size_at(proxy);
    // The part of the source that our whole pixels cover: more than there is, where bars lie beside it; a proxy's last
    // pixels may reach beyond the full picture.
    let shown = [f64::from(to.width) / scale[0], f64::from(to.height) / scale[1]];
    let left = (f64::from(from.width) - shown[0]) / 2.0 / f64::from(proxy);
    let top = (f64::from(from.height) - shown[1]) / 2.0 / f64::from(proxy);
    let source = Some([left, top, f64::from(width) / scale[0], f64::from(height) / scale[1]]);
    Resize { source, light: light_of(from.color.transfer), ..Resize::to(width, height) }
}

/// Makes pictures of one frame.
pub(crate) struct Work<'a> {
    /// What computes.
    pub(crate) executor: &'a dyn Executor,
    /// How precisely pictures between steps are kept.
    pub(crate) precision: Precision,
    /// Whose account the time goes to.
    pub(crate) label: Label,
    /// Frame, seed, scale; the size is each step's own.
    pub(crate) place: Place,
}

impl<'a> Work<'a> {
    /// What the output frame of `cx` is made with.
    pub(crate) fn of(cx: &RenderCx<'a>, seed: u32) -> Result<Self> {
        Ok(Self {
            executor: picture::executor(cx)?,
            precision: picture::precision(cx)?,
            label: cx.label,
            place: picture::place(cx, seed)?,
        })
    }

    /// Size of the pictures over their full size: 1, 1/2, 1/4…
    pub(crate) fn scale(&self) -> f64 {
        f64::from(self.place.scale)
    }

    fn placed(&self, (width, height): (u32, u32)) -> Place {
        Place { width, height, ..self.place }
    }

    /// The pixels of a picture.
    pub(crate) fn made(&self, picture: &Expr) -> Result<Image> {
        self.executor.materialise(picture, self.precision, self.label)
    }

    /// A picture of `size` by a kernel over others.
    pub(crate) fn kernel(
        &self,
        kernel: &'static Kernel,
        inputs: &[&Image],
        params: &ParamValues,
        size: (u32, u32),
    ) -> Result<Image> {
        let (place, precision) = (self.placed(size), self.precision);
        let run = KernelRun { kernel, inputs, params, tables: &[], place, precision };
        self.executor.kernel(&run, self.label)
    }

    /// A pointwise tool over pictures of one size, not yet computed.
    pub(crate) fn stage(
        &self,
        shader: &'static PointwiseShader,
        params: &ParamValues,
        inputs: Vec<Expr>,
    ) -> Result<Expr> {
        let size = inputs.first().map_or((1, 1), Expr::size);
        Expr::stage(shader, params, Vec::new(), inputs, self.placed(size))
    }

    /// The picture blurred by a normal distribution of `sigma` pixels of the picture at hand.
    pub(crate) fn blurred(&self, picture: &Expr, sigma: f64, light: Light) -> Result<Expr> {
        rushes_gpu::blur(self.executor, picture, sigma, light, self.precision, self.label)
    }

    /// The picture resized; see [`Resize`].
    pub(crate) fn resized(&self, picture: &Expr, to: &Resize) -> Result<Expr> {
        rushes_gpu::resize(self.executor, picture, to, self.precision, self.label)
    }

    /// The same, not yet computed: for a result that is needed once.
    pub(crate) fn resized_late(&self, picture: &Expr, to: &Resize) -> Result<Expr> {
        rushes_gpu::resized(picture, to, self.precision)
    }
}
