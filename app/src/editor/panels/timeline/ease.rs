//! How the curve runs through keys: shapes that are chosen by name, and bezier handles.

use super::keys::{Frames, channel, channels};
use rushes_engine::param::{Interpolation, Keyframe};

/// The share of a gap that a handle of an ease reaches over, as in CSS `ease-in-out`.
const REACH: f64 = 0.42;

/// How a value goes through a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ease {
    /// It stays until the next key.
    Hold,
    /// In straight lines.
    Linear,
    /// In one soft curve through the key; level at peaks.
    Smooth,
    /// It slows down into the key.
    In,
    /// It speeds up out of the key.
    Out,
}

/// The chosen keys with another shape. Keys that hold no numbers hold.
pub fn eased(all: &[Keyframe], chosen: &Frames, ease: Ease) -> Vec<Keyframe> {
    let mut keys = all.to_vec();
    if keys.iter().any(|k| channels(&k.value) == 0) {
        return keys;
    }
    let at = all.iter().enumerate().filter(|(_, k)| chosen.contains(&k.frame)).map(|(i, _)| i);
    for i in at.collect::<Vec<_>>() {
        let (before, after) = (i.checked_sub(1).and_then(|b| all.get(b)), all.get(i + 1));
        let Some(own) = all.get(i) else { continue };
        let gap = |other: Option<&Keyframe>| other.map_or(0.0, |o| (o.frame - own.frame).abs() as f64);
        let (gap_in, gap_out) = (gap(before), gap(after));
        let [in_dx, in_dy, out_dx, out_dy] = own.handles.unwrap_or_default();
        let (interpolation, handles) = match ease {
            Ease::Hold => (Interpolation::Hold, own.handles),
            Ease::Linear => (Interpolation::Linear, None),
            Ease::Smooth => {
                let slope = slope(before, own, after);
                let (dx_in, dx_out) = (gap_in / 3.0, gap_out / 3.0);
                (Interpolation::Bezier, Some([-dx_in, -dx_in * slope, dx_out, dx_out * slope]))
            }
            Ease::In => (own.interpolation, Some([-REACH * gap_in, 0.0, out_dx, out_dy])),
            Ease::Out => (Interpolation::Bezier, Some([in_dx, in_dy, REACH * gap_out, 0.0])),
        };
        let handles = handles.map(|h| h.map(|x| if x == 0.0 { 0.0 } else { x }));
        if let Some(key) = keys.get_mut(i) {
            (key.interpolation, key.handles) = (interpolation, handles);
        }
        // The segment into the key belongs to the key before it.
        if let (Ease::In | Ease::Smooth, Some(before)) =
            (ease, i.checked_sub(1).and_then(|b| keys.get_mut(b)))
            && (before.interpolation == Interpolation::Linear || ease == Ease::In)
        {
            before.interpolation = Interpolation::Bezier;
        }
        if let (Ease::Linear, Some(before)) = (ease, i.checked_sub(1).and_then(|b| keys.get_mut(b)))
            && before.interpolation == Interpolation::Bezier
            && before.handles.is_none_or(|h| h[2] == 0.0 && h[3] == 0.0)
        {
            before.interpolation = Interpolation::Linear;
        }
    }
    keys
}

/// How steeply a smooth curve goes through a key: level at peaks and ends, and never so steep that it overshoots.
fn slope(before: Option<&Keyframe>, own: &Keyframe, after: Option<&Keyframe>) -> f64 {
    let (Some(before), Some(after)) = (before, after) else { return 0.0 };
    // A handle moves every number of a list alike, so only a single number can have a slope.
    if channels(&own.value) != 1 {
        return 0.0;
    }
    let value = |k: &Keyframe| channel(&k.value, 0).unwrap_or(0.0);
    let rate = |a: &Keyframe, b: &Keyframe| (value(b) - value(a)) / (b.frame - a.frame).max(1) as f64;
    let (left, right) = (rate(before, own), rate(own, after));
    if left * right <= 0.0 {
        return 0.0;
    }
    let steepest = 3.0 * left.abs().min(right.abs());
    rate(before, after).clamp(-steepest, steepest)
}

/// Puts `new`, whose frame and value lie on the bezier from `a` to `b`, between them so that the curve stays: the handles
/// of all three follow from de Casteljau's construction.
pub(super) fn split(a: &mut Keyframe, b: &mut Keyframe, new: &mut Keyframe) {
    let span = (b.frame - a.frame) as f64;
    let fit = |x: f64, dy: f64| if x > span { (span, dy * span / x) } else { (x, dy) };
    let ([_, _, out_dx, out_dy], [in_dx, in_dy, _, _]) =
        (a.handles.unwrap_or_default(), b.handles.unwrap_or_default());
    let ((x1, y1), (x2, y2)) = (fit(out_dx, out_dy), fit(-in_dx, in_dy));
    // The numbers of a list share handles, so for a list only the timing is kept.
    let rise = channel(&b.value, 0).unwrap_or(0.0) - channel(&a.value, 0).unwrap_or(0.0);
    let rise = if channels(&a.value) == 1 { rise } else { 0.0 };
    let points = [[0.0, 0.0], [x1, y1], [span - x2, rise + y2], [span, rise]];
    let t = time_at(&points, (new.frame - a.frame) as f64);
    let mix = |p: [f64; 2], q: [f64; 2]| [p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t];
    let [p0, p1, p2, p3] = points;
    let (ab, bc, cd) = (mix(p0, p1), mix(p1, p2), mix(p2, p3));
    let (abc, bcd) = (mix(ab, bc), mix(bc, cd));
    let middle = mix(abc, bcd);
    let [a_in_dx, a_in_dy, ..] = a.handles.unwrap_or_default();
    let [.., b_out_dx, b_out_dy] = b.handles.unwrap_or_default();
    a.handles = Some([a_in_dx, a_in_dy, ab[0], ab[1]]);
    new.handles = Some([
        (abc[0] - middle[0]).min(0.0),
        abc[1] - middle[1],
        (bcd[0] - middle[0]).max(0.0),
        bcd[1] - middle[1],
    ]);
    b.handles = Some([(cd[0] - p3[0]).min(0.0), cd[1] - p3[1], b_out_dx, b_out_dy]);
}

/// Where along a bezier whose points go on in time it reaches `x`.
fn time_at(points: &[[f64; 2]; 4], x: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..60 {
        let t = 0.5 * (low + high);
        let s = 1.0 - t;
        let weights = [s * s * s, 3.0 * s * s * t, 3.0 * s * t * t, t * t * t];
        let at: f64 = points.iter().zip(weights).map(|(p, w)| p[0] * w).sum();
        if at < x { low = t } else { high = t }
    }
    0.5 * (low + high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::param::Curve;
    use serde_json::{Value, json};

    fn shaped(keys: &Value, chosen: &[i64], ease: Ease) -> Curve {
        let curve = Curve::from_json(keys).unwrap();
        Curve::new(eased(curve.keys(), &chosen.iter().copied().collect(), ease)).unwrap()
    }

    /// CSS Easing 1: ease-in is cubic-bezier(0.42, 0, 1, 1), ease-out cubic-bezier(0, 0, 0.58, 1); their values at a
    /// quarter, a half and three quarters, to four places.
    #[test]
    fn eases_are_those_of_css() {
        let line = json!([[0, 0, "linear"], [1000, 1, "linear"]]);
        let out = shaped(&line, &[0], Ease::Out);
        let into = shaped(&line, &[1000], Ease::In);
        for (x, ease_in, ease_out) in
            [(250.0, 0.0935, 0.3781), (500.0, 0.3154, 0.6846), (750.0, 0.6219, 0.9065)]
        {
            let (a, b) = (out.number_at(x).unwrap(), into.number_at(x).unwrap());
            assert!((a - ease_in).abs() < 2e-4, "ease in at {x}: {a}");
            assert!((b - ease_out).abs() < 2e-4, "ease out at {x}: {b}");
        }
    }

    #[test]
    fn a_smooth_curve_is_level_at_peaks_and_never_overshoots() {
        let keys = json!([[0, 0, "linear"], [10, 8, "linear"], [14, 9, "linear"], [30, 2, "linear"]]);
        let c = shaped(&keys, &[0, 10, 14, 30], Ease::Smooth);
        let values: Vec<f64> = (0..=300).map(|f| c.number_at(f64::from(f) / 10.0).unwrap()).collect();
        assert!(values.iter().all(|v| (-1e-9..=9.0 + 1e-9).contains(v)), "it overshoots");
        assert!(values[..=140].windows(2).all(|w| w[1] >= w[0] - 1e-9), "it rises to the peak");
        assert!((values[140] - values[139]).abs() < 0.02 && (values[141] - values[140]).abs() < 0.02);
    }

    #[test]
    fn linear_and_hold_undo_a_shape_and_words_hold_always() {
        let line = json!([[0, 0, "linear"], [10, 1, "linear"]]);
        let smooth = shaped(&line, &[0, 10], Ease::Smooth).to_json();
        assert_eq!(shaped(&smooth, &[0, 10], Ease::Linear).to_json(), line);
        assert_eq!(shaped(&line, &[0], Ease::Hold).number_at(9.0), Some(0.0));
        let words = json!([[0, "a", "hold"], [4, "b", "hold"]]);
        assert_eq!(shaped(&words, &[0, 4], Ease::Smooth).to_json(), words);
    }
}
