//! Sound laid along time: pieces of files, mixed by the sample.

use crate::audio::{AudioReader, SoundForm};
use rushes_engine::{AudioDesc, AudioPiece, Result};

/// Reads the sound of a wire at a rate and a number of channels of choice.
pub struct Mixer {
    form: SoundForm,
    pieces: Vec<(AudioPiece, AudioReader)>,
}

impl Mixer {
    /// Opens the files behind `audio`.
    pub fn open(audio: &AudioDesc, form: SoundForm) -> Result<Self> {
        let open = |piece: &AudioPiece| {
            let reader = AudioReader::open(&piece.path, Some(form.sample_rate), Some(form.channels))?;
            Ok((piece.clone(), reader))
        };
        Ok(Self { form, pieces: audio.pieces.iter().map(open).collect::<Result<_>>()? })
    }

    /// What [`Mixer::read`] gives.
    pub fn form(&self) -> SoundForm {
        self.form
    }

    /// `count` samples a channel from sample `start` of the wire on; silence where nothing plays.
    pub fn read(&mut self, start: u64, count: usize) -> Result<Vec<f32>> {
        let channels = usize::from(self.form.channels);
        let mut mixed = vec![0f32; count * channels];
        let rate = f64::from(self.form.sample_rate);
        let samples = |seconds: f64| (seconds * rate).round().max(0.0) as u64;
        for (piece, reader) in &mut self.pieces {
            let (begin, end) = (samples(piece.at_s), samples(piece.at_s + piece.length_s));
            let (first, last) = (start.max(begin), start.saturating_add(count as u64).min(end));
            if first >= last {
                continue;
            }
            let source = samples(piece.start_s) + (first - begin);
            let read = reader.read(source, usize::try_from(last - first).unwrap_or(0))?;
            let offset = usize::try_from(first - start).unwrap_or(0) * channels;
            for (out, sample) in mixed.iter_mut().skip(offset).zip(read) {
                *out += sample;
            }
        }
        Ok(mixed)
    }
}
