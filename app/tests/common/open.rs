//! The whole editor on a small graph, without a screen.
#![allow(dead_code, reason = "each test uses its part")]

use egui::{Key, Modifiers, Pos2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rushes::editor::app::Editor;
use rushes::home::Home;
use rushes::session::{Options, RenderOrder, Session};
use rushes_engine::document::Node;
use rushes_engine::{Cancel, Progress};
use rushes_gpu::DeviceChoice;
use rushes_nodes::Services;
use serde_json::{Value, json};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A flat picture of one colour, graded.
pub fn small() -> Value {
    json!({
        "rushes": 1, "title": "Small",
        "nodes": [
            { "id": "bars", "kind": "generate/pattern", "version": 1, "at": [0, 0],
              "params": { "pattern": "ramp", "width": 64, "height": 36, "length": 24 } },
            { "id": "grade", "kind": "finish/grade", "version": 1, "at": [260, 0] },
            { "id": "blur", "kind": "finish/blur", "version": 1, "at": [520, 0] }
        ],
        "links": [ { "from": "bars.clip", "to": "grade.clip" } ],
        "groups": [], "notes": [], "view": {}
    })
}

/// A still and a node that moves it and keeps takes.
pub fn moving() -> Value {
    json!({
        "rushes": 1, "title": "Moving",
        "nodes": [
            { "id": "still", "kind": "generate/pattern", "version": 1, "at": [0, 0],
              "params": { "width": 64, "height": 36, "length": 1 } },
            { "id": "move", "kind": "animate/image_to_video", "version": 1, "at": [260, 0] }
        ],
        "links": [ { "from": "still.clip", "to": "move.clip" } ],
        "groups": [], "notes": [], "view": {}
    })
}

/// A file that ships.
pub fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../assets").join(name)
}

/// Longer than any honest wait, also on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(240);

/// A file held over the window.
#[derive(Debug)]
struct File(PathBuf);

impl egui::DroppedFile for File {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        std::fs::read(&self.0).map_err(|e| e.to_string())
    }
}

/// An editor with a home of its own.
pub struct Open {
    pub harness: Harness<'static, Editor>,
    pub graph: PathBuf,
    pub folder: TempDir,
}

/// Opens a graph from a file.
pub fn open(graph: &Value) -> Open {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.json");
    std::fs::write(&path, serde_json::to_string_pretty(graph).unwrap()).unwrap();
    start(folder, Some(path))
}

/// Starts the editor on a file or on none, with the home that lies in `folder`.
pub fn start(folder: TempDir, graph: Option<PathBuf>) -> Open {
    let home = Home::at(&folder.path().join("home")).unwrap();
    let files: Vec<PathBuf> = graph.iter().cloned().collect();
    let harness = Harness::builder()
        .with_size(egui::vec2(1280.0, 720.0))
        .wgpu_setup(rushes::editor::graphics())
        .build_eframe(move |cc| Editor::new(cc, &files, Some(home)).unwrap());
    let mut open = Open { harness, graph: graph.unwrap_or_default(), folder };
    open.settle();
    open
}

impl Open {
    /// Runs frames until nothing is under way.
    pub fn settle(&mut self) {
        let end = Instant::now() + PATIENCE;
        self.harness.run_steps(2);
        while !self.harness.state().is_settled() {
            assert!(Instant::now() < end, "the editor did not come to rest");
            std::thread::sleep(Duration::from_millis(5));
            self.harness.run_steps(1);
        }
        self.harness.run_steps(2);
    }

    pub fn node(&self, node: &str) -> Node {
        (**self.harness.state().session().document.graph().node(&node.parse().unwrap()).unwrap()).clone()
    }

    /// The take that the node `move` plays.
    pub fn take(&self) -> String {
        self.node("move").take.to_string()
    }

    pub fn param(&self, node: &str, name: &str) -> Option<Value> {
        let graph = self.harness.state().session().document.graph();
        graph.nodes.get(&node.parse().unwrap()).and_then(|n| n.params.get(name).cloned())
    }

    pub fn has(&self, node: &str) -> bool {
        self.harness.state().session().document.graph().nodes.contains_key(&node.parse().unwrap())
    }

    pub fn wires(&self) -> Vec<String> {
        let graph = self.harness.state().session().document.graph();
        graph.links.iter().map(|(to, link)| format!("{} > {to}", link.from)).collect()
    }

    /// What another home rendered of a node of [`small`]: those frames, or all.
    pub fn rendered(&self, node: &str, frames: Option<Range<i64>>, name: &str) -> PathBuf {
        let home = Home::at(&self.folder.path().join("maker")).unwrap();
        let services = Arc::new(Services::new(DeviceChoice::Software));
        let options = Options { home: Some(home), services: Some(services), ..Options::default() };
        let mut session = Session::new(options).unwrap();
        let graph = self.folder.path().join("maker.json");
        std::fs::write(&graph, small().to_string()).unwrap();
        session.open(&graph).unwrap();
        let out = self.folder.path().join(name);
        let order =
            RenderOrder { node: Some(node.parse().unwrap()), out: Some(out.clone()), frames, proxy: 1 };
        session.render(&order, &Cancel::new(), &Progress::silent()).unwrap();
        out
    }

    pub fn center(&self, label: &str) -> Pos2 {
        self.harness.get_by_label(label).rect().center()
    }

    pub fn there(&self, label: &str) -> bool {
        self.harness.query_all_by_label_contains(label).next().is_some()
    }

    pub fn select(&mut self, node: &str) {
        self.harness.state_mut().select(node, 0);
        self.settle();
    }

    pub fn command(&mut self, name: &str) {
        assert!(self.harness.state_mut().command(name), "{name} can do nothing");
        self.settle();
    }

    /// Presses, moves in steps as a hand does, and lets go.
    pub fn drag(&mut self, from: Pos2, to: Pos2) {
        self.harness.hover_at(from);
        self.harness.run_steps(1);
        self.harness.drag_at(from);
        self.harness.run_steps(1);
        for step in 1_u8..=4 {
            self.harness.hover_at(from + (to - from) * f32::from(step) / 4.0);
            self.harness.run_steps(1);
        }
        self.harness.drop_at(to);
        self.harness.run_steps(2);
        self.settle();
    }

    /// Drops a file on a node, by the name it has on the screen.
    pub fn drop_on(&mut self, node: &str, file: &Path) {
        let at = self.center(node);
        self.harness.hover_at(at);
        self.harness.run_steps(1);
        self.drop_in(file);
    }

    /// Drops a file where the pointer is.
    pub fn drop_in(&mut self, file: &Path) {
        self.harness.input_mut().dropped_files.push(Arc::new(File(file.to_owned())));
        self.harness.run_steps(2);
        self.settle();
    }

    pub fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(2);
    }

    pub fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    /// Ends the editor; what it kept stays in the folder.
    pub fn close(self) -> TempDir {
        let Self { harness, folder, .. } = self;
        drop(harness);
        folder
    }

    /// Runs frames until something of that name is on the screen.
    pub fn wait_for(&mut self, label: &str) {
        let is = |o: &Self| o.harness.query_by_label_contains(label).is_some();
        self.until(&format!("there is no “{label}”"), is);
    }

    /// Runs frames until what other threads do has come to pass.
    pub fn until(&mut self, what: &str, is: impl Fn(&Self) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is(self) {
            assert!(Instant::now() < end, "{what}");
            std::thread::sleep(Duration::from_millis(5));
            self.harness.run_steps(1);
        }
    }

    /// The mean brightness of the viewer's picture, 0 to 255.
    pub fn brightness(&mut self) -> f64 {
        let label = "Picture of ";
        let rect = self.harness.get_by_label_contains(label).rect();
        let image = self.harness.render().unwrap();
        let rect = rect.shrink2(egui::vec2(rect.width() * 0.2, rect.height() * 0.2));
        let mut sum = 0.0;
        let mut count = 0.0;
        for y in rect.top() as u32..rect.bottom() as u32 {
            for x in rect.left() as u32..rect.right() as u32 {
                let p = image.get_pixel(x, y).0;
                sum += f64::from(p[0]) + f64::from(p[1]) + f64::from(p[2]);
                count += 3.0;
            }
        }
        sum / count
    }

    pub fn type_into(&mut self, label: &str, text: &str) {
        self.click(label);
        self.harness.run_steps(2);
        self.harness.get_by_label(label).type_text(text);
        self.harness.run_steps(1);
        self.key(Modifiers::NONE, Key::Enter);
    }
}
