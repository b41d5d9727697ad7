//! What the timeline shows and what it asks for.

use super::super::transport::{TransportAction, rate_words, timecode};
use super::ease::Ease;
use crate::editor::canvas::view::Id;
use crate::editor::peaks::Peaks;
use crate::editor::widgets::field::NumberSpec;
use rushes_engine::Rate;
use rushes_engine::param::Curve;
use serde_json::Value;
use std::ops::Range;
use std::sync::Arc;

/// A parameter of a node.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneId {
    /// The node.
    pub node: Id,
    /// The parameter.
    pub param: Id,
}

/// A parameter that changes over time.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneView {
    /// What it belongs to.
    pub id: LaneId,
    /// Its label.
    pub label: String,
    /// Its value at the playhead in words.
    pub value: String,
    /// Its keys.
    pub curve: Arc<Curve>,
    /// What its numbers may be; nothing where it holds no numbers.
    pub spec: Option<NumberSpec>,
    /// Its value at the playhead, which stays when its last key goes.
    pub now: Value,
    /// Its numbers are red, green and blue.
    pub color: bool,
}

/// A shot of a sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct ShotView {
    /// Its name.
    pub title: String,
    /// Its frames.
    pub frames: Range<i64>,
    /// A small picture of it with its width over height.
    pub picture: Option<(egui::TextureId, f32)>,
}

/// A stretch of sound on the time of the clip.
#[derive(Clone, Debug, PartialEq)]
pub struct PieceView {
    /// Where it begins, in frames of the clip.
    pub at: f64,
    /// Where it ends, in frames of the clip.
    pub end: f64,
    /// The second of the file at which it begins.
    pub start_s: f64,
    /// Seconds of the file that a frame of the clip takes.
    pub frame_s: f64,
    /// How loud the file is, once it is known.
    pub peaks: Option<Arc<Peaks>>,
}

/// The sound under the picture.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SoundView {
    /// What a person calls it.
    pub label: String,
    /// `stereo`, or what is wrong.
    pub words: String,
    /// Its pieces.
    pub pieces: Vec<PieceView>,
}

/// What the timeline shows.
#[derive(Clone, Debug, PartialEq)]
pub struct TimelineView {
    /// The playhead, from 0.
    pub frame: i64,
    /// How many frames there are.
    pub frames: i64,
    /// Frames a second.
    pub rate: Rate,
    /// The first and the last frame that are played.
    pub range: [i64; 2],
    /// It plays.
    pub playing: bool,
    /// Stretches of frames of the viewed node that are ready.
    pub cached: Vec<Range<i64>>,
    /// Frames are being made ahead of being looked at.
    pub filling: bool,
    /// Keyed parameters of the selected nodes.
    pub lanes: Vec<LaneView>,
    /// The shots of the viewed clip.
    pub shots: Vec<ShotView>,
    /// Its sound.
    pub sound: Option<SoundView>,
}

impl TimelineView {
    /// The last frame.
    pub(super) fn last(&self) -> i64 {
        (self.frames - 1).max(0)
    }

    /// The last frame that can be seen: keys may lie beyond the clip.
    pub(super) fn end(&self) -> f64 {
        let keys = self.lanes.iter().filter_map(|l| l.curve.keys().last()).map(|k| k.frame).max();
        self.last().max(keys.unwrap_or(0)).max(1) as f64
    }

    /// `In 0  Out 239  240 frames · 10.0 s · 24 fps`.
    pub(super) fn facts(&self) -> String {
        if self.frames <= 1 {
            return "Still".to_owned();
        }
        let [first, last] = self.range;
        let frames = last - first + 1;
        let seconds = self.rate.seconds_of(frames);
        let noun = if frames == 1 { "frame" } else { "frames" };
        format!("In {first}  Out {last}  {frames} {noun} · {seconds:.1} s · {} fps", rate_words(self.rate))
    }

    /// A frame as the ruler writes it.
    pub(super) fn frame_words(&self, frame: i64, as_time: bool) -> String {
        if as_time { timecode(frame, self.rate) } else { frame.to_string() }
    }
}

/// What can be done to the timeline without a pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names say it")]
pub enum TimelineCommand {
    Delete,
    Cut,
    Copy,
    Paste,
    SelectAll,
    /// How the curve runs through the chosen keys.
    Shape(Ease),
    /// A key in every lane at the playhead, with the values there.
    Add,
    Next,
    Previous,
    /// The chosen keys, else everything.
    Fit,
    /// The other tab.
    Curves,
    /// Frames or timecode on the ruler.
    Timecode,
}

/// What a person asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum TimelineAction {
    /// The playhead.
    Transport(TransportAction),
    /// What follows up to the next end is one step.
    Begin,
    /// Parameters are to hold these.
    Set {
        /// What, and what it is to hold.
        params: Vec<(LaneId, Value)>,
        /// What the step is called.
        label: &'static str,
    },
    /// The step is whole.
    End,
    /// Text for the clipboard.
    Copy(String),
}
