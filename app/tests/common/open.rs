//! The whole editor on a small graph, without a screen.
#![allow(dead_code, reason = "each test uses its part")]

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rushes::editor::app::Editor;
use rushes::home::Home;
use serde_json::{Value, json};
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
        let end = Instant::now() + PATIENCE;
        while self.harness.query_by_label_contains(label).is_none() {
            assert!(Instant::now() < end, "there is no “{label}”");
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
