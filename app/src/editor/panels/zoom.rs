//! Where the picture stands in the viewer, and how it is drawn when it is enlarged.

use egui::{Pos2, Rect, Vec2, vec2};

/// How the picture is drawn when it is enlarged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Sampling {
    /// Smooth, and above 200 % squares, since who looks that close wants to see pixels.
    #[default]
    Auto,
    /// Smooth.
    Linear,
    /// Squares.
    Nearest,
}

impl Sampling {
    /// All with their names, in the order of the menu.
    pub const ALL: [(&'static str, Self); 3] =
        [("Auto", Self::Auto), ("Linear", Self::Linear), ("Nearest", Self::Nearest)];
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ZoomAction {
    /// The whole picture.
    Fit,
    /// A pixel of the picture on a pixel of the screen.
    OneToOne,
    /// The scale times this, about the middle.
    By(f32),
    /// How an enlarged picture is drawn.
    Sampling(Sampling),
}

/// Where the picture stands.
#[derive(Clone, Debug, Default)]
pub struct Zoom {
    /// Points on the screen for one pixel at full scale; `None` fits the panel.
    pub(super) scale: Option<f32>,
    /// The picture's centre from the panel's.
    pub(super) offset: Vec2,
    pub(super) sampling: Sampling,
}

const RANGE: (f32, f32) = (0.02, 64.0);
/// Enlarged more than this, automatic sampling shows pixels as squares.
const SMOOTH_UP_TO: f32 = 2.0;

impl Zoom {
    /// Where a picture of `size` pixels stands in `panel`.
    pub fn place(&self, panel: Rect, size: [u32; 2]) -> Rect {
        let size = vec2(size[0].max(1) as f32, size[1].max(1) as f32);
        let fit = (panel.size() / size).min_elem();
        let offset = if self.scale.is_some() { self.offset } else { Vec2::ZERO };
        Rect::from_center_size(panel.center() + offset, size * self.scale.unwrap_or(fit))
    }

    /// Does what was asked, on a screen of `density` pixels a point.
    pub fn apply(&mut self, action: ZoomAction, panel: Rect, size: [u32; 2], density: f32) {
        let about = panel.center();
        match action {
            ZoomAction::Fit => (self.scale, self.offset) = (None, Vec2::ZERO),
            ZoomAction::OneToOne => self.zoom_at(panel, size, about, 1.0 / density),
            ZoomAction::By(by) => self.zoom_at(panel, size, about, self.scale(panel, size) * by),
            ZoomAction::Sampling(sampling) => self.sampling = sampling,
        }
    }

    /// Zooms so that what is at `at` stays there.
    pub(super) fn zoom_at(&mut self, panel: Rect, size: [u32; 2], at: Pos2, scale: f32) {
        let before = self.place(panel, size);
        let scale = scale.clamp(RANGE.0, RANGE.1);
        let uv = (at - before.min) / before.size();
        let new_size = vec2(size[0] as f32, size[1] as f32) * scale;
        let new_min = at - uv * new_size;
        self.offset = new_min + new_size / 2.0 - panel.center();
        self.scale = Some(scale);
    }

    /// Points on the screen for one pixel at full scale.
    pub(super) fn scale(&self, panel: Rect, size: [u32; 2]) -> f32 {
        self.place(panel, size).width() / size[0].max(1) as f32
    }

    /// Whether the picture is drawn smoothly, on a screen of `density` pixels a point.
    pub fn is_smooth(&self, panel: Rect, size: [u32; 2], density: f32) -> bool {
        match self.sampling {
            Sampling::Auto => self.scale(panel, size) * density <= SMOOTH_UP_TO,
            Sampling::Linear => true,
            Sampling::Nearest => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::pos2;

    #[test]
    fn zooming_keeps_the_pixel_under_the_pointer() {
        let panel = Rect::from_min_size(pos2(100.0, 50.0), vec2(640.0, 360.0));
        let mut zoom = Zoom::default();
        let size = [3840, 2160];
        assert_eq!(zoom.place(panel, size).size(), panel.size());
        let at = pos2(300.0, 111.0);
        let uv = |v: &Zoom| (at - v.place(panel, size).min) / v.place(panel, size).size();
        let before = uv(&zoom);
        zoom.zoom_at(panel, size, at, 1.0);
        assert!((uv(&zoom) - before).length() < 1e-4);
        assert_eq!(zoom.place(panel, size).width(), 3840.0);
        zoom.apply(ZoomAction::Fit, panel, size, 1.0);
        assert_eq!(zoom.place(panel, size).size(), panel.size());
    }

    #[test]
    fn pixels_are_squares_above_two_hundred_per_cent() {
        let panel = Rect::from_min_size(Pos2::ZERO, vec2(640.0, 360.0));
        let (mut zoom, size) = (Zoom::default(), [640, 360]);
        zoom.zoom_at(panel, size, panel.center(), 2.0);
        assert!(zoom.is_smooth(panel, size, 1.0));
        assert!(!zoom.is_smooth(panel, size, 2.0), "on a dense screen that is four hundred");
        zoom.zoom_at(panel, size, panel.center(), 2.1);
        assert!(!zoom.is_smooth(panel, size, 1.0));
        zoom.sampling = Sampling::Linear;
        assert!(zoom.is_smooth(panel, size, 1.0));
    }
}
