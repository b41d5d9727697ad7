//! Titles written in place: of nodes and of groups.

use super::action::CanvasAction;
use super::frame::Frame;
use super::view::{GroupView, Id, NodeView};
use super::{Canvas, paint_ground};
use crate::editor::theme::Text;
use crate::editor::widgets::paint::radius;
use egui::{Key, Rect, TextEdit, Ui, WidgetInfo, WidgetType, vec2};

/// The title that is being written.
#[derive(Debug)]
pub(super) struct Titling {
    of: Of,
    text: String,
    begun: bool,
}

#[derive(Debug)]
enum Of {
    Node(Id),
    Group(Id),
}

impl Titling {
    /// Writes the title of a node.
    pub(super) fn node(node: &NodeView) -> Self {
        Self { of: Of::Node(Id::clone(&node.id)), text: node.title.clone(), begun: false }
    }

    /// Writes the title of a group.
    pub(super) fn group(group: &GroupView) -> Self {
        Self { of: Of::Group(Id::clone(&group.id)), text: group.title.clone(), begun: false }
    }

    fn place(&self, frame: &Frame<'_>) -> Option<Rect> {
        let height = frame.theme.tokens.size.node_header * frame.zoom();
        match &self.of {
            Of::Node(id) => {
                let rect = frame.rects.get(frame.view.index_of(id)?)?;
                Some(Rect::from_min_size(rect.min, vec2(rect.width(), height)))
            }
            Of::Group(id) => {
                let group = frame.view.groups.iter().find(|g| g.id == *id)?;
                Some(paint_ground::group_header(frame, paint_ground::group_rect(frame, group)?))
            }
        }
    }
}

impl Canvas {
    /// Shows the field over the old title. Enter and a click elsewhere keep what was written, Escape does not.
    pub(super) fn write_title(&mut self, ui: &mut Ui, frame: &Frame<'_>, out: &mut Vec<CanvasAction>) {
        let Some(mut titling) = self.titling.take() else { return };
        let Some(place) = titling.place(frame) else { return };
        let c = frame.theme.colors();
        // Far out a title could not be read while it is written.
        let field = Rect::from_min_size(place.min, place.size().max(vec2(160.0, 24.0))).shrink(2.0);
        ui.painter().rect_filled(field, radius(frame.theme.tokens.radius.field), *c.surface.field);
        let edit = TextEdit::singleline(&mut titling.text)
            .id(ui.id().with("title"))
            .font(frame.theme.font(Text::NodeTitle))
            .vertical_align(egui::Align::Center)
            .frame(egui::Frame::NONE);
        let response = ui.put(field.shrink2(vec2(6.0, 2.0)), edit);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, "Title"));
        if !titling.begun {
            titling.begun = true;
            response.request_focus();
        } else if response.lost_focus() {
            if !ui.input(|i| i.key_pressed(Key::Escape)) {
                let title = titling.text.trim().to_owned();
                out.push(match titling.of {
                    Of::Node(node) => CanvasAction::TitleNode { node, title },
                    Of::Group(group) => CanvasAction::TitleGroup { group, title },
                });
            }
            return;
        }
        self.titling = Some(titling);
    }
}
