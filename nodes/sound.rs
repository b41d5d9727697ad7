//! Sound as it rides with frames: stretches of files on a time of their own, cut and joined without a sample touched.

use rushes_engine::{AudioDesc, AudioPiece};
use std::sync::Arc;

/// The `length_s` seconds of `sound` that begin at `start_s`, as sound that begins at 0. Silence fills what is not there.
pub(crate) fn cut(sound: &AudioDesc, start_s: f64, length_s: f64) -> Arc<AudioDesc> {
    let pieces = sound.pieces.iter().filter_map(|piece| {
        let from = piece.at_s.max(start_s);
        let to = (piece.at_s + piece.length_s).min(start_s + length_s);
        (to > from).then(|| AudioPiece {
            path: piece.path.clone(),
            start_s: piece.start_s + (from - piece.at_s),
            length_s: to - from,
            at_s: from - start_s,
        })
    });
    Arc::new(AudioDesc {
        samples: samples(sound.sample_rate, length_s),
        pieces: pieces.collect(),
        ..sound.clone()
    })
}

/// Sounds one after the other: each with the second at which it begins and how long it plays; `None` is silence.
/// Sample rate and channels are those of the first sound; without any, 48 kHz stereo.
pub(crate) fn join(parts: &[(f64, f64, Option<Arc<AudioDesc>>)]) -> Arc<AudioDesc> {
    let first = parts.iter().find_map(|(.., sound)| sound.clone());
    let mut joined = silence(0.0);
    if let Some(first) = first {
        (joined.sample_rate, joined.channels) = (first.sample_rate, first.channels);
    }
    let mut end_s = 0.0_f64;
    for (at_s, length_s, sound) in parts {
        end_s = end_s.max(at_s + length_s);
        let Some(sound) = sound else { continue };
        joined.pieces.extend(cut(sound, 0.0, *length_s).pieces.iter().cloned().map(|mut piece| {
            piece.at_s += at_s;
            piece
        }));
    }
    joined.samples = samples(joined.sample_rate, end_s);
    Arc::new(joined)
}

/// `length_s` seconds of nothing, 48 kHz stereo.
pub(crate) fn silence(length_s: f64) -> AudioDesc {
    AudioDesc { sample_rate: 48_000, channels: 2, samples: samples(48_000, length_s), pieces: Vec::new() }
}

fn samples(rate: u32, seconds: f64) -> u64 {
    (seconds.max(0.0) * f64::from(rate)).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound() -> AudioDesc {
        let piece = |start_s, length_s, at_s| AudioPiece { path: "a.wav".into(), start_s, length_s, at_s };
        AudioDesc { pieces: vec![piece(10.0, 2.0, 0.0), piece(0.0, 1.0, 3.0)], ..silence(4.0) }
    }

    /// Where in which file the sound of a moment lies.
    fn heard(sound: &AudioDesc, at: f64) -> Option<f64> {
        let piece = sound.pieces.iter().find(|p| p.at_s <= at && at < p.at_s + p.length_s)?;
        Some(piece.start_s + at - piece.at_s)
    }

    #[test]
    fn a_cut_hears_what_the_whole_heard_at_the_same_moments() {
        let cut = cut(&sound(), 1.5, 2.0);
        assert_eq!(cut.samples, 96_000);
        for step in 0..32 {
            let at = f64::from(step) / 16.0;
            assert_eq!(heard(&cut, at), heard(&sound(), at + 1.5), "{at}");
        }
    }

    #[test]
    fn joined_sounds_play_one_after_the_other() {
        let one = Arc::new(sound());
        let joined = join(&[(0.0, 4.0, Some(one.clone())), (4.0, 1.0, None), (5.0, 1.0, Some(one.clone()))]);
        assert_eq!(joined.samples, 6 * 48_000);
        assert_eq!(heard(&joined, 3.5), Some(0.5));
        assert_eq!(heard(&joined, 4.5), None);
        assert_eq!(heard(&joined, 5.25), Some(10.25));
    }
}
