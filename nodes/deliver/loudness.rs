//! Integrated loudness after ITU-R BS.1770-4 and EBU R 128.
//!
//! Each channel goes through the K-weighting filter; the mean square of blocks of 400 ms that overlap by three
//! quarters is gated absolutely at −70 LUFS and then at 10 LU below the mean of what is left.

use std::f64::consts::PI;

/// Measures interleaved samples as they come.
pub(super) struct Meter {
    channels: usize,
    filters: Vec<[Biquad; 2]>,
    /// Samples in a step of 100 ms.
    step: usize,
    filled: usize,
    sum: f64,
    /// Weighted mean squares of steps.
    steps: Vec<f64>,
}

#[derive(Clone, Copy)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
    z: [f64; 2],
}

impl Biquad {
    fn run(&mut self, x: f64) -> f64 {
        let y = self.b[0] * x + self.z[0];
        self.z[0] = self.b[1] * x - self.a[0] * y + self.z[1];
        self.z[1] = self.b[2] * x - self.a[1] * y;
        y
    }

    fn normalised(b: [f64; 3], a: [f64; 3]) -> Self {
        Self { b: b.map(|v| v / a[0]), a: [a[1] / a[0], a[2] / a[0]], z: [0.0; 2] }
    }
}

/// The two stages of BS.1770's K-weighting. The standard gives coefficients for 48 kHz; these are the analogue
/// filters that they come from, by the bilinear transform, for any rate.
fn weighting(rate: f64) -> [Biquad; 2] {
    let (f0, gain, q) = (1_681.974_450_955_533, 3.999_843_853_973_347, 0.707_175_236_955_419_6);
    let k = (PI * f0 / rate).tan();
    let vh = 10f64.powf(gain / 20.0);
    let vb = vh.powf(0.499_666_774_154_541_6);
    let shelf = Biquad::normalised(
        [vh + vb * k / q + k * k, 2.0 * (k * k - vh), vh - vb * k / q + k * k],
        [1.0 + k / q + k * k, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k],
    );
    let (f0, q) = (38.135_470_876_024_44, 0.500_327_037_323_877_3);
    let k = (PI * f0 / rate).tan();
    let a = [1.0 + k / q + k * k, 2.0 * (k * k - 1.0), 1.0 - k / q + k * k];
    // The standard's high pass has a numerator of exactly 1, −2, 1.
    let pass = Biquad { b: [1.0, -2.0, 1.0], ..Biquad::normalised([1.0, -2.0, 1.0], a) };
    [shelf, pass]
}

impl Meter {
    /// A meter for `channels` interleaved channels at `rate` samples a second.
    pub(super) fn new(rate: u32, channels: u16) -> Self {
        let channels = usize::from(channels.max(1));
        Self {
            channels,
            filters: vec![weighting(f64::from(rate)); channels],
            step: (rate as usize / 10).max(1),
            filled: 0,
            sum: 0.0,
            steps: Vec::new(),
        }
    }

    /// Listens to samples.
    pub(super) fn listen(&mut self, samples: &[f32]) {
        for sample in samples.chunks_exact(self.channels) {
            for (channel, (x, filters)) in sample.iter().zip(&mut self.filters).enumerate() {
                let [shelf, pass] = filters;
                let y = pass.run(shelf.run(f64::from(*x)));
                self.sum += channel_weight(channel, self.channels) * y * y;
            }
            self.filled += 1;
            if self.filled == self.step {
                self.steps.push(self.sum / self.step as f64);
                (self.sum, self.filled) = (0.0, 0);
            }
        }
    }

    /// Integrated loudness in LUFS; `None` for silence or less than 400 ms.
    pub(super) fn integrated(&self) -> Option<f64> {
        let blocks: Vec<f64> = self.steps.windows(4).map(|w| w.iter().sum::<f64>() / 4.0).collect();
        let loud: Vec<f64> = blocks.iter().copied().filter(|p| lufs(*p) > -70.0).collect();
        let gate = lufs(mean(&loud)?) - 10.0;
        let counted: Vec<f64> = loud.into_iter().filter(|p| lufs(*p) > gate).collect();
        mean(&counted).map(lufs)
    }
}

/// Surround channels of a 5.1 layout (L R C LFE Ls Rs) count 1.41, the low-frequency channel nothing.
fn channel_weight(channel: usize, channels: usize) -> f64 {
    match (channels, channel) {
        (6.., 3) => 0.0,
        (6.., 4..=5) => 1.41,
        _ => 1.0,
    }
}

fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() { None } else { Some(values.iter().sum::<f64>() / values.len() as f64) }
}

fn lufs(power: f64) -> f64 {
    -0.691 + 10.0 * power.max(1e-30).log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// EBU Tech 3341, case 1: a stereo 1 kHz sine at −23 dBFS reads −23.0 ± 0.1 LUFS.
    #[test]
    fn the_ebu_test_tone_reads_as_it_must() {
        for rate in [44_100u32, 48_000, 96_000] {
            let mut meter = Meter::new(rate, 2);
            let amplitude = 10f64.powf(-23.0 / 20.0);
            let samples: Vec<f32> = (0..rate * 10)
                .flat_map(|i| {
                    let x = (amplitude * (2.0 * PI * 1000.0 * f64::from(i) / f64::from(rate)).sin()) as f32;
                    [x, x]
                })
                .collect();
            meter.listen(&samples);
            let read = meter.integrated().unwrap();
            assert!((read + 23.0).abs() < 0.1, "{read} at {rate}");
        }
    }

    /// EBU Tech 3341, case 3: quiet parts before and after are gated out.
    #[test]
    fn quiet_parts_do_not_count() {
        let mut meter = Meter::new(48_000, 2);
        for (level, seconds) in [(-36.0, 10), (-23.0, 60), (-36.0, 10)] {
            let amplitude = 10f64.powf(level / 20.0);
            for i in 0..48_000 * seconds {
                let x = (amplitude * (2.0 * PI * 1000.0 * f64::from(i) / 48_000.0).sin()) as f32;
                meter.listen(&[x, x]);
            }
        }
        let read = meter.integrated().unwrap();
        assert!((read + 23.0).abs() < 0.1, "{read}");
        assert!(Meter::new(48_000, 1).integrated().is_none(), "silence has no loudness");
    }
}
