//! Single tools over pictures in memory: what each takes on each executor, how much of the memory's speed it reaches,
//! and the same work by peers.

mod bandwidth;
mod inputs;
mod list;
mod peers;
mod stand;

use super::ffmpeg;
use super::machine::machine;
use super::table::{Table, figure, maybe};
use super::vapoursynth::VapourSynth;
use crate::cli::args::{KernelDevice, KernelsArgs, ProgressKind};
use crate::cli::progress::Shown;
use crate::cli::say;
use bandwidth::bandwidth;
use rushes_engine::{Cancel, Result};
use rushes_gpu::{DeviceChoice, DeviceReport, Precision};
use rushes_nodes::Services;
use stand::Stand;
use std::path::Path;
use std::sync::Arc;

/// Bytes a pixel of 4:2:0 in 8 bits.
const PLANES: f64 = 1.5;

/// Measures and tells all.
pub(super) fn run(folder: &Path, args: &KernelsArgs, stop: &Cancel) -> Result<()> {
    say(&machine())?;
    let speed = bandwidth();
    say(&format!("{:.1} GB/s of memory read and written by all cores", speed / 1e9))?;
    for (services, report) in executors(&args.device)? {
        say(&format!("\n{report}"))?;
        // A card has a memory of its own.
        let speed = report.software.then_some(speed);
        let mut table = table();
        let shown = Shown::new(ProgressKind::Auto);
        for (number, size) in args.size.iter().enumerate() {
            let stand = Stand::new(folder, &services, *size, stop)?;
            for precision in [Precision::Half, Precision::Float] {
                let share = (number as f32 + f32::from(u8::from(precision == Precision::Float)) / 2.0)
                    / args.size.len() as f32;
                shown.progress.report(share, &format!("{}×{}, {}", size.0, size.1, list::mark(precision)));
                rows(&stand, &mut table, args, *size, precision, speed, stop)?;
            }
        }
        drop(shown);
        table.say()?;
    }
    if args.only.is_none() {
        beside(folder, args, speed, stop)?;
    }
    say(&format!("medians of {}, of peers {}; moved is what goes in and out once", args.runs, peers::RUNS))?;
    say("small pictures fit into caches, which are faster than the memory")
}

/// The peers that are installed.
fn beside(folder: &Path, args: &KernelsArgs, speed: f64, stop: &Cancel) -> Result<()> {
    let ffmpeg = ffmpeg::version();
    let peer = VapourSynth::find(folder, &args.python)?;
    say("\nbeside it, over pictures in memory")?;
    say(&match &ffmpeg {
        Ok(version) => format!("FFmpeg {version}"),
        Err(error) => format!("no FFmpeg: {error}"),
    })?;
    say(&match &peer {
        Some(peer) => format!("VapourSynth {}", peer.version),
        None => format!("no VapourSynth: {} cannot import it and there is no vspipe", args.python.display()),
    })?;
    let mut table = table();
    for size in &args.size {
        let mut all = Vec::new();
        if ffmpeg.is_ok() {
            all.extend(peers::ffmpeg(folder, *size, stop)?);
        }
        if let Some(peer) = &peer {
            all.extend(peers::vapoursynth(folder, peer, *size)?);
        }
        for row in all {
            table.row(cells(row.name, *size, (row.wall, row.processor), row.bytes, Some(speed)));
        }
    }
    table.say()
}

fn table() -> Table {
    Table::new(2, &["a picture", "size", "wall ms", "processors ms", "MB moved", "GB/s", "of memory"])
}

/// What is to make the pictures. A graphics device that nobody asked for may be missing.
fn executors(asked: &[KernelDevice]) -> Result<Vec<(Arc<Services>, DeviceReport)>> {
    let open = |device: &KernelDevice| {
        let services = Arc::new(match device {
            KernelDevice::Gpu => Services::new(DeviceChoice::Gpu),
            KernelDevice::Processor => Services::new(DeviceChoice::Processor),
            KernelDevice::Software => Services::new(DeviceChoice::Software),
            KernelDevice::Portable => Services::with_lanes(4)?,
            KernelDevice::Avx2 => Services::with_lanes(8)?,
        });
        let report = services.report()?.clone();
        Ok((services, report))
    };
    if !asked.is_empty() {
        return asked.iter().map(open).collect();
    }
    let mut all = Vec::new();
    match open(&KernelDevice::Gpu) {
        Ok(device) => all.push(device),
        Err(error) => say(&format!("no graphics device: {error}"))?,
    }
    for device in [KernelDevice::Processor, KernelDevice::Portable] {
        all.push(open(&device)?);
    }
    Ok(all)
}

/// The rows of one executor at one size and precision.
fn rows(
    stand: &Stand,
    table: &mut Table,
    args: &KernelsArgs,
    size: (u32, u32),
    precision: Precision,
    speed: Option<f64>,
    stop: &Cancel,
) -> Result<()> {
    let picture = f64::from(size.0) * f64::from(size.1) * precision.bytes_per_pixel() as f64;
    let planes = f64::from(size.0) * f64::from(size.1) * PLANES;
    let name = |name: &str| format!("{name}, {}", list::mark(precision));
    let kept = stand.keep(list::mark(precision))?;
    let wanted = |row: &str| args.only.as_ref().is_none_or(|only| row.contains(only));
    for kernel in list::kernels(precision, size).iter().filter(|kernel| wanted(kernel.name)) {
        stop.check()?;
        let time = stand.tool(kernel, args.runs)?;
        let took = (Some(time.wall), Some(time.processor));
        table.row(cells(name(kernel.name), size, took, kernel.pictures * picture, speed));
    }
    let ways = ["to yuv420p", "from yuv420p"];
    if ways.into_iter().any(wanted) {
        for (way, time) in ways.into_iter().zip(stand.planes(&kept, precision, args.runs)?) {
            let took = (Some(time.wall), Some(time.processor));
            table.row(cells(name(way), size, took, picture + planes, speed));
        }
    }
    let through = "yuv420p, three tools, yuv420p";
    if precision == Precision::Half && wanted(through) {
        stand.keep("read")?;
        let time = stand.through(args.runs)?;
        let took = (Some(time.wall), Some(time.processor));
        table.row(cells(name(through), size, took, picture + 2.0 * planes, speed));
    }
    Ok(())
}

/// A row: what was moved at least, what goes in once and what comes out once, and how fast that is.
fn cells(
    name: String,
    (width, height): (u32, u32),
    (wall, processor): (Option<f64>, Option<f64>),
    bytes: f64,
    speed: Option<f64>,
) -> Vec<String> {
    let rate = wall.filter(|ms| *ms > 0.0).map(|ms| bytes / (ms / 1e3));
    let share = rate.zip(speed).map(|(rate, speed)| 100.0 * rate / speed);
    vec![
        name,
        format!("{width}×{height}"),
        maybe(wall),
        maybe(processor),
        figure(bytes / 1e6),
        maybe(rate.map(|rate| rate / 1e9)),
        share.map_or_else(|| "–".to_owned(), |share| format!("{share:.0} %")),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_moved_is_held_against_the_memory() {
        let row = cells("a".into(), (100, 10), (Some(2.0), None), 4e6, Some(1e10));
        assert_eq!(row, ["a", "100×10", "2.00", "–", "4.00", "2.00", "20 %"]);
        let row = cells("a".into(), (100, 10), (None, None), 4e6, Some(1e10));
        assert_eq!(row[5..], ["–", "–"]);
    }
}
