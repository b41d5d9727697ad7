//! The side of the `ffmpeg` program.

use super::clips::Clips;
use super::job::{Depth, Job};
use crate::cli::args::X264;
use std::path::Path;
use std::process::Command;

/// How a picture is written by every side; Rushes' presets say the same.
pub(super) fn x264(preset: X264) -> [&'static str; 6] {
    ["-c:v", "libx264", "-preset", preset.name(), "-crf", "18"]
}

/// Makes a job.
pub(super) fn job(folder: &Path, job: &Job, depth: Depth, clips: &Clips) -> Command {
    let mut command = Command::new("ffmpeg");
    command.current_dir(folder).args(["-v", "error", "-nostdin", "-y", "-i"]).arg(&clips.clip);
    command.args(["-stream_loop", &(clips.turns - 1).to_string(), "-i"]).arg(&clips.grain);
    command.args(["-filter_complex", &filter(job, depth), "-map", "[o]"]);
    command.args(["-frames:v", &clips.frames.to_string()]);
    match job.encoded {
        Some(preset) => command.args(x264(preset)).arg("theirs.mp4"),
        None => command.args(["-f", "null", "-"]),
    };
    command
}

/// The encoder alone, over frames that are stored as they are.
pub(super) fn encoder(folder: &Path, frames: &Path, preset: X264) -> Command {
    let mut command = Command::new("ffmpeg");
    command.current_dir(folder).args(["-v", "error", "-nostdin", "-y", "-i"]).arg(frames);
    command.args(x264(preset)).arg("alone.mp4");
    command
}

/// Stores frames as they are.
pub(super) fn unpack(from: &Path, to: &Path) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-v", "error", "-nostdin", "-y", "-i"]).arg(from);
    command.args(["-f", "yuv4mpegpipe"]).arg(to);
    command
}

/// Overlay on the planes of YUV would be wrong colour, so it is done on RGB, and every side takes YUV as BT.709.
fn filter(job: &Job, depth: Depth) -> String {
    let format = match depth {
        Depth::Bits8 => "gbrp",
        Depth::Float => "gbrpf32le",
    };
    let read = match job.to {
        None => format!("scale=in_color_matrix=bt709,format={format}"),
        Some((width, height)) => {
            format!("scale={width}:{height}:flags=lanczos:in_color_matrix=bt709,format={format}")
        }
    };
    let end = if job.encoded.is_some() { ",scale=out_color_matrix=bt709,format=yuv420p" } else { "" };
    format!("[0:v]{read}[a];[1:v]{read}[b];[a][b]blend=all_mode=overlay:all_opacity=0.3{end}[o]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_the_job() {
        let plain = filter(&Job { to: None, encoded: Some(X264::Veryfast) }, Depth::Bits8);
        assert!(
            plain.starts_with("[0:v]scale=in_color_matrix=bt709,format=gbrp[a]")
                && plain.ends_with("format=yuv420p[o]"),
            "{plain}"
        );
        let large = filter(&Job { to: Some((64, 36)), encoded: None }, Depth::Float);
        assert_eq!(large.matches("scale=64:36:flags=lanczos").count(), 2);
        assert_eq!(large.matches("format=gbrpf32le").count(), 2);
        assert!(!large.contains("yuv420p"));
    }
}
