//! Opens the editor on a graph without a display and writes what it shows as PNG, for people who judge the look.
//!
//! `cargo run -p rushes --example editor_shot -- GRAPH OUT.png [WIDTHxHEIGHT] [NODE] [FRAME] [STATE…]`; with `-` for
//! GRAPH the first screen. A state is `light`, `full`, `b=NODE`, `wipe`, `side`, `difference`, `red`, `alpha`, `false`,
//! `zebra`, `exposure=STOPS`, `safe`, `shape`, `area`, or `click=LABEL` for what is then on the screen.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rushes::editor::app::Editor;
use rushes::editor::panels::compare::{CompareAction, Mode};
use rushes::editor::panels::display::{Channel, DisplayAction};
use rushes::editor::panels::guides::{Aspect, GuideAction};
use rushes::editor::panels::viewer::ViewerAction;
use rushes::home::Home;
use std::path::PathBuf;
use std::time::{Duration, Instant};

fn open(cc: &eframe::CreationContext<'_>, graph: &str, home: Home) -> Editor {
    let files: Vec<PathBuf> = Some(graph).filter(|g| *g != "-").map(PathBuf::from).into_iter().collect();
    match Editor::new(cc, &files, Some(home)) {
        Ok(editor) => editor,
        Err(e) => {
            eprintln!("error: {e}");
            std::process::exit(1);
        }
    }
}

/// What a word on the command line asks the viewer for.
fn asked(word: &str) -> Option<ViewerAction> {
    let (name, value) = word.split_once('=').unwrap_or((word, ""));
    let compare = |mode| ViewerAction::Compare(CompareAction::Mode(mode));
    let display = ViewerAction::Display;
    Some(match name {
        "full" => ViewerAction::FullScreen(true),
        "wipe" => compare(Mode::Wipe),
        "side" => compare(Mode::Side),
        "difference" => compare(Mode::Difference),
        "red" => display(DisplayAction::Channel(Channel::Red)),
        "alpha" => display(DisplayAction::Channel(Channel::Alpha)),
        "false" => display(DisplayAction::FalseColor),
        "zebra" => display(DisplayAction::Zebra),
        "exposure" => display(DisplayAction::Exposure(value.parse().ok()?)),
        "safe" => ViewerAction::Guides(GuideAction::Safe),
        "shape" => ViewerAction::Guides(GuideAction::Aspect(Some(Aspect::Portrait4x5))),
        "area" => ViewerAction::Area(Some([200, 100, 900, 700])),
        _ => return None,
    })
}

/// Runs frames until nothing is under way.
fn settle(harness: &mut Harness<'_, Editor>) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        harness.run_steps(2);
        let made = harness.state().has_thumbs() && harness.state().has_previews();
        if harness.state().is_settled() && made || Instant::now() > end {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    if !harness.state().is_settled() {
        eprintln!("not at rest: {}", harness.state().unrest());
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let get = |i: usize, or: &str| args.get(i).cloned().unwrap_or_else(|| or.to_owned());
    let (graph, out, size) = (get(0, "graphs/realism.json"), get(1, "editor.png"), get(2, "1920x1080"));
    let (w, h) = size.split_once('x').ok_or("write the size as 1920x1080")?;
    let home = tempfile::tempdir()?;
    // With `RUSHES_HOME` its takes and settings are seen; without it those of nobody.
    let at = if std::env::var_os("RUSHES_HOME").is_some() { Home::open()? } else { Home::at(home.path())? };
    let mut harness = Harness::builder()
        .with_size(egui::vec2(w.parse()?, h.parse()?))
        .with_max_steps(10_000)
        .wgpu_setup(rushes::editor::graphics())
        .build_eframe(|cc| open(cc, &graph, at));
    if let Some(node) = args.get(3) {
        harness.state_mut().select(node, args.get(4).and_then(|f| f.parse().ok()).unwrap_or(0));
    }
    settle(&mut harness);
    for state in args.iter().skip(5) {
        if let Some(node) = state.strip_prefix("b=") {
            harness.state_mut().put_on_key(2, node);
        } else if let Some(label) = state.strip_prefix("click=") {
            harness.get_by_label_contains(label).click();
        } else if state == "light" {
            harness.get_by_label("Light theme").click();
        } else {
            let action = asked(state).ok_or_else(|| format!("there is no state {state}"))?;
            harness.state_mut().on_viewer(action);
        }
        settle(&mut harness);
    }
    harness.run_steps(2);
    harness.render()?.save(out)?;
    Ok(())
}
