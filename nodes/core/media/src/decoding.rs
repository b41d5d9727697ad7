//! An open decoder on its way through one file.

use crate::ff::{Code, Decoder, Frame, Input, Packet, Threads, sys};
use crate::index::Index;
use crate::source::{Stream, open_decoder};
use rushes_engine::{Cancel, Result};

/// How many packets are looked at after a seek for one that is known.
const SEARCH: usize = 512;

/// An open decoder on its way through the file.
pub(crate) struct Decoding {
    input: Input,
    decoder: Decoder,
    packet: Packet,
    /// The ordinal of the packet that is read next, or of the one in `packet` while `waiting`.
    next: u32,
    waiting: bool,
    /// Where decoding began; `u32::MAX` while the place is being looked for.
    pub(crate) start: u32,
    /// The last frame that came out.
    pub(crate) shown: Option<u64>,
    /// Frames before this one are not wanted: packets of theirs that no other leans on are left out.
    pub(crate) wanted_from: u64,
    /// The last frame whose packet was left out.
    left_out: Option<u64>,
    ended: bool,
    drained: bool,
    pub(crate) threads: Threads,
    pub(crate) trouble: Option<Code>,
}

impl Decoding {
    pub(crate) fn open(path: &std::path::Path, stream: &Stream, threads: Threads) -> Result<Self> {
        let mut input = Input::open(path)?;
        input.keep(&[stream.index]);
        let decoder = open_decoder(&input, stream, threads)?;
        let packet = Packet::new().map_err(|code| code.error("no memory for a packet", path))?;
        Ok(Self {
            input,
            decoder,
            packet,
            next: 0,
            waiting: false,
            start: 0,
            shown: None,
            wanted_from: 0,
            left_out: None,
            ended: false,
            drained: false,
            threads,
            trouble: None,
        })
    }

    /// Another decoder in place of this one, ready for a keyframe.
    pub(crate) fn spread(&mut self, stream: &Stream, threads: Threads) -> Result<()> {
        if self.threads != threads {
            self.decoder = open_decoder(&self.input, stream, threads)?;
            self.threads = threads;
            self.start = u32::MAX;
        }
        Ok(())
    }

    /// Whether going on is the way to frame `n`, whose keyframe is `key`.
    pub(crate) fn reaches(&self, n: u64, key: u32) -> bool {
        !self.drained
            && self.shown.is_none_or(|s| s < n)
            && self.left_out.is_none_or(|l| l < n)
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
    pub(crate) fn seek(&mut self, stream: &Stream, index: &Index, at: u32, key: u32) -> bool {
        let Some(entry) = index.packets.get(at as usize) else { return false };
        let by_pts = self.input.format.contains("matroska") || entry.dts == crate::ff::NO_TIME;
        let time = if by_pts { entry.pts } else { entry.dts };
        if time == crate::ff::NO_TIME || self.input.seek(stream.index, time).is_err() {
            return false;
        }
        self.decoder.flush();
        (self.ended, self.drained, self.shown, self.trouble) = (false, false, None, None);
        (self.start, self.left_out) = (u32::MAX, None);
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
    pub(crate) fn skip_to(&mut self, stream: &Stream, key: u32, cancel: &Cancel) -> Result<()> {
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
    pub(crate) fn step(&mut self, stream: &Stream, index: &Index) -> Option<Frame> {
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
                if let Some(rank) = self.is_left_out(index) {
                    self.left_out = self.left_out.max(Some(rank));
                    self.next += 1;
                    continue;
                }
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

    /// The frame of the packet that was just read, if nobody wants it and no other leans on it.
    fn is_left_out(&self, index: &Index) -> Option<u64> {
        let entry = index.packets.get(self.next as usize)?;
        let rank = u64::from(*index.rank.get(self.next as usize)?);
        (entry.disposable && rank < self.wanted_from).then_some(rank)
    }
}

/// Whether the decoder says that it made parts of the picture up.
pub(crate) fn is_damaged(frame: &Frame) -> bool {
    let made_up = sys::FF_DECODE_ERROR_INVALID_BITSTREAM as i32
        | sys::FF_DECODE_ERROR_CONCEALMENT_ACTIVE as i32
        | sys::FF_DECODE_ERROR_DECODE_SLICES as i32;
    frame.raw().decode_error_flags & made_up != 0
        || frame.raw().flags & sys::AV_FRAME_FLAG_CORRUPT as i32 != 0
}
