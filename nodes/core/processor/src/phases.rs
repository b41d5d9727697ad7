//! The weights of a Lanczos filter of three lobes that keeps a picture's size, by how far it lies between two pixels: from
//! a table, with straight lines between its entries. These are off by 7e-6 at most, an eighth of the squared step times
//! the filter's greatest second derivative.

use std::sync::LazyLock;

/// Pixels along one direction that are mixed.
pub(crate) const TAPS: usize = 6;
/// Entries of the table.
pub(crate) const PHASES: usize = 256;

/// Weights, as many as fill whole registers; those behind the last tap's are 0.
pub(crate) type Row = [f32; 8];

/// Weights at each phase, and what they are more at the next one.
pub(crate) struct Phases(Box<[[Row; 2]; PHASES]>);

static LANCZOS: LazyLock<Phases> = LazyLock::new(|| {
    let mut table = Box::new([[[0.0; 8]; 2]; PHASES]);
    for (phase, [now, more]) in table.iter_mut().enumerate() {
        let (own, next) = (weights(phase), weights(phase + 1));
        for (tap, (now, more)) in now.iter_mut().zip(more).take(TAPS).enumerate() {
            (*now, *more) = (own[tap] as f32, (next[tap] - own[tap]) as f32);
        }
    }
    Phases(table)
});

/// The weights of taps, which add up to 1. The third one lies as far before the place as the fourth is away from the next
/// pixel.
fn weights(phase: usize) -> [f64; TAPS] {
    let behind = phase as f64 / PHASES as f64;
    let raw: [f64; TAPS] = std::array::from_fn(|tap| lanczos(behind + tap as f64 - 3.0));
    let total: f64 = raw.iter().sum();
    raw.map(|weight| weight / total)
}

fn lanczos(x: f64) -> f64 {
    let sinc =
        |x: f64| if x == 0.0 { 1.0 } else { (std::f64::consts::PI * x).sin() / (std::f64::consts::PI * x) };
    sinc(x) * sinc(x / 3.0)
}

impl Phases {
    pub(crate) fn lanczos() -> &'static Self {
        &LANCZOS
    }

    /// The weights at a phase, a part of a step behind it.
    #[inline(always)]
    pub(crate) fn at(&self, phase: usize, part: f32) -> Row {
        let [now, more] = &self.0[phase.min(PHASES - 1)];
        let mut weights = *now;
        weights.iter_mut().zip(more).for_each(|(weight, more)| *weight += part * more);
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_entries_weights_are_those_of_the_formula() {
        for step in 0..=10_000 {
            let behind = f64::from(step) / 10_000.0;
            let place = behind * PHASES as f64;
            let phase = (place as usize).min(PHASES - 1);
            let got = Phases::lanczos().at(phase, (place - phase as f64) as f32);
            let raw: [f64; TAPS] = std::array::from_fn(|tap| lanczos(behind + tap as f64 - 3.0));
            let total: f64 = raw.iter().sum();
            let worst = raw.iter().zip(got).map(|(want, got)| (want / total - f64::from(got)).abs());
            assert!(worst.fold(0.0, f64::max) < 8e-6, "{behind}");
            assert_eq!(got[TAPS..], [0.0; 2]);
        }
    }
}
