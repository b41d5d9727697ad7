//! The outside world of the tools: the graphics device, media, local networks and remote engines.

use crate::aside::Aside;
use crate::proxies::Proxies;
use rushes_engine::tool::Host;
use rushes_engine::{Desc, Error, Payload, PayloadRef, Result};
use rushes_gpu::{DeviceChoice, DeviceReport, Executor, Expr, Gpu, Precision};
use rushes_media::{Media, MediaOptions, ProbeOptions};
use rushes_models::face::Faces;
use rushes_processor::Processor;
use rushes_services::Remote;
use std::any::Any;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// What stands behind [`Host`]. The device is opened by the first tool that needs it, so that reading and checking a
/// graph works where there is none.
pub struct Services {
    /// What is opened; `None` for a window's device, which only the window can replace.
    choice: Option<DeviceChoice>,
    /// One device after the other: the next is opened when one was lost.
    devices: [OnceLock<Result<Graphics>>; DEVICES],
    current: AtomicUsize,
    media: Media,
    faces: Arc<Faces>,
    aside: Aside,
    proxies: Proxies,
    remote: OnceLock<Remote>,
    remembered: Mutex<HashMap<String, Arc<dyn Any + Send + Sync>>>,
}

/// How many devices are tried in all. A driver that loses as many is no use.
const DEVICES: usize = 4;
/// Things that are remembered before all are forgotten.
const MOST_REMEMBERED: usize = 1024;

#[derive(Clone)]
struct Graphics {
    executor: Arc<dyn Executor>,
    report: DeviceReport,
}

impl Graphics {
    /// What a person asked for. The best is a real graphics device, and the processor where there is none: it is
    /// several times faster than a rasteriser that only looks like a device.
    fn open(choice: DeviceChoice) -> Result<Self> {
        let device = |choice| {
            let gpu = Gpu::open(choice)?;
            Ok(Self { report: gpu.report().clone(), executor: Arc::new(gpu) })
        };
        match choice {
            DeviceChoice::Processor => Ok(Self::processor("as asked for")),
            DeviceChoice::Gpu | DeviceChoice::Software => device(choice),
            DeviceChoice::Best => device(DeviceChoice::Gpu).or_else(|error: Error| {
                log::info!("the processor makes the pictures: {error}");
                Ok(Self::processor("no graphics device was found"))
            }),
        }
    }

    fn processor(why: &str) -> Self {
        let processor = Processor::new();
        Self { report: processor.report(why), executor: Arc::new(processor) }
    }
}

impl Services {
    /// Services that open a device of their own when it is needed.
    pub fn new(choice: DeviceChoice) -> Self {
        Self::with(Some(choice))
    }

    /// Services over a device that is open already, such as the window's.
    pub fn over(gpu: Gpu) -> Self {
        let report = gpu.report().clone();
        Self::on(Arc::new(gpu), report)
    }

    /// Services over the processor with `count` lanes, for comparison with those that it would take.
    ///
    /// # Errors
    /// It has no such lanes.
    pub fn with_lanes(count: usize) -> Result<Self> {
        let processor = Processor::with_lanes(count).ok_or_else(|| {
            Error::system(format!("this processor has no {count} lanes")).help("4 are everywhere")
        })?;
        let report = processor.report("as asked for");
        Ok(Self::on(Arc::new(processor), report))
    }

    /// Services over an executor that is ready. Where it is lost, nothing else is tried.
    pub fn on(executor: Arc<dyn Executor>, report: DeviceReport) -> Self {
        let services = Self::with(None);
        services.device().get_or_init(|| Ok(Graphics { executor, report }));
        services
    }

    fn with(choice: Option<DeviceChoice>) -> Self {
        Self {
            choice,
            devices: Default::default(),
            current: AtomicUsize::new(0),
            media: Media::new(MediaOptions::default()),
            faces: Arc::default(),
            aside: Aside::default(),
            proxies: Proxies::default(),
            remote: OnceLock::new(),
            remembered: Mutex::default(),
        }
    }

    /// What makes pixels.
    pub fn executor(&self) -> Result<&Arc<dyn Executor>> {
        self.graphics().map(|g| &g.executor)
    }

    /// What reads clips.
    pub fn media(&self) -> &Media {
        &self.media
    }

    /// Says where keys and the ledger of remote engines lie; the first word counts.
    pub fn keep_remote(&self, home: &Path) {
        self.remote.get_or_init(|| Remote::at(home));
    }

    /// Remote engines.
    ///
    /// # Errors
    /// Nobody has said where keys and the ledger lie.
    pub fn remote(&self) -> Result<&Remote> {
        self.remote.get().ok_or_else(|| Error::system("there is no place for keys and the ledger"))
    }

    /// What looks at faces.
    pub(crate) fn faces(&self) -> &Arc<Faces> {
        &self.faces
    }

    /// What is found out beside describing a graph.
    pub(crate) fn aside(&self) -> &Aside {
        &self.aside
    }

    /// From now on tools tell also what takes long to find out, such as whose face is in a still. Described before it is
    /// known, a node is described again afterwards; `heard` is called on another thread when that is worth doing.
    pub fn listen(&self, heard: impl Fn() + Send + Sync + 'static) {
        self.aside.listen(heard);
    }

    /// Waits until all is found out that was asked for.
    pub fn wait_for_findings(&self) {
        self.aside.wait();
    }

    /// From now on clips that are looked at small come from proxies, which are made aside where
    /// [`Media::keep_proxies`] says; `heard` is called on another thread after each.
    pub fn want_proxies(&self, heard: impl Fn() + Send + Sync + 'static) {
        self.proxies.want(heard);
    }

    /// From now on no proxy is made or used.
    pub fn do_without_proxies(&self) {
        self.proxies.do_without();
    }

    /// The proxy of the clip at `path`, made here and now where it is worth making and not there. It is for looking at:
    /// frame N of it is stored frame N of the clip at half its size.
    ///
    /// # Errors
    /// The clip cannot be read, there is no device, or the disk refuses.
    pub fn make_proxy(&self, path: &Path, options: &ProbeOptions) -> Result<Option<PathBuf>> {
        Proxies::make(self, path, options)
    }

    /// Gives up the proxy that is being made, and waits until nothing of it is on the device.
    pub fn end_proxies(&self) {
        self.proxies.end();
    }

    /// How many proxies are still to be made, and how much of the first of them is, from 0 to 1.
    pub fn proxies_left(&self) -> (usize, f32) {
        self.proxies.left()
    }

    pub(crate) fn proxies(&self) -> &Proxies {
        &self.proxies
    }

    /// What `make` found out about something, found out once. `of` names it by its content. A failure is tried again.
    pub(crate) fn remembered<T: Any + Send + Sync>(
        &self,
        of: &str,
        make: impl FnOnce() -> Result<T>,
    ) -> Result<Arc<T>> {
        let lock = || self.remembered.lock().unwrap_or_else(PoisonError::into_inner);
        let known = lock().get(of).cloned().and_then(|known| known.downcast::<T>().ok());
        if let Some(known) = known {
            return Ok(known);
        }
        let made = Arc::new(make()?);
        let mut all = lock();
        if all.len() >= MOST_REMEMBERED {
            all.clear();
        }
        all.insert(of.to_owned(), made.clone());
        Ok(made)
    }

    /// Which device makes them.
    pub fn report(&self) -> Result<&DeviceReport> {
        self.graphics().map(|g| &g.report)
    }

    /// Which device makes them, if one has been needed yet.
    pub fn opened(&self) -> Option<&DeviceReport> {
        self.ready().map(|g| &g.report)
    }

    /// Gives the device back, with all that lies on it. The next frame opens another.
    pub fn close_device(&self) {
        if let Some(graphics) = self.ready() {
            graphics.executor.close();
        }
    }

    fn device(&self) -> &OnceLock<Result<Graphics>> {
        let [first, ..] = &self.devices;
        self.devices.get(self.current.load(Ordering::Acquire)).unwrap_or(first)
    }

    fn ready(&self) -> Option<&Graphics> {
        self.device().get().and_then(|graphics| graphics.as_ref().ok())
    }

    fn graphics(&self) -> Result<&Graphics> {
        let open = || Graphics::open(self.choice.unwrap_or_default());
        self.device().get_or_init(open).as_ref().map_err(Clone::clone)
    }

    /// The services behind a host.
    pub(crate) fn behind(host: &dyn Host) -> Result<&Self> {
        host.as_any()
            .downcast_ref()
            .ok_or_else(|| Error::system("these tools run on their own services only"))
    }
}

impl Host for Services {
    fn settle(&self, payload: PayloadRef, desc: &Desc, label: u64) -> Result<PayloadRef> {
        let Some(expr @ (Expr::Stage(_) | Expr::Mixed(_))) = payload.as_any().downcast_ref::<Expr>() else {
            return Ok(payload);
        };
        let precision = desc.frames().map_or(Precision::Half, |d| Precision::for_bits(d.depth));
        let image = self.executor()?.materialise(expr, precision, label)?;
        Ok(Arc::new(Expr::Image(image)))
    }

    fn to_disk(&self, payload: &dyn Payload) -> Option<Result<Vec<u8>>> {
        let Expr::Image(image) = payload.as_any().downcast_ref::<Expr>()? else { return None };
        Some(self.executor().and_then(|executor| crate::kept::write(executor.as_ref(), image)))
    }

    fn read_disk(&self, bytes: &[u8]) -> Result<PayloadRef> {
        let image = crate::kept::read(self.executor()?.as_ref(), bytes)?;
        Ok(Arc::new(Expr::Image(image)))
    }

    fn executor(&self) -> String {
        self.opened().map_or_else(String::new, |r| format!("{} {} {}", r.name, r.backend, r.driver))
    }

    fn generation(&self) -> u64 {
        let at = self.current.load(Ordering::Acquire);
        let lost = self.choice.and(self.ready()).and_then(|graphics| graphics.executor.lost());
        if let (Some(why), true) = (lost, at + 1 < DEVICES)
            && self.current.compare_exchange(at, at + 1, Ordering::AcqRel, Ordering::Acquire).is_ok()
        {
            log::warn!("the graphics device was lost ({why}); going on with another");
        }
        self.current.load(Ordering::Acquire) as u64
    }

    fn take_timings(&self) -> Vec<(u64, f64)> {
        self.ready().map(|g| g.executor.take_timings().into_iter().collect()).unwrap_or_default()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
