//! The thread that reads sound and keeps the device fed.

use super::device::{Device, nanos};
use super::feed::Schedule;
use super::output::Gauge;
use rushes_engine::{AudioDesc, Error, Result};
use rushes_media::Mixer;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Samples a channel that are read at once.
const CHUNK: usize = 1024;
/// How often the ring is looked at while it is full: several times in what it holds.
const LOOK: Duration = Duration::from_millis(15);
/// How long a device may take to turn to another run.
const TURN: Duration = Duration::from_millis(500);
/// How long after a failure the device is not asked for again.
const REST: Duration = Duration::from_secs(10);
/// Seconds that wait in the ring before it begins.
const PRIMED: f64 = 0.1;

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// It is about to be heard.
    Starting,
    /// So many seconds of it were heard.
    Heard(f64),
    /// There is no sound on this machine, or none that can be read.
    Silent,
}

enum Order {
    Play { run: u64, sound: Arc<AudioDesc>, schedule: Schedule },
    Stop,
}

/// Plays sound. Every method comes back at once.
pub struct Player {
    orders: Option<Sender<Order>>,
    gauge: Arc<Gauge>,
    silent: Arc<AtomicBool>,
    epoch: Instant,
    thread: Option<JoinHandle<()>>,
}

impl Player {
    /// Starts the thread, which opens the device only when something is to be played. `tell` is called on it once where
    /// there is no sound to be had.
    pub fn start(tell: impl Fn(Error) + Send + 'static) -> Result<Self> {
        let (orders, ordered) = channel();
        let gauge = Arc::new(Gauge::default());
        let silent = Arc::new(AtomicBool::new(false));
        let epoch = Instant::now();
        let mut feeder = Feeder {
            gauge: Arc::clone(&gauge),
            silent: Arc::clone(&silent),
            epoch,
            device: None,
            source: None,
            failed: None,
            told: false,
            tell: Box::new(tell),
        };
        let thread = std::thread::Builder::new().name("sound".into()).spawn(move || feeder.work(&ordered));
        let thread = thread.map_err(|e| {
            let error = Error::system(format!("no thread could be started: {e}"));
            error.help("close other programs, and play again")
        })?;
        Ok(Self { orders: Some(orders), gauge, silent, epoch, thread: Some(thread) })
    }

    /// Plays a sound by a schedule; `run`, which is not 0, names it from now on.
    pub fn play(&self, run: u64, sound: Arc<AudioDesc>, schedule: Schedule) {
        self.order(Order::Play { run, sound, schedule });
    }

    /// Is silent.
    pub fn stop(&self) {
        // The device hears of it now, not when the thread has finished reading.
        self.gauge.turn_to(0);
        self.order(Order::Stop);
    }

    /// How loud, 0 to 1.
    pub fn set_volume(&self, volume: f32) {
        // Ears hear by ratio: the square gives the lower half of the slider to the quiet.
        self.gauge.set_gain(volume * volume);
    }

    /// How a run stands.
    pub fn state(&self, run: u64) -> State {
        if self.silent.load(Ordering::Acquire) {
            return State::Silent;
        }
        self.gauge.heard(run, nanos(self.epoch.elapsed())).map_or(State::Starting, State::Heard)
    }

    fn order(&self, order: Order) {
        if self.orders.as_ref().is_none_or(|orders| orders.send(order).is_err()) {
            log::error!("the thread of sound has died");
        }
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        self.gauge.turn_to(0);
        self.orders = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread of sound had died");
        }
    }
}

/// What is being played.
struct Run {
    schedule: Schedule,
    played: u64,
    /// Samples that found no room yet.
    left: Vec<f32>,
}

struct Feeder {
    gauge: Arc<Gauge>,
    silent: Arc<AtomicBool>,
    epoch: Instant,
    device: Option<Device>,
    /// The files of the sound that was played last, still open at where they were read.
    source: Option<(Arc<AudioDesc>, Mixer)>,
    failed: Option<Instant>,
    told: bool,
    tell: Box<dyn Fn(Error) + Send>,
}

fn gone() -> Error {
    Error::system("the sound device went away").help("connect one, and play again")
}

impl Feeder {
    fn work(&mut self, orders: &Receiver<Order>) {
        let mut run: Option<Run> = None;
        loop {
            let order = match &run {
                None => orders.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(run) if run.left.is_empty() => match orders.try_recv() {
                    Ok(order) => Ok(order),
                    Err(std::sync::mpsc::TryRecvError::Empty) => Err(RecvTimeoutError::Timeout),
                    Err(_) => Err(RecvTimeoutError::Disconnected),
                },
                Some(_) => orders.recv_timeout(LOOK),
            };
            match order {
                // Of orders that wait only the last counts.
                Ok(order) => run = self.obey(orders.try_iter().last().unwrap_or(order)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if let Some(now) = &mut run
                && let Err(e) = self.feed(now)
            {
                self.fall_silent(e);
                run = None;
            }
        }
    }

    fn obey(&mut self, order: Order) -> Option<Run> {
        match order {
            Order::Stop => {
                self.gauge.turn_to(0);
                self.device.iter().for_each(|d| d.rest(true));
                None
            }
            Order::Play { run, sound, schedule } => match self.begin(run, &sound, schedule) {
                Ok(run) => Some(run),
                Err(e) => {
                    self.fall_silent(e);
                    None
                }
            },
        }
    }

    fn begin(&mut self, run: u64, sound: &Arc<AudioDesc>, schedule: Schedule) -> Result<Run> {
        if self.device.as_ref().is_some_and(Device::is_lost) {
            self.device = None;
        }
        if self.device.is_none() {
            if self.failed.is_some_and(|at| at.elapsed() < REST) {
                let error = Error::system("there was no sound device a moment ago");
                return Err(error.help("connect one, and play again in some seconds"));
            }
            self.failed = Some(Instant::now());
            self.device = Some(Device::open(&self.gauge, self.epoch)?);
        }
        let Some(device) = &self.device else { return Err(gone()) };
        self.failed = None;
        let form = device.form;
        device.rest(false);
        self.gauge.turn_to(run);
        let fits = |(old, mixer): &(Arc<AudioDesc>, Mixer)| old == sound && mixer.form() == form;
        if !self.source.as_ref().is_some_and(fits) {
            self.source = Some((Arc::clone(sound), Mixer::open(sound, form)?));
        }
        let since = Instant::now();
        while !self.gauge.has_turned(run) {
            if since.elapsed() > TURN {
                self.device = None;
                let error = Error::system("the sound device does not answer");
                return Err(error.help("choose another in the system's settings, and play again"));
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.silent.store(false, Ordering::Release);
        let mut run = Run { schedule, played: 0, left: Vec::new() };
        let enough = (f64::from(form.sample_rate) * PRIMED) as u64;
        while run.played < enough && run.left.is_empty() {
            self.feed(&mut run)?;
        }
        self.gauge.begin();
        Ok(run)
    }

    /// Hands on what waits, and reads more where there is room.
    fn feed(&mut self, run: &mut Run) -> Result<()> {
        let Some(device) = self.device.as_ref().filter(|d| !d.is_lost()) else {
            return Err(gone());
        };
        if run.left.is_empty()
            && let Some((_, mixer)) = &mut self.source
        {
            let form = (device.form.sample_rate, usize::from(device.form.channels));
            run.left = run.schedule.gather(run.played, CHUNK, form, |at, count| mixer.read(at, count))?;
            run.played += CHUNK as u64;
        }
        let done = device.ring.push(&run.left);
        run.left.drain(..done);
        Ok(())
    }

    /// Goes on without sound, and says why once.
    fn fall_silent(&mut self, why: Error) {
        self.gauge.turn_to(0);
        self.silent.store(true, Ordering::Release);
        if std::mem::replace(&mut self.told, true) {
            log::debug!("sound: {why}");
        } else {
            (self.tell)(why);
        }
    }
}
