//! Clips made by the `ffmpeg` program, and its own account of them.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A folder that is removed when the test ends.
pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Runs a program and gives its standard output; a failure shows what it said.
pub(crate) fn run(program: &str, args: &[&str]) -> Vec<u8> {
    let Output { status, stdout, stderr } = Command::new(program)
        .args(args)
        .output()
        .unwrap_or_else(|e| panic!("these tests need the {program} program: {e}"));
    assert!(status.success(), "{program} {}\n{}", args.join(" "), String::from_utf8_lossy(&stderr));
    stdout
}

/// Runs `ffmpeg` quietly with words split at spaces, then the output path.
pub(crate) fn ffmpeg(words: &str, out: &Path) {
    let mut args = vec!["-v", "error", "-y", "-nostdin"];
    args.extend(words.split_whitespace());
    let out = out.to_str().unwrap();
    args.push(out);
    run("ffmpeg", &args);
}

/// A moving test picture as an input, and how many frames of it to write.
pub(crate) fn source(size: &str, rate: &str, frames: u32) -> String {
    format!("-f lavfi -i {} -frames:v {frames}", moving(size, rate))
}

/// A moving test picture. FFmpeg's own is made even, so odd sizes are cut from a larger one.
pub(crate) fn moving(size: &str, rate: &str) -> String {
    let (width, height) = size.split_once('x').unwrap();
    let even = |side: &str| side.parse::<u32>().unwrap().next_multiple_of(2);
    let (w, h) = (even(width), even(height));
    if format!("{w}x{h}") == size {
        format!("testsrc2=size={size}:rate={rate}")
    } else {
        format!("testsrc2=size={w}x{h}:rate={rate},format=rgb24,crop={width}:{height}")
    }
}

/// FFmpeg's MD5 of each frame of the first video stream, read from the start.
pub(crate) fn framemd5(path: &Path, decoder: &str) -> Vec<String> {
    let mut args = vec!["-v", "error", "-nostdin", "-noautorotate"];
    args.extend(decoder.split_whitespace());
    args.extend([
        "-i",
        path.to_str().unwrap(),
        "-map",
        "0:v:0",
        "-fps_mode",
        "passthrough",
        "-f",
        "framemd5",
        "-",
    ]);
    let text = String::from_utf8(run("ffmpeg", &args)).unwrap();
    let lines = text.lines().filter(|l| !l.starts_with('#'));
    lines.map(|l| l.rsplit(',').next().unwrap().trim().to_owned()).collect()
}

/// One value that `ffprobe` tells of a stream, such as `v:0` and `r_frame_rate`.
pub(crate) fn ffprobe(path: &Path, stream: &str, entry: &str) -> String {
    let entries = format!("stream={entry}");
    let args = [
        "-v",
        "error",
        "-count_frames",
        "-select_streams",
        stream,
        "-show_entries",
        &entries,
        "-of",
        "csv=p=0",
    ];
    let mut args = args.to_vec();
    args.push(path.to_str().unwrap());
    String::from_utf8(run("ffprobe", &args)).unwrap().trim().trim_end_matches(',').to_owned()
}

/// Raw planes of a file through the `ffmpeg` program in a pixel format.
pub(crate) fn raw(path: &Path, format: &str) -> Vec<u8> {
    let p = path.to_str().unwrap();
    let args =
        ["-v", "error", "-nostdin", "-noautorotate", "-i", p, "-map", "0:v:0", "-fps_mode", "passthrough"];
    let mut args = args.to_vec();
    args.extend(["-pix_fmt", format, "-f", "rawvideo", "-"]);
    run("ffmpeg", &args)
}

/// A path in a test's folder.
pub(crate) fn at(folder: &tempfile::TempDir, name: &str) -> PathBuf {
    folder.path().join(name)
}

/// Interleaved R, G, B, A samples of `size` bytes as planes in FFmpeg's order G, B, R, A.
pub(crate) fn planar(rgba: &[u8], size: usize) -> Vec<u8> {
    let plane =
        |c: usize| rgba.chunks_exact(4 * size).flat_map(move |p| p[c * size..(c + 1) * size].to_vec());
    [1, 2, 0, 3].into_iter().flat_map(plane).collect()
}
