//! Which packet shows which frame: the list of a video stream's packets in decoding order and of its frames in
//! presentation order.
//!
//! Where every packet has its own presentation time and the codec gives one frame a packet, the order follows from the
//! packets alone. Where not (bare streams, AVI with B-frames, hidden frames, broken starts), the stream is decoded once
//! and the order in which frames come out is the answer; that is also the order of the `ffmpeg` program.

use crate::disposable;
use crate::ff::{Code, Input, NO_TIME, Packet, Threads, sys};
use crate::source::{Stream, open_decoder};
use rushes_engine::{Cancel, Error, Result};

/// More packets than any clip has that somebody works with; beyond it the file is refused.
const MAX_PACKETS: usize = 20_000_000;

/// What is remembered of a packet: enough to know it again after a seek.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) pos: i64,
    pub(crate) pts: i64,
    pub(crate) dts: i64,
    pub(crate) duration: i64,
    pub(crate) size: i32,
    pub(crate) key: bool,
    /// Whether a frame comes out of it.
    pub(crate) shown: bool,
    pub(crate) corrupt: bool,
    /// Whether no other frame leans on it.
    pub(crate) disposable: bool,
}

/// The index of one video stream.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Index {
    /// Packets in decoding order. A packet's place here is its *ordinal*.
    pub(crate) packets: Vec<Entry>,
    /// The ordinal of each frame, in presentation order.
    pub(crate) order: Vec<u32>,
    /// The frame of each ordinal, or `u32::MAX`.
    pub(crate) rank: Vec<u32>,
    /// Ordinals from which decoding may start, ascending.
    pub(crate) keys: Vec<u32>,
    /// Presentation time of each frame in the stream's time base; empty where the file says nothing.
    pub(crate) times: Vec<i64>,
    /// How long the last frame lasts, in the stream's time base; 0 if unknown.
    pub(crate) last_duration: i64,
    /// Frames that the container lists and that are not there.
    pub(crate) missing: u64,
    /// Whether the demuxer finds packets again after a seek.
    pub(crate) seekable: bool,
    /// Samples a channel of the first sound stream, counted over its packets.
    pub(crate) samples: i64,
    /// The same where all of the sound was looked at, decoded if need be.
    pub(crate) heard: Option<u64>,
}

/// Codecs that give exactly one frame a packet, besides all that are intra only.
const ONE_FRAME_A_PACKET: &[sys::AVCodecID] = &[
    sys::AVCodecID::AV_CODEC_ID_H264,
    sys::AVCodecID::AV_CODEC_ID_HEVC,
    sys::AVCodecID::AV_CODEC_ID_MPEG1VIDEO,
    sys::AVCodecID::AV_CODEC_ID_MPEG2VIDEO,
    sys::AVCodecID::AV_CODEC_ID_VP8,
    sys::AVCodecID::AV_CODEC_ID_VP9,
    sys::AVCodecID::AV_CODEC_ID_AV1,
    sys::AVCodecID::AV_CODEC_ID_FFV1,
    sys::AVCodecID::AV_CODEC_ID_QTRLE,
];

/// Containers whose packets are found again after a seek. Bare streams and still pipes are read from their start.
const SEEKABLE: &[&str] =
    &["mov", "matroska", "webm", "avi", "mxf", "mpegts", "flv", "asf", "nut", "yuv4mpegpipe"];

impl Index {
    /// Reads all packets of `stream` (and counts those of the sound stream) and puts frames in order.
    pub(crate) fn build(
        input: &mut Input,
        stream: &Stream,
        audio: Option<usize>,
        cancel: &Cancel,
    ) -> Result<Self> {
        let mut index = Self {
            seekable: !stream.from_start && input.format.split(',').any(|n| SEEKABLE.contains(&n)),
            ..Self::default()
        };
        let ended_badly = index.read_packets(input, stream, audio, cancel)?;
        if index.packets.is_empty() {
            return Err(Error::media("the file holds no picture that can be read")
                .at(input.path.display())
                .help("copy or download it again"));
        }
        if index.follows_from_packets(stream) {
            index.order_by_time();
        } else {
            let path = input.path.clone();
            // Which frame a packet gives is known of the whole stream only.
            index.packets.iter_mut().for_each(|p| p.disposable = false);
            index.order_by_decoding(&path, stream, cancel)?;
        }
        index.conclude(stream);
        index.missing = index.count_missing(input, stream, ended_badly);
        Ok(index)
    }

    /// What follows from packets and order.
    pub(crate) fn conclude(&mut self, stream: &Stream) {
        self.rank = vec![u32::MAX; self.packets.len()];
        for (n, &ordinal) in self.order.iter().enumerate() {
            if let Some(rank) = self.rank.get_mut(ordinal as usize) {
                *rank = n as u32;
            }
        }
        self.keys = self.find_keys(stream);
        self.set_times();
    }

    /// All frames, those that are missing at the end included.
    pub(crate) fn frames(&self) -> u64 {
        self.order.len() as u64 + self.missing
    }

    /// The last ordinal at or before that of frame `n` from which decoding gives frame `n` whole.
    pub(crate) fn key_for(&self, n: u64) -> u32 {
        let Some(&ordinal) = self.order.get(n as usize) else { return 0 };
        let before = self.keys.partition_point(|&k| k <= ordinal);
        let usable = |&&k: &&u32| self.rank.get(k as usize).is_some_and(|&r| u64::from(r) <= n);
        // Frames shown before a keyframe that follow it in the stream lean on the keyframe before.
        self.keys.get(..before).unwrap_or(&[]).iter().rev().find(usable).copied().unwrap_or(0)
    }

    /// The keyframe before ordinal `key`.
    pub(crate) fn key_before(&self, key: u32) -> Option<u32> {
        let at = self.keys.partition_point(|&k| k < key);
        at.checked_sub(1).and_then(|i| self.keys.get(i)).copied()
    }

    /// The ordinal of a packet just read after a seek, looked for from `hint` backwards and forwards.
    pub(crate) fn find(&self, packet: &sys::AVPacket, hint: u32) -> Option<u32> {
        if packet.pos < 0 {
            return None;
        }
        let same = |e: &Entry| e.pos == packet.pos && e.size == packet.size && e.pts == packet.pts;
        let hint = (hint as usize).min(self.packets.len());
        let (before, after) = self.packets.split_at(hint);
        let forwards = || after.iter().position(same).map(|i| hint + i);
        before.iter().rposition(same).or_else(forwards).map(|i| i as u32)
    }

    fn read_packets(
        &mut self,
        input: &mut Input,
        stream: &Stream,
        audio: Option<usize>,
        cancel: &Cancel,
    ) -> Result<bool> {
        let keep: Vec<usize> = std::iter::once(stream.index).chain(audio).collect();
        input.keep(&keep);
        let mut packet = Packet::new().map_err(|code| code.error("no memory for a packet", &input.path))?;
        let mut layers = Vec::new();
        let ended_badly = loop {
            match input.read(&mut packet) {
                Ok(()) => {}
                Err(Code::EOF) => break false,
                Err(Code::AGAIN) => continue,
                Err(code) => {
                    log::info!("{}: reading ended with: {}", input.path.display(), code.text());
                    break true;
                }
            }
            let raw = packet.raw();
            if usize::try_from(raw.stream_index) == Ok(stream.index) {
                let leaf = disposable::leaf(stream, packet.data());
                layers.push(leaf.layer);
                let discard = raw.flags & sys::AV_PKT_FLAG_DISCARD as i32 != 0;
                self.packets.push(Entry {
                    pos: raw.pos,
                    pts: raw.pts,
                    dts: raw.dts,
                    duration: raw.duration,
                    size: raw.size,
                    key: raw.flags & sys::AV_PKT_FLAG_KEY as i32 != 0 && is_whole(stream, packet.data()),
                    shown: !discard && is_shown(stream.codec, packet.data()),
                    corrupt: raw.flags & sys::AV_PKT_FLAG_CORRUPT as i32 != 0,
                    disposable: leaf.alone && !discard,
                });
                if self.packets.len() > MAX_PACKETS {
                    return Err(Error::media("the file holds more frames than can be listed")
                        .at(input.path.display())
                        .help("cut it into shorter files"));
                }
                if self.packets.len().is_multiple_of(256) {
                    cancel.check()?;
                }
            } else if let Some(parameters) = audio.and_then(|i| input.parameters(i)) {
                self.samples += crate::audio::samples_in(&packet, parameters, &input.raw_time_base(audio));
            }
        };
        let deepest = layers.iter().copied().max().unwrap_or(0);
        for (entry, layer) in self.packets.iter_mut().zip(layers) {
            entry.disposable &= layer == deepest;
        }
        Ok(ended_badly)
    }

    fn follows_from_packets(&self, stream: &Stream) -> bool {
        if !(stream.intra || ONE_FRAME_A_PACKET.contains(&stream.codec)) {
            return false;
        }
        let shown = || self.packets.iter().filter(|p| p.shown);
        if shown().any(|p| p.pts == NO_TIME || p.size <= 0) {
            return false;
        }
        // A start that leans on packets that are not there gives fewer frames than packets.
        let Some(first) = self.packets.first() else { return false };
        if !stream.intra && (!first.key || shown().any(|p| p.pts < first.pts)) {
            return false;
        }
        let mut times: Vec<i64> = shown().map(|p| p.pts).collect();
        times.sort_unstable();
        times.windows(2).all(|w| w[0] != w[1])
    }

    fn order_by_time(&mut self) {
        let shown = self.packets.iter().enumerate().filter(|(_, p)| p.shown);
        let mut order: Vec<(i64, u32)> = shown.map(|(i, p)| (p.pts, i as u32)).collect();
        order.sort_unstable();
        self.order = order.into_iter().map(|(_, i)| i).collect();
    }

    fn order_by_decoding(&mut self, path: &std::path::Path, stream: &Stream, cancel: &Cancel) -> Result<()> {
        let mut input = Input::open(path)?;
        input.keep(&[stream.index]);
        let mut decoder = open_decoder(&input, stream, Threads::Single)?;
        let mut packet = Packet::new().map_err(|code| code.error("no memory for a packet", path))?;
        let mut ordinal = 0_u32;
        let mut ended = false;
        while !ended {
            cancel.check()?;
            let sent = if input.read(&mut packet).is_ok() {
                if usize::try_from(packet.raw().stream_index) != Ok(stream.index) {
                    continue;
                }
                let raw = packet.raw_mut();
                (raw.pts, raw.dts) = (i64::from(ordinal), i64::from(ordinal));
                ordinal += 1;
                decoder.send(Some(&packet))
            } else {
                ended = true;
                decoder.send(None)
            };
            let mut failed = sent.is_err() && !ended;
            loop {
                match decoder.receive() {
                    Ok(frame) => self.order.push(ordinal_of(&frame)),
                    Err(Code::AGAIN | Code::EOF) => break,
                    Err(_) => failed = true,
                }
                if failed && ended {
                    break;
                }
            }
            // What cannot be decoded before the first picture belongs to no frame; after it, it is a frame that fails.
            if failed && !self.order.is_empty() {
                self.order.push(ordinal.saturating_sub(1));
            }
        }
        if self.order.is_empty() {
            return Err(Error::media("no frame of the file can be decoded")
                .at(path.display())
                .help("copy or download it again"));
        }
        let mut seen = std::collections::HashSet::new();
        self.order.retain(|&o| (o as usize) < self.packets.len() && seen.insert(o));
        Ok(())
    }

    fn find_keys(&self, stream: &Stream) -> Vec<u32> {
        if !self.seekable {
            return vec![0];
        }
        let start = |e: &Entry| stream.intra || e.key;
        let keys = self.packets.iter().enumerate().filter(|(_, e)| start(e)).map(|(i, _)| i as u32);
        let mut keys: Vec<u32> = keys.collect();
        if keys.first() != Some(&0) {
            keys.insert(0, 0);
        }
        keys
    }

    fn set_times(&mut self) {
        let of = |get: fn(&Entry) -> i64| -> Vec<i64> {
            self.order.iter().filter_map(|&o| self.packets.get(o as usize)).map(get).collect()
        };
        let pts = of(|e| e.pts);
        let rising = |t: &[i64]| t.windows(2).all(|w| w[0] < w[1]);
        self.times = if !pts.contains(&NO_TIME) && rising(&pts) {
            pts
        } else {
            // Decoding times are the presentation times in another order, moved by the same delay.
            let mut dts = of(|e| e.dts);
            dts.sort_unstable();
            if dts.first() == Some(&NO_TIME) || !rising(&dts) { Vec::new() } else { dts }
        };
        let last = self.order.last().and_then(|&o| self.packets.get(o as usize));
        self.last_duration = last.map_or(0, |e| e.duration.max(0));
        if self.last_duration == 0
            && let [.., a, b] = self.times.as_slice()
        {
            self.last_duration = b - a;
        }
    }

    /// How many frames the container promised beyond those that are there.
    fn count_missing(&mut self, input: &mut Input, stream: &Stream, ended_badly: bool) -> u64 {
        let is = |name| input.format.split(',').any(|n| n == name);
        let have = self.packets.len();
        if is("mov") {
            return input.listed(stream.index).saturating_sub(have) as u64;
        }
        if is("avi") {
            // Empty places in the list count as frames there; decoding times number the places.
            let listed = input.stream(stream.index).map_or(0, |s| s.nb_frames);
            let passed = self.packets.last().map_or(0, |p| p.dts.saturating_add(1));
            return u64::try_from(listed - passed.max(have as i64)).unwrap_or(0);
        }
        let cut = is("matroska") && crate::truncation::matroska_is_cut(&input.path);
        if cut || ended_badly { self.missing_by_duration(input, stream).max(1) } else { 0 }
    }

    /// How many frames the length that the container's head tells has room for beyond those that are there.
    fn missing_by_duration(&self, input: &Input, stream: &Stream) -> u64 {
        let mut steps: Vec<i64> = self.times.windows(2).map(|w| w[1] - w[0]).collect();
        steps.sort_unstable();
        let tick = f64::from(stream.time_base.num) / f64::from(stream.time_base.den.max(1));
        let (Some(first), Some(step)) = (self.times.first(), steps.get(steps.len() / 2)) else { return 1 };
        let promised = input.raw().duration as f64 / f64::from(sys::AV_TIME_BASE as i32);
        let frames = (promised / tick - (*first).max(0) as f64) / (*step).max(1) as f64;
        (frames.round() as u64).saturating_sub(self.order.len() as u64)
    }
}

/// The ordinal that was sent in with the packet a frame came from.
pub(crate) fn ordinal_of(frame: &crate::ff::Frame) -> u32 {
    let raw = frame.raw();
    let time = if raw.pts == NO_TIME { raw.pkt_dts } else { raw.pts };
    u32::try_from(time).unwrap_or(u32::MAX)
}

fn is_whole(stream: &Stream, data: &[u8]) -> bool {
    stream.codec != sys::AVCodecID::AV_CODEC_ID_H264
        || crate::keyframe::h264_is_whole(data, stream.length_size)
}

/// Whether a packet shows a frame, where the codec has packets that only others lean on.
fn is_shown(codec: sys::AVCodecID, data: &[u8]) -> bool {
    let Some(&first) = data.first() else { return true };
    match codec {
        // RFC 6386, 9.1: bit 4 of the first byte is `show_frame`.
        sys::AVCodecID::AV_CODEC_ID_VP8 => first & 0x10 != 0,
        sys::AVCodecID::AV_CODEC_ID_VP9 => vp9_is_shown(data, first),
        _ => true,
    }
}

/// VP9 bitstream specification, annex B and 6.2: a superframe ends with a shown frame; else `show_frame` says.
fn vp9_is_shown(data: &[u8], first: u8) -> bool {
    let marker = data.last().copied().unwrap_or(0);
    if marker & 0xe0 == 0xc0 {
        let size = 2 + usize::from((marker >> 3 & 3) + 1) * usize::from((marker & 7) + 1);
        if data.len() >= size && data.get(data.len() - size) == Some(&marker) {
            return true;
        }
    }
    let profile = first >> 5 & 1 | first >> 3 & 2;
    // Profile 3 has one reserved bit more.
    let bits = if profile == 3 { first << 5 } else { first << 4 };
    let show_existing = bits & 0x80 != 0;
    show_existing || bits & 0x20 != 0
}
