//! The menu of keys.

use super::ease::Ease;
use super::state::Timeline;
use super::view::TimelineCommand;
use egui::{Response, Ui};

/// Every shape and how it is called.
pub(super) const SHAPES: [(Ease, &str); 5] = [
    (Ease::Hold, "Hold"),
    (Ease::Linear, "Linear"),
    (Ease::Smooth, "Smooth"),
    (Ease::In, "Ease in"),
    (Ease::Out, "Ease out"),
];

impl Timeline {
    /// Offers what can be done to the chosen keys, by a press of the other button on one of them.
    pub(super) fn key_menu(&mut self, response: &Response) {
        let mut asked = None;
        response.context_menu(|ui| {
            let mut offer = |ui: &mut Ui, words: &str, command| {
                if ui.button(words).clicked() {
                    asked = Some(command);
                    ui.close();
                }
            };
            for (ease, words) in SHAPES {
                offer(ui, words, TimelineCommand::Shape(ease));
            }
            ui.separator();
            offer(ui, "Copy keys", TimelineCommand::Copy);
            offer(ui, "Remove keys", TimelineCommand::Delete);
        });
        self.asked.extend(asked);
    }
}
