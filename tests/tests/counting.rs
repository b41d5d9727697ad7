//! What an edit costs, counted through `drive`: only what depends on it is evaluated, and undo finds what was seen.

use anyhow::Result;
use rushes_tests::{Drive, Home, ffmpeg};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Frames that are looked at.
const VIEWED: u64 = 24;

/// The tools fused with the last one since the transform.
const FUSED: [&str; 4] = ["lut", "grade3", "grade4", "blend"];

/// The chain, and what makes each of its tools more than an identity.
fn chain(home: &Home) -> Result<Drive> {
    let clip = home.path("clip.mp4");
    let out = clip.to_string_lossy();
    let source = "testsrc2=s=96x54:r=24:d=1.5";
    ffmpeg(["-f", "lavfi", "-i", source, "-pix_fmt", "yuv420p", "-g", "12", &*out])?;
    home.write("look.cube", "LUT_3D_SIZE 2\n0 0 0\n0.9 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 0.9\n")?;
    home.write("graph.json", "{ \"rushes\": 1 }")?;
    let graph = home.path("graph.json");
    let mut drive = Drive::start(home, &[&graph.to_string_lossy()])?;
    let tools: [(&str, &str, Value); 12] = [
        ("read", "edit/read", json!({ "path": "clip.mp4" })),
        ("trim", "time/trim", json!({ "start": 4 })),
        ("blur", "finish/blur", json!({ "sigma": 1.5 })),
        ("grade", "finish/grade", json!({ "exposure": 0.2 })),
        ("upscale", "upscale/video", json!({ "output": "factor", "factor": 1.5 })),
        ("grade2", "finish/grade", json!({ "saturation": 1.2 })),
        ("blur2", "finish/blur", json!({ "sigma": 0.8 })),
        ("transform", "finish/transform", json!({ "rotate": 3.0 })),
        ("lut", "finish/lut", json!({ "file": "look.cube" })),
        ("grade3", "finish/grade", json!({ "contrast": 1.1 })),
        ("grade4", "finish/grade", json!({ "temperature": 0.1 })),
        ("blend", "finish/blend", json!({ "mode": "overlay", "opacity": 0.3 })),
    ];
    let mut before = None;
    for (id, kind, params) in tools {
        drive.ask("add", json!({ "kind": kind, "node": id, "params": params }))?;
        if let Some(before) = before {
            let port = if id == "blend" { "bottom" } else { "clip" };
            drive.connect(&format!("{before}.clip"), &format!("{id}.{port}"))?;
        }
        before = Some(id);
    }
    drive.add("generate/pattern", json!({ "pattern": "noise", "width": 144, "height": 81, "length": 36 }))?;
    drive.connect("pattern.clip", "blend.top")?;
    Ok(drive)
}

/// Looks at the frames of a node and tells what each node evaluated for it.
fn look(drive: &mut Drive, node: &str, frames: std::ops::Range<u64>) -> Result<BTreeMap<String, u64>> {
    drive.ask("stats", json!({ "reset": true }))?;
    for frame in frames {
        drive.frame(node, frame, None)?;
    }
    Ok(drive.evaluated()?.into_iter().filter(|(_, count)| *count > 0).collect())
}

fn counts(nodes: &[&str], each: u64) -> BTreeMap<String, u64> {
    nodes.iter().map(|node| ((*node).to_owned(), each)).collect()
}

#[test]
fn an_edit_costs_what_depends_on_it_and_undo_costs_nothing() -> Result<()> {
    let home = Home::new()?;
    let mut drive = chain(&home)?;
    let first = look(&mut drive, "blend", 0..VIEWED)?;
    for node in [
        "read",
        "blur",
        "grade",
        "upscale",
        "grade2",
        "blur2",
        "transform",
        "lut",
        "grade3",
        "grade4",
        "blend",
    ] {
        assert_eq!(first.get(node), Some(&VIEWED), "{node} of {first:?}");
    }
    assert!(!first.contains_key("trim"), "a tool of time passes frames on");
    assert_eq!(look(&mut drive, "blend", 0..VIEWED)?, BTreeMap::new(), "what was seen is kept");

    drive.set("blend", "opacity", 0.5)?;
    let mut edited = look(&mut drive, "blend", 0..VIEWED)?;
    edited.remove("pattern");
    assert_eq!(edited, counts(&FUSED, VIEWED));
    drive.ask("undo", json!({}))?;
    assert_eq!(look(&mut drive, "blend", 0..VIEWED)?, BTreeMap::new(), "undo");
    drive.ask("redo", json!({}))?;
    assert_eq!(look(&mut drive, "blend", 0..VIEWED)?, BTreeMap::new(), "redo");
    Ok(())
}

#[test]
fn names_places_and_branches_cost_nothing() -> Result<()> {
    let home = Home::new()?;
    let mut drive = chain(&home)?;
    look(&mut drive, "blend", 0..VIEWED)?;
    drive.ask("rename", json!({ "node": "upscale", "to": "larger" }))?;
    assert_eq!(look(&mut drive, "blend", 0..VIEWED)?, BTreeMap::new(), "rename");
    drive.ask("move", json!({ "node": "larger", "at": [400, -20] }))?;
    assert_eq!(look(&mut drive, "blend", 0..VIEWED)?, BTreeMap::new(), "move");
    let mut copies = BTreeMap::new();
    for node in ["lut", "grade3", "grade4", "blend"] {
        let copy = drive.ask("duplicate", json!({ "node": node }))?;
        copies.insert(node, copy["node"].as_str().unwrap_or_default().to_owned());
    }
    for (from, to) in [
        ("transform.clip".to_owned(), format!("{}.clip", copies["lut"])),
        (format!("{}.clip", copies["lut"]), format!("{}.clip", copies["grade3"])),
        (format!("{}.clip", copies["grade3"]), format!("{}.clip", copies["grade4"])),
        (format!("{}.clip", copies["grade4"]), format!("{}.bottom", copies["blend"])),
        ("pattern.clip".to_owned(), format!("{}.top", copies["blend"])),
    ] {
        drive.connect(&from, &to)?;
    }
    let copy = copies["blend"].clone();
    assert_eq!(look(&mut drive, &copy, 0..VIEWED)?, BTreeMap::new(), "a branch made twice");
    Ok(())
}

#[test]
fn a_keyed_value_costs_its_own_frames() -> Result<()> {
    let home = Home::new()?;
    let mut drive = chain(&home)?;
    let keyed = |second: f64| json!({ "keys": [[0, 0.2, "hold"], [12, second, "hold"]] });
    drive.set("grade2", "exposure", keyed(0.4))?;
    look(&mut drive, "blend", 0..VIEWED)?;
    drive.set("grade2", "exposure", keyed(0.6))?;
    let mut edited = look(&mut drive, "blend", 0..VIEWED)?;
    edited.remove("pattern");
    let below = ["grade2", "blur2", "transform", "lut", "grade3", "grade4", "blend"];
    assert_eq!(edited, counts(&below, 12));
    assert_eq!(look(&mut drive, "blend", 0..12)?, BTreeMap::new());
    Ok(())
}

#[test]
fn a_drag_keeps_what_goes_into_the_dragged_tool() -> Result<()> {
    let home = Home::new()?;
    let mut drive = chain(&home)?;
    look(&mut drive, "blend", 0..4)?;
    for opacity in [0.4, 0.5] {
        drive.ask("set", json!({ "node": "blend", "param": "opacity", "value": opacity, "merge": true }))?;
        look(&mut drive, "blend", 0..4)?;
    }
    drive.ask("set", json!({ "node": "blend", "param": "opacity", "value": 0.6, "merge": true }))?;
    let mut dragged = look(&mut drive, "blend", 0..4)?;
    dragged.remove("pattern");
    assert_eq!(dragged, counts(&["blend"], 4));
    drive.ask("undo", json!({}))?;
    assert_eq!(look(&mut drive, "blend", 0..4)?, BTreeMap::new(), "the whole drag is one step");
    Ok(())
}
