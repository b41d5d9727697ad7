//! The long runs: memory that does not grow with length, renders killed at any moment.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rushes_tests::{Home, ffprobe};
use serde_json::{Value, json};

/// A grain chain over a generated clip of `length` frames, written to `film.mp4`.
fn grain_chain(width: u32, height: u32, length: u32) -> Value {
    json!({
        "rushes": 1,
        "nodes": [
            { "id": "clip", "kind": "generate/pattern", "params": {
                "pattern": "noise", "width": width, "height": height, "length": length } },
            { "id": "grain", "kind": "finish/grain", "params": { "opacity": 0.3 } },
            { "id": "write", "kind": "deliver/write", "params": {
                "path": "film.mp4", "encoder_preset": "ultrafast" } }
        ],
        "links": [
            { "from": "clip.clip", "to": "grain.clip" },
            { "from": "grain.clip", "to": "write.clip" }
        ]
    })
}

/// The most memory that a render of so many frames of 1080p took, in bytes.
fn peak(length: u32) -> Result<f64> {
    let home = Home::new()?;
    home.write("graph.json", grain_chain(1920, 1080, length).to_string())?;
    home.must(["render", "graph.json", "--progress", "none", "--stats", "stats.json"])?;
    assert_eq!(ffprobe(&home.path("film.mp4"))?["nb_read_frames"], json!(length.to_string()));
    let stats: Value = serde_json::from_str(&fs::read_to_string(home.path("stats.json"))?)?;
    stats["peak_rss_bytes"].as_f64().context("no peak_rss_bytes")
}

#[test]
fn memory_does_not_grow_with_length() -> Result<()> {
    let (short, long) = (peak(240)?, peak(2400)?);
    assert!(long <= 1.10 * short, "{short} bytes for 240 frames, {long} for 2,400");
    assert!(long < 800e6, "{long} bytes");
    Ok(())
}

/// A kill cannot be caught, so a temporary file may stay behind; the earlier film must be as it was, and the
/// next run must not stumble.
#[cfg(unix)]
#[test]
fn a_killed_render_never_leaves_half_a_film() -> Result<()> {
    let home = Home::new()?;
    home.write("graph.json", grain_chain(320, 180, 600).to_string())?;
    home.write("film.mp4", "an earlier film")?;
    for kill in 0..40_u64 {
        let running = home.start(["render", "graph.json", "--progress", "none"])?;
        thread::sleep(Duration::from_millis(25 * kill));
        // The render may have won the race and be gone.
        let killed = running.signal("KILL").is_ok();
        let outcome = running.end()?;
        assert!(killed || outcome.code == 0, "{outcome:?}");
        let film = fs::read(home.path("film.mp4"))?;
        if film != b"an earlier film" {
            assert_eq!(ffprobe(&home.path("film.mp4"))?["nb_read_frames"], json!("600"));
            home.write("film.mp4", "an earlier film")?;
        }
    }
    home.must(["render", "graph.json", "--progress", "none"])?;
    assert_eq!(ffprobe(&home.path("film.mp4"))?["nb_read_frames"], json!("600"));
    Ok(())
}
