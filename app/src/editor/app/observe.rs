//! What those who watch the editor from outside, such as tests, may see of it and do with it.

use super::Editor;
use crate::editor::canvas::view::Id;
use crate::session::Session;
use std::path::PathBuf;

impl Editor {
    /// The document, for those who watch the editor from outside, such as tests.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Opens graphs and media as if they had been dropped on the window.
    pub fn open(&mut self, files: &[PathBuf]) {
        self.open_files(files);
    }

    /// Whether the frame that is asked for is on the screen.
    pub fn is_settled(&self) -> bool {
        self.watch.is_settled()
            && self.scheduler.pending() == 0
            && !self.session.document.is_saving()
            && self.thumbs_asked.is_empty()
            && self.jobs.is_empty()
            && self.fill.is_none()
            && self.shelf.is_settled()
            && self.library.is_settled()
            && self.measures.is_settled()
            && self.sheet.is_settled()
            && self.made.is_settled()
            && !self.kept.is_late()
            && self.facts.as_ref().is_some_and(|f| f.number == self.queries)
    }

    /// What is under way, in words.
    pub fn unrest(&self) -> String {
        let waits = self.scheduler.pending();
        let told = self.facts.as_ref().is_some_and(|f| f.number == self.queries);
        let viewer = self.watch.is_settled();
        format!(
            "{waits} frames under way, viewer served: {viewer}, graph described: {told}, {} jobs",
            self.jobs.len()
        )
    }

    /// The selected nodes.
    pub fn selection(&self) -> impl Iterator<Item = &Id> {
        self.canvas.selection().iter()
    }

    /// Selects a node, shows it in the viewer and goes to a frame.
    pub fn select(&mut self, node: &str, frame: i64) {
        self.canvas.select([Id::from(node)]);
        if let Ok(node) = self.own(&node.into()) {
            self.show_in(1, node);
        }
        self.playback.seek(frame);
    }

    /// Puts a node on a viewer key and leaves the one that is viewed.
    pub fn put_on_key(&mut self, slot: u8, node: &str) {
        if let Ok(node) = self.own(&node.into()) {
            self.slots.insert(slot, node);
            self.changed();
        }
    }

    /// Gives the window's device back, as a driver does that fails.
    pub fn lose_device(&self) {
        self.screen.lose();
    }

    /// Whether every node in view that can have a small picture has the one it would make now.
    pub fn has_thumbs(&self) -> bool {
        let wanted =
            self.facts.iter().flat_map(|f| &f.nodes).filter_map(|(id, n)| Some((id, n.thumb.as_ref()?.1)));
        wanted.into_iter().all(|(id, key)| {
            let here = self.inside.on_canvas(id);
            let seen = here.is_some_and(|id| self.canvas.sees(&self.view, id.as_str(), &self.theme));
            self.thumbs.get(id) == Some(&key) || !seen
        })
    }

    /// Where a node stands on the screen, as of the last frame.
    pub fn place_of(&self, node: &str) -> Option<egui::Rect> {
        self.canvas.place_of(&self.view, &self.theme, node)
    }

    /// How far the graph is zoomed; 1 is 100 %.
    pub fn zoom(&self) -> f32 {
        self.canvas.camera.zoom
    }

    /// The playhead.
    pub fn playhead(&self) -> i64 {
        self.playback.frame
    }

    /// Stretches of frames of the viewed node that are ready.
    pub fn cached(&self) -> Vec<std::ops::Range<i64>> {
        self.cached_bar()
    }
}
