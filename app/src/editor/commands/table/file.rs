//! The file and the window.

use super::{ALWAYS, Row, WINDOW, row};
use crate::editor::commands::Command::Window;
use crate::editor::commands::Family::File;
use crate::editor::panels::top_bar::TopBarAction as W;

pub(super) const ROWS: &[Row] = &[
    row(Window(W::New), "file.new", "New graph", File, ALWAYS, &["Ctrl N"]),
    row(Window(W::Open), "file.open", "Open…", File, ALWAYS, &["Ctrl O"]).also("load import"),
    row(Window(W::Templates), "file.templates", "Templates and recent files", File, ALWAYS, &["Ctrl T"])
        .also("start examples gallery welcome"),
    row(Window(W::Save), "file.save", "Save", File, ALWAYS, &["Ctrl S"]),
    row(Window(W::SaveAs), "file.save_as", "Save as…", File, ALWAYS, &["Ctrl Shift S"]),
    row(Window(W::CloseShown), "file.close", "Close the graph", File, ALWAYS, &["Ctrl W"]).also("tab"),
    row(Window(W::NextTab), "file.next_tab", "Next tab", File, ALWAYS, &["Ctrl Tab", "Ctrl PageDown"]),
    row(
        Window(W::PreviousTab),
        "file.previous_tab",
        "Previous tab",
        File,
        ALWAYS,
        &["Ctrl Shift Tab", "Ctrl PageUp"],
    ),
    row(Window(W::Quit), "file.quit", "Quit", File, ALWAYS, &["Ctrl Q"]).also("exit close"),
    row(Window(W::Run), "file.render", "Render", File, ALWAYS, &["Ctrl Enter"])
        .nuke(&["F5", "Ctrl Enter"])
        .also("run queue export write execute"),
    row(Window(W::Stop), "file.stop", "Stop rendering", File, ALWAYS, &["Ctrl Alt Enter"])
        .also("cancel interrupt"),
    row(
        Window(W::RevealRendered),
        "file.show_render",
        "Show the last render in its folder",
        File,
        WINDOW,
        &[],
    )
    .also("reveal output explorer finder"),
];

/// What is about files that the graph names; it stands after editing.
pub(super) const NAMED: &[Row] =
    &[row(Window(W::FindFiles), "file.find_missing", "Find missing files…", File, WINDOW, &[])
        .also("relink media offline reconnect")];
