//! The table of commands.

use super::Command::{self, Canvas, Take, Timeline, Transport, Viewer, Window};
use super::Family::{self, Edit, File, Graph, Play, View};
use super::Scope;
use super::TakeCommand as A;
use super::ViewerCommand as V;
use crate::editor::canvas::CanvasCommand as C;
use crate::editor::canvas::Way::{Down, Left, Right, Up};
use crate::editor::panels::compare::Mode;
use crate::editor::panels::display::{Channel, Ground};
use crate::editor::panels::guides::Aspect;
use crate::editor::panels::timeline::{Ease, TimelineCommand as K};
use crate::editor::panels::top_bar::TopBarAction as W;
use crate::editor::panels::transport::TransportCommand as T;
use crate::editor::panels::viewer::StillFormat;
use crate::editor::panels::zoom::Sampling;

/// A command, how it is called and what starts it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// What is done.
    pub command: Command,
    /// Its name in settings: `file.save`.
    pub name: &'static str,
    /// What a person reads.
    pub label: &'static str,
    /// What it belongs to.
    pub family: Family,
    /// Where it is meant.
    pub scope: Scope,
    /// Its keys.
    pub keys: &'static [&'static str],
    /// Its keys in Nuke, where they are others.
    pub nuke: Option<&'static [&'static str]>,
    /// Other words people use for it.
    pub also: &'static str,
}

const fn row(
    command: Command,
    name: &'static str,
    label: &'static str,
    family: Family,
    scope: Scope,
    keys: &'static [&'static str],
) -> Row {
    Row { command, name, label, family, scope, keys, nuke: None, also: "" }
}

impl Row {
    const fn nuke(self, keys: &'static [&'static str]) -> Self {
        Self { nuke: Some(keys), ..self }
    }

    const fn also(self, words: &'static str) -> Self {
        Self { also: words, ..self }
    }
}

const ALWAYS: Scope = Scope::Always;
const WINDOW: Scope = Scope::Window;
const CANVAS: Scope = Scope::Canvas;
const SELECTION: Scope = Scope::Selection;
const ELSEWHERE: Scope = Scope::Elsewhere;
const TIMELINE: Scope = Scope::Timeline;
const KEYS: Family = Family::Keys;
const TAKES: Family = Family::Takes;

/// Every command, in the order in which settings show them.
pub const ALL: &[Row] = &[
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
    row(Window(W::FindFiles), "file.find_missing", "Find missing files…", File, WINDOW, &[])
        .also("relink media offline reconnect"),
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
    row(
        Viewer(V::Compare(Mode::Wipe)),
        "viewer.wipe",
        "Wipe between A and B",
        Family::Viewer,
        WINDOW,
        &["W"],
    )
    .also("compare split"),
    row(Viewer(V::Compare(Mode::Side)), "viewer.side_by_side", "A beside B", Family::Viewer, WINDOW, &["S"])
        .also("compare"),
    row(
        Viewer(V::Compare(Mode::Difference)),
        "viewer.difference",
        "Difference of A and B",
        Family::Viewer,
        WINDOW,
        &["D"],
    )
    .nuke(&["Shift D"])
    .also("compare minus"),
    row(Viewer(V::Compare(Mode::Off)), "viewer.a_alone", "A alone", Family::Viewer, WINDOW, &[])
        .also("compare off"),
    row(Viewer(V::Swap), "viewer.swap", "Swap A and B", Family::Viewer, WINDOW, &["X"]).also("compare"),
    row(Viewer(V::Other(1)), "viewer.b_1", "Let B be viewer key 1", Family::Viewer, WINDOW, &["Alt 1"])
        .also("compare"),
    row(Viewer(V::Other(2)), "viewer.b_2", "Let B be viewer key 2", Family::Viewer, WINDOW, &["Alt 2"])
        .also("compare"),
    row(Viewer(V::Other(3)), "viewer.b_3", "Let B be viewer key 3", Family::Viewer, WINDOW, &["Alt 3"])
        .also("compare"),
    row(Viewer(V::Other(4)), "viewer.b_4", "Let B be viewer key 4", Family::Viewer, WINDOW, &["Alt 4"])
        .also("compare"),
    row(Viewer(V::Other(5)), "viewer.b_5", "Let B be viewer key 5", Family::Viewer, WINDOW, &["Alt 5"])
        .also("compare"),
    row(Viewer(V::Other(6)), "viewer.b_6", "Let B be viewer key 6", Family::Viewer, WINDOW, &["Alt 6"])
        .also("compare"),
    row(Viewer(V::Other(7)), "viewer.b_7", "Let B be viewer key 7", Family::Viewer, WINDOW, &["Alt 7"])
        .also("compare"),
    row(Viewer(V::Other(8)), "viewer.b_8", "Let B be viewer key 8", Family::Viewer, WINDOW, &["Alt 8"])
        .also("compare"),
    row(Viewer(V::Other(9)), "viewer.b_9", "Let B be viewer key 9", Family::Viewer, WINDOW, &["Alt 9"])
        .also("compare"),
    row(Viewer(V::Channel(Channel::Red)), "viewer.red", "Red alone", Family::Viewer, WINDOW, &["Shift R"])
        .also("channel"),
    row(
        Viewer(V::Channel(Channel::Green)),
        "viewer.green",
        "Green alone",
        Family::Viewer,
        WINDOW,
        &["Shift G"],
    )
    .also("channel"),
    row(Viewer(V::Channel(Channel::Blue)), "viewer.blue", "Blue alone", Family::Viewer, WINDOW, &["Shift B"])
        .also("channel"),
    row(
        Viewer(V::Channel(Channel::Alpha)),
        "viewer.alpha",
        "Alpha alone",
        Family::Viewer,
        WINDOW,
        &["Shift A"],
    )
    .also("channel matte"),
    row(Viewer(V::Channel(Channel::Luma)), "viewer.luma", "Luma alone", Family::Viewer, WINDOW, &["Shift Y"])
        .also("channel"),
    row(Viewer(V::Brighter), "viewer.brighter", "Brighter by half a stop", Family::Viewer, WINDOW, &["]"])
        .also("exposure gain"),
    row(Viewer(V::Darker), "viewer.darker", "Darker by half a stop", Family::Viewer, WINDOW, &["["])
        .also("exposure gain"),
    row(Viewer(V::FalseColor), "viewer.false_color", "False colour", Family::Viewer, WINDOW, &["C"])
        .also("exposure ire"),
    row(Viewer(V::Zebra), "viewer.zebra", "Zebra", Family::Viewer, WINDOW, &["Z"])
        .also("stripes clipped highlights"),
    row(
        Viewer(V::Ground(Ground::Checker)),
        "viewer.ground_checker",
        "Transparency over a checkerboard",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("alpha background"),
    row(
        Viewer(V::Ground(Ground::Black)),
        "viewer.ground_black",
        "Transparency over black",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("alpha background"),
    row(
        Viewer(V::Ground(Ground::Matte)),
        "viewer.ground_matte",
        "Transparency as a red matte",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("alpha background overlay"),
    row(Viewer(V::Plain), "viewer.plain", "The picture as it is", Family::Viewer, WINDOW, &["Shift 0"])
        .also("reset display exposure gamma"),
    row(Viewer(V::Safe), "viewer.safe_areas", "Safe areas", Family::Viewer, WINDOW, &["Shift S"])
        .also("title action guides"),
    row(Viewer(V::Aspect(None)), "viewer.shape_none", "No shape of delivery", Family::Viewer, WINDOW, &[])
        .also("aspect guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Wide16x9))),
        "viewer.shape_16x9",
        "Shape of delivery 16:9",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Tall9x16))),
        "viewer.shape_9x16",
        "Shape of delivery 9:16",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Square))),
        "viewer.shape_1x1",
        "Shape of delivery 1:1",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Portrait4x5))),
        "viewer.shape_4x5",
        "Shape of delivery 4:5",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Scope239))),
        "viewer.shape_239",
        "Shape of delivery 2.39",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(Viewer(V::Fit), "viewer.fit", "Fit the picture", Family::Viewer, ELSEWHERE, &["F"])
        .also("zoom whole"),
    row(Viewer(V::OneToOne), "viewer.one_to_one", "Picture at 100 %", Family::Viewer, WINDOW, &["Ctrl 1"])
        .also("zoom pixel"),
    row(Viewer(V::Nearer), "viewer.nearer", "Nearer to the picture", Family::Viewer, WINDOW, &["Ctrl ="])
        .also("zoom in"),
    row(
        Viewer(V::Farther),
        "viewer.farther",
        "Farther from the picture",
        Family::Viewer,
        WINDOW,
        &["Ctrl -"],
    )
    .also("zoom out"),
    row(
        Viewer(V::Sampling(Sampling::Auto)),
        "viewer.sampling_auto",
        "Enlarge smoothly, pixels from 200 %",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("sampling filter interpolation"),
    row(
        Viewer(V::Sampling(Sampling::Linear)),
        "viewer.sampling_linear",
        "Enlarge smoothly",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("sampling filter interpolation"),
    row(
        Viewer(V::Sampling(Sampling::Nearest)),
        "viewer.sampling_nearest",
        "Enlarge as squares",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("sampling filter interpolation"),
    row(Viewer(V::Proxy(1)), "viewer.proxy_1", "Preview at full size", Family::Viewer, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::Proxy(2)), "viewer.proxy_2", "Preview at 1/2", Family::Viewer, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::Proxy(4)), "viewer.proxy_4", "Preview at 1/4", Family::Viewer, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::Proxy(8)), "viewer.proxy_8", "Preview at 1/8", Family::Viewer, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::WholeFrame), "viewer.whole_frame", "Measure the whole frame", Family::Viewer, WINDOW, &[])
        .also("area region scopes"),
    row(
        Viewer(V::Save(StillFormat::Png8)),
        "viewer.save_png8",
        "Save the frame as PNG, 8-bit…",
        Family::Viewer,
        WINDOW,
        &["Ctrl Alt S"],
    )
    .also("export still screenshot"),
    row(
        Viewer(V::Save(StillFormat::Png16)),
        "viewer.save_png16",
        "Save the frame as PNG, 16-bit…",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("export still"),
    row(
        Viewer(V::Save(StillFormat::Exr)),
        "viewer.save_exr",
        "Save the frame as EXR…",
        Family::Viewer,
        WINDOW,
        &[],
    )
    .also("export still"),
    row(
        Viewer(V::FullScreen),
        "viewer.full_screen",
        "Viewer on the full screen",
        Family::Viewer,
        WINDOW,
        &["F11"],
    )
    .also("presentation"),
    row(Viewer(V::Scopes), "viewer.scopes", "Show or hide the scopes", Family::Viewer, WINDOW, &["F9"])
        .also("waveform parade vectorscope histogram"),
    row(Viewer(V::Waveform), "viewer.waveform", "Waveform or parade", Family::Viewer, WINDOW, &[])
        .also("scopes"),
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
