//! What a window on a screen tells developers of its frames: that one is drawn, and that all that was asked for is
//! shown. `rushes bench start` listens.

use super::Editor;

/// The line of each frame, under `RUSHES_LOG=debug`.
pub(crate) const FRAME: &str = "a frame is drawn";
/// The line once all is shown, under `RUSHES_LOG=debug`.
pub(crate) const SHOWN: &str = "all is shown";

/// What was told.
#[derive(Default)]
pub(super) struct Drawn {
    shown: bool,
}

impl Editor {
    /// Tells of the frame that was just drawn.
    pub(super) fn tell_drawn(&mut self) {
        if !log::log_enabled!(log::Level::Debug) {
            return;
        }
        log::debug!("{FRAME}");
        if !self.drawn.shown && self.is_settled() && self.has_thumbs() {
            self.drawn.shown = true;
            log::debug!("{SHOWN}");
        }
    }
}
