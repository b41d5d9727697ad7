//! What is seen of the graph, and which node is viewed.

use super::{ALWAYS, CANVAS, Row, SELECTION, WINDOW, row};
use crate::editor::canvas::CanvasCommand as C;
use crate::editor::commands::Command::{Canvas, Window};
use crate::editor::commands::Family::View;
use crate::editor::panels::top_bar::TopBarAction as W;

pub(super) const ROWS: &[Row] = &[
    row(Canvas(C::FitAll), "view.fit_all", "Show the whole graph", View, CANVAS, &["Home"])
        .also("zoom fit frame"),
    row(Canvas(C::FitSelection), "view.fit", "Show the selection", View, CANVAS, &[".", "F"])
        .also("zoom fit frame center"),
    row(Canvas(C::ZoomIn), "view.zoom_in", "Zoom in", View, CANVAS, &["=", "Alt =", "Plus"]),
    row(Canvas(C::ZoomOut), "view.zoom_out", "Zoom out", View, CANVAS, &["-", "Alt -"]),
    row(Canvas(C::ZoomFull), "view.zoom_full", "Zoom to 100 %", View, CANVAS, &["Ctrl 0"]).nuke(&["H"]),
    row(Canvas(C::Minimap), "view.minimap", "Show or hide the minimap", View, WINDOW, &["Alt Shift M"])
        .also("navigator overview"),
    row(Canvas(C::DescribeWires), "view.wires", "Describe every wire", View, WINDOW, &["Alt W"])
        .also("format size rate labels"),
    row(Window(W::Library), "view.library", "Show the library", View, ALWAYS, &["Ctrl L"])
        .also("results takes media templates assets browser history"),
    row(Window(W::SwitchTheme), "view.theme", "Dark or light theme", View, WINDOW, &[]).also("mode colours"),
    row(Canvas(C::View(1)), "view.slot_1", "View on key 1", View, SELECTION, &["1"]),
    row(Canvas(C::View(2)), "view.slot_2", "View on key 2", View, SELECTION, &["2"]),
    row(Canvas(C::View(3)), "view.slot_3", "View on key 3", View, SELECTION, &["3"]),
    row(Canvas(C::View(4)), "view.slot_4", "View on key 4", View, SELECTION, &["4"]),
    row(Canvas(C::View(5)), "view.slot_5", "View on key 5", View, SELECTION, &["5"]),
    row(Canvas(C::View(6)), "view.slot_6", "View on key 6", View, SELECTION, &["6"]),
    row(Canvas(C::View(7)), "view.slot_7", "View on key 7", View, SELECTION, &["7"]),
    row(Canvas(C::View(8)), "view.slot_8", "View on key 8", View, SELECTION, &["8"]),
    row(Canvas(C::View(9)), "view.slot_9", "View on key 9", View, SELECTION, &["9"]),
];
