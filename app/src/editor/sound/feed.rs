//! Which samples are played when: from where play began, and again and again where it loops.

/// A stretch of play on the time of the sound, in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Schedule {
    /// Where play begins.
    pub start_s: f64,
    /// Where the range begins.
    pub first_s: f64,
    /// Where the range ends.
    pub end_s: f64,
    /// After the end it begins again; else there is silence.
    pub again: bool,
}

impl Schedule {
    /// The sample of the sound that sample `played` of this stretch of play is, and for how many samples they go on
    /// together; no sample where there is silence.
    pub fn place(&self, played: u64, rate: u32) -> (Option<u64>, u64) {
        let rate = f64::from(rate.max(1));
        let length = self.end_s - self.first_s;
        let offset = self.start_s - self.first_s;
        // Where lap `n` begins, counted in samples of play; rounded for itself, so that laps never drift.
        let lap = |n: f64| ((n * length - offset) * rate).round();
        let turn = ((offset + (played as f64 + 0.5) / rate) / length).floor().max(0.0);
        if length * rate < 1.0 || !self.again && turn > 0.0 {
            return (None, u64::MAX);
        }
        let begins = lap(turn);
        let left = (lap(turn + 1.0) - played as f64).max(1.0) as u64;
        let at = (self.first_s * rate).round() + (played as f64 - begins);
        (Some(at.max(0.0) as u64), left)
    }

    /// `count` samples of play from `played` on, put together from what `read` gives for a sample and a number of them.
    pub fn gather<E>(
        &self,
        played: u64,
        count: usize,
        form: (u32, usize),
        mut read: impl FnMut(u64, usize) -> Result<Vec<f32>, E>,
    ) -> Result<Vec<f32>, E> {
        let (rate, channels) = form;
        let mut all = Vec::with_capacity(count * channels);
        let mut done = 0;
        while done < count {
            let (at, left) = self.place(played + done as u64, rate);
            let part = usize::try_from(left).unwrap_or(usize::MAX).min(count - done);
            if let Some(at) = at {
                all.extend(read(at, part)?);
            }
            done += part;
            all.resize(done * channels, 0.0);
        }
        Ok(all)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sound whose every sample is its own number, in two channels.
    fn numbers(at: u64, count: usize) -> Result<Vec<f32>, ()> {
        Ok((at..at + count as u64).flat_map(|n| [n as f32, -(n as f32)]).collect())
    }

    fn heard(schedule: &Schedule, parts: &[usize], rate: u32) -> Vec<f32> {
        let mut all = Vec::new();
        for part in parts {
            let played = (all.len() / 2) as u64;
            all.extend(schedule.gather(played, *part, (rate, 2), numbers).unwrap());
        }
        all.chunks(2).map(|m| m[0]).collect()
    }

    #[test]
    fn a_loop_begins_again_at_its_first_sample_whatever_the_parts() {
        let schedule = Schedule { start_s: 0.3, first_s: 0.2, end_s: 0.5, again: true };
        let expected: Vec<f32> = (30..50).chain((0..100).map(|n| 20 + n % 30)).map(|n| n as f32).collect();
        assert_eq!(heard(&schedule, &[120], 100), expected);
        assert_eq!(heard(&schedule, &[7, 1, 31, 60, 21], 100), expected);
    }

    #[test]
    fn laps_that_are_no_whole_samples_do_not_drift() {
        // Ten frames at 24000/1001 are 20020 samples and one fiftieth at 48001 Hz.
        let length = 10.0 * 1001.0 / 24_000.0;
        let schedule = Schedule { start_s: 0.0, first_s: 0.0, end_s: length, again: true };
        for lap in [1_u32, 10, 1_000, 100_000] {
            let begins = f64::from(lap) * length * 48_001.0;
            let (at, _) = schedule.place(begins.round() as u64, 48_001);
            assert!(at.unwrap() <= 1, "lap {lap} begins at {at:?}");
        }
    }

    #[test]
    fn once_is_followed_by_silence() {
        let schedule = Schedule { start_s: 0.4, first_s: 0.2, end_s: 0.5, again: false };
        let all = heard(&schedule, &[25], 100);
        assert_eq!(all[..10], (40..50).map(|n| n as f32).collect::<Vec<_>>());
        assert!(all[10..].iter().all(|s| *s == 0.0));
        let nothing = Schedule { start_s: 1.0, first_s: 1.0, end_s: 1.0, again: true };
        assert!(heard(&nothing, &[5], 100).iter().all(|s| *s == 0.0));
    }
}
