//! Brings a shot to the size and the primaries of the sequence that it is part of.

use crate::work::{Work, centred};
use rushes_engine::tool::RenderCx;
use rushes_engine::{ClipDesc, Key, KeyHasher, Primaries, Result, Transfer};
use rushes_gpu::{Expr, ParamValues, PointwiseShader};

static MATTE: PointwiseShader =
    PointwiseShader::new("matte", include_str!("../../assets/shaders/edit/matte.wgsl"), 1, &[]);
static PRIMARIES: PointwiseShader =
    PointwiseShader::new("primaries", include_str!("../../assets/shaders/edit/primaries.wgsl"), 1, &[]);

/// What the code here adds to a key.
pub(super) fn code() -> Key {
    let mut hasher = KeyHasher::new("fit");
    hasher.key(MATTE.hash()).key(PRIMARIES.hash()).key(rushes_gpu::mixing_hash());
    hasher.finish()
}

/// Whether frames of `from` are frames of `to` as they are.
pub(super) fn same(from: &ClipDesc, to: &ClipDesc) -> bool {
    (from.width, from.height, from.color.primaries) == (to.width, to.height, to.color.primaries)
}

/// A picture of `from` at the asked scale as one of `to`: first its primaries, then its size; beside it black, or nothing
/// where `to` has alpha.
pub(super) fn fitted(cx: &RenderCx<'_>, picture: Expr, from: &ClipDesc, to: &ClipDesc) -> Result<Expr> {
    let work = Work::of(cx, 0)?;
    let picture = with_primaries(&work, picture, from, to.color.primaries)?;
    if (from.width, from.height) == (to.width, to.height) {
        return Ok(picture);
    }
    let own = [f64::from(from.width), f64::from(from.height)];
    let whole = [f64::from(to.width), f64::from(to.height)];
    let scale = (whole[0] / own[0]).min(whole[1] / own[1]);
    let resized = work.resized_late(&picture, &centred(from, to, cx.at.proxy, [scale; 2]))?;
    let edge = |i: usize, side: f64| (whole[i] + side * own[i] * scale) / 2.0 / f64::from(cx.at.proxy);
    let [low, high] = [-1.0, 1.0].map(|side| [0, 1].map(|i| edge(i, side) as f32));
    let bars = if to.alpha { 0.0_f32 } else { 1.0 };
    work.stage(
        &MATTE,
        &ParamValues::new().with("low", low).with("high", high).with("bars", bars),
        vec![resized],
    )
}

/// A picture of `from` with other primaries. What is linear, PQ, HLG or log stays as it is.
pub(crate) fn with_primaries(
    work: &Work<'_>,
    picture: Expr,
    from: &ClipDesc,
    primaries: Primaries,
) -> Result<Expr> {
    if from.color.primaries == primaries || from.color.transfer != Transfer::Sdr {
        return Ok(picture);
    }
    let [red, green, blue] = conversion(from.color.primaries, primaries).map(|row| row.map(|v| v as f32));
    let params = ParamValues::new().with("red", red).with("green", green).with("blue", blue);
    work.stage(&PRIMARIES, &params, vec![picture])
}

type Matrix3 = [[f64; 3]; 3];

/// Linear light of primaries `a` to that of `b`, both with white D65.
fn conversion(a: Primaries, b: Primaries) -> Matrix3 {
    multiply(&inverse(&to_xyz(b)), &to_xyz(a))
}

/// Chromaticities x, y of red, green and blue.
fn chromaticities(p: Primaries) -> [[f64; 2]; 3] {
    match p {
        Primaries::Bt709 => [[0.64, 0.33], [0.30, 0.60], [0.15, 0.06]],
        Primaries::Bt601_625 => [[0.64, 0.33], [0.29, 0.60], [0.15, 0.06]],
        Primaries::Bt601_525 => [[0.63, 0.34], [0.31, 0.595], [0.155, 0.07]],
        Primaries::Bt2020 => [[0.708, 0.292], [0.17, 0.797], [0.131, 0.046]],
        Primaries::DisplayP3 => [[0.68, 0.32], [0.265, 0.69], [0.15, 0.06]],
    }
}

fn to_xyz(p: Primaries) -> Matrix3 {
    let xyz = |[x, y]: [f64; 2]| [x / y, 1.0, (1.0 - x - y) / y];
    let columns = chromaticities(p).map(xyz);
    let rows: Matrix3 = std::array::from_fn(|i| columns.map(|c| c[i]));
    let white = xyz([0.3127, 0.3290]);
    let scale = inverse(&rows).map(|row| row.iter().zip(white).map(|(a, b)| a * b).sum::<f64>());
    rows.map(|row| std::array::from_fn(|j| row[j] * scale[j]))
}

fn multiply(a: &Matrix3, b: &Matrix3) -> Matrix3 {
    std::array::from_fn(|i| std::array::from_fn(|j| (0..3).map(|k| a[i][k] * b[k][j]).sum()))
}

/// The inverse of a matrix of primaries, which always has one.
fn inverse(m: &Matrix3) -> Matrix3 {
    let minor = |i: usize, j: usize| {
        let (a, b) = ((i + 1) % 3, (i + 2) % 3);
        let (c, d) = ((j + 1) % 3, (j + 2) % 3);
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primaries_convert_as_bt_2087_prints_them() {
        // ITU-R BT.2087-0, the matrix M2 from BT.709 to BT.2020.
        let printed = [[0.6274, 0.3293, 0.0433], [0.0691, 0.9195, 0.0114], [0.0164, 0.0880, 0.8956]];
        let ours = conversion(Primaries::Bt709, Primaries::Bt2020);
        for (row, wanted) in ours.iter().zip(printed) {
            assert!(row.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 6e-5), "{ours:?}");
        }
        let back = multiply(&conversion(Primaries::Bt2020, Primaries::Bt709), &ours);
        assert!((0..3).all(|i| (back[i][i] - 1.0).abs() < 1e-12));
        MATTE.validate().unwrap();
        PRIMARIES.validate().unwrap();
    }
}
