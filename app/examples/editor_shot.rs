//! Opens the editor on a graph without a display and writes what it shows as PNG, for people who judge the look.
//!
//! `cargo run -p rushes --example editor_shot -- GRAPH OUT.png [WIDTHxHEIGHT] [NODE] [FRAME] [STEP…]`; with `-` for
//! GRAPH the first screen, for NODE none. A step is a command such as `graph.palette`, `b=NODE` for what the second
//! viewer key shows, `area=LEFT,TOP,RIGHT,BOTTOM` for what is measured, `click=LABEL` for what is on the screen,
//! `type=LABEL:TEXT` for what is written there, `wait=LABEL` for what is to come, or `see=LABEL` for what is scrolled out
//! of sight.

use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rushes::editor::app::Editor;
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

/// Runs frames until nothing is under way.
fn settle(harness: &mut Harness<'_, Editor>) {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        harness.run_steps(2);
        let made =
            harness.state().has_thumbs() && harness.state().has_previews() && harness.state().has_posters();
        if harness.state().is_settled() && made || Instant::now() > end {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    if !harness.state().is_settled() {
        eprintln!("not at rest: {}", harness.state().unrest());
    }
}

/// Runs frames until something is on the screen, or for half a minute.
fn wait(harness: &mut Harness<'_, Editor>, label: &str) {
    let end = Instant::now() + Duration::from_secs(30);
    while harness.query_all_by_label_contains(label).next().is_none() && Instant::now() < end {
        harness.run_steps(1);
        std::thread::sleep(Duration::from_millis(20));
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
    if let Some(node) = args.get(3).filter(|node| *node != "-") {
        harness.state_mut().select(node, args.get(4).and_then(|f| f.parse().ok()).unwrap_or(0));
    }
    settle(&mut harness);
    for step in args.iter().skip(5) {
        let (name, value) = step.split_once('=').unwrap_or((step, ""));
        match name {
            "b" => harness.state_mut().put_on_key(2, value),
            "click" => harness.get_by_label_contains(value).click(),
            "type" => {
                let (label, text) = value.split_once(':').ok_or("write type=LABEL:TEXT")?;
                harness.get_by_label(label).click();
                harness.run_steps(2);
                harness.get_by_label(label).type_text(text);
            }
            "wait" => wait(&mut harness, value),
            "see" => {
                harness.get_by_label_contains(value).scroll_to_me();
                harness.run_steps(40);
            }
            "area" => {
                let sides: Vec<u32> = value.split(',').map(str::parse).collect::<Result<_, _>>()?;
                let area = sides.try_into().map_err(|_| "write an area as LEFT,TOP,RIGHT,BOTTOM")?;
                harness.state_mut().on_viewer(ViewerAction::Area(Some(area)));
            }
            _ if harness.state_mut().command(name) => {}
            _ => eprintln!("{name} did nothing"),
        }
        settle(&mut harness);
    }
    harness.run_steps(2);
    harness.render()?.save(out)?;
    Ok(())
}
