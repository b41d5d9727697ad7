//! When frames are shown: the rate of a stream and the mapping to a constant rate.

use crate::ff::sys;
use rushes_engine::Rate;

/// When the stored frames of a clip are shown.
#[derive(Clone, Debug)]
pub struct Timing {
    frames: u64,
    rate: Option<Rate>,
    variable: bool,
    /// Ticks since the first frame, and how many a second as a fraction; empty for a constant rate.
    ticks: Vec<i64>,
    tick: (i64, i64),
    end: i64,
}

/// Rates that clips are made at.
const USUAL: &[(u32, u32)] = &[
    (24, 1),
    (25, 1),
    (30, 1),
    (24000, 1001),
    (30000, 1001),
    (50, 1),
    (60, 1),
    (60000, 1001),
    (48, 1),
    (48000, 1001),
    (120, 1),
    (120_000, 1001),
    (100, 1),
    (12, 1),
    (15, 1),
    (10, 1),
    (8, 1),
    (16, 1),
    (18, 1),
    (20, 1),
    (1, 1),
];

impl Timing {
    /// A still.
    pub(crate) fn still() -> Self {
        Self { frames: 1, rate: None, variable: false, ticks: Vec::new(), tick: (1, 1), end: 0 }
    }

    /// Frames at one rate.
    pub(crate) fn constant(rate: Rate, frames: u64) -> Self {
        Self { frames, rate: Some(rate), variable: false, ticks: Vec::new(), tick: (1, 1), end: 0 }
    }

    /// Finds the rate from presentation times in `time_base`, the container's own words for it, and the last duration.
    pub(crate) fn find(
        times: &[i64],
        last_duration: i64,
        frames: u64,
        time_base: sys::AVRational,
        said: &[sys::AVRational],
    ) -> Self {
        let said: Vec<Rate> =
            said.iter().filter_map(|r| from_ratio(i64::from(r.num), i64::from(r.den))).collect();
        let tick = (i64::from(time_base.num.max(1)), i64::from(time_base.den.max(1)));
        let Some((&first, &last)) = times.first().zip(times.last()) else {
            return Self::constant(said.first().copied().unwrap_or(usual(25, 1)), frames);
        };
        if times.len() == 1 {
            let lasted = from_ratio(tick.1, tick.0.saturating_mul(last_duration.max(0)));
            let rate = said.first().copied().or(lasted).unwrap_or(usual(25, 1));
            return Self::constant(rate, frames);
        }
        let steps = || times.windows(2).map(|w| w[1] - w[0]);
        let step = steps().next().unwrap_or(1);
        let even = steps().all(|s| s == step);
        let exact = from_ratio(tick.1, tick.0.saturating_mul(step)).filter(|_| even);
        // A tick finer than 1/5000 s tells neighbouring usual rates apart; a millisecond does not.
        let fine = tick.1 / tick.0 >= 5000;
        let usual_rates = USUAL.iter().map(|&(n, d)| usual(n, d));
        let candidates =
            exact.filter(|_| fine).into_iter().chain(said.iter().copied()).chain(usual_rates).chain(exact);
        let fits = |rate: &Rate| fits(*rate, times, tick);
        if let Some(rate) = candidates.filter(|r| r.as_f64() <= 1000.0).find(fits) {
            return Self::constant(rate, frames);
        }
        let end = last - first + if last_duration > 0 { last_duration } else { step.max(1) };
        let mean = times.len() as f64 / (end as f64 * tick.0 as f64 / tick.1 as f64);
        let near = |r: &Rate| (mean / r.as_f64() - 1.0).abs();
        let rate = said
            .iter()
            .copied()
            .chain(USUAL.iter().map(|&(n, d)| usual(n, d)))
            .min_by(|a, b| near(a).total_cmp(&near(b)))
            .filter(|r| near(r) < 0.2)
            .or_else(|| from_ratio((mean * 1000.0).round() as i64, 1000));
        Self {
            frames,
            rate: Some(rate.unwrap_or(usual(25, 1))),
            variable: true,
            ticks: times.iter().map(|t| t - first).collect(),
            tick,
            end,
        }
    }

    /// The rate, or for a variable one the usual rate nearest its mean; `None` for a still.
    pub fn rate(&self) -> Option<Rate> {
        self.rate
    }

    /// Whether frames last differently long.
    pub fn is_variable(&self) -> bool {
        self.variable
    }

    /// How many frames a second-true copy at `rate` has: the last one covers the end.
    pub fn conform_len(&self, rate: Rate) -> u64 {
        let Some(own) = self.rate else { return 1 };
        if !self.variable {
            return own.length_in(rate, self.frames);
        }
        let (num, den) = rate.parts();
        let ticks = i128::from(self.end) * i128::from(self.tick.0) * i128::from(num);
        let unit = i128::from(self.tick.1) * i128::from(den);
        // A rounding tick beyond a whole frame is no frame.
        let slack = i128::from(self.tick.0) * i128::from(num);
        u64::try_from((ticks - slack + unit - 1).div_euclid(unit)).unwrap_or(1).max(1)
    }

    /// The stored frame that is on the screen when frame `n` of a copy at constant `rate` begins. Two frames of the copy
    /// that give the same number show the same picture. Beyond the ends it is the first or the last frame.
    pub fn conform_index(&self, rate: Rate, n: i64) -> u64 {
        let last = self.frames.saturating_sub(1);
        let Some(own) = self.rate else { return 0 };
        let n = u64::try_from(n).unwrap_or(0);
        let (num, den) = rate.parts();
        if !self.variable {
            let (own_num, own_den) = own.parts();
            let at = u128::from(n) * u128::from(den) * u128::from(own_num)
                / (u128::from(num) * u128::from(own_den));
            return u64::try_from(at).unwrap_or(last).min(last);
        }
        // Stored times are rounded to ticks: half a tick early still counts as shown.
        let time = 2 * i128::from(n) * i128::from(den) * i128::from(self.tick.1);
        let shown = |&t: &i64| (2 * i128::from(t) - 1) * i128::from(self.tick.0) * i128::from(num) <= time;
        (self.ticks.partition_point(shown) as u64).saturating_sub(1).min(last)
    }

    /// When stored frame `n` is shown, in seconds after the first.
    pub fn seconds_of(&self, n: u64) -> f64 {
        match (self.ticks.get(n as usize), self.rate) {
            (Some(&t), _) => t as f64 * self.tick.0 as f64 / self.tick.1 as f64,
            (None, Some(rate)) => rate.seconds_of(i64::try_from(n).unwrap_or(i64::MAX)),
            (None, None) => 0.0,
        }
    }
}

/// Whether frame N is at N / `rate` within a tick of rounding, for all N.
fn fits(rate: Rate, times: &[i64], tick: (i64, i64)) -> bool {
    let Some(&first) = times.first() else { return false };
    let (num, den) = rate.parts();
    let unit = i128::from(num) * i128::from(tick.0);
    times.iter().enumerate().all(|(n, &t)| {
        let wanted = n as i128 * i128::from(den) * i128::from(tick.1);
        (i128::from(t - first) * unit - wanted).abs() <= unit
    })
}

fn usual(num: u32, den: u32) -> Rate {
    Rate::new(num, den).unwrap_or(Rate::FILM)
}

fn from_ratio(num: i64, den: i64) -> Option<Rate> {
    let (mut a, mut b) = (num, den);
    if a <= 0 || b <= 0 {
        return None;
    }
    while b != 0 {
        (a, b) = (b, a % b);
    }
    Rate::new(u32::try_from(num / a).ok()?, u32::try_from(den / a).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(den: i32) -> sys::AVRational {
        sys::AVRational { num: 1, den }
    }

    #[test]
    fn rounded_times_still_give_the_exact_rate() {
        for (num, den) in [(24000, 1001), (30000, 1001), (60000, 1001), (25, 1), (24, 1), (1, 1)] {
            let times: Vec<i64> = (0..240).map(|n: i64| (n * 1000 * den + num / 2) / num).collect();
            let t = Timing::find(&times, 0, 240, ms(1000), &[]);
            let rate = Rate::new(num as u32, den as u32).unwrap();
            assert_eq!((t.rate(), t.is_variable()), (Some(rate), false));
            assert_eq!((t.conform_len(rate), t.conform_index(rate, 100)), (240, 100));
        }
    }

    #[test]
    fn a_variable_clip_shows_the_frame_whose_time_has_come() {
        // Frames at 0, 40, 200, 240 ms, the last for 40 ms.
        let t = Timing::find(&[7, 47, 207, 247], 40, 4, ms(1000), &[]);
        assert!(t.is_variable());
        let rate = Rate::new(25, 1).unwrap();
        let shown: Vec<u64> = (0..7).map(|n| t.conform_index(rate, n)).collect();
        assert_eq!(shown, [0, 1, 1, 1, 1, 2, 3]);
        assert_eq!(t.conform_len(rate), 7);
        assert_eq!((t.conform_index(rate, -5), t.conform_index(rate, 99)), (0, 3));
    }

    #[test]
    fn a_constant_clip_at_another_rate_keeps_its_length() {
        let t = Timing::constant(Rate::FILM, 48);
        let rate = Rate::new(60, 1).unwrap();
        assert_eq!(t.conform_len(rate), 120);
        let shown: Vec<u64> = (0..6).map(|n| t.conform_index(rate, n)).collect();
        assert_eq!(shown, [0, 0, 0, 1, 1, 2]);
    }
}
