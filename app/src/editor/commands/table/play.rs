//! The playhead.

use super::{ELSEWHERE, Row, WINDOW, row};
use crate::editor::commands::Command::Transport;
use crate::editor::commands::Family::Play;
use crate::editor::panels::transport::TransportCommand as T;

pub(super) const ROWS: &[Row] = &[
    row(Transport(T::Toggle), "play.toggle", "Play or pause", Play, ELSEWHERE, &["Space"]),
    row(Transport(T::Back), "play.back", "Play backwards, again for faster", Play, WINDOW, &["J"])
        .also("shuttle reverse"),
    row(Transport(T::Pause), "play.pause", "Pause", Play, WINDOW, &["K"]).also("stop shuttle"),
    row(Transport(T::Forward), "play.forward", "Play, again for faster", Play, ELSEWHERE, &["L"])
        .also("shuttle"),
    row(Transport(T::Step(-1)), "play.previous", "Previous frame", Play, ELSEWHERE, &["Left"]),
    row(Transport(T::Step(1)), "play.next", "Next frame", Play, ELSEWHERE, &["Right"]),
    row(Transport(T::Step(-10)), "play.previous_ten", "Ten frames back", Play, ELSEWHERE, &["Shift Left"]),
    row(Transport(T::Step(10)), "play.next_ten", "Ten frames on", Play, ELSEWHERE, &["Shift Right"]),
    row(Transport(T::First), "play.first", "First frame", Play, WINDOW, &["Home"]),
    row(Transport(T::Last), "play.last", "Last frame", Play, WINDOW, &["End"]),
    row(Transport(T::Loop), "play.loop", "Loop, once, or to and fro", Play, WINDOW, &["Ctrl Shift L"])
        .also("repeat ping-pong bounce"),
    row(Transport(T::SetIn), "play.set_in", "Set in at the playhead", Play, WINDOW, &["I"])
        .also("range start mark"),
    row(Transport(T::SetOut), "play.set_out", "Set out at the playhead", Play, WINDOW, &["O"])
        .also("range end mark"),
    row(Transport(T::ClearRange), "play.clear_range", "Clear in and out", Play, WINDOW, &["Alt X"])
        .also("range mark reset"),
    row(Transport(T::GoIn), "play.go_in", "Go to in", Play, WINDOW, &["Shift I"]),
    row(Transport(T::GoOut), "play.go_out", "Go to out", Play, WINDOW, &["Shift O"]),
    row(Transport(T::Cache), "play.cache", "Cache from in to out, or stop", Play, WINDOW, &["Alt R"])
        .also("prerender preview range ram"),
    row(Transport(T::Mute), "play.mute", "Mute sound, or not", Play, WINDOW, &["Shift M"])
        .also("audio volume speaker"),
];
