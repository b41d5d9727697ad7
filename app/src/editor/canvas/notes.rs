//! Notes on the canvas: moved by dragging, written by a double click.

use super::Canvas;
use super::action::CanvasAction;
use super::frame::Frame;
use super::gesture::Gesture;
use super::paint_ground;
use super::view::Id;
use crate::editor::theme::Text;
use egui::{Key, Pos2, Rect, Sense, TextEdit, Ui, Vec2, WidgetInfo, WidgetType};

impl Canvas {
    /// Shows the notes and reads what is done to them.
    pub(super) fn notes(
        &mut self,
        ui: &mut Ui,
        frame: &Frame<'_>,
        pointer: Pos2,
        out: &mut Vec<CanvasAction>,
    ) {
        for note in &frame.view.notes {
            let by = match &self.gesture {
                Gesture::Note { note: held, by, .. } if *held == note.id => *by,
                _ => Vec2::ZERO,
            };
            let rect = frame.camera.rect_to_screen(frame.panel, note.rect.translate(by));
            if !rect.intersects(frame.panel) {
                continue;
            }
            if self.editing.as_ref().is_some_and(|(id, _)| *id == note.id) {
                self.write_note(ui, frame, rect, out);
                continue;
            }
            let response = ui.interact(rect, ui.id().with(("note", &note.id)), Sense::click_and_drag());
            response
                .widget_info(|| WidgetInfo::labeled(WidgetType::Label, true, format!("Note: {}", note.text)));
            paint_ground::note(ui.painter(), frame, rect, &note.text, self.note.as_ref() == Some(&note.id));
            if response.drag_started_by(egui::PointerButton::Primary) {
                let from = ui.input(|i| i.pointer.press_origin());
                let from = from.map_or(pointer, |p| frame.camera.to_graph(frame.panel, p));
                self.gesture = Gesture::Note { note: Id::clone(&note.id), from, by: Vec2::ZERO };
            }
            if response.double_clicked() {
                self.editing = Some((Id::clone(&note.id), note.text.clone()));
            } else if response.clicked() {
                self.select_only(None, out);
                self.note = Some(Id::clone(&note.id));
            }
        }
    }

    fn write_note(&mut self, ui: &mut Ui, frame: &Frame<'_>, rect: Rect, out: &mut Vec<CanvasAction>) {
        let Some((id, mut text)) = self.editing.take() else { return };
        let paper = frame.theme.note();
        ui.painter().rect_filled(rect, 3, *paper.fill);
        let edit = TextEdit::multiline(&mut text)
            .id(ui.id().with(("writing", &id)))
            .font(frame.theme.font_at(Text::Body, frame.zoom()))
            .text_color(*paper.text)
            .frame(egui::Frame::NONE);
        let response = ui.put(rect.shrink(8.0 * frame.zoom()), edit);
        response.widget_info(|| WidgetInfo::labeled(WidgetType::TextEdit, true, "Note text"));
        let cancelled = ui.input(|i| i.key_pressed(Key::Escape));
        if response.lost_focus() || cancelled {
            if !cancelled {
                out.push(CanvasAction::SetNote { note: id, text });
            }
        } else {
            if !response.has_focus() {
                response.request_focus();
            }
            self.editing = Some((id, text));
        }
    }
}
