//! One file shared between threads: a few decoders, each request to the one that is nearest.

use crate::cache::FrameCache;
use crate::file::File;
use crate::info::MediaInfo;
use crate::reader::{Reader, to_planes};
use rushes_engine::{Cancel, Error, Planes, Result};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Readers of one file. Every method may be called from any thread.
///
/// Threads that ask for frames next to each other wait for one decoder instead of each starting its own: it passes all of
/// their frames on its way.
pub struct ReaderPool {
    file: Arc<File>,
    number: u64,
    cache: Arc<FrameCache>,
    most: usize,
    slots: Mutex<Vec<Slot>>,
    freed: Condvar,
    newest: Mutex<Cancel>,
}

struct Slot {
    /// `None` while a thread works with it.
    reader: Option<Reader>,
    /// The frame it works on or gave last.
    at: u64,
}

/// Frames that a busy decoder will pass soon enough to wait for it.
const NEAR: u64 = 24;

impl ReaderPool {
    pub(crate) fn new(file: Arc<File>, number: u64, cache: Arc<FrameCache>, most: usize) -> Self {
        Self {
            file,
            number,
            cache,
            most: most.max(1),
            slots: Mutex::default(),
            freed: Condvar::new(),
            newest: Mutex::default(),
        }
    }

    /// What is known of the file.
    pub fn info(&self) -> &MediaInfo {
        &self.file.info
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
        loop {
            if let Some(frame) = self.cache.get((self.number, n)) {
                return to_planes(&self.file, &frame);
            }
            cancel.check()?;
            if let Some((place, reader)) = self.take(n) {
                // Puts the reader back on every way out.
                let mut lent = Lent { pool: self, place, reader: Some(reader) };
                return match &mut lent.reader {
                    Some(reader) => reader.frame_until(n, cancel),
                    None => Err(Error::cancelled()),
                };
            }
        }
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

    /// The nearest free reader; waits a little and gives `None` where a busy one is on its way to `n`, or all are busy.
    fn take(&self, n: u64) -> Option<(usize, Reader)> {
        let mut slots = self.lock();
        let soon = |slot: &Slot| slot.reader.is_none() && slot.at <= n && n - slot.at <= NEAR;
        if !slots.iter().any(soon) {
            let free =
                slots.iter().enumerate().filter_map(|(i, s)| s.reader.as_ref().map(|r| (r.distance(n), i)));
            let best = free.min();
            let room = slots.len() < self.most;
            // A new decoder only where the nearest one is far from the frame and would lose its place.
            let place = match best {
                Some((distance, place)) if distance <= NEAR || !room => Some(place),
                _ if room => {
                    let reader = Reader::new(self.file.clone(), self.number, self.cache.clone());
                    slots.push(Slot { reader: Some(reader), at: n });
                    Some(slots.len() - 1)
                }
                _ => None,
            };
            if let Some(place) = place
                && let Some(slot) = slots.get_mut(place)
                && let Some(reader) = slot.reader.take()
            {
                slot.at = n;
                return Some((place, reader));
            }
        }
        let waited = self.freed.wait_timeout(slots, Duration::from_millis(20));
        drop(waited);
        None
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
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
