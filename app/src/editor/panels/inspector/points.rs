//! Points of a curve: where they lie on the screen, and what is done to them. Each rule takes the points as they are
//! and gives them as they are to be, always such as the tool takes.

use egui::{Pos2, Rect, pos2};
use rushes_engine::tool::PointCurve;
use rushes_engine::tool::points::TURN;
use serde_json::{Map, Value, json};

/// `[x, y]`.
pub(super) type Point = [f64; 2];

/// How far to either side of the first point on a circle the curve is back at rest.
const REACH: f64 = 60.0;
/// Shares of a range that points keep from each other, and that values are written to.
const SHARES: f64 = 1000.0;

/// Where values lie on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Plot {
    pub(super) area: Rect,
    pub(super) x: [f64; 2],
    pub(super) y: [f64; 2],
}

impl Plot {
    pub(super) fn place(&self, [x, y]: Point) -> Pos2 {
        let across = share(x, self.x) as f32;
        let up = share(y, self.y) as f32;
        pos2(self.area.left() + across * self.area.width(), self.area.bottom() - up * self.area.height())
    }

    pub(super) fn value(&self, at: Pos2) -> Point {
        let across = f64::from((at.x - self.area.left()) / self.area.width().max(1.0));
        let up = f64::from((self.area.bottom() - at.y) / self.area.height().max(1.0));
        [self.x[0] + across * (self.x[1] - self.x[0]), self.y[0] + up * (self.y[1] - self.y[0])]
    }

    /// A value to as many digits as can be told apart on the screen, where `fine` is what a point counts.
    pub(super) fn rounded(&self, [x, y]: Point, fine: f64) -> Point {
        let step =
            |[low, high]: [f64; 2], points: f32| power((high - low) / f64::from(points.max(1.0)) * fine);
        [to(x, step(self.x, self.area.width())), to(y, step(self.y, self.area.height()))]
    }

    /// The curve from edge to edge, through every point.
    pub(super) fn line(&self, curve: &PointCurve, points: &[Point]) -> Vec<Pos2> {
        const GRAIN: f32 = 2.0;
        let steps = (self.area.width() / GRAIN).ceil().max(1.0) as usize;
        let along = (0..=steps).map(|i| self.x[0] + (self.x[1] - self.x[0]) * i as f64 / steps as f64);
        let mut xs: Vec<f64> = along.chain(points.iter().map(|p| p[0])).collect();
        xs.sort_by(f64::total_cmp);
        xs.into_iter().map(|x| self.place([x, curve.at(points, x)])).collect()
    }
}

/// The place on a line that is nearest to a point, and how far that is.
pub(super) fn nearest(line: &[Pos2], to: Pos2) -> Option<(Pos2, f32)> {
    let on = line.windows(2).filter_map(|pair| {
        let [a, b] = pair else { return None };
        let way = *b - *a;
        let along = (to - *a).dot(way) / way.length_sq().max(f32::EPSILON);
        Some(*a + way * along.clamp(0.0, 1.0))
    });
    on.map(|at| (at, at.distance(to))).min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The values that are seen: those that most work stays in, and those of all points.
pub(super) fn seen(curve: &PointCurve, points: &[Point]) -> [f64; 2] {
    points.iter().fold(curve.soft, |[low, high], p| [low.min(p[1]), high.max(p[1])])
}

/// The points that are shown: a diagonal without points has its two ends.
pub(super) fn shown(curve: &PointCurve, points: &[Point]) -> Vec<Point> {
    if points.is_empty() && curve.neutral.is_none() {
        return curve.x.map(|x| [x, within(x, curve.y)]).to_vec();
    }
    points.to_vec()
}

/// From where to where a point may be moved in x: strictly between its neighbours.
pub(super) fn room(curve: &PointCurve, points: &[Point], index: usize) -> [f64; 2] {
    let gap = grain(curve.x);
    let x = |i: usize| points.get(i).map(|p| p[0]);
    let before = index.checked_sub(1).and_then(x).map(|x| x + gap);
    let after = x(index + 1).map(|x| x - gap);
    let mut room = [before.unwrap_or(curve.x[0]), after.unwrap_or(curve.x[1])];
    // Around a circle the last is a neighbour of the first.
    if let (Some(_), [first, .., last]) = (curve.neutral, points) {
        if index == 0 {
            room[0] = room[0].max(last[0] - TURN + gap);
        } else if index + 1 == points.len() {
            room[1] = room[1].min(first[0] + TURN - gap);
        }
    }
    let own = x(index).unwrap_or(curve.x[0]);
    if room[0] > room[1] { [own, own] } else { room.map(|x| to(x, gap / 10.0)) }
}

/// With one point elsewhere.
pub(super) fn moved(curve: &PointCurve, points: &[Point], index: usize, [x, y]: Point) -> Vec<Point> {
    let room = room(curve, points, index);
    let mut new = points.to_vec();
    if let Some(point) = new.get_mut(index) {
        *point = [within(x, room), within(y, curve.y)];
    }
    new
}

/// With one more point on the curve at `x`, and which that is; nothing where there is no room. The first point brings
/// others, so that what is far from it stays as it is.
pub(super) fn added(curve: &PointCurve, points: &[Point], x: f64) -> Option<(Vec<Point>, usize)> {
    let x = within(x, curve.x);
    let mut new = shown(curve, points);
    if let (true, Some(neutral)) = (new.is_empty(), curve.neutral) {
        new = [x - REACH, x + REACH].map(|x| [to(x.rem_euclid(TURN), grain(curve.x)), neutral]).to_vec();
        new.sort_by(|a, b| a[0].total_cmp(&b[0]));
    }
    if new.len() >= PointCurve::MOST {
        return None;
    }
    let index = new.partition_point(|p| p[0] < x);
    let y = to(curve.at(points, x), grain(curve.soft));
    new.insert(index, [x, within(y, curve.y)]);
    let [low, high] = room(curve, &new, index);
    (low < high && (low..=high).contains(&x)).then_some((new, index))
}

/// Without one point; without any where what is left does nothing.
pub(super) fn removed(curve: &PointCurve, points: &[Point], index: usize) -> Vec<Point> {
    let others = points.iter().enumerate().filter(|(i, _)| *i != index).map(|(_, p)| *p);
    let left: Vec<Point> = others.collect();
    let rests = match curve.neutral {
        Some(neutral) => left.iter().all(|p| p[1] == neutral),
        None => left == shown(curve, &[]),
    };
    if rests { Vec::new() } else { left }
}

/// The middle of the widest gap, where a point is put that is put nowhere in particular.
pub(super) fn free(curve: &PointCurve, points: &[Point]) -> f64 {
    let ends = curve.x.map(|x| [x, 0.0]);
    let shown = shown(curve, points);
    let all: Vec<f64> = ends[..1].iter().chain(&shown).chain(&ends[1..]).map(|p| p[0]).collect();
    let gaps = all.windows(2).filter_map(|w| <[f64; 2]>::try_from(w).ok());
    let widest = gaps.max_by(|a, b| (a[1] - a[0]).total_cmp(&(b[1] - b[0]))).unwrap_or(curve.x);
    to((widest[0] + widest[1]) / 2.0, grain(curve.x))
}

/// The points of a curve in a table; none where the tool would not take them.
pub(super) fn read(curve: &PointCurve, table: &Value) -> Vec<Point> {
    let written = table.get(&curve.name).cloned().unwrap_or_default();
    let points: Vec<Point> = serde_json::from_value(written).unwrap_or_default();
    if curve.check(&points).is_ok() { points } else { Vec::new() }
}

/// The table with other points for one of its curves. Curves without points are left out.
pub(super) fn written(curves: &[PointCurve], table: &Value, name: &str, points: &[Point]) -> Value {
    let all = curves.iter().map(|curve| {
        let own = if curve.name == name { points.to_vec() } else { read(curve, table) };
        (curve.name.clone(), own)
    });
    let kept = all.filter(|(_, points)| !points.is_empty());
    Value::Object(kept.map(|(name, points)| (name, json!(points))).collect::<Map<_, _>>())
}

/// A step of a range that is small enough for any work.
fn grain([low, high]: [f64; 2]) -> f64 {
    power((high - low) / SHARES)
}

fn power(step: f64) -> f64 {
    if step > 0.0 { 10f64.powf(step.log10().floor()) } else { 1e-6 }
}

/// A value to a whole number of steps, without digits that no one asked for.
fn to(value: f64, step: f64) -> f64 {
    let tidy = (value / step).round() * step;
    (tidy * 1e6).round() / 1e6
}

fn share(value: f64, [low, high]: [f64; 2]) -> f64 {
    if high > low { (value - low) / (high - low) } else { 0.5 }
}

fn within(value: f64, [low, high]: [f64; 2]) -> f64 {
    value.max(low).min(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    fn curve(neutral: Option<f64>) -> PointCurve {
        let (x, y, soft) = match neutral {
            None => ([0.0, 1.0], [0.0, 1.0], [0.0, 1.0]),
            Some(_) => ([0.0, 360.0], [0.0, 4.0], [0.0, 2.0]),
        };
        let name = "red".to_owned();
        PointCurve {
            label: "Red".into(),
            help: String::new(),
            unit: String::new(),
            name,
            x,
            y,
            soft,
            neutral,
        }
    }

    fn plot() -> Plot {
        let area = Rect::from_min_size(pos2(100.0, 50.0), vec2(200.0, 100.0));
        Plot { area, x: [0.0, 1.0], y: [0.0, 1.0] }
    }

    #[test]
    fn values_lie_where_they_are_taken_from() {
        let plot = plot();
        assert_eq!(plot.place([0.0, 0.0]), pos2(100.0, 150.0));
        assert_eq!(plot.place([0.5, 1.0]), pos2(200.0, 50.0));
        let [x, y] = plot.rounded(plot.value(pos2(201.0, 51.0)), 1.0);
        assert_eq!([x, y], [0.505, 0.99]);
        let line = plot.line(&curve(None), &[]);
        let (at, far) = nearest(&line, pos2(200.0, 110.0)).unwrap();
        assert!(far < 9.0 && (at.x - 196.0).abs() < 0.1, "{at} {far}");
    }

    #[test]
    fn the_first_point_on_a_diagonal_brings_its_ends() {
        let line = curve(None);
        let (points, at) = added(&line, &[], 0.25).unwrap();
        assert_eq!((points.clone(), at), (vec![[0.0, 0.0], [0.25, 0.25], [1.0, 1.0]], 1));
        assert!(added(&line, &points, 0.25).is_none(), "two points never share an x");
        assert!(added(&line, &points, 0.0).is_none());
        let up = moved(&line, &points, 1, [0.25, 0.75]);
        let (more, at) = added(&line, &up, 0.5).unwrap();
        assert_eq!(at, 2);
        assert!((more[2][1] - line.at(&up, 0.5)).abs() < 1e-3, "it lies on the curve");
        assert_eq!(removed(&line, &up, 1), Vec::<Point>::new(), "a diagonal is no curve");
        assert_eq!(removed(&line, &up, 0), vec![[0.25, 0.75], [1.0, 1.0]]);
        assert_eq!(free(&line, &up), 0.625);
    }

    #[test]
    fn a_point_stays_between_its_neighbours_and_within_the_range() {
        let line = curve(None);
        let points = [[0.0, 0.0], [0.5, 0.5], [1.0, 1.0]];
        for (to, want) in [
            ([2.0, 0.3], [0.999, 0.3]),
            ([-1.0, 0.3], [0.001, 0.3]),
            ([0.4, 7.0], [0.4, 1.0]),
            ([0.4, -7.0], [0.4, 0.0]),
            ([f64::NAN, 0.3], [0.001, 0.3]),
        ] {
            let new = moved(&line, &points, 1, to);
            assert_eq!(new[1], want);
            line.check(&new).unwrap();
        }
        assert_eq!(moved(&line, &points, 0, [0.2, 0.1])[0], [0.2, 0.1], "the ends move too");
        assert_eq!(moved(&line, &points, 9, [0.2, 0.1]), points);
    }

    #[test]
    fn around_a_circle_the_last_is_the_firsts_neighbour() {
        let hues = curve(Some(1.0));
        let (points, at) = added(&hues, &[], 20.0).unwrap();
        assert_eq!((points.clone(), at), (vec![[20.0, 1.0], [80.0, 1.0], [320.0, 1.0]], 0));
        let up = moved(&hues, &points, 0, [20.0, 2.0]);
        assert_eq!((hues.at(&up, 20.0), hues.at(&up, 200.0)), (2.0, 1.0), "far from it nothing changes");
        assert_eq!(removed(&hues, &up, 0), Vec::<Point>::new(), "what rests is no curve");
        let wide = [[0.0, 2.0], [90.0, 1.0], [300.0, 1.0]];
        assert_eq!(moved(&hues, &wide, 2, [360.0, 1.0])[2][0], 359.9, "0 and 360 are one hue");
        assert_eq!(seen(&hues, &[[0.0, 3.0]]), [0.0, 3.0]);
    }

    #[test]
    fn a_full_curve_takes_no_more() {
        let line = curve(None);
        let full: Vec<Point> = (0..PointCurve::MOST).map(|i| [i as f64 / 100.0, 0.5]).collect();
        assert!(added(&line, &full, 0.9).is_none());
    }

    #[test]
    fn a_table_keeps_what_has_points_and_what_is_wrong_counts_as_none() {
        let mut green = curve(None);
        green.name = "green".into();
        let curves = [curve(None), green];
        let table = json!({ "red": [[0.0, 0.0], [1.0, 0.5]], "green": [[0.7, 0.0], [0.2, 1.0]] });
        assert!(read(&curves[1], &table).is_empty());
        let new = written(&curves, &table, "green", &[[0.5, 0.5]]);
        assert_eq!(new, json!({ "red": [[0.0, 0.0], [1.0, 0.5]], "green": [[0.5, 0.5]] }));
        assert_eq!(written(&curves, &new, "red", &[]), json!({ "green": [[0.5, 0.5]] }));
    }
}
