//! Every graph that ships: sound, canonical, and rendered with nothing but what ships beside it.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rushes_tests::{Drive, Home, ffprobe, graph, luma_frames, root};
use serde_json::json;

fn shipped() -> Result<Vec<PathBuf>> {
    let mut graphs = Vec::new();
    for entry in fs::read_dir(root().join("graphs")).context("graphs")? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending == "json") {
            graphs.push(path);
        }
    }
    graphs.sort();
    assert!(!graphs.is_empty(), "no graph ships");
    Ok(graphs)
}

#[test]
fn every_graph_passes_the_strict_check() -> Result<()> {
    let home = Home::new()?;
    for graph in shipped()? {
        let outcome = home.run(["check", "--strict", &*graph.to_string_lossy()])?;
        assert_eq!(outcome.code, 0, "{}: {outcome:?}", graph.display());
    }
    Ok(())
}

#[test]
fn every_graph_is_written_back_byte_for_byte() -> Result<()> {
    let home = Home::new()?;
    for graph in shipped()? {
        let mut drive = Drive::start(&home, &[&graph.to_string_lossy()])?;
        let copy = home.path("copy.json");
        drive.ask("save", json!({ "out": copy }))?;
        assert_eq!(drive.quit()?, 0);
        let same = fs::read(&graph)? == fs::read(&copy)?;
        assert!(same, "{} is not canonical; `rushes fmt` makes it so", graph.display());
    }
    Ok(())
}

#[test]
fn every_graph_renders() -> Result<()> {
    let home = Home::new()?;
    for graph in shipped()? {
        let film = home.path("film.mp4");
        let arguments = [
            "render",
            &*graph.to_string_lossy(),
            "-o",
            &*film.to_string_lossy(),
            "--proxy",
            "4",
            "--frames",
            "0..4",
            "--progress",
            "none",
        ]
        .map(str::to_owned);
        let outcome = home.run(arguments)?;
        assert_eq!(outcome.code, 0, "{}: {outcome:?}", graph.display());
        assert_eq!(ffprobe(&film)?["nb_read_frames"], json!("4"), "{}", graph.display());
        fs::remove_file(film)?;
    }
    Ok(())
}

#[test]
fn realism_is_whole() -> Result<()> {
    let home = Home::new()?;
    let graph = graph("realism");
    let graph = graph.to_string_lossy();
    home.must([
        "render",
        &*graph,
        "-o",
        "film.mp4",
        "--proxy",
        "4",
        "--progress",
        "none",
        "--stats",
        "stats.json",
    ])?;
    let film = home.path("film.mp4");
    let stream = ffprobe(&film)?;
    for (name, value) in [
        ("codec_name", "h264"),
        ("nb_read_frames", "72"),
        ("r_frame_rate", "24/1"),
        ("color_primaries", "bt709"),
        ("color_transfer", "bt709"),
        ("color_space", "bt709"),
        ("color_range", "tv"),
    ] {
        assert_eq!(stream[name], json!(value), "{name}");
    }
    assert_eq!((stream["width"].as_u64(), stream["height"].as_u64()), (Some(960), Some(540)));
    let frames = luma_frames(&film)?;
    assert!(frames.windows(2).all(|pair| pair.first() != pair.last()), "two frames in a row are one picture");
    let stats: serde_json::Value = serde_json::from_str(&fs::read_to_string(home.path("stats.json"))?)?;
    assert_eq!(stats["frames"], json!(72));
    Ok(())
}
