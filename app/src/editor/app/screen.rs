//! Brings pictures to the device that draws the window.
//!
//! A real graphics device does both: it makes pictures and draws them where they lie. A rasteriser that stands in for one
//! does what it is given in turn, and a drawing would wait for seconds behind a picture that is being made. There the
//! processor makes the pictures by itself, and the thread that asked for one carries it over.

use rushes_engine::evaluate::Frame;
use rushes_engine::{Cancel, PayloadRef, Result};
use rushes_gpu::{DeviceChoice, Executor as _, Expr, Gpu, Image, Precision};
use rushes_nodes::Services;
use std::sync::Arc;

/// The window's device and what makes pictures for it. Cheap to clone.
#[derive(Clone)]
pub(super) struct Screen {
    gpu: Gpu,
    services: Arc<Services>,
    /// Pictures are made where they are drawn.
    shared: bool,
}

impl Screen {
    /// The device that draws the window, with the services that suit it.
    pub(super) fn new(gpu: Gpu) -> Self {
        let shared = !gpu.report().software;
        let own = || Services::new(DeviceChoice::Processor);
        let services = Arc::new(if shared { Services::over(gpu.clone()) } else { own() });
        Self { gpu, services, shared }
    }

    /// What the window's device is called.
    pub(super) fn device(&self) -> &str {
        &self.gpu.report().name
    }

    /// Gives the device back.
    pub(super) fn lose(&self) {
        self.gpu.close();
    }

    /// What makes pictures.
    pub(super) fn services(&self) -> &Arc<Services> {
        &self.services
    }

    /// A frame whose pixels are there and can be drawn. Call it on the thread that made the frame.
    pub(super) fn settled(&self, frame: Frame) -> Result<Frame> {
        let image = match frame.payload.as_any().downcast_ref::<Expr>() {
            // A decoder's planes become a picture here.
            Some(expr @ (Expr::Planes(_) | Expr::Stage(_) | Expr::Mixed(_))) => {
                self.services.executor()?.materialise(expr, Precision::Half, 0)?
            }
            Some(Expr::Image(image)) => image.clone(),
            _ => return Ok(frame),
        };
        Ok(Frame { key: frame.key, payload: Arc::new(Expr::Image(self.drawable(image)?)) })
    }

    /// A picture of the services where the window can draw it. It is all there: the window does not draw before.
    pub(super) fn drawable(&self, image: Image) -> Result<Image> {
        if self.shared {
            return Ok(image);
        }
        let pixels = self.services.executor()?.read(&image, &Cancel::new())?;
        let drawable = self.gpu.image(&pixels, image.precision())?;
        self.gpu.flush()?;
        Ok(drawable)
    }
}

/// The picture in an answer of the evaluator.
pub(super) fn image_of(payload: &PayloadRef) -> Option<Image> {
    match payload.as_any().downcast_ref::<Expr>()? {
        Expr::Image(image) => Some(image.clone()),
        _ => None,
    }
}
