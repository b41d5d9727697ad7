//! The sound of a delivered file: pieces of files laid along the picture's time.

use super::loudness::Meter;
use rushes_engine::{AudioDesc, AudioPiece, Cancel, Result};
use rushes_media::{AudioReader, AudioTrack};
use std::path::PathBuf;

/// Samples a channel that are mixed at once: a second at usual rates.
const CHUNK: u64 = 48_000;
/// A gain that would push peaks above full scale is held below it by this much (−1 dBFS).
const CEILING: f32 = 0.891;

/// Sound from `start_s` on for `length_s` seconds.
pub(super) struct Mix {
    rate: u32,
    channels: u16,
    start: u64,
    length: u64,
    gain: f32,
    pieces: Vec<(AudioPiece, AudioReader)>,
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
        let (rate, channels) = (audio.sample_rate, audio.channels);
        let samples = |seconds: f64| (seconds * f64::from(rate)).round().max(0.0) as u64;
        let open = |piece: &AudioPiece| {
            AudioReader::open(&piece.path, Some(rate), Some(channels)).map(|reader| (piece.clone(), reader))
        };
        Ok(Self {
            rate,
            channels,
            start: samples(start_s),
            length: samples(length_s),
            gain: 1.0,
            pieces: audio.pieces.iter().map(open).collect::<Result<_>>()?,
        })
    }

    /// The track of the encoder that it goes into.
    pub(super) fn track(&self) -> AudioTrack {
        AudioTrack::Samples { sample_rate: self.rate, channels: self.channels }
    }

    /// Listens to the whole and sets the gain that brings it to `target` LUFS; tells both in words.
    pub(super) fn normalise(&mut self, target: f64, cancel: &Cancel) -> Result<String> {
        let mut meter = Meter::new(self.rate, self.channels);
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
        let count = count.min(self.length.saturating_sub(at));
        let channels = usize::from(self.channels);
        let mut mixed = vec![0f32; usize::try_from(count).unwrap_or(0) * channels];
        let rate = f64::from(self.rate);
        let samples = |seconds: f64| (seconds * rate).round().max(0.0) as u64;
        let from = self.start + at;
        for (piece, reader) in &mut self.pieces {
            let (begin, end) = (samples(piece.at_s), samples(piece.at_s + piece.length_s));
            let (first, last) = (from.max(begin), (from + count).min(end));
            if first >= last {
                continue;
            }
            let source = samples(piece.start_s) + (first - begin);
            let read = reader.read(source, usize::try_from(last - first).unwrap_or(0))?;
            let offset = usize::try_from(first - from).unwrap_or(0) * channels;
            for (out, sample) in mixed.iter_mut().skip(offset).zip(read) {
                *out += sample * self.gain;
            }
        }
        Ok(mixed)
    }

    /// Samples a second.
    pub(super) fn rate(&self) -> u32 {
        self.rate
    }
}
