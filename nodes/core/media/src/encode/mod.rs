//! Writing clips and stills.

mod plan;
mod sound;
mod still;
pub(crate) mod temp;
mod video;

pub use plan::{AudioTrack, EncodeFormat, EncodeSettings, Preset};

use crate::sequence::Pattern;
use rushes_engine::{Error, Planes, Result};
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The files under their final names, in order.
    pub files: Vec<PathBuf>,
    /// How many frames.
    pub frames: u64,
    /// Bytes of all files.
    pub bytes: u64,
}

/// Writes frames under a temporary name beside the output and renames it in [`Encoder::finish`]. Dropped before that, it
/// leaves nothing behind; what was under the final name stays as it was.
pub struct Encoder {
    inner: Inner,
    wants: EncodeFormat,
    path: PathBuf,
    frames: u64,
}

enum Inner {
    Video(Box<video::Video>),
    Stills(still::Stills),
}

impl Encoder {
    /// Begins to write `path`. The path's ending chooses the container (mp4, mov, mkv, png, exr); a `%04d` in the name of
    /// a still makes a numbered sequence.
    ///
    /// # Errors
    /// `Usage` where preset, size, rate and ending do not fit; `System` or `Missing` where the file cannot be made.
    pub fn create(path: &Path, settings: &EncodeSettings) -> Result<Self> {
        crate::ff::quiet();
        settings.check(path)?;
        let wants = settings.format();
        let inner = if settings.preset.is_still() {
            Inner::Stills(still::Stills::create(path, Pattern::parse(path), settings, wants)?)
        } else {
            Inner::Video(Box::new(video::Video::create(path, settings, wants)?))
        };
        Ok(Self { inner, wants, path: path.to_owned(), frames: 0 })
    }

    /// The planes that [`Encoder::write`] takes.
    pub fn wants(&self) -> EncodeFormat {
        self.wants
    }

    /// Frames written so far.
    pub fn frames(&self) -> u64 {
        self.frames
    }

    /// Writes the next frame.
    ///
    /// # Errors
    /// `Usage` where the planes are not what [`Encoder::wants`] says; `Media` or `System` where encoding or writing fails.
    pub fn write(&mut self, planes: &Planes) -> Result<()> {
        self.wants.check(planes).map_err(|e| e.at(self.path.display()))?;
        match &mut self.inner {
            Inner::Video(video) => video.write(planes)?,
            Inner::Stills(stills) => stills.write(planes)?,
        }
        self.frames += 1;
        Ok(())
    }

    /// Adds sound for [`AudioTrack::Samples`]: interleaved floats, from the end of what was added before.
    pub fn write_audio(&mut self, samples: &[f32]) -> Result<()> {
        match &mut self.inner {
            Inner::Video(video) => video.write_audio(samples),
            Inner::Stills(_) => {
                Err(Error::usage("stills have no sound").at(self.path.display()).help("leave the sound out"))
            }
        }
    }

    /// Ends the file and gives it its name.
    ///
    /// # Errors
    /// `Usage` where no frame was written; `System` where the disk is full or the name cannot be given.
    pub fn finish(self) -> Result<Written> {
        if self.frames == 0 {
            return Err(Error::usage("there is no frame to write")
                .at(self.path.display())
                .help("render at least one frame"));
        }
        let files = match self.inner {
            Inner::Video(video) => vec![video.finish()?],
            Inner::Stills(stills) => stills.finish()?,
        };
        let bytes = files.iter().filter_map(|f| std::fs::metadata(f).ok()).map(|m| m.len()).sum();
        Ok(Written { files, frames: self.frames, bytes })
    }
}
