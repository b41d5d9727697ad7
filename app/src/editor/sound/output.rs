//! The end of sound: what the device's own thread calls. It never waits, never takes a lock and never allocates.

use super::ring::Ring;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, AtomicU64, Ordering};

/// No sample of a run has been heard yet.
const NEVER: i64 = i64::MIN;
/// A late or early call of the device moves the clock by one part of this: it is steadier than its calls.
const STEADY: i64 = 16;
/// Seconds that a change of volume takes, so that it does not click.
const FADE: f32 = 0.02;

/// What the window, the feeder and the device share. Times are nanoseconds of one clock.
#[derive(Debug)]
pub struct Gauge {
    /// The run that is wanted; 0 is silence.
    wanted: AtomicU64,
    /// The run that the device has turned to.
    turned: AtomicU64,
    /// Enough waits for the wanted run to begin.
    primed: AtomicBool,
    /// When sample 0 of the run is heard.
    origin: AtomicI64,
    /// Samples a channel that were handed to the device in the run.
    given: AtomicU64,
    rate: AtomicU32,
    gain: AtomicU32,
}

impl Default for Gauge {
    fn default() -> Self {
        Self {
            wanted: AtomicU64::new(0),
            turned: AtomicU64::new(0),
            primed: AtomicBool::new(false),
            origin: AtomicI64::new(NEVER),
            given: AtomicU64::new(0),
            rate: AtomicU32::new(48_000),
            gain: AtomicU32::new(1f32.to_bits()),
        }
    }
}

impl Gauge {
    /// Turns to another run, or to silence with 0.
    pub fn turn_to(&self, run: u64) {
        self.primed.store(false, Ordering::Release);
        self.wanted.store(run, Ordering::Release);
    }

    /// Whether the device has turned to a run and thrown away what waited before.
    pub fn has_turned(&self, run: u64) -> bool {
        self.turned.load(Ordering::Acquire) == run
    }

    /// Enough waits: it may begin.
    pub fn begin(&self) {
        self.primed.store(true, Ordering::Release);
    }

    /// How loud, 0 to 1.
    pub fn set_gain(&self, gain: f32) {
        self.gain.store(gain.clamp(0.0, 1.0).to_bits(), Ordering::Relaxed);
    }

    /// Seconds of a run that were heard by `now`; nothing before it begins.
    pub fn heard(&self, run: u64, now: i64) -> Option<f64> {
        let origin = self.origin.load(Ordering::Acquire);
        if !self.has_turned(run) || origin == NEVER {
            return None;
        }
        let given = self.given.load(Ordering::Acquire) as f64 / f64::from(self.rate.load(Ordering::Relaxed));
        Some((now.saturating_sub(origin) as f64 / 1e9).clamp(0.0, given))
    }
}

/// What the device's thread holds.
pub struct Output {
    gauge: Arc<Gauge>,
    ring: Arc<Ring>,
    rate: u32,
    channels: usize,
    run: u64,
    given: u64,
    gain: f32,
}

impl Output {
    /// An end for a device of so many samples a second, `channels` interleaved.
    pub fn new(gauge: Arc<Gauge>, ring: Arc<Ring>, rate: u32, channels: usize) -> Self {
        gauge.rate.store(rate.max(1), Ordering::Relaxed);
        Self { gauge, ring, rate: rate.max(1), channels: channels.max(1), run: 0, given: 0, gain: 0.0 }
    }

    /// Fills what the device asks for; the first of it is heard at `heard`.
    pub fn fill(&mut self, out: &mut [f32], heard: i64) {
        let wanted = self.gauge.wanted.load(Ordering::Acquire);
        if wanted != self.run {
            self.ring.clear();
            (self.run, self.given, self.gain) = (wanted, 0, 0.0);
            self.gauge.given.store(0, Ordering::Release);
            self.gauge.origin.store(NEVER, Ordering::Release);
            self.gauge.turned.store(wanted, Ordering::Release);
        }
        let plays = wanted != 0 && self.gauge.primed.load(Ordering::Acquire);
        // Whole moments only, so that channels never change places.
        let whole = out.len().min(self.ring.waiting()) / self.channels * self.channels;
        let count = match out.get_mut(..whole).filter(|_| plays) {
            Some(part) => self.ring.pop(part),
            None => 0,
        };
        if count > 0 {
            self.tell(heard, (count / self.channels) as u64);
            self.fade(out.get_mut(..count).unwrap_or_default());
        }
        out.get_mut(count..).unwrap_or_default().fill(0.0);
    }

    fn tell(&mut self, heard: i64, count: u64) {
        let played = (self.given as f64 / f64::from(self.rate) * 1e9) as i64;
        let now = heard.saturating_sub(played);
        let old = self.gauge.origin.load(Ordering::Relaxed);
        let origin = if old == NEVER { now } else { old + (now.saturating_sub(old)) / STEADY };
        self.given += count;
        self.gauge.given.store(self.given, Ordering::Release);
        self.gauge.origin.store(origin, Ordering::Release);
    }

    fn fade(&mut self, out: &mut [f32]) {
        let wanted = f32::from_bits(self.gauge.gain.load(Ordering::Relaxed));
        let step = 1.0 / (FADE * self.rate as f32).max(1.0);
        for moment in out.chunks_mut(self.channels) {
            self.gain += (wanted - self.gain).clamp(-step, step);
            moment.iter_mut().for_each(|sample| *sample *= self.gain);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: i64 = 1_000_000;

    fn setup() -> (Arc<Gauge>, Arc<Ring>, Output) {
        let (gauge, ring) = (Arc::new(Gauge::default()), Arc::new(Ring::new(4096)));
        let output = Output::new(Arc::clone(&gauge), Arc::clone(&ring), 1000, 2);
        (gauge, ring, output)
    }

    #[test]
    fn the_clock_is_what_was_heard_and_steadier_than_the_calls() {
        let (gauge, ring, mut output) = setup();
        gauge.turn_to(7);
        let mut out = [0.0; 20];
        output.fill(&mut out, 0);
        assert!(gauge.has_turned(7) && gauge.heard(7, 50 * MS).is_none(), "nothing was heard yet");
        ring.push(&[0.5; 4000]);
        output.fill(&mut out, 90 * MS);
        assert!(gauge.heard(7, 95 * MS).is_none(), "it waits until enough is there");
        gauge.begin();
        // Ten samples a call, each ten milliseconds, called up to three too early or too late.
        for call in 0..100_i64 {
            let late = [0, 3, -2, 1, -3][call as usize % 5];
            output.fill(&mut out, (100 + call * 10 + late) * MS);
            let now = (100 + call * 10 + 5) * MS;
            let heard = gauge.heard(7, now).unwrap();
            let truth = (call * 10 + 5) as f64 / 1e3;
            assert!((heard - truth).abs() < 0.002, "call {call}: {heard}, not {truth}");
        }
        assert_eq!(gauge.heard(6, 0), None, "another run has another clock");
        assert_eq!(gauge.heard(7, i64::MAX), Some(1.0), "never more than the device was given");
    }

    #[test]
    fn another_run_throws_away_what_waits_and_none_is_silence() {
        let (gauge, ring, mut output) = setup();
        let mut out = [9.0; 8];
        gauge.turn_to(1);
        output.fill(&mut out, 0);
        ring.push(&[0.25; 100]);
        gauge.begin();
        output.fill(&mut out, 0);
        assert!(out.iter().any(|s| *s != 0.0));
        gauge.turn_to(2);
        output.fill(&mut out, 0);
        assert_eq!((out, ring.waiting()), ([0.0; 8], 0));
        gauge.turn_to(0);
        ring.push(&[0.25; 100]);
        output.fill(&mut out, 0);
        assert_eq!(out, [0.0; 8]);
    }

    #[test]
    fn volume_fades_and_channels_keep_their_places() {
        let (gauge, ring, mut output) = setup();
        gauge.turn_to(1);
        output.fill(&mut [], 0);
        gauge.set_gain(0.5);
        let sound: Vec<f32> = (0..400).flat_map(|_| [1.0, -1.0]).collect();
        ring.push(&sound);
        gauge.begin();
        let mut all = Vec::new();
        for _ in 0..60 {
            let mut out = [0.0; 7];
            output.fill(&mut out, 0);
            all.extend_from_slice(&out[..6]);
            assert_eq!(out[6], 0.0, "half a moment is not given");
        }
        assert!(all.chunks(2).all(|m| m[0] >= 0.0 && m[0] == -m[1]));
        assert!(all.windows(3).step_by(2).all(|w| (w[2] - w[0]).abs() <= 0.051), "it clicks");
        assert!((all[200] - 0.5).abs() < 1e-4);
    }
}
