//! From the start of the program to the window that can be used, and what the window does when it is left alone.

use super::child;
use super::machine::machine;
use super::process::{Memory, busy};
use super::session::film;
use super::table::{Table, figure, maybe};
use super::{median, write};
use crate::cli::args::StartArgs;
use crate::cli::say;
use crate::editor::app::drawn::{FRAME, SHOWN};
use rushes_engine::{Cancel, Error, Result};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a window may take to show all.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often one looks whether the work is still wanted.
const LOOK: Duration = Duration::from_millis(100);
/// How long the window may go on with what it had begun, before it counts as left alone.
const CALM: Duration = Duration::from_secs(1);

/// What one start gave; seconds and bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Seen {
    first: f64,
    shown: f64,
    /// When left alone: memory in use, the most so far, seconds of processor a second, frames a second.
    memory: Memory,
    busy: Option<f64>,
    repaints: f64,
}

/// Starts the window several times and tells medians.
pub(super) fn run(folder: &Path, args: &StartArgs, stop: &Cancel) -> Result<()> {
    let program = child::program()?;
    let size = std::fs::metadata(&program).map_or(0, |about| about.len());
    let graph = match &args.graph {
        Some(graph) => graph.clone(),
        None => {
            let graph = folder.join("film.json");
            write(&graph, &film().to_string())?;
            graph
        }
    };
    let screen = Screen::find()?;
    say(&machine())?;
    say(&format!("the program has {:.1} MB; its window is on {}", size as f64 / 1e6, screen.name))?;
    let length = Duration::from_secs(args.seconds);
    let mut all = Vec::new();
    for number in 0..args.runs {
        // Each start finds nothing that another one left.
        let home = folder.join(format!("home-{number}"));
        let mut window = Window::open(&program, &graph, &home, &screen)?;
        all.push(window.watch(length, stop)?);
        window.close();
    }
    tell(&all, args)
}

fn tell(all: &[Seen], args: &StartArgs) -> Result<()> {
    let of = |get: fn(&Seen) -> Option<f64>| {
        let values: Vec<f64> = all.iter().filter_map(get).collect();
        (!values.is_empty()).then(|| median(&values))
    };
    let mut table = Table::new(1, &["", "median"]);
    let ms = |seconds: f64| format!("{} ms", figure(seconds * 1e3));
    let mut row = |what: &str, value: String| table.row([what.to_owned(), value]);
    row("the first frame is drawn after", of(|s| Some(s.first)).map_or_else(|| maybe(None), ms));
    row("all is shown after", of(|s| Some(s.shown)).map_or_else(|| maybe(None), ms));
    let mb = |bytes: Option<f64>| bytes.map_or_else(|| maybe(None), |b| format!("{} MB", figure(b / 1e6)));
    row("memory when left alone", mb(of(|s| s.memory.now)));
    row("  libraries of driver and desktop in it", mb(of(|s| s.memory.brought)));
    row("the most memory until then", mb(of(|s| s.memory.most)));
    let share = of(|s| s.busy).map_or_else(|| maybe(None), |busy| format!("{} %", figure(busy * 100.0)));
    row("of one core when left alone", share);
    let repaints = of(|s| Some(s.repaints)).unwrap_or_default();
    row("frames a second when left alone", figure(repaints));
    table.say()?;
    say(&format!("medians of {}; left alone for {} s", args.runs, args.seconds))
}

/// Where the window is shown.
struct Screen {
    name: String,
    /// An X server of our own and its display; `None` where there is a desktop.
    own: Option<(Child, String)>,
}

impl Screen {
    /// The desktop, and an X server in memory where there is none.
    fn find() -> Result<Self> {
        let named = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
        if !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY") {
            return Ok(Self { name: "the desktop".to_owned(), own: None });
        }
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-nolisten", "tcp", "-screen", "0", "1920x1080x24"]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        let none = |why: String| {
            Error::system(format!("there is no desktop and no X server in memory: {why}"))
                .help("run it on a desktop, or install Xvfb (Debian, Ubuntu: xvfb)")
        };
        let mut server = command.spawn().map_err(|e| none(e.to_string()))?;
        let mut number = String::new();
        if let Some(told) = server.stdout.take() {
            BufReader::new(told).read_line(&mut number).map_err(|e| none(e.to_string()))?;
        }
        let display = format!(":{}", number.trim());
        let screen = Self { name: "an X server in memory".to_owned(), own: Some((server, display)) };
        if number.trim().is_empty() {
            return Err(none("Xvfb ended".to_owned()));
        }
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if let Some((server, _)) = &mut self.own {
            end(server);
        }
    }
}

/// Ends a program that nobody needs any more; it may have ended by itself.
fn end(child: &mut Child) {
    drop(child.kill());
    drop(child.wait());
}

/// A window of this program, and when it told what.
struct Window {
    child: Child,
    started: Instant,
    lines: Receiver<(Instant, String)>,
    /// The last thing that was no word of a frame: why it failed, where it did.
    last: String,
    home: PathBuf,
}

impl Window {
    fn open(program: &Path, graph: &Path, home: &Path, screen: &Screen) -> Result<Self> {
        let mut command = Command::new(program);
        command.arg(graph).env("RUSHES_HOME", home).env("RUSHES_LOG", "debug");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        if let Some((_, display)) = &screen.own {
            command.env("DISPLAY", display);
        }
        let started = Instant::now();
        let child = command.spawn();
        let mut child = child.map_err(|e| Error::system(format!("the window could not be started: {e}")))?;
        let (sender, lines) = channel();
        if let Some(stderr) = child.stderr.take() {
            std::thread::spawn(move || {
                for line in BufReader::new(stderr).lines().map_while(std::result::Result::ok) {
                    if sender.send((Instant::now(), line)).is_err() {
                        return;
                    }
                }
            });
        }
        Ok(Self { child, started, lines, last: String::new(), home: home.to_owned() })
    }

    /// Waits until all is shown, leaves the window alone for so long, and tells what was seen.
    fn watch(&mut self, length: Duration, stop: &Cancel) -> Result<Seen> {
        let first = self.until(FRAME, stop)?;
        let shown = self.until(SHOWN, stop)?;
        self.count(CALM, stop)?;
        let before = busy(self.child.id());
        let begun = Instant::now();
        let frames = self.count(length, stop)?;
        let seconds = begun.elapsed().as_secs_f64();
        let busy = busy(self.child.id()).zip(before).map(|(after, before)| (after - before) / seconds);
        Ok(Seen {
            first,
            shown,
            memory: Memory::of(self.child.id()),
            busy,
            repaints: frames as f64 / seconds,
        })
    }

    /// Seconds from the start until a line that holds `word`.
    fn until(&mut self, word: &str, stop: &Cancel) -> Result<f64> {
        while let Some((at, line)) = self.next(PATIENCE.saturating_sub(self.started.elapsed()), stop)? {
            if line.contains(word) {
                return Ok((at - self.started).as_secs_f64());
            }
        }
        Err(Error::system(format!("the window did not say “{word}” in {} s", PATIENCE.as_secs()))
            .at(self.home.display())
            .help("start `rushes` by hand with RUSHES_LOG=debug and see how far it comes"))
    }

    /// Frames drawn in so long.
    fn count(&mut self, length: Duration, stop: &Cancel) -> Result<u64> {
        let end = Instant::now() + length;
        let mut frames = 0;
        while let Some((_, line)) = self.next(end.saturating_duration_since(Instant::now()), stop)? {
            frames += u64::from(line.contains(FRAME));
        }
        Ok(frames)
    }

    /// The next line, within so long; an error where the window is gone.
    fn next(&mut self, within: Duration, stop: &Cancel) -> Result<Option<(Instant, String)>> {
        let end = Instant::now() + within;
        loop {
            stop.check()?;
            let left = end.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left.min(LOOK)) {
                Ok(line) => {
                    if !line.1.contains(FRAME) {
                        self.last.clone_from(&line.1);
                    }
                    return Ok(Some(line));
                }
                Err(RecvTimeoutError::Timeout) if left.is_zero() => return Ok(None),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Error::system(format!("the window ended by itself: {}", self.last))
                        .help("start `rushes` by hand and see what it says"));
                }
            }
        }
    }

    fn close(mut self) {
        end(&mut self.child);
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        end(&mut self.child);
    }
}
