//! What is done to keys: each takes the keys of a parameter as they are and gives them as they are to be.

use crate::editor::widgets::field::NumberSpec;
use rushes_engine::param::{Curve, Interpolation, Keyframe};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Frames of keys.
pub type Frames = BTreeSet<i64>;

/// How keys are moved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shift {
    /// By so many frames.
    pub frames: i64,
    /// By so much, in the value of `channel`.
    pub value: f64,
    /// Which number of a list.
    pub channel: usize,
    /// The originals stay.
    pub copy: bool,
}

/// The chosen keys moved; they take the place of others that they fall on.
pub fn moved(all: &[Keyframe], chosen: &Frames, shift: Shift, spec: Option<&NumberSpec>) -> Vec<Keyframe> {
    let stays = |key: &&Keyframe| shift.copy || !chosen.contains(&key.frame);
    let mut placed: BTreeMap<i64, Keyframe> =
        all.iter().filter(stays).map(|k| (k.frame, k.clone())).collect();
    for key in all.iter().filter(|k| chosen.contains(&k.frame)) {
        let frame = (key.frame + shift.frames).clamp(-Curve::MAX_FRAME, Curve::MAX_FRAME);
        let value = match spec.zip(channel(&key.value, shift.channel)) {
            Some((spec, old)) if shift.value != 0.0 => {
                with_channel(&key.value, shift.channel, spec.clamp(old + shift.value))
            }
            _ => key.value.clone(),
        };
        placed.insert(frame, Keyframe { frame, value, ..key.clone() });
    }
    placed.into_values().collect()
}

/// Without the chosen keys.
pub fn removed(all: &[Keyframe], chosen: &Frames) -> Vec<Keyframe> {
    all.iter().filter(|k| !chosen.contains(&k.frame)).cloned().collect()
}

/// With keys of elsewhere, the first of them at `frame`.
pub fn pasted(all: &[Keyframe], clip: &[Keyframe], frame: i64) -> Vec<Keyframe> {
    let mut placed: BTreeMap<i64, Keyframe> = all.iter().map(|k| (k.frame, k.clone())).collect();
    for key in clip {
        let frame = (frame + key.frame).clamp(-Curve::MAX_FRAME, Curve::MAX_FRAME);
        placed.insert(frame, Keyframe { frame, ..key.clone() });
    }
    placed.into_values().collect()
}

/// With a key at `frame` that leaves the curve as it runs; nothing where one is already.
pub fn inserted(curve: &Curve, frame: i64, spec: Option<&NumberSpec>) -> Option<Vec<Keyframe>> {
    let mut keys = curve.keys().to_vec();
    let place = keys.partition_point(|k| k.frame < frame);
    if keys.get(place).is_some_and(|k| k.frame == frame) {
        return None;
    }
    let before = place.checked_sub(1);
    let how = before.and_then(|i| keys.get(i)).or(keys.first()).map(|k| k.interpolation);
    let interpolation = how.unwrap_or(Interpolation::Linear);
    let mut value = curve.at(frame as f64);
    if let Some(spec) = spec.filter(|s| s.integer)
        && let Some(number) = value.as_f64()
    {
        value = number_json(spec.clamp(number));
    }
    let mut new = Keyframe { frame, value, interpolation, handles: None };
    let (first, last) = match (before, keys.get(place)) {
        (Some(i), Some(_)) if interpolation == Interpolation::Bezier => (i, place),
        _ => {
            keys.insert(place, new);
            return Some(keys);
        }
    };
    if let Some([a, b]) = keys.get_mut(first..=last).and_then(|s| <&mut [Keyframe; 2]>::try_from(s).ok()) {
        super::ease::split(a, b, &mut new);
    }
    keys.insert(place, new);
    Some(keys)
}

/// What the document is to hold: the keys, or where none is left a plain value.
pub fn written(keys: Vec<Keyframe>, rest: &Value) -> Value {
    if keys.is_empty() {
        return rest.clone();
    }
    // Keys that cannot stand together are refused by the document in words; here they are only written down.
    match Curve::new(keys) {
        Ok(curve) => json!({ "keys": curve.to_json() }),
        Err(_) => rest.clone(),
    }
}

/// One number of a value.
pub fn channel(value: &Value, channel: usize) -> Option<f64> {
    match value {
        Value::Array(items) => items.get(channel)?.as_f64(),
        _ if channel == 0 => value.as_f64(),
        _ => None,
    }
}

/// How many numbers a value has.
pub fn channels(value: &Value) -> usize {
    match value {
        Value::Number(_) => 1,
        Value::Array(items) if items.iter().all(Value::is_number) => items.len(),
        _ => 0,
    }
}

/// A value with one of its numbers replaced.
pub fn with_channel(value: &Value, channel: usize, number: f64) -> Value {
    match value {
        Value::Array(items) => {
            let each = items.iter().enumerate();
            Value::Array(
                each.map(|(i, v)| if i == channel { number_json(number) } else { v.clone() }).collect(),
            )
        }
        _ => number_json(number),
    }
}

/// Whole numbers without a fraction, as files have them.
fn number_json(number: f64) -> Value {
    if number.fract() == 0.0 && number.abs() < 9e15 { json!(number as i64) } else { json!(number) }
}

/// `value` to as many digits as can be told apart on the screen, where a point is `per_point`.
pub fn rounded(value: f64, per_point: f64) -> f64 {
    if !(per_point.is_finite() && per_point > 0.0) {
        return value;
    }
    let power = 10f64.powf(per_point.log10().floor());
    // Divided by the whole inverse, so that 0.3 is written as 0.3.
    if power < 1.0 {
        (value / power).round() / (1.0 / power).round()
    } else {
        (value / power).round() * power
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(keys: &Value) -> Curve {
        Curve::from_json(keys).unwrap()
    }

    fn spec(low: f64, high: f64, integer: bool) -> NumberSpec {
        NumberSpec { soft: low..=high, hard: low..=high, integer, unit: String::new(), logarithmic: false }
    }

    fn json_of(keys: Vec<Keyframe>) -> Value {
        written(keys, &Value::Null)["keys"].clone()
    }

    const UNIT: Shift = Shift { frames: 0, value: 0.0, channel: 0, copy: false };

    #[test]
    fn a_moved_key_takes_the_place_of_the_one_it_falls_on_and_passes_others() {
        let c = curve(&json!([[0, 1, "linear"], [4, 2, "hold"], [8, 3, "linear"]]));
        let by = |frames| json_of(moved(c.keys(), &[0].into(), Shift { frames, ..UNIT }, None));
        assert_eq!(by(3), json!([[3, 1, "linear"], [4, 2, "hold"], [8, 3, "linear"]]));
        assert_eq!(by(4), json!([[4, 1, "linear"], [8, 3, "linear"]]));
        assert_eq!(by(5), json!([[4, 2, "hold"], [5, 1, "linear"], [8, 3, "linear"]]));
        let copied = moved(c.keys(), &[4].into(), Shift { frames: 2, copy: true, ..UNIT }, None);
        assert_eq!(
            json_of(copied),
            json!([[0, 1, "linear"], [4, 2, "hold"], [6, 2, "hold"], [8, 3, "linear"]])
        );
    }

    #[test]
    fn values_stay_within_the_hard_range_and_whole_where_they_must() {
        let c = curve(&json!([[0, 1, "linear"]]));
        let up =
            |value, s: &NumberSpec| json_of(moved(c.keys(), &[0].into(), Shift { value, ..UNIT }, Some(s)));
        assert_eq!(up(5.0, &spec(0.0, 3.0, false)), json!([[0, 3, "linear"]]));
        assert_eq!(up(0.6, &spec(0.0, 3.0, true)), json!([[0, 2, "linear"]]));
        let list = curve(&json!([[0, [1, 2, 3], "linear"]]));
        let green = Shift { value: 0.5, channel: 1, ..UNIT };
        let new = moved(list.keys(), &[0].into(), green, Some(&spec(0.0, 9.0, false)));
        assert_eq!(json_of(new), json!([[0, [1, 2.5, 3], "linear"]]));
    }

    #[test]
    fn a_key_put_in_leaves_the_curve_as_it_ran() {
        let lists = [
            json!([[0, 0, "linear"], [10, 5, "hold"]]),
            json!([[0, 1, "hold"], [10, 5, "hold"]]),
            json!([[0, 0, "bezier", [0, 0, 5, 0.4]], [20, 3, "bezier", [-9, 1, 2, 0]]]),
            json!([[0, 0, "bezier"], [20, 3, "linear"]]),
        ];
        for list in lists {
            let old = curve(&list);
            for frame in [-3, 4, 7, 12, 30] {
                let Some(keys) = inserted(&old, frame, None) else { continue };
                let new = Curve::new(keys).unwrap();
                assert_eq!(new.keys().len(), old.keys().len() + 1);
                for f in -40..160 {
                    let at = f64::from(f) / 4.0;
                    let (a, b) = (old.number_at(at).unwrap(), new.number_at(at).unwrap());
                    assert!((a - b).abs() < 1e-6, "{list} with {frame}: at {at} {a} became {b}");
                }
            }
        }
        assert_eq!(inserted(&curve(&json!([[4, 0, "linear"]])), 4, None), None);
    }

    #[test]
    fn removing_the_last_key_leaves_the_value_and_pasting_counts_from_the_playhead() {
        let c = curve(&json!([[2, 1, "hold"], [4, 3, "hold"]]));
        assert_eq!(written(removed(c.keys(), &[2, 4].into()), &json!(1)), json!(1));
        assert_eq!(json_of(removed(c.keys(), &[2].into())), json!([[4, 3, "hold"]]));
        let clip = curve(&json!([[0, 9, "linear"], [3, 8, "linear"]]));
        let new = pasted(c.keys(), clip.keys(), 4);
        assert_eq!(json_of(new), json!([[2, 1, "hold"], [4, 9, "linear"], [7, 8, "linear"]]));
    }

    #[test]
    fn digits_that_cannot_be_seen_are_not_written() {
        assert_eq!(rounded(0.300_41, 0.01), 0.3);
        assert_eq!(rounded(1234.4, 7.0), 1234.0);
        assert_eq!(rounded(1234.4, 70.0), 1230.0);
        assert_eq!(rounded(-0.126, 0.003), -0.126);
    }
}
