//! Grades a shot: exposure, white balance, lift, gamma, gain, offset, contrast, curves and saturation, always in this
//! order of work. `v` is a display value from 0 (black) to 1 (white); nothing is clipped.
//!
//! 1. *Exposure, temperature, tint* are factors of light. In stops, `s = exposure + temperature·(0.5, 0, -0.5) +
//!    tint·(0.25, -0.5, 0.25)` for red, green and blue; the part of temperature and tint is divided by the BT.709
//!    luminance that it gives to white, so that they do not change brightness. Light is `v^2.4`, so `v ← v·2^(s/2.4)`.
//! 2. *Lift*: `v ← v + lift·(1 - v)`.
//! 3. *Gamma*: `v ← v^(1/gamma)`, odd about 0.
//! 4. *Gain, offset*: `v ← v·gain + offset`.
//! 5. *Contrast*: `v ← (v - pivot)·contrast + pivot`.
//! 6. *Curves*: `v ← channel(all(v))`, each a monotone cubic through its points, read from 4,096 entries; its end values
//!    hold, and what lies beyond black and white is carried along.
//! 7. *Hue curves*, by the hue of the colour in Oklab (red 29°, yellow 110°, green 142°, cyan 195°, blue 264°, magenta
//!    328°): the hue turns by degrees, the chroma is multiplied, lightness is added where there is colour.
//! 8. *Saturation*: `v ← y + (v - y)·saturation` with BT.709 luma `y`.
//!
//! With a mood board wired the shot is first tinted towards it: to Oklab's a and b of every pixel, half of the board's
//! mean a and b, times the pixel's lightness, are added. `finish/match` goes all the way.

use super::advice;
use crate::picture;
use crate::plan::style_stats::StyleStats;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, RenderCx, Spec, Tool, points};
use rushes_engine::{Desc, Key, KeyHasher, PayloadRef, Result, Transfer, ValueType};
use rushes_gpu::{ParamValues, PointwiseShader, Table, TableKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

static GRADE: PointwiseShader = PointwiseShader::new(
    "grade",
    include_str!("../../assets/shaders/finish/grade.wgsl"),
    1,
    &[("curves", TableKind::Plane), ("hues", TableKind::Plane)],
);
/// Entries of the curves: a step is finer than one code of 12 bits.
const CURVE_ENTRIES: u32 = 4096;
/// Entries around the circle of hues, the first again at the end.
const HUE_ENTRIES: u32 = 721;

/// Curves by the value of a channel. Points are `[x, y]` from 0 to 1, x rising; no points leave the channel as it is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Curves {
    /// For red, green and blue alike, before their own.
    #[schemars(extend("curve" = { "x": [0.0, 1.0], "y": [0.0, 1.0] }))]
    pub all: Vec<[f64; 2]>,
    /// For red.
    #[schemars(extend("curve" = { "x": [0.0, 1.0], "y": [0.0, 1.0] }))]
    pub red: Vec<[f64; 2]>,
    /// For green.
    #[schemars(extend("curve" = { "x": [0.0, 1.0], "y": [0.0, 1.0] }))]
    pub green: Vec<[f64; 2]>,
    /// For blue.
    #[schemars(extend("curve" = { "x": [0.0, 1.0], "y": [0.0, 1.0] }))]
    pub blue: Vec<[f64; 2]>,
}

/// Curves by hue. Points are `[hue in degrees, y]`, hues rising; the curve goes around the circle.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HueCurves {
    /// Degrees by which the hue turns, -180 to 180.
    #[schemars(extend("curve" = {
        "x": [0.0, 360.0], "y": [-180.0, 180.0], "soft": [-60.0, 60.0], "neutral": 0.0, "unit": "°"
    }))]
    pub hue: Vec<[f64; 2]>,
    /// Factor of the chroma, 0 to 4.
    #[schemars(extend("curve" = {
        "x": [0.0, 360.0], "y": [0.0, 4.0], "soft": [0.0, 2.0], "neutral": 1.0
    }))]
    pub saturation: Vec<[f64; 2]>,
    /// Added to Oklab's lightness, -1 to 1.
    #[schemars(extend("curve" = {
        "x": [0.0, 360.0], "y": [-1.0, 1.0], "soft": [-0.5, 0.5], "neutral": 0.0
    }))]
    pub luma: Vec<[f64; 2]>,
}

/// Parameters of [`Grade`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct GradeParams {
    /// Brightness in stops of light.
    #[schemars(range(min = -16.0, max = 16.0), extend("soft" = [-3.0, 3.0], "unit" = "stops"))]
    pub exposure: f64,
    /// Warmer above 0, cooler below.
    #[schemars(range(min = -4.0, max = 4.0), extend("soft" = [-1.0, 1.0]))]
    pub temperature: f64,
    /// Towards magenta above 0, towards green below.
    #[schemars(range(min = -4.0, max = 4.0), extend("soft" = [-1.0, 1.0]))]
    pub tint: f64,
    /// Raises black and leaves white, for red, green and blue.
    #[schemars(inner(range(min = -4.0, max = 4.0)), extend("soft" = [-0.5, 0.5]))]
    pub lift: [f64; 3],
    /// Brightens the middle above 1 and leaves black and white.
    #[schemars(inner(range(min = 0.05, max = 20.0)), extend("soft" = [0.5, 2.0]))]
    pub gamma: [f64; 3],
    /// Multiplies: moves white and leaves black.
    #[schemars(inner(range(min = -16.0, max = 16.0)), extend("soft" = [0.0, 2.0]))]
    pub gain: [f64; 3],
    /// Is added to every value.
    #[schemars(inner(range(min = -4.0, max = 4.0)), extend("soft" = [-0.5, 0.5]))]
    pub offset: [f64; 3],
    /// Spreads values away from the pivot.
    #[schemars(range(min = 0.0, max = 16.0), extend("soft" = [0.0, 2.0]))]
    pub contrast: f64,
    /// The value that contrast leaves as it is.
    #[schemars(range(min = 0.0, max = 1.0), extend("soft" = [0.0, 1.0]))]
    pub pivot: f64,
    /// Curves by value.
    pub curves: Curves,
    /// Curves by hue.
    pub hue_curves: HueCurves,
    /// Colourfulness: 0 is grey.
    #[schemars(range(min = 0.0, max = 16.0), extend("soft" = [0.0, 2.0]))]
    pub saturation: f64,
}

impl Default for GradeParams {
    fn default() -> Self {
        Self {
            exposure: 0.0,
            temperature: 0.0,
            tint: 0.0,
            lift: [0.0; 3],
            gamma: [1.0; 3],
            gain: [1.0; 3],
            offset: [0.0; 3],
            contrast: 1.0,
            pivot: 0.435,
            curves: Curves::default(),
            hue_curves: HueCurves::default(),
            saturation: 1.0,
        }
    }
}

impl GradeParams {
    fn is_neutral(&self) -> bool {
        *self == Self { pivot: self.pivot, ..Self::default() }
    }

    /// Exposure, temperature and tint as factors of the values of `transfer`.
    fn gains(&self, transfer: Transfer) -> [f64; 3] {
        let balance = [(0.5, 0.25), (0.0, -0.5), (-0.5, 0.25)]
            .map(|(t, m)| (self.temperature * t + self.tint * m).exp2());
        let [r, g, b] = balance;
        let white = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        let power = if transfer == Transfer::Linear { 1.0 } else { 1.0 / 2.4 };
        balance.map(|v| (v / white * self.exposure.exp2()).powf(power))
    }

    fn curve_table(&self) -> Result<Table> {
        let curves = &self.curves;
        if *curves == Curves::default() {
            return Table::curve(vec![[0.0; 4]]);
        }
        let entry = |i: u32| {
            let v = points::at(&curves.all, f64::from(i) / f64::from(CURVE_ENTRIES - 1));
            let of = |own: &[[f64; 2]]| points::at(own, v) as f32;
            [of(&curves.red), of(&curves.green), of(&curves.blue), 0.0]
        };
        Table::curve((0..CURVE_ENTRIES).map(entry).collect())
    }

    fn hue_table(&self) -> Result<Table> {
        let hues = &self.hue_curves;
        if *hues == HueCurves::default() {
            return Table::curve(vec![[0.0; 4]]);
        }
        let entry = |i: u32| {
            let hue = 360.0 * f64::from(i) / f64::from(HUE_ENTRIES - 1);
            let of = |own: &[[f64; 2]], neutral| points::around(own, hue, neutral) as f32;
            [of(&hues.hue, 0.0).to_radians(), of(&hues.saturation, 1.0), of(&hues.luma, 0.0), 0.0]
        };
        Table::curve((0..HUE_ENTRIES).map(entry).collect())
    }

    fn values(&self, transfer: Transfer, mood: [f32; 2]) -> ParamValues {
        // A pivot without contrast is no part of the key.
        let pivot = if self.contrast == 1.0 { 0.0 } else { self.pivot };
        let gains = self.gains(transfer);
        let single = |v: [f64; 3]| v.map(|v| v as f32);
        ParamValues::new()
            .with("slope", single([0, 1, 2].map(|i| gains[i] * (1.0 - self.lift[i]))))
            .with("lift", single(self.lift))
            .with("power", single(self.gamma.map(|g| 1.0 / g)))
            .with("gain", single(self.gain.map(|gain| gain * self.contrast)))
            .with("offset", single(self.offset.map(|offset| (offset - pivot) * self.contrast + pivot)))
            .with("saturation", self.saturation as f32)
            .with("curved", self.curves != Curves::default())
            .with("hued", self.hue_curves != HueCurves::default())
            .with("light", transfer == Transfer::Linear)
            .with("mood", mood)
    }
}

/// `finish/grade`.
pub struct Grade;

impl Tool for Grade {
    type Params = GradeParams;

    fn spec() -> Spec {
        Spec::new("finish/grade", 1, "Grade", crate::docs::docs!())
            .search(&[
                "colour",
                "color",
                "exposure",
                "contrast",
                "curves",
                "white balance",
                "saturation",
                "lift gamma gain",
            ])
            .input(Port::of(ValueType::Clip))
            .input(Port::of(ValueType::Style).optional())
            .output(Port::of(ValueType::Clip))
            .pointwise()
    }

    fn describe(_: &GradeParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let mut clip = cx.frames("clip")?.clone();
        if let Some(Desc::Style(style)) = cx.input("style") {
            clip.style = Some(Arc::new(style.clone()));
        }
        let described = Described::one(Desc::Clip(clip.clone()));
        Ok(match clip.color.transfer {
            Transfer::Sdr | Transfer::Linear => described,
            _ => {
                described.word("graded as if it were a display picture: its stops are no stops of light here")
            }
        })
    }

    fn needs(_: &GradeParams, cx: &FrameCx<'_>) -> Vec<Need> {
        let mut needs = vec![Need::new("clip", cx.timed("clip"))];
        needs.extend(cx.input("style").map(|_| Need::new("style", 0)));
        needs
    }

    fn identity(p: &GradeParams, cx: &FrameCx<'_>) -> Option<Need> {
        (p.is_neutral() && cx.input("style").is_none()).then(|| Need::new("clip", cx.timed("clip")))
    }

    fn idle(p: &GradeParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        if p.contrast == 1.0 { vec!["pivot"] } else { Vec::new() }
    }

    fn code() -> Option<Key> {
        Some(KeyHasher::new("grade").key(GRADE.hash()).finish())
    }

    fn render(p: &GradeParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let stats = cx.payload("style").and_then(|s| s.as_any().downcast_ref::<StyleStats>());
        let mood = stats.map_or([0.0; 2], |s| [s.mean[1], s.mean[2]].map(|v| 0.5 * v));
        let values = p.values(cx.clip()?.color.transfer, mood);
        let tables = vec![p.curve_table()?, p.hue_table()?];
        picture::stage(cx, &GRADE, &values, tables, vec![picture::expr(cx, "clip")?], 0)
    }

    fn lint(_: &GradeParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        advice::before_grain(cx)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{gpu, pixels, run};
    use super::*;
    use rushes_engine::tool::{ParamKind, ParamSpec};
    use rushes_gpu::Place;
    use serde_json::json;

    fn graded(p: &GradeParams, transfer: Transfer) -> (Vec<[f32; 4]>, Vec<[f32; 4]>) {
        let picture = pixels(33, 32, |x, y| {
            let (x, y) = (x as f32 / 32.0, y as f32 / 31.0);
            [x * 1.2 - 0.1, y, (x * 7.0 + y * 3.0).fract(), 0.5 + 0.5 * y]
        });
        let tables = vec![p.curve_table().unwrap(), p.hue_table().unwrap()];
        let place = Place::of_size(33, 32);
        let out = run(&gpu(), &GRADE, &p.values(transfer, [0.0; 2]), tables, &[&picture], place);
        (picture.rgba, out.rgba)
    }

    /// The documentation's formula without curves, in double precision.
    fn formula(p: &GradeParams, v: [f32; 4]) -> [f64; 3] {
        let balance = [[0.5, 0.25], [0.0, -0.5], [-0.5, 0.25]]
            .map(|k: [f64; 2]| 2.0_f64.powf(p.temperature * k[0] + p.tint * k[1]));
        let white = 0.2126 * balance[0] + 0.7152 * balance[1] + 0.0722 * balance[2];
        let mut out = [0.0; 3];
        for i in 0..3 {
            let v = f64::from(v[i]);
            let light = v.abs().powf(2.4) * 2.0_f64.powf(p.exposure) * balance[i] / white;
            let v = v.signum() * light.powf(1.0 / 2.4);
            let v = v + p.lift[i] * (1.0 - v);
            let v = v.signum() * v.abs().powf(1.0 / p.gamma[i]);
            let v = v * p.gain[i] + p.offset[i];
            out[i] = (v - p.pivot) * p.contrast + p.pivot;
        }
        let y = 0.2126 * out[0] + 0.7152 * out[1] + 0.0722 * out[2];
        out.map(|v| y + (v - y) * p.saturation)
    }

    #[test]
    fn it_is_its_formula() {
        let plain = GradeParams::default();
        let cases = [
            plain.clone(),
            GradeParams { exposure: 1.3, ..plain.clone() },
            GradeParams { exposure: -0.5, temperature: 0.8, tint: -0.4, ..plain.clone() },
            GradeParams { lift: [0.1, -0.05, 0.0], gamma: [1.4, 0.8, 1.0], ..plain.clone() },
            GradeParams {
                gain: [1.2, 0.9, 1.0],
                offset: [0.02, 0.0, -0.03],
                saturation: 1.6,
                ..plain.clone()
            },
            GradeParams { contrast: 1.5, pivot: 0.3, saturation: 0.2, ..plain },
        ];
        for p in cases {
            let (from, to) = graded(&p, Transfer::Sdr);
            for (from, to) in from.iter().zip(&to) {
                let want = formula(&p, *from);
                assert!(
                    (0..3).all(|i| (want[i] - f64::from(to[i])).abs() < 1e-4),
                    "{p:?}: {from:?} {to:?} {want:?}"
                );
                assert_eq!(from[3], to[3]);
            }
        }
    }

    #[test]
    fn its_defaults_change_nothing() {
        let (from, to) = graded(&GradeParams::default(), Transfer::Sdr);
        assert!(from.iter().flatten().zip(to.iter().flatten()).all(|(a, b)| (a - b).abs() < 1e-6));
        assert!(GradeParams { pivot: 0.2, ..GradeParams::default() }.is_neutral());
    }

    #[test]
    fn curves_go_through_their_points() {
        let curves = Curves {
            all: vec![[0.0, 0.0], [0.25, 0.5], [1.0, 1.0]],
            red: vec![[0.0, 1.0], [1.0, 0.0]],
            ..Curves::default()
        };
        let (from, to) =
            graded(&GradeParams { curves: curves.clone(), ..GradeParams::default() }, Transfer::Sdr);
        for (from, to) in from.iter().zip(&to).filter(|(f, _)| f[..3].iter().all(|v| (0.0..=1.0).contains(v)))
        {
            let all = from.map(|v| points::at(&curves.all, f64::from(v)));
            let want = [1.0 - all[0], all[1], all[2]];
            assert!((0..3).all(|i| (want[i] - f64::from(to[i])).abs() < 1e-4), "{from:?} {to:?} {want:?}");
        }
        let beyond = graded(
            &GradeParams {
                curves: Curves { red: vec![[0.0, 0.0], [1.0, 0.8]], ..Curves::default() },
                ..GradeParams::default()
            },
            Transfer::Sdr,
        );
        let (from, to) = beyond.0.iter().zip(&beyond.1).find(|(f, _)| f[0] > 1.05).unwrap();
        assert!((to[0] - (0.8 + from[0] - 1.0)).abs() < 1e-4);
    }

    #[test]
    fn hue_curves_touch_only_their_hues() {
        // Blue's chroma to 0; the seam of the circle at red is left alone.
        let saturation =
            vec![[0.0, 1.0], [200.0, 1.0], [240.0, 0.0], [290.0, 0.0], [320.0, 1.0], [359.0, 1.0]];
        let hue_curves = HueCurves { saturation, ..HueCurves::default() };
        let p = GradeParams { hue_curves, ..GradeParams::default() };
        let picture = pixels(3, 1, |x, _| {
            [[0.1, 0.2, 0.9, 1.0], [0.9, 0.1, 0.1, 1.0], [0.4, 0.4, 0.4, 1.0]][x as usize]
        });
        let tables = vec![p.curve_table().unwrap(), p.hue_table().unwrap()];
        let place = Place::of_size(3, 1);
        let out = run(&gpu(), &GRADE, &p.values(Transfer::Sdr, [0.0; 2]), tables, &[&picture], place).rgba;
        let spread = |p: [f32; 4]| p[0].max(p[1]).max(p[2]) - p[0].min(p[1]).min(p[2]);
        assert!(spread(out[0]) < 2e-3, "{:?}", out[0]);
        for i in [1, 2] {
            assert!((0..3).all(|c| (out[i][c] - picture.rgba[i][c]).abs() < 1e-3), "{:?}", out[i]);
        }
    }

    #[test]
    fn every_curve_says_where_it_changes_nothing_and_what_it_may_do() {
        let plain = GradeParams::default();
        for name in ["curves", "hue_curves"] {
            let specs = ParamSpec::all::<GradeParams>();
            let spec = specs.iter().find(|s| s.name == name).unwrap();
            let ParamKind::Curves { curves } = &spec.kind else { panic!("{:?}", spec.kind) };
            for curve in curves {
                let rest = [curve.x[0], curve.x[1] - 1e-3].map(|x| [x, curve.at(&[], x)]);
                let value = json!({ &curve.name: rest });
                spec.check(&value).unwrap();
                let mut all = serde_json::to_value(&plain).unwrap();
                all[name] = value;
                let p: GradeParams = serde_json::from_value(all).unwrap();
                let (from, to) = graded(&p, Transfer::Sdr);
                let inside = from.iter().zip(&to).filter(|(f, _)| f.iter().all(|v| (0.0..=1.0).contains(v)));
                let apart = inside.flat_map(|(from, to)| from.iter().zip(to).map(|(a, b)| (a - b).abs()));
                let most = apart.fold(0.0, f32::max);
                assert!(most < 2e-3, "{name}.{} at rest changes by {most}", curve.name);
                assert_ne!(p, plain, "{name}.{} is a curve of the grade", curve.name);
                let falling = json!({ &curve.name: [[0.5, 0.0], [0.2, 0.0]] });
                let error = spec.check(&falling).unwrap_err();
                assert!(error.place().contains(&curve.name) && !error.help_text().is_empty(), "{error}");
            }
        }
    }

    #[test]
    fn the_shader_takes_what_it_is_given() {
        GRADE.validate().unwrap();
    }
}
