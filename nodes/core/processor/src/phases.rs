//! The weights of a warp's filter where it keeps a picture's size, by how far it lies between two pixels: from a table,
//! with straight lines between its entries. These are off by 2.4e-6 at most, an eighth of the squared step times the
//! greatest second derivative of any filter here.

use crate::warping::AT_ONCE;
use rushes_gpu::{Sampling, Weights};
use std::sync::LazyLock;

/// Steps of the table from one pixel to the next.
pub(crate) const PHASES: usize = 512;

/// Weights of as many pixels as are mixed at once; those behind the last pixel's are 0.
pub(crate) type Row = [[f32; 4]; AT_ONCE / 4];

/// Weights at each phase, the next pixel's among them.
pub(crate) struct Phases {
    /// Pixels along one direction that are mixed.
    pub(crate) taps: usize,
    rows: Box<[Row; PHASES + 1]>,
}

static BILINEAR: LazyLock<Option<Phases>> = LazyLock::new(|| Phases::made(Sampling::Bilinear));
static BICUBIC: LazyLock<Option<Phases>> = LazyLock::new(|| Phases::made(Sampling::Bicubic));
static LANCZOS: LazyLock<Option<Phases>> = LazyLock::new(|| Phases::made(Sampling::Lanczos));

impl Phases {
    /// Those of a filter, where pixels are mixed at all.
    pub(crate) fn of(sampling: Sampling) -> Option<&'static Self> {
        match sampling {
            Sampling::Nearest => None,
            Sampling::Bilinear => BILINEAR.as_ref(),
            Sampling::Bicubic => BICUBIC.as_ref(),
            Sampling::Lanczos => LANCZOS.as_ref(),
        }
    }

    fn made(sampling: Sampling) -> Option<Self> {
        let mut rows = Box::new([Row::default(); PHASES + 1]);
        for (phase, row) in rows.iter_mut().enumerate() {
            *row = weights(sampling, phase as f64 / PHASES as f64)?;
        }
        Some(Self { taps: 2 * sampling.support() as usize, rows })
    }

    /// The weights at a phase, and those at the next one.
    #[inline(always)]
    pub(crate) fn around(&self, phase: usize) -> [&Row; 2] {
        let phase = phase % PHASES;
        [&self.rows[phase], &self.rows[phase + 1]]
    }
}

/// The weights of the pixels around a place, the first of the later half of which lies `behind` it, by 0 to 1.
fn weights(sampling: Sampling, behind: f64) -> Option<Row> {
    let support = sampling.support();
    let made = Weights::of_place(sampling.filter()?, 2 * support, f64::from(support) - behind).ok()?;
    let (first, weights) = made.row(0);
    let mut row = Row::default();
    row.as_flattened_mut()
        .iter_mut()
        .skip(first as usize)
        .zip(weights)
        .for_each(|(place, weight)| *place = *weight);
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_entries_weights_are_those_of_the_filter() {
        for sampling in [Sampling::Bilinear, Sampling::Bicubic, Sampling::Lanczos] {
            let phases = Phases::of(sampling).unwrap();
            for step in 0..=10_000 {
                let behind = f64::from(step) / 10_000.0;
                let place = behind * PHASES as f64;
                let phase = (place as usize).min(PHASES - 1);
                let part = (place - phase as f64) as f32;
                let [now, next] = phases.around(phase).map(|row| row.as_flattened());
                let got: Vec<f32> =
                    now.iter().zip(next).map(|(now, next)| now + part * (next - now)).collect();
                let want = weights(sampling, behind).unwrap();
                let off = want.as_flattened().iter().zip(&got).map(|(want, got)| (want - got).abs());
                assert!(off.fold(0.0, f32::max) < 2.5e-6, "{sampling:?} {behind}");
                assert!(got[phases.taps..].iter().all(|weight| *weight == 0.0));
            }
        }
        assert!(Phases::of(Sampling::Nearest).is_none());
    }
}
