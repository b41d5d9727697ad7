//! Clips made by the `ffmpeg` program, and its own account of them.

#![allow(dead_code)]

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

/// A moving test picture.
pub(crate) fn source(size: &str, rate: &str, frames: u32) -> String {
    format!("-f lavfi -i testsrc2=size={size}:rate={rate} -frames:v {frames}")
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
