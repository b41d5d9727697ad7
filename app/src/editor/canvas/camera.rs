//! Where the canvas looks: pan and zoom.

use egui::{Pos2, Rect, Vec2, pos2};

/// The view onto the graph. Graph units are points at 100 %.
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Camera {
    /// The graph's point at the top left of the panel.
    pub origin: Pos2,
    /// Points on the screen for one unit of the graph.
    pub zoom: f32,
}

impl Default for Camera {
    fn default() -> Self {
        Self { origin: pos2(0.0, 0.0), zoom: 1.0 }
    }
}

impl Camera {
    /// A point of the graph on the screen.
    pub fn to_screen(&self, panel: Rect, at: Pos2) -> Pos2 {
        panel.min + (at - self.origin) * self.zoom
    }

    /// A rectangle of the graph on the screen.
    pub fn rect_to_screen(&self, panel: Rect, rect: Rect) -> Rect {
        Rect::from_min_max(self.to_screen(panel, rect.min), self.to_screen(panel, rect.max))
    }

    /// A point on the screen in the graph.
    pub fn to_graph(&self, panel: Rect, at: Pos2) -> Pos2 {
        self.origin + (at - panel.min) / self.zoom
    }

    /// The part of the graph that is seen.
    pub fn seen(&self, panel: Rect) -> Rect {
        Rect::from_min_size(self.origin, panel.size() / self.zoom)
    }

    /// Moves by a distance on the screen.
    pub fn pan(&mut self, by: Vec2) {
        self.origin -= by / self.zoom;
    }

    /// Zooms by `factor` and keeps the point under `screen` where it is.
    pub fn zoom_at(&mut self, panel: Rect, screen: Pos2, factor: f32, range: (f32, f32)) {
        let fixed = self.to_graph(panel, screen);
        self.zoom = (self.zoom * factor).clamp(range.0, range.1);
        self.origin = fixed - (screen - panel.min) / self.zoom;
    }

    /// Shows all of `bounds` with a margin, and never larger than 100 %.
    pub fn fit(&mut self, panel: Rect, bounds: Rect, range: (f32, f32)) {
        let margin = 32.0;
        let room = (panel.size() - Vec2::splat(2.0 * margin)).max(Vec2::splat(1.0));
        let zoom = (room / bounds.size().max(Vec2::splat(1.0))).min_elem();
        self.zoom = zoom.clamp(range.0, range.1.min(1.0));
        self.origin = bounds.center() - panel.size() / (2.0 * self.zoom);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::vec2;

    const PANEL: Rect = Rect { min: pos2(10.0, 20.0), max: pos2(810.0, 620.0) };

    #[test]
    fn zooming_keeps_the_point_under_the_pointer() {
        let mut camera = Camera { origin: pos2(100.0, -40.0), zoom: 0.7 };
        let pointer = pos2(333.0, 222.0);
        let before = camera.to_graph(PANEL, pointer);
        camera.zoom_at(PANEL, pointer, 1.9, (0.1, 4.0));
        assert!((camera.to_graph(PANEL, pointer) - before).length() < 1e-3);
        camera.zoom_at(PANEL, pointer, 1e9, (0.1, 4.0));
        assert_eq!(camera.zoom, 4.0);
    }

    #[test]
    fn fitting_shows_everything_and_never_magnifies() {
        let mut camera = Camera::default();
        let bounds = Rect::from_min_size(pos2(-500.0, 900.0), vec2(4000.0, 800.0));
        camera.fit(PANEL, bounds, (0.1, 4.0));
        assert!(camera.seen(PANEL).contains_rect(bounds));
        camera.fit(PANEL, Rect::from_min_size(Pos2::ZERO, vec2(10.0, 10.0)), (0.1, 4.0));
        assert_eq!(camera.zoom, 1.0);
    }
}
