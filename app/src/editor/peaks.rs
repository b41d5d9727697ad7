//! How loud a sound is over time: the range that it swings through, in steps that double.

/// Samples that the finest step covers.
pub const STEP: usize = 256;

/// A pyramid of ranges: each level covers twice the time of the one before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Peaks {
    rate: u32,
    /// `[low, high]` in 127ths of full scale.
    levels: Vec<Vec<[i8; 2]>>,
}

impl Peaks {
    /// The range between two seconds of the sound, −1 to 1; nothing where there is no sound.
    pub fn between(&self, from_s: f64, to_s: f64) -> Option<[f32; 2]> {
        let samples = |s: f64| (s.max(0.0) * f64::from(self.rate)) as usize;
        let (first, last) = (samples(from_s), samples(to_s).max(samples(from_s) + 1));
        // The coarsest level that still has a step within the stretch.
        let wanted = ((last - first) / STEP).max(1).ilog2() as usize;
        let level = wanted.min(self.levels.len().checked_sub(1)?);
        let size = STEP << level;
        let steps = self.levels.get(level)?.get(first / size..)?;
        let count = last.div_ceil(size) - first / size;
        let range = steps.iter().take(count).copied().reduce(wider)?;
        Some(range.map(|v| f32::from(v) / 127.0))
    }

    /// How long it is.
    pub fn seconds(&self) -> f64 {
        let steps = self.levels.first().map_or(0, Vec::len);
        (steps * STEP) as f64 / f64::from(self.rate.max(1))
    }
}

fn wider(a: [i8; 2], b: [i8; 2]) -> [i8; 2] {
    [a[0].min(b[0]), a[1].max(b[1])]
}

/// Hears a sound in order and keeps its ranges.
#[derive(Debug)]
pub struct Listener {
    rate: u32,
    channels: usize,
    low: f32,
    high: f32,
    heard: usize,
    finest: Vec<[i8; 2]>,
}

impl Listener {
    /// For sound of so many samples a second, `channels` interleaved.
    pub fn new(rate: u32, channels: usize) -> Self {
        Self { rate, channels: channels.max(1), low: f32::MAX, high: f32::MIN, heard: 0, finest: Vec::new() }
    }

    /// Hears the next samples.
    pub fn hear(&mut self, samples: &[f32]) {
        for moment in samples.chunks_exact(self.channels) {
            for sample in moment.iter().filter(|s| s.is_finite()) {
                self.low = self.low.min(*sample);
                self.high = self.high.max(*sample);
            }
            self.heard += 1;
            if self.heard == STEP {
                self.keep();
            }
        }
    }

    fn keep(&mut self) {
        // Rounded outwards, so that what is heard is never drawn as silence.
        let low = (self.low.min(self.high) * 127.0).floor().clamp(-127.0, 127.0) as i8;
        let high = (self.high.max(self.low) * 127.0).ceil().clamp(-127.0, 127.0) as i8;
        let silent = self.low > self.high;
        self.finest.push(if silent { [0, 0] } else { [low, high] });
        (self.low, self.high, self.heard) = (f32::MAX, f32::MIN, 0);
    }

    /// All that was heard.
    pub fn finish(mut self) -> Peaks {
        if self.heard > 0 {
            self.keep();
        }
        let mut levels = vec![self.finest];
        while let Some(last) = levels.last().filter(|l| l.len() > 1) {
            let halved = last.chunks(2).filter_map(|pair| pair.iter().copied().reduce(wider)).collect();
            levels.push(halved);
        }
        Peaks { rate: self.rate, levels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone that grows, with a click in one channel.
    fn tone(samples: usize) -> Vec<f32> {
        let at = |i: usize| (i as f32 * 0.05).sin() * i as f32 / samples as f32 * 0.8;
        (0..samples).flat_map(|i| [at(i), if i == 5_000 { -0.95 } else { at(i) * 0.5 }]).collect()
    }

    #[test]
    fn every_stretch_has_the_range_that_its_samples_have() {
        let samples = tone(20_000);
        let mut listener = Listener::new(1000, 2);
        samples.chunks(2 * 333).for_each(|part| listener.hear(part));
        let peaks = listener.finish();
        for (from, to) in
            [(0, 20_000), (0, 256), (4_864, 5_120), (2_560, 7_680), (19_000, 19_456), (700, 701)]
        {
            let [low, high] = peaks.between(from as f64 / 1000.0, to as f64 / 1000.0).unwrap();
            let heard = &samples[from * 2..to * 2];
            let (a, b) =
                (heard.iter().copied().fold(0.0, f32::min), heard.iter().copied().fold(0.0, f32::max));
            assert!(low <= a + 1e-6 && high >= b - 1e-6, "{from}..{to}: {low} {high}, not {a} {b}");
            // As wide as the steps that it touches, no wider.
            let size = STEP << (((to - from) / STEP).max(1).ilog2());
            let around = &samples[from / size * size * 2..(to.div_ceil(size) * size).min(20_000) * 2];
            let (a, b) =
                (around.iter().copied().fold(0.0, f32::min), around.iter().copied().fold(0.0, f32::max));
            assert!(low >= a - 2.0 / 127.0 && high <= b + 2.0 / 127.0, "{from}..{to} is too wide");
        }
        assert_eq!(peaks.between(30.0, 31.0), None, "there is no sound after its end");
        assert!((peaks.seconds() - 20.0).abs() < 0.3);
    }

    #[test]
    fn silence_and_nothing_are_no_trouble() {
        let mut listener = Listener::new(48_000, 1);
        listener.hear(&[0.0; 1000]);
        assert_eq!(listener.finish().between(0.0, 0.01), Some([0.0, 0.0]));
        assert_eq!(Listener::new(48_000, 2).finish().between(0.0, 1.0), None);
        let mut wrong = Listener::new(48_000, 1);
        wrong.hear(&[f32::NAN; 300]);
        assert_eq!(wrong.finish().between(0.0, 0.001), Some([0.0, 0.0]));
    }
}
