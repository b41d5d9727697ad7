//! The viewer and its scopes.

use super::{ELSEWHERE, Row, WINDOW, row};
use crate::editor::commands::Command::Viewer;
use crate::editor::commands::Family;
use crate::editor::commands::ViewerCommand as V;
use crate::editor::panels::compare::Mode;
use crate::editor::panels::display::{Channel, Ground};
use crate::editor::panels::guides::Aspect;
use crate::editor::panels::viewer::StillFormat;
use crate::editor::panels::zoom::Sampling;

const VIEWER: Family = Family::Viewer;

pub(super) const ROWS: &[Row] = &[
    row(Viewer(V::Compare(Mode::Wipe)), "viewer.wipe", "Wipe between A and B", VIEWER, WINDOW, &["W"])
        .also("compare split"),
    row(Viewer(V::Compare(Mode::Side)), "viewer.side_by_side", "A beside B", VIEWER, WINDOW, &["S"])
        .also("compare"),
    row(
        Viewer(V::Compare(Mode::Difference)),
        "viewer.difference",
        "Difference of A and B",
        VIEWER,
        WINDOW,
        &["D"],
    )
    .nuke(&["Shift D"])
    .also("compare minus"),
    row(Viewer(V::Compare(Mode::Off)), "viewer.a_alone", "A alone", VIEWER, WINDOW, &[]).also("compare off"),
    row(Viewer(V::Swap), "viewer.swap", "Swap A and B", VIEWER, WINDOW, &["X"]).also("compare"),
    row(Viewer(V::Other(1)), "viewer.b_1", "Let B be viewer key 1", VIEWER, WINDOW, &["Alt 1"])
        .also("compare"),
    row(Viewer(V::Other(2)), "viewer.b_2", "Let B be viewer key 2", VIEWER, WINDOW, &["Alt 2"])
        .also("compare"),
    row(Viewer(V::Other(3)), "viewer.b_3", "Let B be viewer key 3", VIEWER, WINDOW, &["Alt 3"])
        .also("compare"),
    row(Viewer(V::Other(4)), "viewer.b_4", "Let B be viewer key 4", VIEWER, WINDOW, &["Alt 4"])
        .also("compare"),
    row(Viewer(V::Other(5)), "viewer.b_5", "Let B be viewer key 5", VIEWER, WINDOW, &["Alt 5"])
        .also("compare"),
    row(Viewer(V::Other(6)), "viewer.b_6", "Let B be viewer key 6", VIEWER, WINDOW, &["Alt 6"])
        .also("compare"),
    row(Viewer(V::Other(7)), "viewer.b_7", "Let B be viewer key 7", VIEWER, WINDOW, &["Alt 7"])
        .also("compare"),
    row(Viewer(V::Other(8)), "viewer.b_8", "Let B be viewer key 8", VIEWER, WINDOW, &["Alt 8"])
        .also("compare"),
    row(Viewer(V::Other(9)), "viewer.b_9", "Let B be viewer key 9", VIEWER, WINDOW, &["Alt 9"])
        .also("compare"),
    row(Viewer(V::Channel(Channel::Red)), "viewer.red", "Red alone", VIEWER, WINDOW, &["Shift R"])
        .also("channel"),
    row(Viewer(V::Channel(Channel::Green)), "viewer.green", "Green alone", VIEWER, WINDOW, &["Shift G"])
        .also("channel"),
    row(Viewer(V::Channel(Channel::Blue)), "viewer.blue", "Blue alone", VIEWER, WINDOW, &["Shift B"])
        .also("channel"),
    row(Viewer(V::Channel(Channel::Alpha)), "viewer.alpha", "Alpha alone", VIEWER, WINDOW, &["Shift A"])
        .also("channel matte"),
    row(Viewer(V::Channel(Channel::Luma)), "viewer.luma", "Luma alone", VIEWER, WINDOW, &["Shift Y"])
        .also("channel"),
    row(Viewer(V::Brighter), "viewer.brighter", "Brighter by half a stop", VIEWER, WINDOW, &["]"])
        .also("exposure gain"),
    row(Viewer(V::Darker), "viewer.darker", "Darker by half a stop", VIEWER, WINDOW, &["["])
        .also("exposure gain"),
    row(Viewer(V::FalseColor), "viewer.false_color", "False colour", VIEWER, WINDOW, &["C"])
        .also("exposure ire"),
    row(Viewer(V::Zebra), "viewer.zebra", "Zebra", VIEWER, WINDOW, &["Z"]).also("stripes clipped highlights"),
    row(
        Viewer(V::Ground(Ground::Checker)),
        "viewer.ground_checker",
        "Transparency over a checkerboard",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("alpha background"),
    row(
        Viewer(V::Ground(Ground::Black)),
        "viewer.ground_black",
        "Transparency over black",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("alpha background"),
    row(
        Viewer(V::Ground(Ground::Matte)),
        "viewer.ground_matte",
        "Transparency as a red matte",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("alpha background overlay"),
    row(Viewer(V::Plain), "viewer.plain", "The picture as it is", VIEWER, WINDOW, &["Shift 0"])
        .also("reset display exposure gamma"),
    row(Viewer(V::Safe), "viewer.safe_areas", "Safe areas", VIEWER, WINDOW, &["Shift S"])
        .also("title action guides"),
    row(Viewer(V::Aspect(None)), "viewer.shape_none", "No shape of delivery", VIEWER, WINDOW, &[])
        .also("aspect guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Wide16x9))),
        "viewer.shape_16x9",
        "Shape of delivery 16:9",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Tall9x16))),
        "viewer.shape_9x16",
        "Shape of delivery 9:16",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Square))),
        "viewer.shape_1x1",
        "Shape of delivery 1:1",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Portrait4x5))),
        "viewer.shape_4x5",
        "Shape of delivery 4:5",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(
        Viewer(V::Aspect(Some(Aspect::Scope239))),
        "viewer.shape_239",
        "Shape of delivery 2.39",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("aspect ratio guides crop"),
    row(Viewer(V::Fit), "viewer.fit", "Fit the picture", VIEWER, ELSEWHERE, &["F"]).also("zoom whole"),
    row(Viewer(V::OneToOne), "viewer.one_to_one", "Picture at 100 %", VIEWER, WINDOW, &["Ctrl 1"])
        .also("zoom pixel"),
    row(Viewer(V::Nearer), "viewer.nearer", "Nearer to the picture", VIEWER, WINDOW, &["Ctrl ="])
        .also("zoom in"),
    row(Viewer(V::Farther), "viewer.farther", "Farther from the picture", VIEWER, WINDOW, &["Ctrl -"])
        .also("zoom out"),
    row(
        Viewer(V::Sampling(Sampling::Auto)),
        "viewer.sampling_auto",
        "Enlarge smoothly, pixels from 200 %",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("sampling filter interpolation"),
    row(
        Viewer(V::Sampling(Sampling::Linear)),
        "viewer.sampling_linear",
        "Enlarge smoothly",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("sampling filter interpolation"),
    row(
        Viewer(V::Sampling(Sampling::Nearest)),
        "viewer.sampling_nearest",
        "Enlarge as squares",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("sampling filter interpolation"),
    row(Viewer(V::Proxy(1)), "viewer.proxy_1", "Preview at full size", VIEWER, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::Proxy(2)), "viewer.proxy_2", "Preview at 1/2", VIEWER, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::Proxy(4)), "viewer.proxy_4", "Preview at 1/4", VIEWER, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::Proxy(8)), "viewer.proxy_8", "Preview at 1/8", VIEWER, WINDOW, &[])
        .also("proxy resolution quality"),
    row(Viewer(V::WholeFrame), "viewer.whole_frame", "Measure the whole frame", VIEWER, WINDOW, &[])
        .also("area region scopes"),
    row(
        Viewer(V::Save(StillFormat::Png8)),
        "viewer.save_png8",
        "Save the frame as PNG, 8-bit…",
        VIEWER,
        WINDOW,
        &["Ctrl Alt S"],
    )
    .also("export still screenshot"),
    row(
        Viewer(V::Save(StillFormat::Png16)),
        "viewer.save_png16",
        "Save the frame as PNG, 16-bit…",
        VIEWER,
        WINDOW,
        &[],
    )
    .also("export still"),
    row(Viewer(V::Save(StillFormat::Exr)), "viewer.save_exr", "Save the frame as EXR…", VIEWER, WINDOW, &[])
        .also("export still"),
    row(Viewer(V::FullScreen), "viewer.full_screen", "Viewer on the full screen", VIEWER, WINDOW, &["F11"])
        .also("presentation"),
    row(Viewer(V::Scopes), "viewer.scopes", "Show or hide the scopes", VIEWER, WINDOW, &["F9"])
        .also("waveform parade vectorscope histogram"),
    row(Viewer(V::Waveform), "viewer.waveform", "Waveform or parade", VIEWER, WINDOW, &[]).also("scopes"),
];
