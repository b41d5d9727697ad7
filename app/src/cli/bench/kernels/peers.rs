//! The same work over pictures in memory by the peers that are installed.

use super::inputs::{self, LOOK};
use crate::cli::bench::child::{self, Cost};
use crate::cli::bench::vapoursynth::{OVERLAY, VapourSynth};
use crate::cli::bench::write;
use rushes_engine::{Cancel, Result};
use std::path::Path;
use std::process::Command;

/// Runs of each; medians are told.
pub(super) const RUNS: u32 = 3;
/// Samples of all frames of a run together: enough that starting counts for little.
const SAMPLES: f64 = 3e8;

/// What a peer took for a picture.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Row {
    pub(super) name: String,
    /// Milliseconds, where what was measured is more than what it was measured against.
    pub(super) wall: Option<f64>,
    pub(super) processor: Option<f64>,
    /// Bytes in and out.
    pub(super) bytes: f64,
}

/// Frames of a run.
fn frames((width, height): (u32, u32)) -> u32 {
    (SAMPLES / (f64::from(width) * f64::from(height))).clamp(8.0, 400.0) as u32
}

/// A filter of FFmpeg, how its inputs look, and bytes a pixel that it moves.
struct Filter {
    name: &'static str,
    pictures: &'static str,
    inputs: usize,
    filter: String,
    bytes: f64,
}

/// FFmpeg's filters over pictures that are made once. A run without the filter is taken away from a run with it.
pub(super) fn ffmpeg(folder: &Path, size: (u32, u32), stop: &Cancel) -> Result<Vec<Row>> {
    let (width, height) = size;
    write(&folder.join(LOOK), &inputs::cube())?;
    let (rgb, bytes, yuv) = ("gbrpf32le", "gbrp", "yuv420p");
    let lut = format!("lut3d=file={LOOK}:interp=tetrahedral");
    let larger = format!("scale={}:{}:flags=lanczos", width * 2, height * 2);
    let filters = [
        Filter {
            name: "FFmpeg blend, overlay 0.3, float RGB",
            pictures: rgb,
            inputs: 2,
            filter: "blend=all_mode=overlay:all_opacity=0.3".to_owned(),
            bytes: 36.0,
        },
        Filter {
            name: "FFmpeg lut3d, tetrahedral, float RGB",
            pictures: rgb,
            inputs: 1,
            filter: lut.clone(),
            bytes: 24.0,
        },
        Filter {
            name: "FFmpeg lut3d, tetrahedral, 8-bit RGB",
            pictures: bytes,
            inputs: 1,
            filter: lut,
            bytes: 6.0,
        },
        Filter {
            name: "FFmpeg scale, Lanczos × 2, 8-bit RGB",
            pictures: bytes,
            inputs: 1,
            filter: larger.clone(),
            bytes: 15.0,
        },
        Filter {
            name: "FFmpeg scale, Lanczos × 2, 8-bit 4:2:0",
            pictures: yuv,
            inputs: 1,
            filter: larger,
            bytes: 7.5,
        },
    ];
    let pixels = f64::from(width) * f64::from(height);
    let mut rows = Vec::new();
    for filter in filters {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..RUNS {
            stop.check()?;
            without.push(child::run(&mut command(folder, &filter, size, false))?);
            with.push(child::run(&mut command(folder, &filter, size, true))?);
        }
        let (with, without) = (Cost::median(&with), Cost::median(&without));
        let ms = |a: f64, b: f64| (a > b).then(|| (a - b) * 1e3 / f64::from(frames(size)));
        rows.push(Row {
            name: filter.name.to_owned(),
            wall: ms(with.wall, without.wall),
            processor: with.processor.zip(without.processor).and_then(|(a, b)| ms(a, b)),
            bytes: filter.bytes * pixels,
        });
    }
    Ok(rows)
}

fn command(folder: &Path, filter: &Filter, size: (u32, u32), with: bool) -> Command {
    let mut command = Command::new("ffmpeg");
    command.current_dir(folder).args(["-v", "error", "-nostdin", "-filter_complex"]);
    command.arg(chain(filter, size, with)).args(["-map", "[o]", "-frames:v", &frames(size).to_string()]);
    command.args(["-f", "null", "-"]);
    command
}

/// The filter over pictures that are drawn once and shown again; without it, the pictures alone.
fn chain(filter: &Filter, (width, height): (u32, u32), with: bool) -> String {
    let source = |number: usize, drawn: &str| {
        let format = filter.pictures;
        // Colours of all kinds: a table that is read at one place is in a near cache.
        format!("{drawn}=s={width}x{height},noise=alls=12,format={format},loop=loop=-1:size=1[i{number}]")
    };
    let mut parts: Vec<String> =
        ["testsrc2", "testsrc"].iter().take(filter.inputs).enumerate().map(|(n, d)| source(n, d)).collect();
    let inputs: String = (0..filter.inputs).map(|n| format!("[i{n}]")).collect();
    if with {
        parts.push(format!("{inputs}{}[o]", filter.filter));
    } else {
        parts.push("[i0]null[o]".to_owned());
        parts.extend((1..filter.inputs).map(|n| format!("[i{n}]nullsink")));
    }
    parts.join(";")
}

/// Kept frames and expressions over them; each line printed is a name, and milliseconds of wall and of processors.
const SCRIPT: &str = r#"import statistics, time
import vapoursynth as vs
core = vs.core
def kept(color, format=vs.RGBS):
    return core.std.BlankClip(width=WIDTH, height=HEIGHT, format=format, color=color, length=FRAMES, keep=True)
a, b, mask = kept([0.2, 0.5, 0.8]), kept([0.6, 0.4, 0.5]), kept([0.9, 0.9, 0.9])
def three(run):
    graded = run([a], ["x 1.23 * 0.02 + 0 max 0.91 pow", "x 1.23 * 0 max", "x 1.23 * 0 max 1.11 pow"])
    return run([run([graded, b], overlay), mask], "x y *")
def tell(name, bytes, make):
    clip = make()
    clip.get_frame(0)
    walls, processors = [], []
    for _ in range(RUNS):
        wall, processor = time.perf_counter(), time.process_time()
        for frame in clip.frames(close=True):
            pass
        walls.append(time.perf_counter() - wall)
        processors.append(time.process_time() - processor)
    wall, processor = statistics.median(walls), statistics.median(processors)
    print(f"row\t{name}\t{wall * 1e3 / FRAMES}\t{processor * 1e3 / FRAMES}\t{bytes}", flush=True)
tell("overlay 0.3, std.Expr, float RGB", 36, lambda: core.std.Expr([a, b], overlay))
tell("grade, overlay, vignette, three std.Expr, float RGB", 36, lambda: three(core.std.Expr))
if hasattr(core, "akarin"):
    tell("overlay 0.3, akarin.Expr, float RGB", 36, lambda: core.akarin.Expr([a, b], overlay))
    tell("grade, overlay, vignette, three akarin.Expr, float RGB", 36, lambda: three(core.akarin.Expr))
tell("Lanczos × 2, float RGB", 60, lambda: core.resize.Lanczos(a, 2 * WIDTH, 2 * HEIGHT))
yuv = kept([80, 120, 140], vs.YUV420P8)
tell("Lanczos × 2, 8-bit 4:2:0", 7.5, lambda: core.resize.Lanczos(yuv, 2 * WIDTH, 2 * HEIGHT))
"#;

/// VapourSynth's expressions and its resizer over kept frames; it makes several frames at once.
pub(super) fn vapoursynth(folder: &Path, peer: &VapourSynth, size: (u32, u32)) -> Result<Vec<Row>> {
    let (width, height) = size;
    let mut head = format!("overlay = \"{OVERLAY}\"\n");
    for (name, value) in [("WIDTH", width), ("HEIGHT", height), ("FRAMES", frames(size)), ("RUNS", RUNS)] {
        head.push_str(&format!("{name} = {value}\n"));
    }
    let told = peer.told(&folder.join("kernels.vpy"), &format!("{head}{SCRIPT}"))?;
    Ok(rows(&told, f64::from(width) * f64::from(height)))
}

fn rows(told: &str, pixels: f64) -> Vec<Row> {
    let row = |line: &str| {
        let mut cells = line.strip_prefix("row\t")?.split('\t');
        let name = format!("VapourSynth {}", cells.next()?);
        let mut numbers = cells.map_while(|cell| cell.trim().parse::<f64>().ok());
        let (wall, processor, bytes) = (numbers.next()?, numbers.next()?, numbers.next()?);
        Some(Row { name, wall: Some(wall), processor: Some(processor), bytes: bytes * pixels })
    };
    told.lines().filter_map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_measured_against_its_sources() {
        let filter =
            Filter { name: "", pictures: "gbrpf32le", inputs: 2, filter: "blend".into(), bytes: 1.0 };
        let (with, without) = (chain(&filter, (64, 36), true), chain(&filter, (64, 36), false));
        assert!(with.ends_with(";[i0][i1]blend[o]"), "{with}");
        assert!(without.ends_with(";[i0]null[o];[i1]nullsink"), "{without}");
        assert_eq!(with.matches("=s=64x36,noise=alls=12,format=gbrpf32le,loop").count(), 2);
    }

    #[test]
    fn rows_of_a_script_are_read_and_noise_is_not() {
        let told = "a warning\nrow\tLanczos\t4.5\t8.25\t60\nrow\tbroken\tx\nOutput 1 frames\n";
        let row =
            Row { name: "VapourSynth Lanczos".into(), wall: Some(4.5), processor: Some(8.25), bytes: 600.0 };
        assert_eq!(rows(told, 10.0), [row]);
    }

    #[test]
    fn runs_are_long_enough_and_end() {
        assert_eq!((frames((1920, 1080)), frames((64, 36)), frames((8192, 8192))), (144, 400, 8));
    }
}
