//! Takes of the selected node.

use super::{Row, WINDOW, row};
use crate::editor::commands::Command::Take;
use crate::editor::commands::Family;
use crate::editor::commands::TakeCommand as A;

const TAKES: Family = Family::Takes;

pub(super) const ROWS: &[Row] = &[
    row(Take(A::Newer), "takes.newer", "Use the next newer take", TAKES, WINDOW, &["Alt PageUp"])
        .also("version up"),
    row(Take(A::Older), "takes.older", "Use the next older take", TAKES, WINDOW, &["Alt PageDown"])
        .also("version down"),
    row(Take(A::Live), "takes.live", "Play what the node makes itself", TAKES, WINDOW, &[])
        .also("live back no take"),
    row(Take(A::Compare), "takes.compare", "Compare the take with another", TAKES, WINDOW, &["Shift W"])
        .also("wipe version a b"),
    row(Take(A::Lock), "takes.lock", "Lock or unlock the take", TAKES, WINDOW, &["Ctrl Shift K"])
        .also("keep protect"),
    row(Take(A::Bring), "takes.bring", "Bring a take…", TAKES, WINDOW, &[]).also("import file own"),
    row(Take(A::Reveal), "takes.show", "Show the take in its folder", TAKES, WINDOW, &[])
        .also("reveal explorer finder"),
    row(Take(A::Rate(0)), "takes.rate_0", "Take away the take's stars", TAKES, WINDOW, &[])
        .also("rating unrate"),
    row(Take(A::Rate(1)), "takes.rate_1", "Rate the take one star", TAKES, WINDOW, &[]).also("rating"),
    row(Take(A::Rate(2)), "takes.rate_2", "Rate the take two stars", TAKES, WINDOW, &[]).also("rating"),
    row(Take(A::Rate(3)), "takes.rate_3", "Rate the take three stars", TAKES, WINDOW, &[]).also("rating"),
    row(Take(A::Rate(4)), "takes.rate_4", "Rate the take four stars", TAKES, WINDOW, &[]).also("rating"),
    row(Take(A::Rate(5)), "takes.rate_5", "Rate the take five stars", TAKES, WINDOW, &[]).also("rating best"),
];
