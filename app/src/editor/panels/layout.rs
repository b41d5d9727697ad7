//! Where the panels are, for any size of the window.

use crate::editor::theme::Tokens;
use egui::{Rect, pos2};

/// What a person changed about the layout; remembered between sessions.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Shares {
    /// The right column's share of the width, if it was dragged.
    pub right: Option<f32>,
    /// The timeline's height, if it was dragged.
    pub timeline: Option<f32>,
    /// The viewer's height, if it was dragged.
    pub viewer: Option<f32>,
}

/// The panels' places.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Menu, title, run.
    pub top_bar: Rect,
    /// The graph with its header.
    pub graph: Rect,
    /// Under the graph.
    pub timeline: Rect,
    /// Top right, with header, readout and transport.
    pub viewer: Rect,
    /// Right, below the viewer.
    pub inspector: Rect,
    /// The queue strip.
    pub status: Rect,
}

const WIDE: f32 = 1600.0;
/// In a window taller than this the timeline grows with it.
const TALL: f32 = 1080.0;
const PICTURE_ASPECT: f32 = 9.0 / 16.0;
const READOUT: f32 = 24.0;
const TRANSPORT: f32 = 32.0;
const GRAPH_MIN: f32 = 160.0;

impl Layout {
    /// Lays the panels out in `window`.
    pub fn of(window: Rect, tokens: &Tokens, shares: Shares) -> Self {
        let (size, rules) = (&tokens.size, &tokens.layout);
        let (top_bar, rest) = window.split_top_bottom_at_y(window.top() + size.top_bar);
        let (body, status) = rest.split_top_bottom_at_y(rest.bottom() - size.status_bar);
        let column = &rules.right_column;
        let wanted = window.width() * shares.right.unwrap_or(column.share);
        // A column may be dragged past a third, never so far that the graph is gone.
        let most = if shares.right.is_some() { window.width() * 0.7 } else { column.max };
        let right_width = wanted.clamp(column.min, most.max(column.min)).round();
        let (left, right) = body.split_left_right_at_x(body.right() - right_width);
        let small = window.width() < WIDE;
        let tall = (rules.timeline.default * window.height() / TALL).max(rules.timeline.default);
        let timeline = shares.timeline.unwrap_or(if small { rules.timeline.min } else { tall });
        let most = (left.height() - GRAPH_MIN).max(rules.timeline.min);
        let timeline = timeline.clamp(rules.timeline.min, most).round();
        let (graph, timeline) = left.split_top_bottom_at_y(left.bottom() - timeline);
        let chrome = size.panel_header + READOUT + TRANSPORT;
        let natural = (right_width * PICTURE_ASPECT).round() + chrome;
        let most = (right.height() - 200.0).max(chrome + 80.0);
        let viewer = shares.viewer.unwrap_or(natural).clamp(chrome + 80.0, most).round();
        let (viewer, inspector) = right.split_top_bottom_at_y(right.top() + viewer);
        Self { top_bar, graph, timeline, viewer, inspector, status }
    }

    /// The scopes' column and what of the inspector stays beside it; `None` where the window is too narrow for both.
    pub fn scopes(&self, window: Rect, tokens: &Tokens) -> Option<[Rect; 2]> {
        let rules = &tokens.layout;
        let fits = self.inspector.width() >= rules.scopes + rules.inspector_min;
        let wide = window.width() >= rules.scopes_tab_below_width && fits;
        wide.then(|| self.inspector.split_left_right_at_x(self.inspector.left() + rules.scopes).into())
    }

    /// The lines that can be dragged: right column, timeline, viewer.
    pub fn splits(&self) -> [Rect; 3] {
        let half = 3.0;
        let (g, v) = (self.graph, self.viewer);
        [
            Rect::from_min_max(
                pos2(v.left() - half, v.top()),
                pos2(v.left() + half, self.inspector.bottom()),
            ),
            Rect::from_min_max(pos2(g.left(), g.bottom() - half), pos2(g.right(), g.bottom() + half)),
            Rect::from_min_max(pos2(v.left(), v.bottom() - half), pos2(v.right(), v.bottom() + half)),
        ]
    }
}

/// The viewer's parts: header, picture, readout, transport.
pub fn viewer_parts(viewer: Rect, tokens: &Tokens) -> [Rect; 4] {
    let (header, rest) = viewer.split_top_bottom_at_y(viewer.top() + tokens.size.panel_header);
    let (rest, transport) = rest.split_top_bottom_at_y(rest.bottom() - TRANSPORT);
    let (picture, readout) = rest.split_top_bottom_at_y(rest.bottom() - READOUT);
    [header, picture, readout, transport]
}

/// The viewer's parts where it has the whole window: no header and no readout.
pub fn full_parts(window: Rect) -> [Rect; 4] {
    let (picture, transport) = window.split_top_bottom_at_y(window.bottom() - TRANSPORT);
    let none = Rect::from_min_size(window.min, egui::Vec2::ZERO);
    [none, picture, none, transport]
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::{Pos2, vec2};

    fn at(w: f32, h: f32) -> Layout {
        Layout::of(Rect::from_min_size(Pos2::ZERO, vec2(w, h)), &Tokens::load().unwrap(), Shares::default())
    }

    #[test]
    fn full_hd_is_laid_out_as_drawn() {
        let l = at(1920.0, 1080.0);
        assert_eq!(l.top_bar.height(), 40.0);
        assert_eq!(l.status.height(), 28.0);
        assert_eq!(l.timeline.height(), 184.0);
        assert!((l.graph.width() - 1280.0).abs() <= 2.0);
        let [header, picture, readout, transport] = viewer_parts(l.viewer, &Tokens::load().unwrap());
        assert_eq!((header.height(), readout.height(), transport.height()), (28.0, 24.0, 32.0));
        assert!((picture.height() / picture.width() - 9.0 / 16.0).abs() < 0.01);
    }

    #[test]
    fn scopes_have_a_column_in_wide_windows_only() {
        let tokens = Tokens::load().unwrap();
        let of = |w, h| at(w, h).scopes(Rect::from_min_size(Pos2::ZERO, vec2(w, h)), &tokens);
        let [scopes, inspector] = of(1920.0, 1080.0).unwrap();
        assert_eq!((scopes.width(), inspector.width()), (232.0, 407.0));
        assert_eq!(of(1280.0, 720.0), None);
        assert_eq!(of(1599.0, 900.0), None);
    }

    #[test]
    fn panels_tile_the_window_at_every_size() {
        for (w, h) in [(1280.0, 720.0), (1366.0, 768.0), (1920.0, 1080.0), (2560.0, 1440.0), (3840.0, 1600.0)]
        {
            let l = at(w, h);
            let area: f32 = [l.top_bar, l.graph, l.timeline, l.viewer, l.inspector, l.status]
                .iter()
                .map(Rect::area)
                .sum();
            assert!((area - w * h).abs() < 1.0, "{w}x{h}");
            assert!(
                l.inspector.width() >= 424.0 && l.inspector.height() >= 190.0,
                "{w}x{h}: {:?}",
                l.inspector
            );
            assert!(l.graph.height() >= GRAPH_MIN);
        }
    }

    #[test]
    fn a_drag_never_pushes_a_panel_away() {
        let tokens = Tokens::load().unwrap();
        let window = Rect::from_min_size(Pos2::ZERO, vec2(1280.0, 720.0));
        for v in [-10.0, 0.0, 0.5, 5000.0] {
            let l =
                Layout::of(window, &tokens, Shares { right: Some(v), timeline: Some(v), viewer: Some(v) });
            for r in [l.graph, l.timeline, l.viewer, l.inspector] {
                assert!(r.width() >= 300.0 && r.height() >= 100.0, "{v}: {r:?}");
            }
        }
    }
}
