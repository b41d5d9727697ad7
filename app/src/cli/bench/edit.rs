//! From an edit to the picture that shows it: one parameter changed, all that lies before it kept; and the same taken
//! back.

use super::fence::finish;
use super::machine::machine;
use super::table::{Table, figure};
use super::{median, write};
use crate::cli::say;
use crate::home::Home;
use crate::session::{Options, Session};
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::{Cancel, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::time::Instant;

/// What is shown, the node that is changed, its parameter, the first value, and by how much it goes on.
type Row = (&'static str, &'static str, &'static str, &'static str, f64, f64);

const ROWS: [Row; 7] = [
    ("a grade", "grade", "grade", "exposure", 0.1, 0.01),
    ("a LUT by its strength", "lut", "lut", "strength", 0.5, 0.01),
    ("a blur by its radius", "blur", "blur", "sigma", 4.0, 0.01),
    ("a camera by its zoom", "camera", "camera", "zoom", 1.2, 0.001),
    ("a camera by its roll", "camera", "camera", "roll", 5.0, 0.01),
    ("a blend by its opacity, then film", "film", "blend", "opacity", 0.3, 0.005),
    ("a grade, then a blend with grain, then film", "film", "grade", "exposure", -0.1, 0.01),
];
const SIZES: [(u32, u32); 2] = [(1920, 1080), (3840, 2160)];

/// Measures every row `runs` times and tells medians.
pub(super) fn run(folder: &Path, runs: u32, stop: &Cancel) -> Result<()> {
    let home = Some(Home::at(&folder.join("home"))?);
    let mut session = Session::new(Options { home, ..Options::default() })?;
    let mut table = Table::new(2, &["changed", "size", "picture ms", "taken back ms"]);
    for size in SIZES {
        let path = folder.join("edit.json");
        write(&path, &graph(size).to_string())?;
        session.open(&path)?;
        // Memory that a machine never used is slow for the first time, above all where it is itself a guest of another.
        let [first, ..] = ROWS;
        measure(&mut session, first, runs, stop)?;
        for row in ROWS {
            let (there, back) = measure(&mut session, row, runs, stop)?;
            table.row([row.0.to_owned(), format!("{}×{}", size.0, size.1), figure(there), figure(back)]);
        }
    }
    say(&machine())?;
    say(&session.device_name())?;
    table.say()?;
    say(&format!("medians of {runs}; each value is another, and what lies before the node is kept"))
}

/// Median milliseconds until the change of a row is seen, and until it is seen to be taken back.
fn measure(
    session: &mut Session,
    (_, seen, node, param, first, step): Row,
    runs: u32,
    stop: &Cancel,
) -> Result<(f64, f64)> {
    let seen = seen.parse()?;
    let (mut there, mut back) = (Vec::new(), Vec::new());
    // It begins with nothing kept; what lies before the node is kept from its first picture on.
    session.evaluator().clear_frames();
    session.frame(&seen, 0, 1, stop)?;
    for run in 0..runs {
        stop.check()?;
        let value = json!(first + step * f64::from(run + 1));
        let set = Edit::Set { node: node.parse()?, param: param.to_owned(), value };
        there.push(timed(session, &seen, stop, |session| session.apply(vec![set], None, false))?);
        back.push(timed(session, &seen, stop, |session| {
            session.document.undo();
            Ok(())
        })?);
    }
    Ok((median(&there), median(&back)))
}

/// Milliseconds from a change to the picture of a node that shows it.
fn timed(
    session: &mut Session,
    seen: &NodeId,
    stop: &Cancel,
    change: impl FnOnce(&mut Session) -> Result<()>,
) -> Result<f64> {
    let started = Instant::now();
    change(session)?;
    session.frame(seen, 0, 1, stop)?;
    finish(session.services().executor()?.as_ref(), stop)?;
    Ok(started.elapsed().as_secs_f64() * 1e3)
}

/// A clip with grain over it, and tools beside.
fn graph((width, height): (u32, u32)) -> Value {
    let node = |id: &str, kind: &str, params: Value| json!({ "id": id, "kind": kind, "version": 1, "params": params });
    let link = |from: &str, to: &str| json!({ "from": format!("{from}.clip"), "to": to });
    let source = json!({ "pattern": "noise", "width": width, "height": height, "length": 24 });
    json!({
        "rushes": 1, "title": "Edits",
        "nodes": [
            node("source", "generate/pattern", source),
            node("grade", "finish/grade", json!({ "exposure": 0.1 })),
            node("plate", "finish/grain_plate", json!({ "width": width, "height": height })),
            node("blend", "finish/blend", json!({ "opacity": 0.3 })),
            node("film", "finish/film", json!({ "vignette": 0.4 })),
            node("lut", "finish/lut", json!({ "file": "asset:luts/warm_print.cube" })),
            node("blur", "finish/blur", json!({ "sigma": 4.0 })),
            node("camera", "animate/camera", json!({ "zoom": 1.2 })),
        ],
        "links": [
            link("source", "grade.clip"), link("grade", "blend.bottom"), link("plate", "blend.top"),
            link("blend", "film.clip"), link("source", "lut.clip"), link("source", "blur.clip"),
            link("source", "camera.clip"),
        ]
    })
}
