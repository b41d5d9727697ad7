//! One decoder over one file: any frame by its number, exactly as reading from the start would give it.

use crate::cache::FrameCache;
use crate::ff::{Code, Decoder, Frame, Input, Packet, Threads, sys};
use crate::file::{File, decode_still};
use crate::index::{Index, ordinal_of};
use crate::info::MediaInfo;
use crate::pixel;
use crate::source::{Stream, open_decoder};
use rushes_engine::{Cancel, Error, Planes, Result};
use std::collections::HashMap;
use std::sync::Arc;

/// How far past a frame the decoder may run before the frame counts as not there.
const SLACK: u64 = 32;
/// How many packets are looked at after a seek for one that is known.
const SEARCH: usize = 512;

/// A decoder with its place in one file.
///
/// A step forward decodes one frame; a step back finds the frame among those decoded on the way, as long as the cache
/// holds them. It may move between threads; to share a file between threads take a [`crate::ReaderPool`].
pub struct Reader {
    pub(crate) file: Arc<File>,
    pub(crate) number: u64,
    cache: Arc<FrameCache>,
    state: Option<State>,
    failed: HashMap<u64, Error>,
}

/// An open decoder on its way through the file.
struct State {
    input: Input,
    decoder: Decoder,
    packet: Packet,
    /// The ordinal of the packet that is read next, or of the one in `packet` while `waiting`.
    next: u32,
    waiting: bool,
    /// Where decoding began.
    start: u32,
    /// The last frame that came out.
    shown: Option<u64>,
    ended: bool,
    drained: bool,
    trouble: Option<Code>,
}

impl Reader {
    pub(crate) fn new(file: Arc<File>, number: u64, cache: Arc<FrameCache>) -> Self {
        Self { file, number, cache, state: None, failed: HashMap::new() }
    }

    /// What is known of the file.
    pub fn info(&self) -> &MediaInfo {
        &self.file.info
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
        to_planes(&self.file, &frame)
    }

    /// How costly frame `n` is from here, in frames to decode; seeks count a few more.
    pub(crate) fn distance(&self, n: u64) -> u64 {
        let Some((_, index)) = &self.file.video else { return 0 };
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
        if let Some(frame) = self.cache.get((self.number, n)) {
            return Ok(frame);
        }
        if let Some(error) = self.failed.get(&n) {
            return Err(error.clone());
        }
        let file = self.file.clone();
        let decoded = match &file.video {
            None => self.still(n),
            Some((stream, index)) => self.video(stream, index, n, cancel),
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
        let path = usize::try_from(n).ok().and_then(|n| self.file.stills.get(n));
        let path = path.ok_or_else(|| beyond(&self.file.info, n))?;
        let frame = Arc::new(decode_still(path)?);
        if let Some(p) = &self.file.info.picture
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
        self.cache.put((self.number, n), &frame);
        Ok(frame)
    }

    fn video(&mut self, stream: &Stream, index: &Index, n: u64, cancel: &Cancel) -> Result<Arc<Frame>> {
        let Some(&ordinal) = usize::try_from(n).ok().and_then(|n| index.order.get(n)) else {
            return Err(if n < index.frames() {
                truncated(&self.file.info, n)
            } else {
                beyond(&self.file.info, n)
            });
        };
        if index.packets.get(ordinal as usize).is_some_and(|p| p.corrupt) {
            return Err(truncated(&self.file.info, n));
        }
        let key = index.key_for(n);
        let mut from = key;
        if !self.state.as_ref().is_some_and(|s| s.reaches(n, key)) {
            self.start_at(stream, index, key, cancel)?;
        }
        let mut tries = 0;
        loop {
            if let Some(frame) = self.run_to(stream, index, n, cancel)? {
                return Ok(frame);
            }
            // Some streams mark keyframes that need the one before; the first miss may also be a decoder that ran past.
            let start = self.state.as_ref().map_or(0, |s| s.start);
            from = match index.key_before(from.min(start)) {
                Some(before) if tries < 3 => before,
                _ => {
                    let trouble = self.state.as_ref().and_then(|s| s.trouble);
                    return Err(undecodable(&self.file.info, n, trouble));
                }
            };
            tries += 1;
            self.start_at(stream, index, from, cancel)?;
        }
    }

    /// Decodes on until frame `n` comes out; `None` if it does not.
    fn run_to(
        &mut self,
        stream: &Stream,
        index: &Index,
        n: u64,
        cancel: &Cancel,
    ) -> Result<Option<Arc<Frame>>> {
        let Some(state) = &mut self.state else { return Ok(None) };
        let first = index.rank.get(state.start as usize).copied().unwrap_or(0);
        loop {
            cancel.check()?;
            let Some(frame) = state.step(stream) else { return Ok(None) };
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
            self.cache.put((self.number, rank), &frame);
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
        if let Some(state) = &mut self.state
            && index.seekable
        {
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
        let mut state = State::open(&self.file.info.path, stream)?;
        if index.seekable && key > 0 && state.seek(stream, index, key, key) {
            state.skip_to(stream, key, cancel)?;
        } else {
            if key > 0 {
                state = State::open(&self.file.info.path, stream)?;
            }
            state.skip_to(stream, key, cancel)?;
        }
        self.state = Some(state);
        Ok(())
    }
}

impl State {
    fn open(path: &std::path::Path, stream: &Stream) -> Result<Self> {
        let mut input = Input::open(path)?;
        input.keep(&[stream.index]);
        let decoder = open_decoder(&input, stream, Threads::All)?;
        let packet = Packet::new().map_err(|code| code.error("no memory for a packet", path))?;
        Ok(Self {
            input,
            decoder,
            packet,
            next: 0,
            waiting: false,
            start: 0,
            shown: None,
            ended: false,
            drained: false,
            trouble: None,
        })
    }

    /// Whether going on is the way to frame `n`, whose keyframe is `key`.
    fn reaches(&self, n: u64, key: u32) -> bool {
        !self.drained
            && self.shown.is_none_or(|s| s < n)
            && self.start <= key
            && key <= self.next.saturating_add(4)
    }

    fn read(&mut self, stream: &Stream) -> bool {
        loop {
            match self.input.read(&mut self.packet) {
                Ok(()) if usize::try_from(self.packet.raw().stream_index) == Ok(stream.index) => return true,
                Ok(()) | Err(Code::AGAIN) => {}
                Err(_) => return false,
            }
        }
    }

    /// Seeks to packet `at`. True if a known packet at or before `key` waits then.
    fn seek(&mut self, stream: &Stream, index: &Index, at: u32, key: u32) -> bool {
        let Some(entry) = index.packets.get(at as usize) else { return false };
        let by_pts = self.input.format.contains("matroska") || entry.dts == crate::ff::NO_TIME;
        let time = if by_pts { entry.pts } else { entry.dts };
        if time == crate::ff::NO_TIME || self.input.seek(stream.index, time).is_err() {
            return false;
        }
        self.decoder.flush();
        (self.ended, self.drained, self.shown, self.trouble) = (false, false, None, None);
        for _ in 0..SEARCH {
            if !self.read(stream) {
                return false;
            }
            if let Some(found) = index.find(self.packet.raw(), at) {
                (self.next, self.waiting) = (found, true);
                return found <= key;
            }
        }
        false
    }

    /// Reads on without decoding until packet `key` is next.
    fn skip_to(&mut self, stream: &Stream, key: u32, cancel: &Cancel) -> Result<()> {
        while self.next < key {
            cancel.check()?;
            if !self.waiting && !self.read(stream) {
                break;
            }
            self.waiting = false;
            self.next += 1;
        }
        self.start = key;
        Ok(())
    }

    /// The next frame that the decoder gives; `None` at the end.
    fn step(&mut self, stream: &Stream) -> Option<Frame> {
        let mut errors = 0;
        loop {
            match self.decoder.receive() {
                Ok(frame) => return Some(frame),
                Err(Code::AGAIN) => {}
                Err(Code::EOF) => {
                    self.drained = true;
                    return None;
                }
                Err(code) => {
                    self.trouble = Some(code);
                    errors += 1;
                    if errors > 64 {
                        self.drained = true;
                        return None;
                    }
                    if self.ended {
                        continue;
                    }
                }
            }
            if self.ended {
                self.drained = true;
                return None;
            }
            let sent = if self.waiting || self.read(stream) {
                self.waiting = false;
                // The ordinal rides through the decoder as the time stamp, so that a frame tells its packet.
                let (ordinal, raw) = (i64::from(self.next), self.packet.raw_mut());
                (raw.pts, raw.dts) = (ordinal, ordinal);
                self.next += 1;
                self.decoder.send(Some(&self.packet))
            } else {
                self.ended = true;
                self.decoder.send(None)
            };
            if let Err(code) = sent {
                self.trouble = Some(code);
            }
        }
    }
}

/// Whether the decoder says that it made parts of the picture up.
fn is_damaged(frame: &Frame) -> bool {
    let made_up = sys::FF_DECODE_ERROR_INVALID_BITSTREAM as i32
        | sys::FF_DECODE_ERROR_CONCEALMENT_ACTIVE as i32
        | sys::FF_DECODE_ERROR_DECODE_SLICES as i32;
    frame.raw().decode_error_flags & made_up != 0
        || frame.raw().flags & sys::AV_FRAME_FLAG_CORRUPT as i32 != 0
}

pub(crate) fn to_planes(file: &File, frame: &Arc<Frame>) -> Result<Arc<Planes>> {
    let picture = file.info.picture()?;
    let planes = pixel::planes(frame, picture.color, picture.siting, picture.orientation);
    planes.map(Arc::new).map_err(|e| e.at(file.info.path.display()))
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
