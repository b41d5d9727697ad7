//! What files contain: a hash of the whole content, kept by path, size and time.
//!
//! Small files are read when they are asked for. A large one is known by its size and time at first, read in the
//! background, and asked for again under its true hash; so opening a graph never waits for a disk.

use crate::tool::FileEntry;
use crate::{Cancel, Error, Key, KeyHasher, Result};
use std::collections::{BTreeMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::UNIX_EPOCH;

/// Files up to this many bytes are read at once: a few milliseconds.
const AT_ONCE: u64 = 8 << 20;

/// A file as it is on disk now: when any of this changes its content counts as another.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Stamp {
    path: PathBuf,
    size: u64,
    nanos: u128,
}

#[derive(Default)]
struct Inner {
    known: BTreeMap<Stamp, Key>,
    reading: HashSet<Stamp>,
    read: u64,
    unsaved: bool,
}

/// The content hashes of files. Shared by all graphs of a program.
pub struct FileIndex {
    inner: Arc<Mutex<Inner>>,
    store: Option<PathBuf>,
    reader: Mutex<Option<Sender<Stamp>>>,
    learned: Arc<dyn Fn() + Send + Sync>,
}

impl FileIndex {
    /// An index kept in the file `store`, if there is one. `learned` is called on another thread when a large file
    /// has been read and its entries are no longer provisional.
    pub fn open(store: Option<PathBuf>, learned: impl Fn() + Send + Sync + 'static) -> Self {
        let known = store.as_deref().and_then(|s| std::fs::read_to_string(s).ok()).map(|t| parse(&t));
        let inner = Inner { known: known.unwrap_or_default(), ..Inner::default() };
        Self {
            inner: Arc::new(Mutex::new(inner)),
            store,
            reader: Mutex::default(),
            learned: Arc::new(learned),
        }
    }

    /// What the file at `path`, which is already resolved, contains.
    pub fn find(&self, path: &Path) -> Result<FileEntry> {
        let stamp = stamp(path)?;
        if let Some(content) = self.lock().known.get(&stamp).copied() {
            return Ok(FileEntry { path: stamp.path, content, provisional: false });
        }
        if stamp.size <= AT_ONCE {
            let content = hash(&stamp.path, &Cancel::new())?;
            self.lock().learn(stamp.clone(), content);
            return Ok(FileEntry { path: stamp.path, content, provisional: false });
        }
        let mut guess = KeyHasher::new("file by size and time");
        guess.str(&stamp.path.to_string_lossy()).u64(stamp.size).bytes(&stamp.nanos.to_le_bytes());
        let entry = FileEntry { path: stamp.path.clone(), content: guess.finish(), provisional: true };
        self.read_later(&stamp);
        Ok(entry)
    }

    /// Waits until no file is being read, so that keys are final.
    pub fn settle(&self) {
        while !self.lock().reading.is_empty() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
    }

    /// How many large files have been read so far: where it has grown, entries that were guesses are known.
    pub fn read_count(&self) -> u64 {
        self.lock().read
    }

    /// Writes what was learned to the store.
    pub fn save(&self) -> Result<()> {
        let Some(store) = &self.store else { return Ok(()) };
        let text = {
            let mut inner = self.lock();
            if !std::mem::take(&mut inner.unsaved) {
                return Ok(());
            }
            write(&inner.known)
        };
        super::write_atomic(store, text.as_bytes())
    }

    /// What is remembered of a file that was once at `path`: its content and its size.
    pub fn remembered(&self, path: &Path) -> Option<(Key, u64)> {
        let inner = self.lock();
        inner.known.iter().find(|(stamp, _)| stamp.path == path).map(|(stamp, key)| (*key, stamp.size))
    }

    /// Other places where that content was seen.
    pub(super) fn places_of(&self, content: Key) -> Vec<PathBuf> {
        let inner = self.lock();
        inner.known.iter().filter(|(_, key)| **key == content).map(|(stamp, _)| stamp.path.clone()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hands a large file to the reading thread, which is started when the first one comes.
    fn read_later(&self, stamp: &Stamp) {
        if !self.lock().reading.insert(stamp.clone()) {
            return;
        }
        let mut reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        let sender = reader.get_or_insert_with(|| {
            let (sender, waiting) = channel::<Stamp>();
            let (inner, learned) = (self.inner.clone(), self.learned.clone());
            let work = move || {
                for stamp in waiting {
                    let content = hash(&stamp.path, &Cancel::new());
                    let mut inner = inner.lock().unwrap_or_else(PoisonError::into_inner);
                    inner.reading.remove(&stamp);
                    inner.read += 1;
                    match content {
                        Ok(content) => inner.learn(stamp, content),
                        Err(e) => log::warn!("{e}"),
                    }
                    drop(inner);
                    learned();
                }
            };
            if let Err(e) = std::thread::Builder::new().name("file hashes".into()).spawn(work) {
                log::warn!("no thread to read files: {e}");
            }
            sender
        });
        if sender.send(stamp.clone()).is_err() {
            self.lock().reading.remove(stamp);
        }
    }
}

impl Drop for FileIndex {
    fn drop(&mut self) {
        if let Err(e) = self.save() {
            log::warn!("{e}");
        }
    }
}

impl Inner {
    fn learn(&mut self, stamp: Stamp, content: Key) {
        self.known.retain(|old, _| old.path != stamp.path);
        self.known.insert(stamp, content);
        self.unsaved = true;
    }
}

fn stamp(path: &Path) -> Result<Stamp> {
    let missing = |e: std::io::Error| {
        Error::missing(match e.kind() {
            std::io::ErrorKind::PermissionDenied => "the file may not be read".to_owned(),
            std::io::ErrorKind::NotFound => "the file is not there".to_owned(),
            _ => format!("the file cannot be read: {e}"),
        })
        .at(path.display())
        .help("put it back, or name another")
    };
    let path = path.canonicalize().map_err(missing)?;
    let about = path.metadata().map_err(missing)?;
    let time = about.modified().ok().and_then(|t| t.duration_since(UNIX_EPOCH).ok());
    Ok(Stamp { path, size: about.len(), nanos: time.map_or(0, |t| t.as_nanos()) })
}

/// The hash of a whole file; of a folder that of its names and their contents.
pub(super) fn hash(path: &Path, cancel: &Cancel) -> Result<Key> {
    let failed = |e: std::io::Error| {
        Error::missing(format!("the file cannot be read: {e}"))
            .at(path.display())
            .help("check the disk and its rights")
    };
    if path.is_dir() {
        return Err(Error::usage("this is a folder").at(path.display()).help("name a file in it"));
    }
    let mut hasher = blake3::Hasher::new();
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut buffer = vec![0; 1 << 20];
    loop {
        cancel.check()?;
        let n = file.read(&mut buffer).map_err(failed)?;
        if n == 0 {
            break;
        }
        hasher.update(buffer.get(..n).unwrap_or(&[]));
    }
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    Ok(Key::from_bytes(bytes))
}

fn write(known: &BTreeMap<Stamp, Key>) -> String {
    let line = |(s, k): (&Stamp, &Key)| {
        serde_json::json!([k.to_string(), s.size, s.nanos.to_string(), s.path]).to_string()
    };
    known.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Lines that are not understood are left out: what they knew is learned again.
fn parse(text: &str) -> BTreeMap<Stamp, Key> {
    let line = |line: &str| {
        let (key, size, nanos, path): (String, u64, String, PathBuf) = serde_json::from_str(line).ok()?;
        Some((Stamp { path, size, nanos: nanos.parse().ok()? }, Key::from_hex(&key)?))
    };
    text.lines().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_counts_by_what_it_contains() {
        let folder = tempfile::tempdir().unwrap();
        let path = |n: &str| folder.path().join(n);
        std::fs::write(path("a"), "same").unwrap();
        std::fs::write(path("b"), "same").unwrap();
        std::fs::write(path("c"), "other").unwrap();
        let index = FileIndex::open(Some(path("index")), || {});
        let key = |n: &str| index.find(&path(n)).unwrap().content;
        assert_eq!(key("a"), key("b"));
        assert_ne!(key("a"), key("c"));
        std::fs::write(path("a"), "larger").unwrap();
        assert_ne!(key("a"), key("b"));
        index.save().unwrap();
        assert_eq!(FileIndex::open(Some(path("index")), || {}).lock().known, index.lock().known);
        assert_eq!(index.find(&path("nothing")).unwrap_err().kind(), crate::ErrorKind::Missing);
    }

    #[test]
    fn a_large_file_is_known_later_and_then_for_good() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("large");
        std::fs::write(&path, vec![7; usize::try_from(AT_ONCE).unwrap() + 1]).unwrap();
        let index = FileIndex::open(None, || {});
        assert!(index.find(&path).unwrap().provisional);
        index.settle();
        let entry = index.find(&path).unwrap();
        assert!(!entry.provisional);
        assert_eq!(entry.content, hash(&path, &Cancel::new()).unwrap());
    }
}
