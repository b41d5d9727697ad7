//! The whole editor on small graphs: what is done in the window is done to the document and seen in the viewer.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use rushes::editor::app::Editor;
use rushes::home::Home;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A flat picture of one colour, graded.
fn small() -> Value {
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

struct Open {
    harness: Harness<'static, Editor>,
    graph: std::path::PathBuf,
    _folder: TempDir,
}

fn open(graph: &Value) -> Open {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("small.json");
    std::fs::write(&path, serde_json::to_string_pretty(graph).unwrap()).unwrap();
    let home = Home::at(&folder.path().join("home")).unwrap();
    let files = [path.clone()];
    let harness = Harness::builder()
        .with_size(egui::vec2(1280.0, 720.0))
        .wgpu_setup(rushes::editor::graphics())
        .build_eframe(move |cc| Editor::new(cc, &files, Some(home)).unwrap());
    let mut open = Open { harness, graph: path, _folder: folder };
    open.settle();
    open
}

impl Open {
    /// Runs frames until nothing is under way.
    fn settle(&mut self) {
        let end = Instant::now() + Duration::from_secs(60);
        self.harness.run_steps(2);
        while !self.harness.state().is_settled() {
            assert!(Instant::now() < end, "the editor did not come to rest");
            std::thread::sleep(Duration::from_millis(5));
            self.harness.run_steps(1);
        }
        self.harness.run_steps(2);
    }

    fn param(&self, node: &str, name: &str) -> Option<Value> {
        let graph = self.harness.state().session().document.graph();
        graph.nodes.get(&node.parse().unwrap()).and_then(|n| n.params.get(name).cloned())
    }

    fn has(&self, node: &str) -> bool {
        self.harness.state().session().document.graph().nodes.contains_key(&node.parse().unwrap())
    }

    fn wires(&self) -> Vec<String> {
        let graph = self.harness.state().session().document.graph();
        graph.links.iter().map(|(to, link)| format!("{} > {to}", link.from)).collect()
    }

    fn click(&mut self, label: &str) {
        self.harness.get_by_label(label).click();
        self.harness.run_steps(2);
    }

    fn key(&mut self, modifiers: Modifiers, key: Key) {
        self.harness.key_press_modifiers(modifiers, key);
        self.harness.run_steps(2);
    }

    /// The mean brightness of the viewer's picture, 0 to 255.
    fn brightness(&mut self) -> f64 {
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

    fn type_into(&mut self, label: &str, text: &str) {
        self.click(label);
        self.harness.run_steps(2);
        self.harness.get_by_label(label).type_text(text);
        self.harness.run_steps(1);
        self.key(Modifiers::NONE, Key::Enter);
    }
}

#[test]
fn a_parameter_typed_in_the_inspector_is_set_and_seen_and_undone() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    let before = o.brightness();
    assert!(before > 20.0, "a ramp is not black: {before}");
    o.type_into("Exposure", "-2");
    o.settle();
    assert_eq!(o.param("grade", "exposure"), Some(json!(-2)));
    let dark = o.brightness();
    // Two stops of linear light are a quarter; through a display gamma of 2.4 that is 0.56 of the code.
    let expected = before * 0.25f64.powf(1.0 / 2.4);
    assert!((dark - expected).abs() < 0.08 * before, "{before} became {dark}, not {expected}");
    o.key(Modifiers::COMMAND, Key::Z);
    o.settle();
    assert_eq!(o.param("grade", "exposure"), None);
    assert!((o.brightness() - before).abs() < 0.5);
}

#[test]
fn a_node_is_added_by_search_after_the_selected_one_and_deleting_keeps_the_wire() {
    let mut o = open(&small());
    o.click("Grade (grade)");
    o.key(Modifiers::NONE, Key::Tab);
    o.harness.run_steps(2);
    o.harness.get_by_label("Search nodes").type_text("letterbox");
    o.harness.run_steps(2);
    o.key(Modifiers::SHIFT, Key::Enter);
    assert_eq!(o.wires(), ["bars.clip > grade.clip", "grade.clip > letterbox.clip"]);
    o.click("Grade (grade)");
    o.key(Modifiers::NONE, Key::Delete);
    assert!(!o.has("grade"));
    assert_eq!(o.wires(), ["bars.clip > letterbox.clip"]);
    o.key(Modifiers::COMMAND, Key::Z);
    o.key(Modifiers::COMMAND, Key::Z);
    assert!(o.has("grade") && !o.has("letterbox"));
    assert_eq!(o.wires(), ["bars.clip > grade.clip"]);
}

#[test]
fn what_is_wrong_is_told_at_the_node_and_in_the_list() {
    let mut o = open(&small());
    o.harness.state_mut().select("blur", 0);
    o.settle();
    o.click("Problems 1");
    assert!(o.harness.query_by_label_contains("Problem in Blur").is_some());
}

#[test]
fn frames_are_stepped_and_the_arrow_keys_are_the_viewers() {
    let mut o = open(&small());
    o.click("Next frame");
    assert_eq!(o.harness.state().playhead(), 1);
    o.click("Last frame");
    assert_eq!(o.harness.state().playhead(), 23);
    o.key(Modifiers::NONE, Key::ArrowLeft);
    assert_eq!(o.harness.state().playhead(), 22);
    o.click("First frame");
    assert_eq!(o.harness.state().playhead(), 0);
}

#[test]
fn a_key_at_the_playhead_makes_the_parameter_change_over_time() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o.click("Key for Exposure");
    o.harness.state_mut().select("grade", 12);
    o.settle();
    o.type_into("Exposure", "1");
    assert_eq!(o.param("grade", "exposure"), Some(json!({"keys": [[0, 0, "linear"], [12, 1, "linear"]]})));
}

#[test]
fn saving_writes_what_was_done_and_opening_again_can_undo_it() {
    let mut o = open(&small());
    o.harness.state_mut().select("grade", 0);
    o.settle();
    o.type_into("Exposure", "-1");
    o.key(Modifiers::COMMAND, Key::S);
    let saved: Value = serde_json::from_str(&std::fs::read_to_string(&o.graph).unwrap()).unwrap();
    let grade = saved["nodes"].as_array().unwrap().iter().find(|n| n["id"] == "grade").unwrap();
    assert_eq!(grade["params"]["exposure"].as_f64(), Some(-1.0));
    assert!(o.harness.query_by_label("Undo").is_none(), "there is something to undo");
}
