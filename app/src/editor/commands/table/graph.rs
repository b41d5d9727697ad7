//! The graph: nodes added, found, arranged, grouped and walked through.

use super::{ALWAYS, CANVAS, Row, SELECTION, row};
use crate::editor::canvas::CanvasCommand as C;
use crate::editor::canvas::Way::{Down, Left, Right, Up};
use crate::editor::commands::Command::{Canvas, Window};
use crate::editor::commands::Family::Graph;
use crate::editor::panels::top_bar::TopBarAction as W;

pub(super) const ROWS: &[Row] = &[
    row(Canvas(C::Search), "graph.add", "Add a node…", Graph, CANVAS, &["Tab"]).also("search create"),
    row(Window(W::Find), "graph.find", "Find in the graph…", Graph, ALWAYS, &["Ctrl F"])
        .also("jump go search"),
    row(Window(W::Palette), "graph.palette", "Run a command…", Graph, ALWAYS, &["Ctrl Shift P"])
        .also("palette actions"),
    row(Canvas(C::Bypass), "graph.bypass", "Bypass", Graph, SELECTION, &["Ctrl B"])
        .nuke(&["D"])
        .also("disable"),
    row(Canvas(C::Mute), "graph.mute", "Mute", Graph, SELECTION, &["Ctrl M"]).also("never disconnect"),
    row(Canvas(C::Collapse), "graph.collapse", "Collapse or expand", Graph, SELECTION, &["Alt C"])
        .nuke(&["Shift C"])
        .also("minimize fold"),
    row(Canvas(C::Group), "graph.group", "Group", Graph, SELECTION, &["Ctrl G"]).also("backdrop frame"),
    row(Canvas(C::Ungroup), "graph.ungroup", "Ungroup", Graph, SELECTION, &["Ctrl Shift G"]),
    row(
        Canvas(C::CollapseGroup),
        "graph.collapse_group",
        "Collapse the group to one box",
        Graph,
        SELECTION,
        &["Ctrl Alt G"],
    )
    .also("fold backdrop"),
    row(
        Canvas(C::Pack),
        "graph.make_sub_graph",
        "Make a sub-graph of the selection",
        Graph,
        SELECTION,
        &["Ctrl Shift E"],
    )
    .also("subgraph pack nest convert group node compound"),
    row(Canvas(C::Unpack), "graph.unpack", "Unpack the sub-graph", Graph, SELECTION, &["Ctrl Alt E"])
        .also("subgraph expand explode convert nodes ungroup"),
    row(Canvas(C::Enter), "graph.enter", "Enter the sub-graph", Graph, SELECTION, &["Enter", "Alt Down"])
        .also("subgraph inside open dive edit"),
    row(Canvas(C::Leave), "graph.leave", "Leave the sub-graph", Graph, CANVAS, &["Alt Up", "Esc"])
        .also("subgraph outside up back exit"),
    row(
        Canvas(C::NameSubGraph),
        "graph.rename_sub_graph",
        "Rename the sub-graph…",
        Graph,
        CANVAS,
        &["Shift F2"],
    )
    .also("subgraph title name"),
    row(
        Canvas(C::OwnSubGraph),
        "graph.own_sub_graph",
        "Make the sub-graph a copy of its own",
        Graph,
        SELECTION,
        &[],
    )
    .also("subgraph unique unlink duplicate decouple"),
    row(
        Canvas(C::SaveSubGraph),
        "graph.save_sub_graph",
        "Save the sub-graph to the library",
        Graph,
        CANVAS,
        &[],
    )
    .also("subgraph publish blueprint preset keep"),
    row(
        Canvas(C::SearchSaved),
        "graph.insert_sub_graph",
        "Insert a sub-graph from the library…",
        Graph,
        CANVAS,
        &[],
    )
    .also("subgraph blueprint preset add"),
    row(Canvas(C::Reroute), "graph.reroute", "Add a reroute", Graph, CANVAS, &["Shift R"])
        .also("dot elbow wire point"),
    row(Canvas(C::Note), "graph.note", "Add a note", Graph, CANVAS, &["Shift N"])
        .also("sticky markdown comment text"),
    row(Canvas(C::Rename), "graph.rename", "Rename", Graph, SELECTION, &["F2"])
        .nuke(&["N"])
        .also("title label"),
    row(Canvas(C::Pin), "graph.pin", "Pin or unpin", Graph, SELECTION, &["P"]).also("lock place"),
    row(Canvas(C::Recolor), "graph.color", "Next colour", Graph, SELECTION, &["Shift Alt C"])
        .also("color tint"),
    row(Canvas(C::Tidy), "graph.tidy", "Tidy", Graph, SELECTION, &["L"]).also("arrange layout auto"),
    row(Canvas(C::AlignLeft), "graph.align_left", "Align left edges", Graph, SELECTION, &[]).also("arrange"),
    row(Canvas(C::AlignRight), "graph.align_right", "Align right edges", Graph, SELECTION, &[])
        .also("arrange"),
    row(Canvas(C::AlignTop), "graph.align_top", "Align top edges", Graph, SELECTION, &[]).also("arrange"),
    row(Canvas(C::AlignBottom), "graph.align_bottom", "Align bottom edges", Graph, SELECTION, &[])
        .also("arrange"),
    row(Canvas(C::AlignColumn), "graph.align_column", "Align centres in a column", Graph, SELECTION, &[])
        .also("arrange middle vertical"),
    row(Canvas(C::AlignRow), "graph.align_row", "Align centres in a row", Graph, SELECTION, &[])
        .also("arrange middle horizontal"),
    row(Canvas(C::SpreadAcross), "graph.distribute_across", "Distribute across", Graph, SELECTION, &[])
        .also("arrange space horizontal even"),
    row(Canvas(C::SpreadDown), "graph.distribute_down", "Distribute down", Graph, SELECTION, &[])
        .also("arrange space vertical even"),
    row(Canvas(C::Nudge(Left, false)), "graph.nudge_left", "Nudge left", Graph, SELECTION, &["Ctrl Left"]),
    row(
        Canvas(C::Nudge(Right, false)),
        "graph.nudge_right",
        "Nudge right",
        Graph,
        SELECTION,
        &["Ctrl Right"],
    ),
    row(Canvas(C::Nudge(Up, false)), "graph.nudge_up", "Nudge up", Graph, SELECTION, &["Ctrl Up"]),
    row(Canvas(C::Nudge(Down, false)), "graph.nudge_down", "Nudge down", Graph, SELECTION, &["Ctrl Down"]),
    row(
        Canvas(C::Nudge(Left, true)),
        "graph.push_left",
        "Nudge left by four",
        Graph,
        SELECTION,
        &["Ctrl Shift Left"],
    ),
    row(
        Canvas(C::Nudge(Right, true)),
        "graph.push_right",
        "Nudge right by four",
        Graph,
        SELECTION,
        &["Ctrl Shift Right"],
    ),
    row(
        Canvas(C::Nudge(Up, true)),
        "graph.push_up",
        "Nudge up by four",
        Graph,
        SELECTION,
        &["Ctrl Shift Up"],
    ),
    row(
        Canvas(C::Nudge(Down, true)),
        "graph.push_down",
        "Nudge down by four",
        Graph,
        SELECTION,
        &["Ctrl Shift Down"],
    ),
    row(Canvas(C::Walk(Left)), "graph.go_left", "Go to the node on the left", Graph, SELECTION, &["Left"]),
    row(
        Canvas(C::Walk(Right)),
        "graph.go_right",
        "Go to the node on the right",
        Graph,
        SELECTION,
        &["Right"],
    ),
    row(Canvas(C::Walk(Up)), "graph.go_up", "Go to the node above", Graph, SELECTION, &["Up"]),
    row(Canvas(C::Walk(Down)), "graph.go_down", "Go to the node below", Graph, SELECTION, &["Down"]),
];
