//! What is held over the window: files from outside, and what is dragged from the library.

use super::Editor;
use super::files::Landing;
use crate::editor::panels::take;
use crate::editor::theme::{Text, icons::glyph};
use crate::editor::widgets::paint::radius;
use egui::{
    CursorIcon, Id, LayerId, Order, Rect, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, WidgetType,
    vec2,
};
use rushes_engine::document::NodeId;

impl Editor {
    /// What would become of what is held over a node.
    pub(super) fn landing_words(&self, landing: &Landing) -> String {
        let here = |id: &NodeId| self.inside.on_canvas(id).and_then(|id| self.view.node(id.as_str()));
        let title = |id: &NodeId| here(id).map(|n| n.title.clone()).unwrap_or_default();
        match landing {
            Landing::Take(node) => format!("Drop to make it the take of {}", title(node)),
            Landing::Files { node, many: true, .. } => format!("Drop to add to {}", title(node)),
            Landing::Files { node, .. } => format!("Drop to make it the file of {}", title(node)),
        }
    }

    /// Says what would become of files that are held over the window, or of what is dragged from the library.
    pub(super) fn drop_hint(&self, ui: &Ui, panel: Rect) {
        let (held, at) = ui.input(|i| (i.raw.hovered_files.len(), i.pointer.latest_pos()));
        let words = match (held, self.held_item()) {
            (0, None) => return,
            (0, Some((_, _, words))) => words,
            _ => Some(match at.and_then(|at| self.landing(at, held)) {
                Some(landing) => self.landing_words(&landing),
                None => "Drop to open a graph, or to add media".to_owned(),
            }),
        };
        let Some(words) = words else { return };
        let c = self.theme.colors();
        let said = words.clone();
        let text = ui.painter().layout_no_wrap(words, self.theme.font(Text::BodyStrong), *c.text.primary);
        let rect =
            Rect::from_center_size(panel.center_top() + vec2(0.0, 36.0), text.size() + vec2(32.0, 16.0));
        let label = ui.interact(rect, ui.id().with("drop hint"), Sense::hover());
        label.widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, &said));
        let shape = radius(self.theme.tokens.radius.popup);
        let line = Stroke::new(1.0, *c.accent.fill);
        ui.painter().rect(rect, shape, *c.surface.popup, line, StrokeKind::Inside);
        ui.painter().galley(rect.center() - text.size() / 2.0, text, *c.text.primary);
    }

    /// Shows what is dragged from the library at the pointer.
    pub(super) fn show_held(&self, ui: &mut Ui) {
        let Some((at, item, words)) = self.held_item() else { return };
        ui.set_cursor_icon(if words.is_some() { CursorIcon::Copy } else { CursorIcon::Grabbing });
        let place = Rect::from_min_size(at + vec2(12.0, 12.0), vec2(96.0, 54.0));
        let layer = LayerId::new(Order::Tooltip, Id::new("held item"));
        let mut over = ui.new_child(UiBuilder::new().layer_id(layer).max_rect(place));
        over.set_opacity(self.theme.tokens.opacity.drag_ghost);
        over.set_clip_rect(ui.ctx().content_rect());
        take::poster(&over, &self.theme, place, item.picture, glyph::FILM_STRIP);
    }

    /// Shows what there is to be told.
    pub(super) fn show_toasts(&mut self, ui: &mut Ui, panel: Rect, clear: f32) {
        let theme = self.theme.clone();
        if let Some(file) = self.toasts.show(ui, panel, clear, &theme) {
            self.reveal(super::posters::Of::Files(vec![file]));
        }
    }
}
