//! Keys of parameters on the timeline.

use super::{Row, TIMELINE, WINDOW, row};
use crate::editor::commands::Command::Timeline;
use crate::editor::commands::Family;
use crate::editor::panels::timeline::{Ease, TimelineCommand as K};

const KEYS: Family = Family::Keys;

pub(super) const ROWS: &[Row] = &[
    row(Timeline(K::Cut), "keys.cut", "Cut keys", KEYS, TIMELINE, &["Ctrl X"]),
    row(Timeline(K::Copy), "keys.copy", "Copy keys", KEYS, TIMELINE, &["Ctrl C"]),
    row(Timeline(K::Paste), "keys.paste", "Paste keys at the playhead", KEYS, TIMELINE, &["Ctrl V"]),
    row(Timeline(K::Delete), "keys.delete", "Remove keys", KEYS, TIMELINE, &["Del", "Backspace"])
        .also("delete keyframes"),
    row(Timeline(K::SelectAll), "keys.select_all", "Select all keys", KEYS, TIMELINE, &["Ctrl A"]),
    row(Timeline(K::Add), "keys.add", "Add keys at the playhead", KEYS, WINDOW, &["Alt K"])
        .also("insert keyframe"),
    row(Timeline(K::Previous), "keys.previous", "Go to the key before", KEYS, WINDOW, &["Alt Left"]),
    row(Timeline(K::Next), "keys.next", "Go to the key after", KEYS, WINDOW, &["Alt Right"]),
    row(Timeline(K::Shape(Ease::Hold)), "keys.hold", "Keys hold", KEYS, WINDOW, &["Ctrl Alt 1"])
        .also("step constant interpolation"),
    row(Timeline(K::Shape(Ease::Linear)), "keys.linear", "Keys go straight", KEYS, WINDOW, &["Ctrl Alt 2"])
        .also("linear interpolation"),
    row(Timeline(K::Shape(Ease::Smooth)), "keys.smooth", "Keys go smoothly", KEYS, WINDOW, &["Ctrl Alt 3"])
        .also("bezier easy ease interpolation"),
    row(Timeline(K::Shape(Ease::In)), "keys.ease_in", "Ease into keys", KEYS, WINDOW, &["Ctrl Alt 4"])
        .also("bezier slow interpolation"),
    row(Timeline(K::Shape(Ease::Out)), "keys.ease_out", "Ease out of keys", KEYS, WINDOW, &["Ctrl Alt 5"])
        .also("bezier fast interpolation"),
    row(Timeline(K::Fit), "keys.fit", "Show the chosen keys, else all", KEYS, TIMELINE, &["F", "."])
        .also("zoom frame timeline curves"),
    row(Timeline(K::Curves), "keys.curves", "Timeline or curves", KEYS, WINDOW, &["Alt T"])
        .also("graph editor bezier tab"),
    row(Timeline(K::Timecode), "keys.timecode", "Frames or timecode on the ruler", KEYS, WINDOW, &[])
        .also("time seconds"),
];
