//! Editing, as every program has it, and settings.

use super::{ALWAYS, CANVAS, Row, SELECTION, WINDOW, row};
use crate::editor::canvas::CanvasCommand as C;
use crate::editor::commands::Command::{Canvas, Window};
use crate::editor::commands::Family::Edit;
use crate::editor::panels::top_bar::TopBarAction as W;

pub(super) const ROWS: &[Row] = &[
    row(Window(W::Undo), "edit.undo", "Undo", Edit, WINDOW, &["Ctrl Z"]),
    row(Window(W::Redo), "edit.redo", "Redo", Edit, WINDOW, &["Ctrl Shift Z", "Ctrl Y"]),
    row(Canvas(C::Cut), "edit.cut", "Cut nodes", Edit, SELECTION, &["Ctrl X"]),
    row(Canvas(C::Copy), "edit.copy", "Copy nodes", Edit, SELECTION, &["Ctrl C"]),
    row(Canvas(C::Paste), "edit.paste", "Paste", Edit, CANVAS, &["Ctrl V"]),
    row(
        Canvas(C::PasteWired),
        "edit.paste_with_inputs",
        "Paste with inputs",
        Edit,
        CANVAS,
        &["Ctrl Shift V"],
    )
    .also("links wires connections"),
    row(Canvas(C::Duplicate), "edit.duplicate", "Duplicate", Edit, SELECTION, &["Ctrl D"])
        .nuke(&["Alt C"])
        .also("clone"),
    row(Canvas(C::Delete), "edit.delete", "Delete, keeping wires", Edit, CANVAS, &["Del", "Backspace"])
        .also("remove"),
    row(
        Canvas(C::DeleteWires),
        "edit.delete_wires",
        "Delete with wires",
        Edit,
        CANVAS,
        &["Shift Del", "Shift Backspace"],
    )
    .also("remove extract"),
    row(Canvas(C::SelectAll), "edit.select_all", "Select all", Edit, CANVAS, &["Ctrl A"]),
    row(Canvas(C::SelectNone), "edit.select_none", "Select nothing", Edit, SELECTION, &["Esc"]),
    row(
        Canvas(C::SelectUpstream),
        "edit.select_upstream",
        "Select all upstream",
        Edit,
        SELECTION,
        &["Ctrl Shift U"],
    )
    .also("inputs tree"),
    row(Window(W::Preferences), "edit.settings", "Settings…", Edit, ALWAYS, &["Ctrl ,"])
        .also("preferences options keys shortcuts cache theme"),
];
