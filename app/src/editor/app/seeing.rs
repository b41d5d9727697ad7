//! How the viewed picture is seen: display, lines, the part that is measured, full screen.

use super::Editor;
use crate::editor::panels::compare::Side;
use crate::editor::panels::display::Display;
use crate::editor::panels::guides::Guides;
use crate::editor::panels::viewer::Area;

/// How it is seen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Seeing {
    pub(super) display: Display,
    pub(super) guides: Guides,
    /// The part that is measured, with the size of the picture that it was drawn on.
    area: Option<(Area, [u32; 2])>,
    /// The viewer fills the screen.
    pub(super) full: bool,
}

impl Editor {
    /// The part of A that is measured by itself; one drawn on a picture of another size means nothing here.
    pub(super) fn area(&self) -> Option<Area> {
        let size = self.seen(Side::A)?.size;
        self.seeing.area.filter(|(_, of)| *of == size).map(|(area, _)| area)
    }

    /// Measures a part of A, or all of it.
    pub(super) fn measure(&mut self, area: Option<Area>) {
        let size = self.seen(Side::A).map(|seen| seen.size);
        self.seeing.area = area.zip(size).and_then(|([left, top, right, bottom], size)| {
            let area = [left, top, right.min(size[0]), bottom.min(size[1])];
            (area[0] < area[2] && area[1] < area[3]).then_some((area, size))
        });
    }

    /// Gives the viewer the whole screen, or the window to all panels.
    pub(super) fn full_screen(&mut self, on: bool) {
        self.seeing.full = on;
        self.tell.ctx.send_viewport_cmd(egui::ViewportCommand::Fullscreen(on));
    }
}
