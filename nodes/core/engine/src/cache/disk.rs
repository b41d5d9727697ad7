//! Frames on disk: one file a key, in a byte budget, shared by all programs of a person.
//!
//! What is dropped first is what is cheapest to make again for its bytes, aged by use (GreedyDual-Size, Cao and Irani
//! 1997): an entry's priority is the age at its last use plus milliseconds to make a mebibyte; the age grows to the
//! priority of what was dropped last. Priorities lie in the entries, so that every program sees the same.

use super::DiskTier;
use crate::files::{Temporary, io_error};
use crate::{Error, Key, Result};
use std::ffi::OsStr;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

const MAGIC: [u8; 8] = *b"rushfr1\n";
/// Magic, priority, cost, length, hash.
const HEAD: usize = 48;
/// No frame counts as dearer than this, in milliseconds.
const MAX_COST: f64 = 1e9;
const PRIORITY_AT: u64 = 8;
/// After dropping, this share of the budget is in use, so that dropping is rare.
const KEPT: f64 = 0.9;
/// A temporary file older than this was left by a crash.
const ABANDONED: Duration = Duration::from_secs(3600);

/// A cache of frames in a folder.
pub struct DiskCache {
    folder: PathBuf,
    budget: AtomicU64,
    /// Bytes in the folder as far as this program knows; counted anew whenever something is dropped.
    used: AtomicU64,
    /// The bits of the age.
    age: AtomicU64,
}

struct Head {
    priority: f64,
    cost_ms: f64,
    length: u64,
    hash: [u8; 16],
}

impl Head {
    fn to_bytes(&self) -> [u8; HEAD] {
        let mut bytes = [0; HEAD];
        let parts: [&[u8]; 5] = [
            &MAGIC,
            &self.priority.to_le_bytes(),
            &self.cost_ms.to_le_bytes(),
            &self.length.to_le_bytes(),
            &self.hash,
        ];
        bytes.iter_mut().zip(parts.into_iter().flatten()).for_each(|(to, from)| *to = *from);
        bytes
    }

    fn read(file: &mut File) -> Option<Self> {
        let mut bytes = [0; HEAD];
        file.read_exact(&mut bytes).ok()?;
        let word = |at: usize| bytes.get(at..at + 8).and_then(|b| <[u8; 8]>::try_from(b).ok());
        if word(0)? != MAGIC {
            return None;
        }
        Some(Self {
            // These two are not under the hash, and steer only the order of dropping; nonsense must not keep an entry.
            priority: Some(f64::from_le_bytes(word(8)?)).filter(|p| p.is_finite()).unwrap_or(0.0),
            cost_ms: Some(f64::from_le_bytes(word(16)?))
                .filter(|c| (0.001..=MAX_COST).contains(c))
                .unwrap_or(0.001),
            length: u64::from_le_bytes(word(24)?),
            hash: bytes.get(32..)?.try_into().ok()?,
        })
    }

    fn priority_from(&self, age: f64) -> f64 {
        age + self.cost_ms / ((self.length as f64 + HEAD as f64) / 1_048_576.0)
    }
}

struct Found {
    path: PathBuf,
    bytes: u64,
    priority: f64,
}

impl DiskCache {
    /// The cache in `folder`, which is made if need be, of at most `budget` bytes.
    pub fn open(folder: &Path, budget: u64) -> Result<Self> {
        std::fs::create_dir_all(folder).map_err(|e| io_error("make the cache", folder, &e))?;
        let cache =
            Self { folder: folder.to_path_buf(), budget: budget.into(), used: 0.into(), age: 0.into() };
        cache.age.store(cache.stored_age().to_bits(), Ordering::Relaxed);
        let used = cache.scan().iter().map(|found| found.bytes).sum();
        cache.used.store(used, Ordering::Relaxed);
        cache.fit(budget);
        Ok(cache)
    }

    /// Bytes in use, as far as this program knows, and the budget.
    pub fn usage(&self) -> (u64, u64) {
        (self.used.load(Ordering::Relaxed), self.budget())
    }

    /// Removes every frame.
    pub fn clear(&self) -> Result<()> {
        for found in self.scan() {
            match std::fs::remove_file(&found.path) {
                Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                    return Err(io_error("empty the cache", &found.path, &e));
                }
                _ => {}
            }
        }
        self.used.store(0, Ordering::Relaxed);
        Ok(())
    }

    fn path_of(&self, key: Key) -> PathBuf {
        let name = key.to_string();
        self.folder.join(name.get(..2).unwrap_or_default()).join(name)
    }

    fn budget(&self) -> u64 {
        self.budget.load(Ordering::Relaxed)
    }

    fn age(&self) -> f64 {
        f64::from_bits(self.age.load(Ordering::Relaxed))
    }

    fn stored_age(&self) -> f64 {
        let text = std::fs::read_to_string(self.folder.join("age")).unwrap_or_default();
        text.trim().parse().ok().filter(|age: &f64| age.is_finite() && *age >= 0.0).unwrap_or(0.0)
    }

    /// The payload of an entry if all of it is right.
    fn read(&self, key: Key, path: &Path) -> Option<Vec<u8>> {
        let mut file = OpenOptions::new().read(true).write(true).open(path).ok()?;
        let head = Head::read(&mut file)?;
        // The length is believed only as far as the file is that long, before memory is taken for it.
        if file.metadata().ok()?.len() != head.length + HEAD as u64 {
            return None;
        }
        let mut bytes = Vec::with_capacity(usize::try_from(head.length).ok()?);
        file.read_to_end(&mut bytes).ok()?;
        if hash(key, &bytes) != head.hash {
            return None;
        }
        let priority = head.priority_from(self.age());
        if priority > head.priority {
            // Only the order of dropping suffers if this fails.
            drop(
                file.seek(SeekFrom::Start(PRIORITY_AT)).and_then(|_| file.write_all(&priority.to_le_bytes())),
            );
        }
        Some(bytes)
    }

    fn write(&self, key: Key, payload: &[u8], cost_ms: f64) -> Result<()> {
        let path = self.path_of(key);
        let length = payload.len() as u64;
        let cost_ms = if cost_ms.is_finite() { cost_ms.clamp(0.001, MAX_COST) } else { 0.001 };
        let mut head = Head { priority: 0.0, cost_ms, length, hash: hash(key, payload) };
        head.priority = head.priority_from(self.age());
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(|e| io_error("keep a frame", folder, &e))?;
        }
        let mut temporary = Temporary::beside(&path)?;
        let file = temporary.file().ok_or_else(|| Error::system("the cache file is closed"))?;
        let written = file.write_all(&head.to_bytes()).and_then(|()| file.write_all(payload));
        written.map_err(|e| io_error("keep a frame", &path, &e))?;
        let replaced = path.metadata().map_or(0, |meta| meta.len());
        temporary.keep_unsynced()?;
        let grown = (length + HEAD as u64).saturating_sub(replaced);
        if self.used.fetch_add(grown, Ordering::Relaxed) + grown > self.budget() {
            self.shrink();
        }
        Ok(())
    }

    /// Every entry there is. What a crash left behind, and what is no entry, is removed on the way.
    fn scan(&self) -> Vec<Found> {
        let mut all = Vec::new();
        let age = self.stored_age().max(self.age());
        for folder in std::fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if folder.file_name().len() != 2 {
                continue;
            }
            for entry in std::fs::read_dir(folder.path()).into_iter().flatten().flatten() {
                let (path, name) = (entry.path(), entry.file_name());
                let Ok(meta) = entry.metadata() else { continue };
                if is_entry(&name) {
                    match File::open(&path).ok().and_then(|mut file| Head::read(&mut file)) {
                        Some(head) => {
                            // No entry can be above what its use right now would give it.
                            let priority = head.priority.min(head.priority_from(age));
                            all.push(Found { path, bytes: meta.len(), priority });
                        }
                        None => remove(&path),
                    }
                } else {
                    let since = meta.modified().ok().and_then(|t| SystemTime::now().duration_since(t).ok());
                    if since.is_some_and(|since| since > ABANDONED) {
                        remove(&path);
                    }
                }
            }
        }
        all
    }

    /// Drops entries, the lowest priority first, until there is room. One program does it at a time.
    fn shrink(&self) {
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(self.folder.join("lock"));
        let Ok(lock) = lock else { return };
        if lock.try_lock().is_err() {
            return;
        }
        let mut all = self.scan();
        let mut used: u64 = all.iter().map(|found| found.bytes).sum();
        let mut age = self.stored_age().max(self.age());
        let budget = self.budget();
        if used > budget {
            let target = (budget as f64 * KEPT) as u64;
            all.sort_by(|a, b| a.priority.total_cmp(&b.priority));
            for found in &all {
                if used <= target {
                    break;
                }
                remove(&found.path);
                used = used.saturating_sub(found.bytes);
                age = age.max(found.priority);
            }
            let stored = Temporary::beside(&self.folder.join("age")).and_then(|mut temporary| {
                if let Some(file) = temporary.file() {
                    file.write_all(age.to_string().as_bytes())
                        .map_err(|e| io_error("write", &self.folder, &e))?;
                }
                temporary.keep_unsynced()
            });
            if let Err(e) = stored {
                log::warn!("{e}");
            }
        }
        self.age.store(age.to_bits(), Ordering::Relaxed);
        self.used.store(used, Ordering::Relaxed);
    }
}

impl DiskTier for DiskCache {
    fn get(&self, key: Key) -> Option<Vec<u8>> {
        let path = self.path_of(key);
        let found = self.read(key, &path);
        if found.is_none()
            && let Ok(meta) = path.metadata()
        {
            log::warn!("a damaged frame was dropped from the cache ({})", path.display());
            remove(&path);
            let left = self.used.load(Ordering::Relaxed).saturating_sub(meta.len());
            self.used.store(left, Ordering::Relaxed);
        }
        found
    }

    fn contains(&self, key: Key) -> bool {
        self.path_of(key).is_file()
    }

    fn put(&self, key: Key, bytes: &[u8], cost_ms: f64) {
        if bytes.len() as u64 + HEAD as u64 > (self.budget() as f64 * KEPT) as u64 {
            return;
        }
        if let Err(e) = self.write(key, bytes, cost_ms) {
            log::warn!("{e}");
        }
    }

    fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn fit(&self, budget: u64) {
        self.budget.store(budget, Ordering::Relaxed);
        if self.used.load(Ordering::Relaxed) > budget {
            self.shrink();
        }
    }
}

/// The hash of an entry: of its key too, so that a file under a wrong name is no entry.
fn hash(key: Key, payload: &[u8]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&key.bytes()).update(payload);
    let mut hash = [0; 16];
    hash.iter_mut().zip(hasher.finalize().as_bytes()).for_each(|(to, from)| *to = *from);
    hash
}

fn is_entry(name: &OsStr) -> bool {
    name.to_str().and_then(Key::from_hex).is_some()
}

/// Removes a file; that another program did it first is as well.
fn remove(path: &Path) {
    match std::fs::remove_file(path) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
            log::warn!("{}", io_error("drop from the cache", path, &e));
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn key(n: u32) -> Key {
        Key::of(&n.to_le_bytes())
    }

    fn entries(folder: &Path) -> u64 {
        let files = |f: PathBuf| {
            std::fs::read_dir(f).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum::<u64>()
        };
        std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).filter(|p| p.is_dir()).map(files).sum()
    }

    #[test]
    fn frames_come_back_in_another_program() {
        let dir = tempfile::tempdir().unwrap();
        let cache = DiskCache::open(dir.path(), 1 << 20).unwrap();
        cache.put(key(1), b"pixels", 5.0);
        assert_eq!(cache.get(key(1)).as_deref(), Some(&b"pixels"[..]));
        assert!(cache.get(key(2)).is_none() && !cache.contains(key(2)));
        let other = DiskCache::open(dir.path(), 1 << 20).unwrap();
        assert!(other.contains(key(1)));
        assert_eq!(other.get(key(1)).as_deref(), Some(&b"pixels"[..]));
        assert_eq!(other.usage().0, cache.usage().0);
        other.clear().unwrap();
        assert!(cache.get(key(1)).is_none());
    }

    #[test]
    fn the_budget_holds_and_what_is_dear_stays() {
        let dir = tempfile::tempdir().unwrap();
        let budget = 100_000;
        let cache = DiskCache::open(dir.path(), budget).unwrap();
        cache.put(key(0), &[0; 10_000], 5_000.0);
        for n in 1..50 {
            cache.put(key(n), &[1; 10_000], 1.0);
            assert!(entries(dir.path()) <= budget);
        }
        assert!(cache.contains(key(0)), "what took five seconds outlives what took one millisecond");
        assert!(!cache.contains(key(1)));
        cache.put(key(99), &vec![0; 100_000], 1e9);
        assert!(!cache.contains(key(99)), "what is larger than everything is not kept");
    }

    #[test]
    fn what_was_dear_once_grows_old() {
        let dir = tempfile::tempdir().unwrap();
        let cache = DiskCache::open(dir.path(), 40_000).unwrap();
        cache.put(key(0), &[0; 10_000], 50.0);
        for n in 1..200 {
            cache.put(key(n), &[1; 10_000], 10.0);
        }
        assert!(!cache.contains(key(0)), "nobody has asked for it since");
        // The age is kept, so another program does not start anew.
        assert!(DiskCache::open(dir.path(), 40_000).unwrap().age() > 0.0);
    }

    #[test]
    fn programs_share_a_folder() {
        let dir = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for part in 0..4 {
                let path = dir.path();
                scope.spawn(move || {
                    let cache = DiskCache::open(path, 200_000).unwrap();
                    for n in 0..100 {
                        let payload = vec![(n % 251) as u8; 3000];
                        cache.put(key(n), &payload, f64::from(part + 1));
                        if let Some(found) = cache.get(key((n * 7) % 100)) {
                            assert!(found.iter().all(|b| *b == found[0]) && found.len() == 3000);
                        }
                    }
                });
            }
        });
        let cache = DiskCache::open(dir.path(), 200_000).unwrap();
        assert!(cache.usage().0 <= 200_000);
    }

    #[test]
    fn what_a_crash_left_is_cleared_away() {
        let dir = tempfile::tempdir().unwrap();
        let cache = DiskCache::open(dir.path(), 1 << 20).unwrap();
        cache.put(key(1), b"pixels", 5.0);
        let folder = cache.path_of(key(1)).parent().unwrap().to_path_buf();
        let (old, new) = (folder.join(".x.1-1.tmp"), folder.join(".x.1-2.tmp"));
        for path in [&old, &new] {
            std::fs::write(path, b"half").unwrap();
        }
        let hours = SystemTime::now() - 3 * ABANDONED;
        File::options().write(true).open(&old).unwrap().set_modified(hours).unwrap();
        DiskCache::open(dir.path(), 1 << 20).unwrap();
        assert!(!old.exists() && new.exists());
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_damaged_entry_is_a_miss(payload in prop::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), flip in 1..=255_u8, cut in any::<bool>()) {
            let dir = tempfile::tempdir().unwrap();
            let cache = DiskCache::open(dir.path(), 1 << 20).unwrap();
            cache.put(key(1), &payload, 1.0);
            let path = cache.path_of(key(1));
            let mut bytes = std::fs::read(&path).unwrap();
            let at = at.index(bytes.len());
            if cut {
                bytes.truncate(at);
            } else {
                bytes[at] ^= flip;
            }
            std::fs::write(&path, &bytes).unwrap();
            match cache.get(key(1)) {
                // Priority and cost decide only what is dropped first.
                Some(found) => prop_assert!(found == payload && !cut && (8..24).contains(&at)),
                None => prop_assert!(!path.exists()),
            }
            cache.put(key(1), &payload, 1.0);
            prop_assert_eq!(cache.get(key(1)), Some(payload));
        }
    }
}
