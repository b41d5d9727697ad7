//! The weights of a Lanczos filter of three lobes that keeps a picture's size, by how far it lies between two pixels: from
//! a table, with straight lines between its entries. These are off by 2e-6 at most, an eighth of the squared step times
//! the filter's greatest second derivative.

use std::sync::LazyLock;

/// Pixels along one direction that are mixed.
pub(crate) const TAPS: usize = 6;
/// Steps of the table from one pixel to the next.
pub(crate) const PHASES: usize = 512;

/// Weights, as many as fill whole registers; those behind the last tap's are 0.
pub(crate) type Row = [f32; 8];

/// Weights at each phase, the next pixel's among them.
pub(crate) struct Phases(Box<[Row; PHASES + 1]>);

static LANCZOS: LazyLock<Phases> = LazyLock::new(|| {
    let mut table = Box::new([[0.0; 8]; PHASES + 1]);
    for (phase, row) in table.iter_mut().enumerate() {
        let weights = weights(phase as f64 / PHASES as f64);
        row.iter_mut().zip(weights).for_each(|(place, weight)| *place = weight as f32);
    }
    Phases(table)
});

/// The weights of the taps, which add up to 1; the fourth one lies `behind` the place, by 0 to 1.
fn weights(behind: f64) -> [f64; TAPS] {
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
        let phase = phase.min(PHASES - 1);
        let mut weights = self.0[phase];
        weights.iter_mut().zip(&self.0[phase + 1]).for_each(|(now, next)| *now += part * (next - *now));
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
            let off = weights(behind).into_iter().zip(got).map(|(want, got)| (want - f64::from(got)).abs());
            assert!(off.fold(0.0, f64::max) < 2e-6, "{behind}");
            assert_eq!(got[TAPS..], [0.0; 2]);
        }
    }
}
