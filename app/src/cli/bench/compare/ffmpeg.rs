//! The side of the `ffmpeg` program.

use super::clips::Clips;
use super::job::Job;
use std::path::Path;
use std::process::Command;

/// How a picture is written by every side; Rushes' presets say the same.
pub(super) const X264: [&str; 6] = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "18"];

/// Makes a job.
pub(super) fn job(folder: &Path, job: &Job, clips: &Clips) -> Command {
    let mut command = Command::new("ffmpeg");
    command.current_dir(folder).args(["-v", "error", "-nostdin", "-y", "-i"]).arg(&clips.clip);
    command.arg("-i").arg(&clips.grain).args(["-filter_complex", &filter(job), "-map", "[o]"]);
    command.args(["-frames:v", &clips.frames.to_string()]);
    if job.encoded {
        command.args(X264).arg("theirs.mp4");
    } else {
        command.args(["-f", "null", "-"]);
    }
    command
}

/// Overlay on the planes of YUV would be wrong colour, so it is done on RGB, and every side takes YUV as BT.709.
fn filter(job: &Job) -> String {
    let read = match job.to {
        None => "scale=in_color_matrix=bt709,format=gbrp".to_owned(),
        Some((width, height)) => {
            format!("scale={width}:{height}:flags=lanczos:in_color_matrix=bt709,format=gbrp")
        }
    };
    let end = if job.encoded { ",scale=out_color_matrix=bt709,format=yuv420p" } else { "" };
    format!("[0:v]{read}[a];[1:v]{read}[b];[a][b]blend=all_mode=overlay:all_opacity=0.3{end}[o]")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_filter_is_the_job() {
        let plain = filter(&Job { to: None, encoded: true });
        assert!(
            plain.starts_with("[0:v]scale=in_color_matrix=bt709,format=gbrp[a]")
                && plain.ends_with("format=yuv420p[o]"),
            "{plain}"
        );
        let large = filter(&Job { to: Some((64, 36)), encoded: false });
        assert_eq!(large.matches("scale=64:36:flags=lanczos").count(), 2);
        assert!(!large.contains("yuv420p"));
    }
}
