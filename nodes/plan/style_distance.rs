//! How far the colours of two pictures, or of a picture and a board, lie apart.

use super::style_stats::moments;

/// Mean and covariance of colours in Oklab.
pub(crate) struct Spread {
    mean: [f64; 3],
    covariance: [[f64; 3]; 3],
}

impl Spread {
    /// Of Oklab colours; black where there are none.
    pub(crate) fn of(labs: &[[f32; 3]]) -> Self {
        let (mean, covariance) = moments(if labs.is_empty() { &[[0.0; 3]] } else { labs });
        Self { mean: mean.map(f64::from), covariance: covariance.map(|row| row.map(f64::from)) }
    }

    /// The Fréchet distance of the two normal distributions (Dowson and Landau 1982), which is what the colours move by
    /// when they are transported as cheaply as possible: `d² = |m₁ - m₂|² + tr(C₁ + C₂ - 2 (C₁C₂)^½)`.
    pub(crate) fn distance(&self, other: &Self) -> f64 {
        let apart: f64 = self.mean.iter().zip(other.mean).map(|(a, b)| (a - b) * (a - b)).sum();
        let trace = |m: &[[f64; 3]; 3]| m[0][0] + m[1][1] + m[2][2];
        let (a, b) = (&self.covariance, &other.covariance);
        let product: [[f64; 3]; 3] =
            std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()));
        let shared: f64 = eigenvalues(&product).iter().map(|l| l.max(0.0).sqrt()).sum();
        (apart + trace(a) + trace(b) - 2.0 * shared).max(0.0).sqrt()
    }
}

/// The eigenvalues of a matrix that has three real ones, as a product of two covariances does: the roots of its
/// characteristic polynomial, by the cosines.
fn eigenvalues(m: &[[f64; 3]; 3]) -> [f64; 3] {
    let minor = |i: usize, j: usize| m[i][i] * m[j][j] - m[i][j] * m[j][i];
    let trace = m[0][0] + m[1][1] + m[2][2];
    let minors = minor(0, 1) + minor(0, 2) + minor(1, 2);
    let cofactor = |i: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        m[0][i] * (m[1][a] * m[2][b] - m[1][b] * m[2][a])
    };
    let determinant: f64 = (0..3).map(cofactor).sum();
    let p = (trace * trace - 3.0 * minors).max(0.0) / 9.0;
    if p == 0.0 {
        return [trace / 3.0; 3];
    }
    let q = (2.0 * trace * trace * trace - 9.0 * trace * minors + 27.0 * determinant) / 54.0;
    let angle = (q / (p * p.sqrt())).clamp(-1.0, 1.0).acos();
    let turn = std::f64::consts::TAU / 3.0;
    [0.0, 1.0, 2.0].map(|k| trace / 3.0 + 2.0 * p.sqrt() * (angle / 3.0 + k * turn).cos())
}
