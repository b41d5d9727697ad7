//! An executor that does everything twice, on the graphics device and on the processor, and compares.

use rushes_engine::{Cancel, Error, Planes, Result, Sample, Tier};
use rushes_gpu::{
    DevicePlanes, EncodeFormat, Executor, Expr, Gpu, Image, KernelRun, Label, Pending, PendingPlanes, Pixels,
    Precision, Separable, Storage, Warp,
};
use rushes_processor::Processor;
use std::any::Any;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// The largest difference so far, by what was done.
pub type Worst = Arc<Mutex<BTreeMap<String, f64>>>;

/// Both executors.
pub struct Compared {
    pub gpu: Gpu,
    pub processor: Processor,
    pub worst: Worst,
}

/// A picture of both: theirs is what goes on, so that differences do not add up.
struct Both<T> {
    gpu: T,
    processor: T,
}

macro_rules! storage {
    ($($ty:ty)*) => {$(
        impl Storage for Both<$ty> {
            fn bytes(&self) -> u64 {
                self.gpu.storage().bytes()
            }

            fn tier(&self) -> Tier {
                Tier::Device
            }

            fn as_any(&self) -> &dyn Any {
                self
            }
        }
    )*};
}
storage!(Image DevicePlanes);

fn foreign() -> Error {
    Error::system("a picture of another device was used")
}

fn images(image: &Image) -> Result<&Both<Image>> {
    image.storage().as_any().downcast_ref().ok_or_else(foreign)
}

/// The expression as one of the two sees it.
fn one(expr: &Expr, processor: bool) -> Result<Expr> {
    Ok(match expr {
        Expr::Image(image) => {
            let both = images(image)?;
            Expr::Image(if processor { both.processor.clone() } else { both.gpu.clone() })
        }
        Expr::Planes(planes) => {
            let both: &Both<DevicePlanes> = planes.storage().as_any().downcast_ref().ok_or_else(foreign)?;
            Expr::Planes(if processor { both.processor.clone() } else { both.gpu.clone() })
        }
        Expr::Stage(stage) => {
            stage.over(stage.inputs().iter().map(|i| one(i, processor)).collect::<Result<_>>()?)
        }
        Expr::Mixed(_) => return Err(Error::system("a mix was to be compared by itself")),
    })
}

/// The tools of an expression, for people.
fn named(expr: &Expr) -> String {
    match expr {
        Expr::Image(_) => "·".to_owned(),
        Expr::Planes(_) => "planes".to_owned(),
        Expr::Stage(stage) => {
            let inputs: Vec<_> = stage.inputs().iter().map(named).collect();
            format!("{}({})", stage.shader().name(), inputs.join(", "))
        }
        Expr::Mixed(mixed) => format!("separable({})", named(mixed.source())),
    }
}

impl Compared {
    /// An expression over the pictures that its mixes make, each compared by itself: a tool may make much of a little.
    fn mixed(&self, expr: &Expr, label: Label) -> Result<Expr> {
        expr.with_mixes(&mut |mixed| {
            Ok(self.separable(mixed.source(), mixed.mix(), mixed.precision(), label)?.into())
        })
    }

    fn tell(&self, what: String, off: f64) {
        let mut worst = self.worst.lock().unwrap();
        let entry = worst.entry(what).or_default();
        *entry = entry.max(off);
    }

    /// Compares two pictures of the same. The processor goes on with the device's pixels.
    fn both(&self, what: String, gpu: Image, processor: &Image) -> Result<Image> {
        let (a, b) = (self.gpu.read(&gpu, &Cancel::new())?, self.processor.read(processor, &Cancel::new())?);
        let off = |a: f32, b: f32| {
            if a == b || (a.is_nan() && b.is_nan()) {
                return 0.0;
            }
            // Beyond white a difference counts by its part of the value.
            f64::from((a - b).abs() / a.abs().max(1.0))
        };
        let worst = a.rgba.as_flattened().iter().zip(b.rgba.as_flattened()).map(|(a, b)| off(*a, *b));
        let worst = worst.fold(0.0, |w, v| if v.is_nan() { f64::INFINITY } else { f64::max(w, v) });
        self.tell(what, worst);
        let processor = self.processor.image(&a, gpu.precision())?;
        let (width, height, precision) = (gpu.width(), gpu.height(), gpu.precision());
        Ok(Image::new(width, height, precision, Arc::new(Both { gpu, processor })))
    }
}

impl Executor for Compared {
    fn upload(&self, planes: &Planes) -> Result<DevicePlanes> {
        let both = Both { gpu: self.gpu.upload(planes)?, processor: self.processor.upload(planes)? };
        Ok(DevicePlanes::new(planes.info, Arc::new(both)))
    }

    fn image(&self, pixels: &Pixels, precision: Precision) -> Result<Image> {
        let (gpu, processor) = (self.gpu.image(pixels, precision)?, self.processor.image(pixels, precision)?);
        self.both("image".to_owned(), gpu, &processor)
    }

    fn prepare(&self, expr: &Expr, precision: Precision) -> Result<()> {
        self.processor.prepare(&one(&self.mixed(expr, 0)?, true)?, precision)
    }

    fn materialise_as(
        &self,
        expr: &Expr,
        between: Precision,
        stored: Precision,
        label: Label,
    ) -> Result<Image> {
        if let Expr::Image(image) = expr
            && image.precision() == stored
        {
            return Ok(image.clone());
        }
        let expr = &self.mixed(expr, label)?;
        let gpu = self.gpu.materialise_as(&one(expr, false)?, between, stored, label)?;
        let processor = self.processor.materialise_as(&one(expr, true)?, between, stored, label)?;
        self.both(named(expr), gpu, &processor)
    }

    fn kernel(&self, run: &KernelRun<'_>, label: Label) -> Result<Image> {
        let pick = |processor: bool| {
            let inputs = run.inputs.iter().copied().map(images).collect::<Result<Vec<_>>>()?;
            let of = |b: &'_ Both<Image>| if processor { b.processor.clone() } else { b.gpu.clone() };
            Ok::<_, Error>(inputs.into_iter().map(of).collect::<Vec<Image>>())
        };
        let (theirs, ours) = (pick(false)?, pick(true)?);
        let (theirs, ours): (Vec<_>, Vec<_>) = (theirs.iter().collect(), ours.iter().collect());
        let gpu = self.gpu.kernel(&KernelRun { inputs: &theirs, ..*run }, label)?;
        let processor = self.processor.kernel(&KernelRun { inputs: &ours, ..*run }, label)?;
        self.both(run.kernel.name().to_owned(), gpu, &processor)
    }

    fn separable(&self, expr: &Expr, mix: &Separable, precision: Precision, label: Label) -> Result<Image> {
        let expr = &self.mixed(expr, label)?;
        let gpu = self.gpu.separable(&one(expr, false)?, mix, precision, label)?;
        let processor = self.processor.separable(&one(expr, true)?, mix, precision, label)?;
        self.both(format!("separable({})", named(expr)), gpu, &processor)
    }

    fn warp(&self, expr: &Expr, to: &Warp, precision: Precision, label: Label) -> Result<Image> {
        let expr = &self.mixed(expr, label)?;
        let gpu = self.gpu.warp(&one(expr, false)?, to, precision, label)?;
        let processor = self.processor.warp(&one(expr, true)?, to, precision, label)?;
        self.both(format!("warp({})", named(expr)), gpu, &processor)
    }

    fn to_planes(
        &self,
        expr: &Expr,
        format: &EncodeFormat,
        precision: Precision,
        frame: u32,
        label: Label,
    ) -> Result<PendingPlanes> {
        let cancel = Cancel::new();
        let expr = &self.mixed(expr, label)?;
        let gpu = self.gpu.to_planes(&one(expr, false)?, format, precision, frame, label)?.wait(&cancel)?;
        let ours =
            self.processor.to_planes(&one(expr, true)?, format, precision, frame, label)?.wait(&cancel)?;
        let mut worst = 0.0_f64;
        for plane in 0..format.layout.planes() {
            let high = f64::from((1_u32 << format.bits.min(16)) - 1);
            let (a, b) = (gpu.plane(plane), ours.plane(plane));
            assert_eq!(a.len(), b.len());
            let words =
                |b: &[u8]| b.as_chunks::<2>().0.iter().map(|b| u16::from_ne_bytes(*b)).collect::<Vec<_>>();
            let off = match format.sample {
                Sample::U8 => {
                    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)) / high).fold(0.0, f64::max)
                }
                Sample::U16 => words(a)
                    .iter()
                    .zip(&words(b))
                    .map(|(a, b)| f64::from(a.abs_diff(*b)) / high)
                    .fold(0.0, f64::max),
                Sample::F16 | Sample::F32 => {
                    if a == b {
                        0.0
                    } else {
                        1e-4
                    }
                }
            };
            worst = worst.max(off);
        }
        self.tell(
            format!("to {:?} {:?} {}: {}", format.layout, format.sample, format.bits, named(expr)),
            worst,
        );
        Ok(PendingPlanes::new(Ready(gpu)))
    }

    fn read(&self, image: &Image, cancel: &Cancel) -> Result<Pixels> {
        self.gpu.read(&images(image)?.gpu, cancel)
    }

    fn lost(&self) -> Option<String> {
        self.gpu.lost()
    }

    fn close(&self) {
        self.gpu.close();
    }

    fn take_timings(&self) -> BTreeMap<Label, f64> {
        self.gpu.take_timings()
    }
}

struct Ready(Planes);

impl Pending for Ready {
    fn wait(self: Box<Self>, _: &Cancel) -> Result<Planes> {
        Ok(self.0)
    }
}
