//! The same work by this program and by its peers, in turn: as whole processes `ffmpeg`, and VapourSynth where it is
//! installed; a ComfyUI server where its address is given.

mod clips;
mod comfyui;
mod ffmpeg;
mod job;
mod ours;
mod together;
mod turns;
mod vapour;

use super::child::{self, Cost};
use super::machine::machine;
use super::table::{Table, figure, maybe, ratio};
use super::vapoursynth::{Source, VapourSynth};
use crate::cli::args::{CompareArgs, ProgressKind, X264};
use crate::cli::progress::Shown;
use crate::cli::say;
use clips::Clips;
use comfyui::ComfyUi;
use job::{Depth, Job};
use ours::Ours;
use rushes_engine::{Cancel, Error, Result};
use rushes_services::Comfy;
use serde_json::Value;
use std::path::Path;
use turns::Done;

/// Who does the work.
enum Side<'a> {
    Rushes(Ours<'a>),
    /// The encoder by itself, over the frames that Rushes gives it.
    Encoder(Ours<'a>),
    Ffmpeg(&'a Path, Depth),
    VapourSynth(&'a Path, VapourSynth, Source, Depth),
    ComfyUi(ComfyUi),
}

impl Side<'_> {
    fn name(&self) -> String {
        match self {
            Self::Rushes(_) => "rushes".to_owned(),
            Self::Encoder(_) => "the encoder alone".to_owned(),
            Self::Ffmpeg(_, depth) => format!("ffmpeg, {}", depth.name()),
            Self::VapourSynth(.., depth) => format!("vapoursynth, {}", depth.name()),
            Self::ComfyUi(_) => "comfyui".to_owned(),
        }
    }

    /// Whether it can do a job: ComfyUI makes nothing that is not written.
    fn does(&self, job: &Job) -> bool {
        job.encoded.is_some() || !matches!(self, Self::ComfyUi(_) | Self::Encoder(_))
    }

    /// Does a job once.
    fn run(&self, job: &Job, clips: &Clips, stop: &Cancel) -> Result<Cost> {
        match self {
            Self::Rushes(ours) => child::run(&mut ours.job(job, clips)?),
            Self::Encoder(ours) => encoder(ours, job, clips),
            Self::Ffmpeg(folder, depth) => child::run(&mut ffmpeg::job(folder, job, *depth, clips)),
            Self::VapourSynth(folder, peer, source, depth) => {
                vapour::run(folder, peer, *source, (job, *depth), clips)
            }
            Self::ComfyUi(server) => server.run(job, clips, stop),
        }
    }
}

/// The encoder over frames that are made before.
fn encoder(ours: &Ours<'_>, job: &Job, clips: &Clips) -> Result<Cost> {
    let side = job.to.unwrap_or(clips.size).0;
    let frames = ours.folder.join(format!("frames-{side}.y4m"));
    if !frames.exists() {
        child::run(&mut ours.frames(job, clips)?)?;
        child::run(&mut ffmpeg::unpack(&ours.folder.join(ours::MADE), &frames))?;
    }
    child::run(&mut ffmpeg::encoder(ours.folder, &frames, job.encoded.unwrap_or(X264::Veryfast)))
}

/// Measures every job on every side and tells medians.
pub(super) fn run(folder: &Path, args: &CompareArgs, stop: &Cancel) -> Result<()> {
    let size = clips::size(args)?;
    let jobs = chosen(size, args)?;
    let version = super::ffmpeg::version()?;
    let ours = Ours::new(folder)?;
    let device = ours.device()?;
    let mut sides = vec![Side::Rushes(ours), Side::Encoder(Ours::new(folder)?)];
    sides.extend(Depth::ALL.map(|depth| Side::Ffmpeg(folder, depth)));
    let peer = VapourSynth::find(folder, &args.python)?;
    let vapoursynth = about(peer.as_ref(), &args.python);
    if let Some((peer, source)) = peer.and_then(|peer| peer.source.map(|source| (peer, source))) {
        sides.extend(Depth::ALL.map(|depth| Side::VapourSynth(folder, peer.clone(), source, depth)));
    }
    let comfyui = match &args.comfyui {
        None => "none: its address is given by --comfyui".to_owned(),
        Some(address) => {
            let server = Comfy::at(address)?;
            let about = server.about(stop)?;
            sides.push(Side::ComfyUi(ComfyUi::new(server)));
            format!("{about}, with an encoder of its own choice")
        }
    };
    let clips = Clips::of(folder, args, size)?;
    for (name, words) in [
        ("machine", &machine()),
        ("rushes", &device),
        ("ffmpeg", &version),
        ("vapoursynth", &vapoursynth),
        ("comfyui", &comfyui),
        ("clips", &clips.what),
        ("", &"Rushes works in floats and stores halves, ComfyUI stores floats".to_owned()),
    ] {
        say(&format!("{name:12} {words}"))?;
    }
    let shown = Shown::new(ProgressKind::Auto);
    let all = turns::measured(&sides, &jobs, &clips, args.runs, (&shown.progress, stop))?;
    drop(shown);
    say("")?;
    let failures = table(&sides, &all, clips.frames)?;
    say(&format!("medians of {}; a ratio is Rushes over the other: below 1 Rushes took less", args.runs))?;
    together::words(&all).iter().chain(&failures).try_for_each(|words| say(words))?;
    for job in jobs.iter().filter(|job| job.encoded.is_some()) {
        say(&format!("\nrushes, {}: the shares of its nodes in the last run", job.name()))?;
        stages(&folder.join(ours::stats(job)))?.iter().try_for_each(|line| say(line))?;
    }
    Ok(())
}

/// The work that was asked for.
fn chosen(size: (u32, u32), args: &CompareArgs) -> Result<Vec<Job>> {
    let all = Job::all(size, args.x264);
    let is_wanted = |job: &&Job| args.only.as_ref().is_none_or(|only| job.name().contains(only));
    let wanted: Vec<Job> = all.iter().filter(is_wanted).copied().collect();
    if wanted.is_empty() {
        let names: Vec<String> = all.iter().map(Job::name).collect();
        return Err(Error::usage("no work has these words in its name")
            .at("--only")
            .help(format!("there are: {}", names.join("; "))));
    }
    Ok(wanted)
}

/// Tells a line for each job and side; gives what is to say of those that failed.
fn table(sides: &[Side<'_>], all: &[Done], frames: u32) -> Result<Vec<String>> {
    let head = ["a frame", "", "wall ms", "ratio", "processors ms", "ratio", "memory MB", "ratio"];
    let mut table = Table::new(2, &head);
    let mut failures = Vec::new();
    for Done { job, sides: costs } in all {
        let ours = costs.first().and_then(|costs| costs.as_ref().ok()).map(|costs| Cost::median(costs));
        let did = sides.iter().zip(costs).filter(|(side, _)| side.does(job));
        for (number, (side, costs)) in did.enumerate() {
            let name = if number == 0 { job.name() } else { String::new() };
            let other = ours.as_ref().filter(|_| number > 0);
            table.row(match costs {
                Ok(costs) => row(name, side.name(), &Cost::median(costs), other, frames),
                Err(_) => vec![name, side.name(), "failed".to_owned()],
            });
            if let Err(error) = costs {
                failures.push(format!("{}, {}: {error}; {}", job.name(), side.name(), error.help_text()));
            }
        }
    }
    table.say()?;
    Ok(failures)
}

/// What there is of VapourSynth, and what to do where something is missing.
fn about(peer: Option<&VapourSynth>, python: &Path) -> String {
    match peer {
        None => format!("none: {} cannot import it and there is no vspipe", python.display()),
        Some(VapourSynth { version, source: Some(source), .. }) => {
            format!("{version}, clips read by {}", source.name())
        }
        Some(VapourSynth { version, .. }) => {
            format!("{version}, left out: it has no BestSource, FFMS2 or L-SMASH Works to read clips")
        }
    }
}

/// A side's line: each figure, and for the others Rushes' figure over theirs.
fn row(job: String, side: String, cost: &Cost, ours: Option<&Cost>, frames: u32) -> Vec<String> {
    let ms = |seconds: f64| seconds * 1e3 / f64::from(frames.max(1));
    let over = |get: fn(&Cost) -> Option<f64>| {
        ours.map_or_else(String::new, |ours| maybe(ratio(get(ours), get(cost))))
    };
    vec![
        job,
        side,
        figure(ms(cost.wall)),
        over(|c| Some(c.wall)),
        maybe(cost.processor.map(ms)),
        over(|c| c.processor),
        maybe(cost.peak.map(|bytes| bytes / 1e6)),
        over(|c| c.peak),
    ]
}

/// The share of each stage in a run, device time where it is measured.
fn stages(path: &Path) -> Result<Vec<String>> {
    let text = std::fs::read_to_string(path).map_err(|e| Error::system(format!("no statistics: {e}")))?;
    let stats: Value =
        serde_json::from_str(&text).map_err(|e| Error::system(format!("no statistics: {e}")))?;
    let nodes = stats["nodes"].as_object().cloned().unwrap_or_default();
    let ms = |node: &Value, name: &str| node[name].as_f64().unwrap_or(0.0);
    let time = |node: &Value| ms(node, "gpu_ms").max(ms(node, "cpu_ms"));
    let all: f64 = nodes.values().map(time).sum();
    let line = |(name, node): (&String, &Value)| {
        let share = 100.0 * time(node) / all.max(1e-9);
        let (gpu, cpu) = (ms(node, "gpu_ms"), ms(node, "cpu_ms"));
        format!("  {name:12} {share:5.1} %   device {gpu:9.1} ms, thread {cpu:9.1} ms")
    };
    Ok(nodes.iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_rushes_over_the_other() {
        let cost = |wall, peak| Cost { wall, processor: None, peak: Some(peak) };
        let (ours, theirs) = (cost(3.0, 5e8), cost(2.0, 2.5e8));
        let line = row("job".into(), "ffmpeg".into(), &theirs, Some(&ours), 10);
        assert_eq!(line, ["job", "ffmpeg", "200", "1.50", "–", "–", "250", "2.00"]);
        let line = row("job".into(), "rushes".into(), &ours, None, 10);
        assert_eq!(line, ["job", "rushes", "300", "", "–", "", "500", ""]);
    }

    #[test]
    fn what_is_missing_of_vapoursynth_is_said() {
        assert!(about(None, Path::new("py")).contains("py cannot import it"));
    }
}
