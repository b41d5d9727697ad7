//! The long runs: memory that does not grow with length, renders killed at any moment.

use std::fs;
#[cfg(target_os = "linux")]
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};
use rushes_tests::{Home, ffmpeg, ffprobe};
use serde_json::{Value, json};

/// A clip that is read, perhaps brought to 4K, bound by a plate of grain, and written to `film.mp4`.
fn grain_chain(upscale: bool, encoder_preset: &str) -> Value {
    let bottom = if upscale { "up.clip" } else { "clip.clip" };
    let (width, height) = if upscale { (3840, 2160) } else { (1920, 1080) };
    let mut nodes = vec![
        json!({ "id": "clip", "kind": "edit/read", "params": { "path": "clip.mp4" } }),
        json!({ "id": "plate", "kind": "finish/grain_plate", "params": { "width": width, "height": height } }),
        json!({ "id": "bind", "kind": "finish/blend", "params": { "mode": "overlay", "opacity": 0.3 } }),
        json!({ "id": "write", "kind": "deliver/write", "params": {
            "path": "film.mp4", "encoder_preset": encoder_preset } }),
    ];
    let mut links = vec![
        json!({ "from": bottom, "to": "bind.bottom" }),
        json!({ "from": "plate.clip", "to": "bind.top" }),
        json!({ "from": "bind.clip", "to": "write.clip" }),
    ];
    if upscale {
        nodes.push(json!({ "id": "up", "kind": "upscale/video", "params": { "output": "4k" } }));
        links.push(json!({ "from": "clip.clip", "to": "up.clip" }));
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}

/// A home with a clip of so many frames of so many lines, 16 to 9.
fn with_clip(lines: u32, frames: u32) -> Result<Home> {
    let home = Home::new()?;
    let source = format!("testsrc2=s={}x{lines}:r=24", lines / 9 * 16);
    let (path, frames) = (home.path("clip.mp4"), frames.to_string());
    let path = path.to_string_lossy();
    let coding =
        ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "ultrafast", "-frames:v", &frames, &path];
    ffmpeg(["-v", "error", "-y", "-f", "lavfi", "-i", &source].into_iter().chain(coding))?;
    Ok(home)
}

/// Renders so many frames and gives the most memory that it took, in bytes.
fn peak(home: &Home, frames: u32) -> Result<f64> {
    let range = format!("0..{frames}");
    home.must(["render", "graph.json", "--frames", &range, "--progress", "none", "--stats", "stats.json"])?;
    assert_eq!(ffprobe(&home.path("film.mp4"))?["nb_read_frames"], json!(frames.to_string()));
    let stats: Value = serde_json::from_str(&fs::read_to_string(home.path("stats.json"))?)?;
    stats["peak_rss_bytes"].as_f64().context("no peak_rss_bytes")
}

#[test]
fn memory_does_not_grow_with_length() -> Result<()> {
    let home = with_clip(1080, 2400)?;
    home.write("graph.json", grain_chain(false, "veryfast").to_string())?;
    let (short, long) = (peak(&home, 240)?, peak(&home, 2400)?);
    println!("{:.0} MB for 240 frames of 1080p, {:.0} MB for 2,400", short / 1e6, long / 1e6);
    assert!(long <= 1.10 * short, "{short} bytes for 240 frames, {long} for 2,400");
    assert!(long < 800e6, "{long} bytes");
    Ok(())
}

/// What the `ffmpeg` program takes at most to encode raw frames from a pipe, in bytes.
#[cfg(target_os = "linux")]
fn peak_of_ffmpeg(film: &Path, preset: &str) -> Result<f64> {
    let raw = ["-f", "rawvideo", "-pix_fmt", "yuv420p"];
    let mut decode = Command::new("ffmpeg");
    decode.args(["-v", "error", "-i"]).arg(film).args(raw).arg("-").stdout(Stdio::piped());
    let mut decode = decode.spawn()?;
    let frames = decode.stdout.take().context("no stdout")?;
    let mut encode = Command::new("ffmpeg");
    encode.args(["-v", "error"]).args(raw).args(["-s", "3840x2160", "-r", "24", "-i", "-"]);
    encode.args(["-c:v", "libx264", "-preset", preset, "-crf", "18", "-f", "null", "-"]).stdin(frames);
    let mut encode = encode.spawn()?;
    let status = format!("/proc/{}/status", encode.id());
    let mut most = 0.0_f64;
    while encode.try_wait()?.is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<f64>().ok());
        most = most.max(kib.unwrap_or(0.0) * 1024.0);
        thread::sleep(Duration::from_millis(5));
    }
    assert!(decode.wait()?.success());
    Ok(most)
}

#[cfg(target_os = "linux")]
#[test]
fn a_4k_render_takes_little_more_memory_than_its_encoder() -> Result<()> {
    let home = with_clip(1080, 72)?;
    for preset in ["veryfast", "medium"] {
        home.write("graph.json", grain_chain(true, preset).to_string())?;
        let ours = peak(&home, 72)?;
        let encoder = peak_of_ffmpeg(&home.path("film.mp4"), preset)?;
        println!("4K, {preset}: {:.0} MB, ffmpeg {:.0} MB", ours / 1e6, encoder / 1e6);
        assert!(encoder > 100e6, "{encoder} bytes cannot be right");
        assert!(ours <= encoder + 700e6, "{preset}: {ours} bytes, ffmpeg {encoder}");
    }
    Ok(())
}

/// A kill cannot be caught, so a temporary file may stay behind; the earlier film must be as it was, and the
/// next run must not stumble.
#[cfg(unix)]
#[test]
fn a_killed_render_never_leaves_half_a_film() -> Result<()> {
    let home = with_clip(180, 600)?;
    home.write("graph.json", grain_chain(false, "ultrafast").to_string())?;
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

#[cfg(unix)]
#[test]
fn a_hundred_kills_lose_nothing_that_was_done() -> Result<()> {
    rushes_tests::survive_kills(100, 0xf11e5)
}

#[test]
fn nothing_holds_the_window_in_ten_minutes_of_work() -> Result<()> {
    let (acts, held) = rushes_tests::work(600, 1)?;
    println!("{acts} acts; longest: {held:?}");
    // A frame of a screen of 60 pictures a second.
    let long: Vec<_> = held.iter().filter(|(_, held)| held.processor_ms > 16.0).collect();
    assert!(acts > 1_000 && long.is_empty(), "{long:?}");
    Ok(())
}
