//! The device: opened once, shared by cheap clones, and never a panic when it goes.

use crate::choose::{self, DeviceChoice, DeviceReport};
use crate::image::Image;
use crate::pipeline::Pipelines;
use crate::pool::Pool;
use crate::timing::Timings;
use rushes_engine::{Error, Key, Result};
use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Submissions that may wait on the device at once, so that their textures stay bounded.
const MAX_IN_FLIGHT: usize = 6;

/// How often a wait looks at the device, and how many looks make a moment.
const LOOK: Duration = Duration::from_micros(150);
const LOOKS: u32 = 100;

/// The wgpu executor. Cheap to clone; all clones are one device.
#[derive(Clone)]
pub struct Gpu(pub(crate) Arc<Shared>);

/// How the device is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Why the device was lost, where it was. Every call then fails; open a new one.
    pub lost: Option<String>,
    /// The last error that no call could report.
    pub last_error: Option<String>,
    /// How many such errors there were.
    pub errors: u64,
}

pub(crate) struct Shared {
    pub(crate) device: wgpu::Device,
    pub(crate) queue: wgpu::Queue,
    pub(crate) report: DeviceReport,
    pub(crate) pool: Pool,
    pub(crate) pipelines: Pipelines,
    pub(crate) tables: Mutex<VecDeque<(Key, Arc<crate::pool::GpuTexture>)>>,
    pub(crate) timings: Timings,
    pub(crate) buffers: Mutex<BTreeMap<u64, Vec<wgpu::Buffer>>>,
    pub(crate) passes: AtomicU64,
    /// Every texture of this device holds it, so that one of another device is known.
    pub(crate) token: Arc<()>,
    health: Arc<Mutex<Health>>,
    in_flight: Mutex<VecDeque<Submission>>,
}

/// Locks a mutex; what a panicking thread left behind is still whole, since no lock is held over a call out.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Gpu {
    /// Opens a device without a window.
    ///
    /// # Errors
    /// No adapter of the kind asked for, or none that gives a device.
    pub fn open(choice: DeviceChoice) -> Result<Self> {
        // OpenGL is left out: where it has no display it complains on standard error, and it is never chosen.
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
            backends: wgpu::Backends::PRIMARY,
            ..wgpu::InstanceDescriptor::new_without_display_handle()
        });
        let mut adapters = pollster::block_on(instance.enumerate_adapters(wgpu::Backends::PRIMARY));
        let kinds: Vec<_> = adapters.iter().map(|a| a.get_info().device_type).collect();
        let mut refused = Vec::new();
        for i in choose::ranked(&kinds, choice)? {
            let Some(adapter) = adapters.get_mut(i) else { continue };
            let info = adapter.get_info();
            match request(adapter) {
                Ok((device, queue)) => {
                    let why = choose::why(info.device_type, choice, kinds.len() - 1);
                    return Ok(Self::new(&info, device, queue, why));
                }
                Err(e) => refused.push(format!("{}: {e}", info.name)),
            }
        }
        Err(Error::system(format!("no graphics adapter gave a device ({})", refused.join("; ")))
            .help("update the graphics driver, or set RUSHES_DEVICE=software"))
    }

    /// Shares a device that a window opened. Its error callbacks become this executor's.
    pub fn from_parts(adapter: &wgpu::Adapter, device: wgpu::Device, queue: wgpu::Queue) -> Self {
        let info = adapter.get_info();
        let why = format!("{}, shared with the window", choose::word(info.device_type));
        Self::new(&info, device, queue, why)
    }

    /// What a device is asked for, up to 8K pictures where the adapter has them; for a window that opens it itself.
    pub fn device_descriptor(adapter: &wgpu::Adapter) -> wgpu::DeviceDescriptor<'static> {
        wgpu::DeviceDescriptor {
            label: Some("rushes"),
            required_features: adapter.features()
                & (wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::PIPELINE_CACHE),
            required_limits: wanted_limits(&adapter.limits()),
            ..Default::default()
        }
    }

    fn new(info: &wgpu::AdapterInfo, device: wgpu::Device, queue: wgpu::Queue, why: String) -> Self {
        let limits = device.limits();
        let timestamps = device.features().contains(wgpu::Features::TIMESTAMP_QUERY);
        let report = DeviceReport {
            name: info.name.clone(),
            backend: format!("{:?}", info.backend),
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            software: info.device_type == wgpu::DeviceType::Cpu,
            max_side: limits.max_texture_dimension_2d,
            max_buffer_bytes: limits.max_buffer_size,
            max_textures: limits.max_sampled_textures_per_shader_stage,
            timestamps,
            why,
        };
        let health = Arc::new(Mutex::new(Health::default()));
        let of_loss = health.clone();
        device.set_device_lost_callback(move |reason, message| {
            match reason {
                wgpu::DeviceLostReason::Unknown => log::error!("the graphics device was lost: {message}"),
                wgpu::DeviceLostReason::Destroyed => log::debug!("the graphics device was closed: {message}"),
            }
            let reason = if message.is_empty() { "no reason was given".to_owned() } else { message };
            lock(&of_loss).lost.get_or_insert(reason);
        });
        let of_errors = health.clone();
        device.on_uncaptured_error(Arc::new(move |error| {
            log::error!("the graphics device reported: {error}");
            let mut health = lock(&of_errors);
            health.errors += 1;
            health.last_error = Some(error.to_string());
        }));
        let timings = Timings::new(timestamps.then(|| queue.get_timestamp_period()));
        Self(Arc::new(Shared {
            pool: Pool::default(),
            pipelines: Pipelines::default(),
            tables: Mutex::default(),
            timings,
            buffers: Mutex::default(),
            passes: AtomicU64::new(0),
            token: Arc::default(),
            health,
            in_flight: Mutex::default(),
            device,
            queue,
            report,
        }))
    }

    /// Which device this is.
    pub fn report(&self) -> &DeviceReport {
        &self.0.report
    }

    /// How the device is.
    pub fn health(&self) -> Health {
        lock(&self.0.health).clone()
    }

    /// Says at once that the device is gone; its own callback may come later.
    pub(crate) fn mark_closed(&self) {
        lock(&self.0.health).lost.get_or_insert_with(|| "it was closed".to_owned());
    }

    /// Passes recorded since the device was opened; for tests and for `bench`.
    pub fn passes(&self) -> u64 {
        self.0.passes.load(Ordering::Relaxed)
    }

    /// The device itself, for a window that draws with it.
    pub fn device(&self) -> &wgpu::Device {
        &self.0.device
    }

    /// The queue itself, for a window that draws with it.
    pub fn queue(&self) -> &wgpu::Queue {
        &self.0.queue
    }

    /// The texture of a picture that this device made, for a window that draws it without a copy. Keep the picture
    /// for as long as the view is drawn: the texture of a picture that nobody holds is used again.
    ///
    /// # Errors
    /// The picture is another executor's.
    pub fn view_of<'a>(&self, image: &'a Image) -> Result<&'a wgpu::TextureView> {
        Ok(&self.own(image.storage())?.view)
    }

    /// Waits until the device has done all that was asked of it.
    ///
    /// # Errors
    /// The device was lost.
    pub fn finish(&self) -> Result<()> {
        self.alive()?;
        let last = lock(&self.0.in_flight).back().cloned();
        last.map_or(Ok(()), |submission| self.wait_for(&submission))
    }

    /// Has what was uploaded copied to where it belongs, here and now: left to itself it is done by whoever submits work
    /// next, which takes long where the device is the processor.
    ///
    /// # Errors
    /// The device was lost.
    pub fn flush(&self) -> Result<()> {
        let nothing = self.0.device.create_command_encoder(&wgpu::CommandEncoderDescriptor { label: None });
        let copies = self.submit(nothing.finish())?;
        self.wait_for(&copies)
    }

    /// An error once the device is lost.
    pub(crate) fn alive(&self) -> Result<()> {
        match &lock(&self.0.health).lost {
            None => Ok(()),
            Some(reason) => Err(Error::system(format!("the graphics device was lost: {reason}"))
                .help("restart the program; the document is saved")),
        }
    }

    /// Refuses a picture that the device cannot hold, before anything is allocated.
    pub(crate) fn check_size(&self, width: u32, height: u32) -> Result<()> {
        let max = self.0.report.max_side;
        if width == 0 || height == 0 {
            return Err(Error::usage(format!("a picture of {width}×{height} has no pixels"))
                .help("give it a width and a height of at least 1"));
        }
        if width > max || height > max {
            return Err(Error::usage(format!("a picture of {width}×{height} is too large for this device"))
                .help(format!("keep both sides at or below {max}, or work at a smaller proxy")));
        }
        Ok(())
    }

    /// Runs `work` and turns what the device says against it into an error.
    pub(crate) fn guarded<T>(&self, work: impl FnOnce() -> T) -> Result<T> {
        self.alive()?;
        let device = &self.0.device;
        let scopes =
            [wgpu::ErrorFilter::Internal, wgpu::ErrorFilter::OutOfMemory, wgpu::ErrorFilter::Validation]
                .map(|filter| device.push_error_scope(filter));
        let result = work();
        let mut first = None;
        for scope in scopes.into_iter().rev() {
            let error = pollster::block_on(scope.pop());
            first = first.or(error);
        }
        self.alive()?;
        match first {
            None => Ok(result),
            Some(wgpu::Error::OutOfMemory { .. }) => {
                Err(Error::system("the graphics device has no memory left")
                    .help("close other programs, work at a smaller proxy, or lower the cache budget"))
            }
            Some(error) => Err(Error::system(format!("the graphics device refused the work: {error}"))
                .help("update the graphics driver, or set RUSHES_DEVICE=software")),
        }
    }

    /// Submits work, waiting first where too much is under way.
    pub(crate) fn submit(&self, commands: wgpu::CommandBuffer) -> Result<Submission> {
        let oldest = {
            let mut queue = lock(&self.0.in_flight);
            if queue.len() >= MAX_IN_FLIGHT { queue.pop_front() } else { None }
        };
        if let Some(submission) = oldest {
            self.wait_for(&submission)?;
        }
        self.guarded(|| self.0.queue.submit([commands]))?;
        let submission = Submission::default();
        let done = submission.clone();
        self.0.queue.on_submitted_work_done(move || done.0.store(true, Ordering::Release));
        lock(&self.0.in_flight).push_back(submission.clone());
        Ok(submission)
    }

    /// Waits for a submission in short steps, so that a lost device ends the wait.
    fn wait_for(&self, submission: &Submission) -> Result<()> {
        while !submission.is_done() {
            self.wait_a_little(&|| submission.is_done())?;
        }
        Ok(())
    }

    /// Waits a moment, or until `done`.
    ///
    /// wgpu's own wait is not used: where another thread submits or polls at the same time it can find the queue
    /// empty before the number that it waits for is told as finished, and panics.
    pub(crate) fn wait_a_little(&self, done: &dyn Fn() -> bool) -> Result<()> {
        for _ in 0..LOOKS {
            let poll = self.0.device.poll(wgpu::PollType::Poll);
            self.alive()?;
            poll.map_err(|e| {
                Error::system(format!("the graphics device does not answer: {e}"))
                    .help("restart the program; update the graphics driver if it happens again")
            })?;
            if done() {
                break;
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

/// Work under way, and whether it is done.
#[derive(Clone, Debug, Default)]
pub(crate) struct Submission(Arc<AtomicBool>);

impl Submission {
    fn is_done(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl std::fmt::Debug for Gpu {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Gpu({})", self.0.report)
    }
}

/// What 8K pictures need, as far as the adapter has it.
fn wanted_limits(has: &wgpu::Limits) -> wgpu::Limits {
    let base = wgpu::Limits::default();
    let mut wanted = base.clone().or_worse_values_from(has);
    wanted.max_texture_dimension_2d = has.max_texture_dimension_2d.min(16_384);
    // 8192 × 4320 pixels of four floats, for reading back.
    wanted.max_buffer_size = has.max_buffer_size.min((8192 * 4320 * 16_u64).max(base.max_buffer_size));
    wanted.max_sampled_textures_per_shader_stage = has.max_sampled_textures_per_shader_stage.min(64);
    wanted.max_sampled_textures_per_shader_stage =
        wanted.max_sampled_textures_per_shader_stage.max(base.max_sampled_textures_per_shader_stage);
    wanted
}

/// A device of what is wanted, else of wgpu's defaults, else of the least it knows.
fn request(adapter: &wgpu::Adapter) -> std::result::Result<(wgpu::Device, wgpu::Queue), String> {
    let has = adapter.limits();
    let mut last = String::new();
    let full = Gpu::device_descriptor(adapter);
    let plain = |limits: wgpu::Limits| wgpu::DeviceDescriptor {
        label: Some("rushes"),
        required_limits: limits.or_worse_values_from(&has),
        ..Default::default()
    };
    for descriptor in [full, plain(wgpu::Limits::default()), plain(wgpu::Limits::downlevel_defaults())] {
        match pollster::block_on(adapter.request_device(&descriptor)) {
            Ok(parts) => return Ok(parts),
            Err(e) => last = e.to_string(),
        }
    }
    Err(last)
}
