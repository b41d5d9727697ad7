//! The sound of a delivered file: pieces of files laid along the picture's time.

use super::loudness::Meter;
use rushes_engine::{AudioDesc, Cancel, Result};
use rushes_media::{AudioTrack, Mixer, SoundForm};
use std::path::PathBuf;

/// Samples a channel that are mixed at once: a second at usual rates.
const CHUNK: u64 = 48_000;
/// A gain that would push peaks above full scale is held below it by this much (−1 dBFS).
const CEILING: f32 = 0.891;

/// Sound from `start_s` on for `length_s` seconds.
pub(super) struct Mix {
    start: u64,
    length: u64,
    gain: f32,
    mixer: Mixer,
}

/// The file to copy from, where the sound is one whole file under the whole picture.
pub(super) fn copied(audio: &AudioDesc, start_s: f64) -> Option<PathBuf> {
    match audio.pieces.as_slice() {
        [piece] if piece.start_s == 0.0 && piece.at_s == 0.0 && start_s == 0.0 => Some(piece.path.clone()),
        _ => None,
    }
}

impl Mix {
    /// Opens the files behind `audio`.
    pub(super) fn open(audio: &AudioDesc, start_s: f64, length_s: f64) -> Result<Self> {
        let form = SoundForm { sample_rate: audio.sample_rate, channels: audio.channels };
        let samples = |seconds: f64| (seconds * f64::from(form.sample_rate)).round().max(0.0) as u64;
        Ok(Self {
            start: samples(start_s),
            length: samples(length_s),
            gain: 1.0,
            mixer: Mixer::open(audio, form)?,
        })
    }

    /// The track of the encoder that it goes into.
    pub(super) fn track(&self) -> AudioTrack {
        AudioTrack::Samples(self.mixer.form())
    }

    /// Listens to the whole and sets the gain that brings it to `target` LUFS; tells both in words.
    pub(super) fn normalise(&mut self, target: f64, cancel: &Cancel) -> Result<String> {
        let SoundForm { sample_rate, channels } = self.mixer.form();
        let mut meter = Meter::new(sample_rate, channels);
        let mut peak = 0f32;
        for at in (0..self.length).step_by(CHUNK as usize) {
            cancel.check()?;
            let samples = self.read(at, CHUNK)?;
            peak = samples.iter().fold(peak, |p, s| p.max(s.abs()));
            meter.listen(&samples);
        }
        let Some(loudness) = meter.integrated() else { return Ok("the sound is silent".to_owned()) };
        let gain = 10f64.powf((target - loudness) / 20.0) as f32;
        self.gain = gain.min(CEILING / peak.max(1e-6));
        let held = if self.gain < gain { ", held below −1 dBFS" } else { "" };
        let reached = loudness + 20.0 * f64::from(self.gain).log10();
        Ok(format!("loudness {loudness:.1} to {reached:.1} LUFS{held}"))
    }

    /// `count` samples a channel from `at`, interleaved; fewer at the end.
    pub(super) fn read(&mut self, at: u64, count: u64) -> Result<Vec<f32>> {
        let count = usize::try_from(count.min(self.length.saturating_sub(at))).unwrap_or(0);
        let mut mixed = self.mixer.read(self.start + at, count)?;
        mixed.iter_mut().for_each(|sample| *sample *= self.gain);
        Ok(mixed)
    }

    /// Samples a second.
    pub(super) fn rate(&self) -> u32 {
        self.mixer.form().sample_rate
    }
}
