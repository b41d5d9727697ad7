//! A session of work by a random hand: nodes dragged, sliders pulled, words typed, commands run, graphs in tabs, frames
//! played. Told is what held the window's thread longest; that it comes to its end is a proof by itself.

use super::editor::thousand;
use super::stalls::Stalls;
use super::window::{WINDOW, Window};
use super::write;
use crate::cli::say;
use crate::editor::app::Call;
use crate::editor::commands::ALL;
use egui::{Event, Key, Modifiers, MouseWheelUnit, PointerButton, Pos2, TouchPhase, pos2, vec2};
use rushes_engine::{Cancel, Error, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// What asks for files, ends the window or makes films is not for a random hand.
const NOT: [&str; 9] = [
    "file.open",
    "file.save_as",
    "file.quit",
    "file.render",
    "viewer.save_png8",
    "viewer.save_png16",
    "viewer.save_exr",
    "viewer.full_screen",
    "file.find_missing",
];
/// Frames of a movement.
const MOVES: u32 = 12;
const WORDS: [&str; 6] = ["blur", "0.5", "film grain", "-3", "12", "vignette"];

/// Works for so long and tells what held the window longest.
pub(super) fn run(folder: &Path, length: Duration, seed: u64, in_json: bool, stop: &Cancel) -> Result<()> {
    let home = folder.join("home");
    std::fs::create_dir_all(&home)
        .map_err(|e| Error::system(format!("no folder for the settings: {e}")).at(home.display()))?;
    write(&home.join("config.toml"), "own_dialogs = true\n")?;
    let graph = folder.join("thousand.json");
    write(&graph, &thousand().to_string())?;
    let small = folder.join("film.json");
    write(&small, &film().to_string())?;
    let mut window = Window::open(&small, &home)?;
    window.rest(stop)?;
    window.editor.open(&[graph]);
    window.rest(stop)?;
    window.editor.held();
    let stalls = Stalls::watch()?;
    let mut hand = Hand { state: seed, done: BTreeMap::new(), command: "" };
    let mut longest: BTreeMap<&'static str, Longest> = BTreeMap::new();
    let end = Instant::now() + length;
    while Instant::now() < end {
        stop.check()?;
        let act = hand.act(&mut window);
        let nodes = window.editor.session().document.graph().nodes.size();
        stalls.settle();
        for (part, calls) in window.editor.held() {
            longest.entry(part).or_default().follow(&calls, &stalls, act, nodes);
        }
    }
    tell(&longest, &stalls, &hand.done, in_json)
}

/// What held the window longest.
#[derive(Default)]
struct Longest {
    /// By the clock on the wall.
    wall: Duration,
    /// By the clock of the thread, the machine's own stalls apart.
    processor: Duration,
    /// What the hand did while the processor was held longest, and of how many nodes the graph was after it.
    act: &'static str,
    nodes: usize,
}

impl Longest {
    fn follow(&mut self, calls: &[Call], stalls: &Stalls, act: &'static str, nodes: usize) {
        for call in calls {
            let own = stalls.own(call);
            if own >= self.processor {
                (self.processor, self.act, self.nodes) = (own, act, nodes);
            }
            self.wall = self.wall.max(call.wall);
        }
    }
}

fn tell(
    longest: &BTreeMap<&'static str, Longest>,
    stalls: &Stalls,
    done: &BTreeMap<&'static str, u32>,
    in_json: bool,
) -> Result<()> {
    let ms = |time: Duration| time.as_secs_f64() * 1e3;
    let count: u32 = done.values().sum();
    let (stood, most) = stalls.all();
    if in_json {
        let part = |(name, l): (&&str, &Longest)| {
            let (wall, processor) = (ms(l.wall), ms(l.processor));
            let value = json!({ "wall_ms": wall, "processor_ms": processor, "act": l.act, "nodes": l.nodes });
            ((*name).to_owned(), value)
        };
        let held: serde_json::Map<String, Value> = longest.iter().map(part).collect();
        let machine = json!({ "stalls": stood, "longest_ms": ms(most) });
        return say(&json!({ "acts": count, "held": held, "machine": machine }).to_string());
    }
    let each: Vec<String> = done.iter().map(|(name, n)| format!("{n} × {name}")).collect();
    say(&format!("{count} acts: {}", each.join(", ")))?;
    say(&format!("The machine itself stood still {stood} times, for {:.1} ms at most.", ms(most)))?;
    say(&format!("{:22} {:>12} {:>12} {:>8}  by", "longest", "processor", "wall", "nodes"))?;
    let mut parts: Vec<_> = longest.iter().collect();
    parts.sort_by_key(|(_, l)| std::cmp::Reverse(l.processor));
    for (name, Longest { wall, processor, act, nodes }) in parts {
        let (processor, wall) = (ms(*processor), ms(*wall));
        say(&format!("{name:22} {processor:>9.2} ms {wall:>9.2} ms {nodes:>8}  {act}"))?;
    }
    Ok(())
}

/// What moves the window.
struct Hand {
    state: u64,
    done: BTreeMap<&'static str, u32>,
    /// The command that it ran last.
    command: &'static str,
}

impl Hand {
    /// The next number below `n`, by splitmix64 (Steele, Lea and Flood 2014).
    fn below(&mut self, n: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }

    fn point(&mut self) -> Pos2 {
        let [x, y] = [WINDOW.x, WINDOW.y].map(|side| self.below(side as u64) as f32);
        pos2(x, y)
    }

    /// Does something and says what.
    fn act(&mut self, window: &mut Window) -> &'static str {
        self.command = "";
        let name = match self.below(12) {
            0..3 => self.command(window),
            3..6 => self.drag(window),
            6 => self.click(window),
            7 => self.wheel(window),
            8 => self.write(window),
            9 => self.undo(window),
            10 => self.key(window),
            _ => self.wait(window),
        };
        *self.done.entry(name).or_default() += 1;
        // A sheet that asks for files would be answered at random.
        tap(window, Key::Escape);
        if self.command.is_empty() { name } else { self.command }
    }

    fn command(&mut self, window: &mut Window) -> &'static str {
        let at = self.below(ALL.len() as u64) as usize;
        if let Some(row) = ALL.get(at).filter(|row| !NOT.contains(&row.name)) {
            self.command = row.name;
            window.command(row.name);
        }
        "command"
    }

    fn drag(&mut self, window: &mut Window) -> &'static str {
        let (from, to) = (self.point(), self.point());
        let button = if self.below(4) == 0 { PointerButton::Middle } else { PointerButton::Primary };
        let press = |pressed, pos| Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
        window.frame(vec![Event::PointerMoved(from), press(true, from)]);
        for step in 1..=MOVES {
            let at = from + (to - from) * (step as f32 / MOVES as f32);
            window.frame(vec![Event::PointerMoved(at)]);
        }
        window.frame(vec![press(false, to)]);
        "drag"
    }

    fn click(&mut self, window: &mut Window) -> &'static str {
        let pos = self.point();
        let button = if self.below(4) == 0 { PointerButton::Secondary } else { PointerButton::Primary };
        let press = |pressed| Event::PointerButton { pos, button, pressed, modifiers: Modifiers::NONE };
        window.frame(vec![Event::PointerMoved(pos), press(true)]);
        window.frame(vec![press(false)]);
        window.idle(2);
        "click"
    }

    fn wheel(&mut self, window: &mut Window) -> &'static str {
        let at = self.point();
        let lines = self.below(9) as f32 - 4.0;
        window.frame(vec![Event::PointerMoved(at)]);
        let (unit, phase) = (MouseWheelUnit::Line, TouchPhase::Move);
        window.frame(vec![Event::MouseWheel {
            unit,
            delta: vec2(0.0, lines),
            modifiers: Modifiers::NONE,
            phase,
        }]);
        window.idle(6);
        "wheel"
    }

    fn write(&mut self, window: &mut Window) -> &'static str {
        let at = self.below(WORDS.len() as u64) as usize;
        let open = if self.below(2) == 0 { "graph.add" } else { "graph.find" };
        window.command(open);
        window.frame(WORDS.get(at).map(|word| Event::Text((*word).to_owned())).into_iter().collect());
        tap(window, Key::Enter);
        window.idle(3);
        "words"
    }

    fn undo(&mut self, window: &mut Window) -> &'static str {
        for _ in 0..self.below(6) {
            window.command("edit.undo");
        }
        for _ in 0..self.below(4) {
            window.command("edit.redo");
        }
        "undo"
    }

    fn key(&mut self, window: &mut Window) -> &'static str {
        let at = self.below(Key::ALL.len() as u64) as usize;
        Key::ALL.get(at).into_iter().for_each(|key| tap(window, *key));
        "key"
    }

    /// Lets pictures come.
    fn wait(&mut self, window: &mut Window) -> &'static str {
        let end = Instant::now() + Duration::from_millis(self.below(400));
        while Instant::now() < end {
            window.frame(Vec::new());
            std::thread::sleep(Duration::from_millis(8));
        }
        "pause"
    }
}

fn tap(window: &mut Window, key: Key) {
    let press =
        |pressed| Event::Key { key, physical_key: None, pressed, repeat: false, modifiers: Modifiers::NONE };
    window.frame(vec![press(true)]);
    window.frame(vec![press(false)]);
}

/// A graph of what people use most, without a node that writes.
pub(super) fn film() -> Value {
    let node = |id: &str, kind: &str, x: u32, params: Value| json!({ "id": id, "kind": kind, "version": 1, "at": [x, 0], "params": params });
    let keys = json!({ "keys": [[0, 0.0, "linear"], [24, 1.0, "linear"]] });
    let text = json!({ "action": "she looks up" });
    json!({
        "rushes": 1, "title": "Film",
        "nodes": [
            node("shot", "plan/shot", 0, text),
            node("ramp", "generate/pattern", 240, json!({ "pattern": "ramp", "width": 640, "height": 360, "length": 48 })),
            node("grade", "finish/grade", 480, json!({ "exposure": keys })),
            node("plate", "finish/grain_plate", 480, json!({})),
            node("bind", "finish/blend", 720, json!({ "opacity": 0.3 })),
            node("film", "finish/film", 960, json!({ "vignette": 0.4 })),
        ],
        "links": [
            { "from": "ramp.clip", "to": "grade.clip" }, { "from": "grade.clip", "to": "bind.bottom" },
            { "from": "plate.clip", "to": "bind.top" }, { "from": "bind.clip", "to": "film.clip" }
        ]
    })
}
