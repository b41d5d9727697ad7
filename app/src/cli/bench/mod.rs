//! `rushes bench`: measure this machine. Nothing is asserted; the figures are for people.

mod child;
mod compare;
mod edit;
mod editor;
mod fence;
mod ffmpeg;
mod frames;
mod graph;
mod kernels;
mod machine;
mod process;
mod scrub;
mod session;
mod stalls;
mod start;
mod table;
mod touch;
mod vapoursynth;
mod window;

use super::args::{BenchArgs, BenchKind, CompareArgs};
use rushes_engine::{Cancel, Error, Result};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Measures what was asked for.
pub(crate) fn run(args: &BenchArgs, stop: &Cancel) -> Result<ExitCode> {
    let folder = Folder::new()?;
    match args.what.clone().unwrap_or_else(|| BenchKind::Compare(CompareArgs::default())) {
        BenchKind::Compare(args) => compare::run(&folder.0, &args, stop)?,
        BenchKind::Kernels(args) => kernels::run(&folder.0, &args, stop)?,
        BenchKind::Start(args) => start::run(&folder.0, &args, stop)?,
        BenchKind::Frames(args) => frames::run(&args, stop)?,
        BenchKind::Editor { frames } => editor::run(&folder.0, frames, stop)?,
        BenchKind::Edit { runs } => edit::run(&folder.0, runs, stop)?,
        BenchKind::Graph { runs, counted } => graph::run(&folder.0, runs, counted, stop)?,
        BenchKind::Scrub { clip, visits, places, seed, pace, python } => {
            let pace = std::time::Duration::from_millis(pace);
            let scrub = scrub::Scrub { clip, visits, places, seed, pace, python };
            scrub::run(&folder.0, &scrub, stop)?;
        }
        BenchKind::Touch { bytes } => touch::run(bytes)?,
        BenchKind::Session { seconds, seed, json } => {
            session::run(&folder.0, std::time::Duration::from_secs(seconds), seed, json, stop)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder for the files of a measurement, gone afterwards.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Result<Self> {
        let folder = std::env::temp_dir().join(format!("rushes-bench-{}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|e| {
            Error::system(format!("no folder for the measurement: {e}"))
                .at(folder.display())
                .help("set TMPDIR")
        })?;
        Ok(Self(folder))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(e) = std::fs::remove_dir_all(&self.0) {
            log::warn!("{} is left behind: {e}", self.0.display());
        }
    }
}

/// The median, in the unit of the values.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match (sorted.get(middle), sorted.len() % 2) {
        (Some(high), 1) => *high,
        (Some(high), _) => (high + sorted.get(middle.saturating_sub(1)).unwrap_or(high)) / 2.0,
        (None, _) => 0.0,
    }
}

/// Writes a file of the measurement.
fn write(path: &Path, content: &(impl AsRef<[u8]> + ?Sized)) -> Result<()> {
    std::fs::write(path, content)
        .map_err(|e| Error::system(format!("the file cannot be written: {e}")).at(path.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_median_lies_in_the_middle() {
        assert_eq!(super::median(&[3.0, 1.0, 2.0]), 2.0);
        assert_eq!(super::median(&[4.0, 1.0, 2.0, 3.0]), 2.5);
        assert_eq!(super::median(&[]), 0.0);
    }
}
