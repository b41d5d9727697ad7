//! The viewer: one node's picture at the playhead, with zoom, pan and a readout.

use super::readout;
use super::transport::{self, TransportAction, TransportView};
use crate::editor::theme::{Text, Theme, icons::glyph};
use crate::editor::widgets::button::{icon_button, primary};
use crate::editor::widgets::header;
use crate::editor::widgets::paint::{radius, text_in};
use egui::{
    Align, Color32, CursorIcon, Key, Modifiers, PointerButton, Pos2, Rect, Sense, Stroke, StrokeKind,
    TextureId, Ui, UiBuilder, Vec2, WidgetInfo, WidgetType, pos2, vec2,
};

/// What the viewer has to show.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// No node is viewed.
    Nothing,
    /// A picture of this size at full scale; it may be drawn from a smaller texture.
    Picture {
        /// The texture; with none the caller draws at [`Viewer::place`], as for textures that egui cannot sample.
        texture: Option<TextureId>,
        /// Pixels across and down at full scale.
        size: [u32; 2],
        /// The right frame is on its way; this is the last one.
        late: bool,
    },
    /// It is being made for the first time.
    Making(String),
    /// A job must run first: what it takes.
    NeedsRun(String),
    /// It could not be made: what is wrong, and what to do.
    Failed {
        /// What is wrong.
        what: String,
        /// What to do.
        help: String,
    },
}

/// One pixel under the pointer, read on request.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelRead {
    /// Its place at full scale.
    pub at: [u32; 2],
    /// Its channels, display referred.
    pub rgba: [f32; 4],
}

/// What the viewer shows.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewerView {
    /// The viewed node's title, or empty.
    pub title: String,
    /// The viewer key that it is on.
    pub slot: Option<u8>,
    /// The picture or the reason why there is none.
    pub shown: Shown,
    /// `3840×2160 · 24 · 240f · 709`.
    pub description: String,
    /// The pixel under the pointer, where it is known.
    pub pixel: Option<PixelRead>,
    /// The picture is evaluated at 1 over this.
    pub proxy: u32,
    /// The playhead.
    pub transport: TransportView,
}

/// What a person asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ViewerAction {
    /// Playhead and play.
    Transport(TransportAction),
    /// Evaluate at 1 over this.
    Proxy(u32),
    /// Run the job that the picture waits for.
    Run,
}

/// How the picture is drawn when it is enlarged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    fn word(self) -> &'static str {
        match self {
            Self::Auto => "Auto",
            Self::Linear => "Linear",
            Self::Nearest => "Nearest",
        }
    }

    fn next(self) -> Self {
        match self {
            Self::Auto => Self::Linear,
            Self::Linear => Self::Nearest,
            Self::Nearest => Self::Auto,
        }
    }
}

/// What the viewer remembers between frames.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// Points on the screen for one pixel at full scale; `None` fits the panel.
    zoom: Option<f32>,
    /// The picture's centre from the panel's.
    offset: Vec2,
    sampling: Sampling,
    hovered: Option<[u32; 2]>,
}

const ZOOM_RANGE: (f32, f32) = (0.02, 64.0);
/// Enlarged more than this, automatic sampling shows pixels as squares.
const SMOOTH_UP_TO: f32 = 2.0;

impl Viewer {
    /// Where a picture of `size` pixels stands in `panel`.
    pub fn place(&self, panel: Rect, size: [u32; 2]) -> Rect {
        let size = vec2(size[0].max(1) as f32, size[1].max(1) as f32);
        let fit = (panel.size() / size).min_elem();
        let offset = if self.zoom.is_some() { self.offset } else { Vec2::ZERO };
        Rect::from_center_size(panel.center() + offset, size * self.zoom.unwrap_or(fit))
    }

    /// Fits the picture into the panel.
    pub fn fit(&mut self) {
        self.zoom = None;
        self.offset = Vec2::ZERO;
    }

    fn zoom_at(&mut self, panel: Rect, size: [u32; 2], at: Pos2, zoom: f32) {
        let before = self.place(panel, size);
        let zoom = zoom.clamp(ZOOM_RANGE.0, ZOOM_RANGE.1);
        let uv = (at - before.min) / before.size();
        let new_size = vec2(size[0] as f32, size[1] as f32) * zoom;
        let new_min = at - uv * new_size;
        self.offset = new_min + new_size / 2.0 - panel.center();
        self.zoom = Some(zoom);
    }

    fn scale(&self, panel: Rect, size: [u32; 2]) -> f32 {
        self.place(panel, size).width() / size[0].max(1) as f32
    }

    /// The pixel at full scale that the pointer was over at the last frame.
    pub fn hovered(&self) -> Option<[u32; 2]> {
        self.hovered
    }

    /// Whether the picture is drawn smoothly, on a screen of `density` pixels a point.
    pub fn is_smooth(&self, panel: Rect, size: [u32; 2], density: f32) -> bool {
        match self.sampling {
            Sampling::Auto => self.scale(panel, size) * density <= SMOOTH_UP_TO,
            Sampling::Linear => true,
            Sampling::Nearest => false,
        }
    }

    /// Shows the viewer in its four parts.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        parts: [Rect; 4],
        theme: &Theme,
        view: &ViewerView,
    ) -> Vec<ViewerAction> {
        let [head, panel, readout, transport] = parts;
        let mut ui = ui.new_child(UiBuilder::new().max_rect(panel).id_salt("viewer"));
        let ui = &mut ui;
        let mut out = Vec::new();
        self.header(ui, head, panel, theme, view, &mut out);
        self.hovered = self.picture(ui, panel, theme, view, &mut out);
        readout::show(ui, readout, theme, view.pixel, &view.description);
        out.extend(transport::show(ui, transport, theme, &view.transport).map(ViewerAction::Transport));
        out
    }

    fn header(
        &mut self,
        ui: &mut Ui,
        head: Rect,
        panel: Rect,
        theme: &Theme,
        view: &ViewerView,
        out: &mut Vec<ViewerAction>,
    ) {
        let c = theme.colors();
        ui.painter().rect_filled(head, 0, *c.surface.panel_header);
        let mut x = head.left() + 12.0;
        if let Some(slot) = view.slot {
            let cap = Rect::from_center_size(pos2(x + 7.0, head.center().y), vec2(15.0, 16.0));
            let line = Stroke::new(1.0, *c.stroke.control);
            ui.painter().rect_stroke(cap, radius(3.0), line, StrokeKind::Inside);
            text_in(
                ui.painter(),
                cap,
                Align::Center,
                &slot.to_string(),
                theme.font(Text::Key),
                *c.text.primary,
            );
            x += 24.0;
        }
        let name = Rect::from_min_max(pos2(x, head.top()), pos2(head.right() - 220.0, head.bottom()));
        let title = if view.title.is_empty() { "Viewer" } else { &view.title };
        text_in(ui.painter(), name, Align::Min, title, theme.font(Text::NodeTitle), *c.text.primary);
        header::right_side(ui, head, |ui| {
            if icon_button(ui, theme, glyph::CORNERS_OUT, "Fit the picture (F)", self.zoom.is_none())
                .clicked()
            {
                self.fit();
            }
            if let Shown::Picture { size, .. } = view.shown {
                let density = ui.ctx().pixels_per_point();
                if words(ui, theme, "1:1", "A pixel of the picture on a pixel of the screen").clicked() {
                    self.zoom_at(panel, size, panel.center(), 1.0 / density);
                }
                let zoom = format!("{:.0} %", self.scale(panel, size) * density * 100.0);
                let (_, place) = ui.allocate_space(vec2(44.0, 24.0));
                let (font, ink) = (theme.font(Text::Small), *theme.colors().text.secondary);
                text_in(ui.painter(), place, Align::Center, &zoom, font, ink);
            }
            let (name, next) = match view.proxy {
                0 | 1 => ("Full".to_owned(), 2),
                2 => ("1/2".to_owned(), 4),
                n => (format!("1/{n}"), 1),
            };
            if words(ui, theme, &name, "Proxy; click for the next").clicked() {
                out.push(ViewerAction::Proxy(next));
            }
            if words(ui, theme, self.sampling.word(), "Sampling; automatic shows squares above 200 %")
                .clicked()
            {
                self.sampling = self.sampling.next();
            }
        });
    }

    fn picture(
        &mut self,
        ui: &mut Ui,
        panel: Rect,
        theme: &Theme,
        view: &ViewerView,
        out: &mut Vec<ViewerAction>,
    ) -> Option<[u32; 2]> {
        let mut child = ui.new_child(UiBuilder::new().max_rect(panel).id_salt("picture"));
        let ui = &mut child;
        ui.set_clip_rect(panel.intersect(ui.clip_rect()));
        ui.painter().rect_filled(panel, 0, *theme.colors().surface.viewer);
        let response = ui.interact(panel, ui.id().with("picture"), Sense::click_and_drag());
        response.widget_info(|| {
            WidgetInfo::labeled(WidgetType::Image, true, format!("Picture of {}", view.title))
        });
        let dark = theme.with_mode(crate::editor::theme::Mode::Dark);
        match &view.shown {
            Shown::Nothing => {
                header::empty(
                    ui,
                    &dark,
                    panel,
                    glyph::EYE,
                    "Nothing in the viewer",
                    "Select a node and press 1",
                );
                None
            }
            Shown::Making(what) => {
                header::empty(ui, &dark, panel, glyph::CIRCLE_NOTCH, "Making the picture", what);
                None
            }
            Shown::NeedsRun(cost) => {
                header::empty(ui, &dark, panel, glyph::PLAY, &format!("{} needs a run", view.title), cost);
                let place = Rect::from_center_size(panel.center() + vec2(0.0, 54.0), vec2(92.0, 28.0));
                let mut child = ui.new_child(UiBuilder::new().max_rect(place));
                if primary(&mut child, theme, Some(glyph::PLAY), "Run", true).clicked() {
                    out.push(ViewerAction::Run);
                }
                None
            }
            Shown::Failed { what, help } => {
                header::empty(ui, &dark, panel, glyph::WARNING_CIRCLE, what, help);
                None
            }
            Shown::Picture { texture, size, late } => {
                self.travel(ui, panel, *size, &response);
                let place = self.place(panel, *size);
                let tint = if *late { Color32::from_gray(225) } else { Color32::WHITE };
                if let Some(texture) = texture {
                    ui.painter().image(*texture, place, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), tint);
                }
                let at = response.hover_pos().filter(|p| place.contains(*p))?;
                let uv = (at - place.min) / place.size();
                let pixel = |f: f32, n: u32| ((f * n as f32) as u32).min(n.saturating_sub(1));
                Some([pixel(uv.x, size[0]), pixel(uv.y, size[1])])
            }
        }
    }

    fn travel(&mut self, ui: &Ui, panel: Rect, size: [u32; 2], response: &egui::Response) {
        if response.dragged_by(PointerButton::Middle) || response.dragged_by(PointerButton::Primary) {
            self.zoom = Some(self.scale(panel, size));
            self.offset += response.drag_delta();
            ui.set_cursor_icon(CursorIcon::Grabbing);
        }
        if response.double_clicked() {
            self.fit();
        }
        let Some(at) = response.hover_pos() else { return };
        let (pinch, scroll) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta().y));
        let factor = pinch * (scroll * 0.004).exp();
        if factor != 1.0 {
            self.zoom_at(panel, size, at, self.scale(panel, size) * factor);
        }
        if !ui.ctx().text_edit_focused() && ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::F)) {
            self.fit();
        }
    }
}

/// A word in a header that can be clicked.
fn words(ui: &mut Ui, theme: &Theme, text: &str, label: &str) -> egui::Response {
    let c = theme.colors();
    let galley = ui.painter().layout_no_wrap(text.to_owned(), theme.font(Text::Small), *c.text.secondary);
    let (rect, response) = ui.allocate_exact_size(vec2(galley.size().x + 12.0, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(WidgetType::Button, true, format!("{label}: {text}")));
    if response.hovered() {
        ui.painter().rect_filled(rect, radius(4.0), *c.surface.hover);
    }
    ui.painter().galley(rect.center() - galley.size() / 2.0, galley, *c.text.secondary);
    response.on_hover_text(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooming_keeps_the_pixel_under_the_pointer() {
        let panel = Rect::from_min_size(pos2(100.0, 50.0), vec2(640.0, 360.0));
        let mut viewer = Viewer::default();
        let size = [3840, 2160];
        assert_eq!(viewer.place(panel, size).size(), panel.size());
        let at = pos2(300.0, 111.0);
        let uv = |v: &Viewer| (at - v.place(panel, size).min) / v.place(panel, size).size();
        let before = uv(&viewer);
        viewer.zoom_at(panel, size, at, 1.0);
        assert!((uv(&viewer) - before).length() < 1e-4);
        assert_eq!(viewer.place(panel, size).width(), 3840.0);
        viewer.fit();
        assert_eq!(viewer.place(panel, size).size(), panel.size());
    }

    #[test]
    fn pixels_are_squares_above_two_hundred_per_cent() {
        let panel = Rect::from_min_size(Pos2::ZERO, vec2(640.0, 360.0));
        let (mut viewer, size) = (Viewer::default(), [640, 360]);
        viewer.zoom_at(panel, size, panel.center(), 2.0);
        assert!(viewer.is_smooth(panel, size, 1.0));
        assert!(!viewer.is_smooth(panel, size, 2.0), "on a dense screen that is four hundred");
        viewer.zoom_at(panel, size, panel.center(), 2.1);
        assert!(!viewer.is_smooth(panel, size, 1.0));
        viewer.sampling = Sampling::Linear;
        assert!(viewer.is_smooth(panel, size, 1.0));
    }
}
