//! The side of VapourSynth: a script, and for a file its frames piped into `ffmpeg`, as its people do.

use super::clips::Clips;
use super::ffmpeg::x264;
use super::job::{Depth, Job};
use crate::cli::bench::child::{self, Cost};
use crate::cli::bench::vapoursynth::{OVERLAY, Source, VapourSynth};
use rushes_engine::Result;
use std::path::Path;
use std::process::Command;

/// Photoshop's overlay at 30 %, on 8 bits.
const OVERLAY_OF_BYTES: &str = "x 128 < 2 x * y * 255 / 255 2 255 x - * 255 y - * 255 / - ? x - 0.3 * x +";

/// Makes a job once.
pub(super) fn run(
    folder: &Path,
    peer: &VapourSynth,
    source: Source,
    (job, depth): (&Job, Depth),
    clips: &Clips,
) -> Result<Cost> {
    let script = script(folder, source, (job, depth), clips);
    let mut frames = peer.command(&folder.join("job.vpy"), &script, job.encoded.is_some())?;
    let Some(preset) = job.encoded else { return child::run(&mut frames) };
    let mut encode = Command::new("ffmpeg");
    encode.current_dir(folder).args(["-v", "error", "-y", "-f", "yuv4mpegpipe", "-i", "-"]);
    child::run_piped(&mut frames, encode.args(x264(preset)).arg("vapoursynth.mp4"))
}

/// A script that defines `clip`.
fn script(folder: &Path, source: Source, (job, depth): (&Job, Depth), clips: &Clips) -> String {
    let mut lines = vec!["import vapoursynth as vs".to_owned(), "core = vs.core".to_owned()];
    for (name, path) in [("a", &clips.clip), ("b", &clips.grain)] {
        let read = source.call(path, &folder.join(format!("index-{name}")));
        lines.push(format!("{name} = {read}"));
        if name == "b" && clips.turns > 1 {
            lines.push(format!("b = core.std.Loop(b, {})", clips.turns));
        }
        lines.push(format!("{name} = {name}[:{}]", clips.frames));
        // In floats the resizer takes both steps at once, as its people have it do.
        let rgb = match depth {
            Depth::Bits8 => "format=vs.RGB24, matrix_in_s=\"709\"",
            Depth::Float => "format=vs.RGBS, matrix_in_s=\"709\"",
        };
        match (job.to, depth) {
            (Some((width, height)), Depth::Float) => {
                lines.push(format!("{name} = core.resize.Lanczos({name}, {width}, {height}, {rgb})"));
            }
            (Some((width, height)), Depth::Bits8) => {
                lines.push(format!("{name} = core.resize.Lanczos({name}, {width}, {height})"));
                lines.push(format!("{name} = core.resize.Bicubic({name}, {rgb})"));
            }
            (None, _) => lines.push(format!("{name} = core.resize.Bicubic({name}, {rgb})")),
        }
    }
    let overlay = match depth {
        Depth::Bits8 => OVERLAY_OF_BYTES,
        Depth::Float => OVERLAY,
    };
    lines.push(format!("clip = core.std.Expr([a, b], \"{overlay}\")"));
    if job.encoded.is_some() {
        lines.push("clip = core.resize.Bicubic(clip, format=vs.YUV420P8, matrix_s=\"709\")".to_owned());
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::args::X264;

    #[test]
    fn the_script_is_the_job() {
        let clips = Clips {
            clip: "c.mp4".into(),
            grain: "g.mp4".into(),
            size: (64, 36),
            frames: 12,
            turns: 3,
            what: String::new(),
        };
        let of =
            |to, encoded, depth| script(Path::new("f"), Source::Ffms2, (&Job { to, encoded }, depth), &clips);
        let plain = of(None, None, Depth::Bits8);
        let read = "a = core.ffms2.Source(\"c.mp4\", cachefile=\"f/index-a\")\na = a[:12]\n";
        assert!(plain.contains(read) && plain.contains("b = core.std.Loop(b, 3)\nb = b[:12]"), "{plain}");
        assert!(!plain.contains("Lanczos") && !plain.contains("YUV420P8"), "{plain}");
        let large = of(Some((128, 72)), Some(X264::Veryfast), Depth::Bits8);
        assert_eq!(large.matches("Lanczos(").count(), 2);
        assert!(large.contains("128, 72") && large.ends_with("matrix_s=\"709\")\n"), "{large}");
        let floats = of(Some((128, 72)), None, Depth::Float);
        assert_eq!(floats.matches("128, 72, format=vs.RGBS").count(), 2, "{floats}");
        assert!(floats.contains(OVERLAY) && !floats.contains("Bicubic"), "{floats}");
    }
}
