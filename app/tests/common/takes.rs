//! Takes and a library for tests of the window: pictures of one grey, which a test can tell apart on the screen.
#![allow(dead_code, reason = "each test uses its part")]

use crate::open::{Open, moving};
use rushes_engine::Cancel;
use rushes_engine::library::{Facts, Intake, Library, Links, Remarks};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// The node that keeps takes, as the screen has it.
pub const MOVE: &str = "Image to video (move)";

/// A still, a node that keeps takes, what follows it, and a reader.
pub fn with_takes() -> Value {
    let mut graph = moving();
    graph["nodes"].as_array_mut().unwrap().extend([
        json!({ "id": "look", "kind": "finish/grade", "version": 1, "at": [520, 0] }),
        json!({ "id": "file", "kind": "edit/read", "version": 1, "at": [0, 320],
            "params": { "path": "named.png" } }),
    ]);
    graph["links"].as_array_mut().unwrap().push(json!({ "from": "move.clip", "to": "look.clip" }));
    graph
}

/// Writes a picture of one grey.
pub fn flat(folder: &Path, name: &str, code: u8) -> PathBuf {
    const SIDE: (u32, u32) = (64, 36);
    let path = folder.join(name);
    let mut encoder = png::Encoder::new(std::fs::File::create(&path).unwrap(), SIDE.0, SIDE.1);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[code; (SIDE.0 * SIDE.1) as usize]).unwrap();
    path
}

pub fn library(o: &Open) -> Library {
    Library::open(&o.folder.path().join("home/library")).unwrap()
}

/// Puts a picture of one grey into the library, as another graph would have.
pub fn kept(o: &Open, code: u8, facts: Facts, rating: u8) -> String {
    let file = flat(o.folder.path(), &format!("kept_{code}.png"), code);
    let library = library(o);
    let take = library.add(&[&file], Intake::Copy, facts, &Links::default(), &Cancel::new()).unwrap();
    library.remark(&take.id, Remarks { rating, ..Remarks::default() }).unwrap();
    take.id
}

pub fn facts(engine: &str, prompt: &str) -> Facts {
    Facts {
        kind: "animate/image_to_video".into(),
        engine: engine.into(),
        prompt: prompt.into(),
        ..Facts::default()
    }
}
