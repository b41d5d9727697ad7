//! A graph of 1,000 nodes and 1,500 wires with pictures: what a frame of the window costs in layout and tessellation,
//! apart from presenting, while the graph is panned and a node is dragged, at several zooms.

use super::{median, write};
use crate::cli::say;
use crate::editor::app::Editor;
use crate::editor::graphics;
use crate::home::Home;
use cpu_time::ThreadTime;
use eframe::egui_wgpu::{RenderState, RendererOptions, WgpuConfiguration};
use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2, pos2, vec2};
use rushes_engine::{Cancel, Error, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const WINDOW: Vec2 = vec2(1920.0, 1080.0);
const NODES: usize = 1000;
const WIRES: usize = 1500;
const COLUMNS: usize = 40;
/// Nodes without an input, and with two.
const SOURCES: usize = 50;
const BLENDS: usize = WIRES - (NODES - SOURCES);
/// How long small pictures may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// Measures `frames` frames of each movement and tells the median, the 95th percentile and the longest.
pub(super) fn run(folder: &Path, frames: u32, stop: &Cancel) -> Result<()> {
    let path = folder.join("thousand.json");
    write(&path, &thousand().to_string())?;
    let mut window = Window::open(&path, &folder.join("home"))?;
    window.rest(stop)?;
    let pictures =
        if window.editor.has_thumbs() { "with all pictures" } else { "not all pictures made in time" };
    say(&format!("{NODES} nodes, {WIRES} wires, {pictures}; {} × {} points", WINDOW.x, WINDOW.y))?;
    say(&format!(
        "{:>8} {:22} {:>9} {:>9} {:>9} {:>11}",
        "zoom", "", "median", "95 %", "longest", "triangles"
    ))?;
    for least in [0.0, 0.35, 0.6, 1.0] {
        window.command("view.fit_all");
        while window.editor.zoom() < least - 1e-3 {
            window.command("view.zoom_in");
        }
        if least == 1.0 {
            window.command("view.zoom_full");
        }
        window.rest(stop)?;
        window.tell("at rest", frames, |_, _| Vec::new())?;
        window.tell("panned", frames, |at, n| {
            let to = at + vec2(60.0 * (n as f32 * 0.2).sin(), 40.0 * (n as f32 * 0.13).cos());
            vec![press(at, PointerButton::Middle, n == 0), Some(Event::PointerMoved(to))]
        })?;
        window.release(PointerButton::Middle);
        let Some(held) = window.a_node() else { continue };
        window.hold = held;
        window.tell("a node dragged", frames, |at, n| {
            let to = at + vec2(50.0 * (n as f32 * 0.2).sin(), 50.0 * (n as f32 * 0.17).cos());
            vec![press(at, PointerButton::Primary, n == 0), Some(Event::PointerMoved(to))]
        })?;
        window.release(PointerButton::Primary);
        window.command("edit.undo");
        stop.check()?;
    }
    Ok(())
}

fn press(at: Pos2, button: PointerButton, now: bool) -> Option<Event> {
    now.then_some(Event::PointerButton { pos: at, button, pressed: true, modifiers: Modifiers::NONE })
}

/// The editor without a screen.
struct Window {
    ctx: Context,
    editor: Editor,
    started: Instant,
    /// Where the pointer takes hold.
    hold: Pos2,
}

/// What a frame took, and what came of it.
struct Cost {
    ms: f64,
    triangles: usize,
}

impl Window {
    fn open(graph: &Path, home: &Path) -> Result<Self> {
        let lost = |e: &dyn std::fmt::Display| Error::system(format!("no graphics device: {e}"));
        let config = WgpuConfiguration { wgpu_setup: graphics(), ..WgpuConfiguration::default() };
        let instance = pollster::block_on(config.wgpu_setup.new_instance());
        let state = RenderState::create(&config, &instance, None, RendererOptions::default());
        let state = pollster::block_on(state).map_err(|e| lost(&e))?;
        let ctx = Context::default();
        let files: [PathBuf; 1] = [graph.to_owned()];
        let editor = Editor::on(&ctx, &state, &files, Some(Home::at(home)?))?;
        Ok(Self { ctx, editor, started: Instant::now(), hold: pos2(420.0, 420.0) })
    }

    fn frame(&mut self, events: Vec<Event>) -> Cost {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, WINDOW)),
            time: Some(self.started.elapsed().as_secs_f64()),
            events,
            ..RawInput::default()
        };
        let begun = ThreadTime::now();
        let mut output = self.ctx.run_ui(input, |ui| self.editor.frame(ui));
        // There is no screen that the glyphs would be drawn on.
        output.textures_delta.clear();
        let drawn = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        let meshes = drawn.iter().map(|p| match &p.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len() / 3,
            egui::epaint::Primitive::Callback(_) => 0,
        });
        Cost { ms, triangles: meshes.sum() }
    }

    fn idle(&mut self, frames: u32) {
        for _ in 0..frames {
            self.frame(Vec::new());
        }
    }

    /// Runs frames until all pictures in view are there.
    fn rest(&mut self, stop: &Cancel) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            self.frame(Vec::new());
            if self.editor.is_settled() && self.editor.has_thumbs() || Instant::now() > end {
                break;
            }
            stop.check()?;
            std::thread::sleep(Duration::from_millis(10));
        }
        self.idle(3);
        Ok(())
    }

    fn command(&mut self, name: &str) {
        self.editor.command(name);
        self.idle(2);
    }

    fn release(&mut self, button: PointerButton) {
        let up = Event::PointerButton { pos: self.hold, button, pressed: false, modifiers: Modifiers::NONE };
        self.frame(vec![Event::PointerMoved(self.hold), up]);
        self.idle(2);
        self.hold = pos2(420.0, 420.0);
    }

    /// A place on a node that lies well inside the graph's panel.
    fn a_node(&self) -> Option<Pos2> {
        let inside = Rect::from_min_max(pos2(200.0, 200.0), pos2(1000.0, 700.0));
        let places = (0..NODES).filter_map(|n| self.editor.place_of(&format!("n{n}")));
        let tops = places.map(|r| pos2(r.center().x, r.top() + (14.0 * self.editor.zoom()).max(2.0)));
        tops.into_iter().find(|at| inside.contains(*at))
    }

    fn tell(
        &mut self,
        what: &str,
        frames: u32,
        events: impl Fn(Pos2, u32) -> Vec<Option<Event>>,
    ) -> Result<()> {
        let hold = self.hold;
        self.frame(vec![Event::PointerMoved(hold)]);
        let costs = (0..frames).map(|n| self.frame(events(hold, n).into_iter().flatten().collect()));
        let costs: Vec<Cost> = costs.collect();
        let mut ms: Vec<f64> = costs.iter().map(|c| c.ms).collect();
        ms.sort_by(f64::total_cmp);
        let at = |share: f64| ms.get(((ms.len() - 1) as f64 * share) as usize).copied().unwrap_or_default();
        let triangles = costs.iter().map(|c| c.triangles).max().unwrap_or(0);
        say(&format!(
            "{:>6.0} % {what:22} {:>6.2} ms {:>6.2} ms {:>6.2} ms {triangles:>11}",
            self.editor.zoom() * 100.0,
            median(&ms),
            at(0.95),
            at(1.0),
        ))
    }
}

/// Patterns, blurs and blends, wired to nodes a little before them.
fn thousand() -> Value {
    let mut links = Vec::with_capacity(WIRES);
    let node = |n: usize| {
        let at = [(n % COLUMNS) * 240, (n / COLUMNS) * 300];
        let (kind, params) = match n {
            0..SOURCES => ("generate/pattern", json!({ "width": 64, "height": 36, "length": 24 })),
            n if n < SOURCES + BLENDS => ("finish/blend", json!({ "opacity": 0.5 })),
            _ => ("finish/blur", json!({ "sigma": 1.0 })),
        };
        json!({ "id": format!("n{n}"), "kind": kind, "version": 1, "at": at, "params": params })
    };
    let nodes: Vec<Value> = (0..NODES).map(node).collect();
    let mut wire = |from: usize, to: usize, port: &str| {
        links.push(json!({ "from": format!("n{from}.clip"), "to": format!("n{to}.{port}") }));
    };
    for n in SOURCES..NODES {
        // Sources a row or so above, so that wires are as long as in a graph that was laid out by hand.
        if n < SOURCES + BLENDS {
            wire(n - SOURCES, n, "bottom");
            wire(n - SOURCES + 7, n, "top");
        } else {
            wire(n - SOURCES, n, "clip");
        }
    }
    json!({ "rushes": 1, "title": "A thousand", "nodes": nodes, "links": links })
}
