//! A container's display matrix as mirror and quarter turns.

use rushes_engine::Orientation;

/// The orientation nearest to a display matrix (16.16 fixed point, row by row, as ISO/IEC 14496-12 writes it).
///
/// It maps a stored point (x, y) to `(a x + c y, b x + d y)`, with y down.
pub(crate) fn of_matrix(matrix: &[i32; 9]) -> Orientation {
    let [a, b, _, c, d, ..] = matrix.map(f64::from);
    let mirrored = a * d - b * c < 0.0;
    // Mirroring first turns the x axis round.
    let (a, b) = if mirrored { (-a, -b) } else { (a, b) };
    let turns = (b.atan2(a) / std::f64::consts::FRAC_PI_2).round() as i32;
    Orientation { quarter_turns: turns.rem_euclid(4) as u8, mirrored }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_and_mirrors_are_told_apart() {
        let one = 1 << 16;
        let m = |a, b, c, d| [a * one, b * one, 0, c * one, d * one, 0, 0, 0, 1 << 30];
        let o = |quarter_turns, mirrored| Orientation { quarter_turns, mirrored };
        assert_eq!(of_matrix(&m(1, 0, 0, 1)), o(0, false));
        // The usual phone held upright: x goes down, y goes left.
        assert_eq!(of_matrix(&m(0, 1, -1, 0)), o(1, false));
        assert_eq!(of_matrix(&m(-1, 0, 0, -1)), o(2, false));
        assert_eq!(of_matrix(&m(0, -1, 1, 0)), o(3, false));
        assert_eq!(of_matrix(&m(-1, 0, 0, 1)), o(0, true));
        // Upside down mirror: left-right mirror, then half a turn.
        assert_eq!(of_matrix(&m(1, 0, 0, -1)), o(2, true));
    }
}
