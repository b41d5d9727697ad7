//! A graph of 1,000 nodes and 1,500 wires with pictures: what a frame of the window costs in layout and tessellation,
//! apart from presenting, while the graph is panned and a node is dragged, at several zooms.

use super::window::{WINDOW, Window, press};
use super::{median, write};
use crate::cli::say;
use egui::{Event, PointerButton, Pos2, Rect, pos2, vec2};
use rushes_engine::{Cancel, Result};
use serde_json::{Value, json};
use std::path::Path;

const NODES: usize = 1000;
const WIRES: usize = 1500;
const COLUMNS: usize = 40;
/// Nodes without an input, and with two.
const SOURCES: usize = 50;
const BLENDS: usize = WIRES - (NODES - SOURCES);

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

impl Window {
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
        let costs: Vec<_> = costs.collect();
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
pub(super) fn thousand() -> Value {
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
