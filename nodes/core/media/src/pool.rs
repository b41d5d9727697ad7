//! One file shared between threads: a few decoders, each request to the one that is nearest.

use crate::behind::Behind;
use crate::clip::Clip;
use crate::info::MediaInfo;
use crate::reader::Reader;
use rushes_engine::{Cancel, Planes, Result};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

/// Readers of one file. Every method may be called from any thread.
///
/// Threads that ask for frames next to each other wait for one decoder instead of each starting its own: it passes all of
/// their frames on its way. Where steps lead back, the frames before them are decoded ahead.
pub struct ReaderPool {
    clip: Arc<Clip>,
    most: usize,
    slots: Mutex<Vec<Slot>>,
    freed: Condvar,
    newest: Mutex<Cancel>,
    behind: Behind,
    /// Itself, for the thread that fills in frames behind.
    me: Weak<Self>,
}

struct Slot {
    /// `None` while a thread works with it.
    reader: Option<Reader>,
    /// The frames that it keeps on its way, up to the one it works on or gave last.
    from: u64,
    at: u64,
}

/// Frames that a busy decoder will pass soon enough to wait for it.
const NEAR: u64 = 24;
/// How long to wait before the cache is looked at again.
const PATIENCE: Duration = Duration::from_millis(5);

impl ReaderPool {
    pub(crate) fn new(clip: Arc<Clip>, most: usize) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            clip,
            most: most.max(1),
            slots: Mutex::default(),
            freed: Condvar::new(),
            newest: Mutex::default(),
            behind: Behind::default(),
            me: me.clone(),
        })
    }

    /// What is known of the file.
    pub fn info(&self) -> &MediaInfo {
        &self.clip.file.info
    }

    /// Stored frame `n` in presentation order, from 0.
    ///
    /// # Errors
    /// As [`Reader::frame`].
    pub fn frame(&self, n: u64) -> Result<Arc<Planes>> {
        self.frame_until(n, &Cancel::new())
    }

    /// As [`ReaderPool::frame`], and gives up between two packets once `cancel` is set.
    pub fn frame_until(&self, n: u64, cancel: &Cancel) -> Result<Arc<Planes>> {
        self.clip.trail.note(n);
        let frame = loop {
            if let Some(frame) = self.clip.held(n) {
                break frame;
            }
            cancel.check()?;
            self.behind.give_way(n);
            let from = n.saturating_add(1).saturating_sub(self.clip.kept());
            if let Some(mut lent) = self.take(from, n)
                && let Some(reader) = &mut lent.reader
            {
                break reader.native(n, cancel)?;
            }
        };
        self.fill_behind(n);
        self.clip.planes(&frame)
    }

    /// Where steps lead back and the frames before `n` run out, decodes those before them on a thread of its own.
    fn fill_behind(&self, n: u64) {
        if self.clip.file.video.is_none() || !self.clip.trail.leads_back() {
            return;
        }
        let kept = self.clip.filled();
        let held = self.clip.held_before(n, kept / 2);
        let Some(at) = n.checked_sub(held + 1).filter(|_| held < kept / 2) else { return };
        let from = (at + 1).saturating_sub(kept);
        let Some((pool, cancel)) = self.me.upgrade().zip(self.behind.begin(from..=at)) else { return };
        let work = move || {
            if let Err(e) = pool.fill(from, at, &cancel) {
                // Whoever asks for that frame is told.
                log::debug!("frames before {n} were not filled in: {e}");
            }
            pool.behind.end();
        };
        if let Err(e) = std::thread::Builder::new().name("frames behind".into()).spawn(work) {
            self.behind.end();
            log::warn!("no thread to fill in frames: {e}");
        }
    }

    /// Decodes the frames from `from` to `at` that are not held: the last group of pictures first, each as a whole.
    fn fill(&self, from: u64, at: u64, cancel: &Cancel) -> Result<()> {
        for n in (from..=at).rev() {
            while !self.clip.is_held(n) {
                cancel.check()?;
                if let Some(mut lent) = self.take(from, n) {
                    if let Some(reader) = &mut lent.reader {
                        reader.decoded(n, n - from + 1, cancel)?;
                    }
                    break;
                }
            }
        }
        Ok(())
    }

    /// For scrubbing: stored frame `n`, given up as cancelled as soon as a later call of this method asks for another one.
    pub fn newest_frame(&self, n: u64) -> Result<Arc<Planes>> {
        let cancel = Cancel::new();
        let before = std::mem::replace(
            &mut *self.newest.lock().unwrap_or_else(PoisonError::into_inner),
            cancel.clone(),
        );
        before.cancel();
        self.frame_until(n, &cancel)
    }

    /// The nearest free reader, to decode up to frame `n` and keep frames from `from` on; waits a little and gives `None`
    /// where a busy one is on its way to `n`, or all are busy.
    fn take(&self, from: u64, n: u64) -> Option<Lent<'_>> {
        let mut slots = self.lock();
        let soon =
            |slot: &Slot| slot.reader.is_none() && slot.from <= n && (n <= slot.at || n - slot.at <= NEAR);
        if !slots.iter().any(soon) {
            let free =
                slots.iter().enumerate().filter_map(|(i, s)| s.reader.as_ref().map(|r| (r.distance(n), i)));
            let best = free.min();
            let room = slots.len() < self.most;
            // A new decoder only where the nearest one is far from the frame and would lose its place.
            let place = match best {
                Some((distance, place)) if distance <= NEAR || !room => Some(place),
                _ if room => {
                    slots.push(Slot { reader: Some(Reader::new(self.clip.clone())), from, at: n });
                    Some(slots.len() - 1)
                }
                _ => None,
            };
            if let Some(place) = place
                && let Some(slot) = slots.get_mut(place)
                && let Some(reader) = slot.reader.take()
            {
                (slot.from, slot.at) = (from, n);
                // Puts the reader back on every way out.
                return Some(Lent { pool: self, place, reader: Some(reader) });
            }
        }
        let waited = self.freed.wait_timeout(slots, PATIENCE);
        drop(waited);
        None
    }

    pub(crate) fn number(&self) -> u64 {
        self.clip.number
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Slot>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Lent<'a> {
    pool: &'a ReaderPool,
    place: usize,
    reader: Option<Reader>,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let mut slots = self.pool.lock();
        if let Some(slot) = slots.get_mut(self.place) {
            slot.reader = self.reader.take();
        }
        drop(slots);
        self.pool.freed.notify_all();
    }
}
