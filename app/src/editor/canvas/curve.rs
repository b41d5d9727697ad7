//! The path of a wire: cubic with horizontal tangents.

use crate::editor::theme::tokens::WireStyle;
use egui::epaint::CubicBezierShape;
use egui::{Color32, Pos2, Rect, Stroke, vec2};

/// A wire's four control points on the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Curve(pub(super) [Pos2; 4]);

impl Curve {
    /// From an output to an input, both on the screen.
    pub(super) fn between(from: Pos2, to: Pos2, zoom: f32, style: &WireStyle) -> Self {
        let t = &style.tangent;
        let dx = (t.factor * (to.x - from.x).abs()).clamp(t.min * zoom, t.max * zoom);
        Self([from, from + vec2(dx, 0.0), to - vec2(dx, 0.0), to])
    }

    /// A rectangle that holds it.
    pub(super) fn bounds(&self) -> Rect {
        Rect::from_points(&self.0)
    }

    /// The point at `t`, 0 to 1.
    pub(super) fn at(&self, t: f32) -> Pos2 {
        let [a, b, c, d] = self.0;
        let u = 1.0 - t;
        let (wa, wb, wc, wd) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
        (wa * a.to_vec2() + wb * b.to_vec2() + wc * c.to_vec2() + wd * d.to_vec2()).to_pos2()
    }

    /// A polyline along it.
    pub(super) fn points(&self) -> Vec<Pos2> {
        let length = self.0.windows(2).map(|w| (w[1] - w[0]).length()).sum::<f32>();
        let steps = (length / 8.0).clamp(8.0, 48.0) as usize;
        (0..=steps).map(|i| self.at(i as f32 / steps as f32)).collect()
    }

    /// As few points along it as show its shape where all is small.
    pub(super) fn few_points(&self) -> Vec<Pos2> {
        let length = self.0.windows(2).map(|w| (w[1] - w[0]).length()).sum::<f32>();
        let steps = (length / 14.0).clamp(3.0, 12.0) as usize;
        (0..=steps).map(|i| self.at(i as f32 / steps as f32)).collect()
    }

    /// How far a point is from it.
    pub(super) fn distance(&self, p: Pos2) -> f32 {
        self.points().windows(2).map(|w| to_segment(p, w[0], w[1])).fold(f32::INFINITY, f32::min)
    }

    /// Whether it runs through a rectangle.
    pub(super) fn crosses(&self, rect: Rect) -> bool {
        self.bounds().intersects(rect) && self.points().iter().any(|p| rect.contains(*p))
    }

    /// The shape to draw.
    pub(super) fn shape(&self, width: f32, color: Color32) -> CubicBezierShape {
        CubicBezierShape::from_points_stroke(self.0, false, Color32::TRANSPARENT, Stroke::new(width, color))
    }
}

fn to_segment(p: Pos2, a: Pos2, b: Pos2) -> f32 {
    let along = b - a;
    let t = ((p - a).dot(along) / along.length_sq().max(1e-9)).clamp(0.0, 1.0);
    (p - (a + along * t)).length()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::theme::Tokens;
    use egui::{Vec2, pos2};

    #[test]
    fn a_wire_leaves_and_arrives_level_even_when_it_goes_back() {
        let style = Tokens::load().unwrap().wire_style;
        for to in [pos2(300.0, 90.0), pos2(-300.0, 90.0), pos2(4.0, 0.0)] {
            let c = Curve::between(pos2(0.0, 0.0), to, 1.0, &style);
            assert_eq!(c.0[1].y, 0.0);
            assert_eq!(c.0[2].y, to.y);
            assert!((24.0..=90.0).contains(&c.0[1].x));
            assert_eq!((c.at(0.0), c.at(1.0)), (pos2(0.0, 0.0), to));
        }
    }

    #[test]
    fn a_wire_is_hit_where_it_runs() {
        let style = Tokens::load().unwrap().wire_style;
        let c = Curve::between(pos2(0.0, 0.0), pos2(200.0, 100.0), 1.0, &style);
        assert!(c.distance(pos2(100.0, 50.0)) < 1.0);
        assert!(c.distance(pos2(100.0, 90.0)) > 12.0);
        assert!(c.crosses(Rect::from_center_size(pos2(100.0, 50.0), Vec2::splat(20.0))));
    }
}
