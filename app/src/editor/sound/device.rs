//! The system's own sound device.

use super::output::{Gauge, Output};
use super::ring::Ring;
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{FromSample, OutputCallbackInfo, SampleFormat, SizedSample, Stream, StreamConfig};
use rushes_engine::{Error, Result};
use rushes_media::SoundForm;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Seconds of sound that wait at most.
const AHEAD: f64 = 0.4;
/// Samples that are converted at once for devices that take no floats.
const BLOCK: usize = 4096;

/// A device that plays what its ring holds.
pub struct Device {
    /// Samples on their way.
    pub ring: Arc<Ring>,
    /// How they lie there.
    pub form: SoundForm,
    lost: Arc<AtomicBool>,
    stream: Stream,
}

impl Device {
    /// Opens the device that the system names first. Times are counted from `epoch`.
    pub fn open(gauge: &Arc<Gauge>, epoch: Instant) -> Result<Self> {
        let none = || Error::system("there is no sound device").help("connect one, and play again");
        let device = cpal::default_host().default_output_device().ok_or_else(none)?;
        let failed = |e: cpal::Error| {
            let error = Error::system(format!("the sound device does not open: {e}"));
            error.help("see whether another program holds it, or choose another in the system's settings")
        };
        let supported = device.default_output_config().map_err(failed)?;
        let (config, format) = (supported.config(), supported.sample_format());
        let (rate, channels) = (config.sample_rate, config.channels);
        let ring = Arc::new(Ring::new((AHEAD * f64::from(rate)) as usize * usize::from(channels)));
        let output = Output::new(Arc::clone(gauge), Arc::clone(&ring), rate, usize::from(channels));
        let lost = Arc::new(AtomicBool::new(false));
        let end = End { output, epoch, lost: Arc::clone(&lost) };
        let stream = match format {
            SampleFormat::F32 => end.stream::<f32>(&device, config),
            SampleFormat::I16 => end.stream::<i16>(&device, config),
            SampleFormat::I32 => end.stream::<i32>(&device, config),
            SampleFormat::U16 => end.stream::<u16>(&device, config),
            SampleFormat::U8 => end.stream::<u8>(&device, config),
            other => {
                let error = Error::system(format!("the sound device wants {other} samples"));
                return Err(error.help("choose another device or format in the system's settings"));
            }
        };
        let stream = stream.map_err(failed)?;
        stream.play().map_err(failed)?;
        Ok(Self { ring, form: SoundForm { sample_rate: rate, channels }, lost, stream })
    }

    /// Whether it went away.
    pub fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    /// Lets it rest, or wakes it. Where a device cannot rest it plays silence.
    pub fn rest(&self, rests: bool) {
        let done = if rests { self.stream.pause() } else { self.stream.play() };
        if let Err(e) = done {
            log::debug!("the sound device does not rest: {e}");
        }
    }
}

/// What its thread is given.
struct End {
    output: Output,
    epoch: Instant,
    lost: Arc<AtomicBool>,
}

impl End {
    fn stream<T: SizedSample + FromSample<f32>>(
        self,
        device: &cpal::Device,
        config: StreamConfig,
    ) -> std::result::Result<Stream, cpal::Error> {
        let Self { mut output, epoch, lost } = self;
        let channels = usize::from(config.channels.max(1));
        let rate = config.sample_rate.max(1);
        let block = BLOCK / channels * channels;
        let mut floats = vec![0f32; block.max(channels)];
        let play = move |out: &mut [T], info: &OutputCallbackInfo| {
            let at = info.timestamp();
            let delay = at.playback.checked_duration_since(at.callback).unwrap_or(Duration::ZERO);
            let mut heard = nanos(epoch.elapsed() + delay);
            for part in out.chunks_mut(floats.len()) {
                let Some(given) = floats.get_mut(..part.len()) else { continue };
                output.fill(given, heard);
                for (to, from) in part.iter_mut().zip(given.iter()) {
                    *to = T::from_sample(*from);
                }
                heard += (part.len() / channels) as i64 * 1_000_000_000 / i64::from(rate);
            }
        };
        let fail = move |e: cpal::Error| {
            log::warn!("sound: {e}");
            if matches!(e.kind(), cpal::ErrorKind::DeviceNotAvailable | cpal::ErrorKind::StreamInvalidated) {
                lost.store(true, Ordering::Release);
            }
        };
        device.build_output_stream(config, play, fail, Some(Duration::from_secs(2)))
    }
}

/// A time as the gauge counts it.
pub fn nanos(since: Duration) -> i64 {
    i64::try_from(since.as_nanos()).unwrap_or(i64::MAX)
}
