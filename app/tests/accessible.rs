//! Whoever does not see the window, or has no mouse, has all of it: everything that can be worked has a name, and
//! everything that can be done has a command.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that fails may panic")]

#[path = "common/open.rs"]
mod open;

use egui::accesskit::{Action, Role};
use egui_kittest::kittest::{By, NodeT as _, Queryable};
use open::{Open, open, small, start};
use rushes::editor::commands::{ALL, Keymap, Preset};
use std::collections::{BTreeMap, BTreeSet};

/// What can be worked in the window and has no name, with where it stands.
fn nameless(o: &Open) -> Vec<String> {
    let worked = By::new().predicate(|node| {
        let data = node.data();
        let works = data.supports_action(Action::Click) || data.supports_action(Action::Focus);
        // The words of a label are its value, and the role of a scroll bar says all that there is to say.
        let words = if node.role() == Role::Label { node.value() } else { node.label() };
        let named = words.is_some_and(|words| !words.trim().is_empty()) || node.role() == Role::ScrollBar;
        works && !named && !node.is_root()
    });
    let all = o.harness.query_all(worked);
    all.map(|node| format!("{:?} at {:?}", node.accesskit_node().role(), node.rect())).collect()
}

#[test]
fn everything_that_can_be_worked_has_a_name() {
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let first = start(tempfile::tempdir().unwrap(), None);
    found.insert("first screen", nameless(&first));
    drop(first);
    let mut o = start(tempfile::tempdir().unwrap(), None);
    o.click("Template Five stills, one pick");
    o.settle();
    found.insert("stills", nameless(&o));
    drop(o);
    let mut graph = small();
    graph["groups"] = serde_json::json!([{ "id": "g", "title": "A group", "nodes": ["bars"] }]);
    graph["notes"] = serde_json::json!([{ "id": "n", "text": "A note", "at": [0, 300], "size": [200, 80] }]);
    graph["nodes"][1]["params"] =
        serde_json::json!({ "exposure": { "keys": [[0, 0.0, "linear"], [12, 1.0, "linear"]] } });
    let mut o = open(&graph);
    found.insert("graph", nameless(&o));
    for node in ["bars", "grade", "blur"] {
        o.harness.state_mut().select(node, 3);
        o.settle();
        found.insert("inspector", nameless(&o));
    }
    o.harness.state_mut().select("grade", 3);
    o.harness.state_mut().put_on_key(2, "bars");
    let states = [
        "viewer.wipe",
        "viewer.scopes",
        "keys.curves",
        "graph.collapse",
        "graph.rename",
        "graph.palette",
        "graph.find",
        "graph.add",
        "edit.settings",
        "file.find_missing",
        "graph.make_sub_graph",
        "graph.enter",
        "view.theme",
    ];
    for state in states {
        o.harness.state_mut().command(state);
        o.settle();
        found.insert(state, nameless(&o));
        if state == "edit.settings" {
            o.click("Keys");
            found.insert("keys in the settings", nameless(&o));
        }
        o.key(egui::Modifiers::NONE, egui::Key::Escape);
        o.settle();
    }
    found.retain(|_, nameless| !nameless.is_empty());
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn everything_that_can_be_done_is_done_without_a_mouse() {
    let names: BTreeSet<&str> = ALL.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), ALL.len(), "each command has a name of its own");
    let palette = ALL.iter().find(|row| row.name == "graph.palette").unwrap();
    for (preset, words) in Preset::ALL {
        let keymap = Keymap::new(preset, &BTreeMap::new());
        assert!(
            !keymap.chords(palette.command).is_empty(),
            "{words}: the palette, where all commands are, has keys"
        );
        // Keys that are taken in the same place would start one of two.
        for row in ALL {
            for chord in keymap.chords(row.command) {
                let clash = keymap.clash(row.command, *chord);
                assert!(clash.is_none(), "{words}: {} and {:?} are both on {chord}", row.name, clash);
            }
        }
    }
}
