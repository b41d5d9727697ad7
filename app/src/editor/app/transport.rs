//! The playhead, the range that is played, and what plays it.

use super::Editor;
use crate::editor::panels::transport::{TransportAction, TransportView};
use rushes_engine::document::Edit;
use serde_json::{Value, json};
use std::time::Instant;

/// The member of a graph's `view` that holds the first and the last frame that are played.
const RANGE: &str = "range";

impl Editor {
    /// The first and the last frame that are played.
    pub(super) fn range(&self) -> [i64; 2] {
        self.range_within(self.timing().1)
    }

    /// The same of a clip of so many frames.
    pub(super) fn range_within(&self, frames: i64) -> [i64; 2] {
        let last = (frames - 1).max(0);
        let said = self.session.document.graph().view.get(RANGE).and_then(Value::as_array);
        let frame = |i: usize| said.and_then(|pair| pair.get(i)?.as_i64());
        let first = frame(0).unwrap_or(0).clamp(0, last);
        [first, frame(1).unwrap_or(last).clamp(first, last)]
    }

    fn set_range(&mut self, range: Option<[i64; 2]>) {
        let whole = [0, (self.timing().1 - 1).max(0)];
        let value = range.filter(|r| *r != whole).map_or(Value::Null, |r| json!(r));
        let edit = Edit::View { name: RANGE.into(), value };
        let done = self.session.apply(vec![edit], Some("Set in and out"), true);
        self.told(done);
    }

    pub(super) fn transport_view(&self) -> TransportView {
        let (rate, frames) = self.timing();
        TransportView {
            frame: self.playback.frame,
            frames,
            rate,
            range: self.range(),
            speed: self.playback.speed,
            mode: self.playback.mode,
            shown_rate: self.playback.shown_rate(Instant::now()),
            sound: self.sound_level(),
        }
    }

    /// Moves the playhead, plays or stops.
    pub(super) fn on_transport(&mut self, action: TransportAction) {
        match action {
            TransportAction::Seek(frame) => self.playback.seek(frame),
            TransportAction::Play(speed) => self.playback.play(speed),
            TransportAction::Loop(mode) => {
                self.playback.mode = mode;
                // What was begun in another way goes on from here in this one.
                self.playback.seek(self.playback.frame);
            }
            TransportAction::Range(range) => self.set_range(range),
            TransportAction::Cache => self.fill_or_stop(),
            TransportAction::Mute(muted) => self.mute_sound(muted),
            TransportAction::Volume(volume) => self.set_volume(volume),
        }
    }
}
