//! The two clips that every side reads.

use crate::cli::args::CompareArgs;
use crate::cli::bench::child;
use rushes_engine::{Error, Result};
use rushes_media::ProbeOptions;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Frames a second of what is made here.
const RATE: u32 = 24;
/// Frames of the grain that is made here: a plate that begins again and again, as people lay it over their clips.
const PLATE: u32 = 24;
/// What is made says what its numbers mean, so that all sides read the same colours.
const TAGS: [&str; 6] = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"];

/// A clip and what is laid over it, of one size.
#[derive(Clone, Debug)]
pub(super) struct Clips {
    pub(super) clip: PathBuf,
    pub(super) grain: PathBuf,
    pub(super) size: (u32, u32),
    /// Frames that the clip has and that were asked for.
    pub(super) frames: u32,
    /// How often what is laid over it is shown to last as long.
    pub(super) turns: u32,
    /// In words.
    pub(super) what: String,
}

impl Clips {
    /// Those that were named; what was not named is made in `folder`, of `size`.
    pub(super) fn of(folder: &Path, args: &CompareArgs, size: (u32, u32)) -> Result<Self> {
        let made = |name: &str, source: &str, (width, height): (u32, u32), frames: u32| {
            let path = folder.join(name);
            let seconds = f64::from(frames) / f64::from(RATE);
            let source = source.replace("SIZE", &format!("{width}x{height}:r={RATE}:d={seconds}"));
            let mut make = Command::new("ffmpeg");
            make.args(["-v", "error", "-y", "-f", "lavfi", "-i", &source, "-pix_fmt", "yuv420p"]);
            make.args(TAGS).arg(&path);
            child::run(&mut make).map(|_| path)
        };
        let clip = match &args.clip {
            Some(clip) => absolute(clip)?,
            None => {
                let source = "testsrc2=s=SIZE,scale=out_color_matrix=bt709,format=yuv420p";
                made("clip.mp4", source, size, args.frames)?
            }
        };
        let (_, frames) = look(&clip)?;
        let grain = match &args.grain {
            Some(grain) => absolute(grain)?,
            None => made("grain.mp4", "color=gray:s=SIZE,noise=alls=20:allf=t", size, PLATE)?,
        };
        let (other, more) = look(&grain)?;
        if other != size {
            return Err(Error::usage(format!(
                "the clip is {}×{}, what is laid over it {}×{}",
                size.0, size.1, other.0, other.1
            ))
            .at(grain.display())
            .help("name two clips of one size, or leave --grain away"));
        }
        let frames = u64::from(args.frames).min(frames).max(1);
        let turns = frames.div_ceil(more.max(1));
        let named = |name: &Option<PathBuf>| {
            let name = name.as_ref().and_then(|path| path.file_name());
            name.map_or_else(|| "made here".to_owned(), |name| name.to_string_lossy().into_owned())
        };
        let what = format!(
            "{}×{}, {frames} frames; clip {}, grain {} of {more} frames",
            size.0,
            size.1,
            named(&args.clip),
            named(&args.grain)
        );
        let frames = u32::try_from(frames).unwrap_or(args.frames);
        Ok(Self { clip, grain, size, frames, turns: u32::try_from(turns).unwrap_or(u32::MAX), what })
    }
}

/// The size of the clip that was named, or of the one that is made.
pub(super) fn size(args: &CompareArgs) -> Result<(u32, u32)> {
    args.clip.as_ref().map_or(Ok((1920, 1080)), |clip| Ok(look(clip)?.0))
}

/// A path that means the same to a program that runs elsewhere.
fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path)
        .map_err(|e| Error::usage(format!("the path is no path: {e}")).at(path.display()))
}

/// Size and frames of a clip.
fn look(path: &Path) -> Result<((u32, u32), u64)> {
    let info = rushes_media::probe(path, &ProbeOptions::default())?;
    let picture = info.picture()?;
    Ok(((picture.width, picture.height), picture.frames))
}
