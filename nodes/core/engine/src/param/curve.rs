//! Keyframes. The interpolation of a segment belongs to the key that starts it, as in Blender and After Effects'
//! outgoing interpolation; a bezier segment leaves by the out handle of its first key and arrives by the in handle
//! of its second, whatever that key's own interpolation.

use super::number;
use crate::{Error, Result};
use serde_json::{Value, json};

/// How a value goes from one key to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Interpolation {
    /// It stays until the next key.
    Hold,
    /// In a straight line.
    Linear,
    /// Along a cubic bezier through the two handles.
    Bezier,
}

impl Interpolation {
    fn word(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Linear => "linear",
            Self::Bezier => "bezier",
        }
    }
}

/// One key of a [`Curve`].
#[derive(Clone, Debug, PartialEq)]
pub struct Keyframe {
    /// The frame of the node's own output.
    pub frame: i64,
    /// The value there.
    pub value: Value,
    /// How it goes on to the next key.
    pub interpolation: Interpolation,
    /// `[in_dx, in_dy, out_dx, out_dy]`: where the handles are, from the key, in frames and in the value's unit.
    /// `in_dx` is 0 or less, `out_dx` 0 or more. For colours and other lists a handle moves every channel alike.
    pub handles: Option<[f64; 4]>,
}

/// A keyframed parameter: sorted keys, one a frame, at least one. Before the first and after the last the value holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    keys: Vec<Keyframe>,
    /// The channels of every key where values are numbers or lists of numbers, in the order of `keys`.
    channels: Option<Vec<Vec<f64>>>,
}

impl Curve {
    /// The most keys a parameter may have.
    pub const MAX_KEYS: usize = 100_000;
    /// Frames of keys lie within plus and minus this.
    pub const MAX_FRAME: i64 = 1 << 32;

    /// A curve through `keys`, which must be sorted by frame, with no frame twice.
    ///
    /// Values are finite numbers, or lists of as many finite numbers each; where every key holds, any value.
    pub fn new(keys: Vec<Keyframe>) -> Result<Self> {
        let problem =
            |frame: i64, what: &str| Error::usage(what.to_owned()).at(format!("key at frame {frame}"));
        if keys.is_empty() || keys.len() > Self::MAX_KEYS {
            return Err(Error::usage(format!("there are {} keys", keys.len()))
                .help(format!("use between 1 and {} keys, or a plain value", Self::MAX_KEYS)));
        }
        let mut last = None;
        for key in &keys {
            if key.frame.abs() > Self::MAX_FRAME {
                return Err(problem(key.frame, "the frame of a key is out of bounds"));
            }
            if last.is_some_and(|l| l >= key.frame) {
                return Err(problem(key.frame, "keys are out of order or share a frame")
                    .help("sort the keys by frame and keep one for each frame"));
            }
            last = Some(key.frame);
            if let Some([in_dx, in_dy, out_dx, out_dy]) = key.handles {
                if ![in_dx, in_dy, out_dx, out_dy].iter().all(|x| x.is_finite()) {
                    return Err(problem(key.frame, "a handle is not finite"));
                }
                if in_dx > 0.0 || out_dx < 0.0 {
                    return Err(problem(key.frame, "a handle points backwards in time")
                        .help("write [in_dx, in_dy, out_dx, out_dy] with in_dx ≤ 0 and out_dx ≥ 0"));
                }
            }
        }
        let channels: Option<Vec<Vec<f64>>> = keys.iter().map(|key| channels(&key.value)).collect();
        let width = channels.as_ref().and_then(|c| c.first()).map_or(0, Vec::len);
        let channels = channels.filter(|c| c.iter().all(|one| one.len() == width));
        let lists = keys.iter().filter(|key| key.value.is_array()).count();
        let channels = channels.filter(|_| lists == 0 || lists == keys.len());
        if channels.is_none()
            && let Some(moving) = keys.iter().find(|key| key.interpolation != Interpolation::Hold)
        {
            return Err(problem(
                moving.frame,
                "only numbers and lists of as many numbers can be interpolated",
            )
            .help("use “hold” for every key, or give every key a value of the same shape"));
        }
        Ok(Self { keys, channels })
    }

    /// The keys, sorted by frame.
    pub fn keys(&self) -> &[Keyframe] {
        &self.keys
    }

    /// The value at `frame`, which may lie between two frames.
    pub fn at(&self, frame: f64) -> Value {
        match self.segment(frame) {
            Segment::Key(i) => self.keys.get(i).map_or(Value::Null, |key| key.value.clone()),
            Segment::Between(i, shape) => {
                let (Some(a), Some(b)) = (self.channels_of(i), self.channels_of(i + 1)) else {
                    return self.keys.get(i).map_or(Value::Null, |key| key.value.clone());
                };
                let mut mixed = a.iter().zip(b).map(|(a, b)| number(shape.mix(*a, *b)));
                match self.keys.get(i).map(|key| &key.value) {
                    Some(Value::Array(_)) => Value::Array(mixed.collect()),
                    _ => mixed.next().unwrap_or(Value::Null),
                }
            }
        }
    }

    /// The number at `frame`, which may lie between two frames: the first channel, or nothing if values are no numbers.
    pub fn number_at(&self, frame: f64) -> Option<f64> {
        match self.segment(frame) {
            Segment::Key(i) => self.channels_of(i)?.first().copied(),
            Segment::Between(i, shape) => {
                Some(shape.mix(*self.channels_of(i)?.first()?, *self.channels_of(i + 1)?.first()?))
            }
        }
    }

    /// True if every frame has the same value.
    pub fn is_constant(&self) -> bool {
        let Some(first) = self.keys.first() else { return true };
        let still = |a: &Keyframe, b: &Keyframe| {
            a.interpolation != Interpolation::Bezier
                || (a.handles.is_none_or(|h| h[3] == 0.0) && b.handles.is_none_or(|h| h[1] == 0.0))
        };
        self.keys.iter().enumerate().all(|(i, key)| match &self.channels {
            Some(all) => all.get(i) == all.first(),
            None => key.value == first.value,
        }) && self.keys.windows(2).all(|pair| matches!(pair, [a, b] if still(a, b)))
    }

    /// The list of keys as the file has it.
    pub fn to_json(&self) -> Value {
        let key = |k: &Keyframe| match k.handles {
            None => json!([k.frame, k.value, k.interpolation.word()]),
            Some(h) => json!([k.frame, k.value, k.interpolation.word(), h.map(number)]),
        };
        Value::Array(self.keys.iter().map(key).collect())
    }

    fn channels_of(&self, i: usize) -> Option<&Vec<f64>> {
        self.channels.as_ref()?.get(i)
    }

    fn segment(&self, frame: f64) -> Segment {
        let after = self.keys.partition_point(|key| key.frame as f64 <= frame);
        let Some(i) = after.checked_sub(1) else { return Segment::Key(0) };
        let (Some(a), Some(b)) = (self.keys.get(i), self.keys.get(after)) else { return Segment::Key(i) };
        if a.interpolation == Interpolation::Hold || a.frame as f64 == frame {
            return Segment::Key(i);
        }
        let span = (b.frame - a.frame) as f64;
        let u = (frame - a.frame as f64) / span;
        if a.interpolation == Interpolation::Linear {
            return Segment::Between(i, Shape { b: u, out_dy: 0.0, in_dy: 0.0 });
        }
        let [_, _, out_dx, out_dy] = a.handles.unwrap_or_default();
        let [in_dx, in_dy, _, _] = b.handles.unwrap_or_default();
        let (x1, dy1) = fit_handle(out_dx / span, out_dy);
        let (x2, dy2) = fit_handle(-in_dx / span, in_dy);
        let t = solve(u, x1, 1.0 - x2);
        let s = 1.0 - t;
        Segment::Between(
            i,
            Shape { b: t * t * (3.0 - 2.0 * t), out_dy: 3.0 * s * s * t * dy1, in_dy: 3.0 * s * t * t * dy2 },
        )
    }
}

enum Segment {
    /// The value of a key itself.
    Key(usize),
    /// Between key and next.
    Between(usize, Shape),
}

/// The weight of the second key, and what the two handles add.
struct Shape {
    b: f64,
    out_dy: f64,
    in_dy: f64,
}

impl Shape {
    /// Weighted so that no rounding leaves the range of two equal ends, and huge ends do not overflow.
    fn mix(&self, a: f64, b: f64) -> f64 {
        let line = if a == b { a } else { a * (1.0 - self.b) + b * self.b };
        (line + (self.out_dy + self.in_dy)).clamp(f64::MIN, f64::MAX)
    }
}

/// A handle longer than its segment is shortened along its own direction, so that the curve never turns back in time.
fn fit_handle(x: f64, dy: f64) -> (f64, f64) {
    if x > 1.0 { (1.0, dy / x) } else { (x, dy) }
}

/// The parameter at which the cubic from 0 to 1 through `x1` and `x2` (both within 0 and 1) reaches `x`: Newton's
/// method kept inside a shrinking bracket. Only additions, products and quotients, so equal on every machine.
fn solve(x: f64, x1: f64, x2: f64) -> f64 {
    let (mut low, mut high, mut t) = (0.0_f64, 1.0_f64, x);
    for _ in 0..80 {
        let s = 1.0 - t;
        let error = 3.0 * s * s * t * x1 + 3.0 * s * t * t * x2 + t * t * t - x;
        if error == 0.0 {
            return t;
        }
        if error > 0.0 {
            high = t;
        } else {
            low = t;
        }
        let slope = 3.0 * s * s * x1 + 6.0 * s * t * (x2 - x1) + 3.0 * t * t * (1.0 - x2);
        let newton = t - error / slope;
        let next = if newton > low && newton < high { newton } else { 0.5 * (low + high) };
        if next == t {
            break;
        }
        t = next;
    }
    t
}

/// The numbers in a value that can be interpolated.
fn channels(value: &Value) -> Option<Vec<f64>> {
    let finite = |v: &Value| v.as_f64().filter(|x| x.is_finite());
    match value {
        Value::Number(_) => finite(value).map(|x| vec![x]),
        Value::Array(items) if !items.is_empty() => items.iter().map(finite).collect(),
        _ => None,
    }
}

impl Curve {
    /// Reads the list of keys as the file has it.
    pub fn from_json(value: &Value) -> Result<Self> {
        const FORM: &str = "a key is [frame, value, \"hold\"], [frame, value, \"linear\"] or \
            [frame, value, \"bezier\", [in_dx, in_dy, out_dx, out_dy]]";
        let Value::Array(items) = value else {
            return Err(Error::usage("keys are no list").help(FORM));
        };
        if items.len() > Self::MAX_KEYS {
            return Err(Error::usage(format!("there are more than {} keys", Self::MAX_KEYS)));
        }
        let keys = items.iter().enumerate().map(|(i, item)| {
            let wrong = |what: &str| Error::usage(what.to_owned()).at(format!("key {}", i + 1)).help(FORM);
            let parts = item.as_array().map(Vec::as_slice).ok_or_else(|| wrong("a key is no list"))?;
            let (frame, value, mode, handles) = match parts {
                [frame, value, mode] => (frame, value, mode, None),
                [frame, value, mode, handles] => (frame, value, mode, Some(handles)),
                _ => return Err(wrong("a key has three or four parts")),
            };
            let whole = |x: f64| (x.fract() == 0.0 && x.abs() <= Self::MAX_FRAME as f64).then_some(x as i64);
            let frame =
                frame.as_f64().and_then(whole).ok_or_else(|| wrong("a key has no whole frame number"))?;
            let interpolation = match mode.as_str() {
                Some("hold") => Interpolation::Hold,
                Some("linear") => Interpolation::Linear,
                Some("bezier") => Interpolation::Bezier,
                _ => return Err(wrong("a key's interpolation is unknown")),
            };
            let handles = handles
                .map(|h| {
                    let four: Option<Vec<f64>> = h.as_array()?.iter().map(Value::as_f64).collect();
                    <[f64; 4]>::try_from(four?).ok()
                })
                .map(|h| h.ok_or_else(|| wrong("the handles of a key are four numbers")))
                .transpose()?;
            Ok(Keyframe { frame, value: value.clone(), interpolation, handles })
        });
        Self::new(keys.collect::<Result<_>>()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn curve(json: &Value) -> Curve {
        Curve::from_json(json).unwrap()
    }

    #[test]
    fn the_first_key_of_a_segment_says_how_it_runs_and_the_ends_hold() {
        let c = curve(&json!([[2, 1, "hold"], [4, 3, "linear"], [8, 5, "hold"]]));
        let read: Vec<_> = [-9, 2, 3, 4, 5, 6, 8, 99].iter().map(|f| c.at(f64::from(*f))).collect();
        assert_eq!(read, [json!(1), json!(1), json!(1), json!(3), json!(3.5), json!(4), json!(5), json!(5)]);
    }

    #[test]
    fn colours_and_words_are_keyed_too() {
        let c = curve(&json!([[0, [0, 1, 0.5], "linear"], [4, [1, 0, 0.5], "linear"]]));
        assert_eq!(c.at(1.0), json!([0.25, 0.75, 0.5]));
        let c = curve(&json!([[0, "overlay", "hold"], [4, "screen", "hold"]]));
        assert_eq!((c.at(3.0), c.at(4.0)), (json!("overlay"), json!("screen")));
    }

    /// CSS Easing 1 defines `ease` as cubic-bezier(0.25, 0.1, 0.25, 1); its published values, to six places.
    #[test]
    fn a_bezier_is_the_css_easing_curve() {
        let c = curve(&json!([[0, 0, "bezier", [0, 0, 250, 0.1]], [1000, 1, "hold", [-750, 0, 0, 0]]]));
        for (x, y) in [(0.25, 0.408511), (0.5, 0.802403), (0.75, 0.960459)] {
            let got = c.number_at(x * 1000.0).unwrap();
            assert!((got - y).abs() < 1e-5, "at {x}: {got}");
        }
    }

    #[test]
    fn a_bezier_without_handles_is_a_line() {
        let c = curve(&json!([[0, 0, "bezier"], [10, 10, "bezier"]]));
        for f in 0..=10 {
            assert!((c.number_at(f64::from(f)).unwrap() - f64::from(f)).abs() < 1e-12);
        }
    }

    #[test]
    fn wrong_keys_are_refused_in_words() {
        for (keys, word) in [
            (json!([]), "0 keys"),
            (json!({}), "no list"),
            (json!([[0, 1]]), "three or four"),
            (json!([[0.5, 1, "hold"]]), "whole frame"),
            (json!([[1e30, 1, "hold"]]), "whole frame"),
            (json!([[1, 1, "hold"], [1, 2, "hold"]]), "share a frame"),
            (json!([[0, "a", "linear"]]), "numbers"),
            (json!([[0, 1, "linear"], [1, [1], "linear"]]), "numbers"),
            (json!([[0, [1, 2], "linear"], [1, [1], "linear"]]), "numbers"),
            (json!([[0, 1, "ease"]]), "unknown"),
            (json!([[0, 1, "bezier", [1, 0, 0, 0]]]), "backwards"),
            (json!([[0, 1, "bezier", [0, 0]]]), "four numbers"),
        ] {
            let error = Curve::from_json(&keys).unwrap_err().to_string();
            assert!(error.contains(word), "{keys}: {error}");
        }
    }

    #[test]
    fn constant_means_the_same_at_every_frame() {
        assert!(curve(&json!([[0, 1, "linear"], [9, 1.0, "hold"]])).is_constant());
        assert!(!curve(&json!([[0, 1, "linear"], [9, 2, "hold"]])).is_constant());
        assert!(!curve(&json!([[0, 1, "bezier", [0, 0, 3, 1]], [9, 1, "hold"]])).is_constant());
        assert!(!curve(&json!([[0, "a", "hold"], [9, "b", "hold"]])).is_constant());
    }

    fn keys() -> impl Strategy<Value = Vec<Keyframe>> {
        let key =
            (1_i64..200, -1e3..1e3_f64, 0..3_u8, [-300.0..=0.0, -9.0..=9.0, 0.0..=300.0, -9.0..=9.0_f64]);
        prop::collection::vec(key, 1..12).prop_map(|list| {
            let mut frame = -500;
            let mut next = |(step, value, mode, handles): (i64, f64, u8, [f64; 4])| {
                frame += step;
                let interpolation = match mode {
                    0 => Interpolation::Hold,
                    1 => Interpolation::Linear,
                    _ => Interpolation::Bezier,
                };
                Keyframe { frame, value: number(value), interpolation, handles: Some(handles) }
            };
            list.into_iter().map(&mut next).collect()
        })
    }

    proptest! {
        #[test]
        fn a_curve_meets_its_keys_and_holds_its_ends(keys in keys()) {
            let c = Curve::new(keys.clone()).unwrap();
            for key in &keys {
                prop_assert_eq!(&c.at(key.frame as f64), &key.value);
            }
            let (first, last) = (&keys[0], &keys[keys.len() - 1]);
            prop_assert_eq!(&c.at(first.frame as f64 - 7.5), &first.value);
            prop_assert_eq!(&c.at(last.frame as f64 + 7.5), &last.value);
            prop_assert_eq!(Curve::from_json(&c.to_json()).unwrap(), c);
        }

        #[test]
        fn linear_stays_within_its_ends(a in -1e300..1e300_f64, b in -1e300..1e300_f64, f in 0..1000_i64) {
            let c = curve(&json!([[0, a, "linear"], [1000, b, "linear"]]));
            let v = c.number_at(f as f64).unwrap();
            let slack = (a.abs() + b.abs()) * 1e-15;
            prop_assert!(v >= a.min(b) - slack && v <= a.max(b) + slack);
        }

        #[test]
        fn solving_for_time_is_exact_and_monotone(x1 in 0.0..=1.0_f64, x2 in 0.0..=1.0_f64) {
            let mut last = 0.0;
            for i in 0..=200 {
                let x = f64::from(i) / 200.0;
                let t = solve(x, x1, x2);
                let s = 1.0 - t;
                let back = 3.0 * s * s * t * x1 + 3.0 * s * t * t * x2 + t * t * t;
                prop_assert!((back - x).abs() < 1e-14, "x {x} t {t} back {back}");
                prop_assert!(t >= last - 1e-9 && (0.0..=1.0).contains(&t));
                last = t;
            }
        }
    }
}
