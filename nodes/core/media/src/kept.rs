//! Indexes on disk, so that a long clip is read through once only.
//!
//! An index is found by what its file is known by without reading all of it: the path, size, both times of change, the
//! place on the disk, and a hash of both ends. The hash of the whole content would be a better name, but it is known only
//! after the whole file was read, which is what the index saves; and any write to a file changes its times, so that no
//! index is taken for another content's. Whatever the disk refuses costs time and is no error.

use crate::encode::temp::Temp;
use crate::index::Index;
use crate::packed::{pack, unpack};
use crate::shelf::Shelf;
use crate::source::Stream;
use rushes_engine::{Key, KeyHasher};
use std::fmt::{self, Display, Formatter};
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// The kind of file, and the version of what [`pack`] writes and of what an index says.
const MAGIC: [u8; 8] = *b"rushix1\n";
const HASH: usize = 16;
/// Bytes of each end that are hashed.
const END: u64 = 64 << 10;
/// A folder of indexes.
#[derive(Debug)]
pub(crate) struct Indexes(Shelf);

/// A file as it is now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark(Key);

impl Mark {
    /// What the file at `path` is known by; `None` where it cannot be read, which whoever opens it is told.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        mark(path).ok().map(Self)
    }
}

impl Display for Mark {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

fn mark(path: &Path) -> io::Result<Key> {
    let path = path.canonicalize()?;
    let mut file = File::open(&path)?;
    let about = file.metadata()?;
    let mut hasher = KeyHasher::new("index of a clip");
    // Another FFmpeg may see other packets.
    hasher.bytes(&MAGIC).str(&crate::ff::version());
    hasher.bytes(path.as_os_str().as_encoded_bytes()).u64(about.len());
    let modified = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    hasher.bytes(&modified.as_nanos().to_le_bytes());
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        hasher.u64(about.dev()).u64(about.ino());
        hasher.u64(about.ctime() as u64).u64(about.ctime_nsec() as u64);
    }
    let mut end = Vec::new();
    for from in [0, about.len().saturating_sub(END)] {
        file.seek(SeekFrom::Start(from))?;
        end.clear();
        file.by_ref().take(END).read_to_end(&mut end)?;
        hasher.bytes(&end);
    }
    Ok(hasher.finish())
}

impl Indexes {
    /// Those in `folder`, which is made when the first one is written, of at most `budget` bytes.
    pub(crate) fn new(folder: &Path, budget: u64) -> Self {
        Self(Shelf::new(folder, budget))
    }

    /// The index of a file whose video stream is `stream`, if it is here and whole. What is damaged is removed.
    pub(crate) fn read(&self, mark: Mark, stream: &Stream) -> Option<Index> {
        let path = self.path_of(mark);
        let bytes = std::fs::read(&path).ok()?;
        let Some(index) = checked(&bytes).and_then(|payload| unpack(payload, stream)) else {
            log::info!("{} is damaged and made anew", path.display());
            self.0.remove(&path);
            return None;
        };
        self.0.used(&path);
        Some(index)
    }

    /// Keeps the index of a file.
    pub(crate) fn write(&self, mark: Mark, index: &Index) {
        let payload = pack(index);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(Key::of(&payload).bytes());
        bytes.extend(payload);
        if bytes.len() as u64 > self.0.budget {
            return;
        }
        if let Err(e) = self.put(mark, &bytes) {
            log::info!("the index of a clip is not kept: {e}");
        }
    }

    fn put(&self, mark: Mark, bytes: &[u8]) -> rushes_engine::Result<()> {
        self.0.make_room(bytes.len() as u64)?;
        let temp = Temp::beside(&self.path_of(mark))?;
        std::fs::write(&temp.path, bytes)
            .map_err(|e| rushes_engine::Error::system(e.to_string()).at(temp.path.display()))?;
        temp.keep().map(drop)
    }

    fn path_of(&self, mark: Mark) -> PathBuf {
        self.0.folder.join(mark.to_string())
    }
}

/// The payload, if it is the one that was written.
fn checked(bytes: &[u8]) -> Option<&[u8]> {
    let (hash, payload) = bytes.strip_prefix(&MAGIC)?.split_at_checked(HASH)?;
    (Key::of(payload).bytes() == hash).then_some(payload)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file;
    use crate::info::ProbeOptions;
    use std::process::Command;

    fn ffmpeg(args: &str, path: &Path) {
        let mut command = Command::new("ffmpeg");
        command.args(["-v", "error", "-y", "-nostdin", "-f", "lavfi", "-i", "testsrc2=s=96x64:r=24"]);
        assert!(command.args(args.split_whitespace()).arg(path).status().unwrap().success(), "{args}");
    }

    /// What is known of `path`, and its index.
    fn look(path: &Path, kept: Option<&Indexes>) -> (String, Index) {
        let file = file::File::look(path, &ProbeOptions::default(), kept).unwrap();
        (format!("{:?}", file.info), file.video.unwrap().1)
    }

    fn names(folder: &Path) -> Vec<PathBuf> {
        let mut all: Vec<_> = folder.read_dir().unwrap().map(|e| e.unwrap().path()).collect();
        all.sort();
        all
    }

    #[test]
    fn an_index_from_disk_is_the_one_that_was_made() {
        let dir = tempfile::tempdir().unwrap();
        for (name, args) in [
            ("a.mp4", "-frames:v 60 -c:v libx264 -pix_fmt yuv420p -g 20 -bf 3"),
            (
                "open.ts",
                "-frames:v 60 -c:v libx264 -pix_fmt yuv420p -x264-params open-gop=1:keyint=12:bframes=3",
            ),
            ("b_frames.avi", "-frames:v 50 -c:v mpeg4 -g 12 -bf 2"),
            ("hidden.webm", "-frames:v 50 -c:v libvpx -auto-alt-ref 1 -lag-in-frames 16 -g 30"),
            ("sound.webm", "-f lavfi -i sine=duration=2 -t 2 -c:v libvpx -deadline realtime -c:a libopus"),
            ("bare.h264", "-frames:v 50 -c:v libx264 -pix_fmt yuv420p -g 12 -bf 3"),
            ("cut.mkv", "-frames:v 48 -c:v libx264 -pix_fmt yuv420p -g 12"),
            ("intra.mov", "-frames:v 20 -c:v prores_ks"),
        ] {
            let (path, kept) =
                (dir.path().join(name), Indexes::new(&dir.path().join("kept").join(name), 1 << 20));
            ffmpeg(args, &path);
            if name == "cut.mkv" {
                let bytes = std::fs::read(&path).unwrap();
                std::fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
            }
            let made = look(&path, Some(&kept));
            let mark = Mark::of(&path).unwrap();
            let stream = file::File::look(&path, &ProbeOptions::default(), None).unwrap().video.unwrap().0;
            assert_eq!(kept.read(mark, &stream).as_ref(), Some(&made.1), "{name}");
            assert_eq!(look(&path, Some(&kept)), made, "{name}");
            assert_eq!(look(&path, None), made, "{name}");
            assert_eq!(names(&kept.0.folder).len(), 1, "{name}");
        }
    }

    #[test]
    fn a_damaged_index_is_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let (path, kept) = (dir.path().join("a.mp4"), Indexes::new(&dir.path().join("kept"), 1 << 20));
        ffmpeg("-frames:v 30 -c:v libx264 -pix_fmt yuv420p -g 12", &path);
        let made = look(&path, Some(&kept));
        let [place] = <[PathBuf; 1]>::try_from(names(&kept.0.folder)).unwrap();
        let whole = std::fs::read(&place).unwrap();
        let mut damaged: Vec<Vec<u8>> = (0..whole.len())
            .step_by(7)
            .map(|at| {
                let mut bytes = whole.clone();
                bytes[at] ^= 0x10;
                bytes
            })
            .collect();
        damaged.extend([Vec::new(), whole[..10].to_vec(), whole[..whole.len() - 1].to_vec()]);
        // Whole by its hash, and yet no index.
        damaged.push([&MAGIC[..], &Key::of(b"x").bytes(), b"x"].concat());
        for bytes in damaged {
            std::fs::write(&place, bytes).unwrap();
            assert_eq!(look(&path, Some(&kept)), made);
            assert_eq!(std::fs::read(&place).unwrap(), whole);
        }
    }

    #[test]
    fn another_file_under_the_same_name_has_its_own() {
        let dir = tempfile::tempdir().unwrap();
        let (path, kept) = (dir.path().join("a.mp4"), Indexes::new(&dir.path().join("kept"), 1 << 20));
        let codec = "-c:v libx264 -pix_fmt yuv420p -g 12";
        ffmpeg(&format!("-frames:v 30 {codec}"), &path);
        look(&path, Some(&kept));
        // The same bytes but one, in place, with the time of before: it is the disk that knows.
        let modified = path.metadata().unwrap().modified().unwrap();
        let before = Mark::of(&path);
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        File::options().append(true).open(&path).unwrap().set_modified(modified).unwrap();
        assert!(cfg!(not(unix)) || Mark::of(&path) != before);
        ffmpeg(&format!("-frames:v 40 {codec}"), &path);
        assert_eq!(look(&path, Some(&kept)).1.frames(), 40);
    }

    #[test]
    fn the_folder_keeps_to_its_budget_and_a_disk_that_refuses_is_no_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a.mp4");
        ffmpeg("-frames:v 30 -c:v libx264 -pix_fmt yuv420p -g 12", &path);
        let index = look(&path, None).1;
        let kept = Indexes::new(&dir.path().join("kept"), 2_000);
        for n in 0..30_u8 {
            kept.write(Mark(Key::of(&[n])), &index);
            let used: u64 = names(&kept.0.folder).iter().map(|p| p.metadata().unwrap().len()).sum();
            assert!((1..=2_000).contains(&used), "{used}");
        }
        let tiny = Indexes::new(&dir.path().join("tiny"), 10);
        assert_eq!(look(&path, Some(&tiny)).1.frames(), 30);
        let refused = Indexes::new(&path.join("no folder"), 2_000);
        assert_eq!(look(&path, Some(&refused)).1.frames(), 30);
    }
}
