//! The room's one handle: what was looked at, and the readers that are open.

use crate::cache::FrameCache;
use crate::clip::Clip;
use crate::file::File;
use crate::info::{MediaInfo, ProbeOptions};
use crate::kept::Indexes;
use crate::pool::ReaderPool;
use crate::reader::Reader;
use crate::sequence;
use crate::shelf::Shelf;
use rushes_engine::{Rate, Result};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

/// How much a [`Media`] may hold.
#[derive(Clone, Copy, Debug)]
pub struct MediaOptions {
    /// Bytes of decoded frames over all files.
    pub cache_bytes: u64,
    /// Decoders open at once for one file.
    pub decoders: usize,
    /// Files kept open after their last use.
    pub open_files: usize,
    /// Bytes of indexes on disk, where they are kept.
    pub index_bytes: u64,
    /// Bytes of proxies on disk, where they are kept.
    pub proxy_bytes: u64,
}

impl Default for MediaOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 192 << 20,
            decoders: 3,
            open_files: 8,
            index_bytes: 64 << 20,
            proxy_bytes: 16 << 30,
        }
    }
}

/// Probes and open readers, shared by all who hold a clone. A file counts by path, size and modification time.
#[derive(Clone)]
pub struct Media(Arc<Inner>);

struct Inner {
    options: MediaOptions,
    cache: Arc<FrameCache>,
    numbers: AtomicU64,
    known: Mutex<Known>,
    indexes: OnceLock<Indexes>,
    proxies: OnceLock<Shelf>,
}

#[derive(Default)]
struct Known {
    files: HashMap<Identity, Arc<File>>,
    /// Newest use last.
    pools: Vec<(Identity, Arc<ReaderPool>)>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Identity {
    path: PathBuf,
    size: u64,
    modified: Option<SystemTime>,
    sequence_rate: Rate,
}

/// Probes kept at most.
const MAX_PROBES: usize = 4096;

impl Default for Media {
    fn default() -> Self {
        Self::new(MediaOptions::default())
    }
}

impl Media {
    /// A handle that knows nothing yet.
    pub fn new(options: MediaOptions) -> Self {
        Self(Arc::new(Inner {
            options,
            cache: Arc::new(FrameCache::new(options.cache_bytes)),
            numbers: AtomicU64::new(0),
            known: Mutex::default(),
            indexes: OnceLock::new(),
            proxies: OnceLock::new(),
        }))
    }

    /// Keeps the indexes of clips in `folder` from now on, so that a clip is read through once only, also over programs.
    /// Only the first call counts: a handle is often made before it is known where data live.
    pub fn keep_indexes(&self, folder: &Path) {
        self.0.indexes.get_or_init(|| Indexes::new(folder, self.0.options.index_bytes));
    }

    /// Keeps proxies in `folder` from now on. Only the first call counts.
    pub fn keep_proxies(&self, folder: &Path) {
        self.0.proxies.get_or_init(|| Shelf::new(folder, self.0.options.proxy_bytes));
    }

    pub(crate) fn proxies(&self) -> Option<&Shelf> {
        self.0.proxies.get()
    }

    /// What `path` holds: a file, a numbered sequence (`shot_%04d.png`) or a folder of stills.
    ///
    /// # Errors
    /// `Missing` where nothing is there, `Media` where it is no media that we read.
    pub fn probe(&self, path: &Path, options: &ProbeOptions) -> Result<Arc<MediaInfo>> {
        Ok(self.file(path, options)?.1.info.clone())
    }

    /// The shared readers of `path`. Cheap where the file is open already.
    pub fn reader(&self, path: &Path, options: &ProbeOptions) -> Result<Arc<ReaderPool>> {
        let (identity, file) = self.file(path, options)?;
        file.info.picture()?;
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = known.pools.iter().position(|(i, _)| *i == identity) {
            let open = known.pools.remove(at);
            let pool = open.1.clone();
            known.pools.push(open);
            return Ok(pool);
        }
        let pool = ReaderPool::new(self.clip(file), self.0.options.decoders);
        known.pools.push((identity, pool.clone()));
        while known.pools.len() > self.0.options.open_files.max(1) {
            let (_, oldest) = known.pools.remove(0);
            self.0.cache.forget(oldest.number());
        }
        Ok(pool)
    }

    /// A reader of its own, for one thread.
    pub fn own_reader(&self, path: &Path, options: &ProbeOptions) -> Result<Reader> {
        let (_, file) = self.file(path, options)?;
        file.info.picture()?;
        Ok(Reader::new(self.clip(file)))
    }

    /// Bytes of decoded frames held now.
    pub fn cached_bytes(&self) -> u64 {
        self.0.cache.bytes()
    }

    pub(crate) fn look(&self, path: &Path, options: &ProbeOptions) -> Result<Arc<File>> {
        Ok(self.file(path, options)?.1)
    }

    fn clip(&self, file: Arc<File>) -> Arc<Clip> {
        let number = self.0.numbers.fetch_add(1, Ordering::Relaxed);
        Arc::new(Clip::new(file, number, self.0.cache.clone()))
    }

    fn file(&self, path: &Path, options: &ProbeOptions) -> Result<(Identity, Arc<File>)> {
        let identity = Identity::of(path, options.sequence_rate);
        if let Some(file) = self.0.known.lock().unwrap_or_else(PoisonError::into_inner).files.get(&identity) {
            return Ok((identity, file.clone()));
        }
        // Looked at without the lock: a long file must not hold others up.
        let file = Arc::new(File::look(path, options, self.0.indexes.get())?);
        let mut known = self.0.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.files.len() >= MAX_PROBES {
            known.files.clear();
        }
        known.files.insert(identity.clone(), file.clone());
        Ok((identity, file))
    }
}

impl Identity {
    fn of(path: &Path, sequence_rate: Rate) -> Self {
        let files = if path.is_file() { None } else { sequence::files(path).ok().flatten() };
        let (mut size, mut modified) = (0, None);
        // A sequence changes with any of its stills.
        for file in files.as_deref().unwrap_or(&[path.to_owned()]) {
            if let Ok(meta) = std::fs::metadata(file) {
                size += meta.len();
                modified = modified.max(meta.modified().ok());
            }
        }
        Self { path: path.to_owned(), size, modified, sequence_rate }
    }
}

/// What `path` holds, without a handle that remembers it.
///
/// # Errors
/// As [`Media::probe`].
pub fn probe(path: &Path, options: &ProbeOptions) -> Result<Arc<MediaInfo>> {
    Ok(File::look(path, options, None)?.info)
}
