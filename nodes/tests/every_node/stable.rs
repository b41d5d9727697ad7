//! Keys follow from what decides a frame: not from names, places on the canvas, titles or folders.

use crate::setting::Settings;
use crate::sources;
use crate::world::{Layout, State, World};
use rushes_engine::Result;
use std::path::Path;

pub fn check(world: &World, base: &Settings) -> Vec<String> {
    let here = world.layout();
    let elsewhere = tempfile::tempdir().unwrap();
    let folder = elsewhere.path().join("elsewhere");
    std::fs::create_dir(&folder).unwrap();
    sources::furnish(&folder);
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("assets"), &folder.join("copies"));
    let (prefix, title, at) = ("other", "Another title", [300.0, -20.0]);
    let there = Layout { prefix, title, at, folder: &folder, assets: "copies/" };
    let keys = |layout: &Layout<'_>| {
        let (graph, id) = world.graph(base, layout);
        keys(&world.described(graph, id, layout.folder))
    };
    match (keys(&here), keys(&here), keys(&there)) {
        (Ok(a), Ok(b), Ok(c)) if a == b && b == c => Vec::new(),
        (Ok(a), Ok(b), Ok(_)) if a == b => {
            vec!["its keys follow from names, places, titles or folders".to_owned()]
        }
        (Ok(_), Ok(_), Ok(_)) => vec!["the same graph described twice has other keys".to_owned()],
        (Err(e), ..) | (_, Err(e), _) | (.., Err(e)) => vec![format!("it cannot be planned: {e}")],
    }
}

fn keys(state: &State) -> Result<Vec<rushes_engine::Key>> {
    let looks = state.looks().into_iter();
    let each = looks.flat_map(|(output, frames)| frames.into_iter().map(move |f| (output, f)));
    each.map(|(output, frame)| state.key(output, frame)).collect()
}

/// The shipped pictures, clips and tables under another folder.
fn copy(from: &Path, to: &Path) {
    for folder in ["stills", "clips", "luts"] {
        std::fs::create_dir_all(to.join(folder)).unwrap();
        for entry in std::fs::read_dir(from.join(folder)).unwrap().flatten() {
            std::fs::copy(entry.path(), to.join(folder).join(entry.file_name())).unwrap();
        }
    }
}
