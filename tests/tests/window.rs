//! The window as people have it: a real one on a screen, with a real mouse and keyboard. What was done is read from the
//! journal and from the files that were written, as another program would.
#![cfg(target_os = "linux")]

use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rushes_tests::{Home, Screen, ffprobe, work};
use serde_json::{Value, json};

/// Longer than any honest wait, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(240);

/// The editor on a screen of 1280 by 720; it ends with the test.
struct Window<'a> {
    home: &'a Home,
    screen: Screen,
    child: Child,
}

impl Drop for Window<'_> {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl<'a> Window<'a> {
    fn open(home: &'a Home) -> Result<Self> {
        let screen = Screen::start(1280, 720)?;
        let mut command = home.command()?;
        command.stdout(Stdio::null()).stderr(Stdio::null());
        screen.show(&mut command);
        let child = command.spawn().context("the window could not be started")?;
        let window = Self { home, screen, child };
        let search = ["search", "--onlyvisible", "--name", "Rushes"];
        window.wait("the window", || window.screen.hand(&search).is_ok())?;
        // There is no window manager: the window is put where a hand expects it.
        let found = window.screen.hand(&search)?;
        let id = found.lines().next().context("no window")?;
        window.screen.hand(&["windowmove", id, "0", "0"])?;
        window.screen.hand(&["windowsize", id, "1280", "720"])?;
        window.screen.hand(&["windowfocus", id])?;
        sleep(Duration::from_secs(2));
        Ok(window)
    }

    fn wait(&self, what: &str, mut came: impl FnMut() -> bool) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        while !came() {
            if Instant::now() > end {
                let png = std::env::temp_dir().join("rushes-window-test.png");
                drop(self.screen.look(&png));
                bail!("{what} did not come; the screen is in {}", png.display());
            }
            sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// The steps so far, as the journal has them.
    fn journal(&self) -> String {
        let read = |entry: std::fs::DirEntry| std::fs::read_to_string(entry.path()).ok();
        let all = std::fs::read_dir(self.home.data().join("journal"));
        all.into_iter().flatten().flatten().filter_map(read).collect()
    }

    fn wait_for_step(&self, words: &str) -> Result<()> {
        self.wait(words, || self.journal().contains(words))
    }

    fn key(&self, chord: &str) -> Result<()> {
        self.screen.hand(&["key", chord])?;
        sleep(Duration::from_millis(400));
        Ok(())
    }

    fn write(&self, text: &str) -> Result<()> {
        self.screen.hand(&["type", "--delay", "20", text])?;
        sleep(Duration::from_millis(400));
        Ok(())
    }

    fn click(&self, [x, y]: [u32; 2]) -> Result<()> {
        self.screen.hand(&["mousemove", &x.to_string(), &y.to_string(), "click", "1"])?;
        sleep(Duration::from_millis(400));
        Ok(())
    }

    fn drag(&self, from: [u32; 2], to: [u32; 2]) -> Result<()> {
        const STEPS: u32 = 4;
        let at = |step: u32| [0, 1].map(|i| ((from[i] * (STEPS - step) + to[i] * step) / STEPS).to_string());
        for step in 0..=STEPS {
            let [x, y] = at(step);
            self.screen.hand(&["mousemove", &x, &y])?;
            sleep(Duration::from_millis(150));
            if step == 0 {
                self.screen.hand(&["mousedown", "1"])?;
                sleep(Duration::from_millis(150));
            }
        }
        self.screen.hand(&["mouseup", "1"])?;
        sleep(Duration::from_millis(400));
        Ok(())
    }

    /// Goes to a node by Find: it stands in the middle of the graph then, at full size.
    fn find(&self, node: &str) -> Result<()> {
        self.key("ctrl+f")?;
        self.write(node)?;
        self.key("Return")?;
        sleep(Duration::from_millis(600));
        Ok(())
    }
}

/// The template Realism on the first screen.
const REALISM: [u32; 2] = [400, 180];
/// The field of a shot's action in the inspector.
const ACTION: [u32; 2] = [1095, 590];
/// The fifth still of the sheet in the viewer.
const FIFTH: [u32; 2] = [1067, 235];
const NEXT_FRAME: [u32; 2] = [1111, 348];
/// The middle of the viewer, where the line of a wipe begins.
const WIPE: [u32; 2] = [1067, 200];
/// The first of the recent files on the first screen.
const RECENT: [u32; 2] = [80, 278];
/// The output of a node that Find went to.
const OUTPUT: [u32; 2] = [519, 221];

#[test]
fn a_hand_makes_a_film() -> Result<()> {
    let home = Home::new()?;
    std::fs::create_dir_all(home.data())?;
    // The system's own dialogs belong to no display that a test has.
    std::fs::write(home.data().join("config.toml"), "own_dialogs = true\nproxy = 8\n")?;
    let window = Window::open(&home)?;
    window.click(REALISM)?;
    sleep(Duration::from_secs(3));

    window.find("astronaut")?;
    window.click(ACTION)?;
    window.key("ctrl+a")?;
    window.write("she looks up at the tower")?;
    window.wait_for_step(r#""param":"action","value":"she looks up at the tower""#)?;

    window.find("person_stills")?;
    window.key("1")?;
    sleep(Duration::from_secs(3));
    window.click(FIFTH)?;
    window.wait_for_step(r#""node":"person_pick","param":"choice","value":4"#)?;

    window.find("cut")?;
    window.key("2")?;
    window.find("bind")?;
    window.key("1")?;
    sleep(Duration::from_secs(3));
    window.click(NEXT_FRAME)?;
    window.click(NEXT_FRAME)?;
    window.key("w")?;
    sleep(Duration::from_secs(2));
    window.drag(WIPE, [1000, 200])?;

    window.drag(OUTPUT, [590, 390])?;
    window.write("vignette")?;
    window.key("Return")?;
    window.wait_for_step(r#"{"do":"connect","from":"bind.clip","to":"film.clip"}"#)?;
    sleep(Duration::from_secs(2));
    window.drag([775, 357], [575, 149])?;
    window.wait_for_step(r#"{"do":"connect","from":"film.clip","to":"write.clip"}"#)?;
    window.click([1099, 493])?;
    window.key("ctrl+a")?;
    window.write("0.6")?;
    window.key("Return")?;
    window.wait_for_step(r#""param":"vignette","value":0.6"#)?;

    for _ in 0..3 {
        window.key("ctrl+z")?;
    }
    window.key("ctrl+s")?;
    sleep(Duration::from_secs(3));
    window.key("ctrl+a")?;
    window.write("launch")?;
    window.key("Return")?;
    let path = home.path("launch.json");
    window.wait("the saved graph", || path.is_file())?;
    let mut graph: Value = serde_json::from_slice(&std::fs::read(&path)?)?;
    let node =
        |id: &str| graph["nodes"].as_array().and_then(|all| all.iter().find(|n| n["id"] == id).cloned());
    assert_eq!(node("film"), None, "three steps were undone");
    assert_eq!(node("person").context("no shot")?["params"]["action"], json!("she looks up at the tower"));
    assert_eq!(node("person_pick").context("no pick")?["params"]["choice"], json!(4));
    assert!(
        graph["links"]
            .as_array()
            .is_some_and(|all| all.contains(&json!({ "from": "bind.clip", "to": "write.clip" })))
    );
    window.key("ctrl+q")?;
    drop(window);

    // A short film, so that the test ends today.
    for node in graph["nodes"].as_array_mut().into_iter().flatten() {
        if node["kind"] == "animate/image_to_video" {
            node["params"]["duration_s"] = json!(0.1);
        }
    }
    std::fs::write(&path, graph.to_string())?;
    let window = Window::open(&home)?;
    window.click(RECENT)?;
    sleep(Duration::from_secs(4));
    window.key("ctrl+Return")?;
    let film = home.path("realism.mp4");
    window.wait("the film", || film.is_file())?;
    assert_eq!(ffprobe(&film)?["nb_read_frames"], json!("4"));
    Ok(())
}

#[test]
fn a_random_hand_breaks_nothing() -> Result<()> {
    let (acts, held) = work(8, 7)?;
    assert!(acts > 10 && held.contains_key("graph") && held.contains_key("edit"), "{acts} acts of {held:?}");
    Ok(())
}
