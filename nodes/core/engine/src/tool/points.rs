//! Curves through points, as parameters: monotone between their points, so that a curve never overshoots what they say.
//!
//! A parameter is such curves where its struct has nothing but lists of points, each field with
//! `#[schemars(extend("curve" = { "x": [0.0, 1.0], "y": [0.0, 1.0] }))]`: the ranges of a point. What else may stand
//! there: `neutral` (the curve goes around a circle of 360 degrees, and has this value where it has no points), `soft`
//! (the range of y that most work stays in), `unit` (of y).

use super::param_spec::sentence;
use crate::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};

/// Points `[x, y]` of a curve, each further right than the one before.
pub type Points = [[f64; 2]];

/// The circle that a curve with a neutral value goes around, in degrees.
pub const TURN: f64 = 360.0;

/// One curve of a parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PointCurve {
    /// Its name in JSON.
    pub name: String,
    /// What a person reads.
    pub label: String,
    /// What it does.
    pub help: String,
    /// The lowest and highest x that a point may have.
    pub x: [f64; 2],
    /// The lowest and highest y that a point may have.
    pub y: [f64; 2],
    /// The range of y that most work stays in.
    pub soft: [f64; 2],
    /// The unit of y, or empty.
    pub unit: String,
    /// Its value without points, where it goes around a circle; any other is then the diagonal.
    pub neutral: Option<f64>,
}

impl PointCurve {
    /// The most points that a curve may have.
    pub const MOST: usize = 64;

    /// The curve through `points` at `x`.
    pub fn at(&self, points: &Points, x: f64) -> f64 {
        self.neutral.map_or_else(|| at(points, x), |neutral| around(points, x, neutral))
    }

    /// Holds points against their form: few, within their ranges, each further right than the one before.
    ///
    /// # Errors
    /// The first point that is wrong.
    pub fn check(&self, points: &Points) -> Result<()> {
        let wrong = |what: String, help: String| Err(Error::usage(what).at(&self.name).help(help));
        if points.len() > Self::MOST {
            return wrong(
                format!("a curve of {} points is too long", points.len()),
                format!("use at most {} points", Self::MOST),
            );
        }
        let within = |v: f64, [low, high]: [f64; 2]| v >= low && v <= high;
        let ([left, right], [low, high]) = (self.x, self.y);
        if let Some(p) = points.iter().find(|p| !within(p[0], self.x) || !within(p[1], self.y)) {
            return wrong(
                format!("the point {p:?} lies outside the curve"),
                format!("keep x from {left} to {right} and y from {low} to {high}"),
            );
        }
        let falls = points.windows(2).any(|w| matches!(w, [a, b] if b[0] <= a[0]));
        if falls {
            return wrong(
                "the points of a curve do not rise in x".into(),
                "give each point a larger x than the one before".into(),
            );
        }
        Ok(())
    }

    /// Reads and checks points as a graph has them.
    pub(super) fn check_json(&self, value: &Value) -> Result<()> {
        let points: Vec<[f64; 2]> = serde_json::from_value(value.clone()).map_err(|_| {
            let shown: String = value.to_string().chars().take(60).collect();
            Error::usage(format!("{shown} is no curve"))
                .at(&self.name)
                .help("give it a list of points [x, y]")
        })?;
        self.check(&points)
    }

    /// The curves that a table is made of; none where it holds anything else.
    pub(super) fn all(table: &Value) -> Vec<Self> {
        let fields = table.get("properties").and_then(Value::as_object);
        let read: Option<Vec<Self>> =
            fields.into_iter().flatten().map(|(name, field)| Self::read(name, field)).collect();
        read.unwrap_or_default()
    }

    fn read(name: &str, field: &Value) -> Option<Self> {
        let told = field.get("curve")?;
        let range = |key: &str| {
            let pair = told.get(key)?.as_array()?;
            Some([pair.first()?.as_f64()?, pair.get(1)?.as_f64()?])
        };
        let text = |from: &Value, key: &str| from.get(key).and_then(Value::as_str).unwrap_or("").to_owned();
        let y = range("y")?;
        Some(Self {
            name: name.to_owned(),
            label: sentence(name),
            help: text(field, "description").split_whitespace().collect::<Vec<_>>().join(" "),
            x: range("x")?,
            y,
            soft: range("soft").unwrap_or(y),
            unit: text(told, "unit"),
            neutral: told.get("neutral").and_then(Value::as_f64),
        })
    }

    /// The JSON Schema of its points.
    pub(super) fn schema(&self) -> Value {
        let number = |[low, high]: [f64; 2]| json!({ "type": "number", "minimum": low, "maximum": high });
        let point = json!({
            "type": "array", "prefixItems": [number(self.x), number(self.y)], "minItems": 2, "maxItems": 2,
        });
        json!({ "description": self.help, "type": "array", "items": point, "maxItems": Self::MOST })
    }
}

/// The monotone cubic through `points` (Fritsch and Carlson 1980, with the harmonic mean of Fritsch and Butland 1984 as
/// slope) at `x`; the end values hold. Without points: `x`.
pub fn at(points: &Points, x: f64) -> f64 {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return x };
    if x <= first[0] || points.len() == 1 {
        return first[1];
    }
    if x >= last[0] {
        return last[1];
    }
    let right = points.partition_point(|p| p[0] <= x).clamp(1, points.len() - 1);
    let point = |i: usize| points.get(i).copied().unwrap_or(*last);
    let secant = |i: usize| {
        let (a, b) = (point(i), point(i + 1));
        (b[1] - a[1]) / (b[0] - a[0])
    };
    let slope = |i: usize| {
        if i == 0 {
            return secant(0);
        }
        if i + 1 >= points.len() {
            return secant(points.len() - 2);
        }
        let (left, right) = (secant(i - 1), secant(i));
        if left * right <= 0.0 {
            return 0.0;
        }
        let (before, after) = (point(i)[0] - point(i - 1)[0], point(i + 1)[0] - point(i)[0]);
        let (w1, w2) = (2.0 * after + before, after + 2.0 * before);
        (w1 + w2) / (w1 / left + w2 / right)
    };
    let (a, b) = (point(right - 1), point(right));
    let width = b[0] - a[0];
    let t = (x - a[0]) / width;
    let (t2, t3) = (t * t, t * t * t);
    a[1] * (2.0 * t3 - 3.0 * t2 + 1.0)
        + slope(right - 1) * width * (t3 - 2.0 * t2 + t)
        + b[1] * (3.0 * t2 - 2.0 * t3)
        + slope(right) * width * (t3 - t2)
}

/// A curve around a circle of [`TURN`]: the points go on before and behind. Without points: `neutral`.
pub fn around(points: &Points, x: f64, neutral: f64) -> f64 {
    if points.is_empty() {
        return neutral;
    }
    let turned = |by: f64| points.iter().map(move |p| [p[0] + by, p[1]]);
    let mut all: Vec<[f64; 2]> = turned(-TURN).chain(turned(0.0)).chain(turned(TURN)).collect();
    all.dedup_by(|b, a| b[0] <= a[0]);
    at(&all, x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_curve_goes_through_its_points_and_holds_its_ends() {
        let points = [[0.1, 0.0], [0.4, 0.2], [0.7, 0.9], [0.9, 1.0]];
        for p in points {
            assert!((at(&points, p[0]) - p[1]).abs() < 1e-12);
        }
        assert_eq!((at(&points, 0.0), at(&points, 1.0), at(&[], 0.3)), (0.0, 1.0, 0.3));
        assert!((at(&[[0.0, 0.0], [1.0, 1.0]], 0.37) - 0.37).abs() < 1e-12);
        assert_eq!(around(&[], 10.0, 1.0), 1.0);
        let circle = [[10.0, 1.0], [350.0, 3.0]];
        assert!((around(&circle, 0.0, 0.0) - 2.0).abs() < 1e-9, "half way across the seam");
    }

    fn curves() -> Vec<PointCurve> {
        let points = json!({ "type": "array", "items": { "type": "array" } });
        let with = |curve: Value| {
            let mut field = points.clone();
            field["curve"] = curve;
            field["description"] = json!("What it\ndoes.");
            field
        };
        PointCurve::all(&json!({ "properties": {
            "mid_tones": with(json!({ "x": [0.0, 1.0], "y": [0.0, 2.0] })),
            "hue": with(json!({ "x": [0.0, 360.0], "y": [-180.0, 180.0], "soft": [-60, 60], "unit": "°", "neutral": 0.0 })),
        }}))
    }

    #[test]
    fn a_table_tells_its_curves() {
        let all = curves();
        let [tone, hue] = all.as_slice() else { panic!("{all:?}") };
        assert_eq!((tone.label.as_str(), tone.help.as_str()), ("Mid tones", "What it does."));
        assert_eq!((tone.x, tone.soft, tone.neutral), ([0.0, 1.0], [0.0, 2.0], None));
        assert_eq!((hue.soft, hue.unit.as_str(), hue.neutral), ([-60.0, 60.0], "°", Some(0.0)));
        assert_eq!((tone.at(&[], 0.3), hue.at(&[], 30.0)), (0.3, 0.0));
        assert_eq!(tone.schema()["items"]["prefixItems"][1]["maximum"], json!(2.0));
        let mixed = json!({ "properties": { "a": { "curve": { "x": [0, 1], "y": [0, 1] } }, "b": {} } });
        assert!(PointCurve::all(&mixed).is_empty(), "a table with anything else is no set of curves");
    }

    #[test]
    fn points_that_make_no_curve_are_refused_in_words() {
        let tone = &curves()[0];
        assert!(tone.check_json(&json!([[0, 0.1], [0.5, 2]])).is_ok());
        let many: Vec<[f64; 2]> = (0..65).map(|i| [f64::from(i) / 100.0, 0.0]).collect();
        for bad in [
            json!([[0.5, 0.0], [0.2, 1.0]]),
            json!([[0.5, 0.0], [0.5, 1.0]]),
            json!([[0.5, 2.1]]),
            json!([[-0.1, 0.0]]),
            json!([[0.5]]),
            json!("x"),
            json!(many),
        ] {
            let error = tone.check_json(&bad).unwrap_err();
            assert!(error.place().contains("mid_tones") && !error.help_text().is_empty(), "{bad} {error}");
        }
    }

    proptest! {
        #[test]
        fn between_two_points_it_stays_between_them(ys in prop::collection::vec(0.0..1.0_f64, 2..8), x in 0.0..1.0_f64) {
            let n = ys.len();
            let points: Vec<[f64; 2]> =
                ys.iter().enumerate().map(|(i, y)| [i as f64 / (n - 1) as f64, *y]).collect();
            let right = points.partition_point(|p| p[0] <= x).clamp(1, n - 1);
            let (a, b) = (points[right - 1][1], points[right][1]);
            let y = at(&points, x);
            prop_assert!(y >= a.min(b) - 1e-9 && y <= a.max(b) + 1e-9);
        }
    }
}
