//! What waits for a word from the person, shown until it is given.

use super::Editor;
use crate::editor::panels::layout::Layout;
use crate::editor::panels::notice::{self, NoticeView};
use egui::{Rect, Ui};
use std::path::Path;

impl Editor {
    /// Shows what waits, over the canvas or the first screen, and does what is answered.
    pub(super) fn notices(&mut self, ui: &mut Ui, layout: &Layout) {
        let panel = match self.start {
            Some(_) => Rect::from_min_max(layout.graph.min, layout.inspector.max),
            None => layout.graph.with_min_y(layout.graph.top() + self.theme.tokens.size.panel_header),
        };
        let mut views = Vec::new();
        let document = &self.session.document;
        // What is being written here looks changed until it is known to be one's own.
        let changed = !document.is_saving() && self.outside.is_changed(document.path());
        if changed {
            let help = match self.session.document.is_dirty() {
                true => "There are changes here that are not saved; undo brings them back after a reload",
                false => "",
            };
            let path = self.session.document.path();
            let file = path.and_then(Path::file_name).map(|n| n.to_string_lossy().into_owned());
            let what = format!("{} was changed by another program", file.unwrap_or_default());
            views.push(NoticeView { what, help: help.to_owned(), verbs: vec!["Reload", "Keep mine"] });
        }
        for (file, _) in &self.made.asking {
            let name = file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let what = format!("{name} carries the graph that made it");
            let help = "Open graph shows how it was made, in a tab of its own".to_owned();
            views.push(NoticeView { what, help, verbs: vec!["Open graph", "Add as media"] });
        }
        let Some((index, verb)) = notice::show(ui, panel, &self.theme, &views) else { return };
        match index.checked_sub(usize::from(changed)) {
            None => self.settle_outside(verb == 0),
            Some(index) if index < self.made.asking.len() => {
                let (file, graph) = self.made.asking.remove(index);
                match verb {
                    0 => self.open_carried(&file, graph),
                    _ => {
                        let read = self.read_media(&[file]);
                        self.told(read);
                    }
                }
            }
            Some(_) => {}
        }
    }
}
