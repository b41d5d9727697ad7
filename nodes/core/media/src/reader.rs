//! One decoder over one file: any frame by its number, exactly as reading from the start would give it.

use crate::clip::Clip;
use crate::decoding::{Decoding, is_damaged};
use crate::ff::{Code, Frame, Threads};
use crate::file::decode_still;
use crate::index::{Index, ordinal_of};
use crate::info::MediaInfo;
use crate::source::Stream;
use rushes_engine::{Cancel, Error, Planes, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// How far past a frame the decoder may run before the frame counts as not there.
const SLACK: u64 = 32;

/// A decoder with its place in one file.
///
/// A step forward decodes one frame. A step back that misses the cache decodes the group of pictures, or the end of a long
/// one, once, and the steps after it find their frames there. On the way to a frame far behind its keyframe, packets that
/// no other leans on are left out. It may move between threads; to share a file between threads take a
/// [`crate::ReaderPool`].
pub struct Reader {
    clip: Arc<Clip>,
    state: Option<Decoding>,
    failed: HashMap<u64, Error>,
}

impl Reader {
    pub(crate) fn new(clip: Arc<Clip>) -> Self {
        Self { clip, state: None, failed: HashMap::new() }
    }

    /// What is known of the file.
    pub fn info(&self) -> &MediaInfo {
        &self.clip.file.info
    }

    /// Stored frame `n` in presentation order, from 0.
    ///
    /// # Errors
    /// `Usage` beyond the last frame; `Media` naming the frame where the file is truncated or damaged there.
    pub fn frame(&mut self, n: u64) -> Result<Arc<Planes>> {
        self.frame_until(n, &Cancel::new())
    }

    /// As [`Reader::frame`], and stops between two packets once `cancel` is set. The decoder keeps its place.
    pub fn frame_until(&mut self, n: u64, cancel: &Cancel) -> Result<Arc<Planes>> {
        let frame = self.native(n, cancel)?;
        self.clip.planes(&frame)
    }

    /// How costly frame `n` is from here, in frames to decode; seeks count a few more.
    pub(crate) fn distance(&self, n: u64) -> u64 {
        let Some((_, index)) = &self.clip.file.video else { return 0 };
        let key = index.key_for(n);
        let from_key = u64::from(index.order.get(n as usize).copied().unwrap_or(0).saturating_sub(key)) + 8;
        match &self.state {
            Some(state) if state.reaches(n, key) => {
                from_key.min(n.saturating_sub(state.shown.map_or(0, |s| s + 1)))
            }
            _ => from_key + 8,
        }
    }

    /// The decoder's own frame.
    pub(crate) fn native(&mut self, n: u64, cancel: &Cancel) -> Result<Arc<Frame>> {
        self.clip.trail.note(n);
        if let Some(frame) = self.clip.held(n) {
            return Ok(frame);
        }
        let frame = self.decoded(n, self.clip.kept(), cancel)?;
        self.clip.hold(n, &frame, true);
        Ok(frame)
    }

    /// Decodes frame `n`; this one and those right before it, `kept` in all, are held as passed.
    pub(crate) fn decoded(&mut self, n: u64, kept: u64, cancel: &Cancel) -> Result<Arc<Frame>> {
        if let Some(error) = self.failed.get(&n) {
            return Err(error.clone());
        }
        let file = self.clip.file.clone();
        let decoded = match &file.video {
            None => self.still(n),
            Some((stream, index)) => self.video(stream, index, n, kept, cancel),
        };
        if let Err(error) = &decoded
            && !error.is_cancelled()
        {
            self.state = None;
            self.failed.insert(n, error.clone());
        }
        decoded
    }

    fn still(&self, n: u64) -> Result<Arc<Frame>> {
        let path = usize::try_from(n).ok().and_then(|n| self.clip.file.stills.get(n));
        let path = path.ok_or_else(|| beyond(&self.clip.file.info, n))?;
        let frame = Arc::new(decode_still(path)?);
        if let Some(p) = &self.clip.file.info.picture
            && (frame.raw().width, frame.raw().height) != (p.width as i32, p.height as i32)
        {
            let (w, h) = (frame.raw().width, frame.raw().height);
            return Err(Error::media(format!(
                "this still is {w}×{h}, the first one {}×{}",
                p.width, p.height
            ))
            .at(path.display())
            .help("bring all stills of a sequence to one size"));
        }
        Ok(frame)
    }

    fn video(
        &mut self,
        stream: &Stream,
        index: &Index,
        n: u64,
        kept: u64,
        cancel: &Cancel,
    ) -> Result<Arc<Frame>> {
        let Some(&ordinal) = usize::try_from(n).ok().and_then(|n| index.order.get(n)) else {
            return Err(if n < index.frames() {
                truncated(&self.clip.file.info, n)
            } else {
                beyond(&self.clip.file.info, n)
            });
        };
        if index.packets.get(ordinal as usize).is_some_and(|p| p.corrupt) {
            return Err(truncated(&self.clip.file.info, n));
        }
        let key = index.key_for(n);
        let threads = self.threads(stream);
        // Another decoder begins at a keyframe: cheap only where each frame is one and can be sought.
        let fits = |s: &Decoding| s.threads == threads || !stream.intra || !index.seekable;
        let goes_on = |s: &Decoding| s.reaches(n, key) && fits(s);
        if !self.state.as_ref().is_some_and(goes_on) {
            self.start_at(stream, index, key, cancel)?;
        }
        let wanted_from = (n + 1).saturating_sub(kept);
        if let Some(frame) = self.run_to(stream, index, n, wanted_from, cancel)? {
            return Ok(frame);
        }
        // The miss may be a decoder that ran past, or one that puts frames in order by more than the packets it was
        // given; some streams mark keyframes that need the one before.
        let mut from = Some(key);
        for _ in 0..4 {
            let Some(at) = from else { break };
            self.start_at(stream, index, at, cancel)?;
            if let Some(frame) = self.run_to(stream, index, n, 0, cancel)? {
                return Ok(frame);
            }
            from = index.key_before(at.min(self.state.as_ref().map_or(0, |s| s.start)));
        }
        let trouble = self.state.as_ref().and_then(|s| s.trouble);
        Err(undecodable(&self.clip.file.info, n, trouble))
    }

    /// How a decoder is to spread its work. Where every frame stands alone, slices of it give it soonest and whole frames
    /// give a run fastest. In a group of pictures many frames are decoded for one, so that both are runs.
    fn threads(&self, stream: &Stream) -> Threads {
        if stream.intra && !self.clip.trail.is_run() { Threads::Slices } else { Threads::Frames }
    }

    /// Decodes on until frame `n` comes out; `None` if it does not. Frames from `wanted_from` on are kept.
    fn run_to(
        &mut self,
        stream: &Stream,
        index: &Index,
        n: u64,
        wanted_from: u64,
        cancel: &Cancel,
    ) -> Result<Option<Arc<Frame>>> {
        let Some(state) = &mut self.state else { return Ok(None) };
        state.wanted_from = wanted_from;
        let first = index.rank.get(state.start as usize).copied().unwrap_or(0);
        loop {
            cancel.check()?;
            let Some(frame) = state.step(stream, index) else { return Ok(None) };
            let Some(&rank) = index.rank.get(ordinal_of(&frame) as usize) else { continue };
            // What is shown before the keyframe that decoding began with leans on frames that were not decoded.
            if rank == u32::MAX || state.start > 0 && rank < first {
                continue;
            }
            let rank = u64::from(rank);
            state.shown = Some(rank);
            if is_damaged(&frame) {
                if rank == n {
                    return Ok(None);
                }
                continue;
            }
            let frame = Arc::new(frame);
            if rank >= wanted_from {
                self.clip.hold(rank, &frame, false);
            }
            if rank == n {
                return Ok(Some(frame));
            }
            if rank > n + SLACK {
                return Ok(None);
            }
        }
    }

    /// Brings the decoder to packet `key`, by a seek where that finds it, else by reading from the start.
    fn start_at(&mut self, stream: &Stream, index: &Index, key: u32, cancel: &Cancel) -> Result<()> {
        let threads = self.threads(stream);
        if let Some(state) = &mut self.state
            && index.seekable
        {
            state.spread(stream, threads)?;
            let mut target = Some(key);
            for _ in 0..3 {
                let Some(at) = target else { break };
                if state.seek(stream, index, at, key) {
                    return state.skip_to(stream, key, cancel);
                }
                target = index.key_before(at);
            }
        }
        self.state = None;
        let mut state = Decoding::open(&self.clip.file.info.path, stream, threads)?;
        if index.seekable && key > 0 && state.seek(stream, index, key, key) {
            state.skip_to(stream, key, cancel)?;
        } else {
            if key > 0 {
                state = Decoding::open(&self.clip.file.info.path, stream, threads)?;
            }
            state.skip_to(stream, key, cancel)?;
        }
        self.state = Some(state);
        Ok(())
    }
}

fn beyond(info: &MediaInfo, n: u64) -> Error {
    let frames = info.picture.as_ref().map_or(0, |p| p.frames);
    Error::usage(format!("there is no frame {n}: the clip has {frames}, numbered from 0"))
        .at(info.path.display())
        .help("ask for a frame before the end")
}

fn truncated(info: &MediaInfo, n: u64) -> Error {
    let frames = info.picture.as_ref().map_or(0, |p| p.frames);
    Error::media(format!("frame {n} of {frames} is not whole: the file is truncated there"))
        .at(info.path.display())
        .help("copy, download or export the file again, or end before that frame")
}

fn undecodable(info: &MediaInfo, n: u64, trouble: Option<Code>) -> Error {
    let frames = info.picture.as_ref().map_or(0, |p| p.frames);
    let why = trouble.map_or_else(String::new, |code| format!(": {}", code.text()));
    Error::media(format!("frame {n} of {frames} cannot be decoded{why}"))
        .at(info.path.display())
        .help("the file is damaged there: copy, download or export it again, or leave that frame out")
}
