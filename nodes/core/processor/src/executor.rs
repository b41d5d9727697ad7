//! The processor as an executor.

use crate::chain::{Chain, context};
use crate::decode::HostPlanes;
use crate::found::Tools;
use crate::lane_kind::LaneKind;
use crate::separable::Mix;
use crate::store::{Host, MAX_SIDE, Pool, lock};
use crate::warp::Warping;
use crate::warping::Looking;
use crate::{planes_out, rows};
use rushes_engine::{Cancel, Error, Planes, Result};
use rushes_gpu::{
    Border, DevicePlanes, DeviceReport, EncodeFormat, Executor, Expr, Image, KernelRun, Label, Mixed,
    PendingPlanes, Pixels, Precision, Separable, Warp, prepared,
};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// The most mixes that are made together with what follows them: more rows than theirs would leave the caches.
const MOST_MIXES: usize = 3;

/// Makes pixels on the processor, over all of its cores.
pub struct Processor {
    tools: Tools,
    pool: Arc<Pool>,
    closed: AtomicBool,
    timings: Mutex<BTreeMap<Label, f64>>,
}

impl Default for Processor {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor {
    /// With the widest lanes that this processor has.
    pub fn new() -> Self {
        Self::with(LaneKind::best())
    }

    /// With `count` lanes, for comparison, where this processor has as many at once.
    pub fn with_lanes(count: usize) -> Option<Self> {
        LaneKind::all().into_iter().find(|lanes| lanes.count == count).map(Self::with)
    }

    /// With each kind of lanes that this processor has, the narrowest first, for comparison.
    pub fn of_each_kind() -> Vec<Self> {
        LaneKind::all().into_iter().map(Self::with).collect()
    }

    fn with(lanes: &'static LaneKind) -> Self {
        Self {
            tools: Tools::new(lanes),
            pool: Arc::default(),
            closed: AtomicBool::new(false),
            timings: Mutex::default(),
        }
    }

    /// What it is, for people. `why` says why it was taken.
    pub fn report(&self, why: &str) -> DeviceReport {
        DeviceReport {
            name: "the processor".to_owned(),
            backend: "Processor".to_owned(),
            driver: self.tools.lanes().name.to_owned(),
            software: true,
            max_side: MAX_SIDE,
            max_buffer_bytes: u64::MAX,
            max_textures: u32::MAX,
            timestamps: true,
            why: format!("{why}; it draws with {} threads", rayon::current_num_threads()),
        }
    }

    fn open(&self) -> Result<()> {
        match self.lost() {
            None => Ok(()),
            Some(why) => Err(Error::system(why).help("ask for the frame again")),
        }
    }

    /// The same with its mixes made, but for `most` of them, which are made with what follows them.
    fn ready(&self, expr: &Expr, most: usize) -> Result<Expr> {
        let mut left = most;
        expr.with_mixes(&mut |mixed| {
            if left == 0 {
                return Ok(self.mixed(mixed)?.into());
            }
            left -= 1;
            if !mixed.source().has_mixes() {
                return Ok(Expr::Mixed(mixed.clone()));
            }
            let source = self.ready(mixed.source(), 0)?;
            Ok(Expr::Mixed(Arc::new(Mixed::new(source, mixed.mix().clone(), mixed.precision())?)))
        })
    }

    /// A mix, made.
    fn mixed(&self, mixed: &Mixed) -> Result<Image> {
        if mixed.source().has_mixes() {
            let source = self.ready(mixed.source(), 0)?;
            return self.mixed(&Mixed::new(source, mixed.mix().clone(), mixed.precision())?);
        }
        let (width, height) = mixed.size();
        let mut host = Host::new(&self.pool, width, height, mixed.precision())?;
        // What is stored in halves is rounded as it is stored.
        Mix::of(&self.tools, mixed, false)?.make(&mut host)?;
        Ok(Image::new(width, height, mixed.precision(), Arc::new(host)))
    }

    /// Does some work on somebody's account.
    fn timed<T>(&self, label: Label, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.open()?;
        let begin = Instant::now();
        let done = work()?;
        *lock(&self.timings).entry(label).or_default() += begin.elapsed().as_secs_f64() * 1e3;
        Ok(done)
    }
}

impl Executor for Processor {
    fn upload(&self, planes: &Planes) -> Result<DevicePlanes> {
        self.open()?;
        Ok(DevicePlanes::new(planes.info, Arc::new(HostPlanes::new(planes)?)))
    }

    fn image(&self, pixels: &Pixels, precision: Precision) -> Result<Image> {
        self.open()?;
        pixels.check()?;
        let (width, height) = (pixels.width, pixels.height);
        let mut host = Host::new(&self.pool, width, height, precision)?;
        rows::stored(self.tools.lanes(), pixels, &mut host)?;
        Ok(Image::new(width, height, precision, Arc::new(host)))
    }

    fn prepare(&self, expr: &Expr, precision: Precision) -> Result<()> {
        if expr.has_mixes() {
            return Ok(());
        }
        Chain::of(&self.tools, expr, precision, precision).map(|_| ())
    }

    fn materialise_as(
        &self,
        expr: &Expr,
        between: Precision,
        stored: Precision,
        label: Label,
    ) -> Result<Image> {
        match expr {
            Expr::Image(image) if image.precision() == stored => Ok(image.clone()),
            _ => self.timed(label, || {
                if let Expr::Mixed(mixed) = expr
                    && mixed.precision() == stored
                {
                    return self.mixed(mixed);
                }
                let (width, height) = expr.size();
                let ready = self.ready(expr, MOST_MIXES)?;
                // What is stored in halves is rounded as it is stored.
                let chain = Chain::of(&self.tools, &ready, between, Precision::Float)?;
                let mut host = Host::new(&self.pool, width, height, stored)?;
                rows::chain(&chain, width, height, &mut host)?;
                Ok(Image::new(width, height, stored, Arc::new(host)))
            }),
        }
    }

    fn kernel(&self, run: &KernelRun<'_>, label: Label) -> Result<Image> {
        let kernel = run.kernel;
        let params = run.checked_params()?;
        self.timed(label, || {
            let found = self.tools.kernel(kernel)?;
            let pictures = run
                .inputs
                .iter()
                .map(|image| Host::picture(image, kernel.border()))
                .collect::<Result<Vec<_>>>()?;
            let (width, height) = (run.place.width, run.place.height);
            // What is stored in halves is rounded as it is stored.
            let cx = context(&found, run.place, &params, run.tables, pictures, false);
            let mut host = Host::new(&self.pool, width, height, run.precision)?;
            rows::kernel(self.tools.lanes(), &found, &cx, &mut host)?;
            Ok(Image::new(width, height, run.precision, Arc::new(host)))
        })
        .map_err(|e| e.at(kernel.name()))
    }

    fn separable(&self, expr: &Expr, mix: &Separable, precision: Precision, label: Label) -> Result<Image> {
        self.timed(label, || self.mixed(&Mixed::new(expr.clone(), mix.clone(), precision)?))
    }

    fn warp(&self, expr: &Expr, to: &Warp, precision: Precision, label: Label) -> Result<Image> {
        self.timed(label, || {
            let ready = prepared(&self.ready(expr, 0)?, to.light)?;
            let chain = Chain::of(&self.tools, &ready, precision, Precision::Float)?;
            let (width, height) = to.size;
            let mut host = Host::new(&self.pool, width, height, precision)?;
            let looking = Looking { warp: to, source: expr.size() };
            Warping { lanes: self.tools.lanes(), chain: &chain, looking }.make(&mut host)?;
            Ok(Image::new(width, height, precision, Arc::new(host)))
        })
    }

    fn to_planes(
        &self,
        expr: &Expr,
        format: &EncodeFormat,
        precision: Precision,
        frame: u32,
        label: Label,
    ) -> Result<PendingPlanes> {
        format.check()?;
        self.timed(label, || {
            let ready = self.ready(expr, MOST_MIXES)?;
            let chain = Chain::of(&self.tools, &ready, precision, precision)?;
            let made = planes_out::planes(self.tools.lanes(), &chain, expr.size(), format, frame, &self.pool);
            Ok(PendingPlanes::new(made))
        })
    }

    fn read(&self, image: &Image, cancel: &Cancel) -> Result<Pixels> {
        self.open()?;
        cancel.check()?;
        let rgba = rows::read(self.tools.lanes(), &Host::picture(image, Border::Clamp)?);
        Ok(Pixels { width: image.width(), height: image.height(), rgba })
    }

    fn lost(&self) -> Option<String> {
        self.closed.load(Ordering::Acquire).then(|| "the processor's pictures were given back".to_owned())
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        self.pool.clear();
    }

    fn take_timings(&self) -> BTreeMap<Label, f64> {
        std::mem::take(&mut *lock(&self.timings))
    }
}
