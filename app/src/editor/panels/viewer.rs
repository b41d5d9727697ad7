//! The viewer: one node's picture at the playhead, with zoom, pan and a readout.

pub use super::area::Area;
use super::area::{self, Drawing};
use super::compare::{self, CompareAction, CompareView, Mode, Side, inside};
use super::display::{Display, DisplayAction};
use super::guides::{self, GuideAction, Guides};
use super::scopes::ScopesAction;
use super::stills::{self, StillsView};
use super::transport::{self, TransportAction, TransportView};
use super::zoom::{Zoom, ZoomAction};
use super::{bands, readout, viewer_header};
use crate::editor::theme::{Mode as Shade, Theme, icons::glyph};
use crate::editor::widgets::button::primary;
use crate::editor::widgets::header;
use egui::{
    Color32, CursorIcon, PointerButton, Pos2, Rect, Response, Sense, TextureId, Ui, UiBuilder, WidgetInfo,
    WidgetType, pos2, vec2,
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
    /// A set, of which one still is picked.
    Stills(StillsView),
    /// It could not be made: what is wrong, and what to do.
    Failed {
        /// What is wrong.
        what: String,
        /// What to do.
        help: String,
    },
}

impl Shown {
    /// The size of the picture at full scale, where there is one.
    pub fn size(&self) -> Option<[u32; 2]> {
        match self {
            Self::Picture { size, .. } => Some(*size),
            _ => None,
        }
    }
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
    /// How the picture is seen.
    pub display: Display,
    /// The other picture.
    pub compare: CompareView,
    /// Lines over the picture.
    pub guides: Guides,
    /// The part that is measured by itself.
    pub area: Option<Area>,
    /// The viewer fills the screen.
    pub full: bool,
    /// The playhead.
    pub transport: TransportView,
}

impl ViewerView {
    /// What is shown as B, while it is seen.
    fn beside(&self) -> Option<&Shown> {
        let other = self.compare.other.as_ref().filter(|_| self.compare.mode() != Mode::Off);
        other.map(|other| &other.shown)
    }

    /// The size of the picture that zoom is about: A, else B.
    pub fn size(&self) -> Option<[u32; 2]> {
        self.shown.size().or_else(|| self.beside()?.size())
    }
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
    /// See it nearer or whole.
    Zoom(ZoomAction),
    /// See it brighter, or one channel of it.
    Display(DisplayAction),
    /// See it beside another.
    Compare(CompareAction),
    /// See lines over it.
    Guides(GuideAction),
    /// Measure a part of it, or all.
    Area(Option<Area>),
    /// See how it is measured.
    Scopes(ScopesAction),
    /// Pick a still of the set.
    Pick(usize),
    /// Write the frame to a file that is asked for.
    SaveFrame(StillFormat),
    /// The viewer alone, or the whole window again.
    FullScreen(bool),
}

/// What a frame is saved as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StillFormat {
    /// PNG of 8 bits.
    Png8,
    /// PNG of 16 bits.
    Png16,
    /// EXR of half floats.
    Exr,
}

impl StillFormat {
    /// All with their names, in the order of the menu.
    pub const ALL: [(&'static str, Self); 3] =
        [("PNG 8-bit…", Self::Png8), ("PNG 16-bit…", Self::Png16), ("EXR…", Self::Exr)];
}

/// What the viewer remembers between frames.
#[derive(Clone, Debug, Default)]
pub struct Viewer {
    /// Where the picture stands.
    pub zoom: Zoom,
    drawing: Drawing,
    hovered: Option<(Side, [u32; 2])>,
    /// Where it last stood: panel, size of the picture, pixels a point.
    last: Option<(Rect, [u32; 2], f32)>,
}

impl Viewer {
    /// The pixel at full scale that the pointer was over at the last frame, and of which picture.
    pub fn hovered(&self) -> Option<(Side, [u32; 2])> {
        self.hovered
    }

    /// Zooms the picture that was shown last.
    pub fn apply(&mut self, action: ZoomAction) {
        let (panel, size, density) = self.last.unwrap_or((Rect::ZERO, [1, 1], 1.0));
        self.zoom.apply(action, panel, size, density);
    }

    /// Where A and B stand in `panel`: B has the middle of A's place, in its own shape, and its own place where A has
    /// no picture.
    pub fn places(&self, panel: Rect, view: &ViewerView) -> [Option<Rect>; 2] {
        let [a, b] = view.compare.stages(panel);
        let first = view.shown.size();
        let other = view.beside().and_then(|other| other.size()).map(|second| match first {
            Some(first) => inside(self.zoom.place(b, first), second),
            None => self.zoom.place(b, second),
        });
        // Without A nothing differs from it.
        let other = other.filter(|_| first.is_some() || view.compare.mode() != Mode::Difference);
        [first.map(|size| self.zoom.place(a, size)), other]
    }

    /// Shows the viewer in its four parts, but for what lies over the picture.
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
        if let Some(size) = view.size() {
            let [stage, _] = view.compare.stages(panel);
            self.last = Some((stage, size, ui.ctx().pixels_per_point()));
        }
        if head.height() > 0.0 {
            viewer_header::show(ui, head, panel, theme, view, &self.zoom, &mut out);
        }
        self.hovered = self.picture(ui, panel, theme, view, &mut out);
        if readout.height() > 0.0 {
            readout::show(ui, readout, theme, view.pixel, &view.description);
        }
        out.extend(transport::show(ui, transport, theme, &view.transport).map(ViewerAction::Transport));
        out
    }

    /// Shows what lies over the picture: captions, lines, what can be dragged.
    pub fn over(&mut self, ui: &mut Ui, panel: Rect, theme: &Theme, view: &ViewerView) -> Vec<ViewerAction> {
        let mut ui = ui.new_child(UiBuilder::new().max_rect(panel).id_salt("over the picture"));
        let ui = &mut ui;
        ui.set_clip_rect(panel.intersect(ui.clip_rect()));
        let mut out = Vec::new();
        let (Some(place), Shown::Picture { size, .. }) = (self.places(panel, view)[0], &view.shown) else {
            out.extend(
                compare::over(ui, panel, theme, &view.title, &view.shown, &view.compare)
                    .map(ViewerAction::Compare),
            );
            return out;
        };
        guides::show(ui.painter(), place, theme, view.guides);
        if let Some(area) = view.area
            && area::show(ui, theme, place, *size, area)
        {
            out.push(ViewerAction::Area(None));
        }
        let asked = compare::over(ui, panel, theme, &view.title, &view.shown, &view.compare);
        out.extend(asked.map(ViewerAction::Compare));
        if view.display.false_color {
            bands::show(ui, panel, theme);
        }
        out
    }

    fn picture(
        &mut self,
        ui: &mut Ui,
        panel: Rect,
        theme: &Theme,
        view: &ViewerView,
        out: &mut Vec<ViewerAction>,
    ) -> Option<(Side, [u32; 2])> {
        let mut child = ui.new_child(UiBuilder::new().max_rect(panel).id_salt("picture"));
        let ui = &mut child;
        ui.set_clip_rect(panel.intersect(ui.clip_rect()));
        ui.painter().rect_filled(panel, 0, *theme.colors().surface.viewer);
        let response = ui.interact(panel, ui.id().with("picture"), Sense::click_and_drag());
        response.widget_info(|| {
            WidgetInfo::labeled(WidgetType::Image, true, format!("Picture of {}", view.title))
        });
        // Words keep to their part, so that no line crosses them.
        let [a, b] = view.compare.panes(panel);
        if let Some(other) = view.compare.other.as_ref().filter(|_| b.is_positive())
            && instead(ui, (Side::B, b), theme, &other.title, &other.shown)
        {
            out.push(ViewerAction::Run);
        }
        if let Shown::Stills(set) = &view.shown {
            out.extend(stills::show(ui, a, theme, set).map(ViewerAction::Pick));
        } else if instead(ui, (Side::A, a), theme, &view.title, &view.shown) {
            out.push(ViewerAction::Run);
        }
        let [place, other] = self.places(panel, view);
        let (Shown::Picture { texture, size, late }, Some(place)) = (&view.shown, place) else {
            let (place, size) = other.zip(view.size())?;
            self.travel(ui, panel, size, &response, view);
            let at = response.hover_pos().filter(|at| b.contains(*at))?;
            return pixel_at(at, place, size).map(|pixel| (Side::B, pixel));
        };
        match self.drawing.drag(ui, &response, place, *size) {
            Some(area) => out.push(ViewerAction::Area(area)),
            None => self.travel(ui, panel, *size, &response, view),
        }
        let tint = if *late { Color32::from_gray(225) } else { Color32::WHITE };
        if let Some(texture) = texture {
            ui.painter().image(*texture, place, Rect::from_min_max(Pos2::ZERO, pos2(1.0, 1.0)), tint);
        }
        let at = response.hover_pos()?;
        let (side, place, size) = match (view.compare.under(panel, at.x).0, &view.compare.other, other) {
            (Side::B, Some(compare::OtherView { shown: Shown::Picture { size, .. }, .. }), Some(place)) => {
                (Side::B, place, size)
            }
            (Side::B, _, _) => return None,
            (Side::A, _, _) => (Side::A, place, size),
        };
        pixel_at(at, place, *size).map(|pixel| (side, pixel))
    }

    fn travel(&mut self, ui: &Ui, panel: Rect, size: [u32; 2], response: &Response, view: &ViewerView) {
        let [first, _] = view.compare.stages(panel);
        let dragged =
            response.dragged_by(PointerButton::Middle) || response.dragged_by(PointerButton::Primary);
        if dragged && !self.drawing.is_on() {
            self.zoom.scale = Some(self.zoom.scale(first, size));
            self.zoom.offset += response.drag_delta();
            ui.set_cursor_icon(CursorIcon::Grabbing);
        }
        if response.double_clicked() {
            self.apply(ZoomAction::Fit);
        }
        let Some(at) = response.hover_pos() else { return };
        let (_, stage) = view.compare.under(panel, at.x);
        let (pinch, scroll) = ui.input(|i| (i.zoom_delta(), i.smooth_scroll_delta().y));
        let factor = pinch * (scroll * 0.004).exp();
        if factor != 1.0 {
            self.zoom.zoom_at(stage, size, at, self.zoom.scale(stage, size) * factor);
        }
    }
}

/// The pixel of a picture in its place that is under a point.
fn pixel_at(at: Pos2, place: Rect, size: [u32; 2]) -> Option<[u32; 2]> {
    let uv = (at - place.min) / place.size();
    let pixel = |f: f32, n: u32| ((f * n as f32) as u32).min(n.saturating_sub(1));
    place.contains(at).then(|| [pixel(uv.x, size[0]), pixel(uv.y, size[1])])
}

/// Says why there is no picture, where there is room to say it. True where its job is to run.
fn instead(ui: &mut Ui, (side, panel): (Side, Rect), theme: &Theme, title: &str, shown: &Shown) -> bool {
    const ROOM: f32 = 120.0;
    if panel.width() < ROOM {
        return false;
    }
    let mut child = ui.new_child(UiBuilder::new().max_rect(panel).id_salt(("instead", side)));
    let ui = &mut child;
    ui.set_clip_rect(panel.intersect(ui.clip_rect()));
    let dark = theme.with_mode(Shade::Dark);
    match shown {
        Shown::Nothing => {
            let way = "Select a node and press 1";
            header::empty(ui, &dark, panel, glyph::EYE, "Nothing in the viewer", way);
        }
        Shown::Making(what) => {
            header::empty(ui, &dark, panel, glyph::CIRCLE_NOTCH, "Making the picture", what);
        }
        Shown::NeedsRun(cost) => {
            header::empty(ui, &dark, panel, glyph::PLAY, &format!("{title} needs a run"), cost);
            let place = Rect::from_center_size(panel.center() + vec2(0.0, 54.0), vec2(92.0, 28.0));
            let mut child = ui.new_child(UiBuilder::new().max_rect(place));
            return primary(&mut child, theme, Some(glyph::PLAY), "Run", true).clicked();
        }
        Shown::Failed { what, help } => {
            header::empty(ui, &dark, panel, glyph::WARNING_CIRCLE, what, help);
        }
        Shown::Stills(_) => {
            let way = "View the node that picks one of them";
            header::empty(ui, &dark, panel, glyph::IMAGES, &format!("{title} gives several stills"), way);
        }
        Shown::Picture { .. } => {}
    }
    false
}
