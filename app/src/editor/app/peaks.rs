//! How loud files are, found out on a thread and kept by what they are.

use crate::editor::peaks::{Listener, Peaks};
use rushes_engine::{Key, KeyHasher, Result};
use rushes_media::{AudioReader, SoundForm};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::UNIX_EPOCH;

/// Samples a channel that are read at once.
const CHUNK: usize = 1 << 15;

type Reply = Box<dyn FnOnce(PathBuf, Heard) + Send>;

/// How loud a file is, or that it cannot be read.
pub(super) type Heard = Result<Arc<Peaks>>;

/// The thread that listens to files.
#[derive(Default)]
pub(super) struct Listeners {
    ask: Option<Sender<(PathBuf, Reply)>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Listeners {
    /// Asks how loud a file is. A file that was heard before, and has not changed, is answered at once.
    pub(super) fn ask(&mut self, path: PathBuf, reply: impl FnOnce(PathBuf, Heard) + Send + 'static) {
        if self.ask.is_none() {
            let (ask, asked) = channel();
            let stop = Arc::clone(&self.stop);
            match std::thread::Builder::new().name("peaks".into()).spawn(move || work(&asked, &stop)) {
                Ok(thread) => (self.ask, self.thread) = (Some(ask), Some(thread)),
                Err(e) => log::warn!("no thread could be started: {e}"),
            }
        }
        if let Some(ask) = &self.ask
            && ask.send((path, Box::new(reply))).is_err()
        {
            log::error!("the thread that listens to files has died");
        }
    }
}

impl Drop for Listeners {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        self.ask = None;
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that listens to files had died");
        }
    }
}

fn work(asked: &Receiver<(PathBuf, Reply)>, stop: &AtomicBool) {
    let mut known: HashMap<Key, Arc<Peaks>> = HashMap::new();
    for (path, reply) in asked {
        let Some(key) = key(&path) else { continue };
        if let Some(peaks) = known.get(&key) {
            reply(path, Ok(Arc::clone(peaks)));
            continue;
        }
        match listen(&path, stop) {
            Ok(Some(peaks)) => {
                let peaks = Arc::new(peaks);
                known.insert(key, Arc::clone(&peaks));
                reply(path, Ok(peaks));
            }
            Ok(None) => return,
            Err(e) => reply(path, Err(e)),
        }
    }
}

/// What a file is known by: where it lies, its size and its time.
fn key(path: &Path) -> Option<Key> {
    let file = std::fs::metadata(path).ok()?;
    let time = file.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let mut hasher = KeyHasher::new("peaks");
    hasher.str(&path.to_string_lossy()).u64(file.len()).bytes(&time.as_nanos().to_le_bytes());
    Some(hasher.finish())
}

/// Hears a file from beginning to end; nothing when it is told to stop.
fn listen(path: &Path, stop: &AtomicBool) -> Result<Option<Peaks>> {
    let mut reader = AudioReader::open(path, None, None)?;
    let SoundForm { sample_rate, channels } = reader.form();
    let channels = usize::from(channels);
    let mut listener = Listener::new(sample_rate, channels);
    let mut at = 0;
    loop {
        if stop.load(Ordering::Acquire) {
            return Ok(None);
        }
        let samples = reader.read(at, CHUNK)?;
        listener.hear(&samples);
        at += CHUNK as u64;
        if samples.len() < CHUNK * channels {
            return Ok(Some(listener.finish()));
        }
    }
}
